// The limits of decoding, each from just inside and just outside.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "pb/json.h"
#include "pb/pb.h"
#include "pbtest.pb-c.h"

static struct lq_arena arena;

static int tear_down(void **state)
{
    (void)state;
    lq_arena_reset(&arena);
    return 0;
}

// ---------------------------------------------------------------- wire bytes by hand

struct bytes {
    uint8_t data[300000];
    size_t size;
};

static struct bytes wire;

static void add(const void *data, size_t size)
{
    assert_true(wire.size + size <= sizeof wire.data);
    if (size > 0)
        memcpy(wire.data + wire.size, data, size);
    wire.size += size;
}

static void add_varint(uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        add(&(uint8_t){(uint8_t)(value | 0x80)}, 1);
    add(&(uint8_t){(uint8_t)value}, 1);
}

static void add_number(uint32_t field, uint64_t value)
{
    add_varint(field << 3);
    add_varint(value);
}

static void add_piece(uint32_t field, const void *data, size_t size)
{
    add_varint(field << 3 | 2);
    add_varint(size);
    add(data, size);
}

static void add_text(uint32_t field, const char *text)
{
    add_piece(field, text, strlen(text));
}

static struct lq_span take(void)
{
    struct lq_span bytes = lq_arena_copy(&arena, lq_span(wire.data, wire.size));
    wire.size = 0;
    return bytes;
}

static const Pbtest__Sample *decode(const char **why)
{
    *why = NULL;
    return (const Pbtest__Sample *)lq_pb_decode(&arena, &pbtest__sample__descriptor, take(), why);
}

static const Pbtest__Sample *accepted(void)
{
    const char *why;
    const Pbtest__Sample *sample = decode(&why);
    if (sample == NULL)
        fail_msg("refused: %s", why);
    assert_null(why);
    return sample;
}

static void refused(const char *reason)
{
    const char *why;
    assert_null(decode(&why));
    assert_non_null(why);
    assert_string_equal(why, reason);
}

// ---------------------------------------------------------------- decoding

static void decodes_every_kind_of_field(void **state)
{
    (void)state;
    Pbtest__Team lead = PBTEST__TEAM__INIT;
    Pbtest__Sample sent = PBTEST__SAMPLE__INIT;
    char name[] = "献县\t联勤\n", code[] = "T01";
    uint32_t numbers[] = {0, 1, UINT32_MAX};
    lead.code = code;
    sent.name = name;
    sent.count = INT32_MIN;
    sent.size = UINT32_MAX;
    sent.change = -5;
    sent.seq = UINT64_MAX;
    sent.shift = INT64_MIN;
    sent.far = -7;
    sent.colour = PBTEST__COLOUR__DARK_GREEN;
    sent.lead = &lead;
    sent.numbers = numbers;
    sent.n_numbers = 3;
    sent.body_case = PBTEST__SAMPLE__BODY_NUMBER;
    sent.number = 9;
    const struct lq_span bytes = lq_pb_encode(&arena, &sent.base);
    const char *why = NULL;
    const Pbtest__Sample *got =
        (const Pbtest__Sample *)lq_pb_decode(&arena, &pbtest__sample__descriptor, bytes, &why);
    assert_null(why);
    assert_string_equal(got->name, name);
    assert_int_equal(got->count, INT32_MIN);
    assert_int_equal(got->change, -5);
    assert_true(got->seq == UINT64_MAX && got->shift == INT64_MIN && got->far == -7);
    assert_string_equal(got->lead->code, "T01");
    assert_int_equal(got->n_numbers, 3);
    assert_int_equal(got->numbers[2], UINT32_MAX);
    assert_int_equal(got->number, 9);
    assert_true(lq_span_equal(lq_pb_encode(&arena, &got->base), bytes));
}

static void accepts_nothing_at_all(void **state)
{
    (void)state;
    assert_string_equal(accepted()->name, "");
    const char *why = NULL;
    assert_non_null(lq_pb_decode(&arena, &pbtest__nothing__descriptor, (struct lq_span){0}, &why));
    assert_int_equal(accepted()->body_case, 0); // a oneof that is not set is the caller's business
}

