#include "base/clock.h"

#include <time.h>

#include "base/assert.h"

static int64_t clock_ms(clockid_t which)
{
    struct timespec now;
    LQ_ASSERT(clock_gettime(which, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t lq_wall_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}

int64_t lq_steady_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

int64_t lq_boot_ms(void)
{
    return clock_ms(CLOCK_BOOTTIME);
}
