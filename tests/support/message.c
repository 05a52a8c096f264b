// Patterns made into messages, and compared with them: both walk by descriptor.
#include "support/message.h"

#include "base/assert.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "support/message_parts.h"

// protobuf-c's pointers to what a message holds are not const; nobody writes through this one.
static void *lent(const void *borrowed)
{
    union {
        const void *borrowed;
        void *member;
    } lent = {.borrowed = borrowed};
    return lent.member;
}

// ---------------------------------------------------------------- making

static void store_value(struct lq_arena *arena, const ProtobufCFieldDescriptor *field,
                        const struct lq_pattern_value *value, void *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = lent(value->text);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)place = value->bytes;
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)place = lq_pattern_message(arena, value->message);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)place = value->number != 0;
        return;
    default:
        if (lq_pb_value_size(field->type) == 8)
            *(int64_t *)place = value->number;
        else
            *(int32_t *)place = (int32_t)value->number;
    }
}

static void store_repeated(struct lq_arena *arena, const struct lq_pattern_field *f,
                           ProtobufCMessage *message)
{
    const size_t size = lq_pb_value_size(f->field->type);
    char *array = lq_arena_alloc(arena, f->count * size + 1);
    size_t i = 0;
    for (const struct lq_pattern_value *v = f->values; v != NULL; v = v->next)
        store_value(arena, f->field, v, array + size * i++);
    *(char **)(void *)((char *)message + f->field->offset) = array;
    *(size_t *)(void *)((char *)message + f->field->quantifier_offset) = f->count;
}

ProtobufCMessage *lq_pattern_message(struct lq_arena *arena, const struct lq_pattern *pattern)
{
    ProtobufCMessage *message = lq_arena_alloc(arena, pattern->type->sizeof_message);
    protobuf_c_message_init(pattern->type, message);
    for (const struct lq_pattern_field *f = pattern->fields; f != NULL; f = f->next) {
        if (f->field->label == PROTOBUF_C_LABEL_REPEATED) {
            store_repeated(arena, f, message);
            continue;
        }
        store_value(arena, f->field, f->values, (char *)message + f->field->offset);
        if (f->field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
            *(uint32_t *)(void *)((char *)message + f->field->quantifier_offset) = f->field->id;
        else if (f->field->label == PROTOBUF_C_LABEL_OPTIONAL && f->field->quantifier_offset != 0)
            *(protobuf_c_boolean *)((char *)message + f->field->quantifier_offset) = 1;
    }
    return message;
}

ProtobufCMessage *lq_message_of(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                const char *text)
{
    struct lq_pattern_error error = {0};
    const char *rest = text;
    const struct lq_pattern *pattern = lq_pattern_parse_variant(arena, type, &rest, &error);
    if (pattern == NULL)
        lq_panic(__FILE__, __LINE__, "%s: column %u: %s", text, error.column, error.text);
    return lq_pattern_message(arena, pattern);
}

// ---------------------------------------------------------------- comparing

static const char *field_differs(struct lq_arena *arena, const char *field, const char *how)
{
    return lq_arena_format(arena, "%s%s%s", field, how[0] == ' ' ? "" : ".", how);
}

static bool same_bytes(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b)
{
    return lq_span_equal(lq_span(a->data, a->len), lq_span(b->data, b->len));
}

static const char *value_differs(struct lq_arena *arena, const ProtobufCFieldDescriptor *field,
                                 const struct lq_pattern_value *expected, const void *actual)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        if (strcmp(expected->text, lq_pb_text_at(actual)) == 0)
            return NULL;
        return lq_arena_format(arena, " is \"%s\", not \"%s\"", lq_pb_text_at(actual),
                               expected->text);
    case PROTOBUF_C_TYPE_BYTES:
        return same_bytes(&expected->bytes, actual) ? NULL : " has other bytes";
    case PROTOBUF_C_TYPE_MESSAGE:
        return lq_pattern_differs(arena, expected->message, lq_pb_message_at(actual));
    default:
        if (lq_pb_integer_at(field->type, actual) == expected->number)
            return NULL;
        return lq_arena_format(arena, " is %lld, not %lld",
                               (long long)lq_pb_integer_at(field->type, actual),
                               (long long)expected->number);
    }
}

const char *lq_pattern_differs(struct lq_arena *arena, const struct lq_pattern *pattern,
                               const ProtobufCMessage *message)
{
    LQ_ASSERT(message->descriptor == pattern->type);
    for (const struct lq_pattern_field *f = pattern->fields; f != NULL; f = f->next) {
        const size_t count = lq_pb_count(message, f->field);
        const bool repeated = f->field->label == PROTOBUF_C_LABEL_REPEATED;
        if (repeated ? count != f->count : count == 0)
            return lq_arena_format(arena, "%s has %zu values, not %zu", f->field->name, count,
                                   f->count);
        size_t i = 0;
        for (const struct lq_pattern_value *v = f->values; v != NULL; v = v->next) {
            const char *how =
                value_differs(arena, f->field, v, lq_pb_value(message, f->field, i++));
            if (how != NULL)
                return field_differs(arena, f->field->name, how);
        }
    }
    return NULL;
}
