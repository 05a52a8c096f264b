// The tables of the memory engine: rows in the order of their keys. Private to common/journal.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

// A row is never changed once it is in a table, only replaced.
struct lq_memory_row {
    uint32_t value_size;
    uint8_t key_size;
    uint8_t bytes[]; // the key, then the value
};

struct lq_memory_row *lq_memory_row_new(struct lq_span key, struct lq_span value); // free() it
struct lq_span lq_memory_row_key(const struct lq_memory_row *row);
struct lq_span lq_memory_row_value(const struct lq_memory_row *row);

// Zeroed: a table without rows. Its rows are the caller's; it owns its arrays.
struct lq_memory_rows {
    struct lq_memory_rows_branch *branches;
    size_t branch_count, branch_room;
    uint64_t count;
};

const struct lq_memory_row *lq_memory_rows_find(const struct lq_memory_rows *rows,
                                                struct lq_span key);

// As lq_store_next and lq_store_previous, but NULL at the end.
const struct lq_memory_row *lq_memory_rows_next(const struct lq_memory_rows *rows,
                                                struct lq_span from, bool past);
const struct lq_memory_row *lq_memory_rows_previous(const struct lq_memory_rows *rows,
                                                    struct lq_span before);

// Puts the row in and returns the row of the same key that it replaces, or NULL.
struct lq_memory_row *lq_memory_rows_insert(struct lq_memory_rows *rows, struct lq_memory_row *row);

// Takes the row of that key out and returns it, or NULL.
struct lq_memory_row *lq_memory_rows_take(struct lq_memory_rows *rows, struct lq_span key);

// Empties the table, handing each of its rows over.
void lq_memory_rows_clear(struct lq_memory_rows *rows,
                          void (*take)(void *self, struct lq_memory_row *row), void *self);
