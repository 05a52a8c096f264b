// The pools of support/generate.c know what belongs into a field by its name, and so make commands
// that get far; what they never make is put in here: extremes of numbers, texts longer than a key
// holds, long lists, and values taken from the input as they are.
#include "life_message.h"

#include <string.h>

#include "pb/limits.h"
#include "support/generate.h"

enum { ERAS = 4, LONG_LIST = 300 };

// A text that an odd field may have; lengths lie on both sides of every limit that there is.
static char *odd_text(struct fuzz_input *input, struct lq_arena *arena)
{
    static const size_t lengths[] = {1, 63, 64, 65, 119, 120, 121, 160, 254, 255, 256, 1023, 1024};
    enum { LENGTHS = sizeof lengths / sizeof lengths[0] };
    const unsigned kind = fuzz_byte(input);
    if (kind < 4 * LENGTHS) {
        const size_t length = lengths[kind % LENGTHS];
        char *text = lq_arena_alloc(arena, length + 1);
        memset(text, kind < 2 * LENGTHS ? 'x' : '1', length);
        return text;
    }
    switch (kind % 6) {
    case 0:
        return lq_arena_text(arena, "");
    case 1:
        return lq_arena_text(arena, "〔2015〕第3号 号");
    case 2:
        return lq_arena_format(arena, "P%u", 1 + fuzz_byte(input) % 9);
    case 3:
        return lq_arena_format(arena, "%c%u", 'A' + fuzz_byte(input) % 26, fuzz_byte(input) % 8);
    case 4:
        return lq_arena_format(arena, "T0%u", 1 + fuzz_byte(input) % 3);
    default:
        return lq_arena_text(arena, "@dispatch");
    }
}

static int64_t odd_number(struct fuzz_input *input, int64_t now_ms)
{
    static const int64_t odd[] = {0,         1,         -1,         INT32_MAX,      INT32_MIN,
                                  INT64_MAX, INT64_MIN, UINT32_MAX, 253402300800000};
    const unsigned kind = fuzz_byte(input);
    if (kind < sizeof odd / sizeof odd[0])
        return odd[kind];
    if (kind < 64)
        return fuzz_byte(input);
    if (kind < 192)
        return now_ms + ((int64_t)fuzz_u16(input) - 32768) * 60000;
    return (int64_t)fuzz_u64(input);
}

static void bend(struct fuzz_input *input, struct lq_arena *arena, ProtobufCMessage *message,
                 int64_t now_ms);

static void bend_value(struct fuzz_input *input, struct lq_arena *arena,
                       const ProtobufCFieldDescriptor *field, void *place, int64_t now_ms)
{
    const ProtobufCEnumDescriptor *words = field->descriptor;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = odd_text(input, arena);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        if (*(ProtobufCMessage **)place != NULL && fuzz_byte(input) % 4 != 0)
            bend(input, arena, *(ProtobufCMessage **)place, now_ms);
        else
            *(ProtobufCMessage **)place = NULL;
        return;
    case PROTOBUF_C_TYPE_ENUM:
        *(int32_t *)place = words->values[fuzz_byte(input) % words->n_values].value;
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)place = !*(protobuf_c_boolean *)place;
        return;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(int64_t *)place = odd_number(input, now_ms);
        return;
    default:
        *(int32_t *)place = (int32_t)odd_number(input, now_ms / LQ_DAY_MS);
    }
}

// A list of one text many times, or of as many that differ; or none.
static void bend_list(struct fuzz_input *input, struct lq_arena *arena,
                      const ProtobufCFieldDescriptor *field, ProtobufCMessage *message,
                      int64_t now_ms)
{
    char **list = (char **)(void *)((char *)message + field->offset);
    size_t *count = (size_t *)(void *)((char *)message + field->quantifier_offset);
    const unsigned kind = fuzz_byte(input);
    if (field->type != PROTOBUF_C_TYPE_STRING) {
        if (*count == 0 || field->type != PROTOBUF_C_TYPE_MESSAGE || kind % 4 == 0)
            *count = 0;
        else
            bend(input, arena, ((ProtobufCMessage **)(void *)*list)[kind % *count], now_ms);
        return;
    }
    *count = kind < 16 ? kind : kind < 32 ? LONG_LIST : kind < 40 ? LQ_PB_REQUEST.elements : 2;
    char **texts = LQ_NEW_ARRAY(arena, char *, *count + 1);
    for (size_t i = 0; i < *count; i++)
        texts[i] =
            kind % 2 == 0 ? lq_arena_format(arena, "T%02zu", 1 + i) : lq_arena_text(arena, "T01");
    *list = (char *)texts;
}

static void bend(struct fuzz_input *input, struct lq_arena *arena, ProtobufCMessage *message,
                 int64_t now_ms)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    if (type->n_fields == 0)
        return;
    const ProtobufCFieldDescriptor *field = &type->fields[fuzz_byte(input) % type->n_fields];
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        bend_list(input, arena, field, message, now_ms);
    else
        bend_value(input, arena, field, (char *)message + field->offset, now_ms);
}

const ProtobufCMessage *life_message(struct fuzz_input *input, struct lq_arena *arena,
                                     const ProtobufCMessageDescriptor *type, int64_t now_ms)
{
    const unsigned member = fuzz_byte(input) % type->n_fields;
    const uint16_t seed = fuzz_u16(input);
    struct lq_dice dice = lq_dice(seed);
    dice.era = seed % ERAS;
    ProtobufCMessage *message = lq_generate_variant(&dice, arena, type, member, now_ms);
    ProtobufCMessage *body =
        *(ProtobufCMessage **)(void *)((char *)message + type->fields[member].offset);
    for (unsigned bends = fuzz_byte(input) % 4; bends > 0; bends--)
        bend(input, arena, body, now_ms);
    return message;
}
