// The listener and those who do not read, who only stand there, who are too many: they cost nobody
// but themselves. And where it can listen.
#include "common/listener_rig.h"

// ---------------------------------------------------------------- who does not read

// So many messages until there is no more room for him. Each begins with its number.
static unsigned fill(struct rig *rig, uint64_t number)
{
    static uint8_t body[64 * 1024];
    unsigned count = 0;
    int problem;
    do {
        lq_put_u64(body, count);
        problem = lq_listener_put(rig->listener, number, NULL, lq_span(body, sizeof body));
        lq_listener_flush(rig->listener);
        count += problem == 0;
        assert_true(count < 4096); // 256 MiB
    } while (problem == 0);
    assert_int_equal(problem, EAGAIN);
    assert_true(count >= 64); // 4 MiB, and what the system holds
    return count;
}

static void one_who_does_not_read_is_told_no_and_others_are_served(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *deaf = come_in(rig), *other = come_in(rig);
    const uint64_t number = number_of(rig, deaf);
    deaf->deaf = true;
    const unsigned count = fill(rig, number);
    for (int i = 0; i < 10; i++)
        expect_served(rig, other);
    assert_int_equal(lq_listener_put(rig->listener, number, NULL, lq_span_text("?")), EAGAIN);
    deaf->deaf = false;
    while (deaf->received < count) {
        const unsigned before = deaf->received;
        UNTIL(rig, deaf->received > before);
        assert_int_equal(lq_get_u64(deaf->last.bytes + deaf->last.begin), deaf->received - 1);
    }
    assert_int_equal(deaf->received, count);
    expect_served(rig, deaf); // now he is again
    close_rig(rig);
}

static void one_with_too_much_unread_is_not_heard_until_he_reads(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *deaf = come_in(rig), *other = come_in(rig);
    const uint64_t number = number_of(rig, deaf);
    deaf->deaf = true;
    const unsigned count = fill(rig, number);
    say(deaf, "more!");
    push(deaf);
    for (int i = 0; i < 10; i++)
        expect_served(rig, other); // and nobody else is heard
    deaf->deaf = false;
    assert_int_equal(expect_heard(rig, "more!"), number);
    UNTIL(rig, deaf->received == count);
    close_rig(rig);
}

static void one_who_goes_with_much_unread_leaves_nothing(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *deaf = come_in(rig);
    const uint64_t number = number_of(rig, deaf);
    deaf->deaf = true;
    (void)fill(rig, number);
    hang_up_hard(deaf);
    UNTIL(rig, connections(rig) == 0);
    assert_int_equal(lq_listener_put(rig->listener, number, NULL, lq_span_text("?")), EHOSTUNREACH);
    expect_served(rig, come_in(rig));
    close_rig(rig);
}

// ---------------------------------------------------------------- newcomers

static void a_handshake_that_takes_too_long_is_ended(void **state)
{
    (void)state;
    static const enum step stuck[] = {CONNECTS, AWAITS_GREETING, AWAITS_WELCOME};
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *guests[3];
    const int64_t before = lq_steady_ms();
    for (int i = 0; i < 3; i++)
        guests[i] = begin_guest(rig, stuck[i]);
    UNTIL(rig, newcomers(rig) == 3 && guests[2]->step == AWAITS_READY);
    lq_listener_poll(rig->listener, before + HANDSHAKE_MS - 1);
    assert_int_equal(newcomers(rig), 3);
    lq_listener_poll(rig->listener, lq_steady_ms() + HANDSHAKE_MS);
    assert_int_equal(newcomers(rig), 0);
    assert_int_equal(gone(rig), 3);
    for (int i = 0; i < 3; i++)
        UNTIL(rig, guests[i]->step == GONE);
    lq_listener_poll(rig->listener,
                     lq_steady_ms() + 1000 * HANDSHAKE_MS); // who is in has all the time
    assert_int_equal(gone(rig), 3);
    expect_served(rig, in);
    close_rig(rig);
}

