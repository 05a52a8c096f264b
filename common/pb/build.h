// Making a message by its descriptor: the other way round than reflect.h.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "base/arena.h"

// A message with its defaults set, in the arena.
ProtobufCMessage *lq_pb_new(struct lq_arena *arena, const ProtobufCMessageDescriptor *type);

// A message of `type` (a <service>.Command or Query) whose oneof holds this one as the member of
// that name. The member is borrowed.
ProtobufCMessage *lq_pb_wrap(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                             const char *member, ProtobufCMessage *message);

// Sets a field of the kind: a text (borrowed), or a number, flag or enum that fits. The last two
// put a text (borrowed), or an enum's number, after those that a repeated field has.
void lq_pb_set_text(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                    const char *text);
void lq_pb_set_integer(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                       int64_t number);
void lq_pb_add_text(struct lq_arena *arena, ProtobufCMessage *message,
                    const ProtobufCFieldDescriptor *field, const char *text);
void lq_pb_add_number(struct lq_arena *arena, ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field, int32_t number);
