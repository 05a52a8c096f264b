// Orders as services that follow dispatch keep them: number, target, when issued, whether
// cancelled.
#pragma once

#include "dispatch.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_order_notes; // number -> OrderNote

// Kept as order_noted. Of a cancellation the note has only `number` and `cancelled`.
extern const struct lq_replica dispatch_orders;

const Dispatch__OrderNote *lq_order_find(struct lq_view *view, const char *number);
