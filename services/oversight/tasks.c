// Tasks (督办): what one person answers for by a day, wherever it comes from: an issue that a
// meeting raised, an expert's finding, a promise of an interview. It is given out, accepted,
// reported done, and closed by an inspector who does not answer for it himself, once each line of
// policy.no_let_go is answered. Its term (OP-TASK) ends with its day; it is met if what was found
// good in the end was reported by then, however long that was looked at.
#include "language/language.h"
#include "oversight.h"

const struct lq_table oversight_tasks = {"tasks", &oversight__task__descriptor};

#define TASK "task"
#define TERM "OP-TASK"
#define STATE(name) OVERSIGHT__TASK__STATE__##name
#define SOURCE(name) OVERSIGHT__TASK__SOURCE__##name

static const Oversight__Task *task_of(const struct lq_taking *taking)
{
    return taking->row;
}

static int64_t due_ms(int32_t due_day)
{
    return lq_day_start_ms(due_day + 1);
}

// ---------------------------------------------------------------- giving one out

static struct lq_verdict check_owner(struct lq_decision *d, const char *owner)
{
    if (lq_roster_roles_at(d->view, owner, d->facts->occurred_ms) != 0)
        return LQ_ACCEPT;
    return lq_reject(d, OVERSIGHT__REJECT__PERSON_UNKNOWN,
                     "%s is not on the roster: a task needs one person who answers for it", owner);
}

static struct lq_verdict check_due_day(struct lq_decision *d, int32_t due_day, int64_t from_ms)
{
    char due[LQ_TIME_TEXT], from[LQ_TIME_TEXT];
    if (due_day < lq_day_of(from_ms))
        return lq_reject(d, OVERSIGHT__REJECT__DUE_BEFORE_ASSIGNED,
                         "the task is due on %s, but was given out at %s: that day is the earliest "
                         "possible",
                         lq_format_day(due_day, due), lq_format_local(from_ms, from));
    return lq_need_plausible_day(d, "the task's due day", due_day,
                                 d->facts->policy->limits.issue_days, "issue_days");
}

// Where nobody says what it is that the number names, it is what the service has of that number.
static struct lq_verdict find_parent(struct lq_decision *d, Oversight__AssignTask *c)
{
    const struct lq_key key = lq_pb_key(c->parent) ? lq_key_text(c->parent) : lq_key_none();
    const bool meeting = lq_pb_key(c->parent) && lq_exists(d->view, &oversight_meetings, key);
    const bool interview = lq_pb_key(c->parent) && lq_exists(d->view, &oversight_interviews, key);
    const bool plan = lq_pb_key(c->parent) && lq_exists(d->view, &oversight_plans, key);
    if (c->source == SOURCE(SOURCE_UNSPECIFIED))
        c->source = meeting     ? SOURCE(MEETING)
                    : interview ? SOURCE(INTERVIEW)
                    : plan      ? SOURCE(PLAN)
                                : SOURCE(SOURCE_UNSPECIFIED);
    switch (c->source) {
    case SOURCE(MEETING):
        return lq_need_row(d, OVERSIGHT__REJECT__PARENT_UNKNOWN, &oversight_meetings, c->parent);
    case SOURCE(INTERVIEW):
        return lq_need_row(d, OVERSIGHT__REJECT__PARENT_UNKNOWN, &oversight_interviews, c->parent);
    case SOURCE(PLAN):
        return lq_need_row(d, OVERSIGHT__REJECT__PARENT_UNKNOWN, &oversight_plans, c->parent);
    case SOURCE(EXPERT): // whose findings are kept elsewhere
        return lq_need_key(d, OVERSIGHT__REJECT__PARENT_UNKNOWN, "what the task comes from",
                           c->parent);
    case SOURCE(SOURCE_UNSPECIFIED):
    case _OVERSIGHT__TASK__SOURCE_IS_INT_SIZE:
        break;
    }
    return lq_reject(d, OVERSIGHT__REJECT__PARENT_UNKNOWN,
                     "\"%s\" is no meeting, interview or plan: what does the task come from?",
                     c->parent);
}

// Is it an issue that its meeting has not counted? What the meeting raised and did not resolve is
// what tasks are given out for; further ones are issues beside these.
static bool adds_issue(struct lq_view *view, const Oversight__AssignTask *c)
{
    if (c->source != SOURCE(MEETING))
        return false;
    const Oversight__Meeting *meeting = lq_find(view, &oversight_meetings, lq_key_text(c->parent));
    return meeting->tasks - meeting->tasks_added >=
           meeting->issues_raised - meeting->issues_resolved;
}

static void start_term(struct lq_decision *d, const char *number, const char *owner,
                       int64_t start_ms, int32_t due_day)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = TASK,
                                               .number = number,
                                               .rule = TERM,
                                               .start_ms = start_ms,
                                               .owner = owner,
                                               .due_ms = due_ms(due_day)});
}

