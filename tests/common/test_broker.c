// The bus end to end: real sockets, a service through a link, people through clients.
#include "common/bus_rig.h"

#include <signal.h>
#include <sys/wait.h>

#include "client/ask.h"

static void a_request_is_answered_and_carries_who_asks(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *desk = rig_client(rig, &rig->desk, false);
    struct lq_client *lead = rig_client(rig, &rig->lead, false);
    rig_expect_answer(rig_ask(desk, "echo", "hello"), "hello");
    rig_expect_answer(rig_ask(desk, "echo", "who"), "D1 4");
    rig_expect_answer(rig_ask(lead, "echo", "who"), "L1 128");
    lq_client_close(desk);
    lq_client_close(lead);
    echo_stop(echo);
    const struct lq_broker_counters counters = rig_close(rig);
    assert_int_equal(counters.dropped_frames, 0);
}

static void an_unknown_service_and_one_that_is_down_are_told_apart(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_client *client = rig_client(rig, &rig->desk, true);
    const Lq__Reply *reply = rig_ask(client, "nonesuch", "x");
    rig_expect_refusal(reply, LQ__REFUSAL__WHY__NO_SUCH_SERVICE);
    assert_false(reply->refusal->retry);
    assert_non_null(strstr(reply->refusal->text, "bus, echo, other"));
    reply = rig_ask(client, "echo", "x");
    rig_expect_refusal(reply, LQ__REFUSAL__WHY__UNAVAILABLE);
    assert_true(reply->refusal->retry);
    assert_non_null(strstr(reply->refusal->text, "not running"));
    lq_client_close(client);
    rig_close(rig);
}

static void the_bus_tells_its_status(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "is up"), "is up");
    const Lq__Reply *reply = rig_ask(client, "bus", "");
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    Lq__Status *status =
        lq__status__unpack(NULL, reply->answer->body.len, reply->answer->body.data);
    assert_non_null(status);
    assert_string_equal(status->service, "bus");
    assert_int_equal(status->pid, getpid());
    assert_int_equal(status->n_follows, 1);
    assert_string_equal(status->follows[0]->stream, "echo");
    lq__status__free_unpacked(status, NULL);
    rig_expect_refusal(rig_ask(client, "bus", "anything else"), LQ__REFUSAL__WHY__MALFORMED);
    lq_client_close(client);
    echo_stop(echo);
    rig_close(rig);
}

static void the_bus_tells_who_asks_and_its_time(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    struct lq_arena arena = {0};
    Lq__AskSelf ask = LQ__ASK_SELF__INIT;
    Lq__BusQuery query = LQ__BUS_QUERY__INIT;
    query.body_case = LQ__BUS_QUERY__BODY_SELF;
    query.self = &ask;
    const int64_t before = lq_wall_ms();
    const struct lq_hearing heard =
        lq_client_ask(client, &arena, "bus", &query.base, &lq__bus_answer__descriptor);
    assert_int_equal(heard.what, LQ_HEARD);
    const Lq__BusAnswer *answer = (const Lq__BusAnswer *)heard.answer;
    assert_true(before <= answer->self->now_ms && answer->self->now_ms <= lq_wall_ms());
    assert_string_equal(answer->self->badge, "D1");
    assert_int_equal(answer->self->n_roles, 1);
    assert_int_equal(answer->self->roles[0], LQ__ROLE__DESK);
    // another member, one of another type, one that ends within itself, one that says more
    const char *const wrong[] = {"\x12\x01x", "\x08\x01", "\x0a\x07", "\x0a\x01x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        rig_expect_refusal(rig_ask(client, "bus", wrong[i]), LQ__REFUSAL__WHY__MALFORMED);
    lq_arena_free(&arena);
    lq_client_close(client);
    rig_close(rig);
}

static void a_call_waits_for_a_service_that_comes_up(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo =
        echo_start_at((struct lq_link_config){.endpoint = rig->link, .name = "echo"}, 400);
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "at last"), "at last");
    lq_client_close(client);
    echo_stop(echo);
    rig_close(rig);
}

