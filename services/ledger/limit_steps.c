// What becomes of a decision on production (限产停产): which steps it may take, and which terms
// start and end with them. Of a limit and a stop: 部令第30号 (Measures for Limiting and Stopping
// Production), LP1 to LP5 of law.md 3; LP2, the limit's own term, starts with the decision
// (limits.c). A daily fine goes on until it is lifted; closing is the government's (EPL art. 60).
#include "language/language.h"
#include "ledger.h"
#include "service/need.h"

#define STATE(name) LEDGER__LIMIT__STATE__##name
#define KIND(name) LEDGER__LIMIT__KIND__##name

enum {
    BUREAU_HEAD = LQ_ROLE(HEAD),
    HANDLERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER),
    DECIDERS = LQ_ROLE(HEAD) | LQ_ROLE(COMMANDER), // who hear of the government's decision
    FINDERS =
        LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(DESK) | LQ_ROLE(INSPECTOR) | LQ_ROLE(SUPERVISOR),
};

static const Ledger__Limit *limit_of(const struct lq_taking *taking)
{
    return taking->row;
}

// ---------------------------------------------------------------- for which of them

static bool is_limited(const void *row)
{
    return ((const Ledger__Limit *)row)->kind == KIND(LIMITED);
}

static bool is_on_production(const void *row)
{
    return is_limited(row) || ((const Ledger__Limit *)row)->kind == KIND(STOPPED);
}

static bool is_fine(const void *row)
{
    return ((const Ledger__Limit *)row)->kind == KIND(DAILY_FINE);
}

static bool is_the_bureaus(const void *row)
{
    return ((const Ledger__Limit *)row)->kind != KIND(GOVERNMENT_CLOSURE);
}

static bool is_without_plan(const void *row)
{
    return is_on_production(row) && ((const Ledger__Limit *)row)->plan_filed_at_ms == 0;
}

static bool is_uncompleted(const void *row)
{
    return is_on_production(row) && ((const Ledger__Limit *)row)->completed_at_ms == 0;
}

static bool is_not_revisited(const void *row)
{
    return is_on_production(row) && ((const Ledger__Limit *)row)->revisited_at_ms == 0;
}

bool ledger_limit_is_open(const Ledger__Limit *limit)
{
    return limit->state == STATE(TO_BE_SERVED) || limit->state == STATE(BINDING) ||
           limit->state == STATE(SUBMITTED) || limit->state == STATE(ORDERED);
}

// ---------------------------------------------------------------- rules

static struct lq_verdict for_handler(struct lq_decision *d, struct lq_taking *taking)
{
    (void)d;
    taking->owner = limit_of(taking)->handler;
    return LQ_ACCEPT;
}

// Art. 15: once, by at most three months, before the limit's term has ended.
static struct lq_verdict check_extend(struct lq_decision *d, struct lq_taking *taking)
{
    return lq_clock_extend(d, LEDGER_LIMIT, taking->number, "LP2", "LP2b",
                           (int32_t)taking->act->months, taking->act->paper);
}

// Art. 17: what is filed says when it was done, and with the filing the decision is lifted.
static struct lq_verdict check_filing(struct lq_decision *d, struct lq_taking *taking)
{
    const Ledger__Limit *limit = limit_of(taking);
    char done[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
    if (limit->completed_at_ms == 0)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "when was what %s asks for completed? What is filed says so: record that "
                         "first, as of then (lq limit complete %s)",
                         taking->number, taking->number);
    if (d->facts->occurred_ms < limit->completed_at_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "this is dated %s, but what %s asks for was completed only at %s",
                         lq_format_local(d->facts->occurred_ms, now), taking->number,
                         lq_format_local(limit->completed_at_ms, done));
    return for_handler(d, taking);
}

// Art. 20; and art. 8(3): where the same is found again, the government may be asked to close it.
static struct lq_verdict check_revisit(struct lq_decision *d, struct lq_taking *taking)
{
    static const char *const CLEAN[] = {"clean", "未再违法", "未发现"};
    static const char *const AGAIN[] = {"violated", "再次违法", "再犯"};
    LQ_TRY(lq_need_officers(d, taking->act, LQ_TR_LATER("Administrative Penalty Law art. 37")));
    for (size_t i = 0; i < sizeof CLEAN / sizeof *CLEAN; i++) {
        const bool again = strcmp(taking->act->ground, AGAIN[i]) == 0;
        if (!again && strcmp(taking->act->ground, CLEAN[i]) != 0)
            continue;
        taking->act->ground = lq_unconst(again ? AGAIN[0] : CLEAN[0]);
        return LQ_ACCEPT;
    }
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "\"%s\" does not say what the inspection of %s found: clean or violated?",
                     taking->act->ground, taking->number);
}

