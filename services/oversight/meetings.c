// Joint meetings of the departments.
#include "oversight.h"

const struct lq_table oversight_meetings = {"meetings", &oversight__meeting__descriptor};

struct lq_verdict oversight_record_meeting(struct lq_decision *d, const void *command)
{
    const Oversight__RecordMeeting *c = command;
    if (!lq_pb_key(c->number))
        return lq_reject(d, OVERSIGHT__REJECT__FIELD_MISSING,
                         "a meeting needs a number of at most 64 bytes");
    if (lq_exists(d->view, &oversight_meetings, lq_key_text(c->number)))
        return lq_reject(d, OVERSIGHT__REJECT__MEETING_KNOWN, "meeting %s is recorded already",
                         c->number);
    if (c->issues_resolved > c->issues_raised)
        return lq_reject(d, OVERSIGHT__REJECT__MORE_RESOLVED_THAN_RAISED,
                         "meeting %s resolved %u issues but raised only %u", c->number,
                         c->issues_resolved, c->issues_raised);

    Oversight__MeetingRecorded meeting = OVERSIGHT__MEETING_RECORDED__INIT;
    meeting.number = c->number;
    meeting.issues_raised = c->issues_raised;
    meeting.issues_resolved = c->issues_resolved;
    meeting.held_at_ms = d->facts->occurred_ms;
    lq_emit(d, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, &meeting.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

void oversight_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &oversight_meetings, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Meeting *meeting = s.row;
        LQ_ASSERT(meeting->issues_resolved <= meeting->issues_raised);
    }
}