static void a_crowd_that_only_stands_there_keeps_nobody_from_being_heard(void **state)
{
    (void)state;
    enum { CROWD = 300 };
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig);
    for (int i = 0; i < CROWD; i++)
        (void)begin_guest(rig, i % 2 == 0 ? CONNECTS : AWAITS_WELCOME);
    UNTIL(rig, newcomers(rig) == CROWD);
    for (int i = 0; i < 10; i++)
        expect_served(rig, in);
    expect_served(rig, come_in(rig));
    assert_int_equal(newcomers(rig), CROWD);
    close_rig(rig);
}

// Of those who have something to say, strangers get eight steps in a turn, and whoever is in his
// turn.
static void a_flood_of_strangers_gets_a_part_of_each_turn(void **state)
{
    (void)state;
    enum { FLOOD = 200, STEPS = 8 };
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *flood[FLOOD];
    for (int i = 0; i < FLOOD; i++)
        flood[i] = begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == FLOOD);
    for (int i = 0; i < FLOOD; i++)
        (void)!send(flood[i]->fd, lq_buffer_reserve(&flood[i]->in, 64), 64, MSG_NOSIGNAL);
    say(in, "let me through");
    push(in);
    unsigned left_when_heard = 0;
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; newcomers(rig) > 0;) {
        const uint64_t before = gone(rig);
        turn(rig);
        assert_in_range(gone(rig) - before, 0, STEPS);
        if (rig->heard_count == 1 && left_when_heard == 0)
            left_when_heard = newcomers(rig);
        assert_true(lq_steady_ms() < until);
    }
    assert_true(left_when_heard > 0);
    close_rig(rig);
}

// ---------------------------------------------------------------- endpoints

static bool has_ipv6(void)
{
    const struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool there = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return there;
}

static void expect_bound(struct rig *rig, const char *endpoint, const char *prefix)
{
    char bound[LQ_ENDPOINT_TEXT];
    listen_at(rig, endpoint, bound);
    assert_memory_equal(bound, prefix, strlen(prefix));
    assert_in_range(strtol(bound + strlen(prefix), NULL, 10), 1, 65535);
    if (strchr(bound, '[') == NULL)
        expect_served(rig, come_in_at(rig, bound));
}

static void it_listens_at_addresses_names_and_everywhere(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    expect_bound(rig, "tcp://127.0.0.1:*", "tcp://127.0.0.1:");
    expect_bound(rig, "tcp://127.0.0.1:0", "tcp://127.0.0.1:");
    expect_bound(rig, "tcp://*:*", "tcp://0.0.0.0:");
    if (has_ipv6())
        expect_bound(rig, "tcp://[::1]:*", "tcp://[::1]:");
    expect_served(rig, come_in(rig)); // the first is still open
    close_rig(rig);
}

// libzmq's clients, who look names up as IPv4, must find it.
static void a_name_that_is_an_address_of_ipv4_is_listened_at_there(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    expect_bound(rig, "tcp://localhost:*", "tcp://127.0.0.1:");
    close_rig(rig);
}

static void a_port_that_is_taken_is_told_as_busy(void **state)
{
    (void)state;
    char bound[LQ_ENDPOINT_TEXT];
    struct rig *rig = open_rig(1), *second = open_rig(1);
    assert_int_equal(lq_listener_bind(second->listener, rig->endpoint, bound), LQ_E_BUSY);
    assert_non_null(strstr(lq_fault_text(), rig->endpoint));
    expect_served(rig, come_in(rig));
    expect_served(second, come_in(second));
    char endpoint[LQ_ENDPOINT_TEXT];
    strcpy(endpoint, rig->endpoint);
    close_rig(rig);
    assert_int_equal(lq_listener_bind(second->listener, endpoint, bound), LQ_OK); // free again
    assert_string_equal(bound, endpoint);
    close_rig(second);
}

