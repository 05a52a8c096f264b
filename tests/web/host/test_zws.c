// ZWS and ZMTP, byte for byte.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/host/zws.h"

enum { GREETING = 64, ROOM = 1024 };

static void expect_bytes(struct lq_buffer *buffer, const void *bytes, size_t size)
{
    assert_int_equal(lq_buffer_size(buffer), size);
    assert_memory_equal(buffer->bytes + buffer->begin, bytes, size);
    lq_buffer_free(buffer);
}

// ---------------------------------------------------------------- to the bus

static void the_greeting_is_that_of_a_client_with_curve(void **state)
{
    (void)state;
    struct lq_buffer out = {0};
    uint8_t wanted[GREETING] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, 'C', 'U', 'R', 'V', 'E'};
    zws_greet(&out);
    expect_bytes(&out, wanted, sizeof wanted);
}

static void a_message_becomes_a_frame_with_its_flags_and_length(void **state)
{
    (void)state;
    struct lq_buffer out = {0};
    assert_true(zws_frame(lq_span("\x00"
                                  "ab",
                                  3),
                          &out));
    assert_true(zws_frame(lq_span("\x01"
                                  "ab",
                                  3),
                          &out));
    assert_true(zws_frame(lq_span("\x02"
                                  "ab",
                                  3),
                          &out));
    assert_true(zws_frame(lq_span("\x00", 1), &out));
    expect_bytes(&out,
                 "\x00\x02"
                 "ab"
                 "\x01\x02"
                 "ab"
                 "\x04\x02"
                 "ab"
                 "\x00\x00",
                 14);
}

static void a_long_message_has_its_length_in_eight_bytes(void **state)
{
    (void)state;
    static uint8_t message[ZWS_MESSAGE_MOST + 1];
    struct lq_buffer out = {0};
    assert_true(zws_frame(lq_span(message, 257), &out));
    assert_int_equal(lq_buffer_size(&out), 9 + 256);
    assert_memory_equal(out.bytes, "\x02\0\0\0\0\0\0\x01\0", 9);
    lq_buffer_free(&out);
    assert_true(zws_frame(lq_span(message, 256), &out));
    assert_int_equal(lq_buffer_size(&out), 2 + 255);
    lq_buffer_free(&out);
    assert_true(zws_frame(lq_span(message, ZWS_MESSAGE_MOST), &out));
    lq_buffer_free(&out);
    assert_false(zws_frame(lq_span(message, ZWS_MESSAGE_MOST + 1), &out));
    assert_int_equal(lq_buffer_size(&out), 0);
}

static void what_is_no_message_adds_nothing(void **state)
{
    (void)state;
    struct lq_buffer out = {0};
    assert_false(zws_frame(lq_span("", 0), &out));
    for (unsigned flag = 3; flag < 256; flag++) {
        const uint8_t message[] = {(uint8_t)flag, 'a'};
        assert_false(zws_frame(lq_span(message, sizeof message), &out));
    }
    assert_int_equal(lq_buffer_size(&out), 0);
    lq_buffer_free(&out);
}

// ---------------------------------------------------------------- from the bus

struct bus {
    struct zws_reader reader;
    struct lq_buffer said;
    uint8_t out[ROOM];
    struct zws_piece piece;
};

static void greet(struct bus *bus)
{
    zws_greet(&bus->said);
    assert_int_equal(zws_read(&bus->reader, &bus->said, bus->out, ROOM, &bus->piece), ZWS_WAITS);
    assert_true(bus->reader.greeted);
}

static enum zws_read hear(struct bus *bus, const void *bytes, size_t size, size_t room)
{
    lq_buffer_add(&bus->said, bytes, size);
    return zws_read(&bus->reader, &bus->said, bus->out, room, &bus->piece);
}

static void expect_piece(struct bus *bus, const void *bytes, size_t size, bool first, bool last)
{
    assert_int_equal(bus->piece.size, size);
    assert_memory_equal(bus->out, bytes, size);
    assert_int_equal(bus->piece.first, first);
    assert_int_equal(bus->piece.last, last);
}

static void the_greeting_of_the_bus_is_left_out_however_it_comes(void **state)
{
    (void)state;
    struct bus bus = {0};
    struct lq_buffer greeting = {0};
    zws_greet(&greeting);
    for (size_t i = 0; i + 1 < GREETING; i++)
        assert_int_equal(hear(&bus, greeting.bytes + i, 1, ROOM), ZWS_WAITS);
    assert_false(bus.reader.greeted);
    lq_buffer_add(&bus.said, greeting.bytes + GREETING - 1, 1);
    assert_int_equal(hear(&bus, "\x04\x01w", 3, ROOM), ZWS_PIECE);
    expect_piece(&bus, "\x02w", 2, true, true);
    lq_buffer_free(&greeting);
    lq_buffer_free(&bus.said);
}

