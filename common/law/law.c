// Finds the clock that applies: the entry with that id that is in force on the day of the instant.
// The loader has checked that there is at most one.
#include "law/law_internal.h"

#include "base/time.h"

const char *lq_law_revision(const struct lq_law *law)
{
    return law->revision;
}

const struct lq_clock *lq_law_clock_at(const struct lq_law *law, size_t index)
{
    return index < law->clock_count ? &law->clocks[index] : NULL;
}

const struct lq_clock *lq_law_clock(const struct lq_law *law, const char *id, int64_t at_ms)
{
    const int32_t day = lq_day_of(at_ms);
    for (size_t i = 0; i < law->clock_count; i++) {
        const struct lq_clock *clock = &law->clocks[i];
        if (day >= clock->in_force_from && day <= clock->in_force_to && strcmp(clock->id, id) == 0)
            return clock->enabled ? clock : NULL;
    }
    return NULL;
}
