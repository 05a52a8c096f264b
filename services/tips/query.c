// The answers: read from a snapshot of committed state, a page at a time.
#include "tips.h"

static bool is_asked_for(const Tips__ListTips *q, const Tips__Tip *tip)
{
    return q->premises[0] == '\0' || strcmp(q->premises, tip->premises) == 0;
}

static void list_tips(struct lq_reading *r, const Tips__ListTips *q, Tips__Answer *answer)
{
    Tips__TipsAnswer *page = LQ_NEW(r->arena, Tips__TipsAnswer);
    tips__tips_answer__init(page);
    answer->body_case = TIPS__ANSWER__BODY_TIPS;
    answer->tips = page;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_behind(r->view, &tips_table_tips, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;
    page->tips = (Tips__Tip **)rows.rows;
    page->n_tips = rows.count;
    page->more = rows.more;
}

static void list_volunteers(struct lq_reading *r, const Tips__ListVolunteers *q,
                            Tips__Answer *answer)
{
    Tips__VolunteersAnswer *page = LQ_NEW(r->arena, Tips__VolunteersAnswer);
    tips__volunteers_answer__init(page);
    answer->body_case = TIPS__ANSWER__BODY_VOLUNTEERS;
    answer->volunteers = page;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_behind(r->view, &tips_table_volunteers, lq_key_none(), q->after);
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        continue;
    page->volunteers = (Tips__Volunteer **)rows.rows;
    page->n_volunteers = rows.count;
    page->more = rows.more;
}

void tips_query(struct lq_reading *r, const Tips__Query *query, Tips__Answer *answer)
{
    switch (query->body_case) {
    case TIPS__QUERY__BODY_TIPS:
        list_tips(r, query->tips, answer);
        return;
    case TIPS__QUERY__BODY_VOLUNTEERS:
        list_volunteers(r, query->volunteers, answer);
        return;
    case TIPS__QUERY__BODY__NOT_SET:
    case _TIPS__QUERY__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}
