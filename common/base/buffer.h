// A byte queue: bytes are added at the end and taken from the front. A zeroed one is empty. It owns
// its memory; free it with lq_buffer_free.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/span.h"

struct lq_buffer {
    uint8_t *bytes;
    size_t begin, end, room;
};

static inline size_t lq_buffer_size(const struct lq_buffer *buffer)
{
    return buffer->end - buffer->begin;
}

static inline struct lq_span lq_buffer_span(const struct lq_buffer *buffer)
{
    return (struct lq_span){.data = buffer->bytes + buffer->begin, .size = lq_buffer_size(buffer)};
}

// Makes room for `size` more bytes and returns where they go. Earlier pointers become invalid.
static inline uint8_t *lq_buffer_reserve(struct lq_buffer *buffer, size_t size)
{
    if (buffer->begin == buffer->end)
        buffer->begin = buffer->end = 0;
    // compact only when less remains than has been consumed, so that each byte moves once at most
    if (buffer->end + size > buffer->room && buffer->begin > buffer->end - buffer->begin) {
        memmove(buffer->bytes, buffer->bytes + buffer->begin, buffer->end - buffer->begin);
        buffer->end -= buffer->begin;
        buffer->begin = 0;
    }
    if (buffer->end + size > buffer->room) {
        const size_t twice = 2 * buffer->room, wanted = buffer->end + size;
        buffer->room = twice > wanted ? twice : wanted;
        buffer->bytes = realloc(buffer->bytes, buffer->room);
        LQ_ASSERT(buffer->bytes != NULL);
    }
    return buffer->bytes + buffer->end;
}

static inline void lq_buffer_add(struct lq_buffer *buffer, const void *bytes, size_t size)
{
    memcpy(lq_buffer_reserve(buffer, size), bytes, size);
    buffer->end += size;
}

static inline void lq_buffer_free(struct lq_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct lq_buffer){0};
}
