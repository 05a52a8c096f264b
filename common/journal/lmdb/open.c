// Opens an LMDB store. The directory holds data.mdb (the truth), lock.mdb (LMDB's own, made again
// when it is missing) and owner.lock (held by the one writer).
//
// LMDB trusts what it finds, so we check first: it makes a new database out of an empty file, and
// allows a second opening in one process, although closing one then drops the locks of the other.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/assert.h"
#include "journal/lmdb/files.h"
#include "journal/lmdb/lmdb.h"

#define LMDB_FLAGS MDB_NOTLS

// ---------------------------------------------------------------- once per process

static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static struct lq_lmdb *open_stores;

// A child has its parent's list but none of its stores, hence the comparison of owners.
static enum lq_status remember(struct lq_lmdb *lmdb, const struct stat *directory)
{
    lmdb->device = directory->st_dev;
    lmdb->inode = directory->st_ino;
    pthread_mutex_lock(&open_lock);
    const struct lq_lmdb *other = open_stores;
    while (other != NULL && (other->owner != lmdb->owner || other->device != lmdb->device ||
                             other->inode != lmdb->inode))
        other = other->next_open;
    if (other == NULL) {
        lmdb->next_open = open_stores;
        open_stores = lmdb;
    }
    pthread_mutex_unlock(&open_lock);
    if (other != NULL)
        return lq_fault(LQ_E_BUSY, "this process has the store %s open already", lmdb->directory);
    return LQ_OK;
}

void lq_lmdb_forget(struct lq_lmdb *lmdb)
{
    pthread_mutex_lock(&open_lock);
    struct lq_lmdb **link = &open_stores;
    while (*link != NULL && *link != lmdb)
        link = &(*link)->next_open;
    if (*link != NULL)
        *link = lmdb->next_open;
    pthread_mutex_unlock(&open_lock);
}

// ---------------------------------------------------------------- the environment

static size_t whole_pages(uint64_t bytes)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    return (size_t)((bytes + page - 1) / page * page);
}

enum lq_status lq_lmdb_open_env(struct lq_lmdb *lmdb, const char *directory, unsigned flags)
{
    int error = mdb_env_create(&lmdb->env);
    if (error == 0)
        error = mdb_env_set_mapsize(lmdb->env, whole_pages(lmdb->max_bytes));
    if (error == 0)
        error = mdb_env_set_maxdbs(lmdb->env, LQ_STORE_TABLES + 3);
    if (error == 0)
        error = mdb_env_open(lmdb->env, directory, LMDB_FLAGS | flags, 0640);
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "open the store");
}

void lq_lmdb_close_env(struct lq_lmdb *lmdb)
{
    if (lmdb->env != NULL)
        mdb_env_close(lmdb->env);
    lmdb->env = NULL;
}

// ---------------------------------------------------------------- opening a store

static enum lq_status check_directory(const struct lq_lmdb *lmdb, struct stat *directory)
{
    struct stat data;
    if (stat(lmdb->directory, directory) != 0)
        return errno == ENOENT ? lq_fault(LQ_E_MISSING, "there is no store %s", lmdb->directory)
                               : lq_lmdb_io_fault("open the store", lmdb->directory);
    if (!S_ISDIR(directory->st_mode))
        return lq_lmdb_not_a_store(lmdb, "it is not a directory");
    if (stat(lq_lmdb_path_of(lmdb->directory, "/data.mdb").text, &data) != 0)
        return errno == ENOENT
                   ? lq_lmdb_not_a_store(lmdb, "it holds no data.mdb (to begin a new store, "
                                               "remove the directory)")
                   : lq_lmdb_io_fault("open the store", lmdb->directory);
    if (!S_ISREG(data.st_mode) || data.st_size == 0)
        return lq_lmdb_not_a_store(lmdb, "its data.mdb is empty or no file");
    return LQ_OK;
}

