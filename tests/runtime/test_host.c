// The host of a service, where the contract suite does not reach: batches, predecessors, the
// runtime's own rejections and their edges, the store.
#include "host_support.h"

#include <sodium.h>

// ---------------------------------------------------------------- batches

static void test_a_batch_is_one_commit(void **state)
{
    (void)state;
    struct lq_bed_sent sent[50];
    for (int i = 0; i < 50; i++)
        sent[i] = send("record_interview {kind=\"official\"}");
    assert_int_equal(bed.reply_count, 0);
    lq_bed_turn(&bed);
    assert_int_equal(lq_host_counts(bed.host).commits, 1);
    assert_int_equal(lq_bed_tip(&bed), 50);
    // Each sees what those before it made: the numbers rise.
    for (int i = 0; i < 50; i++) {
        const struct lq_bed_outcome outcome = lq_bed_outcome(&bed, sent[i].correlation);
        assert_true(outcome.accepted);
        assert_int_equal(outcome.seq, i + 1);
        assert_string_equal(outcome.number, lq_arena_format(&bed.arena, "YT%04d", i + 1));
    }
}

static void test_replies_keep_the_order_of_their_requests(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    uint64_t correlation = 0;
    for (const struct lq_bed_reply *r = bed.replies; r != NULL; r = r->next) {
        assert_int_equal(r->reply->correlation, ++correlation);
        assert_true(lq_span_equal(r->route, lq_span_text("route")));
    }
    assert_int_equal(correlation, 5);
}

static void test_a_batch_has_its_limit(void **state)
{
    (void)state;
    bed.policy.batch_max = 3;
    for (int i = 0; i < 7; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    assert_int_equal(bed.reply_count, 3);
    assert_int_equal(lq_host_wake_ms(bed.host, bed.now_ms), bed.now_ms); // the rest waits
    lq_bed_settle(&bed);
    assert_int_equal(bed.reply_count, 7);
    assert_int_equal(lq_host_counts(bed.host).commits, 3);
}

static void test_an_idle_turn_writes_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        lq_bed_turn(&bed);
    assert_int_equal(lq_host_counts(bed.host).commits, 0);
    assert_int_equal(bed.reply_count, 0);
    assert_true(lq_host_wake_ms(bed.host, bed.now_ms) > bed.now_ms);
}

static void test_the_same_command_twice_in_a_batch(void **state)
{
    (void)state;
    const struct lq_bed_sent first = send("record_interview {kind=\"official\"}");
    const uint64_t again = lq_bed_send_bytes(&bed, "P4", CLERK, first.command);
    lq_bed_turn(&bed);
    const struct lq_bed_outcome a = lq_bed_outcome(&bed, first.correlation);
    const struct lq_bed_outcome b = lq_bed_outcome(&bed, again);
    assert_false(a.repeated);
    assert_true(b.repeated);
    assert_true(lq_span_equal(a.bytes, b.bytes));
    assert_int_equal(lq_bed_tip(&bed), 1);
}

static void test_a_rejection_is_kept_too(void **state)
{
    (void)state;
    const struct lq_bed_sent sent = send("record_interview {}");
    lq_bed_turn(&bed);
    const struct lq_bed_outcome outcome = lq_bed_outcome(&bed, sent.correlation);
    assert_string_equal(outcome.code, "FIELD_MISSING");
    assert_int_equal(outcome.seq, 1);
    assert_null(lq_bed_event(&bed, lq_bed_record(&bed, 1)));
    lq_bed_crash(&bed);
    const uint64_t again = lq_bed_send_bytes(&bed, "P4", CLERK, sent.command);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).repeated);
    assert_true(lq_span_equal(lq_bed_outcome(&bed, again).bytes, outcome.bytes));
}

static void test_a_query_sees_the_whole_batch_before_it(void **state)
{
    (void)state;
    send("record_interview {kind=\"official\"}");
    const uint64_t asked =
        lq_bed_query(&bed, "P5", LQ_ROLE(LEAD),
                     lq_message_of(&bed.arena, bed.service->query_type, "interviews {}"));
    send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    assert_int_equal(lq_bed_find(&bed, asked)->reply->answer->as_of->seq, 2);
    const ProtobufCMessage *answer = answer_of(asked, bed.service->answer_type);
    struct lq_pattern_error error;
    const char *text = "interviews {interviews=[{number=\"YT0001\"} {number=\"YT0002\"}]}";
    const struct lq_pattern *expected =
        lq_pattern_parse_variant(&bed.arena, bed.service->answer_type, &text, &error);
    assert_null(lq_pattern_differs(&bed.arena, expected, answer));
}

