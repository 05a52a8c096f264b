// An LMDB store: the struct that the files of this engine share, and what each of them offers the
// others. make.c makes a store, open.c opens it, format.c knows its named databases, engine.c has
// transactions and the journal, tables.c the tables, check.c looks at its pages, copy.c
// copies it, and disk.c looks at the file system that it lies on.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include "journal/engine.h"

// The number of LMDB's own list of free pages: no table has it.
enum { LQ_LMDB_NO_TABLE = 0 };

struct lq_lmdb {
    struct lq_store base;
    struct lq_lmdb *next_open; // in the list of those that this process has open
    uint64_t device, inode;    // of the directory: what the list is searched by
    char *directory;
    uint64_t max_bytes; // the largest the file may grow; sparse, costs nothing until used
    int lock_fd;        // holds owner.lock; -1 when read-only
    pid_t owner;        // the process that opened it: an environment must not cross a fork
    MDB_env *env;       // NULL until opened
    MDB_txn *txn;       // the open transaction, or NULL
    MDB_txn *reader;    // the one read transaction, kept reset between uses; NULL before the first
    MDB_dbi journal;    // seq, 8 bytes, most significant first -> hash, record
    MDB_dbi format;     // what this file is, and the names of its tables
    const char *names[LQ_STORE_TABLES]; // of the plan's tables
    MDB_dbi tables[LQ_STORE_TABLES];    // LQ_LMDB_NO_TABLE: not made yet, and so empty
    MDB_cursor *walks[LQ_STORE_TABLES]; // of the read transaction: where a walk is, or NULL
    uint64_t durable;                   // the last transaction that is known to be
    unsigned commits;                   // since the table of readers was last looked through
    size_t usage_txn;                   // the transaction that `usage` was counted at
    struct lq_store_usage usage;
};

extern const struct lq_store_engine LQ_LMDB_ENGINE;

static inline struct lq_lmdb *lq_lmdb_of(struct lq_store *store)
{
    return (struct lq_lmdb *)store;
}

// LMDB's values are not const, though it does not write to keys and values that it is given.
static inline MDB_val lq_lmdb_val(struct lq_span span)
{
    return (MDB_val){span.size, (void *)(uintptr_t)span.data};
}

static inline struct lq_span lq_lmdb_span(MDB_val val)
{
    return lq_span(val.mv_data, val.mv_size);
}

// fault.c. LMDB's error as a fault.
LQ_MUST_CHECK enum lq_status lq_lmdb_fault(const struct lq_lmdb *lmdb, int error,
                                           const char *doing);

// True if LMDB found it, false if it is not there. A read that fails has no answer to give, and
// nobody can go on from there: it ends the process; what is durable stays as it is.
bool lq_lmdb_found(const struct lq_lmdb *lmdb, int error);

// LQ_E_CORRUPT: the directory or file is of something else.
LQ_MUST_CHECK enum lq_status lq_lmdb_not_a_store(const struct lq_lmdb *lmdb, const char *why);

// engine.c. Notes that the last transaction is durable.
void lq_lmdb_note_durable(struct lq_lmdb *lmdb);

// open.c. LMDB's environment, in a directory that exists; flags as for mdb_env_open.
LQ_MUST_CHECK enum lq_status lq_lmdb_open_env(struct lq_lmdb *lmdb, const char *directory,
                                              unsigned flags);
void lq_lmdb_close_env(struct lq_lmdb *lmdb);

// make.c. Makes the store in its directory if there is none.
LQ_MUST_CHECK enum lq_status lq_lmdb_make_if_missing(struct lq_lmdb *lmdb);

// format.c. Writes the databases of a new, empty store, or opens those of an existing one.
LQ_MUST_CHECK enum lq_status lq_lmdb_write_format(const struct lq_lmdb *lmdb);
LQ_MUST_CHECK enum lq_status lq_lmdb_open_databases(struct lq_lmdb *lmdb,
                                                    const struct lq_store_plan *plan);
enum lq_status lq_lmdb_drop_others(struct lq_store *store);
enum lq_status lq_lmdb_check_tables(struct lq_store *store);

// tables.c. As in struct lq_store_engine.
bool lq_lmdb_get(struct lq_store *store, unsigned table, struct lq_span key, struct lq_span *value);
enum lq_status lq_lmdb_put(struct lq_store *store, unsigned table, struct lq_span key,
                           struct lq_span value);
enum lq_status lq_lmdb_delete(struct lq_store *store, unsigned table, struct lq_span key);
bool lq_lmdb_next(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                  struct lq_span *key, struct lq_span *value);
bool lq_lmdb_previous(struct lq_store *store, unsigned table, struct lq_span before,
                      struct lq_span *key, struct lq_span *value);
uint64_t lq_lmdb_count(struct lq_store *store, unsigned table);
enum lq_status lq_lmdb_clear(struct lq_store *store, unsigned table);

// check.c. The heads alone (quick, at each opening), or every page (lq_store_check).
// LQ_E_CORRUPT with the words of what is wrong.
LQ_MUST_CHECK enum lq_status lq_lmdb_check_heads(const struct lq_lmdb *lmdb);
LQ_MUST_CHECK enum lq_status lq_lmdb_check(struct lq_lmdb *lmdb);

// disk.c. As in struct lq_store_engine; also of a store whose write has failed.
struct lq_store_disk lq_lmdb_disk(const struct lq_lmdb *lmdb);

// copy.c. As in struct lq_store_engine.
enum lq_status lq_lmdb_copy(struct lq_store *store, const char *directory);

// Takes the store out of the list of those that this process has open.
void lq_lmdb_forget(struct lq_lmdb *lmdb);

// Reads the journal's last record, and checks that the journal has no gaps.
LQ_MUST_CHECK enum lq_status lq_lmdb_read_tip(const struct lq_lmdb *lmdb, MDB_txn *txn,
                                              struct lq_store_tip *out);
