// Validates the wire bytes before protobuf-c sees them. protobuf-c accepts invalid UTF-8, embedded
// NUL, unknown enum numbers and repeated singular fields, recurses without a limit, and turns 1 MiB
// into 84. All of that shows on the wire, where lengths are still what the sender wrote (a decoded
// string ends at its first NUL), so that one pass checks everything. It allocates only to refuse.
#include "pb/pb.h"

#include <stdarg.h>

#include "base/assert.h"
#include "pb/utf8.h"
#include "pb/wire.h"

enum { MOST_FIELDS = 128 }; // of one message type; ours are far smaller

// A message being read, and those around it.
struct level {
    const struct level *outer;
    const ProtobufCMessageDescriptor *type;
    const ProtobufCFieldDescriptor *field; // being read; NULL between fields
    unsigned depth;
    bool chosen; // a member of a oneof was read
    unsigned seen[MOST_FIELDS]; // how many values each field has had
};

struct scan {
    const struct lq_pb_limits *limits;
    struct lq_arena *arena;
    const char *why; // NULL: valid so far
};

// ---------------------------------------------------------------- reasons

static const char *path_of(struct lq_arena *arena, const struct level *level)
{
    const char *outer = level->outer != NULL ? path_of(arena, level->outer) : "";
    if (level->field == NULL)
        return outer;
    const char *dot = *outer != '\0' ? "." : "";
    if (level->field->label != PROTOBUF_C_LABEL_REPEATED)
        return lq_arena_format(arena, "%s%s%s", outer, dot, level->field->name);
    const unsigned seen = level->seen[level->field - level->type->fields];
    return lq_arena_format(arena, "%s%s%s[%u]", outer, dot, level->field->name,
                           seen > 0 ? seen - 1 : 0);
}

__attribute__((format(printf, 3, 4))) static bool
refuse(struct scan *scan, const struct level *level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *reason = lq_arena_vformat(scan->arena, format, arguments);
    va_end(arguments);
    const char *path = path_of(scan->arena, level);
    scan->why = lq_arena_format(scan->arena, "%s: %s",
                                *path != '\0' ? path : level->type->short_name, reason);
    return false;
}

static ProtobufCWireType wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return PROTOBUF_C_WIRE_TYPE_32BIT;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return PROTOBUF_C_WIRE_TYPE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    default:
        return PROTOBUF_C_WIRE_TYPE_VARINT;
    }
}

// ---------------------------------------------------------------- values

static bool check_text(struct scan *scan, const struct level *level, struct lq_span text)
{
    if (text.size > scan->limits->text_bytes)
        return refuse(scan, level, "text of %zu bytes is longer than %zu bytes", text.size,
                      scan->limits->text_bytes);
    uint32_t character;
    size_t characters = 0;
    for (size_t at = 0, size; at < text.size; at += size, characters++) {
        size = 1;
        if (text.data[at] >= 0x20 && text.data[at] < 0x7f) // most texts are numbers and badges
            continue;
        size = lq_utf8_next(lq_span(text.data + at, text.size - at), &character);
        if (size == 0)
            return refuse(scan, level, "text is not valid UTF-8");
        if (character == 0)
            return refuse(scan, level, "text holds a NUL");
        const bool control = character < 0x20 || (character >= 0x7f && character < 0xa0);
        if (control && character != '\n' && character != '\t')
            return refuse(scan, level, "text holds the control character U+%04X", character);
    }
    if (scan->limits->text_characters > 0 && characters > scan->limits->text_characters)
        return refuse(scan, level, "text of %zu characters is longer than %zu", characters,
                      scan->limits->text_characters);
    return true;
}

// protobuf-c would truncate a number that is too large for its field.
static bool fits(ProtobufCType type, uint64_t value)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT32: // negative ones are sent as 64 bits, by old senders as 32
    case PROTOBUF_C_TYPE_ENUM:
        return value <= UINT32_MAX || (int64_t)value >= INT32_MIN;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_SINT32:
        return value <= UINT32_MAX;
    default:
        return true;
    }
}

static bool check_varint(struct scan *scan, const struct level *level, uint64_t value)
{
    const ProtobufCFieldDescriptor *field = level->field;
    if (!fits(field->type, value))
        return refuse(scan, level, "the number does not fit its field");
    if (field->type != PROTOBUF_C_TYPE_ENUM || scan->limits->newer_enums)
        return true;
    const ProtobufCEnumDescriptor *type = field->descriptor;
    const int number = (int)(int32_t)(uint32_t)value;
    if (protobuf_c_enum_descriptor_get_value(type, number) == NULL)
        return refuse(scan, level, "%d is not a number of %s", number, type->short_name);
    return true;
}

static bool check_number(struct scan *scan, struct level *level, struct lq_pb_wire *wire)
{
    const ProtobufCWireType type = wire_type_of(level->field->type);
    uint64_t value = 0;
    struct lq_span bytes;
    const bool is_varint = type == PROTOBUF_C_WIRE_TYPE_VARINT;
    const bool whole =
        is_varint ? lq_pb_take_varint(wire, 10, &value)
                  : lq_pb_take_bytes(wire, type == PROTOBUF_C_WIRE_TYPE_32BIT ? 4 : 8, &bytes);
    if (!whole)
        return refuse(scan, level, "a number is cut off or too long");
    return !is_varint || check_varint(scan, level, value);
}

