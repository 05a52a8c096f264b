#include "pb/build.h"

#include <string.h>

#include "base/assert.h"
#include "pb/pb.h"

static void *place(ProtobufCMessage *message, unsigned offset)
{
    return (char *)message + offset;
}

static char *writable(const char *text)
{
    return (char *)(uintptr_t)text; // messages do not know const
}

ProtobufCMessage *lq_pb_new(struct lq_arena *arena, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = lq_arena_alloc(arena, type->sizeof_message);
    type->message_init(message);
    return message;
}

ProtobufCMessage *lq_pb_wrap(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                             const char *member, ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, member);
    LQ_ASSERT(field != NULL && field->descriptor == message->descriptor);
    return lq_pb_variant_of(arena, type, field->id, message);
}

void lq_pb_set_text(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                    const char *text)
{
    LQ_ASSERT(field->type == PROTOBUF_C_TYPE_STRING && field->label != PROTOBUF_C_LABEL_REPEATED);
    *(char **)place(message, field->offset) = writable(text);
}

void lq_pb_set_integer(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                       int64_t number)
{
    void *value = place(message, field->offset);
    LQ_ASSERT(field->label != PROTOBUF_C_LABEL_REPEATED);
    switch (field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)value = number != 0;
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(int64_t *)value = number;
        break;
    default: // of 32 bits, with a sign or without
        LQ_ASSERT(field->type == PROTOBUF_C_TYPE_INT32 || field->type == PROTOBUF_C_TYPE_SINT32 ||
                  field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_ENUM);
        *(int32_t *)value = (int32_t)number;
    }
}

void lq_pb_add_text(struct lq_arena *arena, ProtobufCMessage *message,
                    const ProtobufCFieldDescriptor *field, const char *text)
{
    size_t *count = place(message, field->quantifier_offset);
    char ***texts = place(message, field->offset);
    LQ_ASSERT(field->type == PROTOBUF_C_TYPE_STRING && field->label == PROTOBUF_C_LABEL_REPEATED);
    char **more = LQ_NEW_ARRAY(arena, char *, *count + 1);
    if (*count > 0)
        memcpy(more, *texts, *count * sizeof *more);
    more[(*count)++] = writable(text);
    *texts = more;
}

void lq_pb_add_number(struct lq_arena *arena, ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field, int32_t number)
{
    size_t *count = place(message, field->quantifier_offset);
    int32_t **numbers = place(message, field->offset);
    LQ_ASSERT(field->type == PROTOBUF_C_TYPE_ENUM && field->label == PROTOBUF_C_LABEL_REPEATED);
    int32_t *more = LQ_NEW_ARRAY(arena, int32_t, *count + 1);
    if (*count > 0)
        memcpy(more, *numbers, *count * sizeof *more);
    more[(*count)++] = number;
    *numbers = more;
}
