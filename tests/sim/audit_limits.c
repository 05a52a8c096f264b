// Decisions on production, written down a second time (law.md 3, LP1 to LP5; docs/steps.md): which
// steps of one follow each other, by whom, which terms end and begin with them.
#include "sim/audit_parts.h"

typedef unsigned long long number;

#define KIND(name) (1U << LEDGER__LIMIT__KIND__##name)
#define PRODUCTION (KIND(LIMITED) | KIND(STOPPED))
#define BUREAUS (PRODUCTION | KIND(DAILY_FINE))
#define HANDLERS (ROLE_BIT(LEAD) | ROLE_BIT(OFFICER))
#define HEAD ROLE_BIT(HEAD)
#define DECIDERS (HEAD | ROLE_BIT(COMMANDER))
#define FINDERS (HANDLERS | ROLE_BIT(DESK) | ROLE_BIT(INSPECTOR) | ROLE_BIT(SUPERVISOR))
#define ALL                                                                                        \
    {                                                                                              \
        "LP1", "LP2", "LP4", "LP4b"                                                                \
    }

static const struct limit_step {
    Rules__Verb verb;
    const char *from, *to;
    unsigned kinds;
    uint32_t who;
    const char *ends[5], *begins;
} steps[] = {
    {RULES__VERB__SERVE, "TO_BE_SERVED", "BINDING", PRODUCTION, HANDLERS, {"LP1"}, "LP4"},
    {RULES__VERB__SERVE, "TO_BE_SERVED", "BINDING", KIND(DAILY_FINE), HANDLERS, {NULL}, NULL},
    {RULES__VERB__SERVE, "ORDERED", "BINDING", KIND(GOVERNMENT_CLOSURE), HANDLERS, {NULL}, NULL},
    {RULES__VERB__EXTEND, "TO_BE_SERVED", "TO_BE_SERVED", KIND(LIMITED), HEAD, {NULL}, NULL},
    {RULES__VERB__EXTEND, "BINDING", "BINDING", KIND(LIMITED), HEAD, {NULL}, NULL},
    {RULES__VERB__FILE_PLAN, "BINDING", "BINDING", PRODUCTION, HANDLERS, {"LP4"}, NULL},
    {RULES__VERB__COMPLETE, "BINDING", "BINDING", PRODUCTION, HANDLERS, {NULL}, "LP4b"},
    {RULES__VERB__FILE_COMPLETION,
     "BINDING",
     "LIFTED",
     PRODUCTION,
     HANDLERS,
     {"LP2", "LP4", "LP4b"},
     "LP5"},
    {RULES__VERB__DEFY, "BINDING", "BINDING", PRODUCTION, FINDERS, {NULL}, NULL},
    {RULES__VERB__REVISIT, "LIFTED", "LIFTED", PRODUCTION, HANDLERS, {"LP5"}, NULL},
    {RULES__VERB__LIFT, "BINDING", "LIFTED", KIND(DAILY_FINE), HEAD, {NULL}, NULL},
    {RULES__VERB__WITHDRAW, "TO_BE_SERVED", "WITHDRAWN", BUREAUS, HEAD, ALL, NULL},
    {RULES__VERB__WITHDRAW, "BINDING", "WITHDRAWN", BUREAUS, HEAD, ALL, NULL},
    {RULES__VERB__WITHDRAW, "SUBMITTED", "WITHDRAWN", KIND(GOVERNMENT_CLOSURE), HEAD, {NULL}, NULL},
    {RULES__VERB__TERMINATE, "TO_BE_SERVED", "TERMINATED", BUREAUS, DECIDERS, ALL, NULL},
    {RULES__VERB__TERMINATE, "BINDING", "TERMINATED", BUREAUS, DECIDERS, ALL, NULL},
    {RULES__VERB__ORDER_CLOSURE,
     "SUBMITTED",
     "ORDERED",
     KIND(GOVERNMENT_CLOSURE),
     DECIDERS,
     {NULL},
     NULL},
    {RULES__VERB__REFUSE,
     "SUBMITTED",
     "NOT_ORDERED",
     KIND(GOVERNMENT_CLOSURE),
     DECIDERS,
     {NULL},
     NULL},
};

static const struct limit_step *step_of(const struct audit_limit *limit,
                                        const Rules__StepTaken *taken)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].verb == taken->verb && (steps[i].kinds >> limit->kind & 1) != 0 &&
            strcmp(steps[i].from, taken->from) == 0 && strcmp(steps[i].to, taken->to) == 0)
            return &steps[i];
    return NULL;
}

