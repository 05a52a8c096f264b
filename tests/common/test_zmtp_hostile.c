// The server's half of a connection of ZMTP with CURVE, byte by byte: everything but the proof of a
// key that is admitted, and messages under it, ends the connection unheard.
#include "common/zmtp_talk.h"

// ---------------------------------------------------------------- who does not: the greeting

static void change_greeting_and_expect_the_end(size_t at, const void *bytes, size_t size)
{
    struct talk *t = begin_talk();
    half_greet(&t->client);
    memcpy(t->client.out.bytes + at, bytes, size);
    half_hello(&t->client);
    pass(t, SIZE_MAX);
    expect_greeting(t);
    expect_ended_unasked(t);
}

static void another_protocol_is_not_spoken(void **state)
{
    (void)state;
    change_greeting_and_expect_the_end(0, "\xfe", 1); // no signature
    change_greeting_and_expect_the_end(0, "GET / HTTP", 10);
    change_greeting_and_expect_the_end(9, "\x7e", 1);
    change_greeting_and_expect_the_end(10, "\x02", 1); // ZMTP 2
    change_greeting_and_expect_the_end(10, "\x00", 1);
    change_greeting_and_expect_the_end(12, "NULL\0", 5); // no proof of a key at all
    change_greeting_and_expect_the_end(12, "PLAIN", 5);
    change_greeting_and_expect_the_end(12, "curve", 5);
    change_greeting_and_expect_the_end(12, "CURVE2", 6);
    change_greeting_and_expect_the_end(31, "x", 1); // the last of the mechanism's twenty
}

static void later_versions_and_fillings_of_the_greeting_do_not_matter(void **state)
{
    (void)state;
    struct talk *t = begin_talk();
    half_greet(&t->client);
    memset(t->client.out.bytes + 1, 'x', 8);
    t->client.out.bytes[10] = 4;
    memset(t->client.out.bytes + 33, 'x', 31);
    pass(t, SIZE_MAX);
    assert_int_equal(t->zmtp.state, LQ_ZMTP_AWAITS_HELLO);
    end_talk(t);
}

// ---------------------------------------------------------------- HELLO

static void a_hello_for_another_server_is_not_answered(void **state)
{
    (void)state;
    uint8_t secret[32];
    struct talk *t = talk_after_greeting();
    crypto_box_keypair(t->client.server, secret);
    half_hello(&t->client);
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}

// Where a bit of HELLO means something: all of it but the 72 bytes of filling.
static void a_hello_with_a_bit_turned_is_not_answered(void **state)
{
    (void)state;
    enum { HEAD = 2, FILLING = 8, CLIENT = 80, BODY = 200 };
    for (size_t at = 0; at < BODY; at++) {
        if (at >= FILLING && at < CLIENT)
            continue;
        struct talk *t = talk_after_greeting();
        half_hello(&t->client);
        t->client.out.bytes[HEAD + at] ^= 1;
        pass(t, SIZE_MAX);
        expect_ended_unasked(t);
    }
}

static void resize_hello_and_expect_the_end(uint8_t size)
{
    struct talk *t = talk_after_greeting();
    half_hello(&t->client);
    t->client.out.bytes[1] = size;
    (void)lq_buffer_reserve(&t->client.out, 64);
    memset(t->client.out.bytes + t->client.out.end, 0, 64);
    t->client.out.end += 64;
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}

static void a_hello_of_another_size_is_not_answered(void **state)
{
    (void)state;
    resize_hello_and_expect_the_end(0);
    resize_hello_and_expect_the_end(1);
    resize_hello_and_expect_the_end(199);
    resize_hello_and_expect_the_end(201);
    resize_hello_and_expect_the_end(255);
}

// The box must hold zeros: else any other box of the client's for this server would do.
static void a_hello_whose_box_holds_something_is_not_answered(void **state)
{
    (void)state;
    uint8_t nonce[24], text[64] = {[63] = 1};
    struct talk *t = talk_after_greeting();
    half_hello(&t->client);
    uint8_t *hello = t->client.out.bytes + t->client.out.begin + 2;
    lq_zmtp_nonce(nonce, "CurveZMQHELLO---", hello + 112);
    assert_int_equal(crypto_box_easy(hello + 120, text, sizeof text, nonce, t->client.server,
                                     t->client.short_secret),
                     0);
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}

// Points of small order: with them the secret that both share is zero, whatever the other half is,
// so that everybody knows it.
static const uint8_t weak_keys[][32] = {
    {0},
    {1},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};
enum { WEAK_KEYS = sizeof weak_keys / sizeof weak_keys[0] };

static void share_zero(uint8_t shared[32])
{
    static const uint8_t zeros[32];
    assert_int_equal(crypto_core_hsalsa20(shared, zeros, zeros, NULL), 0);
}

static void a_weak_key_of_the_connection_is_not_answered(void **state)
{
    (void)state;
    uint8_t shared[32];
    share_zero(shared);
    for (size_t i = 0; i < WEAK_KEYS; i++) {
        struct talk *t = talk_after_greeting();
        memcpy(t->client.short_public, weak_keys[i], 32);
        half_hello_by(&t->client, shared);
        pass(t, SIZE_MAX);
        expect_ended_unasked(t);
    }
}

