// Days and times as people and spreadsheets write them. Only forms with the year first are read:
// of 6/5/2015 nobody knows which is the month.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "language/language.h"
#include "lq/import/cell.h"

enum { DAY_ZERO_OF_SHEETS = -25569, MINUTE_MS = 60000, HOUR_MS = 3600000 };

static const char ACCEPTED_DAY[] =
    LQ_TR_LATER("a day is written 2015-03-06 (or 2015/3/6, 2015.3.6, 2015年3月6日)");
static const char ACCEPTED_TIME[] = LQ_TR_LATER(
    "a time is written 2015-03-06T13:14:38+08:00 (or 2015/3/6 13:14, 2015年3月6日13时14分)");

struct moment {
    int32_t day;
    bool has_time, has_zone;
    int64_t of_day_ms; // since midnight
    int64_t zone_ms;   // ahead of UTC
};

// ---------------------------------------------------------------- reading

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take(const char **at, const char *what)
{
    const size_t size = strlen(what);
    if (strncmp(*at, what, size) != 0)
        return false;
    *at += size;
    return true;
}

static bool take_number(const char **at, int least, int most, int *out)
{
    int digits = 0, value = 0;
    while (is_digit(**at) && digits < most) {
        value = value * 10 + (*(*at)++ - '0');
        digits++;
    }
    *out = value;
    return digits >= least && !is_digit(**at);
}

static void skip_spaces(const char **at)
{
    while (**at == ' ' || **at == '\n' || **at == '\t')
        ++*at;
}

static bool is_day(int year, int month, int day, int32_t *out)
{
    int y, m, d;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *out = lq_day_from_date(year, month, day);
    lq_day_to_date(*out, &y, &m, &d);
    return y == year && m == month && d == day;
}

static bool take_compact_day(const char **at, struct moment *out)
{
    size_t digits = 0;
    while (is_digit((*at)[digits]))
        digits++;
    if (digits != 8)
        return false;
    const int number = atoi(*at); // the rest of the text does not begin with a digit
    *at += digits;
    return is_day(number / 10000, number / 100 % 100, number % 100, &out->day);
}

