// The listener over real connections: whoever is in is heard whole and in order, by a number of his
// own.
#include "common/listener_rig.h"

static void each_is_heard_and_answered_by_his_number(void **state)
{
    (void)state;
    enum { GUESTS = 5 };
    struct rig *rig = open_rig(1);
    struct guest *guests[GUESTS];
    uint64_t numbers[GUESTS];
    for (int i = 0; i < GUESTS; i++)
        guests[i] = come_in(rig);
    assert_int_equal(rig->asked, GUESTS);
    assert_int_equal(connections(rig), GUESTS);
    assert_int_equal(newcomers(rig), 0);
    for (int i = 0; i < GUESTS; i++)
        numbers[i] = number_of(rig, guests[i]);
    for (int i = 0; i < GUESTS; i++) {
        const uint8_t name = (uint8_t)i;
        assert_int_equal(lq_listener_put(rig->listener, numbers[i], NULL, lq_span(&name, 1)), 0);
    }
    lq_listener_flush(rig->listener);
    for (int i = 0; i < GUESTS; i++) {
        UNTIL(rig, guests[i]->received == 1);
        assert_int_equal(lq_buffer_size(&guests[i]->last), 1);
        assert_int_equal(guests[i]->last.bytes[guests[i]->last.begin], i);
    }
    close_rig(rig);
}

static void *open_socket(struct rig *rig, void *context, int type)
{
    const int at_once = 0;
    void *socket = zmq_socket(context, type);
    assert_non_null(socket);
    zmq_setsockopt(socket, ZMQ_LINGER, &at_once, sizeof at_once);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, rig->bus.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, rig->keys.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, rig->keys.secret_key, LQ_KEY_TEXT);
    assert_int_equal(zmq_connect(socket, rig->endpoint), 0);
    return socket;
}

// libzmq's client, who was not written from the same reading of the protocol as the two here.
static void libzmq_talks_with_it(void **state)
{
    (void)state;
    static uint8_t big[100 * 1000], back[sizeof big];
    struct rig *rig = open_rig(1);
    void *context = zmq_ctx_new(), *socket = open_socket(rig, context, ZMQ_DEALER);
    randombytes_buf(big, sizeof big);
    for (size_t size = 0; size <= sizeof big; size = 3 * size + 1) {
        assert_int_equal(zmq_send(socket, big, size, ZMQ_DONTWAIT), size);
        UNTIL(rig, rig->heard_count == 1);
        const struct note *n = &rig->heard[0];
        assert_true(lq_span_equal(lq_buffer_span(&n->body), lq_span(big, size)));
        assert_int_equal(lq_listener_put(rig->listener, n->from, NULL, lq_span(big, size)), 0);
        forget_heard(rig);
        int got = -1;
        UNTIL(rig, (got = zmq_recv(socket, back, sizeof back, ZMQ_DONTWAIT)) >= 0);
        assert_int_equal(got, size);
        assert_memory_equal(back, big, size);
    }
    zmq_close(socket);
    UNTIL(rig, gone(rig) == 1);
    zmq_ctx_term(context);
    close_rig(rig);
}

// A REQ puts an empty part before what it says: another form than ours, and told as that.
static void a_req_of_libzmq_is_told_as_another_form(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    void *context = zmq_ctx_new(), *socket = open_socket(rig, context, ZMQ_REQ);
    assert_int_equal(zmq_send(socket, "hello", 5, ZMQ_DONTWAIT), 5);
    UNTIL(rig, rig->heard_count == 1);
    assert_false(rig->heard[0].well_formed);
    zmq_close(socket);
    zmq_ctx_term(context);
    close_rig(rig);
}

static void a_key_that_is_not_admitted_is_told_so_and_counted(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *guest = begin_guest(rig, IN);
    rig->admits = false;
    UNTIL(rig, guest->step == GONE);
    assert_true(guest->refused);
    assert_int_equal(rig->asked, 1);
    assert_int_equal(connections(rig), 0);
    assert_int_equal(gone(rig), 1);
    assert_int_equal(lq_listener_counters(rig->listener)->turned_away, 1);
    assert_string_equal(lq_listener_counters(rig->listener)->last_key, rig->keys.public_key);
    rig->admits = true; // from now on
    expect_served(rig, come_in(rig));
    assert_int_equal(lq_listener_counters(rig->listener)->turned_away, 1);
    close_rig(rig);
}

// ---------------------------------------------------------------- whole and in order

static struct lq_span nth_body(size_t n)
{
    static uint8_t bytes[PART_LIMIT];
    static const size_t sizes[] = {0, 10, 1000, 65536 - 33, 65536, 200000, PART_LIMIT};
    const size_t size = n % 10 == 0 ? sizes[n / 10 % 7] : n % 300;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256 + n);
    return lq_span(bytes, size);
}

