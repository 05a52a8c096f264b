// Pipes between bus and services: what is sent comes out whole and in order, however the socket
// cuts it; one that does not read, goes or talks nonsense costs nobody but itself.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/worker/frames.h"
#include "bus/worker/pipe.h"

struct ends {
    char dir[32], path[64];
    int listener;
    struct lq_pipe *near, *far;
};

static struct ends open_ends(void)
{
    struct ends e = {.dir = "/tmp/lq-pipe-XXXXXX"};
    assert_non_null(mkdtemp(e.dir));
    snprintf(e.path, sizeof e.path, "%s/socket", e.dir);
    assert_int_equal(lq_pipe_listen(e.path, &e.listener), LQ_OK);
    assert_null(lq_pipe_accept(e.listener));
    e.near = lq_pipe_connect(e.path);
    assert_non_null(e.near);
    e.far = lq_pipe_accept(e.listener);
    assert_non_null(e.far);
    return e;
}

static void close_ends(struct ends *e)
{
    lq_pipe_close(e->near);
    lq_pipe_close(e->far);
    close(e->listener);
    assert_int_equal(unlink(e->path), 0);
    assert_int_equal(rmdir(e->dir), 0);
}

static void expect_nothing(struct lq_pipe *pipe, bool gone)
{
    uint8_t kind;
    struct lq_span body;
    assert_false(lq_pipe_receive(pipe, &kind, &body));
    assert_int_equal(lq_pipe_gone(pipe), gone);
}

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

// ---------------------------------------------------------------- whole and in order

// The content of the n-th message follows from n, so that none needs to be kept.
static struct lq_span nth_body(uint8_t *buffer, uint32_t n)
{
    uint32_t state = n * 2654435761u + 1;
    static const size_t most[] = {1, 50, 5000, 70000, LQ_REPLY_LIMIT};
    const size_t size = next_random(&state) % most[next_random(&state) % 64 == 0 ? 4 : n % 4];
    for (size_t i = 0; i < size; i += 97)
        buffer[i] = (uint8_t)next_random(&state);
    return lq_span(buffer, size);
}

static void take_some(struct lq_pipe *pipe, uint32_t *taken, uint32_t most)
{
    static uint8_t expected[LQ_REPLY_LIMIT];
    uint8_t kind;
    struct lq_span body;
    for (uint32_t i = 0; i < most && lq_pipe_receive(pipe, &kind, &body); i++) {
        assert_int_equal(kind, (uint8_t)(*taken % 251 + 1));
        memset(expected, 0, sizeof expected);
        assert_true(lq_span_equal(body, nth_body(expected, *taken)));
        ++*taken;
    }
}

static void messages_come_whole_and_in_order(void **state)
{
    (void)state;
    static uint8_t buffer[LQ_REPLY_LIMIT];
    struct ends e = open_ends();
    const int small = 4096;
    const int fd = lq_pipe_item(e.near).fd;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    uint32_t sent = 0, taken = 0, random = 20151001;
    bool waited = false;
    while (sent < 3000) {
        for (uint32_t n = next_random(&random) % 20; n > 0; n--, sent++) {
            memset(buffer, 0, sizeof buffer);
            const struct lq_span body = nth_body(buffer, sent);
            assert_int_equal(lq_pipe_send(e.near, (uint8_t)(sent % 251 + 1), body), 0);
        }
        waited |= (lq_pipe_item(e.near).events & ZMQ_POLLOUT) != 0;
        take_some(e.far, &taken, next_random(&random) % 40);
        expect_nothing(e.near, false); // sends the rest
    }
    while (taken < sent) {
        take_some(e.far, &taken, UINT32_MAX);
        expect_nothing(e.near, false);
    }
    assert_true(waited); // or nothing was cut
    assert_int_equal(lq_pipe_item(e.near).events, ZMQ_POLLIN);
    expect_nothing(e.far, false);
    close_ends(&e);
}

static void both_ends_speak(void **state)
{
    (void)state;
    struct ends e = open_ends();
    uint8_t kind;
    struct lq_span body;
    assert_int_equal(lq_pipe_send(e.far, 'X', lq_span_text("there")), 0);
    assert_int_equal(lq_pipe_send(e.near, 'Y', lq_span(NULL, 0)), 0);
    assert_true(lq_pipe_receive(e.near, &kind, &body));
    assert_int_equal(kind, 'X');
    assert_true(lq_span_equal(body, lq_span_text("there")));
    assert_true(lq_pipe_receive(e.far, &kind, &body));
    assert_int_equal(kind, 'Y');
    assert_int_equal(body.size, 0);
    close_ends(&e);
}

// ---------------------------------------------------------------- those that do not behave

