// The parser of patterns: one pass, no look-ahead, the first mistake ends it. Values are read as
// the field's type wants them, so a mistake is told in the words of the field.
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/span.h"
#include "base/time.h"
#include "support/message_parts.h"

struct parser {
    struct lq_arena *arena;
    const char *start, *at;
    struct lq_pattern_error *error;
};

__attribute__((format(printf, 2, 3))) static bool wrong(struct parser *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    p->error->column = (unsigned)(p->at - p->start) + 1;
    p->error->text = lq_arena_vformat(p->arena, format, arguments);
    va_end(arguments);
    return false;
}

static void skip_space(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t' || *p->at == ',')
        p->at++;
}

static bool expect(struct parser *p, char what)
{
    skip_space(p);
    if (*p->at != what)
        return wrong(p, "'%c' is expected here", what);
    p->at++;
    return true;
}

// A name, a number, an instant: what goes up to a space or a bracket.
static const char *read_word(struct parser *p)
{
    const size_t size = strcspn(p->at, " \t,=[]{}\"");
    char *word = lq_arena_alloc(p->arena, size + 1);
    memcpy(word, p->at, size);
    return word;
}

// ---------------------------------------------------------------- values

static bool parse_text(struct parser *p, struct lq_pattern_value *value)
{
    if (*p->at != '"')
        return wrong(p, "a text in quotes is expected here");
    p->at++;
    char *text = lq_arena_alloc(p->arena, strlen(p->at) + 1);
    size_t size = 0;
    while (*p->at != '"') {
        if (*p->at == '\0')
            return wrong(p, "the text has no closing quote");
        if (*p->at == '\\' && p->at[1] != '\0') {
            p->at++;
            text[size++] = (char)(*p->at == 'n' ? '\n' : *p->at);
            p->at++;
        } else {
            text[size++] = *p->at++;
        }
    }
    p->at++;
    value->text = text;
    return true;
}

static bool parse_bytes(struct parser *p, struct lq_pattern_value *value)
{
    const char *word = read_word(p);
    const size_t size = strlen(word);
    uint8_t *bytes = lq_arena_alloc(p->arena, size / 2 + 1);
    for (size_t i = 0; i < size; i++) {
        if (!isxdigit((unsigned char)word[i]) || size % 2 != 0)
            return wrong(p, "\"%s\" is not bytes in hexadecimal", word);
        const char digit[2] = {word[i], '\0'};
        bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | strtoul(digit, NULL, 16));
    }
    value->bytes = (ProtobufCBinaryData){.len = size / 2, .data = bytes};
    p->at += size;
    return true;
}

static bool parse_enum(struct parser *p, const ProtobufCFieldDescriptor *field,
                       struct lq_pattern_value *value)
{
    const char *word = read_word(p);
    const ProtobufCEnumValue *known =
        protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, word);
    char *end;
    value->number = known != NULL ? known->value : strtol(word, &end, 10);
    if (known == NULL && (*word == '\0' || *end != '\0'))
        return wrong(p, "\"%s\" is no value of %s", word,
                     ((const ProtobufCEnumDescriptor *)field->descriptor)->name);
    p->at += strlen(word);
    return true;
}

static bool parse_time(const ProtobufCFieldDescriptor *field, const char *word, int64_t *out)
{
    int32_t day;
    if (field->type == PROTOBUF_C_TYPE_INT64 && lq_ends_with(field->name, "_ms"))
        return lq_parse_instant(word, out);
    if (field->type == PROTOBUF_C_TYPE_INT32 && lq_ends_with(field->name, "_day") &&
        lq_parse_day(word, &day)) {
        *out = day;
        return true;
    }
    return false;
}

static bool parse_number(struct parser *p, const ProtobufCFieldDescriptor *field,
                         struct lq_pattern_value *value)
{
    const char *word = read_word(p);
    if (!parse_time(field, word, &value->number)) {
        char *end = NULL;
        errno = 0;
        value->number = word[0] == '-' || field->type != PROTOBUF_C_TYPE_UINT64
                            ? strtoll(word, &end, 10)
                            : (int64_t)strtoull(word, &end, 10);
        if (*word == '\0' || *end != '\0' || errno != 0)
            return wrong(p, "\"%s\" is no number, nor a time that a field of this name takes",
                         word);
    }
    p->at += strlen(word);
    return true;
}

