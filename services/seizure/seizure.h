// seizure: what was taken out of use, on what ground, until when. The parts of the service and how
// they meet; only this folder includes it. The tour: seizure.c (the contract), decide.c (which rule
// is whose, and the checks that several share), decide_items.c, decide_seals.c and decide_sites.c
// (the rules), state.c (the tables), check.c (the invariants), follow.c (timers and other streams),
// query.c (the answers).
#pragma once

#include "dispatch/replica/orders.h"
#include "ledger/replica/premises.h"
#include "pb/limits.h"
#include "seizure.pb-c.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"

extern const struct lq_table seizure_table_items;    // number -> Item
extern const struct lq_table seizure_table_seals;    // seal number, once used -> SealUse
extern const struct lq_table seizure_table_closures; // site -> Closure

// The timer of an item whose seal is in force: this and the item's number.
#define SEIZURE_TIMER "seal/"

// ---------------------------------------------------------------- decide

// Rejects a text that is missing or too long to be a key; `what` names it for people.
struct lq_verdict seizure_need(struct lq_decision *d, const char *what, const char *text);

// The order that something is done on: known, not cancelled, to that target, issued before. *order
// is set where the verdict is to accept.
struct lq_verdict seizure_need_order(struct lq_decision *d, const char *number, const char *target,
                                     const Dispatch__OrderNote **order);

// Where the target of an order lies, as the ledger says, or else the order. Borrowed.
const char *seizure_township(struct lq_view *view, const Dispatch__OrderNote *order);

// ---------------------------------------------------------------- the rest

// Sealed and neither released nor recorded as lapsed: its term is running, as far as the tables
// say.
bool seizure_term_runs(const Seizure__Item *item);

bool seizure_extended(const Seizure__Item *item); // whatever has become of it since

void seizure_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn seizure_take_item, seizure_extend_seal, seizure_release_seal, seizure_close_site,
    seizure_lapse_seal;
lq_apply_fn seizure_item_dismantled, seizure_item_sealed, seizure_seal_extended,
    seizure_seal_released, seizure_seal_lapsed, seizure_site_closed;
lq_query_fn seizure_list_items, seizure_show_item, seizure_list_closures;
lq_timer_fn seizure_term_ends;
