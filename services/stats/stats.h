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
extern const struct lq_table stats_table_counted;   // figure, number -> the Entry that counted it
extern const struct lq_table stats_table_unsettled; // order, seq, n -> Entry

// ---------------------------------------------------------------- figures

enum {
    STATS_FIGURES = STATS__FIGURE__LEDGER + 1,
    STATS_LAST_DAY = 2932896, // 9999-12-31
};

bool stats_has_kinds(Stats__Figure figure);
bool stats_counts_once(Stats__Figure figure); // a thing or person counts once, whatever happens
bool stats_is_of_order(Stats__Figure figure); // goes when the order is withdrawn

// ---------------------------------------------------------------- running totals (running.c)

// The totals of one figure and kind, or of its part in one township or team.
struct stats_series {
    Stats__By by; // BY_NOTHING, TOWNSHIP or TEAM; months are read from the days
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

// The first and last day on which anything was booked in the series, which must have a row.
void stats_days(struct lq_view *view, const struct stats_series *series, int32_t *first,
                int32_t *last);

// ---------------------------------------------------------------- entries (state.c)

struct lq_key stats_entry_key(const Stats__Entry *entry, unsigned n);
struct lq_key stats_counted_key(const Stats__Entry *entry);
bool stats_is_unsettled(struct lq_view *view, const char *order);

// ---------------------------------------------------------------- the service

extern const struct lq_follow_row stats_follows[];

void stats_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn stats_book, stats_settle_order, stats_withdraw_order;
lq_apply_fn stats_booked, stats_order_settled;
lq_query_fn stats_query_figures, stats_query_records;
