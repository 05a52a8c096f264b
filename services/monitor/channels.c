// Channels: registered with premises and an address, corrected, retired; and what is told of them.
// What becomes of one between is in reports.c.
#include "monitor.h"

#include "language/language.h"

const struct lq_table monitor_channels = {"channels", &monitor__channel__descriptor};

enum {
    NEW = MONITOR__CHANNEL_STATE__REGISTERED,
    LIVE = MONITOR__CHANNEL_STATE__LIVE,
    SILENT = MONITOR__CHANNEL_STATE__SILENT,
    RETIRED = MONITOR__CHANNEL_STATE__RETIRED,
    BY_REPORT = MONITOR__COMMAND__BODY_ALIVE,
    BY_ITSELF = MONITOR__COMMAND__BODY_NOTE_SILENCE,
    BY_HAND = MONITOR__COMMAND__BODY_RETIRE_CHANNEL,
};

static const struct lq_step STEPS[] = {
    {NEW, LIVE, BY_REPORT},     {NEW, RETIRED, BY_HAND},  {LIVE, SILENT, BY_REPORT},
    {LIVE, SILENT, BY_ITSELF},  {LIVE, RETIRED, BY_HAND}, {SILENT, LIVE, BY_REPORT},
    {SILENT, RETIRED, BY_HAND},
};

