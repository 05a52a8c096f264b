// Handovers that nobody took over: the next shift worked without a signature and is over itself.
// Then nobody signs for it any more; else whoever did would have the desk of another shift, and
// what nobody can mend would be told of for ever. It stays late, as a roll call does that was not
// signed.
#include "dispatch.h"

#define HANDOVER "handover"
#define TERM "OP-HANDOVER"

enum { MISSED_MOST = 32 }; // in one event; the rest with the next shift

// That has been signed for, and ends later.
static const Shift__Shift *signed_later(struct lq_view *view, const Shift__Shift *shift)
{
    const Dispatch__DeskChief *last = dispatch_last_signature(view);
    const Shift__Shift *later = last != NULL ? lq_shift_find(view, last->handover) : NULL;
    return later != NULL && later->ends_at_ms > shift->ends_at_ms ? later : NULL;
}

bool dispatch_is_missed(struct lq_view *view, const Shift__Shift *shift,
                        const Dispatch__Handover *handover)
{
    return (handover != NULL && handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_MISSED) ||
           signed_later(view, shift) != NULL;
}

struct lq_verdict dispatch_need_not_missed(struct lq_decision *d, const Shift__Shift *shift,
                                           const Dispatch__Handover *handover)
{
    char at[LQ_TIME_TEXT];
    LQ_ASSERT(shift != NULL); // shifts are cancelled, never gone
    if (!dispatch_is_missed(d->view, shift, handover))
        return LQ_ACCEPT;
    const Shift__Shift *later = signed_later(d->view, shift);
    if (later != NULL)
        return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                         "shift %s is not handed over any more: %s has signed for shift %s, which "
                         "came later, and has the desk",
                         shift->number, dispatch_last_signature(d->view)->badge, later->number);
    const Shift__Shift *next = dispatch_shift_after(d->view, shift);
    return lq_reject(
        d, LQ_COMMON(STEP_NOT_POSSIBLE),
        "shift %s is not handed over any more: nobody had signed for it when the next "
        "one, %s, was over at %s. Hand over the shift that ends now (lq shift handover "
        "freeze)",
        shift->number, next != NULL ? next->number : "",
        lq_format_local(next != NULL ? next->ends_at_ms : shift->ends_at_ms, at));
}

bool dispatch_handover_waits(const Dispatch__Handover *handover)
{
    return handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_DUE ||
           handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN;
}

void dispatch_give_up_missed(struct lq_decision *d, const Shift__Shift *begun,
                             Dispatch__HandoverOpened *opened)
{
    opened->missed = LQ_NEW_ARRAY(d->arena, char *, MISSED_MOST);
    struct lq_scan s = lq_scan(d->view, &dispatch_table_handovers, lq_key_none());
    while (opened->n_missed < MISSED_MOST && lq_scan_next(&s)) {
        const Dispatch__Handover *handover = s.row;
        if (!dispatch_handover_waits(handover))
            continue;
        const Shift__Shift *shift = lq_shift_find(d->view, handover->number);
        LQ_ASSERT(shift != NULL);
        const Shift__Shift *next = dispatch_shift_after(d->view, shift);
        if (next == NULL || next->ends_at_ms > begun->starts_at_ms)
            continue;
        lq_clock_stop(d, HANDOVER, handover->number, TERM, d->facts->occurred_ms);
        opened->missed[opened->n_missed++] = handover->number;
    }
}

void dispatch_keep_missed(struct lq_view *tables, const Dispatch__HandoverOpened *opened)
{
    for (size_t i = 0; i < opened->n_missed; i++) {
        const struct lq_key key = lq_key_text(opened->missed[i]);
        const Dispatch__Handover *before = lq_find(tables, &dispatch_table_handovers, key);
        LQ_ASSERT(before != NULL);
        Dispatch__Handover missed = *before;
        missed.state = DISPATCH__HANDOVER_STATE__HANDOVER_MISSED;
        lq_save(tables, &dispatch_table_handovers, key, &missed.base);
    }
}
