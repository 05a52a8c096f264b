// The server's half of a connection of ZMTP with CURVE: what is said again, altered, cut short or
// too large is not heard, and ends the connection.
#include "common/zmtp_talk.h"

// ---------------------------------------------------------------- numbers used once

static void a_first_nonce_of_nothing_is_not_answered(void **state)
{
    (void)state;
    struct talk *t = talk_after_greeting();
    t->client.said = UINT64_MAX; // the next is 0
    half_hello(&t->client);
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}

static void an_initiate_with_the_nonce_of_hello_or_an_earlier_one_opens_nothing(void **state)
{
    (void)state;
    for (int back = 0; back < 2; back++) {
        struct talk *t = talk_after_greeting();
        size_t size;
        t->client.said = 100;
        half_hello(&t->client);
        pass(t, SIZE_MAX);
        const uint8_t *welcome = said_frame(t, &size);
        assert_true(half_take_welcome(&t->client, lq_span(welcome, size)));
        t->client.said = 100 - (unsigned)back;
        expect_no_way_in(t);
    }
}

// What was heard up to here counts no more.
static void forget_heard(struct talk *t)
{
    assert_int_equal(t->parts, 1);
    t->parts = 0;
}

static void a_message_that_is_said_again_is_not_heard_again(void **state)
{
    (void)state;
    struct lq_buffer copy = {0};
    struct talk *t = open_talk();
    half_say(&t->client, 0, lq_span_text("pay him once"));
    lq_buffer_add(&copy, t->client.out.bytes + t->client.out.begin, lq_buffer_size(&t->client.out));
    pass(t, SIZE_MAX);
    forget_heard(t);
    give(t, lq_buffer_span(&copy), SIZE_MAX);
    lq_buffer_free(&copy);
    expect_ended(t);
}

static void a_nonce_that_does_not_rise_is_not_heard(void **state)
{
    (void)state;
    for (unsigned back = 1; back <= 3; back++) { // its own again, INITIATE's, HELLO's
        struct talk *t = open_talk();
        half_say(&t->client, 0, lq_span_text("first"));
        pass(t, SIZE_MAX);
        forget_heard(t);
        t->client.said -= back;
        half_say(&t->client, 0, lq_span_text("second"));
        pass(t, SIZE_MAX);
        expect_ended(t);
    }
}

static void nonces_may_leap_to_the_last_and_then_there_is_none(void **state)
{
    (void)state;
    struct talk *t = open_talk();
    t->client.said += 1000;
    half_say(&t->client, 0, lq_span_text("later"));
    t->client.said = UINT64_MAX - 1;
    half_say(&t->client, 0, lq_span_text("last"));
    pass(t, SIZE_MAX);
    assert_int_equal(t->parts, 2);
    t->parts = 0;
    half_say(&t->client, 0, lq_span_text("around")); // 0
    pass(t, SIZE_MAX);
    expect_ended(t);
}

// ---------------------------------------------------------------- frames that are not whole or
// true

// A byte of the frame's size may promise more than there is: then it is waited for, unheard.
static void turn_a_bit_of_a_message(size_t payload, size_t at, uint8_t bit)
{
    struct talk *t = open_talk();
    half_say(&t->client, 0, nth_part(1, payload));
    const size_t head = payload + CURVE_OVERHEAD > 255 ? 9 : 2;
    t->client.out.bytes[t->client.out.begin + at] ^= bit;
    half_say(&t->client, 0, nth_part(2, payload));
    pass(t, SIZE_MAX);
    assert_int_equal(t->parts, 0);
    if (at >= head)
        expect_ended(t);
    else
        end_talk(t);
}

static void a_message_with_a_bit_turned_is_not_heard(void **state)
{
    (void)state;
    for (size_t at = 1; at < 2 + CURVE_OVERHEAD + 40; at++)
        for (unsigned bit = 1; bit < 256; bit <<= 1)
            turn_a_bit_of_a_message(40, at, (uint8_t)bit);
    for (size_t at = 1; at < 9 + CURVE_OVERHEAD + 300; at++)
        turn_a_bit_of_a_message(300, at, (uint8_t)(1u << at % 8));
}

