// The volunteers of the villages.
#include "tips.h"

const struct lq_table tips_volunteers = {"volunteers", &tips__volunteer__descriptor};

static struct lq_verdict need_fields(struct lq_decision *d, const Tips__Volunteer *c)
{
    if (!lq_pb_key(c->number))
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING,
                         "a volunteer needs a number of at most 64 bytes");
    if (c->name[0] == '\0')
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "volunteer %s needs a name", c->number);
    if (c->village[0] == '\0')
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "volunteer %s needs a village", c->number);
    return LQ_ACCEPT;
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
    lq_emit(d, TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, &c->base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}
