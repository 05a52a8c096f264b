// Tips, volunteers, meetings and interviews, to the services tips and oversight.
#include "lq/import/ledgers_parts.h"

#include "oversight.pb-c.h"
#include "tips.pb-c.h"

DEFINE_NEW(Tips__Command, tips__command)
DEFINE_NEW(Tips__RecordTip, tips__record_tip)
DEFINE_NEW(Tips__RegisterVolunteer, tips__register_volunteer)
DEFINE_NEW(Oversight__Command, oversight__command)
DEFINE_NEW(Oversight__RecordMeeting, oversight__record_meeting)
DEFINE_NEW(Oversight__RecordInterview, oversight__record_interview)

const ProtobufCMessage *ledger_make_tip(struct ledger_row *row, struct ledger_act *act)
{
    Tips__RecordTip *tip = new_tips__record_tip(row);
    tip->number = text(row, 0);
    act->occurred_ms = field_instant(row, 1);
    tip->channel = text(row, 2);
    tip->premises = text(row, 3);
    tip->content = text(row, 4);
    tip->verified = field_yes(row, 5);
    tip->reward_yuan = field_optional(row, 6)[0] == '\0' ? 0 : field_count(row, 6);
    Tips__Command *command = new_tips__command(row);
    command->body_case = TIPS__COMMAND__BODY_RECORD_TIP;
    command->record_tip = tip;
    return &command->base;
}

const ProtobufCMessage *ledger_make_volunteer(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Tips__RegisterVolunteer *volunteer = new_tips__register_volunteer(row);
    volunteer->number = text(row, 0);
    volunteer->name = text(row, 1);
    volunteer->village = optional(row, 2);
    Tips__Command *command = new_tips__command(row);
    command->body_case = TIPS__COMMAND__BODY_REGISTER_VOLUNTEER;
    command->register_volunteer = volunteer;
    return &command->base;
}

const ProtobufCMessage *ledger_make_meeting(struct ledger_row *row, struct ledger_act *act)
{
    Oversight__RecordMeeting *meeting = new_oversight__record_meeting(row);
    meeting->number = text(row, 0);
    act->occurred_ms = field_instant(row, 1);
    meeting->issues_raised = field_count(row, 2);
    meeting->issues_resolved = field_count(row, 3);
    Oversight__Command *command = new_oversight__command(row);
    command->body_case = OVERSIGHT__COMMAND__BODY_RECORD_MEETING;
    command->record_meeting = meeting;
    return &command->base;
}

const ProtobufCMessage *ledger_make_interview(struct ledger_row *row, struct ledger_act *act)
{
    Oversight__RecordInterview *interview = new_oversight__record_interview(row);
    interview->kind = text(row, 0);
    act->occurred_ms = field_instant(row, 1);
    Oversight__Command *command = new_oversight__command(row);
    command->body_case = OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW;
    command->record_interview = interview;
    return &command->base;
}
