// dispatch: orders to teams, their answers, and who took part. What the parts of the service share;
// only this folder includes it. The tour: dispatch.c (the contract), and a file for each thing with
// its rules and how its events change the tables: issuing.c, cancelling.c, assignments.c (a team's
// steps, and declining), terms.c (until when they answer and depart), crew.c (who took part, and
// with what), teams.c and amending.c (what is changed once it is issued), calls.c (teams that are
// asked for), handovers.c (from one shift to the next) with missed.c (nobody took over), work.c
// (what was done on it), correcting.c; orders.c is what they share of an order, with the answers.
// What services that follow this one keep of it is in replica/.
#pragma once

#include "dispatch.pb-c.h"
#include "ledger/replica/premises.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/duty.h"
#include "shift/replica/roster.h"
#include "shift/replica/rota.h"
#include "shift/replica/told.h"

enum { DISPATCH_MOST_TEAMS = 64 };

// ---------------------------------------------------------------- work.c

extern const struct lq_table dispatch_table_work; // order, kind, number -> Work
extern const struct lq_table dispatch_table_done; // kind, number -> Work: the same rows

extern const struct lq_replica dispatch_work_of_seizure, dispatch_work_of_casefile;

// Nothing was dismantled, closed or found on the order, and what was sealed on it is released.
struct lq_verdict dispatch_check_nothing_done(struct lq_decision *d, const Dispatch__Order *order);

void dispatch_fill_work(struct lq_reading *r, Dispatch__OrderFile *file);
void dispatch_check_work(struct lq_view *view);

// ---------------------------------------------------------------- calls.c

extern const struct lq_table dispatch_table_calls; // number -> Call
extern const struct lq_steps dispatch_call_steps;
extern const struct lq_follow_row dispatch_follows[];
lq_take_back_fn dispatch_hear_parted;
lq_stepped_fn dispatch_call_stepped;
lq_decide_fn dispatch_open_call, dispatch_call_for_help;
lq_apply_fn dispatch_call_opened;
lq_query_fn dispatch_list_calls;
void dispatch_check_calls(struct lq_view *view);

// ---------------------------------------------------------------- teams.c: who is added and
// withdrawn

extern const struct lq_steps dispatch_order_steps;
lq_decide_fn dispatch_add_team, dispatch_withdraw_team, dispatch_reopen_order;

// Rejects unless the order is open; the act is not dated before that; a reason is given; the team
// has a part in the order that it has not finished with.
struct lq_verdict dispatch_need_open(struct lq_decision *d, const char *number,
                                     const Dispatch__OpenOrder **open);
struct lq_verdict dispatch_need_not_before(struct lq_decision *d, const char *number,
                                           int64_t then_ms);
struct lq_verdict dispatch_need_why(struct lq_decision *d, const char *number, const char *why);
struct lq_verdict dispatch_need_at_work(struct lq_decision *d, const char *number, const char *team,
                                        const Dispatch__Assignment **assignment);
lq_apply_fn dispatch_team_added, dispatch_team_withdrawn, dispatch_order_reopened;
int dispatch_order_state(struct lq_view *view, const Dispatch__Order *order);

// ---------------------------------------------------------------- seen.c

lq_decide_fn dispatch_mark_seen;
lq_apply_fn dispatch_order_seen;

// ---------------------------------------------------------------- amending.c

lq_decide_fn dispatch_amend_order;
lq_apply_fn dispatch_order_amended;

// ---------------------------------------------------------------- handovers.c, handover_list.c

extern const struct lq_table dispatch_table_handovers; // number of the shift -> Handover
extern const struct lq_steps dispatch_handover_steps;
lq_react_fn dispatch_hear_shift_begun;
void dispatch_lapse_handover(struct lq_follow_up *f, const struct lq_parting *parting,
                             char *number);
lq_decide_fn dispatch_open_handover, dispatch_freeze_handover, dispatch_sign_handover,
    dispatch_refuse_handover;
lq_apply_fn dispatch_handover_opened, dispatch_handover_frozen, dispatch_handover_signed,
    dispatch_handover_refused;
lq_query_fn dispatch_show_handover;
void dispatch_check_handovers(struct lq_view *view);

// The orders and calls that are open, by number; terms and notes are the asker's. In the arena.
Dispatch__HandoverList *dispatch_what_is_open(struct lq_view *view, struct lq_arena *arena);

// What is frozen, with what the command adds; no more than an event holds.
struct lq_verdict dispatch_fill_list(struct lq_decision *d, const Dispatch__FreezeHandover *c,
                                     Dispatch__HandoverFrozen *frozen);

// Is that what the list says? The first difference is told as LIST_STALE.
struct lq_verdict dispatch_need_current(struct lq_decision *d, const Dispatch__Handover *handover);
bool dispatch_is_current(struct lq_reading *r, const Dispatch__HandoverList *was,
                         const Dispatch__HandoverList *now);

