// Tips as services that follow them keep them: whether one proved true, and what it is worth.
#pragma once

#include "service/service.h"
#include "tips.pb-c.h"

extern const struct lq_table lq_tip_notes; // number -> TipNote

extern const struct lq_replica tips_noted; // kept as tip_noted

// NULL: there is none, or it was voided.
const Tips__TipNote *lq_tip_find(struct lq_view *view, const char *number);
