// tips: leads from the public, rewards, and the village volunteers. The parts of the service and
// how they meet; only this folder includes it. The tour: tips.c (the contract, and who may see
// what), decide.c (the rules), state.c (the tables), query.c (the answers).
#pragma once

#include "ledger/follow/premises.h"
#include "pb/limits.h"
#include "service/rows.h"
#include "service/service.h"
#include "tips.pb-c.h"

extern const struct lq_table tips_table_tips;       // number -> Tip
extern const struct lq_table tips_table_volunteers; // number -> Volunteer

struct lq_verdict tips_decide(struct lq_decision *d, const Tips__Command *command);
void tips_apply(struct lq_view *tables, const struct lq_occurrence *what, const Tips__Event *event);
void tips_query(struct lq_reading *r, const Tips__Query *query, Tips__Answer *answer);
void tips_check(struct lq_view *view);
