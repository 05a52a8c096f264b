// Figures as of an earlier time: what was booked of records that were recorded by then is added up,
// and nothing else, so that a report of that day comes out again; of an import of today nothing is
// read where 2015 is asked for.
//
// The parts by shift and department are added up the same way, since rota and roster may be written
// down after what happened: the shift of an instant is the one that the rota has for it now, and
// the department of a person the one that the roster has for him then.
#include "stats.h"

struct amount {
    int32_t day;
    int64_t amount; // once all are there: of all up to and including the day
};

// A series by numbers: who adds up so many entries compares no texts.
struct sum {
    uint64_t key;
    struct amount *amounts;
    size_t count, room;
    bool unsorted;
    struct sum *next; // of the same slot
};

struct name {
    const char *text;
    uint32_t number;
};

enum { SLOTS = 4096, PART_BITS = 24, KIND_BITS = 24, BY_BITS = 8 };

struct stats_known {
    struct lq_reading *r;
    Stats__By by;
    struct sum *slots[SLOTS];
    size_t count;
    struct name *names; // by text
    const char **texts; // by number
    size_t name_count;
    struct stats_rota rota;                // where it is by shift
    struct stats_departments *departments; // where it is by department
};

// ---------------------------------------------------------------- names

static void read_names(struct stats_known *known)
{
    struct lq_view *view = known->r->view;
    const size_t most = (size_t)lq_count(view, &stats_table_names);
    known->names = LQ_NEW_ARRAY(known->r->arena, struct name, most + 1);
    known->texts = LQ_NEW_ARRAY(known->r->arena, const char *, most + 1);
    known->texts[0] = "";
    for (struct lq_scan s = lq_scan(view, &stats_table_names, lq_key_none()); lq_scan_next(&s);) {
        const Stats__Name *row = s.row;
        struct lq_key_reader reader = {.key = &s.key};
        const char *text = lq_arena_text(known->r->arena, lq_key_read_text(&reader));
        LQ_ASSERT(known->name_count < most && row->number <= most);
        known->names[known->name_count++] = (struct name){text, row->number};
        known->texts[row->number] = text;
    }
}

// Of what was booked: it has its number since then.
static uint32_t number_of(const struct stats_known *known, const char *text)
{
    size_t low = 0, high = known->name_count;
    if (text[0] == '\0')
        return 0;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (strcmp(known->names[middle].text, text) <= 0)
            low = middle;
        else
            high = middle;
    }
    LQ_ASSERT(low < known->name_count && strcmp(known->names[low].text, text) == 0);
    return known->names[low].number;
}

// ---------------------------------------------------------------- sums

static uint64_t key_of(Stats__By by, uint32_t figure, uint32_t kind, uint32_t part)
{
    uint64_t key = figure;
    key = key << BY_BITS | by;
    key = key << KIND_BITS | kind;
    return key << PART_BITS | part;
}

static size_t slot_of(uint64_t key)
{
    return (size_t)((key * 0x9e3779b97f4a7c15U) >> 52); // Fibonacci hashing: 4096 slots
}

static struct sum *find_sum(const struct stats_known *known, uint64_t key)
{
    struct sum *sum = known->slots[slot_of(key)];
    while (sum != NULL && sum->key != key)
        sum = sum->next;
    return sum;
}

