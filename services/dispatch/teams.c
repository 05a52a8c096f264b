// Who is sent after an order was issued: a team more, one less, one in the place of another; and an
// order that was finished and is gone on with. A person decides each of these, never a timer.
#include "dispatch.h"
#include "service/trail.h"

enum {
    BY_CANCELLING = DISPATCH__COMMAND__BODY_CANCEL_ORDER,
    BY_ADDING = DISPATCH__COMMAND__BODY_ADD_TEAM,
    BY_WITHDRAWING = DISPATCH__COMMAND__BODY_WITHDRAW_TEAM,
    BY_REOPENING = DISPATCH__COMMAND__BODY_REOPEN_ORDER,
    BY_AMENDING = DISPATCH__COMMAND__BODY_AMEND_ORDER,
};

static const struct lq_step STEPS[] = {
    {DISPATCH__ORDER_STATE__ORDER_IS_OPEN, LQ_STEP_STAYS, BY_ADDING},
    {DISPATCH__ORDER_STATE__ORDER_IS_OPEN, LQ_STEP_STAYS, BY_WITHDRAWING},
    {DISPATCH__ORDER_STATE__ORDER_IS_OPEN, LQ_STEP_STAYS, BY_AMENDING},
    {DISPATCH__ORDER_STATE__ORDER_IS_OPEN, DISPATCH__ORDER_STATE__ORDER_IS_CANCELLED,
     BY_CANCELLING},
    {DISPATCH__ORDER_STATE__ORDER_IS_FINISHED, DISPATCH__ORDER_STATE__ORDER_IS_OPEN, BY_REOPENING},
};

