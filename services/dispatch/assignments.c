// The rules for what comes back from the teams: their steps, and that they decline.
// A step is always the act of the team's own lead: whoever enters it for him names him.
#include "dispatch.h"
#include "language/language.h"

enum {
    BY_REPORT = DISPATCH__COMMAND__BODY_REPORT_STEP,
    BY_DECLINING = DISPATCH__COMMAND__BODY_DECLINE_ORDER,
};

// Who departs without a word has acknowledged by it (domain.md section 3). A team declines as long
// as it has not departed: one that is on its way has taken the order on,
// and only the desk can end it. Nothing follows for a team that has declined, or is finished, or
// whose order is cancelled.
static const struct lq_step STEPS[] = {
    {DISPATCH__STEP__STEP_UNSPECIFIED, DISPATCH__STEP__ACKNOWLEDGED, BY_REPORT},
    {DISPATCH__STEP__STEP_UNSPECIFIED, DISPATCH__STEP__DEPARTED, BY_REPORT},
    {DISPATCH__STEP__STEP_UNSPECIFIED, LQ_STEP_STAYS, BY_DECLINING},
    {DISPATCH__STEP__ACKNOWLEDGED, DISPATCH__STEP__DEPARTED, BY_REPORT},
    {DISPATCH__STEP__ACKNOWLEDGED, LQ_STEP_STAYS, BY_DECLINING},
    {DISPATCH__STEP__DEPARTED, DISPATCH__STEP__ON_SCENE, BY_REPORT},
    {DISPATCH__STEP__ON_SCENE, DISPATCH__STEP__FINISHED, BY_REPORT},
};

const struct lq_steps dispatch_team_steps = {
    .entity = "team on an order",
    .states = &dispatch__step__descriptor,
    .start = LQ_TR_LATER("not_answered"),
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

static const char *word(struct lq_decision *d, Dispatch__Step step)
{
    return lq_state_said(d->arena, &dispatch_team_steps, (int)step);
}

// What a report of a team on an order is about, once it is found. While the order is open all that
// is needed of it stands in its small row there; the order itself is asked why it is not open.
struct part {
    char *order;
    const Dispatch__OpenOrder *open; // NULL if it is not open
    const Dispatch__Order *closed;   // NULL if it is open
    const Dispatch__Assignment *assignment;
};

static struct lq_verdict find_part(struct lq_decision *d, char *number, const char *team,
                                   struct part *part)
{
    *part = (struct part){.order = number, .open = dispatch_find_open(d->view, number)};
    if (part->open == NULL)
        LQ_TRY(dispatch_get_order(d, number, &part->closed));
    part->assignment = dispatch_assignment(d->view, number, team);
    if (part->assignment != NULL)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__TEAM_NOT_ADDRESSED,
                     "order %s is not addressed to team %s", number, team);
}

struct lq_verdict dispatch_need_lead(struct lq_decision *d, const char *team)
{
    const char *who = d->facts->principal;
    const int64_t at_ms = d->facts->occurred_ms;
    if (lq_roster_answers_at(d->view, who, team, at_ms))
        return LQ_ACCEPT;
    const Shift__Person *lead = lq_roster_lead_at(d->view, team, at_ms);
    char at[LQ_TIME_TEXT];
    lq_format_local(at_ms, at);
    if (lead == NULL)
        return lq_reject(d, DISPATCH__REJECT__NOT_LEAD_OF_TEAM,
                         "%s does not lead team %s at %s; the roster has no lead for it then", who,
                         team, at);
    return lq_reject(d, DISPATCH__REJECT__NOT_LEAD_OF_TEAM,
                     "%s does not lead team %s at %s; %s %s does", who, team, at, lead->badge,
                     lead->name);
}

