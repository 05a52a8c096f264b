// Who has the desk: whoever has signed for it last. He is told what the desk is told, beside those
// who are on duty, until somebody signs after him.
#include "dispatch.h"

const struct lq_table dispatch_table_chief = {"desk_chief", &dispatch__desk_chief__descriptor};

#define THE_DESK "desk" // the key of the one row

void dispatch_take_desk(struct lq_view *tables, char *badge, int64_t since_ms, char *handover)
{
    Dispatch__DeskChief chief = DISPATCH__DESK_CHIEF__INIT;
    chief.badge = badge;
    chief.since_ms = since_ms;
    chief.handover = handover;
    lq_save(tables, &dispatch_table_chief, lq_key_text(THE_DESK), &chief.base);
}

const Dispatch__DeskChief *dispatch_last_signature(struct lq_view *view)
{
    return lq_find(view, &dispatch_table_chief, lq_key_text(THE_DESK));
}

// A signature of long ago says nothing: nobody hands over then.
const char *dispatch_in_charge(struct lq_view *view, int64_t at_ms)
{
    const Dispatch__DeskChief *chief = dispatch_last_signature(view);
    return chief != NULL && chief->since_ms <= at_ms && at_ms - chief->since_ms < LQ_DAY_MS
               ? chief->badge
               : NULL;
}

const Shift__Shift *dispatch_shift_after(struct lq_view *view, const Shift__Shift *shift)
{
    const Shift__Shift *next;
    for (struct lq_scan s = lq_rota_from(view, shift->starts_at_ms);
         (next = lq_rota_next(&s)) != NULL;)
        if (next->starts_at_ms > shift->starts_at_ms)
            return next;
    return NULL;
}

// Both chiefs are told that it is not signed.
void dispatch_add_both_chiefs(struct lq_decision *d, const char *number, Rules__ClockRang *rang)
{
    const Shift__Shift *shift = lq_shift_find(d->view, number);
    LQ_ASSERT(shift != NULL);
    const Shift__Shift *next = dispatch_shift_after(d->view, shift);
    unsigned count = lq_told_add_desk_chiefs(d, rang, shift->group);
    if (next != NULL)
        count += lq_told_add_desk_chiefs(d, rang, next->group);
    if (count == 0)
        lq_told_add_desk_chiefs(d, rang, NULL);
}
