// The tables, and how each event changes them. An entry goes into the drill-down and into the
// running totals of everything it is part of; see running.c.
#include "pb/pb.h"
#include "stats.h"

const struct lq_table stats_table_entries = {"entries", &stats__entry__descriptor};
const struct lq_table stats_table_standing = {"standing", &stats__entry__descriptor};
const struct lq_table stats_table_unsettled = {"unsettled", &stats__order_number__descriptor};

bool stats_has_kinds(Stats__Figure figure)
{
    return figure == STATS__FIGURE__DISMANTLED || figure == STATS__FIGURE__SEALED ||
           figure == STATS__FIGURE__SHUT_DOWN || figure == STATS__FIGURE__LEDGER;
}

bool stats_is_of_order(Stats__Figure figure)
{
    return figure == STATS__FIGURE__OPERATIONS || figure == STATS__FIGURE__PERSON_TIMES ||
           figure == STATS__FIGURE__VEHICLE_TIMES || figure == STATS__FIGURE__MACHINE_TIMES;
}

bool stats_is_state(Stats__Figure figure)
{
    return figure == STATS__FIGURE__LEDGER;
}

bool stats_has_amounts(Stats__Figure figure)
{
    return figure == STATS__FIGURE__ISSUES_RAISED || figure == STATS__FIGURE__ISSUES_SOLVED ||
           stats_is_of_order(figure);
}

bool stats_counts_once(Stats__Figure figure)
{
    return !stats_is_of_order(figure) && !stats_is_state(figure);
}

// ---------------------------------------------------------------- keys

// One record can book a figure more than once on a day (a cancellation takes out each
// person-time of its order), so the entry's place in its book ends the key. A record of another
// history of its stream may have the same number.
static struct lq_key then_record(struct lq_key key, const Stats__Entry *entry, unsigned n)
{
    key = lq_key_then_number(lq_key_then_text(key, entry->stream), entry->seq);
    key = lq_key_then_number(key, n);
    return entry->history > 0 ? lq_key_then_number(key, entry->history) : key;
}

struct lq_key stats_entry_key(const Stats__Entry *entry, unsigned n)
{
    const struct lq_key key = lq_key_then_text(lq_key_number(entry->figure), entry->kind);
    return then_record(lq_key_then_number(key, (uint64_t)entry->on_day), entry, n);
}

struct lq_key stats_standing_prefix(Stats__Figure figure, const char *number)
{
    return lq_key_then_text(lq_key_number(figure), number);
}

static struct lq_key standing_key(const Stats__Entry *entry, unsigned n)
{
    return then_record(stats_standing_prefix(entry->figure, entry->number), entry, n);
}

bool stats_is_unsettled(struct lq_view *view, const char *order)
{
    return strlen(order) <= LQ_PB_IDENTIFIER_BYTES &&
           lq_exists(view, &stats_table_unsettled, lq_key_text(order));
}

// ---------------------------------------------------------------- apply

static void add_part(struct lq_view *tables, const Stats__Entry *entry, Stats__By by,
                     const char *part)
{
    const struct stats_series series = {
        .by = by, .figure = entry->figure, .kind = entry->kind, .part = part};
    stats_add(tables, &series, entry->on_day, entry->amount);
}

// An operation is part of every team that it was addressed to; what has no township, or no team, is
// in the total alone.
static void add_to_totals(struct lq_view *tables, const Stats__Entry *entry)
{
    add_part(tables, entry, STATS__BY__BY_NOTHING, "");
    if (entry->township[0] != '\0')
        add_part(tables, entry, STATS__BY__TOWNSHIP, entry->township);
    if (entry->team[0] != '\0')
        add_part(tables, entry, STATS__BY__TEAM, entry->team);
    for (size_t i = 0; i < entry->n_teams; i++)
        add_part(tables, entry, STATS__BY__TEAM, entry->teams[i]);
}

