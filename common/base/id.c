#include "base/id.h"

#include <sodium.h>
#include <stdio.h>

static struct lq_id with_time(int64_t at_ms, const uint8_t random[LQ_ID_SIZE])
{
    struct lq_id id;
    memcpy(id.bytes, random, LQ_ID_SIZE);
    const uint64_t ms = at_ms < 0 ? 0 : (uint64_t)at_ms;
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(ms >> (8 * (5 - i)));
    id.bytes[6] = (uint8_t)(0x70 | (id.bytes[6] & 0x0f)); // version 7
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f)); // variant of RFC 9562
    return id;
}

struct lq_id lq_id_new(int64_t at_ms)
{
    uint8_t random[LQ_ID_SIZE];
    randombytes_buf(random, sizeof random);
    return with_time(at_ms, random);
}

struct lq_id lq_id_derive(int64_t at_ms, struct lq_span what)
{
    uint8_t hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, what.data, what.size, NULL, 0);
    return with_time(at_ms, hash);
}

const char *lq_id_format(struct lq_id id, char *buffer)
{
    char *out = buffer;
    for (int i = 0; i < LQ_ID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        out += sprintf(out, "%02x", id.bytes[i]);
    }
    return buffer;
}

bool lq_id_parse(const char *text, struct lq_id *out)
{
    struct lq_id id;
    size_t size;
    if (strlen(text) != LQ_ID_TEXT - 1 ||
        sodium_hex2bin(id.bytes, sizeof id.bytes, text, LQ_ID_TEXT - 1, "-", &size, NULL) != 0)
        return false;
    return lq_id_from_span(lq_span(id.bytes, size), out);
}

bool lq_id_from_span(struct lq_span bytes, struct lq_id *out)
{
    if (bytes.size != LQ_ID_SIZE || (bytes.data[6] >> 4) != 7 || (bytes.data[8] >> 6) != 2)
        return false;
    memcpy(out->bytes, bytes.data, LQ_ID_SIZE);
    return true;
}
