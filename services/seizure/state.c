// The tables, and how each event changes them. An event carries all that is to be stored: the due
// instants were computed when it was decided, by the law of that day.
#include "seizure.h"

const struct lq_table seizure_table_items = {"items", &seizure__item__descriptor};
const struct lq_table seizure_table_seals = {"seals", &seizure__seal_use__descriptor};
const struct lq_table seizure_table_closures = {"closures", &seizure__closure__descriptor};

bool seizure_term_runs(const Seizure__Item *item)
{
    return item->state == SEIZURE__STATE__IN_FORCE || item->state == SEIZURE__STATE__EXTENDED;
}

bool seizure_extended(const Seizure__Item *item)
{
    return item->extended_by[0] != '\0';
}

static const char *timer_name(struct lq_view *tables, const char *item)
{
    return lq_arena_format(lq_view_arena(tables), SEIZURE_TIMER "%s", item);
}

static void save_item(struct lq_view *tables, const Seizure__Item *item)
{
    lq_save(tables, &seizure_table_items, lq_key_text(item->number), &item->base);
}

// A copy of the row, to be changed and saved.
static Seizure__Item item_now(struct lq_view *tables, const char *number)
{
    const Seizure__Item *item = lq_find(tables, &seizure_table_items, lq_key_text(number));
    LQ_ASSERT(item != NULL);
    return *item;
}

static void item_sealed(struct lq_view *tables, const Seizure__Item *item)
{
    save_item(tables, item);
    Seizure__SealUse use = SEIZURE__SEAL_USE__INIT;
    use.item = item->number;
    lq_save(tables, &seizure_table_seals, lq_key_text(item->seal), &use.base);
    lq_timer_set(tables, timer_name(tables, item->number), item->due_ms);
}

static void seal_extended(struct lq_view *tables, const struct lq_occurrence *what,
                          const Seizure__SealExtended *extended)
{
    Seizure__Item item = item_now(tables, extended->item);
    item.state = SEIZURE__STATE__EXTENDED;
    item.due_ms = extended->due_ms;
    item.rule = extended->rule;
    item.law_revision = extended->law_revision;
    item.extended_at_ms = what->occurred_ms;
    item.extended_by = extended->by;
    item.lapsed_at_ms = 0; // it was extended in time; the paper came in after the timer
    save_item(tables, &item);
    lq_timer_set(tables, timer_name(tables, item.number), item.due_ms);
}

static void seal_released(struct lq_view *tables, const struct lq_occurrence *what,
                          const Seizure__SealReleased *released)
{
    Seizure__Item item = item_now(tables, released->item);
    item.state = SEIZURE__STATE__RELEASED;
    item.released_at_ms = what->occurred_ms;
    item.released_by = released->by;
    if (!released->late)
        item.lapsed_at_ms = 0;
    save_item(tables, &item);
    lq_timer_clear(tables, timer_name(tables, item.number));
}

static void seal_lapsed(struct lq_view *tables, const struct lq_occurrence *what,
                        const Seizure__SealLapsed *lapsed)
{
    Seizure__Item item = item_now(tables, lapsed->item);
    item.state = SEIZURE__STATE__LAPSED;
    item.lapsed_at_ms = what->occurred_ms;
    save_item(tables, &item);
    lq_timer_clear(tables, timer_name(tables, item.number));
}

static void site_closed(struct lq_view *tables, const struct lq_occurrence *what,
                        const Seizure__SiteClosed *closed)
{
    Seizure__Closure closure = SEIZURE__CLOSURE__INIT;
    closure.site = closed->site;
    closure.kind = closed->kind;
    closure.township = closed->township;
    closure.order = closed->order;
    closure.by = closed->by;
    closure.at_ms = what->occurred_ms;
    lq_save(tables, &seizure_table_closures, lq_key_text(closure.site), &closure.base);
}

void seizure_item_dismantled(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    save_item(tables, event);
}

void seizure_item_sealed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    item_sealed(tables, event);
}

void seizure_seal_extended(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    seal_extended(tables, what, event);
}

void seizure_seal_released(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    seal_released(tables, what, event);
}

void seizure_seal_lapsed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    seal_lapsed(tables, what, event);
}

void seizure_site_closed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    site_closed(tables, what, event);
}
