// The contract of the service: its messages, who may send them, its tables, whom it
// follows, and its functions.
#include "casefile.h"

enum {
    ISSUERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON),
    // The police ledgers name no person for these steps, so a clerk may enter them as his own.
    POLICE_RECORD = LQ_ROLE(LIAISON) | LQ_ROLE(CLERK),
};

static const struct lq_command_row commands[] = {
    {CASEFILE__COMMAND__BODY_ISSUE_NOTICE, ISSUERS, LQ_ROLE(CLERK), casefile_issue_notice},
    {CASEFILE__COMMAND__BODY_OPEN_CASE, LQ_ROLE(LIAISON), LQ_ROLE(CLERK), casefile_open_case},
    {CASEFILE__COMMAND__BODY_FILE_CASE, POLICE_RECORD, 0, casefile_file_case},
    {CASEFILE__COMMAND__BODY_SOLVE_CASE, POLICE_RECORD, 0, casefile_solve_case},
    {CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT, POLICE_RECORD, 0, casefile_identify_suspect},
    {CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP, POLICE_RECORD, 0, casefile_record_suspect_step},
    {0},
};

static const struct lq_event_row events[] = {
    {CASEFILE__EVENT__BODY_NOTICE_ISSUED, casefile_notice_issued},
    {CASEFILE__EVENT__BODY_CASE_OPENED, .keeps = &casefile_table_cases},
    {CASEFILE__EVENT__BODY_CASE_FILED, casefile_case_filed},
    {CASEFILE__EVENT__BODY_CASE_SOLVED, casefile_case_solved},
    {CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED, casefile_suspect_identified},
    {CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED, casefile_suspect_step_recorded},
    {0},
};

static const struct lq_query_row queries[] = {
    {CASEFILE__QUERY__BODY_CASES, LQ_ANYONE, casefile_list_cases},
    {CASEFILE__QUERY__BODY_SHOW, LQ_ANYONE, casefile_show_case},
    {CASEFILE__QUERY__BODY_NOTICES, LQ_ANYONE, casefile_list_notices},
    {0},
};

static const struct lq_table *const tables[] = {
    &casefile_table_notices,  &casefile_table_premises_notices, &casefile_table_cases,
    &casefile_table_suspects, &casefile_table_case_suspects,    NULL,
};

static const struct lq_replica *const replicas[] = {
    &shift_roster,
    &dispatch_orders,
    &ledger_premises,
    NULL,
};

static void check(struct lq_view *view)
{
    casefile_check_notices(view);
    casefile_check_cases(view);
    casefile_check_suspects(view);
}

static const struct lq_steps *const steps[] = {
    &casefile_case_steps,
    &casefile_suspect_steps,
    NULL,
};

const struct lq_service lq_service_casefile = {
    LQ_SERVICE(casefile),        .tables = tables, .replicas = replicas, .steps = steps,
    .roles_of = lq_roster_roles, .check = check,
};
