// What was taken out of use, seals and closures, to the service seizure.
#include "lq/import/ledgers_parts.h"

#include "seizure.pb-c.h"

DEFINE_NEW(Seizure__Command, seizure__command)
DEFINE_NEW(Seizure__TakeItem, seizure__take_item)
DEFINE_NEW(Seizure__ItemNumber, seizure__item_number)
DEFINE_NEW(Seizure__CloseSite, seizure__close_site)

const ProtobufCMessage *ledger_make_seizure(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const actions[] = {"dismantled", "sealed", NULL};
    Seizure__TakeItem *item = new_seizure__take_item(row);
    item->number = text(row, 0);
    item->order = text(row, 1);
    item->target = text(row, 2);
    item->kind = text(row, 3);
    item->action = (Seizure__Action)(field_word(row, 4, actions) + SEIZURE__ACTION__DISMANTLED);
    item->seal = optional(row, 5);
    item->officer_1 = optional(row, 6);
    item->officer_2 = optional(row, 7);
    act->occurred_ms = field_instant(row, 8);
    item->specification = optional(row, 9);
    // In the name of one of the two officers; which two it takes is the service's rule.
    act->on_behalf_of = item->officer_1[0] != '\0' ? item->officer_1 : item->officer_2;
    if (act->on_behalf_of[0] == '\0')
        act->on_behalf_of = field_text(row, 6);
    Seizure__Command *command = new_seizure__command(row);
    command->body_case = SEIZURE__COMMAND__BODY_TAKE_ITEM;
    command->take_item = item;
    return &command->base;
}

const ProtobufCMessage *ledger_make_seal_event(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const events[] = {"extended", "released", NULL};
    Seizure__ItemNumber *item = new_seizure__item_number(row);
    item->number = text(row, 0);
    const bool released = field_word(row, 1, events) == 1;
    act->on_behalf_of = field_text(row, 2);
    act->occurred_ms = field_instant(row, 3);
    Seizure__Command *command = new_seizure__command(row);
    command->body_case =
        released ? SEIZURE__COMMAND__BODY_RELEASE_SEAL : SEIZURE__COMMAND__BODY_EXTEND_SEAL;
    if (released)
        command->release_seal = item;
    else
        command->extend_seal = item;
    return &command->base;
}

const ProtobufCMessage *ledger_make_shutdown(struct ledger_row *row, struct ledger_act *act)
{
    Seizure__CloseSite *site = new_seizure__close_site(row);
    site->site = text(row, 0);
    site->order = text(row, 1);
    act->on_behalf_of = field_text(row, 2);
    act->occurred_ms = field_instant(row, 3);
    Seizure__Command *command = new_seizure__command(row);
    command->body_case = SEIZURE__COMMAND__BODY_CLOSE_SITE;
    command->close_site = site;
    return &command->base;
}
