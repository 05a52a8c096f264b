// What is not for everybody is recorded before it is told (rules/reading.h). Answers that tell of
// it are held back while the others of the step go out; then one transaction records who reads
// what, and only after its commit are they sent. If the process ends before that, nobody was told.
#include <stdlib.h>

#include "pb/pb.h"
#include "rules/reading.h"
#include "runtime/host_parts.h"

static struct lq_span event_of(struct lq_host *host, const struct lq_told *told, struct told_of of)
{
    Rules__ReadingRecorded recorded = RULES__READING_RECORDED__INIT;
    recorded.what = lq_unconst(of.what);
    recorded.of = told->of;
    recorded.n_of = told->count;
    recorded.first = of.first;
    recorded.last = of.last;
    return lq_pb_encode(&host->arena, lq_pb_variant_of(&host->arena, host->service->event_type,
                                                       LQ_BODY_READING, &recorded.base));
}

static struct lq_span keep(uint8_t **at, struct lq_span bytes)
{
    const struct lq_span kept = lq_span(*at, bytes.size);
    memcpy(*at, bytes.data, bytes.size);
    *at += bytes.size;
    return kept;
}

static void hold(struct lq_host *host, struct lq_span route, const Lq__Reply *reply,
                 const struct lq_told *told, struct told_of of)
{
    const struct lq_span bytes = lq_pb_encode(&host->arena, &reply->base);
    const struct lq_span event = event_of(host, told, of);
    const size_t size = route.size + bytes.size + event.size;
    struct held_answer *held = malloc(sizeof *held + size);
    LQ_ASSERT(held != NULL);
    uint8_t *at = held->bytes;
    held->next = NULL;
    held->correlation = reply->correlation;
    strcpy(held->actor, told->asker);
    held->route = keep(&at, route);
    held->reply = keep(&at, bytes);
    held->event = keep(&at, event);
    if (host->held == NULL)
        host->last_held = &host->held;
    *host->last_held = held;
    host->last_held = &held->next;
    host->held_bytes += size;
}

void lq_reply_told(struct lq_host *host, struct lq_span route, Lq__Reply *reply,
                   const struct lq_told *told, struct told_of of)
{
    if (told == NULL || told->count == 0)
        lq_reply_message(host, route, reply);
    else
        hold(host, route, reply, told, of);
}

bool lq_readings_many(const struct lq_host *host)
{
    enum { HELD_BYTES = 1024 * 1024 };
    return host->held_bytes > HELD_BYTES;
}

void lq_readings_free(struct lq_host *host)
{
    for (struct held_answer *held = host->held, *next; held != NULL; held = next) {
        next = held->next;
        free(held);
    }
    host->held = NULL;
    host->held_bytes = 0;
}

// As a command is: what cannot be recorded is not told.
static bool is_refused(struct lq_host *host, const struct held_answer *held)
{
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = held->correlation;
    const struct asked asked = {.caller = {.route = held->route, .actor = held->actor},
                                .request = &request};
    return !lq_has_room(host, &asked) || lq_clock_refused(host, &asked);
}

static enum lq_status record(struct lq_host *host)
{
    enum lq_status status = lq_host_begin(host);
    for (const struct held_answer *h = host->held; status == LQ_OK && h != NULL; h = h->next)
        status = lq_record_reading(host, h->actor, h->event);
    return status == LQ_OK ? lq_host_commit(host) : status;
}

enum lq_status lq_readings_record(struct lq_host *host)
{
    if (host->held == NULL)
        return LQ_OK;
    if (is_refused(host, host->held)) { // and so are the others
        for (const struct held_answer *h = host->held->next; h != NULL; h = h->next)
            is_refused(host, h);
    } else {
        const enum lq_status status = record(host);
        if (status != LQ_OK)
            return status;
        for (const struct held_answer *h = host->held; h != NULL; h = h->next)
            host->io.answer(host->io.self, h->route, h->reply);
    }
    lq_readings_free(host);
    lq_host_say(host);
    return LQ_OK;
}
