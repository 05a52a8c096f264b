// What the runtime supplies behind a view: the same few calls over a store's transaction. Services
// never include this; what hosts them does.
#pragma once

#include "service/tables.h"

struct lq_occurrence;

struct lq_view_ops {
    bool (*get)(void *self, const struct lq_table *table, struct lq_span key,
                struct lq_span *value);
    uint64_t (*count)(void *self, const struct lq_table *table);
    void (*put)(void *self, const struct lq_table *table, struct lq_span key, struct lq_span value);
    void (*erase)(void *self, const struct lq_table *table, struct lq_span key);
    bool (*next)(void *self, const struct lq_table *table, struct lq_span from, bool past,
                 struct lq_span *key, struct lq_span *value);
    bool (*previous)(void *self, const struct lq_table *table, struct lq_span before,
                     struct lq_span *key, struct lq_span *value);
    void (*timer_set)(void *self, const char *timer, int64_t due_ms);
    void (*timer_clear)(void *self, const char *timer);
};

// What was found while one command is decided and applied, so that its rows are decoded once.
// Whoever lends it to a view resets the arena only after that; a table that is written to is
// forgotten.
enum { LQ_FOUND_ROWS = 4 };
struct lq_found {
    struct {
        const struct lq_table *table; // NULL: none
        struct lq_key key;
        const void *row;
    } rows[LQ_FOUND_ROWS];
    unsigned next; // that is given up for another
};

struct lq_view {
    const struct lq_view_ops *ops;
    void *self;
    struct lq_arena *arena;           // where rows are decoded
    bool writable;                    // true only while `apply` runs
    const struct lq_occurrence *what; // while it runs for an event of the service's own, as against
                                      // what it keeps of another's; else NULL
    struct lq_found *found;           // or NULL
};
