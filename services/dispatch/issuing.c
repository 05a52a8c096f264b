// The rules for issuing orders. An order that is accepted must be one that can be carried out: to
// teams that exist, are on duty and are free, unless a commander says otherwise and why. A paper
// record tells what was done; there only engagement is not asked, because the answers that would
// have freed a team are entered after it.
#include "dispatch.h"

// Every team's group, in the order's sequence.
struct groups {
    const char *of[DISPATCH_MOST_TEAMS];
};

// Teams that cannot take the order: how many, and the first of them with what is wrong.
struct unfit {
    unsigned count;
    const char *team, *group, *order;
};

// ---------------------------------------------------------------- what the order says

static struct lq_verdict check_fields(struct lq_decision *d, const Dispatch__IssueOrder *c)
{
    if (c->number[0] != '\0')
        LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING,
                                  "the order's number (or none at all)", c->number));
    if (c->kind[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "an order needs a kind: raid, patrol, demolition, …");
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's target", c->target));
    if (c->priority == DISPATCH__PRIORITY__PRIORITY_UNSPECIFIED)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "an order needs a priority: flash, urgent or routine");
    if (c->n_teams == 0)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "an order needs at least one team to carry it out");
    for (size_t i = 0; i < c->n_teams; i++)
        LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the name of each team",
                                  c->teams[i]));
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_check_plausible(struct lq_decision *d, uint32_t vehicles,
                                           uint32_t machines)
{
    const struct lq_limits *limits = &d->facts->policy->limits;
    LQ_TRY(lq_need_plausible(d, "the order's vehicles", vehicles, limits->vehicles, "vehicles"));
    return lq_need_plausible(d, "the order's machines", machines, limits->machines, "machines");
}

static struct lq_verdict check_number(struct lq_decision *d, const char *number)
{
    LQ_TRY(lq_need_unvoided(d, DISPATCH__REJECT__ORDER_KNOWN, &dispatch_table_orders, number));
    const Dispatch__Order *known = dispatch_find(d->view, number);
    if (known == NULL)
        return LQ_ACCEPT;
    char issued[LQ_TIME_TEXT];
    return lq_reject(d, DISPATCH__REJECT__ORDER_KNOWN,
                     "order %s was issued at %s, to %s; give this one another number", number,
                     lq_format_local(known->issued_at_ms, issued), known->target);
}

static struct lq_verdict check_twice(struct lq_decision *d, const Dispatch__IssueOrder *c)
{
    for (size_t i = 1; i < c->n_teams; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(c->teams[i], c->teams[j]) == 0)
                return lq_reject(d, DISPATCH__REJECT__TEAM_TWICE, "the order names team %s twice",
                                 c->teams[i]);
    return LQ_ACCEPT;
}

static struct lq_verdict check_teams(struct lq_decision *d, const Dispatch__IssueOrder *c,
                                     struct groups *groups)
{
    LQ_TRY(check_twice(d, c));
    if (c->n_teams > DISPATCH_MOST_TEAMS)
        return lq_reject(d, DISPATCH__REJECT__TOO_MANY_TEAMS,
                         "the order names %zu teams; it may name up to %d", c->n_teams,
                         DISPATCH_MOST_TEAMS);
    LQ_TRY(lq_need_plausible(d, "the order's teams", (int64_t)c->n_teams,
                             d->facts->policy->limits.teams, "teams"));
    struct unfit unknown = {0};
    for (size_t i = 0; i < c->n_teams; i++) {
        groups->of[i] = lq_roster_group_at(d->view, c->teams[i], d->facts->occurred_ms);
        if (groups->of[i] == NULL && unknown.count++ == 0)
            unknown.team = c->teams[i];
    }
    if (unknown.count == 0)
        return LQ_ACCEPT;
    char at[LQ_TIME_TEXT];
    lq_format_local(d->facts->occurred_ms, at);
    if (unknown.count == 1)
        return lq_reject(d, DISPATCH__REJECT__TEAM_UNKNOWN,
                         "there is no team %s at %s; nobody is in it", unknown.team, at);
    return lq_reject(d, DISPATCH__REJECT__TEAM_UNKNOWN,
                     "there is no team %s at %s, nor %u more that the order names; nobody is in "
                     "them",
                     unknown.team, at, unknown.count - 1);
}

// ---------------------------------------------------------------- who may be sent

