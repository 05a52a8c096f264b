// The pipes of services on this machine, and processes there that do not play by the rules.
#include "common/bus_rig.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include "bus/broker/state.h"
#include "bus/worker/batch_frame.h"

// What the bus says next: the kind and, of a refusal, its code.
static void expect_on_pipe(struct lq_pipe *pipe, enum lq_frame_kind kind, int code)
{
    uint8_t said = 0;
    struct lq_span body = {0};
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (!lq_pipe_receive(pipe, &said, &body)) {
        assert_false(lq_pipe_gone(pipe));
        assert_true(lq_steady_ms() < until);
        zmq_pollitem_t item = lq_pipe_item(pipe);
        zmq_poll(&item, 1, 50);
    }
    assert_int_equal(said, kind);
    assert_int_equal(body.size > 0 ? body.data[0] : 0, code);
}

static struct lq_pipe *pipe_to(const struct rig *rig)
{
    struct lq_pipe *pipe = NULL;
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    // a bus that is behind with accepting turns away, as a service's link knows
    while ((pipe = lq_pipe_connect(rig->link + strlen("unix://"))) == NULL)
        assert_true(lq_steady_ms() < until);
    return pipe;
}

static void a_stranger_on_the_link_is_told_to_register(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_pipe *pipe = pipe_to(rig);
    const char kinds[] = {'A', 'Q', 'P', 0, 'Z'};
    for (size_t i = 0; i < sizeof kinds; i++) {
        assert_int_equal(lq_pipe_send(pipe, (uint8_t)kinds[i], lq_span_text("x")), 0);
        expect_on_pipe(pipe, LQ_FRAME_REFUSED, LQ_REFUSED_UNKNOWN);
    }
    const char *const no_registrations[] = {"", "1234567", "12345678", "12345678bus",
                                            "12345678a name"};
    for (size_t i = 0; i < sizeof no_registrations / sizeof no_registrations[0]; i++) {
        const struct lq_span body = lq_span_text(no_registrations[i]);
        assert_int_equal(lq_pipe_send(pipe, LQ_FRAME_REGISTER, body), 0);
        expect_on_pipe(pipe, LQ_FRAME_REFUSED, LQ_REFUSED_BAD);
    }
    assert_int_equal(lq_pipe_send(pipe, LQ_FRAME_REGISTER, lq_span_text("12345678echo")), 0);
    expect_on_pipe(pipe, LQ_FRAME_REGISTER, 0);
    lq_pipe_close(pipe);
    rig_close(rig);
}

// Whoever is connected but says what is no message is cut off, and his place is free again.
static void nonsense_on_the_link_costs_the_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct echo *echo = echo_start(rig, "echo");
    for (int i = 0; i < LQ_PIPES_LIMIT + 10; i++) {
        struct lq_pipe *pipe = pipe_to(rig);
        const uint8_t endless[] = {0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 'A'};
        const int64_t until = lq_steady_ms() + PATIENCE_MS;
        uint8_t kind, filling[32 * 1024] = {0};
        struct lq_span body;
        const int fd = lq_pipe_item(pipe).fd;
        assert_int_equal(send(fd, endless, sizeof endless, MSG_NOSIGNAL), sizeof endless);
        while (!lq_pipe_gone(pipe)) {
            assert_true(lq_steady_ms() < until);
            (void)!send(fd, filling, sizeof filling, MSG_NOSIGNAL | MSG_DONTWAIT);
            assert_false(lq_pipe_receive(pipe, &kind, &body));
        }
        lq_pipe_close(pipe);
    }
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    rig_expect_answer(rig_ask(client, "echo", "still"), "still");
    lq_client_close(client);
    echo_stop(echo);
    rig_close(rig);
}

// More in one read than the bus takes in a turn: the rest is not left lying until more comes.
static void a_crowd_of_messages_is_taken_to_the_last(void **state)
{
    (void)state;
    enum { CROWD = 3000 };
    struct rig *rig = rig_open();
    struct lq_pipe *pipe = pipe_to(rig);
    struct lq_batch_frame crowd = {0};
    for (int i = 0; i < CROWD; i++)
        lq_batch_frame_add(&crowd, lq_span_text("P"), lq_span("", 0));
    const struct lq_span bytes = lq_batch_frame_bytes(&crowd);
    const ssize_t sent = send(lq_pipe_item(pipe).fd, bytes.data, bytes.size, MSG_NOSIGNAL);
    assert_int_equal(sent, bytes.size);
    for (int i = 0; i < CROWD; i++)
        expect_on_pipe(pipe, LQ_FRAME_REFUSED, LQ_REFUSED_UNKNOWN);
    lq_batch_frame_free(&crowd);
    lq_pipe_close(pipe);
    rig_close(rig);
}

