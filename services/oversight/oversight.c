// The contract of the service: its messages, who may send them, its tables and its functions.
#include "oversight.h"

enum {
    OFFICE = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

static const struct lq_command_row commands[] = {
    {OVERSIGHT__COMMAND__BODY_RECORD_MEETING, OFFICE, 0, oversight_record_meeting},
    {OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, OFFICE | LQ_ROLE(INSPECTOR), 0,
     oversight_record_interview},
    {0},
};

static const struct lq_event_row events[] = {
    {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, oversight_meeting_recorded},
    {OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, oversight_interview_recorded},
    {0},
};

static const struct lq_query_row queries[] = {
    {OVERSIGHT__QUERY__BODY_MEETINGS, LQ_ANYONE, oversight_list_meetings},
    {OVERSIGHT__QUERY__BODY_INTERVIEWS, LQ_ANYONE, oversight_list_interviews},
    {0},
};

static const struct lq_table *const tables[] = {
    &oversight_table_meetings,
    &oversight_table_interviews,
    NULL,
};

const struct lq_service lq_service_oversight = {
    LQ_SERVICE(oversight),
    .check = oversight_check,
};
