// ledger: the premises, their supervisors, and how far their rectification has come. What the parts
// of the service share; only this folder includes it. The tour: ledger.c (the contract), and a file
// for each thing with its rules, tables and answers: premises.c, supervisors.c, pair.c and
// correcting.c, rectification.c, status.c, acceptance.c, measures.c, presence.c, coverage.c,
// cameras.c, limits.c and limit_steps.c. What services that follow the ledger keep of it is in
// replica/.
#pragma once

#include "ledger.pb-c.h"
#include "ledger/replica/cameras.h"
#include "config/policy.h"
#include "pb/pb.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"

extern const struct lq_table ledger_premises_table; // number -> Entry
extern const struct lq_table ledger_steps_table;    // number, count from 0 -> StepTaken

extern const struct lq_table ledger_acceptances; // number -> Acceptance
extern const struct lq_table ledger_presence;    // number, count from 0 -> Presence that is over
extern const struct lq_table ledger_measures;    // number, place from 1 -> Measure
extern const struct lq_table ledger_limits;      // number -> Limit

extern const struct lq_steps ledger_rectification, ledger_acceptance_steps, ledger_measure_steps,
    ledger_limit_steps;

// Whose terms they are, and which: the deadline of the rectification; somebody at the post.
#define LEDGER_PREMISES "premises"
#define LEDGER_DEADLINE "OP-RECTIFY"
#define LEDGER_POST "OP-POST"

// The decisions on production, which have LP1 to LP5 of law.yaml.
#define LEDGER_LIMIT "limit"

// The number is fit for a key. NULL: there are none.
const Ledger__Entry *ledger_find(struct lq_view *view, const char *number);

// In `apply`: a copy to be changed, of premises that are known.
Ledger__Entry ledger_copy(struct lq_view *tables, const char *number);
void ledger_save(struct lq_view *tables, const Ledger__Entry *entry);

// ---------------------------------------------------------------- the pair (pair.c)

bool ledger_covers(const Ledger__Supervisor *s, int64_t at_ms);
bool ledger_overlap(const Ledger__Supervisor *a, const Ledger__Supervisor *b);
bool ledger_is_of_pair(const Ledger__Entry *entry, const Ledger__Supervisor *s, int64_t at_ms);

// Who they are then: gives how many, in the arena.
size_t ledger_pair_at(struct lq_arena *arena, const Ledger__Entry *entry, int64_t at_ms,
                      Ledger__Supervisor ***pair);

// Are there more than two at some instant? Sets it.
bool ledger_too_many_at(struct lq_arena *arena, const Ledger__Entry *entry, int64_t *at_ms);
struct lq_verdict ledger_need_pair(struct lq_decision *d, const Ledger__Entry *as_it_would_be,
                                   const Ledger__Supervisor *comes);

const Ledger__Supervisor *ledger_supervisor_numbered(const Ledger__Entry *entry,
                                                     const char *number);

// The entry with the one of that number as he is from now on; NULL: without him (correcting.c).
Ledger__Entry ledger_with_supervisor(struct lq_arena *arena, const Ledger__Entry *entry,
                                     const char *number, Ledger__Supervisor *after);

// One of the pair of then, by number, badge or name (and unit); NULL: none is called so. *several:
// both are.
const Ledger__Supervisor *ledger_supervisor_called(const Ledger__Entry *entry, const char *called,
                                                   const char *unit, int64_t at_ms, bool *several);
const char *ledger_supervisor_told(struct lq_arena *arena, const Ledger__Supervisor *s);

// ---------------------------------------------------------------- how far they have come

// Premises that are in the ledger; an enterprise. *entry is set where the verdict is to accept.
struct lq_verdict ledger_need_premises(struct lq_decision *d, const char *number,
                                       const Ledger__Entry **entry);
struct lq_verdict ledger_need_enterprise(struct lq_decision *d, const char *number,
                                         const Ledger__Entry **entry);

