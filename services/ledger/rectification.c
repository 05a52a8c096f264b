// Rectification: which step an enterprise may take after which, and what it has taken. The history
// has a table of its own, so that the row of premises, which every list reads, stays small.
#include "language/language.h"
#include "ledger.h"
#include "service/need.h"

const struct lq_table ledger_steps_table = {"premises_steps", &ledger__step_taken__descriptor};

enum { BY = LEDGER__COMMAND__BODY_RECORD_STEP };

// Source: law.md 9.4, enterprise rectification, with the states as the county kept them in 2015:
// suspended and inspected are its `surveyed_halted` in two, rectification_started is
// `rectifying`, rectification_completed `awaiting_acceptance`, and accepted `trial_production`. The
// government may close an enterprise at any point after the inspection, and nothing follows that.
// An acceptance that fails goes back to rectifying, a breach in trial production too.
static const struct lq_step RECTIFICATION[] = {
    {LEDGER__STATUS__NO_STATUS, LEDGER__STATUS__SUSPENDED, BY},
    {LEDGER__STATUS__SUSPENDED, LEDGER__STATUS__INSPECTED, BY},
    {LEDGER__STATUS__INSPECTED, LEDGER__STATUS__RECTIFICATION_STARTED, BY},
    {LEDGER__STATUS__INSPECTED, LEDGER__STATUS__CLOSED, BY},
    {LEDGER__STATUS__RECTIFICATION_STARTED, LEDGER__STATUS__RECTIFICATION_COMPLETED, BY},
    {LEDGER__STATUS__RECTIFICATION_STARTED, LEDGER__STATUS__CLOSED, BY},
    {LEDGER__STATUS__RECTIFICATION_COMPLETED, LEDGER__STATUS__ACCEPTED, BY},
    {LEDGER__STATUS__RECTIFICATION_COMPLETED, LEDGER__STATUS__RECTIFICATION_STARTED, BY},
    {LEDGER__STATUS__RECTIFICATION_COMPLETED, LEDGER__STATUS__CLOSED, BY},
    {LEDGER__STATUS__ACCEPTED, LEDGER__STATUS__RECTIFICATION_STARTED, BY},
    {LEDGER__STATUS__ACCEPTED, LEDGER__STATUS__CLOSED, BY},
};

const struct lq_steps ledger_rectification = {
    .entity = "enterprise",
    .states = &ledger__status__descriptor,
    .start = LQ_TR_LATER("without a status"),
    .steps = RECTIFICATION,
    .count = sizeof RECTIFICATION / sizeof RECTIFICATION[0],
};

static const char *word(struct lq_decision *d, Ledger__Status status)
{
    return lq_state_said(d->arena, &ledger_rectification, (int)status);
}

static struct lq_verdict reject_order(struct lq_decision *d, const Ledger__RecordStep *c,
                                      const Ledger__Entry *entry)
{
    char since[LQ_TIME_TEXT];
    const char *now = word(d, entry->status), *wanted = word(d, c->step),
               *possible = lq_steps_from(d->arena, &ledger_rectification, (int)entry->status);
    if (entry->status == LEDGER__STATUS__NO_STATUS)
        return lq_reject(d, LEDGER__REJECT__STEP_OUT_OF_ORDER,
                         "%s is %-s and cannot become %-s; what may follow is %-s", c->premises,
                         now, wanted, possible);
    return lq_reject(d, LEDGER__REJECT__STEP_OUT_OF_ORDER,
                     "%s is %-s since %s and cannot become %-s; what may follow is %-s",
                     c->premises, now, lq_format_local(entry->status_since_ms, since), wanted,
                     possible);
}

// Steps that happened within one second are dated alike, so the same instant is in order.
static bool is_before_previous(const struct lq_decision *d, const Ledger__Entry *entry)
{
    return entry->status != LEDGER__STATUS__NO_STATUS &&
           d->facts->occurred_ms < entry->status_since_ms;
}

static struct lq_verdict reject_time(struct lq_decision *d, const Ledger__RecordStep *c,
                                     const Ledger__Entry *entry)
{
    char dated[LQ_TIME_TEXT], previous[LQ_TIME_TEXT];
    return lq_reject(
        d, LEDGER__REJECT__STEP_BEFORE_PREVIOUS,
        "%s cannot have become %-s at %s: it became %-s at %s, and a step is not dated "
        "before the one it follows",
        c->premises, word(d, c->step), lq_format_local(d->facts->occurred_ms, dated),
        word(d, entry->status), lq_format_local(entry->status_since_ms, previous));
}

struct lq_verdict ledger_need_premises(struct lq_decision *d, const char *number,
                                       const Ledger__Entry **entry)
{
    LQ_TRY(lq_need_key(d, LEDGER__REJECT__FIELD_MISSING, "the number of the premises", number));
    *entry = ledger_find(d->view, number);
    return lq_need_premises(d, LEDGER__REJECT__PREMISES_UNKNOWN, number, *entry);
}

