// The contract of the service: its messages, who may send them, its tables, whom it
// follows, and its functions.
#include "casefile.h"

enum {
    ISSUERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON),
    // The police ledgers name no person for these steps, so a clerk may enter them as his own.
    POLICE_RECORD = LQ_ROLE(LIAISON) | LQ_ROLE(CLERK),
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_ISSUE_NOTICE, ISSUERS, LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_OPEN_CASE, LQ_ROLE(LIAISON), LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_FILE_CASE, POLICE_RECORD, 0),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_SOLVE_CASE, POLICE_RECORD, 0),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT, POLICE_RECORD, 0),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP, POLICE_RECORD, 0),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_NOTE_PERSON, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_NOTE_ORDER, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(CASEFILE__COMMAND__BODY_NOTE_PREMISES, LQ_ROLE(SERVICE), 0),
    LQ_QUERY_RULE(CASEFILE__QUERY__BODY_CASES, LQ_ANYONE),
    LQ_QUERY_RULE(CASEFILE__QUERY__BODY_SHOW, LQ_ANYONE),
    LQ_QUERY_RULE(CASEFILE__QUERY__BODY_NOTICES, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &casefile_table_notices,
    &casefile_table_premises_notices,
    &casefile_table_cases,
    &casefile_table_suspects,
    &casefile_table_case_suspects,
    &lq_roster_people,
    &lq_roster_teams,
    &lq_premises_notes,
    &lq_order_notes,
};

static const struct lq_follow follows[] = {
    {.stream = "shift", .event_type = &shift__event__descriptor, .react = lq_roster_react},
    {.stream = "dispatch", .event_type = &dispatch__event__descriptor, .react = lq_order_react},
    {.stream = "ledger", .event_type = &ledger__event__descriptor, .react = lq_premises_react},
    {0},
};

LQ_DECIDE(decide, casefile_decide, Casefile__Command)
LQ_APPLY(apply, casefile_apply, Casefile__Event)
LQ_QUERY(query, casefile_query, Casefile__Query, Casefile__Answer)

const struct lq_service lq_service_casefile = {
    .name = "casefile",
    .command_type = &casefile__command__descriptor,
    .event_type = &casefile__event__descriptor,
    .query_type = &casefile__query__descriptor,
    .answer_type = &casefile__answer__descriptor,
    .reject_codes = &casefile__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .follows = follows,
    .decide = decide,
    .apply = apply,
    .query = query,
    .roles_of = lq_roster_roles,
    .check = casefile_check,
};