const struct lq_steps monitor_channel_steps = {
    .entity = "channel",
    .states = &monitor__channel_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

const Monitor__Channel *monitor_find(struct lq_view *view, const char *number)
{
    return lq_find_numbered(view, &monitor_channels, number);
}

// ---------------------------------------------------------------- the address

static bool is_port(const char *digits, const char *end)
{
    uint32_t port = 0;
    for (const char *c = digits; c < end; c++) {
        if (*c < '0' || *c > '9' || c - digits >= 5)
            return false;
        port = port * 10 + (uint32_t)(*c - '0');
    }
    return port > 0 && port <= UINT16_MAX;
}

// host[:port], of which the host is a name or number without colons, or one of IPv6 in brackets.
static bool is_host(const char *host, const char *end, bool needs_port)
{
    const char *colon = host;
    if (*host == '[') {
        while (colon < end && *colon != ']')
            colon++;
        colon += colon < end;
    } else {
        while (colon < end && *colon != ':')
            colon++;
    }
    if (colon == host || (*host == '[' && colon - host < 3))
        return false;
    return colon == end ? !needs_port : *colon == ':' && is_port(colon + 1, end);
}

// Why the address is none; NULL: it is one. Everybody on the bus may read it, so that it has no
// password in it; OPTIONS is asked without one.
static const char *what_is_wrong(const char *address)
{
    static const char RTSP[] = "rtsp://", TCP[] = "tcp://";
    const bool is_rtsp = strncmp(address, RTSP, sizeof RTSP - 1) == 0;
    if (!is_rtsp && strncmp(address, TCP, sizeof TCP - 1) != 0)
        return LQ_TR_LATER("it begins with rtsp:// or tcp://");
    for (const char *c = address; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return LQ_TR_LATER("it has no spaces");
    const char *host = address + (is_rtsp ? sizeof RTSP : sizeof TCP) - 1;
    const char *end = host + strcspn(host, "/?#");
    if (memchr(host, '@', (size_t)(end - host)) != NULL)
        return LQ_TR_LATER("it names no user or password: everybody may read it");
    if (!is_host(host, end, !is_rtsp))
        return is_rtsp ? LQ_TR_LATER("behind rtsp:// stands host or host:port")
                       : LQ_TR_LATER("behind tcp:// stands host:port");
    if (!is_rtsp && *end != '\0')
        return LQ_TR_LATER("behind the port of tcp:// stands nothing");
    return NULL;
}

static struct lq_verdict need_address(struct lq_decision *d, const char *address)
{
    const char *wrong = what_is_wrong(address);
    if (wrong == NULL)
        return LQ_ACCEPT;
    return lq_reject(d, MONITOR__REJECT__ADDRESS_UNFIT,
                     "%s is no address of a camera (rtsp://host/path or tcp://host:port): %-s",
                     address, wrong);
}

// ---------------------------------------------------------------- registering

// Those that are not retired: as many as one report tells of.
static uint32_t count_in_use(struct lq_view *view)
{
    uint32_t count = 0;
    for (struct lq_scan s = lq_scan(view, &monitor_channels, lq_key_none()); lq_scan_next(&s);)
        count += ((const Monitor__Channel *)s.row)->state != MONITOR__CHANNEL_STATE__RETIRED;
    return count;
}

struct lq_verdict monitor_register_channel(struct lq_decision *d, const void *command)
{
    Monitor__RegisterChannel numbered = *(const Monitor__RegisterChannel *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &monitor_channels, "SP0001");
    const Monitor__RegisterChannel *c = &numbered;
    LQ_TRY(
        lq_need_identifier(d, MONITOR__REJECT__FIELD_MISSING, "the channel's number", c->number));
    LQ_TRY(lq_need_fields(d, MONITOR__REJECT__FIELD_MISSING, c, "premises address"));
    LQ_TRY(lq_need_new(d, MONITOR__REJECT__CHANNEL_KNOWN, &monitor_channels, c->number));
    LQ_TRY(lq_need_premises(d, MONITOR__REJECT__PREMISES_UNKNOWN, c->premises,
                            monitor_known(d->view, c->premises)));
    LQ_TRY(need_address(d, c->address));
    LQ_TRY(lq_need_plausible(d, "channels", count_in_use(d->view) + 1,
                             d->facts->policy->limits.channels, "channels"));

    Monitor__ChannelRegistered registered = MONITOR__CHANNEL_REGISTERED__INIT;
    registered.channel = c->number;
    registered.premises = c->premises;
    registered.place = c->place;
    registered.address = c->address;
    registered.voluntary = c->voluntary;
    registered.bit = monitor_heard(d->view).next_bit;
    lq_emit(d, MONITOR__EVENT__BODY_CHANNEL_REGISTERED, &registered.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

void monitor_channel_registered(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Monitor__ChannelRegistered *e = event;
    Monitor__Channel *row = lq_pb_project(lq_view_arena(tables), &monitor__channel__descriptor, e);
    row->registered_at_ms = row->since_ms = what->occurred_ms;
    row->state = MONITOR__CHANNEL_STATE__REGISTERED;
    lq_save(tables, &monitor_channels, lq_key_text(e->channel), &row->base);
    Monitor__Gateway gateway = monitor_heard(tables);
    gateway.next_bit = e->bit + 1;
    monitor_save_gateway(tables, &gateway);
}

// ---------------------------------------------------------------- retiring

// Nothing is retired before what is known of it: it has answered since.
static struct lq_verdict need_after(struct lq_decision *d, const Monitor__Channel *channel)
{
    int64_t known_ms = channel->since_ms;
    if (channel->state == MONITOR__CHANNEL_STATE__LIVE)
        known_ms = monitor_heard(d->view).last_ms;
    char at[LQ_TIME_TEXT], known[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= known_ms)
        return LQ_ACCEPT;
    return lq_reject(d, MONITOR__REJECT__BEFORE_LAST_REPORT,
                     "channel %s cannot have been retired at %s: it is known to be %-s at %s",
                     channel->number, lq_format_local(d->facts->occurred_ms, at),
                     lq_state_said(d->arena, &monitor_channel_steps, (int)channel->state),
                     lq_format_local(known_ms, known));
}

struct lq_verdict monitor_retire_channel(struct lq_decision *d, const void *command)
{
    const Monitor__RetireChannel *c = command;
    LQ_TRY(lq_need_fields(d, MONITOR__REJECT__FIELD_MISSING, c, "channel why"));
    const Monitor__Channel *channel = monitor_find(d->view, c->channel);
    char since[LQ_TIME_TEXT];
    if (channel == NULL)
        return lq_reject(d, MONITOR__REJECT__CHANNEL_UNKNOWN, "there is no channel %s", c->channel);
    if (!lq_step_by(&monitor_channel_steps, (int)channel->state, BY_HAND))
        return lq_reject(d, MONITOR__REJECT__CHANNEL_RETIRED, "channel %s was retired at %s: %s",
                         channel->number, lq_format_local(channel->since_ms, since), channel->why);
    LQ_TRY(need_after(d, channel));

    Monitor__ChannelRetired retired = MONITOR__CHANNEL_RETIRED__INIT;
    retired.channel = channel->number;
    retired.premises = channel->premises;
    retired.since_ms = d->facts->occurred_ms;
    retired.why = c->why;
    monitor_stop_term(d, channel, retired.since_ms);
    lq_emit(d, MONITOR__EVENT__BODY_CHANNEL_RETIRED, &retired.base);
    lq_number(d, channel->number);
    return LQ_ACCEPT;
}

// That it was live is known only up to the last report.
void monitor_channel_retired(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Monitor__ChannelRetired *e = event;
    const Monitor__Channel *channel = monitor_find(tables, e->channel);
    LQ_ASSERT(channel != NULL);
    if (channel->state == MONITOR__CHANNEL_STATE__LIVE)
        monitor_end_span(tables, e->channel, monitor_heard(tables).last_ms);
    else if (channel->state == MONITOR__CHANNEL_STATE__SILENT)
        monitor_end_span(tables, e->channel, e->since_ms);
    monitor_save_state(tables, e->channel, MONITOR__CHANNEL_STATE__RETIRED, e->since_ms, false,
                       e->why);
}

void monitor_save_state(struct lq_view *tables, const char *number, Monitor__ChannelState state,
                        int64_t since_ms, bool unheard, char *why)
{
    const Monitor__Channel *before = monitor_find(tables, number);
    LQ_ASSERT(before != NULL);
    Monitor__Channel channel = *before;
    channel.state = state;
    channel.since_ms = since_ms;
    channel.unheard = unheard;
    channel.why = why;
    lq_save(tables, &monitor_channels, lq_key_text(number), &channel.base);
}

// ---------------------------------------------------------------- corrections

// Whoever was not to be told of it is now, or is no more.
struct lq_verdict monitor_check_correction(struct lq_decision *d, const char *number,
                                           const void *before, void *after)
{
    const Monitor__Channel *was = before, *now = after;
    LQ_TRY(need_address(d, now->address));
    if (was->voluntary == now->voluntary || now->state != MONITOR__CHANNEL_STATE__SILENT)
        return LQ_ACCEPT;
    const Rules__Clock *term = lq_clock_now(d, "channel", number, "OP-VIDEO");
    if (!now->voluntary)
        monitor_start_term(d, now, now->since_ms);
    else if (term != NULL && lq_clock_runs(term))
        lq_clock_void(d, term);
    return LQ_ACCEPT;
}

// What has been live is known to others.
struct lq_verdict monitor_check_void(struct lq_decision *d, const char *number, const void *thing)
{
    const Monitor__Channel *channel = thing;
    if (channel->state == MONITOR__CHANNEL_STATE__REGISTERED)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                     "channel %s has been reported of: it is retired, and not void", number);
}

// ---------------------------------------------------------------- answers, and what always holds

void monitor_list_channels(struct lq_reading *r, const void *query, void *answer)
{
    const Monitor__ListChannels *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &monitor_channels, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Monitor__Channel *channel = s.row;
        const bool is_in_use = channel->state != MONITOR__CHANNEL_STATE__RETIRED;
        if ((q->premises[0] == '\0' || strcmp(channel->premises, q->premises) == 0) &&
            (q->state == MONITOR__CHANNEL_STATE__CHANNEL_STATE_UNSPECIFIED ||
             channel->state == q->state) &&
            (!q->required || (is_in_use && !channel->voluntary)) && !lq_rows_add(&rows, channel))
            break;
    }
    lq_rows_answer(&rows, answer);
}

static void count(Monitor__Overview *told, const Monitor__Channel *channel)
{
    const bool live = channel->state == MONITOR__CHANNEL_STATE__LIVE;
    if (channel->state == MONITOR__CHANNEL_STATE__RETIRED)
        return;
    if (channel->voluntary) {
        told->voluntary++;
        told->voluntary_live += live;
        return;
    }
    told->required++;
    told->required_live += live;
    told->required_dark += channel->state == MONITOR__CHANNEL_STATE__SILENT;
    told->required_never += channel->state == MONITOR__CHANNEL_STATE__REGISTERED;
}

void monitor_tell_overview(struct lq_reading *r, const void *query, void *answer)
{
    Monitor__Overview *told = answer;
    const Monitor__Gateway gateway = monitor_heard(r->view);
    told->heard_ms = gateway.last_ms;
    told->gateway_silent_since_ms = gateway.silent_since_ms;
    for (struct lq_scan s = lq_scan(r->view, &monitor_channels, lq_key_none()); lq_scan_next(&s);)
        count(told, s.row);
}

void monitor_check(struct lq_view *view)
{
    const Monitor__Gateway gateway = monitor_heard(view);
    for (struct lq_scan s = lq_scan(view, &monitor_channels, lq_key_none()); lq_scan_next(&s);) {
        const Monitor__Channel *channel = s.row;
        const bool silent = channel->state == MONITOR__CHANNEL_STATE__SILENT;
        const Rules__Clock *term = lq_clock_find(view, "channel", channel->number, "OP-VIDEO");
        LQ_ASSERT(channel->bit < gateway.next_bit);
        LQ_ASSERT(silent || !channel->unheard);
        LQ_ASSERT(term == NULL || !lq_clock_runs(term) || (silent && !channel->voluntary));
        LQ_ASSERT(channel->state != MONITOR__CHANNEL_STATE__LIVE || gateway.silent_since_ms == 0);
        monitor_check_spans(view, channel);
    }
    lq_clocks_check(view);
}
