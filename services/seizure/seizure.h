// seizure: what was taken out of use, on what ground, until when. What the parts of the service
// share; only this folder includes it. The tour: seizure.c (the contract), and a file for each
// thing with its rules, tables, invariants and answers: items.c, seals.c, closures.c, correcting.c.
#pragma once

#include "dispatch/replica/orders.h"
#include "ledger/replica/premises.h"
#include "pb/limits.h"
#include "rules/clocks.h"
#include "rules/correct.h"
#include "rules/trail.h"
#include "seizure.pb-c.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "service/trail.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"

extern const struct lq_table seizure_table_items;    // number -> Item
extern const struct lq_table seizure_table_seals;    // seal number, once used -> SealUse
extern const struct lq_table seizure_table_closures; // site -> Closure

// The things whose terms they are, and the term of a seal: Administrative Compulsion Law art. 25.
#define SEIZURE_ITEM "item"
#define SEIZURE_TERM "SZ6"

// ---------------------------------------------------------------- rules

// The order that something is done on: known, not cancelled, to that target, issued before. *order
// is set where the verdict is to accept.
struct lq_verdict seizure_need_order(struct lq_decision *d, const char *number, const char *target,
                                     const Dispatch__OrderNote **order);

// Two different people of the roster of that time.
struct lq_verdict seizure_need_two_officers(struct lq_decision *d, const char *number,
                                            const char *officer_1, const char *officer_2,
                                            int64_t at_ms);

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

extern const struct lq_steps seizure_seal_steps;

// ---------------------------------------------------------------- invariants

void seizure_check_items(struct lq_view *view);
void seizure_check_seal(struct lq_view *view, const Seizure__Item *item); // of a sealed item
void seizure_check_seals(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn seizure_take_item, seizure_extend_seal, seizure_release_seal, seizure_close_site;
lq_apply_fn seizure_item_sealed, seizure_seal_extended, seizure_seal_released, seizure_seal_lapsed,
    seizure_site_closed;
lq_correct_check_fn seizure_check_item_correction, seizure_check_closure_correction;
lq_changed_fn seizure_item_changed;
lq_clock_people_fn seizure_clock_people;
lq_query_fn seizure_list_items, seizure_show_item;
