// fund: what is put aside by line and year, and what of it is granted to whom. What the parts of
// the service share; only this folder includes it. The tour: fund.c (the contract), budgets.c
// (ceilings, and what is spent of them), grants.c (from the proposal to the payment), eligible.c
// (who gets what of which line).
#pragma once

#include "fund.pb-c.h"
#include "base/time.h"
#include "config/policy.h"
#include "ledger/replica/cameras.h"
#include "ledger/replica/premises.h"
#include "ledger/replica/steps.h"
#include "pb/pb.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"
#include "tips/replica/tips.h"

extern const struct lq_table fund_budgets; // number -> Budget
extern const struct lq_table fund_spent;   // number of a budget -> Spent
extern const struct lq_table fund_grants;  // number -> Grant
extern const struct lq_table fund_granted; // line, premises or tip -> GrantedTo

extern const struct lq_steps fund_grant_steps;

// ---------------------------------------------------------------- budgets.c

// NULL: nothing was put aside for the line in that year.
const Fund__Budget *fund_budget_of(struct lq_view *view, int32_t year, Fund__Line line);
int32_t fund_year_of(int64_t at_ms);

// Of what is left, `more` yuan are to be promised; `given_up` yuan were promised before, and are
// not any more.
struct lq_verdict fund_need_room(struct lq_decision *d, const Fund__Budget *budget, uint64_t more,
                                 uint64_t given_up);

// In `apply`: what was promised and paid of the line changes by so much.
void fund_spend(struct lq_view *tables, int32_t year, Fund__Line line, int64_t granted_yuan,
                int64_t paid_yuan);

lq_decide_fn fund_set_budget;
lq_correct_check_fn fund_check_budget_correction;
lq_void_check_fn fund_check_budget_void;
lq_query_fn fund_list_budgets;
void fund_check_budgets(struct lq_view *view);

// ---------------------------------------------------------------- eligible.c

// What the grant is for: premises or a tip, of which it can be given once; "": neither.
const char *fund_subject(const Fund__Grant *grant);

// Completes what the rule of the line says (the amount, whose it is), or says what lacks.
struct lq_verdict fund_need_eligible(struct lq_decision *d, Fund__Grant *grant);

// ---------------------------------------------------------------- grants.c

// Has it taken money out of the line?
static inline bool fund_counts(const Fund__Grant *grant)
{
    return grant->state != FUND__GRANT__STATE__REFUSED;
}

lq_decide_fn fund_propose_grant;
lq_apply_fn fund_grant_proposed;
lq_correct_check_fn fund_check_grant_correction;
lq_void_check_fn fund_check_grant_void;
lq_changed_fn fund_grant_changed;
lq_query_fn fund_list_grants, fund_show_grant;
void fund_check_grants(struct lq_view *view);
