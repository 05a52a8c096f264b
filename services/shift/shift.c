// The contract of the service: its messages, who may send them, its tables and its functions.
// Nobody registers or plans on behalf of somebody else: those who keep the roster do it as their
// own act, and so the service needs no roles_of.
#include "shift.h"

enum {
    ROSTER_KEEPERS = LQ_ROLE(ADMIN) | LQ_ROLE(CLERK),
    PLANNERS = ROSTER_KEEPERS | LQ_ROLE(COMMANDER) | LQ_ROLE(DESK),
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(SHIFT__COMMAND__BODY_REGISTER_PERSON, ROSTER_KEEPERS, 0),
    LQ_COMMAND_RULE(SHIFT__COMMAND__BODY_AMEND_PERSON, ROSTER_KEEPERS, 0),
    LQ_COMMAND_RULE(SHIFT__COMMAND__BODY_PLAN_SHIFT, PLANNERS, 0),
    LQ_QUERY_RULE(SHIFT__QUERY__BODY_ON_DUTY, LQ_ANYONE),
    LQ_QUERY_RULE(SHIFT__QUERY__BODY_ROTA, LQ_ANYONE),
    LQ_QUERY_RULE(SHIFT__QUERY__BODY_PEOPLE, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &shift_table_people,
    &shift_table_teams,
    &shift_table_rota,
};

LQ_DECIDE(decide, shift_decide, Shift__Command)
LQ_APPLY(apply, shift_apply, Shift__Event)
LQ_QUERY(query, shift_query, Shift__Query, Shift__Answer)

const struct lq_service lq_service_shift = {
    .name = "shift",
    .command_type = &shift__command__descriptor,
    .event_type = &shift__event__descriptor,
    .query_type = &shift__query__descriptor,
    .answer_type = &shift__answer__descriptor,
    .reject_codes = &shift__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .decide = decide,
    .apply = apply,
    .query = query,
    .check = shift_check,
};
