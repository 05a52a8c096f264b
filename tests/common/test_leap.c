// A wall clock that leaps against a steady one, and one that is only set right little by little.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/leap.h"

enum { LIMIT = 60000, MINUTE = 60000, DAY = 24 * 60 * MINUTE };
static const int64_t WALL = 1425600000000; // when the steady clock is at 0

static struct lq_leap started(void)
{
    return lq_leap_start(LIMIT, WALL, 0, 0);
}

static void a_leap_is_seen_and_undone(void **state)
{
    (void)state;
    struct lq_leap leap = started();
    assert_int_equal(lq_leap_look(&leap, WALL + 1000, 1000), 0);
    const int64_t ahead = 40LL * DAY;
    assert_int_equal(lq_leap_look(&leap, WALL + 2000 + ahead, 2000), ahead);
    assert_int_equal(lq_leap_look(&leap, WALL + DAY + ahead, DAY), ahead); // however long it lasts
    assert_int_equal(lq_leap_look(&leap, WALL + DAY + 1000, DAY + 1000), 0);
    assert_int_equal(lq_leap_look(&leap, WALL + DAY - 90 * 1000, DAY), -90 * 1000);
}

static void the_limit_is_no_leap_yet(void **state)
{
    (void)state;
    struct lq_leap leap = started();
    assert_int_equal(lq_leap_look(&leap, WALL + LIMIT, 0), 0);
    assert_int_equal(lq_leap_look(&leap, WALL - LIMIT, 0), 0);
    assert_int_equal(lq_leap_look(&leap, WALL + LIMIT + 1, 0), LIMIT + 1);
    assert_int_equal(lq_leap_look(&leap, WALL - LIMIT - 1, 0), -LIMIT - 1);
    leap = lq_leap_start(0, WALL, 0, WALL + DAY);
    assert_int_equal(lq_leap_look(&leap, WALL + DAY, 0), 0); // switched off
}

// A crystal that is off by 300 millionths gains a minute in two days and a half.
static void what_a_time_server_sets_right_sums_up_to_no_leap(void **state)
{
    (void)state;
    struct lq_leap leap = started();
    for (int64_t minute = 0; minute < 60 * 24 * 30; minute++)
        assert_int_equal(lq_leap_look(&leap, WALL + minute * MINUTE + minute * 18, minute * MINUTE),
                         0);
    const int64_t slewed = 60 * 24 * 30 * 18;
    assert_true(slewed > 10 * LIMIT);
    assert_true(lq_leap_look(&leap, WALL + 30LL * DAY, 30LL * DAY) < 0); // back at once is a leap
}

static void who_knows_may_say_that_it_is_right(void **state)
{
    (void)state;
    struct lq_leap leap = started();
    assert_int_equal(lq_leap_look(&leap, WALL + DAY, 0), DAY);
    lq_leap_trust(&leap, WALL + DAY, 0);
    assert_int_equal(lq_leap_look(&leap, WALL + DAY + 1000, 1000), 0);
    assert_int_equal(lq_leap_look(&leap, WALL + 1000, 1000), -DAY);
}

// A service that was down for a week starts; one whose machine has lost its clock does not.
static void a_start_before_the_last_record_is_a_leap(void **state)
{
    (void)state;
    struct lq_leap leap = lq_leap_start(LIMIT, WALL, 0, WALL - 7LL * DAY);
    assert_int_equal(lq_leap_look(&leap, WALL, 0), 0);
    assert_int_equal(lq_leap_look(&leap, WALL + 1000, 1000), 0);
    leap = lq_leap_start(LIMIT, WALL, 0, WALL + LIMIT);
    assert_int_equal(lq_leap_look(&leap, WALL, 0), 0);
    leap = lq_leap_start(LIMIT, WALL, 0, WALL + DAY);
    assert_int_equal(lq_leap_look(&leap, WALL, 0), -DAY);
    // set right, whatever has passed meanwhile; and from then on held against the steady clock
    assert_int_equal(lq_leap_look(&leap, WALL + 9LL * DAY, 1000), 0);
    assert_int_equal(lq_leap_look(&leap, WALL + 10LL * DAY, 1000), DAY);
    leap = lq_leap_start(LIMIT, WALL, 0, WALL + DAY);
    lq_leap_trust(&leap, WALL, 0);
    assert_int_equal(lq_leap_look(&leap, WALL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leap_is_seen_and_undone),
        cmocka_unit_test(the_limit_is_no_leap_yet),
        cmocka_unit_test(what_a_time_server_sets_right_sums_up_to_no_leap),
        cmocka_unit_test(who_knows_may_say_that_it_is_right),
        cmocka_unit_test(a_start_before_the_last_record_is_a_leap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
