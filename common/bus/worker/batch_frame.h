// Many messages in one frame. What a busy service is asked, and what it answers, comes in crowds;
// one frame for the crowd costs sockets and threads what one frame for each member would cost.
// Between bus and services only. Private to common/bus.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum {
    LQ_BUNDLE_ENOUGH = 64,             // messages, or
    LQ_BUNDLE_ENOUGH_BYTES = 32 * 1024 // bytes, from which on waiting for more gains nothing
};

// Each member is two parts: a stamp and a request, or a route and a reply.
struct lq_bundle {
    uint8_t *bytes;
    size_t used, room;
    unsigned count;
};

void lq_bundle_add(struct lq_bundle *bundle, struct lq_span first, struct lq_span second);
bool lq_bundle_is_full(const struct lq_bundle *bundle); // send it now
struct lq_span lq_bundle_bytes(const struct lq_bundle *bundle);
void lq_bundle_empty(struct lq_bundle *bundle);
void lq_bundle_free(struct lq_bundle *bundle);

// Takes the next member off the bytes of a bundle; false at their end, and where they are not a
// bundle.
bool lq_bundle_take(struct lq_span *rest, struct lq_span *first, struct lq_span *second);
