// The streams that the bed's service follows, made up by the test: what stands in them, and how
// they answer when the service asks.
#include "support/bed.h"

#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "pb/pb.h"
#include "support/message.h"

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
    const unsigned cursors = lq_bed_table(bed, "runtime.cursors");
    struct lq_span key, value;
    while (lq_store_next(bed->store, cursors, lq_span("", 1), false, &key, &value)) {
        const struct lq_span gone = lq_arena_copy(&bed->arena, key);
        assert_int_equal(lq_store_delete(bed->store, cursors, gone), LQ_OK);
    }
    assert_int_equal(lq_store_commit(bed->store), LQ_OK);
    lq_bed_crash(bed);
}
