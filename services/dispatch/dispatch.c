// The contract of the service: its messages, who may send them, its tables and its functions; and
// what it takes over from the streams that it follows.
#include "dispatch.h"

enum {
    ISSUERS = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER),
    // A lead reports; when he phones in, the desk enters it in his name, and
    // so does a clerk who enters the paper records.
    LEADS = LQ_ROLE(LEAD),
    CALLERS = LQ_ANYONE, // whoever needs a team, services too
    FOR_LEADS = LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

static const struct lq_command_row commands[] = {
    {DISPATCH__COMMAND__BODY_ISSUE_ORDER, ISSUERS, LQ_ROLE(CLERK), dispatch_issue_order},
    {DISPATCH__COMMAND__BODY_REPORT_STEP, LEADS, FOR_LEADS, dispatch_report_step},
    {DISPATCH__COMMAND__BODY_DECLINE_ORDER, LEADS, FOR_LEADS, dispatch_decline_order},
    {DISPATCH__COMMAND__BODY_CANCEL_ORDER, ISSUERS, LQ_ROLE(CLERK), dispatch_cancel_order},
    {DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT, LEADS | FOR_LEADS, LQ_ROLE(CLERK),
     dispatch_record_participant},
    {DISPATCH__COMMAND__BODY_ADD_TEAM, ISSUERS, LQ_ROLE(CLERK), dispatch_add_team},
    {DISPATCH__COMMAND__BODY_WITHDRAW_TEAM, ISSUERS, LQ_ROLE(CLERK), dispatch_withdraw_team},
    {DISPATCH__COMMAND__BODY_REOPEN_ORDER, ISSUERS, LQ_ROLE(CLERK), dispatch_reopen_order},
    {DISPATCH__COMMAND__BODY_OPEN_CALL, CALLERS, FOR_LEADS, dispatch_open_call},
    {DISPATCH__COMMAND__BODY_AMEND_ORDER, ISSUERS, LQ_ROLE(CLERK), dispatch_amend_order},
    {DISPATCH__COMMAND__BODY_CALL_FOR_HELP, LEADS | ISSUERS, FOR_LEADS, dispatch_call_for_help},
    {DISPATCH__COMMAND__BODY_RECORD_CREW, LEADS | FOR_LEADS, LQ_ROLE(CLERK), dispatch_record_crew},
    {DISPATCH__COMMAND__BODY_OPEN_HANDOVER, LQ_ROLE(SERVICE), 0, dispatch_open_handover},
    {DISPATCH__COMMAND__BODY_FREEZE_HANDOVER, ISSUERS, LQ_ROLE(CLERK), dispatch_freeze_handover},
    {DISPATCH__COMMAND__BODY_SIGN_HANDOVER, ISSUERS, LQ_ROLE(CLERK), dispatch_sign_handover},
    {DISPATCH__COMMAND__BODY_REFUSE_HANDOVER, ISSUERS, LQ_ROLE(CLERK), dispatch_refuse_handover},
    {DISPATCH__COMMAND__BODY_MARK_SEEN, LEADS | LQ_ROLE(OFFICER), 0, dispatch_mark_seen},
    {DISPATCH__COMMAND__BODY_TAKE_STEP, LQ_ANYONE, FOR_LEADS, lq_take_step},
    {DISPATCH__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {DISPATCH__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, FOR_LEADS, lq_take_clock},
    {DISPATCH__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {DISPATCH__COMMAND__BODY_ISSUE_PAPER, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_issue_paper},
    {DISPATCH__COMMAND__BODY_SERVE_PAPER, LQ_ANY_PERSON, LQ_ROLE(CLERK), lq_serve_paper},
    {DISPATCH__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, FOR_LEADS, lq_attach},
    {DISPATCH__COMMAND__BODY_CORRECT, ISSUERS | LEADS | FOR_LEADS, FOR_LEADS, lq_correct},
    {DISPATCH__COMMAND__BODY_VOID_RECORD, ISSUERS | LEADS | FOR_LEADS, FOR_LEADS, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {DISPATCH__EVENT__BODY_ORDER_ISSUED, dispatch_order_issued},
    {DISPATCH__EVENT__BODY_STEP_REPORTED, dispatch_step_reported},
    {DISPATCH__EVENT__BODY_ORDER_DECLINED, dispatch_order_declined},
    {DISPATCH__EVENT__BODY_ORDER_CANCELLED, dispatch_order_cancelled},
    {DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED, dispatch_participant_recorded},
    {DISPATCH__EVENT__BODY_TEAM_ADDED, dispatch_team_added},
    {DISPATCH__EVENT__BODY_TEAM_WITHDRAWN, dispatch_team_withdrawn},
    {DISPATCH__EVENT__BODY_ORDER_REOPENED, dispatch_order_reopened},
    {DISPATCH__EVENT__BODY_CALL_OPENED, dispatch_call_opened},
    {DISPATCH__EVENT__BODY_ORDER_AMENDED, dispatch_order_amended},
    {DISPATCH__EVENT__BODY_CREW_RECORDED, dispatch_crew_recorded},
    {DISPATCH__EVENT__BODY_HANDOVER_OPENED, dispatch_handover_opened},
    {DISPATCH__EVENT__BODY_HANDOVER_FROZEN, dispatch_handover_frozen},
    {DISPATCH__EVENT__BODY_HANDOVER_SIGNED, dispatch_handover_signed},
    {DISPATCH__EVENT__BODY_HANDOVER_REFUSED, dispatch_handover_refused},
    {DISPATCH__EVENT__BODY_ORDER_SEEN, dispatch_order_seen},
    {DISPATCH__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {DISPATCH__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {DISPATCH__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {DISPATCH__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {DISPATCH__EVENT__BODY_PAPER_ISSUED, lq_paper_issued},
    {DISPATCH__EVENT__BODY_PAPER_SERVED, lq_paper_served},
    {DISPATCH__EVENT__BODY_ATTACHED, lq_attached},
    {DISPATCH__EVENT__BODY_CORRECTED, lq_corrected},
    {DISPATCH__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_query_row queries[] = {
    {DISPATCH__QUERY__BODY_LIST, LQ_ANYONE, dispatch_list_orders},
    {DISPATCH__QUERY__BODY_SHOW, LQ_ANYONE, dispatch_show_order},
    {DISPATCH__QUERY__BODY_CALLS, LQ_ANYONE, dispatch_list_calls},
    {DISPATCH__QUERY__BODY_HANDOVER, LQ_ANYONE, dispatch_show_handover},
    {DISPATCH__QUERY__BODY_HANDOVERS, LQ_ANYONE, .lists = &dispatch_table_handovers},
    {DISPATCH__QUERY__BODY_INTERVALS, LQ_ANYONE, dispatch_tell_intervals},
    {DISPATCH__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {DISPATCH__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {DISPATCH__QUERY__BODY_DRAFT_PAPER, LQ_ANYONE, lq_draft_paper},
    {DISPATCH__QUERY__BODY_PAPER, LQ_ANYONE, lq_show_paper},
    {DISPATCH__QUERY__BODY_PAPERS, LQ_ANYONE, lq_list_papers},
    {DISPATCH__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "order",
     .table = &dispatch_table_orders,
     .fields = "issued_at_ms kind priority vehicles machines instructions",
     .who = ISSUERS,
     .behalf = LQ_ROLE(CLERK),
     .check = dispatch_check_order_correction,
     .check_void = dispatch_check_order_void,
     .changed = dispatch_order_changed,
     .counted = "issued_at_ms"},
    {.kind = "assignment",
     .table = &dispatch_table_assignments,
     .parts = 2, // order, team
     .fields = "acknowledged_at_ms departed_at_ms on_scene_at_ms finished_at_ms declined_at_ms "
               "decline_reason",
     .who = LEADS | FOR_LEADS,
     .behalf = FOR_LEADS,
     .check = dispatch_check_assignment_correction,
     .never_void = true},
    {.kind = "participant",
     .table = &dispatch_table_participants,
     .parts = 2, // order, badge
     .fields = "",
     .who = LEADS | FOR_LEADS,
     .behalf = LQ_ROLE(CLERK),
     .check_void = dispatch_check_participant_void,
     .changed = dispatch_participant_changed,
     .counted_at = dispatch_participant_counted},
    {.kind = "call",
     .table = &dispatch_table_calls,
     .fields = "",
     .never_void = true,
     .steps = &dispatch_call_steps,
     .since = "at_ms",
     .stepped = dispatch_call_stepped},
    {.kind = "handover",
     .table = &dispatch_table_handovers,
     .fields = "",
     .never_void = true,
     .steps = &dispatch_handover_steps,
     .since = "signed_at_ms frozen_at_ms",
     .paper_type = &dispatch__handover_sheet__descriptor,
     .paper_source = dispatch_handover_sheet},
    LQ_PAPER_THING(ISSUERS, LQ_ROLE(CLERK)),
    {0},
};

static const struct lq_table *const tables[] = {
    &dispatch_table_orders,
    &dispatch_table_addressed,
    &dispatch_table_assignments,
    &dispatch_table_open,
    &dispatch_table_engaged,
    &dispatch_table_participants,
    &dispatch_table_crews,
    &dispatch_table_chief,
    &dispatch_table_handovers,
    &dispatch_table_calls,
    NULL,
};

static const struct lq_replica *const replicas[] = {
    &shift_roster,
    &shift_rota,
    &shift_duty,
    &ledger_premises,
    &dispatch_work_of_seizure,
    &dispatch_work_of_casefile,
    &lq_bulletins,
    NULL,
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {0},
};

static const struct lq_steps *const steps[] = {
    &dispatch_order_steps,
    &dispatch_team_steps,
    &dispatch_call_steps,
    &dispatch_handover_steps,
    NULL,
};

static const struct lq_part parts[] = {
    {&dispatch_table_assignments, &dispatch_table_orders, NULL},
    {&dispatch_table_participants, &dispatch_table_orders, NULL},
    {&dispatch_table_crews, &dispatch_table_orders, NULL},
    {0},
};

static const struct lq_at_premises at_premises[] = {
    {&dispatch_table_orders, "target"},
    {&dispatch_table_calls, "premises"},
    {0},
};

static const struct lq_paper_name paper_names[] = {
    {"person", lq_roster_name},
    {"premises", lq_premises_name},
    {0},
};

const struct lq_service lq_service_dispatch = {
    LQ_SERVICE(dispatch),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .follows = dispatch_follows,
    .take_back = dispatch_hear_parted,
    .steps = steps,
    .things = things,
    .parts = parts,
    .at_premises = at_premises,
    .roles_of = lq_roster_roles_at,
    .clock_people = dispatch_clock_people,
    .paper_names = paper_names,
    .check = dispatch_check,
    .tables_version = 3,
};
