// Days, weeks and months as parts of a range: where each ends, what it is called, and which week a
// text names.
#include "stats.h"

enum { THURSDAY = 3 };

static int32_t month_end(int32_t day)
{
    int year, month, of_month;
    lq_day_to_date(day, &year, &month, &of_month);
    return month == 12 ? lq_day_from_date(year + 1, 1, 1) : lq_day_from_date(year, month + 1, 1);
}

int32_t stats_period_end(Stats__By by, int32_t day)
{
    if (by == STATS__BY__MONTH)
        return month_end(day);
    return by == STATS__BY__WEEK ? day + 7 - lq_weekday(day) : day + 1;
}

// ISO 8601: a week belongs to the year that its Thursday lies in, and the year's first is the one
// with its first Thursday.
static const char *week_name(struct lq_arena *arena, int32_t day)
{
    int year, month, of_month;
    const int32_t thursday = day - lq_weekday(day) + THURSDAY;
    lq_day_to_date(thursday, &year, &month, &of_month);
    const int week = (thursday - lq_day_from_date(year, 1, 1)) / 7 + 1;
    return lq_arena_format(arena, "%04d-W%02d", year, week);
}

const char *stats_period_name(struct lq_arena *arena, Stats__By by, int32_t day)
{
    int year, month, of_month;
    if (by == STATS__BY__WEEK)
        return week_name(arena, day);
    lq_day_to_date(day, &year, &month, &of_month);
    return by == STATS__BY__MONTH ? lq_arena_format(arena, "%04d-%02d", year, month)
                                  : lq_arena_format(arena, "%04d-%02d-%02d", year, month, of_month);
}

// The number that so many digits say; -1: they are none.
static int digits(const char *text, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

// The fourth of January is always in the first week.
bool stats_week_read(const char *text, int32_t *monday)
{
    if (strlen(text) != sizeof "2015-W20" - 1 || strncmp(text + 4, "-W", 2) != 0)
        return false;
    const int year = digits(text, 4), week = digits(text + 6, 2);
    if (year < 1970 || week < 1)
        return false;
    const int32_t fourth = lq_day_from_date(year, 1, 4);
    const int32_t next = lq_day_from_date(year + 1, 1, 4);
    *monday = fourth - lq_weekday(fourth) + 7 * (week - 1);
    return *monday > 1 && *monday < next - lq_weekday(next);
}
