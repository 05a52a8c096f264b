// The LMDB engine: transactions and the journal of an open store, and how full it is. LMDB is
// used in its safest and plainest way: both flushes on each commit, no nested transactions, no
// duplicate keys, no writable map, small transactions. After a failed commit it cannot be trusted;
// store.c then allows nothing but closing.
#include "journal/lmdb/lmdb.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"

enum { READER_CHECK_COMMITS = 256 };

struct seq_key {
    uint8_t bytes[8];
};

static struct seq_key seq_key(uint64_t seq)
{
    struct seq_key key;
    lq_put_u64(key.bytes, seq);
    return key;
}

// ---------------------------------------------------------------- transactions

// A process that was killed while it read (lq verify) would keep its pages from being used again
// for ever. Pages are used up by commits only, so commits are a good enough clock.
static void check_readers(struct lq_lmdb *lmdb)
{
    int dead;
    if (lmdb->commits++ % READER_CHECK_COMMITS == 0)
        mdb_reader_check(lmdb->env, &dead);
}

static enum lq_status lmdb_begin_write(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    LQ_ASSERT(lmdb->owner == getpid());
    check_readers(lmdb);
    const int error = mdb_txn_begin(lmdb->env, NULL, 0, &lmdb->txn);
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "begin to write to");
}

static int renew_reader(struct lq_lmdb *lmdb)
{
    if (lmdb->reader != NULL)
        return mdb_txn_renew(lmdb->reader);
    return mdb_txn_begin(lmdb->env, NULL, MDB_RDONLY, &lmdb->reader);
}

static enum lq_status lmdb_begin_read(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    LQ_ASSERT(lmdb->owner == getpid());
    int error = renew_reader(lmdb);
    if (error == MDB_MAP_RESIZED) { // the writer was started again with a larger map
        error = mdb_env_set_mapsize(lmdb->env, 0);
        if (error == 0)
            error = renew_reader(lmdb);
    }
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "begin to read");
    if (store->readonly) { // the writer's tip moves without our doing
        const enum lq_status status = lq_lmdb_read_tip(lmdb, lmdb->reader, &store->tip);
        if (status != LQ_OK) {
            mdb_txn_reset(lmdb->reader);
            return status;
        }
        store->committed = store->tip;
    }
    lmdb->txn = lmdb->reader;
    return LQ_OK;
}

static void lmdb_end_read(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    for (unsigned i = 0; i < store->table_count; i++)
        if (lmdb->walks[i] != NULL)
            mdb_cursor_close(lmdb->walks[i]);
    memset(lmdb->walks, 0, sizeof lmdb->walks);
    mdb_txn_reset(lmdb->reader);
    lmdb->txn = NULL;
}

static enum lq_status lmdb_commit(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_txn *txn = lmdb->txn;
    lmdb->txn = NULL; // LMDB frees it, whatever comes of it
    const int error = mdb_txn_commit(txn);
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "commit to");
    lq_lmdb_note_durable(lmdb);
    return LQ_OK;
}

void lq_lmdb_note_durable(struct lq_lmdb *lmdb)
{
    MDB_envinfo info;
    LQ_ASSERT(mdb_env_info(lmdb->env, &info) == 0);
    lmdb->durable = info.me_last_txnid;
}

static uint64_t lmdb_durable(struct lq_store *store)
{
    return lq_lmdb_of(store)->durable;
}

static void lmdb_abort(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    if (lmdb->txn != NULL)
        mdb_txn_abort(lmdb->txn);
    lmdb->txn = NULL;
}

static void lmdb_close(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    if (lmdb->reader != NULL)
        mdb_txn_abort(lmdb->reader);
    if (lmdb->env != NULL)
        mdb_env_close(lmdb->env);
    if (lmdb->lock_fd >= 0)
        close(lmdb->lock_fd); // last: whoever gets the lock finds a store that nobody has open
    lq_lmdb_forget(lmdb);
    free(lmdb->directory);
    free(lmdb);
}

// ---------------------------------------------------------------- the journal

static enum lq_status lmdb_append(struct lq_store *store, uint64_t seq, const uint8_t *hash,
                                  struct lq_span record)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    const struct seq_key at = seq_key(seq);
    MDB_val key = lq_lmdb_val(lq_span(at.bytes, sizeof at.bytes));
    MDB_val value = {.mv_size = LQ_HASH_SIZE + record.size};
    const int error = mdb_put(lmdb->txn, lmdb->journal, &key, &value, MDB_APPEND | MDB_RESERVE);
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "append to");
    uint8_t *bytes = value.mv_data;
    memcpy(bytes, hash, LQ_HASH_SIZE);
    if (record.size > 0)
        memcpy(bytes + LQ_HASH_SIZE, record.data, record.size);
    return LQ_OK;
}

