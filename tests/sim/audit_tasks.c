// Tasks, written down a second time: who may do what with one, in which order, what is answered
// before it is closed, and what a meeting counts of them (domain.md, oversight).
#include "sim/audit_parts.h"

typedef unsigned long long number;

enum { LINES = 5 }; // of no_let_go, in configs/policy.yaml

static const struct {
    Rules__Verb verb;
    const char *from, *to;
    bool own; // it is the responsible person's, else an inspector's who is not he
} steps[] = {
    {RULES__VERB__ACCEPT, "ASSIGNED", "ACCEPTED", true},
    {RULES__VERB__REPORT, "ACCEPTED", "REPORTED", true},
    {RULES__VERB__REPORT, "RETURNED", "REPORTED", true},
    {RULES__VERB__RETURN, "REPORTED", "RETURNED", false},
    {RULES__VERB__VERIFY, "REPORTED", "CLOSED", false},
};

static bool is_a_step(const Rules__StepTaken *taken, bool *own)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].verb == taken->verb && strcmp(steps[i].from, taken->from) == 0 &&
            strcmp(steps[i].to, taken->to) == 0) {
            *own = steps[i].own;
            return true;
        }
    return false;
}

void audit_task_assigned(struct audit *a, const struct audit_stream *stream,
                         const struct audit_fact *fact, const Oversight__TaskAssigned *e)
{
    AUDIT(audit_find_text(&a->tasks, e->number) == NULL, "task", "task %s is given out twice",
          e->number);
    AUDIT(audit_roles_of(stream, e->owner, fact->r->occurred_at_ms) != 0, "task",
          "task %s is %s's, who is not on the roster", e->number, e->owner);
    AUDIT(e->due_day >= audit_day(fact->r->occurred_at_ms), "task",
          "task %s is due before it is given out", e->number);
    struct audit_meeting *meeting = audit_find_text(&a->meetings, e->parent);
    const bool of_meeting = e->source == OVERSIGHT__TASK__SOURCE__MEETING;
    AUDIT(!of_meeting || meeting != NULL, "task", "task %s is of no meeting", e->number);
    AUDIT(e->adds_issue == (of_meeting && meeting->tasks >= meeting->open), "task",
          "task %s counts as an issue of its own, or ought to", e->number);
    if (of_meeting && !e->adds_issue)
        meeting->tasks++;
    struct audit_task *task = audit_put_text(a, &a->tasks, sizeof *task, e->number);
    *task = (struct audit_task){.owner = e->owner,
                                .meeting = of_meeting ? e->parent : NULL,
                                .state = "ASSIGNED",
                                .since_ms = fact->r->occurred_at_ms,
                                .due_day = e->due_day};
}

// An answer is to the line that its number says, and says something.
static void check_answers(const Rules__StepTaken *taken)
{
    AUDIT(taken->act->n_answers == LINES, "task", "task %s is closed with %zu lines answered",
          taken->number, taken->act->n_answers);
    for (size_t i = 0; i < LINES; i++) {
        const char *answer = taken->act->answers[i], *text = strstr(answer, "：");
        AUDIT(answer[0] == (char)('1' + i) && text != NULL && text[3] != '\0', "task",
              "task %s is closed, and line %zu is answered \"%s\"", taken->number, i + 1, answer);
    }
}

void audit_task_stepped(struct audit *a, const struct audit_fact *fact,
                        const Rules__StepTaken *taken)
{
    struct audit_task *task = audit_find_text(&a->tasks, taken->number);
    bool own = false;
    AUDIT(task != NULL && strcmp(task->state, taken->from) == 0 && is_a_step(taken, &own), "task",
          "record %llu of oversight takes task %s from %s to %s", (number)fact->r->seq,
          taken->number, taken->from, taken->to);
    const bool is_owner = strcmp(fact->principal, task->owner) == 0;
    AUDIT(own == is_owner, "task", "%s takes a step of task %s, for which %s answers",
          fact->principal, taken->number, task->owner);
    AUDIT(own || strcmp(fact->r->actor, task->owner) != 0, "task",
          "%s enters what another is to have found of his own task %s", task->owner, taken->number);
    AUDIT(own || (fact->principal_roles & ROLE_BIT(INSPECTOR)) != 0, "task",
          "%s looks at task %s, and is no inspector", fact->principal, taken->number);
    AUDIT(fact->r->occurred_at_ms >= task->since_ms, "task",
          "a step of task %s is dated before the one before", taken->number);
    AUDIT(taken->verb != RULES__VERB__RETURN || taken->act->note[0] != '\0', "task",
          "task %s is returned, and nobody knows why", taken->number);
    task->since_ms = fact->r->occurred_at_ms;
    task->state = taken->to;
    if (taken->verb == RULES__VERB__REPORT)
        task->reported_ms = fact->r->occurred_at_ms;
    if (taken->verb != RULES__VERB__VERIFY)
        return;
    check_answers(taken);
    AUDIT(strcmp(taken->act->related, task->meeting != NULL ? task->meeting : "") == 0, "task",
          "task %s is closed, and solves an issue of %s", taken->number, taken->act->related);
}
