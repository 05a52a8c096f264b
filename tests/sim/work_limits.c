// Decisions on production: made, served, extended, complied with or not, lifted, ended by the
// government's, by those who may and now and then by others, in order and out of it.
#include <stdio.h>

#include "pb/pb.h"
#include "rules/take_step.h"
#include "sim/work.h"

#define KIND(name) LEDGER__LIMIT__KIND__##name

enum { WAY_MOST = 6 };

// The way that most of a kind go.
static const struct {
    Rules__Verb verbs[WAY_MOST];
    unsigned count;
} ways[] = {
    [KIND(LIMITED)] = {{RULES__VERB__SERVE, RULES__VERB__FILE_PLAN, RULES__VERB__EXTEND,
                        RULES__VERB__COMPLETE, RULES__VERB__FILE_COMPLETION, RULES__VERB__REVISIT},
                       6},
    [KIND(STOPPED)] = {{RULES__VERB__SERVE, RULES__VERB__FILE_PLAN, RULES__VERB__COMPLETE,
                        RULES__VERB__FILE_COMPLETION, RULES__VERB__REVISIT},
                       5},
    [KIND(DAILY_FINE)] = {{RULES__VERB__SERVE, RULES__VERB__LIFT}, 2},
    [KIND(GOVERNMENT_CLOSURE)] = {{RULES__VERB__ORDER_CLOSURE, RULES__VERB__SERVE}, 2},
};

// Whatever else may be tried.
static const Rules__Verb others[] = {
    RULES__VERB__SERVE,     RULES__VERB__EXTEND,   RULES__VERB__FILE_COMPLETION,
    RULES__VERB__DEFY,      RULES__VERB__WITHDRAW, RULES__VERB__COMPLETE,
    RULES__VERB__TERMINATE, RULES__VERB__REFUSE,   RULES__VERB__LIFT,
};
enum { OTHERS = sizeof others / sizeof others[0] };

static bool is_heads(Rules__Verb verb)
{
    return verb == RULES__VERB__EXTEND || verb == RULES__VERB__WITHDRAW ||
           verb == RULES__VERB__TERMINATE || verb == RULES__VERB__LIFT ||
           verb == RULES__VERB__REFUSE || verb == RULES__VERB__ORDER_CLOSURE;
}

// In his own name, by the office in his, or somebody else.
static struct sim_terminal *sender(struct sim *s, const char *who, struct work_manner *manner)
{
    const unsigned kind = work_pick(s, 100);
    if (kind < 72)
        return work_person(s, who);
    if (kind >= 92)
        return work_anybody(s);
    manner->behalf = who;
    manner->reason = "送达回证";
    return work_person(s, "CLERK");
}

static void decided(struct sim *s, struct sim_terminal *t, unsigned tag,
                    const struct sim_answered *a)
{
    (void)t;
    struct sim_work *w = s->work;
    if (!a->accepted || strlen(a->number) >= WORK_NUMBER)
        return;
    struct work_limit *kept = &w->limits[w->limit_count++ % WORK_KEPT];
    snprintf(kept->number, sizeof kept->number, "%s", a->number);
    kept->kind = tag;
    kept->step = 0;
}

void work_decide_limit(struct sim *s)
{
    static const Ledger__Limit__Kind kinds[] = {KIND(LIMITED), KIND(LIMITED), KIND(STOPPED),
                                                KIND(DAILY_FINE), KIND(GOVERNMENT_CLOSURE)};
    static const char *const handlers[] = {"L1", "O1", "L2", "", "P-1"};
    Ledger__DecideLimit c = LEDGER__DECIDE_LIMIT__INIT;
    c.number = work_number(s, "XC");
    c.premises = lq_unconst(work_premises(s, work_pick(s, s->work->premises_count)));
    c.kind = kinds[work_pick(s, sizeof kinds / sizeof kinds[0])];
    c.months = c.kind == KIND(LIMITED) || work_chance(s, 3) ? work_pick(s, 5) : 0;
    c.ground = lq_unconst(work_chance(s, 97) ? "超标排放" : "");
    c.penalty = lq_unconst(work_chance(s, 90) ? "AD-1" : "");
    c.handler = lq_unconst(handlers[work_pick(s, work_chance(s, 95) ? 4 : 5)]);
    struct work_manner manner = {
        .occurred_ms = work_chance(s, 80) ? 0 : work_when(s), .done = decided, .tag = c.kind};
    struct sim_terminal *t = sender(s, "HEAD", &manner);
    work_send_ledger(s, t, LEDGER__COMMAND__BODY_DECIDE_LIMIT, &c, &manner);
}

// The tag: which decision, which place of its way.
static void stepped(struct sim *s, struct sim_terminal *t, unsigned tag,
                    const struct sim_answered *a)
{
    (void)t;
    if (a->accepted)
        s->work->limits[tag >> 3].step = (tag & 7) + 1;
}

static void fill(struct sim *s, Rules__Act *act)
{
    act->note = lq_unconst(work_chance(s, 95) ? "情况复杂" : "");
    act->words = lq_unconst("夜间开炉");
    act->authority = lq_unconst("县人民政府");
    act->paper = lq_unconst(work_chance(s, 95) ? "县政决〔2015〕1号" : "");
    act->months = work_pick(s, 5);
    act->ground = lq_unconst(work_chance(s, 50) ? "clean" : work_chance(s, 90) ? "再犯" : "尚可");
    act->officers = LQ_NEW_ARRAY(&s->scratch, char *, 2);
    act->officers[0] = lq_unconst("O1");
    act->officers[1] = lq_unconst(work_chance(s, 92) ? "L1" : "O1");
    act->n_officers = 2;
}

void work_limit_step(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->limit_count < WORK_KEPT ? w->limit_count : WORK_KEPT;
    if (kept == 0)
        return;
    const unsigned which = work_pick(s, kept);
    const struct work_limit *limit = &w->limits[which];
    const bool on = limit->step < ways[limit->kind].count && work_chance(s, 75);
    Rules__Act act = RULES__ACT__INIT;
    fill(s, &act);
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    c.kind = lq_unconst("limit");
    c.number = lq_unconst(limit->number);
    c.verb = on ? ways[limit->kind].verbs[limit->step] : others[work_pick(s, OTHERS)];
    c.act = &act;
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s),
                                 .done = on ? stepped : NULL,
                                 .tag = which << 3 | limit->step};
    struct sim_terminal *t = sender(s,
                                    is_heads(c.verb)     ? "HEAD"
                                    : work_chance(s, 50) ? "L1"
                                                         : "O1",
                                    &manner);
    work_send_ledger(s, t, (Ledger__Command__BodyCase)LQ_BODY_TAKE_STEP, &c, &manner);
}