static void what_is_no_endpoint_is_refused_with_what_one_is(void **state)
{
    (void)state;
    static const char *const nonsense[] = {
        "",
        "tcp",
        "tcp:",
        "tcp://",
        "127.0.0.1:5555",
        "TCP://127.0.0.1:5555",
        "udp://127.0.0.1:5555",
        "unix:///tmp/x:5",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:",
        "tcp://:5555",
        "tcp://[]:5555",
        "tcp://127.0.0.1:12345678",
        "tcp://127.0.0.1:port",
        "tcp://127.0.0.1:5x",
        "tcp://127.0.0.1:-1",
        "tcp://127.0.0.1:+5",
        "tcp://127.0.0.1: 5",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:99999",
        "tcp://127.0.0.1:**",
    };
    char bound[LQ_ENDPOINT_TEXT], endless[1024] = "tcp://";
    struct rig *rig = open_rig(1);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        if (lq_listener_bind(rig->listener, nonsense[i], bound) != LQ_E_INPUT)
            fail_msg("\"%s\" is taken for an endpoint", nonsense[i]);
        if (strstr(lq_fault_text(), "tcp://ADDRESS:PORT") == NULL)
            fail_msg("\"%s\": %s", nonsense[i], lq_fault_text());
    }
    memset(endless + strlen(endless), 'a', 900);
    strcat(endless, ":5555");
    assert_int_equal(lq_listener_bind(rig->listener, endless, bound), LQ_E_INPUT);
    assert_int_equal(lq_listener_bind(rig->listener, "tcp://192.0.2.1:*", bound),
                     LQ_E_IO); // not ours
    expect_served(rig, come_in(rig));
    close_rig(rig);
}

// ---------------------------------------------------------------- the limit of files

// A listener that thinks that it may have FEW connections; the process itself may have all the
// files again as soon as it is open, since the guests are here too.
enum { FEW = 300, OTHER_FILES = 256 };

static void limit_files(rlim_t count)
{
    const struct rlimit limit = {.rlim_cur = count, .rlim_max = all_files.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static struct rig *open_small_rig(void)
{
    assert_true(all_files.rlim_cur > 3 * FEW);
    limit_files(FEW + OTHER_FILES);
    struct rig *rig = open_rig(1);
    limit_files(all_files.rlim_cur);
    return rig;
}

static void with_no_file_left_the_oldest_newcomer_makes_room(void **state)
{
    (void)state;
    struct rig *rig = open_small_rig();
    struct guest *oldest = begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == 1);
    for (int i = 1; i < FEW - 1; i++)
        (void)begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == FEW - 1);
    assert_int_equal(gone(rig), 0);
    for (int i = 0; i < 3; i++)
        expect_served(rig, come_in(rig));
    assert_int_equal(oldest->step, GONE);
    assert_in_range(connections(rig), FEW - 3, FEW);
    close_rig(rig);
}

// Nobody has to go before there is somebody to make room for, and there is never one too many.
static void the_last_file_is_used_and_none_beyond(void **state)
{
    (void)state;
    enum { MORE = 20 };
    struct rig *rig = open_small_rig();
    for (int i = 0; i < FEW; i++)
        (void)begin_guest(rig, CONNECTS);
    UNTIL(rig, connections(rig) + gone(rig) == FEW);
    for (int i = 0; i < 20; i++)
        turn(rig);
    assert_int_equal(gone(rig), 0);
    assert_int_equal(newcomers(rig), FEW);
    leave(rig, rig->guests); // room for one, and a crowd waits
    for (int i = 0; i < MORE; i++)
        (void)begin_guest(rig, CONNECTS);
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; gone(rig) < MORE; turn(rig)) {
        assert_in_range(connections(rig), FEW - 2, FEW);
        assert_true(lq_steady_ms() < until);
    }
    close_rig(rig);
}

