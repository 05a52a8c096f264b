// The contract of the service: its messages, who may send them, its tables and its functions.
#include "ledger.h"

enum {
    WHO_REGISTERS = LQ_ROLE(CLERK) | LQ_ROLE(ADMIN) | LQ_ROLE(DESK),
    WHO_ASSIGNS = LQ_ROLE(CLERK) | LQ_ROLE(COMMANDER),
    WHO_INSPECTS = LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(LEAD) | LQ_ROLE(COMMANDER),
};

static const struct lq_command_row commands[] = {
    {LEDGER__COMMAND__BODY_REGISTER_PREMISES, WHO_REGISTERS, 0, ledger_register_premises},
    {LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR, WHO_ASSIGNS, 0, ledger_assign_supervisor},
    {LEDGER__COMMAND__BODY_REPLACE_SUPERVISOR, WHO_ASSIGNS, 0, ledger_replace_supervisor},
    {LEDGER__COMMAND__BODY_RECORD_STEP, WHO_INSPECTS, 0, ledger_record_step},
    {0},
};

static const struct lq_event_row events[] = {
    {LEDGER__EVENT__BODY_PREMISES_REGISTERED, ledger_premises_registered},
    {LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, ledger_supervisor_assigned},
    {LEDGER__EVENT__BODY_SUPERVISOR_REPLACED, ledger_supervisor_replaced},
    {LEDGER__EVENT__BODY_STATUS_CHANGED, ledger_status_changed},
    {0},
};

static const struct lq_query_row queries[] = {
    {LEDGER__QUERY__BODY_LIST, LQ_ANYONE, ledger_list_premises},
    {LEDGER__QUERY__BODY_SHOW, LQ_ANYONE, ledger_show_premises},
    {LEDGER__QUERY__BODY_COUNT, LQ_ANYONE, ledger_count_by_status},
    {0},
};

static const struct lq_table *const tables[] = {
    &ledger_premises_table,
    &ledger_steps_table,
    NULL,
};

static const struct lq_steps *const steps[] = {
    &ledger_rectification,
    NULL,
};

const struct lq_service lq_service_ledger = {
    LQ_SERVICE(ledger),
    .tables = tables,
    .steps = steps,
    .check = ledger_check,
};
