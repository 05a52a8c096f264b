// Of monitor's events only what is needed here is known (proto/ledger.proto): monitor follows the
// ledger itself.
#include "ledger/replica/cameras.h"

#include "pb/pb.h"

const struct lq_table lq_cameras = {"cameras", &ledger__camera_note__descriptor};

static struct lq_key key_of(const char *premises, const char *channel)
{
    return lq_key_then_text(lq_key_text(premises), channel);
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Ledger__MonitorEvent *heard = event;
    const Ledger__MonitorChannel *channel = heard->channel_live; // of one type, but for the first
    if (heard->body_case == LEDGER__MONITOR_EVENT__BODY_CHANNEL_REGISTERED)
        channel =
            lq_pb_project(arena, &ledger__monitor_channel__descriptor, heard->channel_registered);
    if (heard->body_case == LEDGER__MONITOR_EVENT__BODY__NOT_SET || channel == NULL ||
        !lq_pb_key(channel->premises) || !lq_pb_key(channel->channel))
        return NULL;
    Ledger__CameraNote *noted = LQ_NEW(arena, Ledger__CameraNote);
    ledger__camera_note__init(noted);
    noted->channel = channel->channel;
    noted->premises = channel->premises;
    if (heard->body_case == LEDGER__MONITOR_EVENT__BODY_CHANNEL_LIVE)
        noted->live_since_ms = channel->since_ms;
    else if (heard->body_case == LEDGER__MONITOR_EVENT__BODY_CHANNEL_SILENT)
        noted->silent_since_ms = channel->since_ms;
    noted->retired = heard->body_case == LEDGER__MONITOR_EVENT__BODY_CHANNEL_RETIRED;
    return &noted->base;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Ledger__CameraNote *noted = event;
    lq_save(tables, &lq_cameras, key_of(noted->premises, noted->channel), &noted->base);
}

static const struct lq_table *const tables[] = {&lq_cameras, NULL};

const struct lq_replica ledger_monitor = {
    .stream = "monitor",
    .event_type = &ledger__monitor_event__descriptor,
    .partial = true,
    .event = "camera_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

bool lq_cameras_live_since(struct lq_view *view, const char *premises, int64_t since_ms)
{
    bool one = false;
    for (struct lq_scan s = lq_scan(view, &lq_cameras, lq_key_text(premises)); lq_scan_next(&s);) {
        const Ledger__CameraNote *camera = s.row;
        if (camera->retired)
            continue;
        if (camera->live_since_ms == 0 || camera->live_since_ms > since_ms)
            return false;
        one = true;
    }
    return one;
}
