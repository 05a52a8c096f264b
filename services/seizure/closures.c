// Closing unlicensed premises. An enterprise of the ledger is not closed here: that is a step of
// its rectification, and the ledger's.
#include "seizure.h"

const struct lq_table seizure_table_closures = {"closures", &seizure__closure__descriptor};

static struct lq_verdict need_open_site(struct lq_decision *d, const char *number,
                                        const Ledger__PremisesNote **site)
{
    const Ledger__PremisesNote *found = lq_premises_find(d->view, number);
    if (found == NULL)
        return lq_reject(d, SEIZURE__REJECT__SITE_UNKNOWN, "the ledger knows no site %s", number);
    if (found->standing != LEDGER__STANDING__UNLICENSED_SITE)
        return lq_reject(d, SEIZURE__REJECT__SITE_UNKNOWN,
                         "%s (%s) is an enterprise of the ledger, not an unlicensed site: it is "
                         "closed as a step of its rectification",
                         number, found->name);
    const Seizure__Closure *closure =
        lq_find(d->view, &seizure_table_closures, lq_key_text(number));
    char at[LQ_TIME_TEXT];
    if (closure != NULL)
        return lq_reject(d, SEIZURE__REJECT__SITE_CLOSED_ALREADY,
                         "site %s was closed at %s by %s on order %s", number,
                         lq_format_local(closure->at_ms, at), closure->by, closure->order);
    *site = found;
    return LQ_ACCEPT;
}

struct lq_verdict seizure_close_site(struct lq_decision *d, const void *command)
{
    const Seizure__CloseSite *c = command;
    const Dispatch__OrderNote *order = NULL;
    const Ledger__PremisesNote *site = NULL;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the site's number", c->site));
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the order's number", c->order));
    LQ_TRY(seizure_need_order(d, c->order, c->site, &order));
    LQ_TRY(need_open_site(d, c->site, &site));
    LQ_ASSERT(site != NULL);
    const struct seizure_basis basis = SEIZURE_BASIS(c, d->facts->occurred_ms);
    LQ_TRY(seizure_need_basis_fits(d, c->site, SEIZURE__ACTION__ACTION_UNSPECIFIED, &basis));

    Seizure__SiteClosed closed = SEIZURE__SITE_CLOSED__INIT;
    closed.site = c->site;
    closed.kind = site->kind;
    closed.township = site->township;
    closed.order = c->order;
    closed.by = lq_arena_text(d->arena, d->facts->principal);
    SEIZURE_COPY_BASIS(&closed, c);
    closed.n_warnings = seizure_warn(d->arena, d->facts->law, &basis, &closed.warnings);
    lq_emit(d, SEIZURE__EVENT__BODY_SITE_CLOSED, &closed.base);
    lq_number(d, c->site);
    return LQ_ACCEPT;
}

void seizure_site_closed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Seizure__SiteClosed *closed = event;
    Seizure__Closure closure = SEIZURE__CLOSURE__INIT;
    closure.site = closed->site;
    closure.kind = closed->kind;
    closure.township = closed->township;
    closure.order = closed->order;
    closure.by = closed->by;
    closure.at_ms = what->occurred_ms;
    SEIZURE_COPY_BASIS(&closure, closed);
    lq_save(tables, &seizure_table_closures, lq_key_text(closure.site), &closure.base);
}

void seizure_list_closures(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ListClosures *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &seizure_table_closures, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Seizure__Closure *row = s.row;
        Seizure__Closure *told = LQ_NEW(r->arena, Seizure__Closure);
        *told = *row;
        const struct seizure_basis basis = SEIZURE_BASIS(row, row->at_ms);
        told->n_warnings = seizure_warn(r->arena, r->law, &basis, &told->warnings);
        if (!lq_rows_add(&rows, told))
            break;
    }
    lq_rows_answer(&rows, answer);
}
