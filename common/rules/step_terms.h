// What the files of take_step.h share; only this folder includes it.
#pragma once

#include "rules/take_step.h"

// The next of the words, in the arena; NULL: none is left.
const char *lq_step_word_next(struct lq_arena *arena, const char **words);

// Rejects what the actor names as the term that starts (Act.rule), if it is none of the row's.
struct lq_verdict lq_step_need_choice(struct lq_decision *d, const struct lq_taking *taking);

// Ends and starts the terms of the step, before it is emitted.
void lq_step_move_clocks(struct lq_decision *d, const struct lq_taking *taking);
