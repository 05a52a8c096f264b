// What is no message of the service, or a damaged one.
#include "contract.h"

enum { GARBAGE = 300 };

static struct lq_span envelope_of(struct lq_bed *bed, struct lq_span id, struct lq_span body)
{
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = id.size, .data = lq_unconst(id.data)};
    command.body = (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
    return lq_pb_encode(&bed->arena, &command.base);
}

static void assert_malformed(struct lq_bed *bed, struct lq_span command)
{
    const struct lq_bed_digest before = lq_bed_digest(bed);
    const uint64_t sent = lq_bed_send_bytes(bed, "P1", LQ_ANYONE, command);
    lq_bed_turn(bed);
    lq_bed_assert_refused(bed, sent, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_digest(bed, before);
}

void test_what_is_no_command_is_refused(void **state)
{
    static const uint8_t unknown_variant[] = {0xa2, 0x1f, 0x00};           // field 500, a message
    static const uint8_t unknown_field[] = {0x0a, 0x03, 0xa0, 0x1f, 0x01}; // in the first member
    static const uint8_t cut_short[] = {0x0a, 0x05, 0x0a};
    static const uint8_t not_utf8[] = {0x0a, 0x04, 0x0a, 0x02, 0xc3, 0x28};
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    const struct lq_id id = lq_id_derive(CONTRACT_START_MS, lq_span_text("one"));
    const struct lq_span known = lq_span(id.bytes, LQ_ID_SIZE);
    const struct lq_span bodies[] = {
        lq_span(NULL, 0),
        lq_span(unknown_variant, sizeof unknown_variant),
        lq_span(unknown_field, sizeof unknown_field),
        lq_span(cut_short, sizeof cut_short),
        lq_span(not_utf8, sizeof not_utf8),
        lq_span_text("garbage"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_malformed(&bed, envelope_of(&bed, known, bodies[i]));
    const struct lq_span good =
        lq_pb_encode(&bed.arena, contract_empty(&bed.arena, bed.service->command_type, 0));
    assert_malformed(&bed, envelope_of(&bed, lq_span(NULL, 0), good));
    assert_malformed(&bed, envelope_of(&bed, lq_span(id.bytes, 15), good));
    uint8_t version_4[LQ_ID_SIZE];
    memcpy(version_4, id.bytes, sizeof version_4);
    version_4[6] = (uint8_t)(0x40 | (version_4[6] & 0x0f));
    assert_malformed(&bed, envelope_of(&bed, lq_span(version_4, LQ_ID_SIZE), good));
    assert_malformed(&bed, lq_span_text("no envelope"));
    lq_bed_close(&bed);
}

// What is no request is refused too, and a request of no kind.
void test_what_is_no_request_is_refused(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    Lq__Request none = LQ__REQUEST__INIT;
    const uint64_t asked = lq_bed_take(&bed, "P1", LQ_ANYONE, &none);
    lq_bed_take_bytes(&bed, "P1", LQ_ANYONE, lq_span_text("garbage"));
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, asked, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_refused(&bed, 0, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(lq_bed_tip(&bed), 0);
    lq_bed_close(&bed);
}

// Good commands with some bytes changed: either they still are commands, or nothing comes of them.
void test_damaged_commands_do_no_harm(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    struct lq_dice dice = lq_dice(4711);
    const ProtobufCMessageDescriptor *type = bed.service->command_type;
    for (int i = 0; i < GARBAGE; i++) {
        const unsigned member = (unsigned)lq_throw(&dice, type->n_fields);
        const struct lq_span body = lq_pb_encode(
            &bed.arena, lq_generate_variant(&dice, &bed.arena, type, member, CONTRACT_START_MS));
        uint8_t *damaged = lq_unconst(lq_arena_copy(&bed.arena, body).data);
        for (uint64_t n = lq_throw(&dice, 4); body.size > 0 && n > 0; n--)
            damaged[lq_throw(&dice, body.size)] = (uint8_t)lq_throw(&dice, 256);
        const struct lq_id id = lq_id_derive(CONTRACT_START_MS, lq_span(&i, sizeof i));
        const size_t size = lq_chance(&dice, 20) ? lq_throw(&dice, body.size + 1) : body.size;
        const struct lq_bed_digest before = lq_bed_digest(&bed);
        const uint64_t sent = lq_bed_send_bytes(
            &bed, "P1", LQ_ANYONE,
            envelope_of(&bed, lq_span(id.bytes, LQ_ID_SIZE), lq_span(damaged, size)));
        lq_bed_turn(&bed);
        if (lq_bed_outcome(&bed, sent).refusal != NULL)
            lq_bed_assert_digest(&bed, before);
        else
            assert_true(lq_bed_outcome(&bed, sent).seq <= lq_bed_tip(&bed));
        lq_bed_forget(&bed);
    }
    lq_bed_close(&bed);
}
