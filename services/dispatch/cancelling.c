// The rules for cancelling an order: until it is finished, not as if it had been before what teams
// have reported on it, and not while what was done hangs on it.
#include "dispatch.h"

// A cancellation cannot be dated before the order, nor before what teams have reported since.
static struct lq_verdict check_cancel_time(struct lq_decision *d, const Dispatch__Order *order)
{
    const int64_t at_ms = d->facts->occurred_ms;
    char at[LQ_TIME_TEXT], earliest[LQ_TIME_TEXT];
    lq_format_local(at_ms, at);
    if (at_ms < order->issued_at_ms)
        return lq_reject(d, DISPATCH__REJECT__BEFORE_ORDER,
                         "order %s was issued at %s; it cannot be cancelled at %s", order->number,
                         lq_format_local(order->issued_at_ms, earliest), at);
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        const int64_t last_ms = dispatch_last_ms(order->issued_at_ms, a);
        if (at_ms < last_ms)
            return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                             "team %s has reported at %s (%-s); order %s cannot be cancelled at %s",
                             a->team, lq_format_local(last_ms, earliest),
                             a->declined_at_ms != 0
                                 ? "declined"
                                 : lq_state_said(d->arena, &dispatch_team_steps, (int)a->step),
                             order->number, at);
    }
    return LQ_ACCEPT;
}

// Finished: nobody is at work any more, and somebody has done the work. (What all have declined
// can be cancelled.)
static bool is_finished(const Dispatch__Order *order)
{
    bool any_finished = false;
    for (size_t i = 0; i < order->n_assignments; i++) {
        if (dispatch_is_at_work(order->assignments[i]))
            return false;
        any_finished |= order->assignments[i]->step == DISPATCH__STEP__FINISHED;
    }
    return any_finished;
}

// People who took part have done something, though nothing of it is recorded. A desk that issued
// the order twice by mistake cannot know; a commander answers for it.
static struct lq_verdict check_nobody_took_part(struct lq_decision *d, const Dispatch__Order *order)
{
    if (order->participants == 0 || (dispatch_principal_roles(d) & LQ_ROLE(COMMANDER)) != 0)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__ORDER_HAS_PARTICIPANTS,
                     "%u people are recorded as having taken part in order %s: its teams report "
                     "that they have finished, or a commander cancels it",
                     order->participants, order->number);
}

static void emit_cancelled(struct lq_decision *d, const Dispatch__Order *order, char *why)
{
    Dispatch__OrderCancelled cancelled = DISPATCH__ORDER_CANCELLED__INIT;
    cancelled.order = order->number;
    cancelled.why = why;
    cancelled.by = lq_unconst(d->facts->principal);
    cancelled.n_teams = order->n_assignments;
    cancelled.teams = LQ_NEW_ARRAY(d->arena, char *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++)
        cancelled.teams[i] = order->assignments[i]->team;

    dispatch_stop_terms(d, order);
    lq_emit(d, DISPATCH__EVENT__BODY_ORDER_CANCELLED, &cancelled.base);
    lq_number(d, order->number);
}

struct lq_verdict dispatch_cancel_order(struct lq_decision *d, const void *command)
{
    const Dispatch__CancelOrder *c = command;
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", c->order));
    if (c->why[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "order %s cannot be cancelled without saying why", c->order);
    const Dispatch__Order *order;
    LQ_TRY(dispatch_get_order(d, c->order, &order));
    char at[LQ_TIME_TEXT];
    if (order->cancelled_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__ORDER_CANCELLED, "order %s was cancelled at %s: %s",
                         order->number, lq_format_local(order->cancelled_at_ms, at),
                         order->cancel_reason);
    order = dispatch_whole(d->view, order);
    LQ_TRY(check_cancel_time(d, order));
    if (is_finished(order))
        return lq_reject(d, DISPATCH__REJECT__ORDER_FINISHED,
                         "order %s is finished, and cannot be cancelled any more", order->number);
    LQ_TRY(dispatch_check_nothing_done(d, order));
    LQ_TRY(check_nobody_took_part(d, order));
    emit_cancelled(d, order, c->why);
    return LQ_ACCEPT;
}

void dispatch_close_order(struct lq_view *tables, const char *order)
{
    lq_erase(tables, &dispatch_table_open, lq_key_text(order));
}

// The event names all teams; those that are not at work any more are not engaged either, and to
// erase what is not there does nothing.
void dispatch_order_cancelled(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    const Dispatch__OrderCancelled *e = event;
    Dispatch__Order order = dispatch_copy_of_order(tables, e->order);
    order.cancelled_at_ms = what->occurred_ms;
    order.cancel_reason = e->why;
    dispatch_save_order(tables, &order);
    dispatch_close_order(tables, e->order);
    for (size_t i = 0; i < e->n_teams; i++)
        dispatch_release_team(tables, e->order, e->teams[i]);
}
