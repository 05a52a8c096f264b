// The LMDB engine: making, checking and opening a store. The directory holds data.mdb (the truth),
// lock.mdb (LMDB's own, made again when it is missing) and owner.lock (held by the one writer).
//
// LMDB is trusting here, so we are not: it makes a new database out of an empty file, never flushes
// the directory that it creates a file in, and does not mind being opened twice in one process,
// although closing one then drops the locks of the other.
#include "journal/lmdb/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/assert.h"

#define FORMAT "lianqin 2" // of the named databases and of the journal's values
#define LMDB_FLAGS MDB_NOTLS

struct path {
    char text[PATH_MAX];
};

static struct path path_of(const char *directory, const char *suffix)
{
    struct path path;
    const int size = snprintf(path.text, sizeof path.text, "%s%s", directory, suffix);
    LQ_ASSERT(size > 0 && (size_t)size < sizeof path.text); // allocate_store saw to it
    return path;
}

static struct path parent_of(const char *directory)
{
    struct path path = path_of(directory, "");
    char *slash = strrchr(path.text, '/');
    if (slash == NULL)
        return path_of(".", "");
    slash[slash == path.text ? 1 : 0] = '\0';
    return path;
}

static enum lq_status io_fault(const char *doing, const char *path)
{
    return lq_fault(errno == ENOSPC ? LQ_E_FULL : LQ_E_IO, "cannot %s %s: %s", doing, path,
                    strerror(errno));
}

static enum lq_status flush(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return io_fault("open", path);
    const enum lq_status status = fsync(fd) == 0 ? LQ_OK : io_fault("flush", path);
    close(fd);
    return status;
}

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

static enum lq_status open_env(struct lq_lmdb *lmdb, const char *directory, uint64_t map_bytes,
                               unsigned flags)
{
    int error = mdb_env_create(&lmdb->env);
    if (error == 0)
        error = mdb_env_set_mapsize(lmdb->env, whole_pages(map_bytes));
    if (error == 0)
        error = mdb_env_set_maxdbs(lmdb->env, LQ_STORE_TABLES + 2);
    if (error == 0)
        error = mdb_env_open(lmdb->env, directory, LMDB_FLAGS | flags, 0640);
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "open the store");
}

static void close_env(struct lq_lmdb *lmdb)
{
    if (lmdb->env != NULL)
        mdb_env_close(lmdb->env);
    lmdb->env = NULL;
}

static MDB_val text_val(const char *text)
{
    return (MDB_val){strlen(text), (void *)(uintptr_t)text};
}

// ---------------------------------------------------------------- the databases in it

// `format` holds the version, and the name of each table that was ever made: a table that is
// listed but not there was lost.
static int write_format(const struct lq_lmdb *lmdb)
{
    MDB_txn *txn;
    MDB_dbi format, journal;
    MDB_val key = text_val("version"), value = text_val(FORMAT);
    int error = mdb_txn_begin(lmdb->env, NULL, 0, &txn);
    if (error != 0)
        return error;
    error = mdb_dbi_open(txn, "format", MDB_CREATE, &format);
    if (error == 0)
        error = mdb_put(txn, format, &key, &value, 0);
    if (error == 0)
        error = mdb_dbi_open(txn, "journal", MDB_CREATE, &journal);
    if (error == 0)
        return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return error;
}

static enum lq_status not_a_store(const struct lq_lmdb *lmdb, const char *why)
{
    return lq_fault(LQ_E_CORRUPT, "%s is not a store of Lianqin: %s", lmdb->directory, why);
}

static enum lq_status check_format(struct lq_lmdb *lmdb, MDB_txn *txn, MDB_dbi *format)
{
    MDB_val key = text_val("version"), value;
    int error = mdb_dbi_open(txn, "format", 0, format);
    if (error == 0)
        error = mdb_get(txn, *format, &key, &value);
    if (error == 0 &&
        (value.mv_size != strlen(FORMAT) || memcmp(value.mv_data, FORMAT, value.mv_size) != 0))
        return lq_fault(LQ_E_CORRUPT, "the store %s has the format '%.*s', this program knows '%s'",
                        lmdb->directory, value.mv_size < 40 ? (int)value.mv_size : 40,
                        (const char *)value.mv_data, FORMAT);
    if (error == 0)
        error = mdb_dbi_open(txn, "journal", 0, &lmdb->journal);
    if (error == MDB_NOTFOUND || error == MDB_INCOMPATIBLE)
        return not_a_store(lmdb, "its data.mdb is of something else");
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "read the store");
}

