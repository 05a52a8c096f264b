// The ledger: the premises, who supervises them when, and how far they have come.
#include "sim/audit_parts.h"

typedef unsigned long long number;

static bool status_may_follow(uint32_t from, uint32_t to)
{
    // none, suspended, inspected, started, completed, accepted, closed
    static const uint8_t next[] = {
        1 << 1,          1 << 2, 1 << 3 | 1 << 6, 1 << 4 | 1 << 6, 1 << 5 | 1 << 3 | 1 << 6,
        1 << 3 | 1 << 6, 0};
    return from < sizeof next && (next[from] >> to & 1) != 0;
}

static struct audit_premises *premises_of(const struct audit_fact *fact, const char *premises)
{
    struct audit_premises *p = audit_find_text(&fact->stream->premises, premises);
    AUDIT(p != NULL, "ledger", "record %llu of ledger is about no premises", (number)fact->r->seq);
    return p;
}

// What is accepted and does not come from paper has three signatures, one of an expert.
static void check_gate(const struct audit_fact *fact, const struct audit_premises *p,
                       const char *premises)
{
    const struct audit_acceptance *gate = p->acceptance;
    if (audit_is_from_paper(fact))
        return;
    AUDIT(gate != NULL && gate->signed_count >= 3, "ledger", "%s is accepted with %u signatures",
          premises, gate != NULL ? gate->signed_count : 0);
    AUDIT(gate->experts >= 1, "ledger", "%s is accepted, and no expert has signed", premises);
}

static void status_changed(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    const Ledger__StatusChanged *c = body;
    struct audit_premises *p = premises_of(fact, c->premises);
    if (c->to == LEDGER__STATUS__ACCEPTED)
        check_gate(fact, p, c->premises);
    else
        p->acceptance = NULL;
    AUDIT(p->standing == LEDGER__STANDING__ENTERPRISE && (uint32_t)c->from == p->status &&
              status_may_follow(p->status, (uint32_t)c->to),
          "ledger", "%s goes from status %u to %d", c->premises, p->status, (int)c->to);
    AUDIT(fact->r->occurred_at_ms >= p->since_ms, "ledger", "%s takes a step before the one before",
          c->premises);
    p->status = (uint32_t)c->to;
    p->since_ms = fact->r->occurred_at_ms;
}

// ---------------------------------------------------------------- the pair

static struct audit_posted *posted_as(struct audit_premises *p, const char *name)
{
    for (unsigned i = 0; i < p->posted_count; i++)
        if (strcmp(p->posted[i].number, name) == 0)
            return &p->posted[i];
    sim_fail("ledger", "there is no supervisor %s", name);
}

static bool is_there(const struct audit_premises *p, const struct audit_posted *one, int64_t at_ms)
{
    if (at_ms < one->from_ms || (one->to_ms != 0 && at_ms >= one->to_ms))
        return false;
    for (unsigned i = 0; i < p->posted_count; i++) {
        const struct audit_posted *other = &p->posted[i];
        if (strcmp(other->stands_in_for, one->number) == 0 && at_ms >= other->from_ms &&
            at_ms < other->to_ms)
            return false;
    }
    return true;
}

static void check_two(const struct audit_premises *p, const char *premises)
{
    for (unsigned i = 0; i < 2 * p->posted_count; i++) {
        const struct audit_posted *one = &p->posted[i / 2];
        const int64_t at_ms = i % 2 == 0 ? one->from_ms : one->to_ms;
        unsigned count = 0;
        for (unsigned j = 0; j < p->posted_count; j++)
            count += is_there(p, &p->posted[j], at_ms);
        AUDIT(count <= 2, "ledger", "%s has a third supervisor at %lld", premises,
              (long long)at_ms);
    }
}

static void comes(const struct audit_fact *fact, const char *premises, struct audit_posted who)
{
    struct audit_premises *p = premises_of(fact, premises);
    AUDIT(p->posted_count < AUDIT_POSTED, "ledger", "%s has had too many supervisors", premises);
    for (unsigned i = 0; i < p->posted_count; i++)
        AUDIT(strcmp(p->posted[i].number, who.number) != 0, "ledger", "%s is two supervisors",
              who.number);
    p->posted[p->posted_count++] = who;
    check_two(p, premises);
}

static void replaced(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    const Ledger__SupervisorReplaced *e = body;
    struct audit_posted *goes = posted_as(premises_of(fact, e->premises), e->goes);
    const int64_t end_ms = goes->to_ms, at_ms = fact->r->occurred_at_ms;
    AUDIT(e->from_ms == at_ms && goes->from_ms <= at_ms && (end_ms == 0 || at_ms < end_ms) &&
              e->to_ms == end_ms,
          "ledger", "%s takes the place of %s at %lld, who was not there", e->number, e->goes,
          (long long)at_ms);
    AUDIT(strcmp(e->stands_in_for, goes->stands_in_for) == 0, "ledger",
          "%s stands in for another than %s did", e->number, e->goes);
    goes->to_ms = at_ms;
    comes(fact, e->premises,
          (struct audit_posted){e->number, e->stands_in_for, e->from_ms, e->to_ms});
}

