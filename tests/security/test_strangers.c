// Who has no key, a wrong one, or one that was revoked: nothing that he says is heard, and nothing
// is told to him.
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "bus/worker/frames.h"
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
    assert_int_equal(
        lq_keyring_revoke(site->system.authorized, "gone", NULL, lq_wall_ms(), &changed), LQ_OK);
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

    assert_int_equal(
        lq_keyring_revoke(site->system.authorized, "leaver", NULL, lq_wall_ms(), &changed), LQ_OK);
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

// A routing id is not looked at. Two connections choose the same one, under different keys: what
// each may do is his key's to say, and neither gets what the other asked for.
static void with_somebody_elses_routing_id(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    const struct peer_options first = {.keys = &site->keys[LQ__ROLE__CLERK],
                                       .routing_id = "terminal-7"};
    struct peer_options second = first;
    second.keys = &site->keys[LQ__ROLE__OFFICER];
    struct peer peers[] = {peer_open(site, first), peer_open(site, second)};
    const struct lq_span command = site_command_text(
        &arena, "tips", "register_volunteer {number=\"V2\" name=\"何\" village=\"段村\"}");
    const struct lq_span requests[] = {peer_request(&arena, 21, "tips", LQ_ASK_COMMAND, command),
                                       peer_request(&arena, 22, "tips", LQ_ASK_COMMAND, command)};
    peer_send(peers[1], requests[1], false);
    const Lq__Reply *reply = peer_reply(peers[1], &arena, PATIENCE_MS);
    assert_non_null(reply);
    assert_int_equal(reply->correlation, 22);
    site_expect_refusal(reply, LQ__REFUSAL__WHY__NOT_PERMITTED);
    peer_send(peers[0], requests[0], false);
    reply = peer_reply(peers[0], &arena, PATIENCE_MS);
    assert_non_null(reply);
    assert_int_equal(reply->correlation, 21);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    assert_null(peer_reply(peers[1], &arena, 200));
    peer_close(peers[0]);
    peer_close(peers[1]);
    lq_client_close(clerk);
    lq_arena_free(&arena);
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
    };
    return cmocka_run_group_tests(tests, open_site, site_tear_down);
}