// Counts another value of the field being read.
static bool count_value(struct scan *scan, struct level *level)
{
    const ProtobufCFieldDescriptor *field = level->field;
    const unsigned count = ++level->seen[field - level->type->fields];
    const bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    if (repeated && count > scan->limits->elements)
        return refuse(scan, level, "more than %u elements", scan->limits->elements);
    if (repeated)
        return true;
    if (count > 1)
        return refuse(scan, level, "is set twice");
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return true;
    const bool first = !level->chosen;
    level->chosen = true;
    for (unsigned i = 0; !first && i < level->type->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &level->type->fields[i];
        if (other != field && level->seen[i] > 0 && (other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
            other->quantifier_offset == field->quantifier_offset)
            return refuse(scan, level, "is set, and so is %s: only one may be", other->name);
    }
    return true;
}

static bool check_packed(struct scan *scan, struct level *level, struct lq_span packed)
{
    struct lq_pb_wire wire = lq_pb_wire(packed);
    while (wire.at < wire.end)
        if (!count_value(scan, level) || !check_number(scan, level, &wire))
            return false;
    return true;
}

// ---------------------------------------------------------------- messages

static bool check_message(struct scan *scan, const struct level *outer,
                          const ProtobufCMessageDescriptor *type, struct lq_span bytes);

static bool check_piece(struct scan *scan, struct level *level, struct lq_pb_wire *wire)
{
    const ProtobufCFieldDescriptor *field = level->field;
    struct lq_span piece;
    if (!lq_pb_take_piece(wire, &piece))
        return refuse(scan, level, "the bytes end in this field");
    if (wire_type_of(field->type) != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
        return check_packed(scan, level, piece);
    if (!count_value(scan, level))
        return false;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return check_text(scan, level, piece);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return check_message(scan, level, field->descriptor, piece);
    return true;
}

static bool check_field(struct scan *scan, struct level *level, struct lq_pb_wire *wire,
                        ProtobufCWireType type)
{
    const ProtobufCFieldDescriptor *field = level->field;
    const ProtobufCWireType wanted = wire_type_of(field->type);
    const bool packed = field->label == PROTOBUF_C_LABEL_REPEATED &&
                        wanted != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED &&
                        type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    if (type != wanted && !packed)
        return refuse(scan, level, "is not of the type that %s says", level->type->short_name);
    if (type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
        return check_piece(scan, level, wire);
    return count_value(scan, level) && check_number(scan, level, wire);
}

static bool check_unknown(struct scan *scan, const struct level *level, struct lq_pb_wire *wire,
                          struct lq_pb_tag tag)
{
    if (!scan->limits->newer_fields)
        return refuse(scan, level, "%s has no field %u", level->type->short_name, tag.number);
    struct lq_pb_field field = {.tag = tag};
    if (!lq_pb_take_value(wire, &field))
        return refuse(scan, level, "field %u is cut off or of no known kind", tag.number);
    return true;
}

// Whoever writes fields writes them by number: the next one is mostly behind the last, or the same.
static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *type,
                                                const ProtobufCFieldDescriptor *last,
                                                uint32_t number)
{
    // By index: a type without fields has no table to point into.
    const unsigned next = last != NULL ? (unsigned)(last - type->fields) : 0;
    for (unsigned i = next; i < type->n_fields && i < next + 2; i++)
        if (type->fields[i].id == number)
            return &type->fields[i];
    return protobuf_c_message_descriptor_get_field(type, number);
}

static bool check_message(struct scan *scan, const struct level *outer,
                          const ProtobufCMessageDescriptor *type, struct lq_span bytes)
{
    LQ_ASSERT(type->n_fields <= MOST_FIELDS);
    struct level level;
    level.outer = outer;
    level.type = type;
    level.field = NULL;
    level.chosen = false;
    level.depth = outer != NULL ? outer->depth + 1 : 1;
    memset(level.seen, 0, type->n_fields * sizeof level.seen[0]);
    if (level.depth > scan->limits->depth)
        return refuse(scan, &level, "messages are nested more than %u deep", scan->limits->depth);
    struct lq_pb_wire wire = lq_pb_wire(bytes);
    const ProtobufCFieldDescriptor *last = NULL;
    while (wire.at < wire.end) {
        struct lq_pb_tag tag;
        level.field = NULL;
        if (!lq_pb_take_tag(&wire, &tag))
            return refuse(scan, &level, "the bytes are not a message");
        level.field = field_of(type, last, tag.number);
        last = level.field != NULL ? level.field : last;
        if (level.field != NULL ? !check_field(scan, &level, &wire, tag.type)
                                : !check_unknown(scan, &level, &wire, tag))
            return false;
    }
    return true;
}

const char *lq_pb_check(const struct lq_pb_limits *limits, struct lq_arena *arena,
                        const ProtobufCMessageDescriptor *type, struct lq_span bytes)
{
    if (bytes.size > limits->message_bytes)
        return lq_arena_format(arena, "%s: %zu bytes are more than %zu", type->short_name,
                               bytes.size, limits->message_bytes);
    struct scan scan = {.limits = limits, .arena = arena};
    check_message(&scan, NULL, type, bytes);
    return scan.why;
}
