// One append and one commit, as small as they can be: what they take is the barriers.
#include "flush.h"

#include <fcntl.h>
#include <lmdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"

struct flush {
    char log[512], lmdb[512];
    int fd;
    off_t at;
    MDB_env *env;
    MDB_dbi table;
    uint64_t count;
};

static void open_lmdb(struct flush *f)
{
    MDB_txn *txn;
    LQ_ASSERT(mkdir(f->lmdb, 0700) == 0);
    LQ_ASSERT(mdb_env_create(&f->env) == 0 && mdb_env_set_mapsize(f->env, 1 << 30) == 0);
    LQ_ASSERT(mdb_env_open(f->env, f->lmdb, 0, 0600) == 0);
    LQ_ASSERT(mdb_txn_begin(f->env, NULL, 0, &txn) == 0);
    LQ_ASSERT(mdb_dbi_open(txn, NULL, 0, &f->table) == 0 && mdb_txn_commit(txn) == 0);
}

struct flush *flush_open(const char *directory)
{
    struct flush *f = calloc(1, sizeof *f);
    LQ_ASSERT(f != NULL);
    snprintf(f->log, sizeof f->log, "%s/flush.%d.log", directory, getpid());
    snprintf(f->lmdb, sizeof f->lmdb, "%s/flush.%d.lmdb", directory, getpid());
    f->fd = open(f->log, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    LQ_ASSERT(f->fd >= 0);
    open_lmdb(f);
    return f;
}

void flush_close(struct flush *f)
{
    char path[600];
    mdb_env_close(f->env);
    close(f->fd);
    unlink(f->log);
    snprintf(path, sizeof path, "%s/data.mdb", f->lmdb);
    unlink(path);
    snprintf(path, sizeof path, "%s/lock.mdb", f->lmdb);
    unlink(path);
    rmdir(f->lmdb);
    free(f);
}

void flush_file(struct flush *f)
{
    static const char page[4096];
    LQ_ASSERT(pwrite(f->fd, page, sizeof page, f->at) == sizeof page && fdatasync(f->fd) == 0);
    f->at += sizeof page;
}

void flush_lmdb(struct flush *f)
{
    char bytes[200] = {0};
    uint8_t key[8];
    MDB_txn *txn;
    f->count++;
    lq_put_u64(key, f->count);
    MDB_val k = {sizeof key, key}, v = {sizeof bytes, bytes};
    LQ_ASSERT(mdb_txn_begin(f->env, NULL, 0, &txn) == 0);
    LQ_ASSERT(mdb_put(txn, f->table, &k, &v, MDB_APPEND) == 0 && mdb_txn_commit(txn) == 0);
}