static bool parse_bool(struct parser *p, struct lq_pattern_value *value)
{
    const char *word = read_word(p);
    value->number = strcmp(word, "true") == 0;
    if (value->number == 0 && strcmp(word, "false") != 0)
        return wrong(p, "true or false is expected here");
    p->at += strlen(word);
    return true;
}

static const struct lq_pattern *parse_message(struct parser *p,
                                              const ProtobufCMessageDescriptor *type);

static bool parse_value(struct parser *p, const ProtobufCFieldDescriptor *field,
                        struct lq_pattern_value *value)
{
    skip_space(p);
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return parse_text(p, value);
    case PROTOBUF_C_TYPE_BYTES:
        return parse_bytes(p, value);
    case PROTOBUF_C_TYPE_MESSAGE:
        value->message = parse_message(p, field->descriptor);
        return value->message != NULL;
    case PROTOBUF_C_TYPE_BOOL:
        return parse_bool(p, value);
    case PROTOBUF_C_TYPE_ENUM:
        return parse_enum(p, field, value);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return wrong(p, "no message of ours has a floating number");
    default:
        return parse_number(p, field, value);
    }
}

// ---------------------------------------------------------------- fields

static bool parse_values(struct parser *p, struct lq_pattern_field *field)
{
    struct lq_pattern_value **last = &field->values;
    const bool repeated = field->field->label == PROTOBUF_C_LABEL_REPEATED;
    if (repeated && !expect(p, '['))
        return false;
    for (skip_space(p); !repeated || *p->at != ']'; skip_space(p)) {
        *last = LQ_NEW(p->arena, struct lq_pattern_value);
        if (!parse_value(p, field->field, *last))
            return false;
        field->count++;
        last = &(*last)->next;
        if (!repeated)
            return true;
    }
    return expect(p, ']');
}

static struct lq_pattern_field *parse_field(struct parser *p,
                                            const ProtobufCMessageDescriptor *type)
{
    const char *name = read_word(p);
    struct lq_pattern_field *field = LQ_NEW(p->arena, struct lq_pattern_field);
    field->field = protobuf_c_message_descriptor_get_field_by_name(type, name);
    if (field->field == NULL) {
        wrong(p, "%s has no field \"%s\"", type->name, name);
        return NULL;
    }
    p->at += strlen(name);
    return expect(p, '=') && parse_values(p, field) ? field : NULL;
}

static const struct lq_pattern *parse_message(struct parser *p,
                                              const ProtobufCMessageDescriptor *type)
{
    struct lq_pattern *pattern = LQ_NEW(p->arena, struct lq_pattern);
    struct lq_pattern_field **last = &pattern->fields;
    pattern->type = type;
    if (!expect(p, '{'))
        return NULL;
    for (skip_space(p); *p->at != '}'; skip_space(p)) {
        *last = parse_field(p, type);
        if (*last == NULL)
            return NULL;
        last = &(*last)->next;
    }
    p->at++;
    return pattern;
}

const struct lq_pattern *lq_pattern_parse(struct lq_arena *arena,
                                          const ProtobufCMessageDescriptor *type, const char **text,
                                          struct lq_pattern_error *error)
{
    struct parser p = {.arena = arena, .start = *text, .at = *text, .error = error};
    const struct lq_pattern *pattern = parse_message(&p, type);
    *text = p.at;
    return pattern;
}

const struct lq_pattern *lq_pattern_parse_variant(struct lq_arena *arena,
                                                  const ProtobufCMessageDescriptor *type,
                                                  const char **text, struct lq_pattern_error *error)
{
    struct parser p = {.arena = arena, .start = *text, .at = *text, .error = error};
    skip_space(&p);
    const char *name = read_word(&p);
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field_by_name(type, name);
    if (member == NULL || member->type != PROTOBUF_C_TYPE_MESSAGE) {
        wrong(&p, "%s has no member \"%s\"", type->name, name);
        return NULL;
    }
    p.at += strlen(name);
    skip_space(&p);
    struct lq_pattern *empty = LQ_NEW(arena, struct lq_pattern);
    empty->type = member->descriptor;
    struct lq_pattern_value *value = LQ_NEW(arena, struct lq_pattern_value);
    value->message = *p.at == '{' ? parse_message(&p, member->descriptor) : empty;
    *text = p.at;
    if (value->message == NULL)
        return NULL;
    struct lq_pattern *pattern = LQ_NEW(arena, struct lq_pattern);
    pattern->type = type;
    pattern->fields = LQ_NEW(arena, struct lq_pattern_field);
    *pattern->fields = (struct lq_pattern_field){.field = member, .values = value, .count = 1};
    return pattern;
}
