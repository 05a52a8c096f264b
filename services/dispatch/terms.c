// Until when an order is answered, a team that has answered departs, and somebody is sent where
// nobody has the order any more; and whom the marks of these terms name. The terms themselves stand
// in policy.yaml (OP-ACK, OP-DEPART, OP-RESEND).
#include "dispatch.h"

// One for an order: its marks name the teams that are still silent. One for each team to depart.
// One for an order that nobody has.
#define ORDER "order"
#define PART "assignment"
#define ANSWER "OP-ACK"
#define DEPART "OP-DEPART"
#define RESEND "OP-RESEND"

static const char *by_priority(Dispatch__Priority priority)
{
    switch (priority) {
    case DISPATCH__PRIORITY__FLASH:
        return "flash";
    case DISPATCH__PRIORITY__URGENT:
        return "urgent";
    case DISPATCH__PRIORITY__ROUTINE:
    case DISPATCH__PRIORITY__PRIORITY_UNSPECIFIED:
    case _DISPATCH__PRIORITY_IS_INT_SIZE:
        return "routine";
    }
    LQ_UNREACHABLE();
}

// A night shift is the one that the rota calls so.
static const char *by_shift(struct lq_view *view, int64_t at_ms)
{
    const Shift__Shift *shift = lq_rota_at(view, at_ms);
    return shift != NULL && strcmp(shift->name, "night") == 0 ? "night" : "day";
}

static const char *part_of(struct lq_decision *d, const char *order, const char *team)
{
    const size_t size = strlen(order);
    char *part = lq_arena_alloc(d->arena, size + strlen(team) + 2);
    memcpy(part, order, size);
    part[size] = '/';
    memcpy(part + size + 1, team, strlen(team) + 1);
    return part;
}

// ---------------------------------------------------------------- answering

void dispatch_start_answer_term(struct lq_decision *d, const char *order,
                                Dispatch__Priority priority)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = ORDER,
                                               .number = order,
                                               .rule = ANSWER,
                                               .variant = by_priority(priority),
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = d->facts->principal});
}

static int64_t answered_ms(const Dispatch__Assignment *a)
{
    return a->acknowledged_at_ms != 0 ? a->acknowledged_at_ms
           : a->declined_at_ms != 0   ? a->declined_at_ms
                                      : a->withdrawn_at_ms;
}

// When the last team answered, where that team did then: whichever was told last.
static int64_t last_answer_ms(const Dispatch__Order *order, const char *team, int64_t at_ms)
{
    int64_t last_ms = at_ms;
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        if (strcmp(a->team, team) != 0 && answered_ms(a) > last_ms)
            last_ms = answered_ms(a);
    }
    return last_ms;
}

// What was answered in time and told later is in time.
void dispatch_stop_answer_term(struct lq_decision *d, const Dispatch__Order *order,
                               const char *answering)
{
    lq_clock_stop(d, ORDER, order->number, ANSWER,
                  last_answer_ms(order, answering, d->facts->occurred_ms));
}

// ---------------------------------------------------------------- nobody has it

// It is told at once, and goes on from then: by when the team said so, those above might have been
// told already.
void dispatch_start_resend_term(struct lq_decision *d, const Dispatch__OpenOrder *open)
{
    const Dispatch__Order *order = dispatch_find(d->view, open->number);
    LQ_ASSERT(order != NULL);
    if (open->at_work == 1 && open->finished == 0)
        lq_clock_start(d, &(struct lq_clock_start){.kind = ORDER,
                                                   .number = open->number,
                                                   .rule = RESEND,
                                                   .variant = by_priority(order->priority),
                                                   .start_ms = d->facts->occurred_ms,
                                                   .due_ms = d->facts->now_ms,
                                                   .owner = order->desk});
}

void dispatch_stop_resend_term(struct lq_decision *d, const char *order)
{
    lq_clock_stop(d, ORDER, order, RESEND, d->facts->occurred_ms);
}

// ---------------------------------------------------------------- departing

static void start_departing(struct lq_decision *d, const char *part, const char *team,
                            int64_t at_ms)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = PART,
                                               .number = part,
                                               .rule = DEPART,
                                               .variant = by_shift(d->view, at_ms),
                                               .start_ms = at_ms,
                                               .owner = team});
}

void dispatch_step_terms(struct lq_decision *d, const char *order, const char *team,
                         Dispatch__Step step)
{
    if (step == DISPATCH__STEP__ACKNOWLEDGED)
        start_departing(d, part_of(d, order, team), team, d->facts->occurred_ms);
    else if (step == DISPATCH__STEP__DEPARTED || step == DISPATCH__STEP__STEP_UNSPECIFIED)
        lq_clock_stop(d, PART, part_of(d, order, team), DEPART, d->facts->occurred_ms);
}

void dispatch_stop_terms(struct lq_decision *d, const Dispatch__Order *order)
{
    lq_clock_stop(d, ORDER, order->number, ANSWER, d->facts->occurred_ms);
    dispatch_stop_resend_term(d, order->number);
    for (size_t i = 0; i < order->n_assignments; i++)
        lq_clock_stop(d, PART, part_of(d, order->number, order->assignments[i]->team), DEPART,
                      d->facts->occurred_ms);
}

