// Any message as JSON, for terminals. (The library lq_pb_json; services do not link it.)
#pragma once

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

// An object with the field names of the .proto. Fields that are zero are there as "", 0, false or
// []; a message that is not set is not, and of a oneof only the set member is. Enum values are
// their names in lower case, or the number if it has none; instants and days are RFC 3339 text as
// in lq_pb_text; bytes are hexadecimal; a uint64 past 2^63 - 1 is text, as JSON has no room for
// it. The caller owns the reference.
json_t *lq_pb_json(const ProtobufCMessage *message);
