// What a service does while its clock has leapt, on one whose items have terms: it decides nothing
// and no timer fires, but it answers, as of what the time must be.
#include "host_support.h"
#include "seizure.pb-c.h"

static const int64_t AHEAD_MS = 40LL * 24 * 3600 * 1000;

static void seal_item(void)
{
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T1\" group=\"A\"}");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P2\" name=\"b\" role=OFFICER team=\"T1\" group=\"A\"}");
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" name=\"厂\" township=\"乡\"}");
    lq_bed_tell(
        &bed, "dispatch",
        "order_issued {number=\"O1\" issued_at_ms=1425600000000 target=\"E1\" township=\"乡\"}");
    lq_bed_settle(&bed);
}

static struct lq_bed_sent take(const char *number)
{
    const struct lq_bed_command c = {
        .actor = "P1",
        .roles = LQ_ROLE(LEAD),
        .body = command(lq_arena_format(&bed.arena,
                                        "take_item {number=\"%s\" order=\"O1\" target=\"E1\" "
                                        "kind=\"cupola\" action=SEALED seal=\"F%s\" "
                                        "officer_1=\"P1\" officer_2=\"P2\"}",
                                        number, number)),
    };
    return lq_bed_send(&bed, &c);
}

static int open_sealed(void **state)
{
    open_seizure(state);
    seal_item();
    const struct lq_bed_sent sent = take("I1");
    lq_bed_settle(&bed);
    return lq_bed_outcome(&bed, sent.correlation).accepted ? 0 : 1;
}

static uint64_t confirm(uint32_t roles, struct lq_span *bytes)
{
    Lq__ConfirmClock confirm = LQ__CONFIRM_CLOCK__INIT;
    Lq__RuntimeCommand runtime = LQ__RUNTIME_COMMAND__INIT;
    runtime.body_case = LQ__RUNTIME_COMMAND__BODY_CONFIRM_CLOCK;
    runtime.confirm_clock = &confirm;
    const struct lq_id id = lq_id_new(START_MS);
    Lq__Command message = LQ__COMMAND__INIT;
    message.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = lq_unconst(id.bytes)};
    message.runtime = &runtime;
    message.reason = lq_unconst("the time server was wrong");
    const struct lq_span encoded = lq_pb_encode(&bed.arena, &message.base);
    if (bytes != NULL)
        *bytes = encoded;
    return lq_bed_send_bytes(&bed, "P9", roles, encoded);
}

static void leap_to(int64_t by_ms)
{
    bed.now_ms += by_ms;
    lq_host_clock_off(bed.host, by_ms);
}

static const Lq__Status *status_of(void)
{
    const uint64_t asked = lq_bed_query(&bed, "P5", LQ_ROLE(LEAD), NULL);
    lq_bed_turn(&bed);
    return (const void *)answer_of(asked, &lq__status__descriptor);
}

// The state of the first item, as it is told.
static Seizure__State state_told(void)
{
    const uint64_t asked = lq_bed_query(
        &bed, "P5", LQ_ROLE(LEAD), lq_message_of(&bed.arena, bed.service->query_type, "list {}"));
    lq_bed_turn(&bed);
    const Seizure__Answer *answer = (const void *)answer_of(asked, bed.service->answer_type);
    return answer->items->items[0]->state;
}

static void test_nothing_is_decided_and_no_timer_fires(void **state)
{
    (void)state;
    const uint64_t tip = lq_bed_tip(&bed);
    leap_to(AHEAD_MS);
    const struct lq_bed_sent sent = take("I2");
    for (int i = 0; i < 3; i++)
        lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, sent.correlation, LQ__REFUSAL__WHY__CLOCK_LEAPT);
    assert_int_equal(lq_bed_tip(&bed), tip);
    assert_true(lq_host_wake_ms(bed.host, bed.now_ms) > bed.now_ms); // and nobody runs in circles
    assert_int_equal(state_told(), SEIZURE__STATE__IN_FORCE);        // as of what the time must be
    const Lq__Status *told = status_of();
    assert_non_null(told->clock);
    assert_int_equal(told->clock->by_ms, AHEAD_MS);
    assert_non_null(strstr(told->clock->text, "lq clock confirm"));
    assert_int_equal(told->clock->n_sentence, 4);
    // It is right again: as if nothing had been.
    bed.now_ms -= AHEAD_MS;
    lq_host_clock_off(bed.host, 0);
    assert_null(status_of()->clock);
    const uint64_t again = lq_bed_send_bytes(&bed, "P1", LQ_ROLE(LEAD), sent.command);
    lq_bed_settle(&bed);
    assert_true(lq_bed_outcome(&bed, again).accepted);
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
}

