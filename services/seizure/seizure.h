// seizure: what was taken out of use, on what ground, until when. What the parts of the service
// share; only this folder includes it. The tour: seizure.c (the contract), and a file for each
// thing with its rules, tables, invariants and answers: items.c, proposals.c, sealing.c, seals.c,
// steps.c (what else becomes of them), custody.c (who has them), held.c (what is under seal where),
// filings.c (police cases), closures.c, power.c, basis.c (on what these rest), correcting.c.
#pragma once

#include "dispatch/replica/orders.h"
#include "ledger/replica/premises.h"
#include "pb/limits.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "seizure.pb-c.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "service/trail.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"

extern const struct lq_table seizure_table_items;      // number -> Item
extern const struct lq_table seizure_table_seals;      // seal number, once used -> SealUse
extern const struct lq_table seizure_table_closures;   // site -> Closure
extern const struct lq_table seizure_table_power_cuts; // number -> PowerCut
extern const struct lq_table seizure_table_held;       // target, item -> HeldAt: sealed, in force
extern const struct lq_table seizure_table_cases;      // police case -> CaseNote

// The things whose terms they are, and the term of a seal: Administrative Compulsion Law art. 25.
#define SEIZURE_ITEM "item"
#define SEIZURE_TERM "SZ6"

// ---------------------------------------------------------------- rules

// The order that something is done on: known, not cancelled, to that target, issued before. *order
// is set where the verdict is to accept.
struct lq_verdict seizure_need_order(struct lq_decision *d, const char *number, const char *target,
                                     const Dispatch__OrderNote **order);

// What happened on that order, which is known, was not before it was issued.
struct lq_verdict seizure_need_after_order(struct lq_decision *d, const char *order, int64_t at_ms);

// A term of so many days from then (0: all that it allows) is one of the law's.
struct lq_verdict seizure_need_term(struct lq_decision *d, const char *number, int64_t start_ms,
                                    int32_t days);

// Seals it: the item, which is complete but for its term, is emitted with its terms.
struct lq_verdict seizure_seal_item(struct lq_decision *d, const Seizure__TakeItem *c,
                                    Seizure__ItemTaken *item);

// Custody: does the giver have it, and is the taker of the roster, or named in words?
struct lq_verdict seizure_need_chain(struct lq_decision *d, struct lq_taking *taking);

// Two different people of the roster of that time.
struct lq_verdict seizure_need_two_officers(struct lq_decision *d, const char *number,
                                            const char *officer_1, const char *officer_2,
                                            int64_t at_ms);

// Which of the item's two officers have no enforcement certificate on the roster of then, in
// `told`.
void seizure_tell_uncertified(struct lq_reading *r, const Seizure__Item *item, Seizure__Item *told);

// Where the target of an order lies, as the ledger says, or else the order. Borrowed.
const char *seizure_township(struct lq_view *view, const Dispatch__OrderNote *order);

// The term of a sealed item; NULL: it was dismantled.
const Rules__Clock *seizure_term(struct lq_view *view, const char *item);

// From journals of before terms were rows (before_clocks.c).
void seizure_keep_old_term(struct lq_view *tables, const Seizure__ItemTaken *item);
void seizure_extend_old_term(struct lq_view *tables, const struct lq_occurrence *what,
                             const Seizure__SealExtended *extended);
void seizure_end_old_term(struct lq_view *tables, const struct lq_occurrence *what,
                          const char *item);

extern const struct lq_steps seizure_item_steps;

// Proposed to be sealed, approved, or dropped: nothing was sealed yet.
bool seizure_is_proposal(const Seizure__Item *item);

// A numbered seal is used once.
struct lq_verdict seizure_need_unused_seal(struct lq_decision *d, const char *seal);

// The same thing is not under seal already, under another number: known by its serial number, else
// by what it is and where.
struct lq_verdict seizure_need_not_held(struct lq_decision *d, const Seizure__TakeItem *c);

// In `apply`: whether it is held under seal.
void seizure_keep_held(struct lq_view *tables, const char *target, const char *item, bool held);
const Seizure__Item *seizure_held_next(struct lq_scan *s); // NULL: there is no other
bool seizure_is_held(struct lq_view *view, const Seizure__Item *item);

// ---------------------------------------------------------------- what is no seizure

// On what it rests that something was dismantled or closed, or its power cut.
struct seizure_basis {
    const char *legal_basis, *ordering_authority;
    Seizure__Mode mode;
    int32_t demand_day, remedy_until_day;
    bool urgent;
    int64_t at_ms;
};

// Of a command, an event or a row: their members have the same names.
#define SEIZURE_BASIS(_of, _at_ms)                                                                 \
    {                                                                                              \
        .legal_basis = (_of)->legal_basis, .ordering_authority = (_of)->ordering_authority,        \
        .mode = (_of)->mode, .demand_day = (_of)->demand_day,                                      \
        .remedy_until_day = (_of)->remedy_until_day, .urgent = (_of)->urgent, .at_ms = (_at_ms)    \
    }
#define SEIZURE_COPY_BASIS(_to, _of)                                                               \
    ((_to)->legal_basis = (_of)->legal_basis,                                                      \
     (_to)->ordering_authority = (_of)->ordering_authority, (_to)->mode = (_of)->mode,             \
     (_to)->demand_day = (_of)->demand_day, (_to)->remedy_until_day = (_of)->remedy_until_day,     \
     (_to)->urgent = (_of)->urgent)
#define SEIZURE_BASIS_FIELDS                                                                       \
    "legal_basis ordering_authority mode demand_day remedy_until_day urgent"

// What should be looked at: how many, in the arena.
size_t seizure_warn(struct lq_arena *arena, const struct lq_law *law,
                    const struct seizure_basis *basis, Seizure__Warning **warnings);

// It can have been so, whatever is missing. What is sealed has no such basis. `number`: of what was
// done.
struct lq_verdict seizure_need_basis_fits(struct lq_decision *d, const char *number,
                                          Seizure__Action action,
                                          const struct seizure_basis *basis);

extern const struct lq_steps seizure_power_steps;

// ---------------------------------------------------------------- invariants

void seizure_check_items(struct lq_view *view);
void seizure_check_seal(struct lq_view *view, const Seizure__Item *item); // of a sealed item
void seizure_check_seals(struct lq_view *view);

// ---------------------------------------------------------------- handlers

extern const struct lq_replica seizure_cases;
extern const struct lq_follow_row seizure_follows[];
lq_take_back_fn seizure_hear_parted;

lq_decide_fn seizure_propose_item, seizure_note_filing, seizure_forget_filing;
lq_apply_fn seizure_item_proposed, seizure_filing_noted, seizure_filing_forgotten;
lq_stepped_fn seizure_item_stepped;

lq_decide_fn seizure_take_item, seizure_extend_seal, seizure_release_seal, seizure_close_site,
    seizure_cut_power;
lq_apply_fn seizure_item_sealed, seizure_seal_extended, seizure_seal_released, seizure_seal_lapsed,
    seizure_site_closed;
lq_correct_check_fn seizure_check_item_correction, seizure_check_closure_correction,
    seizure_check_power_correction;
lq_changed_fn seizure_item_changed;
lq_clock_people_fn seizure_clock_people;
lq_query_fn seizure_list_items, seizure_show_item, seizure_list_closures, seizure_list_power_cuts;