// ---------------------------------------------------------------- INITIATE

static void another_cookie_opens_nothing(void **state)
{
    (void)state;
    struct talk *t = talk_after_hello();
    t->client.cookie[95] ^= 1;
    expect_no_way_in(t);
    t = talk_after_hello();
    struct talk *other = talk_after_hello();
    memcpy(t->client.cookie, other->client.cookie, sizeof t->client.cookie);
    expect_no_way_in(t);
    end_talk(other);
}

static void a_vouch_for_something_else_proves_nothing(void **state)
{
    (void)state;
    uint8_t ignored[32];
    struct talk *t = talk_after_hello();
    crypto_box_keypair(t->client.vouched_server, ignored); // made for another server
    expect_no_way_in(t);
    t = talk_after_hello();
    crypto_box_keypair(t->client.vouched_client, ignored); // on another connection
    expect_no_way_in(t);
    t = talk_after_hello();
    crypto_box_keypair(ignored, t->client.vouching_secret); // not by the key that it is for
    expect_no_way_in(t);
    t = talk_after_hello();
    crypto_box_keypair(t->client.public_key, ignored); // somebody else's key
    expect_no_way_in(t);
}

static void a_weak_key_proves_nothing(void **state)
{
    (void)state;
    uint8_t shared[32];
    share_zero(shared);
    for (size_t i = 0; i < WEAK_KEYS; i++) {
        struct talk *t = talk_after_hello();
        memcpy(t->client.public_key, weak_keys[i], 32);
        half_initiate_by(&t->client, HALF_DEALER, shared);
        pass(t, SIZE_MAX);
        expect_ended_unasked(t);
    }
}

static void an_initiate_of_another_connection_opens_nothing(void **state)
{
    (void)state;
    struct talk *t = talk_after_hello(), *other = talk_after_hello();
    half_initiate(&other->client, HALF_DEALER);
    give(t, lq_buffer_span(&other->client.out), SIZE_MAX);
    expect_ended_unasked(t);
    end_talk(other);
}

static void an_initiate_with_a_bit_turned_opens_nothing(void **state)
{
    (void)state;
    enum { HEAD = 9, BODY = 113 + 16 + 128 + 22 };
    for (size_t at = 0; at < BODY; at++) {
        struct talk *t = talk_after_hello();
        half_initiate(&t->client, HALF_DEALER);
        assert_int_equal(lq_buffer_size(&t->client.out), HEAD + BODY);
        t->client.out.bytes[t->client.out.begin + HEAD + at] ^= 1;
        pass(t, SIZE_MAX);
        expect_ended_unasked(t);
    }
}

static void an_initiate_that_is_cut_short_opens_nothing(void **state)
{
    (void)state;
    enum { WHOLE = 113 + 16 + 128 };
    for (size_t size = 0; size < WHOLE; size++) {
        struct talk *t = talk_after_hello();
        half_initiate(&t->client, lq_span(NULL, 0));
        uint8_t *frame = t->client.out.bytes + t->client.out.begin;
        lq_put_u64(frame + 1, size);
        t->client.out.end = t->client.out.begin + LQ_ZMTP_FRAME_HEAD + size;
        pass(t, SIZE_MAX);
        expect_ended_unasked(t);
    }
}

// Well boxed, so that only its size can be found wrong.
static void an_initiate_with_too_little_in_its_box_opens_nothing(void **state)
{
    (void)state;
    uint8_t text[128];
    for (size_t size = 0; size <= sizeof text; size++) {
        struct talk *t = talk_after_hello();
        memcpy(text, t->client.public_key, 32);
        half_vouch(&t->client, NULL, text + 32);
        half_initiate_with(&t->client, lq_span(text, size));
        pass(t, SIZE_MAX);
        expect_ended_unasked(t);
    }
}

static void expect_opens_nothing(struct lq_span metadata)
{
    struct talk *t = talk_after_hello();
    half_initiate(&t->client, metadata);
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}