static bool is_open(const struct audit_limit *limit)
{
    static const char *const open[] = {"TO_BE_SERVED", "BINDING", "SUBMITTED", "ORDERED"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (strcmp(limit->state, open[i]) == 0)
            return true;
    return false;
}

// One that is open, of one of the kinds, on these premises; NULL: none.
static const char *find_open(struct audit *a, const char *premises, unsigned kinds)
{
    for (const struct audit_entry *e = a->limits.first; e != NULL; e = e->next) {
        const struct audit_limit *limit = e->value;
        if (is_open(limit) && (kinds >> limit->kind & 1) != 0 &&
            strcmp(limit->premises, premises) == 0)
            return (const char *)e->key;
    }
    return NULL;
}

static unsigned against(unsigned kind) // what may not be open besides
{
    return 1U << kind | (kind == LEDGER__LIMIT__KIND__LIMITED ? KIND(STOPPED) : 0);
}

bool audit_limit_known(struct audit *a, const Ledger__DecideLimit *c)
{
    return audit_find_text(&a->limits, c->number) != NULL ||
           find_open(a, c->premises, against((unsigned)c->kind)) != NULL;
}

void audit_limit_decided(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Ledger__LimitDecided *e = body;
    const unsigned kind = (unsigned)e->kind;
    const struct audit_premises *p = audit_find_text(&fact->stream->premises, e->premises);
    AUDIT(p != NULL && p->standing == LEDGER__STANDING__ENTERPRISE, "limit",
          "%s is decided on %s, which is no enterprise", e->number, e->premises);
    AUDIT(audit_find_text(&a->limits, e->number) == NULL, "limit", "%s is decided twice",
          e->number);
    AUDIT(find_open(a, e->premises, against(kind)) == NULL, "limit",
          "%s is decided on %s, which has one that is open", e->number, e->premises);
    AUDIT(e->months <= (kind == LEDGER__LIMIT__KIND__LIMITED ? 3 : 0), "limit",
          "%s is decided for %u months", e->number, e->months);
    AUDIT(audit_roles_of(fact->stream, e->handler, fact->r->occurred_at_ms) != 0, "limit",
          "%s is to be handled by %s, who is not on the roster", e->number, e->handler);
    AUDIT(e->ground[0] != '\0' &&
              (kind != LEDGER__LIMIT__KIND__DAILY_FINE || e->penalty[0] != '\0'),
          "limit", "%s does not say what for", e->number);
    AUDIT((fact->principal_roles & HEAD) != 0 && strcmp(e->decided_by, fact->principal) == 0,
          "limit", "%s is decided by %s", e->number, fact->principal);
    struct audit_limit *limit = audit_put_text(a, &a->limits, sizeof *limit, e->number);
    *limit = (struct audit_limit){
        .premises = e->premises,
        .handler = e->handler,
        .kind = kind,
        .state = kind == LEDGER__LIMIT__KIND__GOVERNMENT_CLOSURE ? "SUBMITTED" : "TO_BE_SERVED",
        .since_ms = fact->r->occurred_at_ms};
}

static void check_needs(const struct audit_fact *fact, const struct audit_limit *limit,
                        const Rules__StepTaken *taken)
{
    const Rules__Act *act = taken->act;
    const bool about_it =
        taken->verb == RULES__VERB__EXTEND || taken->verb == RULES__VERB__WITHDRAW ||
        taken->verb == RULES__VERB__LIFT || taken->verb == RULES__VERB__TERMINATE ||
        taken->verb == RULES__VERB__REFUSE;
    AUDIT(!about_it || act->note[0] != '\0', "limit", "a step of %s does not say why",
          taken->number);
    if (taken->verb == RULES__VERB__ORDER_CLOSURE)
        AUDIT(act->authority[0] != '\0' && act->paper[0] != '\0', "limit",
              "%s is ordered by nobody, or without a document", taken->number);
    if (taken->verb == RULES__VERB__FILE_PLAN)
        AUDIT(!limit->planned, "limit", "the plan of %s is filed twice", taken->number);
    if (taken->verb == RULES__VERB__COMPLETE)
        AUDIT(limit->completed_ms == 0, "limit", "%s is completed twice", taken->number);
    if (taken->verb == RULES__VERB__FILE_COMPLETION)
        AUDIT(limit->completed_ms != 0 && fact->r->occurred_at_ms >= limit->completed_ms, "limit",
              "%s is lifted before it is completed", taken->number);
    if (taken->verb == RULES__VERB__REVISIT)
        AUDIT(!limit->revisited && act->n_officers >= 2 &&
                  strcmp(act->officers[0], act->officers[1]) != 0 &&
                  (strcmp(act->ground, "clean") == 0 || strcmp(act->ground, "violated") == 0),
              "limit", "%s is revisited by fewer than two, or once more", taken->number);
}

void audit_limit_stepped(struct audit *a, const struct audit_fact *fact,
                         const Rules__StepTaken *taken)
{
    struct audit_limit *limit = audit_find_text(&a->limits, taken->number);
    AUDIT(limit != NULL, "limit", "there is no decision %s", taken->number);
    const struct limit_step *step = step_of(limit, taken);
    AUDIT(step != NULL && strcmp(limit->state, taken->from) == 0, "limit",
          "record %llu of ledger takes %s from %s to %s", (number)fact->r->seq, taken->number,
          taken->from, taken->to);
    AUDIT((fact->principal_roles & step->who) != 0, "limit", "%s takes a step of %s to %s",
          fact->principal, taken->number, taken->to);
    AUDIT(fact->r->occurred_at_ms >= limit->since_ms, "limit",
          "a step of %s is dated before what it rests on", taken->number);
    check_needs(fact, limit, taken);
    if (strcmp(taken->from, taken->to) != 0)
        limit->since_ms = fact->r->occurred_at_ms;
    limit->state = taken->to;
    limit->planned = limit->planned || taken->verb == RULES__VERB__FILE_PLAN;
    limit->revisited = limit->revisited || taken->verb == RULES__VERB__REVISIT;
    if (taken->verb == RULES__VERB__COMPLETE)
        limit->completed_ms = fact->r->occurred_at_ms;
    if (taken->verb == RULES__VERB__ORDER_CLOSURE)
        AUDIT(find_open(a, limit->premises, BUREAUS) == NULL, "limit",
              "the government closes %s, and %s goes on", limit->premises,
              find_open(a, limit->premises, BUREAUS));
}

// ---------------------------------------------------------------- terms

// They are whose who handles the decision; the limit's own runs from it, the stop has none.
static void limit_decided(struct audit_carried *k, const void *body)
{
    const Ledger__LimitDecided *e = body;
    const bool limited = e->kind == LEDGER__LIMIT__KIND__LIMITED;
    if (limited || e->kind == LEDGER__LIMIT__KIND__STOPPED)
        audit_clock_begin_for(k, "limit", e->number, "LP1", e->handler, 0);
    if (limited)
        audit_clock_begin_for(k, "limit", e->number, "LP2", e->handler, e->months);
}

static void limit_stepped(struct audit_carried *k, const void *body)
{
    const Rules__StepTaken *taken = body;
    if (strcmp(taken->kind, "limit") != 0)
        return;
    const struct audit_limit *limit = audit_find_text(&k->a->limits, taken->number);
    const struct limit_step *step = step_of(limit, taken);
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    for (size_t i = 0; step->ends[i] != NULL; i++)
        audit_clock_stop(k, "limit", taken->number, step->ends[i], at_ms);
    if (step->begins != NULL)
        audit_clock_begin_for(k, "limit", taken->number, step->begins, limit->handler, 0);
    if (taken->verb != RULES__VERB__EXTEND)
        return;
    Rules__Clock *c = audit_carry(k, audit_running(k, "limit", taken->number, "LP2"));
    AUDIT(taken->act->months <= 3 && c->n_extensions == 0 && (c->due_ms == 0 || at_ms < c->due_ms),
          "limit", "%s is extended too late, for too long, or once more", taken->number);
    audit_clock_extend(k, c, "LP2b", (int32_t)taken->act->months, taken->act->paper);
}

static void limit_rang(struct audit_carried *k, const void *body)
{
    const Rules__ClockRang *rang = body;
    if (strcmp(rang->kind, "limit") == 0)
        audit_clock_rang(k, rang);
}

const struct audit_term_row audit_limit_terms[] = {
    {LEDGER__EVENT__BODY_LIMIT_DECIDED, limit_decided},
    {LEDGER__EVENT__BODY_STEP_TAKEN, limit_stepped},
    {LEDGER__EVENT__BODY_CLOCK_RANG, limit_rang},
    {0},
};
