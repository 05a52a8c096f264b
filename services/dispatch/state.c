// The tables, and how each event changes them. An order's row is the order with its teams' answers.
// Two small indexes hold only what is open, so that a new order's check and the board of open
// orders cost the same however many orders there were before.
#include "base/plant.h"
#include "dispatch.h"

const struct lq_table dispatch_table_orders = {"orders", &dispatch__order__descriptor};
const struct lq_table dispatch_table_open = {"open", &dispatch__open_order__descriptor};
const struct lq_table dispatch_table_engaged = {"engaged", &dispatch__engagement__descriptor};
const struct lq_table dispatch_table_participants = {"participants",
                                                     &dispatch__participant__descriptor};
const struct lq_table dispatch_table_duty = {"duty", &shift__shift__descriptor};

struct lq_key dispatch_pair(const char *first, const char *second)
{
    return lq_key_then_text(lq_key_text(first), second);
}

const Dispatch__Order *dispatch_find(struct lq_view *view, const char *number)
{
    return lq_pb_identifier(number) ? lq_find(view, &dispatch_table_orders, lq_key_text(number))
                                    : NULL;
}

// Shifts do not overlap (shift sees to that): only the last one to start can cover the instant.
const Shift__Shift *dispatch_on_duty(struct lq_view *view, int64_t at_ms)
{
    LQ_ASSERT(at_ms >= 0); // the runtime lets no earlier time through
    struct lq_scan s = lq_scan_backwards(view, &dispatch_table_duty, lq_key_none());
    s.key = lq_key_number((uint64_t)at_ms + 1); // as if the walk had come down to here
    if (!lq_scan_next(&s))
        return NULL;
    const Shift__Shift *shift = s.row; // which has started by then
    return at_ms < shift->ends_at_ms ? shift : NULL;
}

// ---------------------------------------------------------------- rows

// A copy of the order that may be changed, with copies of its assignments; in the view's arena.
static Dispatch__Order *copy_of_order(struct lq_view *tables, const char *number)
{
    const Dispatch__Order *kept = dispatch_find(tables, number);
    LQ_ASSERT(kept != NULL); // what was decided about was there
    struct lq_arena *arena = lq_view_arena(tables);
    Dispatch__Order *order = LQ_NEW(arena, Dispatch__Order);
    *order = *kept;
    order->assignments = LQ_NEW_ARRAY(arena, Dispatch__Assignment *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++) {
        order->assignments[i] = LQ_NEW(arena, Dispatch__Assignment);
        *order->assignments[i] = *kept->assignments[i];
    }
    return order;
}

static Dispatch__Assignment *team_of_copy(Dispatch__Order *order, const char *team)
{
    Dispatch__Assignment *assignment = lq_row(dispatch_assignment(order, team));
    LQ_ASSERT(assignment != NULL);
    return assignment;
}

// Both an event's order and a copy of one lie in the arena, and neither is changed once it is
// saved.
static void save_order(struct lq_view *tables, const Dispatch__Order *order)
{
    lq_save_kept(tables, &dispatch_table_orders, lq_key_text(order->number), &order->base);
}

static void release_team(struct lq_view *tables, const char *order, const char *team)
{
    lq_erase(tables, &dispatch_table_engaged, dispatch_pair(team, order));
}

static void close_order(struct lq_view *tables, const char *order)
{
    lq_erase(tables, &dispatch_table_open, lq_key_text(order));
}

// ---------------------------------------------------------------- events

static void order_issued(struct lq_view *tables, const Dispatch__Order *order)
{
    save_order(tables, order);
    Dispatch__OpenOrder open = DISPATCH__OPEN_ORDER__INIT;
    open.number = order->number;
    lq_save(tables, &dispatch_table_open, lq_key_text(order->number), &open.base);
    for (size_t i = 0; i < order->n_assignments; i++) {
        Dispatch__Engagement engaged = DISPATCH__ENGAGEMENT__INIT;
        engaged.team = order->assignments[i]->team;
        engaged.order = order->number;
        lq_save(tables, &dispatch_table_engaged, dispatch_pair(engaged.team, engaged.order),
                &engaged.base);
    }
}

