// A journal that nears the largest size it may have: commands are refused at four fifths of it,
// with words that say what to do; following and timers go on for another tenth; reading and repeats
// go on always; nothing breaks, and with a larger map everything goes on.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crash/disk.h"
#include "crash/life.h"
#include "crash/place.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "shift.pb-c.h"
#include "support/message.h"

enum { TINY = 4 << 20, LARGER = 16 << 20, STEPS_MOST = 20000, HOUR_MS = 3600 * 1000 };

static struct life life;
static struct place place;
static char store[PLACE_TEXT + 16];

static void assert_ok(enum lq_status status)
{
    if (status != LQ_OK)
        fail_msg("%s", lq_fault_text());
}

static void assert_sound(unsigned first)
{
    const char *wrong = life_verify(&life);
    if (wrong == NULL)
        wrong = life_check_repeats(&life, first, life.count);
    if (wrong != NULL)
        fail_msg("%s", wrong);
}

static unsigned percent(void)
{
    return lq_store_usage(life.store).percent;
}

static void assert_hears(const char *stream, const ProtobufCMessageDescriptor *type,
                         const char *event)
{
    assert_true(life_hear(&life, stream, lq_message_of(&life.arena, type, event), 1));
}

static void say_prelude(void)
{
    assert_ok(life_turn(&life)); // asks for what it follows
    assert_hears("shift", &shift__event__descriptor,
                 "person_registered {badge=\"Q5\" name=\"五\" role=LEAD team=\"T07\" group=\"A\"}");
    assert_hears("shift", &shift__event__descriptor,
                 "person_registered {badge=\"P5\" name=\"五\" role=LEAD team=\"T08\" group=\"A\"}");
    assert_hears("ledger", &ledger__event__descriptor,
                 "premises_registered {number=\"EX\" standing=ENTERPRISE}");
    assert_hears("dispatch", &dispatch__event__descriptor,
                 "order_issued {number=\"OX\" issued_at_ms=1 target=\"EX\"}");
}

static void seal(int number)
{
    char text[256];
    snprintf(text, sizeof text,
             "take_item {number=\"S%d\" order=\"OX\" target=\"EX\" kind=\"transformer\" "
             "action=SEALED seal=\"F%d\" officer_1=\"P5\" officer_2=\"Q5\"}",
             number, number);
    const unsigned refused = life.refused;
    assert_ok(life_say(&life, text));
    if (life.refused == refused)
        assert_string_equal(life.last_rejection, "");
}

// With seals among the commands, whose terms will end.
static void fill_with_commands(void)
{
    say_prelude();
    for (int i = 0; life.refused == 0 || strstr(life.last_refusal, "full") == NULL; i++) {
        assert_true(i < STEPS_MOST);
        seal(i);
        assert_ok(life_step(&life));
    }
    assert_in_range(percent(), 80, 89);
    assert_non_null(strstr(life.last_refusal, "seizure"));
    assert_non_null(strstr(life.last_refusal, "map_gib"));
    assert_non_null(strstr(life.last_refusal, "lianqin.yaml"));
}

// None of a batch is taken, and reading goes on.
static void assert_refuses(void)
{
    const unsigned acknowledged = life.acknowledged, refused = life.refused,
                   answered = life.answered;
    const unsigned count = life.count;
    assert_ok(life_step(&life));
    assert_int_equal(life.acknowledged, acknowledged);
    assert_int_equal(life.refused - refused, life.count - count);
    assert_ok(life_ask(&life));
    assert_int_equal(life.answered, answered + 1);
}

static uint64_t fire_timers(void)
{
    const uint64_t tip = life_tip(&life);
    for (int hour = 0; hour < 60 * 24 && percent() < 85;
         hour++) { // few a turn: the map is too small for many
        life.now_ms += HOUR_MS;
        assert_ok(life_turn(&life));
    }
    return life_tip(&life) - tip;
}

// A roster that never ends.
static uint64_t follow_until_it_waits(void)
{
    const uint64_t before = life_tip(&life);
    for (int i = 0;; i++) {
        char text[128];
        const uint64_t tip = life_tip(&life);
        snprintf(text, sizeof text,
                 "person_registered {badge=\"Q%d\" name=\"人\" role=OFFICER team=\"T01\"}", i);
        const ProtobufCMessage *event = lq_message_of(&life.arena, &shift__event__descriptor, text);
        if (!life_hear(&life, "shift", event, 8) || life_tip(&life) == tip)
            break;
        assert_true(i < STEPS_MOST);
    }
    return life_tip(&life) - before;
}