lq_paper_source_fn dispatch_handover_sheet; // a HandoverSheet

// ---------------------------------------------------------------- missed.c

// Nobody signs for that shift any more: the shift that takes over from it is over, or a later one
// has been signed for. `handover` is its row; NULL: it has none yet.
bool dispatch_is_missed(struct lq_view *view, const Shift__Shift *shift,
                        const Dispatch__Handover *handover);
bool dispatch_handover_waits(const Dispatch__Handover *handover); // for a list, or a signature
struct lq_verdict dispatch_need_not_missed(struct lq_decision *d, const Shift__Shift *shift,
                                           const Dispatch__Handover *handover);
// As that shift begins: ends the terms of what was missed by then, and names it in the event.
void dispatch_give_up_missed(struct lq_decision *d, const Shift__Shift *begun,
                             Dispatch__HandoverOpened *opened);
void dispatch_keep_missed(struct lq_view *tables, const Dispatch__HandoverOpened *opened);
// What was signed for on paper, and missed here: the office enters it for whoever signed.
bool dispatch_is_from_paper(const struct lq_decision *d, const Dispatch__Handover *handover);
struct lq_verdict dispatch_need_no_paper(struct lq_decision *d, const Dispatch__SignHandover *c,
                                         const Dispatch__Handover *h); // else, while it waits
struct lq_verdict dispatch_sign_on_paper(struct lq_decision *d, const Dispatch__SignHandover *c,
                                         const Dispatch__Handover *h);

// ---------------------------------------------------------------- desk.c

// The one that begins next after the shift, or NULL.
const Shift__Shift *dispatch_shift_after(struct lq_view *view, const Shift__Shift *shift);

extern const struct lq_table dispatch_table_chief; // "desk" -> DeskChief: who signed last
const Dispatch__DeskChief *dispatch_last_signature(struct lq_view *view); // NULL: none
void dispatch_take_desk(struct lq_view *tables, char *badge, int64_t since_ms, char *handover);

// The badge of whoever has signed for the desk within the last day, or NULL.
const char *dispatch_in_charge(struct lq_view *view, int64_t at_ms);
void dispatch_add_both_chiefs(struct lq_decision *d, const char *number, Rules__ClockRang *rang);

// Is that a desk chief of the shift (NULL: there is none), or a commander? Else NOT_DESK_CHIEF.
struct lq_verdict dispatch_need_chief(struct lq_decision *d, const char *badge,
                                      const Shift__Shift *shift);
struct lq_verdict dispatch_reject_same_signer(struct lq_decision *d, const char *shift);

// ---------------------------------------------------------------- intervals.c

lq_query_fn dispatch_tell_intervals;

// ---------------------------------------------------------------- issuing.c

// May these teams be sent, now, free and on duty, or does a commander say so? Rejects as an order
// that is issued to them is.
struct lq_verdict dispatch_check_sendable(struct lq_decision *d, char *const *teams, size_t count,
                                          bool override, bool *overridden);

// ---------------------------------------------------------------- orders.c

extern const struct lq_table dispatch_table_orders;       // number -> Order without assignments
extern const struct lq_table dispatch_table_addressed;    // number -> AddressedTeams
extern const struct lq_table dispatch_table_assignments;  // order, team -> Assignment
extern const struct lq_table dispatch_table_open;         // number -> OpenOrder
extern const struct lq_table dispatch_table_engaged;      // team, order -> Engagement
extern const struct lq_table dispatch_table_participants; // order, badge -> Participant
extern const struct lq_table dispatch_table_crews;        // order, team -> Crew

// The order without its assignments, or NULL; any text may be asked for.
const Dispatch__Order *dispatch_find(struct lq_view *view, const char *number);

// What a step needs of the order, or NULL if there is no such order or it is not open. The text is
// fit for a key.
const Dispatch__OpenOrder *dispatch_find_open(struct lq_view *view, const char *number);

// The team's part of the order, or NULL if it is not addressed. Both texts are fit for a key.
const Dispatch__Assignment *dispatch_assignment(struct lq_view *view, const char *order,
                                                const char *team);

// Is there a part of the team in the order? Any text may be asked for as a team.
bool dispatch_is_addressed(struct lq_view *view, const char *order, const char *team);

// The order with its assignments, in the sequence in which it names the teams; in the view's arena.
const Dispatch__Order *dispatch_whole(struct lq_view *view, const Dispatch__Order *order);

struct lq_key dispatch_pair(const char *first, const char *second);

// ---------------------------------------------------------------- what can be said of an order

// Has the team neither finished nor declined? Has one that has not declined answered nothing yet?
bool dispatch_is_at_work(const Dispatch__Assignment *assignment);
bool dispatch_is_unanswered(const Dispatch__Assignment *assignment);

