// The client's half of ZMTP 3.1 with CURVE (RFC 23, 26), by hand, so that an input can speak at any
// point of a handshake.
#pragma once

#include "bus/keyring/keys.h"
#include "fuzz.h"

struct curve {
    uint8_t server[32];                         // the bus's long-term public key
    uint8_t public_key[32], secret_key[32];     // the client's own
    uint8_t short_public[32], short_secret[32]; // of this connection
    uint8_t short_server[32], cookie[96];       // from WELCOME
    uint64_t nonce;
};

enum { CURVE_GREETING = 64, CURVE_HELLO = 202, CURVE_WELCOME = 170, CURVE_ROOM = 8192 };

void curve_begin(struct curve *curve, const char *server, const struct lq_key_pair *keys);
void curve_greeting(uint8_t out[CURVE_GREETING]);
void curve_hello(struct curve *curve, uint8_t out[CURVE_HELLO]);
bool curve_welcome(struct curve *curve, const uint8_t in[CURVE_WELCOME]);

// Both return the size; what does not fit in CURVE_ROOM is cut off.
size_t curve_initiate(struct curve *curve, struct lq_span metadata, uint8_t out[CURVE_ROOM]);
size_t curve_message(struct curve *curve, uint8_t flags, struct lq_span payload,
                     uint8_t out[CURVE_ROOM]);
