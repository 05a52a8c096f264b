// Who is on duty: the shifts of a person's group, without his absences, and with what he has
// swapped. Half-open as all spans of time are: at the end of a shift it is over. Shift keeps
// absences and swaps in these tables, and services that follow shift keep the same, beside the
// roster and the rota (roster.h, rota.h), which all of this reads.
#pragma once

#include "service/service.h"
#include "shift.pb-c.h"

extern const struct lq_table lq_absences;     // number -> Absence
extern const struct lq_table lq_swaps;        // number -> Swap
extern const struct lq_table lq_duty_changes; // badge, kind, number -> DutyChange

extern const struct lq_replica shift_duty; // kept as duty_noted

// In `apply`: what an absence or swap is from now on.
void lq_absence_save(struct lq_view *tables, const Shift__Absence *absence);
void lq_swap_save(struct lq_view *tables, const Shift__Swap *swap);

// ---------------------------------------------------------------- a person

// Walks the absences, or swaps, that a person has asked for or is partner of, whatever became of
// them; NULL: no more.
struct lq_scan lq_duty_changes_of(struct lq_view *view, const char *badge, const char *kind);
const Shift__Absence *lq_absence_next(struct lq_scan *s);
const Shift__Swap *lq_swap_next(struct lq_scan *s);

// The approved absence that covers the instant, or NULL.
const Shift__Absence *lq_absence_at(struct lq_view *view, const char *badge, int64_t at_ms);

// Is the shift his, by his group when it starts or by a swap? The approved swap by which it is, or
// is not, goes to `by` (NULL: by his group alone). Absences are not looked at.
bool lq_duty_has_shift(struct lq_view *view, const char *badge, const Shift__Shift *shift,
                       const Shift__Swap **by);

// The parts of a shift of his in which no approved absence takes him out, in their order; gives how
// many. `by` is what lq_duty_has_shift has said.
struct lq_duty_span {
    int64_t from_ms, to_ms;
};
enum { LQ_DUTY_SPANS = 8 };
unsigned lq_duty_spans(struct lq_view *view, const char *badge, const Shift__Shift *shift,
                       const Shift__Swap *by, struct lq_duty_span spans[LQ_DUTY_SPANS]);

// Is he there? `shift`: in which (NULL: nobody asks).
bool lq_duty_at(struct lq_view *view, const char *badge, int64_t at_ms, const Shift__Shift **shift);

// ---------------------------------------------------------------- a team

// Who answers for the team: its lead; where he is absent or has given away the shift that is on,
// the deputy who is there. NULL: neither is.
const Shift__Person *lq_duty_answers(struct lq_view *view, const char *team, int64_t at_ms);

// The deputy of the team who is there, or NULL.
const Shift__Person *lq_duty_deputy(struct lq_view *view, const char *team, int64_t at_ms);
