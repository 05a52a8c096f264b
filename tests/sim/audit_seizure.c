// Seizure: what is taken and sealed, extended and released; the order that it must be on.
#include "sim/audit_parts.h"

typedef unsigned long long number;

static const int64_t LIVE_WINDOW_MS = 24 * 3600 * 1000LL; // as in configs/policy.yaml

void audit_check_order(const struct audit_fact *fact, const char *order, const char *target)
{
    const struct audit_stream *stream = fact->stream;
    const struct audit_order_note *note = audit_find_text(&stream->orders, order);
    AUDIT(note != NULL && note->target != NULL && strcmp(note->target, target) == 0, stream->name,
          "record %llu of %s is on order %s, which is not to %s", (number)fact->r->seq,
          stream->name, order, target);
    AUDIT(fact->r->occurred_at_ms >= note->issued_ms, stream->name,
          "record %llu of %s lies before order %s", (number)fact->r->seq, stream->name, order);
    AUDIT(!note->cancelled || strcmp(stream->name, "seizure") != 0, stream->name,
          "record %llu of seizure is on order %s, which is cancelled", (number)fact->r->seq, order);
}

static void item_taken(struct audit *a, const struct audit_fact *fact, const Seizure__ItemTaken *i,
                       bool sealed)
{
    const struct audit_stream *stream = fact->stream;
    const number seq = fact->r->seq;
    const uint32_t officers = ROLE_BIT(LEAD) | ROLE_BIT(OFFICER);
    audit_check_order(fact, i->order, i->target);
    AUDIT(audit_find_text(&a->items, i->number) == NULL, "seizure",
          "record %llu of seizure takes item %s a second time", seq, i->number);
    AUDIT(strcmp(i->officer_1, i->officer_2) != 0 &&
              (audit_roles_of(stream, i->officer_1, i->at_ms) & officers) != 0 &&
              (audit_roles_of(stream, i->officer_2, i->at_ms) & officers) != 0,
          "seizure", "record %llu of seizure names fewer than two officers of teams", seq);
    AUDIT(strcmp(fact->principal, i->officer_1) == 0 || strcmp(fact->principal, i->officer_2) == 0,
          "seizure", "record %llu of seizure is reported by a third person", seq);
    AUDIT(i->at_ms == fact->r->occurred_at_ms, "time", "item %s is not dated when it was taken",
          i->number);
    struct audit_item *item = audit_put_text(a, &a->items, sizeof *item, i->number);
    item->sealed = sealed;
    item->at_ms = item->since_ms = i->at_ms;
    item->state = sealed ? "IN_FORCE" : "OUT_OF_USE";
    item->order = i->order;
    item->officer = i->officer_1;
    item->unratified = i->emergency;
    if (!sealed)
        return;
    AUDIT(audit_find_text(&a->seals, i->seal) == NULL, "seizure",
          "record %llu of seizure uses seal %s a second time", seq, i->seal);
    audit_put_text(a, &a->seals, 0, i->seal);
}

static struct audit_item *sealed_item(struct audit *a, const struct audit_fact *fact,
                                      const char *name)
{
    struct audit_item *item = audit_find_text(&a->items, name);
    AUDIT(item != NULL && item->sealed && !item->released, "seizure",
          "record %llu of seizure is about item %s, which is not sealed (any more)",
          (number)fact->r->seq, name);
    return item;
}

static const Rules__Clock *term_of(struct audit *a, const char *item)
{
    const Rules__Clock *term = audit_clock_of(a, "item", item, "SZ6");
    AUDIT(term != NULL, "seizure", "item %s has no term", item);
    return term;
}

// The head of the bureau decides; the commander did on papers that come in late.
static void check_decided(const struct audit_fact *fact, const char *item, bool by_commander)
{
    const bool by_head = (fact->principal_roles & ROLE_BIT(HEAD)) != 0;
    const bool is_paper = fact->r->on_behalf_of[0] != '\0' &&
                          fact->r->recorded_at_ms - fact->r->occurred_at_ms > LIVE_WINDOW_MS;
    AUDIT((by_head || is_paper) && by_commander == !by_head, "seizure",
          "the seal of item %s is decided about by %s, who may not", item, fact->principal);
}

// The terms are those of before this event.
static void extended(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Seizure__SealExtended *e = body;
    const struct audit_item *item = sealed_item(a, fact, e->item);
    const Rules__Clock *term = term_of(a, e->item);
    AUDIT(term->n_extensions == 0, "seizure", "item %s is extended twice", e->item);
    AUDIT(term->due_ms == 0 || fact->r->occurred_at_ms < term->due_ms, "seizure",
          "item %s is extended after its term had ended", e->item);
    AUDIT(fact->r->occurred_at_ms >= item->at_ms, "seizure",
          "item %s is extended before it was sealed", e->item);
    check_decided(fact, e->item, e->by_commander);
}

