// Which variant a Command, Event, Query or Answer is. This is on the hot path: a load and, for
// field numbers without gaps, one index.
#include "pb/pb.h"

#include <string.h>

#include "base/assert.h"
#include "pb/build.h"
#include "pb/reflect.h"

// protobuf-c has no descriptors of oneofs; members of one share the offset of their case.
static const ProtobufCFieldDescriptor *first_of_oneof(const ProtobufCMessageDescriptor *type)
{
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
            return &type->fields[i];
    return NULL;
}

static const ProtobufCFieldDescriptor *member_of(const ProtobufCMessageDescriptor *type,
                                                 unsigned number)
{
    if (number <= type->n_fields && type->fields[number - 1].id == number)
        return &type->fields[number - 1];
    return protobuf_c_message_descriptor_get_field(type, number);
}

static const ProtobufCFieldDescriptor *set_member(const ProtobufCMessage *message)
{
    const unsigned number = lq_pb_variant(message);
    return number != 0 ? member_of(message->descriptor, number) : NULL;
}

unsigned lq_pb_variant(const ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *first = first_of_oneof(message->descriptor);
    return first != NULL ? lq_pb_case(message, first) : 0;
}

const char *lq_pb_variant_name(const ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *member = set_member(message);
    return member != NULL ? member->name : "";
}

const ProtobufCMessage *lq_pb_variant_message(const ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *member = set_member(message);
    if (member == NULL || member->type != PROTOBUF_C_TYPE_MESSAGE)
        return NULL;
    return lq_pb_message_at(lq_pb_value(message, member, 0));
}

ProtobufCMessage *lq_pb_variant_of(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                   unsigned variant, const ProtobufCMessage *member)
{
    const ProtobufCFieldDescriptor *field = member_of(type, variant);
    LQ_ASSERT(field != NULL);
    if (field->descriptor != member->descriptor)
        member = lq_pb_project(arena, field->descriptor, member);
    ProtobufCMessage *message = lq_pb_new(arena, type);
    memcpy((char *)message + field->quantifier_offset, &field->id, sizeof field->id);
    memcpy((char *)message + field->offset, &member, sizeof member);
    return message;
}
