// What the gateway tells, once a minute for all channels, and that it tells nothing any more.
//
// Each report is one record, which names by bits who answered: from these records alone anybody can
// count how long a channel was live. What has changed by it is a record more for each channel,
// for whoever follows. A channel that has not answered is silent since the report before, the last
// instant at which it is known to have answered.
#include "monitor.h"

#include "service/voided.h"

const struct lq_table monitor_gateway = {"gateway", &monitor__gateway__descriptor};

#define THE_GATEWAY "gateway" // the key of the one row

Monitor__Gateway monitor_heard(struct lq_view *view)
{
    const Monitor__Gateway *gateway = lq_find(view, &monitor_gateway, lq_key_text(THE_GATEWAY));
    return gateway != NULL ? *gateway : (Monitor__Gateway)MONITOR__GATEWAY__INIT;
}

void monitor_save_gateway(struct lq_view *tables, const Monitor__Gateway *gateway)
{
    lq_save(tables, &monitor_gateway, lq_key_text(THE_GATEWAY), &gateway->base);
}

// ---------------------------------------------------------------- who answered

struct report {
    const Monitor__Gateway *before;
    Monitor__AliveHeard heard;
    bool
        after_silence; // nothing was heard of the gateway for so long that all was silent meanwhile
};

static bool has_bit(const ProtobufCBinaryData *bits, uint32_t bit)
{
    return bit / 8 < bits->len && (bits->data[bit / 8] & (1u << bit % 8)) != 0;
}

static bool is_live(const Monitor__Channel *channel)
{
    return channel->state == MONITOR__CHANNEL_STATE__LIVE;
}

static struct lq_verdict need_order(struct lq_decision *d, const Monitor__Gateway *before)
{
    const int64_t at_ms = d->facts->occurred_ms;
    char at[LQ_TIME_TEXT], last[LQ_TIME_TEXT];
    if (at_ms == before->last_ms)
        return lq_reject(d, MONITOR__REJECT__REPORT_REPEATED,
                         "the report of %s has come already: one report an instant",
                         lq_format_local(at_ms, at));
    if (at_ms < before->last_ms)
        return lq_reject(
            d, MONITOR__REJECT__REPORT_OUT_OF_ORDER,
            "this report is of %s, and one of %s has come: reports come in their order",
            lq_format_local(at_ms, at), lq_format_local(before->last_ms, last));
    if (d->facts->now_ms - at_ms > MONITOR_SILENCE_MS)
        return lq_reject(d, MONITOR__REJECT__REPORT_LATE,
                         "this report is of %s, and it is %s: a report is told within two minutes",
                         lq_format_local(at_ms, at), lq_format_local(d->facts->now_ms, last));
    return LQ_ACCEPT;
}

