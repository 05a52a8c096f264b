// How far the rectification of premises has come, as services that follow the ledger keep it.
#pragma once

#include "ledger.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_premises_steps; // premises, place (from 0) -> StatusNote

extern const struct lq_replica ledger_premises_steps; // kept as premises_step_noted

// NO_STATUS: they have taken no step, or there are none of that number.
Ledger__Status lq_premises_status(struct lq_view *view, const char *premises);
