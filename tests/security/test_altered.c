// Requests that somebody on the way, or somebody who heard them, repeats or alters: on the wire,
// where CURVE stands before it, and with a key, where the command's id does.
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "pb/pb.h"
#include "peer.h"
#include "support/message.h"

static int open_site(void **state)
{
    *state = site_open((const char *const[]){"oversight", "tips", NULL});
    return 0;
}

static struct lq_span meeting(struct lq_arena *arena, const char *number)
{
    return site_command_text(
        arena, "oversight",
        lq_arena_format(arena, "record_meeting {number=\"%s\" issues_raised=3}", number));
}

// ---------------------------------------------------------------- with a key: the same bytes

static void expect_repeated(struct lq_client *client, struct lq_span command, struct lq_span first)
{
    const struct site_tip before = site_tip(client, "oversight");
    const Lq__Reply *reply = site_ask(client, "oversight", LQ_ASK_COMMAND, command);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    assert_true(reply->repeated_outcome);
    assert_int_equal(reply->outcome.len, first.size);
    assert_memory_equal(reply->outcome.data, first.data, first.size);
    site_expect_tip(client, "oversight", before);
}

static void expect_reused(struct lq_client *client, struct lq_span command)
{
    const struct site_tip before = site_tip(client, "oversight");
    const Lq__Reply *reply = site_ask(client, "oversight", LQ_ASK_COMMAND, command);
    site_expect_refusal(reply, LQ__REFUSAL__WHY__ID_REUSED);
    site_expect_tip(client, "oversight", before);
}

// The sender himself hears the stored outcome, from any connection, later, and after a restart;
// anybody else hears only that the id is used.
static void a_request_that_is_sent_again_has_one_effect(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    const struct lq_span command = meeting(&arena, "M-again");
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    const Lq__Reply *reply = site_ask(desk, "oversight", LQ_ASK_COMMAND, command);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    assert_false(reply->repeated_outcome);
    const struct lq_span first =
        lq_arena_copy(&arena, lq_span(reply->outcome.data, reply->outcome.len));
    for (int round = 0; round < 3; round++) {
        struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
        expect_repeated(desk, command, first);
        expect_reused(clerk, command);
        lq_client_close(clerk);
        lq_client_close(desk);
        if (round == 1) {
            site_stop(site);
            site_start(site);
        }
        desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    }
    lq_client_close(desk);
    lq_arena_free(&arena);
}

