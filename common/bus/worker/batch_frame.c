// A member is the sizes of its two parts, four bytes each, big endian, and the parts.
#include "bus/worker/batch_frame.h"

#include <stdlib.h>

#include "base/assert.h"

enum { HEAD = 8, KEEP = 4 * LQ_BATCH_FRAME_ENOUGH_BYTES };

static void put_size(uint8_t out[4], size_t size)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(size >> (8 * (3 - i)));
}

static size_t get_size(const uint8_t in[4])
{
    return (size_t)in[0] << 24 | (size_t)in[1] << 16 | (size_t)in[2] << 8 | in[3];
}

static void make_room(struct lq_batch_frame *batch, size_t size)
{
    if (batch->room - batch->used >= size)
        return;
    while (batch->room - batch->used < size)
        batch->room = batch->room == 0 ? 2 * LQ_BATCH_FRAME_ENOUGH_BYTES : batch->room * 2;
    batch->bytes = realloc(batch->bytes, batch->room);
    LQ_ASSERT(batch->bytes != NULL);
}

void lq_batch_frame_add(struct lq_batch_frame *batch, struct lq_span first, struct lq_span second)
{
    LQ_ASSERT(first.size <= UINT32_MAX && second.size <= UINT32_MAX);
    make_room(batch, HEAD + first.size + second.size);
    uint8_t *at = batch->bytes + batch->used;
    put_size(at, first.size);
    put_size(at + 4, second.size);
    if (first.size > 0)
        memcpy(at + HEAD, first.data, first.size);
    if (second.size > 0)
        memcpy(at + HEAD + first.size, second.data, second.size);
    batch->used += HEAD + first.size + second.size;
    batch->count++;
}

bool lq_batch_frame_is_full(const struct lq_batch_frame *batch)
{
    return batch->count >= LQ_BATCH_FRAME_ENOUGH || batch->used >= LQ_BATCH_FRAME_ENOUGH_BYTES;
}

struct lq_span lq_batch_frame_bytes(const struct lq_batch_frame *batch)
{
    return lq_span(batch->bytes, batch->used);
}

void lq_batch_frame_empty(struct lq_batch_frame *batch)
{
    batch->used = 0;
    batch->count = 0;
    if (batch->room > KEEP) // so that one large reply does not keep its memory for ever
        lq_batch_frame_free(batch);
}

void lq_batch_frame_free(struct lq_batch_frame *batch)
{
    free(batch->bytes);
    *batch = (struct lq_batch_frame){0};
}

bool lq_batch_frame_take(struct lq_span *rest, struct lq_span *first, struct lq_span *second)
{
    if (rest->size < HEAD)
        return false;
    const size_t a = get_size(rest->data), b = get_size(rest->data + 4);
    if (a + b > rest->size - HEAD)
        return false;
    *first = lq_span(rest->data + HEAD, a);
    *second = lq_span(rest->data + HEAD + a, b);
    *rest = lq_span(rest->data + HEAD + a + b, rest->size - HEAD - a - b);
    return true;
}
