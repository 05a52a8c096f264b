// What becomes of what is sealed: steps of items, by those who may and now and then by others, in
// order and out of it.
#include "pb/pb.h"
#include "sim/work.h"

static char **two_officers(struct sim *s)
{
    char **officers = LQ_NEW_ARRAY(&s->scratch, char *, 2);
    officers[0] = lq_unconst("O1");
    officers[1] = lq_unconst(work_chance(s, 92) ? "L1" : "O1");
    return officers;
}

static const struct {
    unsigned weight;
    Rules__Verb verb;
    const char *who;
} steps[] = {
    {14, RULES__VERB__INSPECT, "O1"},         {5, RULES__VERB__BREACH, "O2"},
    {4, RULES__VERB__RESEAL, "L1"},           {4, RULES__VERB__ASK_POLICE, "L2"},
    {8, RULES__VERB__REQUEST_RELEASE, "L1"},  {7, RULES__VERB__ANSWER_REQUEST, "HEAD"},
    {7, RULES__VERB__RATIFY, "HEAD"},         {3, RULES__VERB__REFUSE_RATIFICATION, "HEAD"},
    {8, RULES__VERB__DECIDE_RELEASE, "HEAD"}, {9, RULES__VERB__SERVE_RELEASE, "O1"},
    {4, RULES__VERB__PUBLISH, "L1"},          {4, RULES__VERB__COLLECT, "L1"},
    {9, RULES__VERB__HAND_OVER, "L1"},
};

static unsigned pick_step(struct sim *s)
{
    unsigned total = 0, i = 0;
    for (size_t n = 0; n < sizeof steps / sizeof steps[0]; n++)
        total += steps[n].weight;
    unsigned drawn = work_pick(s, total);
    while (drawn >= steps[i].weight)
        drawn -= steps[i++].weight;
    return i;
}

void work_step(struct sim *s)
{
    const unsigned i = pick_step(s);
    Rules__Act act = RULES__ACT__INIT;
    act.officers = two_officers(s);
    act.n_officers = work_chance(s, 95) ? 2 : 0;
    act.ground = lq_unconst(work_chance(s, 95) ? "dealt_with" : "6");
    act.note = lq_unconst("已核实");
    act.words = lq_unconst("封条被撕");
    act.paper = lq_unconst(work_chance(s, 10) ? "献环解〔2015〕2号" : "纸质〔2015〕2号");
    act.taker = lq_unconst("县公安局");
    act.seal =
        work_chance(s, 90) || s->work->last_seal == NULL ? work_number(s, "S") : s->work->last_seal;
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    c.kind = lq_unconst("item");
    c.number = work_some_item(s);
    c.verb = steps[i].verb;
    c.act = &act;
    if (c.number == NULL)
        return;
    struct work_manner manner = {.occurred_ms = work_chance(s, 75) ? 0 : work_when(s)};
    struct sim_terminal *t = work_person(s, steps[i].who);
    t = work_hand(s, t, 20, 6, &manner);
    work_send_seizure(s, t, SEIZURE__COMMAND__BODY_TAKE_STEP, &c, &manner);
}
