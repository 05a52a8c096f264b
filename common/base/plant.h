// Bugs that are planted on purpose, so that the simulator can prove that it would find them:
//     if (LQ_PLANTED(SKIP_DEDUPE)) …
// In the product this is `if (false)` and leaves nothing behind. Only tests/sim builds the same
// sources a second time with LQ_PLANTED_BUGS, and lists the names in tests/sim/bugs.h.
#pragma once

#include <stdbool.h>

#ifdef LQ_PLANTED_BUGS
#include "sim/bugs.h"
#define LQ_PLANTED(name) (lq_planted_bug == LQ_BUG_##name)
#else
#define LQ_PLANTED(name) false
#endif
