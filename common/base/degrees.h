// Degrees of latitude and longitude: × 10^7 as messages have them, and as people write them
// ("38.36568").
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { LQ_DEGREE = 10000000, LQ_DEGREES_TEXT = 24 };

// False if it is anything else, or more than an int32 holds; *out_e7 is then untouched. What is
// finer than a centimetre is cut off.
bool lq_degrees_parse(const char *text, int32_t *out_e7);

// Without zeros at the end, but with a point ("116.0"). The buffer, of LQ_DEGREES_TEXT bytes, is
// what it gives.
const char *lq_degrees(int32_t e7, char *buffer);
