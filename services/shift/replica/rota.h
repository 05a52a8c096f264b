// The rota: shift keeps it in these tables, and services that follow shift keep the same.
//
// A shift has a number that it keeps when it is moved, so that what is bound to it moves with it.
// Shifts of one group do not overlap; those of two may, where one was moved.
#pragma once

#include "service/service.h"
#include "shift.pb-c.h"

extern const struct lq_table lq_shifts; // number -> Shift, those that were cancelled too
extern const struct lq_table lq_rota;   // start, number -> RotaPlace, of those that stand

extern const struct lq_replica shift_rota; // kept as shift_noted

#define LQ_SHIFT_LONGEST_MS LQ_DAY_MS // no group is on duty longer than this

// Any text may be asked for; NULL: there was never one of that number.
const Shift__Shift *lq_shift_find(struct lq_view *view, const char *number);

// The number that such a shift gets: of its day and name ("2015-07-18-day"), with a count behind it
// where that is used. In the arena.
char *lq_shift_number(struct lq_view *view, struct lq_arena *arena,
                      const Shift__ShiftPlanned *shift);

// In `apply`: the shift stands as it is, or has been cancelled.
void lq_shift_save(struct lq_view *tables, const Shift__Shift *shift);

// Walks the shifts that stand, by their start:
//     for (struct lq_scan s = lq_rota_from(view, from_ms); (shift = lq_rota_next(&s)) != NULL;)
// begins with those that start a longest shift before that instant.
struct lq_scan lq_rota_from(struct lq_view *view, int64_t at_ms);
const Shift__Shift *lq_rota_next(struct lq_scan *s);

// The shifts that cover this instant (its start is in it, its end is not), the one that started
// last before the others; gives how many, up to LQ_ROTA_AT_ONCE.
enum { LQ_ROTA_AT_ONCE = 8 };
unsigned lq_rota_all_at(struct lq_view *view, int64_t at_ms,
                        const Shift__Shift *shifts[LQ_ROTA_AT_ONCE]);

// The first of them, or NULL.
const Shift__Shift *lq_rota_at(struct lq_view *view, int64_t at_ms);

// Is a shift of the group on?
bool lq_rota_has_group(struct lq_view *view, const char *group, int64_t at_ms);
