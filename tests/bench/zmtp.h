// ZMTP 3.1 for a DEALER, with the mechanisms NULL and CURVE (RFC 23, 25, 26): what goes into the
// socket and what came out of it, as bytes. See wire.h for why the generator has its own.
#pragma once

#include "base/buffer.h"
#include "wire.h"

enum zmtp_state { ZMTP_GREETING, ZMTP_WELCOME, ZMTP_READY, ZMTP_OPEN, ZMTP_FAILED };

struct zmtp {
    const struct wire_keys *keys; // NULL: the mechanism NULL
    enum zmtp_state state;
    uint64_t nonce;
    uint8_t short_public[32], short_secret[32], server_short[32];
    uint8_t shared[32]; // of the two short-term keys
};

void zmtp_start(struct zmtp *zmtp, const struct wire_keys *keys, struct lq_buffer *out);

// Takes one whole frame, or the greeting, from `in`; false if there is none yet. A message of the
// peer's is left in *message (borrowed from `in` until the next call), else that is empty.
bool zmtp_take(struct zmtp *zmtp, struct lq_buffer *in, struct lq_buffer *out,
               struct lq_span *message);

void zmtp_send(struct zmtp *zmtp, struct lq_buffer *out, struct lq_span message);
