// The contract of the service: who may give which command and what decides it, what each event
// brings into which table, who may ask what.
//
// What is granted for a tip would tell that there is one: the same people read it as read the tips.
#include "fund.h"

enum {
    PROPOSERS = LQ_ROLE(CLERK) | LQ_ROLE(FINANCE) | LQ_ROLE(COMMANDER),
    SETTERS = LQ_ROLE(COMMANDER) | LQ_ROLE(FINANCE),
    STEPPERS = LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD) | LQ_ROLE(FINANCE),
    OFFICE = LQ_ROLE(CLERK),
    WHO_READS = LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD) | LQ_ROLE(CLERK) | LQ_ROLE(INSPECTOR) |
                LQ_ROLE(FINANCE) | LQ_ROLE(SERVICE),
};

static const struct lq_command_row commands[] = {
    {FUND__COMMAND__BODY_SET_BUDGET, SETTERS, OFFICE, fund_set_budget},
    {FUND__COMMAND__BODY_PROPOSE_GRANT, PROPOSERS, 0, fund_propose_grant},
    {FUND__COMMAND__BODY_TAKE_STEP, STEPPERS, OFFICE, lq_take_step},
    {FUND__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {FUND__COMMAND__BODY_CORRECT, PROPOSERS, OFFICE, lq_correct},
    {FUND__COMMAND__BODY_VOID_RECORD, PROPOSERS, OFFICE, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {FUND__EVENT__BODY_BUDGET_SET, .keeps = &fund_budgets},
    {FUND__EVENT__BODY_GRANT_PROPOSED, fund_grant_proposed},
    {FUND__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {FUND__EVENT__BODY_ATTACHED, lq_attached},
    {FUND__EVENT__BODY_CORRECTED, lq_corrected},
    {FUND__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_query_row queries[] = {
    {FUND__QUERY__BODY_BUDGETS, WHO_READS, fund_list_budgets},
    {FUND__QUERY__BODY_GRANTS, WHO_READS, fund_list_grants},
    {FUND__QUERY__BODY_SHOW_GRANT, WHO_READS, fund_show_grant},
    {FUND__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {FUND__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "budget",
     .table = &fund_budgets,
     .fields = "ceiling_yuan paper",
     .who = SETTERS,
     .behalf = OFFICE,
     .readers = WHO_READS,
     .check = fund_check_budget_correction,
     .check_void = fund_check_budget_void},
    {.kind = "grant",
     .table = &fund_grants,
     .fields = "payee amount_yuan purpose",
     .who = PROPOSERS,
     .behalf = OFFICE,
     .readers = WHO_READS,
     .check = fund_check_grant_correction,
     .check_void = fund_check_grant_void,
     .changed = fund_grant_changed,
     .steps = &fund_grant_steps,
     .since = "proposed_at_ms"},
    {0},
};

static const struct lq_table *const tables[] = {
    &fund_spent,
    &fund_grants,
    &fund_granted,
    NULL,
};

static const struct lq_replica *const replicas[] = {
    &shift_roster, &ledger_premises, &ledger_premises_steps, &ledger_monitor, &tips_noted, NULL,
};

static const struct lq_steps *const steps[] = {
    &fund_grant_steps,
    NULL,
};

static const struct lq_at_premises at_premises[] = {
    {&fund_grants, "premises"},
    {0},
};

static bool may_see(struct lq_view *view, const void *event, const char *actor, uint32_t roles)
{
    (void)view, (void)event, (void)actor;
    return (roles & WHO_READS) != 0;
}

extern const struct lq_service lq_service_fund;

static void check(struct lq_view *view)
{
    fund_check_budgets(view);
    fund_check_grants(view);
    lq_steps_check(&lq_service_fund, view);
}

const struct lq_service lq_service_fund = {
    LQ_SERVICE(fund),     .tables = tables,
    .replicas = replicas, .steps = steps,
    .things = things,     .at_premises = at_premises,
    .visible = may_see,   .roles_of = lq_roster_roles_at,
    .check = check,
};