static struct lq_verdict check_not_cancelled(struct lq_decision *d, const struct part *part)
{
    const Dispatch__Order *order = part->closed;
    if (order == NULL || order->cancelled_at_ms == 0)
        return LQ_ACCEPT;
    char at[LQ_TIME_TEXT];
    return lq_reject(d, DISPATCH__REJECT__ORDER_CANCELLED, "order %s was cancelled at %s: %s",
                     order->number, lq_format_local(order->cancelled_at_ms, at),
                     order->cancel_reason);
}

static struct lq_verdict check_not_declined(struct lq_decision *d, const struct part *part)
{
    const Dispatch__Assignment *a = part->assignment;
    char at[LQ_TIME_TEXT];
    if (a->withdrawn_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__WITHDRAWN,
                         "team %s was withdrawn from order %s at %s: %s", a->team, part->order,
                         lq_format_local(a->withdrawn_at_ms, at), a->withdraw_reason);
    if (a->declined_at_ms == 0)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__DECLINED, "team %s has declined order %s at %s: %s",
                     a->team, part->order, lq_format_local(a->declined_at_ms, at),
                     a->decline_reason);
}

// Not before the order, nor before the team's step before; at the same instant is no contradiction.
static struct lq_verdict check_time(struct lq_decision *d, const struct part *part)
{
    LQ_ASSERT(part->open != NULL); // the team is at work
    const int64_t at_ms = d->facts->occurred_ms, issued_ms = part->open->issued_at_ms;
    const int64_t last_ms = dispatch_last_ms(issued_ms, part->assignment);
    char at[LQ_TIME_TEXT], earliest[LQ_TIME_TEXT];
    if (at_ms < issued_ms)
        return lq_reject(d, DISPATCH__REJECT__BEFORE_ORDER,
                         "order %s was issued at %s; nothing can have happened on it at %s",
                         part->order, lq_format_local(issued_ms, earliest),
                         lq_format_local(at_ms, at));
    if (at_ms < last_ms)
        return lq_reject(
            d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
            "team %s is at \"%-s\" on order %s since %s; what comes next cannot have been "
            "at %s",
            part->assignment->team, word(d, part->assignment->step), part->order,
            lq_format_local(last_ms, earliest), lq_format_local(at_ms, at));
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- steps

static struct lq_verdict check_step_fields(struct lq_decision *d, const Dispatch__ReportStep *c)
{
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", c->order));
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", c->team));
    if (c->step == DISPATCH__STEP__STEP_UNSPECIFIED)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "a report needs a step: acknowledged, departed, on_scene or finished");
    return LQ_ACCEPT;
}

// For a team that has declined no step is the next; the next rule says so.
static struct lq_verdict check_step(struct lq_decision *d, const struct part *part,
                                    Dispatch__Step step)
{
    const Dispatch__Assignment *a = part->assignment;
    if (a->declined_at_ms != 0 || lq_step_possible(&dispatch_team_steps, (int)a->step, (int)step))
        return LQ_ACCEPT;
    if (a->step == DISPATCH__STEP__FINISHED)
        return lq_reject(d, DISPATCH__REJECT__STEP_OUT_OF_ORDER,
                         "team %s has finished order %s; no step comes after that", a->team,
                         part->order);
    return lq_reject(d, DISPATCH__REJECT__STEP_OUT_OF_ORDER,
                     "team %s is at \"%-s\" on order %s; the next step is \"%-s\", not \"%-s\"",
                     a->team, word(d, a->step), part->order,
                     lq_steps_from(d->arena, &dispatch_team_steps, (int)a->step), word(d, step));
}

// The first answer of a team; with that of the last one the order is answered.
static void answered(struct lq_decision *d, const struct part *part)
{
    if (!dispatch_is_unanswered(part->assignment) || part->open->unanswered > 1)
        return;
    const Dispatch__Order *order = dispatch_find(d->view, part->order);
    LQ_ASSERT(order != NULL);
    dispatch_stop_answer_term(d, dispatch_whole(d->view, order), part->assignment->team);
}

