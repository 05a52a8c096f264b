// Of monitor's events only what is needed here is known (proto/ledger.proto): monitor follows the
// ledger itself.
#include "ledger/replica/cameras.h"

#include "pb/pb.h"
#include "rules/correct.h"

const struct lq_table lq_cameras = {"cameras", &ledger__camera_note__descriptor};

static struct lq_key key_of(const char *premises, const char *channel)
{
    return lq_key_then_text(lq_key_text(premises), channel);
}

// Which channel of which premises the event is of; NULL: of none.
static const Ledger__MonitorChannel *channel_of(struct lq_arena *arena,
                                                const Ledger__MonitorEvent *heard)
{
    const void *named = NULL;
    switch (heard->body_case) {
    case LEDGER__MONITOR_EVENT__BODY_CHANNEL_LIVE:
        return heard->channel_live;
    case LEDGER__MONITOR_EVENT__BODY_CHANNEL_SILENT:
        return heard->channel_silent;
    case LEDGER__MONITOR_EVENT__BODY_CHANNEL_RETIRED:
        return heard->channel_retired;
    case LEDGER__MONITOR_EVENT__BODY_CHANNEL_REGISTERED:
        named = heard->channel_registered;
        break;
    case LEDGER__MONITOR_EVENT__BODY_VOIDED:
        named =
            lq_voided_of(arena, heard->voided, "channel", &ledger__monitor_registered__descriptor);
        break;
    case LEDGER__MONITOR_EVENT__BODY__NOT_SET:
    case _LEDGER__MONITOR_EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    return named != NULL ? lq_pb_project(arena, &ledger__monitor_channel__descriptor, named) : NULL;
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Ledger__MonitorEvent *heard = event;
    const Ledger__MonitorChannel *channel = channel_of(arena, heard);
    if (channel == NULL || !lq_pb_key(channel->premises) || !lq_pb_key(channel->channel))
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
    noted->voided = heard->body_case == LEDGER__MONITOR_EVENT__BODY_VOIDED;
    return &noted->base;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Ledger__CameraNote *noted = event;
    const struct lq_key key = key_of(noted->premises, noted->channel);
    if (noted->voided)
        lq_erase(tables, &lq_cameras, key);
    else
        lq_save(tables, &lq_cameras, key, &noted->base);
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
