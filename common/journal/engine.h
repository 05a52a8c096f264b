// The interface of an engine to store.c: store.c checks that the store is used as store.h says and
// keeps the tip; an engine only stores. A new engine is a folder with these functions, a driver
// that opens it, and a line in open.c.
#pragma once

#include "journal/store.h"

enum lq_store_mode { LQ_STORE_IDLE, LQ_STORE_READING, LQ_STORE_WRITING };

struct lq_store_tip {
    uint64_t seq;
    uint8_t hash[LQ_HASH_SIZE];
};

// Every function may rely on the mode, the table id, the seq and the key sizes being right. A
// span of a key is 1..LQ_KEY_MAX bytes, but `from` and `before` may be empty.
struct lq_store_engine {
    enum lq_status (*begin_write)(struct lq_store *store);
    enum lq_status (*begin_read)(struct lq_store *store);
    void (*end_read)(struct lq_store *store);
    enum lq_status (*commit)(struct lq_store *store);
    void (*abort)(struct lq_store *store); // undoes the write transaction, also after a failure
    void (*close)(struct lq_store *store); // no transaction is open
    enum lq_status (*append)(struct lq_store *store, uint64_t seq, const uint8_t *hash,
                             struct lq_span record);
    enum lq_status (*record)(struct lq_store *store, uint64_t seq, const uint8_t **hash,
                             struct lq_span *record); // 1 <= seq <= tip
    bool (*get)(struct lq_store *store, unsigned table, struct lq_span key, struct lq_span *value);
    enum lq_status (*put)(struct lq_store *store, unsigned table, struct lq_span key,
                          struct lq_span value);
    enum lq_status (*delete)(struct lq_store *store, unsigned table, struct lq_span key);
    bool (*next)(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                 struct lq_span *key, struct lq_span *value);
    bool (*previous)(struct lq_store *store, unsigned table, struct lq_span before,
                     struct lq_span *key, struct lq_span *value);
    uint64_t (*count)(struct lq_store *store, unsigned table);
    enum lq_status (*clear)(struct lq_store *store, unsigned table);
    enum lq_status (*drop_others)(struct lq_store *store);  // NULL: there can be no others
    enum lq_status (*check_tables)(struct lq_store *store); // NULL: it has those of the plan
    uint64_t (*durable)(struct lq_store *store);            // NULL: 0; also after a failure
    struct lq_store_usage (*usage)(struct lq_store *store);
    struct lq_store_disk (*disk)(struct lq_store *store);                  // NULL: it lies on none
    enum lq_status (*copy)(struct lq_store *store, const char *directory); // NULL: it cannot
    enum lq_status (*check)(struct lq_store *store); // NULL: there is no file that could be damaged
};

// The first member of each engine's own struct.
struct lq_store {
    const struct lq_store_engine *engine;
    enum lq_store_mode mode;
    bool readonly;
    bool failed; // a write or commit failed: nothing but closing is left
    unsigned table_count;
    struct lq_store_tip tip;       // with what the open transaction appended
    struct lq_store_tip committed; // without
};

// How stores of one kind are opened: "lmdb:PATH" is opened by the driver of the scheme "lmdb",
// which gets the PATH. `readonly` as lq_store_open_readonly.
struct lq_store_driver {
    const char *scheme;
    enum lq_status (*open)(const char *rest, const struct lq_store_plan *plan,
                           const struct lq_store_options *options, bool readonly,
                           struct lq_store **out);
};

extern const struct lq_store_driver LQ_LMDB_DRIVER, LQ_MEMORY_DRIVER;

// Asserts that the plan is a possible one: counts, and names that are there and differ.
void lq_store_check_plan(const struct lq_store_plan *plan);
