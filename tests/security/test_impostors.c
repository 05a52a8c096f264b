// People with a key who claim to be somebody else, in every field that a client fills in: what
// counts is the key, and the record says so.
#include <stdio.h>

#include "bus/keyring/roles.h"
#include "pb/pb.h"
#include "peer.h"
#include "support/message.h"
#include "tips.pb-c.h"

static int open_site(void **state)
{
    struct site *site = site_open(NULL);
    *state = site;
    site_people_the_roster(site);
    site_run_a_raid(site, 1);
    return 0;
}

static struct lq_span behalf(struct lq_arena *arena, const char *service, const char *principal,
                             const char *reason, const char *text)
{
    return site_command(arena, principal, reason,
                        lq_message_of(arena, lq_service_named(service)->command_type, text));
}

static const Lq__Outcome *outcome_of(struct lq_arena *arena, struct lq_client *client,
                                     const char *service, struct lq_span command)
{
    return site_outcome(arena, site_ask(client, service, LQ_ASK_COMMAND, command));
}

// ---------------------------------------------------------------- on behalf of

// A lead may not enter what the desk decides, nor an officer what his lead reports.
static void nobody_acts_for_another_without_the_right(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    static const struct {
        unsigned role;
        const char *service, *principal, *text;
    } tries[] = {
        {LQ__ROLE__LEAD, "dispatch", "P_desk",
         "issue_order {number=\"O9\" kind=\"raid\" target=\"E1\" teams=[\"T01\"]}"},
        {LQ__ROLE__OFFICER, "dispatch", "P_lead",
         "report_step {order=\"O0001\" team=\"T01\" step=FINISHED}"},
        {LQ__ROLE__ADMIN, "dispatch", "P_commander", "cancel_order {order=\"O0001\"}"},
        {LQ__ROLE__INSPECTOR, "casefile", "P_liaison",
         "open_case {number=\"C9\" order=\"O0001\" target=\"E1\" offence=\"environmental\"}"},
        {LQ__ROLE__CLERK, "shift", "P_admin",
         "amend_person {badge=\"P_lead\" name=\"某\" "
         "role=COMMANDER}"},
        {LQ__ROLE__SERVICE, "dispatch", "P_desk", "cancel_order {order=\"O0001\"}"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct lq_client *client = site_client(site, &site->keys[tries[i].role]);
        const struct site_tip before = site_tip(client, tries[i].service);
        const struct lq_span command =
            behalf(&arena, tries[i].service, tries[i].principal, "he asked me to", tries[i].text);
        site_expect_refusal(site_ask(client, tries[i].service, LQ_ASK_COMMAND, command),
                            LQ__REFUSAL__WHY__NOT_PERMITTED);
        site_expect_tip(client, tries[i].service, before);
        lq_client_close(client);
    }
    lq_arena_free(&arena);
}

// Who may act for others still may not without a reason, for nobody, or for one who may not either.
static void who_may_act_for_another_is_bound_too(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    static const struct {
        const char *principal, *reason, *code;
    } tries[] = {
        {"P_desk", "", "REASON_REQUIRED"},
        {"P_ghost", "phoned in", "PRINCIPAL_UNKNOWN"},
        {"P_officer", "phoned in", "NOT_THEIR_ROLE"},
        {"P_inspector", "phoned in", "NOT_THEIR_ROLE"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        const Lq__Outcome *outcome = outcome_of(
            &arena, clerk, "dispatch",
            behalf(&arena, "dispatch", tries[i].principal, tries[i].reason,
                   "issue_order {kind=\"raid\" target=\"E1\" teams=[\"T01\"] override=true}"));
        assert_int_equal(outcome->result_case, LQ__OUTCOME__RESULT_REJECTED);
        assert_string_equal(outcome->rejected->code, tries[i].code);
    }
    lq_client_close(clerk);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- the record

static const Lq__Event *last_event(struct lq_arena *arena, struct lq_client *client,
                                   const char *service)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = site_tip(client, service).seq - 1;
    const Lq__Reply *reply =
        site_ask(client, service, LQ_ASK_FETCH, lq_pb_encode(arena, &fetch.base));
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_EVENTS);
    assert_int_equal(reply->events->n_events, 1);
    return reply->events->events[0];
}

// Fields that look like a name do not make one: what the key says is what is written.
static void the_record_names_the_keys_owner(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    site_do(desk, "oversight", "record_meeting {number=\"P_commander\" issues_raised=1}");
    const Lq__Event *event = last_event(&arena, desk, "oversight");
    assert_string_equal(event->actor, "P_desk");
    assert_string_equal(event->on_behalf_of, "");
    // naming oneself is naming nobody, and is no way around the rules for those who act for others
    const Lq__Outcome *outcome =
        outcome_of(&arena, desk, "oversight",
                   behalf(&arena, "oversight", "P_desk", "", "record_meeting {number=\"M8\"}"));
    assert_int_equal(outcome->result_case, LQ__OUTCOME__RESULT_ACCEPTED);
    event = last_event(&arena, desk, "oversight");
    assert_string_equal(event->actor, "P_desk");
    assert_string_equal(event->on_behalf_of, "");
    // and who acts for another with right stands in the record beside him
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    outcome = outcome_of(&arena, clerk, "dispatch",
                         behalf(&arena, "dispatch", "P_desk", "phoned in at nine",
                                "issue_order {kind=\"raid\" target=\"E1\" teams=[\"T01\"] "
                                "priority=URGENT}"));
    if (outcome->result_case != LQ__OUTCOME__RESULT_ACCEPTED)
        fail_msg("%s", outcome->rejected->text);
    event = last_event(&arena, clerk, "dispatch");
    assert_string_equal(event->actor, "P_clerk");
    assert_string_equal(event->on_behalf_of, "P_desk");
    assert_string_equal(event->reason, "phoned in at nine");
    lq_client_close(clerk);
    lq_client_close(desk);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- forged stamps

static struct lq_span joined(struct lq_arena *arena, struct lq_span a, struct lq_span b)
{
    uint8_t *bytes = lq_arena_alloc(arena, a.size + b.size);
    memcpy(bytes, a.data, a.size);
    memcpy(bytes + a.size, b.data, b.size);
    return lq_span(bytes, a.size + b.size);
}

static struct lq_span stamp_of(struct lq_arena *arena, const char *actor, uint32_t roles)
{
    uint8_t route[16] = {0};
    Lq__Stamp stamp = LQ__STAMP__INIT;
    stamp.route = (ProtobufCBinaryData){.len = sizeof route, .data = route};
    stamp.actor = lq_arena_text(arena, actor);
    stamp.roles = roles;
    return lq_pb_encode(arena, &stamp.base);
}

// The bus says to services who asks in a Stamp before the request. A client's own, in whatever
// place, is no part of a request.
static void a_stamp_of_ones_own_is_worth_nothing(void **state)
{
    struct site *site = *state;
    struct lq_arena arena = {0};
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    const struct site_tip before = site_tip(desk, "oversight");
    struct peer officer =
        peer_open(site, (struct peer_options){.keys = &site->keys[LQ__ROLE__OFFICER]});
    const struct lq_span stamp = stamp_of(&arena, "P_desk", LQ_ROLE(DESK) | LQ_ROLE(SERVICE));
    const struct lq_span command =
        site_command_text(&arena, "oversight", "record_meeting {number=\"M9\"}");
    const struct lq_span request = peer_request(&arena, 31, "oversight", LQ_ASK_COMMAND, command);
    const struct lq_span as_link = lq_span_text("Q");
    // as frames of their own before it, as the link writes them
    peer_send(officer, stamp, true);
    peer_send(officer, request, false);
    peer_send(officer, as_link, true);
    peer_send(officer, stamp, true);
    peer_send(officer, request, false);
    // as bytes before and behind it, and within the command
    peer_send(officer, joined(&arena, stamp, request), false);
    peer_send(officer, joined(&arena, request, stamp), false);
    peer_send(officer,
              peer_request(&arena, 32, "oversight", LQ_ASK_COMMAND, joined(&arena, command, stamp)),
              false);
    peer_send(officer, request, false); // and without
    const Lq__Reply *last = NULL;
    for (unsigned i = 0; i < 6; i++) {
        last = peer_reply(officer, &arena, PATIENCE_MS);
        assert_non_null(last);
        assert_int_equal(last->kind_case, LQ__REPLY__KIND_REFUSAL);
    }
    site_expect_tip(desk, "oversight", before);
    peer_close(officer);
    lq_client_close(desk);
    lq_arena_free(&arena);
}

// A badge in the list cannot be a service's without its role, and no name can smuggle a second one.
static void a_badge_cannot_be_made_to_look_like_another(void **state)
{
    struct site *site = *state;
    static const struct {
        const char *badge;
        uint32_t roles;
    } tries[] = {
        {"@dispatch", LQ_ROLE(DESK)}, {"@dispatch", LQ_ROLE(DESK) | LQ_ROLE(SERVICE)},
        {"P desk", LQ_ROLE(OFFICER)}, {"P_x\nP_y", LQ_ROLE(OFFICER)},
        {"", LQ_ROLE(OFFICER)},       {"P_x commander", LQ_ROLE(OFFICER)},
        {"P_x#", LQ_ROLE(OFFICER)},   {"Р_desk", LQ_ROLE(OFFICER)}, // its first letter is Cyrillic
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        assert_int_equal(lq_keyring_add(site->system.authorized, site->keys[0].public_key,
                                        tries[i].badge, tries[i].roles),
                         LQ_E_INPUT);
}

// ---------------------------------------------------------------- what only some may read

// Every role fetches the tips: who may not ask for them gets none of them by fetching either.
static void a_tip_is_told_only_to_those_who_may_ask(void **state)
{
    struct site *site = *state;
    const struct lq_service *tips = lq_service_named("tips");
    const struct lq_query_row *rule = lq_query_row(tips, TIPS__QUERY__BODY_TIPS);
    for (unsigned role = LQ__ROLE__COMMANDER; role <= LQ__ROLE__SERVICE; role++) {
        struct lq_arena arena = {0};
        struct lq_client *client = site_client(site, &site->keys[role]);
        const Lq__Reply *reply = site_ask(client, "tips", LQ_ASK_FETCH, lq_span("", 0));
        assert_int_equal(reply->kind_case, LQ__REPLY__KIND_EVENTS);
        assert_true(reply->events->n_events > 0);
        unsigned told = 0;
        for (size_t i = 0; i < reply->events->n_events; i++) {
            const char *why = NULL;
            const ProtobufCBinaryData body = reply->events->events[i]->body;
            const ProtobufCMessage *event = lq_pb_decode_within(
                &LQ_PB_RECORD, &arena, tips->event_type, lq_span(body.data, body.len), &why);
            assert_non_null(event);
            told += strcmp(lq_pb_variant_name(event), "tip_recorded") == 0;
        }
        assert_int_equal(told, (rule->who & 1u << role) != 0 ? 1 : 0);
        lq_client_close(client);
        lq_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_acts_for_another_without_the_right),
        cmocka_unit_test(who_may_act_for_another_is_bound_too),
        cmocka_unit_test(the_record_names_the_keys_owner),
        cmocka_unit_test(a_stamp_of_ones_own_is_worth_nothing),
        cmocka_unit_test(a_badge_cannot_be_made_to_look_like_another),
        cmocka_unit_test(a_tip_is_told_only_to_those_who_may_ask),
    };
    return cmocka_run_group_tests(tests, open_site, site_tear_down);
}
