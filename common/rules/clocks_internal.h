// What the files of clocks.h share; only this folder includes it.
#pragma once

#include "rules/clocks.h"

// The rule in force on the county day of the instant, of the law or of the county; NULL: none.
const struct lq_clock *lq_clock_rule(const struct lq_facts *f, const char *id, const char *variant,
                                     int64_t at_ms);

bool lq_clock_is_county(const char *rule); // of policy.yaml: "OP-…"

// The thing's term by the rule, which runs; NOT_DUE or CLOCK_UNKNOWN.
struct lq_verdict lq_clock_need_running(struct lq_decision *d, const char *kind, const char *number,
                                        const char *rule, const Rules__Clock **clock);

// A copy that is changed and goes with the next event.
Rules__Clock *lq_clock_change(struct lq_decision *d, const Rules__Clock *clock);

// Counts it anew after a change of its parts; what is from paper is not counted.
void lq_clock_recount(struct lq_decision *d, Rules__Clock *clock);

// Counts the term by its parts and sets its marks. `paper`: entered from paper (marks that are past
// wait a while).
void lq_clock_count(const struct lq_facts *f, struct lq_arena *arena, Rules__Clock *clock,
                    bool paper);

// The pause whose end is not known yet; NULL: none.
const Rules__Pause *lq_clock_held_by(const Rules__Clock *clock);

// By which day to act: the last working day of its term, as far as it has one; the last day of one
// that has none, or is counted in hours.
int32_t lq_clock_act_by_day(const struct lq_law *law, const Rules__Clock *clock,
                            const struct lq_clock *rule);

// When a mark of that instant rings, for what was promised: one before the end waits for it, and no
// longer than until the end.
int64_t lq_clock_promised_ms(const Rules__Clock *clock, int64_t at_ms);

// The first mark that has not rung; NULL: none is left.
Rules__Mark *lq_clock_next_mark(const Rules__Clock *clock);

// The term of that id, start 0: the latest; NULL: there is none. And the one that the walk of those
// that run has come to.
const Rules__Clock *lq_clock_of_id(struct lq_view *view, const Rules__ClockId *id);
const Rules__Clock *lq_clock_at(const struct lq_scan *s);
