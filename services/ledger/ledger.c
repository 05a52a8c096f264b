// The contract of the service: its messages, who may send them, its tables and its functions.
#include "ledger.h"

enum {
    WHO_REGISTERS = LQ_ROLE(CLERK) | LQ_ROLE(ADMIN) | LQ_ROLE(DESK),
    WHO_ASSIGNS = LQ_ROLE(CLERK) | LQ_ROLE(COMMANDER),
    WHO_INSPECTS = LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(LEAD) | LQ_ROLE(COMMANDER),
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(LEDGER__COMMAND__BODY_REGISTER_PREMISES, WHO_REGISTERS, 0),
    LQ_COMMAND_RULE(LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR, WHO_ASSIGNS, 0),
    LQ_COMMAND_RULE(LEDGER__COMMAND__BODY_RECORD_STEP, WHO_INSPECTS, 0),
    LQ_QUERY_RULE(LEDGER__QUERY__BODY_LIST, LQ_ANYONE),
    LQ_QUERY_RULE(LEDGER__QUERY__BODY_SHOW, LQ_ANYONE),
    LQ_QUERY_RULE(LEDGER__QUERY__BODY_COUNT, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &ledger_table_premises,
    &ledger_table_steps,
};

LQ_DECIDE(decide, ledger_decide, Ledger__Command)
LQ_APPLY(apply, ledger_apply, Ledger__Event)
LQ_QUERY(query, ledger_query, Ledger__Query, Ledger__Answer)

const struct lq_service lq_service_ledger = {
    .name = "ledger",
    .command_type = &ledger__command__descriptor,
    .event_type = &ledger__event__descriptor,
    .query_type = &ledger__query__descriptor,
    .answer_type = &ledger__answer__descriptor,
    .reject_codes = &ledger__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .decide = decide,
    .apply = apply,
    .query = query,
    .check = ledger_check,
};
