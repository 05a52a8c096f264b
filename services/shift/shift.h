// shift: the people of the force and the rota. What the parts of the service share; only this
// folder includes it. The tour: shift.c (the contract), people.c with correcting.c, and rota.c
// (each with its rules, tables, invariants and answers). What services that follow this one keep of
// it is in replica/.
#pragma once

#include "pb/pb.h"
#include "rules/correct.h"
#include "rules/trail.h"
#include "config/policy.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift.pb-c.h"
#include "shift/replica/roster.h" // the tables of people

#define SHIFT_LONGEST_MS LQ_DAY_MS // no group is on duty longer than this

extern const struct lq_table shift_table_rota; // start -> Shift; no two overlap

void shift_check(struct lq_view *view);
void shift_check_rota(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn shift_register_person, shift_amend_person, shift_leave_person, shift_plan_shift;
lq_apply_fn shift_person_registered, shift_person_amended, shift_person_left, shift_shift_planned;
lq_correct_check_fn shift_check_person_correction;
lq_void_check_fn shift_check_person_void;
lq_changed_fn shift_person_changed;
const void *shift_find_person(struct lq_view *view, const struct lq_thing *thing,
                              const char *number);
lq_query_fn shift_on_duty, shift_list_rota, shift_list_people, shift_show_history;