// ---------------------------------------------------------------- predecessors

static struct lq_bed_sent send_after(const struct lq_id *after)
{
    const struct lq_bed_command c = {.actor = "P4",
                                     .roles = CLERK,
                                     .after = after,
                                     .body = command("record_interview {kind=\"official\"}")};
    return lq_bed_send(&bed, &c);
}

static void test_a_predecessor_must_be_decided(void **state)
{
    (void)state;
    const struct lq_id missing = lq_id_derive(START_MS, lq_span_text("the one before"));
    const struct lq_bed_sent early = send_after(&missing);
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, early.correlation, LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED);
    assert_true(lq_bed_find(&bed, early.correlation)->reply->refusal->retry);
    assert_int_equal(lq_bed_tip(&bed), 0);

    const struct lq_bed_command first = {
        .actor = "P4", .roles = CLERK, .id = missing, .body = command("record_interview {}")};
    assert_non_null(lq_bed_do(&bed, &first).code); // rejected is decided as well
    const uint64_t again = lq_bed_send_bytes(&bed, "P4", CLERK, early.command);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).accepted);
}

static void test_a_predecessor_in_the_same_batch(void **state)
{
    (void)state;
    const struct lq_bed_sent first = send("record_interview {kind=\"official\"}");
    const struct lq_bed_sent second = send_after(&first.id);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, second.correlation).accepted);
}

static void test_a_predecessor_that_is_no_id(void **state)
{
    (void)state;
    Lq__Request request = LQ__REQUEST__INIT;
    const struct lq_bed_sent sent = send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    struct lq_id other = sent.id;
    other.bytes[15] ^= 1;
    Lq__Command *envelope = lq_unconst(
        lq_pb_decode(&bed.arena, &lq__command__descriptor, sent.command, &(const char *){NULL}));
    envelope->id.data = other.bytes;
    const struct lq_span bytes = lq_pb_encode(&bed.arena, &envelope->base);
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    request.after = (ProtobufCBinaryData){.len = 3, .data = other.bytes};
    const uint64_t correlation = lq_bed_take(&bed, "P4", CLERK, &request);
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, correlation, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(lq_bed_tip(&bed), 1);
}

// ---------------------------------------------------------------- the runtime's rejections

static struct lq_bed_outcome at_time(int64_t occurred_ms)
{
    const struct lq_bed_command c = {.actor = "P4",
                                     .roles = CLERK,
                                     .occurred_ms = occurred_ms,
                                     .body = command("record_interview {kind=\"official\"}")};
    return lq_bed_do(&bed, &c);
}

static void test_the_future_begins_past_the_tolerance(void **state)
{
    (void)state;
    const int64_t edge_ms = START_MS + bed.policy.future_tolerance_ms;
    struct lq_bed_outcome outcome = at_time(edge_ms);
    assert_true(outcome.accepted);
    // Within the tolerance it happened now: no record is from the future.
    assert_int_equal(lq_bed_record(&bed, outcome.seq)->occurred_at_ms, START_MS);
    outcome = at_time(edge_ms + 1);
    assert_string_equal(outcome.code, "TIME_IN_FUTURE");
    outcome = at_time(START_MS);
    assert_int_equal(lq_bed_record(&bed, outcome.seq)->occurred_at_ms, START_MS);
    outcome = at_time(START_MS - 1);
    assert_int_equal(lq_bed_record(&bed, outcome.seq)->occurred_at_ms, START_MS - 1);
    assert_int_equal(lq_bed_record(&bed, outcome.seq)->recorded_at_ms, START_MS);
    outcome = at_time(0);
    assert_int_equal(lq_bed_record(&bed, outcome.seq)->occurred_at_ms, START_MS);
}

