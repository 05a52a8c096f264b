// tips: leads from the public, rewards, and the village volunteers. What the parts of the service
// share; only this folder includes it. The tour: tips.c (the contract, and who may see what),
// leads.c and volunteers.c (the rules, and what always holds), steps.c (what becomes of a tip, and
// its terms).
#pragma once

#include "ledger/replica/premises.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/attach.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/correct.h"
#include "rules/reading.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/service.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"
#include "tips.pb-c.h"

extern const struct lq_table tips_tips;       // number -> Tip
extern const struct lq_table tips_volunteers; // number -> Volunteer

lq_decide_fn tips_record_tip, tips_verify_tip, tips_register_volunteer;
lq_correct_check_fn tips_check_tip, tips_check_volunteer;
lq_apply_fn tips_tip_verified;
void tips_check(struct lq_view *view);

enum {
    TIPS_READERS = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON) | LQ_ROLE(CLERK) |
                   LQ_ROLE(INSPECTOR) | LQ_ROLE(HEAD) | LQ_ROLE(SERVICE),
};

// steps.c: the first term, and the state that goes with it; what a correction of the receipt does.
extern const struct lq_steps tips_tip_steps;
Tips__TipState tips_begin(struct lq_decision *d, const char *number);
void tips_restate(struct lq_decision *d, const Tips__Tip *was, const Tips__Tip *now);
void tips_check_terms(struct lq_view *view, const Tips__Tip *tip);
lq_stepped_fn tips_tip_stepped;
lq_clock_people_fn tips_clock_people;
lq_query_fn tips_ask_clocks;
