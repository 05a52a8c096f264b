// Time as data. Instants are milliseconds since 1970-01-01T00:00:00Z, days are the county's civil
// days counted from 1970-01-01. China has kept UTC+8 without daylight saving since 1991, so the
// county's zone is a fixed offset and needs no tables.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LQ_COUNTY_OFFSET_MS (8 * 3600 * 1000LL)
#define LQ_DAY_MS (24 * 3600 * 1000LL)
#define LQ_TIME_TEXT 40 // room for any text made here
#define LQ_TIME_LATEST_MS INT64_C(253402300799000) // 9999-12-31T23:59:59Z

// The range of the calendar: 0000-03-01 to 9999-12-31.
#define LQ_DAY_FIRST (-719468)
#define LQ_DAY_LAST 2932896

// The first instant of a day in the county, and the day that an instant falls on.
int64_t lq_day_start_ms(int32_t day);
int32_t lq_day_of(int64_t at_ms);

// A proleptic Gregorian date and back (Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms"). month 1..12, day 1..31.
int32_t lq_day_from_date(int year, int month, int day);
void lq_day_to_date(int32_t day, int *year, int *month, int *day_of_month);

// 0 = Monday … 6 = Sunday.
int lq_weekday(int32_t day);

// Reads an RFC 3339 instant ("2015-03-06T13:14:38+08:00", fraction optional, 'Z' or an offset
// required) or a date ("2015-03-06"). Returns false if the text is anything else or names a day
// that does not exist; *out is then untouched.
bool lq_parse_instant(const char *text, int64_t *out_ms);
bool lq_parse_day(const char *text, int32_t *out_day);

// Writes "2015-03-06T13:14:38+08:00" (milliseconds only where they are not zero), the same for a
// person to read ("2015-03-06 13:14:38"), or "2015-03-06". The buffer holds LQ_TIME_TEXT bytes.
const char *lq_format_instant(int64_t at_ms, char *buffer);
const char *lq_format_local(int64_t at_ms, char *buffer);
const char *lq_format_day(int32_t day, char *buffer);
