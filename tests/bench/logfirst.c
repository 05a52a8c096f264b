// A batch of records made durable in five ways, in turns: as the journal does it (one LMDB commit),
// and as lines of a log that is written once and flushed once. The log is tried growing, on space
// that was only set aside (the file system must still note that it is in use), and on space that
// was written before, which is the only one where the flush has no metadata to write. The last way
// is the whole proposal: such a log, then the same rows in an LMDB that is not flushed.
#include "logfirst.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "measure.h"
#include "wire.h"

enum { RECORD = 200, MOST = 200, LOG_BYTES = 64 << 20, SIZES = 4, WAYS = 5 };
enum way { LMDB, LOG_GROWING, LOG_RESERVED, LOG_WRITTEN, LOG_THEN_TABLES };

static const char *const NAMES[WAYS] = {"lmdb", "growing", "reserved", "written", "log_first"};
static const unsigned BATCHES[SIZES] = {1, 16, 64, 200};

// One way's files. Each has its own, so that none flushes what another wrote.
struct place {
    enum way way;
    char path[600];
    int fd;
    off_t at;
    MDB_env *env;
    MDB_dbi table;
    uint64_t seq;
    uint8_t hash[32];
};

// What a line of the log is: the head tells where it ends and whether it is whole.
struct head {
    uint32_t size, sum;
    uint64_t seq;
    uint8_t hash[32]; // of the record before and this one
};

// ---------------------------------------------------------------- the log

static void open_log(struct place *p)
{
    static uint8_t zeros[1 << 20];
    p->fd = open(p->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    LQ_ASSERT(p->fd >= 0);
    if (p->way == LOG_RESERVED)
        LQ_ASSERT(posix_fallocate(p->fd, 0, LOG_BYTES) == 0);
    for (off_t at = 0; at < LOG_BYTES && p->way >= LOG_WRITTEN; at += (off_t)sizeof zeros)
        LQ_ASSERT(pwrite(p->fd, zeros, sizeof zeros, at) == (ssize_t)sizeof zeros);
    LQ_ASSERT(fsync(p->fd) == 0);
}

static void next_record(struct place *p, struct head *head, uint8_t record[RECORD])
{
    memset(record, (int)(p->seq & 0xff), RECORD);
    head->seq = ++p->seq;
    head->size = RECORD;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof p->hash);
    crypto_generichash_update(&state, p->hash, sizeof p->hash);
    crypto_generichash_update(&state, record, RECORD);
    crypto_generichash_final(&state, p->hash, sizeof p->hash);
    memcpy(head->hash, p->hash, sizeof head->hash);
    memcpy(&head->sum, p->hash, sizeof head->sum);
}

// The whole batch in one write and one flush.
static void append(struct place *p, unsigned count)
{
    static uint8_t bytes[MOST * (sizeof(struct head) + RECORD)];
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        struct head head;
        next_record(p, &head, bytes + size + sizeof head);
        memcpy(bytes + size, &head, sizeof head);
        size += sizeof head + RECORD;
    }
    if (p->way != LOG_GROWING && p->at + (off_t)size > LOG_BYTES)
        p->at = 0; // the next segment: it was made ready before
    LQ_ASSERT(pwrite(p->fd, bytes, size, p->at) == (ssize_t)size && fdatasync(p->fd) == 0);
    p->at += (off_t)size;
}

// ---------------------------------------------------------------- LMDB

static void open_lmdb(struct place *p, unsigned flags)
{
    MDB_txn *txn;
    LQ_ASSERT(mdb_env_create(&p->env) == 0 && mdb_env_set_mapsize(p->env, 4ul << 30) == 0);
    char path[640];
    snprintf(path, sizeof path, "%s.mdb", p->path);
    LQ_ASSERT(mdb_env_open(p->env, path, MDB_NOSUBDIR | flags, 0600) == 0);
    LQ_ASSERT(mdb_txn_begin(p->env, NULL, 0, &txn) == 0);
    LQ_ASSERT(mdb_dbi_open(txn, NULL, 0, &p->table) == 0 && mdb_txn_commit(txn) == 0);
}

// The rows of a batch in one transaction; those of a log-first place were hashed for the log.
static void commit(struct place *p, unsigned count, uint64_t first)
{
    MDB_txn *txn;
    LQ_ASSERT(mdb_txn_begin(p->env, NULL, 0, &txn) == 0);
    for (unsigned i = 0; i < count; i++) {
        uint8_t key[8], row[32 + RECORD];
        struct head head;
        if (p->way == LMDB)
            next_record(p, &head, row + 32);
        else
            memset(row + 32, (int)((first + i) & 0xff), RECORD);
        memcpy(row, p->hash, 32);
        const uint64_t seq = first + i + 1;
        for (int b = 0; b < 8; b++)
            key[b] = (uint8_t)(seq >> (8 * (7 - b)));
        MDB_val k = {sizeof key, key}, v = {sizeof row, row};
        LQ_ASSERT(mdb_put(txn, p->table, &k, &v, MDB_APPEND) == 0);
    }
    LQ_ASSERT(mdb_txn_commit(txn) == 0);
}

// ---------------------------------------------------------------- in turns

static void open_place(struct place *p, const char *directory, enum way way)
{
    *p = (struct place){.way = way, .fd = -1};
    snprintf(p->path, sizeof p->path, "%s/logfirst.%d.%s", directory, getpid(), NAMES[way]);
    if (way != LMDB)
        open_log(p);
    if (way == LMDB)
        open_lmdb(p, 0);
    else if (way == LOG_THEN_TABLES)
        open_lmdb(p, MDB_NOSYNC);
}

static void close_place(struct place *p)
{
    static const char *const suffixes[] = {"", ".mdb", ".mdb-lock"};
    if (p->env != NULL)
        mdb_env_close(p->env);
    if (p->fd >= 0)
        close(p->fd);
    for (int i = 0; i < 3; i++) {
        char path[640];
        snprintf(path, sizeof path, "%s%s", p->path, suffixes[i]);
        unlink(path);
    }
}

static void take_batch(struct place *p, unsigned count)
{
    const uint64_t first = p->seq;
    if (p->way != LMDB)
        append(p, count);
    if (p->env != NULL)
        commit(p, count, first);
}

void log_first(const char *directory, unsigned rounds)
{
    static struct place places[WAYS];
    for (int way = 0; way < WAYS; way++)
        open_place(&places[way], directory, (enum way)way);
    for (int size = 0; size < SIZES; size++) {
        struct samples times[WAYS] = {0};
        for (unsigned i = 0; i < rounds; i++)
            for (int way = 0; way < WAYS; way++) {
                const double began = wire_now();
                take_batch(&places[way], BATCHES[size]);
                samples_add(&times[way], wire_now() - began);
            }
        for (int way = 0; way < WAYS; way++) {
            char what[64];
            snprintf(what, sizeof what, "log.%s.%u", NAMES[way], BATCHES[size]);
            tell_samples(what, &times[way]);
        }
    }
    for (int way = 0; way < WAYS; way++)
        close_place(&places[way]);
}