// Each bit of the command, behind its id, turned in turn: whatever the bytes now mean, nothing is
// done and nothing of the first is told.
static void an_altered_command_under_the_same_id_is_refused(void **state)
{
    struct site *site = *state;
    enum { ID_FIELD = 18 }; // tag, length, 16 bytes
    struct lq_arena arena = {0};
    const struct lq_span command = meeting(&arena, "M-bits");
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    const Lq__Reply *reply = site_ask(desk, "oversight", LQ_ASK_COMMAND, command);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    const struct site_tip before = site_tip(desk, "oversight");
    unsigned reused = 0, malformed = 0;
    for (size_t bit = ID_FIELD * 8; bit < command.size * 8; bit++) {
        uint8_t *bytes = lq_arena_alloc(&arena, command.size);
        memcpy(bytes, command.data, command.size);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        reply = site_ask(desk, "oversight", LQ_ASK_COMMAND, lq_span(bytes, command.size));
        assert_int_equal(reply->kind_case, LQ__REPLY__KIND_REFUSAL);
        if (reply->refusal->why == LQ__REFUSAL__WHY__ID_REUSED)
            reused++;
        else if (reply->refusal->why == LQ__REFUSAL__WHY__MALFORMED ||
                 reply->refusal->why == LQ__REFUSAL__WHY__NOT_PERMITTED) // on_behalf_of appeared
            malformed++;
        else
            fail_msg("bit %zu: %s", bit, reply->refusal->text);
    }
    assert_true(reused > 0 && malformed > 0);
    site_expect_tip(desk, "oversight", before);
    lq_client_close(desk);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- without: on the wire

// What a good client said, heard on the wire, and said again by one without its key.
static void what_was_heard_on_the_wire_cannot_be_said_again(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct tap *tap = tap_open(site);
    struct peer peer = peer_open(site, (struct peer_options){.keys = &site->keys[LQ__ROLE__DESK],
                                                             .endpoint = tap_endpoint(tap)});
    const struct lq_span command = meeting(&arena, "M-wire");
    peer_send(peer, peer_request(&arena, 1, "oversight", LQ_ASK_COMMAND, command), false);
    const Lq__Reply *reply = peer_reply(peer, &arena, PATIENCE_MS);
    assert_non_null(reply);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    const struct lq_span heard = tap_kept(tap, &arena);
    assert_true(heard.size > command.size);
    peer_close(peer);
    tap_close(tap);

    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    const struct site_tip before = site_tip(desk, "oversight");
    for (int i = 0; i < 5; i++) {
        const int fd = wire_connect(site);
        assert_true(fd >= 0);
        (void)!send(fd, heard.data, heard.size, MSG_NOSIGNAL);
        uint8_t bytes[4096];
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        bool ended = false; // the bus hangs up, because the cookie is not of this connection
        while (!ended && poll(&poll_fd, 1, PATIENCE_MS) > 0)
            ended = recv(fd, bytes, sizeof bytes, 0) <= 0;
        assert_true(ended);
        close(fd);
    }
    site_expect_tip(desk, "oversight", before);
    lq_client_close(desk);
    lq_arena_free(&arena);
}

// What became of one request whose ciphertext had a bit turned.
static void alter_one(struct site *site, struct tap *tap, size_t at, uint8_t mask, bool *executed,
                      bool *beyond)
{
    struct lq_arena arena = {0};
    struct peer peer = peer_open(site, (struct peer_options){.keys = &site->keys[LQ__ROLE__DESK],
                                                             .endpoint = tap_endpoint(tap)});
    const unsigned ended = tap_ended(tap);
    peer_send(peer, peer_status(&arena, 1, "bus"), false); // the handshake is over then
    assert_non_null(peer_reply(peer, &arena, PATIENCE_MS));
    const struct lq_span command = meeting(&arena, "M-flip");
    const struct lq_span request = peer_request(&arena, 2, "oversight", LQ_ASK_COMMAND, command);
    tap_arm(tap, true, request.size, at, mask);
    peer_send(peer, request, false);
    // either the bus hangs up, or an answer comes, or (flags or length were altered) it waits for
    // more
    const int64_t until = lq_steady_ms() + (at <= 1 ? 500 : PATIENCE_MS);
    const Lq__Reply *reply = NULL;
    while (reply == NULL && tap_ended(tap) == ended && lq_steady_ms() < until)
        reply = peer_reply(peer, &arena, 5);
    *beyond = !tap_has_fired(tap);
    tap_disarm(tap); // or it would turn a bit of the next handshake
    *executed = reply != NULL;
    if (reply == NULL && at > 1)
        assert_true(tap_ended(tap) > ended);
    peer_close(peer);
    tap_await_ended(tap, ended + 1);
    lq_arena_free(&arena);
}

// One bit of each byte of a request on the wire. The first byte of a frame is ZMTP's flags, which
// CURVE does not cover: there, the request may also arrive as it was.
static void a_bit_turned_on_the_wire_ends_the_connection(void **state)
{
    struct site *site = *state;
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    struct tap *tap = tap_open(site);
    unsigned died = 0;
    bool executed = false, beyond = false;
    for (size_t at = 1; !beyond; at++) {
        const struct site_tip before = site_tip(desk, "oversight");
        alter_one(site, tap, at, (uint8_t)(1u << at % 8), &executed, &beyond);
        if (beyond)
            break;
        assert_false(executed);
        site_expect_tip(desk, "oversight", before);
        died++;
    }
    print_message("%u bytes of a request, each altered: nothing was executed\n", died);
    assert_true(died > 80); // the whole frame: command, envelope and CURVE's own 33 bytes
    for (unsigned bit = 0; bit < 8; bit++) {
        struct lq_arena arena = {0};
        const uint64_t before = site_tip(desk, "oversight").seq;
        alter_one(site, tap, 0, (uint8_t)(1u << bit), &executed, &beyond);
        const uint64_t after = site_tip(desk, "oversight").seq;
        assert_true(after == before || (executed && after == before + 1));
        lq_arena_free(&arena);
    }
    tap_close(tap);
    lq_client_close(desk);
}

// The answer altered: the client's connection ends, it asks again, and it took effect once. (After
// such an end libzmq does not connect again: bus/worker/dealer.h.)
static void an_altered_answer_is_asked_for_again(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct tap *tap = tap_open(site);
    const struct lq_client_config config = {.endpoint = tap_endpoint(tap),
                                            .bus_public_key = site->bus_key,
                                            .keys = site->keys[LQ__ROLE__DESK],
                                            .silence_ms = 300,
                                            .deadline_ms = PATIENCE_MS};
    struct lq_client *desk = NULL;
    assert_int_equal(lq_client_open(&config, &desk), LQ_OK);
    for (size_t at = 12; at < 60; at += 30) {
        const uint64_t before = site_tip(desk, "oversight").seq;
        const struct lq_span command = meeting(&arena, lq_arena_format(&arena, "M-answer-%zu", at));
        tap_arm(tap, false, 60, at, 0x10);
        const Lq__Reply *reply = site_ask(desk, "oversight", LQ_ASK_COMMAND, command);
        assert_true(tap_has_fired(tap));
        const Lq__Outcome *outcome = site_outcome(&arena, reply);
        assert_int_equal(outcome->result_case, LQ__OUTCOME__RESULT_ACCEPTED);
        assert_true(reply->repeated_outcome);
        assert_int_equal(site_tip(desk, "oversight").seq, before + 1);
    }
    lq_client_close(desk);
    tap_close(tap);
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_that_is_sent_again_has_one_effect),
        cmocka_unit_test(an_altered_command_under_the_same_id_is_refused),
        cmocka_unit_test(what_was_heard_on_the_wire_cannot_be_said_again),
        cmocka_unit_test(a_bit_turned_on_the_wire_ends_the_connection),
        cmocka_unit_test(an_altered_answer_is_asked_for_again),
    };
    return cmocka_run_group_tests(tests, open_site, site_tear_down);
}
