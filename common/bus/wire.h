// What the bus itself reads and writes of envelope.proto. It routes a request by two of its fields
// and passes the bytes on as they came.
#pragma once

#include <stdarg.h>

#include <stdbool.h>

#include "base/span.h"
#include "envelope.pb-c.h"

enum {
    LQ_REQUEST_LIMIT = 64 * 1024, // bytes of a request
    LQ_REPLY_LIMIT = 1024 * 1024, // and of a reply
    LQ_SEEN_LIMIT = 64,           // positions in one request
    LQ_SERVICE_NAME = 33,         // 32 letters, digits, "_-", and a NUL
};

// ---------------------------------------------------------------- a request's head

struct lq_request_head {
    uint64_t correlation; // 0 if it could not be read
    struct lq_span service;
    unsigned kind;       // the member of the oneof, an Lq__Request__KindCase
    struct lq_span body; // of that member
};

// Returns NULL, or what is wrong with the request, in words for its sender. Everything points into
// the request.
const char *lq_request_scan(struct lq_span request, struct lq_request_head *head);

bool lq_service_name_valid(struct lq_span name);

// ---------------------------------------------------------------- who asks

// Who sent a request, as the bus knows it from the key, and the bus's way back to him: what a Stamp
// says ahead of each request.
struct lq_caller {
    struct lq_span route; // the bus's own; goes back untouched with the reply
    const char *actor;    // a badge, or "@service"
    uint32_t roles;       // bit 1 << Role
};

// ---------------------------------------------------------------- answers

// The bytes of the Reply's frame around a body, at most.
enum { LQ_ANSWER_AROUND = 64 };

// A Reply with an answer of the bus, or of who serves beside it: it is of no stream. Serialized
// into the buffer, which has room for the body and LQ_ANSWER_AROUND bytes.
struct lq_span lq_answer_encode(uint8_t *buffer, size_t size, uint64_t correlation,
                                struct lq_span body);

// ---------------------------------------------------------------- refusals

enum { LQ_REFUSAL_TEXT = 400, LQ_REFUSAL_SIZE = 3 * LQ_REFUSAL_TEXT + 128 };

// A Reply that refuses, serialized into the buffer. Longer texts are cut.
struct lq_span lq_refusal_encode(uint8_t buffer[LQ_REFUSAL_SIZE], uint64_t correlation,
                                 Lq__Refusal__Why why, bool retry, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
struct lq_span lq_refusal_vencode(uint8_t buffer[LQ_REFUSAL_SIZE], uint64_t correlation,
                                  Lq__Refusal__Why why, bool retry, const char *format,
                                  va_list arguments) __attribute__((format(printf, 5, 0)));
