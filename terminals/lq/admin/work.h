// A folder to work in, that is gone afterwards.
#pragma once

#include "base/arena.h"
#include "base/status.h"

// Makes a folder that begins with this path, for its owner only.
LQ_MUST_CHECK enum lq_status lq_work_make(struct lq_arena *arena, const char *begins,
                                          const char **out);

// Removes it with all that is in it; NULL: there is none. What cannot be removed stays.
void lq_work_remove(const char *path);
