// dispatch: orders to teams, their answers, and who took part. The parts of the service and how
// they meet; only this folder includes it. dispatch.c is the contract and what is taken over from
// the streams it follows. The rules: decide_order.c (issuing), decide_cancel.c, decide_report.c
// (steps, declining), decide_participant.c, decide.c (what they share, and the notes). order.c is
// what can be said of an order by itself, state.c the tables, check.c the invariants, query.c the
// answers. follow/orders.h is for the services that follow this one.
#pragma once

#include "dispatch.pb-c.h"
#include "ledger/follow/premises.h"
#include "pb/pb.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/follow/roster.h"

enum { DISPATCH_MOST_TEAMS = 64 };

// ---------------------------------------------------------------- tables (state.c)

extern const struct lq_table dispatch_table_orders;       // number -> Order
extern const struct lq_table dispatch_table_open;         // number -> OpenOrder
extern const struct lq_table dispatch_table_engaged;      // team, order -> Engagement
extern const struct lq_table dispatch_table_participants; // order, badge -> Participant
extern const struct lq_table dispatch_table_duty;         // start -> Shift

// The order, or NULL; any text may be asked for.
const Dispatch__Order *dispatch_find(struct lq_view *view, const char *number);

// The shift that covers [start, end) this instant, or NULL.
const Shift__Shift *dispatch_on_duty(struct lq_view *view, int64_t at_ms);

struct lq_key dispatch_pair(const char *first, const char *second);

// ---------------------------------------------------------------- orders (order.c)

// The team's part of the order, or NULL if it is not addressed.
const Dispatch__Assignment *dispatch_assignment(const Dispatch__Order *order, const char *team);

// Has the team neither finished nor declined? And has any, of an order that is not cancelled?
bool dispatch_is_at_work(const Dispatch__Assignment *assignment);
bool dispatch_is_open(const Dispatch__Order *order);

// When the team took the step; when it took its last one, or the order was issued.
int64_t dispatch_step_ms(const Dispatch__Assignment *assignment, Dispatch__Step step);
int64_t dispatch_last_ms(const Dispatch__Order *order, const Dispatch__Assignment *assignment);

// "acknowledged", "on scene" …
const char *dispatch_step_name(Dispatch__Step step);

// ---------------------------------------------------------------- rules

// The roles of the person whose act the command is.
uint32_t dispatch_principal_roles(struct lq_decision *d);

struct lq_verdict dispatch_issue_order(struct lq_decision *d, const Dispatch__IssueOrder *c);
struct lq_verdict dispatch_cancel_order(struct lq_decision *d, const Dispatch__CancelOrder *c);
struct lq_verdict dispatch_report_step(struct lq_decision *d, const Dispatch__ReportStep *c);
struct lq_verdict dispatch_decline_order(struct lq_decision *d, const Dispatch__DeclineOrder *c);
struct lq_verdict dispatch_record_participant(struct lq_decision *d,
                                              const Dispatch__RecordParticipant *c);

// Names a thing by its number in a key: rejects what is empty, too long or has spaces in it.
struct lq_verdict dispatch_check_name(struct lq_decision *d, const char *what, const char *text);

// The order that a command names, or a rejection.
struct lq_verdict dispatch_get_order(struct lq_decision *d, const char *number,
                                     const Dispatch__Order **order);

struct lq_verdict dispatch_decide(struct lq_decision *d, const Dispatch__Command *command);
void dispatch_apply(struct lq_view *tables, const struct lq_occurrence *what,
                    const Dispatch__Event *event);
void dispatch_query(struct lq_reading *r, const Dispatch__Query *query, Dispatch__Answer *answer);
void dispatch_check(struct lq_view *view);