static void bounds_the_message(void **state)
{
    (void)state;
    static char padding[64 * 1024];
    add_piece(13, padding, 64 * 1024 - 4); // a tag and three bytes of length
    assert_int_equal(wire.size, 64 * 1024);
    assert_int_equal(accepted()->id.len, 64 * 1024 - 4);
    add_piece(13, padding, 64 * 1024 - 3);
    refused("Sample: 65537 bytes are more than 65536");
}

static void bounds_the_text(void **state)
{
    (void)state;
    char text[4097];
    memset(text, 'a', sizeof text);
    add_piece(1, text, 4096);
    assert_int_equal(strlen(accepted()->name), 4096);
    add_piece(1, text, 4097);
    refused("name: text of 4097 characters is longer than 4096");
}

static void bounds_the_elements(void **state)
{
    (void)state;
    for (int i = 0; i < 1024; i++)
        add_text(15, "T");
    assert_int_equal(accepted()->n_teams, 1024);
    for (int i = 0; i < 1025; i++)
        add_text(15, "T");
    refused("teams[1024]: more than 1024 elements");
}

static void bounds_packed_elements(void **state)
{
    (void)state;
    uint8_t packed[1025] = {0};
    add_piece(16, packed, 1000);
    add_piece(16, packed, 23); // a packed field may come in parts, and singly
    add_number(16, 7);
    assert_int_equal(accepted()->n_numbers, 1024);
    add_piece(16, packed, 1000);
    add_piece(16, packed, 25);
    refused("numbers[1024]: more than 1024 elements");
    add_piece(20, packed, 8);
    assert_int_equal(accepted()->n_marks, 2);
    add_piece(20, packed, 7);
    refused("marks[1]: a number is cut off or too long");
}

static struct lq_span nested(unsigned depth)
{
    wire.size = 0;
    for (unsigned i = 1; i < depth; i++) {
        struct bytes *inner = malloc(sizeof *inner);
        assert_non_null(inner);
        *inner = wire;
        wire.size = 0;
        add_piece(1, inner->data, inner->size);
        free(inner);
    }
    return take();
}

static void bounds_the_depth(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_non_null(lq_pb_decode(&arena, &pbtest__nest__descriptor, nested(8), &why));
    assert_null(lq_pb_decode(&arena, &pbtest__nest__descriptor, nested(9), &why));
    assert_string_equal(why, "inner.inner.inner.inner.inner.inner.inner.inner: messages are nested "
                             "more than 8 deep");
    assert_null(lq_pb_decode(&arena, &pbtest__nest__descriptor, nested(2000), &why));
}

static void bounds_the_memory(void **state)
{
    (void)state;
    struct lq_pb_limits limits = LQ_PB_REQUEST;
    for (int i = 0; i < 1024; i++)
        add_piece(18, "", 0);
    const struct lq_span bytes = take();
    const char *why = NULL;
    const size_t before = arena.used;
    assert_non_null(lq_pb_decode_within(&limits, &arena, &pbtest__sample__descriptor, bytes, &why));
    const size_t needed = arena.used - before;
    assert_true(needed > 20 * bytes.size); // that is why there is a limit
    limits.memory_bytes = needed / 2;
    const size_t again = arena.used;
    assert_null(lq_pb_decode_within(&limits, &arena, &pbtest__sample__descriptor, bytes, &why));
    assert_non_null(strstr(why, "Sample: would take more than"));
    assert_true(arena.used - again <= needed / 2 + 1024);
}

// protobuf-c must survive that any one allocation is the one that fails.
static void survives_every_failing_allocation(void **state)
{
    (void)state;
    uint8_t team[16];
    wire.size = 0;
    add_text(1, "T01");
    const size_t team_size = wire.size;
    memcpy(team, wire.data, team_size);
    wire.size = 0;
    add_text(1, "name");
    add_piece(13, "0123456789abcdef", 16);
    add_piece(14, team, team_size);
    for (int i = 0; i < 40; i++) // more fields than protobuf-c notes on its stack
        add_piece(18, team, team_size);
    add_text(15, "T");
    add_number(16, 1);
    add_text(40, "text");
    add_text(99, "newer");
    const struct lq_span bytes = take();
    struct lq_pb_limits limits = LQ_PB_RECORD;
    size_t refusals = 0;
    const char *why;
    for (limits.memory_bytes = 0;; limits.memory_bytes += 8, refusals++)
        if (lq_pb_decode_within(&limits, &arena, &pbtest__sample__descriptor, bytes, &why) != NULL)
            break;
    assert_true(refusals > 500);
}