static void what_comes_in_pieces_or_all_at_once_is_heard_in_order(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    for (size_t n = 0; n < COUNT; n++)
        half_say(&guest->half, 0, nth_body(n));
    UNTIL(rig, rig->heard_count == COUNT);
    for (size_t n = 0; n < COUNT; n++)
        assert_true(lq_span_equal(lq_buffer_span(&rig->heard[n].body), nth_body(n)));
    forget_heard(rig);
    struct lq_buffer all = {0};
    say(guest, "byte by byte");
    lq_buffer_add(&all, guest->half.out.bytes + guest->half.out.begin,
                  lq_buffer_size(&guest->half.out));
    guest->half.out.begin = guest->half.out.end;
    while (lq_buffer_size(&all) > 0) {
        assert_int_equal(rig->heard_count, 0);
        lq_buffer_add(&guest->half.out, all.bytes + all.begin++, 1);
        turn(rig);
    }
    lq_buffer_free(&all);
    (void)expect_heard(rig, "byte by byte");
    close_rig(rig);
}

static void what_was_said_before_hanging_up_is_heard(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    say(guest, "last words");
    push(guest);
    forget_guest(rig, guest);
    (void)expect_heard(rig, "last words");
    UNTIL(rig, gone(rig) == 1);
    close_rig(rig);
}

static void a_part_that_is_too_large_ends_the_connection(void **state)
{
    (void)state;
    static uint8_t large[PART_LIMIT + 1];
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig), *other = come_in(rig);
    half_say(&guest->half, 0, lq_span(large, PART_LIMIT));
    UNTIL(rig, rig->heard_count == 1);
    forget_heard(rig);
    half_say(&guest->half, 0, lq_span(large, sizeof large));
    UNTIL(rig, guest->step == GONE);
    assert_int_equal(rig->heard_count, 0);
    expect_served(rig, other);
    close_rig(rig);
}

// ---------------------------------------------------------------- the form

static void say_parts(struct guest *guest, unsigned count, const char *first)
{
    for (unsigned i = 0; i < count; i++)
        half_say(&guest->half, i + 1 < count ? LQ_ZMTP_MORE : 0,
                 lq_span_text(i == 0 ? first : "part"));
}

// Told once, with nothing in it; and the next one is fine.
static void expect_malformed(struct rig *rig, size_t index)
{
    UNTIL(rig, rig->heard_count > index);
    const struct note *n = &rig->heard[index];
    assert_false(n->well_formed);
    assert_int_equal(n->kind, 0);
    assert_int_equal(lq_buffer_size(&n->body), 0);
}

static void a_message_of_more_parts_is_told_as_such_and_the_next_is_fine(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    say_parts(guest, 2, "");
    say_parts(guest, 1, "fine");
    say_parts(guest, 500, "many");
    say_parts(guest, 3, "k");
    say_parts(guest, 1, "fine");
    UNTIL(rig, rig->heard_count == 5);
    const bool fine[] = {false, true, false, false, true};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rig->heard[i].from, rig->heard[0].from);
        if (!fine[i])
            expect_malformed(rig, i);
        else
            assert_true(lq_span_equal(lq_buffer_span(&rig->heard[i].body), lq_span_text("fine")));
    }
    close_rig(rig);
}

static void a_message_of_two_parts_has_a_kind_of_one_byte(void **state)
{
    (void)state;
    struct rig *rig = open_rig(2);
    struct guest *guest = come_in(rig);
    say_parts(guest, 1, "k");
    say_parts(guest, 2, "");
    say_parts(guest, 2, "kk");
    say_parts(guest, 3, "k");
    say_parts(guest, 300, "k");
    UNTIL(rig, rig->heard_count == 5);
    for (size_t i = 0; i < 5; i++)
        expect_malformed(rig, i);
    forget_heard(rig);
    say_parts(guest, 2, "k");
    UNTIL(rig, rig->heard_count == 1);
    const struct note *n = &rig->heard[0];
    assert_true(n->well_formed);
    assert_int_equal(n->kind, 'k');
    assert_true(lq_span_equal(lq_buffer_span(&n->body), lq_span_text("part")));
    const uint8_t kind = 'A';
    assert_int_equal(lq_listener_put(rig->listener, n->from, &kind, lq_span_text("nswer")), 0);
    lq_listener_flush(rig->listener);
    expect_told(rig, guest, lq_span_text("Answer"));
    close_rig(rig);
}

