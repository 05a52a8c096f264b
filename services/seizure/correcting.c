// The rules for correcting and voiding what was taken out of use. A term counts from when a thing
// was sealed: corrected, it is counted anew.
#include "seizure.h"

static void restart_from_act(struct lq_decision *d, const Seizure__Item *item, const char *rule)
{
    const Rules__Clock *term = lq_clock_find(d->view, SEIZURE_ITEM, item->number, rule);
    if (term != NULL)
        lq_clock_restart(d, term, &(struct lq_clock_start){.start_ms = item->at_ms});
}

// The term of a seal that nobody has decided about since. It counts from the day of the decision,
// else from the act.
static struct lq_verdict restate_term(struct lq_decision *d, const Seizure__Item *item)
{
    char at[LQ_TIME_TEXT], day[LQ_TIME_TEXT];
    const Rules__Clock *term = seizure_term(d->view, item->number);
    LQ_ASSERT(term != NULL);
    const Rules__Step *step = lq_step_latest(d->view, SEIZURE_ITEM, item->number, 0);
    if (term->n_extensions > 0 || step != NULL || item->state != SEIZURE__STATE__IN_FORCE)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "something was decided or done about item %s at %s that rests on when it "
                         "was sealed: that stands",
                         item->number,
                         lq_format_local(step != NULL                ? step->at_ms
                                         : item->released_at_ms != 0 ? item->released_at_ms
                                                                     : term->extensions[0]->at_ms,
                                         at));
    const bool is_dated = item->decision_day != 0 && item->decision_day != lq_day_of(item->at_ms);
    const int64_t start_ms = is_dated ? lq_day_start_ms(item->decision_day) : item->at_ms;
    if (item->decision_day > lq_day_of(item->at_ms))
        return lq_reject(d, SEIZURE__REJECT__DECISION_AFTER_ACT,
                         "the decision is dated %s, but item %s was sealed at %s",
                         lq_format_day(item->decision_day, day), item->number,
                         lq_format_local(item->at_ms, at));
    if (lq_law_clock(d->facts->law, SEIZURE_TERM, start_ms) == NULL)
        return lq_reject(d, SEIZURE__REJECT__NO_TERM_IN_LAW,
                         "law.yaml (%s) has no enabled term %s for %s, so item %s cannot have been "
                         "sealed then",
                         lq_law_revision(d->facts->law), SEIZURE_TERM,
                         lq_format_day(lq_day_of(start_ms), day), item->number);
    lq_clock_restart(d, term,
                     &(struct lq_clock_start){.start_ms = start_ms,
                                              .arguable_start_ms = is_dated ? item->at_ms : 0});
    restart_from_act(d, item, "SZ3");
    restart_from_act(d, item, "OP-SEAL");
    return LQ_ACCEPT;
}

struct lq_verdict seizure_check_item_correction(struct lq_decision *d, const char *number,
                                                const void *before, void *after)
{
    Seizure__Item *item = after;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the kind of the item", item->kind));
    LQ_TRY(seizure_need_two_officers(d, number, item->officer_1, item->officer_2, item->at_ms));
    const struct seizure_basis basis = SEIZURE_BASIS(item, item->at_ms);
    LQ_TRY(seizure_need_basis_fits(d, number, item->action, &basis));
    const Seizure__Item *was = before;
    if (item->at_ms == was->at_ms && item->decision_day == was->decision_day)
        return LQ_ACCEPT;
    LQ_TRY(seizure_need_after_order(d, item->order, item->at_ms));
    return item->action == SEIZURE__ACTION__SEALED ? restate_term(d, item) : LQ_ACCEPT;
}

// What was voided was never sealed: its seal is free for the entry that is right.
void seizure_item_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                          const void *before, const void *after)
{
    const Seizure__Item *was = before, *now = after;
    if (was->action != SEIZURE__ACTION__SEALED)
        return;
    if (now != NULL || seizure_is_proposal(was))
        return;
    lq_erase(tables, &seizure_table_seals, lq_key_text(was->seal));
    seizure_keep_held(tables, was->target, was->number, false);
}

struct lq_verdict seizure_check_closure_correction(struct lq_decision *d, const char *number,
                                                   const void *before, void *after)
{
    (void)before;
    const Seizure__Closure *closure = after;
    LQ_TRY(seizure_need_after_order(d, closure->order, closure->at_ms));
    const struct seizure_basis basis = SEIZURE_BASIS(closure, closure->at_ms);
    return seizure_need_basis_fits(d, number, SEIZURE__ACTION__ACTION_UNSPECIFIED, &basis);
}
