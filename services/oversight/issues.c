// The issues that meetings raise.
#include "oversight.h"

const struct lq_table oversight_issues = {"issues", &oversight__issue__descriptor};

static struct lq_verdict check_due_day(struct lq_decision *d, int32_t due_day)
{
    return lq_need_plausible_day(d, "the issue's due day", due_day,
                                 d->facts->policy->limits.issue_days, "issue_days");
}

struct lq_verdict oversight_record_issue(struct lq_decision *d, const void *command)
{
    const Oversight__Issue *c = command;
    LQ_TRY(lq_need_fields(d, OVERSIGHT__REJECT__FIELD_MISSING, c, "meeting subject owner due_day"));
    LQ_TRY(lq_need_row(d, OVERSIGHT__REJECT__MEETING_UNKNOWN, &oversight_meetings, c->meeting));
    LQ_TRY(lq_need_new(d, OVERSIGHT__REJECT__ISSUE_KNOWN, &oversight_issues, c->number));
    LQ_TRY(check_due_day(d, c->due_day));
    return lq_record(d, OVERSIGHT__EVENT__BODY_ISSUE_RECORDED, c, &oversight_issues, "WT0001");
}

struct lq_verdict oversight_check_issue(struct lq_decision *d, const char *number,
                                        const void *before, void *after)
{
    LQ_TRY(lq_need_fields(d, OVERSIGHT__REJECT__FIELD_MISSING, after, "subject owner due_day"));
    return check_due_day(d, ((const Oversight__Issue *)after)->due_day);
}
