// The answers: read from a snapshot of committed state, a page at a time.
#include "oversight.h"

static void list_meetings(struct lq_reading *r, const Oversight__ListMeetings *q,
                          Oversight__Answer *answer)
{
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_behind(r->view, &oversight_table_meetings, lq_key_none(), q->after);
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        continue;

    Oversight__MeetingsAnswer *page = LQ_NEW(r->arena, Oversight__MeetingsAnswer);
    oversight__meetings_answer__init(page);
    page->meetings = (Oversight__Meeting **)rows.rows;
    page->n_meetings = rows.count;
    page->more = rows.more;
    answer->body_case = OVERSIGHT__ANSWER__BODY_MEETINGS;
    answer->meetings = page;
}

static bool is_asked_for(const Oversight__ListInterviews *q, const Oversight__Interview *interview)
{
    return q->kind[0] == '\0' || strcmp(q->kind, interview->kind) == 0;
}

static void list_interviews(struct lq_reading *r, const Oversight__ListInterviews *q,
                            Oversight__Answer *answer)
{
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s =
        lq_scan_behind(r->view, &oversight_table_interviews, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;

    Oversight__InterviewsAnswer *page = LQ_NEW(r->arena, Oversight__InterviewsAnswer);
    oversight__interviews_answer__init(page);
    page->interviews = (Oversight__Interview **)rows.rows;
    page->n_interviews = rows.count;
    page->more = rows.more;
    answer->body_case = OVERSIGHT__ANSWER__BODY_INTERVIEWS;
    answer->interviews = page;
}

void oversight_query(struct lq_reading *r, const Oversight__Query *query, Oversight__Answer *answer)
{
    switch (query->body_case) {
    case OVERSIGHT__QUERY__BODY_MEETINGS:
        list_meetings(r, query->meetings, answer);
        return;
    case OVERSIGHT__QUERY__BODY_INTERVIEWS:
        list_interviews(r, query->interviews, answer);
        return;
    case OVERSIGHT__QUERY__BODY__NOT_SET:
    case _OVERSIGHT__QUERY__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}
