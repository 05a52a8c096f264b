// Copies a message into a type with the same fields: an event into the row that it makes, a row
// into the answer.
#include <string.h>

#include "base/assert.h"
#include "pb/build.h"
#include "pb/pb.h"

static const uint8_t VALUE_SIZE[] = {
    [PROTOBUF_C_TYPE_INT32] = 4,
    [PROTOBUF_C_TYPE_SINT32] = 4,
    [PROTOBUF_C_TYPE_SFIXED32] = 4,
    [PROTOBUF_C_TYPE_INT64] = 8,
    [PROTOBUF_C_TYPE_SINT64] = 8,
    [PROTOBUF_C_TYPE_SFIXED64] = 8,
    [PROTOBUF_C_TYPE_UINT32] = 4,
    [PROTOBUF_C_TYPE_FIXED32] = 4,
    [PROTOBUF_C_TYPE_UINT64] = 8,
    [PROTOBUF_C_TYPE_FIXED64] = 8,
    [PROTOBUF_C_TYPE_FLOAT] = 4,
    [PROTOBUF_C_TYPE_DOUBLE] = 8,
    [PROTOBUF_C_TYPE_BOOL] = sizeof(protobuf_c_boolean),
    [PROTOBUF_C_TYPE_ENUM] = 4,
    [PROTOBUF_C_TYPE_STRING] = sizeof(char *),
    [PROTOBUF_C_TYPE_BYTES] = sizeof(ProtobufCBinaryData),
    [PROTOBUF_C_TYPE_MESSAGE] = sizeof(void *),
};

static void copy_field(void *to, const ProtobufCFieldDescriptor *target, const void *from,
                       const ProtobufCFieldDescriptor *source)
{
    LQ_ASSERT(target->type == source->type && target->label == source->label &&
              target->descriptor == source->descriptor &&
              ((target->flags | source->flags) & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0);
    const bool repeated = target->label == PROTOBUF_C_LABEL_REPEATED;
    if (repeated)
        memcpy((char *)to + target->quantifier_offset,
               (const char *)from + source->quantifier_offset, sizeof(size_t));
    memcpy((char *)to + target->offset, (const char *)from + source->offset,
           repeated ? sizeof(void *) : VALUE_SIZE[target->type]);
}

void *lq_pb_project(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                    const void *message)
{
    const ProtobufCMessageDescriptor *from = ((const ProtobufCMessage *)message)->descriptor;
    ProtobufCMessage *to = lq_pb_new(arena, type);
    // Both lists of fields rise by number.
    for (unsigned i = 0, j = 0; i < type->n_fields && j < from->n_fields;) {
        if (type->fields[i].id < from->fields[j].id)
            i++;
        else if (type->fields[i].id > from->fields[j].id)
            j++;
        else
            copy_field(to, &type->fields[i++], message, &from->fields[j++]);
    }
    return to;
}

bool lq_pb_covers(const ProtobufCMessageDescriptor *type, const ProtobufCMessageDescriptor *other)
{
    if (type == other)
        return true;
    // Both lists of fields rise by number.
    unsigned found = 0;
    for (unsigned i = 0; i < type->n_fields && found < other->n_fields; i++)
        found += type->fields[i].id == other->fields[found].id;
    return found == other->n_fields;
}
