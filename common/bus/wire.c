// A request is read field by field, because unpacking what strangers send costs up to eighty times
// its size in memory, and the bus needs two fields. Where protobuf would let the last of two
// singular fields win, the request is refused: bus and service must not read it differently.
#include "bus/wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/message.h"
#include "language/language.h"
#include "pb/wire.h"

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
static const char *take_field(const struct lq_pb_field *field, struct lq_request_head *head,
                              unsigned *times_seen)
{
    enum { CORRELATION = 1, SERVICE = 2, SEEN = 3, KIND = 4, AFTER = 7, LAST = 8 };
    const unsigned number = field->tag.number;
    if (number > LAST)
        return NULL; // from a newer version; the service decides what to make of it
    if (field->tag.type != (number == CORRELATION ? PROTOBUF_C_WIRE_TYPE_VARINT
                                                  : PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED))
        return LQ_TR_LATER("a field of the request has the wrong type");
    const bool is_kind = number >= KIND && number != AFTER;
    const unsigned slot = is_kind ? KIND : number; // the oneof counts as one
    if (++times_seen[slot] > (slot == SEEN ? LQ_SEEN_LIMIT : 1u))
        return LQ_TR_LATER("a field of the request stands there too often");
    if (number == CORRELATION)
        head->correlation = field->value;
    if (number == SERVICE)
        head->service = field->bytes;
    if (is_kind) {
        head->kind = number;
        head->body = field->bytes;
    }
    return NULL;
}

const char *lq_request_scan(struct lq_span request, struct lq_request_head *head)
{
    *head = (struct lq_request_head){0};
    if (request.size > LQ_REQUEST_LIMIT)
        return LQ_TR_LATER("the request is larger than 64 KiB");
    unsigned times_seen[8] = {0};
    struct lq_pb_wire wire = lq_pb_wire(request);
    struct lq_pb_field field;
    while (lq_pb_next_field(&wire, &field)) {
        const char *wrong = take_field(&field, head, times_seen);
        if (wrong != NULL)
            return wrong;
    }
    if (wire.broken)
        return LQ_TR_LATER("these bytes are not a request");
    if (head->kind == 0)
        return LQ_TR_LATER("the request has neither command nor query nor fetch");
    if (!lq_service_name_valid(head->service))
        return LQ_TR_LATER("the request does not name a service");
    return NULL;
}

struct lq_span lq_answer_encode(uint8_t *buffer, size_t size, uint64_t correlation,
                                struct lq_span body)
{
    char bus[] = "bus";
    Lq__Position as_of = LQ__POSITION__INIT;
    as_of.stream = bus;
    Lq__Answer answer = LQ__ANSWER__INIT;
    answer.as_of = &as_of;
    answer.body.data = (uint8_t *)(uintptr_t)body.data;
    answer.body.len = body.size;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = LQ__REPLY__KIND_ANSWER;
    reply.answer = &answer;
    LQ_ASSERT(lq__reply__get_packed_size(&reply) <= size);
    return lq_span(buffer, lq__reply__pack(&reply, buffer));
}

struct lq_span lq_refusal_vencode(uint8_t buffer[LQ_REFUSAL_SIZE], uint64_t correlation,
                                  Lq__Refusal__Why why, bool retry, const char *format,
                                  va_list arguments)
{
    char text[LQ_REFUSAL_TEXT], parts[LQ_REFUSAL_TEXT];
    struct lq_buffer_room room = {.bytes = parts, .size = sizeof parts};
    struct lq_message message;
    Lq__Refusal refusal = LQ__REFUSAL__INIT;
    struct lq_buffer_room of_text = {.bytes = text, .size = sizeof text};
    // What is too long for it is told in English alone, and cut.
    const bool is_taken = strlen(format) < LQ_REFUSAL_TEXT &&
                          lq_message_take(&message, lq_buffer_room_take, &room, format, arguments);
    if (is_taken)
        lq_sentence(&message, &refusal.sentence, &refusal.n_sentence);
    if (!is_taken || lq_message_text(lq_buffer_room_take, &of_text, &message) == NULL)
        vsnprintf(text, sizeof text, format, arguments);
    refusal.text = text;
    refusal.why = why;
    refusal.retry = retry;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = &refusal;
    LQ_ASSERT(lq__reply__get_packed_size(&reply) <= LQ_REFUSAL_SIZE);
    return lq_span(buffer, lq__reply__pack(&reply, buffer));
}

struct lq_span lq_refusal_encode(uint8_t buffer[LQ_REFUSAL_SIZE], uint64_t correlation,
                                 Lq__Refusal__Why why, bool retry, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const struct lq_span bytes =
        lq_refusal_vencode(buffer, correlation, why, retry, format, arguments);
    va_end(arguments);
    return bytes;
}