struct lq_verdict oversight_assign_task(struct lq_decision *d, const void *command)
{
    Oversight__AssignTask c = *(const Oversight__AssignTask *)command;
    c.number = lq_number_or_next(d, c.number, &oversight_tasks, "D0001");
    LQ_TRY(lq_need_fields(d, OVERSIGHT__REJECT__FIELD_MISSING, &c, "subject owner due_day"));
    LQ_TRY(find_parent(d, &c));
    LQ_TRY(check_owner(d, c.owner));
    LQ_TRY(lq_need_new(d, OVERSIGHT__REJECT__TASK_KNOWN, &oversight_tasks, c.number));
    LQ_TRY(check_due_day(d, c.due_day, d->facts->occurred_ms));

    Oversight__TaskAssigned task = OVERSIGHT__TASK_ASSIGNED__INIT;
    task.number = c.number;
    task.source = c.source;
    task.parent = c.parent;
    task.subject = c.subject;
    task.department = c.department;
    task.owner = c.owner;
    task.due_day = c.due_day;
    task.assigned_at_ms = d->facts->occurred_ms;
    task.assigned_by = lq_arena_text(d->arena, d->facts->principal);
    task.adds_issue = adds_issue(d->view, &c);
    start_term(d, task.number, task.owner, task.assigned_at_ms, task.due_day);
    lq_emit(d, OVERSIGHT__EVENT__BODY_TASK_ASSIGNED, &task.base);
    lq_number(d, task.number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- what is done with it

static struct lq_verdict need_own(struct lq_decision *d, struct lq_taking *taking)
{
    const Oversight__Task *task = task_of(taking);
    taking->owner = task->owner;
    if (strcmp(d->facts->principal, task->owner) == 0)
        return LQ_ACCEPT;
    return lq_reject(d, OVERSIGHT__REJECT__NOT_HIS_TASK, "task %s is %s's to accept and to report",
                     task->number, task->owner);
}

// Neither in his own name nor by entering it for another.
static struct lq_verdict need_other(struct lq_decision *d, struct lq_taking *taking)
{
    const Oversight__Task *task = task_of(taking);
    if (strcmp(d->facts->principal, task->owner) != 0 && strcmp(d->facts->actor, task->owner) != 0)
        return LQ_ACCEPT;
    return lq_reject(d, OVERSIGHT__REJECT__OWN_TASK,
                     "%s answers for task %s: another inspector looks at what was done",
                     task->owner, task->number);
}

// It is verified by the day on which it was reported, not by when somebody came to look.
static struct lq_verdict check_verify(struct lq_decision *d, struct lq_taking *taking)
{
    const Oversight__Task *task = task_of(taking);
    LQ_TRY(need_other(d, taking));
    LQ_TRY(oversight_need_answers(d, task->number, taking->act));
    if (task->source == SOURCE(MEETING))
        taking->act->related = task->parent; // whose issue is solved
    lq_clock_stop(d, TASK, task->number, TERM, task->reported_at_ms);
    return LQ_ACCEPT;
}

enum { BEHALF = LQ_ROLE(CLERK) | LQ_ROLE(DESK), INSPECTORS = LQ_ROLE(INSPECTOR) };

#define STEP(from, to, verb, who, ...)                                                             \
    LQ_STEP(STATE(from), STATE(to), verb, who, BEHALF, __VA_ARGS__)

static const struct lq_step STEPS[] = {
    STEP(ASSIGNED, ACCEPTED, ACCEPT, LQ_ANY_PERSON, .rule = need_own),
    STEP(ACCEPTED, REPORTED, REPORT, LQ_ANY_PERSON, .rule = need_own),
    STEP(REPORTED, RETURNED, RETURN, INSPECTORS, .needs = "note", .rule = need_other),
    STEP(REPORTED, CLOSED, VERIFY, INSPECTORS, .stops = TERM, .rule = check_verify),
    STEP(RETURNED, REPORTED, REPORT, LQ_ANY_PERSON, .rule = need_own),
};

const struct lq_steps oversight_task_steps = {
    .entity = TASK,
    .states = &oversight__task__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

void oversight_task_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Oversight__Task *task = row;
    if (step->verb == RULES__VERB__REPORT)
        task->reported_at_ms = step->at_ms;
    if (step->verb == RULES__VERB__RETURN)
        task->returned++;
    if (step->verb != RULES__VERB__VERIFY)
        return;
    task->closed_at_ms = step->at_ms;
    task->closed_by = step->by;
    task->answers = step->act->answers;
    task->n_answers = step->act->n_answers;
    oversight_count_task(tables, task, &(struct oversight_counts){.closed = 1});
}

void oversight_task_assigned(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Oversight__TaskAssigned *assigned = event;
    lq_keep(tables, &oversight_tasks, assigned);
    const Oversight__Task *task = lq_find(tables, &oversight_tasks, lq_key_text(assigned->number));
    oversight_count_task(tables, task,
                         &(struct oversight_counts){.given = 1, .added = task->adds_issue});
}

// ---------------------------------------------------------------- correcting

// Another who answers for it, or another day: the term that runs is his, and ends then.
static void restate_term(struct lq_decision *d, const Oversight__Task *was,
                         const Oversight__Task *now)
{
    const Rules__Clock *term = lq_clock_now(d, TASK, now->number, TERM);
    const bool another_owner = strcmp(was->owner, now->owner) != 0;
    if (term == NULL || (!another_owner && was->due_day == now->due_day))
        return;
    if (another_owner && lq_clock_runs(term)) {
        lq_clock_void(d, term);
        start_term(d, now->number, now->owner, now->assigned_at_ms, now->due_day);
        return;
    }
    lq_clock_restart(d, term,
                     &(struct lq_clock_start){.start_ms = term->start_ms,
                                              .stop_ms = term->stop_ms,
                                              .due_ms = due_ms(now->due_day)});
}

struct lq_verdict oversight_check_task(struct lq_decision *d, const char *number,
                                       const void *before, void *after)
{
    const Oversight__Task *task = after;
    LQ_TRY(lq_need_fields(d, OVERSIGHT__REJECT__FIELD_MISSING, after, "subject owner due_day"));
    LQ_TRY(check_owner(d, task->owner));
    LQ_TRY(check_due_day(d, task->due_day, task->assigned_at_ms));
    if (task->state == STATE(CLOSED) && strcmp(task->owner, task->closed_by) == 0)
        return lq_reject(d, OVERSIGHT__REJECT__OWN_TASK,
                         "%s has closed task %s, and so cannot be who answers for it", task->owner,
                         number);
    restate_term(d, before, task);
    return LQ_ACCEPT;
}

void oversight_task_changed(struct lq_view *tables, const struct lq_thing *thing,
                            const char *number, const void *before, const void *after)
{
    const Oversight__Task *task = before;
    if (after == NULL)
        oversight_count_task(tables, task,
                             &(struct oversight_counts){.given = -1,
                                                        .closed = -(task->state == STATE(CLOSED)),
                                                        .added = -(int)task->adds_issue});
}

const char *oversight_task_from(struct lq_view *view, Oversight__Task__Source source,
                                const char *parent)
{
    for (struct lq_scan s = lq_scan(view, &oversight_tasks, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Task *task = s.row;
        if (task->source == source && strcmp(task->parent, parent) == 0)
            return lq_arena_text(lq_view_arena(view), task->number);
    }
    return NULL;
}

// ---------------------------------------------------------------- whom a mark names

void oversight_clock_people(struct lq_decision *d, const Rules__Clock *clock,
                            Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        lq_told_add(rang, clock->owner);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        lq_told_add_desk_chiefs(d, rang, NULL);
}

// ---------------------------------------------------------------- answers

static bool is_asked_for(const Oversight__ListTasks *q, const Oversight__Task *task)
{
    return (q->owner[0] == '\0' || strcmp(q->owner, task->owner) == 0) &&
           (q->department[0] == '\0' || strcmp(q->department, task->department) == 0) &&
           (q->parent[0] == '\0' || strcmp(q->parent, task->parent) == 0) &&
           (!q->open || task->state != STATE(CLOSED));
}

void oversight_list_tasks(struct lq_reading *r, const void *query, void *answer)
{
    const Oversight__ListTasks *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &oversight_tasks, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;
    lq_rows_answer(&rows, answer);
}

void oversight_show_task(struct lq_reading *r, const void *query, void *answer)
{
    const Oversight__ShowTask *q = query;
    Oversight__TaskFile *file = answer;
    Oversight__Task *task = lq_unconst(lq_find_numbered(r->view, &oversight_tasks, q->number));
    if (task == NULL)
        return;
    file->task = task;
    file->steps = lq_steps_of(r, TASK, task->number, &file->n_steps);
    oversight_tell_lines(r, file);
    lq_next(r, &oversight_task_steps, (int)task->state, task->number, task);
}

// ---------------------------------------------------------------- what always holds

void oversight_check_tasks(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &oversight_tasks, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Task *task = s.row;
        const bool closed = task->state == STATE(CLOSED);
        const Rules__Clock *term = lq_clock_find(view, TASK, task->number, TERM);
        LQ_ASSERT(closed == (task->closed_at_ms != 0));
        LQ_ASSERT(!closed || strcmp(task->owner, task->closed_by) != 0);
        LQ_ASSERT(term == NULL || !closed || !lq_clock_runs(term));
    }
}
