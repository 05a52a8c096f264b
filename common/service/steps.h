// Steps: which state of an entity may follow which. One table an entity; the rules, what people are
// told, the invariants and docs/steps.md all read it.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/arena.h"

struct lq_decision;
struct lq_service;
struct lq_table;
struct lq_taking;
struct lq_verdict;

// One step: by which command the entity comes from one state to another. The command's row in the
// contract says who may give it.
enum { LQ_STEP_STAYS = -1 }; // in place of a state to come to: it is recorded, and the state stays
struct lq_step {
    int from, to;     // numbers of the enum of states
    unsigned command; // a member of <service>.Command
    bool (*when)(
        const void *row); // possible only for such a row of the entity; NULL: for every one

    bool past; // journals have it, and nobody takes it any more

    // Of a step by LQ_BODY_TAKE_STEP (rules/take_step.h), the command of all steps that have none
    // of their own. The row says the rest:
    int verb;             // of rules.Verb
    uint32_t who, behalf; // who may take it in his own name, who for somebody who may (of another
                          // command, where the rules let in fewer than its row does)
    const char *needs;    // fields of rules.Act that it must say: "ground paper"; NULL: none
    const char
        *papers; // kinds that the paper which it names may be of: "a|b", "served:a"; NULL: any
    const char *stops;  // terms that it ends: "SZ6 SZ9"; NULL: none
    const char *starts; // terms that it starts; of "CR8|CR8c" the one that Act.rule names, else the
                        // first; NULL: none
    struct lq_verdict (*rule)(struct lq_decision *d, struct lq_taking *taking); // what else holds
};
enum { LQ_BODY_TAKE_STEP = 39 };

// The row of such a step: what follows the roles are the members above that it has besides. `verb_`
// is the value's name, and stands behind RULES__VERB__ of rules.pb-c.h.
#define LQ_STEP(from_, to_, verb_, who_, behalf_, ...)                                             \
    {                                                                                              \
        .from = (from_), .to = (to_), .command = LQ_BODY_TAKE_STEP, .verb = RULES__VERB__##verb_,  \
        .who = (who_), .behalf = (behalf_), __VA_ARGS__                                            \
    }

// Declared once, as a constant; a service lists its tables in its contract.
struct lq_steps {
    const char *entity;                    // "suspect"
    const ProtobufCEnumDescriptor *states; // what people are told is a value's name in lower case
    const char *start;                     // what they are told of the state 0; NULL: its name too
    const struct lq_step *steps;
    unsigned count;
    const char *field; // of the entity's row, that has its state; NULL: "state"
};

// kind, number, which (from 1) -> rules.Step; of every service one of whose things has steps by
// LQ_BODY_TAKE_STEP.
extern const struct lq_table lq_steps_taken;
bool lq_has_steps(const struct lq_service *service);

bool lq_step_possible(const struct lq_steps *steps, int from, int to);

// Does the table have a step by this command in this state?
bool lq_step_by(const struct lq_steps *steps, int from, unsigned command);

// The state that comes next, of an entity that has one way to go; `from` itself at its end.
int lq_step_after(const struct lq_steps *steps, int from);

// A state as a word for people ("arrest_requested"); in the arena.
const char *lq_step_word(struct lq_arena *arena, const struct lq_steps *steps, int state);

// The same for a sentence, with whose it is (base/message.h): "accepted@shift.Request".
const char *lq_state_said(struct lq_arena *arena, const struct lq_steps *steps, int state);

// The same of any enum's value. In the arena.
char *lq_word_of(struct lq_arena *arena, const ProtobufCEnumDescriptor *type, int number);

// What may follow, for people: "arrest_requested or discharged", "nothing". In the arena.
const char *lq_steps_from(struct lq_arena *arena, const struct lq_steps *steps, int from);
