// The bed itself: host, store, clock, followed streams, and looking into the tables.
#include "support/bed.h"
#include "support/message.h"

#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "pb/pb.h"
#include "support/law.h"
#include "support/xian.h"

enum { MOST_TURNS = 10000 };

static struct lq_bed *beds; // all that are open: an engine knows only its store

// ---------------------------------------------------------------- the store

static enum lq_status commit_or_fail(struct lq_store *store)
{
    struct lq_bed *bed = beds;
    while (bed->store != store)
        bed = bed->next;
    if (bed->fail_commit)
        return lq_fault(LQ_E_IO, "the bed's disk fails");
    return bed->real_engine->commit(store);
}

static void open_store(struct lq_bed *bed)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    lq_host_plan(bed->service, names, &plan);
    const struct lq_store_options options = {.max_bytes = bed->journal_map_bytes};
    const char *url = bed->journal_url != NULL ? bed->journal_url : "memory:";
    if (lq_store_open(url, &plan, &options, &bed->store) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    bed->real_engine = bed->store->engine;
    bed->engine = *bed->store->engine;
    bed->engine.commit = commit_or_fail;
    bed->store->engine = &bed->engine;
}

// A table's id in the store.
static unsigned table_named(const struct lq_bed *bed, const char *name)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    lq_host_plan(bed->service, names, &plan);
    for (unsigned i = 0; i < plan.table_count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    fail_msg("no table %s", name);
    return 0;
}

static unsigned table_id(const struct lq_bed *bed, const struct lq_table *table)
{
    return table_named(bed, table->name);
}

static bool view_get(void *self, const struct lq_table *table, struct lq_span key,
                     struct lq_span *value)
{
    struct lq_bed *bed = self;
    return lq_store_get(bed->store, table_id(bed, table), key, value);
}

static uint64_t view_count(void *self, const struct lq_table *table)
{
    struct lq_bed *bed = self;
    return lq_store_count(bed->store, table_id(bed, table));
}

static bool view_next(void *self, const struct lq_table *table, struct lq_span from, bool past,
                      struct lq_span *key, struct lq_span *value)
{
    struct lq_bed *bed = self;
    return lq_store_next(bed->store, table_id(bed, table), from, past, key, value);
}

static bool view_previous(void *self, const struct lq_table *table, struct lq_span before,
                          struct lq_span *key, struct lq_span *value)
{
    struct lq_bed *bed = self;
    return lq_store_previous(bed->store, table_id(bed, table), before, key, value);
}

// Only for reading: the writing calls are not there, and `writable` stays false.
static const struct lq_view_ops read_ops = {
    .get = view_get, .count = view_count, .next = view_next, .previous = view_previous};

struct lq_view *lq_bed_read(struct lq_bed *bed)
{
    assert_int_equal(lq_store_begin_read(bed->store), LQ_OK);
    bed->view = (struct lq_view){.ops = &read_ops, .self = bed, .arena = &bed->view_arena};
    return &bed->view;
}

void lq_bed_end_read(struct lq_bed *bed)
{
    lq_store_end_read(bed->store);
    lq_arena_reset(&bed->view_arena);
}

// ---------------------------------------------------------------- the host

static void on_answer(void *self, struct lq_span route, struct lq_span bytes)
{
    struct lq_bed *bed = self;
    // Nothing is answered before it is durable.
    assert_int_not_equal(bed->store->mode, LQ_STORE_WRITING);
    const char *why = NULL;
    struct lq_bed_reply *reply = LQ_NEW(&bed->arena, struct lq_bed_reply);
    reply->route = lq_arena_copy(&bed->arena, route);
    reply->bytes = lq_arena_copy(&bed->arena, bytes);
    reply->reply = (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena,
                                                     &lq__reply__descriptor, bytes, &why);
    if (reply->reply == NULL)
        fail_msg("a reply of %s does not decode: %s", bed->service->name, why);
    *bed->last_reply = reply;
    bed->last_reply = &reply->next;
    bed->reply_count++;
}

