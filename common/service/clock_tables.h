// The tables of terms, of each service whose events have some (rules/clocks.h keeps them).
#pragma once

#include "rules.pb-c.h"
#include "service/tables.h"

extern const struct lq_table lq_clocks;     // kind, number, rule, 0 or which start -> Clock
extern const struct lq_table lq_clocks_due; // due or 0, kind, number, rule, which start -> nothing,
                                            // of those that run
