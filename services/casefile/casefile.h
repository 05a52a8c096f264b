// casefile: what became of it in law: correction notices, penalty cases, transfers for detention,
// police cases, suspects. What the parts of the service share; only this folder includes it. The
// tour: casefile.c (the contract), and a file for each thing with its rules, tables, invariants and
// answers: notices.c, penalties.c, detentions.c, cases.c, suspects.c. What is done with each, by
// rules.TakeStep, is a table of steps: notice_steps.c, penalty_steps.c, remedies.c, detentions.c,
// case_steps.c, measures.c (of suspects). terms.c has the terms of what is typed by commands of its
// own, and whom a mark names; correcting.c what of all this can be corrected.
#pragma once

#include "casefile.pb-c.h"
#include "dispatch/replica/orders.h"
#include "ledger/replica/premises.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/reading.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"

extern const struct lq_table casefile_table_notices;            // number -> Notice
extern const struct lq_table casefile_table_premises_notices;   // premises, notice -> Mark
extern const struct lq_table casefile_table_cases;              // number -> Case
extern const struct lq_table casefile_table_suspects;           // number -> Suspect
extern const struct lq_table casefile_table_case_suspects;      // case, suspect -> Mark
extern const struct lq_table casefile_table_penalties;          // number -> Penalty
extern const struct lq_table casefile_table_premises_penalties; // premises, penalty -> Mark
extern const struct lq_table casefile_table_detentions;         // number -> Detention
extern const struct lq_table casefile_table_penalty_detentions; // penalty, detention -> Mark

// The most steps that a suspect's history holds, its first (identified) included.
enum { CASEFILE_STEPS_PER_SUSPECT = 32 };

// A suspect's by a command of their own, as ledgers of the police tell of them; and by verbs.
extern const struct lq_steps casefile_case_steps, casefile_suspect_steps;
extern const struct lq_steps casefile_notice_verbs, casefile_penalty_verbs,
    casefile_detention_verbs, casefile_suspect_verbs;

// Who issues notices, and rechecks what came of them.
enum {
    CASEFILE_ISSUERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON),
    CASEFILE_HANDLERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER), // of penalty cases and transfers
};

