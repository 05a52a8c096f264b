// casefile: what became of it in law: correction notices, police cases, suspects. What the parts of
// the service share; only this folder includes it. The tour: casefile.c (the contract), and a file
// for each thing with its rules, tables, invariants and answers: notices.c, cases.c, suspects.c;
// terms.c has the terms of police and procuratorate, correcting.c what of all this can be
// corrected.
#pragma once

#include "casefile.pb-c.h"
#include "dispatch/replica/orders.h"
#include "ledger/replica/premises.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/clocks.h"
#include "rules/correct.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"

extern const struct lq_table casefile_table_notices;          // number -> Notice
extern const struct lq_table casefile_table_premises_notices; // premises, notice -> Mark
extern const struct lq_table casefile_table_cases;            // number -> Case
extern const struct lq_table casefile_table_suspects;         // number -> Suspect
extern const struct lq_table casefile_table_case_suspects;    // case, suspect -> Mark

// The most steps that a suspect's history holds, its first (identified) included.
enum { CASEFILE_STEPS_PER_SUSPECT = 32 };

extern const struct lq_steps casefile_case_steps;
extern const struct lq_steps casefile_suspect_steps;

// ---------------------------------------------------------------- cases.c

// The case of that number; *found is set where the verdict is to accept.
struct lq_verdict casefile_need_case(struct lq_decision *d, const char *number,
                                     const Casefile__Case **found);

// The order that a case opened then rests on: known, to that target, and issued before. *order is
// set where the verdict is to accept.
struct lq_verdict casefile_need_order(struct lq_decision *d, const char *number, const char *on,
                                      const char *target, int64_t opened_at_ms,
                                      const Dispatch__OrderNote **order);

// Rejects what is dated before the case was opened or, if it is filed, before it was filed.
struct lq_verdict casefile_need_after_filing(struct lq_decision *d, const Casefile__Case *c);

bool casefile_is_filed(const Casefile__Case *c); // solved cases are filed too

// ---------------------------------------------------------------- suspects.c

// The suspects of a case, for its answer.
void casefile_fill_suspects(struct lq_reading *r, Casefile__CaseFile *file);

// ---------------------------------------------------------------- terms.c

void casefile_start_case_term(struct lq_decision *d, const char *number);
void casefile_stop_case_term(struct lq_decision *d, const char *number);
void casefile_restate_case_term(struct lq_decision *d, const Casefile__Case *was,
                                const Casefile__Case *now);

// What the step starts and ends.
void casefile_step_terms(struct lq_decision *d, const char *suspect, Casefile__SuspectStep step);

// What the step at that place of the history (from 0) started and ended was at another instant; 0:
// it was not.
void casefile_restate_step_terms(struct lq_decision *d, const Casefile__Suspect *suspect,
                                 size_t place, int64_t at_ms);

// ---------------------------------------------------------------- invariants

void casefile_check_notices(struct lq_view *view);
void casefile_check_cases(struct lq_view *view);
void casefile_check_suspects(struct lq_view *view);
void casefile_check_terms(struct lq_view *view);

// ---------------------------------------------------------------- index rows

static inline struct lq_key casefile_pair(const char *of, const char *number)
{
    return lq_key_then_text(lq_key_text(of), number);
}

// Its key says it all.
static inline void casefile_mark(struct lq_view *tables, const struct lq_table *index,
                                 const char *of, const char *number)
{
    const Casefile__Mark row = CASEFILE__MARK__INIT;
    lq_save(tables, index, casefile_pair(of, number), &row.base);
}

// ---------------------------------------------------------------- handlers

lq_decide_fn casefile_issue_notice, casefile_open_case, casefile_file_case, casefile_solve_case,
    casefile_identify_suspect, casefile_record_suspect_step;
lq_apply_fn casefile_notice_issued, casefile_case_filed, casefile_case_solved,
    casefile_suspect_identified, casefile_suspect_step_recorded;
lq_correct_check_fn casefile_check_notice_correction, casefile_check_case_correction,
    casefile_check_step_correction;
lq_void_check_fn casefile_check_case_void, casefile_check_step_void;
lq_changed_fn casefile_notice_changed, casefile_suspect_changed, casefile_step_changed;
const void *casefile_find_step(struct lq_view *view, const struct lq_thing *thing,
                               const char *number);
lq_clock_people_fn casefile_clock_people;
lq_query_fn casefile_list_cases, casefile_show_case, casefile_list_notices;