static bool on_ask(void *self, struct lq_span bytes)
{
    struct lq_bed *bed = self;
    const char *why = NULL;
    const Lq__Request *request =
        (const void *)lq_pb_decode(&bed->arena, &lq__request__descriptor, bytes, &why);
    assert_non_null(request);
    assert_int_equal(request->kind_case, LQ__REQUEST__KIND_FETCH);
    const Lq__Fetch *fetch =
        (const void *)lq_pb_decode(&bed->arena, &lq__fetch__descriptor,
                                   lq_span(request->fetch.data, request->fetch.len), &why);
    assert_non_null(fetch);
    struct lq_bed_stream *stream = lq_bed_stream(bed, request->service);
    assert_non_null(stream);
    stream->ask = (struct lq_bed_ask){.out = true,
                                      .waits = fetch->wait_ms > 0,
                                      .correlation = request->correlation,
                                      .after = fetch->after,
                                      .hash_size = fetch->after_hash.len};
    assert_true(fetch->after_hash.len <= LQ_HASH_SIZE);
    if (fetch->after_hash.len > 0)
        memcpy(stream->ask.hash, fetch->after_hash.data, fetch->after_hash.len);
    return true;
}

static bool on_rebuilding(void *self, uint64_t done, uint64_t of)
{
    struct lq_bed *bed = self;
    assert_true(done <= of && (done == 0) == (bed->rebuilding == 0));
    return ++bed->rebuilding != bed->stop_at;
}

static enum lq_status try_host(struct lq_bed *bed)
{
    const struct lq_host_io io = {
        .self = bed, .answer = on_answer, .ask = on_ask, .rebuilding = on_rebuilding};
    bed->rebuilding = 0;
    bed->host = NULL;
    return lq_host_new(bed->service, bed->store, &bed->policy, law_for_tests(), io, bed->now_ms,
                       &bed->host);
}

static void open_host(struct lq_bed *bed)
{
    if (try_host(bed) != LQ_OK)
        fail_msg("%s does not start: %s", bed->service->name, lq_fault_text());
}

void lq_bed_open(struct lq_bed *bed, const struct lq_service *service, int64_t now_ms)
{
    const uint64_t map_bytes = bed->journal_map_bytes;
    const char *url = bed->journal_url;
    *bed = (struct lq_bed){
        .service = service, .now_ms = now_ms, .journal_map_bytes = map_bytes, .journal_url = url};
    bed->last_reply = &bed->replies;
    assert_int_equal(lq_policy_load(NULL, &bed->policy_arena, &bed->policy), LQ_OK);
    bed->policy.papers = LQ_NAMES_OF_XIAN;
    struct lq_stream streams[LQ_STREAMS_MAX];
    bed->stream_count = lq_service_streams(service, streams);
    assert_true(bed->stream_count <= LQ_BED_STREAMS);
    for (unsigned i = 0; i < bed->stream_count; i++)
        bed->streams[i] =
            (struct lq_bed_stream){.name = streams[i].name, .event_type = streams[i].event_type};
    open_store(bed);
    bed->next = beds;
    beds = bed;
    open_host(bed);
}

void lq_bed_close(struct lq_bed *bed)
{
    struct lq_bed **link = &beds;
    while (*link != bed)
        link = &(*link)->next;
    *link = bed->next;
    lq_host_free(bed->host);
    lq_store_close(bed->store);
    for (unsigned i = 0; i < bed->stream_count; i++)
        free(bed->streams[i].events);
    lq_arena_free(&bed->arena);
    lq_arena_free(&bed->view_arena);
    lq_arena_free(&bed->policy_arena);
    lq_arena_free(&bed->stream_arena);
    *bed = (struct lq_bed){0};
}

static void end_process(struct lq_bed *bed)
{
    lq_host_free(bed->host);
    lq_store_crash(bed->store);
    bed->store->failed = false; // another process opens it
    bed->fail_commit = false;
    for (unsigned i = 0; i < bed->stream_count; i++)
        bed->streams[i].ask.out = false;
}

