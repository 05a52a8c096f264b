// The contract of the service: its messages, who may send them, its tables, whom it
// follows, and its functions.
#include "casefile.h"

enum {
    ISSUERS = CASEFILE_ISSUERS,
    HANDLERS = CASEFILE_HANDLERS,
    POLICE_RECORD = LQ_ROLE(LIAISON),            // what police and procuratorate did
    PAPERS = ISSUERS | HANDLERS | LQ_ROLE(HEAD), // who issues and serves papers
    // Who records it; a commander alone, once the bulletin of its week is signed.
    CORRECTORS = ISSUERS | POLICE_RECORD | LQ_ROLE(HEAD) | LQ_ROLE(COMMANDER),
    // Who reads whom the police look for, and who is to be detained; and whoever entered it.
    READERS = LQ_ROLE(COMMANDER) | LQ_ROLE(LIAISON) | LQ_ROLE(INSPECTOR),
};

static const struct lq_command_row commands[] = {
    {CASEFILE__COMMAND__BODY_ISSUE_NOTICE, ISSUERS, LQ_ROLE(CLERK), casefile_issue_notice},
    {CASEFILE__COMMAND__BODY_OPEN_CASE, LQ_ROLE(LIAISON), LQ_ROLE(CLERK), casefile_open_case},
    {CASEFILE__COMMAND__BODY_FILE_CASE, POLICE_RECORD, LQ_ROLE(CLERK), casefile_file_case},
    {CASEFILE__COMMAND__BODY_SOLVE_CASE, POLICE_RECORD, LQ_ROLE(CLERK), casefile_solve_case},
    {CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT, POLICE_RECORD, LQ_ROLE(CLERK),
     casefile_identify_suspect},
    {CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP, POLICE_RECORD, LQ_ROLE(CLERK),
     casefile_record_suspect_step},
    {CASEFILE__COMMAND__BODY_REPORT_CASE, HANDLERS | LQ_ROLE(HEAD), LQ_ROLE(CLERK),
     casefile_report_case},
    {CASEFILE__COMMAND__BODY_OPEN_PENALTY, HANDLERS | LQ_ROLE(HEAD), LQ_ROLE(CLERK) | LQ_ROLE(DESK),
     casefile_open_penalty},
    {CASEFILE__COMMAND__BODY_SPOT_PENALTY, HANDLERS, LQ_ROLE(CLERK), casefile_spot_penalty},
    {CASEFILE__COMMAND__BODY_RECORD_PENALTY, HANDLERS | LQ_ROLE(HEAD) | LQ_ROLE(CLERK),
     LQ_ROLE(CLERK), casefile_record_penalty},
    {CASEFILE__COMMAND__BODY_DECIDE_DETENTION, LQ_ROLE(HEAD), LQ_ROLE(CLERK),
     casefile_decide_detention},
    // Anybody may say it, to be told whose step it is.
    {CASEFILE__COMMAND__BODY_TAKE_STEP, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_take_step},
    {CASEFILE__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {CASEFILE__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_take_clock},
    {CASEFILE__COMMAND__BODY_PAUSE_CLOCK, HANDLERS | LQ_ROLE(HEAD) | LQ_ROLE(LIAISON),
     LQ_ROLE(CLERK), lq_pause_clock},
    {CASEFILE__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {CASEFILE__COMMAND__BODY_ISSUE_PAPER, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_issue_paper},
    {CASEFILE__COMMAND__BODY_SERVE_PAPER, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_serve_paper},
    {CASEFILE__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_attach},
    {CASEFILE__COMMAND__BODY_CORRECT, CORRECTORS, LQ_ROLE(CLERK), lq_correct},
    {CASEFILE__COMMAND__BODY_VOID_RECORD, CORRECTORS, LQ_ROLE(CLERK), lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {CASEFILE__EVENT__BODY_NOTICE_ISSUED, casefile_notice_issued},
    {CASEFILE__EVENT__BODY_CASE_OPENED, .keeps = &casefile_table_cases},
    {CASEFILE__EVENT__BODY_CASE_FILED, casefile_case_filed},
    {CASEFILE__EVENT__BODY_CASE_SOLVED, casefile_case_solved},
    {CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED, casefile_suspect_identified, .of = "suspect"},
    {CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED, casefile_suspect_step_recorded},
    {CASEFILE__EVENT__BODY_CASE_REPORTED, .keeps = &casefile_table_cases},
    {CASEFILE__EVENT__BODY_PENALTY_OPENED, casefile_penalty_opened},
    {CASEFILE__EVENT__BODY_DETENTION_DECIDED, casefile_detention_decided, .of = "detention"},
    {CASEFILE__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {CASEFILE__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {CASEFILE__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {CASEFILE__EVENT__BODY_CLOCK_PAUSED, lq_clock_noted},
    {CASEFILE__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {CASEFILE__EVENT__BODY_PAPER_ISSUED, lq_paper_issued},
    {CASEFILE__EVENT__BODY_PAPER_SERVED, lq_paper_served},
    {CASEFILE__EVENT__BODY_ATTACHED, lq_attached},
    {CASEFILE__EVENT__BODY_CORRECTED, lq_corrected},
    {CASEFILE__EVENT__BODY_VOIDED, lq_voided_thing},
    {CASEFILE__EVENT__BODY_READING_RECORDED, lq_reading_recorded},
    {0},
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {0},
};

static const struct lq_query_row queries[] = {
    {CASEFILE__QUERY__BODY_CASES, LQ_ANYONE, casefile_list_cases},
    {CASEFILE__QUERY__BODY_SHOW, LQ_ANYONE, casefile_show_case},
    {CASEFILE__QUERY__BODY_NOTICES, LQ_ANYONE, casefile_list_notices},
    {CASEFILE__QUERY__BODY_SHOW_NOTICE, LQ_ANYONE, casefile_show_notice},
    {CASEFILE__QUERY__BODY_PENALTIES, LQ_ANYONE, casefile_list_penalties},
    {CASEFILE__QUERY__BODY_SHOW_PENALTY, LQ_ANYONE, casefile_show_penalty},
    {CASEFILE__QUERY__BODY_DETENTIONS, LQ_ANYONE, .lists = &casefile_table_detentions},
    {CASEFILE__QUERY__BODY_SHOW_DETENTION, LQ_ANYONE, casefile_show_detention},
    {CASEFILE__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {CASEFILE__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {CASEFILE__QUERY__BODY_DRAFT_PAPER, LQ_ANYONE, lq_draft_paper},
    {CASEFILE__QUERY__BODY_PAPER, LQ_ANYONE, lq_show_paper},
    {CASEFILE__QUERY__BODY_PAPERS, LQ_ANYONE, lq_list_papers},
    {CASEFILE__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {CASEFILE__QUERY__BODY_READINGS, LQ_READING_READERS, lq_ask_readings},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "notice",
     .table = &casefile_table_notices,
     .fields = "premises due_day finding issued_at_ms report_day",
     .who = ISSUERS,
     .behalf = LQ_ROLE(CLERK),
     .check = casefile_check_notice_correction,
     .changed = casefile_notice_changed,
     .steps = &casefile_notice_verbs,
     .since = "issued_at_ms",
     .stepped = casefile_notice_stepped,
     .counted = "issued_at_ms"},
    {.kind = "penalty",
     .table = &casefile_table_penalties,
     .fields = "violation paper",
     .who = HANDLERS | LQ_ROLE(HEAD),
     .behalf = LQ_ROLE(CLERK),
     .check = casefile_check_penalty_correction,
     .check_void = casefile_check_penalty_void,
     .changed = casefile_penalty_changed,
     .steps = &casefile_penalty_verbs,
     .since = "opened_at_ms",
     .stepped = casefile_penalty_stepped},
    {.kind = "detention",
     .table = &casefile_table_detentions,
     .fields = "person ground",
     .personal = "person",
     .personal_to = READERS,
     .who = LQ_ROLE(HEAD),
     .behalf = LQ_ROLE(CLERK),
     .changed = casefile_detention_changed,
     .steps = &casefile_detention_verbs,
     .since = "decided_at_ms"},
    {.kind = "case",
     .table = &casefile_table_cases,
     .fields = "order offence opened_at_ms filed_at_ms solved_at_ms",
     .who = LQ_ROLE(LIAISON),
     .behalf = LQ_ROLE(CLERK),
     .check = casefile_check_case_correction,
     .check_void = casefile_check_case_void,
     .steps = &casefile_case_steps,
     .since = "reported_at_ms opened_at_ms filed_at_ms solved_at_ms",
     .stepped = casefile_case_stepped,
     .counted = "filed_at_ms solved_at_ms"},
    {.kind = "suspect",
     .table = &casefile_table_suspects,
     .fields = "name",
     .personal = "name",
     .personal_to = READERS,
     .who = POLICE_RECORD,
     .behalf = LQ_ROLE(CLERK),
     .changed = casefile_suspect_changed,
     .steps = &casefile_suspect_verbs,
     .counted_at = casefile_suspect_counted},
    {.kind = "suspect_step",
     .table = &casefile_table_suspects,
     .parts = 2, // suspect, place in the history
     .type = &casefile__suspect_step_taken__descriptor,
     .find = casefile_find_step,
     .fields = "at_ms",
     .who = POLICE_RECORD,
     .behalf = LQ_ROLE(CLERK),
     .check = casefile_check_step_correction,
     .check_void = casefile_check_step_void,
     .changed = casefile_step_changed,
     .counted = "at_ms"},
    LQ_PAPER_THING(PAPERS, LQ_ROLE(CLERK)),
    {0},
};

static const struct lq_table *const tables[] = {
    &casefile_table_notices,
    &casefile_table_premises_notices,
    &casefile_table_cases,
    &casefile_table_suspects,
    &casefile_table_case_suspects,
    &casefile_table_penalties,
    &casefile_table_premises_penalties,
    &casefile_table_detentions,
    &casefile_table_penalty_detentions,
    NULL,
};

static const struct lq_replica *const replicas[] = {
    &shift_roster, &dispatch_orders, &ledger_premises, &lq_bulletins, NULL,
};

extern const struct lq_service lq_service_casefile; // below

static void check(struct lq_view *view)
{
    casefile_check_notices(view);
    casefile_check_cases(view);
    casefile_check_suspects(view);
    casefile_check_penalties(view);
    casefile_check_detentions(view);
    casefile_check_terms(view);
    lq_steps_check(&lq_service_casefile, view);
    lq_clocks_check(view);
    lq_papers_check(view);
}

static const struct lq_steps *const steps[] = {
    &casefile_case_steps,
    &casefile_suspect_steps,
    &casefile_suspect_verbs,
    &casefile_notice_verbs,
    &casefile_penalty_verbs,
    &casefile_detention_verbs,
    NULL,
};

static const struct lq_part parts[] = {
    {&casefile_table_suspects, &casefile_table_cases, "case_number"},
    {&casefile_table_detentions, &casefile_table_penalties, "penalty"},
    {&casefile_table_cases, &casefile_table_penalties, "penalty"}, // where it comes from one
    {0},
};

static const struct lq_at_premises at_premises[] = {
    {&casefile_table_notices, "premises"},
    {&casefile_table_penalties, "premises"},
    {&casefile_table_detentions, "premises"},
    {&casefile_table_cases, "target"},
    {0},
};

static const struct lq_paper_name paper_names[] = {
    {"person", lq_roster_name},
    {"premises", lq_premises_name},
    {0},
};

const struct lq_service lq_service_casefile = {
    LQ_SERVICE(casefile),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .steps = steps,
    .things = things,
    .parts = parts,
    .at_premises = at_premises,
    .roles_of = lq_roster_roles_at,
    .check = check,
    .clock_people = casefile_clock_people,
    .paper_names = paper_names,
};
