// A request as the bus scans it and as the service decodes it: what both take they must read alike,
// or the bus would route one thing and the service do another. The same for the stamp, which the
// link reads by hand.
//
// Input: one byte that says which, the bytes.
#include <string.h>

#include "bus/wire.h"
#include "bus/worker/frames.h"
#include "fuzz.h"
#include "pb/pb.h"
#include "pb/wire.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static bool within(struct lq_span piece, struct lq_span whole)
{
    return piece.size == 0 ||
           (piece.data >= whole.data && piece.data + piece.size <= whole.data + whole.size);
}

static void require_alike(const struct lq_request_head *head, const Lq__Request *request)
{
    const ProtobufCBinaryData body =
        request->kind_case == LQ__REQUEST__KIND_COMMAND    ? request->command
        : request->kind_case == LQ__REQUEST__KIND_COMMANDS ? request->commands
        : request->kind_case == LQ__REQUEST__KIND_QUERY    ? request->query
                                                           : request->fetch;
    FUZZ_REQUIRE(head->correlation == request->correlation);
    FUZZ_REQUIRE(lq_span_equal(head->service, lq_span_text(request->service)));
    FUZZ_REQUIRE(head->kind == (unsigned)request->kind_case);
    FUZZ_REQUIRE(lq_span_equal(head->body, lq_span(body.data, body.len)));
    FUZZ_REQUIRE(request->n_seen <= LQ_SEEN_LIMIT);
}

static const ProtobufCMessage *decode(struct lq_arena *arena,
                                      const ProtobufCMessageDescriptor *type, struct lq_span bytes)
{
    const char *why = NULL;
    const ProtobufCMessage *message = lq_pb_decode(arena, type, bytes, &why);
    FUZZ_REQUIRE((message == NULL) == (why != NULL));
    return message;
}

static void decode_body(struct lq_arena *arena, const struct lq_request_head *head)
{
    static const ProtobufCMessageDescriptor *const kinds[] = {
        [4] = &lq__command__descriptor,
        [5] = &lq__query__descriptor,
        [6] = &lq__fetch__descriptor,
        [8] = &lq__commands__descriptor,
    };
    FUZZ_REQUIRE(head->kind < sizeof kinds / sizeof kinds[0] && kinds[head->kind] != NULL);
    const ProtobufCMessage *body = decode(arena, kinds[head->kind], head->body);
    if (head->kind != LQ__REQUEST__KIND_COMMANDS || body == NULL)
        return;
    const Lq__Commands *commands = (const void *)body;
    for (size_t i = 0; i < commands->n_commands; i++)
        decode(arena, &lq__command__descriptor,
               lq_span(commands->commands[i].data, commands->commands[i].len));
}

static void try_request(struct lq_arena *arena, struct lq_span bytes)
{
    struct lq_request_head head;
    const char *wrong = lq_request_scan(bytes, &head);
    FUZZ_REQUIRE(within(head.service, bytes) && within(head.body, bytes));
    const char *why = NULL;
    const Lq__Request *request =
        (const void *)lq_pb_decode(arena, &lq__request__descriptor, bytes, &why);
    if (wrong == NULL && request != NULL) {
        require_alike(&head, request);
        decode_body(arena, &head);
    }
    // What the bus refuses though the service would take it is a matter of names and counts only.
    if (wrong != NULL && request != NULL)
        FUZZ_REQUIRE(request->kind_case == 0 ||
                     !lq_service_name_valid(lq_span_text(request->service)) ||
                     request->n_seen > LQ_SEEN_LIMIT);
    uint8_t buffer[LQ_REFUSAL_SIZE];
    if (wrong != NULL)
        (void)lq_refusal_encode(buffer, head.correlation, LQ__REFUSAL__WHY__MALFORMED, false,
                                "%s: %.*s", wrong, (int)head.service.size,
                                (const char *)head.service.data);
}

static void try_stamp(struct lq_arena *arena, struct lq_span bytes)
{
    struct lq_pb_wire wire = lq_pb_wire(bytes);
    struct lq_pb_field field;
    struct lq_span route = {0}, actor = {0};
    uint32_t roles = 0;
    while (lq_pb_next_field(&wire, &field)) {
        FUZZ_REQUIRE(field.tag.number != 0 && within(field.bytes, bytes));
        if (field.tag.number == 1 && field.tag.type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            route = field.bytes;
        if (field.tag.number == 2 && field.tag.type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            actor = field.bytes;
        if (field.tag.number == 3 && field.tag.type == PROTOBUF_C_WIRE_TYPE_VARINT)
            roles = (uint32_t)field.value;
    }
    const char *why = NULL;
    const Lq__Stamp *stamp = (const void *)lq_pb_decode(arena, &lq__stamp__descriptor, bytes, &why);
    if (stamp == NULL)
        return;
    FUZZ_REQUIRE(!wire.broken);
    FUZZ_REQUIRE(lq_span_equal(route, lq_span(stamp->route.data, stamp->route.len)));
    FUZZ_REQUIRE(lq_span_equal(actor, lq_span_text(stamp->actor)));
    FUZZ_REQUIRE(roles == stamp->roles);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lq_arena arena;
    struct fuzz_input input = {data, size};
    const uint8_t which = fuzz_byte(&input);
    if (which % 2 == 0)
        try_request(&arena, fuzz_rest(&input));
    else
        try_stamp(&arena, fuzz_rest(&input));
    lq_arena_reset(&arena);
    return 0;
}