static void one_that_does_not_read_is_told_no(void **state)
{
    (void)state;
    static uint8_t buffer[LQ_REPLY_LIMIT];
    struct ends e = open_ends();
    uint32_t sent = 0, taken = 0;
    int problem = 0;
    while (problem == 0) {
        problem = lq_pipe_send(e.near, 'A', lq_span(buffer, sizeof buffer));
        sent += problem == 0;
        assert_true(sent < 100);
    }
    assert_int_equal(problem, EAGAIN);
    assert_true(sent > 60); // of a megabyte each, what the limit says
    uint8_t kind;
    struct lq_span body;
    while (taken < sent) {
        expect_nothing(e.near, false);
        while (lq_pipe_receive(e.far, &kind, &body)) {
            assert_int_equal(body.size, sizeof buffer);
            taken++;
        }
    }
    assert_int_equal(lq_pipe_send(e.near, 'A', lq_span(buffer, 1)), 0); // now it does again
    assert_true(lq_pipe_receive(e.far, &kind, &body));
    expect_nothing(e.far, false);
    close_ends(&e);
}

static void what_was_said_before_the_end_is_heard(void **state)
{
    (void)state;
    struct ends e = open_ends();
    uint8_t kind;
    struct lq_span body;
    assert_int_equal(lq_pipe_send(e.near, 'A', lq_span_text("last words")), 0);
    lq_pipe_close(e.near);
    assert_true(lq_pipe_receive(e.far, &kind, &body));
    assert_true(lq_span_equal(body, lq_span_text("last words")));
    expect_nothing(e.far, true);
    assert_int_equal(lq_pipe_send(e.far, 'A', lq_span_text("?")), EHOSTUNREACH);
    e.near = NULL;
    close_ends(&e);
}

static void to_one_that_has_gone_nothing_is_sent(void **state)
{
    (void)state;
    struct ends e = open_ends();
    lq_pipe_close(e.far);
    assert_int_equal(lq_pipe_send(e.near, 'A', lq_span_text("?")), EHOSTUNREACH);
    expect_nothing(e.near, true);
    e.far = NULL;
    close_ends(&e);
}

static void put_raw(struct lq_pipe *pipe, const void *bytes, size_t size)
{
    assert_int_equal(send(lq_pipe_item(pipe).fd, bytes, size, MSG_NOSIGNAL), size);
}

static void a_kind_is_one_byte(void **state)
{
    (void)state;
    struct ends e = open_ends();
    uint8_t kind = 7;
    struct lq_span body;
    put_raw(e.near, "\0\0\0\2\0\0\0\1AAb", 11);
    put_raw(e.near, "\0\0\0\0\0\0\0\1b", 9);
    for (int i = 0; i < 2; i++) {
        assert_true(lq_pipe_receive(e.far, &kind, &body));
        assert_int_equal(kind, 0); // of no message
        assert_true(lq_span_equal(body, lq_span_text("b")));
    }
    close_ends(&e);
}

static void more_than_a_message_may_have_ends_it(void **state)
{
    (void)state;
    static const uint8_t filling[32 * 1024];
    struct ends e = open_ends();
    put_raw(e.near, "\0\0\0\1\0\x20\0\0A", 9); // two megabytes will follow
    size_t sent = 0;
    uint8_t kind;
    struct lq_span body;
    while (!lq_pipe_gone(e.far)) {
        put_raw(e.near, filling, sizeof filling);
        sent += sizeof filling;
        assert_false(lq_pipe_receive(e.far, &kind, &body));
    }
    assert_in_range(sent, LQ_FRAME_LIMIT, LQ_FRAME_LIMIT + 3 * sizeof filling);
    close_ends(&e);
}

// ---------------------------------------------------------------- the path

static void the_socket_of_a_bus_that_was_killed_is_replaced(void **state)
{
    (void)state;
    struct ends e = open_ends();
    close(e.listener);
    assert_null(lq_pipe_connect(e.path)); // the file is still there
    assert_int_equal(access(e.path, F_OK), 0);
    assert_int_equal(lq_pipe_listen(e.path, &e.listener), LQ_OK);
    struct lq_pipe *again = lq_pipe_connect(e.path);
    assert_non_null(again);
    lq_pipe_close(again);
    close_ends(&e);
    assert_null(lq_pipe_connect(e.path));
    assert_int_equal(lq_pipe_listen(e.path, &e.listener), LQ_E_IO); // no such directory
    assert_non_null(strstr(lq_fault_text(), e.path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_whole_and_in_order),
        cmocka_unit_test(both_ends_speak),
        cmocka_unit_test(one_that_does_not_read_is_told_no),
        cmocka_unit_test(what_was_said_before_the_end_is_heard),
        cmocka_unit_test(to_one_that_has_gone_nothing_is_sent),
        cmocka_unit_test(a_kind_is_one_byte),
        cmocka_unit_test(more_than_a_message_may_have_ends_it),
        cmocka_unit_test(the_socket_of_a_bus_that_was_killed_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