static bool is_same_thing(const Stats__Entry *a, const Stats__Entry *b)
{
    if (a->n_teams != b->n_teams || a->on_day != b->on_day || strcmp(a->kind, b->kind) != 0 ||
        strcmp(a->township, b->township) != 0 || strcmp(a->team, b->team) != 0 ||
        strcmp(a->person, b->person) != 0)
        return false;
    for (size_t i = 0; i < a->n_teams; i++)
        if (strcmp(a->teams[i], b->teams[i]) != 0)
            return false;
    return true;
}

// A counter-entry takes away what it counters; of everything else it is remembered that it stands.
// Journals of before did not say when a thing happened that is taken out again: when it was booked.
static void keep_standing(struct lq_view *tables, Stats__Entry *entry, bool dated, unsigned n)
{
    const struct lq_key same = stats_standing_prefix(entry->figure, entry->number);
    const bool may_counter = entry->amount < 0 || stats_is_state(entry->figure);
    if (may_counter)
        for (struct lq_scan s = lq_scan(tables, &stats_table_standing, same); lq_scan_next(&s);) {
            const Stats__Entry *other = s.row;
            if (other->amount != -entry->amount || !is_same_thing(other, entry))
                continue;
            if (!dated)
                entry->at_ms = other->at_ms;
            lq_erase(tables, &stats_table_standing, s.key);
            return;
        }
    lq_save(tables, &stats_table_standing, standing_key(entry, n), &entry->base);
}

// An operation can be withdrawn from now on. One that is booked again, behind its counter-entry, is
// as settled as it was.
static void open_account(struct lq_view *tables, const char *order)
{
    Stats__OrderNumber row;
    stats__order_number__init(&row);
    row.order = lq_unconst(order);
    lq_save(tables, &stats_table_unsettled, lq_key_text(order), &row.base);
}

// How far the stream is counted: its last record that changed a figure.
static void keep_heard(struct lq_view *tables, const struct lq_occurrence *what,
                       const Stats__Entry *entry)
{
    Stats__Heard heard = STATS__HEARD__INIT;
    heard.seq = entry->seq;
    if (strcmp(entry->stream, what->service->name) != 0) // what is taken back rests on our own
        lq_save(tables, &stats_table_heard, lq_key_text(entry->stream), &heard.base);
}

// Journals of before said neither when the followed service recorded what is booked, nor when it
// happened: then it was known when it was booked, moments later, and the booking is dated as the
// record was.
static void keep_entry(struct lq_view *tables, const struct lq_occurrence *what,
                       const Stats__BookedEntry *booked, unsigned n)
{
    Stats__Entry *entry = lq_pb_project(lq_view_arena(tables), &stats__entry__descriptor, booked);
    const bool dated = entry->at_ms != 0;
    if (entry->known_ms == 0)
        entry->known_ms = what->recorded_ms;
    if (!dated)
        entry->at_ms = what->occurred_ms;
    keep_standing(tables, entry, dated, n);
    lq_save(tables, &stats_table_entries, stats_entry_key(entry, n), &entry->base);
    add_to_totals(tables, entry);
    stats_learn(tables, entry);
    keep_heard(tables, what, entry);
}

void stats_booked(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Stats__Booked *booked = event;
    for (size_t i = 0; i < booked->n_entries; i++) {
        keep_entry(tables, what, booked->entries[i], (unsigned)i);
        if (booked->entries[i]->figure == STATS__FIGURE__OPERATIONS &&
            booked->entries[0]->amount > 0)
            open_account(tables, booked->entries[i]->number);
    }
}

void stats_taken_back(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Stats__TakenBack *taken = event;
    for (size_t i = 0; i < taken->n_entries; i++)
        keep_entry(tables, what, taken->entries[i], (unsigned)i);
    if (taken->reopen[0] != '\0')
        open_account(tables, taken->reopen);
    if (taken->close[0] != '\0')
        lq_erase(tables, &stats_table_unsettled, lq_key_text(taken->close));
}

void stats_order_settled(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Stats__OrderSettled *settled = event;
    lq_erase(tables, &stats_table_unsettled, lq_key_text(settled->order));
}
