// The client's half of ZMTP with CURVE. Every box is made in place: a message costs one pass of the
// cipher and no allocation.
#include "zmtp.h"

#include <sodium.h>

#include "bus/listen/zmtp_frame.h"

enum {
    BOX = crypto_box_MACBYTES,
};

static const char DEALER[] = "\x0bSocket-Type\0\0\0\x06"
                             "DEALER\x08Identity\0\0\0";
enum { DEALER_SIZE = sizeof DEALER }; // the last NUL is Identity's length's

// ---------------------------------------------------------------- the handshake

void zmtp_start(struct zmtp *zmtp, const struct wire_keys *keys, struct lq_buffer *out)
{
    *zmtp = (struct zmtp){.keys = keys, .nonce = 1};
    uint8_t greeting[LQ_ZMTP_GREETING] = {0xff, [8] = 1, [9] = 0x7f, [10] = 3, [11] = 1};
    strcpy((char *)greeting + 12, keys != NULL ? "CURVE" : "NULL");
    lq_buffer_add(out, greeting, sizeof greeting);
}

static void send_hello(struct zmtp *zmtp, struct lq_buffer *out)
{
    static const uint8_t zeros[64];
    uint8_t nonce[24];
    crypto_box_keypair(zmtp->short_public, zmtp->short_secret);
    uint8_t *hello = lq_zmtp_put_frame(out, LQ_ZMTP_COMMAND, 200);
    memset(hello, 0, 200);
    memcpy(hello, "\x05HELLO\x01", 7);
    memcpy(hello + 80, zmtp->short_public, 32);
    lq_put_u64(hello + 112, zmtp->nonce++);
    lq_zmtp_nonce(nonce, "CurveZMQHELLO---", hello + 112);
    LQ_ASSERT(crypto_box_easy(hello + 120, zeros, sizeof zeros, nonce, zmtp->keys->server,
                              zmtp->short_secret) == 0);
}

static void send_initiate(struct zmtp *zmtp, struct lq_buffer *out, const uint8_t cookie[96])
{
    const struct wire_keys *keys = zmtp->keys;
    uint8_t nonce[24], inner[32 + 16 + 80 + DEALER_SIZE], vouch[64];
    memcpy(inner, keys->own_public, 32);
    randombytes_buf(inner + 32, 16);
    lq_zmtp_nonce(nonce, "VOUCH---", inner + 32);
    memcpy(vouch, zmtp->short_public, 32);
    memcpy(vouch + 32, keys->server, 32);
    LQ_ASSERT(crypto_box_easy(inner + 48, vouch, sizeof vouch, nonce, zmtp->server_short,
                              keys->own_secret) == 0);
    memcpy(inner + 128, DEALER, DEALER_SIZE);

    uint8_t *initiate = lq_zmtp_put_frame(out, LQ_ZMTP_COMMAND, 9 + 96 + 8 + BOX + sizeof inner);
    memcpy(initiate, "\x08INITIATE", 9);
    memcpy(initiate + 9, cookie, 96);
    lq_put_u64(initiate + 105, zmtp->nonce++);
    lq_zmtp_nonce(nonce, "CurveZMQINITIATE", initiate + 105);
    LQ_ASSERT(crypto_box_easy_afternm(initiate + 113, inner, sizeof inner, nonce, zmtp->shared) ==
              0);
}

static bool take_welcome(struct zmtp *zmtp, struct lq_span body, struct lq_buffer *out)
{
    uint8_t nonce[24], inner[128];
    if (body.size != 168 || memcmp(body.data, "\x07WELCOME", 8) != 0)
        return false;
    lq_zmtp_nonce(nonce, "WELCOME-", body.data + 8);
    if (crypto_box_open_easy(inner, body.data + 24, 144, nonce, zmtp->keys->server,
                             zmtp->short_secret) != 0)
        return false;
    memcpy(zmtp->server_short, inner, 32);
    if (crypto_box_beforenm(zmtp->shared, zmtp->server_short, zmtp->short_secret) != 0)
        return false;
    send_initiate(zmtp, out, inner + 32);
    zmtp->state = ZMTP_READY;
    return true;
}

static void take_greeting(struct zmtp *zmtp, const uint8_t *greeting, struct lq_buffer *out)
{
    const char *mechanism = zmtp->keys != NULL ? "CURVE" : "NULL";
    zmtp->state = ZMTP_FAILED;
    if (greeting[0] != 0xff || greeting[10] < 3 || strcmp((const char *)greeting + 12, mechanism))
        return;
    if (zmtp->keys != NULL) {
        send_hello(zmtp, out);
        zmtp->state = ZMTP_WELCOME;
        return;
    }
    uint8_t *ready = lq_zmtp_put_frame(out, LQ_ZMTP_COMMAND, 6 + DEALER_SIZE);
    memcpy(ready, "\x05READY", 6);
    memcpy(ready + 6, DEALER, DEALER_SIZE);
    zmtp->state = ZMTP_READY;
}

// ---------------------------------------------------------------- messages