// ---------------------------------------------------------------- corrected

void dispatch_restate_order_term(struct lq_decision *d, const Dispatch__Order *order)
{
    const Rules__Clock *clock = lq_clock_now(d, ORDER, order->number, ANSWER);
    const Rules__Clock *nobody = lq_clock_now(d, ORDER, order->number, RESEND);
    const char *variant = by_priority(order->priority);
    if (nobody != NULL && lq_clock_runs(nobody) && strcmp(nobody->variant, variant) != 0)
        lq_clock_restart(d, nobody,
                         &(struct lq_clock_start){.start_ms = nobody->start_ms,
                                                  .due_ms = d->facts->now_ms, // told anew
                                                  .variant = variant});
    if (clock != NULL &&
        (clock->start_ms != order->issued_at_ms || strcmp(clock->variant, variant) != 0))
        lq_clock_restart(d, clock,
                         &(struct lq_clock_start){.start_ms = order->issued_at_ms,
                                                  .stop_ms = clock->stop_ms,
                                                  .variant = variant});
}

static void restate_answer(struct lq_decision *d, const Dispatch__Order *order,
                           const Dispatch__Assignment *after)
{
    const Rules__Clock *clock = lq_clock_now(d, ORDER, order->number, ANSWER);
    if (clock == NULL || lq_clock_runs(clock) || order->cancelled_at_ms != 0)
        return;
    const int64_t last_ms = last_answer_ms(order, after->team, answered_ms(after));
    if (last_ms != clock->stop_ms)
        lq_clock_restart(d, clock,
                         &(struct lq_clock_start){.start_ms = clock->start_ms, .stop_ms = last_ms});
}

void dispatch_restate_step_term(struct lq_decision *d, const Dispatch__Order *order,
                                const char *number, const Dispatch__Assignment *after)
{
    restate_answer(d, dispatch_whole(d->view, order), after);
    const Rules__Clock *clock = lq_clock_now(d, PART, number, DEPART);
    if (clock == NULL)
        return;
    const int64_t stop_ms =
        after->departed_at_ms != 0 ? after->departed_at_ms : after->declined_at_ms;
    if (clock->start_ms == after->acknowledged_at_ms && clock->stop_ms == stop_ms)
        return;
    lq_clock_restart(
        d, clock,
        &(struct lq_clock_start){.start_ms = after->acknowledged_at_ms,
                                 .stop_ms = stop_ms,
                                 .variant = by_shift(d->view, after->acknowledged_at_ms)});
}

// ---------------------------------------------------------------- whom a mark names

// Whoever has signed for the desk, and those of the group that is on duty: an order that was not
// handed over is still the business of the one who had it. All of them where nobody is on duty, or
// none of that group is one.
static void add_desk_chiefs(struct lq_decision *d, Rules__ClockRang *rang)
{
    const Shift__Shift *shift = lq_rota_at(d->view, d->facts->occurred_ms);
    const char *in_charge = dispatch_in_charge(d->view, d->facts->occurred_ms);
    if (in_charge != NULL)
        lq_told_add(rang, in_charge);
    if (shift == NULL || lq_told_add_desk_chiefs(d, rang, shift->group) == 0)
        lq_told_add_desk_chiefs(d, rang, NULL);
}

// Who answers for the team, and who stands in for it: its deputy, or who answers where it has none
// there. Where nobody is there, a desk chief must know.
static void add_of_team(struct lq_decision *d, Rules__ClockRang *rang, const char *team)
{
    const int64_t at_ms = d->facts->occurred_ms;
    const Shift__Person *owner = lq_duty_answers(d->view, team, at_ms);
    const Shift__Person *deputy = lq_duty_deputy(d->view, team, at_ms);
    if (owner == NULL) {
        add_desk_chiefs(d, rang);
        return;
    }
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        lq_told_add(rang, owner->badge);
    if (lq_told_to(rang, RULES__ADDRESSEE__DEPUTY))
        lq_told_add(rang, deputy != NULL ? deputy->badge : owner->badge);
}

static void add_silent(struct lq_decision *d, Rules__ClockRang *rang, const char *number)
{
    const Dispatch__Order *order = dispatch_find(d->view, number);
    LQ_ASSERT(order != NULL);
    order = dispatch_whole(d->view, order);
    rang->missing = LQ_NEW_ARRAY(d->arena, char *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        if (!dispatch_is_at_work(a) || !dispatch_is_unanswered(a))
            continue;
        rang->missing[rang->n_missing++] = a->team;
        add_of_team(d, rang, a->team);
    }
}

void dispatch_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (strcmp(clock->rule, RESEND) == 0 && lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        lq_told_add(rang, clock->owner);
    if (strcmp(clock->kind, ORDER) == 0)
        add_silent(d, rang, clock->number);
    else if (strcmp(clock->kind, PART) == 0)
        add_of_team(d, rang, clock->owner);
    if (!lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        return;
    if (strcmp(clock->kind, "handover") == 0)
        dispatch_add_both_chiefs(d, clock->number, rang);
    else
        add_desk_chiefs(d, rang);
}
