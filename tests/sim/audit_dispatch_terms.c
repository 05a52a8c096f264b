// The terms of dispatch: of an order until all have answered, of a team until it departs, of calls
// and of handing over.
#include <stdio.h>

#include "sim/audit_parts.h"

static const int64_t CALL_WINDOW_MS = 24 * 3600 * 1000LL;

static const char *part(struct audit *a, const char *order, const char *team)
{
    const size_t size = strlen(order) + strlen(team) + 2;
    char *text = audit_alloc(a, size);
    snprintf(text, size, "%s/%s", order, team);
    return text;
}

static const char *variant_of(Dispatch__Priority priority)
{
    return priority == DISPATCH__PRIORITY__FLASH    ? "flash"
           : priority == DISPATCH__PRIORITY__URGENT ? "urgent"
                                                    : "routine";
}

static void issued(struct audit_carried *k, const void *body)
{
    const Dispatch__OrderIssued *o = body;
    if (!audit_is_from_paper(k->fact))
        audit_count_term(
            k->a, audit_clock_begin(k, "order", o->number, "OP-ACK", variant_of(o->priority)),
            k->fact);
}

// With the last answer the order is answered, at the latest of all of them.
static void answered(struct audit_carried *k, const char *number_)
{
    const struct audit_order *order = audit_find_text(&k->a->orders, number_);
    int64_t last_ms = 0;
    for (size_t i = 0; i < order->team_count; i++) {
        if (order->teams[i].answered_ms == 0)
            return;
        if (order->teams[i].answered_ms > last_ms)
            last_ms = order->teams[i].answered_ms;
    }
    audit_clock_stop(k, "order", number_, "OP-ACK", last_ms);
}

static void acknowledged(struct audit_carried *k, const Dispatch__StepReported *e)
{
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    const struct audit_shift *shift = audit_on_duty(&k->stream->roster, at_ms);
    answered(k, e->order);
    if (audit_is_from_paper(k->fact))
        return;
    Rules__Clock *c =
        audit_clock_begin(k, "assignment", part(k->a, e->order, e->team), "OP-DEPART",
                          shift != NULL && strcmp(shift->name, "night") == 0 ? "night" : "day");
    c->owner = e->team;
    audit_count_term(k->a, c, k->fact);
}

// Of a breach that was entered long after it happened nobody is called any more in time. How long
// after it was entered in seizure is what counts; dispatch may hear of it later still.
static void called(struct audit_carried *k, const void *body)
{
    const Dispatch__CallOpened *call = body;
    if (k->fact->r->recorded_at_ms - call->at_ms > CALL_WINDOW_MS && k->told_count == 0)
        return;
    Rules__Clock *c = audit_clock_begin(k, "call", call->number, "OP-CALL", "");
    c->owner = call->by;
    audit_count_term(k->a, c, k->fact);
}

// It begins with the end of the shift, as soon as that is known.
static void handing_over(struct audit_carried *k, const char *shift, const char *group,
                         int64_t ends_ms)
{
    const bool known = audit_clock_of(k->a, "handover", shift, "OP-HANDOVER") != NULL;
    if (known || audit_is_from_paper(k->fact))
        return;
    Rules__Clock *c = audit_clock_begin(k, "handover", shift, "OP-HANDOVER", "");
    c->start_ms = ends_ms;
    c->owner = (char *)(uintptr_t)group;
    audit_count_term(k->a, c, k->fact);
}

// The term is counted anew from the issue, by the order's priority from now on.
static void amended(struct audit_carried *k, const void *body)
{
    const Dispatch__OrderAmended *e = body;
    const char *variant = variant_of(e->priority);
    const Rules__Clock *clock = audit_clock_of(k->a, "order", e->order, "OP-ACK");
    const Rules__Clock *nobody = audit_clock_of(k->a, "order", e->order, "OP-RESEND");
    struct audit_order *order = audit_find_text(&k->a->orders, e->order);
    order->priority = (uint32_t)e->priority;
    if (nobody != NULL && audit_clock_runs(nobody) && strcmp(nobody->variant, variant) != 0) {
        Rules__Clock *resend = audit_carry(k, nobody);
        resend->variant = (char *)(uintptr_t)variant;
        resend->due_ms = 0; // told anew, up the other ladder
        resend->set_due_ms = k->fact->r->recorded_at_ms;
        audit_count_term(k->a, resend, k->fact);
    }
    if (clock == NULL || strcmp(clock->variant, variant) == 0)
        return;
    Rules__Clock *c = audit_carry(k, clock);
    c->variant = (char *)(uintptr_t)variant;
    audit_count_term(k->a, c, k->fact);
    if (!audit_clock_runs(c))
        audit_clock_only_rung(c);
}