static struct sum *new_sum(struct stats_known *known, uint64_t key)
{
    struct sum *sum = LQ_NEW(known->r->arena, struct sum), **slot = &known->slots[slot_of(key)];
    *sum = (struct sum){.key = key, .next = *slot};
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

static void add(struct stats_known *known, uint64_t key, int32_t day, int64_t amount)
{
    struct sum *sum = find_sum(known, key);
    if (sum == NULL)
        sum = new_sum(known, key);
    if (sum->count == 0 || sum->amounts[sum->count - 1].day != day) {
        if (sum->count == sum->room)
            grow(known->r->arena, sum);
        sum->unsorted |= sum->count > 0 && sum->amounts[sum->count - 1].day > day;
        sum->amounts[sum->count++] = (struct amount){.day = day};
    }
    sum->amounts[sum->count - 1].amount += amount;
}

// ---------------------------------------------------------------- what was learned

struct column_places {
    size_t entry, team; // where it stands in the row
};

static void add_to_part(struct stats_known *known, const Stats__Learned *row,
                        const struct column_places *at, uint32_t part)
{
    const size_t i = at->entry;
    if (part != 0)
        add(known, key_of(known->by, row->figure[i], row->kind[i], part), row->on_day[i],
            row->amount[i]);
}

// A state is in no shift.
static void add_to_shift(struct stats_known *known, const Stats__Learned *row,
                         const struct column_places *at)
{
    if (!stats_is_state((Stats__Figure)row->figure[at->entry]))
        add_to_part(known, row, at, stats_shift_of(&known->rota, row->at_ms[at->entry]));
}

// Everything is of somebody, or of nobody known: the parts add up.
static void add_to_department(struct stats_known *known, const Stats__Learned *row,
                              const struct column_places *at)
{
    const bool is_state = stats_is_state((Stats__Figure)row->figure[at->entry]);
    const uint32_t person = is_state ? 0 : row->person[at->entry];
    add_to_part(known, row, at,
                stats_department_of(known->departments, person, known->texts[person],
                                    row->at_ms[at->entry]));
}

static void add_entry(struct stats_known *known, const Stats__Learned *row,
                      const struct column_places *at)
{
    const size_t i = at->entry;
    add(known, key_of(STATS__BY__BY_NOTHING, row->figure[i], row->kind[i], 0), row->on_day[i],
        row->amount[i]);
    if (known->by == STATS__BY__TOWNSHIP)
        add_to_part(known, row, at, row->township[i]);
    if (known->by == STATS__BY__DUTY_SHIFT)
        add_to_shift(known, row, at);
    if (known->by == STATS__BY__DEPARTMENT)
        add_to_department(known, row, at);
    if (known->by != STATS__BY__TEAM)
        return;
    add_to_part(known, row, at, row->team[i]);
    for (size_t team = 0; team < row->team_count[i]; team++)
        add_to_part(known, row, at, row->teams[at->team + team]);
}

static void add_row(struct stats_known *known, const Stats__Learned *row, int64_t as_of_ms)
{
    struct column_places at = {0};
    const size_t count = row->n_figure;
    LQ_ASSERT(row->n_kind == count && row->n_township == count && row->n_team == count &&
              row->n_team_count == count && row->n_on_day == count && row->n_amount == count &&
              row->n_at_ms == count && row->n_known_ms == count && row->n_person == count);
    for (; at.entry < count; at.entry++) {
        if (row->known_ms[at.entry] <= as_of_ms)
            add_entry(known, row, &at);
        at.team += row->team_count[at.entry];
    }
}

static void read_learned(struct stats_known *known, int64_t as_of_ms)
{
    const int64_t last = stats_known_day(as_of_ms);
    struct lq_scan s = lq_scan(known->r->view, &stats_table_learned, lq_key_none());
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        if ((int64_t)lq_key_read_number(&reader) > last)
            return;
        add_row(known, s.row, as_of_ms);
    }
}

// ---------------------------------------------------------------- from amounts to totals

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

// Up to and including a day; a day whose amounts cancel out is no row.
static void run_up(struct lq_arena *arena, struct sum *sum)
{
    size_t count = 0;
    int64_t total = 0;
    if (sum->unsorted)
        sort_by_day(arena, sum);
    for (size_t i = 0; i < sum->count;) {
        const int32_t day = sum->amounts[i].day;
        int64_t of_day = 0;
        for (; i < sum->count && sum->amounts[i].day == day; i++)
            of_day += sum->amounts[i].amount;
        total += of_day;
        if (of_day != 0)
            sum->amounts[count++] = (struct amount){day, total};
    }
    sum->count = count;
}

