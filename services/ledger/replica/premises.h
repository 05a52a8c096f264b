// Premises as services that follow the ledger keep them: number, name, township, kind.
#pragma once

#include "ledger.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_premises_notes; // number -> PremisesNote

extern const struct lq_replica ledger_premises; // kept as premises_noted

// NULL: there are none, or they were voided. lq_premises_noted also finds what was voided.
const Ledger__PremisesNote *lq_premises_find(struct lq_view *view, const char *number);
const Ledger__PremisesNote *lq_premises_noted(struct lq_view *view, const char *number);

// For lq_service.paper_names: NULL: unknown, or without a name.
const char *lq_premises_name(struct lq_view *view, const char *number, int64_t at_ms);
