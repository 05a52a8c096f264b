// Messages as people write them in tests: {field=value …}, what lq_pb_text prints.
//
//     {badge="P1" role=LEAD since_ms=2015-03-06T08:00:00+08:00 teams=["T14","T15"] place={lat=1}}
//
// Texts are quoted (\" \\ \n), enums are names or numbers, bytes are hexadecimal, numbers plain;
// int64 fields named *_ms may be RFC 3339 instants, int32 fields named *_day dates. Fields
// are separated by spaces (a comma too is let pass). What is parsed is a *pattern*: it can be made
// into a message, or compared with one, and then only the named fields count.
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

struct lq_pattern;

// Where the text is wrong: the column counts bytes from 1, from the start that the caller gave.
struct lq_pattern_error {
    unsigned column;
    const char *text;
};

// Parses a message of that type at *text and moves *text behind it; NULL and *error if it is not
// one. Everything is owned by the arena.
const struct lq_pattern *lq_pattern_parse(struct lq_arena *arena,
                                          const ProtobufCMessageDescriptor *type, const char **text,
                                          struct lq_pattern_error *error);

// The same for a message with one oneof (a <service>.Command, Event, …): `member {field=value …}`,
// or only `member`.
const struct lq_pattern *lq_pattern_parse_variant(struct lq_arena *arena,
                                                  const ProtobufCMessageDescriptor *type,
                                                  const char **text,
                                                  struct lq_pattern_error *error);

// The message that the pattern tells; what is not named is as nobody had set it.
ProtobufCMessage *lq_pattern_message(struct lq_arena *arena, const struct lq_pattern *pattern);

// NULL if each named field of the message is as the pattern says, else what differs. Repeated
// fields must have as many elements as are named.
const char *lq_pattern_differs(struct lq_arena *arena, const struct lq_pattern *pattern,
                               const ProtobufCMessage *message);

// `member {field=value …}` made into a message at once, for a test's own texts: a mistake in one
// ends the process.
ProtobufCMessage *lq_message_of(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                const char *text);
