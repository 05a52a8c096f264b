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
    {LEDGER__COMMAND__BODY_STAND_IN, WHO_ASSIGNS, 0, ledger_stand_in},
    {LEDGER__COMMAND__BODY_RECORD_STEP, WHO_INSPECTS, 0, ledger_record_step},
    {LEDGER__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {LEDGER__COMMAND__BODY_CORRECT, WHO_REGISTERS | WHO_ASSIGNS | WHO_INSPECTS, 0, lq_correct},
    {LEDGER__COMMAND__BODY_VOID_RECORD, WHO_REGISTERS | WHO_ASSIGNS | WHO_INSPECTS, 0, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {LEDGER__EVENT__BODY_PREMISES_REGISTERED, ledger_premises_registered},
    {LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, ledger_supervisor_assigned},
    {LEDGER__EVENT__BODY_SUPERVISOR_REPLACED, ledger_supervisor_replaced},
    {LEDGER__EVENT__BODY_SUPERVISOR_STOOD_IN, ledger_supervisor_stood_in},
    {LEDGER__EVENT__BODY_STATUS_CHANGED, ledger_status_changed},
    {LEDGER__EVENT__BODY_ATTACHED, lq_attached},
    {LEDGER__EVENT__BODY_CORRECTED, lq_corrected},
    {LEDGER__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_query_row queries[] = {
    {LEDGER__QUERY__BODY_LIST, LQ_ANYONE, ledger_list_premises},
    {LEDGER__QUERY__BODY_SHOW, LQ_ANYONE, ledger_show_premises},
    {LEDGER__QUERY__BODY_COUNT, LQ_ANYONE, ledger_count_by_status},
    {LEDGER__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {LEDGER__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "premises",
     .table = &ledger_premises_table,
     .type = &ledger__premises__descriptor,
     .find = ledger_find_premises,
     .fields = "name township owner lat_e7 lon_e7 kind responsible_1 responsible_2 measures "
               "deadline_day",
     .who = WHO_REGISTERS,
     .check = ledger_check_premises_correction,
     .check_void = ledger_check_premises_void,
     .changed = ledger_premises_changed},
    {.kind = "supervisor",
     .table = &ledger_premises_table,
     .parts = 2, // premises, name
     .type = &ledger__supervisor__descriptor,
     .find = ledger_find_supervisor,
     .fields = "name unit person from_ms to_ms letter_day",
     .who = WHO_ASSIGNS,
     .check = ledger_check_supervisor_correction,
     .check_void = ledger_check_supervisor_void,
     .changed = ledger_supervisor_changed},
    {.kind = "premises_step",
     .table = &ledger_steps_table,
     .parts = 2, // premises, place
     .type = &ledger__step_taken__descriptor,
     .find = ledger_find_step,
     .fields = "at_ms",
     .who = WHO_INSPECTS,
     .check = ledger_check_step_correction,
     .check_void = ledger_check_step_void,
     .changed = ledger_step_changed,
     .counted = "at_ms"},
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

static const struct lq_part parts[] = {
    {&ledger_steps_table, &ledger_premises_table, NULL},
    {0},
};

static const struct lq_replica *const replicas[] = {&lq_bulletins, NULL};

const struct lq_service lq_service_ledger = {
    LQ_SERVICE(ledger), .tables = tables, .replicas = replicas,  .steps = steps,
    .things = things,   .parts = parts,   .check = ledger_check, .tables_version = 1,
};