static void stood_in(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    const Ledger__SupervisorStoodIn *e = body;
    struct audit_premises *p = premises_of(fact, e->premises);
    const struct audit_posted *away = posted_as(p, e->stands_in_for);
    AUDIT(e->from_ms < e->to_ms && away->from_ms <= e->from_ms &&
              (away->to_ms == 0 || e->to_ms <= away->to_ms),
          "ledger", "%s stands in for %s, who is none of the pair then", e->number, away->number);
    comes(fact, e->premises,
          (struct audit_posted){e->number, e->stands_in_for, e->from_ms, e->to_ms});
}

// ---------------------------------------------------------------- the gate

static void asked(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Ledger__AcceptanceAsked *e = body;
    struct audit_premises *p = premises_of(fact, e->premises);
    AUDIT(p->status == LEDGER__STATUS__RECTIFICATION_COMPLETED && p->acceptance == NULL, "ledger",
          "%s asks to be accepted in status %u", e->premises, p->status);
    AUDIT(audit_find_text(&a->acceptances, e->number) == NULL, "ledger", "%s is asked for twice",
          e->number);
    p->acceptance = audit_put_text(a, &a->acceptances, sizeof *p->acceptance, e->number);
    p->acceptance->premises = e->premises;
}

static void signed_by(const struct audit_fact *fact, struct audit_acceptance *gate,
                      const Rules__StepTaken *e)
{
    for (unsigned i = 0; i < gate->signed_count; i++)
        AUDIT(strcmp(gate->signers[i], fact->principal) != 0, "ledger", "%s has signed %s twice",
              fact->principal, e->number);
    AUDIT(gate->signed_count < AUDIT_SIGNED, "ledger", "too many have signed %s", e->number);
    gate->signers[gate->signed_count++] = fact->principal;
    gate->experts += strcmp(fact->principal, "EXP") == 0;
    AUDIT((strcmp(e->act->ground, "expert") == 0) == (strcmp(fact->principal, "EXP") == 0),
          "ledger", "%s signs %s as what he is not", fact->principal, e->number);
}

static void stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *e = body;
    if (strcmp(e->kind, "limit") == 0) {
        audit_limit_stepped(a, fact, e);
        return;
    }
    AUDIT(strcmp(e->kind, "acceptance") == 0, "ledger", "a %s takes steps", e->kind);
    struct audit_acceptance *gate = audit_find_text(&a->acceptances, e->number);
    AUDIT(gate != NULL, "ledger", "%s takes a step, and nobody has asked", e->number);
    struct audit_premises *p = premises_of(fact, gate->premises);
    if (e->verb == RULES__VERB__SIGN) {
        AUDIT(p->acceptance == gate, "ledger", "%s is signed, and is not open", e->number);
        signed_by(fact, gate, e);
    }
    if (e->verb == RULES__VERB__PASS)
        AUDIT(p->status == LEDGER__STATUS__ACCEPTED, "ledger", "%s passes, and %s is not accepted",
              e->number, gate->premises);
    if (e->verb == RULES__VERB__WITHDRAW)
        p->acceptance = NULL;
}

// ---------------------------------------------------------------- the post

static unsigned place_of(const struct audit_premises *p, const char *supervisor)
{
    unsigned i = 0;
    while (i < p->there_count && strcmp(p->there[i], supervisor) != 0)
        i++;
    return i;
}

static void at_post(const struct audit_fact *fact, const Ledger__AtPost *e, bool arrives)
{
    struct audit_premises *p = premises_of(fact, e->premises);
    const unsigned place = place_of(p, e->supervisor);
    AUDIT((place == p->there_count) == arrives, "ledger", "%s %s the post of %s out of turn",
          e->supervisor, arrives ? "comes to" : "leaves", e->premises);
    if (arrives)
        AUDIT(is_there(p, posted_as(p, e->supervisor), fact->r->occurred_at_ms), "ledger",
              "%s comes to the post of %s, and is none of the pair", e->supervisor, e->premises);
    if (arrives)
        p->there[p->there_count++] = e->supervisor;
    else
        p->there[place] = p->there[--p->there_count];
}

