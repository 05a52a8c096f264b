// Joint meetings of the departments.
#include "oversight.h"

#define MEETING "meeting"
#define TERM "OP-MEETING"

const struct lq_table oversight_meetings = {"meetings", &oversight__meeting__descriptor};

static struct lq_verdict check_counts(struct lq_decision *d, const char *number, uint32_t raised,
                                      uint32_t resolved)
{
    if (resolved <= raised)
        return lq_need_plausible(d, "issues that the meeting raised", raised,
                                 d->facts->policy->limits.meeting_issues, "meeting_issues");
    return lq_reject(d, OVERSIGHT__REJECT__MORE_RESOLVED_THAN_RAISED,
                     "meeting %s resolved %u issues but raised only %u", number, resolved, raised);
}

// From one monthly meeting to the next (OP-MEETING). One that is entered behind a later one ends
// and starts nothing.
static void follow_on(struct lq_decision *d, const char *number)
{
    struct lq_scan s = lq_scan(d->view, &lq_clocks, lq_key_text(MEETING));
    while (lq_scan_next(&s)) {
        const Rules__Clock *term = s.row;
        if (!lq_clock_runs(term))
            continue;
        if (term->start_ms > d->facts->occurred_ms)
            return;
        lq_clock_stop(d, MEETING, term->number, TERM, d->facts->occurred_ms);
    }
    lq_clock_start(d, &(struct lq_clock_start){.kind = MEETING,
                                               .number = number,
                                               .rule = TERM,
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = d->facts->principal});
}

struct lq_verdict oversight_record_meeting(struct lq_decision *d, const void *command)
{
    Oversight__RecordMeeting numbered = *(const Oversight__RecordMeeting *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &oversight_meetings, "M1");
    const Oversight__RecordMeeting *c = &numbered;
    LQ_TRY(lq_need_new(d, OVERSIGHT__REJECT__MEETING_KNOWN, &oversight_meetings, c->number));
    LQ_TRY(check_counts(d, c->number, c->issues_raised, c->issues_resolved));

    Oversight__MeetingRecorded meeting = OVERSIGHT__MEETING_RECORDED__INIT;
    meeting.number = c->number;
    meeting.issues_raised = c->issues_raised;
    meeting.issues_resolved = c->issues_resolved;
    meeting.held_at_ms = d->facts->occurred_ms;
    meeting.kind = c->kind;
    meeting.chair = c->chair;
    meeting.present = c->present;
    meeting.n_present = c->n_present;
    if (c->kind == OVERSIGHT__MEETING__KIND__MONTHLY && !lq_is_from_paper(d->facts))
        follow_on(d, c->number);
    lq_emit(d, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, &meeting.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

// An issue that has a task is solved when the task is closed, and not by a count beside it.
static struct lq_verdict check_tasks(struct lq_decision *d, const Oversight__Meeting *was,
                                     const Oversight__Meeting *now)
{
    const uint32_t within = now->tasks - now->tasks_added;
    if (now->issues_raised - now->issues_resolved < within)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "meeting %s has tasks for %u of the issues that it raised and did not "
                         "resolve: these are solved when their tasks are closed",
                         now->number, within);
    if (now->tasks_added > 0 && now->issues_raised > was->issues_raised)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "meeting %s has %u tasks that count as issues of their own: void these "
                         "before it is to have raised more",
                         now->number, now->tasks_added);
    return LQ_ACCEPT;
}

struct lq_verdict oversight_check_meeting(struct lq_decision *d, const char *number,
                                          const void *before, void *after)
{
    const Oversight__Meeting *meeting = after;
    if (meeting->issues_resolved > meeting->issues_raised)
        return lq_reject(d, OVERSIGHT__REJECT__MORE_RESOLVED_THAN_RAISED,
                         "meeting %s would have resolved %u issues and raised only %u: where both "
                         "figures are wrong, correct them in one command",
                         number, meeting->issues_resolved, meeting->issues_raised);
    LQ_TRY(check_counts(d, meeting->number, meeting->issues_raised, meeting->issues_resolved));
    LQ_TRY(check_tasks(d, before, meeting));
    const Rules__Clock *term = lq_clock_now(d, MEETING, number, TERM);
    if (term != NULL && term->start_ms != meeting->held_at_ms)
        lq_clock_restart(
            d, term,
            &(struct lq_clock_start){.start_ms = meeting->held_at_ms, .stop_ms = term->stop_ms});
    return LQ_ACCEPT;
}

struct lq_verdict oversight_void_meeting(struct lq_decision *d, const char *number,
                                         const void *meeting)
{
    for (struct lq_scan s = lq_scan(d->view, &oversight_issues, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Issue *issue = s.row;
        if (strcmp(issue->meeting, number) == 0)
            return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                             "meeting %s has raised issue %s: void that first", number,
                             issue->number);
    }
    const Oversight__Meeting *of = meeting;
    if (of->tasks > 0)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "meeting %s has tasks (lq task list --parent %s): void these first",
                         number, number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- its tasks

void oversight_count_task(struct lq_view *tables, const Oversight__Task *task,
                          const struct oversight_counts *more)
{
    if (task->source != OVERSIGHT__TASK__SOURCE__MEETING)
        return;
    const Oversight__Meeting *kept =
        lq_find(tables, &oversight_meetings, lq_key_text(task->parent));
    LQ_ASSERT(kept != NULL); // it is not voided while it has tasks
    Oversight__Meeting meeting = *kept;
    meeting.tasks += (uint32_t)more->given;
    meeting.tasks_closed += (uint32_t)more->closed;
    meeting.tasks_added += (uint32_t)more->added;
    lq_save(tables, &oversight_meetings, lq_key_text(meeting.number), &meeting.base);
}

void oversight_list_meetings(struct lq_reading *r, const void *query, void *answer)
{
    const Oversight__ListMeetings *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &oversight_meetings, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        Oversight__Meeting *told = LQ_NEW(r->arena, Oversight__Meeting);
        *told = *(const Oversight__Meeting *)s.row;
        told->raised = told->issues_raised + told->tasks_added;
        told->resolved = told->issues_resolved + told->tasks_closed;
        if (!lq_rows_add(&rows, told))
            break;
    }
    lq_rows_answer(&rows, answer);
}

// ---------------------------------------------------------------- what always holds

static struct oversight_counts count_tasks(struct lq_view *view, const char *meeting)
{
    struct oversight_counts counts = {0};
    for (struct lq_scan s = lq_scan(view, &oversight_tasks, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Task *task = s.row;
        if (task->source != OVERSIGHT__TASK__SOURCE__MEETING || strcmp(task->parent, meeting) != 0)
            continue;
        counts.given++;
        counts.closed += task->state == OVERSIGHT__TASK__STATE__CLOSED;
        counts.added += task->adds_issue;
    }
    return counts;
}

void oversight_check_meetings(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &oversight_meetings, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Meeting *meeting = s.row;
        const struct oversight_counts counts = count_tasks(view, meeting->number);
        LQ_ASSERT(meeting->issues_resolved <= meeting->issues_raised);
        LQ_ASSERT(meeting->tasks == (uint32_t)counts.given &&
                  meeting->tasks_closed == (uint32_t)counts.closed &&
                  meeting->tasks_added == (uint32_t)counts.added);
        LQ_ASSERT(meeting->tasks - meeting->tasks_added <=
                  meeting->issues_raised - meeting->issues_resolved);
    }
}
