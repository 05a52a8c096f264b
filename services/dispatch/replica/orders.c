// What a follower knows of orders. A cancellation names only the order, so what was kept of it
// stays, marked as cancelled.
#include "dispatch/replica/orders.h"

#include "pb/pb.h"
#include "rules/correct.h"

const struct lq_table lq_order_notes = {"order_notes", &dispatch__order_note__descriptor};

static const Dispatch__OrderNote *issued(struct lq_arena *arena, const Dispatch__OrderIssued *order)
{
    Dispatch__OrderNote *note = LQ_NEW(arena, Dispatch__OrderNote);
    dispatch__order_note__init(note);
    note->number = order->number;
    note->issued_at_ms = order->issued_at_ms;
    note->target = order->target;
    note->township = order->township;
    return note;
}

static const Dispatch__OrderNote *cancelled(struct lq_arena *arena,
                                            const Dispatch__OrderCancelled *order)
{
    Dispatch__OrderNote *note = LQ_NEW(arena, Dispatch__OrderNote);
    dispatch__order_note__init(note);
    note->number = order->order;
    note->cancelled = true;
    return note;
}

// As it is now; or, of one that was voided, as if it had been cancelled: nothing is done on it.
static const Dispatch__OrderNote *changed(struct lq_arena *arena, const Dispatch__Order *order,
                                          bool voided)
{
    if (order == NULL)
        return NULL; // another kind of thing
    Dispatch__OrderNote *note = LQ_NEW(arena, Dispatch__OrderNote);
    dispatch__order_note__init(note);
    note->number = order->number;
    note->issued_at_ms = order->issued_at_ms;
    note->target = order->target;
    note->township = order->township;
    note->cancelled = voided || order->cancelled_at_ms != 0;
    return note;
}

static const Dispatch__OrderNote *note_of(struct lq_arena *arena, const Dispatch__Event *event)
{
    switch (event->body_case) {
    case DISPATCH__EVENT__BODY_ORDER_ISSUED:
        return issued(arena, event->order_issued);
    case DISPATCH__EVENT__BODY_ORDER_CANCELLED:
        return cancelled(arena, event->order_cancelled);
    case DISPATCH__EVENT__BODY_CORRECTED:
        return changed(
            arena,
            lq_corrected_thing(arena, event->corrected, "order", &dispatch__order__descriptor),
            false);
    case DISPATCH__EVENT__BODY_VOIDED:
        return changed(
            arena, lq_voided_of(arena, event->voided, "order", &dispatch__order__descriptor), true);
    case DISPATCH__EVENT__BODY_STEP_REPORTED:
    case DISPATCH__EVENT__BODY_ORDER_DECLINED:
    case DISPATCH__EVENT__BODY_ORDER_SEEN:
    case DISPATCH__EVENT__BODY_TEAM_ADDED:
    case DISPATCH__EVENT__BODY_TEAM_WITHDRAWN:
    case DISPATCH__EVENT__BODY_ORDER_REOPENED:
    case DISPATCH__EVENT__BODY_CALL_OPENED:
    case DISPATCH__EVENT__BODY_ORDER_AMENDED:
    case DISPATCH__EVENT__BODY_CREW_RECORDED:
    case DISPATCH__EVENT__BODY_HANDOVER_OPENED:
    case DISPATCH__EVENT__BODY_HANDOVER_FROZEN:
    case DISPATCH__EVENT__BODY_HANDOVER_SIGNED:
    case DISPATCH__EVENT__BODY_HANDOVER_REFUSED:
    case DISPATCH__EVENT__BODY_STEP_TAKEN:
    case DISPATCH__EVENT__BODY_CLOCK_RANG:
    case DISPATCH__EVENT__BODY_CLOCK_TAKEN:
    case DISPATCH__EVENT__BODY_CLOCKS_RECOUNTED:
    case DISPATCH__EVENT__BODY_PAPER_ISSUED:
    case DISPATCH__EVENT__BODY_PAPER_SERVED:
    case DISPATCH__EVENT__BODY_ATTACHED:
    case DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED:
    case DISPATCH__EVENT__BODY_PERSON_NOTED:
    case DISPATCH__EVENT__BODY_SHIFT_NOTED:
    case DISPATCH__EVENT__BODY_DUTY_NOTED:
    case DISPATCH__EVENT__BODY_BULLETIN_NOTED:
    case DISPATCH__EVENT__BODY_PREMISES_NOTED:
    case DISPATCH__EVENT__BODY_SEIZURE_NOTED:
    case DISPATCH__EVENT__BODY_CASE_NOTED:
    case DISPATCH__EVENT__BODY__NOT_SET:
    case _DISPATCH__EVENT__BODY__CASE_IS_INT_SIZE:
        return NULL;
    }
    LQ_UNREACHABLE();
}

// A number that cannot be a key is no order's.
static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Dispatch__OrderNote *made = note_of(arena, event);
    return made != NULL && lq_pb_key(made->number) ? &made->base : NULL;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Dispatch__OrderNote *note = event;
    const Dispatch__OrderNote *before =
        note->cancelled ? lq_order_find(tables, note->number) : NULL;
    Dispatch__OrderNote kept = before != NULL ? *before : *note;
    kept.cancelled = note->cancelled;
    lq_save(tables, &lq_order_notes, lq_key_text(kept.number), &kept.base);
}

static const struct lq_table *const tables[] = {&lq_order_notes, NULL};

const struct lq_replica dispatch_orders = {
    .stream = "dispatch",
    .event_type = &dispatch__event__descriptor,
    .event = "order_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

const Dispatch__OrderNote *lq_order_find(struct lq_view *view, const char *number)
{
    return lq_pb_identifier(number) ? lq_find(view, &lq_order_notes, lq_key_text(number)) : NULL;
}
