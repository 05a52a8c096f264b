// The figures: totals of a range of days, and their parts. Each is read from the running totals, so
// that an answer costs two look-ups for each line it has; as of an earlier time, by shift and by
// department, from what was learned (known.c).
#include "stats.h"

// What an answer is about, with the open ends of the range filled in.
struct scope {
    struct lq_reading *r;
    struct stats_known *known; // NULL: everything is, and the running totals have it
    int32_t from, to;          // inclusive
    bool everything;           // nothing that is booked lies outside
    int32_t first, last;       // of anything that is done; 0: nothing
    int32_t oldest, newest;    // of anything that counts; 0: nothing
};

// ---------------------------------------------------------------- lists that grow

struct list {
    void **items;
    size_t count, room;
};

static void list_add(struct lq_arena *arena, struct list *list, void *item)
{
    if (list->count == list->room) {
        const size_t room = list->room == 0 ? 64 : 2 * list->room;
        void **items = LQ_NEW_ARRAY(arena, void *, room);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = item;
}

static void add_count(struct scope *scope, struct list *counts, Stats__Figure figure,
                      const char *kind, int64_t total)
{
    Stats__Count *count = LQ_NEW(scope->r->arena, Stats__Count);
    stats__count__init(count);
    count->figure = figure;
    count->kind = lq_unconst(kind);
    count->total = total;
    list_add(scope->r->arena, counts, count);
}

static void add_part(struct scope *scope, struct list *parts, const struct stats_series *series,
                     const char *name, int64_t total)
{
    if (total == 0)
        return;
    Stats__Part *part = LQ_NEW(scope->r->arena, Stats__Part);
    stats__part__init(part);
    part->figure = series->figure;
    part->kind = lq_unconst(series->kind);
    part->part = lq_unconst(name);
    part->total = total;
    list_add(scope->r->arena, parts, part);
}

// ---------------------------------------------------------------- totals

static int64_t total_until(struct scope *scope, const struct stats_series *series, int32_t day)
{
    return scope->known == NULL ? stats_until(scope->r->view, series, day)
                                : stats_known_until(scope->known, series, day);
}

static int64_t total_between(struct scope *scope, const struct stats_series *series, int32_t from,
                             int32_t to)
{
    const int64_t until = total_until(scope, series, to);
    return stats_is_state(series->figure) || from <= 1
               ? until
               : until - total_until(scope, series, from - 1);
}

// The total in range of the series whose row is given, or NULL.
static int64_t total_of(struct scope *scope, const struct stats_series *series, const void *row)
{
    const Stats__Total *of_all_days = row;
    if (scope->everything && row != NULL && scope->known == NULL)
        return of_all_days->total;
    if (scope->from > scope->to && !stats_is_state(series->figure))
        return 0;
    return total_between(scope, series, scope->from, scope->to);
}

// The lines of one figure. A figure without kinds has its line even if nothing was counted: a table
// of figures keeps its shape.
static void count_figure(struct scope *scope, struct list *counts, Stats__Figure figure)
{
    const struct lq_key prefix = lq_key_then_number(lq_key_number(STATS__BY__BY_NOTHING), figure);
    const bool plain = !stats_has_kinds(figure);
    bool found = false;
    for (struct lq_scan s = lq_scan(scope->r->view, &stats_table_series, prefix);
         lq_scan_next(&s);) {
        const struct stats_series series = stats_series_read(scope->r->arena, &s.key);
        const int64_t total = total_of(scope, &series, s.row);
        if (total != 0 || plain)
            add_count(scope, counts, figure, series.kind, total);
        found = true;
    }
    if (!found && plain)
        add_count(scope, counts, figure, "", 0);
}

// ---------------------------------------------------------------- parts

static void parts_by_name(struct scope *scope, struct list *parts, Stats__By by)
{
    for (struct lq_scan s = lq_scan(scope->r->view, &stats_table_series, lq_key_number(by));
         lq_scan_next(&s);) {
        const struct stats_series series = stats_series_read(scope->r->arena, &s.key);
        add_part(scope, parts, &series, series.part, total_of(scope, &series, s.row));
    }
}

static void parts_of_known(struct scope *scope, struct list *parts)
{
    size_t count;
    const struct stats_series *series = stats_known_parts(scope->known, &count);
    for (size_t i = 0; i < count; i++)
        add_part(scope, parts, &series[i], series[i].part, total_of(scope, &series[i], NULL));
}

static void parts_by_kind(struct scope *scope, struct list *parts)
{
    const struct lq_key all = lq_key_number(STATS__BY__BY_NOTHING);
    for (struct lq_scan s = lq_scan(scope->r->view, &stats_table_series, all); lq_scan_next(&s);) {
        const struct stats_series series = stats_series_read(scope->r->arena, &s.key);
        if (stats_has_kinds(series.figure))
            add_part(scope, parts, &series, series.kind, total_of(scope, &series, s.row));
    }
}

// A series period by period, from the first day to the last that are both in range and booked.
static void parts_of_periods(struct scope *scope, struct list *parts, Stats__By by,
                             const struct stats_series *series)
{
    const int32_t last = scope->to < scope->newest ? scope->to : scope->newest;
    int32_t day = scope->from > scope->oldest ? scope->from : scope->oldest;
    while (day <= last) {
        const int32_t next = stats_period_end(by, day);
        const int32_t end = next - 1 < last ? next - 1 : last;
        const int64_t total = total_between(scope, series, day, end);
        if (total != 0)
            add_part(scope, parts, series, stats_period_name(scope->r->arena, by, day), total);
        day = next;
    }
}

static void parts_by_period(struct scope *scope, struct list *parts, Stats__By by)
{
    if (scope->newest == 0)
        return;
    const struct lq_key prefix = lq_key_number(STATS__BY__BY_NOTHING);
    for (struct lq_scan s = lq_scan(scope->r->view, &stats_table_series, prefix);
         lq_scan_next(&s);) {
        const struct stats_series series = stats_series_read(scope->r->arena, &s.key);
        parts_of_periods(scope, parts, by, &series);
    }
}

static void list_parts(struct scope *scope, struct list *parts, Stats__By by)
{
    switch (by) {
    case STATS__BY__TOWNSHIP:
    case STATS__BY__TEAM:
        parts_by_name(scope, parts, by);
        break;
    case STATS__BY__CIVIL_DAY:
    case STATS__BY__WEEK:
    case STATS__BY__MONTH:
        parts_by_period(scope, parts, by);
        break;
    case STATS__BY__DUTY_SHIFT:
    case STATS__BY__DEPARTMENT:
        parts_of_known(scope, parts);
        break;
    case STATS__BY__KIND:
        parts_by_kind(scope, parts);
        break;
    case STATS__BY__BY_NOTHING:
    case _STATS__BY_IS_INT_SIZE:
        break;
    }
}

// ---------------------------------------------------------------- answers

static void widen(int32_t *first, int32_t *last, int32_t from, int32_t to)
{
    if (*first == 0 || from < *first)
        *first = from;
    if (to > *last)
        *last = to;
}

// Finds the days between which anything counts.
static void find_days(struct scope *scope)
{
    const struct lq_key prefix = lq_key_number(STATS__BY__BY_NOTHING);
    for (struct lq_scan s = lq_scan(scope->r->view, &stats_table_series, prefix);
         lq_scan_next(&s);) {
        const struct stats_series series = stats_series_read(scope->r->arena, &s.key);
        int32_t first, last;
        const bool any = scope->known == NULL
                             ? stats_days(scope->r->view, &series, &first, &last)
                             : stats_known_days(scope->known, &series, &first, &last);
        if (!any)
            continue;
        widen(&scope->oldest, &scope->newest, first, last);
        if (!stats_is_state(series.figure))
            widen(&scope->first, &scope->last, first, last);
    }
}

static struct scope scope_of(struct lq_reading *r, const Stats__Figures *q)
{
    struct scope scope = {.r = r, .from = q->from_day, .to = q->to_day};
    if (scope.from < 1)
        scope.from = 1;
    if (scope.to == 0 || scope.to > STATS_LAST_DAY)
        scope.to = STATS_LAST_DAY;
    if (scope.to < 0)
        scope.to = 0; // before the first day that can be booked
    if (q->as_of_ms != 0 || q->by == STATS__BY__DUTY_SHIFT || q->by == STATS__BY__DEPARTMENT)
        scope.known = stats_known_at(r, q->as_of_ms != 0 ? q->as_of_ms : INT64_MAX, q->by);
    find_days(&scope);
    scope.everything = scope.from <= scope.oldest && scope.to >= scope.newest;
    return scope;
}

void stats_query_figures(struct lq_reading *r, const void *query, void *answer)
{
    const Stats__Figures *q = query;
    struct scope scope = scope_of(r, q);
    struct list counts = {0}, parts = {0};
    for (unsigned figure = STATS__FIGURE__OPERATIONS; figure < STATS_FIGURES; figure++)
        count_figure(&scope, &counts, (Stats__Figure)figure);
    list_parts(&scope, &parts, q->by);

    Stats__FiguresAnswer *figures = answer;
    figures->counts = (Stats__Count **)counts.items;
    figures->n_counts = counts.count;
    figures->parts = (Stats__Part **)parts.items;
    figures->n_parts = parts.count;
    figures->first_day = scope.first;
    figures->last_day = scope.last;
}
