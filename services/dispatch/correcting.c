// The rules for correcting and voiding what is recorded of an order: the order itself, a team's
// part in it, and who took part.
#include "dispatch.h"

// ---------------------------------------------------------------- orders

// Nothing on an order is dated before it.
static struct lq_verdict check_issued(struct lq_decision *d, const Dispatch__Order *order,
                                      int64_t issued_at_ms)
{
    char at[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        const int64_t first_ms =
            a->step != DISPATCH__STEP__STEP_UNSPECIFIED ? a->acknowledged_at_ms : a->declined_at_ms;
        if (first_ms != 0 && first_ms < issued_at_ms)
            return lq_reject(d, DISPATCH__REJECT__BEFORE_ORDER,
                             "team %s answered order %s at %s, so it cannot have been issued at %s",
                             a->team, order->number, lq_format_local(first_ms, at),
                             lq_format_local(issued_at_ms, then));
        const int64_t sent_ms = a->added_at_ms != 0 ? a->added_at_ms : a->withdrawn_at_ms;
        if (sent_ms != 0 && sent_ms < issued_at_ms)
            return lq_reject(d, DISPATCH__REJECT__BEFORE_ORDER,
                             "team %s was added to or withdrawn from order %s at %s, so it cannot "
                             "have been issued at %s",
                             a->team, order->number, lq_format_local(sent_ms, at),
                             lq_format_local(issued_at_ms, then));
    }
    if (order->cancelled_at_ms != 0 && order->cancelled_at_ms < issued_at_ms)
        return lq_reject(d, DISPATCH__REJECT__BEFORE_ORDER,
                         "order %s was cancelled at %s, so it cannot have been issued at %s",
                         order->number, lq_format_local(order->cancelled_at_ms, at),
                         lq_format_local(issued_at_ms, then));
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_check_order_correction(struct lq_decision *d, const char *number,
                                                  const void *before, void *after)
{
    const Dispatch__Order *order = after;
    if (order->kind[0] == '\0' || order->priority == DISPATCH__PRIORITY__PRIORITY_UNSPECIFIED)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING, "order %s needs a kind and a priority",
                         number);
    LQ_TRY(dispatch_check_plausible(d, order->vehicles, order->machines));
    LQ_TRY(check_issued(d, dispatch_whole(d->view, before), order->issued_at_ms));
    dispatch_restate_order_term(d, order);
    return LQ_ACCEPT;
}

// What was ordered by mistake is voided as long as no team is on its way; from then on it is
// history, and is cancelled or finished.
struct lq_verdict dispatch_check_order_void(struct lq_decision *d, const char *number,
                                            const void *thing)
{
    const Dispatch__Order *order = dispatch_whole(d->view, thing);
    LQ_TRY(dispatch_check_nothing_done(d, order));
    if (order->participants > 0)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "%u people are recorded as having taken part in order %s: void those "
                         "entries first, or cancel the order",
                         order->participants, number);
    char at[LQ_TIME_TEXT];
    for (size_t i = 0; i < order->n_assignments; i++)
        if (order->assignments[i]->departed_at_ms != 0)
            return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                             "team %s departed on order %s at %s: the order is cancelled, not "
                             "voided",
                             order->assignments[i]->team, number,
                             lq_format_local(order->assignments[i]->departed_at_ms, at));
    return LQ_ACCEPT;
}

static void erase_order(struct lq_view *tables, const Dispatch__Order *order)
{
    const Dispatch__AddressedTeams *addressed =
        lq_find(tables, &dispatch_table_addressed, lq_key_text(order->number));
    LQ_ASSERT(addressed != NULL);
    for (size_t i = 0; i < addressed->n_teams; i++) {
        lq_erase(tables, &dispatch_table_assignments,
                 dispatch_pair(order->number, addressed->teams[i]));
        dispatch_release_team(tables, order->number, addressed->teams[i]);
        lq_clocks_void(
            tables, "assignment",
            lq_arena_format(lq_view_arena(tables), "%s/%s", order->number, addressed->teams[i]));
    }
    lq_erase(tables, &dispatch_table_addressed, lq_key_text(order->number));
    dispatch_close_order(tables, order->number);
}

