// The contract of the service: who may give which command and what decides it, what each event
// brings into which table, who may ask what.
#include "oversight.h"

enum {
    OFFICE = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

static const struct lq_command_row commands[] = {
    {OVERSIGHT__COMMAND__BODY_RECORD_MEETING, OFFICE, 0, oversight_record_meeting},
    {OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, OFFICE | LQ_ROLE(INSPECTOR), 0,
     oversight_record_interview},
    {OVERSIGHT__COMMAND__BODY_RECORD_ISSUE, OFFICE, 0, oversight_record_issue},
    {0},
};

static const struct lq_event_row events[] = {
    {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, .keeps = &oversight_meetings},
    {OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, .keeps = &oversight_interviews},
    {OVERSIGHT__EVENT__BODY_ISSUE_RECORDED, .keeps = &oversight_issues},
    {0},
};

static const struct lq_query_row queries[] = {
    {OVERSIGHT__QUERY__BODY_MEETINGS, LQ_ANYONE, .lists = &oversight_meetings},
    {OVERSIGHT__QUERY__BODY_INTERVIEWS, LQ_ANYONE, .lists = &oversight_interviews},
    {OVERSIGHT__QUERY__BODY_ISSUES, LQ_ANYONE, .lists = &oversight_issues},
    {0},
};

const struct lq_service lq_service_oversight = {
    LQ_SERVICE(oversight),
    .check = oversight_check,
};