// Each of the bytes that make a greeting one.
static void what_greets_otherwise_is_no_bus(void **state)
{
    (void)state;
    static const unsigned told[] = {0, 9, 10, 12, 13, 14, 15, 16, 17, 31};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct bus bus = {0};
        zws_greet(&bus.said);
        bus.said.bytes[told[i]] ^= 0x83;
        bus.said.bytes[10] &= 0x03;
        if (told[i] == 10)
            bus.said.bytes[10] = 2;
        assert_int_equal(zws_read(&bus.reader, &bus.said, bus.out, ROOM, &bus.piece), ZWS_BROKEN);
        lq_buffer_free(&bus.said);
    }
}

static void frames_become_messages_with_their_flag(void **state)
{
    (void)state;
    struct bus bus = {0};
    greet(&bus);
    assert_int_equal(hear(&bus,
                          "\x00\x02"
                          "ab"
                          "\x01\x01"
                          "c"
                          "\x04\x00",
                          9, ROOM),
                     ZWS_PIECE);
    expect_piece(&bus,
                 "\x00"
                 "ab",
                 3, true, true);
    assert_int_equal(hear(&bus, "", 0, ROOM), ZWS_PIECE);
    expect_piece(&bus,
                 "\x01"
                 "c",
                 2, true, true);
    assert_int_equal(hear(&bus, "", 0, ROOM), ZWS_PIECE);
    expect_piece(&bus, "\x02", 1, true, true);
    assert_int_equal(hear(&bus, "", 0, ROOM), ZWS_WAITS);
    lq_buffer_free(&bus.said);
}

static void a_frame_comes_in_pieces_as_it_comes_and_as_there_is_room(void **state)
{
    (void)state;
    struct bus bus = {0};
    greet(&bus);
    assert_int_equal(hear(&bus, "\x02\0\0\0\0", 5, ROOM), ZWS_WAITS);
    assert_int_equal(hear(&bus,
                          "\0\0\0\x05"
                          "ab",
                          6, ROOM),
                     ZWS_PIECE);
    expect_piece(&bus,
                 "\x00"
                 "ab",
                 3, true, false);
    assert_int_equal(hear(&bus, "", 0, ROOM), ZWS_WAITS);
    assert_int_equal(hear(&bus, "cde\x00\x03", 5, 2), ZWS_PIECE);
    expect_piece(&bus, "cd", 2, false, false);
    assert_int_equal(hear(&bus, "", 0, 2), ZWS_PIECE);
    expect_piece(&bus, "e", 1, false, true);
    assert_int_equal(hear(&bus, "", 0, 2), ZWS_PIECE);
    expect_piece(&bus, "\x00", 1, true, false);
    assert_int_equal(hear(&bus, "xyz", 3, 2), ZWS_PIECE);
    expect_piece(&bus, "xy", 2, false, false);
    lq_buffer_free(&bus.said);
}

static void flags_that_zmtp_does_not_have_are_no_bus(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 256; flags++) {
        struct bus bus = {0};
        const uint8_t frame[9] = {(uint8_t)flags, 0, 0, 0, 0, 0, 0, 0, 0};
        const unsigned kind = flags & ~2U;
        greet(&bus);
        assert_int_equal(hear(&bus, frame, sizeof frame, ROOM),
                         kind == 0 || kind == 1 || kind == 4 ? ZWS_PIECE : ZWS_BROKEN);
        lq_buffer_free(&bus.said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_greeting_is_that_of_a_client_with_curve),
        cmocka_unit_test(a_message_becomes_a_frame_with_its_flags_and_length),
        cmocka_unit_test(a_long_message_has_its_length_in_eight_bytes),
        cmocka_unit_test(what_is_no_message_adds_nothing),
        cmocka_unit_test(the_greeting_of_the_bus_is_left_out_however_it_comes),
        cmocka_unit_test(what_greets_otherwise_is_no_bus),
        cmocka_unit_test(frames_become_messages_with_their_flag),
        cmocka_unit_test(a_frame_comes_in_pieces_as_it_comes_and_as_there_is_room),
        cmocka_unit_test(flags_that_zmtp_does_not_have_are_no_bus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
