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

// ---------------------------------------------------------------- whose a handover is

static bool is_chief_of(struct lq_decision *d, const char *badge, const Shift__Shift *shift)
{
    const Shift__Swap *by;
    const Shift__Person *person = lq_roster_person_at(d->view, badge, d->facts->occurred_ms);
    return person != NULL && person->rank == SHIFT__RANK__DESK_CHIEF && shift != NULL &&
           lq_duty_has_shift(d->view, badge, shift, &by);
}

// A commander stands in for a chief who is not there.
struct lq_verdict dispatch_need_chief(struct lq_decision *d, const char *badge,
                                      const Shift__Shift *shift)
{
    const uint32_t roles = strcmp(badge, d->facts->principal) == 0
                               ? dispatch_principal_roles(d)
                               : lq_roster_roles_at(d->view, badge, d->facts->occurred_ms);
    if (is_chief_of(d, badge, shift) || (roles & LQ_ROLE(COMMANDER)) != 0)
        return LQ_ACCEPT;
    if (shift == NULL)
        return lq_reject(d, DISPATCH__REJECT__NOT_DESK_CHIEF,
                         "no shift is planned that takes over: a commander signs, or the rota is "
                         "planned on first");
    return lq_reject(d, DISPATCH__REJECT__NOT_DESK_CHIEF,
                     "%s is no desk chief of shift %s (group %s); its desk chief does this, or a "
                     "commander for him",
                     badge, shift->number, shift->group);
}

struct lq_verdict dispatch_reject_same_signer(struct lq_decision *d, const char *shift)
{
    return lq_reject(d, DISPATCH__REJECT__SAME_SIGNER, "%s hands over shift %s: another takes over",
                     d->facts->principal, shift);
}
