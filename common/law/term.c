// Counts terms. Everything above hours is counted in whole county days, one by one from the day
// after the start: the last day that counts is the term's last, rolled where the statute says so,
// and the deadline is the midnight that ends it.
#include "base/assert.h"
#include "base/time.h"
#include "law/law_internal.h"

static const int64_t SECOND_MS = 1000, MINUTE_MS = 60 * 1000, HOUR_MS = 3600 * 1000;

static int days_in_month(int year, int month)
{
    const int32_t next =
        month == 12 ? lq_day_from_date(year + 1, 1, 1) : lq_day_from_date(year, month + 1, 1);
    return next - lq_day_from_date(year, month, 1);
}

// The same day of a later month; 31 January and a month give the last of February.
static int32_t add_months(int32_t day, int64_t months)
{
    int year, month, day_of_month;
    lq_day_to_date(day, &year, &month, &day_of_month);
    const int64_t counted = month - 1 + months;
    year += (int)(counted / 12);
    month = (int)(counted % 12) + 1;
    const int last = days_in_month(year, month);
    return lq_day_from_date(year, month, day_of_month < last ? day_of_month : last);
}

static bool is_paused(const struct lq_term *term, int32_t day)
{
    for (size_t i = 0; i < term->pause_count; i++)
        if (term->pauses[i].from_day <= day && day <= term->pauses[i].to_day)
            return true;
    return false;
}

// Counting goes on until the first day of which the calendar knows nothing.
struct counting {
    const struct lq_law *law;
    const struct lq_term *term;
    int year; // that the calendar lacks; 0: none so far
};

static bool is_working(struct counting *c, int32_t day)
{
    int year, month, day_of_month;
    lq_day_to_date(day, &year, &month, &day_of_month);
    if (!lq_calendar_knows(c->law, year))
        c->year = year;
    return lq_is_working_day(c->law, day);
}

static int32_t count_days(struct counting *c, int32_t before, int64_t number, bool working_only)
{
    int32_t day = before;
    while (number > 0 && c->year == 0) {
        day++;
        if (!is_paused(c->term, day) && (!working_only || is_working(c, day)))
            number--;
    }
    return day;
}

// To the same day of the month, and one day longer for each paused day within.
static int32_t count_months(const struct counting *c, int32_t before, int64_t months)
{
    int32_t last = add_months(before, months);
    for (int32_t day = before + 1; day <= last; day++)
        if (is_paused(c->term, day))
            last++;
    return last;
}

static int32_t count(struct counting *c, enum lq_clock_unit unit, int32_t before, int64_t number)
{
    switch (unit) {
    case LQ_UNIT_CALENDAR_DAY:
        return count_days(c, before, number, false);
    case LQ_UNIT_WORKING_DAY:
        return count_days(c, before, number, true);
    case LQ_UNIT_MONTH:
        return count_months(c, before, number);
    case LQ_UNIT_YEAR:
        return count_months(c, before, number * 12);
    case LQ_UNIT_SECOND:
    case LQ_UNIT_MINUTE:
    case LQ_UNIT_HOUR:
        break;
    }
    LQ_UNREACHABLE();
}

static int32_t last_day(struct counting *c, const struct lq_clock *clock, int32_t before,
                        int64_t number)
{
    const enum lq_clock_unit unit =
        c->term->argue && clock->arguable ? clock->arguable_unit : clock->unit;
    int32_t last = count(c, unit, before, number);
    if (clock->roll == LQ_ROLL_NEXT_WORKING_DAY)
        while (c->year == 0 && !is_working(c, last))
            last++;
    return last;
}

static int64_t unit_ms(enum lq_clock_unit unit)
{
    return unit == LQ_UNIT_SECOND   ? SECOND_MS
           : unit == LQ_UNIT_MINUTE ? MINUTE_MS
           : unit == LQ_UNIT_HOUR   ? HOUR_MS
                                    : 0;
}

bool lq_clock_in_days(const struct lq_clock *clock)
{
    return unit_ms(clock->unit) == 0;
}

int64_t lq_clock_fixed_ms(const struct lq_clock *clock)
{
    const int64_t one_ms = clock->unit == LQ_UNIT_CALENDAR_DAY ? LQ_DAY_MS : unit_ms(clock->unit);
    return clock->number * one_ms;
}

static int64_t or_all(int64_t number, const struct lq_clock *clock)
{
    LQ_ASSERT(number >= 0 && number <= 100000);
    return number != 0 ? number : clock->number;
}

static int64_t due_after_hours(const struct lq_term *term)
{
    int64_t due_ms =
        term->start_ms + or_all(term->number, term->clock) * unit_ms(term->clock->unit);
    for (size_t i = 0; i < term->extension_count; i++) {
        const struct lq_extension *by = &term->extensions[i];
        due_ms += or_all(by->number, by->clock) * unit_ms(by->clock->unit);
    }
    return due_ms;
}

struct lq_term_end lq_law_count(const struct lq_law *law, const struct lq_term *term)
{
    const struct lq_clock *clock = term->clock;
    if (!lq_clock_in_days(clock))
        return (struct lq_term_end){.due_ms = due_after_hours(term)};
    struct counting c = {.law = law, .term = term};
    const int32_t start = lq_day_of(term->start_ms);
    int32_t last = last_day(&c, clock, clock->exclude_start_day ? start : start - 1,
                            or_all(term->number, clock));
    for (size_t i = 0; i < term->extension_count && c.year == 0; i++) {
        const struct lq_extension *by = &term->extensions[i];
        last = last_day(&c, by->clock, last, or_all(by->number, by->clock));
    }
    return c.year != 0 ? (struct lq_term_end){.year = c.year}
                       : (struct lq_term_end){.due_ms = lq_day_start_ms(last + 1)};
}

int32_t lq_law_last_day(int64_t due_ms)
{
    return lq_day_of(due_ms - 1);
}

int32_t lq_law_act_by_day(const struct lq_law *law, int64_t due_ms)
{
    const int32_t last = lq_law_last_day(due_ms);
    for (int32_t day = last;; day--) {
        int year, month, day_of_month;
        lq_day_to_date(day, &year, &month, &day_of_month);
        if (!lq_calendar_knows(law, year))
            return last;
        if (lq_is_working_day(law, day))
            return day;
    }
}