// Art. 18: with the government's decision those of the bureau end of themselves.
static struct lq_verdict end_others(struct lq_decision *d, struct lq_taking *taking)
{
    const Ledger__Entry *entry = ledger_find(d->view, limit_of(taking)->premises);
    Rules__Act act = RULES__ACT__INIT;
    act.related = lq_unconst(taking->number);
    act.note = taking->act->paper;
    for (size_t i = 0; i < entry->n_limits; i++) {
        const Ledger__Limit *other =
            lq_find(d->view, &ledger_limits, lq_key_text(entry->limits[i]));
        if (other->kind == KIND(GOVERNMENT_CLOSURE) || !ledger_limit_is_open(other))
            continue;
        Rules__TakeStep step = RULES__TAKE_STEP__INIT;
        step.kind = lq_unconst(LEDGER_LIMIT);
        step.number = other->number;
        step.verb = RULES__VERB__TERMINATE;
        step.act = &act;
        LQ_TRY(lq_take_step(d, &step));
    }
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the table

#define STEP(from, to, verb, who, ...)                                                             \
    LQ_STEP(STATE(from), STATE(to), verb, who, LQ_ROLE(CLERK), __VA_ARGS__)
#define STAYS(from, verb, who, ...)                                                                \
    LQ_STEP(STATE(from), LQ_STEP_STAYS, verb, who, LQ_ROLE(CLERK), __VA_ARGS__)
#define ALL_TERMS "LP1 LP2 LP4 LP4b"

static const struct lq_step STEPS[] = {
    STEP(TO_BE_SERVED, BINDING, SERVE, HANDLERS, .when = is_on_production, .stops = "LP1",
         .starts = "LP4", .rule = for_handler),
    STEP(TO_BE_SERVED, BINDING, SERVE, HANDLERS, .when = is_fine),
    STAYS(TO_BE_SERVED, EXTEND, BUREAU_HEAD, .when = is_limited, .needs = "note",
          .rule = check_extend),
    STAYS(BINDING, EXTEND, BUREAU_HEAD, .when = is_limited, .needs = "note", .rule = check_extend),
    STAYS(BINDING, FILE_PLAN, HANDLERS, .when = is_without_plan, .stops = "LP4"),
    STAYS(BINDING, COMPLETE, HANDLERS, .when = is_uncompleted, .starts = "LP4b",
          .rule = for_handler),
    STEP(BINDING, LIFTED, FILE_COMPLETION, HANDLERS, .when = is_on_production,
         .stops = "LP2 LP4 LP4b", .starts = "LP5", .rule = check_filing),
    STAYS(BINDING, DEFY, FINDERS, .when = is_on_production, .needs = "words"),
    STEP(BINDING, LIFTED, LIFT, BUREAU_HEAD, .when = is_fine, .needs = "note"),
    STAYS(LIFTED, REVISIT, HANDLERS, .when = is_not_revisited, .needs = "officers ground",
          .stops = "LP5", .rule = check_revisit),
    STEP(TO_BE_SERVED, WITHDRAWN, WITHDRAW, BUREAU_HEAD, .needs = "note", .stops = ALL_TERMS),
    STEP(BINDING, WITHDRAWN, WITHDRAW, BUREAU_HEAD, .when = is_the_bureaus, .needs = "note",
         .stops = ALL_TERMS),
    STEP(TO_BE_SERVED, TERMINATED, TERMINATE, DECIDERS, .needs = "note", .stops = ALL_TERMS),
    STEP(BINDING, TERMINATED, TERMINATE, DECIDERS, .when = is_the_bureaus, .needs = "note",
         .stops = ALL_TERMS),
    STEP(SUBMITTED, ORDERED, ORDER_CLOSURE, DECIDERS, .needs = "authority paper",
         .rule = end_others),
    STEP(SUBMITTED, NOT_ORDERED, REFUSE, DECIDERS, .needs = "authority note"),
    STEP(SUBMITTED, WITHDRAWN, WITHDRAW, BUREAU_HEAD, .needs = "note"),
    STEP(ORDERED, BINDING, SERVE, HANDLERS),
};

const struct lq_steps ledger_limit_steps = {
    .entity = LEDGER_LIMIT,
    .states = &ledger__limit__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

// ---------------------------------------------------------------- in `apply`

void ledger_limit_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    (void)tables;
    Ledger__Limit *limit = row;
    if (!ledger_limit_is_open(limit) && limit->ended_at_ms == 0)
        limit->ended_at_ms = step->at_ms;
    switch ((int)step->verb) {
    case RULES__VERB__SERVE:
        limit->served_at_ms = step->at_ms;
        break;
    case RULES__VERB__FILE_PLAN:
        limit->plan_filed_at_ms = step->at_ms;
        break;
    case RULES__VERB__COMPLETE:
        limit->completed_at_ms = step->at_ms;
        break;
    case RULES__VERB__REVISIT:
        limit->revisited_at_ms = step->at_ms;
        limit->violated_again = strcmp(step->act->ground, "violated") == 0;
        break;
    case RULES__VERB__DEFY:
        if (limit->defied_at_ms == 0)
            limit->defied_at_ms = step->at_ms;
        break;
    case RULES__VERB__ORDER_CLOSURE:
        limit->authority = step->act->authority;
        limit->document = step->act->paper;
        break;
    default:
        break;
    }
}
