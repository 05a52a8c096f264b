// The answers: read from a snapshot of committed state, a page at a time.
#include "seizure.h"

// The item as it stands at the time of the question: a term that has passed has passed, even if
// the timer is yet to record it.
static const Seizure__Item *item_as_of_now(struct lq_reading *r, const Seizure__Item *item)
{
    if (!seizure_term_runs(item) || r->now_ms < item->due_ms)
        return item;
    Seizure__Item *lapsed = LQ_NEW(r->arena, Seizure__Item);
    *lapsed = *item;
    lapsed->state = SEIZURE__STATE__LAPSED;
    lapsed->lapsed_at_ms = item->due_ms;
    return lapsed;
}

static bool is_due_before(const Seizure__Item *item, int64_t instant_ms)
{
    return item->action == SEIZURE__ACTION__SEALED && item->state != SEIZURE__STATE__RELEASED &&
           item->due_ms < instant_ms;
}

static bool is_asked_for(const Seizure__ListItems *q, const Seizure__Item *item)
{
    return (q->action == SEIZURE__ACTION__ACTION_UNSPECIFIED || q->action == item->action) &&
           (q->state == SEIZURE__STATE__STATE_UNSPECIFIED || q->state == item->state) &&
           (q->kind[0] == '\0' || strcmp(q->kind, item->kind) == 0) &&
           (q->target[0] == '\0' || strcmp(q->target, item->target) == 0) &&
           (q->due_before_ms == 0 || is_due_before(item, q->due_before_ms));
}

void seizure_list_items(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ListItems *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &seizure_table_items, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Seizure__Item *item = item_as_of_now(r, s.row);
        if (is_asked_for(q, item) && !lq_rows_add(&rows, item))
            break;
    }

    lq_rows_answer(&rows, answer);
}

void seizure_show_item(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ShowItem *q = query;
    Seizure__ItemFile *file = answer;
    if (strlen(q->number) <= LQ_PB_IDENTIFIER_BYTES) {
        const Seizure__Item *item = lq_find(r->view, &seizure_table_items, lq_key_text(q->number));
        file->item = item == NULL ? NULL : lq_row(item_as_of_now(r, item));
    }
}

void seizure_list_closures(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ListClosures *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &seizure_table_closures, lq_key_none(), q->after);
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        continue;

    lq_rows_answer(&rows, answer);
}
