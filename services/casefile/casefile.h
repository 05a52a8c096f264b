// casefile: what became of it in law: correction notices, police cases, suspects. The parts of the
// service and how they meet; only this folder includes it. The tour: casefile.c (the contract),
// transitions.c (which step of a suspect may follow which), decide.c (which rule is whose, and the
// checks that several share), decide_notices.c, decide_cases.c and decide_suspects.c (the rules),
// state.c (the tables), check.c (the invariants), query.c (the answers).
#pragma once

#include "casefile.pb-c.h"
#include "dispatch/replica/orders.h"
#include "ledger/replica/premises.h"
#include "pb/limits.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"

extern const struct lq_table casefile_table_notices;          // number -> Notice
extern const struct lq_table casefile_table_premises_notices; // premises, notice -> Mark
extern const struct lq_table casefile_table_cases;            // number -> Case
extern const struct lq_table casefile_table_suspects;         // number -> Suspect
extern const struct lq_table casefile_table_case_suspects;    // case, suspect -> Mark

// The most steps that a suspect's history holds, its first (identified) included.
enum { CASEFILE_STEPS_PER_SUSPECT = 32 };

extern const struct lq_steps casefile_suspect_steps;

// ---------------------------------------------------------------- decide

// Rejects a text that is missing or too long to be a key; `what` names it for people.
struct lq_verdict casefile_need(struct lq_decision *d, const char *what, const char *text);

// The case of that number; *found is set where the verdict is to accept.
struct lq_verdict casefile_need_case(struct lq_decision *d, const char *number,
                                     const Casefile__Case **found);

// Rejects what is dated before the case was opened or, if it is filed, before it was filed.
struct lq_verdict casefile_need_after_filing(struct lq_decision *d, const Casefile__Case *c);

bool casefile_is_filed(const Casefile__Case *c); // solved cases are filed too

// ---------------------------------------------------------------- the rest

void casefile_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn casefile_issue_notice, casefile_open_case, casefile_file_case, casefile_solve_case,
    casefile_identify_suspect, casefile_record_suspect_step;
lq_apply_fn casefile_notice_issued, casefile_case_opened, casefile_case_filed, casefile_case_solved,
    casefile_suspect_identified, casefile_suspect_step_recorded;
lq_query_fn casefile_list_cases, casefile_show_case, casefile_list_notices;
