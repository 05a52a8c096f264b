// The volunteers of the villages.
#include "tips.h"

const struct lq_table tips_volunteers = {"volunteers", &tips__volunteer__descriptor};

struct lq_verdict tips_register_volunteer(struct lq_decision *d, const void *command)
{
    const Tips__Volunteer *c = command;
    if (!lq_pb_key(c->number))
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING,
                         "a volunteer needs a number of at most 64 bytes");
    if (c->name[0] == '\0')
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "volunteer %s needs a name", c->number);
    if (c->village[0] == '\0')
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "volunteer %s needs a village", c->number);
    if (lq_exists(d->view, &tips_volunteers, lq_key_text(c->number)))
        return lq_reject(d, TIPS__REJECT__VOLUNTEER_KNOWN, "volunteer %s is registered already",
                         c->number);

    lq_emit(d, TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, &c->base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}
