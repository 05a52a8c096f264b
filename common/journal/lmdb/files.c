#include "journal/lmdb/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

struct lq_lmdb_path lq_lmdb_path_of(const char *directory, const char *suffix)
{
    struct lq_lmdb_path path;
    const int size = snprintf(path.text, sizeof path.text, "%s%s", directory, suffix);
    LQ_ASSERT(size > 0 && (size_t)size < sizeof path.text); // open.c saw to it
    return path;
}

struct lq_lmdb_path lq_lmdb_parent_of(const char *directory)
{
    struct lq_lmdb_path path = lq_lmdb_path_of(directory, "");
    char *slash = strrchr(path.text, '/');
    if (slash == NULL)
        return lq_lmdb_path_of(".", "");
    slash[slash == path.text ? 1 : 0] = '\0';
    return path;
}

enum lq_status lq_lmdb_io_fault(const char *doing, const char *path)
{
    return lq_fault(errno == ENOSPC ? LQ_E_FULL : LQ_E_IO, "cannot %-s %s: %s", doing, path,
                    strerror(errno));
}

enum lq_status lq_lmdb_flush(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return lq_lmdb_io_fault("open", path);
    const enum lq_status status = fsync(fd) == 0 ? LQ_OK : lq_lmdb_io_fault("flush", path);
    close(fd);
    return status;
}
