// Leads from the public. Who gave a tip is no field of any command, so that it cannot be recorded.
#include "language/language.h"
#include "tips.h"

const struct lq_table tips_tips = {"tips", &tips__tip__descriptor};

// What a tip is about.
struct about {
    const char *premises, *village, *department;
};

// What is missing from the tip, for the text of the rejection; NULL if nothing is.
static const char *what_is_missing(const char *channel, const struct about *about,
                                   const char *content)
{
    if (channel[0] == '\0')
        return LQ_TR_LATER("a tip needs a channel: how did it come in?");
    if (about->premises[0] == '\0' && about->village[0] == '\0' && about->department[0] == '\0')
        return LQ_TR_LATER("a tip is about premises, a village or a department: which?");
    if (about->premises[0] != '\0' && !lq_pb_key(about->premises))
        return LQ_TR_LATER("the number of the premises has more than 64 bytes");
    if (content[0] == '\0')
        return LQ_TR_LATER("a tip needs its content: what was said?");
    return NULL;
}

static struct lq_verdict check_reward(struct lq_decision *d, const char *number, bool verified,
                                      uint32_t reward_yuan)
{
    if (reward_yuan > 0 && !verified)
        return lq_reject(d, TIPS__REJECT__REWARD_WITHOUT_VERIFICATION,
                         "tip %s is not verified, so no reward is paid for it; this says %u yuan",
                         number, reward_yuan);
    return lq_need_plausible(d, "the reward in yuan", reward_yuan,
                             d->facts->policy->limits.reward_yuan, "reward_yuan");
}

static struct lq_verdict find_township(struct lq_decision *d, const char *premises, char **township)
{
    *township = lq_unconst("");
    if (premises[0] == '\0')
        return LQ_ACCEPT; // it is about a village, or a department
    const Ledger__PremisesNote *found = lq_premises_find(d->view, premises);
    LQ_TRY(lq_need_premises(d, TIPS__REJECT__PREMISES_UNKNOWN, premises, found));
    *township = found->township;
    return LQ_ACCEPT;
}

// The first tip of the same, and not one that is a duplicate itself: who asks finds them in one
// step.
static struct lq_verdict check_duplicate(struct lq_decision *d, const char *number,
                                         const char *duplicate_of)
{
    if (duplicate_of[0] == '\0')
        return LQ_ACCEPT;
    const Tips__Tip *first = lq_find_numbered(d->view, &tips_tips, duplicate_of);
    if (first == NULL || strcmp(number, duplicate_of) == 0)
        return lq_reject(d, TIPS__REJECT__DUPLICATE_UNFIT,
                         "tip %s cannot be a duplicate of %s: there is no such other tip", number,
                         duplicate_of);
    if (first->duplicate_of[0] != '\0')
        return lq_reject(d, TIPS__REJECT__DUPLICATE_UNFIT,
                         "tip %s is itself a duplicate, of %s: name that", duplicate_of,
                         first->duplicate_of);
    return LQ_ACCEPT;
}

struct lq_verdict tips_record_tip(struct lq_decision *d, const void *command)
{
    Tips__RecordTip numbered = *(const Tips__RecordTip *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &tips_tips, "Q001");
    const Tips__RecordTip *c = &numbered;
    const struct about about = {c->premises, c->village, c->department};
    const char *missing = what_is_missing(c->channel, &about, c->content);
    if (missing != NULL)
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "%-s", missing);
    LQ_TRY(lq_need_new(d, TIPS__REJECT__TIP_KNOWN, &tips_tips, c->number));
    char *township;
    LQ_TRY(find_township(d, c->premises, &township));
    LQ_TRY(check_duplicate(d, c->number, c->duplicate_of));
    LQ_TRY(check_reward(d, c->number, c->verified, c->reward_yuan));

    Tips__TipRecorded tip = TIPS__TIP_RECORDED__INIT;
    tip.number = c->number;
    tip.channel = c->channel;
    tip.premises = c->premises;
    tip.township = township;
    tip.content = c->content;
    tip.verified = c->verified;
    tip.reward_yuan = c->reward_yuan;
    tip.received_at_ms = d->facts->occurred_ms;
    tip.village = c->village;
    tip.department = c->department;
    tip.duplicate_of = c->duplicate_of;
    tip.state = tips_begin(d, c->number);
    lq_emit(d, TIPS__EVENT__BODY_TIP_RECORDED, &tip.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

struct lq_verdict tips_verify_tip(struct lq_decision *d, const void *command)
{
    const Tips__VerifyTip *c = command;
    LQ_TRY(lq_need_row(d, TIPS__REJECT__TIP_UNKNOWN, &tips_tips, c->number));
    const Tips__Tip *tip = lq_find(d->view, &tips_tips, lq_key_text(c->number));
    if (tip->verified)
        return lq_reject(d, TIPS__REJECT__TIP_VERIFIED_ALREADY,
                         "tip %s is verified already, with a reward of %u yuan", c->number,
                         tip->reward_yuan);
    LQ_TRY(check_reward(d, c->number, c->verified, c->reward_yuan));

    Tips__TipVerified verified = TIPS__TIP_VERIFIED__INIT;
    verified.number = tip->number;
    verified.premises = tip->premises;
    verified.township = tip->township;
    verified.verified = c->verified;
    verified.reward_yuan = c->reward_yuan;
    lq_emit(d, TIPS__EVENT__BODY_TIP_VERIFIED, &verified.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

void tips_tip_verified(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Tips__TipVerified *verified = event;
    const Tips__Tip *kept = lq_find(tables, &tips_tips, lq_key_text(verified->number));
    LQ_ASSERT(kept != NULL); // what was decided about was there
    Tips__Tip tip = *kept;
    tip.verified = verified->verified;
    tip.reward_yuan = verified->reward_yuan;
    lq_save(tables, &tips_tips, lq_key_text(tip.number), &tip.base);
}

// What is said of other premises lies in their township.
struct lq_verdict tips_check_tip(struct lq_decision *d, const char *number, const void *before,
                                 void *after)
{
    Tips__Tip *tip = after;
    const struct about about = {tip->premises, tip->village, tip->department};
    const char *missing = what_is_missing(tip->channel, &about, tip->content);
    if (missing != NULL)
        return lq_reject(d, TIPS__REJECT__FIELD_MISSING, "%s", missing);
    LQ_TRY(find_township(d, tip->premises, &tip->township));
    LQ_TRY(check_duplicate(d, tip->number, tip->duplicate_of));
    tips_restate(d, before, tip);
    return check_reward(d, tip->number, tip->verified, tip->reward_yuan);
}

void tips_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &tips_tips, lq_key_none()); lq_scan_next(&s);) {
        const Tips__Tip *tip = s.row;
        LQ_ASSERT(tip->verified || tip->reward_yuan == 0);
        LQ_ASSERT(tip->premises[0] == '\0' || lq_premises_noted(view, tip->premises) != NULL);
        tips_check_terms(view, tip);
    }
}
