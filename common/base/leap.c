#include "base/leap.h"

// No time server slews by the least limit in that time.
static const int64_t MOVED_EVERY_MS = 10 * 60000LL;

void lq_leap_trust(struct lq_leap *leap, int64_t wall_ms, int64_t steady_ms)
{
    leap->base_ms = wall_ms - steady_ms;
    leap->moved_ms = steady_ms;
    leap->not_before_ms = 0;
}

struct lq_leap lq_leap_start(int64_t limit_ms, int64_t wall_ms, int64_t steady_ms,
                             int64_t happened_ms)
{
    struct lq_leap leap = {.limit_ms = limit_ms};
    lq_leap_trust(&leap, wall_ms, steady_ms);
    leap.not_before_ms = happened_ms;
    return leap;
}

// How long the machine was off before the start nobody knows: until the clock is later than what
// has happened, only that is held against it.
static int64_t look_at_start(struct lq_leap *leap, int64_t wall_ms, int64_t steady_ms)
{
    if (wall_ms + leap->limit_ms < leap->not_before_ms)
        return wall_ms - leap->not_before_ms;
    lq_leap_trust(leap, wall_ms, steady_ms);
    return 0;
}

int64_t lq_leap_look(struct lq_leap *leap, int64_t wall_ms, int64_t steady_ms)
{
    if (leap->limit_ms == 0)
        return 0;
    if (leap->not_before_ms != 0)
        return look_at_start(leap, wall_ms, steady_ms);
    const int64_t off_ms = wall_ms - steady_ms - leap->base_ms;
    if (off_ms > leap->limit_ms || off_ms < -leap->limit_ms)
        return off_ms;
    if (steady_ms - leap->moved_ms >= MOVED_EVERY_MS)
        lq_leap_trust(leap, wall_ms, steady_ms);
    return 0;
}
