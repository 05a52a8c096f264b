// Who has no key, a wrong one, or one that was revoked: nothing that he says is heard, and nothing
// is told to him.
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "base/time.h"
#include "bus/frames.h"
#include "peer.h"

enum { SILENCE_MS = 1000 }; // how long a test listens to hear nothing

static const char *const few[] = {"shift", "ledger", "tips", NULL};
#define TIP "record_tip {number=\"Q1\" channel=\"letter\" premises=\"E1\" content=\"烟\"}"

static int open_site(void **state)
{
    struct site *site = site_open(few);
    *state = site;
    site_people_the_roster(site);
    return 0;
}

static int close_site(void **state)
{
    struct site *site = *state;
    site_stop(site);
    site_verify(site);
    site_close(site);
    return 0;
}

// Says a good command, a query and a fetch, and hears nothing; then somebody with a key works.
static void expect_deaf_and_mute(struct site *site, struct peer_options options)
{
    struct lq_arena arena = {0};
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    const struct site_tip before = site_tip(clerk, "tips");
    struct peer peer = peer_open(site, options);
    const struct lq_span command = site_command_text(&arena, "tips", TIP);
    struct lq_span frame;
    peer_send(peer, peer_request(&arena, 1, "tips", LQ_ASK_COMMAND, command), false);
    peer_send(peer, peer_status(&arena, 2, "bus"), false);
    peer_send(peer, peer_fetch(&arena, 3, "tips", 0, 0), false);
    assert_false(peer_receive(peer, &arena, SILENCE_MS, &frame));
    site_expect_tip(clerk, "tips", before);
    peer_close(peer);
    lq_client_close(clerk);
    lq_arena_free(&arena);
}

static void without_a_key(void **state)
{
    expect_deaf_and_mute(*state, (struct peer_options){0});
}

static void with_a_key_that_is_in_no_list(void **state)
{
    struct site *site = *state;
    expect_deaf_and_mute(site, (struct peer_options){.keys = &site->keys[0]});
}

// The public half of the desk's key is no secret; without the secret half it opens nothing.
static void with_somebody_elses_public_key(void **state)
{
    struct site *site = *state;
    struct lq_key_pair mixed = site->keys[0];
    memcpy(mixed.public_key, site->keys[LQ__ROLE__DESK].public_key, LQ_KEY_TEXT);
    expect_deaf_and_mute(site, (struct peer_options){.keys = &mixed});
}

static void with_a_wrong_key_of_the_bus(void **state)
{
    struct site *site = *state;
    expect_deaf_and_mute(site, (struct peer_options){.keys = &site->keys[LQ__ROLE__CLERK],
                                                     .bus_key = site->keys[0].public_key});
}

static void with_a_key_that_was_revoked_before(void **state)
{
    struct site *site = *state;
    struct lq_key_pair keys;
    unsigned changed;
    assert_int_equal(lq_keys_generate(&keys), LQ_OK);
    assert_int_equal(
        lq_keyring_add(site->system.authorized, keys.public_key, "gone", LQ_ROLE(CLERK)), LQ_OK);
    assert_int_equal(lq_keyring_revoke(site->system.authorized, "gone", lq_wall_ms(), &changed),
                     LQ_OK);
    expect_deaf_and_mute(site, (struct peer_options){.keys = &keys});
}

// Whoever is let in later need not be started again.
static void with_a_key_that_is_added_later(void **state)
{
    struct site *site = *state;
    struct lq_key_pair keys;
    assert_int_equal(lq_keys_generate(&keys), LQ_OK);
    const struct lq_client_config config = {.endpoint = site_endpoint(site),
                                            .bus_public_key = site->bus_key,
                                            .keys = keys,
                                            .deadline_ms = SILENCE_MS};
    struct lq_client *client = NULL;
    const Lq__Reply *reply = NULL;
    Lq__Query query = LQ__QUERY__INIT;
    assert_int_equal(lq_client_open(&config, &client), LQ_OK);
    assert_int_equal(lq_client_call_message(client, "tips", &query.base, &reply), LQ_E_UNREACHABLE);
    assert_non_null(strstr(lq_fault_text(), "does not admit this key"));
    assert_int_equal(
        lq_keyring_add(site->system.authorized, keys.public_key, "late", LQ_ROLE(CLERK)), LQ_OK);
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (lq_client_call_message(client, "tips", &query.base, &reply) != LQ_OK)
        assert_true(lq_steady_ms() < until);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    lq_client_close(client);
}

// On a connection that was open: each further request is refused, a fetch that was parked gets no
// event, and a new connection is not let in.
static void with_a_key_that_is_revoked_meanwhile(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct lq_key_pair keys;
    unsigned changed;
    assert_int_equal(lq_keys_generate(&keys), LQ_OK);
    assert_int_equal(
        lq_keyring_add(site->system.authorized, keys.public_key, "leaver", LQ_ROLE(CLERK)), LQ_OK);
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    struct peer peer = peer_open(site, (struct peer_options){.keys = &keys});
    const struct site_tip tip = site_tip(clerk, "tips");
    // parked at two services; the status that comes back shows that both are there before it
    peer_send(peer, peer_fetch(&arena, 11, "tips", tip.seq, 30000), false);
    peer_send(peer, peer_fetch(&arena, 12, "ledger", site_tip(clerk, "ledger").seq, 30000), false);
    peer_send(peer, peer_status(&arena, 13, "tips"), false);
    const Lq__Reply *reply = peer_reply(peer, &arena, PATIENCE_MS);
    assert_non_null(reply);
    assert_int_equal(reply->correlation, 13);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);

    assert_int_equal(lq_keyring_revoke(site->system.authorized, "leaver", lq_wall_ms(), &changed),
                     LQ_OK);
    site_do(clerk, "tips", TIP); // the event that the first fetch waits for
    reply = peer_reply(peer, &arena, PATIENCE_MS);
    assert_non_null(reply);
    assert_int_equal(reply->correlation, 11);
    site_expect_refusal(reply, LQ__REFUSAL__WHY__KEY_REVOKED);

    const struct site_tip after = site_tip(clerk, "tips");
    const struct lq_span command =
        site_command_text(&arena, "tips",
                          "register_volunteer {number=\"V1\" name=\"何\" "
                          "village=\"段村\"}");
    peer_send(peer, peer_request(&arena, 14, "tips", LQ_ASK_COMMAND, command), false);
    peer_send(peer, peer_status(&arena, 15, "bus"), false);
    peer_send(peer, peer_fetch(&arena, 16, "tips", 0, 0), false);
    for (uint64_t i = 14; i <= 16; i++) {
        reply = peer_reply(peer, &arena, PATIENCE_MS);
        assert_non_null(reply);
        assert_int_equal(reply->correlation, i);
        site_expect_refusal(reply, LQ__REFUSAL__WHY__KEY_REVOKED);
    }
    site_expect_tip(clerk, "tips", after);
    expect_deaf_and_mute(site, (struct peer_options){.keys = &keys});
    peer_close(peer);
    lq_client_close(clerk);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- routing ids