static bool take_day(const char **at, struct moment *out)
{
    static const char *const SEPARATORS[][3] = {
        {"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}, {"年", "月", "号"}};
    int year, month, day;
    if (!take_number(at, 4, 4, &year))
        return false;
    const char *const start = *at;
    for (size_t i = 0; i < sizeof SEPARATORS / sizeof *SEPARATORS; i++) {
        *at = start;
        if (take(at, SEPARATORS[i][0]) && take_number(at, 1, 2, &month) &&
            take(at, SEPARATORS[i][1]) && take_number(at, 1, 2, &day) && take(at, SEPARATORS[i][2]))
            return is_day(year, month, day, &out->day);
    }
    return false;
}

// Spreadsheets write the weekday behind the long form of a day.
static void skip_weekday(const char **at)
{
    static const char *const NAMES[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
    const char *was = *at;
    skip_spaces(at);
    if (take(at, "星期") || take(at, "周"))
        for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
            if (take(at, NAMES[i]))
                return;
    *at = was;
}

enum half { NONE, MORNING, AFTERNOON };

static enum half take_half(const char **at)
{
    static const char *const WORDS[][2] = {
        {"上午", "下午"}, {"AM", "PM"}, {"am", "pm"}, {"凌晨", "晚上"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        for (int half = 0; half < 2; half++)
            if (take(at, WORDS[i][half])) {
                skip_spaces(at);
                return half == 0 ? MORNING : AFTERNOON;
            }
    return NONE;
}

// Hours, minutes and seconds; a fraction of a second to the millisecond.
static bool take_clock(const char **at, int *hour, int64_t *of_hour_ms)
{
    int minute = 0, second = 0, scale = 100;
    if (!take_number(at, 1, 2, hour))
        return false;
    if (take(at, "时") || take(at, "点")) {
        if (is_digit(**at) && (!take_number(at, 1, 2, &minute) || !take(at, "分")))
            return false;
        if (is_digit(**at) && (!take_number(at, 1, 2, &second) || !take(at, "秒")))
            return false;
    } else if (!take(at, ":") || !take_number(at, 2, 2, &minute) ||
               (take(at, ":") && !take_number(at, 2, 2, &second))) {
        return false;
    }
    int64_t fraction_ms = 0;
    if (second >= 0 && take(at, "."))
        for (; is_digit(**at); ++*at, scale /= 10)
            fraction_ms += (**at - '0') * scale;
    *of_hour_ms = minute * MINUTE_MS + second * 1000 + fraction_ms;
    return minute < 60 && second < 60;
}

static bool take_zone(const char **at, struct moment *out)
{
    int hour, minute;
    if (take(at, "Z")) {
        out->has_zone = true;
        return true;
    }
    const bool west = **at == '-';
    if (**at != '+' && !west)
        return true; // none: the county's
    ++*at;
    if (!take_number(at, 2, 2, &hour) || !take(at, ":") || !take_number(at, 2, 2, &minute))
        return false;
    out->has_zone = true;
    out->zone_ms = (west ? -1 : 1) * (hour * (int64_t)HOUR_MS + minute * MINUTE_MS);
    return hour < 24 && minute < 60;
}

static bool take_time(const char **at, struct moment *out)
{
    int hour;
    int64_t of_hour_ms;
    enum half half = take_half(at);
    if (!take_clock(at, &hour, &of_hour_ms))
        return false;
    skip_spaces(at);
    if (half == NONE)
        half = take_half(at);
    if (hour > 23 || (half == MORNING && hour > 12))
        return false;
    if (half == AFTERNOON && hour < 12)
        hour += 12;
    if (half == MORNING && hour == 12)
        hour = 0;
    out->has_time = true;
    out->of_day_ms = hour * (int64_t)HOUR_MS + of_hour_ms;
    return take_zone(at, out);
}

// "42160" and "42160.838889": days since 1899-12-30, to the second.
static bool is_serial(const char *text, struct moment *out)
{
    if (strspn(text, "0123456789") != 5)
        return false;
    out->day = atoi(text) + DAY_ZERO_OF_SHEETS;
    if (text[5] == '\0')
        return true;
    if (text[5] != '.' || strspn(text + 6, "0123456789") != strlen(text + 6) || text[6] == '\0')
        return false;
    const int64_t seconds = (int64_t)(strtod(text + 5, NULL) * 86400 + 0.5);
    out->has_time = true;
    out->day += (int32_t)(seconds / 86400);
    out->of_day_ms = seconds % 86400 * 1000;
    return true;
}

static bool read_moment(const char *text, struct moment *out)
{
    const char *at = text;
    *out = (struct moment){0};
    if (is_serial(text, out))
        return true;
    if (!take_compact_day(&at, out)) {
        at = text;
        if (!take_day(&at, out))
            return false;
    }
    skip_weekday(&at);
    if (*at == '\0')
        return true;
    if (!take(&at, "T"))
        skip_spaces(&at);
    return take_time(&at, out) && *at == '\0';
}

// ---------------------------------------------------------------- the plausible

static bool is_plausible(int32_t day)
{
    return day >= lq_day_from_date(LQ_CELL_FIRST_YEAR, 1, 1) &&
           day <= lq_day_from_date(LQ_CELL_LAST_YEAR, 12, 31);
}

static const char *not_plausible(struct lq_arena *arena)
{
    return lq_arena_format(arena, lq_tr("a day of the years %d to %d is wanted"),
                           LQ_CELL_FIRST_YEAR, LQ_CELL_LAST_YEAR);
}

const char *lq_cell_day(struct lq_arena *arena, const char *text, const char **why)
{
    struct moment moment;
    if (*text == '\0')
        return text;
    if (!read_moment(text, &moment) || (moment.has_zone && moment.zone_ms != LQ_COUNTY_OFFSET_MS)) {
        *why = ACCEPTED_DAY;
        return text;
    }
    if (moment.of_day_ms != 0) {
        *why = lq_tr("it has a time of day, but a day is wanted");
        return text;
    }
    if (!is_plausible(moment.day)) {
        *why = not_plausible(arena);
        return text;
    }
    return lq_format_day(moment.day, lq_arena_alloc(arena, LQ_TIME_TEXT));
}

const char *lq_cell_instant(struct lq_arena *arena, const char *text, const char **why)
{
    int64_t at_ms;
    struct moment moment;
    if (*text == '\0')
        return text;
    if (!lq_parse_instant(text, &at_ms)) {
        if (!read_moment(text, &moment)) {
            *why = ACCEPTED_TIME;
            return text;
        }
        if (!moment.has_time) {
            *why = lq_tr("the time of day is missing: when was it, as in 2015-03-06 13:14?");
            return text;
        }
        at_ms = moment.day * LQ_DAY_MS + moment.of_day_ms -
                (moment.has_zone ? moment.zone_ms : LQ_COUNTY_OFFSET_MS);
    }
    if (!is_plausible(lq_day_of(at_ms))) {
        *why = not_plausible(arena);
        return text;
    }
    return lq_format_instant(at_ms, lq_arena_alloc(arena, LQ_TIME_TEXT));
}
