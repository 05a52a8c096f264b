// The limits of one message; there are no others. Which row applies depends on who wrote the bytes.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { LQ_PB_KIB = 1024, LQ_PB_MIB = 1024 * 1024 };

// Official numbers, badges, names of teams: what becomes part of a key. (Keys have 255 bytes.)
enum { LQ_PB_IDENTIFIER_BYTES = 64 };

struct lq_pb_limits {
    size_t message_bytes;   // on the wire
    size_t memory_bytes;    // allocated while decoding, the decoder's own included
    size_t text_bytes;      // of one string field
    size_t text_characters; // the same for who writes: a Chinese character is one; 0: text_bytes
    unsigned elements;      // of one repeated field
    unsigned depth;         // the message itself is 1, a message in it 2
    bool newer_fields;      // fields that this build does not know are skipped
    bool newer_enums;       // and so are enum numbers that it does not know
};

// What clients send: commands, queries, fetches. People write texts and count in characters, so
// that is what bounds them; in bytes they are never more than a record holds.
static const struct lq_pb_limits LQ_PB_REQUEST = {
    .message_bytes = 64 * LQ_PB_KIB,
    .memory_bytes = 1 * LQ_PB_MIB,
    .text_bytes = 16 * LQ_PB_KIB,
    .text_characters = 4096,
    .elements = 1024,
    .depth = 8,
};

// The body of a query. Its texts become parts of keys, and a key holds 255 bytes.
static const struct lq_pb_limits LQ_PB_QUERY = {
    .message_bytes = 4 * LQ_PB_KIB,
    .memory_bytes = 1 * LQ_PB_MIB,
    .text_bytes = 120,
    .elements = 64,
    .depth = 4,
};

// What a service wrote: journal records, events, rows. A newer service may have added a field; a
// newer enum number is refused, because state must not be made from what is not understood.
static const struct lq_pb_limits LQ_PB_RECORD = {
    .message_bytes = 1 * LQ_PB_MIB,
    .memory_bytes = 8 * LQ_PB_MIB,
    .text_bytes = 16 * LQ_PB_KIB,
    .elements = 16384,
    .depth = 8,
    .newer_fields = true,
};

// What is shown to people: outcomes, answers, batches of events. A terminal that is older than the
// service shows what it knows.
static const struct lq_pb_limits LQ_PB_REPLY = {
    .message_bytes = 8 * LQ_PB_MIB,
    .memory_bytes = 64 * LQ_PB_MIB,
    .text_bytes = 16 * LQ_PB_KIB,
    .elements = 65536,
    .depth = 8,
    .newer_fields = true,
    .newer_enums = true,
};
