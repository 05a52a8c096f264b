// Of the time in which premises were under rectification: when somebody of the pair was at the
// post, when nobody was, and what was before anybody was recorded there at all.
#include "ledger.h"

struct span {
    int64_t from_ms, to_ms;
};

struct spans {
    struct span *of;
    size_t count, room;
};

enum { UNCOVERED_SHOWN = 64, SPANS = 4096 };

static void add(struct spans *spans, int64_t from_ms, int64_t to_ms)
{
    if (from_ms >= to_ms || spans->count == spans->room)
        return;
    size_t i = spans->count++; // by when they begin
    for (; i > 0 && spans->of[i - 1].from_ms > from_ms; i--)
        spans->of[i] = spans->of[i - 1];
    spans->of[i] = (struct span){from_ms, to_ms};
}

static struct spans new_spans(struct lq_arena *arena)
{
    return (struct spans){.of = LQ_NEW_ARRAY(arena, struct span, SPANS), .room = SPANS};
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// When it was under rectification, within the span that is asked for.
static struct spans rectifying(struct lq_reading *r, const char *premises, struct span asked)
{
    struct spans spans = new_spans(r->arena);
    const Ledger__StepTaken *before = NULL;
    for (struct lq_scan s = lq_scan(r->view, &ledger_steps_table, lq_key_text(premises));
         lq_scan_next(&s);) {
        const Ledger__StepTaken *step = s.row;
        if (before != NULL && before->step == LEDGER__STATUS__RECTIFICATION_STARTED)
            add(&spans, later(before->at_ms, asked.from_ms), earlier(step->at_ms, asked.to_ms));
        before = step;
    }
    if (before != NULL && before->step == LEDGER__STATUS__RECTIFICATION_STARTED)
        add(&spans, later(before->at_ms, asked.from_ms), asked.to_ms);
    return spans;
}

// When somebody was there; *first_ms: since when that is recorded at all (the end of time: never).
static struct spans present(struct lq_reading *r, const Ledger__Entry *entry, struct span asked,
                            int64_t *first_ms)
{
    struct spans spans = new_spans(r->arena);
    *first_ms = INT64_MAX;
    for (struct lq_scan s =
             lq_scan(r->view, &ledger_presence, lq_key_text(entry->premises->number));
         lq_scan_next(&s);) {
        const Ledger__Presence *was = s.row;
        *first_ms = earlier(*first_ms, was->from_ms);
        add(&spans, later(was->from_ms, asked.from_ms), earlier(was->to_ms, asked.to_ms));
    }
    for (size_t i = 0; i < entry->n_at_post; i++) {
        *first_ms = earlier(*first_ms, entry->at_post[i]->from_ms);
        add(&spans, later(entry->at_post[i]->from_ms, asked.from_ms), asked.to_ms);
    }
    return spans;
}

static void tell(struct lq_reading *r, Ledger__Hours ***list, size_t *count, int64_t from_ms,
                 int64_t to_ms)
{
    if (*count == 0)
        *list = LQ_NEW_ARRAY(r->arena, Ledger__Hours *, UNCOVERED_SHOWN);
    if (*count == UNCOVERED_SHOWN)
        return;
    Ledger__Hours *hours = LQ_NEW(r->arena, Ledger__Hours);
    ledger__hours__init(hours);
    hours->from_ms = from_ms;
    hours->to_ms = to_ms;
    (*list)[(*count)++] = hours;
}

static void uncovered(struct lq_reading *r, Ledger__Coverage *row, int64_t from_ms, int64_t to_ms)
{
    if (from_ms >= to_ms)
        return;
    row->uncovered_ms += to_ms - from_ms;
    tell(r, &row->uncovered, &row->n_uncovered, from_ms, to_ms);
}

static void count_span(struct lq_reading *r, Ledger__Coverage *row, struct span due,
                       const struct spans *there, int64_t first_ms)
{
    int64_t at_ms = earlier(due.to_ms, later(due.from_ms, first_ms));
    if (at_ms > due.from_ms) {
        row->unrecorded_ms += at_ms - due.from_ms;
        tell(r, &row->unrecorded, &row->n_unrecorded, due.from_ms, at_ms);
    }
    for (size_t i = 0; i < there->count && at_ms < due.to_ms; i++) {
        const struct span one = there->of[i];
        if (one.to_ms <= at_ms)
            continue;
        uncovered(r, row, at_ms, earlier(one.from_ms, due.to_ms));
        at_ms = later(at_ms, earlier(one.from_ms, due.to_ms));
        const int64_t end_ms = earlier(one.to_ms, due.to_ms);
        row->covered_ms += end_ms > at_ms ? end_ms - at_ms : 0;
        at_ms = later(at_ms, end_ms);
    }
    uncovered(r, row, at_ms, due.to_ms);
}

static Ledger__Coverage *coverage_of(struct lq_reading *r, const Ledger__Entry *entry,
                                     struct span asked)
{
    const struct spans due = rectifying(r, entry->premises->number, asked);
    int64_t first_ms;
    if (due.count == 0)
        return NULL;
    const struct spans there = present(r, entry, asked, &first_ms);
    Ledger__Coverage *row = LQ_NEW(r->arena, Ledger__Coverage);
    ledger__coverage__init(row);
    row->premises = entry->premises->number;
    row->name = entry->premises->name;
    for (size_t i = 0; i < due.count; i++)
        count_span(r, row, due.of[i], &there, first_ms);
    return row;
}

void ledger_ask_coverage(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__AskCoverage *q = query;
    const struct span asked = {q->from_ms,
                               earlier(q->to_ms != 0 ? q->to_ms : r->now_ms, r->now_ms)};
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &ledger_premises_table, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Ledger__Entry *entry = s.row;
        if (q->premises[0] != '\0' && strcmp(q->premises, entry->premises->number) != 0)
            continue;
        const Ledger__Coverage *row = coverage_of(r, entry, asked);
        if (row != NULL && !lq_rows_add(&rows, row))
            break;
    }
    lq_rows_answer(&rows, answer);
}
