// Small files, read and written whole.
#pragma once

#include "base/arena.h"
#include "base/status.h"

// Reads a file of at most `most` bytes into the arena. LQ_E_MISSING if there is none, LQ_E_INPUT if
// it is longer or not a regular file, LQ_E_IO if it cannot be read.
LQ_MUST_CHECK enum lq_status lq_config_read(const char *path, size_t most, struct lq_arena *arena,
                                            struct lq_span *out);

// Writes a file (mode 0644) under a temporary name in the same directory, flushes and renames it,
// so that whoever opens it finds a whole one. LQ_E_FULL if there is no room, LQ_E_IO else.
LQ_MUST_CHECK enum lq_status lq_config_write(const char *directory, const char *name,
                                             struct lq_span bytes);
