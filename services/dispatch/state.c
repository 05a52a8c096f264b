// The tables, and how each event changes them. A team's part in an order is a row of its own, so
// that its steps cost the same however many teams the order has; what depends on all of them is
// counted in the row of the open order, which also has what a step needs of the order. What holds
// only what is open is short, so that a new order's check and the board of open orders cost the
// same however many orders there were before.
#include "dispatch.h"

const struct lq_table dispatch_table_orders = {"orders", &dispatch__order__descriptor};
const struct lq_table dispatch_table_addressed = {"addressed",
                                                  &dispatch__addressed_teams__descriptor};
const struct lq_table dispatch_table_assignments = {"assignments",
                                                    &dispatch__assignment__descriptor};
const struct lq_table dispatch_table_open = {"open", &dispatch__open_order__descriptor};
const struct lq_table dispatch_table_engaged = {"engaged", &dispatch__engagement__descriptor};
const struct lq_table dispatch_table_participants = {"participants",
                                                     &dispatch__participant__descriptor};

struct lq_key dispatch_pair(const char *first, const char *second)
{
    return lq_key_then_text(lq_key_text(first), second);
}

const Dispatch__Order *dispatch_find(struct lq_view *view, const char *number)
{
    return lq_pb_identifier(number) ? lq_find(view, &dispatch_table_orders, lq_key_text(number))
                                    : NULL;
}

const Dispatch__OpenOrder *dispatch_find_open(struct lq_view *view, const char *number)
{
    return lq_find(view, &dispatch_table_open, lq_key_text(number));
}

const Dispatch__Assignment *dispatch_assignment(struct lq_view *view, const char *order,
                                                const char *team)
{
    return lq_find(view, &dispatch_table_assignments, dispatch_pair(order, team));
}

bool dispatch_is_addressed(struct lq_view *view, const char *order, const char *team)
{
    return lq_pb_identifier(team) &&
           lq_exists(view, &dispatch_table_assignments, dispatch_pair(order, team));
}

const Dispatch__Order *dispatch_whole(struct lq_view *view, const Dispatch__Order *order)
{
    struct lq_arena *arena = lq_view_arena(view);
    const Dispatch__AddressedTeams *addressed =
        lq_find(view, &dispatch_table_addressed, lq_key_text(order->number));
    LQ_ASSERT(addressed != NULL); // every order has it
    Dispatch__Order *whole = LQ_NEW(arena, Dispatch__Order);
    *whole = *order;
    whole->n_assignments = addressed->n_teams;
    whole->assignments = LQ_NEW_ARRAY(arena, Dispatch__Assignment *, addressed->n_teams);
    for (size_t i = 0; i < addressed->n_teams; i++) {
        whole->assignments[i] =
            lq_row(dispatch_assignment(view, order->number, addressed->teams[i]));
        LQ_ASSERT(whole->assignments[i] != NULL);
    }
    return whole;
}

// ---------------------------------------------------------------- rows

static void save_order(struct lq_view *tables, const Dispatch__Order *order)
{
    lq_save(tables, &dispatch_table_orders, lq_key_text(order->number), &order->base);
}

// A copy of the order's row that may be changed.
static Dispatch__Order copy_of_order(struct lq_view *tables, const char *number)
{
    const Dispatch__Order *kept = dispatch_find(tables, number);
    LQ_ASSERT(kept != NULL); // what was decided about was there
    return *kept;
}

static void save_assignment(struct lq_view *tables, const char *order,
                            const Dispatch__Assignment *assignment)
{
    lq_save(tables, &dispatch_table_assignments, dispatch_pair(order, assignment->team),
            &assignment->base);
}

static void save_engagement(struct lq_view *tables, char *order, char *team)
{
    Dispatch__Engagement engaged = DISPATCH__ENGAGEMENT__INIT;
    engaged.team = team;
    engaged.order = order;
    lq_save(tables, &dispatch_table_engaged, dispatch_pair(team, order), &engaged.base);
}

static void release_team(struct lq_view *tables, const char *order, const char *team)
{
    lq_erase(tables, &dispatch_table_engaged, dispatch_pair(team, order));
}

static void close_order(struct lq_view *tables, const char *order)
{
    lq_erase(tables, &dispatch_table_open, lq_key_text(order));
}

// One team less has not answered, or is at work, or both; the last one closes the order.
static void count_down(struct lq_view *tables, const char *order, bool answered, bool done)
{
    const Dispatch__OpenOrder *kept = dispatch_find_open(tables, order);
    LQ_ASSERT(kept != NULL); // a team was at work
    Dispatch__OpenOrder open = *kept;
    open.unanswered -= answered;
    open.at_work -= done;
    if (open.at_work > 0)
        lq_save(tables, &dispatch_table_open, lq_key_text(order), &open.base);
    else
        close_order(tables, order);
}

