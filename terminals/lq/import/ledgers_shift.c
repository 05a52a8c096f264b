// People and the rota, from the county's ledgers to the service shift.
#include "lq/import/ledgers_parts.h"

#include "bus/keyring/roles.h"
#include "shift.pb-c.h"

DEFINE_NEW(Shift__Command, shift__command)
DEFINE_NEW(Shift__Person, shift__person)
DEFINE_NEW(Shift__Shift, shift__shift)

static Lq__Role role(struct ledger_row *row, int i)
{
    return (Lq__Role)(field_word(row, i, lq_people_roles) + LQ__ROLE__COMMANDER);
}

const ProtobufCMessage *ledger_make_person(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Shift__Person *person = new_shift__person(row);
    person->badge = text(row, 0);
    person->name = text(row, 1);
    person->unit = optional(row, 2);
    person->role = role(row, 3);
    person->team = optional(row, 4);
    person->group = optional(row, 5);
    person->phone = optional(row, 6);
    Shift__Command *command = new_shift__command(row);
    command->body_case = SHIFT__COMMAND__BODY_REGISTER_PERSON;
    command->register_person = person;
    return &command->base;
}

const ProtobufCMessage *ledger_make_shift(struct ledger_row *row, struct ledger_act *act)
{
    (void)act; // planned, not happened: the shift's own times say when it is
    Shift__Shift *shift = new_shift__shift(row);
    shift->date_day = field_day(row, 0);
    shift->name = text(row, 1);
    shift->group = text(row, 2);
    shift->starts_at_ms = field_instant(row, 3);
    shift->ends_at_ms = field_instant(row, 4);
    Shift__Command *command = new_shift__command(row);
    command->body_case = SHIFT__COMMAND__BODY_PLAN_SHIFT;
    command->plan_shift = shift;
    return &command->base;
}
