// A scanner of its own, because a full unpack of what strangers send costs up to eighty times its
// size in memory, and the bus needs two fields. Where protobuf would let the last of two singular
// fields win, the request is refused: bus and service must not be able to read it differently.
#include "bus/wire.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/assert.h"
#include "bus/worker/frames.h"

static bool take_varint(struct lq_wire *wire, uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < 10 && i < wire->rest.size; i++) {
        const uint8_t byte = wire->rest.data[i];
        if (i == 9 && byte > 1)
            break; // more than 64 bits
        *value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0) {
            wire->rest = lq_span(wire->rest.data + i + 1, wire->rest.size - i - 1);
            return true;
        }
    }
    return false;
}

static bool take_bytes(struct lq_wire *wire, uint64_t size, struct lq_span *bytes)
{
    if (size > wire->rest.size)
        return false;
    *bytes = lq_span(wire->rest.data, (size_t)size);
    wire->rest = lq_span(wire->rest.data + size, wire->rest.size - (size_t)size);
    return true;
}

static bool take_value(struct lq_wire *wire, struct lq_wire_field *field)
{
    uint64_t size;
    switch (field->type) {
    case 0:
        return take_varint(wire, &field->value);
    case 1:
        return take_bytes(wire, 8, &field->bytes);
    case 2:
        return take_varint(wire, &size) && take_bytes(wire, size, &field->bytes);
    case 5:
        return take_bytes(wire, 4, &field->bytes);
    default:
        return false; // groups, and what does not exist
    }
}

bool lq_wire_next(struct lq_wire *wire, struct lq_wire_field *field)
{
    *field = (struct lq_wire_field){0};
    if (wire->broken || wire->rest.size == 0)
        return false;
    uint64_t tag;
    if (take_varint(wire, &tag) && tag >> 3 != 0 && tag >> 3 < (1u << 29)) {
        field->number = (uint32_t)(tag >> 3);
        field->type = (unsigned)(tag & 7);
        if (take_value(wire, field))
            return true;
    }
    wire->broken = true;
    return false;
}

bool lq_service_name_valid(struct lq_span name)
{
    if (name.size == 0 || name.size >= LQ_SERVICE_NAME)
        return false;
    for (size_t i = 0; i < name.size; i++) {
        const uint8_t c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return true;
}

// What is wrong with one field, after taking it into the head; NULL if nothing is.
static const char *take_field(const struct lq_wire_field *field, struct lq_request_head *head,
                              unsigned *times_seen)
{
    static const unsigned types[] = {
        [1] = 0, [2] = 2, [3] = 2, [4] = 2, [5] = 2, [6] = 2, [7] = 2, [8] = 2};
    enum { SEEN = 3, KIND = 4, AFTER = 7 };
    if (field->number >= sizeof types / sizeof types[0])
        return NULL; // from a newer version; the service decides what to make of it
    if (field->type != types[field->number])
        return "a field of the request has the wrong type";
    const bool is_kind = field->number >= KIND && field->number != AFTER;
    const unsigned slot = is_kind ? KIND : field->number; // the oneof counts as one
    if (++times_seen[slot] > (slot == SEEN ? LQ_SEEN_LIMIT : 1u))
        return "a field of the request stands there too often";
    if (field->number == 1)
        head->correlation = field->value;
    if (field->number == 2)
        head->service = field->bytes;
    if (is_kind) {
        head->kind = field->number;
        head->body = field->bytes;
    }
    return NULL;
}

const char *lq_request_scan(struct lq_span request, struct lq_request_head *head)
{
    *head = (struct lq_request_head){0};
    if (request.size > LQ_REQUEST_LIMIT)
        return "the request is larger than 64 KiB";
    unsigned times_seen[8] = {0};
    struct lq_wire wire = {.rest = request};
    struct lq_wire_field field;
    while (lq_wire_next(&wire, &field)) {
        const char *wrong = take_field(&field, head, times_seen);
        if (wrong != NULL)
            return wrong;
    }
    if (wire.broken)
        return "these bytes are not a request";
    if (head->kind == 0)
        return "the request has neither command nor query nor fetch";
    if (!lq_service_name_valid(head->service))
        return "the request does not name a service";
    return NULL;
}

struct lq_span lq_refusal_pack(uint8_t buffer[LQ_REFUSAL_SIZE], uint64_t correlation,
                               Lq__Refusal__Why why, bool retry, const char *format, ...)
{
    char text[LQ_REFUSAL_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    Lq__Refusal refusal = LQ__REFUSAL__INIT;
    refusal.why = why;
    refusal.text = text;
    refusal.retry = retry;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = &refusal;
    LQ_ASSERT(lq__reply__get_packed_size(&reply) <= LQ_REFUSAL_SIZE);
    return lq_span(buffer, lq__reply__pack(&reply, buffer));
}
