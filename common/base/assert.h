// Assertions are on in every build: a bug ends the process, and the restart replays from what is
// durable. It is the only recovery path, and so the one that works.
#pragma once

_Noreturn void lq_panic(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define LQ_ASSERT(condition)                                                                       \
    ((condition) ? (void)0 : lq_panic(__FILE__, __LINE__, "assertion failed: %s", #condition))

// For what cannot be reached, e.g. after a switch over an enum in which every case returns.
#define LQ_UNREACHABLE() lq_panic(__FILE__, __LINE__, "reached what cannot be reached")
