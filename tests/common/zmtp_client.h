// The client's half of ZMTP 3.1 with CURVE (RFC 23, 26), by hand, so that a test can bend every
// part of it: what it says is left in `out`, and what it says it with are plain fields.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>

#include "bus/listen/zmtp_frame.h"

struct half {
    uint8_t server[32];                         // the long-term key that it believes in
    uint8_t public_key[32], secret_key[32];     // its own
    uint8_t short_public[32], short_secret[32]; // of this connection
    uint8_t short_server[32], cookie[96];       // from WELCOME
    uint8_t vouched_client[32], vouched_server[32], vouching_secret[32]; // what the vouch says
    uint64_t said, heard;                                                // the last nonces
    struct lq_buffer out;
};

static inline void half_begin(struct half *half, const uint8_t server[32],
                              const uint8_t public_key[32], const uint8_t secret_key[32])
{
    *half = (struct half){0};
    memcpy(half->server, server, 32);
    memcpy(half->public_key, public_key, 32);
    memcpy(half->secret_key, secret_key, 32);
    crypto_box_keypair(half->short_public, half->short_secret);
    memcpy(half->vouched_client, half->short_public, 32);
    memcpy(half->vouched_server, server, 32);
    memcpy(half->vouching_secret, secret_key, 32);
    memcpy(half->short_server, server, 32); // some key, to speak out of turn with
}

static inline void half_end(struct half *half)
{
    lq_buffer_free(&half->out);
}

// "<16 characters><8 bytes of a counter>"
static inline void half_nonce(struct half *half, const char *text, uint8_t rest[8],
                              uint8_t nonce[24])
{
    lq_put_u64(rest, ++half->said);
    lq_zmtp_nonce(nonce, text, rest);
}

static inline void half_greet(struct half *half)
{
    static const char greeting[LQ_ZMTP_GREETING] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01"
                                                   "CURVE";
    lq_buffer_add(&half->out, greeting, sizeof greeting);
}

// With a key for the box that is not the one of both keys.
static inline void half_hello_by(struct half *half, const uint8_t shared[32])
{
    static const uint8_t zeros[64];
    uint8_t nonce[24];
    uint8_t *hello = lq_zmtp_put_frame(&half->out, LQ_ZMTP_COMMAND, 200);
    memset(hello, 0, 200);
    memcpy(hello, "\x05HELLO\x01\x00", 8);
    memcpy(hello + 80, half->short_public, 32);
    half_nonce(half, "CurveZMQHELLO---", hello + 112, nonce);
    assert_int_equal(crypto_box_easy_afternm(hello + 120, zeros, sizeof zeros, nonce, shared), 0);
}

static inline void half_hello(struct half *half)
{
    uint8_t shared[32];
    assert_int_equal(crypto_box_beforenm(shared, half->server, half->short_secret), 0);
    half_hello_by(half, shared);
}

static inline bool half_take_welcome(struct half *half, struct lq_span body)
{
    uint8_t nonce[24], plain[128];
    if (body.size != 168 || memcmp(body.data, "\x07WELCOME", 8) != 0)
        return false;
    lq_zmtp_nonce(nonce, "WELCOME-", body.data + 8);
    if (crypto_box_open_easy(plain, body.data + 24, 144, nonce, half->server, half->short_secret) !=
        0)
        return false;
    memcpy(half->short_server, plain, 32);
    memcpy(half->cookie, plain + 32, 96);
    return true;
}

// The vouch, with a key for its box that is not the one of both keys where `shared` is given.
static inline void half_vouch(struct half *half, const uint8_t *shared, uint8_t out[96])
{
    uint8_t nonce[24], vouch[64];
    randombytes_buf(out, 16);
    lq_zmtp_nonce(nonce, "VOUCH---", out);
    memcpy(vouch, half->vouched_client, 32);
    memcpy(vouch + 32, half->vouched_server, 32);
    assert_int_equal(shared != NULL
                         ? crypto_box_easy_afternm(out + 16, vouch, sizeof vouch, nonce, shared)
                         : crypto_box_easy(out + 16, vouch, sizeof vouch, nonce, half->short_server,
                                           half->vouching_secret),
                     0);
}

