// What becomes of notices: they are rechecked. And what was entered wrongly: notices that are
// corrected, and voided, by who does it rightly and who does not; and numbers that are used once
// more.
#include <stdio.h>

#include "sim/work.h"

static const char *const FINDINGS[] = {"粉尘", "无组织排放"};

void work_keep_notice(struct sim *s, const char *number, int64_t issued_ms)
{
    struct sim_work *w = s->work;
    struct work_notice *kept = &w->notices[w->notice_count++ % WORK_KEPT];
    *kept = (struct work_notice){.issued_ms = issued_ms};
    snprintf(kept->number, sizeof kept->number, "%s", number);
}

static struct work_notice *some_notice(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->notice_count < WORK_KEPT ? w->notice_count : WORK_KEPT;
    return kept == 0 ? NULL : &w->notices[work_pick(s, kept)];
}

static void send(struct sim *s, Casefile__Command *command)
{
    struct sim_terminal *t =
        work_chance(s, 90) ? work_lead(s, work_pick(s, WORK_TEAMS)) : work_anybody(s);
    const struct work_manner manner = {.reason = work_chance(s, 92) ? "看错" : NULL};
    work_send(s, t, "casefile", &command->base, &manner);
}

static char *decimals(struct sim *s, int64_t number)
{
    return lq_arena_format(&s->scratch, "%lld", (long long)number);
}

// When it was issued, or what was found. Who corrects believes that it was accepted.
void work_correct_notice(struct sim *s)
{
    struct work_notice *notice = some_notice(s);
    if (notice == NULL)
        return;
    Rules__Change change = RULES__CHANGE__INIT, *changes[] = {&change};
    Rules__Correct correct = RULES__CORRECT__INIT;
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_CORRECT;
    command.correct = &correct;
    correct.kind = lq_unconst("notice");
    correct.number = lq_unconst(notice->number);
    correct.changes = changes;
    correct.n_changes = 1;
    if (work_chance(s, 70)) {
        const int64_t earlier_ms = sim_between(&s->work_dice, -60, 3 * 24 * 60) * 60000;
        change.field = lq_unconst("issued_at_ms");
        change.was = decimals(s, notice->issued_ms);
        notice->issued_ms -= earlier_ms;
        change.now = decimals(s, notice->issued_ms);
    } else {
        change.field = lq_unconst("finding");
        change.was = lq_unconst(FINDINGS[notice->finding]);
        notice->finding = !notice->finding;
        change.now = lq_unconst(FINDINGS[notice->finding]);
    }
    send(s, &command);
}

// The number stays used: somebody uses it once more all the same.
static void issue_again(struct sim *s, const struct work_notice *notice)
{
    Casefile__IssueNotice c = CASEFILE__ISSUE_NOTICE__INIT;
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_ISSUE_NOTICE;
    command.issue_notice = &c;
    c.number = lq_unconst(notice->number);
    c.premises = lq_unconst(work_premises(s, work_pick(s, s->work->premises_count)));
    c.due_day = lq_day_of(s->now_ms) + 5;
    c.finding = lq_unconst(FINDINGS[0]);
    work_send(s, work_lead(s, work_pick(s, WORK_TEAMS)), "casefile", &command.base, NULL);
}

void work_void_notice(struct sim *s)
{
    const struct work_notice *notice = some_notice(s);
    if (notice == NULL)
        return;
    if (work_chance(s, 40)) {
        issue_again(s, notice);
        return;
    }
    Rules__VoidRecord c = RULES__VOID_RECORD__INIT;
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_VOID_RECORD;
    command.void_record = &c;
    c.kind = lq_unconst("notice");
    c.number = lq_unconst(notice->number);
    send(s, &command);
}

// It is rechecked, in order and out of it, or served again.
void work_notice_step(struct sim *s)
{
    static const char *const officers[] = {"O1", "O2", "L1", "L3"};
    const struct work_notice *notice = some_notice(s);
    const unsigned kind = work_pick(s, 100);
    if (notice == NULL)
        return;
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_TAKE_STEP;
    command.take_step = &c;
    c.kind = lq_unconst("notice");
    c.number = lq_unconst(notice->number);
    c.verb = kind < 50   ? RULES__VERB__RECHECK_COMPLIED
             : kind < 80 ? RULES__VERB__RECHECK_NOT_COMPLIED
                         : RULES__VERB__SERVE;
    struct sim_terminal *t = work_person(s, officers[work_pick(s, 4)]);
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s)};
    if (work_chance(s, 15)) {
        manner.behalf = t->badge;
        manner.reason = "电话";
        t = work_person(s, "CLERK");
    } else if (work_chance(s, 6)) {
        t = work_anybody(s);
    }
    work_send(s, t, "casefile", &command.base, &manner);
}
