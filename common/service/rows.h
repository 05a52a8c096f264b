// A page of rows for an answer: as many as were asked for, else 100, and 500 at most. The next
// page is asked for with the last row's number.
#pragma once

#include "service/tables.h"

struct lq_rows {
    void **rows; // for the answer's repeated field; in the arena
    size_t count;
    unsigned limit;
    bool more; // there is at least one row behind the page
};

struct lq_rows lq_rows(struct lq_arena *arena, unsigned asked);

// Adds a row (borrowed, see lq_row); false once the page is full: stop walking.
bool lq_rows_add(struct lq_rows *rows, const void *row);
