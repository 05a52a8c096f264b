// Working days. A year has about thirty special days and a term at most about sixty days, so that a
// linear search is fast enough.
#include "base/assert.h"
#include "base/time.h"
#include "law/law_internal.h"

static const struct lq_calendar_year *find_year(const struct lq_law *law, int year)
{
    for (size_t i = 0; i < law->year_count; i++)
        if (law->years[i].year == year)
            return &law->years[i];
    return NULL;
}

bool lq_calendar_knows(const struct lq_law *law, int year)
{
    return find_year(law, year) != NULL;
}

static bool holds(const int32_t *days, size_t count, int32_t day)
{
    for (size_t i = 0; i < count; i++)
        if (days[i] == day)
            return true;
    return false;
}

static const struct lq_calendar_year *year_of(const struct lq_law *law, int32_t day)
{
    int year, month, day_of_month;
    lq_day_to_date(day, &year, &month, &day_of_month);
    return find_year(law, year);
}

bool lq_is_public_holiday(const struct lq_law *law, int32_t day)
{
    const struct lq_calendar_year *known = year_of(law, day);
    return known != NULL && holds(known->holidays, known->holiday_count, day);
}

bool lq_is_working_day(const struct lq_law *law, int32_t day)
{
    const struct lq_calendar_year *known = year_of(law, day);
    if (lq_is_public_holiday(law, day))
        return false;
    if (known != NULL && holds(known->working_weekends, known->working_weekend_count, day))
        return true;
    return lq_weekday(day) < 5;
}

int32_t lq_add_working_days(const struct lq_law *law, int32_t day, int32_t count)
{
    LQ_ASSERT(count >= 0 && count <= 100000);
    while (count > 0)
        if (lq_is_working_day(law, ++day))
            count--;
    return day;
}
