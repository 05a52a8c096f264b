// The answers: read from a snapshot of committed state, a page at a time.
#include "tips.h"

static bool is_asked_for(const Tips__ListTips *q, const Tips__Tip *tip)
{
    return q->premises[0] == '\0' || strcmp(q->premises, tip->premises) == 0;
}

void tips_list_tips(struct lq_reading *r, const void *query, void *answer)
{
    const Tips__ListTips *q = query;
    Tips__TipsAnswer *page = answer;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &tips_table_tips, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;
    page->tips = (Tips__Tip **)rows.rows;
    page->n_tips = rows.count;
    page->more = rows.more;
}

void tips_list_volunteers(struct lq_reading *r, const void *query, void *answer)
{
    const Tips__ListVolunteers *q = query;
    Tips__VolunteersAnswer *page = answer;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &tips_table_volunteers, lq_key_none(), q->after);
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        continue;
    page->volunteers = (Tips__Volunteer **)rows.rows;
    page->n_volunteers = rows.count;
    page->more = rows.more;
}
