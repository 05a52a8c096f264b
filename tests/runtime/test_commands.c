// Several commands in one request: each is decided as if it had come alone, one behind the other.
#include "host_support.h"

enum { MOST = 64 };

static struct lq_bed_sent interview(void)
{
    const struct lq_bed_command c = {.body = command("record_interview {kind=\"official\"}")};
    return lq_bed_make(&bed, &c);
}

static uint64_t take_from(const char *actor, uint32_t roles, const struct lq_bed_sent *sent,
                          size_t count, const struct lq_id *after)
{
    ProtobufCBinaryData bytes[MOST + 1];
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.n_commands = count;
    commands.commands = bytes;
    for (size_t i = 0; i < count; i++)
        bytes[i] = (ProtobufCBinaryData){sent[i].command.size, lq_unconst(sent[i].command.data)};
    const struct lq_span packed = lq_pb_encode(&bed.arena, &commands.base);
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_COMMANDS;
    request.commands = (ProtobufCBinaryData){packed.size, lq_unconst(packed.data)};
    if (after != NULL)
        request.after = (ProtobufCBinaryData){LQ_ID_SIZE, lq_unconst(after->bytes)};
    return lq_bed_take(&bed, actor, roles, &request);
}

static uint64_t take(const struct lq_bed_sent *sent, size_t count, const struct lq_id *after)
{
    return take_from("P4", CLERK, sent, count, after);
}

static const Lq__Outcomes *outcomes_of(uint64_t correlation)
{
    const struct lq_bed_reply *found = lq_bed_find(&bed, correlation);
    assert_non_null(found);
    assert_int_equal(found->reply->kind_case, LQ__REPLY__KIND_OUTCOMES);
    return found->reply->outcomes;
}

static const Lq__Outcome *outcome_of(const Lq__CommandOutcome *one)
{
    const char *why = NULL;
    assert_int_equal(one->kind_case, LQ__COMMAND_OUTCOME__KIND_OUTCOME);
    const Lq__Outcome *outcome =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &bed.arena, &lq__outcome__descriptor,
                                          lq_span(one->outcome.data, one->outcome.len), &why);
    assert_non_null(outcome);
    return outcome;
}

static void assert_accepted(const Lq__CommandOutcome *one, uint64_t seq)
{
    const Lq__Outcome *outcome = outcome_of(one);
    assert_int_equal(outcome->result_case, LQ__OUTCOME__RESULT_ACCEPTED);
    assert_int_equal(outcome->accepted->position->seq, seq);
}

static void assert_refused(const Lq__CommandOutcome *one, Lq__Refusal__Why why)
{
    assert_int_equal(one->kind_case, LQ__COMMAND_OUTCOME__KIND_REFUSAL);
    assert_int_equal(one->refusal->why, why);
    assert_true(one->refusal->text[0] != '\0');
}

static void test_they_are_decided_in_their_order(void **state)
{
    (void)state;
    struct lq_bed_sent sent[MOST];
    for (int i = 0; i < MOST; i++)
        sent[i] = interview();
    const uint64_t correlation = take(sent, MOST, NULL);
    lq_bed_turn(&bed);
    const Lq__Outcomes *outcomes = outcomes_of(correlation);
    assert_int_equal(outcomes->n_outcomes, MOST);
    for (int i = 0; i < MOST; i++) {
        assert_accepted(outcomes->outcomes[i], (uint64_t)i + 1);
        assert_false(outcomes->outcomes[i]->repeated_outcome);
        assert_memory_equal(lq_bed_record(&bed, (uint64_t)i + 1)->command_id.data, sent[i].id.bytes,
                            LQ_ID_SIZE);
    }
    assert_int_equal(lq_host_counts(bed.host).commits, 1);
}

// With others or alone, it is the same command: the stored outcome, byte for byte.
static void test_each_takes_effect_once_however_it_is_sent(void **state)
{
    (void)state;
    struct lq_bed_sent sent[] = {interview(), interview(), interview()};
    const uint64_t alone = lq_bed_send_bytes(&bed, "P4", CLERK, sent[1].command);
    const uint64_t together = take(sent, 3, NULL);
    lq_bed_turn(&bed);
    lq_bed_crash(&bed);
    const uint64_t again = take(sent, 3, NULL);
    const uint64_t third = lq_bed_send_bytes(&bed, "P4", CLERK, sent[2].command);
    lq_bed_turn(&bed);
    assert_int_equal(lq_bed_tip(&bed), 3);
    const Lq__Outcomes *first = outcomes_of(together), *repeat = outcomes_of(again);
    assert_false(first->outcomes[0]->repeated_outcome);
    assert_true(first->outcomes[1]->repeated_outcome);
    assert_false(first->outcomes[2]->repeated_outcome);
    assert_accepted(first->outcomes[1], 1);
    assert_int_equal(lq_bed_outcome(&bed, alone).seq, 1);
    for (int i = 0; i < 3; i++) {
        const ProtobufCBinaryData a = first->outcomes[i]->outcome, b = repeat->outcomes[i]->outcome;
        assert_true(repeat->outcomes[i]->repeated_outcome);
        assert_true(lq_span_equal(lq_span(a.data, a.len), lq_span(b.data, b.len)));
    }
    const ProtobufCBinaryData last = first->outcomes[2]->outcome;
    assert_true(lq_span_equal(lq_bed_outcome(&bed, third).bytes, lq_span(last.data, last.len)));
}