static void when_all_who_are_in_go_others_are_let_in_again(void **state)
{
    (void)state;
    struct rig *rig = open_small_rig();
    struct guest *first = NULL;
    while (connections(rig) < FEW) {
        struct guest *guest = come_in(rig); // the last one too
        first = first == NULL ? guest : first;
    }
    struct guest *late = begin_guest(rig, IN);
    for (int i = 0; i < 20; i++)
        turn(rig);
    assert_int_equal(connections(rig), FEW); // nobody of them had to go
    assert_int_equal(gone(rig), 0);
    assert_int_equal(late->step, AWAITS_GREETING);
    struct pollfd ready = {.fd = lq_listener_fd(rig->listener), .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 0), 0); // it does not look all the time
    expect_served(rig, first);
    leave(rig, first);
    lq_listener_poll(rig->listener, lq_steady_ms() + 60000);
    UNTIL(rig, late->step == IN);
    expect_served(rig, late);
    close_rig(rig);
}

// Of two doorways that have somebody waiting at the same time, neither keeps the other closed.
static void two_endpoints_at_the_limit_let_in_both(void **state)
{
    (void)state;
    char second[LQ_ENDPOINT_TEXT];
    struct rig *rig = open_small_rig();
    listen_at(rig, "tcp://127.0.0.1:*", second);
    for (int i = 0; i < FEW; i++)
        (void)begin_guest(rig, CONNECTS);
    UNTIL(rig, connections(rig) + gone(rig) == FEW);
    for (int i = 0; i < 5; i++) {
        struct guest *one = begin_guest(rig, IN), *two = guest_at(rig, second, IN);
        UNTIL(rig, one->step == IN && two->step == IN); // without the clock's help
    }
    close_rig(rig);
}

static void when_the_system_has_no_file_it_rests_and_goes_on(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *late = begin_guest(rig, IN);
    const int next = dup(in->fd); // the lowest number that is free
    close(next);
    limit_files((rlim_t)next);
    for (int i = 0; i < 5; i++)
        turn(rig);
    assert_int_equal(connections(rig), 1);
    struct pollfd ready = {.fd = lq_listener_fd(rig->listener), .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 0), 0); // it does not try all the time
    expect_served(rig, in);
    limit_files(all_files.rlim_cur);
    lq_listener_poll(rig->listener, lq_steady_ms() + 60000);
    UNTIL(rig, late->step == IN);
    expect_served(rig, late);
    close_rig(rig);
}

static void at_the_systems_limit_too_a_newcomer_makes_room(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *silent = begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == 1);
    struct guest *late = begin_guest(rig, IN);
    const int next = dup(in->fd); // the lowest number that is free
    close(next);
    limit_files((rlim_t)next);
    UNTIL(rig, late->step == IN); // without the clock's help
    assert_int_equal(silent->step, GONE);
    limit_files(all_files.rlim_cur);
    expect_served(rig, late);
    close_rig(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_who_does_not_read_is_told_no_and_others_are_served),
        TEST(one_with_too_much_unread_is_not_heard_until_he_reads),
        TEST(one_who_goes_with_much_unread_leaves_nothing),
        TEST(a_handshake_that_takes_too_long_is_ended),
        TEST(a_crowd_that_only_stands_there_keeps_nobody_from_being_heard),
        TEST(a_flood_of_strangers_gets_a_part_of_each_turn),
        TEST(it_listens_at_addresses_names_and_everywhere),
        TEST(a_name_that_is_an_address_of_ipv4_is_listened_at_there),
        TEST(a_port_that_is_taken_is_told_as_busy),
        TEST(what_is_no_endpoint_is_refused_with_what_one_is),
        TEST(with_no_file_left_the_oldest_newcomer_makes_room),
        TEST(the_last_file_is_used_and_none_beyond),
        TEST(when_all_who_are_in_go_others_are_let_in_again),
        TEST(two_endpoints_at_the_limit_let_in_both),
        TEST(when_the_system_has_no_file_it_rests_and_goes_on),
        TEST(at_the_systems_limit_too_a_newcomer_makes_room),
    };
    if (getrlimit(RLIMIT_NOFILE, &all_files) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
