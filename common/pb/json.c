// Messages as JSON by descriptor, so that every verb of the command line has --json without code of
// its own.
#include "pb/json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "pb/reflect.h"

static json_t *made(json_t *value)
{
    LQ_ASSERT(value != NULL); // out of memory, or text that was never checked
    return value;
}

static json_t *text_of(const char *text)
{
    json_t *value = json_string(text); // refuses what is not UTF-8: a row that predates the check
    return made(value != NULL ? value : json_string("\xef\xbf\xbd"));
}

static json_t *bytes_of(const ProtobufCBinaryData *bytes)
{
    static const char DIGITS[] = "0123456789abcdef";
    char *text = malloc(2 * bytes->len + 1);
    LQ_ASSERT(text != NULL);
    for (size_t i = 0; i < bytes->len; i++) {
        text[2 * i] = DIGITS[bytes->data[i] >> 4];
        text[2 * i + 1] = DIGITS[bytes->data[i] & 15];
    }
    json_t *value = made(json_stringn(text, 2 * bytes->len));
    free(text);
    return value;
}

static json_t *enum_of(const ProtobufCFieldDescriptor *field, const void *value)
{
    const char *name = lq_pb_enum_name(field, value);
    if (name == NULL)
        return made(json_integer(lq_pb_integer_at(field->type, value)));
    char lower[128];
    const size_t size = strlen(name);
    LQ_ASSERT(size < sizeof lower);
    for (size_t i = 0; i < size; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    return made(json_stringn(lower, size));
}

static json_t *number_of(const ProtobufCFieldDescriptor *field, const void *value)
{
    char text[LQ_TIME_TEXT];
    if (lq_pb_time(field, value, text) != NULL)
        return made(json_string(text));
    const int64_t number = lq_pb_integer_at(field->type, value);
    const bool without_sign =
        field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_FIXED64;
    if (!without_sign || number >= 0)
        return made(json_integer(number));
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    return made(json_string(text));
}

static json_t *real_of(double number)
{
    json_t *value = json_real(number); // refuses infinity and what is not a number
    return value != NULL ? value : json_null();
}

static json_t *value_of(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return text_of(lq_pb_text_at(value));
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_of(value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return lq_pb_json(lq_pb_message_at(value));
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(lq_pb_integer_at(field->type, value) != 0);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_of(field, value);
    case PROTOBUF_C_TYPE_FLOAT:
        return real_of((double)*(const float *)value);
    case PROTOBUF_C_TYPE_DOUBLE:
        return real_of(*(const double *)value);
    default:
        return number_of(field, value);
    }
}

static json_t *array_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        size_t count)
{
    json_t *array = made(json_array());
    for (size_t i = 0; i < count; i++)
        LQ_ASSERT(json_array_append_new(array, value_of(field, lq_pb_value(message, field, i))) ==
                  0);
    return array;
}

json_t *lq_pb_json(const ProtobufCMessage *message)
{
    json_t *object = made(json_object());
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const size_t count = lq_pb_count(message, field);
        json_t *value = NULL;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            value = array_of(message, field, count);
        else if (count > 0)
            value = value_of(field, lq_pb_value(message, field, 0));
        if (value != NULL)
            LQ_ASSERT(json_object_set_new(object, field->name, value) == 0);
    }
    return object;
}
