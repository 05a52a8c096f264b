// Money: put aside, proposed, approved by one and the other, refused and paid.
#include <stdio.h>

#include "sim/work.h"

static void send_fund(struct sim *s, struct sim_terminal *t, Fund__Command__BodyCase member,
                      void *body, const struct work_manner *manner)
{
    Fund__Command command = FUND__COMMAND__INIT;
    command.body_case = member;
    command.set_budget = body; // the oneof's members lie in one place
    work_send(s, t, "fund", &command.base, manner);
}

static Fund__Line some_line(struct sim *s)
{
    static const Fund__Line lines[] = {FUND__LINE__EXPERTS, FUND__LINE__GUIDE, FUND__LINE__CAMERA,
                                       FUND__LINE__TIP_REWARD};
    return lines[work_chance(s, 60) ? work_pick(s, 2) : work_pick(s, 4)];
}

// What is decided about next.
static void proposed(struct sim *s, struct sim_terminal *t, unsigned tag,
                     const struct sim_answered *a)
{
    (void)t, (void)tag;
    if (a->accepted)
        snprintf(s->work->grant, sizeof s->work->grant, "%s", a->number);
}

void work_set_budget(struct sim *s)
{
    Fund__SetBudget c = FUND__SET_BUDGET__INIT;
    c.line = some_line(s);
    c.ceiling_yuan = 2000 + work_pick(s, 4000);
    send_fund(s, work_person(s, work_chance(s, 50) ? "CMD" : "FIN"), FUND__COMMAND__BODY_SET_BUDGET,
              &c, NULL);
}

void work_propose_grant(struct sim *s)
{
    Fund__ProposeGrant c = FUND__PROPOSE_GRANT__INIT;
    c.number = work_number(s, "ZJ");
    c.line = some_line(s);
    c.premises = lq_unconst(work_premises(s, work_pick(s, s->work->premises_count)));
    c.tip = lq_unconst("J0");
    if (c.line != FUND__LINE__CAMERA && c.line != FUND__LINE__TIP_REWARD) {
        c.payee = lq_unconst("专家");
        c.amount_yuan = 100 + work_pick(s, 900);
        c.purpose = lq_unconst("评估");
    }
    const struct work_manner manner = {.done = proposed};
    send_fund(s, work_chance(s, 90) ? work_person(s, "CLERK") : work_anybody(s),
              FUND__COMMAND__BODY_PROPOSE_GRANT, &c, &manner);
}

void work_grant_step(struct sim *s)
{
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    Rules__Act act = RULES__ACT__INIT;
    const unsigned what = work_pick(s, 10);
    if (s->work->grant[0] == '\0')
        return;
    c.kind = lq_unconst("grant");
    c.number = s->work->grant;
    c.verb = what < 6   ? RULES__VERB__APPROVE
             : what < 9 ? RULES__VERB__PAY_OUT
                        : RULES__VERB__REFUSE;
    c.act = &act;
    act.note = lq_unconst("缓办");
    const char *who = c.verb == RULES__VERB__PAY_OUT ? "FIN" : work_chance(s, 50) ? "CMD" : "HEAD";
    send_fund(s, work_chance(s, 90) ? work_person(s, who) : work_anybody(s),
              FUND__COMMAND__BODY_TAKE_STEP, &c, NULL);
}