// The same at the service's end, where a batch has a limit: the link is due at once.
static void a_link_that_holds_a_message_is_due(void **state)
{
    (void)state;
    struct rig *rig = rig_prepare();
    char path[LQ_PIPE_PATH];
    int listener;
    snprintf(path, sizeof path, "%s/bus", rig->dir);
    assert_int_equal(lq_pipe_listen(path, &listener), LQ_OK);
    char endpoint[LQ_PIPE_ENDPOINT_TEXT];
    snprintf(endpoint, sizeof endpoint, "unix://%s", path);
    const struct lq_link_config config = {.endpoint = endpoint, .name = "echo"};
    struct lq_link *link = NULL;
    struct lq_link_message message;
    assert_int_equal(lq_link_open(&config, &link), LQ_OK);
    assert_false(lq_link_next(link, &message)); // connects
    struct lq_pipe *bus = lq_pipe_accept(listener);
    assert_non_null(bus);
    struct lq_batch_frame said = {0};
    lq_batch_frame_add(&said, lq_span_text("R"), lq_span("", 0));
    lq_batch_frame_add(&said, lq_span_text("A"), lq_span_text("one"));
    lq_batch_frame_add(&said, lq_span_text("A"), lq_span_text("two"));
    const struct lq_span bytes = lq_batch_frame_bytes(&said);
    const ssize_t sent = send(lq_pipe_item(bus).fd, bytes.data, bytes.size, MSG_NOSIGNAL);
    assert_int_equal(sent, bytes.size);
    assert_true(lq_link_next(link, &message));
    assert_true(lq_span_equal(message.bytes, lq_span_text("one")));
    assert_int_equal(lq_link_due_ms(link), 0);
    assert_true(lq_link_next(link, &message));
    assert_true(lq_span_equal(message.bytes, lq_span_text("two")));
    assert_true(lq_link_due_ms(link) > 0);
    lq_batch_frame_free(&said);
    lq_pipe_close(bus);
    lq_link_close(link);
    close(listener);
    rig_close(rig);
}

// More connections than there are places: those above are closed, the others served.
static void more_connections_than_places_are_closed(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_pipe *pipes[LQ_PIPES_LIMIT + 5];
    const unsigned count = sizeof pipes / sizeof pipes[0];
    for (unsigned i = 0; i < count; i++)
        pipes[i] = pipe_to(rig);
    uint8_t kind;
    struct lq_span body;
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (!lq_pipe_gone(pipes[count - 1])) {
        assert_true(lq_steady_ms() < until);
        assert_false(lq_pipe_receive(pipes[count - 1], &kind, &body));
    }
    assert_int_equal(lq_pipe_send(pipes[0], LQ_FRAME_PING, lq_span_text("")), 0);
    expect_on_pipe(pipes[0], LQ_FRAME_REFUSED, LQ_REFUSED_UNKNOWN);
    for (unsigned i = 0; i < count; i++)
        lq_pipe_close(pipes[i]);
    rig_close(rig);
}

static void a_link_directory_that_others_may_open_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_prepare();
    char path[128];
    snprintf(path, sizeof path, "%s/link", rig->run);
    assert_int_equal(mkdir(rig->run, 0755), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(lq_broker_open(&rig->config, &rig->broker), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "chmod 700"));
    assert_int_equal(chmod(path, 0700), 0);
    rig_start_bus(rig);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_on_the_link_is_told_to_register),
        cmocka_unit_test(nonsense_on_the_link_costs_the_connection),
        cmocka_unit_test(a_crowd_of_messages_is_taken_to_the_last),
        cmocka_unit_test(a_link_that_holds_a_message_is_due),
        cmocka_unit_test(more_connections_than_places_are_closed),
        cmocka_unit_test(a_link_directory_that_others_may_open_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