// Is an order open, if it is not cancelled, while so many of its teams are at work, and so many
// have finished? What all have declined is: somebody else must be sent, or the order be cancelled.
bool dispatch_stays_open(unsigned at_work, unsigned finished);

// When the team took the step; when it took its last one, or the order was issued.
int64_t dispatch_step_ms(const Dispatch__Assignment *assignment, Dispatch__Step step);
int64_t dispatch_last_ms(int64_t issued_at_ms, const Dispatch__Assignment *assignment);

// In `apply`: a copy to be changed, and what is saved; a team that is released is free for others.
void dispatch_save_order(struct lq_view *tables, const Dispatch__Order *order);
Dispatch__Order dispatch_copy_of_order(struct lq_view *tables, const char *number);
void dispatch_save_assignment(struct lq_view *tables, const char *order,
                              const Dispatch__Assignment *assignment);
void dispatch_save_engagement(struct lq_view *tables, char *order, char *team);
void dispatch_release_team(struct lq_view *tables, const char *order, const char *team);
void dispatch_save_answer(struct lq_view *tables, const char *order,
                          const Dispatch__Assignment *before, const Dispatch__Assignment *after);
void dispatch_close_order(struct lq_view *tables, const char *order);

extern const struct lq_steps dispatch_team_steps;

// ---------------------------------------------------------------- terms.c

// In `decide`, before the fact is emitted.
void dispatch_start_answer_term(struct lq_decision *d, const char *order,
                                Dispatch__Priority priority);
void dispatch_stop_answer_term(struct lq_decision *d, const Dispatch__Order *order,
                               const char *answering); // whole; by that team: the last one
void dispatch_step_terms(struct lq_decision *d, const char *order, const char *team,
                         Dispatch__Step step); // the team's own: to depart

// One team less has the order, and nobody if it was the last: another is to be sent; it was, or the
// order is cancelled.
void dispatch_start_resend_term(struct lq_decision *d, const Dispatch__OpenOrder *open);
void dispatch_stop_resend_term(struct lq_decision *d, const char *order);
void dispatch_stop_terms(struct lq_decision *d, const Dispatch__Order *order); // whole: cancelled

// What the order or a team's part in it says otherwise now.
void dispatch_restate_order_term(struct lq_decision *d, const Dispatch__Order *order);
void dispatch_restate_step_term(struct lq_decision *d, const Dispatch__Order *order,
                                const char *number, const Dispatch__Assignment *after);

lq_clock_people_fn dispatch_clock_people;

// ---------------------------------------------------------------- rules

// The roles of the person whose act the command is.
uint32_t dispatch_principal_roles(struct lq_decision *d);

// The order that a command names, without its assignments, or a rejection.
struct lq_verdict dispatch_get_order(struct lq_decision *d, const char *number,
                                     const Dispatch__Order **order);

// Only the office, or the team's own lead, tells of its part.
// As many as the county holds plausible.
struct lq_verdict dispatch_check_plausible(struct lq_decision *d, uint32_t vehicles,
                                           uint32_t machines);

struct lq_verdict dispatch_check_recorder(struct lq_decision *d, const char *team);

// It is the act of who leads the team then, or of a deputy.
struct lq_verdict dispatch_need_lead(struct lq_decision *d, const char *team);

// ---------------------------------------------------------------- answers

void dispatch_tell_next(struct lq_reading *r, const Dispatch__Order *order); // with its teams
void dispatch_fill_participants(struct lq_reading *r, Dispatch__OrderFile *file);
void dispatch_fill_crews(struct lq_reading *r, Dispatch__OrderFile *file);

// ---------------------------------------------------------------- invariants

void dispatch_check(struct lq_view *view); // of all; for each order it asks the next two
void dispatch_check_assignment(struct lq_view *view, const Dispatch__Order *order,
                               const Dispatch__Assignment *a);
void dispatch_check_participants(struct lq_view *view, const Dispatch__Order *order);

// ---------------------------------------------------------------- handlers

lq_decide_fn dispatch_issue_order, dispatch_report_step, dispatch_decline_order,
    dispatch_cancel_order, dispatch_record_participant, dispatch_record_crew;
lq_apply_fn dispatch_order_issued, dispatch_step_reported, dispatch_order_declined,
    dispatch_order_cancelled, dispatch_participant_recorded, dispatch_crew_recorded;
lq_correct_check_fn dispatch_check_order_correction, dispatch_check_assignment_correction;
lq_void_check_fn dispatch_check_order_void, dispatch_check_participant_void;
lq_changed_fn dispatch_order_changed, dispatch_participant_changed;
lq_counted_fn dispatch_participant_counted;
lq_query_fn dispatch_list_orders, dispatch_show_order;
