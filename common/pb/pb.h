// Messages to bytes and back, and what works for any message by its descriptor.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "pb/limits.h"

// ---------------------------------------------------------------- decoding

// Decodes what a client sent (the limits LQ_PB_REQUEST). Refused are: more than the limits allow;
// bytes that end within a field; fields and enum numbers that the type does not have; a singular
// field or a oneof that is set twice; numbers too large for their field; text that is not UTF-8 or
// holds a control character other than \n and \t. A oneof may be unset.
//
// Returns the message, owned by the arena together with all that it points to; or NULL, and *why
// is then a reason with the field's path ("order.teams[2]: text is not valid UTF-8"), owned by the
// arena. *why is not touched on success. The bytes are not kept.
ProtobufCMessage *lq_pb_decode(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                               struct lq_span bytes, const char **why);

// The same within other limits, e.g. &LQ_PB_RECORD, which let newer fields pass.
ProtobufCMessage *lq_pb_decode_within(const struct lq_pb_limits *limits, struct lq_arena *arena,
                                      const ProtobufCMessageDescriptor *type, struct lq_span bytes,
                                      const char **why);

// Decodes what lq_pb_encode made in a program of the same version, as a row of a table that this
// one keeps: nothing is checked but that it is a message of that type. NULL: it is none.
ProtobufCMessage *lq_pb_decode_own(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                   struct lq_span bytes);

// Only the check: NULL if the bytes are a well-formed message of that type, else the reason.
const char *lq_pb_check(const struct lq_pb_limits *limits, struct lq_arena *arena,
                        const ProtobufCMessageDescriptor *type, struct lq_span bytes);

// Is this text fit to be an identifier: 1 to LQ_PB_IDENTIFIER_BYTES bytes, no ASCII space or
// control character? (Chinese is: 献环罚〔2015〕3号.)
bool lq_pb_identifier(const char *text);

// Is it fit to be part of a key: 1 to LQ_PB_IDENTIFIER_BYTES bytes, whatever they are?
bool lq_pb_key(const char *text);

// ---------------------------------------------------------------- encoding

// The message's bytes, owned by the arena.
struct lq_span lq_pb_encode(struct lq_arena *arena, const ProtobufCMessage *message);

// ---------------------------------------------------------------- projecting

// A message of the given type with the fields of `message` that have the same numbers, which must
// be of the same types; the others are as if nobody had set them. In the arena; what the fields
// point to is shared. Neither type has a oneof.
void *lq_pb_project(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                    const void *message);

// Has `type` a field of each number that `other` has one of?
bool lq_pb_covers(const ProtobufCMessageDescriptor *type, const ProtobufCMessageDescriptor *other);

// ---------------------------------------------------------------- variants

// <service>.Command, Event, Query and Answer are each a message with one oneof whose members are
// messages. For any message: the field number of the set member of its first oneof (0 if none is
// set or there is no oneof), the member's name in the .proto ("issue_order"; "" if none), and the
// member (NULL if none, or if it is not a message). All three are borrowed from the message.
unsigned lq_pb_variant(const ProtobufCMessage *message);
const char *lq_pb_variant_name(const ProtobufCMessage *message);
const ProtobufCMessage *lq_pb_variant_message(const ProtobufCMessage *message);

// A message of the type whose oneof has the member with that number, set to `member`, which is lent
// to it, or to its projection if it is of another type; in the arena.
ProtobufCMessage *lq_pb_variant_of(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                   unsigned variant, const ProtobufCMessage *member);

// ---------------------------------------------------------------- for people

// One line, owned by the arena: OrderIssued{order="O0001" teams=["T01","T02"]
// issued_at_ms=2015-03-06T13:14:38+08:00}. What is not set or zero is left out; of a oneof the set
// member is shown. int64 fields named *_ms are instants if they are later than 1973 (terms are
// small and stay numbers), int32 fields named *_day are dates. Bytes are hexadecimal; if there are
// more than 32, only their number is shown.
const char *lq_pb_text(struct lq_arena *arena, const ProtobufCMessage *message);
