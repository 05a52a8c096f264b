// Whether a file was cut, by what it says of its own length. What stands behind its end (a
// telephone keeps a short film there) does no harm.
#include <string.h>

#include "lq/evidence/local.h"

static bool begins(const struct lq_local *local, const char *bytes, size_t size, size_t at)
{
    return local->head_size >= at + size && memcmp(local->head + at, bytes, size) == 0;
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

// ---------------------------------------------------------------- JPEG

enum { JPEG_END = 0xd9, JPEG_SCAN = 0xda, JPEG_RESTART = 0xd0, JPEG_RESTART_LAST = 0xd7 };

// The next marker within the picture's data: there 0xff stands before 0 or a restart only.
static bool next_marker(const struct lq_local *local, uint64_t *at)
{
    uint8_t block[4096];
    while (*at + 1 < local->bytes) {
        const uint64_t left = local->bytes - *at;
        const size_t size = left < sizeof block ? (size_t)left : sizeof block;
        if (!lq_local_read(local, (uint32_t)*at, block, size))
            return false;
        for (size_t i = 0; i + 1 < size; i++) {
            const uint8_t next = block[i + 1];
            if (block[i] == 0xff && next != 0 && next != 0xff &&
                (next < JPEG_RESTART || next > JPEG_RESTART_LAST)) {
                *at += i;
                return true;
            }
        }
        *at += size - 1;
    }
    return false;
}

static bool is_whole_jpeg(const struct lq_local *local)
{
    uint64_t at = 2;
    uint8_t mark[4];
    while (at + 2 <= local->bytes) {
        const size_t size = at + 4 <= local->bytes ? 4 : 2;
        if (!lq_local_read(local, (uint32_t)at, mark, size) || mark[0] != 0xff)
            return false;
        if (mark[1] == JPEG_END)
            return true;
        if (mark[1] == 0xff) { // filling
            at++;
            continue;
        }
        if (size < 4)
            return false;
        at += 2 + ((uint64_t)mark[2] << 8 | mark[3]);
        if (mark[1] == JPEG_SCAN && !next_marker(local, &at))
            return false;
    }
    return false;
}

// ---------------------------------------------------------------- PNG, boxes, PDF

static bool is_whole_png(const struct lq_local *local)
{
    uint8_t head[8];
    for (uint64_t at = 8; at + 12 <= local->bytes;) {
        if (!lq_local_read(local, (uint32_t)at, head, sizeof head))
            return false;
        at += 12 + (uint64_t)big_endian(head);
        if (memcmp(head + 4, "IEND", 4) == 0)
            return at <= local->bytes;
    }
    return false;
}

// Boxes one behind the other; the last may say that it goes on to the end.
static bool is_whole_boxes(const struct lq_local *local)
{
    uint8_t head[16];
    uint64_t at = 0;
    while (at + sizeof head <= local->bytes) {
        if (!lq_local_read(local, (uint32_t)at, head, sizeof head))
            return false;
        uint64_t size = big_endian(head);
        if (size == 0)
            return true;
        if (size == 1)
            size = (uint64_t)big_endian(head + 8) << 32 | big_endian(head + 12);
        if (size < 8 || size > local->bytes)
            return false;
        at += size;
    }
    return at <= local->bytes;
}

static bool is_whole_pdf(const struct lq_local *local)
{
    char tail[1024];
    const size_t size = local->bytes < sizeof tail ? local->bytes : sizeof tail;
    return lq_local_read(local, local->bytes - (uint32_t)size, tail, size) &&
           memmem(tail, size, "%%EOF", 5) != NULL;
}

bool lq_local_is_whole(const struct lq_local *local)
{
    if (begins(local, "\xff\xd8\xff", 3, 0))
        return is_whole_jpeg(local);
    if (begins(local, "\x89PNG\r\n\x1a\n", 8, 0))
        return is_whole_png(local);
    if (begins(local, "ftyp", 4, 4))
        return is_whole_boxes(local);
    return !begins(local, "%PDF-", 5, 0) || is_whole_pdf(local);
}
