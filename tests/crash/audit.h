// After a round of kills: is what was acknowledged in the journals, once and as it was told, do the
// journals replay, and are the figures what the records give?
#pragma once

#include "crash/load.h"

struct crash_audit;

struct crash_audit *crash_audit_open(struct crash_system *system, struct load *load);
void crash_audit_close(struct crash_audit *audit);

// Reads what the journals got since the last time. Nothing may be under way. False if something is
// wrong: load->wrong says what. `thorough` replays all journals, else one, in turn.
bool crash_audit(struct crash_audit *audit, bool thorough);

uint64_t crash_audit_records(const struct crash_audit *audit);