// Two connections with one routing id of their own choice, under different keys: neither is served,
// and neither gets what the other asked for.
static void with_somebody_elses_routing_id(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    const struct site_tip before = site_tip(clerk, "tips");
    const struct peer_options first = {.keys = &site->keys[LQ__ROLE__CLERK],
                                       .routing_id = "terminal-7"};
    struct peer_options second = first;
    second.keys = &site->keys[LQ__ROLE__OFFICER];
    struct peer peers[] = {peer_open(site, first), peer_open(site, second)};
    const struct lq_span command = site_command_text(
        &arena, "tips", "register_volunteer {number=\"V2\" name=\"何\" village=\"段村\"}");
    for (unsigned i = 0; i < 2; i++)
        peer_send(peers[i], peer_request(&arena, 21, "tips", LQ_ASK_COMMAND, command), false);
    for (const int64_t until = lq_steady_ms() + SILENCE_MS; lq_steady_ms() < until;)
        for (unsigned i = 0; i < 2; i++) {
            const Lq__Reply *reply = peer_reply(peers[i], &arena, 50);
            if (reply == NULL)
                continue;
            assert_int_equal(reply->correlation, 0);
            site_expect_refusal(reply, LQ__REFUSAL__WHY__MALFORMED);
        }
    site_expect_tip(clerk, "tips", before);
    peer_close(peers[0]);
    peer_close(peers[1]);
    lq_client_close(clerk);
    lq_arena_free(&arena);
}

// libzmq numbers connections from rand(), and ends the process when the next number is taken. In a
// process that has not called srand the numbers are known to everybody: so somebody with a key
// could choose one as his routing id and bring the bus down, or wait for another's replies.
static void with_the_routing_ids_that_an_unseeded_bus_would_give(void **state)
{
    (void)state;
    enum { SOCKETS = 6, AHEAD = 8, HONEST = 24 };
    struct peer peers[SOCKETS * AHEAD];
    uint32_t starts[SOCKETS];
    srand(1);
    for (unsigned i = 0; i < SOCKETS; i++) {
        const uint32_t low = (uint32_t)rand(), high = (uint32_t)rand();
        starts[i] = high << 31 | low;
    }
    srand(1); // as a process begins
    struct site *site = site_open((const char *const[]){"tips", NULL});
    for (unsigned i = 0; i < SOCKETS * AHEAD; i++) {
        const uint32_t id = starts[i / AHEAD] + 2 + i % AHEAD;
        const uint8_t bytes[5] = {0, (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8),
                                  (uint8_t)id};
        peers[i] = (struct peer){.context = NULL};
        peers[i].context = zmq_ctx_new();
        peers[i].socket = zmq_socket(peers[i].context, ZMQ_DEALER);
        lq_socket_set(peers[i].socket, ZMQ_LINGER, 0);
        const struct lq_key_pair *keys = &site->keys[LQ__ROLE__OFFICER];
        zmq_setsockopt(peers[i].socket, ZMQ_CURVE_SERVERKEY, site->bus_key, LQ_KEY_TEXT);
        zmq_setsockopt(peers[i].socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, LQ_KEY_TEXT);
        zmq_setsockopt(peers[i].socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, LQ_KEY_TEXT);
        assert_int_equal(zmq_setsockopt(peers[i].socket, ZMQ_ROUTING_ID, bytes, 5), 0);
        assert_int_equal(zmq_connect(peers[i].socket, site_endpoint(site)), 0);
    }
    usleep(500 * 1000); // time to take their places; too little would only make the test blunt
    for (unsigned i = 0; i < HONEST; i++) {
        struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
        (void)site_tip(desk, "tips");
        lq_client_close(desk);
    }
    for (unsigned i = 0; i < SOCKETS * AHEAD; i++)
        peer_close(peers[i]);
    site_close(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_key),
        cmocka_unit_test(with_a_key_that_is_in_no_list),
        cmocka_unit_test(with_somebody_elses_public_key),
        cmocka_unit_test(with_a_wrong_key_of_the_bus),
        cmocka_unit_test(with_a_key_that_was_revoked_before),
        cmocka_unit_test(with_a_key_that_is_added_later),
        cmocka_unit_test(with_a_key_that_is_revoked_meanwhile),
        cmocka_unit_test(with_somebody_elses_routing_id),
        cmocka_unit_test(with_the_routing_ids_that_an_unseeded_bus_would_give),
    };
    return cmocka_run_group_tests(tests, open_site, close_site);
}
