// SHA-256 of what comes in pieces. Between two pieces all that is known of those before is a few
// bytes, which a service keeps in a row: a file of any size is hashed in bounded memory, and goes
// on after a restart where it was. The hash itself is libsodium's.
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum {
    LQ_SHA256_BYTES = 32,
    LQ_SHA256_HEX = 64,       // digits, lower case
    LQ_SHA256_STATE_MOST = 96 // bytes of a state
};

// The state after these bytes, in the arena. `state` is the one after the `before` bytes that came
// before them; of none (before = 0) it is empty.
struct lq_span lq_sha256_add(struct lq_arena *arena, struct lq_span state, uint64_t before,
                             struct lq_span bytes);

// The hash in hexadecimal of the `count` bytes that led to the state; in the arena.
const char *lq_sha256_hex(struct lq_arena *arena, struct lq_span state, uint64_t count);

// Is the text such a hash: 64 hexadecimal digits, in lower case?
bool lq_sha256_is_hex(const char *text);

// The hash of all these bytes in hexadecimal, in the buffer; returns the buffer.
const char *lq_sha256_text(struct lq_span bytes, char buffer[LQ_SHA256_HEX + 1]);