static void send_boxed(struct zmtp *zmtp, struct lq_buffer *out, uint8_t flags,
                       struct lq_span bytes)
{
    uint8_t nonce[24];
    const size_t plain = 1 + bytes.size;
    uint8_t *at = lq_zmtp_put_frame(out, 0, LQ_ZMTP_MESSAGE_HEAD + BOX + plain);
    memcpy(at, "\x07MESSAGE", 8);
    lq_put_u64(at + 8, zmtp->nonce++);
    lq_zmtp_nonce(nonce, "CurveZMQMESSAGEC", at + 8);
    uint8_t *box = at + LQ_ZMTP_MESSAGE_HEAD;
    box[BOX] = flags;
    memcpy(box + BOX + 1, bytes.data, bytes.size);
    crypto_box_detached_afternm(box + BOX, box, box + BOX, plain, nonce, zmtp->shared);
}

static void send_plain(struct lq_buffer *out, uint8_t flags, struct lq_span bytes)
{
    memcpy(lq_zmtp_put_frame(out, flags, bytes.size), bytes.data, bytes.size);
}

void zmtp_send(struct zmtp *zmtp, struct lq_buffer *out, struct lq_span message)
{
    LQ_ASSERT(zmtp->state == ZMTP_OPEN);
    if (zmtp->keys != NULL)
        send_boxed(zmtp, out, 0, message);
    else
        send_plain(out, 0, message);
}

// PING: a two-byte time to live and a context that PONG gives back.
static void take_command(struct zmtp *zmtp, struct lq_span command, struct lq_buffer *out)
{
    uint8_t pong[5 + 16] = "\x04PONG";
    if (command.size < 7 || command.size > 7 + 16 || memcmp(command.data, "\x04PING", 5) != 0)
        return;
    memcpy(pong + 5, command.data + 7, command.size - 7);
    const struct lq_span answer = lq_span(pong, 5 + command.size - 7);
    if (zmtp->keys != NULL)
        send_boxed(zmtp, out, LQ_ZMTP_BOXED_COMMAND, answer);
    else
        send_plain(out, LQ_ZMTP_COMMAND, answer);
}

// Opens the box in place.
static bool take_boxed(struct zmtp *zmtp, struct lq_span body, struct lq_buffer *out,
                       struct lq_span *message)
{
    uint8_t nonce[24];
    if (body.size < LQ_ZMTP_MESSAGE_HEAD + BOX + 1 || memcmp(body.data, "\x07MESSAGE", 8) != 0)
        return false;
    lq_zmtp_nonce(nonce, "CurveZMQMESSAGES", body.data + 8);
    uint8_t *box = (uint8_t *)(uintptr_t)body.data + LQ_ZMTP_MESSAGE_HEAD;
    const size_t plain = body.size - LQ_ZMTP_MESSAGE_HEAD - BOX;
    if (crypto_box_open_detached_afternm(box + BOX, box + BOX, box, plain, nonce, zmtp->shared))
        return false;
    const struct lq_span inner = lq_span(box + BOX + 1, plain - 1);
    if ((box[BOX] & LQ_ZMTP_BOXED_COMMAND) != 0)
        take_command(zmtp, inner, out);
    else
        *message = inner;
    return true;
}

static bool take_frame(struct zmtp *zmtp, uint8_t flags, struct lq_span body, struct lq_buffer *out,
                       struct lq_span *message)
{
    switch (zmtp->state) {
    case ZMTP_WELCOME:
        return take_welcome(zmtp, body, out);
    case ZMTP_READY:
        if (body.size < 6 || memcmp(body.data, "\x05READY", 6) != 0)
            return false; // ERROR: the key opens nothing
        zmtp->state = ZMTP_OPEN;
        return true;
    case ZMTP_OPEN:
        if (zmtp->keys != NULL)
            return take_boxed(zmtp, body, out, message);
        if ((flags & LQ_ZMTP_COMMAND) != 0)
            take_command(zmtp, body, out);
        else
            *message = body;
        return true;
    case ZMTP_GREETING:
    case ZMTP_FAILED:
        break;
    }
    return false;
}

bool zmtp_take(struct zmtp *zmtp, struct lq_buffer *in, struct lq_buffer *out,
               struct lq_span *message)
{
    const struct lq_span bytes = lq_buffer_span(in);
    *message = lq_span(NULL, 0);
    if (zmtp->state == ZMTP_GREETING) {
        if (bytes.size < LQ_ZMTP_GREETING)
            return false;
        take_greeting(zmtp, bytes.data, out);
        in->begin += LQ_ZMTP_GREETING;
        return true;
    }
    uint64_t size;
    const size_t head = lq_zmtp_get_head(bytes, &size);
    if (zmtp->state == ZMTP_FAILED || head == 0 || bytes.size - head < size)
        return false;
    in->begin += head + size;
    if (!take_frame(zmtp, bytes.data[0], lq_span(bytes.data + head, size), out, message))
        zmtp->state = ZMTP_FAILED;
    return true;
}
