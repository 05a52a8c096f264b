// The rules: each command either emits what happened or is rejected with the reason. Who gave a tip
// is no field of any command, so that it cannot be recorded.
#include "tips.h"

static bool unfit_number(const char *number)
{
    return number[0] == '\0' || strlen(number) > LQ_PB_IDENTIFIER_BYTES;
}

// What is missing from the tip, for the text of the rejection; NULL if nothing is.
static const char *what_is_missing(const Tips__RecordTip *c)
{
    if (unfit_number(c->number))
        return "a tip needs a number of at most 64 bytes";
    if (c->channel[0] == '\0')
        return "a tip needs a channel: how did it come in?";
    if (unfit_number(c->premises))
        return "a tip is about premises: their number is missing or has more than 64 bytes";
    if (c->content[0] == '\0')
        return "a tip needs its content: what was said?";
    return NULL;
}

struct lq_verdict tips_record_tip(struct lq_decision *d, const void *command)
{
    const Tips__RecordTip *c = command;
    const char *missing = what_is_missing(c);
    if (missing != NULL)
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "%s", missing);
    if (lq_exists(d->view, &tips_table_tips, lq_key_text(c->number)))
        return lq_reject(d, TIPS__REJECT__TIP_KNOWN, "tip %s is recorded already", c->number);
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->premises);
    if (premises == NULL)
        return lq_reject(d, TIPS__REJECT__PREMISES_UNKNOWN,
                         "tip %s is about premises %s, which are not in the ledger", c->number,
                         c->premises);
    if (c->reward_yuan > 0 && !c->verified)
        return lq_reject(d, TIPS__REJECT__REWARD_WITHOUT_VERIFICATION,
                         "tip %s is not verified, so no reward is paid for it; this says %u yuan",
                         c->number, c->reward_yuan);

    Tips__Tip tip;
    tips__tip__init(&tip);
    tip.number = c->number;
    tip.channel = c->channel;
    tip.premises = c->premises;
    tip.township = premises->township;
    tip.content = c->content;
    tip.verified = c->verified;
    tip.reward_yuan = c->reward_yuan;
    tip.received_at_ms = d->facts->occurred_ms;
    lq_emit(d, TIPS__EVENT__BODY_TIP_RECORDED, &tip.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

struct lq_verdict tips_register_volunteer(struct lq_decision *d, const void *command)
{
    const Tips__Volunteer *c = command;
    if (unfit_number(c->number))
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING,
                         "a volunteer needs a number of at most 64 bytes");
    if (c->name[0] == '\0')
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "volunteer %s needs a name", c->number);
    if (c->village[0] == '\0')
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "volunteer %s needs a village", c->number);
    if (lq_exists(d->view, &tips_table_volunteers, lq_key_text(c->number)))
        return lq_reject(d, TIPS__REJECT__VOLUNTEER_KNOWN, "volunteer %s is registered already",
                         c->number);

    lq_emit(d, TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, &c->base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}
