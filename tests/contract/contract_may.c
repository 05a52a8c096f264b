// Who may command and ask, by the rows of the contract.
#include "contract.h"

static void try_command(struct lq_bed *bed, const char *actor, unsigned member, uint32_t role,
                        bool for_other)
{
    const ProtobufCFieldDescriptor *field = &bed->service->command_type->fields[member];
    const struct lq_command_row *rule = lq_command_row(bed->service, field->id);
    const struct lq_bed_command command = {
        .actor = actor,
        .roles = role,
        .on_behalf_of = for_other ? "P2" : NULL,
        .reason = "a test",
        .body = contract_empty(&bed->arena, bed->service->command_type, member),
    };
    const struct lq_bed_digest before = lq_bed_digest(bed);
    const struct lq_bed_sent sent = lq_bed_send(bed, &command);
    lq_bed_turn(bed);
    // What a service may command it may command itself only.
    const uint32_t counts =
        strcmp(actor, contract_itself(bed)) == 0 ? role : role & ~LQ_ROLE(SERVICE);
    const bool may = (counts & (for_other ? rule->behalf : rule->who)) != 0;
    if (contract_is_refused(bed, sent.correlation, LQ__REFUSAL__WHY__NOT_PERMITTED) == may)
        fail_msg("%s %s: %s with role bits %x%s", bed->service->name, field->name, actor, role,
                 for_other ? " for another" : "");
    if (!may)
        lq_bed_assert_digest(bed, before);
}

// One role at a time, none, and every role but those that may.
static void try_roles(struct lq_bed *bed, const char *actor, unsigned member)
{
    const struct lq_command_row *rule =
        lq_command_row(bed->service, bed->service->command_type->fields[member].id);
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const uint32_t role = 1u << lq__role__descriptor.values[i].value;
        try_command(bed, actor, member, role, false);
        try_command(bed, actor, member, role, true);
    }
    try_command(bed, actor, member, 0, false);
    try_command(bed, actor, member, 0, true);
    try_command(bed, actor, member, ~rule->who, false);
    try_command(bed, actor, member, ~rule->behalf, true);
}

void test_only_who_may_commands(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    for (unsigned member = 0; member < bed.service->command_type->n_fields; member++) {
        try_roles(&bed, "P1", member);
        try_roles(&bed, "@other", member);
        try_roles(&bed, contract_itself(&bed), member);
        lq_bed_forget(&bed);
    }
    lq_bed_close(&bed);
}

void test_only_who_may_asks(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    const ProtobufCMessageDescriptor *type = bed.service->query_type;
    for (unsigned member = 0; member < type->n_fields; member++)
        for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
            const uint32_t role = 1u << lq__role__descriptor.values[i].value;
            const struct lq_query_row *rule = lq_query_row(bed.service, type->fields[member].id);
            const uint64_t asked =
                lq_bed_query(&bed, "P1", role, contract_empty(&bed.arena, type, member));
            lq_bed_turn(&bed);
            assert_int_equal(contract_is_refused(&bed, asked, LQ__REFUSAL__WHY__NOT_PERMITTED),
                             (role & rule->who) == 0);
            if ((role & rule->who) != 0) // an empty store has an answer to an empty question
                assert_int_equal(lq_bed_find(&bed, asked)->reply->kind_case,
                                 LQ__REPLY__KIND_ANSWER);
        }
    assert_int_equal(lq_bed_tip(&bed), 0);
    lq_bed_close(&bed);
}
