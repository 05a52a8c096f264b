#include "pb/value.h"

#include <string.h>

#include "base/assert.h"
#include "pb/build.h"
#include "pb/reflect.h"

bool lq_pb_has_text(const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED ||
        (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        return false;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_INT64:
        return true;
    default:
        return false;
    }
}

const char *lq_pb_value_text(struct lq_arena *arena, const ProtobufCMessage *message,
                             const ProtobufCFieldDescriptor *field)
{
    LQ_ASSERT(lq_pb_has_text(field));
    const void *value = lq_pb_value(message, field, 0);
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return lq_pb_text_at(value);
    const int64_t number = lq_pb_integer_at(field->type, value);
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return number != 0 ? "true" : "false";
    if (field->type == PROTOBUF_C_TYPE_ENUM && lq_pb_enum_name(field, value) != NULL)
        return lq_pb_enum_name(field, value);
    return lq_arena_format(arena, "%lld", (long long)number);
}

// Decimals as they are written above: no plus sign, no zeros before, no spaces.
static bool parse_number(const char *text, int64_t *out)
{
    const bool negative = *text == '-';
    const char *digits = text + negative;
    const size_t size = strlen(digits);
    if (size == 0 || size > 18 || strspn(digits, "0123456789") != size ||
        (digits[0] == '0' && (size > 1 || negative)))
        return false;
    int64_t number = 0;
    for (; *digits != '\0'; digits++)
        number = number * 10 + (*digits - '0');
    *out = negative ? -number : number;
    return true;
}

static bool is_in_range(ProtobufCType type, int64_t number)
{
    if (type == PROTOBUF_C_TYPE_UINT32)
        return number >= 0 && number <= UINT32_MAX;
    return type == PROTOBUF_C_TYPE_INT64 || (number >= INT32_MIN && number <= INT32_MAX);
}

bool lq_pb_set_value(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                     const char *text)
{
    LQ_ASSERT(lq_pb_has_text(field));
    int64_t number = 0;
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        lq_pb_set_text(message, field, text);
        return true;
    }
    if (field->type == PROTOBUF_C_TYPE_BOOL) {
        number = strcmp(text, "true") == 0;
        if (number == 0 && strcmp(text, "false") != 0)
            return false;
    } else if (field->type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, text);
        if (value == NULL)
            return false;
        number = value->value;
    } else if (!parse_number(text, &number) || !is_in_range(field->type, number)) {
        return false;
    }
    lq_pb_set_integer(message, field, number);
    return true;
}
