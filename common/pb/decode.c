// Decoding into the batch's arena. lq_pb_check has validated every byte, so protobuf-c can fail
// only for want of memory: a few bytes may ask for much more. The allocator therefore counts, and
// returns NULL past the limit; protobuf-c then cleans up and returns NULL (as of 1.4.1).
#include "pb/pb.h"

#include <string.h>

struct allowance {
    struct lq_arena *arena;
    size_t left;
};

static void *allowance_alloc(void *data, size_t size)
{
    struct allowance *allowance = data;
    if (size > allowance->left)
        return NULL;
    const size_t charged = size < 16 ? 16 : (size + 15) / 16 * 16; // as the arena rounds up
    if (charged > allowance->left)
        return NULL;
    allowance->left -= charged;
    return lq_arena_take(allowance->arena, size); // protobuf-c sets what it reads
}

static void allowance_free(void *data, void *pointer)
{
    (void)data, (void)pointer; // the arena is emptied at once
}

static ProtobufCMessage *unpack(struct lq_arena *arena, size_t memory_bytes,
                                const ProtobufCMessageDescriptor *type, struct lq_span bytes)
{
    struct allowance allowance = {.arena = arena, .left = memory_bytes};
    ProtobufCAllocator allocator = {allowance_alloc, allowance_free, &allowance};
    return protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
}

ProtobufCMessage *lq_pb_decode_own(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                   struct lq_span bytes)
{
    return unpack(arena, LQ_PB_RECORD.memory_bytes, type, bytes);
}

ProtobufCMessage *lq_pb_decode_within(const struct lq_pb_limits *limits, struct lq_arena *arena,
                                      const ProtobufCMessageDescriptor *type, struct lq_span bytes,
                                      const char **why)
{
    const char *reason = lq_pb_check(limits, arena, type, bytes);
    if (reason != NULL) {
        *why = reason;
        return NULL;
    }
    ProtobufCMessage *message = unpack(arena, limits->memory_bytes, type, bytes);
    if (message == NULL)
        *why = lq_arena_format(arena, "%s: would take more than %zu bytes of memory",
                               type->short_name, limits->memory_bytes);
    return message;
}

ProtobufCMessage *lq_pb_decode(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                               struct lq_span bytes, const char **why)
{
    return lq_pb_decode_within(&LQ_PB_REQUEST, arena, type, bytes, why);
}

bool lq_pb_identifier(const char *text)
{
    size_t size = 0;
    for (; text[size] != '\0'; size++) {
        const unsigned char byte = (unsigned char)text[size];
        if (byte <= ' ' || byte == 0x7f || size == LQ_PB_IDENTIFIER_BYTES)
            return false;
    }
    return size > 0;
}

bool lq_pb_key(const char *text)
{
    return text[0] != '\0' && strlen(text) <= LQ_PB_IDENTIFIER_BYTES;
}
