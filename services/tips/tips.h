// tips: leads from the public, rewards, and the village volunteers. The parts of the service and
// how they meet; only this folder includes it. The tour: tips.c (the contract, and who may see
// what), decide.c (the rules), state.c (the tables), query.c (the answers).
#pragma once

#include "ledger/replica/premises.h"
#include "pb/limits.h"
#include "service/rows.h"
#include "service/service.h"
#include "tips.pb-c.h"

extern const struct lq_table tips_table_tips;       // number -> Tip
extern const struct lq_table tips_table_volunteers; // number -> Volunteer

void tips_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn tips_record_tip, tips_register_volunteer;
lq_apply_fn tips_tip_recorded, tips_volunteer_registered;
lq_query_fn tips_list_tips, tips_list_volunteers;
