// Many messages in one frame: requests to a busy service and its answers come in batches, and a
// batch costs the socket no more than each of its members would.
// Between bus and services only. Private to common/bus.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum {
    LQ_BATCH_FRAME_ENOUGH = 64,             // messages, or
    LQ_BATCH_FRAME_ENOUGH_BYTES = 32 * 1024 // bytes; beyond that a larger frame gains nothing
};

// Each member has two parts: the caller (a serialized Stamp) and the request, or a route and the
// reply.
struct lq_batch_frame {
    uint8_t *bytes;
    size_t used, room;
    unsigned count;
};

void lq_batch_frame_add(struct lq_batch_frame *batch, struct lq_span first, struct lq_span second);
bool lq_batch_frame_is_full(const struct lq_batch_frame *batch); // send it now
struct lq_span lq_batch_frame_bytes(const struct lq_batch_frame *batch);
void lq_batch_frame_empty(struct lq_batch_frame *batch);
void lq_batch_frame_free(struct lq_batch_frame *batch);

// Takes the next member off the bytes of a batch frame; false at their end, and where they are not
// a batch frame.
bool lq_batch_frame_take(struct lq_span *rest, struct lq_span *first, struct lq_span *second);