static void test_what_was_decided_is_told(void **state)
{
    (void)state;
    const struct lq_bed_sent sent = take("I2");
    lq_bed_settle(&bed);
    leap_to(AHEAD_MS);
    const uint64_t again = lq_bed_send_bytes(&bed, "P1", LQ_ROLE(LEAD), sent.command);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).repeated);
}

// No note may be dated by it either: it is taken once the clock is right.
static void test_nothing_is_followed(void **state)
{
    (void)state;
    const uint64_t tip = lq_bed_tip(&bed);
    leap_to(AHEAD_MS);
    lq_bed_tell(&bed, "shift", "person_registered {badge=\"P3\" name=\"c\" role=OFFICER}");
    lq_bed_turn(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip);
    bed.now_ms -= AHEAD_MS;
    lq_host_clock_off(bed.host, 0);
    lq_bed_settle(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
}

static void test_an_administrator_confirms_the_clock(void **state)
{
    (void)state;
    leap_to(AHEAD_MS);
    const uint64_t tip = lq_bed_tip(&bed);
    struct lq_span bytes;
    const uint64_t clerk = confirm(CLERK, NULL);
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, clerk, LQ__REFUSAL__WHY__NOT_PERMITTED);
    assert_false(lq_host_clock_confirmed(bed.host));
    const uint64_t admin = confirm(LQ_ROLE(ADMIN), &bytes);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, admin).accepted);
    assert_true(lq_host_clock_confirmed(bed.host));
    assert_false(lq_host_clock_confirmed(bed.host)); // said once
    const Lq__Record *record = lq_bed_record(&bed, tip + 1);
    assert_string_equal(record->actor, "P9");
    assert_string_equal(record->reason, "the time server was wrong");
    assert_int_equal(record->event.len, 0);
    assert_int_equal(lq_host_recorded_ms(bed.host), bed.now_ms);
    lq_bed_settle(&bed);
    assert_int_equal(state_told(), SEIZURE__STATE__LAPSED); // the day has come
    const uint64_t again = lq_bed_send_bytes(&bed, "P9", LQ_ROLE(ADMIN), bytes);
    const uint64_t other = confirm(LQ_ROLE(ADMIN), NULL);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).repeated);
    assert_string_equal(lq_bed_outcome(&bed, other).code, "CLOCK_IS_RIGHT");
    lq_bed_crash(&bed);
    assert_int_equal(lq_host_recorded_ms(bed.host), bed.now_ms);
}

static void test_a_runtime_command_stands_alone(void **state)
{
    (void)state;
    Lq__RuntimeCommand none = LQ__RUNTIME_COMMAND__INIT;
    struct lq_span bytes;
    confirm(LQ_ROLE(ADMIN), &bytes);
    const char *why = NULL;
    Lq__Command *message = (void *)lq_pb_decode(&bed.arena, &lq__command__descriptor, bytes, &why);
    Lq__RuntimeCommand *named = message->runtime;
    message->runtime = &none;
    const uint64_t unnamed =
        lq_bed_send_bytes(&bed, "P9", LQ_ROLE(ADMIN), lq_pb_encode(&bed.arena, &message->base));
    message->runtime = named;
    message->body = (ProtobufCBinaryData){.len = 2, .data = lq_unconst("\x0a\x00")};
    const uint64_t both =
        lq_bed_send_bytes(&bed, "P9", LQ_ROLE(ADMIN), lq_pb_encode(&bed.arena, &message->base));
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, unnamed, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_refused(&bed, both, LQ__REFUSAL__WHY__MALFORMED);
}

#define SEALED(test) cmocka_unit_test_setup_teardown(test, open_sealed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEALED(test_nothing_is_decided_and_no_timer_fires),
        SEALED(test_what_was_decided_is_told),
        SEALED(test_nothing_is_followed),
        SEALED(test_an_administrator_confirms_the_clock),
        SEALED(test_a_runtime_command_stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
