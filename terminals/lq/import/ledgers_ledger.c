// Premises, their supervisors and their steps, to the service ledger.
#include "lq/import/ledgers_parts.h"

#include "ledger.pb-c.h"

DEFINE_NEW(Ledger__Command, ledger__command)
DEFINE_NEW(Ledger__RegisterPremises, ledger__register_premises)
DEFINE_NEW(Ledger__AssignSupervisor, ledger__assign_supervisor)
DEFINE_NEW(Ledger__RecordStep, ledger__record_step)

static const ProtobufCMessage *register_premises(struct ledger_row *row,
                                                 Ledger__RegisterPremises *premises)
{
    Ledger__Command *command = new_ledger__command(row);
    command->body_case = LEDGER__COMMAND__BODY_REGISTER_PREMISES;
    command->register_premises = premises;
    return &command->base;
}

const ProtobufCMessage *ledger_make_enterprise(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Ledger__RegisterPremises *premises = new_ledger__register_premises(row);
    premises->standing = LEDGER__STANDING__ENTERPRISE;
    premises->number = text(row, 0);
    premises->name = text(row, 1);
    premises->township = text(row, 2);
    premises->owner = optional(row, 3);
    premises->lat_e7 = field_degrees_e7(row, 4);
    premises->lon_e7 = field_degrees_e7(row, 5);
    premises->kind = text(row, 6);
    premises->responsible_1 = optional(row, 7);
    premises->responsible_2 = optional(row, 8);
    premises->measures = optional(row, 9);
    premises->deadline_day = field_day(row, 10);
    return register_premises(row, premises);
}

const ProtobufCMessage *ledger_make_site(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Ledger__RegisterPremises *premises = new_ledger__register_premises(row);
    premises->standing = LEDGER__STANDING__UNLICENSED_SITE;
    premises->number = text(row, 0);
    premises->township = text(row, 1);
    premises->kind = text(row, 2);
    premises->lat_e7 = field_degrees_e7(row, 3);
    premises->lon_e7 = field_degrees_e7(row, 4);
    return register_premises(row, premises);
}

const ProtobufCMessage *ledger_make_supervisor(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Ledger__AssignSupervisor *supervisor = new_ledger__assign_supervisor(row);
    supervisor->premises = text(row, 0);
    supervisor->name = text(row, 1);
    supervisor->unit = optional(row, 2);
    Ledger__Command *command = new_ledger__command(row);
    command->body_case = LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR;
    command->assign_supervisor = supervisor;
    return &command->base;
}

const ProtobufCMessage *ledger_make_enterprise_event(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const words[] = {
        "suspended", "inspected", "rectification_started", "rectification_completed", "accepted",
        "closed",    NULL};
    Ledger__RecordStep *step = new_ledger__record_step(row);
    step->premises = text(row, 0);
    step->step = (Ledger__Status)(field_word(row, 1, words) + LEDGER__STATUS__SUSPENDED);
    act->occurred_ms = field_instant(row, 2);
    Ledger__Command *command = new_ledger__command(row);
    command->body_case = LEDGER__COMMAND__BODY_RECORD_STEP;
    command->record_step = step;
    return &command->base;
}