static struct lq_verdict check_override(struct lq_decision *d, const Dispatch__IssueOrder *c)
{
    if (!c->override)
        return LQ_ACCEPT;
    if ((dispatch_principal_roles(d) & LQ_ROLE(COMMANDER)) == 0)
        return lq_reject(d, DISPATCH__REJECT__OVERRIDE_NOT_YOURS,
                         "%s is no commander; only a commander may send a team that is off duty "
                         "or engaged",
                         d->facts->principal);
    if (d->facts->reason[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__OVERRIDE_NOT_YOURS,
                         "a commander who sends a team that is off duty or engaged must give the "
                         "reason");
    return LQ_ACCEPT;
}

static struct unfit find_off_duty(struct lq_decision *d, const Dispatch__IssueOrder *c,
                                  const struct groups *groups)
{
    struct unfit off_duty = {0};
    for (size_t i = 0; i < c->n_teams; i++) {
        LQ_ASSERT(groups->of[i] != NULL); // else the order was rejected before
        if (lq_rota_has_group(d->view, groups->of[i], d->facts->occurred_ms))
            continue;
        if (off_duty.count++ == 0) {
            off_duty.team = c->teams[i];
            off_duty.group = groups->of[i];
        }
    }
    return off_duty;
}

// A whole sentence for each case: pieces could not be translated.
static struct lq_verdict reject_off_duty(struct lq_decision *d, const struct unfit *off_duty)
{
    const int code = DISPATCH__REJECT__TEAM_OFF_DUTY;
    const Shift__Shift *shift = lq_rota_at(d->view, d->facts->occurred_ms);
    const char *team = off_duty->team, *group = off_duty->group;
    const unsigned more = off_duty->count - 1;
    char at[LQ_TIME_TEXT], end[LQ_TIME_TEXT];
    lq_format_local(d->facts->occurred_ms, at);
    if (shift == NULL && more == 0)
        return lq_reject(d, code,
                         "team %s of group %s is not on duty at %s; nobody is. A commander may "
                         "override, with a reason",
                         team, group, at);
    if (shift == NULL)
        return lq_reject(d, code,
                         "team %s of group %s, and %u more, are not on duty at %s; nobody is. A "
                         "commander may override, with a reason",
                         team, group, more, at);
    lq_format_local(shift->ends_at_ms, end);
    if (more == 0)
        return lq_reject(d, code,
                         "team %s of group %s is not on duty at %s; group %s is, until %s. A "
                         "commander may override, with a reason",
                         team, group, at, shift->group, end);
    return lq_reject(d, code,
                     "team %s of group %s, and %u more, are not on duty at %s; group %s is, until "
                     "%s. A commander may override, with a reason",
                     team, group, more, at, shift->group, end);
}

static struct unfit find_engaged(struct lq_decision *d, const Dispatch__IssueOrder *c)
{
    struct unfit engaged = {0};
    for (size_t i = 0; i < c->n_teams; i++) {
        struct lq_scan s = lq_scan(d->view, &dispatch_table_engaged, lq_key_text(c->teams[i]));
        if (!lq_scan_next(&s))
            continue;
        if (engaged.count++ == 0) {
            engaged.team = c->teams[i];
            engaged.order = ((const Dispatch__Engagement *)s.row)->order;
        }
    }
    return engaged;
}

static struct lq_verdict reject_engaged(struct lq_decision *d, const struct unfit *engaged)
{
    if (engaged->count == 1)
        return lq_reject(d, DISPATCH__REJECT__TEAM_ENGAGED,
                         "team %s is engaged: it has neither finished nor declined order %s. A "
                         "commander may override, with a reason",
                         engaged->team, engaged->order);
    return lq_reject(
        d, DISPATCH__REJECT__TEAM_ENGAGED,
        "team %s, and %u more, are engaged: %s has neither finished nor declined order "
        "%s. A commander may override, with a reason",
        engaged->team, engaged->count - 1, engaged->team, engaged->order);
}

// Only a clerk may issue on behalf of another: the rule table says so.
static bool is_paper_record(const struct lq_facts *facts)
{
    return facts->on_behalf_of[0] != '\0';
}

// Accepts, and says in *overridden whether that took the commander's word.
static struct lq_verdict check_fit(struct lq_decision *d, const Dispatch__IssueOrder *c,
                                   const struct groups *groups, bool *overridden)
{
    const struct unfit off_duty = find_off_duty(d, c, groups);
    if (off_duty.count > 0 && !c->override)
        return reject_off_duty(d, &off_duty);
    struct unfit engaged = {0};
    if (!is_paper_record(d->facts))
        engaged = find_engaged(d, c);
    if (engaged.count > 0 && !c->override)
        return reject_engaged(d, &engaged);
    *overridden = off_duty.count > 0 || engaged.count > 0;
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_check_sendable(struct lq_decision *d, char *const *teams, size_t count,
                                          bool override, bool *overridden)
{
    struct groups groups = {0};
    Dispatch__IssueOrder c = DISPATCH__ISSUE_ORDER__INIT;
    c.teams = lq_unconst(teams);
    c.n_teams = count;
    c.override = override;
    for (size_t i = 0; i < count; i++)
        LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the name of each team",
                                  teams[i]));
    LQ_TRY(check_teams(d, &c, &groups));
    LQ_TRY(check_override(d, &c));
    return check_fit(d, &c, &groups, overridden);
}

