#include "lq/import/ledgers.h"

#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "oversight.pb-c.h"
#include "seizure.pb-c.h"
#include "service/tables.h"
#include "shift.pb-c.h"
#include "tips.pb-c.h"

// A message in the row's arena with its defaults set.
#define DEFINE_NEW(type, prefix)                                                                   \
    static type *new_##prefix(const struct ledger_row *row)                                        \
    {                                                                                              \
        type *message = LQ_NEW(row->arena, type);                                                  \
        prefix##__init(message);                                                                   \
        return message;                                                                            \
    }

DEFINE_NEW(Shift__Command, shift__command)
DEFINE_NEW(Shift__Person, shift__person)
DEFINE_NEW(Shift__Shift, shift__shift)
DEFINE_NEW(Ledger__Command, ledger__command)
DEFINE_NEW(Ledger__Premises, ledger__premises)
DEFINE_NEW(Ledger__Supervisor, ledger__supervisor)
DEFINE_NEW(Ledger__RecordStep, ledger__record_step)
DEFINE_NEW(Dispatch__Command, dispatch__command)
DEFINE_NEW(Dispatch__IssueOrder, dispatch__issue_order)
DEFINE_NEW(Dispatch__ReportStep, dispatch__report_step)
DEFINE_NEW(Dispatch__RecordParticipant, dispatch__record_participant)
DEFINE_NEW(Seizure__Command, seizure__command)
DEFINE_NEW(Seizure__TakeItem, seizure__take_item)
DEFINE_NEW(Seizure__ItemNumber, seizure__item_number)
DEFINE_NEW(Seizure__CloseSite, seizure__close_site)
DEFINE_NEW(Casefile__Command, casefile__command)
DEFINE_NEW(Casefile__IssueNotice, casefile__issue_notice)
DEFINE_NEW(Casefile__OpenCase, casefile__open_case)
DEFINE_NEW(Casefile__CaseNumber, casefile__case_number)
DEFINE_NEW(Casefile__IdentifySuspect, casefile__identify_suspect)
DEFINE_NEW(Casefile__RecordSuspectStep, casefile__record_suspect_step)
DEFINE_NEW(Tips__Command, tips__command)
DEFINE_NEW(Tips__RecordTip, tips__record_tip)
DEFINE_NEW(Tips__Volunteer, tips__volunteer)
DEFINE_NEW(Oversight__Command, oversight__command)
DEFINE_NEW(Oversight__RecordMeeting, oversight__record_meeting)
DEFINE_NEW(Oversight__RecordInterview, oversight__record_interview)

static char *text(struct ledger_row *row, int i)
{
    return lq_row(field_text(row, i));
}

static char *optional(const struct ledger_row *row, int i)
{
    return lq_row(field_optional(row, i));
}

// ---------------------------------------------------------------- shift

static Lq__Role role(struct ledger_row *row, int i)
{
    static const char *const words[] = {"commander", "desk", "liaison", "clerk", "inspector",
                                        "admin",     "lead", "officer", NULL};
    return (Lq__Role)(field_word(row, i, words) + LQ__ROLE__COMMANDER);
}