// Emits the change, with the terms that start and end with it (status.c).
void ledger_emit_status(struct lq_decision *d, const Ledger__Entry *entry, Ledger__Status to);
void ledger_start_deadline(struct lq_decision *d, const Ledger__Entry *entry, int64_t start_ms);
void ledger_restate_deadline(struct lq_decision *d, const char *number, int32_t day);
void ledger_start_post(struct lq_decision *d, const Ledger__Entry *entry, int64_t start_ms);
void ledger_stop_post(struct lq_decision *d, const Ledger__Entry *entry, int64_t at_ms);
void ledger_take_back_terms(struct lq_decision *d, const Ledger__Entry *entry,
                            const Ledger__StepTaken *before);
void ledger_lapse_acceptance(struct lq_view *tables, Ledger__Entry *entry); // in `apply`

// The acceptance that was asked for of how they are; NULL: none.
const Ledger__Acceptance *ledger_acceptance_of(struct lq_view *view, const Ledger__Entry *entry);

// May they be accepted? Or else all that is missing is named. *is_taken: it was passed by that, and
// emitted.
struct lq_verdict ledger_accept_by_gate(struct lq_decision *d, const Ledger__Entry *entry,
                                        bool *is_taken);
struct lq_verdict ledger_need_measures_done(struct lq_decision *d, const Ledger__Entry *entry);

const Ledger__Presence *ledger_at_post(const Ledger__Entry *entry, const char *supervisor);

void ledger_list_cameras(struct lq_reading *r, const char *premises, Ledger__PremisesFile *file);
void ledger_list_measures(struct lq_view *view, const char *premises, Ledger__PremisesFile *file);
void ledger_check_acceptances(struct lq_view *view);
extern const struct lq_replica ledger_monitor;

// ---------------------------------------------------------------- decisions on production

// Neither lifted nor withdrawn, terminated or refused.
bool ledger_limit_is_open(const Ledger__Limit *limit);
void ledger_add_limits(struct lq_reading *r, const Ledger__Entry *entry, int64_t at_ms,
                       Ledger__PremisesFile *file);
void ledger_tell_handler(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang);
void ledger_check_limits(struct lq_view *view);

// ---------------------------------------------------------------- handlers

void ledger_list_steps(struct lq_reading *r, Ledger__PremisesFile *file, int64_t at_ms);
void ledger_check_steps(struct lq_view *view, const Ledger__Entry *entry);
void ledger_check(struct lq_view *view);

lq_decide_fn ledger_register_premises, ledger_assign_supervisor, ledger_replace_supervisor,
    ledger_stand_in, ledger_record_step, ledger_ask_acceptance, ledger_arrive_post,
    ledger_leave_post, ledger_add_measure, ledger_track_premises, ledger_decide_limit;
lq_apply_fn ledger_premises_registered, ledger_supervisor_assigned, ledger_supervisor_replaced,
    ledger_supervisor_stood_in, ledger_status_changed, ledger_acceptance_asked, ledger_post_arrived,
    ledger_post_left, ledger_measure_added, ledger_premises_tracked, ledger_limit_decided,
    ledger_paper_served;
lq_stepped_fn ledger_acceptance_stepped, ledger_measure_stepped, ledger_limit_stepped;
lq_clock_people_fn ledger_clock_people;
lq_paper_source_fn ledger_paper_source; // a PremisesFile: the entry with the pair, the measures
lq_correct_check_fn ledger_check_premises_correction, ledger_check_supervisor_correction,
    ledger_check_step_correction, ledger_check_measure_correction, ledger_check_limit_correction;
lq_void_check_fn ledger_check_premises_void, ledger_check_supervisor_void, ledger_check_step_void,
    ledger_check_limit_void, ledger_check_paper_void;
lq_changed_fn ledger_premises_changed, ledger_supervisor_changed, ledger_step_changed,
    ledger_limit_changed;
const void *ledger_find_premises(struct lq_view *view, const struct lq_thing *thing,
                                 const char *number);
const void *ledger_find_supervisor(struct lq_view *view, const struct lq_thing *thing,
                                   const char *number);
const void *ledger_find_step(struct lq_view *view, const struct lq_thing *thing,
                             const char *number);
lq_query_fn ledger_list_premises, ledger_show_premises, ledger_count_by_status, ledger_ask_coverage,
    ledger_list_limits, ledger_show_limit, ledger_count_pairs, ledger_list_unmanned;
