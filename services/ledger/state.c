// The tables, and how each event changes them. The history of steps has a table of its own, so that
// the row of premises, which every list reads, stays small.
#include "ledger.h"

const struct lq_table ledger_table_premises = {"premises", &ledger__entry__descriptor};
const struct lq_table ledger_table_steps = {"steps", &ledger__step_taken__descriptor};

static Ledger__Entry entry_of(struct lq_view *tables, const char *number)
{
    const Ledger__Entry *entry = lq_find(tables, &ledger_table_premises, lq_key_text(number));
    LQ_ASSERT(entry != NULL);
    return *entry;
}

static void save(struct lq_view *tables, const Ledger__Entry *entry)
{
    lq_save(tables, &ledger_table_premises, lq_key_text(entry->premises->number), &entry->base);
}

void ledger_premises_registered(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__Premises *premises = event;
    Ledger__Entry entry;
    ledger__entry__init(&entry);
    entry.premises = lq_row(premises);
    save(tables, &entry);
}

void ledger_supervisor_assigned(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__Supervisor *supervisor = event;
    Ledger__Entry entry = entry_of(tables, supervisor->premises);
    Ledger__Supervisor **pair =
        LQ_NEW_ARRAY(lq_view_arena(tables), Ledger__Supervisor *, entry.n_supervisors + 1);
    for (size_t i = 0; i < entry.n_supervisors; i++)
        pair[i] = entry.supervisors[i];
    pair[entry.n_supervisors++] = lq_row(supervisor);
    entry.supervisors = pair;
    save(tables, &entry);
}

// Steps are numbered from 0; the next number is one more than the last row's.
static uint64_t next_step(struct lq_view *tables, const char *premises)
{
    struct lq_scan last = lq_scan_backwards(tables, &ledger_table_steps, lq_key_text(premises));
    if (!lq_scan_next(&last))
        return 0;
    struct lq_key_reader reader = {.key = &last.key};
    lq_key_read_text(&reader);
    return lq_key_read_number(&reader) + 1;
}

void ledger_status_changed(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Ledger__StatusChanged *changed = event;
    Ledger__Entry entry = entry_of(tables, changed->premises);
    entry.status = changed->to;
    entry.status_since_ms = what->occurred_ms;
    save(tables, &entry);

    Ledger__StepTaken step;
    ledger__step_taken__init(&step);
    step.step = changed->to;
    step.at_ms = what->occurred_ms;
    step.recorded_by = lq_arena_text(lq_view_arena(tables), what->actor); // each for himself
    lq_save(
        tables, &ledger_table_steps,
        lq_key_then_number(lq_key_text(changed->premises), next_step(tables, changed->premises)),
        &step.base);
}

// ---------------------------------------------------------------- invariants

// The history is a path through the declared transitions, in time, and ends where the entry says.
static void check_steps(struct lq_view *view, const Ledger__Entry *entry)
{
    Ledger__Status status = LEDGER__STATUS__NO_STATUS;
    int64_t since_ms = 0;
    for (struct lq_scan s =
             lq_scan(view, &ledger_table_steps, lq_key_text(entry->premises->number));
         lq_scan_next(&s);) {
        const Ledger__StepTaken *step = s.row;
        LQ_ASSERT(ledger_may_follow(status, step->step));
        LQ_ASSERT(status == LEDGER__STATUS__NO_STATUS || step->at_ms >= since_ms);
        status = step->step;
        since_ms = step->at_ms;
    }
    LQ_ASSERT(entry->status == status);
    LQ_ASSERT(entry->status_since_ms == since_ms);
}

void ledger_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &ledger_table_premises, lq_key_none());
         lq_scan_next(&s);) {
        const Ledger__Entry *entry = s.row;
        LQ_ASSERT(entry->n_supervisors <= 2);
        LQ_ASSERT(entry->premises->standing == LEDGER__STANDING__ENTERPRISE ||
                  entry->status == LEDGER__STATUS__NO_STATUS);
        check_steps(view, entry);
    }
}
