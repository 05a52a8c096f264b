// The contract of the service: its messages, who may send them, its tables and its functions.
#include "seizure.h"

enum {
    FIELD = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER),
    OFFICE = LQ_ROLE(CLERK) | LQ_ROLE(DESK), // enters what was reported on paper or by radio
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_TAKE_ITEM, FIELD, OFFICE),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_EXTEND_SEAL, LQ_ROLE(COMMANDER), LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_RELEASE_SEAL, LQ_ROLE(COMMANDER), LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_CLOSE_SITE, LQ_ROLE(LEAD) | LQ_ROLE(COMMANDER), OFFICE),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_LAPSE_SEAL, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_NOTE_PERSON, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_NOTE_ORDER, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(SEIZURE__COMMAND__BODY_NOTE_PREMISES, LQ_ROLE(SERVICE), 0),
    LQ_QUERY_RULE(SEIZURE__QUERY__BODY_LIST, LQ_ANYONE),
    LQ_QUERY_RULE(SEIZURE__QUERY__BODY_SHOW, LQ_ANYONE),
    LQ_QUERY_RULE(SEIZURE__QUERY__BODY_CLOSURES, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &seizure_table_items, &seizure_table_seals, &seizure_table_closures, &lq_roster_people,
    &lq_roster_teams,     &lq_premises_notes,   &lq_order_notes,
};

LQ_DECIDE(decide, seizure_decide, Seizure__Command)
LQ_APPLY(apply, seizure_apply, Seizure__Event)
LQ_QUERY(query, seizure_query, Seizure__Query, Seizure__Answer)

const struct lq_service lq_service_seizure = {
    .name = "seizure",
    .command_type = &seizure__command__descriptor,
    .event_type = &seizure__event__descriptor,
    .query_type = &seizure__query__descriptor,
    .answer_type = &seizure__answer__descriptor,
    .reject_codes = &seizure__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .follows = seizure_follows,
    .decide = decide,
    .apply = apply,
    .due = seizure_due,
    .query = query,
    .roles_of = lq_roster_roles,
    .check = seizure_check,
};
