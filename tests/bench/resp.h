// As much of Redis's protocol (RESP2) as the bench speaks.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

// The size of the reply at the front of the bytes; 0 if it is not there as a whole.
static inline size_t resp_size(struct lq_span bytes)
{
    const uint8_t *end = bytes.size > 0 ? memchr(bytes.data, '\n', bytes.size) : NULL;
    if (end == NULL)
        return 0;
    size_t size = (size_t)(end - bytes.data) + 1;
    const long count = strtol((const char *)bytes.data + 1, NULL, 10); // ends at the '\r'
    if (bytes.data[0] == '$' && count >= 0)
        size += (size_t)count + 2;
    for (long i = 0; bytes.data[0] == '*' && i < count; i++) {
        if (size >= bytes.size)
            return 0;
        const size_t part = resp_size(lq_span(bytes.data + size, bytes.size - size));
        if (part == 0)
            return 0;
        size += part;
    }
    return size <= bytes.size ? size : 0;
}

// Writes a command of these words; returns its size.
static inline size_t resp_command(char *out, size_t room, const char *const *words, size_t count)
{
    size_t size = (size_t)snprintf(out, room, "*%zu\r\n", count);
    for (size_t i = 0; i < count; i++)
        size +=
            (size_t)snprintf(out + size, room - size, "$%zu\r\n%s\r\n", strlen(words[i]), words[i]);
    return size;
}