// ---------------------------------------------------------------- issuing

static void assign_teams(struct lq_decision *d, const Dispatch__IssueOrder *c,
                         Dispatch__OrderIssued *order)
{
    order->n_assignments = c->n_teams;
    order->assignments = LQ_NEW_ARRAY(d->arena, Dispatch__Assignment *, c->n_teams);
    for (size_t i = 0; i < c->n_teams; i++) {
        order->assignments[i] = LQ_NEW(d->arena, Dispatch__Assignment);
        dispatch__assignment__init(order->assignments[i]);
        order->assignments[i]->team = c->teams[i];
        const Shift__Person *to = lq_duty_answers(d->view, c->teams[i], d->facts->occurred_ms);
        if (to != NULL)
            order->assignments[i]->to = to->badge;
    }
}

static void emit_issued(struct lq_decision *d, const Dispatch__IssueOrder *c, const char *number,
                        const Ledger__PremisesNote *target, bool overridden)
{
    Dispatch__OrderIssued order = DISPATCH__ORDER_ISSUED__INIT;
    order.number = lq_unconst(number);
    order.issued_at_ms = d->facts->occurred_ms;
    order.desk = lq_unconst(d->facts->principal);
    order.kind = c->kind;
    order.target = c->target;
    order.target_name = target->name;
    order.township = target->township;
    order.priority = c->priority;
    order.vehicles = c->vehicles;
    order.machines = c->machines;
    order.instructions = c->instructions;
    if (overridden)
        order.override_reason = lq_unconst(d->facts->reason);
    assign_teams(d, c, &order);

    dispatch_start_answer_term(d, number, c->priority);
    lq_emit(d, DISPATCH__EVENT__BODY_ORDER_ISSUED, &order.base);
    lq_number(d, number);
}

struct lq_verdict dispatch_issue_order(struct lq_decision *d, const void *command)
{
    const Dispatch__IssueOrder *c = command;
    LQ_TRY(check_fields(d, c));
    LQ_TRY(dispatch_check_plausible(d, c->vehicles, c->machines));
    const char *number = lq_number_or_next(d, c->number, &dispatch_table_orders, "O0001");
    LQ_TRY(check_number(d, number));
    const Ledger__PremisesNote *target = lq_premises_find(d->view, c->target);
    if (target == NULL)
        return lq_reject(d, DISPATCH__REJECT__TARGET_UNKNOWN,
                         "the ledger has no premises %s; register the enterprise or site first",
                         c->target);

    struct groups groups = {0};
    bool overridden = false;
    LQ_TRY(check_teams(d, c, &groups));
    LQ_TRY(check_override(d, c));
    LQ_TRY(check_fit(d, c, &groups, &overridden));
    emit_issued(d, c, number, target, overridden);
    return LQ_ACCEPT;
}

// Which teams, and in which sequence; their parts in it have no sequence.
static void save_addressed(struct lq_view *tables, const Dispatch__OrderIssued *order)
{
    struct lq_arena *arena = lq_view_arena(tables);
    Dispatch__AddressedTeams addressed = DISPATCH__ADDRESSED_TEAMS__INIT;
    addressed.n_teams = order->n_assignments;
    addressed.teams = LQ_NEW_ARRAY(arena, char *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++)
        addressed.teams[i] = order->assignments[i]->team;
    lq_save(tables, &dispatch_table_addressed, lq_key_text(order->number), &addressed.base);
}

static void save_open(struct lq_view *tables, const Dispatch__OrderIssued *order)
{
    Dispatch__OpenOrder open = DISPATCH__OPEN_ORDER__INIT;
    open.number = order->number;
    open.at_work = open.unanswered = (uint32_t)order->n_assignments;
    open.issued_at_ms = order->issued_at_ms;
    open.desk = order->desk;
    lq_save(tables, &dispatch_table_open, lq_key_text(order->number), &open.base);
}

void dispatch_order_issued(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Dispatch__OrderIssued *order = event;
    Dispatch__Order *row =
        lq_pb_project(lq_view_arena(tables), &dispatch__order__descriptor, order);
    row->n_assignments = 0;
    dispatch_save_order(tables, row);
    save_addressed(tables, order);
    save_open(tables, order);
    for (size_t i = 0; i < order->n_assignments; i++) {
        dispatch_save_assignment(tables, order->number, order->assignments[i]);
        dispatch_save_engagement(tables, order->number, order->assignments[i]->team);
    }
}
