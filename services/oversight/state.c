// The tables, and how each event changes them. An event carries all that is to be stored; nothing
// is computed here that a changed rule could make come out differently on replay.
#include "oversight.h"

const struct lq_table oversight_table_meetings = {"meetings", &oversight__meeting__descriptor};
const struct lq_table oversight_table_interviews = {"interviews",
                                                    &oversight__interview__descriptor};

void oversight_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &oversight_table_meetings, lq_key_none());
         lq_scan_next(&s);) {
        const Oversight__Meeting *meeting = s.row;
        LQ_ASSERT(meeting->issues_resolved <= meeting->issues_raised);
    }
}

void oversight_meeting_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Oversight__Meeting *row = event;
    lq_save(tables, &oversight_table_meetings, lq_key_text(row->number), &row->base);
}

void oversight_interview_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                  const void *event)
{
    const Oversight__Interview *row = event;
    lq_save(tables, &oversight_table_interviews, lq_key_text(row->number), &row->base);
}
