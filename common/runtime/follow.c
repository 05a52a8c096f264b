// How a service follows others: it keeps one Fetch out for each stream, records what its replicas
// keep of each event, lets `react` see each event once and in order, and moves its cursor in the
// transaction that holds what came of it. The id of each effect derives from the event's place, so
// an event that is fetched twice has one effect.
//
// An event that caused nothing moves the cursor in memory at once, but is written down only with
// the next transaction or every CURSOR_LAG events: seeing it again after a crash is harmless.
//
// Two services that follow each other would write down ever new positions of each other, and no two
// copies of their journals would fit together. So of a stream that is read in part only the events
// that it names are written down as followed; what was passed over is passed over again.
#include <stdlib.h>

#include "base/log.h"
#include "language/language.h"
#include "pb/pb.h"
#include "runtime/host_parts.h"

enum {
    FETCH_WAIT_MS = 10000,
    SILENCE_MS = 5000,
    RETRY_MS = 100,
    HALTED_MS = 5000, // whether the stream is again what it was
    CURSOR_LAG = 1024
};

// ---------------------------------------------------------------- asking

void lq_follow_open(struct lq_host *host)
{
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned count = lq_service_streams(host->service, streams);
    for (unsigned i = 0; i < count; i++) {
        struct lq_span value;
        uint64_t cursor = 0;
        struct known_hash hash = {0};
        const struct lq_span stream = lq_span_text(streams[i].name);
        if (lq_store_get(host->store, TABLE_CURSORS, stream, &value) &&
            !lq_cursor_read(stream, value, &cursor, &hash))
            lq_log_error("how far %s was followed was altered on disk; it is followed from its "
                         "beginning again, which changes nothing",
                         streams[i].name);
        host->following[host->follow_count++] = (struct following){.stream = streams[i],
                                                                   .cursor = cursor,
                                                                   .hash = hash,
                                                                   .named = {cursor, hash},
                                                                   .stored_cursor = cursor,
                                                                   .stored_hash = hash.known};
        lq_parting_open(host, &host->following[host->follow_count - 1]);
    }
}

static struct lq_span fetch_request(struct lq_host *host, const struct following *f)
{
    const struct known_hash *hash = f->parts.looking ? &f->parts.mark.hash : &f->hash;
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = f->parts.looking ? f->parts.mark.seq : f->cursor;
    fetch.wait_ms = f->parts.looking ? 0 : FETCH_WAIT_MS;
    fetch.max = f->parts.looking ? 1 : 0;
    if (hash->known)
        fetch.after_hash = (ProtobufCBinaryData){.len = HASH_SIZE, .data = lq_unconst(hash->bytes)};
    const struct lq_span body = lq_pb_encode(&host->arena, &fetch.base);
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = f->correlation;
    request.service = lq_unconst(f->stream.name);
    request.kind_case = LQ__REQUEST__KIND_FETCH;
    request.fetch = (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
    return lq_pb_encode(&host->arena, &request.base);
}

void lq_follow_ask(struct lq_host *host)
{
    for (unsigned i = 0; i < host->follow_count; i++) {
        struct following *f = &host->following[i];
        if (f->refused)
            f->ask_again_ms = host->steady_ms + (lq_is_halted(f) ? HALTED_MS : RETRY_MS);
        f->refused = false;
        if (lq_is_halted(f) && f->halt.until_restart && !f->parts.looking)
            f->ask_again_ms = INT64_MAX;
        if (f->heard != NULL || f->ask_again_ms > host->steady_ms)
            continue;
        if (f->parts.looking)
            lq_parts_choose(host, f);
        f->correlation = ++host->next_correlation;
        f->ask_again_ms = host->steady_ms + FETCH_WAIT_MS + SILENCE_MS;
        if (!host->io.ask(host->io.self, fetch_request(host, f)))
            f->ask_again_ms = host->steady_ms + RETRY_MS; // the link is not up yet
    }
}

void lq_host_reconnected(struct lq_host *host)
{
    for (unsigned i = 0; i < host->follow_count; i++) {
        host->following[i].correlation = 0;
        host->following[i].ask_again_ms = 0; // unless it waits for a restart
    }
}

static void hear(struct lq_host *host, struct following *f, const Lq__Reply *decoded,
                 struct lq_span reply)
{
    if (decoded->kind_case == LQ__REPLY__KIND_EVENTS) {
        struct queue one = {0};
        const struct lq_caller bus = {.actor = ""};
        lq_queue_add(&one, &bus, reply);
        lq_halt_end(host, f);
        f->heard = one.first;
    } else if (decoded->kind_case == LQ__REPLY__KIND_REFUSAL &&
               decoded->refusal->why == LQ__REFUSAL__WHY__DIVERGED) {
        lq_halt_diverged(host, f, decoded->refusal->text);
        f->ask_again_ms = 0; // where do they part?
    } else {
        f->refused = true;
    }
}

bool lq_follow_heard(struct lq_host *host, struct lq_span reply)
{
    const char *why = NULL;
    const Lq__Reply *decoded = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &host->arena, &lq__reply__descriptor, reply, &why);
    for (unsigned i = 0; decoded != NULL && i < host->follow_count; i++) {
        struct following *f = &host->following[i];
        if (f->correlation == 0 || decoded->correlation != f->correlation)
            continue;
        f->correlation = 0;
        if (!lq_parts_heard(host, f, decoded))
            hear(host, f, decoded, reply);
        return true;
    }
    return false; // an answer that came too late
}

