// Who gets what of which line (补助条件), as the county's measures of 2015 say it:
//   CAMERA      an enterprise that was accepted and whose cameras all answer, 1,500 yuan, once
//   TIP_REWARD  a tip that proved true, what it is worth by the tip's own record, once; whom it
//   goes
//               to is known by the tip's number alone (law.md 5, TI5, TI6)
//   GUIDE       premises of the ledger, once
//   EXPERTS     whoever did the work
// What must be typed and is missing is named at once; of the conditions, the first that is not met.
#include "fund.h"

#include "language/language.h"

const char *fund_subject(const Fund__Grant *grant)
{
    switch (grant->line) {
    case FUND__LINE__GUIDE:
    case FUND__LINE__CAMERA:
        return grant->premises;
    case FUND__LINE__TIP_REWARD:
        return grant->tip;
    default:
        return "";
    }
}

static struct lq_verdict need_premises(struct lq_decision *d, const Fund__Grant *grant)
{
    LQ_TRY(lq_need_key(d, FUND__REJECT__FIELD_MISSING, "the premises' number", grant->premises));
    return lq_need_premises(d, FUND__REJECT__PREMISES_UNKNOWN, grant->premises,
                            lq_premises_find(d->view, grant->premises));
}

static struct lq_verdict need_amount(struct lq_decision *d, Fund__Grant *grant, uint32_t amount)
{
    if (grant->amount_yuan == 0)
        grant->amount_yuan = amount;
    if (grant->amount_yuan != amount)
        return lq_reject(d, FUND__REJECT__NOT_ELIGIBLE, "%s is due %u yuan, not %u",
                         fund_subject(grant), amount, grant->amount_yuan);
    return LQ_ACCEPT;
}

static struct lq_verdict check_camera(struct lq_decision *d, Fund__Grant *grant)
{
    LQ_TRY(need_premises(d, grant));
    if (lq_premises_status(d->view, grant->premises) != LEDGER__STATUS__ACCEPTED)
        return lq_reject(d, FUND__REJECT__NOT_ELIGIBLE,
                         "the cameras of %s are subsidised once it is accepted", grant->premises);
    if (!lq_cameras_live_since(d->view, grant->premises, d->facts->occurred_ms))
        return lq_reject(d, FUND__REJECT__NOT_ELIGIBLE,
                         "the cameras of %s are subsidised while all of them answer: one is dark, "
                         "or there is none",
                         grant->premises);
    return need_amount(d, grant, (uint32_t)d->facts->policy->fund.camera_yuan);
}

static struct lq_verdict check_tip(struct lq_decision *d, Fund__Grant *grant)
{
    LQ_TRY(lq_need_key(d, FUND__REJECT__FIELD_MISSING, "the tip's number", grant->tip));
    const Tips__TipNote *tip = lq_tip_find(d->view, grant->tip);
    if (tip == NULL || !tip->verified || tip->reward_yuan == 0)
        return lq_reject(d, FUND__REJECT__NOT_ELIGIBLE,
                         "there is no tip %s that proved true and has a reward", grant->tip);
    if (grant->payee[0] != '\0' && strcmp(grant->payee, grant->tip) != 0)
        return lq_reject(d, FUND__REJECT__NOT_ELIGIBLE,
                         "who gave tip %s is recorded nowhere: the reward goes to the tip's number",
                         grant->tip);
    grant->payee = grant->tip;
    return need_amount(d, grant, tip->reward_yuan);
}

static struct lq_verdict check_line(struct lq_decision *d, Fund__Grant *grant)
{
    switch (grant->line) {
    case FUND__LINE__CAMERA:
        return check_camera(d, grant);
    case FUND__LINE__TIP_REWARD:
        return check_tip(d, grant);
    case FUND__LINE__GUIDE:
        LQ_TRY(need_premises(d, grant));
        return lq_need_fields(d, FUND__REJECT__FIELD_MISSING, grant, "amount_yuan purpose");
    default:
        return lq_need_fields(d, FUND__REJECT__FIELD_MISSING, grant, "payee amount_yuan purpose");
    }
}

struct lq_verdict fund_need_eligible(struct lq_decision *d, Fund__Grant *grant)
{
    LQ_TRY(check_line(d, grant));
    const char *subject = fund_subject(grant);
    if (subject[0] == '\0')
        return LQ_ACCEPT;
    const struct lq_key key = lq_key_then_text(lq_key_number((uint64_t)grant->line), subject);
    const Fund__GrantedTo *known = lq_find(d->view, &fund_granted, key);
    if (known == NULL || strcmp(known->grant, grant->number) == 0)
        return LQ_ACCEPT;
    return lq_reject(d, FUND__REJECT__GRANTED_ALREADY, "%s has grant %s on this line already",
                     subject, known->grant);
}
