// Premises as services that follow the ledger keep them: number, name, township, kind. Used as
// shift/follow/roster.h is.
#pragma once

#include "ledger.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_premises_notes; // number -> PremisesNote

// The `react` of those that follow the ledger for its premises: a note_premises command for each.
void lq_premises_react(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event);

// In `decide`, for note_premises.
struct lq_verdict lq_premises_decide(struct lq_decision *d, int code,
                                     const Ledger__PremisesNote *note);

// In `apply`.
void lq_premises_note(struct lq_view *tables, const Ledger__PremisesNote *note);

const Ledger__PremisesNote *lq_premises_find(struct lq_view *view, const char *number);
