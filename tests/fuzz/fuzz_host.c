// A real host of each service, given bytes as they come from the bus: requests of any bytes, and
// requests in order whose command, query or fetch is any bytes. Each is answered once and refused
// within the limits before the service sees it; nothing that is refused leaves a trace.
//
// Input: two bytes for the service, then steps: a byte that says which, a byte for the roles, a
// piece.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "fuzz.h"
#include "pb/pb.h"
#include "support/bed.h"

enum { STEPS_MAX = 32 };

static const int64_t START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return setenv("CMOCKA_TEST_ABORT", "1", 1); // the bed's assertions end the process
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_row(bytes.data)};
}

static struct lq_span command_of(struct lq_bed *bed, unsigned step, struct lq_span body)
{
    const struct lq_id id = lq_id_derive(bed->now_ms, lq_span(&step, sizeof step));
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = binary(lq_span(id.bytes, LQ_ID_SIZE));
    command.body = binary(body);
    return lq_pb_encode(&bed->arena, &command.base);
}

// Asks in one of six ways; false if the step asks nothing.
static bool ask(struct lq_bed *bed, unsigned step, unsigned kind, uint32_t roles,
                struct lq_span bytes)
{
    Lq__Request request = LQ__REQUEST__INIT;
    Lq__Query query = LQ__QUERY__INIT;
    switch (kind) {
    case 0:
        lq_bed_take_bytes(bed, "P1", roles, bytes);
        return true;
    case 1:
        lq_bed_send_bytes(bed, "P1", roles, bytes);
        return true;
    case 2:
    case 3:
        lq_bed_send_bytes(bed, "P1", roles, command_of(bed, step, bytes));
        return true;
    case 4:
        request.kind_case = LQ__REQUEST__KIND_QUERY;
        request.query = binary(bytes);
        break;
    case 5:
        query.body = binary(bytes);
        request.kind_case = LQ__REQUEST__KIND_QUERY;
        request.query = binary(lq_pb_encode(&bed->arena, &query.base));
        break;
    case 6:
        request.kind_case = LQ__REQUEST__KIND_FETCH;
        request.fetch = binary(bytes);
        break;
    default:
        lq_host_hear(bed->host, bytes); // an answer to what it never asked
        return false;
    }
    lq_bed_take(bed, "P1", roles, &request);
    return true;
}

static void take_step(struct lq_bed *bed, struct fuzz_input *input, unsigned step)
{
    const unsigned kind = fuzz_byte(input) % 8;
    const uint32_t roles = fuzz_byte(input) % 4 == 0 ? LQ_ROLE(LEAD) : LQ_ANYONE;
    const unsigned replies = bed->reply_count;
    const uint64_t tip = lq_bed_tip(bed);
    const bool asked = ask(bed, step, kind, roles, fuzz_piece(input));
    lq_bed_turn(bed);
    FUZZ_REQUIRE(bed->reply_count <= replies + (asked ? 1 : 0));
    bed->now_ms += 700 * 1000; // whatever waits has waited long enough
    lq_bed_settle(bed);
    FUZZ_REQUIRE(bed->reply_count == replies + (asked ? 1 : 0));
    if (!asked)
        return;
    const struct lq_bed_reply *reply = bed->replies;
    for (const struct lq_bed_reply *r = bed->replies; r != NULL; r = r->next)
        reply = r;
    if (reply->reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        FUZZ_REQUIRE(reply->reply->refusal->text[0] != '\0' && lq_bed_tip(bed) == tip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct lq_bed bed = {0};
    lq_bed_open(&bed, fuzz_service(fuzz_u16(&input)), START_MS);
    lq_bed_settle(&bed);
    for (unsigned step = 0; step < STEPS_MAX && input.left > 0; step++)
        take_step(&bed, &input, step);
    lq_bed_close(&bed);
    return 0;
}
