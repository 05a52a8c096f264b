// Has the wall clock leapt? It is held against a steady one (lq_boot_ms), which no time server and
// nobody's hand moves. What a time server sets right little by little is no leap, however much it
// sums up to: the clocks are compared with what they were a while ago, not at the start.
#pragma once

#include <stdint.h>

struct lq_leap {
    int64_t limit_ms;      // a greater difference is a leap; 0: nothing is
    int64_t base_ms;       // the wall clock less the steady one, when they were last right
    int64_t moved_ms;      // steady: since when that is so
    int64_t not_before_ms; // wall: it cannot be earlier than this; 0: nothing is known of that
};

// The clock is trusted as it is now, if it is not earlier than something that has happened (0:
// nothing has).
struct lq_leap lq_leap_start(int64_t limit_ms, int64_t wall_ms, int64_t steady_ms,
                             int64_t happened_ms);

// By how much the wall clock is off: it is ahead, or behind if that is negative; 0: it is right, as
// it is again when a leap has been undone.
int64_t lq_leap_look(struct lq_leap *leap, int64_t wall_ms, int64_t steady_ms);

// Somebody says that the wall clock is right.
void lq_leap_trust(struct lq_leap *leap, int64_t wall_ms, int64_t steady_ms);
