// How many enterprises had their two supervisors at an instant, and which had not. It is added up
// from the dated rows when asked: what is told late, corrected or voided is so on every day at
// once, which a figure that is booked would have to be taken out and booked again for.
#include "ledger.h"

// The pair of one enterprise, as it was then.
struct manned {
    const Ledger__Entry *entry;
    Ledger__Status status;
    Ledger__Supervisor **pair;
    size_t count;
    bool undated; // one of them is of a list without dates: since when is not known
};

static Ledger__Status status_at(struct lq_view *view, const char *premises, int64_t at_ms)
{
    struct lq_scan s = lq_scan_backwards(view, &ledger_steps_table, lq_key_text(premises));
    while (lq_scan_next(&s)) {
        const Ledger__StepTaken *step = s.row;
        if (step->at_ms <= at_ms)
            return step->step;
    }
    return LEDGER__STATUS__NO_STATUS;
}

// False: nobody is to be there, since it is no enterprise, or was accepted or closed by then.
static bool look_at(struct lq_reading *r, const Ledger__Entry *entry, const char *township,
                    int64_t at_ms, struct manned *out)
{
    const Ledger__Premises *premises = entry->premises;
    if (premises->standing != LEDGER__STANDING__ENTERPRISE ||
        (township[0] != '\0' && strcmp(township, premises->township) != 0))
        return false;
    *out = (struct manned){.entry = entry, .status = status_at(r->view, premises->number, at_ms)};
    out->count = ledger_pair_at(r->arena, entry, at_ms, &out->pair);
    for (size_t i = 0; i < out->count; i++)
        out->undated = out->undated || out->pair[i]->from_ms == 0;
    return out->status != LEDGER__STATUS__ACCEPTED && out->status != LEDGER__STATUS__CLOSED;
}

static int64_t instant(const struct lq_reading *r, int64_t at_ms)
{
    return at_ms != 0 ? at_ms : r->now_ms;
}

// ---------------------------------------------------------------- how many

// The line of a township, by name; a new one if there is none.
static Ledger__PairCount *line_of(struct lq_reading *r, Ledger__PairCounts *counts, char *township)
{
    size_t at = 0;
    while (at < counts->n_counts && strcmp(counts->counts[at]->township, township) < 0)
        at++;
    if (at < counts->n_counts && strcmp(counts->counts[at]->township, township) == 0)
        return counts->counts[at];
    Ledger__PairCount **lines = LQ_NEW_ARRAY(r->arena, Ledger__PairCount *, counts->n_counts + 1);
    for (size_t i = 0; i < counts->n_counts; i++)
        lines[i < at ? i : i + 1] = counts->counts[i];
    lines[at] = LQ_NEW(r->arena, Ledger__PairCount);
    ledger__pair_count__init(lines[at]);
    lines[at]->township = township;
    counts->counts = lines;
    counts->n_counts++;
    return lines[at];
}

void ledger_count_pairs(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__CountPairs *q = query;
    struct manned manned;
    struct lq_scan s = lq_scan(r->view, &ledger_premises_table, lq_key_none());
    while (lq_scan_next(&s)) {
        if (!look_at(r, s.row, q->township, instant(r, q->on_ms), &manned))
            continue;
        Ledger__PairCount *line = line_of(r, answer, manned.entry->premises->township);
        line->enterprises++;
        line->both += manned.count == 2;
        line->one += manned.count == 1;
        line->none += manned.count == 0;
        line->undated += manned.count == 2 && manned.undated;
    }
}

// ---------------------------------------------------------------- which not

static const Ledger__Unmanned *told(struct lq_reading *r, const struct manned *manned)
{
    Ledger__Unmanned *row = LQ_NEW(r->arena, Ledger__Unmanned);
    ledger__unmanned__init(row);
    row->premises = manned->entry->premises->number;
    row->name = manned->entry->premises->name;
    row->township = manned->entry->premises->township;
    row->status = manned->status;
    row->supervisors = manned->pair;
    row->n_supervisors = manned->count;
    return row;
}

void ledger_list_unmanned(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ListUnmanned *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &ledger_premises_table, lq_key_none(), q->after);
    struct manned manned;
    while (lq_scan_next(&s))
        if (look_at(r, s.row, q->township, instant(r, q->on_ms), &manned) && manned.count < 2 &&
            !lq_rows_add(&rows, told(r, &manned)))
            break;
    lq_rows_answer(&rows, answer);
}
