// What is done in the field and what becomes of it: seals and their terms, notices, cases and
// suspects.
#include "sim/audit_parts.h"

typedef unsigned long long number;

static const int64_t LIVE_WINDOW_MS = 24 * 3600 * 1000LL; // as in configs/policy.yaml

// ---------------------------------------------------------------- seizure

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

// ---------------------------------------------------------------- casefile

static void case_opened(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Casefile__CaseOpened *c = body;
    audit_check_order(fact, c->order, c->target);
    AUDIT(audit_find_text(&a->cases, c->number) == NULL, "casefile", "case %s is opened twice",
          c->number);
    struct audit_case *kept = audit_put_text(a, &a->cases, sizeof *kept, c->number);
    kept->opened_ms = fact->r->occurred_at_ms;
    kept->order = c->order;
}

static void case_step(struct audit *a, const struct audit_fact *fact, const char *name, bool filed)
{
    struct audit_case *c = audit_find_text(&a->cases, name);
    const int64_t at_ms = fact->r->occurred_at_ms;
    AUDIT(c != NULL, "casefile", "case %s takes a step and is not there", name);
    AUDIT(filed ? !c->filed && at_ms >= c->opened_ms
                : c->filed && !c->solved && at_ms >= c->filed_ms,
          "casefile", "case %s is filed or solved out of order", name);
    c->filed = true;
    c->solved = !filed;
    if (filed) {
        c->filed_ms = at_ms;
        c->from_paper = fact->r->recorded_at_ms - at_ms > LIVE_WINDOW_MS;
    }
}

static void case_filed(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Casefile__CaseStepTaken *e = body;
    case_step(a, fact, e->number, true);
}

static void case_solved(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Casefile__CaseStepTaken *e = body;
    case_step(a, fact, e->number, false);
}

static bool may_follow(uint32_t from, uint32_t to)
{
    // identified, listed, captured, detained, requested, approved, refused, discharged
    static const uint8_t next[] = {1 << 1 | 1 << 3, 1 << 2, 1 << 3,          1 << 4 | 1 << 7,
                                   1 << 5 | 1 << 6, 1 << 1, 1 << 4 | 1 << 7, 1 << 3 | 1 << 1};
    return from < sizeof next && (next[from] >> to & 1) != 0;
}

static void suspect_step(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Casefile__SuspectStepRecorded *e = body;
    struct audit_suspect *s = audit_find_text(&a->suspects, e->suspect);
    const struct audit_case *c = audit_find_text(&a->cases, e->case_number);
    AUDIT(s != NULL && strcmp(s->of, e->case_number) == 0, "casefile",
          "suspect %s is not of case %s", e->suspect, e->case_number);
    AUDIT(c != NULL && c->filed && fact->r->occurred_at_ms >= c->filed_ms, "casefile",
          "suspect %s takes a step in case %s, which is not filed", e->suspect, e->case_number);
    AUDIT(may_follow(s->step, (uint32_t)e->step), "casefile",
          "suspect %s goes from step %u to step %d", e->suspect, s->step, (int)e->step);
    AUDIT(fact->r->occurred_at_ms >= s->since_ms, "casefile",
          "suspect %s takes a step before the one before", e->suspect);
    s->step = (uint32_t)e->step;
    s->since_ms = fact->r->occurred_at_ms;
}

static void suspect_identified(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Casefile__SuspectIdentified *e = body;
    AUDIT(audit_find_text(&a->cases, e->case_number) != NULL &&
              audit_find_text(&a->suspects, e->number) == NULL,
          "casefile", "suspect %s is identified twice, or in no case", e->number);
    struct audit_suspect *s = audit_put_text(a, &a->suspects, sizeof *s, e->number);
    *s = (struct audit_suspect){.of = e->case_number,
                                .name = e->name,
                                .actor = fact->r->actor,
                                .since_ms = fact->r->occurred_at_ms};
}

static void notice_issued(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Casefile__NoticeIssued *e = body;
    const struct audit_premises *p = audit_find_text(&fact->stream->premises, e->premises);
    AUDIT(p != NULL && strcmp(p->township, e->township) == 0, "casefile",
          "notice %s is to premises that are not known so", e->number);
    AUDIT(audit_find_text(&a->notices, e->number) == NULL, "casefile", "notice %s is issued twice",
          e->number);
    AUDIT(e->due_day >= audit_day(e->issued_at_ms), "casefile", "notice %s is due before its issue",
          e->number);
    struct audit_notice *notice = audit_put_text(a, &a->notices, sizeof *notice, e->number);
    *notice = (struct audit_notice){.issued_ms = e->issued_at_ms,
                                    .township = e->township,
                                    .finding = e->finding,
                                    .state = "ISSUED"};
    AUDIT(e->state == CASEFILE__NOTICE__STATE__ISSUED && e->form == CASEFILE__NOTICE_FORM__COUNTY,
          "casefile", "notice %s is issued live, and not recorded so", e->number);
}

const struct audit_event_row audit_casefile_events[] = {
    {CASEFILE__EVENT__BODY_NOTICE_ISSUED, notice_issued},
    {CASEFILE__EVENT__BODY_CASE_OPENED, case_opened},
    {CASEFILE__EVENT__BODY_CASE_FILED, case_filed},
    {CASEFILE__EVENT__BODY_CASE_SOLVED, case_solved},
    {CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED, suspect_identified},
    {CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED, suspect_step},
    {CASEFILE__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {CASEFILE__EVENT__BODY_ORDER_NOTED, audit_order_noted},
    {CASEFILE__EVENT__BODY_BULLETIN_NOTED, audit_bulletin_noted},
    {CASEFILE__EVENT__BODY_PREMISES_NOTED, audit_premises_noted},
    {CASEFILE__EVENT__BODY_STEP_TAKEN, audit_notice_stepped},
    {CASEFILE__EVENT__BODY_READING_RECORDED, NULL}, // of no command
    {CASEFILE__EVENT__BODY_CASE_REPORTED, NULL},    // nobody of the simulated force does this
    {CASEFILE__EVENT__BODY_PENALTY_OPENED, NULL},
    {CASEFILE__EVENT__BODY_DETENTION_DECIDED, NULL},
    {CASEFILE__EVENT__BODY_PAPER_ISSUED, NULL}, // papers are seizure's: the same code keeps both
    {CASEFILE__EVENT__BODY_PAPER_SERVED, NULL},
    {CASEFILE__EVENT__BODY_CLOCK_RANG, NULL}, // its terms are not modelled
    {CASEFILE__EVENT__BODY_CLOCK_TAKEN, NULL},
    {CASEFILE__EVENT__BODY_CLOCK_PAUSED, NULL},
    {CASEFILE__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {CASEFILE__EVENT__BODY_ATTACHED, NULL},
    {CASEFILE__EVENT__BODY_CORRECTED, audit_notice_corrected},
    {CASEFILE__EVENT__BODY_VOIDED, audit_notice_voided},
    {0},
};
