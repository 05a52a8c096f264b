// Taking a step (办理). Most of what is done with a thing is one of its kind's steps: a row of its
// table (service/steps.h) says from which state, to which, who may, what must be said, which terms
// end and start with it. One command and one event carry all of them, and the same table decides,
// checks the history, answers "what next", and is printed as docs/steps.md.
//
// A service has the members 39 `take_step` and `step_taken` in its oneofs, these handlers in its
// rows, and the tables in its things (rules/things.h); the roles of the command's row are all that
// any of its steps names.
#pragma once

#include "rules/things.h"

// The step that is being decided, for the rule of its row: what it may look at and set.
struct lq_taking {
    const struct lq_thing *thing;
    const struct lq_step *step;
    const char *number;
    const void *row;   // the thing as it is
    Rules__Act *act;   // as it will be recorded: a rule may complete it
    const char *owner; // whose the terms are that it starts: the actor, unless a rule says another
};

// Asked in this order: there is such a thing and it is not void; the state has such a step, or
// STEP_NOT_POSSIBLE tells which it has and whose they are; the step is theirs (STEP_NOT_YOURS); it
// is not dated before the step that brought the thing here, nor before the one of the same verb
// (BEFORE_PREVIOUS_STEP; the same instant passes: paper on what went on meanwhile comes in late);
// all is
// said that it needs, or CONDITION_MISSING names all that is not; the row's own rule.
lq_decide_fn lq_take_step;

// The same where a paper is served that takes the step with it (rules/papers.h).
struct lq_verdict lq_take_step_by_paper(struct lq_decision *d, const Rules__TakeStep *step);
lq_apply_fn lq_step_taken;

// The event by which a service asks for a team: rules.Called. It changes nothing of its own.
enum { LQ_BODY_CALLED = 49 };
lq_apply_fn lq_called;

// The latest step of that verb that the thing has taken; 0: of any. NULL: none.
const Rules__Step *lq_step_latest(struct lq_view *view, const char *kind, const char *number,
                                  int verb);

// How many of that verb the thing has taken.
unsigned lq_step_count(struct lq_view *view, const char *kind, const char *number, int verb);

// In which state of its steps the thing is.
int lq_thing_state(const struct lq_thing *thing, const void *row);

// "approve (head), withdraw (lead, officer)": what can be done with such a thing in that state, and
// who may, for people; "" if nothing. In the arena.
const char *lq_steps_possible(struct lq_decision *d, const struct lq_steps *steps, int state,
                              const void *row);

// All of them, in order, for an answer; in its arena.
Rules__Step **lq_steps_of(struct lq_reading *r, const char *kind, const char *number,
                          size_t *count);

// Since when it is as it is: when the latest step brought it into its state, and no earlier
// than the row says.
int64_t lq_step_since_ms(struct lq_view *view, const struct lq_thing *thing, const char *number,
                         const void *row);

// Rejects as CONDITION_MISSING unless at least two different people are named as officers who are
// on the roster of that time (`law`: by which they must be two).
struct lq_verdict lq_need_officers(struct lq_decision *d, const Rules__Act *act, const char *law);

// Aborts if the steps that were taken are none of the tables, or do not follow on each other.
void lq_steps_check(const struct lq_service *service, struct lq_view *view);
