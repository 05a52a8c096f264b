// Computes the size first, so that one allocation from the arena is enough.
#include "pb/pb.h"

#include "base/assert.h"

struct lq_span lq_pb_encode(struct lq_arena *arena, const ProtobufCMessage *message)
{
    const size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = lq_arena_take(arena, size + 1); // never NULL, also for an empty message
    LQ_ASSERT(protobuf_c_message_pack(message, bytes) == size);
    return lq_span(bytes, size);
}
