// The value of a field as a text, and back: a text itself; a number, instant or day in decimals; a
// flag "true" or "false"; an enum's value its name in the .proto. Repeated fields, bytes and
// messages have none.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/arena.h"

bool lq_pb_has_text(const ProtobufCFieldDescriptor *field);

// In the arena, or borrowed from the message.
const char *lq_pb_value_text(struct lq_arena *arena, const ProtobufCMessage *message,
                             const ProtobufCFieldDescriptor *field);

// Sets the field (a text is borrowed); false, and nothing is set, if it cannot have that value.
bool lq_pb_set_value(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                     const char *text);
