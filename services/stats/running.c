// Running totals: for every series a row a day on which something was booked, holding the sum of
// all up to and including that day. A range of days, however long, is then the difference of two
// look-ups. The price is paid where it is rare: an entry for an earlier day is carried forward
// through the days that were booked since.
//
// Days are kept latest first, so that the latest row at or before a day is the first one from that
// day's key on.
#include "stats.h"

const struct lq_table stats_table_series = {"series", &stats__total__descriptor};
const struct lq_table stats_table_running = {"running", &stats__total__descriptor};

struct lq_key stats_series_key(const struct stats_series *series)
{
    struct lq_key key = lq_key_then_number(lq_key_number(series->by), series->figure);
    return lq_key_then_text(lq_key_then_text(key, series->kind), series->part);
}

struct stats_series stats_series_read(struct lq_arena *arena, const struct lq_key *key)
{
    struct lq_key_reader reader = {.key = key};
    struct stats_series series = {0};
    series.by = (Stats__By)lq_key_read_number(&reader);
    series.figure = (Stats__Figure)lq_key_read_number(&reader);
    series.kind = lq_arena_text(arena, lq_key_read_text(&reader));
    series.part = lq_arena_text(arena, lq_key_read_text(&reader));
    return series;
}

static struct lq_key day_key(struct lq_key series, int32_t day)
{
    return lq_key_then_number(series, (uint64_t)(STATS_LAST_DAY - day));
}

static int32_t day_in(const struct lq_key *key)
{
    struct lq_key_reader reader = {.key = key, .at = key->size - 8u};
    return STATS_LAST_DAY - (int32_t)lq_key_read_number(&reader);
}

static int64_t total_in(const void *row)
{
    const Stats__Total *total = row;
    return total == NULL ? 0 : total->total;
}

static void save_total(struct lq_view *tables, const struct lq_table *table, struct lq_key key,
                       int64_t total)
{
    Stats__Total row;
    stats__total__init(&row);
    row.total = total;
    lq_save(tables, table, key, &row.base);
}

static int64_t until(struct lq_view *view, struct lq_key series, int32_t day)
{
    struct lq_scan s =
        lq_scan_from(view, &stats_table_running, series, day_key(series, day), false);
    return lq_scan_next(&s) ? total_in(s.row) : 0;
}

int64_t stats_until(struct lq_view *view, const struct stats_series *series, int32_t day)
{
    return until(view, stats_series_key(series), day);
}

int64_t stats_of_all_days(struct lq_view *view, const struct stats_series *series)
{
    return total_in(lq_find(view, &stats_table_series, stats_series_key(series)));
}

// The first row of the walk whose day changed the total: what is booked and taken out again does
// not.
static int32_t first_change(struct lq_scan s, const struct stats_series *series)
{
    while (lq_scan_next(&s)) {
        const int32_t day = day_in(&s.key);
        if (total_in(s.row) != stats_until(s.view, series, day - 1))
            return day;
    }
    return 0;
}

bool stats_days(struct lq_view *view, const struct stats_series *series, int32_t *first,
                int32_t *last)
{
    const struct lq_key key = stats_series_key(series);
    *last = first_change(lq_scan(view, &stats_table_running, key), series);
    *first =
        *last == 0 ? 0 : first_change(lq_scan_backwards(view, &stats_table_running, key), series);
    return *last != 0;
}

void stats_add(struct lq_view *tables, const struct stats_series *series, int32_t day,
               int64_t amount)
{
    const struct lq_key key = stats_series_key(series);
    save_total(tables, &stats_table_series, key, stats_of_all_days(tables, series) + amount);

    const int64_t on_day = until(tables, key, day) + amount;
    for (struct lq_scan s = lq_scan(tables, &stats_table_running, key);
         lq_scan_next(&s) && day_in(&s.key) > day;)
        save_total(tables, &stats_table_running, s.key, total_in(s.row) + amount);
    save_total(tables, &stats_table_running, day_key(key, day), on_day);
}
