// The contract of the service: its messages, who may send them, its tables and its functions.
// Nobody registers or plans on behalf of somebody else: those who keep the roster do it as their
// own act.
#include "shift.h"

enum {
    ROSTER_KEEPERS = LQ_ROLE(ADMIN) | LQ_ROLE(CLERK),
    PLANNERS = ROSTER_KEEPERS | LQ_ROLE(COMMANDER) | LQ_ROLE(DESK),
    OFFICE = LQ_ROLE(DESK) | LQ_ROLE(CLERK), // enter what others ask for by telephone
};

static const struct lq_command_row commands[] = {
    {SHIFT__COMMAND__BODY_REGISTER_PERSON, ROSTER_KEEPERS, 0, shift_register_person},
    {SHIFT__COMMAND__BODY_AMEND_PERSON, ROSTER_KEEPERS, 0, shift_amend_person},
    {SHIFT__COMMAND__BODY_LEAVE_PERSON, ROSTER_KEEPERS, 0, shift_leave_person},
    {SHIFT__COMMAND__BODY_PLAN_SHIFT, PLANNERS, 0, shift_plan_shift},
    {SHIFT__COMMAND__BODY_ASK_ABSENCE, LQ_ANY_PERSON, OFFICE, shift_ask_absence},
    {SHIFT__COMMAND__BODY_ASK_SWAP, LQ_ANY_PERSON, OFFICE, shift_ask_swap},
    {SHIFT__COMMAND__BODY_CHECK_COVER, LQ_ROLE(SERVICE), 0, shift_check_cover},
    {SHIFT__COMMAND__BODY_BEGIN_SHIFT, LQ_ROLE(SERVICE), 0, shift_begin_shift},
    {SHIFT__COMMAND__BODY_END_SHIFT, LQ_ROLE(SERVICE), 0, shift_end_shift},
    {SHIFT__COMMAND__BODY_CALL_ROLL, LQ_ROLE(LEAD) | LQ_ROLE(DESK) | LQ_ROLE(COMMANDER), OFFICE,
     shift_call_roll},
    {SHIFT__COMMAND__BODY_TAKE_STEP, LQ_ANY_PERSON, OFFICE, lq_take_step},
    {SHIFT__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {SHIFT__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, OFFICE, lq_take_clock},
    {SHIFT__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, shift_recount_clocks},
    {SHIFT__COMMAND__BODY_VOID_RECORD, ROSTER_KEEPERS, 0, lq_void},
    {SHIFT__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, OFFICE, lq_attach},
    {SHIFT__COMMAND__BODY_CORRECT, ROSTER_KEEPERS, 0, lq_correct},
    {0},
};

static const struct lq_event_row events[] = {
    {SHIFT__EVENT__BODY_PERSON_REGISTERED, shift_person_registered},
    {SHIFT__EVENT__BODY_PERSON_AMENDED, shift_person_amended},
    {SHIFT__EVENT__BODY_PERSON_LEFT, shift_person_left},
    {SHIFT__EVENT__BODY_SHIFT_PLANNED, shift_shift_planned},
    {SHIFT__EVENT__BODY_ABSENCE_ASKED, shift_absence_asked},
    {SHIFT__EVENT__BODY_SWAP_ASKED, shift_swap_asked},
    {SHIFT__EVENT__BODY_COVER_DOUBTED, shift_cover_doubted},
    {SHIFT__EVENT__BODY_COVER_CHECKED, shift_cover_checked},
    {SHIFT__EVENT__BODY_SHIFT_BEGUN, shift_shift_begun},
    {SHIFT__EVENT__BODY_SHIFT_ENDED, shift_shift_ended},
    {SHIFT__EVENT__BODY_ROLL_CALLED, .keeps = &shift_table_rolls},
    {SHIFT__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {SHIFT__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {SHIFT__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {SHIFT__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {SHIFT__EVENT__BODY_VOIDED, lq_voided_thing},
    {SHIFT__EVENT__BODY_ATTACHED, lq_attached},
    {SHIFT__EVENT__BODY_CORRECTED, lq_corrected},
    {0},
};

static const struct lq_query_row queries[] = {
    {SHIFT__QUERY__BODY_ON_DUTY, LQ_ANYONE, shift_on_duty},
    {SHIFT__QUERY__BODY_ROTA, LQ_ANYONE, shift_list_rota},
    {SHIFT__QUERY__BODY_PEOPLE, LQ_ANYONE, shift_list_people},
    {SHIFT__QUERY__BODY_HISTORY, LQ_ANYONE, shift_show_history},
    {SHIFT__QUERY__BODY_ABSENCES, LQ_ANYONE, .lists = &lq_absences},
    {SHIFT__QUERY__BODY_SWAPS, LQ_ANYONE, .lists = &lq_swaps},
    {SHIFT__QUERY__BODY_MINE, LQ_ANYONE, shift_show_mine},
    {SHIFT__QUERY__BODY_GAPS, LQ_ANYONE, shift_show_gaps},
    {SHIFT__QUERY__BODY_ROLLS, LQ_ANYONE, .lists = &shift_table_rolls},
    {SHIFT__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {SHIFT__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {SHIFT__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "person",
     .table = &lq_roster_people,
     .type = &shift__person__descriptor,
     .find = shift_find_person,
     .fields = "name unit phone",
     .who = ROSTER_KEEPERS,
     .check = shift_check_person_correction,
     .check_void = shift_check_person_void,
     .changed = shift_person_changed},
    {.kind = "shift",
     .table = &lq_shifts,
     .type = &shift__shift__descriptor,
     .find = shift_find_shift,
     .fields = "",
     .never_void = true,
     .changed = shift_shift_changed,
     .steps = &shift_shift_steps,
     .stepped = shift_shift_stepped},
    {.kind = "absence",
     .table = &lq_absences,
     .fields = "",
     .never_void = true,
     .steps = &shift_absence_steps,
     .since = "asked_at_ms"},
    {.kind = "swap",
     .table = &lq_swaps,
     .fields = "",
     .never_void = true,
     .steps = &shift_swap_steps,
     .since = "asked_at_ms",
     .stepped = shift_swap_stepped},
    {.kind = "roll",
     .table = &shift_table_rolls,
     .fields = "",
     .never_void = true,
     .steps = &shift_roll_steps,
     .since = "called_at_ms"},
    {0},
};

static const struct lq_table *const tables[] = {
    &lq_roster_people, &lq_roster_dated, &lq_roster_teams, &lq_shifts, &lq_rota,
    &lq_absences,      &lq_swaps,        &lq_duty_changes, NULL,
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {SHIFT_COVER_TIMER, shift_cover_due},
    {SHIFT_BEGIN_TIMER, shift_begin_due},
    {SHIFT_END_TIMER, shift_end_due},
    {0},
};

static const struct lq_steps *const steps[] = {
    &shift_shift_steps, &shift_absence_steps, &shift_swap_steps, &shift_roll_steps, NULL,
};

static const struct lq_part parts[] = {
    {&lq_roster_dated, &lq_roster_people, NULL},
    {0},
};

const struct lq_service lq_service_shift = {
    LQ_SERVICE(shift),
    .tables = tables,
    .timers = timers,
    .steps = steps,
    .things = things,
    .parts = parts,
    .roles_of = lq_roster_roles_at,
    .clock_people = shift_clock_people,
    .clock_kinds = shift_clock_kinds,
    .check = shift_check,
    .tables_version = 3,
};
