// The cameras of premises, as monitor tells of them: since when each answers. monitor follows the
// ledger, so the ledger follows it in part (proto/ledger.proto has what it needs of its events).
#include "ledger.h"

const struct lq_table ledger_cameras = {"cameras", &ledger__camera_note__descriptor};

static struct lq_key key_of(const char *premises, const char *channel)
{
    return lq_key_then_text(lq_key_text(premises), channel);
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Ledger__MonitorEvent *heard = event;
    const Ledger__MonitorChannel *channel = heard->channel_registered; // all are of one type
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

void ledger_camera_noted(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    (void)what;
    const Ledger__CameraNote *noted = event;
    lq_save(tables, &ledger_cameras, key_of(noted->premises, noted->channel), &noted->base);
}

static const struct lq_table *const tables[] = {&ledger_cameras, NULL};

const struct lq_replica ledger_monitor = {
    .stream = "monitor",
    .event_type = &ledger__monitor_event__descriptor,
    .partial = true,
    .event = "camera_noted",
    .tables = tables,
    .note = note,
    .apply = ledger_camera_noted,
};

// Each camera that is not retired answers, and has for so long; there is one at least.
bool ledger_is_seen(struct lq_view *view, const char *premises, int64_t at_ms, int64_t hours)
{
    bool one = false;
    if (hours == 0)
        return true;
    for (struct lq_scan s = lq_scan(view, &ledger_cameras, lq_key_text(premises));
         lq_scan_next(&s);) {
        const Ledger__CameraNote *camera = s.row;
        if (camera->retired)
            continue;
        if (camera->live_since_ms == 0 || camera->live_since_ms > at_ms - hours * 3600000)
            return false;
        one = true;
    }
    return one;
}

void ledger_list_cameras(struct lq_reading *r, const char *premises, Ledger__PremisesFile *file)
{
    struct lq_rows rows = lq_rows(r->arena, 0);
    for (struct lq_scan s = lq_scan(r->view, &ledger_cameras, lq_key_text(premises));
         lq_scan_next(&s);)
        if (!lq_rows_add(&rows, s.row))
            break;
    file->n_cameras = rows.count;
    file->cameras = (Ledger__CameraNote **)(void *)rows.rows;
}
