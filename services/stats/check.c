// The invariants: every total is the sum of the entries behind it, day by day, and no figure counts
// fewer than none.
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
}
