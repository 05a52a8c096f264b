// The answers: read from a snapshot of committed state, a page at a time.
#include "ledger.h"

// Overdue: the deadline has passed (the day itself is still in time) and the enterprise has neither
// reported completion nor been closed.
static bool is_overdue(const Ledger__Entry *entry, int32_t today)
{
    return entry->premises->standing == LEDGER__STANDING__ENTERPRISE &&
           entry->premises->deadline_day > 0 && entry->premises->deadline_day < today &&
           entry->status != LEDGER__STATUS__RECTIFICATION_COMPLETED &&
           entry->status != LEDGER__STATUS__ACCEPTED && entry->status != LEDGER__STATUS__CLOSED;
}

static bool is_in_township(const Ledger__Entry *entry, const char *township)
{
    return township[0] == '\0' || strcmp(entry->premises->township, township) == 0;
}

static bool is_asked_for(const struct lq_reading *r, const Ledger__ListPremises *q,
                         const Ledger__Entry *entry)
{
    const Ledger__Premises *premises = entry->premises;
    return is_in_township(entry, q->township) &&
           (q->status == LEDGER__STATUS__NO_STATUS || entry->status == q->status) &&
           (q->standing == LEDGER__STANDING__STANDING_UNSPECIFIED ||
            premises->standing == q->standing) &&
           (q->text[0] == '\0' || strstr(premises->name, q->text) != NULL ||
            strstr(premises->owner, q->text) != NULL) &&
           (!q->overdue || is_overdue(entry, lq_day_of(r->now_ms)));
}

void ledger_list_premises(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ListPremises *q = query;
    Ledger__PremisesAnswer *page = answer;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &ledger_table_premises, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(r, q, s.row) && !lq_rows_add(&rows, s.row))
            break;
    page->entries = (Ledger__Entry **)rows.rows;
    page->n_entries = rows.count;
    page->more = rows.more;
}

// An enterprise takes a handful of steps; one that was sent back over and over shows its last 500.
static void list_steps(struct lq_reading *r, Ledger__PremisesFile *file)
{
    enum { SHOWN = 500 };
    Ledger__StepTaken **steps = LQ_NEW_ARRAY(r->arena, Ledger__StepTaken *, SHOWN);
    size_t free_before = SHOWN;
    struct lq_scan s =
        lq_scan_backwards(r->view, &ledger_table_steps, lq_key_text(file->entry->premises->number));
    while (free_before > 0 && lq_scan_next(&s))
        steps[--free_before] = lq_row(s.row);
    file->steps = steps + free_before;
    file->n_steps = SHOWN - free_before;
}

void ledger_show_premises(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ShowPremises *q = query;
    Ledger__PremisesFile *file = answer;
    if (ledger_unfit_number(q->number))
        return;
    file->entry = lq_row(lq_find(r->view, &ledger_table_premises, lq_key_text(q->number)));
    if (file->entry != NULL)
        list_steps(r, file);
}

// Every status has its line, the empty ones too, so that a list of them never changes its shape.
void ledger_count_by_status(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__CountByStatus *q = query;
    enum { STATUSES = LEDGER__STATUS__CLOSED + 1 };
    uint32_t totals[STATUSES] = {0};
    for (struct lq_scan s = lq_scan(r->view, &ledger_table_premises, lq_key_none());
         lq_scan_next(&s);) {
        const Ledger__Entry *entry = s.row;
        if (entry->premises->standing == LEDGER__STANDING__ENTERPRISE &&
            is_in_township(entry, q->township))
            totals[entry->status]++;
    }

    Ledger__StatusCounts *counts = answer;
    counts->counts = LQ_NEW_ARRAY(r->arena, Ledger__StatusCount *, STATUSES);
    counts->n_counts = STATUSES;
    for (unsigned status = 0; status < STATUSES; status++) {
        Ledger__StatusCount *count = LQ_NEW(r->arena, Ledger__StatusCount);
        ledger__status_count__init(count);
        count->status = (Ledger__Status)status;
        count->premises = totals[status];
        counts->counts[status] = count;
    }
}
