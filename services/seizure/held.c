// What is under seal at which premises: so that the same thing is not sealed twice (Administrative
// Compulsion Law art. 23; Measures for Sealing and Detention art. 5), and what is evidence in a
// police case is found.
#include "seizure.h"

const struct lq_table seizure_table_held = {"held", &seizure__held_at__descriptor};

static struct lq_key key_of(const char *target, const char *item)
{
    return lq_key_then_text(lq_key_text(target), item);
}

void seizure_keep_held(struct lq_view *tables, const char *target, const char *item, bool held)
{
    const Seizure__HeldAt row = SEIZURE__HELD_AT__INIT;
    if (held)
        lq_save(tables, &seizure_table_held, key_of(target, item), &row.base);
    else
        lq_erase(tables, &seizure_table_held, key_of(target, item));
}

bool seizure_is_held(struct lq_view *view, const Seizure__Item *item)
{
    return lq_exists(view, &seizure_table_held, key_of(item->target, item->number));
}

const Seizure__Item *seizure_held_next(struct lq_scan *s)
{
    if (!lq_scan_next(s))
        return NULL;
    struct lq_key_reader reader = {.key = &s->key};
    lq_key_read_text(&reader); // the target
    const Seizure__Item *item =
        lq_find(s->view, &seizure_table_items, lq_key_text(lq_key_read_text(&reader)));
    LQ_ASSERT(item != NULL);
    return item;
}

// By its serial number, else by its kind and specification. What says neither may be anything; and
// ledgers on paper have two of a kind at one place without telling them apart.
static bool is_same_thing(struct lq_decision *d, const Seizure__Item *item,
                          const Seizure__TakeItem *c)
{
    if (strcmp(item->kind, c->kind) != 0 || strcmp(item->serial, c->serial) != 0)
        return false;
    return c->serial[0] != '\0' || (!lq_is_from_paper(d->facts) && c->specification[0] != '\0' &&
                                    strcmp(item->specification, c->specification) == 0);
}

struct lq_verdict seizure_need_not_held(struct lq_decision *d, const Seizure__TakeItem *c)
{
    struct lq_scan s = lq_scan(d->view, &seizure_table_held, lq_key_text(c->target));
    char at[LQ_TIME_TEXT];
    for (const Seizure__Item *item; (item = seizure_held_next(&s)) != NULL;) {
        if (!is_same_thing(d, item, c))
            continue;
        return lq_reject(
            d, SEIZURE__REJECT__ITEM_ALREADY_SEALED,
            "the same thing at %s is under seal since %s as item %s (seal %s): what is "
            "sealed is not sealed again (Administrative Compulsion Law art. 23); if "
            "it is another one, its serial number tells them apart",
            c->target, lq_format_local(item->at_ms, at), item->number, item->seal);
    }
    return LQ_ACCEPT;
}
