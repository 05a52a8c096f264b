// What waits in the host, and what ends the wait: parked fetches, timers, requests whose sender has
// seen more than the service has.
#include "host_support.h"

// ---------------------------------------------------------------- fetch

static void test_a_parked_fetch_is_answered_after_the_commit(void **state)
{
    (void)state;
    const uint64_t fetch = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 10, 5000);
    lq_bed_turn(&bed);
    assert_null(lq_bed_find(&bed, fetch));
    send("record_interview {kind=\"official\"}");
    bed.fail_commit = true;
    assert_int_equal(lq_bed_try_turn(&bed), LQ_E_IO);
    assert_null(lq_bed_find(&bed, fetch)); // what is not durable is not heard
}

static void test_a_parked_fetch_hears_the_next_event(void **state)
{
    (void)state;
    const uint64_t fetch = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 10, 5000);
    lq_bed_turn(&bed);
    send("record_interview {}"); // a rejection is no event
    lq_bed_turn(&bed);
    assert_null(lq_bed_find(&bed, fetch));
    send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    const Lq__Events *events = events_of(fetch);
    assert_int_equal(events->n_events, 1);
    assert_int_equal(events->events[0]->seq, 2);
    assert_int_equal(events->next_after, 2);
    assert_string_equal(events->events[0]->actor, "P4");
}

static void test_a_parked_fetch_ends_empty_when_its_time_is_up(void **state)
{
    (void)state;
    send("record_interview {}");
    const uint64_t fetch = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 10, 5000);
    lq_bed_turn(&bed);
    assert_int_equal(lq_host_wake_ms(bed.host, bed.now_ms), START_MS + 5000);
    bed.now_ms = START_MS + 4999;
    lq_bed_turn(&bed);
    assert_null(lq_bed_find(&bed, fetch));
    bed.now_ms = START_MS + 5000;
    lq_bed_turn(&bed);
    const Lq__Events *events = events_of(fetch);
    assert_int_equal(events->n_events, 0);
    assert_int_equal(events->next_after, 1); // it need not look at the rejection again
}

static void test_a_fetch_waits_no_longer_than_policy_lets_it(void **state)
{
    (void)state;
    lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 10, UINT32_MAX);
    lq_bed_turn(&bed);
    assert_int_equal(lq_host_wake_ms(bed.host, bed.now_ms),
                     START_MS + bed.policy.fetch_wait_max_ms);
}

static void test_a_fetch_without_waiting_is_answered_at_once(void **state)
{
    (void)state;
    const uint64_t fetch = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 10, 0);
    lq_bed_turn(&bed);
    assert_int_equal(events_of(fetch)->n_events, 0);
    assert_int_equal(events_of(fetch)->tip, 0);
}

// Others wait until a follower has reached what they saw, rejections too.
static void test_a_service_hears_of_records_without_events(void **state)
{
    (void)state;
    const uint64_t person = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 10, 5000);
    const uint64_t service = lq_bed_fetch(&bed, "@stats", LQ_ROLE(SERVICE), 0, 10, 5000);
    lq_bed_turn(&bed);
    send("record_interview {}");
    lq_bed_turn(&bed);
    assert_null(lq_bed_find(&bed, person));
    assert_int_equal(events_of(service)->n_events, 0);
    assert_int_equal(events_of(service)->next_after, 1);
}

static void test_a_page_ends_at_policys_limit(void **state)
{
    (void)state;
    for (int64_t i = 0; i < bed.policy.fetch_max + 1; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_settle(&bed);
    const uint64_t usual = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 0, 0);
    const uint64_t greedy = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, UINT32_MAX, 0);
    const uint64_t rest =
        lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), (uint64_t)bed.policy.fetch_max, 0, 0);
    lq_bed_turn(&bed);
    assert_int_equal(events_of(usual)->n_events, bed.policy.fetch_max);
    assert_int_equal(events_of(greedy)->n_events, bed.policy.fetch_max);
    assert_int_equal(events_of(rest)->n_events, 1);
}

static uint64_t fetch_named(uint64_t *records, size_t count, uint64_t after, uint32_t max)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.records = records;
    fetch.n_records = count;
    fetch.after = after;
    fetch.max = max;
    fetch.wait_ms = 5000; // for what is named nobody waits
    const uint64_t asked = lq_bed_fetch_message(&bed, "P5", LQ_ROLE(LEAD), &fetch);
    lq_bed_turn(&bed);
    return asked;
}

