// The tables of an LMDB store: rows by key, and walks over them.
#include "base/assert.h"
#include "journal/lmdb/lmdb.h"

static bool is_made(const struct lq_lmdb *lmdb, unsigned table)
{
    return lmdb->tables[table] != LQ_LMDB_NO_TABLE;
}

bool lq_lmdb_get(struct lq_store *store, unsigned table, struct lq_span key, struct lq_span *value)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_val wanted = lq_lmdb_val(key), got;
    if (!is_made(lmdb, table) ||
        !lq_lmdb_found(lmdb, mdb_get(lmdb->txn, lmdb->tables[table], &wanted, &got)))
        return false;
    *value = lq_lmdb_span(got);
    return true;
}

enum lq_status lq_lmdb_put(struct lq_store *store, unsigned table, struct lq_span key,
                           struct lq_span value)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    // The key may have been read from this very table. LMDB moves the page's entries about before
    // it writes the key, so it gets a copy.
    uint8_t bytes[LQ_KEY_MAX];
    memcpy(bytes, key.data, key.size);
    MDB_val at = {key.size, bytes}, put = lq_lmdb_val(value);
    const int error = mdb_put(lmdb->txn, lmdb->tables[table], &at, &put, 0);
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "write to");
}

enum lq_status lq_lmdb_delete(struct lq_store *store, unsigned table, struct lq_span key)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_val at = lq_lmdb_val(key);
    const int error = mdb_del(lmdb->txn, lmdb->tables[table], &at, NULL);
    return error == 0 || error == MDB_NOTFOUND ? LQ_OK : lq_lmdb_fault(lmdb, error, "write to");
}

static int seek_next(MDB_cursor *cursor, struct lq_span from, bool past, MDB_val *key,
                     MDB_val *value)
{
    if (from.size == 0)
        return mdb_cursor_get(cursor, key, value, MDB_FIRST);
    *key = lq_lmdb_val(from);
    const int error = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);
    if (error == 0 && past && lq_span_equal(lq_lmdb_span(*key), from))
        return mdb_cursor_get(cursor, key, value, MDB_NEXT);
    return error;
}

// A walk over a table asks for the row past the one that it got last: nothing need be searched.
// Only while reading, for no cursor may outlive a write transaction.
static int walk_on(struct lq_lmdb *lmdb, unsigned table, struct lq_span from, bool past,
                   MDB_val *key, MDB_val *value)
{
    MDB_cursor **walk = &lmdb->walks[table];
    if (*walk == NULL)
        LQ_ASSERT(mdb_cursor_open(lmdb->txn, lmdb->tables[table], walk) == 0);
    else if (past && mdb_cursor_get(*walk, key, value, MDB_GET_CURRENT) == 0 &&
             lq_span_equal(lq_lmdb_span(*key), from))
        return mdb_cursor_get(*walk, key, value, MDB_NEXT);
    return seek_next(*walk, from, past, key, value);
}

static int find_next(struct lq_lmdb *lmdb, unsigned table, struct lq_span from, bool past,
                     MDB_val *key, MDB_val *value)
{
    MDB_cursor *cursor;
    LQ_ASSERT(mdb_cursor_open(lmdb->txn, lmdb->tables[table], &cursor) == 0);
    const int error = seek_next(cursor, from, past, key, value);
    mdb_cursor_close(cursor);
    return error;
}

bool lq_lmdb_next(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                  struct lq_span *key, struct lq_span *value)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_val k, v;
    if (!is_made(lmdb, table))
        return false;
    const int error = store->mode == LQ_STORE_READING ? walk_on(lmdb, table, from, past, &k, &v)
                                                      : find_next(lmdb, table, from, past, &k, &v);
    if (!lq_lmdb_found(lmdb, error))
        return false;
    *key = lq_lmdb_span(k);
    *value = lq_lmdb_span(v);
    return true;
}

static int seek_previous(MDB_cursor *cursor, struct lq_span before, MDB_val *key, MDB_val *value)
{
    if (before.size == 0)
        return mdb_cursor_get(cursor, key, value, MDB_LAST);
    *key = lq_lmdb_val(before);
    const int error = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);
    if (error == MDB_NOTFOUND)
        return mdb_cursor_get(cursor, key, value, MDB_LAST);
    return error == 0 ? mdb_cursor_get(cursor, key, value, MDB_PREV) : error;
}

bool lq_lmdb_previous(struct lq_store *store, unsigned table, struct lq_span before,
                      struct lq_span *key, struct lq_span *value)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_cursor *cursor;
    MDB_val k, v;
    if (!is_made(lmdb, table))
        return false;
    LQ_ASSERT(mdb_cursor_open(lmdb->txn, lmdb->tables[table], &cursor) == 0);
    const int error = seek_previous(cursor, before, &k, &v);
    mdb_cursor_close(cursor);
    if (!lq_lmdb_found(lmdb, error))
        return false;
    *key = lq_lmdb_span(k);
    *value = lq_lmdb_span(v);
    return true;
}

uint64_t lq_lmdb_count(struct lq_store *store, unsigned table)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_stat stat;
    if (!is_made(lmdb, table))
        return 0;
    LQ_ASSERT(mdb_stat(lmdb->txn, lmdb->tables[table], &stat) == 0);
    return stat.ms_entries;
}