static const ProtobufCMessage *make_person(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_shift(struct ledger_row *row, struct ledger_act *act)
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

// ---------------------------------------------------------------- ledger

static const ProtobufCMessage *register_premises(struct ledger_row *row, Ledger__Premises *premises)
{
    Ledger__Command *command = new_ledger__command(row);
    command->body_case = LEDGER__COMMAND__BODY_REGISTER_PREMISES;
    command->register_premises = premises;
    return &command->base;
}

static const ProtobufCMessage *make_enterprise(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Ledger__Premises *premises = new_ledger__premises(row);
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

static const ProtobufCMessage *make_site(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Ledger__Premises *premises = new_ledger__premises(row);
    premises->standing = LEDGER__STANDING__UNLICENSED_SITE;
    premises->number = text(row, 0);
    premises->township = text(row, 1);
    premises->kind = text(row, 2);
    premises->lat_e7 = field_degrees_e7(row, 3);
    premises->lon_e7 = field_degrees_e7(row, 4);
    return register_premises(row, premises);
}

static const ProtobufCMessage *make_supervisor(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Ledger__Supervisor *supervisor = new_ledger__supervisor(row);
    supervisor->premises = text(row, 0);
    supervisor->name = text(row, 1);
    supervisor->unit = optional(row, 2);
    Ledger__Command *command = new_ledger__command(row);
    command->body_case = LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR;
    command->assign_supervisor = supervisor;
    return &command->base;
}

static const ProtobufCMessage *make_enterprise_event(struct ledger_row *row, struct ledger_act *act)
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

// ---------------------------------------------------------------- dispatch

static const ProtobufCMessage *make_operation(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_progress(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_participant(struct ledger_row *row, struct ledger_act *act)
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

// ---------------------------------------------------------------- seizure

static const ProtobufCMessage *make_seizure(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_seal_event(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_shutdown(struct ledger_row *row, struct ledger_act *act)
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

// ---------------------------------------------------------------- casefile

static const ProtobufCMessage *make_notice(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_case(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_case_event(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_suspect(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_suspect_event(struct ledger_row *row, struct ledger_act *act)
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

// ---------------------------------------------------------------- tips, oversight

static const ProtobufCMessage *make_tip(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_volunteer(struct ledger_row *row, struct ledger_act *act)
{
    (void)act;
    Tips__Volunteer *volunteer = new_tips__volunteer(row);
    volunteer->number = text(row, 0);
    volunteer->name = text(row, 1);
    volunteer->village = optional(row, 2);
    Tips__Command *command = new_tips__command(row);
    command->body_case = TIPS__COMMAND__BODY_REGISTER_VOLUNTEER;
    command->register_volunteer = volunteer;
    return &command->base;
}

static const ProtobufCMessage *make_meeting(struct ledger_row *row, struct ledger_act *act)
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

static const ProtobufCMessage *make_interview(struct ledger_row *row, struct ledger_act *act)
{
    Oversight__RecordInterview *interview = new_oversight__record_interview(row);
    interview->kind = text(row, 0);
    act->occurred_ms = field_instant(row, 1);
    Oversight__Command *command = new_oversight__command(row);
    command->body_case = OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW;
    command->record_interview = interview;
    return &command->base;
}

// ---------------------------------------------------------------- the ledgers

const struct ledger lq_ledgers[] = {
    {"people.csv",
     "shift",
     {"badge", "name", "unit", "role", "team", "group", "phone"},
     NULL,
     0,
     0,
     -1,
     make_person},
    {"rota.csv",
     "shift",
     {"date", "shift", "group", "starts_at", "ends_at"},
     NULL,
     0,
     -1,
     3,
     make_shift},

    {"enterprises.csv",
     "ledger",
     {"enterprise", "name", "township", "owner", "lat", "lon", "kind", "responsible_1",
      "responsible_2", "measures", "deadline"},
     NULL,
     0,
     0,
     -1,
     make_enterprise},
    {"sites.csv", "ledger", {"site", "township", "kind", "lat", "lon"}, NULL, 0, 0, -1, make_site},
    {"supervision.csv",
     "ledger",
     {"enterprise", "name", "unit"},
     "enterprises.csv",
     0,
     -1,
     -1,
     make_supervisor},
    {"enterprise_events.csv",
     "ledger",
     {"enterprise", "event", "at"},
     "enterprises.csv",
     0,
     -1,
     2,
     make_enterprise_event},

    {"operations.csv",
     "dispatch",
     {"operation", "issued_at", "desk", "kind", "target", "priority", "vehicles", "machines",
      "teams"},
     NULL,
     0,
     0,
     1,
     make_operation},
    {"participants.csv",
     "dispatch",
     {"operation", "team", "badge"},
     "operations.csv",
     0,
     -1,
     -1,
     make_participant},
    {"progress.csv",
     "dispatch",
     {"operation", "team", "by", "status", "at"},
     "operations.csv",
     0,
     -1,
     4,
     make_progress},

    {"seizures.csv",
     "seizure",
     {"item", "operation", "target", "kind", "action", "seal", "officer_1", "officer_2", "at",
      "specification"},
     "operations.csv",
     1,
     0,
     8,
     make_seizure},
    {"seal_events.csv",
     "seizure",
     {"item", "event", "by", "at"},
     "seizures.csv",
     0,
     -1,
     3,
     make_seal_event},
    {"shutdowns.csv",
     "seizure",
     {"site", "operation", "by", "at"},
     "operations.csv",
     1,
     -1,
     3,
     make_shutdown},

    {"notices.csv",
     "casefile",
     {"notice", "enterprise", "by", "issued_at", "due_on", "finding"},
     NULL,
     0,
     0,
     3,
     make_notice},
    {"cases.csv",
     "casefile",
     {"case", "operation", "target", "offence", "filed_at", "by"},
     "operations.csv",
     1,
     0,
     4,
     make_case},
    {"suspects.csv", "casefile", {"suspect", "case", "name"}, "cases.csv", 1, 0, -1, make_suspect},
    {"case_events.csv",
     "casefile",
     {"case", "event", "at"},
     "cases.csv",
     0,
     -1,
     2,
     make_case_event},
    {"suspect_events.csv",
     "casefile",
     {"suspect", "case", "event", "at"},
     "suspects.csv",
     0,
     -1,
     3,
     make_suspect_event},

    {"tips.csv",
     "tips",
     {"tip", "received_at", "channel", "enterprise", "content", "verified", "reward_yuan"},
     NULL,
     0,
     0,
     1,
     make_tip},
    {"volunteers.csv", "tips", {"volunteer", "name", "village"}, NULL, 0, 0, -1, make_volunteer},

    {"meetings.csv",
     "oversight",
     {"meeting", "held_at", "issues_raised", "issues_resolved"},
     NULL,
     0,
     0,
     1,
     make_meeting},
    {"interviews.csv", "oversight", {"kind", "at"}, NULL, 0, -1, 1, make_interview},
    {0},
};
