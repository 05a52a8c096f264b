#include "base/id.h"

#include <sodium.h>
#include <stdio.h>

enum { OF_SENDERS = 7, OF_SERVICES = 8 };

static struct lq_id with_time(int64_t at_ms, const uint8_t random[LQ_ID_SIZE], unsigned version)
{
    struct lq_id id;
    memcpy(id.bytes, random, LQ_ID_SIZE);
    const uint64_t ms = at_ms < 0 ? 0 : (uint64_t)at_ms;
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(ms >> (8 * (5 - i)));
    id.bytes[6] = (uint8_t)(version << 4 | (id.bytes[6] & 0x0f));
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f)); // variant of RFC 9562
    return id;
}

struct lq_id lq_id_new(int64_t at_ms)
{
    uint8_t random[LQ_ID_SIZE];
    randombytes_buf(random, sizeof random);
    return with_time(at_ms, random, OF_SENDERS);
}

static struct lq_id derive(int64_t at_ms, struct lq_span what, unsigned version)
{
    uint8_t hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, what.data, what.size, NULL, 0);
    return with_time(at_ms, hash, version);
}

struct lq_id lq_id_derive(int64_t at_ms, struct lq_span what)
{
    return derive(at_ms, what, OF_SENDERS);
}

struct lq_id lq_id_derive_own(int64_t at_ms, struct lq_span what)
{
    return derive(at_ms, what, OF_SERVICES);
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

// The version of a UUID of RFC 9562; 0 for bytes that are none.
static unsigned version_of(struct lq_span bytes)
{
    return bytes.size == LQ_ID_SIZE && (bytes.data[8] >> 6) == 2 ? bytes.data[6] >> 4 : 0;
}

bool lq_id_from_span(struct lq_span bytes, struct lq_id *out)
{
    return version_of(bytes) == OF_SENDERS && lq_id_from_record(bytes, out);
}

bool lq_id_from_record(struct lq_span bytes, struct lq_id *out)
{
    const unsigned version = version_of(bytes);
    if (version != OF_SENDERS && version != OF_SERVICES)
        return false;
    memcpy(out->bytes, bytes.data, LQ_ID_SIZE);
    return true;
}
