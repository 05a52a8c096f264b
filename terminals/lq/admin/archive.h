// A backup's file: a tar, as any tar reads it, of the folders of a data directory, and at its end
// SHA256SUMS, which `sha256sum -c` reads. A file that ends early has none; one that was altered
// anywhere does not fit it.
#pragma once

#include "base/status.h"

struct lq_archive;

// What of a data directory is kept, the journals last; ends with NULL.
extern const char *const lq_archive_folders[];

// Begins a file that does not exist yet, readable by its owner only.
LQ_MUST_CHECK enum lq_status lq_archive_begin(const char *path, struct lq_archive **out);

// Adds the plain files of a folder (root/folder) and of those in it; a folder that is missing has
// none.
LQ_MUST_CHECK enum lq_status lq_archive_add(struct lq_archive *archive, const char *root,
                                            const char *folder);

// Writes the sums, and makes the file durable.
LQ_MUST_CHECK enum lq_status lq_archive_end(struct lq_archive *archive);

// Gives back what begin made, whatever came of it; NULL is nothing.
void lq_archive_close(struct lq_archive *archive);

// Writes the files of a backup, durably, below a folder that is empty. LQ_E_CORRUPT if it is not
// one, or not as it was written.
LQ_MUST_CHECK enum lq_status lq_archive_unpack(const char *path, const char *into);