static void handover_opened(struct audit_carried *k, const void *body)
{
    const Dispatch__HandoverOpened *e = body;
    handing_over(k, e->number, e->group, e->due_ms);
    for (size_t i = 0; i < e->n_missed; i++)
        audit_clock_stop(k, "handover", e->missed[i], "OP-HANDOVER", k->fact->r->occurred_at_ms);
}

static void handover_frozen(struct audit_carried *k, const void *body)
{
    const Dispatch__HandoverFrozen *e = body;
    handing_over(k, e->number, e->group, e->due_ms);
}

static void handover_signed(struct audit_carried *k, const void *body)
{
    const Dispatch__HandoverSigned *e = body;
    const Rules__Clock *given_up = audit_clock_of(k->a, "handover", e->number, "OP-HANDOVER");
    if (e->list == 0 && given_up != NULL) { // on paper: it was over, and ended then
        audit_carry(k, given_up)->stop_ms = k->fact->r->occurred_at_ms;
        return;
    }
    audit_clock_stop(k, "handover", e->number, "OP-HANDOVER", k->fact->r->occurred_at_ms);
}

static void stop_departing(struct audit_carried *k, const char *order, const char *team)
{
    audit_clock_stop(k, "assignment", part(k->a, order, team), "OP-DEPART",
                     k->fact->r->occurred_at_ms);
}

static void step_reported(struct audit_carried *k, const void *body)
{
    const Dispatch__StepReported *e = body;
    if (e->step == DISPATCH__STEP__ACKNOWLEDGED)
        acknowledged(k, e);
    if (e->step != DISPATCH__STEP__DEPARTED)
        return;
    answered(k, e->order); // who departs without a word has acknowledged
    stop_departing(k, e->order, e->team);
}

// An order that nobody has any more is told from when the desk learns it.
static void declined(struct audit_carried *k, const void *body)
{
    const Dispatch__OrderDeclined *e = body;
    const struct audit_order *order = audit_find_text(&k->a->orders, e->order);
    answered(k, e->order);
    stop_departing(k, e->order, e->team);
    for (size_t i = 0; i < order->team_count; i++)
        if (!order->teams[i].declined)
            return;
    if (audit_is_from_paper(k->fact))
        return;
    Rules__Clock *c = audit_clock_begin(k, "order", e->order, "OP-RESEND",
                                        variant_of((Dispatch__Priority)order->priority));
    c->owner = (char *)(uintptr_t)order->desk;
    c->set_due_ms = k->fact->r->recorded_at_ms;
    audit_count_term(k->a, c, k->fact);
}

static void cancelled(struct audit_carried *k, const void *body)
{
    const Dispatch__OrderCancelled *e = body;
    const struct audit_order *order = audit_find_text(&k->a->orders, e->order);
    audit_clock_stop(k, "order", e->order, "OP-ACK", k->fact->r->occurred_at_ms);
    audit_clock_stop(k, "order", e->order, "OP-RESEND", k->fact->r->occurred_at_ms);
    for (size_t i = 0; i < order->team_count; i++)
        stop_departing(k, e->order, order->teams[i].name);
}

const struct audit_term_row audit_dispatch_terms[] = {
    {DISPATCH__EVENT__BODY_ORDER_ISSUED, issued},
    {DISPATCH__EVENT__BODY_ORDER_AMENDED, amended},
    {DISPATCH__EVENT__BODY_STEP_REPORTED, step_reported},
    {DISPATCH__EVENT__BODY_ORDER_DECLINED, declined},
    {DISPATCH__EVENT__BODY_ORDER_CANCELLED, cancelled},
    {DISPATCH__EVENT__BODY_CALL_OPENED, called},
    {DISPATCH__EVENT__BODY_HANDOVER_OPENED, handover_opened},
    {DISPATCH__EVENT__BODY_HANDOVER_FROZEN, handover_frozen},
    {DISPATCH__EVENT__BODY_HANDOVER_SIGNED, handover_signed},
    {DISPATCH__EVENT__BODY_CLOCK_RANG, audit_clock_rang},
    {DISPATCH__EVENT__BODY_CLOCK_TAKEN, audit_clock_taken},
    {0},
};
