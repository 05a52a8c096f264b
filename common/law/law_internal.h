// The representation of a law.
#pragma once

#include "base/arena.h"
#include "law/law.h"

struct lq_calendar_year {
    int64_t year;
    const int32_t *holidays, *working_weekends; // sorted days of that year
    size_t holiday_count, working_weekend_count;
};

struct lq_law {
    struct lq_arena arena; // owns all below
    const char *revision;
    const struct lq_clock *clocks;
    size_t clock_count;
    const struct lq_calendar_year *years;
    size_t year_count;
};
