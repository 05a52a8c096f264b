// A page of rows for an answer: as many as were asked for, else 100, and 500 at most. The next
// page is asked for with the last row's number.
#pragma once

#include "service/tables.h"

// The walk of such a page: the rows whose keys begin with `prefix` and that come after the one with
// the number `after`, or all of them if that is empty. What a question says fits into a key
// (LQ_PB_QUERY), and a number that does not exist begins where it would stand.
struct lq_scan lq_scan_after(struct lq_view *view, const struct lq_table *table,
                             struct lq_key prefix, const char *after);

struct lq_rows {
    struct lq_arena *arena;
    void **rows;
    size_t count;
    unsigned limit;
    bool more; // there is at least one row after the page
};

struct lq_rows lq_rows(struct lq_arena *arena, unsigned asked);

// Adds a row (borrowed); false once the page is full: stop walking.
bool lq_rows_add(struct lq_rows *rows, const void *row);

// Fills a list's answer, a message whose first field is the repeated one and which has a bool
// `more`. Where the rows are of another type than the field, it gets their fields of the same
// numbers.
void lq_rows_answer(const struct lq_rows *rows, void *answer);
