// seizure: what was taken out of use, on what ground, until when. The parts of the service and how
// they meet; only this folder includes it. The tour: seizure.c (the contract), decide.c (which rule
// is whose, and the checks that several share), decide_items.c, decide_seals.c and decide_sites.c
// (the rules), state.c (the tables), check.c (the invariants), follow.c (timers and other streams),
// query.c (the answers).
#pragma once

#include "dispatch/follow/orders.h"
#include "ledger/follow/premises.h"
#include "pb/limits.h"
#include "seizure.pb-c.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/follow/roster.h"

extern const struct lq_table seizure_table_items;    // number -> Item
extern const struct lq_table seizure_table_seals;    // seal number, once used -> SealUse
extern const struct lq_table seizure_table_closures; // site -> Closure

// The timer of an item whose seal is in force: this and the item's number.
#define SEIZURE_TIMER "seal/"

// ---------------------------------------------------------------- decide

struct lq_verdict seizure_decide(struct lq_decision *d, const Seizure__Command *command);

struct lq_verdict seizure_take_item(struct lq_decision *d, const Seizure__TakeItem *c);
struct lq_verdict seizure_extend_seal(struct lq_decision *d, const Seizure__ItemNumber *c);
struct lq_verdict seizure_release_seal(struct lq_decision *d, const Seizure__ItemNumber *c);
struct lq_verdict seizure_lapse_seal(struct lq_decision *d, const Seizure__ItemNumber *c);
struct lq_verdict seizure_close_site(struct lq_decision *d, const Seizure__CloseSite *c);

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

void seizure_apply(struct lq_view *tables, const struct lq_occurrence *what,
                   const Seizure__Event *event);
void seizure_check(struct lq_view *view);
void seizure_due(struct lq_follow_up *f, int64_t due_ms, const char *timer);
void seizure_query(struct lq_reading *r, const Seizure__Query *query, Seizure__Answer *answer);

extern const struct lq_follow seizure_follows[];
