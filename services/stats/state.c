// The tables, and how each event changes them. An entry goes into the drill-down and into the
// running totals of everything it is part of; see running.c.
#include "pb/pb.h"
#include "stats.h"

const struct lq_table stats_table_entries = {"entries", &stats__entry__descriptor};
const struct lq_table stats_table_counted = {"counted", &stats__entry__descriptor};
const struct lq_table stats_table_unsettled = {"unsettled", &stats__entry__descriptor};

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

bool stats_counts_once(Stats__Figure figure)
{
    return !stats_is_of_order(figure) && figure != STATS__FIGURE__LEDGER;
}

// ---------------------------------------------------------------- keys

// One record can book a figure more than once on a day (a cancellation takes out each
// person-time of its order), so the entry's place in its book ends the key.
struct lq_key stats_entry_key(const Stats__Entry *entry, unsigned n)
{
    struct lq_key key = lq_key_then_text(lq_key_number(entry->figure), entry->kind);
    key = lq_key_then_text(lq_key_then_number(key, (uint64_t)entry->on_day), entry->stream);
    return lq_key_then_number(lq_key_then_number(key, entry->seq), n);
}

struct lq_key stats_counted_key(const Stats__Entry *entry)
{
    return lq_key_then_text(lq_key_number(entry->figure), entry->number);
}

static struct lq_key unsettled_key(const Stats__Entry *entry, unsigned n)
{
    return lq_key_then_number(lq_key_then_number(lq_key_text(entry->number), entry->seq), n);
}

bool stats_is_unsettled(struct lq_view *view, const char *order)
{
    if (strlen(order) > LQ_PB_IDENTIFIER_BYTES)
        return false;
    struct lq_scan s = lq_scan(view, &stats_table_unsettled, lq_key_text(order));
    return lq_scan_next(&s);
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

// What is booked for an order whose teams are all still at home is kept, in case it is cancelled.
// The operation itself opens the account.
static bool may_be_withdrawn(struct lq_view *tables, const Stats__Entry *entry)
{
    return stats_is_of_order(entry->figure) && entry->amount > 0 &&
           (entry->figure == STATS__FIGURE__OPERATIONS ||
            stats_is_unsettled(tables, entry->number));
}

void stats_booked(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Stats__Booked *booked = event;
    for (size_t i = 0; i < booked->n_entries; i++) {
        const Stats__Entry *entry = lq_pb_project(lq_view_arena(tables), &stats__entry__descriptor,
                                                  booked->entries[i]);
        const unsigned n = (unsigned)i;
        lq_save(tables, &stats_table_entries, stats_entry_key(entry, n), &entry->base);
        add_to_totals(tables, entry);
        if (stats_counts_once(entry->figure))
            lq_save(tables, &stats_table_counted, stats_counted_key(entry), &entry->base);
        if (may_be_withdrawn(tables, entry))
            lq_save(tables, &stats_table_unsettled, unsettled_key(entry, n), &entry->base);
    }
}

void stats_order_settled(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Stats__OrderSettled *settled = event;
    for (struct lq_scan s = lq_scan(tables, &stats_table_unsettled, lq_key_text(settled->order));
         lq_scan_next(&s);)
        lq_erase(tables, &stats_table_unsettled, s.key);
}