static void a_message_that_is_too_short_for_its_box_ends_it(void **state)
{
    (void)state;
    for (size_t size = 0; size < CURVE_OVERHEAD; size++) {
        struct talk *t = open_talk();
        half_say(&t->client, 0, lq_span(NULL, 0));
        t->client.out.bytes[t->client.out.begin + 1] = (uint8_t)size;
        t->client.out.end = t->client.out.begin + 2 + size;
        pass(t, SIZE_MAX);
        expect_ended(t);
    }
    struct talk *t = open_talk();
    half_say_text(&t->client, lq_span("", 0)); // well boxed, but not even flags
    pass(t, SIZE_MAX);
    expect_ended(t);
}

static void give_head(struct talk *t, uint64_t size)
{
    uint8_t head[LQ_ZMTP_FRAME_HEAD] = {LQ_ZMTP_LONG};
    lq_put_u64(head + 1, size);
    give(t, lq_span(head, sizeof head), SIZE_MAX);
}

static void more_than_a_part_may_have_ends_it_before_it_has_come(void **state)
{
    (void)state;
    static const uint64_t over[] = {PART_LIMIT + CURVE_OVERHEAD + 1, UINT32_MAX, INT64_MAX,
                                    UINT64_MAX - 8, UINT64_MAX};
    struct talk *t = open_talk();
    give_head(t, PART_LIMIT + CURVE_OVERHEAD);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_OPEN);
    end_talk(t);
    for (size_t i = 0; i < sizeof over / sizeof over[0]; i++) {
        t = open_talk();
        give_head(t, over[i]);
        expect_ended(t);
    }
}

static void more_than_a_handshake_has_ends_it_before_it_has_come(void **state)
{
    (void)state;
    static struct talk *(*const begin[])(void) = {talk_after_greeting, talk_after_hello};
    for (int i = 0; i < 2; i++) {
        struct talk *t = begin[i]();
        give_head(t, 4096);
        assert_int_equal(t->zmtp.state, i == 0 ? LQ_ZMTP_AWAITS_HELLO : LQ_ZMTP_AWAITS_INITIATE);
        end_talk(t);
        t = begin[i]();
        give_head(t, 4097);
        expect_ended_unasked(t);
        t = begin[i]();
        give_head(t, UINT64_MAX);
        expect_ended_unasked(t);
    }
}

static void metadata_may_fill_the_handshake_and_no_more(void **state)
{
    (void)state;
    static uint8_t metadata[4096 - 113 - 16 - 128] = "\x0bSocket-Type\0\0\0\x06"
                                                     "DEALER\x01x\0\0";
    // a property behind it fills the rest
    metadata[26] = (uint8_t)((sizeof metadata - 28) >> 8);
    metadata[27] = (uint8_t)(sizeof metadata - 28);
    struct talk *t = begin_talk();
    come_in_as(t, lq_span(metadata, sizeof metadata), 1000);
    end_talk(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_nonce_of_nothing_is_not_answered),
        cmocka_unit_test(an_initiate_with_the_nonce_of_hello_or_an_earlier_one_opens_nothing),
        cmocka_unit_test(a_message_that_is_said_again_is_not_heard_again),
        cmocka_unit_test(a_nonce_that_does_not_rise_is_not_heard),
        cmocka_unit_test(nonces_may_leap_to_the_last_and_then_there_is_none),
        cmocka_unit_test(a_message_with_a_bit_turned_is_not_heard),
        cmocka_unit_test(a_message_that_is_too_short_for_its_box_ends_it),
        cmocka_unit_test(more_than_a_part_may_have_ends_it_before_it_has_come),
        cmocka_unit_test(more_than_a_handshake_has_ends_it_before_it_has_come),
        cmocka_unit_test(metadata_may_fill_the_handshake_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