// The clerk reports a team's step in the name of somebody.
static struct lq_bed_outcome report_for(const char *badge, const char *reason, int64_t occurred_ms)
{
    const struct lq_bed_command c = {
        .actor = "P4",
        .roles = CLERK,
        .on_behalf_of = badge,
        .reason = reason,
        .occurred_ms = occurred_ms,
        .body = command("report_step {order=\"O1\" team=\"T01\" step=ACKNOWLEDGED}"),
    };
    return lq_bed_do(&bed, &c);
}

static void test_acting_for_somebody(void **state)
{
    (void)state;
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P5\" name=\"五\" role=LEAD team=\"T01\" group=\"A\"}");
    lq_bed_tell(
        &bed, "shift",
        "person_registered {badge=\"P7\" name=\"七\" role=OFFICER team=\"T01\" group=\"A\"}");
    lq_bed_tell(&bed, "shift", "person_registered {badge=\"P8\" name=\"八\" role=INSPECTOR}");
    const int64_t future_ms = START_MS + 100 * 1000;
    // In the order of precedence: each lacks all that comes after it too.
    assert_string_equal(report_for("P99", NULL, future_ms).code, "REASON_REQUIRED");
    assert_string_equal(report_for("P99", "phoned in", future_ms).code, "PRINCIPAL_UNKNOWN");
    assert_string_equal(report_for("P8", "phoned in", future_ms).code, "NOT_THEIR_ROLE");
    assert_string_equal(report_for("P5", "phoned in", future_ms).code, "TIME_IN_FUTURE");
    assert_string_equal(report_for("P5", "phoned in", 0).code, "ORDER_UNKNOWN");
    const Lq__Record *record = lq_bed_record(&bed, lq_bed_tip(&bed));
    assert_string_equal(record->actor, "P4");
    assert_string_equal(record->on_behalf_of, "P5");
    assert_string_equal(record->reason, "phoned in");
}

