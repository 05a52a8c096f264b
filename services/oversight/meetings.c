// Joint meetings of the departments.
#include "oversight.h"

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
    lq_emit(d, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, &meeting.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

struct lq_verdict oversight_check_meeting(struct lq_decision *d, const char *number,
                                          const void *before, void *after)
{
    const Oversight__Meeting *meeting = after;
    return check_counts(d, meeting->number, meeting->issues_raised, meeting->issues_resolved);
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
    return LQ_ACCEPT;
}

void oversight_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &oversight_meetings, lq_key_none()); lq_scan_next(&s);) {
        const Oversight__Meeting *meeting = s.row;
        LQ_ASSERT(meeting->issues_resolved <= meeting->issues_raised);
    }
}