// The kernel lets go of the lock when the process ends, however it ends.
static enum lq_status take_ownership(struct lq_lmdb *lmdb)
{
    const struct lq_lmdb_path path = lq_lmdb_path_of(lmdb->directory, "/owner.lock");
    struct statfs disk;
    lmdb->lock_fd = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (lmdb->lock_fd < 0 || fstatfs(lmdb->lock_fd, &disk) != 0)
        return lq_lmdb_io_fault("open", path.text);
    if (disk.f_type == NFS_SUPER_MAGIC)
        return lq_fault(LQ_E_IO, "the store %s lies on NFS, where its locks do not hold",
                        lmdb->directory);
    if (flock(lmdb->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return LQ_OK;
    if (errno != EWOULDBLOCK)
        return lq_lmdb_io_fault("lock", path.text);
    return lq_fault(LQ_E_BUSY, "another process works with the store %s (it holds owner.lock)",
                    lmdb->directory);
}

static enum lq_status open_store(struct lq_lmdb *lmdb, const struct lq_store_plan *plan)
{
    const bool readonly = lmdb->base.readonly;
    struct stat directory;
    enum lq_status status = readonly ? LQ_OK : lq_lmdb_make_if_missing(lmdb);
    if (status == LQ_OK)
        status = check_directory(lmdb, &directory);
    if (status == LQ_OK)
        status = remember(lmdb, &directory);
    if (status == LQ_OK && !readonly)
        status = take_ownership(lmdb);
    if (status == LQ_OK)
        status = lq_lmdb_open_env(lmdb, lmdb->directory, readonly ? MDB_RDONLY : 0);
    if (status == LQ_OK)
        status = lq_lmdb_check_heads(lmdb);
    if (status == LQ_OK)
        status = lq_lmdb_open_databases(lmdb, plan);
    return status;
}

static struct lq_lmdb *allocate_store(const char *directory, const struct lq_store_plan *plan)
{
    struct lq_lmdb *lmdb = calloc(1, sizeof *lmdb);
    LQ_ASSERT(lmdb != NULL);
    lq_store_check_plan(plan);
    for (unsigned i = 0; i < plan->table_count; i++)
        LQ_ASSERT(strcmp(plan->tables[i], "journal") != 0 &&
                  strcmp(plan->tables[i], "format") != 0 && strlen(plan->tables[i]) < 64);
    memcpy(lmdb->names, plan->tables, plan->table_count * sizeof *plan->tables);
    lmdb->base = (struct lq_store){.engine = &LQ_LMDB_ENGINE, .table_count = plan->table_count};
    lmdb->lock_fd = -1;
    lmdb->owner = getpid();
    lmdb->directory = strdup(directory);
    LQ_ASSERT(lmdb->directory != NULL);
    for (size_t end = strlen(directory); end > 1 && directory[end - 1] == '/'; end--)
        lmdb->directory[end - 1] = '\0'; // so that ".new" can be appended
    return lmdb;
}

static enum lq_status open_lmdb(const char *directory, const struct lq_store_plan *plan,
                                const struct lq_store_options *options, bool readonly,
                                struct lq_store **out)
{
    const size_t size = strlen(directory);
    LQ_ASSERT(options->max_bytes > 0);
    if (size == 0 || size + strlen(".new/owner.lock") >= PATH_MAX)
        return lq_fault(LQ_E_INPUT, "'%.80s' cannot be the directory of a store", directory);
    struct lq_lmdb *lmdb = allocate_store(directory, plan);
    lmdb->base.readonly = readonly;
    lmdb->max_bytes = options->max_bytes;
    lmdb->durable = options->durable;
    const enum lq_status status = open_store(lmdb, plan);
    if (status == LQ_OK)
        *out = &lmdb->base;
    else
        LQ_LMDB_ENGINE.close(&lmdb->base);
    return status;
}

const struct lq_store_driver LQ_LMDB_DRIVER = {.scheme = "lmdb", .open = open_lmdb};
