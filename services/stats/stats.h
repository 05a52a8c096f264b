// stats: counters made from the other services' events, each with the record behind it. The parts
// of the service and how they meet; only this folder includes it. The tour: README.md (what counts:
// the published rule), stats.c (the contract), follow.c (from events to entries), decide.c (what is
// booked), adjust.c (what is taken out or booked otherwise), parted.c (what is taken back), state.c
// (the tables), running.c (the totals), learned.c and known.c (what was known of them at a time),
// query.c, periods.c, shifts.c, departments.c and records.c (the answers), bulletins.c (the figures
// of a week, frozen), check.c (the invariants).
#pragma once

#include "rules/take_step.h"
#include "service/need.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift.pb-c.h"
#include "stats.pb-c.h"

extern const struct lq_table stats_table_entries;   // figure, kind, day, stream, seq, n -> Entry
extern const struct lq_table stats_table_series;    // by, figure, kind, part -> Total, of all days
extern const struct lq_table stats_table_running;   // the same, day (latest first) -> Total so far
extern const struct lq_table stats_table_standing;  // figure, number, stream, seq, n -> Entry
extern const struct lq_table stats_table_unsettled; // order -> OrderNumber
extern const struct lq_table stats_table_learned;   // day on which they were known, n -> Learned
extern const struct lq_table stats_table_names;     // text -> Name
extern const struct lq_table stats_table_heard;     // stream -> Heard: the last that was booked
extern const struct lq_table stats_table_bulletins; // number -> Bulletin
extern const struct lq_table stats_table_weeks;     // week -> BulletinOfWeek
extern const struct lq_table stats_table_places;    // year -> BulletinPlace

// ---------------------------------------------------------------- figures

enum {
    STATS_FIGURES = STATS__FIGURE__GRANTS + 1,
    STATS_LAST_DAY = 2932896, // 9999-12-31
};

bool stats_has_kinds(Stats__Figure figure);
bool stats_counts_once(Stats__Figure figure); // a thing or person counts once, whatever happens
bool stats_has_amounts(Stats__Figure figure); // a thing counts as more than one: its issues
bool stats_is_of_order(Stats__Figure figure); // goes when the order is withdrawn
bool stats_is_state(Stats__Figure figure);    // what is so, not what was done: as of a day

// ---------------------------------------------------------------- running totals (running.c)

// The totals of one figure and kind, or of its part in one township, team or shift.
struct stats_series {
    Stats__By by; // BY_NOTHING, TOWNSHIP or TEAM, and in known.c SHIFT and DEPARTMENT; periods are
                  // read from the days
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

// The first and last day that changed the total; false: none did.
bool stats_days(struct lq_view *view, const struct stats_series *series, int32_t *first,
                int32_t *last);

// ---------------------------------------------------------------- entries (state.c)

struct lq_key stats_entry_key(const Stats__Entry *entry, unsigned n);
struct lq_key stats_standing_prefix(Stats__Figure figure, const char *number);
bool stats_is_unsettled(struct lq_view *view, const char *order);

// ---------------------------------------------------------------- booking (decide.c)

// Emits the book's entries as they stand, unless a record is booked already or more would be taken
// out than there is; an empty book is nothing.
struct lq_verdict stats_emit_book(struct lq_decision *d, const Stats__Book *book);

// ---------------------------------------------------------------- what was known

// In `apply` (learned.c): adds an entry to what became known on its day.
void stats_learn(struct lq_view *tables, const Stats__Entry *entry);

// The day of `learned` on which it became known: of Greenwich, for it is only a place to look at.
int64_t stats_known_day(int64_t known_ms);

// The totals as of a time, by shift or by department, added up from what was learned by then
// (known.c).
struct stats_known;
struct stats_known *stats_known_at(struct lq_reading *r, int64_t as_of_ms, Stats__By by);
int64_t stats_known_until(const struct stats_known *known, const struct stats_series *series,
                          int32_t day);

// The first and last day that changed the total; false: none did.
bool stats_known_days(const struct stats_known *known, const struct stats_series *series,
                      int32_t *first, int32_t *last);

// The series by shift or department, which running totals do not have, by figure, kind and part.
const struct stats_series *stats_known_parts(const struct stats_known *known, size_t *count);

// ---------------------------------------------------------------- shifts (shifts.c)

// The name of the shift of the rota that covers the instant; "" if none does.
const char *stats_shift_at(struct lq_view *view, int64_t at_ms);

// The rota by start, to look many instants up in.
struct stats_rota {
    const Shift__Shift **shifts;
    size_t count, begun;
};
struct stats_rota stats_read_rota(struct lq_reading *r);

// The first shift that bears the name of the one that covers the instant, as its place in the rota
// plus one; 0: none covers it, or it has no name. And the first that bears a name of the rota.
uint32_t stats_shift_of(struct stats_rota *rota, int64_t at_ms);
uint32_t stats_shift_named(const struct stats_rota *rota, const char *name);

// ---------------------------------------------------------------- departments (departments.c)

// That of which the entry's person was when it happened, as the roster has it now; never "": where
// none is known it is "unknown", and of a state, which is nobody's act.
const char *stats_department_at(struct lq_view *view, const Stats__Entry *entry);

// The departments of many entries, each with a number from 1. A person is told by his number among
// `people`, too, since that is quicker to look up; 0 is nobody.
struct stats_departments;
struct stats_departments *stats_departments_new(struct lq_reading *r, size_t people);
uint32_t stats_department_of(struct stats_departments *all, uint32_t person, const char *badge,
                             int64_t at_ms);
uint32_t stats_department_named(const struct stats_departments *all, const char *name);
const char *stats_department_name(const struct stats_departments *all, uint32_t number);

// ---------------------------------------------------------------- periods (periods.c)

// The day after the period (a day, week or month) that the day lies in, and what the period is
// called, in the arena.
int32_t stats_period_end(Stats__By by, int32_t day);
const char *stats_period_name(struct lq_arena *arena, Stats__By by, int32_t day);

// The Monday of the week that is named as "2015-W20"; false: it names none.
bool stats_week_read(const char *text, int32_t *monday);

// ---------------------------------------------------------------- bulletins (bulletins.c)

extern const struct lq_steps stats_bulletin_steps;
lq_stepped_fn stats_bulletin_stepped;
lq_paper_source_fn stats_bulletin_lines; // a BulletinAnswer
void stats_check_bulletins(struct lq_view *view);

// ---------------------------------------------------------------- the service

extern const struct lq_follow_row stats_follows[];

// The figure that a step with a suspect counts under (a Casefile__SuspectStep); 0: none.
Stats__Figure stats_figure_of(int step);

lq_react_fn stats_hear_corrected, stats_hear_voided;
lq_take_back_fn stats_hear_parted;

void stats_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn stats_book, stats_settle_order, stats_withdraw_order, stats_adjust, stats_take_back,
    stats_publish_bulletin;
lq_apply_fn stats_booked, stats_order_settled, stats_taken_back, stats_bulletin_published;
lq_query_fn stats_query_figures, stats_query_records, stats_query_bulletin;