struct stats_known *stats_known_at(struct lq_reading *r, int64_t as_of_ms, Stats__By by)
{
    struct stats_known *known = LQ_NEW(r->arena, struct stats_known);
    known->r = r;
    known->by = by;
    read_names(known);
    if (by == STATS__BY__DUTY_SHIFT)
        known->rota = stats_read_rota(r);
    if (by == STATS__BY__DEPARTMENT)
        known->departments = stats_departments_new(r, known->name_count);
    read_learned(known, as_of_ms);
    for (size_t i = 0; i < SLOTS; i++)
        for (struct sum *sum = known->slots[i]; sum != NULL; sum = sum->next)
            run_up(r->arena, sum);
    return known;
}

// ---------------------------------------------------------------- what is told

static uint32_t part_number(const struct stats_known *known, const struct stats_series *series)
{
    if (series->by == STATS__BY__DUTY_SHIFT)
        return stats_shift_named(&known->rota, series->part);
    if (series->by == STATS__BY__DEPARTMENT)
        return stats_department_named(known->departments, series->part);
    return number_of(known, series->part);
}

static const char *part_name(const struct stats_known *known, uint32_t part)
{
    return known->by == STATS__BY__DUTY_SHIFT ? known->rota.shifts[part - 1]->name
                                              : stats_department_name(known->departments, part);
}

// NULL: nothing of it was known.
static const struct sum *sum_of(const struct stats_known *known, const struct stats_series *series)
{
    return find_sum(known, key_of(series->by, series->figure, number_of(known, series->kind),
                                  part_number(known, series)));
}

int64_t stats_known_until(const struct stats_known *known, const struct stats_series *series,
                          int32_t day)
{
    const struct sum *sum = sum_of(known, series);
    size_t low = 0, high = sum == NULL ? 0 : sum->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (sum->amounts[middle].day <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : sum->amounts[low - 1].amount;
}

bool stats_known_days(const struct stats_known *known, const struct stats_series *series,
                      int32_t *first, int32_t *last)
{
    const struct sum *sum = sum_of(known, series);
    if (sum == NULL || sum->count == 0)
        return false;
    *first = sum->amounts[0].day;
    *last = sum->amounts[sum->count - 1].day;
    return true;
}

static bool is_before(const struct stats_series *a, const struct stats_series *b)
{
    if (a->figure != b->figure)
        return a->figure < b->figure;
    const int by_kind = strcmp(a->kind, b->kind);
    return by_kind != 0 ? by_kind < 0 : strcmp(a->part, b->part) < 0;
}

static struct stats_series part_series(const struct stats_known *known, uint64_t key)
{
    const uint32_t part = key & ((1u << PART_BITS) - 1);
    const uint32_t kind = key >> PART_BITS & ((1u << KIND_BITS) - 1);
    return (struct stats_series){.by = known->by,
                                 .figure =
                                     (Stats__Figure)(key >> (PART_BITS + KIND_BITS + BY_BITS)),
                                 .kind = known->texts[kind],
                                 .part = part_name(known, part)};
}

const struct stats_series *stats_known_parts(const struct stats_known *known, size_t *count)
{
    struct stats_series *all = LQ_NEW_ARRAY(known->r->arena, struct stats_series, known->count + 1);
    *count = 0;
    for (size_t i = 0; i < SLOTS; i++)
        for (const struct sum *sum = known->slots[i]; sum != NULL; sum = sum->next) {
            if ((sum->key >> (PART_BITS + KIND_BITS) & 0xff) != known->by)
                continue;
            const struct stats_series series = part_series(known, sum->key);
            size_t at = (*count)++;
            for (; at > 0 && is_before(&series, &all[at - 1]); at--)
                all[at] = all[at - 1];
            all[at] = series;
        }
    return all;
}
