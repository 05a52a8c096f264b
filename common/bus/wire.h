// What the bus itself reads and writes of envelope.proto. It routes a request by two of its fields
// and passes the bytes on as they came.
#pragma once

#include <stdbool.h>

#include "base/span.h"
#include "envelope.pb-c.h"

// ---------------------------------------------------------------- protobuf, field by field

struct lq_wire {
    struct lq_span rest;
    bool broken; // the bytes are not protobuf
};

struct lq_wire_field {
    uint32_t number;
    unsigned type;        // 0 varint, 1 eight bytes, 2 bytes, 5 four bytes
    uint64_t value;       // of a varint
    struct lq_span bytes; // of the others; borrowed
};

// Takes the next field; false at the end, or if the bytes are broken.
bool lq_wire_next(struct lq_wire *wire, struct lq_wire_field *field);

// ---------------------------------------------------------------- a request's head

enum { LQ_SEEN_LIMIT = 64 }; // positions in one request

struct lq_request_head {
    uint64_t correlation; // 0 if it could not be read
    struct lq_span service;
    unsigned kind;       // the member of the oneof: 4 command, 5 query, 6 fetch, 8 commands
    struct lq_span body; // of that member
};

// Returns NULL, or what is wrong with the request, in words for its sender. Everything points into
// the request.
const char *lq_request_scan(struct lq_span request, struct lq_request_head *head);

bool lq_service_name_valid(struct lq_span name);

// ---------------------------------------------------------------- refusals

enum { LQ_REFUSAL_TEXT = 400, LQ_REFUSAL_SIZE = LQ_REFUSAL_TEXT + 64 };

// A Reply that refuses, serialized into the buffer. Longer texts are cut.
struct lq_span lq_refusal_encode(uint8_t buffer[LQ_REFUSAL_SIZE], uint64_t correlation,
                                 Lq__Refusal__Why why, bool retry, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
