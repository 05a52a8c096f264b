// Figures as of an earlier time: what was booked of records that were recorded by then, and nothing
// else, so that a report of that day comes out again. Where less has become known since than
// before, that is taken off the running totals; else what was known is added up. So what is read is
// at most half of all that was ever learned, and nothing of it where an import of today is asked as
// of 2015.
//
// The parts by shift are added up the same way, since the rota may be planned, or written down,
// after what happened in it: the shift of an instant is the one that the rota has for it now.
#include "shift/replica/rota.h"
#include "stats.h"

struct amount {
    int32_t day;
    int64_t amount; // once all are there: of all up to and including the day
};

struct sum {
    struct stats_series series;
    uint64_t hash;
    struct amount *amounts;
    size_t count, room;
    bool unsorted;
    struct sum *next; // of the same slot
};

enum { SLOTS = 4096 };

struct stats_known {
    struct lq_reading *r;
    Stats__By by;
    bool since; // what became known since is added up, to be taken off
    struct sum *slots[SLOTS];
    size_t count;
    const Stats__Learned *row; // that is added
    const Shift__Shift *shift; // that the last row was in
};

// ---------------------------------------------------------------- sums

// FNV-1a (Fowler, Noll, Vo).
static uint64_t hash_text(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    while (*text++ != '\0');
    return hash;
}

static uint64_t hash_of(const struct stats_series *series)
{
    const uint64_t start = 0xcbf29ce484222325U + series->figure * 16 + series->by;
    return hash_text(hash_text(start, series->kind), series->part);
}

static bool is_series(const struct stats_series *a, const struct stats_series *b)
{
    return a->by == b->by && a->figure == b->figure && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->part, b->part) == 0;
}

static struct sum *find_sum(const struct stats_known *known, const struct stats_series *series)
{
    const uint64_t hash = hash_of(series);
    struct sum *sum = known->slots[hash % SLOTS];
    while (sum != NULL && (sum->hash != hash || !is_series(&sum->series, series)))
        sum = sum->next;
    return sum;
}

static struct sum *new_sum(struct stats_known *known, const struct stats_series *series)
{
    const uint64_t hash = hash_of(series);
    struct sum *sum = LQ_NEW(known->r->arena, struct sum), **slot = &known->slots[hash % SLOTS];
    *sum = (struct sum){.series = *series, .hash = hash, .next = *slot};
    known->count++;
    return *slot = sum;
}

static void grow(struct lq_arena *arena, struct sum *sum)
{
    const size_t room = sum->room == 0 ? 8 : 2 * sum->room;
    struct amount *amounts = LQ_NEW_ARRAY(arena, struct amount, room);
    if (sum->count > 0)
        memcpy(amounts, sum->amounts, sum->count * sizeof *amounts);
    sum->amounts = amounts;
    sum->room = room;
}

static void add_row(void *self, const struct stats_series *series)
{
    struct stats_known *known = self;
    if (series->by != STATS__BY__BY_NOTHING && series->by != known->by)
        return;
    struct sum *sum = find_sum(known, series);
    if (sum == NULL)
        sum = new_sum(known, series);
    const int32_t day = known->row->on_day;
    if (sum->count == 0 || sum->amounts[sum->count - 1].day != day) {
        if (sum->count == sum->room)
            grow(known->r->arena, sum);
        sum->unsorted |= sum->count > 0 && sum->amounts[sum->count - 1].day > day;
        sum->amounts[sum->count++] = (struct amount){.day = day};
    }
    sum->amounts[sum->count - 1].amount += known->row->amount;
}

// ---------------------------------------------------------------- shifts

const char *stats_shift_at(struct lq_view *view, int64_t at_ms)
{
    const Shift__Shift *shift = at_ms < 0 ? NULL : lq_rota_at(view, at_ms);
    return shift == NULL ? "" : shift->name;
}

// The ledger is a state, and is in no shift.
static void add_to_shift(struct stats_known *known)
{
    const Stats__Learned *row = known->row;
    if (row->figure == STATS__FIGURE__LEDGER || row->at_ms < 0)
        return;
    const Shift__Shift *shift = known->shift;
    if (shift == NULL || row->at_ms < shift->starts_at_ms || row->at_ms >= shift->ends_at_ms)
        known->shift = shift = lq_rota_at(known->r->view, row->at_ms);
    if (shift != NULL && shift->name[0] != '\0')
        add_row(known, &(struct stats_series){.by = STATS__BY__SHIFT,
                                              .figure = row->figure,
                                              .kind = row->kind,
                                              .part = shift->name});
}

// ---------------------------------------------------------------- what is read

static bool is_less_known_since(struct lq_view *view, int64_t as_of_ms)
{
    const int64_t day = as_of_ms / LQ_DAY_MS;
    int64_t before = 0, since = 0;
    for (struct lq_scan s = lq_scan(view, &stats_table_heard, lq_key_none()); lq_scan_next(&s);) {
        struct lq_key_reader reader = {.key = &s.key};
        const int64_t heard_day = (int64_t)lq_key_read_number(&reader);
        const Stats__Total *heard = s.row;
        before += heard_day < day ? heard->total : 0;
        since += heard_day > day ? heard->total : 0;
    }
    return since < before;
}

