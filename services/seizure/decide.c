// Which rule is whose, what is noted of other services, and the checks that several rules share.
#include "seizure.h"

struct lq_verdict seizure_need(struct lq_decision *d, const char *what, const char *text)
{
    if (text[0] == '\0')
        return lq_reject(d, SEIZURE__REJECT__FIELD_MISSING, "%s is missing", what);
    if (strlen(text) > LQ_PB_IDENTIFIER_BYTES)
        return lq_reject(d, SEIZURE__REJECT__FIELD_MISSING, "%s is longer than %d bytes", what,
                         LQ_PB_IDENTIFIER_BYTES);
    return LQ_ACCEPT;
}

struct lq_verdict seizure_need_order(struct lq_decision *d, const char *number, const char *target,
                                     const Dispatch__OrderNote **order)
{
    const Dispatch__OrderNote *found = lq_order_find(d->view, number);
    if (found == NULL)
        return lq_reject(d, SEIZURE__REJECT__ORDER_UNKNOWN, "there is no order %s", number);
    if (found->cancelled)
        return lq_reject(d, SEIZURE__REJECT__ORDER_CANCELLED,
                         "order %s is cancelled: nothing can be done on it", number);
    if (strcmp(found->target, target) != 0)
        return lq_reject(d, SEIZURE__REJECT__TARGET_NOT_OF_ORDER, "order %s is to %s, not to %s",
                         number, found->target, target);
    if (d->facts->occurred_ms < found->issued_at_ms) {
        char done[LQ_TIME_TEXT], issued[LQ_TIME_TEXT];
        return lq_reject(d, SEIZURE__REJECT__BEFORE_ORDER,
                         "this is dated %s, but order %s was issued only at %s",
                         lq_format_local(d->facts->occurred_ms, done), number,
                         lq_format_local(found->issued_at_ms, issued));
    }
    *order = found;
    return LQ_ACCEPT;
}

const char *seizure_township(struct lq_view *view, const Dispatch__OrderNote *order)
{
    const Ledger__PremisesNote *premises = lq_premises_find(view, order->target);
    // The ledger's stream may be behind that of dispatch, which read it before it sent the order.
    return premises != NULL ? premises->township : order->township;
}