// With any text in its box.
static inline void half_initiate_with(struct half *half, struct lq_span text)
{
    uint8_t nonce[24];
    uint8_t *body = lq_zmtp_put_frame(&half->out, LQ_ZMTP_COMMAND, 113 + 16 + text.size);
    memcpy(body, "\x08INITIATE", 9);
    memcpy(body + 9, half->cookie, 96);
    half_nonce(half, "CurveZMQINITIATE", body + 105, nonce);
    assert_int_equal(crypto_box_easy(body + 113, text.data, text.size, nonce, half->short_server,
                                     half->short_secret),
                     0);
}

static inline void half_initiate_by(struct half *half, struct lq_span metadata,
                                    const uint8_t *vouch_shared)
{
    uint8_t text[4096];
    assert_true(128 + metadata.size <= sizeof text);
    memcpy(text, half->public_key, 32);
    half_vouch(half, vouch_shared, text + 32);
    if (metadata.size > 0)
        memcpy(text + 128, metadata.data, metadata.size);
    half_initiate_with(half, lq_span(text, 128 + metadata.size));
}

static inline void half_initiate(struct half *half, struct lq_span metadata)
{
    half_initiate_by(half, metadata, NULL);
}

#define HALF_DEALER                                                                                \
    lq_span("\x0bSocket-Type\0\0\0\x06"                                                            \
            "DEALER",                                                                              \
            22)

// Any text in the box of a message.
static inline void half_say_text(struct half *half, struct lq_span text)
{
    uint8_t nonce[24];
    uint8_t *body = lq_zmtp_put_frame(&half->out, 0, LQ_ZMTP_MESSAGE_HEAD + 16 + text.size);
    memcpy(body, "\x07MESSAGE", 8);
    half_nonce(half, "CurveZMQMESSAGEC", body + 8, nonce);
    assert_int_equal(crypto_box_easy(body + LQ_ZMTP_MESSAGE_HEAD, text.data, text.size, nonce,
                                     half->short_server, half->short_secret),
                     0);
}

// A part of a message, or with LQ_ZMTP_BOXED_COMMAND a command.
static inline void half_say(struct half *half, uint8_t flags, struct lq_span bytes)
{
    struct lq_buffer text = {0};
    lq_buffer_add(&text, &flags, 1);
    if (bytes.size > 0)
        lq_buffer_add(&text, bytes.data, bytes.size);
    half_say_text(half, lq_buffer_span(&text));
    lq_buffer_free(&text);
}

// Opens what the server boxed, in place: READY's metadata, or a message with its flags before it.
// The server's nonces must rise.
static inline struct lq_span half_open(struct half *half, const char *name, const char *nonce_text,
                                       uint8_t *body, size_t size)
{
    uint8_t nonce[24];
    const size_t head = strlen(name);
    assert_true(size >= head + 8 + 16);
    assert_memory_equal(body, name, head);
    lq_zmtp_nonce(nonce, nonce_text, body + head);
    assert_true(lq_get_u64(body + head) > half->heard);
    half->heard = lq_get_u64(body + head);
    uint8_t *box = body + head + 8;
    assert_int_equal(crypto_box_open_easy(box, box, size - head - 8, nonce, half->short_server,
                                          half->short_secret),
                     0);
    return lq_span(box, size - head - 8 - 16);
}

static inline struct lq_span half_open_ready(struct half *half, uint8_t *body, size_t size)
{
    return half_open(half, "\x05READY", "CurveZMQREADY---", body, size);
}

static inline struct lq_span half_open_message(struct half *half, uint8_t *body, size_t size)
{
    return half_open(half, "\x07MESSAGE", "CurveZMQMESSAGES", body, size);
}

// The frame at the front, which must be whole to be given.
static inline bool half_frame(struct lq_buffer *in, uint8_t **body, size_t *size)
{
    uint64_t body_size;
    const size_t head = lq_zmtp_get_head(lq_buffer_span(in), &body_size);
    if (head == 0 || lq_buffer_size(in) - head < body_size)
        return false;
    *body = in->bytes + in->begin + head;
    *size = body_size;
    in->begin += head + body_size;
    return true;
}
