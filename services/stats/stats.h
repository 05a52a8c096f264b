// stats: counters made from the other services' events, each with the record behind it. The parts
// of the service and how they meet; only this folder includes it. The tour: README.md (what counts:
// the published rule), stats.c (the contract), follow.c (from events to entries), decide.c (what is
// booked), state.c (the tables), running.c (the totals), query.c and records.c (the answers),
// check.c (the invariants).
#pragma once

#include "service/rows.h"
#include "service/service.h"
#include "stats.pb-c.h"

extern const struct lq_table stats_table_entries;   // figure, kind, day, stream, seq, n -> Entry
extern const struct lq_table stats_table_series;    // by, figure, kind, part -> Total, of all days
extern const struct lq_table stats_table_running;   // the same, day (latest first) -> Total so far
extern const struct lq_table stats_table_standing;  // figure, number, stream, seq, n -> Entry
extern const struct lq_table stats_table_unsettled; // order -> OrderNumber
extern const struct lq_table stats_table_learned;   // known_ms, seq of the booking, n -> Learned
extern const struct lq_table stats_table_heard;     // day of known_ms -> Total: entries known then

// ---------------------------------------------------------------- figures

enum {
    STATS_FIGURES = STATS__FIGURE__LEDGER + 1,
    STATS_LAST_DAY = 2932896, // 9999-12-31
};

bool stats_has_kinds(Stats__Figure figure);
bool stats_counts_once(Stats__Figure figure); // a thing or person counts once, whatever happens
bool stats_is_of_order(Stats__Figure figure); // goes when the order is withdrawn

// ---------------------------------------------------------------- running totals (running.c)

// The totals of one figure and kind, or of its part in one township, team or shift.
struct stats_series {
    Stats__By
        by; // BY_NOTHING, TOWNSHIP or TEAM, and in known.c SHIFT; periods are read from the days
    Stats__Figure figure;
    const char *kind;
    const char *part; // "" where it is by nothing
};

struct lq_key stats_series_key(const struct stats_series *series);
struct stats_series stats_series_read(struct lq_arena *arena, const struct lq_key *key);

// In `apply`: adds the amount on that day and carries it forward through all days behind it.
void stats_add(struct lq_view *tables, const struct stats_series *series, int32_t day,
               int64_t amount);

int64_t stats_until(struct lq_view *view, const struct stats_series *series, int32_t day);
int64_t stats_of_all_days(struct lq_view *view, const struct stats_series *series);

// ---------------------------------------------------------------- entries (state.c)

struct lq_key stats_entry_key(const Stats__Entry *entry, unsigned n);
struct lq_key stats_standing_prefix(Stats__Figure figure, const char *number);
bool stats_is_unsettled(struct lq_view *view, const char *order);

// Calls back with each series that an entry is part of: the total, its township, its teams.
typedef void stats_series_fn(void *self, const struct stats_series *series);
struct stats_place {
    Stats__Figure figure;
    const char *kind, *township, *team;
    char *const *teams;
    size_t n_teams;
};
void stats_each_series(const struct stats_place *place, stats_series_fn *visit, void *self);

// ---------------------------------------------------------------- booking (decide.c)

// Emits the book's entries as they stand, unless a record is booked already or more would be taken
// out than there is; an empty book is nothing.
struct lq_verdict stats_emit_book(struct lq_decision *d, const Stats__Book *book);

// ---------------------------------------------------------------- what was known (known.c)

// The totals as of a time, or by shift: counted from the learned entries, not from the running
// totals alone.
struct stats_known;
struct stats_known *stats_known_at(struct lq_reading *r, int64_t as_of_ms, Stats__By by);

// NULL for `known`: everything is, as the running totals have it.
int64_t stats_known_until(const struct stats_known *known, struct lq_view *view,
                          const struct stats_series *series, int32_t day);

// The first and last day that changed the total (running.c); false: none did.
bool stats_days(struct lq_view *view, const struct stats_known *known,
                const struct stats_series *series, int32_t *first, int32_t *last);

// The series of that kind of part, which running totals do not have, by figure, kind and part.
const struct stats_series *stats_known_series(const struct stats_known *known, Stats__By by,
                                              size_t *count);

// The name of the shift of the rota that covers the instant; "" if none does.
const char *stats_shift_at(struct lq_view *view, int64_t at_ms);

// ---------------------------------------------------------------- periods (periods.c)

// The day after the period (a day, week or month) that the day lies in, and what the period is
// called, in the arena.
int32_t stats_period_end(Stats__By by, int32_t day);
const char *stats_period_name(struct lq_arena *arena, Stats__By by, int32_t day);

// ---------------------------------------------------------------- the service

extern const struct lq_follow_row stats_follows[];

void stats_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn stats_book, stats_settle_order, stats_withdraw_order, stats_adjust;
lq_apply_fn stats_booked, stats_order_settled;
lq_query_fn stats_query_figures, stats_query_records;
