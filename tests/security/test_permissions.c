// Every role against every command and query of every service, by the real door: what the matrix in
// docs/permissions.md forbids is refused and leaves no trace, what it allows reaches the service's
// own rules. The expectation is computed here from the rule tables, a cell at a time.
#include <stdio.h>

#include "bus/keyring/roles.h"
#include "pb/pb.h"
#include "peer.h"
#include "support/message.h"

enum { FIRST_ROLE = LQ__ROLE__COMMANDER, LAST_ROLE = LQ__ROLE__FINANCE };

static struct lq_client *clients[LAST_ROLE + 1];

static int open_site(void **state)
{
    struct site *site = site_open(NULL);
    *state = site;
    site_people_the_roster(site);
    site_run_a_raid(site, 1);
    for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++)
        clients[role] = site_client(site, &site->keys[role]);
    return 0;
}

static int close_site(void **state)
{
    for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++)
        lq_client_close(clients[role]);
    return site_tear_down(state);
}

struct cell {
    const struct lq_service *service;
    const ProtobufCFieldDescriptor *field;
    const struct lq_command_row *rule;
    unsigned role;
    bool behalf;
};

// Somebody else on the roster, who may do it in his own name if anybody else may.
static const char *principal_of(const struct cell *cell)
{
    for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++)
        if ((cell->rule->who & 1u << role) != 0 && role != LQ__ROLE__SERVICE &&
            role != LQ__ROLE__ADMIN && role != cell->role)
            return site_badge(role);
    return site_badge(cell->role == LQ__ROLE__DESK ? LQ__ROLE__LEAD : LQ__ROLE__DESK);
}

// What a service commands is for itself: no key can send it. (test_contract sends it as itself.)
static bool may(const struct cell *cell)
{
    return cell->role != LQ__ROLE__SERVICE &&
           ((cell->behalf ? cell->rule->behalf : cell->rule->who) & 1u << cell->role) != 0;
}

static const Lq__Reply *say(const struct cell *cell)
{
    struct lq_arena arena = {0};
    const ProtobufCMessage *body =
        lq_message_of(&arena, cell->service->command_type, cell->field->name);
    const struct lq_span command =
        site_command(&arena, cell->behalf ? principal_of(cell) : NULL, "a test", body);
    const Lq__Reply *reply =
        site_ask(clients[cell->role], cell->service->name, LQ_ASK_COMMAND, command);
    lq_arena_free(&arena);
    return reply;
}

static void expect_forbidden(const struct cell *cell)
{
    struct lq_client *looks = clients[LQ__ROLE__ADMIN];
    const struct site_tip before = site_tip(looks, cell->service->name);
    const Lq__Reply *reply = say(cell);
    if (reply->kind_case != LQ__REPLY__KIND_REFUSAL ||
        reply->refusal->why != LQ__REFUSAL__WHY__NOT_PERMITTED)
        fail_msg("%s %s by %s%s was not refused", cell->service->name, cell->field->name,
                 lq_role_name(cell->role), cell->behalf ? " for another" : "");
    site_expect_tip(looks, cell->service->name, before);
}

// Decided by the service itself: an outcome that is recorded, and is not one of the runtime's own
// rejections, which stand before it.
static void expect_allowed(const struct cell *cell)
{
    struct lq_arena arena = {0};
    const uint64_t before = site_tip(clients[cell->role], cell->service->name).seq;
    const Lq__Outcome *outcome = site_outcome(&arena, say(cell));
    const Lq__Position *position;
    if (outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        const ProtobufCEnumValue *common = protobuf_c_enum_descriptor_get_value_by_name(
            &lq__reject__descriptor, outcome->rejected->code);
        if (common != NULL && common->value <= LQ__REJECT__TIME_IN_FUTURE)
            fail_msg("%s %s by %s%s never reached the service: %s", cell->service->name,
                     cell->field->name, lq_role_name(cell->role),
                     cell->behalf ? " for another" : "", outcome->rejected->text);
        position = outcome->rejected->position;
    } else {
        position = outcome->accepted->position;
    }
    assert_string_equal(position->stream, cell->service->name);
    assert_true(position->seq > before);
    lq_arena_free(&arena);
}

// Calls for each cell of the commands' matrix, and tells how many there were.
static unsigned each_command(bool allowed, void (*expect)(const struct cell *))
{
    unsigned count = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (unsigned i = 0; i < (*s)->command_type->n_fields; i++)
            for (unsigned n = 0; n < 2 * (LAST_ROLE - FIRST_ROLE + 1); n++) {
                const ProtobufCFieldDescriptor *field = &(*s)->command_type->fields[i];
                const struct cell cell = {
                    .service = *s,
                    .field = field,
                    .rule = lq_command_row(*s, field->id),
                    .role = FIRST_ROLE + n / 2,
                    .behalf = n % 2 != 0,
                };
                assert_non_null(cell.rule);
                if (may(&cell) != allowed)
                    continue;
                expect(&cell);
                count++;
            }
    return count;
}

// Nothing is written while this runs, so that each journal's tip and hash must stand still.
static void what_is_forbidden_is_refused_and_leaves_no_trace(void **state)
{
    (void)state;
    print_message("%u commands were forbidden and refused\n",
                  each_command(false, expect_forbidden));
}

static void what_is_allowed_reaches_the_services_own_rules(void **state)
{
    (void)state;
    print_message("%u commands were allowed and decided\n", each_command(true, expect_allowed));
}

static void each_query_is_answered_to_whom_it_is_allowed(void **state)
{
    (void)state;
    unsigned answered = 0, refused = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (unsigned i = 0; i < (*s)->query_type->n_fields; i++)
            for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++) {
                struct lq_arena arena = {0};
                const ProtobufCFieldDescriptor *field = &(*s)->query_type->fields[i];
                const struct lq_query_row *rule = lq_query_row(*s, field->id);
                const Lq__Reply *reply =
                    site_query(clients[role], (*s)->name,
                               lq_message_of(&arena, (*s)->query_type, field->name));
                if ((rule->who & 1u << role) != 0) {
                    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
                    answered++;
                } else {
                    site_expect_refusal(reply, LQ__REFUSAL__WHY__NOT_PERMITTED);
                    refused++;
                }
                lq_arena_free(&arena);
            }
    print_message("%u queries were answered, %u refused\n", answered, refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_forbidden_is_refused_and_leaves_no_trace),
        cmocka_unit_test(each_query_is_answered_to_whom_it_is_allowed),
        cmocka_unit_test(what_is_allowed_reaches_the_services_own_rules),
    };
    return cmocka_run_group_tests(tests, open_site, close_site);
}