static void refuses_truncated_bytes(void **state)
{
    (void)state;
    add_text(1, "name");
    add_number(7, 123456789);
    add_text(40, "text");
    const struct lq_span whole = take();
    const size_t ends[] = {0, 6, 11, whole.size};
    for (size_t size = 0; size <= whole.size; size++) {
        bool is_end = false;
        for (size_t i = 0; i < 4; i++)
            is_end |= size == ends[i];
        const char *why = NULL;
        const void *message =
            lq_pb_decode(&arena, &pbtest__sample__descriptor, lq_span(whole.data, size), &why);
        assert_int_equal(message != NULL, is_end);
        assert_int_equal(why == NULL, is_end);
    }
}

static void says_where_it_is_truncated(void **state)
{
    (void)state;
    add("\x0a\x05na", 4);
    refused("name: the bytes end in this field");
    add("\x10\x80", 2);
    refused("count: a number is cut off or too long");
    add("\x4d\x01\x02\x03", 4);
    refused("mark: a number is cut off or too long");
    add("\x80", 1);
    refused("Sample: the bytes are not a message");
    add("\x72\x03\x0a\x02T", 5); // the outer piece is whole, the inner is not
    refused("lead.code: the bytes end in this field");
}

static void refuses_bad_tags(void **state)
{
    (void)state;
    add("\x00\x01", 2); // field 0
    refused("Sample: the bytes are not a message");
    add("\x0b", 1); // a group
    refused("name: is not of the type that Sample says");
    add("\xff\xff\xff\xff\xff\x01\x01", 7);
    refused("Sample: the bytes are not a message");
    add_number(1, 3); // a number where a text belongs
    refused("name: is not of the type that Sample says");
    add_text(2, "3");
    refused("count: is not of the type that Sample says");
}

static void refuses_what_is_set_twice(void **state)
{
    (void)state;
    add_number(2, 1);
    add_number(2, 1);
    refused("count: is set twice");
    add_piece(14, "", 0);
    add_piece(14, "", 0);
    refused("lead: is set twice");
    add_number(31, 1);
    add_text(40, "x");
    refused("text: is set, and so is number: only one may be");
}

static void refuses_unknown_fields_of_strangers(void **state)
{
    (void)state;
    add_number(99, 1);
    refused("Sample: Sample has no field 99");
    add_piece(18, "\xf8\x06\x01", 3);
    refused("members[0]: Team has no field 111");
}

