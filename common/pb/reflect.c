// Walking messages by descriptor.
#include "pb/reflect.h"

#include <string.h>

#include "base/assert.h"
#include "base/span.h"
#include "base/time.h"

// Milliseconds between these (1973 and the year 9999) are an instant: no term is three years long,
// and no raid was earlier.
static const int64_t FIRST_INSTANT = 100000000000, LAST_INSTANT = 253402271999999;
static const int64_t LAST_DAY = 2932896; // 9999-12-31

static const void *place(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

size_t lq_pb_value_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    default:
        return 4;
    }
}

size_t lq_pb_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)place(message, field->quantifier_offset);
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) && lq_pb_case(message, field) != field->id)
        return 0;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return lq_pb_message_at(place(message, field->offset)) != NULL;
    return 1; // there is no `optional`: protoc-c refuses it in proto3
}

const void *lq_pb_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        size_t index)
{
    const void *value = place(message, field->offset);
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return value;
    return *(const char *const *)value + index * lq_pb_value_size(field->type);
}

const ProtobufCMessage *lq_pb_message_at(const void *value)
{
    return *(const ProtobufCMessage *const *)value;
}

const char *lq_pb_text_at(const void *value)
{
    const char *text = *(const char *const *)value;
    return text != NULL ? text : "";
}

int64_t lq_pb_integer_at(ProtobufCType type, const void *value)
{
    switch (type) {
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return *(const uint32_t *)value;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)value;
    default:
        LQ_ASSERT(lq_pb_value_size(type) == 4 || lq_pb_value_size(type) == 8);
        return lq_pb_value_size(type) == 8 ? *(const int64_t *)value : *(const int32_t *)value;
    }
}

bool lq_pb_is_zero(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return *lq_pb_text_at(value) == '\0';
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)value)->len == 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return lq_pb_message_at(value) == NULL;
    default:
        return lq_pb_integer_at(field->type, value) == 0; // floats too: 0.0 is all zero bits
    }
}

const char *lq_pb_time(const ProtobufCFieldDescriptor *field, const void *value, char *buffer)
{
    if (field->type == PROTOBUF_C_TYPE_INT64 && lq_ends_with(field->name, "_ms")) {
        const int64_t at_ms = lq_pb_integer_at(field->type, value);
        if (at_ms > FIRST_INSTANT && at_ms <= LAST_INSTANT)
            return lq_format_instant(at_ms, buffer);
    }
    if (field->type == PROTOBUF_C_TYPE_INT32 && lq_ends_with(field->name, "_day")) {
        const int64_t day = lq_pb_integer_at(field->type, value);
        if (day > 0 && day <= LAST_DAY)
            return lq_format_day((int32_t)day, buffer);
    }
    return NULL;
}

const char *lq_pb_enum_name(const ProtobufCFieldDescriptor *field, const void *value)
{
    const ProtobufCEnumValue *known =
        protobuf_c_enum_descriptor_get_value(field->descriptor, *(const int32_t *)value);
    return known != NULL ? known->name : NULL;
}
