// Casefile: notices, cases and their suspects, each step after the one before.
#include "sim/audit_parts.h"

static const int64_t LIVE_WINDOW_MS = 24 * 3600 * 1000LL; // as in configs/policy.yaml

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
