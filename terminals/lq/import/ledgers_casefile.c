// Notices, cases and suspects, to the service casefile.
#include "lq/import/ledgers_parts.h"

#include "casefile.pb-c.h"

DEFINE_NEW(Casefile__Command, casefile__command)
DEFINE_NEW(Casefile__IssueNotice, casefile__issue_notice)
DEFINE_NEW(Casefile__OpenCase, casefile__open_case)
DEFINE_NEW(Casefile__CaseNumber, casefile__case_number)
DEFINE_NEW(Casefile__IdentifySuspect, casefile__identify_suspect)
DEFINE_NEW(Casefile__RecordSuspectStep, casefile__record_suspect_step)

const ProtobufCMessage *ledger_make_notice(struct ledger_row *row, struct ledger_act *act)
{
    Casefile__IssueNotice *notice = new_casefile__issue_notice(row);
    notice->number = text(row, 0);
    notice->premises = text(row, 1);
    act->on_behalf_of = field_text(row, 2);
    act->occurred_ms = field_instant(row, 3);
    notice->due_day = field_day(row, 4);
    notice->finding = text(row, 5);
    Casefile__Command *command = new_casefile__command(row);
    command->body_case = CASEFILE__COMMAND__BODY_ISSUE_NOTICE;
    command->issue_notice = notice;
    return &command->base;
}

const ProtobufCMessage *ledger_make_case(struct ledger_row *row, struct ledger_act *act)
{
    Casefile__OpenCase *opened = new_casefile__open_case(row);
    opened->number = text(row, 0);
    opened->order = text(row, 1);
    opened->target = text(row, 2);
    opened->offence = text(row, 3);
    act->occurred_ms = field_instant(row, 4);
    act->on_behalf_of = field_text(row, 5);
    Casefile__Command *command = new_casefile__command(row);
    command->body_case = CASEFILE__COMMAND__BODY_OPEN_CASE;
    command->open_case = opened;
    return &command->base;
}

const ProtobufCMessage *ledger_make_case_event(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const events[] = {"filed", "solved", NULL};
    Casefile__CaseNumber *number = new_casefile__case_number(row);
    number->number = text(row, 0);
    const bool solved = field_word(row, 1, events) == 1;
    act->occurred_ms = field_instant(row, 2);
    Casefile__Command *command = new_casefile__command(row);
    command->body_case =
        solved ? CASEFILE__COMMAND__BODY_SOLVE_CASE : CASEFILE__COMMAND__BODY_FILE_CASE;
    if (solved)
        command->solve_case = number;
    else
        command->file_case = number;
    return &command->base;
}

const ProtobufCMessage *ledger_make_suspect(struct ledger_row *row, struct ledger_act *act)
{
    (void)act; // known since the case was handed over, which is the time the importer fills in
    Casefile__IdentifySuspect *suspect = new_casefile__identify_suspect(row);
    suspect->number = text(row, 0);
    suspect->case_number = text(row, 1);
    suspect->name = optional(row, 2);
    Casefile__Command *command = new_casefile__command(row);
    command->body_case = CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT;
    command->identify_suspect = suspect;
    return &command->base;
}

const ProtobufCMessage *ledger_make_suspect_event(struct ledger_row *row, struct ledger_act *act)
{
    static const char *const steps[] = {
        "listed_wanted",   "captured",       "detained",   "arrest_requested",
        "arrest_approved", "arrest_refused", "discharged", NULL};
    Casefile__RecordSuspectStep *step = new_casefile__record_suspect_step(row);
    step->suspect = text(row, 0);
    step->case_number = text(row, 1);
    step->step =
        (Casefile__SuspectStep)(field_word(row, 2, steps) + CASEFILE__SUSPECT_STEP__LISTED_WANTED);
    act->occurred_ms = field_instant(row, 3);
    Casefile__Command *command = new_casefile__command(row);
    command->body_case = CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP;
    command->record_suspect_step = step;
    return &command->base;
}
