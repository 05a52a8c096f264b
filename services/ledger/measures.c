// What premises must do (整改措施), one by one, each done with its proof; and what is to become of
// them (整治方向). Premises that have the old text alone have none to be done.
#include "ledger.h"
#include "service/attached.h"
#include "service/need.h"

const struct lq_table ledger_measures = {"measures", &ledger__measure__descriptor};

static struct lq_verdict need_proof(struct lq_decision *d, struct lq_taking *taking);

#define WHO_DOES                                                                                   \
    (LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(SUPERVISOR))

static const struct lq_step STEPS[] = {
    LQ_STEP(LEDGER__MEASURE_STATE__TO_DO, LEDGER__MEASURE_STATE__DONE, COMPLETE, WHO_DOES, 0,
            .rule = need_proof),
    LQ_STEP(LEDGER__MEASURE_STATE__DONE, LEDGER__MEASURE_STATE__TO_DO, REOPEN, WHO_DOES, 0,
            .needs = "note"),
};

const struct lq_steps ledger_measure_steps = {
    .entity = "measure",
    .states = &ledger__measure_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

struct lq_verdict ledger_add_measure(struct lq_decision *d, const void *command)
{
    const Ledger__AddMeasure *c = command;
    const Ledger__Entry *entry;
    LQ_TRY(ledger_need_enterprise(d, c->premises, &entry));
    LQ_TRY(lq_need_fields(d, LEDGER__REJECT__FIELD_MISSING, c, "words"));
    Ledger__MeasureAdded added = LEDGER__MEASURE_ADDED__INIT;
    added.number = lq_arena_format(d->arena, "%s/%u", c->premises, entry->measures_added + 1);
    added.premises = c->premises;
    added.words = c->words;
    added.added_at_ms = d->facts->occurred_ms;
    lq_emit(d, LEDGER__EVENT__BODY_MEASURE_ADDED, &added.base);
    lq_number(d, added.number);
    return LQ_ACCEPT;
}

static struct lq_key key_of(const Ledger__Measure *row)
{
    const char *slash = strrchr(row->number, '/');
    LQ_ASSERT(slash != NULL);
    return lq_key_then_text(lq_key_text(row->premises), slash + 1);
}

void ledger_measure_added(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    (void)what;
    Ledger__Measure *row =
        lq_pb_project(lq_view_arena(tables), &ledger__measure__descriptor, event);
    lq_save(tables, &ledger_measures, key_of(row), &row->base);
    Ledger__Entry entry = ledger_copy(tables, row->premises);
    entry.measures_added++;
    ledger_save(tables, &entry);
}

struct lq_verdict ledger_check_measure_correction(struct lq_decision *d, const char *number,
                                                  const void *before, void *after)
{
    (void)number, (void)before;
    return lq_need_fields(d, LEDGER__REJECT__FIELD_MISSING, after, "words");
}

static struct lq_verdict need_proof(struct lq_decision *d, struct lq_taking *taking)
{
    struct lq_scan files =
        lq_scan(d->view, &lq_files, lq_key_then_text(lq_key_text("measure"), taking->number));
    if (taking->act->paper[0] != '\0' || lq_scan_next(&files))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "measure %s has no proof: attach a file to it, or name the paper",
                     taking->number);
}

void ledger_measure_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    (void)tables;
    Ledger__Measure *measure = row;
    const bool is_done = step->verb == RULES__VERB__COMPLETE;
    measure->done_at_ms = is_done ? step->at_ms : 0;
    measure->done_by = is_done ? step->by : lq_unconst("");
    measure->paper = is_done ? step->act->paper : lq_unconst("");
}

// All of them are done before the rectification is.
struct lq_verdict ledger_need_measures_done(struct lq_decision *d, const Ledger__Entry *entry)
{
    const char *left = "";
    for (struct lq_scan s =
             lq_scan(d->view, &ledger_measures, lq_key_text(entry->premises->number));
         lq_scan_next(&s);) {
        const Ledger__Measure *measure = s.row;
        if (measure->state == LEDGER__MEASURE_STATE__TO_DO)
            left = lq_arena_format(d->arena, "%s%s%s %s", left, *left != '\0' ? "; " : "",
                                   measure->number, measure->words);
    }
    if (*left == '\0')
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "%s has not completed its rectification, what is still to be done: %s",
                     entry->premises->number, left);
}

void ledger_list_measures(struct lq_view *view, const char *premises, Ledger__PremisesFile *file)
{
    struct lq_rows rows = lq_rows(lq_view_arena(view), 0);
    for (struct lq_scan s = lq_scan(view, &ledger_measures, lq_key_text(premises));
         lq_scan_next(&s);)
        if (!lq_rows_add(&rows, s.row))
            break;
    file->n_measures = rows.count;
    file->measures = (Ledger__Measure **)(void *)rows.rows;
}

// ---------------------------------------------------------------- what is to become of premises

struct lq_verdict ledger_track_premises(struct lq_decision *d, const void *command)
{
    const Ledger__TrackPremises *c = command;
    const Ledger__Entry *entry;
    LQ_TRY(ledger_need_enterprise(d, c->premises, &entry));
    LQ_TRY(lq_need_fields(d, LEDGER__REJECT__FIELD_MISSING, c, "track"));
    lq_emit(d, LEDGER__EVENT__BODY_PREMISES_TRACKED, &c->base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

void ledger_premises_tracked(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    (void)what;
    const Ledger__PremisesTracked *tracked = event;
    Ledger__Entry entry = ledger_copy(tables, tracked->premises);
    entry.track = tracked->track;
    ledger_save(tables, &entry);
}
