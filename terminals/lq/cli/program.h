// The other programs of this installation.
#pragma once

#include "base/arena.h"
#include "base/status.h"

// Where a program is; the path begins in the folder that this one is in. LQ_E_MISSING.
LQ_MUST_CHECK enum lq_status lq_program(struct lq_arena *arena, const char *path, const char **out);
