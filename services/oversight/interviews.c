// Interviews with those who answer for premises. The service gives the number.
#include "oversight.h"

const struct lq_table oversight_interviews = {"interviews", &oversight__interview__descriptor};

static struct lq_verdict need_kind(struct lq_decision *d, const char *kind)
{
    if (kind[0] == '\0')
        return lq_reject(d, OVERSIGHT__REJECT__FIELD_MISSING,
                         "an interview needs a kind: whom was it with?");
    return LQ_ACCEPT;
}

struct lq_verdict oversight_record_interview(struct lq_decision *d, const void *command)
{
    const Oversight__RecordInterview *c = command;
    LQ_TRY(need_kind(d, c->kind));

    const char *number = lq_next_number(d->view, &oversight_interviews, "YT0001");
    Oversight__InterviewRecorded interview = OVERSIGHT__INTERVIEW_RECORDED__INIT;
    interview.number = lq_arena_text(d->arena, number);
    interview.kind = c->kind;
    interview.at_ms = d->facts->occurred_ms;
    interview.level = c->level;
    interview.person = c->person;
    interview.premises = c->premises;
    interview.reason = c->reason;
    interview.record = c->record;
    lq_emit(d, OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, &interview.base);
    lq_number(d, number);
    return LQ_ACCEPT;
}

struct lq_verdict oversight_check_interview(struct lq_decision *d, const char *number,
                                            const void *before, void *after)
{
    return need_kind(d, ((const Oversight__Interview *)after)->kind);
}

struct lq_verdict oversight_void_interview(struct lq_decision *d, const char *number,
                                           const void *interview)
{
    const char *task = oversight_task_from(d->view, OVERSIGHT__TASK__SOURCE__INTERVIEW, number);
    if (task != NULL)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED), "interview %s has task %s: void that first",
                         number, task);
    return LQ_ACCEPT;
}
