// The issues that meetings raise. The service gives the number.
#include "oversight.h"

const struct lq_table oversight_issues = {"issues", &oversight__issue__descriptor};

struct lq_verdict oversight_record_issue(struct lq_decision *d, const void *command)
{
    const Oversight__RecordIssue *c = command;
    const int missing = OVERSIGHT__REJECT__FIELD_MISSING;
    LQ_TRY(lq_need_key(d, missing, "the meeting's number", c->meeting));
    LQ_TRY(lq_need_key(d, missing, "the owner", c->owner));
    if (c->subject[0] == '\0' || c->due_day <= 0)
        return lq_reject(d, missing, "an issue needs a subject, and a day by which it is settled");
    if (!lq_exists(d->view, &oversight_meetings, lq_key_text(c->meeting)))
        return lq_reject(d, OVERSIGHT__REJECT__MEETING_UNKNOWN, "there is no meeting %s",
                         c->meeting);

    Oversight__IssueRecorded *issue =
        lq_pb_project(d->arena, &oversight__issue_recorded__descriptor, c);
    issue->number = lq_arena_text(d->arena, lq_next_number(d->view, &oversight_issues, "WT0001"));
    lq_emit(d, OVERSIGHT__EVENT__BODY_ISSUE_RECORDED, &issue->base);
    lq_number(d, issue->number);
    return LQ_ACCEPT;
}
