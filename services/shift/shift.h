// shift: the people of the force, the rota, and who is on duty. What the parts of the service
// share; only this folder includes it. The tour: shift.c (the contract), people.c with
// correcting.c, rota.c (planning) with moving.c, absences.c, swaps.c, waiting.c (until when
// somebody must answer them), terms.c and cover.c (until when somebody must plan on, and what is
// told where too few are there), answers.c. What services that follow this one keep of it, and by
// which all decide who is on duty, is in replica/.
#pragma once

#include "config/policy.h"
#include "pb/pb.h"
#include "rules/clocks.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift.pb-c.h"
#include "shift/replica/duty.h"   // the tables of absences and swaps
#include "shift/replica/roster.h" // the tables of people
#include "shift/replica/rota.h"   // the tables of shifts
#include "shift/replica/told.h"

extern const struct lq_service lq_service_shift;

void shift_check(struct lq_view *view);
void shift_check_rota(struct lq_view *view);
void shift_check_absences(struct lq_view *view);
void shift_check_swaps(struct lq_view *view);

// ---------------------------------------------------------------- who may (moving.c)

uint32_t shift_principal_roles(struct lq_decision *d); // of whose act it is
bool shift_is_chief(struct lq_decision *d);            // a desk chief or a commander
struct lq_verdict shift_need_chief(struct lq_decision *d);

// ---------------------------------------------------------------- shifts

// Has it a group, and a length that a shift may have?
struct lq_verdict shift_check_length(struct lq_decision *d, const Shift__Shift *shift);

// Does it overlap no other: of its group, or of any?
struct lq_verdict shift_check_overlap(struct lq_decision *d, const Shift__Shift *shift,
                                      bool same_group);

// A shift that stands, else SHIFT_UNKNOWN; one that has not started, else SHIFT_STARTED.
struct lq_verdict shift_need_shift(struct lq_decision *d, const char *number,
                                   const Shift__Shift **shift);
struct lq_verdict shift_need_not_started(struct lq_decision *d, const Shift__Shift *shift);

// Swaps of a shift that is cancelled lapse: emits an event for each.
void shift_lapse_swaps(struct lq_decision *d, const char *shift);

extern const struct lq_steps shift_shift_steps, shift_absence_steps, shift_swap_steps;

// ---------------------------------------------------------------- terms

// The rota ends elsewhere with the next event: `changed` (NULL: a new shift) ends then (0: no
// more).
void shift_restart_rota_term(struct lq_decision *d, const char *changed, int64_t ends_ms);

// Emits that whoever is there in that time may be too few, or no longer: where the county has set
// how many there must be, it is looked at as soon as this decision is recorded.
void shift_doubt_cover(struct lq_decision *d, int64_t from_ms, int64_t to_ms);
void shift_doubt_cover_from(struct lq_decision *d, int64_t from_ms); // for all that is planned

// With the next event nobody has to cover the shift any more.
void shift_stop_cover(struct lq_decision *d, const char *shift);

// Until when an absence or a swap that was asked for is answered (waiting.c).
#define SHIFT_ANSWER "OP-ANSWER"

// With the next event it waits for an answer: of an absence the lead's or a chief's, of a swap the
// partner's (`whose`), or a chief's ("").
void shift_await_absence(struct lq_decision *d, const Shift__Absence *absence);
void shift_await_swap(struct lq_decision *d, const Shift__Swap *swap, const char *whose);
void shift_stop_waiting(struct lq_decision *d, const char *kind, const char *number);
bool shift_swap_waits(const Shift__Swap *swap); // for the partner, or for a chief

// With the next event the shift is otherwise (`after`), or none any more (NULL): what waits for an
// answer before it does so until another time.
void shift_restate_answers(struct lq_decision *d, const Shift__Shift *before,
                           const Shift__Shift *after);

// With the next event the shift has begun: nobody answers its swaps any more.
void shift_give_up_swaps(struct lq_decision *d, const char *shift);

void shift_add_answering(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang);

lq_clock_people_fn shift_clock_people;
extern const char *const shift_clock_kinds[];

#define SHIFT_COVER_TIMER "cover/"
#define SHIFT_BEGIN_TIMER "begin/"
#define SHIFT_END_TIMER "end/"
lq_timer_fn shift_cover_due, shift_begin_due, shift_end_due;

// ---------------------------------------------------------------- roll calls

enum { SHIFT_TEAM_MOST = 200 }; // people of a team

extern const struct lq_table shift_table_rolls; // number -> RollCall
extern const struct lq_steps shift_roll_steps;

// In `apply`: when the shift begins, it is told.
void shift_set_timers(struct lq_view *tables, const Shift__Shift *shift, int64_t recorded_ms);

// The teams that have not signed, and who answers for them.
void shift_add_unsigned(struct lq_decision *d, const char *shift, Rules__ClockRang *rang);

// ---------------------------------------------------------------- handlers

lq_decide_fn shift_register_person, shift_amend_person, shift_leave_person, shift_plan_shift,
    shift_ask_absence, shift_ask_swap, shift_check_cover, shift_begin_shift, shift_end_shift,
    shift_call_roll, shift_recount_clocks;
lq_apply_fn shift_person_registered, shift_person_amended, shift_person_left, shift_shift_planned,
    shift_absence_asked, shift_swap_asked, shift_cover_doubted, shift_cover_checked,
    shift_shift_begun, shift_shift_ended;
lq_correct_check_fn shift_check_person_correction;
lq_void_check_fn shift_check_person_void;
lq_changed_fn shift_person_changed;
const void *shift_find_person(struct lq_view *view, const struct lq_thing *thing,
                              const char *number);
lq_stepped_fn shift_shift_stepped, shift_swap_stepped;
lq_changed_fn shift_shift_changed;
const void *shift_find_shift(struct lq_view *view, const struct lq_thing *thing,
                             const char *number);
lq_query_fn shift_on_duty, shift_list_rota, shift_list_people, shift_show_history, shift_show_mine,
    shift_show_gaps;