static void set_step(Dispatch__Assignment *assignment, Dispatch__Step step, int64_t at_ms)
{
    assignment->step = step;
    switch (step) {
    case DISPATCH__STEP__ACKNOWLEDGED:
        assignment->acknowledged_at_ms = at_ms;
        return;
    case DISPATCH__STEP__DEPARTED:
        assignment->departed_at_ms = at_ms;
        return;
    case DISPATCH__STEP__ON_SCENE:
        assignment->on_scene_at_ms = at_ms;
        return;
    case DISPATCH__STEP__FINISHED:
        assignment->finished_at_ms = at_ms;
        return;
    case DISPATCH__STEP__STEP_UNSPECIFIED:
    case _DISPATCH__STEP_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}

static void step_reported(struct lq_view *tables, int64_t at_ms, const Dispatch__StepReported *e)
{
    Dispatch__Order *order = copy_of_order(tables, e->order);
    Dispatch__Assignment *assignment = team_of_copy(order, e->team);
    set_step(assignment, e->step, at_ms);
    assignment->last_by = e->by;
    save_order(tables, order);
    if (dispatch_is_at_work(assignment))
        return;
    release_team(tables, e->order, e->team);
    if (!dispatch_is_open(order))
        close_order(tables, e->order);
}

static void order_declined(struct lq_view *tables, int64_t at_ms, const Dispatch__OrderDeclined *e)
{
    Dispatch__Order *order = copy_of_order(tables, e->order);
    Dispatch__Assignment *assignment = team_of_copy(order, e->team);
    assignment->declined_at_ms = at_ms;
    assignment->decline_reason = e->why;
    assignment->last_by = e->by;
    save_order(tables, order);
    release_team(tables, e->order, e->team);
    if (!dispatch_is_open(order))
        close_order(tables, e->order);
}

static void order_cancelled(struct lq_view *tables, int64_t at_ms,
                            const Dispatch__OrderCancelled *e)
{
    Dispatch__Order *order = copy_of_order(tables, e->order);
    if (dispatch_is_open(order)) // not if all have declined
        close_order(tables, e->order);
    for (size_t i = 0; i < order->n_assignments; i++)
        if (dispatch_is_at_work(order->assignments[i]) && !LQ_PLANTED(CANCELLED_STILL_OPEN))
            release_team(tables, e->order, order->assignments[i]->team);
    order->cancelled_at_ms = at_ms;
    order->cancel_reason = e->why;
    save_order(tables, order);
}

static void participant_recorded(struct lq_view *tables, const Dispatch__ParticipantRecorded *e)
{
    Dispatch__Participant participant = DISPATCH__PARTICIPANT__INIT;
    participant.team = e->team;
    participant.badge = e->badge;
    lq_save(tables, &dispatch_table_participants, dispatch_pair(e->order, e->badge),
            &participant.base);
    Dispatch__Order *order = copy_of_order(tables, e->order);
    order->participants++;
    save_order(tables, order);
}

void dispatch_apply(struct lq_view *tables, const struct lq_occurrence *what,
                    const Dispatch__Event *event)
{
    switch (event->body_case) {
    case DISPATCH__EVENT__BODY_ORDER_ISSUED:
        order_issued(tables, event->order_issued);
        return;
    case DISPATCH__EVENT__BODY_STEP_REPORTED:
        step_reported(tables, what->occurred_ms, event->step_reported);
        return;
    case DISPATCH__EVENT__BODY_ORDER_DECLINED:
        order_declined(tables, what->occurred_ms, event->order_declined);
        return;
    case DISPATCH__EVENT__BODY_ORDER_CANCELLED:
        order_cancelled(tables, what->occurred_ms, event->order_cancelled);
        return;
    case DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED:
        participant_recorded(tables, event->participant_recorded);
        return;
    case DISPATCH__EVENT__BODY_PERSON_NOTED:
        lq_roster_note(tables, event->person_noted);
        return;
    case DISPATCH__EVENT__BODY_SHIFT_NOTED:
        lq_save(tables, &dispatch_table_duty,
                lq_key_number((uint64_t)event->shift_noted->starts_at_ms),
                &event->shift_noted->base);
        return;
    case DISPATCH__EVENT__BODY_PREMISES_NOTED:
        lq_premises_note(tables, event->premises_noted);
        return;
    case DISPATCH__EVENT__BODY__NOT_SET:
    case _DISPATCH__EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}