void dispatch_order_changed(struct lq_view *tables, const struct lq_thing *thing,
                            const char *number, const void *before, const void *after)
{
    const Dispatch__Order *order = after;
    if (order == NULL) {
        erase_order(tables, before);
        return;
    }
    const Dispatch__OpenOrder *kept = dispatch_find_open(tables, number);
    if (kept == NULL)
        return;
    Dispatch__OpenOrder open = *kept;
    open.issued_at_ms = order->issued_at_ms;
    lq_save(tables, &dispatch_table_open, lq_key_text(number), &open.base);
}

// ---------------------------------------------------------------- a team's part

static struct lq_verdict check_reached(struct lq_decision *d, const char *number,
                                       const Dispatch__Assignment *before,
                                       const Dispatch__Assignment *after)
{
    const struct {
        const char *what;
        int64_t before_ms, after_ms;
    } times[] = {
        {"acknowledged", before->acknowledged_at_ms, after->acknowledged_at_ms},
        {"departed", before->departed_at_ms, after->departed_at_ms},
        {"on_scene", before->on_scene_at_ms, after->on_scene_at_ms},
        {"finished", before->finished_at_ms, after->finished_at_ms},
        {"declined", before->declined_at_ms, after->declined_at_ms},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (times[i].before_ms == 0 && times[i].after_ms != 0)
            return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                             "%s is not %-s: a step is reported, and not made by a correction",
                             number, times[i].what);
    return LQ_ACCEPT;
}

static struct lq_verdict check_rising(struct lq_decision *d, const char *number,
                                      const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    const int64_t times[] = {order->issued_at_ms, a->added_at_ms,     a->acknowledged_at_ms,
                             a->departed_at_ms,   a->on_scene_at_ms,  a->finished_at_ms,
                             a->declined_at_ms,   a->withdrawn_at_ms, order->cancelled_at_ms};
    int64_t last_ms = 0;
    char at[LQ_TIME_TEXT], last[LQ_TIME_TEXT];
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (times[i] == 0)
            continue;
        if (times[i] < last_ms)
            return lq_reject(
                d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                "the steps of %s follow each other, from the order on: %s is before %s", number,
                lq_format_local(times[i], at), lq_format_local(last_ms, last));
        last_ms = times[i];
    }
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_check_assignment_correction(struct lq_decision *d, const char *number,
                                                       const void *before, void *after)
{
    const Dispatch__Assignment *a = after;
    const size_t order_size = strlen(number) - strlen(a->team) - 1; // "O0263/T02"
    const Dispatch__Order *order =
        dispatch_find(d->view, lq_arena_format(d->arena, "%.*s", (int)order_size, number));
    LQ_ASSERT(order != NULL);
    LQ_TRY(dispatch_check_recorder(d, a->team));
    LQ_TRY(check_reached(d, number, before, after));
    if (a->declined_at_ms != 0 && a->decline_reason[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "%s was declined: the reason cannot be taken away", number);
    LQ_TRY(check_rising(d, number, order, after));
    dispatch_restate_step_term(d, order, number, after);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- who took part

struct lq_verdict dispatch_check_participant_void(struct lq_decision *d, const char *number,
                                                  const void *thing)
{
    if ((dispatch_principal_roles(d) & LQ_ROLE(COMMANDER)) != 0)
        return LQ_ACCEPT; // it is of a week whose bulletin is out (rules/bulletins.h)
    return dispatch_check_recorder(d, ((const Dispatch__Participant *)thing)->team);
}

void dispatch_participant_changed(struct lq_view *tables, const struct lq_thing *thing,
                                  const char *number, const void *before, const void *after)
{
    LQ_ASSERT(after == NULL); // it has no fields that are corrected
    Dispatch__Order order = dispatch_copy_of_order(tables, lq_thing_part(tables, thing, number, 0));
    LQ_ASSERT(order.participants > 0);
    order.participants--;
    dispatch_save_order(tables, &order);
}
