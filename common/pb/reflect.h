// Walking a message by its descriptor; for this layer and the JSON.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

// The number of the set member of the oneof to which the field belongs.
static inline uint32_t lq_pb_case(const ProtobufCMessage *message,
                                  const ProtobufCFieldDescriptor *field)
{
    return *(const uint32_t *)(const void *)((const char *)message + field->quantifier_offset);
}

// How many values the field has here: of a repeated one its elements; of a singular one 1, or 0 if
// it is a message that is not set, an optional field without a value or another member's oneof.
size_t lq_pb_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// The bytes that a value of the type takes in a message.
size_t lq_pb_value_size(ProtobufCType type);

// Where value `index` is.
const void *lq_pb_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        size_t index);

// Reads a value: of a message, a text (never NULL), any number that fits in an int64.
const ProtobufCMessage *lq_pb_message_at(const void *value);
const char *lq_pb_text_at(const void *value);
int64_t lq_pb_integer_at(ProtobufCType type, const void *value);

// Is the value what the field has when nobody sets it?
bool lq_pb_is_zero(const ProtobufCFieldDescriptor *field, const void *value);

// The value as an instant or a day if its name and its size say that it is one, else NULL. The
// buffer holds LQ_TIME_TEXT bytes.
const char *lq_pb_time(const ProtobufCFieldDescriptor *field, const void *value, char *buffer);

// The name of an enum value in the .proto, or NULL if it has none.
const char *lq_pb_enum_name(const ProtobufCFieldDescriptor *field, const void *value);
