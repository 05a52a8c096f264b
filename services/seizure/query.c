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

static void list_items(struct lq_reading *r, const Seizure__ListItems *q, Seizure__Answer *answer)
{
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_behind(r->view, &seizure_table_items, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Seizure__Item *item = item_as_of_now(r, s.row);
        if (is_asked_for(q, item) && !lq_rows_add(&rows, item))
            break;
    }

    Seizure__ItemsAnswer *page = LQ_NEW(r->arena, Seizure__ItemsAnswer);
    seizure__items_answer__init(page);
    page->items = (Seizure__Item **)rows.rows;
    page->n_items = rows.count;
    page->more = rows.more;
    answer->body_case = SEIZURE__ANSWER__BODY_ITEMS;
    answer->items = page;
}

static void show_item(struct lq_reading *r, const Seizure__ShowItem *q, Seizure__Answer *answer)
{
    Seizure__ItemFile *file = LQ_NEW(r->arena, Seizure__ItemFile);
    seizure__item_file__init(file);
    if (strlen(q->number) <= LQ_PB_IDENTIFIER_BYTES) {
        const Seizure__Item *item = lq_find(r->view, &seizure_table_items, lq_key_text(q->number));
        file->item = item == NULL ? NULL : lq_row(item_as_of_now(r, item));
    }
    answer->body_case = SEIZURE__ANSWER__BODY_FILE;
    answer->file = file;
}

static void list_closures(struct lq_reading *r, const Seizure__ListClosures *q,
                          Seizure__Answer *answer)
{
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_behind(r->view, &seizure_table_closures, lq_key_none(), q->after);
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        continue;

    Seizure__ClosuresAnswer *page = LQ_NEW(r->arena, Seizure__ClosuresAnswer);
    seizure__closures_answer__init(page);
    page->closures = (Seizure__Closure **)rows.rows;
    page->n_closures = rows.count;
    page->more = rows.more;
    answer->body_case = SEIZURE__ANSWER__BODY_CLOSURES;
    answer->closures = page;
}

void seizure_query(struct lq_reading *r, const Seizure__Query *query, Seizure__Answer *answer)
{
    switch (query->body_case) {
    case SEIZURE__QUERY__BODY_LIST:
        list_items(r, query->list, answer);
        return;
    case SEIZURE__QUERY__BODY_SHOW:
        show_item(r, query->show, answer);
        return;
    case SEIZURE__QUERY__BODY_CLOSURES:
        list_closures(r, query->closures, answer);
        return;
    case SEIZURE__QUERY__BODY__NOT_SET:
    case _SEIZURE__QUERY__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}
