// Fetch: the events after a position that the asker may see, without gaps. One that finds none yet
// is parked and looked at again after each commit.
//
// A parked fetch of a person wakes for an event that he may see; that of a service wakes for any
// record, because requests wait for its cursor to move past records without events too.
#include <stdlib.h>

#include "pb/pb.h"
#include "rules/reading.h"
#include "runtime/host_parts.h"

enum {
    FETCH_BYTES = 256 * 1024,   // of records in one answer
    FETCH_EXAMINED = 16 * 1024, // records looked at in one go, most of them not for the asker
    NEWS_MAX = 1024             // records decoded for all parked fetches together
};

// What a fetch gathers.
struct gathering {
    const char *actor;
    uint32_t roles;
    uint64_t after; // examined up to here
    Lq__Event **events;
    size_t count, limit, bytes;
    struct lq_told told; // of what is not for everybody
    struct told_of of;   // and where that stands
};

// Takes a record apart, into the arena.
static struct news_item look_at(struct lq_host *host, struct lq_arena *arena, uint64_t seq)
{
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why = NULL;
    const enum lq_status status = lq_store_record(host->store, seq, &hash, &bytes);
    LQ_ASSERT(status == LQ_OK); // the journal has no gaps up to its tip
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, arena, &lq__record__descriptor, bytes, &why);
    LQ_ASSERT(record != NULL);
    struct news_item item = {.record = record, .size = bytes.size};
    if (!lq_record_has_event(record))
        return item;     // a rejection, a timer with nothing to do, or of the runtime's
    item.event = record; // anybody may see it, so nobody looks into it
    if (host->service->visible != NULL || lq_has_readings(host->service))
        item.event = lq_pb_decode_within(&LQ_PB_RECORD, arena, host->service->event_type,
                                         lq_span(record->event.data, record->event.len), &why);
    LQ_ASSERT(item.event != NULL);
    return item;
}

static struct news_item item_at(struct lq_host *host, uint64_t seq)
{
    const struct news *news = &host->news;
    if (seq > news->after && seq - news->after <= news->count)
        return news->items[seq - news->after - 1];
    return look_at(host, &host->arena, seq);
}

static bool may_see(struct lq_host *host, const struct gathering *g, const void *event)
{
    if (event == NULL || (lq_has_readings(host->service) && !lq_reading_visible(event, g->roles)))
        return false;
    return host->service->visible == NULL ||
           host->service->visible(&host->view, event, g->actor, g->roles);
}

