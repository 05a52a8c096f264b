// Bytes that come in at the end and go out at the front.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/span.h"

struct buffer {
    uint8_t *bytes;
    size_t begin, end, room;
};

// Makes room for so many more; gives where they go.
static inline uint8_t *buffer_reserve(struct buffer *buffer, size_t size)
{
    if (buffer->begin == buffer->end)
        buffer->begin = buffer->end = 0;
    if (buffer->end + size > buffer->room && buffer->begin > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->begin, buffer->end - buffer->begin);
        buffer->end -= buffer->begin;
        buffer->begin = 0;
    }
    if (buffer->end + size > buffer->room) {
        buffer->room = 2 * (buffer->end + size);
        buffer->bytes = realloc(buffer->bytes, buffer->room);
        LQ_ASSERT(buffer->bytes != NULL);
    }
    return buffer->bytes + buffer->end;
}

static inline void buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
    memcpy(buffer_reserve(buffer, size), bytes, size);
    buffer->end += size;
}

static inline struct lq_span buffer_span(const struct buffer *buffer)
{
    return lq_span(buffer->bytes + buffer->begin, buffer->end - buffer->begin);
}
