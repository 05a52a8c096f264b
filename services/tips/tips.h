// tips: leads from the public, rewards, and the village volunteers. What the parts of the service
// share; only this folder includes it. The tour: tips.c (the contract, and who may see what),
// leads.c and volunteers.c (the rules, and what always holds).
#pragma once

#include "ledger/replica/premises.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/reading.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/service.h"
#include "tips.pb-c.h"

extern const struct lq_table tips_tips;       // number -> Tip
extern const struct lq_table tips_volunteers; // number -> Volunteer

lq_decide_fn tips_record_tip, tips_verify_tip, tips_register_volunteer;
lq_correct_check_fn tips_check_tip, tips_check_volunteer;
lq_apply_fn tips_tip_verified;
void tips_check(struct lq_view *view);
