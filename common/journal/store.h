// The store of one stream: its journal (seq -> record, append only), and the tables that are the
// journal's cache. One writer, one thread. All that one batch does happens between begin_write and
// commit, and is durable or absent as a whole.
//
// Two engines implement it: LMDB, the embedded default, and memory, for verification.
#pragma once

#include <stdbool.h>

#include "base/span.h"
#include "base/status.h"

enum { LQ_HASH_SIZE = 32, LQ_KEY_MAX = 255, LQ_STORE_TABLES = 48 };

struct lq_store;

// What a store holds: the same for every engine.
struct lq_store_plan {
    // Names of the tables, at most LQ_STORE_TABLES; the index is the id. The texts must live as
    // long as the store.
    const char *const *tables;
    unsigned table_count;
};

// What an engine is told about how to keep it; each takes what concerns it.
struct lq_store_options {
    uint64_t max_bytes; // the largest it may grow. lmdb: must be given; memory: 0 is without limit
    uint64_t durable;   // lq_store_durable of the store that this process had open here; 0: none.
                        // Where it still is the last commit, opening writes nothing: there may be
                        // no room to write
};

// Opens or creates a store. The URL says which engine keeps it, and where:
//   lmdb:DIRECTORY   a directory of its own, whose parent must exist. It is created under a
//                    temporary name, flushed and renamed: a crash leaves a whole store or none.
//   memory:          an empty store of this process. It survives lq_store_crash, not
//   lq_store_close.
// Tables that another version did not know are made, those that this one does not know stay (see
// lq_store_drop_others). LQ_E_INPUT if no engine takes the URL,
// LQ_E_BUSY if another process (or this one) holds it, LQ_E_CORRUPT if it is not a store or of
// another format, LQ_E_FULL, LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_store_open(const char *url, const struct lq_store_plan *plan,
                                           const struct lq_store_options *options,
                                           struct lq_store **out);

// Opens an existing store only to read it, beside its writer in another process (lq verify).
// LQ_E_MISSING if there is none. A table that its writer, another version, did not make is empty.
LQ_MUST_CHECK enum lq_status lq_store_open_readonly(const char *url,
                                                    const struct lq_store_plan *plan,
                                                    const struct lq_store_options *options,
                                                    struct lq_store **out);

// The same as opening "memory:" without a limit, but cannot fail.
struct lq_store *lq_store_new_memory(const struct lq_store_plan *plan);

// Ends a transaction that is open without effect, and gives everything back.
void lq_store_close(struct lq_store *store);

// What a crash does: the open write transaction is undone, what was committed stays.
void lq_store_crash(struct lq_store *store);

// ---------------------------------------------------------------- transactions

// At most one transaction is open at a time. Reads outside one are a bug. Spans that are read
// point into the store and are valid until the next write or the transaction's end.
LQ_MUST_CHECK enum lq_status lq_store_begin_write(struct lq_store *store);
LQ_MUST_CHECK enum lq_status
lq_store_begin_read(struct lq_store *store); // a snapshot of committed state
void lq_store_end_read(struct lq_store *store);

// Returns once everything is durable. After a failure nothing more may be done with the store: the
// process ends (LMDB 0.9's next commit would succeed on lost pages).
LQ_MUST_CHECK enum lq_status lq_store_commit(struct lq_store *store);

// The last commit that this process knows to be durable, to open the store again after a failure; 0
// if the engine has no use for it.
uint64_t lq_store_durable(struct lq_store *store);

// ---------------------------------------------------------------- the journal

// Appends the record whose number must be tip + 1 (anything else is a bug).
LQ_MUST_CHECK enum lq_status lq_store_append(struct lq_store *store, uint64_t seq,
                                             const uint8_t hash[LQ_HASH_SIZE],
                                             struct lq_span record);

// Reads a record; LQ_E_MISSING past the tip.
LQ_MUST_CHECK enum lq_status lq_store_record(struct lq_store *store, uint64_t seq,
                                             const uint8_t **hash, struct lq_span *record);

// The last record's number and hash; 0 and zeros for an empty journal. Costs nothing, and may be
// asked outside a transaction too: it is then that of the last commit (read-only: last begin_read).
uint64_t lq_store_tip(struct lq_store *store, uint8_t hash[LQ_HASH_SIZE]);

// ---------------------------------------------------------------- tables

// Keys are 1..LQ_KEY_MAX bytes and sort as memcmp does, a prefix before what it begins. A key that
// was read may be handed back as it is; a value that is put may not point into the store. Deleting
// what is not there does nothing. If a table cannot be read (disk, broken page), the process ends.
bool lq_store_get(struct lq_store *store, unsigned table, struct lq_span key,
                  struct lq_span *value);
LQ_MUST_CHECK enum lq_status lq_store_put(struct lq_store *store, unsigned table,
                                          struct lq_span key, struct lq_span value);
LQ_MUST_CHECK enum lq_status lq_store_delete(struct lq_store *store, unsigned table,
                                             struct lq_span key);

// The first entry whose key is >= from (or > from where `past`); false at the table's end.
bool lq_store_next(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                   struct lq_span *key, struct lq_span *value);

// The last entry whose key is < before (the last of all where before is empty); false if none.
bool lq_store_previous(struct lq_store *store, unsigned table, struct lq_span before,
                       struct lq_span *key, struct lq_span *value);

// How many entries the table has. Costs nothing.
uint64_t lq_store_count(struct lq_store *store, unsigned table);

// Empties a table (a rebuild from the journal starts so).
LQ_MUST_CHECK enum lq_status lq_store_clear(struct lq_store *store, unsigned table);

// Removes the tables that the plan does not have: another version's.
LQ_MUST_CHECK enum lq_status lq_store_drop_others(struct lq_store *store);

// LQ_E_CORRUPT if the store lacks a table of the plan. Who opened it for writing has made those
// that were missing, but who only reads may ask whether its writer can have been of this version.
// (More tables it may have: a version that was started and could not go on has made them.)
LQ_MUST_CHECK enum lq_status lq_store_check_tables(struct lq_store *store);

// ---------------------------------------------------------------- how full

// As of the last commit; the pages of the file that are free to be used again are not counted.
struct lq_store_usage {
    uint64_t bytes;   // used
    unsigned percent; // of the largest it may be; commands are refused above 80
};

struct lq_store_usage lq_store_usage(struct lq_store *store);

// The file system that the store lies on. Others write there too, so that it is asked each time.
struct lq_store_disk {
    uint64_t id;         // on one machine, another one for each file system
    uint64_t bytes;      // its size; 0: the store lies on none, or it cannot be told
    uint64_t free_bytes; // of it that this process may still use
};

struct lq_store_disk lq_store_disk(struct lq_store *store);

// ---------------------------------------------------------------- a copy

// Copies what is committed, as of one moment, into a new store in this directory, which must exist
// and be empty; beside the writer, and without the pages that are free. Durable once it returns;
// after a failure what is there is of no use. Outside a transaction. LQ_E_INPUT if the engine keeps
// nothing that could be copied, LQ_E_FULL, LQ_E_IO, LQ_E_CORRUPT.
LQ_MUST_CHECK enum lq_status lq_store_copy(struct lq_store *store, const char *directory);

// ---------------------------------------------------------------- is it whole

// Looks at every page of the last commit's file: that each tree is one, and that each page is used
// exactly once. (At each opening only the heads are looked at.) What the records say is not its
// concern: see runtime/verify.h. Outside a transaction. LQ_E_CORRUPT with what is wrong.
LQ_MUST_CHECK enum lq_status lq_store_check(struct lq_store *store);
