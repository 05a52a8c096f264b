// What becomes of tips: steps by those who may and now and then by others, in order and out of it.
#include "pb/pb.h"
#include "sim/work.h"

// The way that most go, and what else may be tried.
enum { USUALLY = 5 };
static const Rules__Verb steps[] = {RULES__VERB__ACCEPT,        RULES__VERB__VERIFY,
                                    RULES__VERB__REPLY,         RULES__VERB__ASK_REVIEW,
                                    RULES__VERB__ANSWER_REVIEW, RULES__VERB__NOT_ACCEPT,
                                    RULES__VERB__REFER,         RULES__VERB__CLOSE};

// The tag: which tip, which step.
static void stepped(struct sim *s, struct sim_terminal *t, unsigned tag,
                    const struct sim_answered *a)
{
    (void)t;
    if (a->accepted)
        s->work->tips[tag >> 3].step = (tag & 7) < USUALLY ? (tag & 7) + 1 : USUALLY;
}

void work_tip_step(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->tip_count < WORK_KEPT ? w->tip_count : WORK_KEPT;
    if (kept == 0)
        return;
    const unsigned which = work_pick(s, kept);
    const struct work_tip *tip = &w->tips[which];
    const unsigned i = work_chance(s, 80) && tip->step < USUALLY
                           ? tip->step
                           : work_pick(s, sizeof steps / sizeof steps[0]);
    Rules__Act act = RULES__ACT__INIT;
    act.officers = LQ_NEW_ARRAY(&s->scratch, char *, 2);
    act.officers[0] = lq_unconst("O1");
    act.officers[1] = lq_unconst(work_chance(s, 92) ? "L1" : "O1");
    act.n_officers = 2;
    act.ground = lq_unconst(work_chance(s, 50)   ? "属实"
                            : work_chance(s, 90) ? "unsubstantiated"
                                                 : "也许");
    act.note = lq_unconst("已核查");
    act.taker = lq_unconst("县公安局");
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    c.kind = lq_unconst("tip");
    c.number = lq_unconst(tip->number);
    c.verb = steps[i];
    c.act = &act;
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s),
                                 .done = stepped,
                                 .tag = which << 3 | i};
    struct sim_terminal *t = work_person(s, work_chance(s, 80) ? "DESK1" : "CLERK");
    t = work_hand(s, t, 10, 6, &manner);
    Tips__Command command = TIPS__COMMAND__INIT;
    command.body_case = TIPS__COMMAND__BODY_TAKE_STEP;
    command.take_step = &c;
    work_send(s, t, "tips", &command.base, &manner);
}