// Tables come with new versions: one that the store does not list yet is made.
static enum lq_status open_table(struct lq_lmdb *lmdb, MDB_txn *txn, MDB_dbi format,
                                 const char *name, MDB_dbi *out)
{
    char listed[LQ_KEY_MAX];
    snprintf(listed, sizeof listed, "table %s", name);
    MDB_val key = text_val(listed), value = text_val("");
    int error = mdb_get(txn, format, &key, &value);
    if (error == 0) {
        error = mdb_dbi_open(txn, name, 0, out);
        if (error == MDB_NOTFOUND)
            return lq_fault(LQ_E_CORRUPT, "the store %s has lost its table '%s'", lmdb->directory,
                            name);
    } else if (error == MDB_NOTFOUND && lmdb->base.readonly) {
        return lq_fault(LQ_E_MISSING,
                        "the store %s has no table '%s' yet; start its service once, so that this "
                        "version makes it",
                        lmdb->directory, name);
    } else if (error == MDB_NOTFOUND) {
        error = mdb_put(txn, format, &key, &value, 0);
        if (error == 0)
            error = mdb_dbi_open(txn, name, MDB_CREATE, out);
    }
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "open the tables of");
}

// What a writer finds need not be durable: the process before may have been killed, or its disk may
// have failed, between writing the last commit's root and hearing that it is on the disk. We would
// tell people of it, and a power cut would take it back. A commit of our own settles that: its root
// goes to the other place, and it is durable or the store does not open.
static int settle(const struct lq_lmdb *lmdb, MDB_txn *txn, MDB_dbi format)
{
    MDB_val key = text_val("opened"), value = text_val("");
    return lmdb->base.readonly ? 0 : mdb_put(txn, format, &key, &value, 0);
}

static bool is_listed(const struct lq_store_plan *plan, struct lq_span key, size_t value_size)
{
    static const char prefix[] = "table ";
    const size_t size = sizeof prefix - 1;
    if (lq_span_equal(key, lq_span_text("version")))
        return true;
    if (value_size != 0)
        return false;
    if (lq_span_equal(key, lq_span_text("opened")))
        return true;
    for (unsigned i = 0; i < plan->table_count; i++)
        if (key.size > size && memcmp(key.data, prefix, size) == 0 &&
            lq_span_equal(lq_span(key.data + size, key.size - size), lq_span_text(plan->tables[i])))
            return true;
    return false;
}

// Who verifies a store wants to hear of a word in `format` that nobody wrote.
static enum lq_status check_words(const struct lq_lmdb *lmdb, MDB_txn *txn, MDB_dbi format,
                                  const struct lq_store_plan *plan)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    enum lq_status status = LQ_OK;
    int error = mdb_cursor_open(txn, format, &cursor);
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "read the store");
    while (status == LQ_OK && (error = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        if (!is_listed(plan, lq_span(key.mv_data, key.mv_size), value.mv_size))
            status = lq_fault(LQ_E_CORRUPT,
                              "the store %s lists '%.*s', which this version does not know",
                              lmdb->directory, key.mv_size < 80 ? (int)key.mv_size : 80,
                              (const char *)key.mv_data);
    mdb_cursor_close(cursor);
    if (status == LQ_OK && error != MDB_NOTFOUND)
        status = lq_lmdb_fault(lmdb, error, "read the store");
    return status;
}

static enum lq_status open_databases(struct lq_lmdb *lmdb, const struct lq_store_plan *plan)
{
    MDB_txn *txn;
    MDB_dbi format;
    int error = mdb_txn_begin(lmdb->env, NULL, lmdb->base.readonly ? MDB_RDONLY : 0, &txn);
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "read the store");
    enum lq_status status = check_format(lmdb, txn, &format);
    for (unsigned i = 0; status == LQ_OK && i < plan->table_count; i++)
        status = open_table(lmdb, txn, format, plan->tables[i], &lmdb->tables[i]);
    if (status == LQ_OK && lmdb->base.readonly)
        status = check_words(lmdb, txn, format, plan);
    if (status == LQ_OK)
        status = lq_lmdb_read_tip(lmdb, txn, &lmdb->base.tip);
    if (status == LQ_OK && (error = settle(lmdb, txn, format)) != 0)
        status = lq_lmdb_fault(lmdb, error, "open");
    if (status != LQ_OK) {
        mdb_txn_abort(txn);
        return status;
    }
    lmdb->base.committed = lmdb->base.tip;
    error = mdb_txn_commit(txn); // a reader's too, or the handles would be lost
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "open the tables of");
}

