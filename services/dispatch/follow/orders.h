// Orders as services that follow dispatch keep them: number, target, when issued, whether
// cancelled. Used as shift/follow/roster.h is.
#pragma once

#include "dispatch.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_order_notes; // number -> OrderNote

// The note for an event of dispatch's that issues or cancels an order (in the arena); NULL for
// others. For a cancellation only `number` and `cancelled` are set.
const Dispatch__OrderNote *lq_order_of(struct lq_arena *arena, const Dispatch__Event *event);

// In `apply`.
void lq_order_note(struct lq_view *tables, const Dispatch__OrderNote *note);

const Dispatch__OrderNote *lq_order_find(struct lq_view *view, const char *number);
