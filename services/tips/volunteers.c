// The volunteers of the villages.
#include "tips.h"

const struct lq_table tips_volunteers = {"volunteers", &tips__volunteer__descriptor};

static struct lq_verdict need_fields(struct lq_decision *d, const Tips__Volunteer *c)
{
    return lq_need_fields(d, TIPS__REJECT__FIELD_MISSING, c, "name village");
}

struct lq_verdict tips_check_volunteer(struct lq_decision *d, const char *number,
                                       const void *before, void *after)
{
    return need_fields(d, after);
}

struct lq_verdict tips_register_volunteer(struct lq_decision *d, const void *command)
{
    const Tips__Volunteer *c = command;
    LQ_TRY(need_fields(d, c));
    LQ_TRY(lq_need_new(d, TIPS__REJECT__VOLUNTEER_KNOWN, &tips_volunteers, c->number));
    return lq_record(d, TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, c, &tips_volunteers, "V0001");
}
