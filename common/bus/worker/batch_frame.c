// A member is the sizes of its two parts, four bytes each with the most significant first, and the
// parts.
#include "bus/worker/batch_frame.h"

#include <stdlib.h>

#include "base/assert.h"

enum { HEAD = 8, KEEP = 4 * LQ_BUNDLE_ENOUGH_BYTES };

static void put_size(uint8_t out[4], size_t size)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(size >> (8 * (3 - i)));
}

static size_t get_size(const uint8_t in[4])
{
    return (size_t)in[0] << 24 | (size_t)in[1] << 16 | (size_t)in[2] << 8 | in[3];
}

static void make_room(struct lq_bundle *bundle, size_t size)
{
    if (bundle->room - bundle->used >= size)
        return;
    while (bundle->room - bundle->used < size)
        bundle->room = bundle->room == 0 ? 2 * LQ_BUNDLE_ENOUGH_BYTES : bundle->room * 2;
    bundle->bytes = realloc(bundle->bytes, bundle->room);
    LQ_ASSERT(bundle->bytes != NULL);
}

void lq_bundle_add(struct lq_bundle *bundle, struct lq_span first, struct lq_span second)
{
    LQ_ASSERT(first.size <= UINT32_MAX && second.size <= UINT32_MAX);
    make_room(bundle, HEAD + first.size + second.size);
    uint8_t *at = bundle->bytes + bundle->used;
    put_size(at, first.size);
    put_size(at + 4, second.size);
    if (first.size > 0)
        memcpy(at + HEAD, first.data, first.size);
    if (second.size > 0)
        memcpy(at + HEAD + first.size, second.data, second.size);
    bundle->used += HEAD + first.size + second.size;
    bundle->count++;
}

bool lq_bundle_is_full(const struct lq_bundle *bundle)
{
    return bundle->count >= LQ_BUNDLE_ENOUGH || bundle->used >= LQ_BUNDLE_ENOUGH_BYTES;
}

struct lq_span lq_bundle_bytes(const struct lq_bundle *bundle)
{
    return lq_span(bundle->bytes, bundle->used);
}

void lq_bundle_empty(struct lq_bundle *bundle)
{
    bundle->used = 0;
    bundle->count = 0;
    if (bundle->room > KEEP) // one large reply does not cost its memory for ever
        lq_bundle_free(bundle);
}

void lq_bundle_free(struct lq_bundle *bundle)
{
    free(bundle->bytes);
    *bundle = (struct lq_bundle){0};
}

bool lq_bundle_take(struct lq_span *rest, struct lq_span *first, struct lq_span *second)
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