static void emit_step(struct lq_decision *d, const struct part *part, Dispatch__Step step,
                      char *channel, char *words)
{
    Dispatch__StepReported reported = DISPATCH__STEP_REPORTED__INIT;
    reported.order = part->order;
    reported.team = part->assignment->team;
    reported.step = step;
    reported.by = lq_unconst(d->facts->principal);
    reported.desk = part->open->desk;
    reported.channel = channel;
    reported.words = words;
    answered(d, part);
    dispatch_step_terms(d, part->order, part->assignment->team, step);
    lq_emit(d, DISPATCH__EVENT__BODY_STEP_REPORTED, &reported.base);
    lq_number(d, part->order);
}

struct lq_verdict dispatch_report_step(struct lq_decision *d, const void *command)
{
    const Dispatch__ReportStep *c = command;
    struct part part;
    LQ_TRY(check_step_fields(d, c));
    LQ_TRY(find_part(d, c->order, c->team, &part));
    LQ_TRY(dispatch_need_lead(d, c->team));
    LQ_TRY(check_not_cancelled(d, &part));
    LQ_TRY(check_step(d, &part, c->step));
    LQ_TRY(check_not_declined(d, &part));
    LQ_TRY(check_time(d, &part));
    emit_step(d, &part, c->step, c->channel, c->words);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- declining

static struct lq_verdict check_decline_fields(struct lq_decision *d,
                                              const Dispatch__DeclineOrder *c)
{
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", c->order));
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", c->team));
    if (c->why[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "team %s cannot decline order %s without saying why", c->team, c->order);
    return LQ_ACCEPT;
}

static struct lq_verdict check_not_departed(struct lq_decision *d, const struct part *part)
{
    const Dispatch__Assignment *a = part->assignment;
    if (lq_step_by(&dispatch_team_steps, (int)a->step, BY_DECLINING))
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__STEP_OUT_OF_ORDER,
                     "team %s is at \"%-s\" on order %s; a team can decline until it departs",
                     a->team, word(d, a->step), part->order);
}

static void emit_declined(struct lq_decision *d, const struct part *part, char *why)
{
    Dispatch__OrderDeclined declined = DISPATCH__ORDER_DECLINED__INIT;
    declined.order = part->order;
    declined.team = part->assignment->team;
    declined.why = why;
    declined.by = lq_unconst(d->facts->principal);
    declined.desk = part->open->desk;
    answered(d, part);
    dispatch_start_resend_term(d, part->open);
    dispatch_step_terms(d, part->order, part->assignment->team, DISPATCH__STEP__STEP_UNSPECIFIED);
    lq_emit(d, DISPATCH__EVENT__BODY_ORDER_DECLINED, &declined.base);
    lq_number(d, part->order);
}

struct lq_verdict dispatch_decline_order(struct lq_decision *d, const void *command)
{
    const Dispatch__DeclineOrder *c = command;
    struct part part;
    LQ_TRY(check_decline_fields(d, c));
    LQ_TRY(find_part(d, c->order, c->team, &part));
    LQ_TRY(dispatch_need_lead(d, c->team));
    LQ_TRY(check_not_cancelled(d, &part));
    LQ_TRY(check_not_departed(d, &part));
    LQ_TRY(check_not_declined(d, &part));
    LQ_TRY(check_time(d, &part));
    emit_declined(d, &part, c->why);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the tables

// One team less has not answered, or is at work, or both. The last one closes the order if the work
// was done; if all have declined it, nobody has it, and it stays open until it is cancelled.
static void count_down(struct lq_view *tables, const char *order, bool answered, bool done,
                       bool finished)
{
    const Dispatch__OpenOrder *kept = dispatch_find_open(tables, order);
    LQ_ASSERT(kept != NULL); // a team was at work
    Dispatch__OpenOrder open = *kept;
    open.unanswered -= answered;
    open.at_work -= done;
    open.finished += finished;
    if (dispatch_stays_open(open.at_work, open.finished))
        lq_save(tables, &dispatch_table_open, lq_key_text(order), &open.base);
    else
        dispatch_close_order(tables, order);
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
void dispatch_save_answer(struct lq_view *tables, const char *order,
                          const Dispatch__Assignment *before, const Dispatch__Assignment *after)
{
    const bool answered = dispatch_is_unanswered(before);
    const bool done = !dispatch_is_at_work(after);
    dispatch_save_assignment(tables, order, after);
    if (answered || done)
        count_down(tables, order, answered, done, after->step == DISPATCH__STEP__FINISHED);
    if (done)
        dispatch_release_team(tables, order, after->team);
}

static void set_step(Dispatch__Assignment *assignment, Dispatch__Step step, int64_t at_ms)
{
    assignment->step = step;
    switch (step) {
    case DISPATCH__STEP__ACKNOWLEDGED:
        assignment->acknowledged_at_ms = at_ms;
        return;
    case DISPATCH__STEP__DEPARTED:
        if (assignment->acknowledged_at_ms == 0)
            assignment->acknowledged_at_ms = at_ms;
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

void dispatch_step_reported(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    const Dispatch__StepReported *e = event;
    const Dispatch__Assignment before = copy_of_assignment(tables, e->order, e->team);
    Dispatch__Assignment after = before;
    set_step(&after, e->step, what->occurred_ms);
    after.last_by = e->by;
    after.entered = lq_entered(tables); // of the report that counts
    dispatch_save_answer(tables, e->order, &before, &after);
}

void dispatch_order_declined(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Dispatch__OrderDeclined *e = event;
    const Dispatch__Assignment before = copy_of_assignment(tables, e->order, e->team);
    Dispatch__Assignment after = before;
    after.declined_at_ms = what->occurred_ms;
    after.decline_reason = e->why;
    after.last_by = e->by;
    after.entered = lq_entered(tables);
    dispatch_save_answer(tables, e->order, &before, &after);
}

// ---------------------------------------------------------------- answers

// Of a team that is at work on an order which is not cancelled.
void dispatch_tell_next(struct lq_reading *r, const Dispatch__Order *order)
{
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        if (order->cancelled_at_ms == 0 && dispatch_is_at_work(a))
            lq_next(r, &dispatch_team_steps, (int)a->step, a->team, a);
    }
}

// ---------------------------------------------------------------- what always holds

// The steps up to the one the team is at have rising times, those after it none.
static void check_steps(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    int64_t last_ms = a->added_at_ms > order->issued_at_ms ? a->added_at_ms : order->issued_at_ms;
    int at = DISPATCH__STEP__STEP_UNSPECIFIED;
    bool reached = true;
    for (int next; (next = lq_step_after(&dispatch_team_steps, at)) != at; at = next) {
        const int64_t next_ms = dispatch_step_ms(a, (Dispatch__Step)next);
        reached = reached && at != (int)a->step;
        LQ_ASSERT(reached ? next_ms >= last_ms : next_ms == 0);
        if (reached)
            last_ms = next_ms;
    }
    LQ_ASSERT(!reached || at == (int)a->step); // it is on the way
    LQ_ASSERT(a->declined_at_ms == 0 || a->declined_at_ms >= last_ms);
    LQ_ASSERT(a->withdrawn_at_ms == 0 || (a->withdrawn_at_ms >= last_ms && a->declined_at_ms == 0 &&
                                          a->step != DISPATCH__STEP__FINISHED));
    LQ_ASSERT(a->declined_at_ms == 0 || lq_step_by(&dispatch_team_steps, (int)a->step,
                                                   DISPATCH__COMMAND__BODY_DECLINE_ORDER));
    LQ_ASSERT(order->cancelled_at_ms == 0 || order->cancelled_at_ms >= last_ms);
}

void dispatch_check_assignment(struct lq_view *view, const Dispatch__Order *order,
                               const Dispatch__Assignment *a)
{
    check_steps(order, a);
    LQ_ASSERT(lq_exists(view, &dispatch_table_engaged, dispatch_pair(a->team, order->number)) ==
              (order->cancelled_at_ms == 0 && dispatch_is_at_work(a)));
}
