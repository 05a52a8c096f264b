// The prototype behind docs/decisions/0011-log-first.md: what a batch costs in a log of its own.
#pragma once

#include <stdint.h>

// Tells for batches of 1, 16, 64 and 200 records of 200 bytes what each way of making them durable
// takes, in turns.
void log_first(const char *directory, unsigned rounds);