// What no key can hold is no badge: it is refused before any table is asked.
static void test_acting_for_a_name_that_is_none(void **state)
{
    (void)state;
    char name[66];
    memset(name, 'x', sizeof name - 1);
    name[65] = '\0';
    assert_int_equal(report_for(name, "phoned in", 0).refusal->why, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(report_for("P 5", "phoned in", 0).refusal->why, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(lq_bed_tip(&bed), 0);
    name[64] = '\0';
    assert_string_equal(report_for(name, "phoned in", 0).code, "PRINCIPAL_UNKNOWN");
}

static void test_a_time_that_no_calendar_has(void **state)
{
    (void)state;
    assert_int_equal(at_time(-1).refusal->why, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(at_time(INT64_MAX).refusal->why, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(lq_bed_tip(&bed), 0);
}

static void test_acting_for_oneself_is_acting(void **state)
{
    (void)state;
    const struct lq_bed_command c = {
        .actor = "P5",
        .roles = LQ_ROLE(LEAD),
        .on_behalf_of = "P5",
        .body = command("report_step {order=\"O1\" team=\"T01\" step=ACKNOWLEDGED}"),
    };
    assert_string_equal(lq_bed_do(&bed, &c).code, "ORDER_UNKNOWN"); // no reason is asked for
    assert_string_equal(lq_bed_record(&bed, 1)->on_behalf_of, "");
}

// ---------------------------------------------------------------- the store

static void test_a_full_journal_refuses_commands_only(void **state)
{
    (void)state;
    lq_bed_close(&bed);
    bed.journal_map_bytes = 20000;
    lq_bed_open(&bed, lq_service_named("oversight"), START_MS);
    struct lq_bed_sent sent, first = send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    do {
        sent = send("record_interview {kind=\"official\"}");
        lq_bed_turn(&bed);
    } while (lq_bed_outcome(&bed, sent.correlation).accepted && lq_bed_tip(&bed) < 1000);
    lq_bed_assert_refused(&bed, sent.correlation, LQ__REFUSAL__WHY__JOURNAL_FULL);
    assert_true(lq_store_usage(bed.store).percent >= 80);
    // Reading goes on, and so do repeats.
    const uint64_t tip = lq_bed_tip(&bed);
    const uint64_t status = lq_bed_query(&bed, "P5", LQ_ROLE(LEAD), NULL);
    const uint64_t repeat = lq_bed_send_bytes(&bed, "P4", CLERK, first.command);
    const uint64_t fetch = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 1, 0);
    lq_bed_turn(&bed);
    const Lq__Status *told = (const void *)answer_of(status, &lq__status__descriptor);
    assert_true(told->fill_percent >= 80);
    assert_int_equal(told->tip->seq, tip);
    assert_true(lq_bed_outcome(&bed, repeat).repeated);
    assert_int_equal(events_of(fetch)->n_events, 1);
    assert_int_equal(lq_bed_tip(&bed), tip);
    bed.journal_map_bytes = 0;
}

static void test_a_damaged_last_record_is_noticed_at_the_start(void **state)
{
    (void)state;
    static const uint8_t other_hash[LQ_HASH_SIZE] = {1};
    send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    const Lq__Record *record = lq_bed_record(&bed, 1);
    Lq__Record next = *record;
    next.seq = 2;
    const struct lq_span bytes = lq_pb_encode(&bed.arena, &next.base);
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_append(bed.store, 2, other_hash, bytes), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    struct lq_host *host = NULL;
    assert_int_equal(lq_host_new(bed.service, bed.store, &bed.policy, NULL, (struct lq_host_io){0},
                                 START_MS, &host),
                     LQ_E_CORRUPT);
    assert_null(host);
}

// The chain as envelope.proto describes it, computed here from the bytes alone.
static void test_the_chain_of_hashes(void **state)
{
    (void)state;
    uint8_t before[LQ_HASH_SIZE] = {0};
    for (int i = 0; i < 3; i++) {
        send("record_interview {kind=\"official\"}");
        lq_bed_turn(&bed);
    }
    lq_bed_read(&bed);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        const uint8_t *hash;
        struct lq_span record;
        uint8_t both[LQ_HASH_SIZE + 4096];
        assert_int_equal(lq_store_record(bed.store, seq, &hash, &record), LQ_OK);
        assert_true(record.size <= 4096);
        memcpy(both, before, LQ_HASH_SIZE);
        memcpy(both + LQ_HASH_SIZE, record.data, record.size);
        crypto_generichash(before, LQ_HASH_SIZE, both, LQ_HASH_SIZE + record.size, NULL, 0);
        assert_memory_equal(hash, before, LQ_HASH_SIZE);
    }
    lq_bed_end_read(&bed);
}

static void test_counts(void **state)
{
    (void)state;
    const struct lq_bed_sent sent = send("record_interview {kind=\"official\"}");
    send("record_interview {}");
    lq_bed_send_bytes(&bed, "P4", CLERK, sent.command);
    lq_bed_send_bytes(&bed, "P4", CLERK, lq_span_text("no command"));
    lq_bed_query(&bed, "P4", CLERK, NULL);
    lq_bed_fetch(&bed, "P4", CLERK, 0, 0, 0);
    lq_bed_turn(&bed);
    const struct lq_host_counts counts = lq_host_counts(bed.host);
    assert_int_equal(counts.commands, 4);
    assert_int_equal(counts.accepted, 1);
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(counts.repeated, 1);
    assert_int_equal(counts.refused, 1);
    assert_int_equal(counts.commits, 1);
    assert_int_equal(counts.queries, 1);
    assert_int_equal(counts.fetches, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OVERSIGHT(test_a_batch_is_one_commit),
        OVERSIGHT(test_replies_keep_the_order_of_their_requests),
        OVERSIGHT(test_a_batch_has_its_limit),
        OVERSIGHT(test_an_idle_turn_writes_nothing),
        OVERSIGHT(test_the_same_command_twice_in_a_batch),
        OVERSIGHT(test_a_rejection_is_kept_too),
        OVERSIGHT(test_a_query_sees_the_whole_batch_before_it),
        OVERSIGHT(test_a_predecessor_must_be_decided),
        OVERSIGHT(test_a_predecessor_in_the_same_batch),
        OVERSIGHT(test_a_predecessor_that_is_no_id),
        OVERSIGHT(test_the_future_begins_past_the_tolerance),
        DISPATCH(test_acting_for_somebody),
        DISPATCH(test_acting_for_a_name_that_is_none),
        OVERSIGHT(test_a_time_that_no_calendar_has),
        DISPATCH(test_acting_for_oneself_is_acting),
        OVERSIGHT(test_the_chain_of_hashes),
        OVERSIGHT(test_a_full_journal_refuses_commands_only),
        OVERSIGHT(test_a_damaged_last_record_is_noticed_at_the_start),
        OVERSIGHT(test_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
