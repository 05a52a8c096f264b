// How much room the file system has that a store lies on.
#include <sys/statvfs.h>

#include "journal/lmdb/lmdb.h"

struct lq_store_disk lq_lmdb_disk(const struct lq_lmdb *lmdb)
{
    struct statvfs disk;
    int fd;
    if (lmdb->env == NULL || mdb_env_get_fd(lmdb->env, &fd) != 0 || fstatvfs(fd, &disk) != 0)
        return (struct lq_store_disk){0};
    return (struct lq_store_disk){
        .id = disk.f_fsid,
        .bytes = (uint64_t)disk.f_blocks * disk.f_frsize,
        .free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize, // root's reserve is not for us
    };
}