// The parts of two who speak at the same time are not taken for one another's.
static void parts_of_several_do_not_mix(void **state)
{
    (void)state;
    struct rig *rig = open_rig(2);
    struct guest *one = come_in(rig), *two = come_in(rig);
    half_say(&one->half, LQ_ZMTP_MORE, lq_span_text("1"));
    half_say(&two->half, LQ_ZMTP_MORE, lq_span_text("2"));
    push(one);
    push(two);
    turn(rig);
    half_say(&two->half, 0, lq_span_text("two"));
    UNTIL(rig, rig->heard_count == 1);
    half_say(&one->half, 0, lq_span_text("one"));
    UNTIL(rig, rig->heard_count == 2);
    assert_int_equal(rig->heard[0].kind, '2');
    assert_int_equal(rig->heard[1].kind, '1');
    assert_true(lq_span_equal(lq_buffer_span(&rig->heard[1].body), lq_span_text("one")));
    close_rig(rig);
}

// ---------------------------------------------------------------- numbers

static void a_number_is_never_given_twice(void **state)
{
    (void)state;
    enum { VISITS = 200 };
    static uint64_t numbers[VISITS];
    struct rig *rig = open_rig(1);
    for (int i = 0; i < VISITS; i++) {
        struct guest *guest = come_in(rig);
        numbers[i] = number_of(rig, guest);
        if (i % 20 != 0)
            leave(rig, guest); // or his slot would always be the same
        for (int j = 0; j < i; j++)
            assert_true(numbers[j] != numbers[i]);
    }
    for (int i = 0; i < VISITS; i++)
        assert_int_equal(lq_listener_put(rig->listener, numbers[i], NULL, lq_span_text("?")),
                         i % 20 == 0 ? 0 : EHOSTUNREACH);
    close_rig(rig);
}

static void to_numbers_that_nobody_has_nothing_is_sent(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    static const uint64_t nobody[] = {0, 1, 63, 64, UINT32_MAX, UINT64_MAX, (uint64_t)1 << 32 | 99};
    struct guest *stuck = begin_guest(rig, AWAITS_WELCOME); // not in yet, whatever its number is
    UNTIL(rig, stuck->step == AWAITS_READY);
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++)
        assert_int_equal(lq_listener_put(rig->listener, nobody[i], NULL, lq_span_text("?")),
                         EHOSTUNREACH);
    for (uint64_t slot = 0; slot < 64; slot++)
        assert_int_equal(
            lq_listener_put(rig->listener, (uint64_t)1 << 32 | slot, NULL, lq_span_text("?")),
            EHOSTUNREACH);
    close_rig(rig);
}

// What is answered at once may find that the asker has gone, in the middle of what he said.
static void lose_one_who_is_being_heard(size_t size)
{
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    struct lq_listener_message message;
    static uint8_t body[PART_LIMIT];
    memset(body, 'x', sizeof body);
    half_say(&guest->half, 0, lq_span(body, size));
    half_say(&guest->half, 0, lq_span(body, size));
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS;
         !lq_listener_next(rig->listener, &message);) {
        assert_true(lq_steady_ms() < until);
        push(guest);
        lq_listener_flush(rig->listener);
    }
    hang_up_hard(guest);
    for (int i = 0; i < 3; i++) {
        (void)!lq_listener_put(rig->listener, message.from, NULL, lq_span_text("yes"));
        lq_listener_flush(rig->listener);
    }
    assert_string_equal(message.key, rig->keys.public_key); // lent until the next call
    assert_true(lq_span_equal(message.body, lq_span(body, size)));
    while (lq_listener_next(rig->listener, &message))
        continue;
    lq_listener_flush(rig->listener);
    UNTIL(rig, connections(rig) == 0);
    expect_served(rig, come_in(rig));
    close_rig(rig);
}

static void one_who_goes_while_he_is_heard_is_let_go_afterwards(void **state)
{
    (void)state;
    lose_one_who_is_being_heard(10);
    lose_one_who_is_being_heard(100 * 1000); // more than is read at a time
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_heard_and_answered_by_his_number),
        TEST(libzmq_talks_with_it),
        TEST(a_req_of_libzmq_is_told_as_another_form),
        TEST(a_key_that_is_not_admitted_is_told_so_and_counted),
        TEST(what_comes_in_pieces_or_all_at_once_is_heard_in_order),
        TEST(what_was_said_before_hanging_up_is_heard),
        TEST(a_part_that_is_too_large_ends_the_connection),
        TEST(a_message_of_more_parts_is_told_as_such_and_the_next_is_fine),
        TEST(a_message_of_two_parts_has_a_kind_of_one_byte),
        TEST(parts_of_several_do_not_mix),
        TEST(a_number_is_never_given_twice),
        TEST(to_numbers_that_nobody_has_nothing_is_sent),
        TEST(one_who_goes_while_he_is_heard_is_let_go_afterwards),
    };
    if (getrlimit(RLIMIT_NOFILE, &all_files) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
