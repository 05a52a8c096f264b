// The layouts are those of RFC 26, in order of their fields. Every box is made and opened in place:
// a message costs one pass of the cipher and no allocation. A breach of the protocol ends the
// connection without an answer, as with libzmq; only a key that is not admitted gets an ERROR.
#include "bus/listen/zmtp.h"

#include <sodium.h>

enum {
    KEY = 32,
    BOX = crypto_box_MACBYTES, // what a box adds
    COOKIE = 96,
    HELLO = 200, // sizes of the frames' bodies
    WELCOME = 168,
    INITIATE_LEAST = 9 + COOKIE + 8 + BOX + KEY + 16 + BOX + 2 * KEY,
    HANDSHAKE_MOST = 4096, // metadata of the client's included
    PING_CONTEXT_MOST = 16,
};

struct lq_zmtp_handshake {
    uint8_t client[KEY]; // the client's key of this connection
    uint8_t own_public[KEY], own_secret[KEY];
    uint8_t cookie[COOKIE];
};

void lq_zmtp_begin(struct lq_zmtp *zmtp, struct lq_buffer *out)
{
    static const uint8_t greeting[LQ_ZMTP_GREETING] = {
        0xff, [8] = 1, [9] = 0x7f, [10] = 3, [11] = 1,   [12] = 'C',
        'U',  'R',     'V',        'E',      [32] = true // as the server
    };
    *zmtp = (struct lq_zmtp){0};
    lq_buffer_add(out, greeting, sizeof greeting);
}

static void forget_handshake(struct lq_zmtp *zmtp)
{
    if (zmtp->handshake == NULL)
        return;
    sodium_memzero(zmtp->handshake, sizeof *zmtp->handshake);
    free(zmtp->handshake);
    zmtp->handshake = NULL;
}

void lq_zmtp_end(struct lq_zmtp *zmtp)
{
    forget_handshake(zmtp);
    sodium_memzero(zmtp->shared, sizeof zmtp->shared);
    zmtp->state = LQ_ZMTP_ENDED;
}

// Nonces of the client must increase.
static bool takes_nonce(struct lq_zmtp *zmtp, const char *text, const uint8_t rest[8],
                        uint8_t nonce[24])
{
    const uint64_t number = lq_get_u64(rest);
    if (number <= zmtp->heard)
        return false;
    zmtp->heard = number;
    lq_zmtp_nonce(nonce, text, rest);
    return true;
}

static void next_nonce(struct lq_zmtp *zmtp, const char *text, uint8_t rest[8], uint8_t nonce[24])
{
    lq_put_u64(rest, ++zmtp->said);
    lq_zmtp_nonce(nonce, text, rest);
}

// ---------------------------------------------------------------- the handshake

static bool take_greeting(struct lq_zmtp *zmtp, const uint8_t *greeting)
{
    static const uint8_t mechanism[20] = "CURVE";
    enum { SIGNATURE_END = 9, VERSION = 10, MECHANISM = 12 };
    if (greeting[0] != 0xff || (greeting[SIGNATURE_END] & 1) == 0 || greeting[VERSION] < 3 ||
        memcmp(greeting + MECHANISM, mechanism, sizeof mechanism) != 0)
        return false;
    zmtp->state = LQ_ZMTP_AWAITS_HELLO;
    return true;
}

// The cookie holds nothing, since the connection keeps its state: it only has to come back.
static void send_welcome(struct lq_zmtp_handshake *handshake, const uint8_t with_server[KEY],
                         struct lq_buffer *out)
{
    uint8_t nonce[24], inner[KEY + COOKIE];
    crypto_box_keypair(handshake->own_public, handshake->own_secret);
    randombytes_buf(handshake->cookie, COOKIE);
    memcpy(inner, handshake->own_public, KEY);
    memcpy(inner + KEY, handshake->cookie, COOKIE);
    uint8_t *welcome = lq_zmtp_put_frame(out, LQ_ZMTP_COMMAND, WELCOME);
    memcpy(welcome, "\x07WELCOME", 8);
    randombytes_buf(welcome + 8, 16);
    lq_zmtp_nonce(nonce, "WELCOME-", welcome + 8);
    LQ_ASSERT(crypto_box_easy_afternm(welcome + 24, inner, sizeof inner, nonce, with_server) == 0);
}

