// The table of common/pb/limits.h, row by row: each number from just inside and just outside.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pb/pb.h"
#include "pbtest.pb-c.h"

static struct lq_arena arena;

static const struct row {
    const char *name;
    const struct lq_pb_limits *limits;
} ROWS[] = {
    {"request", &LQ_PB_REQUEST},
    {"query", &LQ_PB_QUERY},
    {"record", &LQ_PB_RECORD},
    {"reply", &LQ_PB_REPLY},
};

static int tear_down(void **state)
{
    (void)state;
    lq_arena_reset(&arena);
    return 0;
}

// Decodes; says in which row the test was if it is not as expected.
static void expect(const struct row *row, const ProtobufCMessageDescriptor *type,
                   struct lq_span bytes, const char *reason)
{
    const char *why = NULL;
    const ProtobufCMessage *message = lq_pb_decode_within(row->limits, &arena, type, bytes, &why);
    if (reason == NULL && message == NULL)
        fail_msg("%s: refused: %s", row->name, why);
    if (reason != NULL && message != NULL)
        fail_msg("%s: accepted, though %s", row->name, reason);
    if (reason != NULL && strstr(why, reason) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", row->name, why, reason);
}

// A piece of so many bytes in that field, alone in its message.
static struct lq_span piece(uint32_t field, size_t size, char byte)
{
    uint8_t *bytes = lq_arena_alloc(&arena, size + 12);
    size_t at = 0;
    bytes[at++] = (uint8_t)(field << 3 | 2);
    for (size_t left = size;; left >>= 7) {
        bytes[at++] = (uint8_t)((left & 0x7f) | (left >= 0x80 ? 0x80 : 0));
        if (left < 0x80)
            break;
    }
    memset(bytes + at, byte, size);
    return lq_span(bytes, at + size);
}

static void each_row_bounds_the_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const size_t most = ROWS[i].limits->message_bytes;
        struct lq_span bytes = piece(13, most, 0);
        const size_t head = bytes.size - most;
        bytes = piece(13, most - head, 0);
        assert_int_equal(bytes.size, most);
        expect(&ROWS[i], &pbtest__sample__descriptor, bytes, NULL);
        expect(&ROWS[i], &pbtest__sample__descriptor, piece(13, most - head + 1, 0),
               "bytes are more than");
    }
}

static void each_row_bounds_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct lq_pb_limits *limits = ROWS[i].limits;
        const size_t most =
            limits->text_characters > 0 ? limits->text_characters : limits->text_bytes;
        expect(&ROWS[i], &pbtest__sample__descriptor, piece(1, most, 'a'), NULL);
        expect(&ROWS[i], &pbtest__sample__descriptor, piece(1, most + 1, 'a'), "is longer than");
        expect(&ROWS[i], &pbtest__sample__descriptor, piece(15, most, 'a'), NULL);
        expect(&ROWS[i], &pbtest__sample__descriptor, piece(15, most + 1, 'a'), "is longer than");
    }
}

// A text is as long as it has characters, however many bytes they take.
static void a_request_bounds_characters(void **state)
{
    (void)state;
    const size_t most = LQ_PB_REQUEST.text_characters;
    assert_true(4 * most <= LQ_PB_RECORD.text_bytes); // what is taken can be recorded
    for (size_t count = most; count <= most + 1; count++) {
        const struct lq_span zeros = piece(1, 3 * count, 0);
        uint8_t *bytes = lq_arena_alloc(&arena, zeros.size);
        memcpy(bytes, zeros.data, zeros.size);
        for (size_t i = 0; i < count; i++)
            memcpy(bytes + zeros.size - 3 * (i + 1), "字", 3);
        expect(&ROWS[0], &pbtest__sample__descriptor, lq_span(bytes, zeros.size),
               count > most ? "text of 4097 characters is longer than 4096" : NULL);
    }
}

// Elements of one field: of no bytes each, one after the other, and packed.
static void each_row_bounds_elements(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const size_t most = ROWS[i].limits->elements;
        uint8_t *bytes = lq_arena_alloc(&arena, 2 * most + 2);
        for (size_t n = 0; n <= most; n++)
            bytes[2 * n] = 15 << 3 | 2; // and a length of zero
        expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(bytes, 2 * most), NULL);
        expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(bytes, 2 * most + 2), "elements");
        struct lq_span packed = piece(16, most, 1);
        uint8_t *numbers = lq_arena_alloc(&arena, packed.size + 8);
        numbers[0] = 0x82, numbers[1] = 0x01; // field 16 needs two bytes of tag
        memcpy(numbers + 2, packed.data + 1, packed.size - 1);
        expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(numbers, packed.size + 1), NULL);
        memcpy(numbers + packed.size + 1, "\x80\x01\x01", 3); // one more, by itself
        expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(numbers, packed.size + 4),
               "elements");
    }
}

