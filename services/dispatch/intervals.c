// How long it took: from the order to a team's answer, from there to its departure, and so on; as
// percentiles by nearest rank, of every part in an order that was not cancelled. Nothing is
// clipped: a team that answered on the next day is in it, and one that has not answered yet is in
// none.
#include "dispatch.h"

enum { KINDS = DISPATCH__INTERVAL__WHOLE + 1 };

struct samples {
    int64_t *ms;
    size_t count, room;
};

struct part {
    const char *name;
    struct samples of[KINDS];
};

struct gathering {
    struct lq_reading *r;
    Dispatch__IntervalsBy by;
    struct part *parts;
    size_t count, room;
};

// ---------------------------------------------------------------- gathering

static void add(struct lq_arena *arena, struct samples *to, int64_t ms)
{
    if (to->count == to->room) {
        const int64_t *before = to->ms;
        to->room = to->room == 0 ? 64 : 2 * to->room;
        to->ms = LQ_NEW_ARRAY(arena, int64_t, to->room);
        if (to->count > 0)
            memcpy(to->ms, before, to->count * sizeof *before);
    }
    to->ms[to->count++] = ms;
}

static struct part *part_named(struct gathering *g, const char *name)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->parts[i].name, name) == 0)
            return &g->parts[i];
    if (g->count == g->room) {
        const struct part *before = g->parts;
        g->room = g->room == 0 ? 16 : 2 * g->room;
        g->parts = LQ_NEW_ARRAY(g->r->arena, struct part, g->room);
        if (g->count > 0)
            memcpy(g->parts, before, g->count * sizeof *before);
    }
    g->parts[g->count] = (struct part){.name = name};
    return &g->parts[g->count++];
}

static const char *name_of(struct gathering *g, const Dispatch__Order *order,
                           const Dispatch__Assignment *a)
{
    const Shift__Shift *shift;
    switch (g->by) {
    case DISPATCH__INTERVALS_BY__PRIORITY:
        return lq_word_of(g->r->arena, &dispatch__priority__descriptor, (int)order->priority);
    case DISPATCH__INTERVALS_BY__SHIFT:
        shift = lq_rota_at(g->r->view, order->issued_at_ms);
        return shift != NULL ? shift->name : "";
    case DISPATCH__INTERVALS_BY__TEAM:
        return a->team;
    case DISPATCH__INTERVALS_BY__IN_ALL:
    case _DISPATCH__INTERVALS_BY_IS_INT_SIZE:
        break;
    }
    return "";
}

static void add_part(struct gathering *g, const Dispatch__Order *order,
                     const Dispatch__Assignment *a)
{
    const int64_t sent_ms = a->added_at_ms != 0 ? a->added_at_ms : order->issued_at_ms;
    const struct {
        int64_t from_ms, to_ms;
    } spans[KINDS] = {
        [DISPATCH__INTERVAL__TO_ANSWER] = {sent_ms, a->acknowledged_at_ms},
        [DISPATCH__INTERVAL__TO_DEPART] = {a->acknowledged_at_ms, a->departed_at_ms},
        [DISPATCH__INTERVAL__TO_ARRIVE] = {a->departed_at_ms, a->on_scene_at_ms},
        [DISPATCH__INTERVAL__TO_FINISH] = {a->on_scene_at_ms, a->finished_at_ms},
        [DISPATCH__INTERVAL__WHOLE] = {sent_ms, a->finished_at_ms},
    };
    struct part *part = part_named(g, name_of(g, order, a));
    for (int kind = DISPATCH__INTERVAL__TO_ANSWER; kind < KINDS; kind++)
        if (spans[kind].from_ms != 0 && spans[kind].to_ms != 0)
            add(g->r->arena, &part->of[kind], spans[kind].to_ms - spans[kind].from_ms);
}

// ---------------------------------------------------------------- percentiles

// Shell's, by the gaps of Ciura (2001): the C library's qsort may allocate, and services may not.
static void sort(struct samples *s)
{
    static const size_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++)
        for (size_t i = gaps[g]; i < s->count; i++) {
            const int64_t ms = s->ms[i];
            size_t at = i;
            for (; at >= gaps[g] && s->ms[at - gaps[g]] > ms; at -= gaps[g])
                s->ms[at] = s->ms[at - gaps[g]];
            s->ms[at] = ms;
        }
}

// The smallest that at least so many percent do not exceed.
static uint64_t percentile(const struct samples *s, unsigned percent)
{
    const size_t rank = (s->count * percent + 99) / 100;
    return (uint64_t)s->ms[rank - 1];
}

static Dispatch__IntervalRow *row_of(struct lq_arena *arena, const struct part *part, int kind)
{
    Dispatch__IntervalRow *row = LQ_NEW(arena, Dispatch__IntervalRow);
    struct samples s = part->of[kind];
    sort(&s);
    dispatch__interval_row__init(row);
    row->part = lq_unconst(part->name);
    row->interval = (Dispatch__Interval)kind;
    row->count = s.count;
    row->p50_millis = percentile(&s, 50);
    row->p90_millis = percentile(&s, 90);
    row->p99_millis = percentile(&s, 99);
    return row;
}

static void put_first(struct gathering *g, size_t at)
{
    for (size_t i = at + 1; i < g->count; i++)
        if (strcmp(g->parts[i].name, g->parts[at].name) < 0) {
            const struct part other = g->parts[i];
            g->parts[i] = g->parts[at];
            g->parts[at] = other;
        }
}

void dispatch_tell_intervals(struct lq_reading *r, const void *query, void *answer)
{
    const Dispatch__AskIntervals *q = query;
    Dispatch__IntervalsAnswer *told = answer;
    struct gathering g = {.r = r, .by = q->by};
    for (struct lq_scan s = lq_scan(r->view, &dispatch_table_orders, lq_key_none());
         lq_scan_next(&s);) {
        const Dispatch__Order *order = s.row;
        if (order->cancelled_at_ms != 0 || order->issued_at_ms < q->from_ms ||
            (q->to_ms != 0 && order->issued_at_ms >= q->to_ms))
            continue;
        order = dispatch_whole(r->view, order);
        for (size_t i = 0; i < order->n_assignments; i++)
            add_part(&g, order, order->assignments[i]);
        told->orders++;
    }
    told->rows = LQ_NEW_ARRAY(r->arena, Dispatch__IntervalRow *, g.count * KINDS + 1);
    for (size_t i = 0; i < g.count; i++) {
        put_first(&g, i);
        for (int kind = DISPATCH__INTERVAL__TO_ANSWER; kind < KINDS; kind++)
            if (g.parts[i].of[kind].count > 0)
                told->rows[told->n_rows++] = row_of(r->arena, &g.parts[i], kind);
    }
}
