// How wide the columns of a table are on a line that has not room for all they hold.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lq/show/output.h"

// Between columns; to which one is cut; and to which, before one that can be spared is left out.
enum { LQ_FIT_GAP = 2, LQ_FIT_NARROWEST = 6, LQ_FIT_READABLE = 12 };

// `widths` has what each column holds at its widest, and gets what it is to have: 0 where it is
// left out. That is first what can be spared, and then, where the narrowest is too wide, what may
// be cut. False: what must stand whole, numbers and times, does not fit on one line.
bool lq_fit(const struct lq_column *columns, size_t count, size_t width, size_t *widths);