// The event's bytes as they are for the asker, who may read less than all of it.
static ProtobufCBinaryData told_body(struct lq_host *host, struct gathering *g,
                                     const struct news_item *item)
{
    const Lq__Record *record = item->record;
    if (!lq_has_readings(host->service))
        return record->event;
    const uint64_t told_before = g->told.times;
    const struct lq_span body =
        lq_tell_event(&g->told, item->event, lq_span(record->event.data, record->event.len),
                      record->actor, record->on_behalf_of);
    if (g->told.times > told_before) {
        g->of.first = g->of.first == 0 ? record->seq : g->of.first;
        g->of.last = record->seq;
    }
    return (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
}

static void gather_record(struct lq_host *host, struct gathering *g, uint64_t seq)
{
    const struct news_item item = item_at(host, seq);
    if (!may_see(host, g, item.event))
        return;
    const Lq__Record *record = item.record;
    Lq__Event *event = LQ_NEW(&host->arena, Lq__Event);
    lq__event__init(event);
    event->seq = record->seq;
    event->recorded_at_ms = record->recorded_at_ms;
    event->occurred_at_ms = record->occurred_at_ms;
    event->actor = record->actor;
    event->on_behalf_of = record->on_behalf_of;
    event->reason = record->reason;
    event->body = told_body(host, g, &item);
    g->events[g->count++] = event;
    g->bytes += item.size;
}

static void gather(struct lq_host *host, struct gathering *g)
{
    const uint64_t most = g->after + FETCH_EXAMINED;
    while (g->after < host->tip && g->after < most && g->count < g->limit && g->bytes < FETCH_BYTES)
        gather_record(host, g, ++g->after);
}

// Those that are named. What was not written yet is not there.
static void gather_named(struct lq_host *host, struct gathering *g, const Lq__Fetch *fetch)
{
    for (size_t i = 0; i < fetch->n_records && fetch->records[i] <= host->tip &&
                       g->count < g->limit && g->bytes < FETCH_BYTES;
         i++)
        if (fetch->records[i] > g->after)
            gather_record(host, g, g->after = fetch->records[i]);
}

static bool rises(const uint64_t *records, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (records[i] <= records[i - 1])
            return false;
    return true;
}

static void reply_events(struct lq_host *host, struct lq_span route, uint64_t correlation,
                         const struct gathering *g)
{
    Lq__Events events = LQ__EVENTS__INIT;
    events.events = g->events;
    events.n_events = g->count;
    events.next_after = g->after;
    events.tip = host->tip;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = LQ__REPLY__KIND_EVENTS;
    reply.events = &events;
    if (g->after > 0)
        reply.position_hash =
            (ProtobufCBinaryData){.len = HASH_SIZE, .data = lq_unconst(lq_hash_at(host, g->after))};
    lq_reply_told(host, route, &reply, &g->told, g->of);
}

static bool is_worth_a_reply(const struct lq_host *host, const struct gathering *g,
                             uint64_t asked_after)
{
    if (g->after < host->tip)
        return true; // there is more to look at: the asker goes on from next_after
    if ((g->roles & LQ_ROLE(SERVICE)) != 0)
        return g->after > asked_after;
    return g->count > 0;
}

static struct gathering gathering(struct lq_host *host, const char *actor, uint32_t roles,
                                  uint64_t after, uint32_t max, bool unread)
{
    const uint32_t most = (uint32_t)host->policy->fetch_max;
    const uint32_t limit = max == 0 || max > most ? most : max;
    return (struct gathering){
        .actor = actor,
        .roles = roles,
        .after = after,
        .limit = limit,
        .events = host->gathered,
        .told = {.service = host->service,
                 .view = &host->view,
                 .arena = &host->arena,
                 .asker = actor,
                 .roles = roles,
                 .unread = unread},
        .of = {.what = "events"},
    };
}

static void park(struct lq_host *host, const struct asked *asked, const Lq__Fetch *fetch,
                 uint64_t examined)
{
    const struct lq_span route = asked->caller.route;
    struct parked_fetch *parked = malloc(sizeof *parked + route.size);
    LQ_ASSERT(parked != NULL);
    const int64_t most = host->policy->fetch_wait_max_ms;
    *parked = (struct parked_fetch){
        .next = host->fetches,
        .correlation = asked->request->correlation,
        .after = examined,
        .max = fetch->max,
        .roles = asked->caller.roles,
        .unread = fetch->unread,
        .until_ms = host->steady_ms + (fetch->wait_ms < most ? fetch->wait_ms : most),
        .route_size = route.size,
    };
    strcpy(parked->actor, asked->caller.actor);
    memcpy(parked->route, route.data, route.size);
    host->fetches = parked;
}

void lq_fetch_start(struct lq_host *host, const struct asked *asked)
{
    const char *why = NULL;
    const Lq__Fetch *fetch = (const void *)lq_pb_decode(
        &host->arena, &lq__fetch__descriptor,
        lq_span(asked->request->fetch.data, asked->request->fetch.len), &why);
    host->counts.fetches++;
    if (fetch == NULL) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED, "not a Fetch: %s", why);
        return;
    }
    if (!rises(fetch->records, fetch->n_records)) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "not a Fetch: the numbers of the records do not rise");
        return;
    }
    if (lq_fetch_diverges(host, asked, fetch))
        return;
    struct gathering g = gathering(host, asked->caller.actor, asked->caller.roles, fetch->after,
                                   fetch->max, fetch->unread);
    if (fetch->n_records > 0) {
        gather_named(host, &g, fetch);
        reply_events(host, asked->caller.route, asked->request->correlation, &g);
        return;
    }
    gather(host, &g);
    if (fetch->wait_ms > 0 && !is_worth_a_reply(host, &g, fetch->after))
        park(host, asked, fetch, g.after);
    else
        reply_events(host, asked->caller.route, asked->request->correlation, &g);
}

// Takes the last records apart for all that wait, which mostly wait for the same ones.
static void read_news(struct lq_host *host)
{
    struct news *news = &host->news;
    uint64_t after = host->tip;
    for (const struct parked_fetch *f = host->fetches; f != NULL; f = f->next)
        if (f->after < after)
            after = f->after;
    if (host->tip - after > NEWS_MAX)
        after = host->tip - NEWS_MAX;
    news->after = after;
    news->items = LQ_NEW_ARRAY(&news->arena, struct news_item, host->tip - after + 1);
    for (uint64_t seq = after + 1; seq <= host->tip; seq++)
        news->items[news->count++] = look_at(host, &news->arena, seq);
}

static void forget_news(struct lq_host *host)
{
    host->news.count = 0;
    lq_arena_reset(&host->news.arena);
}

// Answers the parked fetch, or says that it waits on.
static bool wakes(struct lq_host *host, struct parked_fetch *parked)
{
    struct gathering g =
        gathering(host, parked->actor, parked->roles, parked->after, parked->max, parked->unread);
    gather(host, &g);
    const bool answers =
        is_worth_a_reply(host, &g, parked->after) || parked->until_ms <= host->steady_ms;
    if (answers)
        reply_events(host, lq_span(parked->route, parked->route_size), parked->correlation, &g);
    parked->after = g.after;
    lq_host_say(host);
    return answers;
}

void lq_fetch_wake(struct lq_host *host)
{
    if (host->fetches != NULL)
        read_news(host);
    for (struct parked_fetch **link = &host->fetches; *link != NULL;) {
        struct parked_fetch *parked = *link;
        if (!wakes(host, parked)) {
            link = &parked->next;
            continue;
        }
        *link = parked->next;
        free(parked);
    }
    forget_news(host);
}

int64_t lq_fetch_wake_ms(const struct lq_host *host, int64_t otherwise)
{
    for (const struct parked_fetch *f = host->fetches; f != NULL; f = f->next)
        if (f->until_ms < otherwise)
            otherwise = f->until_ms;
    return otherwise;
}

void lq_fetch_free(struct lq_host *host)
{
    for (struct parked_fetch *f = host->fetches, *next; f != NULL; f = next) {
        next = f->next;
        free(f);
    }
    host->fetches = NULL;
}