// A copy of the team's part that may be changed.
static Dispatch__Assignment copy_of_assignment(struct lq_view *tables, const char *order,
                                               const char *team)
{
    const Dispatch__Assignment *kept = dispatch_assignment(tables, order, team);
    LQ_ASSERT(kept != NULL);
    return *kept;
}

// Saves the team's part as an answer has changed it, with what hangs on it.
static void save_answer(struct lq_view *tables, const char *order,
                        const Dispatch__Assignment *before, const Dispatch__Assignment *after)
{
    const bool answered = dispatch_is_unanswered(before);
    const bool done = !dispatch_is_at_work(after);
    save_assignment(tables, order, after);
    if (answered || done)
        count_down(tables, order, answered, done);
    if (done)
        release_team(tables, order, after->team);
}

// ---------------------------------------------------------------- events

// Which teams, and in which sequence; their parts in it have no sequence.
static void save_addressed(struct lq_view *tables, const Dispatch__Order *order)
{
    struct lq_arena *arena = lq_view_arena(tables);
    Dispatch__AddressedTeams addressed = DISPATCH__ADDRESSED_TEAMS__INIT;
    addressed.n_teams = order->n_assignments;
    addressed.teams = LQ_NEW_ARRAY(arena, char *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++)
        addressed.teams[i] = order->assignments[i]->team;
    lq_save(tables, &dispatch_table_addressed, lq_key_text(order->number), &addressed.base);
}

static void save_open(struct lq_view *tables, const Dispatch__Order *order)
{
    Dispatch__OpenOrder open = DISPATCH__OPEN_ORDER__INIT;
    open.number = order->number;
    open.at_work = open.unanswered = (uint32_t)order->n_assignments;
    open.issued_at_ms = order->issued_at_ms;
    open.desk = order->desk;
    lq_save(tables, &dispatch_table_open, lq_key_text(order->number), &open.base);
}

static void order_issued(struct lq_view *tables, const Dispatch__Order *order)
{
    Dispatch__Order row = *order;
    row.n_assignments = 0;
    save_order(tables, &row);
    save_addressed(tables, order);
    save_open(tables, order);
    for (size_t i = 0; i < order->n_assignments; i++) {
        save_assignment(tables, order->number, order->assignments[i]);
        save_engagement(tables, order->number, order->assignments[i]->team);
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
    const Dispatch__Assignment before = copy_of_assignment(tables, e->order, e->team);
    Dispatch__Assignment after = before;
    set_step(&after, e->step, at_ms);
    after.last_by = e->by;
    save_answer(tables, e->order, &before, &after);
}

static void order_declined(struct lq_view *tables, int64_t at_ms, const Dispatch__OrderDeclined *e)
{
    const Dispatch__Assignment before = copy_of_assignment(tables, e->order, e->team);
    Dispatch__Assignment after = before;
    after.declined_at_ms = at_ms;
    after.decline_reason = e->why;
    after.last_by = e->by;
    save_answer(tables, e->order, &before, &after);
}

// The event names all teams; those that are not at work any more are not engaged either, and to
// erase what is not there does nothing. So is an order not open that all have declined.
static void order_cancelled(struct lq_view *tables, int64_t at_ms,
                            const Dispatch__OrderCancelled *e)
{
    Dispatch__Order order = copy_of_order(tables, e->order);
    order.cancelled_at_ms = at_ms;
    order.cancel_reason = e->why;
    save_order(tables, &order);
    close_order(tables, e->order);
    for (size_t i = 0; i < e->n_teams; i++)
        release_team(tables, e->order, e->teams[i]);
}

static void participant_recorded(struct lq_view *tables, const Dispatch__ParticipantRecorded *e)
{
    Dispatch__Participant participant = DISPATCH__PARTICIPANT__INIT;
    participant.team = e->team;
    participant.badge = e->badge;
    lq_save(tables, &dispatch_table_participants, dispatch_pair(e->order, e->badge),
            &participant.base);
    Dispatch__Order order = copy_of_order(tables, e->order);
    order.participants++;
    save_order(tables, &order);
}

void dispatch_order_issued(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    order_issued(tables, event);
}

void dispatch_step_reported(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    step_reported(tables, what->occurred_ms, event);
}

void dispatch_order_declined(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    order_declined(tables, what->occurred_ms, event);
}

void dispatch_order_cancelled(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    order_cancelled(tables, what->occurred_ms, event);
}

void dispatch_participant_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                   const void *event)
{
    participant_recorded(tables, event);
}
