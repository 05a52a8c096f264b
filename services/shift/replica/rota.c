// What a follower knows of the rota.
#include "shift/replica/rota.h"

#include "pb/pb.h"

const struct lq_table lq_rota = {"duty", &shift__shift__descriptor};

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Shift__Event *heard = event;
    if (heard->body_case != SHIFT__EVENT__BODY_SHIFT_PLANNED)
        return NULL;
    const Shift__ShiftPlanned *shift = heard->shift_planned;
    return shift->starts_at_ms > 0 && shift->ends_at_ms > shift->starts_at_ms ? &shift->base : NULL;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *note)
{
    const Shift__Shift *shift =
        lq_pb_project(lq_view_arena(tables), &shift__shift__descriptor, note);
    lq_save(tables, &lq_rota, lq_key_number((uint64_t)shift->starts_at_ms), &shift->base);
}

static const struct lq_table *const tables[] = {&lq_rota, NULL};

const struct lq_replica shift_rota = {
    .stream = "shift",
    .event_type = &shift__event__descriptor,
    .event = "shift_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

const Shift__Shift *lq_rota_at(struct lq_view *view, int64_t at_ms)
{
    LQ_ASSERT(at_ms >= 0); // the runtime lets no earlier time through
    struct lq_scan s = lq_scan_backwards(view, &lq_rota, lq_key_none());
    s.key = lq_key_number((uint64_t)at_ms + 1); // as if the walk had come down to here
    if (!lq_scan_next(&s))
        return NULL;
    const Shift__Shift *shift = s.row; // which has started by then
    return at_ms < shift->ends_at_ms ? shift : NULL;
}