static struct lq_verdict need_standing(struct lq_decision *d, const Ledger__Entry *entry)
{
    if (entry->premises->standing == LEDGER__STANDING__ENTERPRISE)
        return LQ_ACCEPT;
    return lq_reject(d, LEDGER__REJECT__NOT_AN_ENTERPRISE,
                     "%s is an unlicensed site: it is not rectified, it is closed by an order",
                     entry->premises->number);
}

struct lq_verdict ledger_need_enterprise(struct lq_decision *d, const char *number,
                                         const Ledger__Entry **entry)
{
    LQ_TRY(ledger_need_premises(d, number, entry));
    return need_standing(d, *entry);
}

// What the step asks for beside its place. *is_taken: it is emitted already.
static struct lq_verdict need_what_it_asks(struct lq_decision *d, const Ledger__Entry *entry,
                                           Ledger__Status step, bool *is_taken)
{
    if (lq_is_from_paper(d->facts))
        return LQ_ACCEPT;
    if (step == LEDGER__STATUS__ACCEPTED)
        return ledger_accept_by_gate(d, entry, is_taken);
    return step == LEDGER__STATUS__RECTIFICATION_COMPLETED ? ledger_need_measures_done(d, entry)
                                                           : LQ_ACCEPT;
}

struct lq_verdict ledger_record_step(struct lq_decision *d, const void *command)
{
    const Ledger__RecordStep *c = command;
    if (!lq_pb_key(c->premises))
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "a step is taken by an enterprise: its number is missing or has more than "
                         "64 bytes");
    if (c->step == LEDGER__STATUS__NO_STATUS)
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "which step did %s take?", c->premises);
    const Ledger__Entry *entry = ledger_find(d->view, c->premises);
    LQ_TRY(lq_need_premises(d, LEDGER__REJECT__PREMISES_UNKNOWN, c->premises, entry));
    LQ_TRY(need_standing(d, entry));
    if (!lq_step_possible(&ledger_rectification, (int)entry->status, (int)c->step))
        return reject_order(d, c, entry);
    if (is_before_previous(d, entry))
        return reject_time(d, c, entry);

    bool is_taken = false;
    LQ_TRY(need_what_it_asks(d, entry, c->step, &is_taken));
    if (!is_taken)
        ledger_emit_status(d, entry, c->step);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the tables

// Steps are numbered from 0; the next number is one more than the last row's.
static uint64_t next_step(struct lq_view *tables, const char *premises)
{
    struct lq_scan last = lq_scan_backwards(tables, &ledger_steps_table, lq_key_text(premises));
    if (!lq_scan_next(&last))
        return 0;
    struct lq_key_reader reader = {.key = &last.key};
    lq_key_read_text(&reader);
    return lq_key_read_number(&reader) + 1;
}

void ledger_status_changed(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Ledger__StatusChanged *changed = event;
    Ledger__Entry entry = ledger_copy(tables, changed->premises);
    entry.status = changed->to;
    entry.status_since_ms = what->occurred_ms;
    ledger_lapse_acceptance(tables, &entry);
    ledger_save(tables, &entry);

    Ledger__StepTaken step;
    ledger__step_taken__init(&step);
    step.step = changed->to;
    step.at_ms = what->occurred_ms;
    step.recorded_by = lq_arena_text(lq_view_arena(tables), what->actor); // each for himself
    lq_save(
        tables, &ledger_steps_table,
        lq_key_then_number(lq_key_text(changed->premises), next_step(tables, changed->premises)),
        &step.base);
}

// ---------------------------------------------------------------- corrections

// A step is named by its premises and its place, counted from 1: "E0061/2".
static struct lq_key place_key(const char *premises, uint64_t place)
{
    return lq_key_then_number(lq_key_text(premises), place - 1);
}

const void *ledger_find_step(struct lq_view *view, const struct lq_thing *thing, const char *number)
{
    const uint64_t place = lq_thing_place(view, thing, number);
    return place > 0 ? lq_find(view, &ledger_steps_table,
                               place_key(lq_thing_part(view, thing, number, 0), place))
                     : NULL;
}

static const struct lq_thing *step_thing(struct lq_decision *d)
{
    return lq_thing_named(d->service, "premises_step");
}

