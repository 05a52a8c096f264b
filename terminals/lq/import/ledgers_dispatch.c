// Operations, their progress and who took part, to the service dispatch.
#include "lq/import/ledgers_parts.h"

#include "dispatch.pb-c.h"

DEFINE_NEW(Dispatch__Command, dispatch__command)
DEFINE_NEW(Dispatch__IssueOrder, dispatch__issue_order)
DEFINE_NEW(Dispatch__ReportStep, dispatch__report_step)
DEFINE_NEW(Dispatch__RecordParticipant, dispatch__record_participant)

const ProtobufCMessage *ledger_make_operation(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const priorities[] = {"flash", "urgent", "routine", NULL};
    Dispatch__IssueOrder *order = new_dispatch__issue_order(row);
    order->number = text(row, 0);
    act->occurred_ms = field_instant(row, 1);
    act->on_behalf_of = field_text(row, 2);
    order->kind = text(row, 3);
    order->target = text(row, 4);
    order->priority =
        (Dispatch__Priority)(field_word(row, 5, priorities) + DISPATCH__PRIORITY__FLASH);
    order->vehicles = field_count(row, 6);
    order->machines = field_count(row, 7);
    order->teams = field_list(row, 8, &order->n_teams);
    Dispatch__Command *command = new_dispatch__command(row);
    command->body_case = DISPATCH__COMMAND__BODY_ISSUE_ORDER;
    command->issue_order = order;
    return &command->base;
}

const ProtobufCMessage *ledger_make_progress(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const steps[] = {"acknowledged", "departed", "on_scene", "finished", NULL};
    Dispatch__ReportStep *report = new_dispatch__report_step(row);
    report->order = text(row, 0);
    report->team = text(row, 1);
    act->on_behalf_of = field_text(row, 2);
    report->step = (Dispatch__Step)(field_word(row, 3, steps) + DISPATCH__STEP__ACKNOWLEDGED);
    act->occurred_ms = field_instant(row, 4);
    Dispatch__Command *command = new_dispatch__command(row);
    command->body_case = DISPATCH__COMMAND__BODY_REPORT_STEP;
    command->report_step = report;
    return &command->base;
}

const ProtobufCMessage *ledger_make_participant(struct ledger_row *row, struct ledger_act *act)
{
    (void)act; // the clerk's own record; it counts at the time of the order
    Dispatch__RecordParticipant *participant = new_dispatch__record_participant(row);
    participant->order = text(row, 0);
    participant->team = text(row, 1);
    participant->badge = text(row, 2);
    Dispatch__Command *command = new_dispatch__command(row);
    command->body_case = DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT;
    command->record_participant = participant;
    return &command->base;
}