// ---------------------------------------------------------------- making a store

static enum lq_status remove_unfinished(const char *unfinished)
{
    unlink(path_of(unfinished, "/data.mdb").text);
    unlink(path_of(unfinished, "/lock.mdb").text);
    if (rmdir(unfinished) != 0 && errno != ENOENT)
        return io_fault("remove the unfinished store", unfinished);
    return LQ_OK;
}

static enum lq_status write_unfinished(struct lq_lmdb *lmdb, const char *unfinished,
                                       uint64_t map_bytes)
{
    if (mkdir(unfinished, 0750) != 0)
        return io_fault("make the store", unfinished);
    enum lq_status status = open_env(lmdb, unfinished, map_bytes, 0);
    if (status == LQ_OK) {
        const int error = write_format(lmdb);
        if (error != 0)
            status = lq_lmdb_fault(lmdb, error, "make the store");
    }
    close_env(lmdb);
    if (status != LQ_OK)
        return status;
    unlink(path_of(unfinished, "/lock.mdb").text);
    status = flush(path_of(unfinished, "/data.mdb").text, O_RDWR);
    return status == LQ_OK ? flush(unfinished, O_RDONLY | O_DIRECTORY) : status;
}

// The caller holds the lock on the parent, so that `unfinished` is nobody else's.
static enum lq_status make_store(struct lq_lmdb *lmdb, const char *parent, uint64_t map_bytes)
{
    const struct path unfinished = path_of(lmdb->directory, ".new");
    enum lq_status status = remove_unfinished(unfinished.text);
    if (status == LQ_OK)
        status = write_unfinished(lmdb, unfinished.text, map_bytes);
    if (status != LQ_OK)
        return status;
    if (rename(unfinished.text, lmdb->directory) != 0)
        return io_fault("make the store", lmdb->directory);
    return flush(parent, O_RDONLY | O_DIRECTORY);
}