static bool is_read(const struct stats_known *known, const struct lq_scan *s, int64_t as_of_ms)
{
    struct lq_key_reader reader = {.key = &s->key};
    return known->since || (int64_t)lq_key_read_number(&reader) <= as_of_ms;
}

static void read_learned(struct stats_known *known, int64_t as_of_ms)
{
    struct lq_scan s = lq_scan(known->r->view, &stats_table_learned, lq_key_none());
    if (known->since)
        s = lq_scan_from(known->r->view, &stats_table_learned, lq_key_none(),
                         lq_key_number((uint64_t)as_of_ms + 1), false);
    while (lq_scan_next(&s) && is_read(known, &s, as_of_ms)) {
        const Stats__Learned *row = known->row = s.row;
        const struct stats_place place = {.figure = row->figure,
                                          .kind = row->kind,
                                          .township = row->township,
                                          .team = row->team,
                                          .teams = row->teams,
                                          .n_teams = row->n_teams};
        stats_each_series(&place, add_row, known);
        if (known->by == STATS__BY__SHIFT)
            add_to_shift(known);
    }
}

// Merges two sorted neighbours, of which the first ends where the second begins.
static void merge(const struct amount *from, size_t low, size_t middle, size_t high,
                  struct amount *to)
{
    size_t left = low, right = middle;
    for (size_t i = low; i < high; i++)
        to[i] = right >= high || (left < middle && from[left].day <= from[right].day)
                    ? from[left++]
                    : from[right++];
}

// A merge sort from below: what is entered late makes runs, and they may be long.
static void sort_by_day(struct lq_arena *arena, struct sum *sum)
{
    struct amount *other = LQ_NEW_ARRAY(arena, struct amount, sum->count);
    for (size_t run = 1; run < sum->count; run *= 2) {
        for (size_t low = 0; low < sum->count; low += 2 * run) {
            const size_t middle = low + run < sum->count ? low + run : sum->count;
            const size_t high = middle + run < sum->count ? middle + run : sum->count;
            merge(sum->amounts, low, middle, high, other);
        }
        struct amount *sorted = other;
        other = sum->amounts;
        sum->amounts = sorted;
    }
}

// From amounts to totals up to and including a day.
static void run_up(struct lq_arena *arena, struct sum *sum)
{
    if (sum->unsorted)
        sort_by_day(arena, sum);
    for (size_t i = 1; i < sum->count; i++)
        sum->amounts[i].amount += sum->amounts[i - 1].amount;
}

struct stats_known *stats_known_at(struct lq_reading *r, int64_t as_of_ms, Stats__By by)
{
    struct stats_known *known = LQ_NEW(r->arena, struct stats_known);
    known->r = r;
    known->by = by;
    known->since = by != STATS__BY__SHIFT && is_less_known_since(r->view, as_of_ms);
    read_learned(known, as_of_ms);
    for (size_t i = 0; i < SLOTS; i++)
        for (struct sum *sum = known->slots[i]; sum != NULL; sum = sum->next)
            run_up(r->arena, sum);
    return known;
}

// ---------------------------------------------------------------- what is told

// The last amount at or before the day, of those that stand by day.
static int64_t amount_until(const struct sum *sum, int32_t day)
{
    size_t low = 0, high = sum->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (sum->amounts[middle].day <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : sum->amounts[low - 1].amount;
}

int64_t stats_known_until(const struct stats_known *known, struct lq_view *view,
                          const struct stats_series *series, int32_t day)
{
    if (known == NULL)
        return stats_until(view, series, day);
    const struct sum *sum = find_sum(known, series);
    const int64_t amount = sum == NULL ? 0 : amount_until(sum, day);
    return known->since ? stats_until(view, series, day) - amount : amount;
}

static bool is_before(const struct stats_series *a, const struct stats_series *b)
{
    if (a->figure != b->figure)
        return a->figure < b->figure;
    const int by_kind = strcmp(a->kind, b->kind);
    return by_kind != 0 ? by_kind < 0 : strcmp(a->part, b->part) < 0;
}

const struct stats_series *stats_known_series(const struct stats_known *known, Stats__By by,
                                              size_t *count)
{
    struct stats_series *all = LQ_NEW_ARRAY(known->r->arena, struct stats_series, known->count + 1);
    *count = 0;
    for (size_t i = 0; i < SLOTS; i++)
        for (const struct sum *sum = known->slots[i]; sum != NULL; sum = sum->next) {
            if (sum->series.by != by)
                continue;
            size_t at = (*count)++;
            for (; at > 0 && is_before(&sum->series, &all[at - 1]); at--)
                all[at] = all[at - 1];
            all[at] = sum->series;
        }
    return all;
}
