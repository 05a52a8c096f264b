// The named databases of a store's file: `format` says what it is, `journal` holds the records, and
// each table has one of its own name.
#include <stdio.h>

#include "journal/lmdb/lmdb.h"

#define FORMAT "lianqin 2" // of the named databases and of the journal's values
#define TABLE "table "     // and a name: a word of `format` that lists a table

static MDB_val text_val(const char *text)
{
    return (MDB_val){strlen(text), (void *)(uintptr_t)text};
}

static enum lq_status has_lost(const struct lq_lmdb *lmdb, const char *name, size_t size)
{
    return lq_fault(LQ_E_CORRUPT, "the store %s has lost its table '%.*s'", lmdb->directory,
                    size < 80 ? (int)size : 80, name);
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

static enum lq_status check_format(struct lq_lmdb *lmdb, MDB_txn *txn)
{
    MDB_val key = text_val("version"), value;
    int error = mdb_dbi_open(txn, "format", 0, &lmdb->format);
    if (error == 0)
        error = mdb_get(txn, lmdb->format, &key, &value);
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
static enum lq_status open_table(struct lq_lmdb *lmdb, MDB_txn *txn, const char *name, MDB_dbi *out)
{
    char listed[LQ_KEY_MAX];
    snprintf(listed, sizeof listed, TABLE "%s", name);
    MDB_val key = text_val(listed), value = text_val("");
    int error = mdb_get(txn, lmdb->format, &key, &value);
    if (error == 0) {
        error = mdb_dbi_open(txn, name, 0, out);
        if (error == MDB_NOTFOUND)
            return has_lost(lmdb, name, strlen(name));
    } else if (error == MDB_NOTFOUND && lmdb->base.readonly) {
        *out = LQ_LMDB_NO_TABLE;
        error = 0;
    } else if (error == MDB_NOTFOUND) {
        error = mdb_put(txn, lmdb->format, &key, &value, 0);
        if (error == 0)
            error = mdb_dbi_open(txn, name, MDB_CREATE, out);
    }
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "open the tables of");
}

// What a writer finds need not be durable: the process before may have been killed, or its disk may
// have failed, between writing the last commit's root and hearing that it is on the disk. We would
// tell people of it, and a power cut would take it back. A commit of our own settles that: its root
// goes to the other place, and it is durable or the store does not open. (There is nothing to
// settle where it is this process that has heard so of the last commit.)
static int settle(const struct lq_lmdb *lmdb, MDB_txn *txn)
{
    MDB_val key = text_val("opened"), value = text_val("");
    if (lmdb->base.readonly || (lmdb->durable != 0 && mdb_txn_id(txn) == lmdb->durable + 1))
        return 0;
    return mdb_put(txn, lmdb->format, &key, &value, 0);
}

// ---------------------------------------------------------------- what `format` lists

// The name in a word that lists a table; empty if it is another word.
static struct lq_span listed_table(MDB_val key, MDB_val value)
{
    const size_t size = strlen(TABLE);
    if (value.mv_size != 0 || key.mv_size <= size || memcmp(key.mv_data, TABLE, size) != 0)
        return lq_span(NULL, 0);
    return lq_span((const uint8_t *)key.mv_data + size, key.mv_size - size);
}

static bool is_planned(const struct lq_lmdb *lmdb, struct lq_span name)
{
    for (unsigned i = 0; i < lmdb->base.table_count; i++)
        if (lq_span_equal(name, lq_span_text(lmdb->names[i])))
            return true;
    return false;
}

static enum lq_status check_word(const struct lq_lmdb *lmdb, MDB_txn *txn, MDB_val key,
                                 MDB_val value)
{
    const struct lq_span word = lq_lmdb_span(key), name = listed_table(key, value);
    if (lq_span_equal(word, lq_span_text("version")) ||
        (lq_span_equal(word, lq_span_text("opened")) && value.mv_size == 0))
        return LQ_OK;
    if (name.size == 0)
        return lq_fault(LQ_E_CORRUPT, "the store %s lists '%.*s', which this version does not know",
                        lmdb->directory, word.size < 80 ? (int)word.size : 80,
                        (const char *)word.data);
    MDB_dbi databases;
    MDB_val at = lq_lmdb_val(name), database;
    int error = mdb_dbi_open(txn, NULL, 0, &databases); // the one that holds all others
    if (error == 0)
        error = mdb_get(txn, databases, &at, &database);
    if (error == MDB_NOTFOUND)
        return has_lost(lmdb, (const char *)name.data, name.size);
    return error == 0 ? LQ_OK : lq_lmdb_fault(lmdb, error, "read the store");
}

// Who verifies a store wants to hear of a word in `format` that nobody wrote. Another version may
// have written a table's name, but then the table is there too.
static enum lq_status check_words(const struct lq_lmdb *lmdb, MDB_txn *txn)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    enum lq_status status = LQ_OK;
    int error = mdb_cursor_open(txn, lmdb->format, &cursor);
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "read the store");
    while (status == LQ_OK && (error = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        status = check_word(lmdb, txn, key, value);
    mdb_cursor_close(cursor);
    if (status == LQ_OK && error != MDB_NOTFOUND)
        status = lq_lmdb_fault(lmdb, error, "read the store");
    return status;
}

// Finds a table that is listed, but not planned; MDB_NOTFOUND if there is none.
static int find_other(const struct lq_lmdb *lmdb, MDB_val *key)
{
    MDB_cursor *cursor;
    MDB_val value;
    struct lq_span name = {0};
    int error = mdb_cursor_open(lmdb->txn, lmdb->format, &cursor);
    if (error != 0)
        return error;
    while ((error = mdb_cursor_get(cursor, key, &value, MDB_NEXT)) == 0) {
        name = listed_table(*key, value);
        if (name.size > 0 && !is_planned(lmdb, name))
            break;
    }
    mdb_cursor_close(cursor);
    return error;
}

enum lq_status lq_lmdb_check_tables(struct lq_store *store)
{
    const struct lq_lmdb *lmdb = lq_lmdb_of(store);
    for (unsigned i = 0; i < store->table_count; i++)
        if (lmdb->tables[i] == LQ_LMDB_NO_TABLE)
            return has_lost(lmdb, lmdb->names[i], strlen(lmdb->names[i]));
    return LQ_OK;
}

static int drop(const struct lq_lmdb *lmdb, MDB_val key)
{
    MDB_dbi table;
    char word[LQ_KEY_MAX * 3]; // LMDB's own limit of a key is below it
    if (key.mv_size >= sizeof word)
        return MDB_BAD_VALSIZE;
    memcpy(word, key.mv_data, key.mv_size);
    word[key.mv_size] = '\0';
    int error = mdb_dbi_open(lmdb->txn, word + strlen(TABLE), 0, &table);
    if (error == 0)
        error = mdb_drop(lmdb->txn, table, 1);
    if (error == 0 || error == MDB_NOTFOUND) {
        key.mv_data = word; // not the page's own bytes: LMDB changes the page
        error = mdb_del(lmdb->txn, lmdb->format, &key, NULL);
    }
    return error;
}

enum lq_status lq_lmdb_drop_others(struct lq_store *store)
{
    const struct lq_lmdb *lmdb = lq_lmdb_of(store);
    MDB_val other;
    int error;
    while ((error = find_other(lmdb, &other)) == 0)
        if ((error = drop(lmdb, other)) != 0)
            break;
    return error == MDB_NOTFOUND ? LQ_OK : lq_lmdb_fault(lmdb, error, "remove a table of");
}

// ---------------------------------------------------------------- opening

enum lq_status lq_lmdb_open_databases(struct lq_lmdb *lmdb, const struct lq_store_plan *plan)
{
    MDB_txn *txn;
    int error = mdb_txn_begin(lmdb->env, NULL, lmdb->base.readonly ? MDB_RDONLY : 0, &txn);
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "read the store");
    enum lq_status status = check_format(lmdb, txn);
    for (unsigned i = 0; status == LQ_OK && i < plan->table_count; i++)
        status = open_table(lmdb, txn, plan->tables[i], &lmdb->tables[i]);
    if (status == LQ_OK && lmdb->base.readonly)
        status = check_words(lmdb, txn);
    if (status == LQ_OK)
        status = lq_lmdb_read_tip(lmdb, txn, &lmdb->base.tip);
    if (status == LQ_OK && (error = settle(lmdb, txn)) != 0)
        status = lq_lmdb_fault(lmdb, error, "open");
    if (status != LQ_OK) {
        mdb_txn_abort(txn);
        return status;
    }
    lmdb->base.committed = lmdb->base.tip;
    error = mdb_txn_commit(txn); // a reader's too, or the handles would be lost
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "open the tables of");
    if (!lmdb->base.readonly)
        lq_lmdb_note_durable(lmdb);
    return LQ_OK;
}
