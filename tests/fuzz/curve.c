// See curve.h. The layouts are those of RFC 26, in order of their fields.
#include "curve.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "base/bytes.h"

enum { FRAME_COMMAND = 4, FRAME_LONG = 2, HEAD = 9, MOST = 4096 };

// "<16 characters><8 bytes of a counter>"
static void short_nonce(struct curve *curve, const char *text, uint8_t nonce[24])
{
    memcpy(nonce, text, 16);
    lq_put_u64(nonce + 16, ++curve->nonce);
}

void curve_begin(struct curve *curve, const char *server, const struct lq_key_pair *keys)
{
    *curve = (struct curve){0};
    FUZZ_REQUIRE(zmq_z85_decode(curve->server, server) != NULL);
    FUZZ_REQUIRE(zmq_z85_decode(curve->public_key, keys->public_key) != NULL);
    FUZZ_REQUIRE(zmq_z85_decode(curve->secret_key, keys->secret_key) != NULL);
    crypto_box_keypair(curve->short_public, curve->short_secret);
}

void curve_greeting(uint8_t out[CURVE_GREETING])
{
    memset(out, 0, CURVE_GREETING);
    out[0] = 0xff;
    out[9] = 0x7f;
    out[10] = 3;
    out[11] = 1;
    memcpy(out + 12, "CURVE", 5);
}

void curve_hello(struct curve *curve, uint8_t out[CURVE_HELLO])
{
    static const uint8_t zeros[64];
    uint8_t nonce[24];
    short_nonce(curve, "CurveZMQHELLO---", nonce);
    memset(out, 0, CURVE_HELLO);
    out[0] = FRAME_COMMAND;
    out[1] = CURVE_HELLO - 2;
    memcpy(out + 2, "\x05HELLO\x01\x00", 8);
    memcpy(out + 2 + 80, curve->short_public, 32);
    memcpy(out + 2 + 112, nonce + 16, 8);
    FUZZ_REQUIRE(crypto_box_easy(out + 2 + 120, zeros, sizeof zeros, nonce, curve->server,
                                 curve->short_secret) == 0);
}

bool curve_welcome(struct curve *curve, const uint8_t in[CURVE_WELCOME])
{
    uint8_t nonce[24], plain[128];
    if (memcmp(in + 2, "\x07WELCOME", 8) != 0)
        return false;
    memcpy(nonce, "WELCOME-", 8);
    memcpy(nonce + 8, in + 10, 16);
    if (crypto_box_open_easy(plain, in + 26, 144, nonce, curve->server, curve->short_secret) != 0)
        return false;
    memcpy(curve->short_server, plain, 32);
    memcpy(curve->cookie, plain + 32, 96);
    return true;
}

static size_t finish_frame(uint8_t *out, uint8_t flags, size_t size)
{
    out[0] = flags | FRAME_LONG;
    lq_put_u64(out + 1, size);
    return HEAD + size;
}

size_t curve_initiate(struct curve *curve, struct lq_span metadata, uint8_t out[CURVE_ROOM])
{
    uint8_t nonce[24], vouch[64], plain[128 + MOST], *body = out + HEAD;
    const size_t size = metadata.size < MOST ? metadata.size : MOST;
    memcpy(nonce, "VOUCH---", 8);
    randombytes_buf(nonce + 8, 16);
    memcpy(vouch, curve->short_public, 32);
    memcpy(vouch + 32, curve->server, 32);
    memcpy(plain, curve->public_key, 32);
    memcpy(plain + 32, nonce + 8, 16);
    FUZZ_REQUIRE(crypto_box_easy(plain + 48, vouch, sizeof vouch, nonce, curve->short_server,
                                 curve->secret_key) == 0);
    if (size > 0)
        memcpy(plain + 128, metadata.data, size);
    short_nonce(curve, "CurveZMQINITIATE", nonce);
    memcpy(body, "\x08INITIATE", 9);
    memcpy(body + 9, curve->cookie, 96);
    memcpy(body + 105, nonce + 16, 8);
    FUZZ_REQUIRE(crypto_box_easy(body + 113, plain, 128 + size, nonce, curve->short_server,
                                 curve->short_secret) == 0);
    return finish_frame(out, FRAME_COMMAND, 113 + 16 + 128 + size);
}

size_t curve_message(struct curve *curve, uint8_t flags, struct lq_span payload,
                     uint8_t out[CURVE_ROOM])
{
    uint8_t nonce[24], plain[1 + MOST], *body = out + HEAD;
    const size_t size = payload.size < MOST ? payload.size : MOST;
    plain[0] = flags;
    if (size > 0)
        memcpy(plain + 1, payload.data, size);
    short_nonce(curve, "CurveZMQMESSAGEC", nonce);
    memcpy(body, "\x07MESSAGE", 8);
    memcpy(body + 8, nonce + 16, 8);
    FUZZ_REQUIRE(crypto_box_easy(body + 16, plain, 1 + size, nonce, curve->short_server,
                                 curve->short_secret) == 0);
    return finish_frame(out, 0, 16 + 16 + 1 + size);
}