void lq_bed_crash(struct lq_bed *bed)
{
    end_process(bed);
    open_host(bed);
}

enum lq_status lq_bed_try_upgrade(struct lq_bed *bed, const struct lq_service *service)
{
    end_process(bed);
    bed->service = service;
    if (bed->journal_url != NULL) {
        lq_store_close(bed->store);
        open_store(bed);
    }
    return try_host(bed);
}

void lq_bed_upgrade(struct lq_bed *bed, const struct lq_service *service)
{
    if (lq_bed_try_upgrade(bed, service) != LQ_OK)
        fail_msg("%s does not start: %s", bed->service->name, lq_fault_text());
}

// ---------------------------------------------------------------- time

enum lq_status lq_bed_try_turn(struct lq_bed *bed)
{
    const enum lq_status status = lq_host_step(bed->host, bed->now_ms);
    if (status != LQ_OK || bed->keep_checks_off || bed->service->check == NULL ||
        bed->checked_tip == lq_bed_tip(bed))
        return status;
    bed->checked_tip = lq_bed_tip(bed);
    bed->service->check(lq_bed_read(bed));
    lq_bed_end_read(bed);
    return LQ_OK;
}

void lq_bed_turn(struct lq_bed *bed)
{
    if (lq_bed_try_turn(bed) != LQ_OK)
        fail_msg("a turn of %s failed: %s", bed->service->name, lq_fault_text());
}

void lq_bed_settle(struct lq_bed *bed)
{
    for (int i = 0; i < MOST_TURNS; i++) {
        lq_bed_turn(bed);
        if (lq_host_wake_ms(bed->host, bed->now_ms) > bed->now_ms)
            return;
    }
    fail_msg("%s never comes to rest", bed->service->name);
}

void lq_bed_advance(struct lq_bed *bed, int64_t to_ms)
{
    assert_true(to_ms >= bed->now_ms);
    bed->now_ms = to_ms;
    lq_bed_settle(bed);
}

// ---------------------------------------------------------------- followed streams

struct lq_bed_stream *lq_bed_stream(struct lq_bed *bed, const char *name)
{
    for (unsigned i = 0; i < bed->stream_count; i++)
        if (strcmp(bed->streams[i].name, name) == 0)
            return &bed->streams[i];
    return NULL;
}

