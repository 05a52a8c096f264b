// The contract of the service: its messages, who may send them, its tables and its functions.
#include "ledger.h"

enum {
    WHO_REGISTERS = LQ_ROLE(CLERK) | LQ_ROLE(ADMIN) | LQ_ROLE(DESK),
    WHO_ASSIGNS = LQ_ROLE(CLERK) | LQ_ROLE(COMMANDER),
    WHO_ASKS = LQ_ROLE(LEAD) | LQ_ROLE(CLERK),
    WHO_IS_THERE = LQ_ROLE(SUPERVISOR) | LQ_ROLE(CLERK) | LQ_ROLE(DESK),
    WHO_LIMITS = LQ_ROLE(HEAD),
    OFFICE = LQ_ROLE(CLERK), // what is decided, served and filed on paper
    WHO_INSPECTS = LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(LEAD) | LQ_ROLE(COMMANDER),
};

#define WHO_CORRECTS (WHO_REGISTERS | WHO_ASSIGNS | WHO_INSPECTS | WHO_LIMITS)

static const struct lq_command_row commands[] = {
    {LEDGER__COMMAND__BODY_REGISTER_PREMISES, WHO_REGISTERS, 0, ledger_register_premises},
    {LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR, WHO_ASSIGNS, 0, ledger_assign_supervisor},
    {LEDGER__COMMAND__BODY_REPLACE_SUPERVISOR, WHO_ASSIGNS, 0, ledger_replace_supervisor},
    {LEDGER__COMMAND__BODY_STAND_IN, WHO_ASSIGNS, 0, ledger_stand_in},
    {LEDGER__COMMAND__BODY_RECORD_STEP, WHO_INSPECTS, 0, ledger_record_step},
    {LEDGER__COMMAND__BODY_ASK_ACCEPTANCE, WHO_ASKS, 0, ledger_ask_acceptance},
    {LEDGER__COMMAND__BODY_ARRIVE_POST, WHO_IS_THERE, 0, ledger_arrive_post},
    {LEDGER__COMMAND__BODY_LEAVE_POST, WHO_IS_THERE, 0, ledger_leave_post},
    {LEDGER__COMMAND__BODY_ADD_MEASURE, WHO_INSPECTS, 0, ledger_add_measure},
    {LEDGER__COMMAND__BODY_TRACK_PREMISES, WHO_ASSIGNS, 0, ledger_track_premises},
    {LEDGER__COMMAND__BODY_DECIDE_LIMIT, WHO_LIMITS, OFFICE, ledger_decide_limit},
    {LEDGER__COMMAND__BODY_TAKE_STEP, LQ_ANY_PERSON, OFFICE, lq_take_step},
    {LEDGER__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {LEDGER__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, 0, lq_take_clock},
    {LEDGER__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {LEDGER__COMMAND__BODY_ISSUE_PAPER, LQ_ANY_PERSON, 0, lq_issue_paper},
    {LEDGER__COMMAND__BODY_SERVE_PAPER, LQ_ANY_PERSON, 0, lq_serve_paper},
    {LEDGER__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {LEDGER__COMMAND__BODY_CORRECT, WHO_CORRECTS, OFFICE, lq_correct},
    {LEDGER__COMMAND__BODY_VOID_RECORD, WHO_CORRECTS, OFFICE, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {LEDGER__EVENT__BODY_PREMISES_REGISTERED, ledger_premises_registered},
    {LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, ledger_supervisor_assigned},
    {LEDGER__EVENT__BODY_SUPERVISOR_REPLACED, ledger_supervisor_replaced},
    {LEDGER__EVENT__BODY_SUPERVISOR_STOOD_IN, ledger_supervisor_stood_in},
    {LEDGER__EVENT__BODY_STATUS_CHANGED, ledger_status_changed},
    {LEDGER__EVENT__BODY_ACCEPTANCE_ASKED, ledger_acceptance_asked},
    {LEDGER__EVENT__BODY_POST_ARRIVED, ledger_post_arrived},
    {LEDGER__EVENT__BODY_POST_LEFT, ledger_post_left},
    {LEDGER__EVENT__BODY_MEASURE_ADDED, ledger_measure_added},
    {LEDGER__EVENT__BODY_PREMISES_TRACKED, ledger_premises_tracked},
    {LEDGER__EVENT__BODY_LIMIT_DECIDED, ledger_limit_decided},
    {LEDGER__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {LEDGER__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {LEDGER__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {LEDGER__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {LEDGER__EVENT__BODY_PAPER_ISSUED, lq_paper_issued},
    {LEDGER__EVENT__BODY_PAPER_SERVED, ledger_paper_served},
    {LEDGER__EVENT__BODY_ATTACHED, lq_attached},
    {LEDGER__EVENT__BODY_CORRECTED, lq_corrected},
    {LEDGER__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_query_row queries[] = {
    {LEDGER__QUERY__BODY_LIST, LQ_ANYONE, ledger_list_premises},
    {LEDGER__QUERY__BODY_SHOW, LQ_ANYONE, ledger_show_premises},
    {LEDGER__QUERY__BODY_COUNT, LQ_ANYONE, ledger_count_by_status},
    {LEDGER__QUERY__BODY_COVERAGE, LQ_ANYONE, ledger_ask_coverage},
    {LEDGER__QUERY__BODY_ACCEPTANCES, LQ_ANYONE, .lists = &ledger_acceptances},
    {LEDGER__QUERY__BODY_LIMITS, LQ_ANYONE, ledger_list_limits},
    {LEDGER__QUERY__BODY_SHOW_LIMIT, LQ_ANYONE, ledger_show_limit},
    {LEDGER__QUERY__BODY_PAIRS, LQ_ANYONE, ledger_count_pairs},
    {LEDGER__QUERY__BODY_UNMANNED, LQ_ANYONE, ledger_list_unmanned},
    {LEDGER__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {LEDGER__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {LEDGER__QUERY__BODY_DRAFT_PAPER, LQ_ANYONE, lq_draft_paper},
    {LEDGER__QUERY__BODY_PAPER, LQ_ANYONE, lq_show_paper},
    {LEDGER__QUERY__BODY_PAPERS, LQ_ANYONE, lq_list_papers},
    {LEDGER__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "premises",
     .table = &ledger_premises_table,
     .type = &ledger__premises__descriptor,
     .find = ledger_find_premises,
     .fields = "name township owner lat_e7 lon_e7 kind responsible_1 responsible_2 measures "
               "deadline_day",
     .who = WHO_REGISTERS,
     .check = ledger_check_premises_correction,
     .check_void = ledger_check_premises_void,
     .changed = ledger_premises_changed,
     .paper_type = &ledger__premises_file__descriptor,
     .paper_source = ledger_paper_source},
    {.kind = "supervisor",
     .table = &ledger_premises_table,
     .parts = 2, // premises, name
     .type = &ledger__supervisor__descriptor,
     .find = ledger_find_supervisor,
     .fields = "name unit person from_ms to_ms letter_day",
     .who = WHO_ASSIGNS,
     .check = ledger_check_supervisor_correction,
     .check_void = ledger_check_supervisor_void,
     .changed = ledger_supervisor_changed},
    {.kind = "premises_step",
     .table = &ledger_steps_table,
     .parts = 2, // premises, place
     .type = &ledger__step_taken__descriptor,
     .find = ledger_find_step,
     .fields = "at_ms",
     .who = WHO_INSPECTS,
     .check = ledger_check_step_correction,
     .check_void = ledger_check_step_void,
     .changed = ledger_step_changed,
     .counted = "at_ms"},
    {.kind = "acceptance",
     .table = &ledger_acceptances,
     .fields = "",
     .never_void = true,
     .steps = &ledger_acceptance_steps,
     .since = "asked_at_ms",
     .stepped = ledger_acceptance_stepped},
    {.kind = "measure",
     .table = &ledger_measures,
     .parts = 2, // premises, place
     .fields = "words",
     .who = WHO_INSPECTS,
     .check = ledger_check_measure_correction,
     .steps = &ledger_measure_steps,
     .since = "added_at_ms",
     .stepped = ledger_measure_stepped},
    {.kind = LEDGER_LIMIT,
     .table = &ledger_limits,
     .fields = "months ground paper penalty decided_at_ms",
     .who = WHO_LIMITS,
     .behalf = OFFICE,
     .check = ledger_check_limit_correction,
     .check_void = ledger_check_limit_void,
     .changed = ledger_limit_changed,
     .steps = &ledger_limit_steps,
     .since = "decided_at_ms",
     .stepped = ledger_limit_stepped},
    {.kind = LQ_PAPER_KIND,
     .table = &lq_papers,
     .fields = "",
     .who = WHO_ASSIGNS,
     .check_void = ledger_check_paper_void,
     .changed = lq_paper_changed},
    {0},
};

static const struct lq_table *const tables[] = {
    &ledger_premises_table,
    &ledger_steps_table,
    &ledger_acceptances,
    &ledger_presence,
    &ledger_measures,
    &ledger_limits,
    NULL,
};

static const struct lq_steps *const steps[] = {
    &ledger_rectification,
    &ledger_acceptance_steps,
    &ledger_measure_steps,
    &ledger_limit_steps,
    NULL,
};

static const struct lq_part parts[] = {
    {&ledger_steps_table, &ledger_premises_table, NULL},
    {&ledger_presence, &ledger_premises_table, NULL},
    {&ledger_measures, &ledger_premises_table, NULL},
    {&ledger_acceptances, &ledger_premises_table, "premises"},
    {&ledger_limits, &ledger_premises_table, "premises"},
    {0},
};

static const struct lq_replica *const replicas[] = {&shift_roster, &lq_bulletins, &ledger_monitor,
                                                    NULL};

static const struct lq_at_premises at_premises[] = {
    {&ledger_premises_table, NULL},
    {0},
};

extern const struct lq_service lq_service_ledger;

static void check(struct lq_view *view)
{
    ledger_check(view);
    ledger_check_acceptances(view);
    ledger_check_limits(view);
    lq_steps_check(&lq_service_ledger, view);
    lq_clocks_check(view);
    lq_papers_check(view);
}

const struct lq_service lq_service_ledger = {
    LQ_SERVICE(ledger),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .steps = steps,
    .things = things,
    .parts = parts,
    .at_premises = at_premises,
    .roles_of = lq_roster_roles_at,
    .clock_people = ledger_clock_people,
    .check = check,
    .tables_version = 3,
};
