// Files and directories of a store: paths, flushing, and faults in words.
#pragma once

#include <limits.h>

#include "base/status.h"

struct lq_lmdb_path {
    char text[PATH_MAX];
};

// The directory with a suffix. Opening a store has checked that all of them fit.
struct lq_lmdb_path lq_lmdb_path_of(const char *directory, const char *suffix);
struct lq_lmdb_path lq_lmdb_parent_of(const char *directory);

// A fault out of errno.
LQ_MUST_CHECK enum lq_status lq_lmdb_io_fault(const char *doing, const char *path);

// Opens the file or directory with these flags and makes what was written to it durable.
LQ_MUST_CHECK enum lq_status lq_lmdb_flush(const char *path, int flags);
