#include "lq/pair/link.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"

enum { CHECK_BYTES = 4, LINK_BYTES = 2 * LQ_KEY_BYTES + CHECK_BYTES };
enum {
    LINK_TEXT = sodium_base64_ENCODED_LEN(LINK_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
};

const char *lq_pair_link(struct lq_arena *arena, const char *page,
                         const struct lq_key_pair *one_time, const char *bus_public_key)
{
    uint8_t bytes[LINK_BYTES], hash[crypto_hash_sha256_BYTES];
    char text[LINK_TEXT];
    LQ_ASSERT(zmq_z85_decode(bytes, one_time->secret_key) != NULL);
    LQ_ASSERT(zmq_z85_decode(bytes + LQ_KEY_BYTES, bus_public_key) != NULL);
    (void)crypto_hash_sha256(hash, bytes, (unsigned long long)2 * LQ_KEY_BYTES);
    memcpy(bytes + (size_t)2 * LQ_KEY_BYTES, hash, CHECK_BYTES);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    const char *link = lq_arena_format(arena, "%s/pair#%s", page, text);
    sodium_memzero(text, sizeof text);
    return link;
}

const char *lq_pair_number(const char *one_time_public_key, const uint8_t public_key[LQ_KEY_BYTES],
                           char buffer[LQ_PAIR_NUMBER])
{
    static const char WHAT[] = "lianqin pair";
    uint8_t one_time[LQ_KEY_BYTES], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    uint64_t number = 0;
    LQ_ASSERT(zmq_z85_decode(one_time, one_time_public_key) != NULL);
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const uint8_t *)WHAT, strlen(WHAT));
    (void)crypto_hash_sha256_update(&state, one_time, sizeof one_time);
    (void)crypto_hash_sha256_update(&state, public_key, LQ_KEY_BYTES);
    (void)crypto_hash_sha256_final(&state, hash);
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | hash[i];
    snprintf(buffer, LQ_PAIR_NUMBER, "%04u %04u %04u", (unsigned)(number / 100000000 % 10000),
             (unsigned)(number / 10000 % 10000), (unsigned)(number % 10000));
    return buffer;
}
