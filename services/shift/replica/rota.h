// The rota as services that follow shift keep it.
#pragma once

#include "service/service.h"
#include "shift.pb-c.h"

extern const struct lq_table lq_rota; // start -> Shift

extern const struct lq_replica shift_rota; // kept as shift_noted

// The shift that covers this instant (its start is in it, its end is not), or NULL.
const Shift__Shift *lq_rota_at(struct lq_view *view, int64_t at_ms);