static void test_a_map_that_fills_up(void **state)
{
    (void)state;
    life_init(&life, "seizure", 373);
    life.calm = true; // or the terms would end before it is full
    life.map_bytes = TINY;
    assert_ok(life_open(&life, store));
    fill_with_commands();
    assert_refuses();
    assert_true(fire_timers() > 0);
    assert_true(follow_until_it_waits() > 50);
    assert_in_range(percent(), 90, 95);
    assert_true(lq_host_wake_ms(life.host, life.now_ms) >
                life.now_ms); // it waits, and does not spin
    assert_refuses();
    assert_sound(0);

    life_close(&life); // started again, it is as before
    assert_ok(life_open(&life, store));
    assert_in_range(percent(), 90, 95);
    assert_refuses();
    assert_sound(0);

    life_close(&life); // and with a larger map, everything goes on
    life.map_bytes = LARGER;
    assert_ok(life_open(&life, store));
    assert_ok(life_repeat_unanswered(&life));
    const unsigned acknowledged = life.acknowledged;
    assert_ok(life_step(&life));
    assert_true(life.acknowledged > acknowledged);
    assert_sound(0);
    life_free(&life);
}

// Without the limit the map itself ends it: the service stops with words that say what to do, and
// has lost nothing.
static void test_a_map_that_is_full(void **state)
{
    (void)state;
    life_init(&life, "seizure", 374);
    life.map_bytes = TINY;
    life.policy.journal_refuse_percent = 1000;
    assert_ok(life_open(&life, store));
    enum lq_status status = LQ_OK;
    for (int i = 0; status == LQ_OK && i < STEPS_MOST; i++)
        status = life_step(&life);
    assert_int_equal(status, LQ_E_FULL);
    assert_non_null(strstr(lq_fault_text(), "map_gib"));
    const uint64_t told = life.told;
    life_close(&life);

    life.map_bytes = LARGER;
    assert_ok(life_open(&life, store));
    assert_true(life_tip(&life) >= told);
    assert_sound(0);
    assert_ok(life_repeat_unanswered(&life));
    assert_sound(0);
    life_free(&life);
}

// A turn may need more room than is left, and find that in the middle of an event: so many terms
// end at once that the map is full before all are recorded. The turn has no effect, and says so.
static void end_more_terms_than_there_is_room_for(uint64_t map_bytes)
{
    life_init(&life, "seizure", 375);
    life.map_bytes = map_bytes;
    assert_ok(life_open(&life, store));
    say_prelude();
    for (int i = 0; percent() < 79; i++)
        seal(i);
    life.policy.journal_refuse_percent = 1000;
    life.now_ms += 100LL * 24 * HOUR_MS;
    const uint64_t due = life_tip(&life) - 4; // as many seals, each of which has marks
    enum lq_status status = LQ_OK;
    for (uint64_t i = 0; status == LQ_OK && i < due; i++)
        status = life_turn(&life);
    assert_int_equal(status, LQ_E_FULL);
    assert_non_null(strstr(lq_fault_text(), "map_gib"));
    life_close(&life);

    life.map_bytes = LARGER;
    assert_ok(life_open(&life, store));
    for (uint64_t i = 0; i < due; i++)
        assert_ok(life_turn(&life));
    assert_int_equal(life_tip(&life),
                     7 * due +
                         4); // each mark has rung once: four of its term, two of its inspection
    assert_sound(0);
    life_free(&life);
}

static void test_a_turn_that_finds_no_room(void **state)
{
    (void)state;
    for (uint64_t pages = 0; pages < 24; pages++) { // it ends at another place each time
        end_more_terms_than_there_is_room_for(TINY / 2 + pages * 4096);
        disk_empty(place.live);
    }
}

static int make(void **state)
{
    (void)state;
    place_make(&place, "lq-map-full");
    place_join(store, place.live, "store");
    return 0;
}

static int clear(void **state)
{
    (void)state;
    place_remove(&place);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_map_that_fills_up, make, clear),
        cmocka_unit_test_setup_teardown(test_a_map_that_is_full, make, clear),
        cmocka_unit_test_setup_teardown(test_a_turn_that_finds_no_room, make, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