// The gateway's list may be a minute old: what was retired or void meanwhile is passed over.
static struct lq_verdict read_channels(struct lq_decision *d, const Monitor__Alive *c,
                                       struct report *report)
{
    const size_t size = (report->before->next_bit + 7) / 8;
    uint8_t *bits = lq_arena_alloc(d->arena, size);
    memset(bits, 0, size);
    for (size_t i = 0; i < c->n_channels; i++) {
        const Monitor__Channel *channel = monitor_find(d->view, c->channels[i]);
        if (channel == NULL && lq_voided_find(d->view, &monitor_channels, c->channels[i]) == NULL)
            return lq_reject(d, MONITOR__REJECT__CHANNEL_UNKNOWN, "there is no channel %s",
                             c->channels[i]);
        if (channel == NULL || channel->state == MONITOR__CHANNEL_STATE__RETIRED)
            continue;
        uint8_t *byte = &bits[channel->bit / 8];
        const uint8_t bit = (uint8_t)(1u << channel->bit % 8);
        report->heard.count += (*byte & bit) == 0;
        *byte |= bit;
    }
    report->heard.answered = (ProtobufCBinaryData){.len = size, .data = bits};
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- what changes by it

static void emit_silent(struct lq_decision *d, const Monitor__Channel *channel, int64_t since_ms,
                        bool unheard)
{
    Monitor__ChannelSilent silent = MONITOR__CHANNEL_SILENT__INIT;
    silent.channel = channel->number;
    silent.premises = channel->premises;
    silent.since_ms = since_ms;
    silent.unheard = unheard;
    lq_emit(d, MONITOR__EVENT__BODY_CHANNEL_SILENT, &silent.base);
}

static void emit_gateway_silent(struct lq_decision *d, int64_t since_ms)
{
    Monitor__GatewaySilent silent = MONITOR__GATEWAY_SILENT__INIT;
    silent.since_ms = since_ms;
    lq_emit(d, MONITOR__EVENT__BODY_GATEWAY_SILENT, &silent.base);
}

static void emit_live(struct lq_decision *d, const Monitor__Channel *channel)
{
    Monitor__ChannelLive live = MONITOR__CHANNEL_LIVE__INIT;
    live.channel = channel->number;
    live.premises = channel->premises;
    live.since_ms = d->facts->occurred_ms;
    lq_emit(d, MONITOR__EVENT__BODY_CHANNEL_LIVE, &live.base);
}

// It answers again after a silence that is over as soon as it is known of: nobody is told.
static void change(struct lq_decision *d, const struct report *report,
                   const Monitor__Channel *channel)
{
    const bool answers = has_bit(&report->heard.answered, channel->bit);
    const int64_t last_ms = report->before->last_ms;
    if (is_live(channel) && !answers) {
        monitor_start_term(d, channel, last_ms);
        emit_silent(d, channel, last_ms, false);
    } else if (is_live(channel) && report->after_silence) {
        emit_silent(d, channel, last_ms, true);
        emit_live(d, channel);
    } else if (!is_live(channel) && answers && d->facts->occurred_ms >= channel->since_ms) {
        monitor_stop_term(d, channel, d->facts->occurred_ms);
        emit_live(d, channel);
    }
}

struct lq_verdict monitor_alive(struct lq_decision *d, const void *command)
{
    const Monitor__Alive *c = command;
    const Monitor__Gateway before = monitor_heard(d->view);
    struct report report = {.before = &before, .heard = MONITOR__ALIVE_HEARD__INIT};
    LQ_TRY(need_order(d, &before));
    LQ_TRY(read_channels(d, c, &report));
    report.after_silence = before.last_ms != 0 && before.silent_since_ms == 0 &&
                           d->facts->occurred_ms - before.last_ms > MONITOR_SILENCE_MS;
    if (report.after_silence)
        emit_gateway_silent(d, before.last_ms);
    for (struct lq_scan s = lq_scan(d->view, &monitor_channels, lq_key_none()); lq_scan_next(&s);)
        change(d, &report, s.row);
    lq_emit(d, MONITOR__EVENT__BODY_ALIVE_HEARD, &report.heard.base);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the gateway's own silence

void monitor_gateway_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    static const Monitor__NoteSilence note = MONITOR__NOTE_SILENCE__INIT;
    lq_command_self(f, due_ms, MONITOR__COMMAND__BODY_NOTE_SILENCE, &note.base);
}

struct lq_verdict monitor_note_silence(struct lq_decision *d, const void *command)
{
    const Monitor__Gateway gateway = monitor_heard(d->view);
    if (gateway.last_ms == 0 || gateway.silent_since_ms != 0 ||
        d->facts->occurred_ms - gateway.last_ms < MONITOR_SILENCE_MS)
        return lq_reject(d, LQ_COMMON(NOT_DUE), "the gateway is not silent for two minutes");
    emit_gateway_silent(d, gateway.last_ms);
    for (struct lq_scan s = lq_scan(d->view, &monitor_channels, lq_key_none()); lq_scan_next(&s);) {
        const Monitor__Channel *channel = s.row;
        if (!is_live(channel))
            continue;
        monitor_start_term(d, channel, gateway.last_ms);
        emit_silent(d, channel, gateway.last_ms, true);
    }
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the tables

void monitor_alive_heard(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Monitor__AliveHeard *e = event;
    Monitor__Gateway gateway = monitor_heard(tables);
    gateway.last_ms = what->occurred_ms;
    gateway.answered = e->answered;
    gateway.silent_since_ms = 0;
    gateway.called = false;
    monitor_save_gateway(tables, &gateway);
    lq_timer_set(tables, MONITOR_GATEWAY_TIMER, what->occurred_ms + MONITOR_SILENCE_MS);
}

void monitor_gateway_silent(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    const Monitor__GatewaySilent *e = event;
    Monitor__Gateway gateway = monitor_heard(tables);
    gateway.silent_since_ms = e->since_ms;
    monitor_save_gateway(tables, &gateway);
}

void monitor_channel_live(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    const Monitor__ChannelLive *e = event;
    const Monitor__Channel *before = monitor_find(tables, e->channel);
    Monitor__Span span = MONITOR__SPAN__INIT;
    LQ_ASSERT(before != NULL);
    span.channel = e->channel;
    span.from_ms = e->since_ms;
    span.live = true;
    if (before->state == MONITOR__CHANNEL_STATE__SILENT)
        monitor_end_span(tables, e->channel, e->since_ms);
    monitor_begin_span(tables, &span);
    monitor_save_state(tables, e->channel, MONITOR__CHANNEL_STATE__LIVE, e->since_ms, false,
                       lq_unconst(""));
}

void monitor_channel_silent(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    const Monitor__ChannelSilent *e = event;
    Monitor__Span span = MONITOR__SPAN__INIT;
    span.channel = e->channel;
    span.from_ms = e->since_ms;
    span.unheard = e->unheard;
    monitor_end_span(tables, e->channel, e->since_ms);
    monitor_begin_span(tables, &span);
    monitor_save_state(tables, e->channel, MONITOR__CHANNEL_STATE__SILENT, e->since_ms, e->unheard,
                       lq_unconst(""));
}
