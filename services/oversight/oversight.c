// The contract of the service: its messages, who may send them, its tables and its functions.
#include "oversight.h"

enum {
    OFFICE = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(OVERSIGHT__COMMAND__BODY_RECORD_MEETING, OFFICE, 0),
    LQ_COMMAND_RULE(OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, OFFICE | LQ_ROLE(INSPECTOR), 0),
    LQ_QUERY_RULE(OVERSIGHT__QUERY__BODY_MEETINGS, LQ_ANYONE),
    LQ_QUERY_RULE(OVERSIGHT__QUERY__BODY_INTERVIEWS, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &oversight_table_meetings,
    &oversight_table_interviews,
};

LQ_DECIDE(decide, oversight_decide, Oversight__Command)
LQ_APPLY(apply, oversight_apply, Oversight__Event)
LQ_QUERY(query, oversight_query, Oversight__Query, Oversight__Answer)

const struct lq_service lq_service_oversight = {
    .name = "oversight",
    .command_type = &oversight__command__descriptor,
    .event_type = &oversight__event__descriptor,
    .query_type = &oversight__query__descriptor,
    .answer_type = &oversight__answer__descriptor,
    .reject_codes = &oversight__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .decide = decide,
    .apply = apply,
    .query = query,
    .check = oversight_check,
};