static void test_what_is_refused_for_good_does_not_stop_the_rest(void **state)
{
    (void)state;
    const struct lq_bed_command empty = {.body = command("record_interview {}")};
    const struct lq_bed_sent used = interview();
    lq_bed_send_bytes(&bed, "P4", CLERK, used.command);
    struct lq_bed_sent sent[] = {interview(), interview(), interview(), interview(), interview()};
    sent[1].command = lq_span_text("no command");
    sent[2] = lq_bed_make(&bed, &empty); // rejected: that is decided
    const struct lq_bed_command other = {
        .id = used.id, .reason = "other bytes", .body = empty.body};
    sent[3] = lq_bed_make(&bed, &other);
    const uint64_t correlation = take(sent, 5, NULL);
    lq_bed_turn(&bed);
    const Lq__Outcomes *outcomes = outcomes_of(correlation);
    assert_int_equal(outcomes->n_outcomes, 5);
    assert_accepted(outcomes->outcomes[0], 2);
    assert_refused(outcomes->outcomes[1], LQ__REFUSAL__WHY__MALFORMED);
    assert_string_equal(outcome_of(outcomes->outcomes[2])->rejected->code, "FIELD_MISSING");
    assert_refused(outcomes->outcomes[3], LQ__REFUSAL__WHY__ID_REUSED);
    assert_accepted(outcomes->outcomes[4], 4);
}

static void test_what_may_come_later_stops_the_rest(void **state)
{
    (void)state;
    const struct lq_bed_sent missing = interview();
    struct lq_bed_sent sent[] = {interview(), interview()};
    const uint64_t early = take(sent, 2, &missing.id);
    lq_bed_turn(&bed);
    assert_int_equal(outcomes_of(early)->n_outcomes, 1);
    assert_refused(outcomes_of(early)->outcomes[0], LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED);
    assert_true(outcomes_of(early)->outcomes[0]->refusal->retry);
    assert_int_equal(lq_bed_tip(&bed), 0);

    lq_bed_send_bytes(&bed, "P4", CLERK, missing.command);
    const uint64_t again = take(sent, 2, &missing.id);
    lq_bed_turn(&bed);
    assert_int_equal(outcomes_of(again)->n_outcomes, 2);
    assert_accepted(outcomes_of(again)->outcomes[1], 3);
}

// What is told again or refused for good needs none; what stands behind it does all the same.
static void test_the_predecessor_is_asked_of_each(void **state)
{
    (void)state;
    const struct lq_bed_sent missing = interview();
    struct lq_bed_sent decided[] = {interview(), interview()}, wrong[] = {interview(), interview()};
    lq_bed_send_bytes(&bed, "P4", CLERK, decided[0].command);
    wrong[0].command = lq_span_text("no command");
    const uint64_t told = take(decided, 2, &missing.id), refused = take(wrong, 2, &missing.id);
    lq_bed_turn(&bed);
    assert_true(outcomes_of(told)->outcomes[0]->repeated_outcome);
    assert_refused(outcomes_of(told)->outcomes[1], LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED);
    assert_refused(outcomes_of(refused)->outcomes[0], LQ__REFUSAL__WHY__MALFORMED);
    assert_refused(outcomes_of(refused)->outcomes[1], LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED);
    assert_int_equal(lq_bed_tip(&bed), 1);
}

static void test_who_may_not_is_told_for_each(void **state)
{
    (void)state;
    struct lq_bed_sent sent[] = {interview(), interview()};
    const uint64_t correlation = take_from("P8", LQ_ROLE(OFFICER), sent, 2, NULL);
    lq_bed_turn(&bed);
    assert_int_equal(outcomes_of(correlation)->n_outcomes, 2);
    for (int i = 0; i < 2; i++)
        assert_refused(outcomes_of(correlation)->outcomes[i], LQ__REFUSAL__WHY__NOT_PERMITTED);
    assert_int_equal(lq_bed_tip(&bed), 0);
}

static void test_none_and_too_many_are_malformed(void **state)
{
    (void)state;
    struct lq_bed_sent sent[MOST + 1];
    for (int i = 0; i <= MOST; i++)
        sent[i] = interview();
    const uint64_t none = take(sent, 0, NULL);
    const uint64_t many = take(sent, MOST + 1, NULL);
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_COMMANDS;
    request.commands = (ProtobufCBinaryData){3, (uint8_t[]){0x0a, 0x7f, 0x00}};
    const uint64_t broken = lq_bed_take(&bed, "P4", CLERK, &request);
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, none, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_refused(&bed, many, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_refused(&bed, broken, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(lq_bed_tip(&bed), 0);
}

// A batch counts commands: many in one request do not make it endless.
static void test_a_batch_counts_each_of_them(void **state)
{
    (void)state;
    bed.policy.batch_max = 3;
    struct lq_bed_sent sent[6];
    uint64_t correlations[3];
    for (int i = 0; i < 6; i++)
        sent[i] = interview();
    for (int i = 0; i < 3; i++)
        correlations[i] = take(sent + 2 * i, 2, NULL);
    lq_bed_turn(&bed);
    assert_int_equal(bed.reply_count, 2); // the second began when two were taken
    assert_null(lq_bed_find(&bed, correlations[2]));
    lq_bed_settle(&bed);
    assert_int_equal(outcomes_of(correlations[2])->n_outcomes, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OVERSIGHT(test_they_are_decided_in_their_order),
        OVERSIGHT(test_each_takes_effect_once_however_it_is_sent),
        OVERSIGHT(test_what_is_refused_for_good_does_not_stop_the_rest),
        OVERSIGHT(test_what_may_come_later_stops_the_rest),
        OVERSIGHT(test_the_predecessor_is_asked_of_each),
        OVERSIGHT(test_who_may_not_is_told_for_each),
        OVERSIGHT(test_none_and_too_many_are_malformed),
        OVERSIGHT(test_a_batch_counts_each_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
