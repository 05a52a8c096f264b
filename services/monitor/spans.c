// What a channel was when: one row from each change to the next. A span that is live and not over
// is known up to the last report, and no further.
#include "monitor.h"

const struct lq_table monitor_spans = {"spans", &monitor__span__descriptor};

static struct lq_key key_of(const char *channel, int64_t from_ms)
{
    return lq_key_then_number(lq_key_text(channel), (uint64_t)from_ms);
}

static struct lq_scan latest_first(struct lq_view *view, const char *channel)
{
    return lq_scan_backwards(view, &monitor_spans, lq_key_text(channel));
}

void monitor_end_span(struct lq_view *tables, const char *channel, int64_t to_ms)
{
    struct lq_scan s = latest_first(tables, channel);
    const bool there = lq_scan_next(&s);
    LQ_ASSERT(there);
    Monitor__Span span = *(const Monitor__Span *)s.row;
    span.to_ms = to_ms;
    lq_save(tables, &monitor_spans, s.key, &span.base);
}

// In place of one that had no length: it answered once, and never again.
void monitor_begin_span(struct lq_view *tables, const Monitor__Span *span)
{
    lq_save(tables, &monitor_spans, key_of(span->channel, span->from_ms), &span->base);
}

// ---------------------------------------------------------------- one channel

void monitor_show_channel(struct lq_reading *r, const void *query, void *answer)
{
    const Monitor__ShowChannel *q = query;
    Monitor__ChannelFile *file = answer;
    const Monitor__Channel *channel = monitor_find(r->view, q->number);
    const unsigned most = 500;
    if (channel == NULL)
        return;
    file->channel = lq_unconst(channel);
    struct lq_rows rows = lq_rows(r->arena, most);
    for (struct lq_scan s = latest_first(r->view, q->number); lq_scan_next(&s);)
        if (!lq_rows_add(&rows, s.row))
            break;
    file->spans = (Monitor__Span **)rows.rows;
    file->n_spans = rows.count;
    lq_next(r, &monitor_channel_steps, (int)channel->state, channel->number, channel);
}

// ---------------------------------------------------------------- dark

// The span that covers the instant; NULL: nothing is recorded of it.
static const Monitor__Span *span_at(struct lq_view *view, const char *channel, int64_t at_ms)
{
    for (struct lq_scan s = latest_first(view, channel); lq_scan_next(&s);) {
        const Monitor__Span *span = s.row;
        if (span->from_ms <= at_ms)
            return span->to_ms == 0 || at_ms < span->to_ms ? span : NULL;
    }
    return NULL;
}

static Monitor__Dark *dark_of(struct lq_arena *arena, const Monitor__Channel *channel,
                              const Monitor__Span *span)
{
    Monitor__Dark *dark = LQ_NEW(arena, Monitor__Dark);
    monitor__dark__init(dark);
    dark->channel = channel->number;
    dark->premises = channel->premises;
    dark->place = channel->place;
    dark->since_ms = span->from_ms;
    dark->until_ms = span->to_ms;
    dark->unheard = span->unheard;
    dark->voluntary = channel->voluntary;
    return dark;
}

void monitor_list_dark(struct lq_reading *r, const void *query, void *answer)
{
    const Monitor__AskDark *q = query;
    const int64_t at_ms = q->on_ms != 0 ? q->on_ms : r->now_ms;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &monitor_channels, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Monitor__Channel *channel = s.row;
        const Monitor__Span *span = span_at(r->view, channel->number, at_ms);
        if (span != NULL && !span->live && !(q->required && channel->voluntary) &&
            !lq_rows_add(&rows, dark_of(r->arena, channel, span)))
            break;
    }
    lq_rows_answer(&rows, answer);
}

// ---------------------------------------------------------------- uptime

static int64_t end_of(const struct lq_reading *r, const Monitor__Span *span, int64_t last_ms)
{
    return span->to_ms != 0 ? span->to_ms : span->live ? last_ms : r->now_ms;
}

static void add_span(Monitor__Uptime *uptime, const Monitor__Span *span, int64_t end_ms)
{
    const int64_t from_ms = span->from_ms > uptime->from_ms ? span->from_ms : uptime->from_ms;
    const int64_t to_ms = end_ms < uptime->to_ms ? end_ms : uptime->to_ms;
    if (to_ms <= from_ms)
        return;
    if (span->live)
        uptime->live_ms += to_ms - from_ms;
    else
        uptime->dark_ms += to_ms - from_ms;
    uptime->silences += !span->live;
}

static Monitor__Uptime *uptime_of(struct lq_reading *r, const Monitor__AskUptime *q,
                                  const Monitor__Channel *channel, int64_t last_ms)
{
    Monitor__Uptime *uptime = LQ_NEW(r->arena, Monitor__Uptime);
    monitor__uptime__init(uptime);
    uptime->channel = channel->number;
    uptime->premises = channel->premises;
    uptime->from_ms = q->from_ms != 0 ? q->from_ms : channel->registered_at_ms;
    uptime->to_ms = q->to_ms != 0 && q->to_ms < r->now_ms ? q->to_ms : r->now_ms;
    if (uptime->to_ms < uptime->from_ms)
        uptime->to_ms = uptime->from_ms;
    struct lq_scan s = lq_scan(r->view, &monitor_spans, lq_key_text(channel->number));
    while (lq_scan_next(&s))
        add_span(uptime, s.row, end_of(r, s.row, last_ms));
    uptime->not_recorded_ms = uptime->to_ms - uptime->from_ms - uptime->live_ms - uptime->dark_ms;
    return uptime;
}

void monitor_tell_uptime(struct lq_reading *r, const void *query, void *answer)
{
    const Monitor__AskUptime *q = query;
    const int64_t last_ms = monitor_heard(r->view).last_ms;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &monitor_channels, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Monitor__Channel *channel = s.row;
        if ((q->channel[0] == '\0' || strcmp(channel->number, q->channel) == 0) &&
            (q->premises[0] == '\0' || strcmp(channel->premises, q->premises) == 0) &&
            !lq_rows_add(&rows, uptime_of(r, q, channel, last_ms)))
            break;
    }
    lq_rows_answer(&rows, answer);
}

// ---------------------------------------------------------------- what always holds

// Spans follow each other without overlap; the last one is open as long as the channel is in use,
// and is what the channel is.
void monitor_check_spans(struct lq_view *view, const Monitor__Channel *channel)
{
    const bool live = channel->state == MONITOR__CHANNEL_STATE__LIVE;
    const bool open = live || channel->state == MONITOR__CHANNEL_STATE__SILENT;
    const Monitor__Span *last = NULL;
    struct lq_scan s = lq_scan(view, &monitor_spans, lq_key_text(channel->number));
    while (lq_scan_next(&s)) {
        const Monitor__Span *span = s.row;
        LQ_ASSERT(last == NULL || (last->to_ms != 0 && last->to_ms <= span->from_ms));
        LQ_ASSERT(span->to_ms == 0 || span->to_ms >= span->from_ms);
        last = span;
    }
    LQ_ASSERT(open == (last != NULL && last->to_ms == 0));
    LQ_ASSERT(!open || (last->live == live && last->from_ms == channel->since_ms));
}
