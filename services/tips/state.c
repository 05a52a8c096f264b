// The tables, and how each event changes them. An event carries all that is to be stored.
#include "tips.h"

const struct lq_table tips_table_tips = {"tips", &tips__tip__descriptor};
const struct lq_table tips_table_volunteers = {"volunteers", &tips__volunteer__descriptor};

void tips_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &tips_table_tips, lq_key_none()); lq_scan_next(&s);) {
        const Tips__Tip *tip = s.row;
        LQ_ASSERT(tip->verified || tip->reward_yuan == 0);
        LQ_ASSERT(lq_premises_find(view, tip->premises) != NULL);
    }
}

void tips_tip_recorded(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Tips__Tip *row = event;
    lq_save(tables, &tips_table_tips, lq_key_text(row->number), &row->base);
}

void tips_volunteer_registered(struct lq_view *tables, const struct lq_occurrence *what,
                               const void *event)
{
    const Tips__Volunteer *row = event;
    lq_save(tables, &tips_table_volunteers, lq_key_text(row->number), &row->base);
}