static bool take_hello(struct lq_zmtp *zmtp, const struct lq_zmtp_server *server,
                       struct lq_span body, struct lq_buffer *out)
{
    enum { VERSION = 6, CLIENT = 80, NONCE = 112, ZEROS_BOX = 120, ZEROS = 64 };
    static const uint8_t zeros[ZEROS];
    uint8_t nonce[24], opened[ZEROS], with_server[KEY];
    if (body.size != HELLO || memcmp(body.data, "\x05HELLO", 6) != 0 || body.data[VERSION] != 1 ||
        body.data[VERSION + 1] != 0 ||
        !takes_nonce(zmtp, "CurveZMQHELLO---", body.data + NONCE, nonce) ||
        crypto_box_beforenm(with_server, body.data + CLIENT, server->secret_key) != 0 ||
        crypto_box_open_easy_afternm(opened, body.data + ZEROS_BOX, ZEROS + BOX, nonce,
                                     with_server) != 0 ||
        memcmp(opened, zeros, ZEROS) != 0)
        return false;
    zmtp->handshake = calloc(1, sizeof *zmtp->handshake);
    LQ_ASSERT(zmtp->handshake != NULL);
    memcpy(zmtp->handshake->client, body.data + CLIENT, KEY);
    send_welcome(zmtp->handshake, with_server, out);
    sodium_memzero(with_server, sizeof with_server);
    zmtp->state = LQ_ZMTP_AWAITS_INITIATE;
    return true;
}

// A property is a name, with its size in a byte, and a value, with its size in four.
static bool take_property(struct lq_span *rest, struct lq_span *name, struct lq_span *value)
{
    if (rest->size < 1 || rest->size < 1u + rest->data[0] + 4u)
        return false;
    *name = lq_span(rest->data + 1, rest->data[0]);
    const uint8_t *at = name->data + name->size;
    const size_t size = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    const size_t left = rest->size - 1 - name->size - 4;
    if (size > left)
        return false;
    *value = lq_span(at + 4, size);
    *rest = lq_span(at + 4 + size, left - size);
    return true;
}

static bool can_talk_to_a_router(struct lq_span metadata)
{
    static const char *const types[] = {"DEALER", "REQ", "ROUTER"};
    bool found = false;
    for (struct lq_span name, value; metadata.size > 0;) {
        if (!take_property(&metadata, &name, &value))
            return false;
        if (name.size != 11 || strncasecmp((const char *)name.data, "Socket-Type", 11) != 0)
            continue;
        for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++)
            found |= lq_span_equal(value, lq_span_text(types[i]));
    }
    return found;
}

static void send_ready(struct lq_zmtp *zmtp, struct lq_buffer *out)
{
    static const char metadata[] =
        "\x0bSocket-Type\0\0\0\x06"
        "ROUTER\x08Identity\0\0\0"; // the last NUL is Identity's length's
    uint8_t nonce[24];
    uint8_t *ready = lq_zmtp_put_frame(out, LQ_ZMTP_COMMAND, 14 + BOX + sizeof metadata);
    memcpy(ready, "\x05READY", 6);
    next_nonce(zmtp, "CurveZMQREADY---", ready + 6, nonce);
    LQ_ASSERT(crypto_box_easy_afternm(ready + 14, (const uint8_t *)metadata, sizeof metadata, nonce,
                                      zmtp->shared) == 0);
}

