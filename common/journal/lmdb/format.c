// The named databases of a store's file: `format` says what it is, `journal` holds the records, and
// each table has one of its own name.
#include <stdio.h>

#include "journal/lmdb/lmdb.h"

#define FORMAT "lianqin 2" // of the named databases and of the journal's values

static MDB_val text_val(const char *text)
{
    return (MDB_val){strlen(text), (void *)(uintptr_t)text};
}

// `format` holds the version, and the name of each table that was ever made: a table that is
// listed but not there was lost.
static int write_databases(const struct lq_lmdb *lmdb)
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

enum lq_status lq_lmdb_write_format(const struct lq_lmdb *lmdb)
{
    const int error = write_databases(lmdb);
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "make the store");
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
        return lq_lmdb_not_a_store(lmdb, "its data.mdb is of something else");
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "read the store");
}

// Tables come with new versions: one that the store does not list yet is made, and has no rows for
// who only reads.
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
        *out = LQ_LMDB_NO_TABLE;
        error = 0;
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

enum lq_status lq_lmdb_open_databases(struct lq_lmdb *lmdb, const struct lq_store_plan *plan)
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