// The row of a step by a verb. A clerk may take any of them for somebody who may.
#define CASEFILE_STEP(states, from, to, verb, who, ...)                                            \
    LQ_STEP(states##from, to, verb, who, LQ_ROLE(CLERK), __VA_ARGS__)

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

struct lq_verdict casefile_need_new_case(struct lq_decision *d, const char *number);

// From when on there is the case.
int64_t casefile_case_since_ms(const Casefile__Case *c);

// ---------------------------------------------------------------- penalties.c

// The latest penalty of the premises that was decided by then, and was a fine if `fined`; NULL:
// there is none.
const Casefile__Penalty *casefile_penalty_of(struct lq_view *view, const char *premises,
                                             int64_t by_ms, bool fined);

// Was its penalty decided by then, and not revoked by then?
bool casefile_was_penalised(const Casefile__Penalty *penalty, int64_t at_ms);

// Does somebody of that badge investigate the case? Then he neither reviews it nor hears the party.
bool casefile_investigates(const Casefile__Penalty *penalty, const char *badge);

// ---------------------------------------------------------------- notice_steps.c

// A copy for an answer, with the days of a daily fine; in the arena.
Casefile__Notice *casefile_tell_notice(struct lq_reading *r, const Casefile__Notice *notice);
bool casefile_is_answered(const Casefile__Notice *notice);

// ---------------------------------------------------------------- suspects.c

bool casefile_suspect_has_room(const Casefile__Suspect *suspect); // for one more step

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

// ---------------------------------------------------------------- penalty_steps.c

// The term of the penalty case that runs; NULL: none.
const Rules__Clock *casefile_penalty_term(struct lq_decision *d, const char *number,
                                          const char *rule);

// Rejects as CONDITION_MISSING if that term runs, and its end is not known for want of a calendar:
// what waits for it waits.
struct lq_verdict casefile_need_counted(struct lq_decision *d, const char *number,
                                        const char *rule);

// When its decision was served, which it was.
int64_t casefile_served_ms(struct lq_view *view, const char *number);

// AD12b from that end on, if it is known; whose it is says the step's owner.
void casefile_start_court_term(struct lq_decision *d, const struct lq_taking *taking,
                               struct lq_term_end end);

// Rules of steps. Measures for Environmental Administrative Penalties art. 45 and 47.
struct lq_verdict casefile_check_not_investigator(struct lq_decision *d, struct lq_taking *taking);

// ---------------------------------------------------------------- hearings.c

// Rules of steps: told of in time; held, and not before its day; not held.
struct lq_verdict casefile_check_hearing_notice(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_hearing(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_no_hearing(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_hearing_refused(struct lq_decision *d, struct lq_taking *taking);

// ---------------------------------------------------------------- remedies.c

// The reconsideration or suit that is not over; NULL: none.
const Casefile__Remedy *casefile_pending_remedy(const Casefile__Penalty *penalty);

// Of a row of penalties, as steps ask (service/steps.h).
bool casefile_can_reconsider(const void *row), casefile_can_sue(const void *row),
    casefile_is_contested(const void *row), casefile_is_unadmitted(const void *row),
    casefile_can_stay(const void *row), casefile_is_stayed(const void *row);

// Until when the party can bring suit that was served then, by what it has done so far; due_ms 0:
// that cannot be counted.
struct lq_term_end casefile_suit_end(const struct lq_law *law, const Casefile__Penalty *penalty,
                                     int64_t served_ms);

// Fills in until when the party may contest it, of a copy for an answer.
void casefile_tell_remedies(struct lq_reading *r, Casefile__Penalty *told);

// Reject as CONDITION_MISSING while it is contested, while its execution is stayed.
struct lq_verdict casefile_need_uncontested(struct lq_decision *d, const struct lq_taking *taking);
struct lq_verdict casefile_need_unstayed(struct lq_decision *d, const struct lq_taking *taking);

// Rules of steps.
struct lq_verdict casefile_check_remedy_asked(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_admitted(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_remedy_over(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_revoked(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_stay(struct lq_decision *d, struct lq_taking *taking);
struct lq_verdict casefile_check_stay_lifted(struct lq_decision *d, struct lq_taking *taking);

// In `apply`: what the step changes of them, if it is one of theirs.
void casefile_remedy_stepped(struct lq_arena *arena, const Rules__Step *step,
                             Casefile__Penalty *penalty);
void casefile_check_remedies(const Casefile__Penalty *penalty);

// ---------------------------------------------------------------- invariants

void casefile_check_notices(struct lq_view *view);
void casefile_check_penalties(struct lq_view *view);
void casefile_check_detentions(struct lq_view *view);
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
    casefile_identify_suspect, casefile_record_suspect_step, casefile_report_case,
    casefile_open_penalty, casefile_spot_penalty, casefile_record_penalty,
    casefile_decide_detention;
lq_apply_fn casefile_penalty_opened, casefile_detention_decided;
lq_stepped_fn casefile_notice_stepped, casefile_penalty_stepped, casefile_case_stepped;
lq_apply_fn casefile_notice_issued, casefile_case_filed, casefile_case_solved,
    casefile_suspect_identified, casefile_suspect_step_recorded;
lq_correct_check_fn casefile_check_notice_correction, casefile_check_case_correction,
    casefile_check_step_correction, casefile_check_penalty_correction;
lq_void_check_fn casefile_check_penalty_void, casefile_check_case_void, casefile_check_step_void;
lq_changed_fn casefile_penalty_changed, casefile_detention_changed;
lq_changed_fn casefile_notice_changed, casefile_suspect_changed, casefile_step_changed;
lq_counted_fn casefile_suspect_counted;
const void *casefile_find_step(struct lq_view *view, const struct lq_thing *thing,
                               const char *number);
lq_clock_people_fn casefile_clock_people;
lq_query_fn casefile_list_cases, casefile_show_case, casefile_list_notices, casefile_show_notice,
    casefile_list_penalties, casefile_show_penalty, casefile_show_detention;
