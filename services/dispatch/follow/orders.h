// Orders as services that follow dispatch keep them: number, target, when issued, whether
// cancelled. Used as shift/follow/roster.h is.
#pragma once

#include "dispatch.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_order_notes; // number -> OrderNote

// The `react` of those that follow dispatch for its orders: a note_order command for each that is
// issued or cancelled. For a cancellation only `number` and `cancelled` are set.
void lq_order_react(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event);

// In `decide`, for note_order.
struct lq_verdict lq_order_decide(struct lq_decision *d, int code, const Dispatch__OrderNote *note);

// In `apply`.
void lq_order_note(struct lq_view *tables, const Dispatch__OrderNote *note);

const Dispatch__OrderNote *lq_order_find(struct lq_view *view, const char *number);
