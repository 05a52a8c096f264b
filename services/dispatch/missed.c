// Handovers that nobody took over: the next shift worked without a signature and is over itself.
// Then nobody signs for it any more; else whoever did would have the desk of another shift, and
// what nobody can mend would be told of for ever. It stays late, as a roll call does that was not
// signed. What was signed for on paper in time is entered afterwards by the office.
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
        "freeze); what was signed for on paper before that the office enters (lq handover sign "
        "SHIFT --outgoing BADGE --for BADGE --at TIME --reason TEXT)",
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

// ---------------------------------------------------------------- signed for on paper

bool dispatch_is_from_paper(const struct lq_decision *d, const Dispatch__Handover *handover)
{
    return handover != NULL && handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_MISSED &&
           d->facts->on_behalf_of[0] != '\0';
}

struct lq_verdict dispatch_need_no_paper(struct lq_decision *d, const Dispatch__SignHandover *c,
                                         const Dispatch__Handover *h)
{
    if (c->outgoing[0] == '\0' || h == NULL || !dispatch_handover_waits(h))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                     "shift %s can still be handed over here: the list is frozen and signed for; "
                     "what was signed on paper is entered once the next shift is over",
                     h->number);
}

// While the shift was on, or the next; behind that it was missed.
static struct lq_verdict need_in_time(struct lq_decision *d, const Shift__Shift *shift,
                                      const Shift__Shift *next)
{
    const int64_t at_ms = d->facts->occurred_ms, until_ms = next->ends_at_ms;
    char at[LQ_TIME_TEXT], from[LQ_TIME_TEXT], until[LQ_TIME_TEXT];
    if (at_ms >= shift->starts_at_ms && at_ms < until_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                     "this is dated %s, but shift %s was handed over, if it was, between %s and "
                     "%s, while it or the next shift was on (--at: when the paper was signed)",
                     lq_format_local(at_ms, at), shift->number,
                     lq_format_local(shift->starts_at_ms, from), lq_format_local(until_ms, until));
}

// Of shifts that followed each other the signatures did, too.
static struct lq_verdict need_in_order(struct lq_decision *d, const Shift__Shift *shift)
{
    const int64_t at_ms = d->facts->occurred_ms;
    char at[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    struct lq_scan s = lq_scan(d->view, &dispatch_table_handovers, lq_key_none());
    while (lq_scan_next(&s)) {
        const Dispatch__Handover *other = s.row;
        const Shift__Shift *of = lq_shift_find(d->view, other->number);
        LQ_ASSERT(of != NULL);
        if (other->signed_at_ms == 0 ||
            (of->ends_at_ms > shift->ends_at_ms ? other->signed_at_ms >= at_ms
                                                : other->signed_at_ms <= at_ms))
            continue;
        return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                         "shift %s cannot have been handed over at %s: shift %s was at %s, to %s, "
                         "and shifts are handed over in their order",
                         shift->number, lq_format_local(at_ms, at), other->number,
                         lq_format_local(other->signed_at_ms, then), other->signed_by);
    }
    return LQ_ACCEPT;
}

// Who had it before: the paper says so; where a list was frozen, whoever did that.
static struct lq_verdict need_outgoing(struct lq_decision *d, const Dispatch__SignHandover *c,
                                       const Dispatch__Handover *h, const Shift__Shift *shift,
                                       char **outgoing)
{
    *outgoing = c->outgoing[0] != '\0' ? c->outgoing : h->frozen_by;
    if ((*outgoing)[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "who handed over shift %s? Its paper names the outgoing desk chief "
                         "(--outgoing BADGE)",
                         h->number);
    if (h->frozen_by[0] != '\0' && strcmp(*outgoing, h->frozen_by) != 0)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                         "%s has frozen the list of shift %s, and so handed it over, not %s",
                         h->frozen_by, h->number, *outgoing);
    LQ_TRY(dispatch_need_chief(d, *outgoing, shift));
    return strcmp(*outgoing, d->facts->principal) != 0 ? LQ_ACCEPT
                                                       : dispatch_reject_same_signer(d, h->number);
}

// Late for ever was what nobody had signed for; this was, then.
static void restate_term(struct lq_decision *d, const char *number)
{
    const Rules__Clock *term = lq_clock_now(d, HANDOVER, number, TERM);
    if (term != NULL)
        lq_clock_restart(
            d, term,
            &(struct lq_clock_start){.start_ms = term->start_ms, .stop_ms = d->facts->occurred_ms});
}

struct lq_verdict dispatch_sign_on_paper(struct lq_decision *d, const Dispatch__SignHandover *c,
                                         const Dispatch__Handover *h)
{
    const Shift__Shift *shift = lq_shift_find(d->view, h->number);
    LQ_ASSERT(shift != NULL);
    const Shift__Shift *next = dispatch_shift_after(d->view, shift);
    LQ_ASSERT(next != NULL); // it was over when this was missed
    Dispatch__HandoverSigned signature = DISPATCH__HANDOVER_SIGNED__INIT;
    LQ_TRY(need_in_time(d, shift, next));
    LQ_TRY(dispatch_need_chief(d, d->facts->principal, next));
    LQ_TRY(need_outgoing(d, c, h, shift, &signature.outgoing));
    LQ_TRY(need_in_order(d, shift));
    const Dispatch__DeskChief *last = dispatch_last_signature(d->view);
    signature.number = h->number;
    signature.by = lq_arena_text(d->arena, d->facts->principal);
    signature.has_the_desk = last == NULL || last->since_ms < d->facts->occurred_ms;
    restate_term(d, h->number);
    lq_emit(d, DISPATCH__EVENT__BODY_HANDOVER_SIGNED, &signature.base);
    lq_number(d, h->number);
    return LQ_ACCEPT;
}