static void who_cannot_talk_to_a_router_does_not_come_in(void **state)
{
    (void)state;
    const struct lq_span bad[] = {
        METADATA(""), // says nothing about it
        METADATA("\x08Identity\0\0\0\x02me"),
        METADATA("\x0bSocket-Type\0\0\0\x03SUB"),
        METADATA("\x0bSocket-Type\0\0\0\x03PUB"),
        METADATA("\x0bSocket-Type\0\0\0\x06"
                 "dealer"),
        METADATA("\x0bSocket-Type\0\0\0\x05"
                 "DEALE"),
        METADATA("\x0bSocket-Type\0\0\0\x07"
                 "DEALERS"),
        METADATA("\x0bSocket-Type\0\0\0\0"),
        METADATA("\x0cSocket-Types\0\0\0\x06"
                 "DEALER"),
        METADATA("\x0aSocket-Typ\0\0\0\x06"
                 "DEALER"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_opens_nothing(bad[i]);
}

static void metadata_whose_lengths_are_wrong_open_nothing(void **state)
{
    (void)state;
    const struct lq_span good = HALF_DEALER;
    for (size_t size = 0; size < good.size; size++) // cut short
        expect_opens_nothing(lq_span(good.data, size));
    const struct lq_span bad[] = {
        METADATA("\x0bSocket-Type\0\0\0\x06"
                 "DEALER\0"), // something behind
        METADATA("\x0bSocket-Type\0\0\0\x06"
                 "DEALER\x01x\0\0\0\x01"),
        METADATA("\x0bSocket-Type\0\0\0\x06"
                 "DEALER\xff"),
        METADATA("\x0bSocket-Type\xff\xff\xff\xff"
                 "DEALER"),
        METADATA("\x0bSocket-Type\0\x01\0\x06"
                 "DEALER"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_opens_nothing(bad[i]);
}

// ---------------------------------------------------------------- nothing is heard before

static void nothing_is_heard_before_the_handshake_is_over(void **state)
{
    (void)state;
    struct talk *t = begin_talk();
    half_say(&t->client, 0, nth_part(0, 100)); // instead of the greeting
    pass(t, SIZE_MAX);
    expect_greeting(t);
    expect_ended_unasked(t);
    t = talk_after_greeting();
    half_say(&t->client, 0, nth_part(0, 200 - CURVE_OVERHEAD)); // instead of HELLO, of its size
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
    t = talk_after_hello();
    half_say(&t->client, 0, nth_part(0, 300)); // instead of INITIATE
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
}

static void the_steps_of_the_handshake_have_an_order(void **state)
{
    (void)state;
    struct talk *t = talk_after_greeting();
    half_initiate(&t->client, HALF_DEALER);
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
    t = talk_after_hello();
    half_hello(&t->client); // again
    pass(t, SIZE_MAX);
    expect_ended_unasked(t);
    t = open_talk();
    half_initiate(&t->client, HALF_DEALER); // again
    pass(t, SIZE_MAX);
    assert_int_equal(t->asked, 1);
    expect_ended(t);
    t = open_talk();
    half_hello(&t->client);
    pass(t, SIZE_MAX);
    assert_int_equal(t->asked, 1);
    expect_ended(t);
}

// Neither side's keys of one connection serve for another.
static void every_connection_has_keys_of_its_own(void **state)
{
    (void)state;
    struct talk *one = open_talk(), *two = begin_talk();
    memcpy(&two->server, &one->server, sizeof two->server);
    two->server.self = two;
    half_end(&two->client);
    half_begin(&two->client, one->server.public_key, one->client.public_key,
               one->client.secret_key);
    come_in_as(two, HALF_DEALER, SIZE_MAX);
    assert_memory_not_equal(one->client.short_server, two->client.short_server, 32);
    assert_memory_not_equal(one->client.cookie, two->client.cookie, 96);
    assert_memory_not_equal(one->zmtp.shared, two->zmtp.shared, 32);
    half_say(&one->client, 0, lq_span_text("to one"));
    give(two, lq_buffer_span(&one->client.out), SIZE_MAX);
    end_talk(one);
    expect_ended(two);
}

static void what_ends_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    struct talk *t = talk_after_hello();
    static const uint8_t zeros[32];
    assert_non_null(t->zmtp.handshake);
    lq_zmtp_end(&t->zmtp);
    lq_zmtp_end(&t->zmtp); // once more does no harm
    expect_ended_unasked(t);
    t = open_talk();
    lq_zmtp_end(&t->zmtp);
    assert_memory_equal(t->zmtp.shared, zeros, sizeof zeros);
    expect_ended(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_protocol_is_not_spoken),
        cmocka_unit_test(later_versions_and_fillings_of_the_greeting_do_not_matter),
        cmocka_unit_test(a_hello_for_another_server_is_not_answered),
        cmocka_unit_test(a_hello_with_a_bit_turned_is_not_answered),
        cmocka_unit_test(a_hello_of_another_size_is_not_answered),
        cmocka_unit_test(a_hello_whose_box_holds_something_is_not_answered),
        cmocka_unit_test(a_weak_key_of_the_connection_is_not_answered),
        cmocka_unit_test(another_cookie_opens_nothing),
        cmocka_unit_test(a_vouch_for_something_else_proves_nothing),
        cmocka_unit_test(a_weak_key_proves_nothing),
        cmocka_unit_test(an_initiate_of_another_connection_opens_nothing),
        cmocka_unit_test(an_initiate_with_a_bit_turned_opens_nothing),
        cmocka_unit_test(an_initiate_that_is_cut_short_opens_nothing),
        cmocka_unit_test(an_initiate_with_too_little_in_its_box_opens_nothing),
        cmocka_unit_test(who_cannot_talk_to_a_router_does_not_come_in),
        cmocka_unit_test(metadata_whose_lengths_are_wrong_open_nothing),
        cmocka_unit_test(nothing_is_heard_before_the_handshake_is_over),
        cmocka_unit_test(the_steps_of_the_handshake_have_an_order),
        cmocka_unit_test(every_connection_has_keys_of_its_own),
        cmocka_unit_test(what_ends_in_the_middle_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
