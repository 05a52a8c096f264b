#include "base/time.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

int64_t lq_day_start_ms(int32_t day)
{
    return day * LQ_DAY_MS - LQ_COUNTY_OFFSET_MS;
}

// Instants also come from messages: clamps to the range of the calendar.
static int64_t within_calendar(int64_t at_ms)
{
    const int64_t first = LQ_DAY_FIRST * LQ_DAY_MS, last = LQ_DAY_LAST * LQ_DAY_MS;
    return at_ms < first ? first : at_ms > last ? last : at_ms;
}

int32_t lq_day_of(int64_t at_ms)
{
    const int64_t local = within_calendar(at_ms) + LQ_COUNTY_OFFSET_MS;
    const int64_t day = local / LQ_DAY_MS;
    return (int32_t)(local % LQ_DAY_MS < 0 ? day - 1 : day);
}

int32_t lq_day_from_date(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void lq_day_to_date(int32_t day, int *year, int *month, int *day_of_month)
{
    // days also come from messages: clamp to the range of the calendar
    const int z = (day < LQ_DAY_FIRST  ? LQ_DAY_FIRST
                   : day > LQ_DAY_LAST ? LQ_DAY_LAST
                                       : day) +
                  719468;
    const int era = (z >= 0 ? z : z - 146096) / 146097;
    const int day_of_era = z - era * 146097;
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted_month = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

int lq_weekday(int32_t day)
{
    const int weekday = (day + 3) % 7; // 1970-01-01 was a Thursday
    return weekday < 0 ? weekday + 7 : weekday;
}

// Reads exactly `digits` digits; returns false at anything else.
static bool take_number(const char **text, int digits, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (**text - '0');
    }
    *out = value;
    return true;
}

static bool take_char(const char **text, char wanted)
{
    if (**text != wanted)
        return false;
    (*text)++;
    return true;
}

static bool take_day(const char **text, int32_t *out)
{
    int year, month, day;
    if (!take_number(text, 4, &year) || !take_char(text, '-') || !take_number(text, 2, &month) ||
        !take_char(text, '-') || !take_number(text, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    const int32_t counted = lq_day_from_date(year, month, day);
    int y, m, d;
    lq_day_to_date(counted, &y, &m, &d);
    if (y != year || m != month || d != day)
        return false; // 31 April
    *out = counted;
    return true;
}

// An offset is 'Z' or ±hh:mm; gives its milliseconds.
static bool take_offset(const char **text, int64_t *out_ms)
{
    if (take_char(text, 'Z')) {
        *out_ms = 0;
        return true;
    }
    const char sign = **text;
    int hours, minutes;
    if ((sign != '+' && sign != '-') || !take_char(text, sign) || !take_number(text, 2, &hours) ||
        !take_char(text, ':') || !take_number(text, 2, &minutes) || hours > 14 || minutes > 59)
        return false;
    *out_ms = (hours * 60 + minutes) * 60000LL * (sign == '-' ? -1 : 1);
    return true;
}

static int take_fraction_ms(const char **text)
{
    if (!take_char(text, '.'))
        return 0;
    int ms = 0, weight = 100;
    for (; **text >= '0' && **text <= '9'; (*text)++, weight /= 10)
        ms += (**text - '0') * weight;
    return ms;
}

bool lq_parse_instant(const char *text, int64_t *out_ms)
{
    int32_t day;
    int hour, minute, second;
    if (!take_day(&text, &day) || !take_char(&text, 'T') || !take_number(&text, 2, &hour) ||
        !take_char(&text, ':') || !take_number(&text, 2, &minute) || !take_char(&text, ':') ||
        !take_number(&text, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    const int fraction = take_fraction_ms(&text);
    int64_t offset;
    if (!take_offset(&text, &offset) || *text != '\0')
        return false;
    *out_ms = day * LQ_DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000LL + fraction - offset;
    return true;
}

bool lq_parse_day(const char *text, int32_t *out_day)
{
    int32_t day;
    if (!take_day(&text, &day) || *text != '\0')
        return false;
    *out_day = day;
    return true;
}

const char *lq_format_day(int32_t day, char *buffer)
{
    int year, month, day_of_month;
    lq_day_to_date(day, &year, &month, &day_of_month);
    snprintf(buffer, LQ_TIME_TEXT, "%04d-%02d-%02d", year, month, day_of_month);
    return buffer;
}

static const char *format_local(int64_t at_ms, char between, const char *zone, char *buffer)
{
    const int32_t day = lq_day_of(at_ms);
    const int64_t rest = within_calendar(at_ms) - lq_day_start_ms(day);
    char date[LQ_TIME_TEXT], fraction[8] = "";
    if (rest % 1000 != 0 && *zone != '\0')
        snprintf(fraction, sizeof fraction, ".%03d", (int)(rest % 1000));
    snprintf(buffer, LQ_TIME_TEXT, "%.12s%c%02d:%02d:%02d%s%s", lq_format_day(day, date), between,
             (int)(rest / 3600000), (int)(rest / 60000 % 60), (int)(rest / 1000 % 60), fraction,
             zone);
    return buffer;
}

const char *lq_format_instant(int64_t at_ms, char *buffer)
{
    return format_local(at_ms, 'T', "+08:00", buffer);
}

const char *lq_format_local(int64_t at_ms, char *buffer)
{
    return format_local(at_ms, ' ', "", buffer);
}
