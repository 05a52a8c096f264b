// Premises as services that follow the ledger keep them: number, name, township, kind. Used as
// shift/follow/roster.h is.
#pragma once

#include "ledger.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_premises_notes; // number -> PremisesNote

// The note for an event of the ledger's that registers premises (in the arena); NULL for others.
const Ledger__PremisesNote *lq_premises_of(struct lq_arena *arena, const Ledger__Event *event);

// In `apply`.
void lq_premises_note(struct lq_view *tables, const Ledger__PremisesNote *note);

const Ledger__PremisesNote *lq_premises_find(struct lq_view *view, const char *number);