static enum lq_status lmdb_record(struct lq_store *store, uint64_t seq, const uint8_t **hash,
                                  struct lq_span *record)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    const struct seq_key at = seq_key(seq);
    MDB_val key = lq_lmdb_val(lq_span(at.bytes, sizeof at.bytes)), value;
    const int error = mdb_get(lmdb->txn, lmdb->journal, &key, &value);
    if (error != 0 && error != MDB_NOTFOUND)
        return lq_lmdb_fault(lmdb, error, "read the journal of");
    if (error == MDB_NOTFOUND || value.mv_size < LQ_HASH_SIZE)
        return lq_fault(LQ_E_CORRUPT, "the journal of %s lacks record %llu", lmdb->directory,
                        (unsigned long long)seq);
    *hash = value.mv_data;
    *record = lq_span(*hash + LQ_HASH_SIZE, value.mv_size - LQ_HASH_SIZE);
    return LQ_OK;
}

static int last_record(const struct lq_lmdb *lmdb, MDB_txn *txn, MDB_val *key, MDB_val *value)
{
    MDB_cursor *cursor;
    int error = mdb_cursor_open(txn, lmdb->journal, &cursor);
    if (error != 0)
        return error;
    error = mdb_cursor_get(cursor, key, value, MDB_LAST);
    mdb_cursor_close(cursor);
    return error;
}

enum lq_status lq_lmdb_read_tip(const struct lq_lmdb *lmdb, MDB_txn *txn, struct lq_store_tip *out)
{
    MDB_stat stat;
    MDB_val key, value;
    *out = (struct lq_store_tip){0};
    int error = mdb_stat(txn, lmdb->journal, &stat);
    if (error == 0)
        error = last_record(lmdb, txn, &key, &value);
    if (error == MDB_NOTFOUND)
        return LQ_OK;
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "read the journal of");
    if (key.mv_size != sizeof(struct seq_key) || value.mv_size < LQ_HASH_SIZE)
        return lq_fault(LQ_E_CORRUPT, "the last record of the journal of %s is not one",
                        lmdb->directory);
    out->seq = lq_get_u64(key.mv_data);
    memcpy(out->hash, value.mv_data, LQ_HASH_SIZE);
    if (stat.ms_entries != out->seq)
        return lq_fault(LQ_E_CORRUPT, "the journal of %s has gaps: %zu records, the last is %llu",
                        lmdb->directory, stat.ms_entries, (unsigned long long)out->seq);
    return LQ_OK;
}

// ---------------------------------------------------------------- how full

// Counts the pages in LMDB's list of free pages (its database 0): each entry begins with how many
// it lists. Some of them may still be held by a reader, and a large value needs several in a row,
// so that the last few per cent cannot be relied on; commands are refused long before.
static size_t free_pages(MDB_txn *txn)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    size_t pages = 0;
    if (mdb_cursor_open(txn, 0, &cursor) != 0)
        return 0;
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        size_t count;
        LQ_ASSERT(value.mv_size >= sizeof count);
        memcpy(&count, value.mv_data, sizeof count);
        pages += count;
    }
    mdb_cursor_close(cursor);
    return pages;
}

// Read in a transaction of its own, since LMDB shows the list of free pages to readers only. The
// answer holds until the next commit.
static struct lq_store_usage lmdb_usage(struct lq_store *store)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_envinfo info;
    MDB_stat stat;
    MDB_txn *txn;
    LQ_ASSERT(mdb_env_info(lmdb->env, &info) == 0 && mdb_env_stat(lmdb->env, &stat) == 0);
    if (info.me_last_txnid == lmdb->usage_txn)
        return lmdb->usage;
    const size_t pages = info.me_last_pgno + 1;
    size_t unused = 0;
    if (mdb_txn_begin(lmdb->env, NULL, MDB_RDONLY, &txn) == 0) {
        unused = free_pages(txn);
        mdb_txn_abort(txn);
    }
    if (unused > pages) // the writer committed in between, and we only read
        unused = pages;
    const uint64_t bytes = (uint64_t)(pages - unused) * stat.ms_psize;
    lmdb->usage = (struct lq_store_usage){bytes, (unsigned)(bytes * 100 / info.me_mapsize)};
    lmdb->usage_txn = info.me_last_txnid;
    return lmdb->usage;
}

static struct lq_store_disk lmdb_disk(struct lq_store *store)
{
    return lq_lmdb_disk(lq_lmdb_of(store));
}

static enum lq_status lmdb_check(struct lq_store *store)
{
    return lq_lmdb_check(lq_lmdb_of(store));
}

const struct lq_store_engine LQ_LMDB_ENGINE = {
    .begin_write = lmdb_begin_write,
    .begin_read = lmdb_begin_read,
    .end_read = lmdb_end_read,
    .commit = lmdb_commit,
    .abort = lmdb_abort,
    .close = lmdb_close,
    .append = lmdb_append,
    .record = lmdb_record,
    .get = lq_lmdb_get,
    .put = lq_lmdb_put,
    .delete = lq_lmdb_delete,
    .next = lq_lmdb_next,
    .previous = lq_lmdb_previous,
    .count = lq_lmdb_count,
    .clear = lq_lmdb_clear,
    .drop_others = lq_lmdb_drop_others,
    .check_tables = lq_lmdb_check_tables,
    .durable = lmdb_durable,
    .usage = lmdb_usage,
    .disk = lmdb_disk,
    .copy = lq_lmdb_copy,
    .check = lmdb_check,
};
