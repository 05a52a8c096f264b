// The LMDB engine's own struct, shared by the files here: open.c makes, checks and opens
// a store, engine.c reads and writes it, check.c looks at its pages.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include "journal/engine.h"

struct lq_lmdb {
    struct lq_store base;
    struct lq_lmdb *next_open; // in the list of those that this process has open
    uint64_t device, inode;    // of the directory: what the list is searched by
    char *directory;
    int lock_fd;     // holds owner.lock; -1 when read-only
    pid_t owner;     // the process that opened it: an environment must not cross a fork
    MDB_env *env;    // NULL until opened
    MDB_txn *txn;    // the open transaction, or NULL
    MDB_txn *reader; // the one read transaction, kept reset between uses; NULL before the first
    MDB_dbi journal; // seq, 8 bytes, most significant first -> hash, record
    MDB_dbi tables[LQ_STORE_TABLES];
    MDB_cursor *walks[LQ_STORE_TABLES]; // of the read transaction: where a walk is, or NULL
    unsigned commits;                   // since the table of readers was last looked through
    size_t usage_txn;                   // the transaction that `usage` was counted at
    struct lq_store_usage usage;
};

extern const struct lq_store_engine LQ_LMDB_ENGINE;

// Puts LMDB's error into our words: which store, what was being done, and what to do about it.
LQ_MUST_CHECK enum lq_status lq_lmdb_fault(const struct lq_lmdb *lmdb, int error,
                                           const char *doing);

// check.c. The heads alone (quick, at each opening), or every page (lq_store_check).
// LQ_E_CORRUPT with the words of what is wrong.
LQ_MUST_CHECK enum lq_status lq_lmdb_check_heads(const struct lq_lmdb *lmdb);
LQ_MUST_CHECK enum lq_status lq_lmdb_check(struct lq_lmdb *lmdb);

// Takes the store out of the list of those that this process has open.
void lq_lmdb_forget(struct lq_lmdb *lmdb);

// Reads the journal's last record, and checks that the journal has no gaps.
LQ_MUST_CHECK enum lq_status lq_lmdb_read_tip(const struct lq_lmdb *lmdb, MDB_txn *txn,
                                              struct lq_store_tip *out);
