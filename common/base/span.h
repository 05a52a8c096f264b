// Bytes that somebody else owns.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct lq_span {
    const uint8_t *data;
    size_t size;
};

static inline struct lq_span lq_span(const void *data, size_t size)
{
    return (struct lq_span){.data = data, .size = size};
}

static inline struct lq_span lq_span_text(const char *text)
{
    return lq_span(text, strlen(text));
}

static inline bool lq_ends_with(const char *text, const char *end)
{
    const size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

static inline bool lq_span_equal(struct lq_span a, struct lq_span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
