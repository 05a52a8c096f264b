// The one-line dump for logs and `lq watch`. Whatever the data, it stays one line and holds nothing
// that a terminal would act on.
#include "pb/pb.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/time.h"
#include "pb/reflect.h"
#include "pb/utf8.h"

enum { MOST_BYTES_SHOWN = 32 };

struct line {
    struct lq_arena *arena;
    char *text;
    size_t size, room;
};

static void put(struct line *line, const char *text, size_t size)
{
    if (line->room - line->size <= size) {
        line->room = 2 * line->room + size + 256;
        char *larger = lq_arena_alloc(line->arena, line->room);
        if (line->size > 0)
            memcpy(larger, line->text, line->size);
        line->text = larger; // zeroed memory, so that the line is always terminated
    }
    memcpy(line->text + line->size, text, size);
    line->size += size;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void put_format(struct line *line, const char *format,
                                                             ...)
{
    char buffer[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    put_text(line, buffer);
}

// What a terminal would act on: control characters, and those that change the writing direction.
static bool steers(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069);
}

static void put_quoted(struct line *line, const char *text)
{
    put_text(line, "\"");
    for (size_t size; *text != '\0'; text += size) {
        uint32_t character = 0;
        size = lq_utf8_next(lq_span_text(text), &character);
        if (size == 0) {
            put_format(line, "\\x%02x", (unsigned char)*text);
            size = 1;
        } else if (character == '\n') {
            put_text(line, "\\n");
        } else if (character == '"' || character == '\\') {
            put_format(line, "\\%c", (int)character);
        } else if (steers(character)) {
            put_format(line, character < 0x100 ? "\\x%02x" : "\\u%04x", character);
        } else {
            put(line, text, size);
        }
    }
    put_text(line, "\"");
}

static void put_bytes(struct line *line, const ProtobufCBinaryData *bytes)
{
    if (bytes->len > MOST_BYTES_SHOWN) {
        put_format(line, "<%zu bytes>", bytes->len);
        return;
    }
    for (size_t i = 0; i < bytes->len; i++)
        put_format(line, "%02x", bytes->data[i]);
}

static void put_message(struct line *line, const ProtobufCMessage *message);

static void put_number(struct line *line, const ProtobufCFieldDescriptor *field, const void *value)
{
    char time[LQ_TIME_TEXT];
    const char *instant = lq_pb_time(field, value, time);
    if (instant != NULL)
        put_text(line, instant);
    else if (field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_FIXED64)
        put_format(line, "%llu", (unsigned long long)*(const uint64_t *)value);
    else
        put_format(line, "%lld", (long long)lq_pb_integer_at(field->type, value));
}

static void put_value(struct line *line, const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        put_quoted(line, lq_pb_text_at(value));
        return;
    case PROTOBUF_C_TYPE_BYTES:
        put_bytes(line, value);
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        put_message(line, lq_pb_message_at(value));
        return;
    case PROTOBUF_C_TYPE_BOOL:
        put_text(line, lq_pb_integer_at(field->type, value) != 0 ? "true" : "false");
        return;
    case PROTOBUF_C_TYPE_FLOAT:
        put_format(line, "%g", (double)*(const float *)value);
        return;
    case PROTOBUF_C_TYPE_DOUBLE:
        put_format(line, "%g", *(const double *)value);
        return;
    case PROTOBUF_C_TYPE_ENUM:
        if (lq_pb_enum_name(field, value) != NULL) {
            put_text(line, lq_pb_enum_name(field, value));
            return;
        }
        put_number(line, field, value);
        return;
    default:
        put_number(line, field, value);
    }
}

static void put_field(struct line *line, const ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field, size_t count)
{
    const bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    put_text(line, field->name);
    put_text(line, repeated ? "=[" : "=");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put_text(line, ",");
        put_value(line, field, lq_pb_value(message, field, i));
    }
    if (repeated)
        put_text(line, "]");
}

static bool is_shown(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (lq_pb_count(message, field) == 0)
        return false;
    return field->label == PROTOBUF_C_LABEL_REPEATED ||
           (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
           !lq_pb_is_zero(field, lq_pb_value(message, field, 0));
}

static void put_message(struct line *line, const ProtobufCMessage *message)
{
    put_text(line, "{");
    const char *space = "";
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!is_shown(message, field))
            continue;
        put_text(line, space);
        put_field(line, message, field, lq_pb_count(message, field));
        space = " ";
    }
    put_text(line, "}");
}

const char *lq_pb_text(struct lq_arena *arena, const ProtobufCMessage *message)
{
    struct line line = {.arena = arena};
    put_text(&line, message->descriptor->short_name);
    put_message(&line, message);
    return line.text;
}