// The lease is long here: the refusals come because the connection went.
static void who_waits_for_a_service_that_dies_is_told_at_once(void **state)
{
    (void)state;
    enum { COUNT = 20 };
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *first = rig_client(rig, &rig->desk, false);
    struct lq_client *client = rig_client(rig, &rig->lead, true);
    rig_expect_answer(rig_ask(first, "echo", "is up"), "is up");
    const struct lq_span hold = lq_span("\x0a\x04hold", 6); // a Query with this body
    uint64_t correlation;
    const int64_t begun = lq_steady_ms();
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(lq_client_submit(client, "echo", LQ_ASK_QUERY, hold, &correlation), LQ_OK);
    echo_await_held(echo, COUNT);
    echo_stop(echo);
    for (int i = 0; i < COUNT; i++) {
        const Lq__Reply *reply;
        assert_true(lq_client_next(client, PATIENCE_MS, &reply));
        rig_expect_refusal(reply, LQ__REFUSAL__WHY__UNAVAILABLE);
        assert_non_null(strstr(reply->refusal->text, "echo is not running"));
    }
    assert_true(lq_steady_ms() - begun < PATIENCE_MS);
    assert_int_equal(lq_client_outstanding(client), 0);
    lq_client_close(first);
    lq_client_close(client);
    rig_close(rig);
}

static void a_service_that_says_nothing_is_down_when_its_lease_ends(void **state)
{
    (void)state;
    struct rig *rig = rig_prepare();
    rig->config.lease_ms = 700;
    rig_start_bus(rig);
    struct lq_link *link = NULL;
    const struct lq_link_config config = {.endpoint = rig->link, .name = "echo"};
    assert_int_equal(lq_link_open(&config, &link), LQ_OK);
    link_await(link, LQ_LINK_UP);
    struct lq_client *client = rig_client(rig, &rig->desk, true);
    rig_expect_refusal(rig_ask(client, "echo", "are you there"), LQ__REFUSAL__WHY__UNAVAILABLE);
    // it wakes up, is told that it has been given up, and is taken again; it may be down for no
    // longer than one call takes, so its registrations are what is looked at
    struct lq_link_message message;
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (lq_link_registrations(link) < 2 && lq_steady_ms() < until) {
        lq_link_wait(link, 20);
        (void)lq_link_next(link, &message);
    }
    assert_true(lq_link_registrations(link) >= 2);
    link_await(link, LQ_LINK_UP);
    lq_client_close(client);
    lq_link_close(link);
    rig_close(rig);
}

static void a_name_is_defended_by_a_running_instance(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *first = echo_start(rig, "echo");
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "mine"), "mine");
    struct lq_link *second = NULL;
    const struct lq_link_config config = {.endpoint = rig->link, .name = "echo"};
    assert_int_equal(lq_link_open(&config, &second), LQ_OK);
    link_await(second, LQ_LINK_NAME_TAKEN);
    rig_expect_answer(rig_ask(client, "echo", "still mine"), "still mine");
    echo_stop(first);
    link_await(second, LQ_LINK_UP);
    lq_link_close(second);
    lq_client_close(client);
    rig_close(rig);
}

static void an_instance_that_hangs_is_replaced_for_good(void **state)
{
    (void)state;
    struct rig *rig = rig_prepare();
    rig->config.takeover_ms = 200;
    rig_start_bus(rig);
    struct lq_link *first = NULL, *second = NULL;
    const struct lq_link_config config = {.endpoint = rig->link, .name = "echo"};
    assert_int_equal(lq_link_open(&config, &first), LQ_OK);
    link_await(first, LQ_LINK_UP);
    struct lq_client *client = rig_client(rig, &rig->desk, true);
    uint64_t correlation;
    assert_int_equal(lq_client_submit(client, "echo", LQ_ASK_QUERY, lq_span("", 0), &correlation),
                     LQ_OK);
    struct lq_link_message message;
    link_take(first, &message); // has it, and hangs
    assert_int_equal(lq_link_open(&config, &second), LQ_OK);
    link_await(second, LQ_LINK_UP);
    const Lq__Reply *reply;
    assert_true(lq_client_next(client, PATIENCE_MS, &reply));
    rig_expect_refusal(reply, LQ__REFUSAL__WHY__UNAVAILABLE);
    link_await(first, LQ_LINK_OUSTED);
    lq_link_close(first);
    lq_link_close(second);
    lq_client_close(client);
    rig_close(rig);
}

