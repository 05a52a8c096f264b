// What happens with every change of status, whichever command or step it comes from: the event, the
// terms that start and end with it (OP-RECTIFY, OP-POST), and in `apply` what becomes of an
// acceptance that was asked for.
#include "ledger.h"

#define DAY_MS INT64_C(86400000)

static int64_t end_of_day(int32_t day)
{
    return lq_day_start_ms(day + 1);
}

void ledger_start_deadline(struct lq_decision *d, const Ledger__Entry *entry, int64_t start_ms)
{
    if (entry->premises->deadline_day != 0)
        lq_clock_start(d,
                       &(struct lq_clock_start){.kind = LEDGER_PREMISES,
                                                .number = entry->premises->number,
                                                .rule = LEDGER_DEADLINE,
                                                .start_ms = start_ms,
                                                .due_ms = end_of_day(entry->premises->deadline_day),
                                                .owner = entry->premises->township});
}

void ledger_restate_deadline(struct lq_decision *d, const char *number, int32_t day)
{
    const Rules__Clock *term = lq_clock_now(d, LEDGER_PREMISES, number, LEDGER_DEADLINE);
    if (term == NULL || !lq_clock_runs(term))
        return;
    if (day == 0)
        lq_clock_void(d, term);
    else if (term->set_due_ms != end_of_day(day))
        lq_clock_restart(
            d, term,
            &(struct lq_clock_start){.start_ms = term->start_ms, .due_ms = end_of_day(day)});
}

// Only where presence is recorded at all: else each of the premises of a county that has not begun
// to would ring for ever.
void ledger_start_post(struct lq_decision *d, const Ledger__Entry *entry, int64_t start_ms)
{
    if (entry->presences > 0 && entry->n_at_post == 0)
        lq_clock_start(d, &(struct lq_clock_start){.kind = LEDGER_PREMISES,
                                                   .number = entry->premises->number,
                                                   .rule = LEDGER_POST,
                                                   .start_ms = start_ms,
                                                   .owner = entry->premises->township});
}

// Not before it began: of two at the post the one that came earlier may be told of later.
void ledger_stop_post(struct lq_decision *d, const Ledger__Entry *entry, int64_t at_ms)
{
    const char *number = entry->premises->number;
    const Rules__Clock *term = lq_clock_now(d, LEDGER_PREMISES, number, LEDGER_POST);
    if (term != NULL && lq_clock_runs(term))
        lq_clock_stop(d, LEDGER_PREMISES, number, LEDGER_POST,
                      at_ms > term->start_ms ? at_ms : term->start_ms);
}

// An acceptance that is asked for is of how the premises are: it lapses where they go another way.
static const Ledger__Acceptance *lapses(struct lq_view *view, const Ledger__Entry *entry)
{
    const Ledger__Acceptance *asked = ledger_acceptance_of(view, entry);
    return asked != NULL && asked->state == LEDGER__ACCEPTANCE_STATE__ASKED ? asked : NULL;
}

void ledger_emit_status(struct lq_decision *d, const Ledger__Entry *entry, Ledger__Status to)
{
    const int64_t at_ms = d->facts->occurred_ms;
    if (to == LEDGER__STATUS__RECTIFICATION_STARTED) {
        ledger_start_deadline(d, entry, at_ms);
        ledger_start_post(d, entry, at_ms);
    } else {
        lq_clock_stop(d, LEDGER_PREMISES, entry->premises->number, LEDGER_DEADLINE, at_ms);
        ledger_stop_post(d, entry, at_ms);
    }
    Ledger__StatusChanged changed = LEDGER__STATUS_CHANGED__INIT;
    changed.premises = entry->premises->number;
    changed.from = entry->status;
    changed.to = to;
    changed.township = entry->premises->township;
    if (lapses(d->view, entry) != NULL)
        changed.acceptance = entry->last_acceptance;
    lq_emit(d, LEDGER__EVENT__BODY_STATUS_CHANGED, &changed.base);
}

// The last step is taken back: the terms are those of the step before it.
void ledger_take_back_terms(struct lq_decision *d, const Ledger__Entry *entry,
                            const Ledger__StepTaken *before)
{
    const char *number = entry->premises->number;
    const Rules__Clock *term = lq_clock_now(d, LEDGER_PREMISES, number, LEDGER_DEADLINE);
    if (entry->status == LEDGER__STATUS__RECTIFICATION_STARTED) {
        if (term != NULL && lq_clock_runs(term))
            lq_clock_void(d, term);
        ledger_stop_post(d, entry, d->facts->occurred_ms);
    } else if (before != NULL && before->step == LEDGER__STATUS__RECTIFICATION_STARTED) {
        ledger_start_deadline(d, entry, before->at_ms);
        ledger_start_post(d, entry, d->facts->occurred_ms);
    }
}

// In `apply`. One that was asked for lapses with an acceptance from paper, too; where it is passed,
// the step behind this says so, and that it is the one (acceptance.c).
void ledger_lapse_acceptance(struct lq_view *tables, Ledger__Entry *entry)
{
    const Ledger__Acceptance *asked = lapses(tables, entry);
    if (entry->last_acceptance[0] == '\0' ||
        (entry->status == LEDGER__STATUS__ACCEPTED && asked == NULL))
        return;
    entry->last_acceptance = lq_unconst("");
    if (asked == NULL)
        return;
    Ledger__Acceptance lapsed = *asked;
    lapsed.state = LEDGER__ACCEPTANCE_STATE__LAPSED;
    lq_save(tables, &ledger_acceptances, lq_key_text(lapsed.number), &lapsed.base);
}

// Of premises, whoever of the pair has a key is told in his own name; the desk chiefs are told as
// the desk. Of a decision on production, who handles it.
void ledger_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    if (strcmp(clock->kind, LEDGER_LIMIT) == 0) {
        ledger_tell_handler(d, clock, rang);
        return;
    }
    const Ledger__Entry *entry = ledger_find(d->view, clock->number);
    Ledger__Supervisor **pair;
    bool to_owner = false;
    for (size_t i = 0; i < rang->n_to; i++) {
        if (rang->to[i] == RULES__ADDRESSEE__DESK_CHIEF)
            return; // named badges would be told in the place of the desk
        to_owner = to_owner || rang->to[i] == RULES__ADDRESSEE__OWNER;
    }
    const size_t count = ledger_pair_at(d->arena, entry, d->facts->occurred_ms, &pair);
    rang->badges = LQ_NEW_ARRAY(d->arena, char *, count + 1);
    for (size_t i = 0; to_owner && i < count; i++)
        if (pair[i]->person[0] != '\0')
            rang->badges[rang->n_badges++] = pair[i]->person;
}
