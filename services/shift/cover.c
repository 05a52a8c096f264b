#include "shift.h"

void shift_doubt_cover(struct lq_decision *d, int64_t from_ms, int64_t to_ms)
{
}
