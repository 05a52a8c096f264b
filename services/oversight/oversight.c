// The contract of the service: who may give which command and what decides it, what each event
// brings into which table, who may ask what.
#include "oversight.h"

enum {
    OFFICE = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(CLERK),
    INTERVIEWERS = OFFICE | LQ_ROLE(INSPECTOR),
};

static const struct lq_command_row commands[] = {
    {OVERSIGHT__COMMAND__BODY_RECORD_MEETING, OFFICE, 0, oversight_record_meeting},
    {OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, INTERVIEWERS, 0, oversight_record_interview},
    {OVERSIGHT__COMMAND__BODY_RECORD_ISSUE, OFFICE, 0, oversight_record_issue},
    {OVERSIGHT__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {OVERSIGHT__COMMAND__BODY_CORRECT, INTERVIEWERS, 0, lq_correct},
    {OVERSIGHT__COMMAND__BODY_VOID_RECORD, INTERVIEWERS, 0, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, .keeps = &oversight_meetings},
    {OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, .keeps = &oversight_interviews},
    {OVERSIGHT__EVENT__BODY_ISSUE_RECORDED, .keeps = &oversight_issues},
    {OVERSIGHT__EVENT__BODY_ATTACHED, lq_attached},
    {OVERSIGHT__EVENT__BODY_CORRECTED, lq_corrected},
    {OVERSIGHT__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_query_row queries[] = {
    {OVERSIGHT__QUERY__BODY_MEETINGS, LQ_ANYONE, .lists = &oversight_meetings},
    {OVERSIGHT__QUERY__BODY_INTERVIEWS, LQ_ANYONE, .lists = &oversight_interviews},
    {OVERSIGHT__QUERY__BODY_ISSUES, LQ_ANYONE, .lists = &oversight_issues},
    {OVERSIGHT__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {OVERSIGHT__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "meeting",
     .table = &oversight_meetings,
     .fields = "issues_raised issues_resolved held_at_ms",
     .who = OFFICE,
     .check = oversight_check_meeting,
     .check_void = oversight_void_meeting},
    {.kind = "interview",
     .table = &oversight_interviews,
     .fields = "kind at_ms",
     .who = INTERVIEWERS,
     .check = oversight_check_interview},
    {.kind = "issue",
     .table = &oversight_issues,
     .fields = "subject owner due_day verdict",
     .who = OFFICE,
     .check = oversight_check_issue},
    {0},
};

static const struct lq_part parts[] = {
    {&oversight_issues, &oversight_meetings, "meeting"},
    {0},
};

const struct lq_service lq_service_oversight = {
    LQ_SERVICE(oversight),
    .things = things,
    .parts = parts,
    .check = oversight_check,
};
