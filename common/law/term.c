// Computes deadlines. Everything but hours is counted in whole county days: find the last day, roll
// it where the statute says so, and the deadline is the midnight that ends it.
#include "base/assert.h"
#include "base/time.h"
#include "law/law_internal.h"

enum { HOUR_MS = 3600 * 1000 };

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

// The last day of a term whose days are counted from the day after `before`.
static int32_t last_day(const struct lq_law *law, const struct lq_clock *clock, int32_t before,
                        int32_t paused_days)
{
    switch (clock->unit) {
    case LQ_UNIT_CALENDAR_DAY:
        return before + (int32_t)clock->number + paused_days;
    case LQ_UNIT_WORKING_DAY:
        return lq_add_working_days(law, before, (int32_t)clock->number + paused_days);
    case LQ_UNIT_MONTH:
        return add_months(before, clock->number) + paused_days;
    case LQ_UNIT_YEAR:
        return add_months(before, clock->number * 12) + paused_days;
    case LQ_UNIT_HOUR:
        break;
    }
    LQ_UNREACHABLE();
}

static int64_t end_after(const struct lq_law *law, const struct lq_clock *clock, int32_t before,
                         int32_t paused_days)
{
    int32_t last = last_day(law, clock, before, paused_days);
    if (clock->roll == LQ_ROLL_NEXT_WORKING_DAY)
        while (!lq_is_working_day(law, last))
            last++;
    return lq_day_start_ms(last + 1);
}

int64_t lq_law_due_paused_ms(const struct lq_law *law, const struct lq_clock *clock,
                             int64_t start_ms, int32_t paused_days)
{
    LQ_ASSERT(paused_days >= 0);
    if (clock->unit == LQ_UNIT_HOUR)
        return start_ms + clock->number * HOUR_MS + paused_days * LQ_DAY_MS;
    const int32_t start = lq_day_of(start_ms);
    return end_after(law, clock, clock->exclude_start_day ? start : start - 1, paused_days);
}

int64_t lq_law_due_ms(const struct lq_law *law, const struct lq_clock *clock, int64_t start_ms)
{
    return lq_law_due_paused_ms(law, clock, start_ms, 0);
}

int64_t lq_law_due_after_ms(const struct lq_law *law, const struct lq_clock *clock,
                            int64_t other_due_ms)
{
    if (clock->unit == LQ_UNIT_HOUR)
        return lq_law_due_ms(law, clock, other_due_ms);
    return end_after(law, clock, lq_law_last_day(other_due_ms), 0);
}

int32_t lq_law_last_day(int64_t due_ms)
{
    return lq_day_of(due_ms - 1);
}

int32_t lq_law_act_by_day(const struct lq_law *law, int64_t due_ms)
{
    int32_t day = lq_law_last_day(due_ms);
    while (!lq_is_working_day(law, day))
        day--;
    return day;
}