uint64_t lq_bed_feed(struct lq_bed *bed, const char *stream, int64_t occurred_ms,
                     const ProtobufCMessage *event)
{
    struct lq_bed_stream *s = lq_bed_stream(bed, stream);
    assert_non_null(s);
    if (s->count == s->room) {
        s->room = s->room * 2 + 64;
        s->events = realloc(s->events, s->room * sizeof(Lq__Event *));
        assert_non_null(s->events);
    }
    const struct lq_span body = lq_pb_encode(&bed->stream_arena, event);
    Lq__Event *message = LQ_NEW(&bed->stream_arena, Lq__Event);
    lq__event__init(message);
    message->seq = s->count + 1;
    message->recorded_at_ms = bed->now_ms;
    message->occurred_at_ms = occurred_ms;
    message->actor = lq_arena_text(&bed->stream_arena, "P1");
    message->body = (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
    s->events[s->count++] = message;
    return s->count;
}

void lq_bed_stream_hash(const char *stream, uint64_t seq, uint8_t out[LQ_HASH_SIZE])
{
    assert_int_equal(crypto_generichash(out, LQ_HASH_SIZE, (const uint8_t *)&seq, sizeof seq,
                                        (const uint8_t *)stream, strlen(stream)),
                     0);
}

static void hash_of(const struct lq_bed_stream *s, uint64_t seq, uint8_t out[LQ_HASH_SIZE])
{
    lq_bed_stream_hash(s->name, seq, out);
    if (seq > s->parted_after)
        out[0] ^= (uint8_t)s->history;
}

void lq_bed_part(struct lq_bed *bed, const char *stream, uint64_t after)
{
    struct lq_bed_stream *s = lq_bed_stream(bed, stream);
    assert_true(s != NULL && after <= s->count);
    assert_true(s->history == 0 || after <= s->parted_after); // else both would have to be known
    s->count = after;
    s->parted_after = after;
    s->history++;
}

// Is what the host asks from of the stream's history?
static bool knows_it(const struct lq_bed_stream *s)
{
    uint8_t hash[LQ_HASH_SIZE];
    if (s->ask.after > s->count || s->ask.after == 0)
        return s->ask.after == 0;
    hash_of(s, s->ask.after, hash);
    return s->ask.hash_size == 0 || memcmp(hash, s->ask.hash, sizeof hash) == 0;
}

static void refuse(struct lq_bed *bed, struct lq_bed_stream *s)
{
    Lq__Refusal refusal = LQ__REFUSAL__INIT;
    refusal.why = LQ__REFUSAL__WHY__DIVERGED;
    refusal.text = lq_arena_text(&bed->arena, "it was put back from an older copy");
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = s->ask.correlation;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = &refusal;
    s->ask.out = false;
    lq_host_hear(bed->host, lq_pb_encode(&bed->arena, &reply.base));
}

void lq_bed_hear(struct lq_bed *bed, const char *stream, uint64_t first, uint64_t last)
{
    struct lq_bed_stream *s = lq_bed_stream(bed, stream);
    assert_true(s != NULL && s->ask.out);
    assert_true(first >= 1 && last <= s->count);
    Lq__Events events = LQ__EVENTS__INIT;
    events.events = s->events + (first - 1);
    events.n_events = last < first ? 0 : (size_t)(last - first + 1);
    events.next_after = last;
    events.tip = s->count;
    uint8_t hash[LQ_HASH_SIZE];
    hash_of(s, last, hash);
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = s->ask.correlation;
    reply.kind_case = LQ__REPLY__KIND_EVENTS;
    reply.events = &events;
    reply.position_hash = (ProtobufCBinaryData){.len = sizeof hash, .data = hash};
    s->ask.out = false;
    lq_host_hear(bed->host, lq_pb_encode(&bed->arena, &reply.base));
}

void lq_bed_pump(struct lq_bed *bed)
{
    lq_bed_settle(bed); // the host asks at the end of a turn
    for (bool heard = true; heard;) {
        heard = false;
        for (unsigned i = 0; i < bed->stream_count; i++) {
            struct lq_bed_stream *s = &bed->streams[i];
            if (!s->ask.out || (knows_it(s) && s->ask.after >= s->count && s->ask.waits))
                continue;
            if (knows_it(s))
                lq_bed_hear(bed, s->name, s->ask.after + 1, s->count);
            else
                refuse(bed, s);
            heard = true;
        }
        if (heard)
            lq_bed_settle(bed);
    }
}

void lq_bed_tell(struct lq_bed *bed, const char *stream, const char *event)
{
    const struct lq_bed_stream *s = lq_bed_stream(bed, stream);
    assert_non_null(s);
    lq_bed_feed(bed, stream, bed->now_ms, lq_message_of(&bed->arena, s->event_type, event));
    lq_bed_pump(bed);
}

void lq_bed_lose_cursors(struct lq_bed *bed)
{
    assert_int_equal(lq_store_begin_write(bed->store), LQ_OK);
    const unsigned cursors = table_named(bed, "runtime.cursors");
    struct lq_span key, value;
    while (lq_store_next(bed->store, cursors, lq_span("", 1), false, &key, &value)) {
        const struct lq_span gone = lq_arena_copy(&bed->arena, key);
        assert_int_equal(lq_store_delete(bed->store, cursors, gone), LQ_OK);
    }
    assert_int_equal(lq_store_commit(bed->store), LQ_OK);
    lq_bed_crash(bed);
}

// ---------------------------------------------------------------- looking

uint64_t lq_bed_tip(struct lq_bed *bed)
{
    uint8_t hash[LQ_HASH_SIZE];
    return lq_store_tip(bed->store, hash);
}

void lq_bed_record_hash(struct lq_bed *bed, uint64_t seq, uint8_t out[LQ_HASH_SIZE])
{
    const uint8_t *hash;
    struct lq_span bytes;
    assert_int_equal(lq_store_begin_read(bed->store), LQ_OK);
    assert_int_equal(lq_store_record(bed->store, seq, &hash, &bytes), LQ_OK);
    memcpy(out, hash, LQ_HASH_SIZE);
    lq_store_end_read(bed->store);
}

const Lq__Record *lq_bed_record(struct lq_bed *bed, uint64_t seq)
{
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why = NULL;
    assert_int_equal(lq_store_begin_read(bed->store), LQ_OK);
    assert_int_equal(lq_store_record(bed->store, seq, &hash, &bytes), LQ_OK);
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &bed->arena, &lq__record__descriptor, bytes, &why);
    lq_store_end_read(bed->store);
    assert_non_null(record);
    return record;
}

