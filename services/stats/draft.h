// A book under construction: the entries of one event of a followed stream.
#pragma once

#include "stats.h"

struct stats_draft {
    struct lq_follow_up *f;
    const struct lq_occurrence *what;
    Stats__Entry *entries[3];
    size_t count;
};

// What counts, as the record tells it; NULL is nothing. Where it does not say whose act it was, it
// is his for whom it was recorded.
struct stats_thing {
    Stats__Figure figure;
    const char *kind, *number, *township, *person, *beside;
    int64_t at_ms; // 0: when the record happened
};

// What others take as free text becomes part of keys: cut to a key's length. In the arena.
char *stats_fit(struct stats_draft *draft, const char *text);

// An entry of amount 1, which may be changed until the book is sent.
Stats__Entry *stats_draft_entry(struct stats_draft *draft, const struct stats_thing *thing);

void stats_draft_send(struct stats_draft *draft);

// A book of one entry, sent.
void stats_book_one(struct lq_follow_up *f, const struct lq_occurrence *what,
                    const struct stats_thing *thing);
