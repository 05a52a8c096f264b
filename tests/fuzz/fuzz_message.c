// Every message of every service and of the envelope, within each row of the table of limits:
// either refused with a reason, or it can be shown, encoded, and decoded again as the same.
//
// Input: two bytes for the type, one for the limits, the message.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pb/json.h"
#include "pb/pb.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const ProtobufCMessageDescriptor *type, *other;
    for (size_t i = 0; (type = fuzz_type_at(i)) != NULL; i++) // each can be chosen
        for (size_t j = 0; j < i && (other = fuzz_type_at(j)) != NULL; j++)
            FUZZ_REQUIRE(fuzz_choice_of(type->name) != fuzz_choice_of(other->name));
    return 0;
}

// A reason names the message or its field, and would not steer the terminal that shows it.
static void require_reason(const char *why)
{
    FUZZ_REQUIRE(why != NULL && strstr(why, ": ") != NULL);
    for (; *why != '\0'; why++)
        FUZZ_REQUIRE((unsigned char)*why >= ' ' && *why != 0x7f);
}

static void require_shown(struct lq_arena *arena, const ProtobufCMessage *message)
{
    const char *line = lq_pb_text(arena, message);
    for (; *line != '\0'; line++)
        FUZZ_REQUIRE((unsigned char)*line >= ' ' && *line != 0x7f);
    json_t *json = lq_pb_json(message);
    char *text = json_dumps(json, JSON_ENSURE_ASCII);
    FUZZ_REQUIRE(text != NULL);
    free(text);
    json_decref(json);
    (void)lq_pb_variant_name(message);
    FUZZ_REQUIRE(lq_pb_variant_message(message) == NULL || lq_pb_variant(message) != 0);
}

static void require_same_again(struct lq_arena *arena, const struct lq_pb_limits *limits,
                               const ProtobufCMessage *message)
{
    const char *why = NULL;
    const struct lq_span bytes = lq_pb_encode(arena, message);
    const ProtobufCMessage *again =
        lq_pb_decode_within(limits, arena, message->descriptor, bytes, &why);
    FUZZ_REQUIRE(again != NULL && why == NULL);
    FUZZ_REQUIRE(lq_span_equal(lq_pb_encode(arena, again), bytes));
    FUZZ_REQUIRE(strcmp(lq_pb_text(arena, message), lq_pb_text(arena, again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct lq_pb_limits *const rows[] = {&LQ_PB_REQUEST, &LQ_PB_QUERY, &LQ_PB_RECORD,
                                                      &LQ_PB_REPLY};
    static struct lq_arena arena;
    struct fuzz_input input = {data, size};
    const ProtobufCMessageDescriptor *type = fuzz_type(fuzz_u16(&input));
    const struct lq_pb_limits *limits = rows[fuzz_byte(&input) % 4];
    const struct lq_span bytes = fuzz_rest(&input);

    const char *why = NULL;
    const char *checked = lq_pb_check(limits, &arena, type, bytes);
    const ProtobufCMessage *message = lq_pb_decode_within(limits, &arena, type, bytes, &why);
    FUZZ_REQUIRE((message == NULL) == (why != NULL));
    if (message == NULL) {
        require_reason(why);
        // What passes the check protobuf-c takes, unless it would need too much memory.
        FUZZ_REQUIRE(checked != NULL || strstr(why, "bytes of memory") != NULL);
    } else {
        FUZZ_REQUIRE(checked == NULL);
        require_shown(&arena, message);
        require_same_again(&arena, limits, message);
    }
    lq_arena_reset(&arena);
    return 0;
}