const ProtobufCMessage *lq_bed_event(struct lq_bed *bed, const Lq__Record *record)
{
    const char *why = NULL;
    if (record->event.len == 0 || record->by_runtime)
        return NULL;
    const ProtobufCMessage *event =
        lq_pb_decode_within(&LQ_PB_RECORD, &bed->arena, bed->service->event_type,
                            lq_span(record->event.data, record->event.len), &why);
    assert_non_null(event);
    return event;
}

// Walks the timers from the earliest on: their keys begin with when they are due.
static bool next_timer(struct lq_bed *bed, struct lq_span *key, int64_t *due_ms)
{
    struct lq_span value;
    const bool past = key->size > 0;
    if (!lq_store_next(bed->store, table_named(bed, "runtime.timers"), *key, past, key, &value))
        return false;
    *due_ms = 0;
    for (int i = 0; i < 8; i++)
        *due_ms = *due_ms << 8 | key->data[i];
    return true;
}

bool lq_bed_first_timer(struct lq_bed *bed, int64_t *due_ms)
{
    struct lq_span key = {0};
    lq_bed_read(bed);
    const bool found = next_timer(bed, &key, due_ms);
    lq_bed_end_read(bed);
    return found;
}

bool lq_bed_has_timer(struct lq_bed *bed, int64_t due_ms)
{
    struct lq_span key = {0};
    bool found = false;
    lq_bed_read(bed);
    for (int64_t at_ms; !found && next_timer(bed, &key, &at_ms);)
        found = at_ms == due_ms;
    lq_bed_end_read(bed);
    return found;
}

static void hash_span(crypto_generichash_state *state, struct lq_span bytes)
{
    const uint64_t size = bytes.size;
    crypto_generichash_update(state, (const uint8_t *)&size, sizeof size);
    if (size > 0)
        crypto_generichash_update(state, bytes.data, bytes.size);
}

struct lq_bed_digest lq_bed_digest(struct lq_bed *bed)
{
    struct lq_bed_digest digest;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof digest.bytes);
    lq_store_tip(bed->store, digest.bytes);
    hash_span(&state, lq_span(digest.bytes, sizeof digest.bytes));
    const unsigned cursors = table_named(bed, "runtime.cursors");
    const unsigned marks = table_named(bed, "runtime.marks"); // as far as each page went
    lq_bed_read(bed);
    for (unsigned table = 0; table < bed->store->table_count; table++) {
        struct lq_span key = {0}, value;
        while (table != cursors && table != marks &&
               lq_store_next(bed->store, table, key, key.size > 0, &key, &value)) {
            hash_span(&state, key);
            hash_span(&state, value);
        }
        hash_span(&state, lq_span(NULL, 0)); // the table's end
    }
    lq_bed_end_read(bed);
    crypto_generichash_final(&state, digest.bytes, sizeof digest.bytes);
    return digest;
}

void lq_bed_assert_digest(struct lq_bed *bed, struct lq_bed_digest expected)
{
    const struct lq_bed_digest digest = lq_bed_digest(bed);
    assert_memory_equal(digest.bytes, expected.bytes, sizeof digest.bytes);
}
