// The contract of the service: who may give which command and what decides it, what each event
// brings into which table, who may ask what.
#include "oversight.h"

enum {
    OFFICE = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(CLERK),
    INTERVIEWERS = OFFICE | LQ_ROLE(INSPECTOR),
    BEHALF = LQ_ROLE(CLERK) | LQ_ROLE(DESK), // enters what was said by telephone or on paper
};

static const struct lq_command_row commands[] = {
    {OVERSIGHT__COMMAND__BODY_RECORD_MEETING, OFFICE, 0, oversight_record_meeting},
    {OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, INTERVIEWERS, 0, oversight_record_interview},
    {OVERSIGHT__COMMAND__BODY_RECORD_ISSUE, OFFICE, 0, oversight_record_issue},
    {OVERSIGHT__COMMAND__BODY_ASSIGN_TASK, INTERVIEWERS, BEHALF, oversight_assign_task},
    {OVERSIGHT__COMMAND__BODY_RECORD_PLAN, INTERVIEWERS, 0, oversight_record_plan},
    {OVERSIGHT__COMMAND__BODY_TAKE_STEP, LQ_ANY_PERSON, BEHALF, lq_take_step},
    {OVERSIGHT__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {OVERSIGHT__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, BEHALF, lq_take_clock},
    {OVERSIGHT__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {OVERSIGHT__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {OVERSIGHT__COMMAND__BODY_CORRECT, INTERVIEWERS, 0, lq_correct},
    {OVERSIGHT__COMMAND__BODY_VOID_RECORD, INTERVIEWERS, 0, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, .keeps = &oversight_meetings},
    {OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, .keeps = &oversight_interviews},
    {OVERSIGHT__EVENT__BODY_ISSUE_RECORDED, .keeps = &oversight_issues},
    {OVERSIGHT__EVENT__BODY_TASK_ASSIGNED, oversight_task_assigned},
    {OVERSIGHT__EVENT__BODY_PLAN_RECORDED, .keeps = &oversight_plans},
    {OVERSIGHT__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {OVERSIGHT__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {OVERSIGHT__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {OVERSIGHT__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {OVERSIGHT__EVENT__BODY_ATTACHED, lq_attached},
    {OVERSIGHT__EVENT__BODY_CORRECTED, lq_corrected},
    {OVERSIGHT__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {0},
};

static const struct lq_query_row queries[] = {
    {OVERSIGHT__QUERY__BODY_MEETINGS, LQ_ANYONE, oversight_list_meetings},
    {OVERSIGHT__QUERY__BODY_INTERVIEWS, LQ_ANYONE, .lists = &oversight_interviews},
    {OVERSIGHT__QUERY__BODY_ISSUES, LQ_ANYONE, .lists = &oversight_issues},
    {OVERSIGHT__QUERY__BODY_TASKS, LQ_ANYONE, oversight_list_tasks},
    {OVERSIGHT__QUERY__BODY_TASK, LQ_ANYONE, oversight_show_task},
    {OVERSIGHT__QUERY__BODY_PLANS, LQ_ANYONE, .lists = &oversight_plans},
    {OVERSIGHT__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {OVERSIGHT__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {OVERSIGHT__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "meeting",
     .table = &oversight_meetings,
     .fields = "issues_raised issues_resolved held_at_ms kind chair",
     .who = OFFICE,
     .check = oversight_check_meeting,
     .check_void = oversight_void_meeting,
     .counted = "held_at_ms"},
    {.kind = "interview",
     .table = &oversight_interviews,
     .fields = "kind at_ms level person premises reason record",
     .who = INTERVIEWERS,
     .check = oversight_check_interview,
     .check_void = oversight_void_interview,
     .counted = "at_ms"},
    {.kind = "issue",
     .table = &oversight_issues,
     .fields = "subject owner due_day verdict",
     .who = OFFICE,
     .check = oversight_check_issue},
    {.kind = "plan",
     .table = &oversight_plans,
     .fields = "title department paper",
     .who = INTERVIEWERS,
     .check = oversight_check_plan,
     .check_void = oversight_void_plan},
    {.kind = "task",
     .table = &oversight_tasks,
     .fields = "subject department owner due_day",
     .who = INTERVIEWERS,
     .behalf = BEHALF,
     .check = oversight_check_task,
     .changed = oversight_task_changed,
     .steps = &oversight_task_steps,
     .since = "assigned_at_ms",
     .stepped = oversight_task_stepped,
     .counted = "assigned_at_ms closed_at_ms"},
    {0},
};

// A task is no part: what it comes from may be a meeting, an interview, or kept elsewhere.
static const struct lq_part parts[] = {
    {&oversight_issues, &oversight_meetings, "meeting"},
    {0},
};

static const struct lq_table *const tables[] = {
    &oversight_tasks,
    NULL,
};

static const struct lq_replica *const replicas[] = {&shift_roster, &lq_bulletins, NULL};
static const struct lq_steps *const steps[] = {&oversight_task_steps, NULL};

static const struct lq_at_premises at_premises[] = {
    {&oversight_interviews, "premises"},
    {0},
};

extern const struct lq_service lq_service_oversight; // below

static void check(struct lq_view *view)
{
    oversight_check_meetings(view);
    oversight_check_tasks(view);
    lq_steps_check(&lq_service_oversight, view);
    lq_clocks_check(view);
}

const struct lq_service lq_service_oversight = {
    LQ_SERVICE(oversight),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .steps = steps,
    .things = things,
    .at_premises = at_premises,
    .parts = parts,
    .roles_of = lq_roster_roles_at,
    .clock_people = oversight_clock_people,
    .check = check,
};
