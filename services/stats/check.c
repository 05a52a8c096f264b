// The invariants: every total is the sum of the entries behind it, day by day, and no figure counts
// fewer than none; what stands of the entries is what they add up to, and each was learned once.
#include "stats.h"

// Adds up the entries of one figure and kind; returns how many there are.
static size_t check_entries(struct lq_view *view, const struct stats_series *series)
{
    const struct lq_key prefix = lq_key_then_text(lq_key_number(series->figure), series->kind);
    int64_t sum = 0;
    int32_t day = 0;
    size_t count = 0;
    for (struct lq_scan s = lq_scan(view, &stats_table_entries, prefix); lq_scan_next(&s);
         count++) {
        const Stats__Entry *entry = s.row;
        if (entry->on_day != day && day != 0)
            LQ_ASSERT(stats_until(view, series, day) == sum);
        day = entry->on_day;
        sum += entry->amount;
    }
    LQ_ASSERT(stats_until(view, series, STATS_LAST_DAY) == sum);
    return count;
}

// What stands of a figure, of all kinds, is what was booked of it.
static void check_standing(struct lq_view *view, Stats__Figure figure)
{
    int64_t standing = 0, booked = 0;
    for (struct lq_scan s = lq_scan(view, &stats_table_standing, lq_key_number(figure));
         lq_scan_next(&s);)
        standing += ((const Stats__Entry *)s.row)->amount;
    const struct lq_key all = lq_key_then_number(lq_key_number(STATS__BY__BY_NOTHING), figure);
    for (struct lq_scan s = lq_scan(view, &stats_table_series, all); lq_scan_next(&s);)
        booked += ((const Stats__Total *)s.row)->total;
    LQ_ASSERT(standing == booked);
}

static void check_learned(struct lq_view *view, size_t entries)
{
    size_t learned = 0;
    for (struct lq_scan s = lq_scan(view, &stats_table_learned, lq_key_none()); lq_scan_next(&s);) {
        const Stats__Learned *row = s.row;
        size_t teams = 0;
        for (size_t i = 0; i < row->n_team_count; i++)
            teams += row->team_count[i];
        LQ_ASSERT(row->n_team_count == row->n_figure && row->n_teams == teams &&
                  row->n_person == row->n_figure);
        learned += row->n_figure;
    }
    LQ_ASSERT(learned == entries);
}

void stats_check(struct lq_view *view)
{
    size_t counted = 0, entries = 0;
    for (struct lq_scan s = lq_scan(view, &stats_table_series, lq_key_none()); lq_scan_next(&s);) {
        const struct stats_series series = stats_series_read(lq_view_arena(view), &s.key);
        const Stats__Total *all = s.row;
        LQ_ASSERT(all->total == stats_until(view, &series, STATS_LAST_DAY));
        if (series.by != STATS__BY__BY_NOTHING)
            continue;
        LQ_ASSERT(all->total >= 0);
        counted += check_entries(view, &series);
    }
    for (struct lq_scan s = lq_scan(view, &stats_table_entries, lq_key_none()); lq_scan_next(&s);)
        entries++;
    LQ_ASSERT(entries == counted); // none belongs to no series
    check_learned(view, entries);
    for (unsigned figure = STATS__FIGURE__OPERATIONS; figure < STATS_FIGURES; figure++)
        check_standing(view, (Stats__Figure)figure);
    stats_check_bulletins(view);
}
