// Makes a store that does not exist yet: under a temporary name, flushed, then renamed, so that a
// crash leaves a whole store or none. LMDB does not flush the directory that it creates a file in.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/lmdb/files.h"
#include "journal/lmdb/lmdb.h"

static enum lq_status remove_unfinished(const char *unfinished)
{
    unlink(lq_lmdb_path_of(unfinished, "/data.mdb").text);
    unlink(lq_lmdb_path_of(unfinished, "/lock.mdb").text);
    if (rmdir(unfinished) != 0 && errno != ENOENT)
        return lq_lmdb_io_fault("remove the unfinished store", unfinished);
    return LQ_OK;
}

static enum lq_status write_unfinished(struct lq_lmdb *lmdb, const char *unfinished)
{
    if (mkdir(unfinished, 0750) != 0)
        return lq_lmdb_io_fault("make the store", unfinished);
    enum lq_status status = lq_lmdb_open_env(lmdb, unfinished, 0);
    if (status == LQ_OK)
        status = lq_lmdb_write_format(lmdb);
    lq_lmdb_close_env(lmdb);
    if (status != LQ_OK)
        return status;
    unlink(lq_lmdb_path_of(unfinished, "/lock.mdb").text);
    status = lq_lmdb_flush(lq_lmdb_path_of(unfinished, "/data.mdb").text, O_RDWR);
    return status == LQ_OK ? lq_lmdb_flush(unfinished, O_RDONLY | O_DIRECTORY) : status;
}

// The caller holds the lock on the parent, so that `unfinished` is nobody else's.
static enum lq_status make_store(struct lq_lmdb *lmdb, const char *parent)
{
    const struct lq_lmdb_path unfinished = lq_lmdb_path_of(lmdb->directory, ".new");
    enum lq_status status = remove_unfinished(unfinished.text);
    if (status == LQ_OK)
        status = write_unfinished(lmdb, unfinished.text);
    if (status != LQ_OK)
        return status;
    if (rename(unfinished.text, lmdb->directory) != 0)
        return lq_lmdb_io_fault("make the store", lmdb->directory);
    return lq_lmdb_flush(parent, O_RDONLY | O_DIRECTORY);
}

enum lq_status lq_lmdb_make_if_missing(struct lq_lmdb *lmdb)
{
    struct stat stat_of;
    const struct lq_lmdb_path parent = lq_lmdb_parent_of(lmdb->directory);
    // Whether it is a store is checked next. Whoever made it may have been killed before the flush.
    if (lstat(lmdb->directory, &stat_of) == 0)
        return lq_lmdb_flush(parent.text, O_RDONLY | O_DIRECTORY);
    const int fd = open(parent.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return lq_lmdb_io_fault("open the directory", parent.text);
    enum lq_status status = LQ_OK;
    if (flock(fd, LOCK_EX) != 0)
        status = lq_lmdb_io_fault("lock the directory", parent.text);
    else if (lstat(lmdb->directory, &stat_of) != 0)
        status = make_store(lmdb, parent.text);
    close(fd);
    return status;
}
