// Which variant a Command, Event, Query or Answer is: on the way of every message, so it costs a
// load and, for numbers without gaps, one index.
#include "pb/pb.h"

#include "pb/reflect.h"

// protobuf-c keeps no oneof descriptors; a oneof is where its members say their case is.
static const ProtobufCFieldDescriptor *first_of_oneof(const ProtobufCMessageDescriptor *type)
{
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
            return &type->fields[i];
    return NULL;
}

static const ProtobufCFieldDescriptor *set_member(const ProtobufCMessage *message)
{
    const unsigned number = lq_pb_variant(message);
    if (number == 0)
        return NULL;
    const ProtobufCMessageDescriptor *type = message->descriptor;
    if (number <= type->n_fields && type->fields[number - 1].id == number)
        return &type->fields[number - 1];
    return protobuf_c_message_descriptor_get_field(type, number);
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
