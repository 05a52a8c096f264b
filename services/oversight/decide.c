// The rules: each command either emits what happened or is rejected with the reason.
#include "oversight.h"

struct lq_verdict oversight_record_meeting(struct lq_decision *d, const void *command)
{
    const Oversight__RecordMeeting *c = command;
    if (c->number[0] == '\0' || strlen(c->number) > LQ_PB_IDENTIFIER_BYTES) // it becomes a key
        return lq_reject(d, OVERSIGHT__REJECT__FIELD_MISSING,
                         "a meeting needs a number of at most 64 bytes");
    if (lq_exists(d->view, &oversight_table_meetings, lq_key_text(c->number)))
        return lq_reject(d, OVERSIGHT__REJECT__MEETING_KNOWN, "meeting %s is recorded already",
                         c->number);
    if (c->issues_resolved > c->issues_raised)
        return lq_reject(d, OVERSIGHT__REJECT__MORE_RESOLVED_THAN_RAISED,
                         "meeting %s resolved %u issues but raised only %u", c->number,
                         c->issues_resolved, c->issues_raised);

    Oversight__Meeting meeting = OVERSIGHT__MEETING__INIT;
    meeting.number = c->number;
    meeting.issues_raised = c->issues_raised;
    meeting.issues_resolved = c->issues_resolved;
    meeting.held_at_ms = d->facts->occurred_ms;
    lq_emit(d, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, &meeting.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

struct lq_verdict oversight_record_interview(struct lq_decision *d, const void *command)
{
    const Oversight__RecordInterview *c = command;
    if (c->kind[0] == '\0')
        return lq_reject(d, OVERSIGHT__REJECT__FIELD_MISSING,
                         "an interview needs a kind: whom was it with?");

    const char *number = lq_next_number(d->view, &oversight_table_interviews, "YT0001");
    Oversight__Interview interview = OVERSIGHT__INTERVIEW__INIT;
    interview.number = lq_arena_text(d->arena, number);
    interview.kind = c->kind;
    interview.at_ms = d->facts->occurred_ms;
    lq_emit(d, OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, &interview.base);
    lq_number(d, number);
    return LQ_ACCEPT;
}
