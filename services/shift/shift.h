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

struct lq_verdict shift_decide(struct lq_decision *d, const Shift__Command *command);
void shift_apply(struct lq_view *tables, const struct lq_occurrence *what,
                 const Shift__Event *event);
void shift_query(struct lq_reading *r, const Shift__Query *query, Shift__Answer *answer);
void shift_check(struct lq_view *view);

// The shift that starts last of all that start before this instant, and the first of those that
// start at it or later; NULL if there is none.
const Shift__Shift *shift_before(struct lq_view *view, int64_t at_ms);
const Shift__Shift *shift_from(struct lq_view *view, int64_t at_ms);