static void services_ask_each_other(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "is up"), "is up");
    struct lq_link *other = NULL;
    const struct lq_link_config config = {.endpoint = rig->link, .name = "other"};
    assert_int_equal(lq_link_open(&config, &other), LQ_OK);
    link_await(other, LQ_LINK_UP);
    const uint8_t request[] = "\x08\x07\x12\x04"
                              "echo\x2a\x05\x0a\x03who";
    assert_true(lq_link_ask(other, lq_span(request, sizeof request - 1)));
    struct lq_link_message message;
    link_take(other, &message);
    assert_int_equal(message.kind, LQ_MESSAGE_REPLY);
    Lq__Reply *reply = lq__reply__unpack(NULL, message.bytes.size, message.bytes.data);
    assert_non_null(reply);
    assert_int_equal(reply->correlation, 7);
    rig_expect_answer(reply, "@other 512");
    lq__reply__free_unpacked(reply, NULL);
    // and are told when there is nobody, like anybody else
    echo_stop(echo);
    assert_true(lq_link_ask(other, lq_span(request, sizeof request - 1)));
    link_take(other, &message);
    reply = lq__reply__unpack(NULL, message.bytes.size, message.bytes.data);
    rig_expect_refusal(reply, LQ__REFUSAL__WHY__UNAVAILABLE);
    lq__reply__free_unpacked(reply, NULL);
    lq_link_close(other);
    lq_client_close(client);
    rig_close(rig);
}

static void a_service_answers_only_what_it_was_asked_and_once(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_link *echo = NULL, *other = NULL;
    const struct lq_link_config of_echo = {.endpoint = rig->link, .name = "echo"};
    const struct lq_link_config of_other = {.endpoint = rig->link, .name = "other"};
    assert_int_equal(lq_link_open(&of_echo, &echo), LQ_OK);
    assert_int_equal(lq_link_open(&of_other, &other), LQ_OK);
    link_await(echo, LQ_LINK_UP);
    link_await(other, LQ_LINK_UP);
    struct lq_client *client = rig_client(rig, &rig->desk, true);
    uint64_t correlation;
    assert_int_equal(lq_client_submit(client, "echo", LQ_ASK_QUERY, lq_span("", 0), &correlation),
                     LQ_OK);
    struct lq_link_message message;
    link_take(echo, &message);
    struct lq_arena arena = {0};
    const struct lq_span route = lq_arena_copy(&arena, message.route);
    uint8_t forged[64], honest[64];
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.repeated_outcome = true;
    const struct lq_span lie = lq_span(forged, lq__reply__pack(&reply, forged));
    reply.repeated_outcome = false;
    const struct lq_span truth = lq_span(honest, lq__reply__pack(&reply, honest));
    lq_link_answer(other, route, lie);
    lq_link_flush(other);
    // the bus has taken the lie before the truth: `other` asks behind it and is answered
    assert_true(lq_link_ask(other, lq_span("\x12\x03"
                                           "bus\x2a\x00",
                                           7)));
    link_take(other, &message);
    lq_link_answer(echo, route, truth);
    lq_link_answer(echo, route, lie); // once only
    lq_link_flush(echo);
    const Lq__Reply *got;
    assert_true(lq_client_next(client, PATIENCE_MS, &got));
    assert_false(got->repeated_outcome);
    assert_true(lq_link_ask(echo, lq_span("\x12\x03"
                                          "bus\x2a\x00",
                                          7)));
    link_take(echo, &message);
    lq_arena_free(&arena);
    lq_client_close(client);
    lq_link_close(echo);
    lq_link_close(other);
    const struct lq_broker_counters counters = rig_close(rig);
    assert_int_equal(counters.late_answers, 2);
    assert_int_equal(counters.answered, 1);
}

static void a_full_window_is_answered_once_each(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "is up"), "is up");
    uint64_t first = 0, correlation;
    bool seen[LQ_CLIENT_WINDOW] = {false};
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++) {
        assert_int_equal(
            lq_client_submit(client, "echo", LQ_ASK_COMMAND, lq_span("\x0a\x00", 2), &correlation),
            LQ_OK);
        first = i == 0 ? correlation : first;
    }
    assert_int_equal(lq_client_submit(client, "echo", LQ_ASK_COMMAND, lq_span("", 0), &correlation),
                     LQ_E_BUSY);
    const Lq__Reply *reply;
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++) {
        assert_true(lq_client_next(client, PATIENCE_MS, &reply));
        assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
        assert_in_range(reply->correlation, first, first + LQ_CLIENT_WINDOW - 1);
        assert_false(seen[reply->correlation - first]);
        seen[reply->correlation - first] = true;
    }
    assert_false(lq_client_next(client, -1, &reply));
    lq_client_close(client);
    echo_stop(echo);
    const struct lq_broker_counters counters = rig_close(rig);
    assert_int_equal(counters.dropped_replies, 0);
}

