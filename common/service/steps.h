// Steps: which state of an entity may follow which. One table an entity; the rules, what people are
// told, the invariants and docs/steps.md all read it.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/arena.h"

struct lq_step {
    int from, to; // numbers of the enum of states
};

// Declared once, as a constant; a service lists its tables in its contract.
struct lq_steps {
    const char *entity;                    // "suspect"
    const ProtobufCEnumDescriptor *states; // what people are told is a value's name in lower case
    const char *start;                     // what they are told of the state 0; NULL: its name too
    const struct lq_step *steps;
    unsigned count;
};

bool lq_step_possible(const struct lq_steps *steps, int from, int to);

// A state as a word for people ("arrest_requested"); in the arena.
const char *lq_step_word(struct lq_arena *arena, const struct lq_steps *steps, int state);

// What may follow, for people: "arrest_requested or discharged", "nothing". In the arena.
const char *lq_steps_from(struct lq_arena *arena, const struct lq_steps *steps, int from);