static void released(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Seizure__SealReleased *e = body;
    struct audit_item *item = sealed_item(a, fact, e->item);
    const Rules__Clock *term = term_of(a, e->item);
    AUDIT(e->late == (term->due_ms != 0 && fact->r->occurred_at_ms >= term->due_ms), "seizure",
          "item %s: the release says the wrong thing of being late", e->item);
    AUDIT(fact->r->occurred_at_ms >=
              (term->n_extensions > 0 ? term->extensions[0]->at_ms : item->at_ms),
          "seizure", "item %s is released before it was sealed or extended", e->item);
    check_decided(fact, e->item, e->by_commander);
    item->released = true;
    item->asked = item->unratified = false;
    item->state = "RELEASED";
    item->since_ms = fact->r->occurred_at_ms;
}

static void item_dismantled(struct audit *a, const struct audit_fact *fact, const void *body)
{
    item_taken(a, fact, body, false);
    audit_dismantled(body);
}

static void item_sealed(struct audit *a, const struct audit_fact *fact, const void *body)
{
    item_taken(a, fact, body, true);
}

static void step_taken(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *taken = body;
    if (strcmp(taken->kind, "power") == 0) {
        audit_power_back(a, fact, taken);
        return;
    }
    audit_item_stepped(a, fact, taken);
    audit_paper_of_step(a, fact, taken);
}

static void case_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Seizure__CaseNote *note = body;
    audit_take_effect(a, fact, "casefile", audit_case_digest(note->number, note->order));
}

const struct audit_event_row audit_seizure_events[] = {
    {SEIZURE__EVENT__BODY_ITEM_DISMANTLED, item_dismantled},
    {SEIZURE__EVENT__BODY_ITEM_SEALED, item_sealed},
    {SEIZURE__EVENT__BODY_SEAL_EXTENDED, extended},
    {SEIZURE__EVENT__BODY_SEAL_RELEASED, released},
    {SEIZURE__EVENT__BODY_SEAL_LAPSED, audit_never}, // of journals of before
    {SEIZURE__EVENT__BODY_SITE_CLOSED, audit_site_closed},
    {SEIZURE__EVENT__BODY_POWER_CUT, audit_power_cut},
    {SEIZURE__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {SEIZURE__EVENT__BODY_ORDER_NOTED, audit_order_noted},
    {SEIZURE__EVENT__BODY_PREMISES_NOTED, audit_premises_noted},
    {SEIZURE__EVENT__BODY_STEP_TAKEN, step_taken},
    {SEIZURE__EVENT__BODY_PAPER_ISSUED, audit_paper_issued},
    {SEIZURE__EVENT__BODY_PAPER_SERVED, audit_paper_served},
    {SEIZURE__EVENT__BODY_FILING_NOTED, audit_filing},
    {SEIZURE__EVENT__BODY_CASE_NOTED, case_noted},
    {SEIZURE__EVENT__BODY_BULLETIN_NOTED, audit_bulletin_noted},
    {SEIZURE__EVENT__BODY_CALLED, NULL},
    {SEIZURE__EVENT__BODY_ITEM_PROPOSED, NULL},
    {SEIZURE__EVENT__BODY_FILING_FORGOTTEN, NULL},
    {SEIZURE__EVENT__BODY_CLOCK_RANG, NULL}, // audit_seizure_terms.c
    {SEIZURE__EVENT__BODY_CLOCK_TAKEN, NULL},
    {SEIZURE__EVENT__BODY_CLOCK_PAUSED, NULL},
    {SEIZURE__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {SEIZURE__EVENT__BODY_ATTACHED, NULL},
    {SEIZURE__EVENT__BODY_CORRECTED, NULL}, // in the simulator notices alone are corrected
    {SEIZURE__EVENT__BODY_VOIDED, NULL},
    {0},
};

void audit_seizure_answer(struct audit *a, struct audit_stream *stream, const void *query,
                          const void *answer, int64_t clock_ms)
{
    const Seizure__Query *q = query;
    const Seizure__Answer *body = answer;
    if (q->body_case == SEIZURE__QUERY__BODY_CLOCKS)
        audit_clocks_answer(a, stream, q->clocks, body->clocks, clock_ms);
    if (q->body_case != SEIZURE__QUERY__BODY_LIST || q->list->state != SEIZURE__STATE__LAPSED ||
        body->items->more)
        return;
    size_t count = 0;
    for (const struct audit_entry *e = a->items.first; e != NULL; e = e->next) {
        const struct audit_item *item = e->value;
        if (!item->sealed || item->released)
            continue;
        const int64_t due_ms = term_of(a, (const char *)e->key)->due_ms;
        count += due_ms != 0 && due_ms <= clock_ms;
    }
    AUDIT(count == body->items->n_items, "answer",
          "seizure shows %zu lapsed items; by its records there are %zu", body->items->n_items,
          count);
}