static void each_row_bounds_the_depth(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const unsigned most = ROWS[i].limits->depth;
        uint8_t bytes[64];
        for (unsigned depth = most; depth <= most + 1; depth++) {
            size_t size = 0;
            for (unsigned level = depth - 1; level > 0; level--) {
                bytes[size++] = 1 << 3 | 2;
                bytes[size++] = (uint8_t)(2 * (level - 1));
            }
            expect(&ROWS[i], &pbtest__nest__descriptor, lq_span(bytes, size),
                   depth > most ? "nested more than" : NULL);
        }
    }
}

// Members that are empty on the wire and 40 bytes and more in memory: whatever the row, decoding
// takes no more than it says, whether it ends well or not.
static void each_row_bounds_the_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct lq_pb_limits *limits = ROWS[i].limits;
        const size_t count = limits->elements;
        uint8_t *bytes = lq_arena_alloc(&arena, 3 * count);
        for (size_t n = 0; n < count; n++)
            memcpy(bytes + 3 * n, "\x92\x01\x00", 3);
        struct lq_arena own = {0};
        struct lq_pb_limits tight = *limits;
        const char *why = NULL;
        const struct lq_span empty = lq_span(bytes, 3 * count);
        assert_non_null(
            lq_pb_decode_within(limits, &own, &pbtest__sample__descriptor, empty, &why));
        assert_true(own.used > 10 * empty.size && own.used <= limits->memory_bytes);
        tight.memory_bytes = own.used;
        lq_arena_reset(&own);
        assert_non_null(
            lq_pb_decode_within(&tight, &own, &pbtest__sample__descriptor, empty, &why));
        tight.memory_bytes--;
        lq_arena_reset(&own);
        assert_null(lq_pb_decode_within(&tight, &own, &pbtest__sample__descriptor, empty, &why));
        assert_non_null(strstr(why, "bytes of memory"));
        assert_true(own.used <= tight.memory_bytes + 1024); // and the reason
        lq_arena_free(&own);
    }
}

static void each_row_knows_what_may_be_newer(void **state)
{
    (void)state;
    static const uint8_t field[] = {0x98, 0x06, 0x01}, number[] = {0x60, 0x04};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(field, sizeof field),
               ROWS[i].limits->newer_fields ? NULL : "has no field 99");
        expect(&ROWS[i], &pbtest__nothing__descriptor, lq_span(field, sizeof field),
               ROWS[i].limits->newer_fields ? NULL : "has no field 99");
        expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(number, sizeof number),
               ROWS[i].limits->newer_enums ? NULL : "is not a number of Colour");
    }
    // What strangers send is never newer than what is understood; what state is made of neither.
    assert_false(LQ_PB_REQUEST.newer_fields || LQ_PB_REQUEST.newer_enums);
    assert_false(LQ_PB_QUERY.newer_fields || LQ_PB_QUERY.newer_enums);
    assert_false(LQ_PB_RECORD.newer_enums);
}

static void each_row_refuses_bad_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *reason;
    } bad[] = {{"\x0a\x02\xc3\x28", "not valid UTF-8"},
               {"\x0a\x02\x00\x61", "holds a NUL"},
               {"\x0a\x02\x1b\x5b", "control character"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++)
            expect(&ROWS[i], &pbtest__sample__descriptor, lq_span(bad[b].bytes, 4), bad[b].reason);
}

static void identifiers_end_at_64_bytes(void **state)
{
    (void)state;
    char text[LQ_PB_IDENTIFIER_BYTES + 2] = "";
    assert_false(lq_pb_identifier(""));
    memset(text, 'x', LQ_PB_IDENTIFIER_BYTES);
    assert_true(lq_pb_identifier(text));
    text[LQ_PB_IDENTIFIER_BYTES] = 'x';
    assert_false(lq_pb_identifier(text));
    assert_true(lq_pb_identifier("献环罚〔2015〕3号"));
    assert_false(lq_pb_identifier("P 1"));
    assert_false(lq_pb_identifier("P\x7f"));
    assert_false(lq_pb_identifier("P\n"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_row_bounds_the_message), TEST(each_row_bounds_texts),
        TEST(a_request_bounds_characters),
        TEST(each_row_bounds_elements),    TEST(each_row_bounds_the_depth),
        TEST(each_row_bounds_the_memory),  TEST(each_row_knows_what_may_be_newer),
        TEST(each_row_refuses_bad_text),   TEST(identifiers_end_at_64_bytes),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
