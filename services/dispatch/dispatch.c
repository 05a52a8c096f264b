// The contract of the service: its messages, who may send them, its tables and its functions; and
// what it takes over from the streams that it follows.
#include "dispatch.h"

enum {
    ISSUERS = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER),
    // A lead reports; when he phones in, the desk enters it in his name, and so does a clerk who
    // enters the paper records.
    LEADS = LQ_ROLE(LEAD),
    FOR_LEADS = LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

static const struct lq_command_row commands[] = {
    {DISPATCH__COMMAND__BODY_ISSUE_ORDER, ISSUERS, LQ_ROLE(CLERK), dispatch_issue_order},
    {DISPATCH__COMMAND__BODY_REPORT_STEP, LEADS, FOR_LEADS, dispatch_report_step},
    {DISPATCH__COMMAND__BODY_DECLINE_ORDER, LEADS, FOR_LEADS, dispatch_decline_order},
    {DISPATCH__COMMAND__BODY_CANCEL_ORDER, ISSUERS, LQ_ROLE(CLERK), dispatch_cancel_order},
    {DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT, LEADS | FOR_LEADS, LQ_ROLE(CLERK),
     dispatch_record_participant},
    {0},
};

static const struct lq_event_row events[] = {
    {DISPATCH__EVENT__BODY_ORDER_ISSUED, dispatch_order_issued},
    {DISPATCH__EVENT__BODY_STEP_REPORTED, dispatch_step_reported},
    {DISPATCH__EVENT__BODY_ORDER_DECLINED, dispatch_order_declined},
    {DISPATCH__EVENT__BODY_ORDER_CANCELLED, dispatch_order_cancelled},
    {DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED, dispatch_participant_recorded},
    {0},
};

static const struct lq_query_row queries[] = {
    {DISPATCH__QUERY__BODY_LIST, LQ_ANYONE, dispatch_list_orders},
    {DISPATCH__QUERY__BODY_SHOW, LQ_ANYONE, dispatch_show_order},
    {0},
};

static const struct lq_table *const tables[] = {
    &dispatch_table_orders,
    &dispatch_table_addressed,
    &dispatch_table_assignments,
    &dispatch_table_open,
    &dispatch_table_engaged,
    &dispatch_table_participants,
    NULL,
};

static const struct lq_replica *const replicas[] = {
    &shift_roster,
    &shift_rota,
    &ledger_premises,
    NULL,
};

static const struct lq_steps *const steps[] = {
    &dispatch_team_steps,
    NULL,
};

const struct lq_service lq_service_dispatch = {
    LQ_SERVICE(dispatch),        .tables = tables,        .replicas = replicas, .steps = steps,
    .roles_of = lq_roster_roles, .check = dispatch_check, .tables_version = 1,
};
