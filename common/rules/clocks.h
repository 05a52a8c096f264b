// Terms (期限): from the fact that starts one to the fact that ends it, with the marks at which it
// tells of itself. Statutory ones (law.yaml) and those of the county (policy.yaml, "OP-…") are one
// thing: an expiring seal, an order that nobody has answered, a handover that is not signed.
//
// `decide` starts, extends, pauses and ends terms before it emits the fact; the event carries them
// whole, and the runtime keeps them from it (lq_clocks_keep). What a term is at an instant is
// computed (lq_clock_status) and never kept. A term closes, releases or reopens nothing.
//
// A service has the members of rules.proto in its oneofs with these numbers, `repeated rules.Clock
// clocks = 50` in its Event, these handlers in its rows, and {LQ_CLOCK_TIMER, lq_clock_due} among
// its timers.
#pragma once

#include "law/law.h"
#include "rules.pb-c.h"
#include "service/clock_tables.h"
#include "service/service.h"

enum {
    LQ_BODY_RING_CLOCK = 40,
    LQ_BODY_TAKE_CLOCK = 41,
    LQ_BODY_PAUSE_CLOCK = 42,
    LQ_BODY_RECOUNT_CLOCKS = 43,
};

#define LQ_CLOCK_TIMER "clock/"

// ---------------------------------------------------------------- in `decide`, before lq_emit

struct lq_clock_start {
    const char *kind, *number; // the thing whose term it is
    const char *rule;          // "SZ6", "OP-ACK"
    const char *variant;       // NULL: none
    int64_t start_ms;
    int64_t arguable_start_ms; // where the law leaves open from which act; 0: it does not
    int32_t length;            // as chosen, in the rule's unit; 0: the rule's
    const char *owner;         // a badge, or a team
    int64_t due_ms;            // where the fact names the end itself (a shift's start); 0: counted
    int64_t before_ms;         // where it ends its length before an instant: that; 0: it does not
    int64_t stop_ms;           // of a restart: when it ended; 0: it has not
    bool from_paper; // the fact was entered long after it happened, though not by this command
};

// What ends its length before an instant (seconds to calendar days of 24 hours; any other unit
// counts for nothing) ends as it starts where it starts later than that.

// A term of which no rule is in force, or whose calendar is not known, is kept as not counted. The
// county's own do not start for what the office enters from paper. One that runs already goes on:
// what it waits for is still to be done.
void lq_clock_start(struct lq_decision *d, const struct lq_clock_start *start);

// The thing's latest term by the rule as it is by now in this decision; NULL: none was started.
const Rules__Clock *lq_clock_now(struct lq_decision *d, const char *kind, const char *number,
                                 const char *rule);

// What a clerk enters long after it happened, for somebody or from a ledger that names nobody, is a
// record from paper.
bool lq_is_from_paper(const struct lq_facts *facts);

// Ends it, if it runs: what was to be done was done then. False: there was none.
bool lq_clock_stop(struct lq_decision *d, const char *kind, const char *number, const char *rule,
                   int64_t at_ms);

// Extends it by the rule `by`, which follows on it, by a length of at most that rule's (0: all),
// dated as the command. Rejects: TERM_EXPIRED, EXTENDED_ALREADY, EXTENSION_TOO_LONG.
struct lq_verdict lq_clock_extend(struct lq_decision *d, const char *kind, const char *number,
                                  const char *rule, const char *by, int32_t length,
                                  const char *paper);

// Its start, its end, its length or its variant was something else than was thought: counted by
// what these now are. What is NULL or 0 of the others stays.
void lq_clock_restart(struct lq_decision *d, const Rules__Clock *clock,
                      const struct lq_clock_start *now);

// Takes days out of it: the cause is one of the rule's, both days are fixed and were told by a
// paper. The end of a pause of that cause and first day is changed. Rejects: CLOCK_UNKNOWN,
// NOT_DUE, PAUSE_NOT_NOTIFIED.
struct lq_verdict lq_clock_pause(struct lq_decision *d, const Rules__PauseClock *pause);

// Takes days out of it from that of the command, until lq_clock_go_on tells the last of them: till
// then it has no end. It does nothing with one that does not run, is not counted, or was over by
// then.
void lq_clock_hold(struct lq_decision *d, const char *kind, const char *number, const char *rule,
                   const char *cause, const char *paper);
void lq_clock_go_on(struct lq_decision *d, const char *kind, const char *number, const char *rule);

// What started it was taken back: there was no such term.
void lq_clock_void(struct lq_decision *d, const Rules__Clock *clock);

// ---------------------------------------------------------------- what a term is

const Rules__Clock *lq_clock_find(struct lq_view *view, const char *kind, const char *number,
                                  const char *rule); // the latest; NULL: none
const Rules__Clock *lq_clock_of(struct lq_view *view, const char *kind, const char *number,
                                const char *rule, uint32_t start); // that one; NULL: none
Rules__ClockStatus lq_clock_status(const Rules__Clock *clock, int64_t at_ms);
bool lq_clock_runs(const Rules__Clock *clock); // neither ended nor void

// ---------------------------------------------------------------- handlers

lq_decide_fn lq_ring_clock, lq_take_clock, lq_pause_clock, lq_recount_clocks;
lq_apply_fn lq_clock_noted; // clock_rang, clock_taken, …: what they change stands in `clocks`
lq_query_fn lq_ask_clocks;
lq_timer_fn lq_clock_due;

// In `apply`: keeps the terms that the event carries, whatever it is; `bytes` are the event's.
void lq_clocks_keep(struct lq_view *tables, const ProtobufCMessage *event, struct lq_span bytes);
void lq_clock_keep(struct lq_view *tables, const Rules__Clock *clock);

// In `apply`: the things whose terms were counted anew tell of that, though the event does not name
// them but by their terms.
void lq_clocks_told(struct lq_view *tables, const struct lq_occurrence *what,
                    const ProtobufCMessage *event);
void lq_clocks_void(struct lq_view *tables, const char *kind, const char *number);

// Aborts if the tables do not agree.
void lq_clocks_check(struct lq_view *view);
