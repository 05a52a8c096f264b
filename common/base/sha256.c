// A state is the eight words of SHA-256, the most significant byte first, and the bytes of the
// block that is not full yet: the same on every machine. libsodium's struct has just that.
#include "base/sha256.h"

#include <sodium.h>

#include "base/assert.h"

enum { WORDS = 8, BLOCK = 64 };

static void load(crypto_hash_sha256_state *hash, struct lq_span state, uint64_t count)
{
    crypto_hash_sha256_init(hash);
    if (count == 0)
        return;
    const size_t rest = count % BLOCK;
    LQ_ASSERT(state.size == 4 * WORDS + rest);
    for (int i = 0; i < WORDS; i++) {
        const uint8_t *at = state.data + 4 * i;
        hash->state[i] =
            (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    hash->count = count * 8; // in bits
    memcpy(hash->buf, state.data + 4 * WORDS, rest);
}

struct lq_span lq_sha256_add(struct lq_arena *arena, struct lq_span state, uint64_t before,
                             struct lq_span bytes)
{
    crypto_hash_sha256_state hash;
    load(&hash, state, before);
    crypto_hash_sha256_update(&hash, bytes.data, bytes.size);
    const size_t rest = (before + bytes.size) % BLOCK;
    uint8_t *out = lq_arena_alloc(arena, 4 * WORDS + rest);
    for (int i = 0; i < WORDS; i++)
        for (int b = 0; b < 4; b++)
            out[4 * i + b] = (uint8_t)(hash.state[i] >> (24 - 8 * b));
    memcpy(out + 4 * WORDS, hash.buf, rest);
    return lq_span(out, 4 * WORDS + rest);
}

static void finish(crypto_hash_sha256_state *hash, char hex[LQ_SHA256_HEX + 1])
{
    static const char DIGITS[] = "0123456789abcdef";
    uint8_t bytes[LQ_SHA256_BYTES];
    crypto_hash_sha256_final(hash, bytes);
    for (int i = 0; i < LQ_SHA256_BYTES; i++) {
        hex[2 * i] = DIGITS[bytes[i] >> 4];
        hex[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    hex[LQ_SHA256_HEX] = '\0';
}

const char *lq_sha256_hex(struct lq_arena *arena, struct lq_span state, uint64_t count)
{
    crypto_hash_sha256_state hash;
    load(&hash, state, count);
    char *hex = lq_arena_alloc(arena, LQ_SHA256_HEX + 1);
    finish(&hash, hex);
    return hex;
}

const char *lq_sha256_text(struct lq_span bytes, char buffer[LQ_SHA256_HEX + 1])
{
    crypto_hash_sha256_state hash;
    crypto_hash_sha256_init(&hash);
    crypto_hash_sha256_update(&hash, bytes.data, bytes.size);
    finish(&hash, buffer);
    return buffer;
}

bool lq_sha256_is_hex(const char *text)
{
    return strspn(text, "0123456789abcdef") == LQ_SHA256_HEX && text[LQ_SHA256_HEX] == '\0';
}