static void refuses_numbers_that_do_not_fit(void **state)
{
    (void)state;
    add_number(3, UINT32_MAX);
    assert_int_equal(accepted()->size, UINT32_MAX);
    add_number(3, UINT32_MAX + 1ULL);
    refused("size: the number does not fit its field");
    add_number(2, (uint64_t)(int64_t)INT32_MIN);
    assert_int_equal(accepted()->count, INT32_MIN);
    add_number(2, (uint64_t)INT32_MIN - 1ULL);
    refused("count: the number does not fit its field");
    add("\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
    assert_true(accepted()->seq == UINT64_MAX);
    add("\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11);
    refused("seq: a number is cut off or too long");
}

static void refuses_unknown_enum_numbers(void **state)
{
    (void)state;
    add_number(12, 5);
    assert_int_equal(accepted()->colour, PBTEST__COLOUR__DARK_GREEN);
    add_number(12, 4);
    refused("colour: 4 is not a number of Colour");
    add_number(12, (uint64_t)-1);
    refused("colour: -1 is not a number of Colour");
    add_piece(17, "\x01\x05\x02", 3);
    refused("colours[2]: 2 is not a number of Colour");
}

static void refuses_bad_text(void **state)
{
    (void)state;
    add_text(15, "T01");
    add_text(15, "组");
    add_text(15, "\xe7\xbb");
    refused("teams[2]: text is not valid UTF-8");
    add_piece(1, "a\0b", 3);
    refused("name: text holds a NUL");
    add_text(1, "a\x1b[2J");
    refused("name: text holds the control character U+001B");
    add_text(1, "a\rb");
    refused("name: text holds the control character U+000D");
    add_text(1, "\xc2\x9b"); // the C1 form of ESC [
    refused("name: text holds the control character U+009B");
    add_text(1, "\x7f");
    refused("name: text holds the control character U+007F");
    add_text(1, "a\tb\nc\xc2\xa0");
    assert_string_equal(accepted()->name, "a\tb\nc\xc2\xa0");
}

static void lets_newer_messages_pass_where_it_may(void **state)
{
    (void)state;
    add_number(99, 1);
    add_text(100, "\xff\x1b");
    add("\xad\x06\x01\x02\x03\x04\xb1\x06\x01\x02\x03\x04\x05\x06\x07\x08", 16);
    add_number(12, 4);
    const struct lq_span bytes = take();
    const char *why = NULL;
    const ProtobufCMessage *message =
        lq_pb_decode_within(&LQ_PB_REPLY, &arena, &pbtest__sample__descriptor, bytes, &why);
    assert_non_null(message);
    assert_int_equal(message->n_unknown_fields, 4);
    assert_string_equal(lq_pb_text(&arena, message), "Sample{colour=4}");
    assert_null(
        lq_pb_decode_within(&LQ_PB_RECORD, &arena, &pbtest__sample__descriptor, bytes, &why));
    assert_string_equal(why, "colour: 4 is not a number of Colour");
    add("\x9b\x06", 2); // a group is no known kind in any version
    assert_string_equal(lq_pb_check(&LQ_PB_REPLY, &arena, &pbtest__sample__descriptor, take()),
                        "Sample: field 99 is cut off or of no known kind");
}

// Bytes that the check lets pass are bytes that protobuf-c takes: what is left is memory.
static void agrees_with_protobuf_c_on_any_bytes(void **state)
{
    (void)state;
    add_text(1, "献县");
    add_number(2, 5);
    add_number(12, 1);
    add_piece(16, "\x01\x02\x80\x01", 4);
    add_piece(18, "\x0a\x03T01\x10\x05", 7);
    add_piece(30, "\x0a\x01x", 3);
    const struct lq_span seed = take();
    struct lq_arena own = {0};
    uint32_t random = 20150306;
    size_t accepted_count = 0;
    for (int round = 0; round < 200000; round++) {
        uint8_t bytes[64];
        memcpy(bytes, seed.data, seed.size);
        for (int i = 0; i < 1 + round % 3; i++) {
            random = random * 1664525 + 1013904223;
            bytes[(random >> 8) % seed.size] = (uint8_t)(random >> 24);
        }
        const char *why = NULL;
        const struct lq_pb_limits *limits = round % 2 == 0 ? &LQ_PB_REQUEST : &LQ_PB_REPLY;
        const ProtobufCMessage *message = lq_pb_decode_within(
            limits, &own, &pbtest__sample__descriptor, lq_span(bytes, seed.size), &why);
        if (message != NULL) {
            assert_null(why);
            accepted_count++;
            lq_pb_text(&own, message);
            json_decref(lq_pb_json(message));
        } else {
            assert_non_null(why);
            assert_null(strstr(why, "memory"));
        }
        lq_arena_reset(&own);
    }
    assert_true(accepted_count > 10000);
    lq_arena_free(&own);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(decodes_every_kind_of_field),
        TEST(accepts_nothing_at_all),
        TEST(bounds_the_message),
        TEST(bounds_the_text),
        TEST(bounds_the_elements),
        TEST(bounds_packed_elements),
        TEST(bounds_the_depth),
        TEST(bounds_the_memory),
        TEST(survives_every_failing_allocation),
        TEST(refuses_truncated_bytes),
        TEST(says_where_it_is_truncated),
        TEST(refuses_bad_tags),
        TEST(refuses_what_is_set_twice),
        TEST(refuses_unknown_fields_of_strangers),
        TEST(refuses_numbers_that_do_not_fit),
        TEST(refuses_unknown_enum_numbers),
        TEST(refuses_bad_text),
        TEST(lets_newer_messages_pass_where_it_may),
        TEST(agrees_with_protobuf_c_on_any_bytes),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