static void assert_events(uint64_t fetch, uint64_t next_after, size_t count, const uint64_t *seqs)
{
    const Lq__Events *events = events_of(fetch);
    assert_int_equal(events->next_after, next_after);
    assert_int_equal(events->n_events, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(events->events[i]->seq, seqs[i]);
}

static void test_records_can_be_named(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_settle(&bed);
    uint64_t some[] = {2, 3, 7, 9}, unsorted[] = {3, 2}, twice[] = {2, 2};
    assert_events(fetch_named(some, 4, 0, 0), 7, 3, some); // 9 is not there yet
    assert_events(fetch_named(some, 4, 2, 0), 7, 2, some + 1);
    assert_events(fetch_named(some, 4, 7, 0), 7, 0, some);
    assert_events(fetch_named(some, 4, 0, 2), 3, 2, some);
    lq_bed_assert_refused(&bed, fetch_named(unsorted, 2, 0, 0), LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_refused(&bed, fetch_named(twice, 2, 0, 0), LQ__REFUSAL__WHY__MALFORMED);
}

// ---------------------------------------------------------------- timers

// Seals an item; gives when its term is first told of.
static int64_t seal_something(void)
{
    int64_t due_ms = 0;
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P5\" name=\"五\" role=LEAD team=\"T01\" group=\"A\"}");
    lq_bed_tell(
        &bed, "shift",
        "person_registered {badge=\"P7\" name=\"七\" role=OFFICER team=\"T01\" group=\"A\"}");
    lq_bed_tell(&bed, "ledger",
                "premises_registered {number=\"E1\" township=\"乡\" standing=ENTERPRISE}");
    lq_bed_tell(&bed, "dispatch",
                "order_issued {number=\"O1\" target=\"E1\" "
                "issued_at_ms=2015-03-06T07:00:00+08:00}");
    const struct lq_bed_command c = {
        .actor = "P5",
        .roles = LQ_ROLE(LEAD),
        .body = command("take_item {number=\"I1\" order=\"O1\" target=\"E1\" kind=\"cupola\" "
                        "action=SEALED seal=\"F1\" officer_1=\"P5\" officer_2=\"P7\"}"),
    };
    const struct lq_bed_outcome outcome = lq_bed_do(&bed, &c);
    if (!outcome.accepted)
        fail_msg("%s", outcome.text);
    assert_true(lq_bed_first_timer(&bed, &due_ms));
    return due_ms;
}

static void assert_rang(uint64_t tip)
{
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
    const Lq__Record *record = lq_bed_record(&bed, tip + 1);
    assert_string_equal(lq_pb_variant_name(lq_bed_event(&bed, record)), "clock_rang");
    assert_string_equal(record->actor, "@seizure");
}

static void test_a_timer_fires_at_its_instant_and_once(void **state)
{
    (void)state;
    int64_t due_ms = seal_something();
    const uint64_t tip = lq_bed_tip(&bed);
    lq_bed_advance(&bed, due_ms - 1);
    assert_int_equal(lq_bed_tip(&bed), tip);
    assert_int_equal(lq_host_wake_ms(bed.host, bed.now_ms), due_ms);
    lq_bed_advance(&bed, due_ms);
    assert_rang(tip);
    assert_int_equal(lq_bed_record(&bed, tip + 1)->occurred_at_ms, due_ms);
    int64_t next_ms = 0;
    assert_true(lq_bed_first_timer(&bed, &next_ms)); // for the next mark of the term
    assert_true(next_ms > due_ms + 3 * 60000);
    for (int i = 0; i < 3; i++) {
        lq_bed_crash(&bed);
        lq_bed_advance(&bed, bed.now_ms + 60000);
    }
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
}

static void test_a_timer_outlives_a_crash_before_the_commit(void **state)
{
    (void)state;
    const int64_t due_ms = seal_something();
    const uint64_t tip = lq_bed_tip(&bed);
    bed.now_ms = due_ms;
    for (int i = 0; i < 3; i++) {
        bed.fail_commit = true;
        assert_int_equal(lq_bed_try_turn(&bed), LQ_E_IO);
        lq_bed_crash(&bed);
        assert_int_equal(lq_bed_tip(&bed), tip);
        assert_true(lq_bed_has_timer(&bed, due_ms));
    }
    lq_bed_settle(&bed);
    assert_rang(tip);
}

// A service that was down while the term ended makes up for it: late, but dated when it was due.
static void test_a_timer_that_came_due_while_down(void **state)
{
    (void)state;
    const int64_t due_ms = seal_something();
    const uint64_t tip = lq_bed_tip(&bed);
    bed.now_ms = due_ms + 24 * 3600 * 1000LL;
    lq_bed_crash(&bed);
    assert_true(lq_host_wake_ms(bed.host, bed.now_ms) <= bed.now_ms);
    lq_bed_settle(&bed);
    assert_rang(tip);
    assert_int_equal(lq_bed_record(&bed, tip + 1)->occurred_at_ms, due_ms);
    assert_int_equal(lq_bed_record(&bed, tip + 1)->recorded_at_ms, bed.now_ms);
}

// ---------------------------------------------------------------- waiting for what was seen

static const char *const SEEN_PERSON = "person_registered {badge=\"P5\" name=\"五\" role=LEAD "
                                       "team=\"T01\" group=\"A\"}";

static const ProtobufCMessage *shift_event(const char *text)
{
    return lq_message_of(&bed.arena, lq_service_named("shift")->event_type, text);
}

static struct lq_bed_sent report_having_seen(const char *stream, uint64_t seq)
{
    const struct lq_bed_command c = {
        .actor = "P4",
        .roles = CLERK,
        .on_behalf_of = "P5",
        .reason = "phoned in",
        .seen_stream = stream,
        .seen_seq = seq,
        .body = command("report_step {order=\"O1\" team=\"T01\" step=ACKNOWLEDGED}"),
    };
    return lq_bed_send(&bed, &c);
}

// The wait counts from when the request came, however long the service had nothing to do before.
static void test_the_wait_begins_when_the_request_comes(void **state)
{
    (void)state;
    lq_bed_settle(&bed);
    bed.now_ms += 9000; // longer than the wait
    const struct lq_bed_sent sent = report_having_seen("shift", 1);
    lq_bed_turn(&bed);
    assert_null(lq_bed_find(&bed, sent.correlation));
    lq_bed_feed(&bed, "shift", bed.now_ms, shift_event(SEEN_PERSON));
    lq_bed_pump(&bed);
    assert_string_equal(lq_bed_outcome(&bed, sent.correlation).code, "ORDER_UNKNOWN");
}

static void test_what_is_seen_of_others_is_not_waited_for(void **state)
{
    (void)state;
    const struct lq_bed_sent sent = report_having_seen("tips", 1000); // dispatch does not follow it
    lq_bed_turn(&bed);
    assert_string_equal(lq_bed_outcome(&bed, sent.correlation).code, "PRINCIPAL_UNKNOWN");
}

static void test_parked_requests_keep_their_order(void **state)
{
    (void)state;
    const struct lq_bed_sent first = report_having_seen("shift", 1);
    const struct lq_bed_sent second = report_having_seen("shift", 1);
    lq_bed_turn(&bed);
    lq_bed_feed(&bed, "shift", bed.now_ms, shift_event(SEEN_PERSON));
    lq_bed_pump(&bed);
    assert_true(lq_bed_outcome(&bed, first.correlation).seq <
                lq_bed_outcome(&bed, second.correlation).seq);
}

// ---------------------------------------------------------------- ids of its own commands

static struct lq_bed_outcome send_under(struct lq_id id)
{
    const struct lq_bed_command c = {
        .actor = "P5",
        .roles = LQ_ROLE(LEAD),
        .id = id,
        .body = command("report_step {order=\"O1\" team=\"T01\" step=ACKNOWLEDGED}"),
    };
    return lq_bed_do(&bed, &c);
}

// Whoever knows what a service will be told next must not be able to make it seem done.
static void test_nobody_can_use_up_the_id_of_what_a_service_will_do(void **state)
{
    (void)state;
    const struct lq_span cause = lq_span_text("shift 1 0");
    const struct lq_bed_outcome guess = send_under(lq_id_derive(bed.now_ms, cause));
    assert_non_null(guess.code);
    const struct lq_bed_outcome own = send_under(lq_id_derive_own(bed.now_ms, cause));
    assert_int_equal(own.refusal->why, LQ__REFUSAL__WHY__MALFORMED);

    const uint64_t tip = lq_bed_tip(&bed);
    lq_bed_feed(&bed, "shift", bed.now_ms, shift_event(SEEN_PERSON));
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
    const Lq__Record *record = lq_bed_record(&bed, tip + 1);
    assert_string_equal(lq_pb_variant_name(lq_bed_event(&bed, record)), "person_noted");
    assert_memory_equal(record->command_id.data, lq_id_derive_own(bed.now_ms, cause).bytes,
                        LQ_ID_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OVERSIGHT(test_a_parked_fetch_is_answered_after_the_commit),
        OVERSIGHT(test_a_parked_fetch_hears_the_next_event),
        OVERSIGHT(test_a_parked_fetch_ends_empty_when_its_time_is_up),
        OVERSIGHT(test_a_fetch_waits_no_longer_than_policy_lets_it),
        OVERSIGHT(test_a_fetch_without_waiting_is_answered_at_once),
        OVERSIGHT(test_a_service_hears_of_records_without_events),
        OVERSIGHT(test_a_page_ends_at_policys_limit),
        OVERSIGHT(test_records_can_be_named),
        SEIZURE(test_a_timer_fires_at_its_instant_and_once),
        SEIZURE(test_a_timer_outlives_a_crash_before_the_commit),
        SEIZURE(test_a_timer_that_came_due_while_down),
        DISPATCH(test_the_wait_begins_when_the_request_comes),
        DISPATCH(test_what_is_seen_of_others_is_not_waited_for),
        DISPATCH(test_parked_requests_keep_their_order),
        DISPATCH(test_nobody_can_use_up_the_id_of_what_a_service_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
