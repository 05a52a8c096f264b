// The range of the second byte rules out overlong forms, surrogates and numbers past U+10FFFF.
#include "pb/utf8.h"

struct lead {
    size_t size;
    uint8_t low, high; // the second byte's range
    uint8_t mask;
};

static struct lead lead_of(uint8_t byte)
{
    if (byte < 0x80)
        return (struct lead){1, 0, 0, 0x7f};
    if (byte >= 0xc2 && byte <= 0xdf)
        return (struct lead){2, 0x80, 0xbf, 0x1f};
    if (byte >= 0xe0 && byte <= 0xef)
        return (struct lead){3, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf, 0x0f};
    if (byte >= 0xf0 && byte <= 0xf4)
        return (struct lead){4, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf, 0x07};
    return (struct lead){0};
}

size_t lq_utf8_next(struct lq_span bytes, uint32_t *out)
{
    if (bytes.size == 0)
        return 0;
    const struct lead lead = lead_of(bytes.data[0]);
    if (lead.size == 0 || lead.size > bytes.size)
        return 0;
    uint32_t character = bytes.data[0] & lead.mask;
    for (size_t i = 1; i < lead.size; i++) {
        const uint8_t byte = bytes.data[i];
        if (byte < (i == 1 ? lead.low : 0x80) || byte > (i == 1 ? lead.high : 0xbf))
            return 0;
        character = character << 6 | (byte & 0x3f);
    }
    *out = character;
    return lead.size;
}

bool lq_utf8_valid(struct lq_span bytes)
{
    uint32_t character;
    for (size_t at = 0, size; at < bytes.size; at += size) {
        size = lq_utf8_next(lq_span(bytes.data + at, bytes.size - at), &character);
        if (size == 0)
            return false;
    }
    return true;
}
