// The answers: read from a snapshot of committed state, a page at a time.
#include "oversight.h"

void oversight_list_meetings(struct lq_reading *r, const void *query, void *answer)
{
    const Oversight__ListMeetings *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &oversight_table_meetings, lq_key_none(), q->after);
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        continue;

    lq_rows_answer(&rows, answer);
}

static bool is_asked_for(const Oversight__ListInterviews *q, const Oversight__Interview *interview)
{
    return q->kind[0] == '\0' || strcmp(q->kind, interview->kind) == 0;
}

void oversight_list_interviews(struct lq_reading *r, const void *query, void *answer)
{
    const Oversight__ListInterviews *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &oversight_table_interviews, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;

    lq_rows_answer(&rows, answer);
}
