// The tables, and how each event changes them. An event carries all that is to be stored.
#include "tips.h"

const struct lq_table tips_table_tips = {"tips", &tips__tip__descriptor};
const struct lq_table tips_table_volunteers = {"volunteers", &tips__volunteer__descriptor};

void tips_apply(struct lq_view *tables, const struct lq_occurrence *what, const Tips__Event *event)
{
    (void)what;
    switch (event->body_case) {
    case TIPS__EVENT__BODY_TIP_RECORDED:
        lq_save(tables, &tips_table_tips, lq_key_text(event->tip_recorded->number),
                &event->tip_recorded->base);
        return;
    case TIPS__EVENT__BODY_VOLUNTEER_REGISTERED:
        lq_save(tables, &tips_table_volunteers, lq_key_text(event->volunteer_registered->number),
                &event->volunteer_registered->base);
        return;
    case TIPS__EVENT__BODY_PREMISES_NOTED:
        lq_premises_note(tables, event->premises_noted);
        return;
    case TIPS__EVENT__BODY__NOT_SET:
    case _TIPS__EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}

void tips_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &tips_table_tips, lq_key_none()); lq_scan_next(&s);) {
        const Tips__Tip *tip = s.row;
        LQ_ASSERT(tip->verified || tip->reward_yuan == 0);
        LQ_ASSERT(lq_premises_find(view, tip->premises) != NULL);
    }
}