static enum lq_status make_if_missing(struct lq_lmdb *lmdb, uint64_t map_bytes)
{
    struct stat stat_of;
    const struct path parent = parent_of(lmdb->directory);
    if (lstat(lmdb->directory, &stat_of) == 0)             // whether it is a store is seen next
        return flush(parent.text, O_RDONLY | O_DIRECTORY); // its maker may have been killed before
    const int fd = open(parent.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_fault("open the directory", parent.text);
    enum lq_status status = LQ_OK;
    if (flock(fd, LOCK_EX) != 0)
        status = io_fault("lock the directory", parent.text);
    else if (lstat(lmdb->directory, &stat_of) != 0)
        status = make_store(lmdb, parent.text, map_bytes);
    close(fd);
    return status;
}

// ---------------------------------------------------------------- opening a store

static enum lq_status check_directory(const struct lq_lmdb *lmdb, struct stat *directory)
{
    struct stat data;
    if (stat(lmdb->directory, directory) != 0)
        return errno == ENOENT ? lq_fault(LQ_E_MISSING, "there is no store %s", lmdb->directory)
                               : io_fault("open the store", lmdb->directory);
    if (!S_ISDIR(directory->st_mode))
        return not_a_store(lmdb, "it is not a directory");
    if (stat(path_of(lmdb->directory, "/data.mdb").text, &data) != 0)
        return errno == ENOENT ? not_a_store(lmdb, "it holds no data.mdb (to begin a new store, "
                                                   "remove the directory)")
                               : io_fault("open the store", lmdb->directory);
    if (!S_ISREG(data.st_mode) || data.st_size == 0)
        return not_a_store(lmdb, "its data.mdb is empty or no file");
    return LQ_OK;
}

// The kernel lets go of the lock when the process ends, however it ends.
static enum lq_status take_ownership(struct lq_lmdb *lmdb)
{
    const struct path path = path_of(lmdb->directory, "/owner.lock");
    struct statfs disk;
    lmdb->lock_fd = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (lmdb->lock_fd < 0 || fstatfs(lmdb->lock_fd, &disk) != 0)
        return io_fault("open", path.text);
    if (disk.f_type == NFS_SUPER_MAGIC)
        return lq_fault(LQ_E_IO, "the store %s lies on NFS, where its locks do not hold",
                        lmdb->directory);
    if (flock(lmdb->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return LQ_OK;
    if (errno != EWOULDBLOCK)
        return io_fault("lock", path.text);
    return lq_fault(LQ_E_BUSY, "another process works with the store %s (it holds owner.lock)",
                    lmdb->directory);
}

static enum lq_status open_store(struct lq_lmdb *lmdb, const struct lq_store_plan *plan)
{
    const bool readonly = lmdb->base.readonly;
    struct stat directory;
    enum lq_status status = readonly ? LQ_OK : make_if_missing(lmdb, plan->map_bytes);
    if (status == LQ_OK)
        status = check_directory(lmdb, &directory);
    if (status == LQ_OK)
        status = remember(lmdb, &directory);
    if (status == LQ_OK && !readonly)
        status = take_ownership(lmdb);
    if (status == LQ_OK)
        status = open_env(lmdb, lmdb->directory, plan->map_bytes, readonly ? MDB_RDONLY : 0);
    if (status == LQ_OK)
        status = lq_lmdb_check_heads(lmdb);
    if (status == LQ_OK)
        status = open_databases(lmdb, plan);
    return status;
}

static struct lq_lmdb *allocate_store(const char *directory, const struct lq_store_plan *plan)
{
    struct lq_lmdb *lmdb = calloc(1, sizeof *lmdb);
    LQ_ASSERT(lmdb != NULL && plan->map_bytes > 0);
    lq_store_check_plan(plan);
    for (unsigned i = 0; i < plan->table_count; i++)
        LQ_ASSERT(strcmp(plan->tables[i], "journal") != 0 &&
                  strcmp(plan->tables[i], "format") != 0 && strlen(plan->tables[i]) < 64);
    lmdb->base = (struct lq_store){.engine = &LQ_LMDB_ENGINE, .table_count = plan->table_count};
    lmdb->lock_fd = -1;
    lmdb->owner = getpid();
    lmdb->directory = strdup(directory);
    LQ_ASSERT(lmdb->directory != NULL);
    for (size_t end = strlen(directory); end > 1 && directory[end - 1] == '/'; end--)
        lmdb->directory[end - 1] = '\0'; // so that ".new" can be put behind it
    return lmdb;
}

static enum lq_status open_lmdb(const char *directory, const struct lq_store_plan *plan,
                                bool readonly, struct lq_store **out)
{
    const size_t size = strlen(directory);
    if (size == 0 || size + strlen(".new/owner.lock") >= PATH_MAX)
        return lq_fault(LQ_E_INPUT, "'%.80s' cannot be the directory of a store", directory);
    struct lq_lmdb *lmdb = allocate_store(directory, plan);
    lmdb->base.readonly = readonly;
    const enum lq_status status = open_store(lmdb, plan);
    if (status == LQ_OK)
        *out = &lmdb->base;
    else
        LQ_LMDB_ENGINE.close(&lmdb->base);
    return status;
}

enum lq_status lq_store_open_lmdb(const char *directory, const struct lq_store_plan *plan,
                                  struct lq_store **out)
{
    return open_lmdb(directory, plan, false, out);
}

enum lq_status lq_store_open_lmdb_readonly(const char *directory, const struct lq_store_plan *plan,
                                           struct lq_store **out)
{
    return open_lmdb(directory, plan, true, out);
}
