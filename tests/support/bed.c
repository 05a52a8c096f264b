// The bed itself: host, store, clock.
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

unsigned lq_bed_table(const struct lq_bed *bed, const char *name)
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
    return lq_bed_table(bed, table->name);
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
