// Both halves of a connection of ZMTP with CURVE, and the bytes between them. For the tests of the
// server's half.
#pragma once

#include "common/zmtp_client.h"

#include "bus/listen/zmtp.h"

enum { PART_LIMIT = 70000, CURVE_OVERHEAD = LQ_ZMTP_MESSAGE_HEAD + 16 + 1 };

// Both ends, and what the server has heard so far: for each part one byte (more follow), the size
// in eight, the part.
struct talk {
    struct lq_zmtp_server server;
    struct lq_zmtp zmtp;
    struct half client;
    bool admits;
    unsigned asked;
    uint8_t asked_key[32];
    struct lq_buffer in, out, heard;
    unsigned parts;
};

static inline bool admits(void *self, const uint8_t key[32])
{
    struct talk *t = self;
    t->asked++;
    memcpy(t->asked_key, key, 32);
    return t->admits;
}

static inline struct talk *begin_talk(void)
{
    uint8_t public_key[32], secret_key[32];
    struct talk *t = calloc(1, sizeof *t);
    assert_non_null(t);
    assert_true(sodium_init() >= 0);
    crypto_box_keypair(t->server.public_key, t->server.secret_key);
    crypto_box_keypair(public_key, secret_key);
    t->server.admits = admits;
    t->server.self = t;
    t->server.part_limit = PART_LIMIT;
    t->admits = true;
    half_begin(&t->client, t->server.public_key, public_key, secret_key);
    lq_zmtp_begin(&t->zmtp, &t->out);
    return t;
}

static inline void end_talk(struct talk *t)
{
    lq_zmtp_end(&t->zmtp);
    half_end(&t->client);
    lq_buffer_free(&t->in);
    lq_buffer_free(&t->out);
    lq_buffer_free(&t->heard);
    free(t);
}

static inline void note_part(struct lq_buffer *heard, struct lq_span bytes, bool more)
{
    const uint8_t flag = more;
    uint8_t size[8];
    lq_put_u64(size, bytes.size);
    lq_buffer_add(heard, &flag, 1);
    lq_buffer_add(heard, size, sizeof size);
    if (bytes.size > 0)
        lq_buffer_add(heard, bytes.data, bytes.size);
}

// Takes all whole frames that are there.
static inline void take_all(struct talk *t)
{
    enum lq_zmtp_took took;
    do {
        size_t used = SIZE_MAX;
        struct lq_zmtp_part part;
        took = lq_zmtp_take(&t->zmtp, &t->server, t->in.bytes + t->in.begin, lq_buffer_size(&t->in),
                            &used, &t->out, &part);
        assert_true(used <= lq_buffer_size(&t->in));
        assert_true(took == LQ_ZMTP_TOOK_NOTHING || used > 0);
        if (took == LQ_ZMTP_TOOK_PART) {
            assert_int_equal(t->zmtp.state, LQ_ZMTP_OPEN);
            note_part(&t->heard, part.bytes, part.more);
            t->parts++;
        }
        t->in.begin += used;
    } while (took != LQ_ZMTP_TOOK_NOTHING);
}

// The server gets these bytes, so many at a time.
static inline void give(struct talk *t, struct lq_span bytes, size_t step)
{
    for (size_t at = 0; at < bytes.size; at += step) {
        lq_buffer_add(&t->in, bytes.data + at, bytes.size - at < step ? bytes.size - at : step);
        take_all(t);
    }
}

// All that the client has to say.
static inline void pass(struct talk *t, size_t step)
{
    give(t, lq_buffer_span(&t->client.out), step);
    t->client.out.begin = t->client.out.end;
}

static inline uint8_t *said_frame(struct talk *t, size_t *size)
{
    uint8_t *body = NULL;
    *size = 0;
    assert_true(half_frame(&t->out, &body, size));
    return body;
}

static inline void expect_silence(struct talk *t)
{
    assert_int_equal(lq_buffer_size(&t->out), 0);
}

static inline void expect_greeting(struct talk *t)
{
    static const char greeting[LQ_ZMTP_GREETING] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01"
                                                   "CURVE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01";
    assert_true(lq_buffer_size(&t->out) >= sizeof greeting);
    assert_memory_equal(t->out.bytes + t->out.begin, greeting, sizeof greeting);
    t->out.begin += sizeof greeting;
}

// ---------------------------------------------------------------- the way in, step by step

static inline void greet(struct talk *t, size_t step)
{
    half_greet(&t->client);
    pass(t, step);
    expect_greeting(t);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_AWAITS_HELLO);
}

static inline void say_hello(struct talk *t, size_t step)
{
    size_t size;
    greet(t, step);
    half_hello(&t->client);
    pass(t, step);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_AWAITS_INITIATE);
    const uint8_t *welcome = said_frame(t, &size);
    assert_true(half_take_welcome(&t->client, lq_span(welcome, size)));
    expect_silence(t);
}

static inline void expect_ready(struct talk *t)
{
    size_t size;
    uint8_t *body = said_frame(t, &size);
    const struct lq_span metadata = half_open_ready(&t->client, body, size);
    assert_true(lq_span_equal(metadata, lq_span("\x0bSocket-Type\0\0\0\x06ROUTER"
                                                "\x08Identity\0\0\0\0",
                                                35)));
    expect_silence(t);
}

static inline void come_in_as(struct talk *t, struct lq_span metadata, size_t step)
{
    say_hello(t, step);
    half_initiate(&t->client, metadata);
    pass(t, step);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_OPEN);
    assert_int_equal(t->asked, 1);
    assert_memory_equal(t->asked_key, t->client.public_key, 32);
    assert_memory_equal(t->zmtp.key, t->client.public_key, 32);
    assert_null(t->zmtp.handshake);
    expect_ready(t);
}

static inline struct talk *open_talk(void)
{
    struct talk *t = begin_talk();
    come_in_as(t, HALF_DEALER, SIZE_MAX);
    return t;
}

static inline struct talk *talk_after_greeting(void)
{
    struct talk *t = begin_talk();
    greet(t, SIZE_MAX);
    return t;
}

static inline struct talk *talk_after_hello(void)
{
    struct talk *t = begin_talk();
    say_hello(t, SIZE_MAX);
    return t;
}

// It has ended without a word more, nobody was asked and nothing heard; and what is good afterwards
// is no help.
static inline void expect_ended(struct talk *t)
{
    assert_int_equal(t->zmtp.state, LQ_ZMTP_ENDED);
    assert_false(t->zmtp.turned_away);
    assert_null(t->zmtp.handshake);
    assert_int_equal(t->parts, 0);
    expect_silence(t);
    half_say(&t->client, 0, lq_span_text("hello?"));
    pass(t, SIZE_MAX);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_ENDED);
    assert_int_equal(t->parts, 0);
    expect_silence(t);
    end_talk(t);
}

static inline void expect_ended_unasked(struct talk *t)
{
    assert_int_equal(t->asked, 0);
    expect_ended(t);
}

// The same bytes for the same number, none of them alike.
static inline struct lq_span nth_part(size_t n, size_t size)
{
    static uint8_t bytes[PART_LIMIT];
    assert_true(size <= sizeof bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256 + n);
    return lq_span(bytes, size);
}

// Two texts of one literal each, so that the size of the second can be taken.
#define METADATA(text) lq_span(text, sizeof(text) - 1)

static inline void expect_no_way_in(struct talk *t)
{
    half_initiate(&t->client, HALF_DEALER);
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}