struct lq_verdict ledger_check_step_correction(struct lq_decision *d, const char *number,
                                               const void *before, void *after)
{
    const struct lq_thing *thing = step_thing(d);
    const char *premises = lq_thing_part(d->view, thing, number, 0);
    const Ledger__StepTaken *step = after, *earlier = NULL, *later;
    const uint64_t place = lq_thing_place(d->view, thing, number);
    if (place > 1)
        earlier = lq_find(d->view, &ledger_steps_table, place_key(premises, place - 1));
    later = lq_find(d->view, &ledger_steps_table, place_key(premises, place + 1));
    if ((earlier == NULL || step->at_ms >= earlier->at_ms) &&
        (later == NULL || step->at_ms <= later->at_ms))
        return LQ_ACCEPT;
    char at[LQ_TIME_TEXT], other[LQ_TIME_TEXT];
    return lq_reject(
        d, LEDGER__REJECT__STEP_BEFORE_PREVIOUS,
        "the steps of %s follow each other: one cannot be dated %s beside another at "
        "%s",
        premises, lq_format_local(step->at_ms, at),
        lq_format_local(later != NULL && step->at_ms > later->at_ms ? later->at_ms : earlier->at_ms,
                        other));
}

// The last step is taken back; the others are what the next one rests on.
struct lq_verdict ledger_check_step_void(struct lq_decision *d, const char *number,
                                         const void *thing)
{
    const struct lq_thing *steps = step_thing(d);
    const char *premises = lq_thing_part(d->view, steps, number, 0);
    const uint64_t place = lq_thing_place(d->view, steps, number);
    const uint64_t count = next_step(d->view, premises);
    if (place == count) {
        ledger_take_back_terms(
            d, ledger_find(d->view, premises),
            place > 1 ? lq_find(d->view, &ledger_steps_table, place_key(premises, place - 1))
                      : NULL);
        return LQ_ACCEPT;
    }
    return lq_reject(d, LQ_COMMON(STILL_NEEDED), "%s has taken %llu steps: void the last one first",
                     premises, (unsigned long long)count);
}

void ledger_step_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                         const void *before, const void *after)
{
    const char *premises = lq_thing_part(tables, thing, number, 0);
    const uint64_t place = lq_thing_place(tables, thing, number);
    LQ_ASSERT(place > 0);
    if (after != NULL)
        lq_save(tables, &ledger_steps_table, place_key(premises, place), after);
    else
        lq_erase(tables, &ledger_steps_table, place_key(premises, place));
    Ledger__Entry entry = ledger_copy(tables, premises);
    struct lq_scan s = lq_scan_backwards(tables, &ledger_steps_table, lq_key_text(premises));
    const Ledger__StepTaken *last = lq_scan_next(&s) ? s.row : NULL;
    entry.status = last != NULL ? last->step : LEDGER__STATUS__NO_STATUS;
    entry.status_since_ms = last != NULL ? last->at_ms : 0;
    if (entry.status != LEDGER__STATUS__RECTIFICATION_COMPLETED)
        ledger_lapse_acceptance(tables, &entry);
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- answers

// An enterprise takes a handful of steps; one that was sent back over and over shows its last 500.
// Its status is that of then.
void ledger_list_steps(struct lq_reading *r, Ledger__PremisesFile *file, int64_t at_ms)
{
    enum { SHOWN = 500 };
    Ledger__StepTaken **steps = LQ_NEW_ARRAY(r->arena, Ledger__StepTaken *, SHOWN);
    size_t free_before = SHOWN;
    struct lq_scan s =
        lq_scan_backwards(r->view, &ledger_steps_table, lq_key_text(file->entry->premises->number));
    while (free_before > 0 && lq_scan_next(&s))
        if (((const Ledger__StepTaken *)s.row)->at_ms <= at_ms)
            steps[--free_before] = lq_unconst(s.row);
    file->steps = steps + free_before;
    file->n_steps = SHOWN - free_before;
    const Ledger__StepTaken *last = file->n_steps > 0 ? file->steps[file->n_steps - 1] : NULL;
    file->entry->status = last != NULL ? last->step : LEDGER__STATUS__NO_STATUS;
    file->entry->status_since_ms = last != NULL ? last->at_ms : 0;
}

// The history is a path through the declared transitions, in time, and ends where the entry says.
void ledger_check_steps(struct lq_view *view, const Ledger__Entry *entry)
{
    Ledger__Status status = LEDGER__STATUS__NO_STATUS;
    int64_t since_ms = 0;
    for (struct lq_scan s =
             lq_scan(view, &ledger_steps_table, lq_key_text(entry->premises->number));
         lq_scan_next(&s);) {
        const Ledger__StepTaken *step = s.row;
        LQ_ASSERT(lq_step_possible(&ledger_rectification, (int)status, (int)step->step));
        LQ_ASSERT(status == LEDGER__STATUS__NO_STATUS || step->at_ms >= since_ms);
        status = step->step;
        since_ms = step->at_ms;
    }
    LQ_ASSERT(entry->status == status);
    LQ_ASSERT(entry->status_since_ms == since_ms);
}
