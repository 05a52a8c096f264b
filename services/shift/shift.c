// The contract of the service: its messages, who may send them, its tables and its functions.
// Nobody registers or plans on behalf of somebody else: those who keep the roster do it as their
// own act, and so the service needs no roles_of.
#include "shift.h"

enum {
    ROSTER_KEEPERS = LQ_ROLE(ADMIN) | LQ_ROLE(CLERK),
    PLANNERS = ROSTER_KEEPERS | LQ_ROLE(COMMANDER) | LQ_ROLE(DESK),
};

static const struct lq_command_row commands[] = {
    {SHIFT__COMMAND__BODY_REGISTER_PERSON, ROSTER_KEEPERS, 0, shift_register_person},
    {SHIFT__COMMAND__BODY_AMEND_PERSON, ROSTER_KEEPERS, 0, shift_amend_person},
    {SHIFT__COMMAND__BODY_LEAVE_PERSON, ROSTER_KEEPERS, 0, shift_leave_person},
    {SHIFT__COMMAND__BODY_PLAN_SHIFT, PLANNERS, 0, shift_plan_shift},
    {SHIFT__COMMAND__BODY_VOID_RECORD, ROSTER_KEEPERS, 0, lq_void},
    {SHIFT__COMMAND__BODY_CORRECT, ROSTER_KEEPERS, 0, lq_correct},
    {0},
};

static const struct lq_event_row events[] = {
    {SHIFT__EVENT__BODY_PERSON_REGISTERED, shift_person_registered},
    {SHIFT__EVENT__BODY_PERSON_AMENDED, shift_person_amended},
    {SHIFT__EVENT__BODY_PERSON_LEFT, shift_person_left},
    {SHIFT__EVENT__BODY_SHIFT_PLANNED, shift_shift_planned},
    {SHIFT__EVENT__BODY_VOIDED, lq_voided_thing},
    {SHIFT__EVENT__BODY_CORRECTED, lq_corrected},
    {0},
};

static const struct lq_query_row queries[] = {
    {SHIFT__QUERY__BODY_ON_DUTY, LQ_ANYONE, shift_on_duty},
    {SHIFT__QUERY__BODY_ROTA, LQ_ANYONE, shift_list_rota},
    {SHIFT__QUERY__BODY_PEOPLE, LQ_ANYONE, shift_list_people},
    {SHIFT__QUERY__BODY_HISTORY, LQ_ANYONE, shift_show_history},
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
    {0},
};

static const struct lq_table *const tables[] = {
    &lq_roster_people, &lq_roster_dated, &lq_roster_teams, &shift_table_rota, NULL,
};

static const struct lq_part parts[] = {
    {&lq_roster_dated, &lq_roster_people, NULL},
    {0},
};

const struct lq_service lq_service_shift = {
    LQ_SERVICE(shift), .tables = tables, .things = things, .parts = parts, .check = shift_check,
};
