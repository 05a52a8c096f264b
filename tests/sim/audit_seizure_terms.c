// The terms of seizure: of an item that is sealed, from the seal to its release, and of the police
// who are asked to take it.
#include "sim/audit_parts.h"

enum { SEIZURE_DAYS = 30 };

static void begin_now(struct audit_carried *k, const char *item, const char *rule)
{
    audit_clock_begin_of(k, "item", item, rule);
}

static void extended(struct audit_carried *k, const void *body)
{
    const Seizure__SealExtended *e = body;
    const Seizure__Command *command = (const void *)k->fact->command->body;
    Rules__Clock *c = audit_carry(k, audit_running(k, "item", e->item, "SZ6"));
    AUDIT(command->extend_seal->days >= 0 && command->extend_seal->days <= SEIZURE_DAYS, "seizure",
          "the extension of item %s is of %d days", e->item, command->extend_seal->days);
    audit_clock_extend(k, c, "SZ7", command->extend_seal->days, command->extend_seal->paper);
    begin_now(k, e->item, "SZ17");
}

// It counts from the day in the decision; another may argue for the act.
static void sealed(struct audit_carried *k, const void *body)
{
    const Seizure__ItemTaken *item = body;
    Rules__Clock *c = audit_clock_begin(k, "item", item->number, "SZ6", "");
    AUDIT(item->decision_day <= audit_day(item->at_ms) && item->term_days >= 0 &&
              item->term_days <= SEIZURE_DAYS,
          "seizure", "item %s is sealed before the decision, or for %d days", item->number,
          item->term_days);
    if (item->decision_day != 0 && item->decision_day != audit_day(item->at_ms)) {
        c->arguable_start_ms = item->at_ms;
        c->start_ms = audit_midnight_after(item->decision_day - 1);
    }
    c->length = item->term_days;
    if (audit_is_from_paper(k->fact) && !k->a->policy.paper_counts)
        c->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
    audit_count_term(k->a, c, k->fact);
    begin_now(k, item->number, "OP-SEAL");
    if (item->emergency)
        begin_now(k, item->number, "SZ3");
}

static void each(struct audit_carried *k, const char *item, const char *const *rules, bool begins)
{
    for (; *rules != NULL; rules++)
        if (begins)
            begin_now(k, item, *rules);
        else
            audit_clock_stop(k, "item", item, *rules, k->fact->r->occurred_at_ms);
}

static void released(struct audit_carried *k, const void *body)
{
    static const char *const ENDS[] = {"SZ3", "SZ6", "SZ9", "OP-SEAL", "OP-BREACH", NULL};
    const Seizure__SealReleased *e = body;
    each(k, e->item, ENDS, false);
    begin_now(k, e->item, "SZ17b");
}

static void stepped(struct audit_carried *k, const void *body)
{
    const Rules__StepTaken *taken = body;
    if (strcmp(taken->kind, "item") != 0)
        return; // power has no terms
    const struct audit_item_step *step = audit_item_step(taken);
    each(k, taken->number, step->ends, false);
    each(k, taken->number, step->begins, true);
}

static void filed(struct audit_carried *k, const void *body)
{
    const Seizure__FilingNoted *noted = body;
    for (size_t i = 0; i < noted->n_items; i++) {
        const struct audit_item *item = audit_find_text(&k->a->items, noted->items[i]);
        Rules__Clock *c = audit_clock_begin(k, "item", noted->items[i], "SZ16", "");
        if (c == NULL)
            continue;
        c->owner = (char *)(uintptr_t)item->officer;
        if (item->case_from_paper)
            c->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
        audit_count_term(k->a, c, k->fact);
    }
}

const struct audit_term_row audit_seizure_terms[] = {
    {SEIZURE__EVENT__BODY_ITEM_SEALED, sealed},
    {SEIZURE__EVENT__BODY_SEAL_EXTENDED, extended},
    {SEIZURE__EVENT__BODY_SEAL_RELEASED, released},
    {SEIZURE__EVENT__BODY_STEP_TAKEN, stepped},
    {SEIZURE__EVENT__BODY_FILING_NOTED, filed},
    {SEIZURE__EVENT__BODY_CLOCK_RANG, audit_clock_rang},
    {SEIZURE__EVENT__BODY_CLOCK_TAKEN, audit_clock_taken},
    {SEIZURE__EVENT__BODY_CLOCK_PAUSED, audit_clock_paused},
    {0},
};