static void what_was_seen_goes_along(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "seen"), "nothing 0");
    struct lq_id id;
    const Lq__Command command = lq_client_command(&id, lq_span("body", 4));
    const Lq__Reply *reply;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lq_client_call_message(client, "echo", &command.base, &reply), LQ_OK);
        assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    }
    assert_true(lq_client_position(client, "echo") >= 3);
    char expected[32];
    snprintf(expected, sizeof expected, "echo %d", (int)lq_client_position(client, "echo"));
    rig_expect_answer(rig_ask(client, "echo", "seen"), expected);
    lq_client_close(client);
    echo_stop(echo);
    rig_close(rig);
}

static void the_largest_reply_arrives_and_a_larger_one_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_link *link = NULL;
    const struct lq_link_config config = {.endpoint = rig->link, .name = "echo"};
    assert_int_equal(lq_link_open(&config, &link), LQ_OK);
    link_await(link, LQ_LINK_UP);
    struct lq_client *client = rig_client(rig, &rig->desk, true);
    uint8_t *bytes = calloc(1, LQ_REPLY_LIMIT + 1);
    for (int surplus = 0; surplus <= 1; surplus++) {
        uint64_t correlation;
        assert_int_equal(
            lq_client_submit(client, "echo", LQ_ASK_QUERY, lq_span("", 0), &correlation), LQ_OK);
        struct lq_link_message message;
        link_take(link, &message);
        // an outcome that fills the reply to the limit: two tags, a correlation, a length of 3
        Lq__Reply reply = LQ__REPLY__INIT;
        reply.correlation = correlation;
        reply.kind_case = LQ__REPLY__KIND_OUTCOME;
        reply.outcome.data = calloc(1, LQ_REPLY_LIMIT);
        reply.outcome.len = LQ_REPLY_LIMIT - 6 + (size_t)surplus;
        const size_t size = lq__reply__pack(&reply, bytes);
        assert_int_equal(size, LQ_REPLY_LIMIT + surplus);
        lq_link_answer(link, message.route, lq_span(bytes, size));
        lq_link_flush(link);
        free(reply.outcome.data);
        const Lq__Reply *got;
        const int64_t until = lq_steady_ms() + PATIENCE_MS;
        while (!lq_client_next(client, 20, &got)) { // it does not fit into the socket at once
            assert_true(lq_steady_ms() < until);
            assert_false(lq_link_next(link, &message));
        }
        if (surplus == 0)
            assert_int_equal(got->outcome.len, LQ_REPLY_LIMIT - 6);
        else
            rig_expect_refusal(got, LQ__REFUSAL__WHY__UNAVAILABLE);
        assert_int_equal(got->correlation, correlation);
    }
    free(bytes);
    lq_client_close(client);
    lq_link_close(link);
    rig_close(rig);
}

static void clients_come_by_ipv6_too(void **state)
{
    (void)state;
    static const char *const listen[] = {"tcp://[::1]:*"};
    struct rig *rig = rig_prepare();
    rig->config.listen = listen;
    if (lq_broker_open(&rig->config, &rig->broker) != LQ_OK) {
        print_message("this machine has no IPv6: %s\n", lq_fault_text());
        rig->broker = NULL;
        rig_close(rig);
        skip();
        return; // for the compiler, who does not know that it is not reached
    }
    assert_int_equal(pthread_create(&rig->thread, NULL, rig_serve, rig->broker), 0);
    struct lq_client *desk = rig_client(rig, &rig->desk, false);
    assert_int_equal(rig_ask(desk, "bus", "")->kind_case, LQ__REPLY__KIND_ANSWER);
    lq_client_close(desk);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_and_carries_who_asks),
        cmocka_unit_test(an_unknown_service_and_one_that_is_down_are_told_apart),
        cmocka_unit_test(the_bus_tells_its_status),
        cmocka_unit_test(the_bus_tells_who_asks_and_its_time),
        cmocka_unit_test(a_call_waits_for_a_service_that_comes_up),
        cmocka_unit_test(who_waits_for_a_service_that_dies_is_told_at_once),
        cmocka_unit_test(a_service_that_says_nothing_is_down_when_its_lease_ends),
        cmocka_unit_test(a_name_is_defended_by_a_running_instance),
        cmocka_unit_test(an_instance_that_hangs_is_replaced_for_good),
        cmocka_unit_test(services_ask_each_other),
        cmocka_unit_test(a_service_answers_only_what_it_was_asked_and_once),
        cmocka_unit_test(a_full_window_is_answered_once_each),
        cmocka_unit_test(what_was_seen_goes_along),
        cmocka_unit_test(the_largest_reply_arrives_and_a_larger_one_is_refused),
        cmocka_unit_test(clients_come_by_ipv6_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
