#include "rules/trail.h"

#include <string.h>

#include "base/assert.h"
#include "pb/pb.h"
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

static void add_row(struct numbers *n, struct lq_reading *r, const struct lq_table *table,
                    struct lq_key key)
{
    add_entered(n, lq_find(r->view, table, key));
    add_parts(n, r, table, key);
    add_marks(n, r->view, lq_trail_key(r->service, table, &key));
}

static bool is_for(const struct lq_reading *r, const struct lq_thing *thing)
{
    return thing->readers == 0 || (r->roles & thing->readers) != 0;
}

static bool is_table_for(const struct lq_reading *r, const struct lq_table *table)
{
    for (const struct lq_thing *thing = r->service->things; thing->kind != NULL; thing++)
        if (thing->table == table)
            return is_for(r, thing);
    return true;
}

static const struct lq_table *table_named(const struct lq_service *service, const char *name)
{
    const struct lq_at_premises *at = service->at_premises;
    while (at->table != NULL && strcmp(at->table->name, name) != 0)
        at++;
    LQ_ASSERT(at->table != NULL); // these only are kept
    return at->table;
}

// Of all things at the premises. (What is asked for may be no number at all.)
static void add_premises(struct numbers *n, struct lq_reading *r, const char *premises)
{
    if (r->service->at_premises == NULL || !lq_pb_identifier(premises))
        return;
    struct lq_scan s = lq_scan(r->view, &lq_premises_things, lq_key_text(premises));
    s.keys_only = true;
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the premises
        const struct lq_table *table = table_named(r->service, lq_key_read_text(&reader));
        struct lq_key key = {.size = (uint8_t)(s.key.size - reader.at)};
        memcpy(key.bytes, s.key.bytes + reader.at, key.size);
        if (is_table_for(r, table))
            add_row(n, r, table, key);
    }
}

static void add_thing(struct numbers *n, struct lq_reading *r, const Rules__ShowTrail *q)
{
    struct lq_key key;
    const struct lq_thing *thing = lq_thing_named(r->service, q->kind);
    if (thing == NULL || !is_for(r, thing) || !row_of(r->arena, thing, q->number, &key))
        return;
    const struct lq_table *table = thing->table;
    const struct lq_part *part = lq_part_of(r->service, table);
    if (lies_within(thing) && part != NULL && part->by == NULL)
        table = part->of;
    add_row(n, r, table, key);
}

void lq_show_trail(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__ShowTrail *q = query;
    Rules__Trail *told = answer;
    struct numbers *n = LQ_NEW(r->arena, struct numbers);
    *n = (struct numbers){.after = q->after};
    if (q->premises[0] != '\0')
        add_premises(n, r, q->premises);
    else
        add_thing(n, r, q);
    told->records = n->numbers;
    told->n_records = n->count;
    told->more = n->more;
}
