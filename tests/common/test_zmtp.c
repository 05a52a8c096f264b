// The server's half of a connection of ZMTP with CURVE: who has proved a key that is admitted is
// heard, however his bytes are cut.
#include "common/zmtp_talk.h"

// ---------------------------------------------------------------- who comes in

static void whoever_can_talk_to_a_router_comes_in(void **state)
{
    (void)state;
    const struct lq_span good[] = {
        HALF_DEALER,
        METADATA("\x0bSocket-Type\0\0\0\x03REQ"),
        METADATA("\x0bSocket-Type\0\0\0\x06ROUTER"),
        METADATA("\x0bSOCKET-TYPE\0\0\0\x06"
                 "DEALER"),
        METADATA("\x0bsocket-type\0\0\0\x03REQ\x08Identity\0\0\0\x02me"),
        METADATA("\x08Identity\0\0\0\0\x0bSocket-Type\0\0\0\x06"
                 "DEALER"),
        METADATA("\0\0\0\0\0\x01x\0\0\0\x01\0\x0bSocket-Type\0\0\0\x06"
                 "DEALER\x0bSocket-Typo\0\0\0\x03SUB"),
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct talk *t = begin_talk();
        come_in_as(t, good[i], SIZE_MAX);
        end_talk(t);
    }
}

static void a_key_that_is_not_admitted_is_told_so(void **state)
{
    (void)state;
    size_t size;
    struct talk *t = talk_after_hello();
    t->admits = false;
    half_initiate(&t->client, HALF_DEALER);
    half_say(&t->client, 0, lq_span_text("let me in"));
    pass(t, SIZE_MAX);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_ENDED);
    assert_true(t->zmtp.turned_away);
    assert_null(t->zmtp.handshake);
    assert_int_equal(t->asked, 1);
    assert_memory_equal(t->asked_key, t->client.public_key, 32);
    assert_int_equal(t->out.bytes[t->out.begin], LQ_ZMTP_COMMAND);
    const uint8_t *error = said_frame(t, &size);
    assert_int_equal(size, 10);
    assert_memory_equal(error,
                        "\x05"
                        "ERROR\x03"
                        "400",
                        10);
    expect_silence(t);
    assert_int_equal(t->parts, 0);
    end_talk(t);
}

// ---------------------------------------------------------------- messages

static const size_t sizes[] = {0, 1, 2, 221, 222, 223, 254, 255, 256, 65536, PART_LIMIT};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static bool has_more(size_t n)
{
    return n % 3 != 2 && n != SIZES - 1; // messages of three parts; the last has two
}

static void say_all_sizes(struct talk *t, struct lq_buffer *expected)
{
    for (size_t n = 0; n < SIZES; n++) {
        half_say(&t->client, has_more(n) ? LQ_ZMTP_MORE : 0, nth_part(n, sizes[n]));
        note_part(expected, nth_part(n, sizes[n]), has_more(n));
    }
}

static void expect_heard(struct talk *t, struct lq_buffer *expected)
{
    assert_int_equal(t->zmtp.state, LQ_ZMTP_OPEN);
    assert_true(lq_span_equal(lq_buffer_span(&t->heard), lq_buffer_span(expected)));
    lq_buffer_free(expected);
}

static void what_the_client_says_is_heard_whole_and_in_order(void **state)
{
    (void)state;
    struct lq_buffer expected = {0};
    struct talk *t = open_talk();
    say_all_sizes(t, &expected);
    pass(t, SIZE_MAX);
    expect_heard(t, &expected);
    expect_silence(t);
    end_talk(t);
}

static void it_does_not_matter_how_the_bytes_are_cut(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 2, 3, 9, 63, 64, 65, 199, 4096};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct lq_buffer expected = {0};
        struct talk *t = begin_talk();
        come_in_as(t, HALF_DEALER, steps[i]);
        say_all_sizes(t, &expected);
        pass(t, steps[i]);
        expect_heard(t, &expected);
        end_talk(t);
    }
}

static void messages_may_come_right_behind_the_handshake(void **state)
{
    (void)state;
    struct lq_buffer expected = {0};
    struct talk *t = talk_after_hello();
    half_initiate(&t->client, HALF_DEALER);
    half_say(&t->client, 0, lq_span_text("at once"));
    note_part(&expected, lq_span_text("at once"), false);
    pass(t, SIZE_MAX);
    expect_heard(t, &expected);
    expect_ready(t);
    end_talk(t);
}

