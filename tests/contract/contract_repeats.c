// Commands that are repeated, crashes before the commit, and events that were heard or seen before.
#include "contract.h"

static struct lq_bed_command first_command(struct lq_bed *bed)
{
    return (struct lq_bed_command){
        .actor = contract_itself(bed),
        .roles = LQ_ANYONE,
        .body = contract_empty(&bed->arena, bed->service->command_type, 0),
    };
}

void test_a_repeat_is_told_the_same(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    const struct lq_bed_command command = first_command(&bed);
    const struct lq_bed_sent sent = lq_bed_send(&bed, &command);
    lq_bed_turn(&bed);
    const struct lq_bed_outcome first = lq_bed_outcome(&bed, sent.correlation);
    assert_null(first.refusal);
    assert_false(first.repeated);
    bed.now_ms += 60000;
    lq_bed_settle(&bed);
    const struct lq_bed_digest before = lq_bed_digest(&bed);

    const uint64_t again = lq_bed_send_bytes(&bed, contract_itself(&bed), LQ_ANYONE, sent.command);
    const uint64_t by_other = lq_bed_send_bytes(&bed, "P2", LQ_ANYONE, sent.command);
    struct lq_bed_command changed = command;
    changed.id = sent.id;
    changed.reason = "other bytes";
    const struct lq_bed_sent reused = lq_bed_send(&bed, &changed);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).repeated);
    assert_true(lq_span_equal(lq_bed_outcome(&bed, again).bytes, first.bytes));
    const struct lq_command_row *rule =
        lq_command_row(bed.service, bed.service->command_type->fields[0].id);
    const bool only_itself = (rule->who & LQ_ANY_PERSON) == 0;
    lq_bed_assert_refused(&bed, by_other,
                          only_itself ? LQ__REFUSAL__WHY__NOT_PERMITTED
                                      : LQ__REFUSAL__WHY__ID_REUSED);
    lq_bed_assert_refused(&bed, reused.correlation, LQ__REFUSAL__WHY__ID_REUSED);
    lq_bed_assert_digest(&bed, before);
    lq_bed_close(&bed);
}

void test_a_crash_before_the_commit_leaves_nothing(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, CONTRACT_START_MS);
    const struct lq_bed_digest before = lq_bed_digest(&bed);
    const struct lq_bed_command command = first_command(&bed);
    const struct lq_bed_sent sent = lq_bed_send(&bed, &command);
    bed.fail_commit = true;
    assert_int_equal(lq_bed_try_turn(&bed), LQ_E_IO);
    assert_int_equal(bed.reply_count, 0);
    lq_bed_crash(&bed);
    lq_bed_assert_digest(&bed, before);

    const uint64_t again = lq_bed_send_bytes(&bed, contract_itself(&bed), LQ_ANYONE, sent.command);
    lq_bed_turn(&bed);
    const struct lq_bed_outcome outcome = lq_bed_outcome(&bed, again);
    assert_null(outcome.refusal);
    assert_false(outcome.repeated);
    assert_true(lq_bed_tip(&bed) >= 1);
    lq_bed_crash(&bed); // and now it lasts
    const uint64_t third = lq_bed_send_bytes(&bed, contract_itself(&bed), LQ_ANYONE, sent.command);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, third).repeated);
    assert_true(lq_span_equal(lq_bed_outcome(&bed, third).bytes, outcome.bytes));
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- waiting for what was seen

// A user reads his own writes: whoever has seen record N of a stream is answered by its followers
// only from N on.
static void wait_for(struct world *world, struct lq_bed *bed, const char *stream)
{
    const uint64_t tip = lq_bed_tip(world_bed(world, stream));
    assert_true(tip > 0);
    lq_bed_settle(bed);
    struct lq_bed_command command = first_command(bed);
    command.seen_stream = stream;
    command.seen_seq = tip;
    const struct lq_bed_sent sent = lq_bed_send(bed, &command);
    lq_bed_settle(bed);
    assert_null(lq_bed_find(bed, sent.correlation));
    world_pump(world);
    assert_null(lq_bed_outcome(bed, sent.correlation).refusal);

    command.seen_seq = lq_bed_tip(world_bed(world, stream)) + 1; // never comes
    const struct lq_bed_sent hopeless = lq_bed_send(bed, &command);
    lq_bed_settle(bed);
    bed->now_ms += bed->policy.causal_wait_ms - 1;
    lq_bed_settle(bed);
    assert_null(lq_bed_find(bed, hopeless.correlation));
    bed->now_ms++;
    lq_bed_settle(bed);
    lq_bed_assert_refused(bed, hopeless.correlation, LQ__REFUSAL__WHY__UNAVAILABLE);
    assert_true(lq_bed_find(bed, hopeless.correlation)->reply->refusal->retry);
}

void test_who_has_seen_is_answered_from_there(void **state)
{
    const struct lq_service *service = *state;
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned followed = lq_service_streams(service, streams);
    for (unsigned i = 0; i < followed; i++) {
        struct world world;
        world_open(&world, 1);
        world_begin(&world);
        // The other has a record at least, be it a rejection.
        struct lq_bed *other = world_bed(&world, streams[i].name);
        const struct lq_bed_command command = first_command(other);
        lq_bed_do(other, &command);
        wait_for(&world, world_bed(&world, service->name), streams[i].name);
        world_close(&world);
    }
}

// What an event causes, it causes once, however often it is heard.
void test_an_event_heard_twice_has_one_effect(void **state)
{
    const struct lq_service *service = *state;
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned followed = lq_service_streams(service, streams);
    if (followed == 0)
        return;
    struct world world;
    world_open(&world, 2);
    world_begin(&world);
    struct lq_bed *bed = world_bed(&world, service->name);
    lq_bed_settle(bed);
    for (unsigned i = 0; i < followed; i++) {
        struct lq_bed *other = world_bed(&world, streams[i].name);
        for (uint64_t seq = 1; seq <= lq_bed_tip(other); seq++) {
            const ProtobufCMessage *event = lq_bed_event(other, lq_bed_record(other, seq));
            if (event != NULL)
                lq_bed_feed(bed, streams[i].name, CONTRACT_START_MS, event);
        }
    }
    lq_bed_pump(bed);
    const struct lq_bed_digest before = lq_bed_digest(bed);
    for (unsigned i = 0; i < followed; i++) {
        const uint64_t count = lq_bed_stream(bed, streams[i].name)->count;
        if (count == 0)
            continue;
        lq_bed_hear(bed, streams[i].name, 1, count); // once more, though it asked for what follows
        lq_bed_settle(bed);
        assert_int_equal(lq_bed_stream(bed, streams[i].name)->ask.after, count);
    }
    lq_bed_assert_digest(bed, before);
    world_close(&world);
}
