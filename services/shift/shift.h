// shift: the people of the force and the rota. The parts of the service and how they meet; only
// this folder includes it. shift.c is the contract, decide.c the rules, state.c the tables, query.c
// the answers. follow/roster.h is for the services that follow this one.
#pragma once

#include "pb/pb.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift.pb-c.h"

#define SHIFT_LONGEST_MS LQ_DAY_MS // no group is on duty longer than this

extern const struct lq_table shift_table_people; // badge -> Person
extern const struct lq_table shift_table_teams;  // team, badge -> Person
extern const struct lq_table shift_table_rota;   // start -> Shift; no two overlap

void shift_check(struct lq_view *view);

// The shift that starts last of all that start before this instant, and the first of those that
// start at it or later; NULL if there is none.
const Shift__Shift *shift_before(struct lq_view *view, int64_t at_ms);
const Shift__Shift *shift_from(struct lq_view *view, int64_t at_ms);

// ---------------------------------------------------------------- handlers

lq_decide_fn shift_register_person, shift_amend_person, shift_plan_shift;
lq_apply_fn shift_person_registered, shift_person_amended, shift_shift_planned;
lq_query_fn shift_on_duty, shift_list_rota, shift_list_people;