static void what_the_server_says_can_be_read(void **state)
{
    (void)state;
    struct talk *t = open_talk();
    for (size_t n = 0; n < SIZES; n++)
        lq_zmtp_put(&t->zmtp, &t->out, nth_part(n, sizes[n]), has_more(n));
    for (size_t n = 0; n < SIZES; n++) {
        size_t size;
        const uint8_t *head = t->out.bytes + t->out.begin;
        assert_int_equal(head[0], sizes[n] + CURVE_OVERHEAD > 255 ? LQ_ZMTP_LONG : 0);
        uint8_t *body = said_frame(t, &size);
        const struct lq_span plain = half_open_message(&t->client, body, size);
        assert_int_equal(plain.data[0], has_more(n) ? LQ_ZMTP_MORE : 0);
        assert_true(lq_span_equal(lq_span(plain.data + 1, plain.size - 1), nth_part(n, sizes[n])));
    }
    expect_silence(t);
    end_talk(t);
}

// ---------------------------------------------------------------- signs of life

static void expect_pong(struct talk *t, struct lq_span context)
{
    size_t size;
    uint8_t *body = said_frame(t, &size);
    const struct lq_span plain = half_open_message(&t->client, body, size);
    assert_int_equal(plain.size, 6 + context.size);
    assert_memory_equal(plain.data, "\x02\x04PONG", 6);
    if (context.size > 0)
        assert_memory_equal(plain.data + 6, context.data, context.size);
}

static void ping(struct talk *t, size_t context)
{
    uint8_t command[64] = "\x04PING\x01\x2c";
    memcpy(command + 7, nth_part(context, context).data, context);
    half_say(&t->client, LQ_ZMTP_BOXED_COMMAND, lq_span(command, 7 + context));
    pass(t, SIZE_MAX);
}

static void ping_is_answered_with_its_context(void **state)
{
    (void)state;
    struct talk *t = open_talk();
    for (size_t context = 0; context <= 16; context++) {
        ping(t, context);
        expect_pong(t, nth_part(context, context));
        expect_silence(t);
    }
    assert_int_equal(t->parts, 0);
    end_talk(t);
}

static void a_ping_between_the_parts_of_a_message_does_not_part_it(void **state)
{
    (void)state;
    struct lq_buffer expected = {0};
    struct talk *t = open_talk();
    half_say(&t->client, LQ_ZMTP_MORE, lq_span_text("one"));
    ping(t, 3);
    half_say(&t->client, 0, lq_span_text("two"));
    pass(t, SIZE_MAX);
    note_part(&expected, lq_span_text("one"), true);
    note_part(&expected, lq_span_text("two"), false);
    expect_heard(t, &expected);
    expect_pong(t, nth_part(3, 3));
    end_talk(t);
}

static void commands_that_mean_nothing_here_are_passed_over(void **state)
{
    (void)state;
    struct lq_buffer expected = {0};
    const struct lq_span commands[] = {METADATA(""),
                                       METADATA("\x04PING"),
                                       METADATA("\x04PING\0"),
                                       METADATA("\x04PING\0\0seventeen letters"),
                                       METADATA("\x04PONG\0\0"),
                                       METADATA("\x09SUBSCRIBEx"),
                                       METADATA("\xffPING\0\0"),
                                       METADATA("\x05"
                                                "ERROR\x03"
                                                "400")};
    struct talk *t = open_talk();
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        half_say(&t->client, LQ_ZMTP_BOXED_COMMAND, commands[i]);
        half_say(&t->client, LQ_ZMTP_BOXED_COMMAND | LQ_ZMTP_MORE, commands[i]);
    }
    half_say(&t->client, 0, lq_span_text("still here"));
    pass(t, SIZE_MAX);
    note_part(&expected, lq_span_text("still here"), false);
    expect_heard(t, &expected);
    expect_silence(t);
    end_talk(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_can_talk_to_a_router_comes_in),
        cmocka_unit_test(a_key_that_is_not_admitted_is_told_so),
        cmocka_unit_test(what_the_client_says_is_heard_whole_and_in_order),
        cmocka_unit_test(it_does_not_matter_how_the_bytes_are_cut),
        cmocka_unit_test(messages_may_come_right_behind_the_handshake),
        cmocka_unit_test(what_the_server_says_can_be_read),
        cmocka_unit_test(ping_is_answered_with_its_context),
        cmocka_unit_test(a_ping_between_the_parts_of_a_message_does_not_part_it),
        cmocka_unit_test(commands_that_mean_nothing_here_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
