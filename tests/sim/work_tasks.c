// Tasks: given out, accepted, reported, returned and closed, by those who may and now and then by
// others, in order and out of it.
#include <stdio.h>

#include "pb/pb.h"
#include "sim/work.h"

static const char *const owners[] = {"L1", "O1", "INSP", "O2", "P-1"};

static void send(struct sim *s, struct sim_terminal *t, Oversight__Command__BodyCase which,
                 void *body, const struct work_manner *manner)
{
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    command.body_case = which;
    command.assign_task = body; // the oneof's members lie in one place
    work_send(s, t, "oversight", &command.base, manner);
}

void work_assign_task(struct sim *s)
{
    struct sim_work *w = s->work;
    struct work_task *kept = &w->tasks[w->task_count % WORK_KEPT];
    Oversight__AssignTask c = OVERSIGHT__ASSIGN_TASK__INIT;
    c.number = work_number(s, "D");
    c.source = work_chance(s, 50) ? OVERSIGHT__TASK__SOURCE__SOURCE_UNSPECIFIED
                                  : OVERSIGHT__TASK__SOURCE__EXPERT;
    c.parent = lq_unconst(work_chance(s, 95) ? "M0" : "M-1");
    c.subject = lq_unconst("煤场未封闭");
    c.owner = lq_unconst(owners[work_pick(s, work_chance(s, 95) ? 4 : 5)]);
    c.due_day = lq_day_of(s->now_ms) + (int32_t)sim_between(&s->work_dice, -1, 6);
    w->task_count++;
    snprintf(kept->number, sizeof kept->number, "%s", c.number);
    kept->owner = c.owner;
    kept->step = 0;
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s)};
    struct sim_terminal *t = work_person(s, work_chance(s, 50) ? "CMD" : "CLERK");
    if (work_chance(s, 8))
        t = work_anybody(s);
    send(s, t, OVERSIGHT__COMMAND__BODY_ASSIGN_TASK, &c, &manner);
}

static void fill_answers(struct sim *s, Rules__Act *act)
{
    const unsigned lines = work_chance(s, 85) ? 5 : work_pick(s, 6);
    act->answers = LQ_NEW_ARRAY(&s->scratch, char *, 5);
    for (unsigned i = 0; i < lines; i++)
        act->answers[act->n_answers++] = lq_arena_format(&s->scratch, "%u=已落实", i + 1);
    if (lines > 0 && work_chance(s, 5))
        act->answers[0] = lq_unconst("1= ");
}

enum { USUALLY = 4 };
static const struct {
    Rules__Verb verb;
    bool own;
} steps[] = {{RULES__VERB__ACCEPT, true}, // the way that most go, and what else may be tried
             {RULES__VERB__REPORT, true},
             {RULES__VERB__VERIFY, false},
             {RULES__VERB__VERIFY, false},
             {RULES__VERB__RETURN, false}};

// The tag: which task, which step.
static void stepped(struct sim *s, struct sim_terminal *t, unsigned tag,
                    const struct sim_answered *a)
{
    (void)t;
    if (a->accepted)
        s->work->tasks[tag >> 3].step = (tag & 7) == USUALLY ? 1 : (tag & 7) + 1;
}

void work_task_step(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->task_count < WORK_KEPT ? w->task_count : WORK_KEPT;
    if (kept == 0)
        return;
    const unsigned which = work_pick(s, kept);
    const struct work_task *task = &w->tasks[which];
    const unsigned i =
        work_chance(s, 75) && task->step < USUALLY ? task->step : work_pick(s, USUALLY + 1);
    Rules__Act act = RULES__ACT__INIT;
    act.note = lq_unconst(work_chance(s, 90) ? "北侧仍敞开" : "");
    if (steps[i].verb == RULES__VERB__VERIFY)
        fill_answers(s, &act);
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    c.kind = lq_unconst("task");
    c.number = lq_unconst(task->number);
    c.verb = steps[i].verb;
    c.act = &act;
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s),
                                 .done = stepped,
                                 .tag = which << 3 | i};
    const char *who = steps[i].own && strcmp(task->owner, "P-1") != 0 ? task->owner : "INSP";
    struct sim_terminal *t = work_person(s, who);
    t = work_hand(s, t, 15, 5, &manner);
    send(s, t, OVERSIGHT__COMMAND__BODY_TAKE_STEP, &c, &manner);
}
