#include "rules/trail.h"

#include <string.h>

#include "rules.pb-c.h"
#include "service/trail.h"

enum { PAGE = 500 };

// The lowest numbers behind `after`, each once and in order; there may be more than a page of them.
struct numbers {
    uint64_t after, numbers[PAGE];
    size_t count;
    bool more;
};

static void add(struct numbers *n, uint64_t number)
{
    if (number <= n->after)
        return;
    size_t at = n->count;
    while (at > 0 && n->numbers[at - 1] > number)
        at--;
    if (at > 0 && n->numbers[at - 1] == number)
        return;
    n->more = n->more || n->count == PAGE;
    if (at == PAGE)
        return;
    n->count -= n->count == PAGE;
    memmove(n->numbers + at + 1, n->numbers + at, (n->count - at) * sizeof n->numbers[0]);
    n->numbers[at] = number;
    n->count++;
}

static void add_entered(struct numbers *n, const void *row)
{
    const Rules__Entered *entered = row != NULL ? lq_entered_of(row) : NULL;
    if (entered != NULL)
        add(n, entered->record);
}

static void add_marks(struct numbers *n, struct lq_view *view, struct lq_key prefix)
{
    struct lq_scan s = lq_scan(view, &lq_trail, prefix);
    s.keys_only = true;
    while (lq_scan_next(&s)) {
        struct lq_key_reader number = {.key = &s.key, .at = s.key.size - 8u};
        add(n, lq_key_read_number(&number));
    }
}

// What was entered with each part that there still is.
static void add_parts(struct numbers *n, struct lq_reading *r, const struct lq_table *of,
                      struct lq_key key)
{
    const struct lq_part *part = r->service->parts;
    for (; part != NULL && part->table != NULL; part++) {
        if (part->of != of || part->by != NULL)
            continue;
        struct lq_scan s = lq_scan(r->view, part->table, key);
        while (lq_scan_next(&s))
            add_entered(n, s.row);
    }
}

// Where a thing lies within the row of another (a step of a suspect), or is found by its place
// among others, what was done with it is told as done with that.
static bool lies_within(const struct lq_thing *thing)
{
    return thing->find != NULL && thing->parts > 1;
}

static bool row_of(struct lq_arena *arena, const struct lq_thing *thing, const char *number,
                   struct lq_key *key)
{
    if (!lq_thing_key(arena, thing, number, key))
        return false;
    if (lies_within(thing)) {
        struct lq_key_reader first = {.key = key};
        *key = lq_key_text(lq_arena_text(arena, lq_key_read_text(&first)));
    }
    return true;
}

void lq_show_trail(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__ShowTrail *q = query;
    Rules__Trail *told = answer;
    struct lq_key key;
    const struct lq_thing *thing = lq_thing_named(r->service, q->kind);
    if (thing == NULL || (thing->readers != 0 && (r->roles & thing->readers) == 0) ||
        !row_of(r->arena, thing, q->number, &key))
        return;
    const struct lq_table *table = thing->table;
    const struct lq_part *part = lq_part_of(r->service, table);
    if (lies_within(thing) && part != NULL && part->by == NULL)
        table = part->of;
    struct numbers *n = LQ_NEW(r->arena, struct numbers);
    *n = (struct numbers){.after = q->after};
    add_entered(n, lq_find(r->view, table, key));
    add_parts(n, r, table, key);
    add_marks(n, r->view, lq_trail_key(r->service, table, &key));
    told->records = n->numbers;
    told->n_records = n->count;
    told->more = n->more;
}