// The vouch proves that the holder of the long-term key made the key of this connection.
static bool vouches(const struct lq_zmtp_handshake *handshake, const struct lq_zmtp_server *server,
                    const uint8_t key[KEY], const uint8_t *nonce_rest, const uint8_t *box)
{
    uint8_t nonce[24], opened[2 * KEY];
    lq_zmtp_nonce(nonce, "VOUCH---", nonce_rest);
    return crypto_box_open_easy(opened, box, sizeof opened + BOX, nonce, key,
                                handshake->own_secret) == 0 &&
           sodium_memcmp(opened, handshake->client, KEY) == 0 &&
           sodium_memcmp(opened + KEY, server->public_key, KEY) == 0;
}

static bool take_initiate(struct lq_zmtp *zmtp, const struct lq_zmtp_server *server,
                          struct lq_span body, struct lq_buffer *out)
{
    enum { NONCE = 9 + COOKIE, INNER = NONCE + 8 };
    const struct lq_zmtp_handshake *handshake = zmtp->handshake;
    uint8_t nonce[24], inner[HANDSHAKE_MOST];
    if (body.size < INITIATE_LEAST || memcmp(body.data, "\x08INITIATE", 9) != 0 ||
        sodium_memcmp(body.data + 9, handshake->cookie, COOKIE) != 0 ||
        !takes_nonce(zmtp, "CurveZMQINITIATE", body.data + NONCE, nonce) ||
        crypto_box_beforenm(zmtp->shared, handshake->client, handshake->own_secret) != 0 ||
        crypto_box_open_easy_afternm(inner, body.data + INNER, body.size - INNER, nonce,
                                     zmtp->shared) != 0)
        return false;
    const uint8_t *key = inner, *vouch = inner + KEY, *end = inner + body.size - INNER - BOX;
    const uint8_t *metadata = vouch + 16 + BOX + 2 * KEY;
    if (!vouches(handshake, server, key, vouch, vouch + 16) ||
        !can_talk_to_a_router(lq_span(metadata, (size_t)(end - metadata))))
        return false;
    memcpy(zmtp->key, key, KEY);
    if (!server->admits(server->self, key)) {
        zmtp->turned_away = true;
        memcpy(lq_zmtp_put_frame(out, LQ_ZMTP_COMMAND, 10),
               "\x05"
               "ERROR\x03"
               "400",
               10);
        return false;
    }
    send_ready(zmtp, out);
    forget_handshake(zmtp);
    zmtp->state = LQ_ZMTP_OPEN;
    return true;
}

// ---------------------------------------------------------------- messages

static void put_box(struct lq_zmtp *zmtp, struct lq_buffer *out, uint8_t flags,
                    struct lq_span bytes)
{
    uint8_t nonce[24];
    const size_t plain = 1 + bytes.size;
    uint8_t *at = lq_zmtp_put_frame(out, 0, LQ_ZMTP_MESSAGE_HEAD + BOX + plain);
    memcpy(at, "\x07MESSAGE", 8);
    next_nonce(zmtp, "CurveZMQMESSAGES", at + 8, nonce);
    uint8_t *mac = at + LQ_ZMTP_MESSAGE_HEAD, *text = mac + BOX;
    text[0] = flags;
    if (bytes.size > 0)
        memcpy(text + 1, bytes.data, bytes.size);
    crypto_box_detached_afternm(text, mac, text, plain, nonce, zmtp->shared);
}

void lq_zmtp_put(struct lq_zmtp *zmtp, struct lq_buffer *out, struct lq_span bytes, bool more)
{
    LQ_ASSERT(zmtp->state == LQ_ZMTP_OPEN);
    put_box(zmtp, out, more ? LQ_ZMTP_MORE : 0, bytes);
}

// PING: a two-byte time to live and a context that PONG returns. Other commands are for other
// patterns.
static void take_command(struct lq_zmtp *zmtp, struct lq_span command, struct lq_buffer *out)
{
    enum { HEAD = 5, CONTEXT = HEAD + 2 };
    uint8_t pong[HEAD + PING_CONTEXT_MOST] = "\x04PONG";
    if (command.size < CONTEXT || command.size > CONTEXT + PING_CONTEXT_MOST ||
        memcmp(command.data, "\x04PING", HEAD) != 0)
        return;
    memcpy(pong + HEAD, command.data + CONTEXT, command.size - CONTEXT);
    put_box(zmtp, out, LQ_ZMTP_BOXED_COMMAND, lq_span(pong, HEAD + command.size - CONTEXT));
}

