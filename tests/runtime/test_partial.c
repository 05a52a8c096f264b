// A stream that is read in part: dispatch reads of seizure, which follows it, what was done on an
// order. The events here are encoded by the owner's type, as they come.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "dispatch.pb-c.h"
#include "pb/pb.h"
#include "seizure.pb-c.h"
#include "support/bed.h"
#include "support/message.h"

static const int64_t NOON_MS = 1425614400000; // 2015-03-06T12:00:00+08:00

static struct lq_bed bed;

static int open_bed(void **state)
{
    (void)state;
    lq_bed_open(&bed, lq_service_named("dispatch"), NOON_MS);
    return 0;
}

static int close_bed(void **state)
{
    (void)state;
    lq_bed_close(&bed);
    return 0;
}

static void feed(const char *text)
{
    lq_bed_feed(&bed, "seizure", NOON_MS,
                lq_message_of(&bed.arena, &seizure__event__descriptor, text));
}

static const char *const SEALED = "item_sealed {number=\"I1\" order=\"O1\" target=\"E1\" "
                                  "township=\"镇\" kind=\"kiln\" action=SEALED "
                                  "seal=\"F1\" officer_1=\"P1\" officer_2=\"P2\" "
                                  "at_ms=1425614400000 state=IN_FORCE rule=\"SZ6\"}";
static const char *const PASSED_OVER = "order_noted {number=\"O1\" target=\"E1\"}";

static void only_what_is_named_is_noted(void **state)
{
    (void)state;
    feed(PASSED_OVER);
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), 0); // nothing goes back to where it came from
    assert_int_equal(lq_bed_stream(&bed, "seizure")->ask.after, 1);
    feed(SEALED);
    feed("seal_extended {item=\"I1\" by=\"P9\"}");
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), 1);
    assert_int_equal(lq_bed_stream(&bed, "seizure")->ask.after, 3);
    const Lq__Record *record = lq_bed_record(&bed, 1);
    assert_string_equal(record->actor, "@dispatch");
    const char *why = NULL;
    const Dispatch__Event *event =
        (const void *)lq_pb_decode_within(&LQ_PB_RECORD, &bed.arena, &dispatch__event__descriptor,
                                          lq_span(record->event.data, record->event.len), &why);
    assert_non_null(event);
    assert_int_equal(event->body_case, DISPATCH__EVENT__BODY_SEIZURE_NOTED);
    assert_string_equal(event->seizure_noted->number, "I1");
    assert_string_equal(event->seizure_noted->order, "O1");
    assert_string_equal(event->seizure_noted->seal, "F1");
}

// Else two services that follow each other would write ever new positions of each other.
static void what_is_passed_over_is_not_written_down(void **state)
{
    (void)state;
    feed(SEALED);
    feed(PASSED_OVER);
    feed(PASSED_OVER);
    lq_bed_pump(&bed);
    lq_bed_tell(&bed, "ledger",
                "premises_registered {number=\"E1\" township=\"镇\" standing=ENTERPRISE}");
    assert_int_equal(lq_bed_tip(&bed), 2); // a transaction of its own
    lq_bed_crash(&bed);
    lq_bed_settle(&bed);
    assert_int_equal(lq_bed_stream(&bed, "seizure")->ask.after, 1);
    assert_int_equal(lq_bed_stream(&bed, "ledger")->ask.after, 1);
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), 2); // and heard again it has no second effect
    assert_int_equal(lq_bed_stream(&bed, "seizure")->ask.after, 3);
}

// Whoever has seen the other's record is answered once it was read, be it passed over or not.
static void who_has_seen_it_waits_until_it_was_read(void **state)
{
    (void)state;
    lq_bed_settle(&bed);
    feed(SEALED);
    feed(PASSED_OVER);
    const struct lq_bed_command command = {
        .actor = "P1",
        .roles = LQ_ROLE(COMMANDER),
        .seen_stream = "seizure",
        .seen_seq = 2,
        .body = lq_message_of(&bed.arena, &dispatch__command__descriptor,
                              "cancel_order {order=\"O1\" why=\"twice\"}")};
    const struct lq_bed_sent sent = lq_bed_send(&bed, &command);
    lq_bed_turn(&bed);
    assert_null(lq_bed_find(&bed, sent.correlation));
    lq_bed_pump(&bed);
    assert_string_equal(lq_bed_outcome(&bed, sent.correlation).code, "ORDER_UNKNOWN");
    assert_int_equal(lq_bed_tip(&bed), 2); // the note, then the rejection
}

// Of a voided item the owner's bytes say whether it was sealed.
static void a_sealed_item_that_is_voided_hangs_no_more(void **state)
{
    (void)state;
    feed(SEALED);
    Seizure__Item item = SEIZURE__ITEM__INIT;
    item.number = lq_arena_text(&bed.arena, "I1");
    item.seal = lq_arena_text(&bed.arena, "F1");
    item.action = SEIZURE__ACTION__SEALED;
    const struct lq_span bytes = lq_pb_encode(&bed.arena, &item.base);
    Rules__Voided voided = RULES__VOIDED__INIT;
    voided.kind = lq_arena_text(&bed.arena, "item");
    voided.number = item.number;
    voided.thing = (ProtobufCBinaryData){bytes.size, lq_unconst(bytes.data)};
    Seizure__Event event = SEIZURE__EVENT__INIT;
    event.body_case = SEIZURE__EVENT__BODY_VOIDED;
    event.voided = &voided;
    lq_bed_feed(&bed, "seizure", NOON_MS, &event.base);
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), 2);
    const char *why = NULL;
    const Lq__Record *record = lq_bed_record(&bed, 2);
    const Dispatch__Event *noted =
        (const void *)lq_pb_decode_within(&LQ_PB_RECORD, &bed.arena, &dispatch__event__descriptor,
                                          lq_span(record->event.data, record->event.len), &why);
    assert_non_null(noted);
    assert_int_equal(noted->seizure_noted->kind, DISPATCH__WORK_KIND__ITEM_SEALED);
    assert_true(noted->seizure_noted->released);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_what_is_named_is_noted, open_bed, close_bed),
        cmocka_unit_test_setup_teardown(what_is_passed_over_is_not_written_down, open_bed,
                                        close_bed),
        cmocka_unit_test_setup_teardown(a_sealed_item_that_is_voided_hangs_no_more, open_bed,
                                        close_bed),
        cmocka_unit_test_setup_teardown(who_has_seen_it_waits_until_it_was_read, open_bed,
                                        close_bed),
    };
    return cmocka_run_group_tests_name("partial", tests, NULL, NULL);
}