// A record's number names another one once the histories have parted before it.
struct lq_id lq_follow_effect(struct lq_host *host, const struct lq_occurrence *what, unsigned n)
{
    const char *cause =
        lq_arena_format(&host->arena, "%s %llu %u", what->stream, (unsigned long long)what->seq, n);
    if (what->history > 0)
        cause =
            lq_arena_format(&host->arena, "%s of %llu", cause, (unsigned long long)what->history);
    return lq_id_derive_own(what->occurred_ms, lq_span_text(cause));
}

static enum lq_status note_replicas(struct lq_host *host, const struct lq_occurrence *what,
                                    const void *event, unsigned *effects)
{
    const struct lq_replica *const *replica = host->service->replicas;
    for (; replica != NULL && *replica != NULL; replica++) {
        const ProtobufCMessage *note = strcmp((*replica)->stream, what->stream) == 0
                                           ? (*replica)->note(&host->arena, event)
                                           : NULL;
        if (note == NULL)
            continue;
        const enum lq_status status = lq_batch_note(
            host, lq_follow_effect(host, what, (*effects)++), what->occurred_ms, *replica, note);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}

static enum lq_status react(struct lq_host *host, const struct lq_occurrence *what,
                            const ProtobufCMessage *event, unsigned *effects)
{
    host->orders.count = 0;
    struct lq_follow_up up = {.command_type = host->service->command_type,
                              .view = &host->view,
                              .arena = &host->arena,
                              .orders = &host->orders};
    const struct lq_follow_row *row = host->service->follows;
    for (; row != NULL && row->stream != NULL; row++)
        if (row->variant == lq_pb_variant(event) && strcmp(row->stream, what->stream) == 0)
            row->react(&up, what, lq_pb_variant_message(event));
    const unsigned count = host->orders.count;
    for (unsigned i = 0; i < count; i++) {
        const enum lq_status status = lq_batch_self(
            host, lq_follow_effect(host, what, (*effects)++), &host->orders.commands[i]);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}

// NULL, and the stream stands, where a newer service speaks of what this build does not know: going
// on would lose it. Of a stream that is read in part it is what was meant to be passed over.
static const ProtobufCMessage *understand(struct lq_host *host, struct following *f,
                                          const Lq__Event *event)
{
    const char *why = NULL;
    const ProtobufCMessage *body =
        lq_pb_decode_within(&LQ_PB_RECORD, &host->arena, f->stream.event_type,
                            lq_span(event->body.data, event->body.len), &why);
    if (body != NULL && (lq_pb_variant(body) != 0 || f->stream.partial))
        return body;
    lq_halt_for_upgrade(host, f, event->seq,
                        body == NULL ? why : LQ_TR_LATER("an unknown kind of event"));
    return NULL;
}

static enum lq_status react_to(struct lq_host *host, const struct following *f,
                               const Lq__Event *event, const ProtobufCMessage *body)
{
    const struct lq_occurrence what = {
        .stream = f->stream.name,
        .seq = event->seq,
        .history = f->history,
        .recorded_ms = event->recorded_at_ms,
        .occurred_ms = event->occurred_at_ms,
        .actor = event->actor,
        .on_behalf_of = event->on_behalf_of,
        .reason = event->reason,
    };
    unsigned effects = 0;
    const enum lq_status status = note_replicas(host, &what, body, &effects);
    return status == LQ_OK ? react(host, &what, body, &effects) : status;
}

// What is written down of how far the stream is followed.
static struct place place_of(const struct following *f)
{
    return f->stream.partial ? f->named : (struct place){f->cursor, f->hash};
}

void lq_follow_store(struct lq_host *host, struct following *f)
{
    const struct place place = place_of(f);
    const struct lq_span stream = lq_span_text(f->stream.name);
    uint8_t value[CURSOR_SIZE];
    const size_t size = lq_cursor_write(stream, place.cursor, &place.hash, value);
    lq_host_put(host, TABLE_CURSORS, stream, lq_span(value, size));
    f->stored_cursor = place.cursor;
    f->stored_hash = place.hash.known;
    if (place.hash.known)
        lq_mark_put(host, f->stream.name, &(struct mark){place.cursor, host->tip, place.hash});
}

static void move_cursor(struct following *f, uint64_t seq)
{
    f->cursor = seq;
    f->hash.known = false;
}

// All of the page has had its effect.
static void end_page(struct following *f, const Lq__Reply *reply)
{
    const uint64_t next_after = reply->events->next_after;
    if (next_after > f->cursor)
        move_cursor(f, next_after);
    if (f->cursor >= f->behind_until || f->cursor >= reply->events->tip)
        f->behind_until = 0;
    if (next_after != f->cursor || reply->position_hash.len != HASH_SIZE)
        return;
    memcpy(f->hash.bytes, reply->position_hash.data, HASH_SIZE);
    f->hash.known = true;
    if (f->named.cursor == f->cursor)
        f->named.hash = f->hash;
}

static enum lq_status work_through(struct lq_host *host, struct following *f)
{
    const char *why = NULL;
    const Lq__Reply *reply =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &host->arena, &lq__reply__descriptor,
                                          lq_span(f->heard->bytes, f->heard->size), &why);
    LQ_ASSERT(reply != NULL); // it was decoded when it was heard
    const Lq__Events *events = reply->events;
    size_t i = 0;
    for (; i < events->n_events; i++) {
        // Fetch has no gaps by construction; an event that is not ahead was seen before.
        if (events->events[i]->seq <= f->cursor)
            continue;
        const ProtobufCMessage *body = understand(host, f, events->events[i]);
        if (body == NULL)
            break;
        const bool is_named = lq_pb_variant(body) != 0;
        const enum lq_status status = is_named ? react_to(host, f, events->events[i], body) : LQ_OK;
        if (status != LQ_OK)
            return status;
        move_cursor(f, events->events[i]->seq);
        if (is_named)
            f->named = (struct place){.cursor = f->cursor};
    }
    if (i == events->n_events)
        end_page(f, reply);
    free(f->heard);
    f->heard = NULL;
    f->ask_again_ms = 0;
    return LQ_OK;
}

enum lq_status lq_follow_work(struct lq_host *host)
{
    if (lq_host_is_full(host, FULL_BEYOND) || host->clock_off_ms != 0)
        return LQ_OK; // what was heard is kept until there is room, or the clock is right
    for (unsigned i = 0; i < host->follow_count; i++) {
        struct following *f = &host->following[i];
        if (f->heard == NULL)
            continue;
        enum lq_status status = lq_host_begin(host);
        if (status == LQ_OK)
            status = work_through(host, f);
        if (status != LQ_OK)
            return status;
    }
    for (unsigned i = 0; i < host->follow_count; i++) {
        struct following *f = &host->following[i];
        const struct place place = place_of(f);
        const bool lags = place.cursor >= f->stored_cursor + CURSOR_LAG;
        const bool moved = place.cursor != f->stored_cursor || place.hash.known != f->stored_hash;
        if (host->writing && moved && (host->dirty || lags))
            lq_follow_store(host, f);
    }
    return host->fault;
}

const char *lq_follow_lagging(struct lq_host *host, const Lq__Request *request)
{
    for (size_t i = 0; i < request->n_seen; i++) {
        const Lq__Position *seen = request->seen[i];
        for (unsigned f = 0; f < host->follow_count; f++)
            if (strcmp(seen->stream, host->following[f].stream.name) == 0 &&
                seen->seq > host->following[f].cursor)
                return host->following[f].stream.name;
    }
    return NULL;
}

int64_t lq_follow_wake_ms(const struct lq_host *host, int64_t otherwise)
{
    for (unsigned i = 0; i < host->follow_count; i++) {
        const struct following *f = &host->following[i];
        const int64_t at = f->heard != NULL || f->refused ? host->steady_ms : f->ask_again_ms;
        if (at < otherwise)
            otherwise = at;
    }
    return otherwise;
}

void lq_follow_free(struct lq_host *host)
{
    for (unsigned i = 0; i < host->follow_count; i++)
        free(host->following[i].heard);
}