static enum lq_zmtp_took take_box(struct lq_zmtp *zmtp, uint8_t *body, size_t size,
                                  struct lq_buffer *out, struct lq_zmtp_part *part)
{
    uint8_t nonce[24];
    uint8_t *mac = body + LQ_ZMTP_MESSAGE_HEAD, *text = mac + BOX;
    if (size < LQ_ZMTP_MESSAGE_HEAD + BOX + 1 || memcmp(body, "\x07MESSAGE", 8) != 0 ||
        !takes_nonce(zmtp, "CurveZMQMESSAGEC", body + 8, nonce) ||
        crypto_box_open_detached_afternm(text, text, mac, size - LQ_ZMTP_MESSAGE_HEAD - BOX, nonce,
                                         zmtp->shared) != 0) {
        lq_zmtp_end(zmtp);
        return LQ_ZMTP_TOOK_NOTHING;
    }
    const uint8_t flags = text[0];
    const struct lq_span inner = lq_span(text + 1, size - LQ_ZMTP_MESSAGE_HEAD - BOX - 1);
    if ((flags & LQ_ZMTP_BOXED_COMMAND) != 0) {
        take_command(zmtp, inner, out);
        return LQ_ZMTP_TOOK_OTHER;
    }
    *part = (struct lq_zmtp_part){.bytes = inner, .more = (flags & LQ_ZMTP_MORE) != 0};
    return LQ_ZMTP_TOOK_PART;
}

static enum lq_zmtp_took go_on(struct lq_zmtp *zmtp, bool well)
{
    if (well)
        return LQ_ZMTP_TOOK_OTHER;
    lq_zmtp_end(zmtp);
    return LQ_ZMTP_TOOK_NOTHING;
}

enum lq_zmtp_took lq_zmtp_take(struct lq_zmtp *zmtp, const struct lq_zmtp_server *server,
                               uint8_t *bytes, size_t size, size_t *used, struct lq_buffer *out,
                               struct lq_zmtp_part *part)
{
    *used = 0;
    if (zmtp->state == LQ_ZMTP_ENDED)
        return LQ_ZMTP_TOOK_NOTHING;
    if (zmtp->state == LQ_ZMTP_GREETS) {
        if (size < LQ_ZMTP_GREETING)
            return LQ_ZMTP_TOOK_NOTHING;
        *used = LQ_ZMTP_GREETING;
        return go_on(zmtp, take_greeting(zmtp, bytes));
    }
    uint64_t body_size;
    const size_t head = lq_zmtp_get_head(lq_span(bytes, size), &body_size);
    if (head == 0)
        return LQ_ZMTP_TOOK_NOTHING;
    const size_t overhead = LQ_ZMTP_MESSAGE_HEAD + BOX + 1;
    if (body_size > (zmtp->state == LQ_ZMTP_OPEN ? server->part_limit + overhead : HANDSHAKE_MOST))
        return go_on(zmtp, false);
    if (size - head < body_size)
        return LQ_ZMTP_TOOK_NOTHING;
    *used = head + body_size;
    const struct lq_span body = lq_span(bytes + head, body_size);
    switch (zmtp->state) {
    case LQ_ZMTP_AWAITS_HELLO:
        return go_on(zmtp, take_hello(zmtp, server, body, out));
    case LQ_ZMTP_AWAITS_INITIATE:
        return go_on(zmtp, take_initiate(zmtp, server, body, out));
    case LQ_ZMTP_OPEN:
        return take_box(zmtp, bytes + head, body_size, out, part);
    case LQ_ZMTP_GREETS:
    case LQ_ZMTP_ENDED:
        break;
    }
    LQ_UNREACHABLE();
}