static void rang(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    const Rules__ClockRang *e = body;
    if (strcmp(e->kind, "limit") == 0)
        return; // audit_rings.c
    const struct audit_premises *p = premises_of(fact, e->number);
    AUDIT(strcmp(e->rule, "OP-POST") == 0, "ledger", "%s rings, which no premises here have",
          e->rule);
    AUDIT(p->there_count == 0, "ledger", "%s rings for its post, and somebody is there", e->number);
    AUDIT(p->status == LEDGER__STATUS__RECTIFICATION_STARTED, "ledger",
          "%s rings for its post, and is not under rectification", e->number);
    AUDIT(e->n_to > 0 && fact->r->occurred_at_ms >= e->due_ms, "ledger", "%s rings too early",
          e->number);
}

// A letter of responsibility is of the two who are the pair then.
void audit_letter_issued(const struct audit_fact *fact, const Rules__PaperIssued *e)
{
    const struct audit_premises *p = audit_find_text(&fact->stream->premises, e->of_number);
    unsigned count = 0;
    for (unsigned i = 0; p != NULL && i < p->posted_count; i++)
        count += is_there(p, &p->posted[i], fact->r->occurred_at_ms);
    AUDIT(count == 2, "paper", "letter %s is of %u supervisors", e->number, count);
}

// ---------------------------------------------------------------- the stream

static void registered(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Ledger__PremisesRegistered *e = body;
    struct audit_map *premises = &fact->stream->premises;
    AUDIT(audit_find_text(premises, e->number) == NULL, "ledger",
          "premises %s are registered twice", e->number);
    struct audit_premises *p = audit_put_text(a, premises, sizeof *p, e->number);
    p->township = e->township;
    p->standing = (uint32_t)e->standing;
}

static void assigned(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    const Ledger__SupervisorAssigned *e = body;
    comes(fact, e->premises, (struct audit_posted){e->number, "", e->from_ms, 0});
}

static void post_arrived(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    at_post(fact, body, true);
}

static void post_left(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a;
    at_post(fact, body, false);
}

const struct audit_event_row audit_ledger_events[] = {
    {LEDGER__EVENT__BODY_PREMISES_REGISTERED, registered},
    {LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, assigned},
    {LEDGER__EVENT__BODY_SUPERVISOR_REPLACED, replaced},
    {LEDGER__EVENT__BODY_SUPERVISOR_STOOD_IN, stood_in},
    {LEDGER__EVENT__BODY_STATUS_CHANGED, status_changed},
    {LEDGER__EVENT__BODY_ACCEPTANCE_ASKED, asked},
    {LEDGER__EVENT__BODY_LIMIT_DECIDED, audit_limit_decided},
    {LEDGER__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {LEDGER__EVENT__BODY_CAMERA_NOTED, audit_camera_noted},
    {LEDGER__EVENT__BODY_BULLETIN_NOTED, audit_bulletin_noted},
    {LEDGER__EVENT__BODY_STEP_TAKEN, stepped},
    {LEDGER__EVENT__BODY_POST_ARRIVED, post_arrived},
    {LEDGER__EVENT__BODY_POST_LEFT, post_left},
    {LEDGER__EVENT__BODY_CLOCK_RANG, rang},
    {LEDGER__EVENT__BODY_PAPER_ISSUED, audit_paper_issued},
    {LEDGER__EVENT__BODY_PAPER_SERVED, audit_paper_served},
    {LEDGER__EVENT__BODY_MEASURE_ADDED, audit_never},
    {LEDGER__EVENT__BODY_PREMISES_TRACKED, audit_never},
    {LEDGER__EVENT__BODY_CLOCK_TAKEN, audit_never},
    {LEDGER__EVENT__BODY_CLOCKS_RECOUNTED, audit_never},
    {LEDGER__EVENT__BODY_ATTACHED, audit_never},
    {LEDGER__EVENT__BODY_CORRECTED, audit_never},
    {LEDGER__EVENT__BODY_VOIDED, audit_never},
    {0},
};

void audit_ledger_answer(struct audit *a, struct audit_stream *stream, const void *query,
                         const void *answer, int64_t clock_ms)
{
    (void)a, (void)clock_ms;
    const Ledger__Query *q = query;
    const Ledger__Answer *body = answer;
    if (q->body_case != LEDGER__QUERY__BODY_COUNT)
        return;
    for (size_t i = 0; i < body->counts->n_counts; i++) {
        const Ledger__StatusCount *c = body->counts->counts[i];
        uint32_t count = 0;
        for (const struct audit_entry *e = stream->premises.first; e != NULL; e = e->next) {
            const struct audit_premises *p = e->value;
            count +=
                p->standing == LEDGER__STANDING__ENTERPRISE && p->status == (uint32_t)c->status &&
                (q->count->township[0] == '\0' || strcmp(q->count->township, p->township) == 0);
        }
        AUDIT(count == c->premises, "answer",
              "the ledger tells %u enterprises in status %d; by its records there are %u",
              c->premises, (int)c->status, count);
    }
}