const struct lq_steps dispatch_order_steps = {
    .entity = "order",
    .states = &dispatch__order_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

int dispatch_order_state(struct lq_view *view, const Dispatch__Order *order)
{
    return order->cancelled_at_ms != 0 ? DISPATCH__ORDER_STATE__ORDER_IS_CANCELLED
           : dispatch_find_open(view, order->number) != NULL
               ? DISPATCH__ORDER_STATE__ORDER_IS_OPEN
               : DISPATCH__ORDER_STATE__ORDER_IS_FINISHED;
}

// The order tells of what was done with its teams, whatever becomes of their parts.
static void mark(struct lq_view *tables, const char *order)
{
    const struct lq_key key = lq_key_text(order);
    lq_trail_mark(tables, &dispatch_table_orders, &key);
}

// ---------------------------------------------------------------- what is asked alike

struct lq_verdict dispatch_need_open(struct lq_decision *d, const char *number,
                                     const Dispatch__OpenOrder **open)
{
    const Dispatch__Order *order;
    char at[LQ_TIME_TEXT];
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", number));
    LQ_TRY(dispatch_get_order(d, number, &order));
    if (order->cancelled_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__ORDER_CANCELLED, "order %s was cancelled at %s: %s",
                         number, lq_format_local(order->cancelled_at_ms, at), order->cancel_reason);
    *open = dispatch_find_open(d->view, number);
    if (*open == NULL)
        return lq_reject(d, DISPATCH__REJECT__ORDER_FINISHED,
                         "order %s is finished; it can be reopened, with a reason", number);
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_need_not_before(struct lq_decision *d, const char *number,
                                           int64_t then_ms)
{
    char at[LQ_TIME_TEXT], earliest[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= then_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                     "this is dated %s, but what it rests on happened to order %s only at %s",
                     lq_format_local(d->facts->occurred_ms, at), number,
                     lq_format_local(then_ms, earliest));
}

struct lq_verdict dispatch_need_why(struct lq_decision *d, const char *number, const char *why)
{
    return why[0] != '\0' ? LQ_ACCEPT
                          : lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                                      "what is changed in order %s needs a reason", number);
}

struct lq_verdict dispatch_need_at_work(struct lq_decision *d, const char *number, const char *team,
                                        const Dispatch__Assignment **assignment)
{
    char at[LQ_TIME_TEXT];
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", team));
    const Dispatch__Assignment *a = *assignment = dispatch_assignment(d->view, number, team);
    if (a == NULL)
        return lq_reject(d, DISPATCH__REJECT__TEAM_NOT_ADDRESSED,
                         "order %s is not addressed to team %s", number, team);
    if (a->declined_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__DECLINED, "team %s has declined order %s at %s: %s",
                         team, number, lq_format_local(a->declined_at_ms, at), a->decline_reason);
    if (a->withdrawn_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__WITHDRAWN,
                         "team %s was withdrawn from order %s at %s: %s", team, number,
                         lq_format_local(a->withdrawn_at_ms, at), a->withdraw_reason);
    if (a->step == DISPATCH__STEP__FINISHED)
        return lq_reject(d, DISPATCH__REJECT__STEP_OUT_OF_ORDER,
                         "team %s has finished order %s at %s, and is free", team, number,
                         lq_format_local(a->finished_at_ms, at));
    return dispatch_need_not_before(d, number, dispatch_last_ms(0, a));
}

static char *who_answers(struct lq_decision *d, const char *team)
{
    const Shift__Person *to = lq_duty_answers(d->view, team, d->facts->occurred_ms);
    return to != NULL ? to->badge : lq_unconst("");
}

// ---------------------------------------------------------------- one less

// The last that was silent goes: the order waits for nobody's answer any more.
static void emit_withdrawn(struct lq_decision *d, const Dispatch__OpenOrder *open,
                           const Dispatch__Assignment *a, char *why)
{
    Dispatch__TeamWithdrawn withdrawn = DISPATCH__TEAM_WITHDRAWN__INIT;
    const Dispatch__Order *order = dispatch_find(d->view, open->number);
    LQ_ASSERT(order != NULL);
    withdrawn.order = open->number;
    withdrawn.team = a->team;
    withdrawn.why = why;
    withdrawn.by = lq_arena_text(d->arena, d->facts->principal);
    withdrawn.desk = open->desk;
    if (dispatch_is_unanswered(a) && open->unanswered == 1)
        dispatch_stop_answer_term(d, dispatch_whole(d->view, order), a->team);
    dispatch_step_terms(d, open->number, a->team, DISPATCH__STEP__STEP_UNSPECIFIED);
    lq_emit(d, DISPATCH__EVENT__BODY_TEAM_WITHDRAWN, &withdrawn.base);
}

struct lq_verdict dispatch_withdraw_team(struct lq_decision *d, const void *command)
{
    const Dispatch__WithdrawTeam *c = command;
    const Dispatch__OpenOrder *open = NULL;
    const Dispatch__Assignment *a = NULL;
    LQ_TRY(dispatch_need_open(d, c->order, &open));
    LQ_TRY(dispatch_need_at_work(d, c->order, c->team, &a));
    LQ_TRY(dispatch_need_not_before(d, c->order, open->issued_at_ms));
    LQ_TRY(dispatch_need_why(d, c->order, c->why));
    dispatch_start_resend_term(d, open);
    emit_withdrawn(d, open, a, c->why);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

void dispatch_team_withdrawn(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Dispatch__TeamWithdrawn *e = event;
    const Dispatch__Assignment *before = dispatch_assignment(tables, e->order, e->team);
    LQ_ASSERT(before != NULL);
    Dispatch__Assignment after = *before;
    after.withdrawn_at_ms = what->occurred_ms;
    after.withdraw_reason = e->why;
    after.last_by = e->by;
    after.entered = lq_entered(tables);
    dispatch_save_answer(tables, e->order, before, &after);
    mark(tables, e->order);
}

// ---------------------------------------------------------------- one more

static struct lq_verdict need_new_team(struct lq_decision *d, const char *number, const char *team)
{
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", team));
    if (dispatch_assignment(d->view, number, team) == NULL)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__TEAM_ADDRESSED,
                     "order %s is addressed to team %s already; a team that has declined or was "
                     "withdrawn is sent by an order of its own",
                     number, team);
}

// The rest of an order's terms go on; one that had been answered waits for this team.
struct lq_verdict dispatch_add_team(struct lq_decision *d, const void *command)
{
    const Dispatch__AddTeam *c = command;
    const Dispatch__OpenOrder *open = NULL;
    const Dispatch__Assignment *relieved = NULL;
    bool overridden = false;
    LQ_TRY(dispatch_need_open(d, c->order, &open));
    LQ_TRY(need_new_team(d, c->order, c->team));
    LQ_TRY(dispatch_need_not_before(d, c->order, open->issued_at_ms));
    if (c->relieves[0] != '\0') {
        LQ_TRY(dispatch_need_at_work(d, c->order, c->relieves, &relieved));
        LQ_TRY(dispatch_need_why(d, c->order, c->why));
    }
    LQ_TRY(dispatch_check_sendable(d, &(char *){c->team}, 1, c->override, &overridden));

    const Dispatch__Order *order = dispatch_find(d->view, c->order);
    LQ_ASSERT(order != NULL);
    Dispatch__TeamAdded added = DISPATCH__TEAM_ADDED__INIT;
    added.order = c->order;
    added.team = c->team;
    added.to = who_answers(d, c->team);
    added.by = lq_arena_text(d->arena, d->facts->principal);
    if (overridden)
        added.override_reason = lq_unconst(d->facts->reason);
    dispatch_start_answer_term(d, c->order, order->priority);
    dispatch_stop_resend_term(d, c->order);
    lq_emit(d, DISPATCH__EVENT__BODY_TEAM_ADDED, &added.base);
    if (relieved != NULL)
        emit_withdrawn(d, open, relieved, c->why);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

static void save_new(struct lq_view *tables, const char *order, char *team, char *to, int64_t at_ms)
{
    Dispatch__Assignment assignment = DISPATCH__ASSIGNMENT__INIT;
    assignment.team = team;
    assignment.to = to;
    assignment.added_at_ms = at_ms;
    dispatch_save_assignment(tables, order, &assignment);
    dispatch_save_engagement(tables, lq_unconst(order), team);
}

static void save_addressed(struct lq_view *tables, const char *order, char *team)
{
    const Dispatch__AddressedTeams *kept =
        lq_find(tables, &dispatch_table_addressed, lq_key_text(order));
    LQ_ASSERT(kept != NULL);
    Dispatch__AddressedTeams addressed = *kept;
    addressed.teams = LQ_NEW_ARRAY(lq_view_arena(tables), char *, kept->n_teams + 1);
    for (size_t i = 0; i < kept->n_teams; i++)
        addressed.teams[i] = kept->teams[i];
    addressed.teams[addressed.n_teams++] = team;
    lq_save(tables, &dispatch_table_addressed, lq_key_text(order), &addressed.base);
}

void dispatch_team_added(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Dispatch__TeamAdded *e = event;
    const Dispatch__OpenOrder *kept = dispatch_find_open(tables, e->order);
    LQ_ASSERT(kept != NULL);
    Dispatch__OpenOrder open = *kept;
    open.at_work++;
    open.unanswered++;
    lq_save(tables, &dispatch_table_open, lq_key_text(e->order), &open.base);
    save_addressed(tables, e->order, e->team);
    save_new(tables, e->order, e->team, e->to, what->occurred_ms);
    mark(tables, e->order);
}

// ---------------------------------------------------------------- going on

// When the last of its teams had done with it.
static int64_t finished_ms(const Dispatch__Order *order)
{
    int64_t last_ms = order->issued_at_ms;
    for (size_t i = 0; i < order->n_assignments; i++) {
        const int64_t at_ms = dispatch_last_ms(order->issued_at_ms, order->assignments[i]);
        last_ms = at_ms > last_ms ? at_ms : last_ms;
    }
    return last_ms;
}

static struct lq_verdict need_finished(struct lq_decision *d, const char *number,
                                       const Dispatch__Order **order)
{
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", number));
    LQ_TRY(dispatch_get_order(d, number, order));
    const int state = dispatch_order_state(d->view, *order);
    if (state == DISPATCH__ORDER_STATE__ORDER_IS_FINISHED) {
        *order = dispatch_whole(d->view, *order);
        return LQ_ACCEPT;
    }
    if (state == DISPATCH__ORDER_STATE__ORDER_IS_OPEN)
        return lq_reject(d, DISPATCH__REJECT__ORDER_OPEN,
                         "order %s is open: it need not be reopened", number);
    return lq_reject(d, DISPATCH__REJECT__ORDER_OPEN,
                     "order %s was cancelled: what is cancelled is issued anew, under a number of "
                     "its own",
                     number);
}

struct lq_verdict dispatch_reopen_order(struct lq_decision *d, const void *command)
{
    const Dispatch__ReopenOrder *c = command;
    const Dispatch__Order *order = NULL;
    bool overridden = false;
    LQ_TRY(need_finished(d, c->order, &order));
    LQ_TRY(dispatch_need_why(d, c->order, c->why));
    LQ_TRY(dispatch_need_not_before(d, c->order, finished_ms(order)));
    if (c->n_teams == 0)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "which teams go on with order %s? At least one is named", c->order);
    LQ_TRY(dispatch_check_sendable(d, c->teams, c->n_teams, c->override, &overridden));

    Dispatch__OrderReopened reopened = DISPATCH__ORDER_REOPENED__INIT;
    reopened.order = c->order;
    reopened.why = c->why;
    reopened.by = lq_arena_text(d->arena, d->facts->principal);
    reopened.n_assignments = c->n_teams;
    reopened.assignments = LQ_NEW_ARRAY(d->arena, Dispatch__Assignment *, c->n_teams);
    for (size_t i = 0; i < c->n_teams; i++) {
        Dispatch__Assignment *a = reopened.assignments[i] = LQ_NEW(d->arena, Dispatch__Assignment);
        dispatch__assignment__init(a);
        a->team = c->teams[i];
        a->to = who_answers(d, a->team);
    }
    if (overridden)
        reopened.override_reason = lq_unconst(d->facts->reason);
    dispatch_start_answer_term(d, c->order, order->priority);
    lq_emit(d, DISPATCH__EVENT__BODY_ORDER_REOPENED, &reopened.base);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

// Who has finished stays so, unless he goes on: then he begins anew.
void dispatch_order_reopened(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Dispatch__OrderReopened *e = event;
    const Dispatch__Order *order = dispatch_find(tables, e->order);
    LQ_ASSERT(order != NULL);
    Dispatch__OpenOrder open = DISPATCH__OPEN_ORDER__INIT;
    for (size_t i = 0; i < e->n_assignments; i++) {
        Dispatch__Assignment *a = e->assignments[i];
        if (!dispatch_is_addressed(tables, e->order, a->team))
            save_addressed(tables, e->order, a->team);
        save_new(tables, e->order, a->team, a->to, what->occurred_ms);
    }
    const Dispatch__Order *whole = dispatch_whole(tables, order);
    for (size_t i = 0; i < whole->n_assignments; i++)
        open.finished += whole->assignments[i]->step == DISPATCH__STEP__FINISHED;
    open.number = e->order;
    open.at_work = open.unanswered = (uint32_t)e->n_assignments;
    open.issued_at_ms = order->issued_at_ms;
    open.desk = order->desk;
    lq_save(tables, &dispatch_table_open, lq_key_text(e->order), &open.base);
    mark(tables, e->order);
}
