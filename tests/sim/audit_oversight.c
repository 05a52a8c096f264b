// Oversight: meetings, issues, interviews, and tasks, written down a second time: who may do what
// with one, in which order, what is answered before it is closed, and what a meeting counts of them
// (domain.md, oversight); the terms of meetings and tasks.
#include "sim/audit_parts.h"

typedef unsigned long long number;

enum { LINES = 5 }; // of no_let_go, in configs/policy.yaml

// ---------------------------------------------------------------- tasks

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

static void task_assigned(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Oversight__TaskAssigned *e = body;
    AUDIT(audit_find_text(&a->tasks, e->number) == NULL, "task", "task %s is given out twice",
          e->number);
    AUDIT(audit_roles_of(fact->stream, e->owner, fact->r->occurred_at_ms) != 0, "task",
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

static void task_stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *taken = body;
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

// ---------------------------------------------------------------- meetings, issues, interviews

static void meeting_recorded(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Oversight__MeetingRecorded *e = body;
    AUDIT(audit_find_text(&a->meetings, e->number) == NULL, "oversight", "%s is recorded twice",
          e->number);
    AUDIT(e->issues_resolved <= e->issues_raised, "oversight", "%s resolved more than it raised",
          e->number);
    struct audit_meeting *meeting = audit_put_text(a, &a->meetings, sizeof *meeting, e->number);
    *meeting = (struct audit_meeting){.open = e->issues_raised - e->issues_resolved};
}

static void issue_recorded(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Oversight__IssueRecorded *e = body;
    AUDIT(audit_find_text(&a->issues, e->number) == NULL, "oversight", "issue %s is recorded twice",
          e->number);
    AUDIT(audit_find_text(&a->meetings, e->meeting) != NULL, "oversight",
          "issue %s is of no meeting that is known", e->number);
    audit_put_text(a, &a->issues, 0, e->number);
}

static void interview_recorded(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Oversight__InterviewRecorded *e = body;
    AUDIT(audit_find_text(&a->interviews, e->number) == NULL, "oversight", "%s is recorded twice",
          e->number);
    audit_put_text(a, &a->interviews, 0, e->number);
}

const struct audit_event_row audit_oversight_events[] = {
    {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, meeting_recorded},
    {OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, interview_recorded},
    {OVERSIGHT__EVENT__BODY_ISSUE_RECORDED, issue_recorded},
    {OVERSIGHT__EVENT__BODY_TASK_ASSIGNED, task_assigned},
    {OVERSIGHT__EVENT__BODY_STEP_TAKEN, task_stepped},
    {OVERSIGHT__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {OVERSIGHT__EVENT__BODY_BULLETIN_NOTED, audit_bulletin_noted},
    {OVERSIGHT__EVENT__BODY_PLAN_RECORDED, NULL},
    {OVERSIGHT__EVENT__BODY_CLOCK_RANG, NULL}, // its terms: below
    {OVERSIGHT__EVENT__BODY_CLOCK_TAKEN, NULL},
    {OVERSIGHT__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {OVERSIGHT__EVENT__BODY_ATTACHED, NULL},
    {OVERSIGHT__EVENT__BODY_CORRECTED, NULL}, // nobody in the simulator does
    {OVERSIGHT__EVENT__BODY_VOIDED, NULL},
    {0},
};

// ---------------------------------------------------------------- terms

// From one monthly meeting to the next; behind a later one nothing begins.
static void met(struct audit_carried *k, const void *body)
{
    const Oversight__MeetingRecorded *e = body;
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    const Rules__Clock *runs = NULL;
    for (const struct audit_entry *entry = k->a->clocks.first; entry != NULL; entry = entry->next) {
        const struct audit_clock *clock = entry->value;
        if (strcmp(clock->row->rule, "OP-MEETING") == 0 && audit_clock_runs(clock->row))
            runs = clock->row;
    }
    if (e->kind != OVERSIGHT__MEETING__KIND__MONTHLY || audit_is_from_paper(k->fact) ||
        (runs != NULL && runs->start_ms > at_ms))
        return;
    if (runs != NULL)
        audit_clock_stop(k, "meeting", runs->number, "OP-MEETING", at_ms);
    audit_clock_begin_of(k, "meeting", e->number, "OP-MEETING");
}

// It ends with the day that is set, and is over once what was reported then was found good.
static void given_out(struct audit_carried *k, const void *body)
{
    const Oversight__TaskAssigned *e = body;
    if (audit_is_from_paper(k->fact))
        return;
    Rules__Clock *c = audit_clock_begin(k, "task", e->number, "OP-TASK", "");
    c->owner = e->owner;
    c->set_due_ms = audit_midnight_after(e->due_day);
    audit_count_term(k->a, c, k->fact);
}

static void found_good(struct audit_carried *k, const void *body)
{
    const Rules__StepTaken *e = body;
    if (e->verb != RULES__VERB__VERIFY)
        return;
    const struct audit_task *task = audit_find_text(&k->a->tasks, e->number);
    audit_clock_stop(k, "task", e->number, "OP-TASK", task->reported_ms);
}

const struct audit_term_row audit_oversight_terms[] = {
    {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, met},
    {OVERSIGHT__EVENT__BODY_TASK_ASSIGNED, given_out},
    {OVERSIGHT__EVENT__BODY_STEP_TAKEN, found_good},
    {OVERSIGHT__EVENT__BODY_CLOCK_RANG, audit_clock_rang},
    {OVERSIGHT__EVENT__BODY_CLOCK_TAKEN, audit_clock_taken},
    {0},
};
