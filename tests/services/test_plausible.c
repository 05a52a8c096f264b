// Limits that a county has set lower than the shipped ones hold at once, and are told by its
// revision.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/time.h"
#include "support/bed.h"
#include "support/message.h"

static const int64_t NOON_MS = 1425614400000; // 2015-03-06T12:00:00+08:00

static struct lq_bed_outcome say(struct lq_bed *bed, uint32_t roles, const char *text)
{
    const struct lq_bed_command command = {
        .actor = "P1",
        .roles = roles,
        .body = lq_message_of(&bed->arena, bed->service->command_type, text)};
    return lq_bed_do(bed, &command);
}

static void is_implausible(struct lq_bed_outcome outcome, const char *text)
{
    assert_false(outcome.accepted);
    assert_string_equal(outcome.code, "QUANTITY_IMPLAUSIBLE");
    if (strstr(outcome.text, text) == NULL)
        fail_msg("%s", outcome.text);
}

static void an_order_has_the_people_and_teams_of_the_county(void **state)
{
    (void)state;
    static struct lq_bed bed;
    lq_bed_open(&bed, lq_service_named("dispatch"), NOON_MS);
    bed.policy.revision = "county-9";
    bed.policy.limits.participants = bed.policy.limits.teams = 1;
    lq_bed_tell(&bed, "shift",
                "shift_planned {date_day=2015-03-06 name=\"day\" group=\"A\" "
                "starts_at_ms=2015-03-06T08:00:00+08:00 ends_at_ms=2015-03-06T20:00:00+08:00}");
    for (int i = 1; i <= 3; i++)
        lq_bed_tell(&bed, "shift",
                    lq_arena_format(&bed.arena,
                                    "person_registered {badge=\"P%d\" name=\"人\" role=%s "
                                    "team=\"T0%d\" group=\"A\"}",
                                    i, i == 2 ? "OFFICER" : "LEAD", i == 2 ? 1 : i));
    lq_bed_tell(&bed, "ledger",
                "premises_registered {number=\"E1\" township=\"镇\" standing=ENTERPRISE}");
    is_implausible(
        say(&bed, LQ_ROLE(DESK),
            "issue_order {kind=\"raid\" target=\"E1\" priority=URGENT teams=[\"T01\", \"T03\"]}"),
        "the order's teams: 2 is more than is plausible; the most is 1 (limits.teams of "
        "policy.yaml, revision county-9)");
    assert_true(say(&bed, LQ_ROLE(DESK),
                    "issue_order {kind=\"raid\" target=\"E1\" priority=URGENT teams=[\"T01\"]}")
                    .accepted);
    assert_true(
        say(&bed, LQ_ROLE(DESK), "record_participant {order=\"O0001\" team=\"T01\" badge=\"P1\"}")
            .accepted);
    is_implausible(
        say(&bed, LQ_ROLE(DESK), "record_participant {order=\"O0001\" team=\"T01\" badge=\"P2\"}"),
        "people who took part: 2 is more than is plausible; the most is 1");
    lq_bed_close(&bed);
}

static void premises_lie_in_the_county(void **state)
{
    (void)state;
    static struct lq_bed bed;
    lq_bed_open(&bed, lq_service_named("ledger"), NOON_MS);
    bed.policy.county = (struct lq_county){
        .south_e7 = 380000000, .north_e7 = 384000000, .west_e7 = 1158000000, .east_e7 = 1166000000};
    const char *const text =
        "register_premises {name=\"厂\" township=\"镇\" standing=ENTERPRISE lat_e7=%d lon_e7=%d}";
    is_implausible(
        say(&bed, LQ_ROLE(CLERK), lq_arena_format(&bed.arena, text, 399000000, 1164000000)),
        "latitude 39.9, longitude 116.4 is outside the county, which lies between latitude "
        "38.0 and 38.4");
    is_implausible(
        say(&bed, LQ_ROLE(CLERK), lq_arena_format(&bed.arena, text, 1164000000, 383000000)),
        "latitude 116.4 and longitude 38.3 are swapped");
    assert_true(say(&bed, LQ_ROLE(CLERK), lq_arena_format(&bed.arena, text, 383000000, 1164000000))
                    .accepted);
    lq_bed_close(&bed);
}

// One that is retired counts no more: it is in no report.
static void no_more_cameras_than_one_report_tells_of(void **state)
{
    (void)state;
    static struct lq_bed bed;
    lq_bed_open(&bed, lq_service_named("monitor"), NOON_MS);
    bed.policy.revision = "county-9";
    bed.policy.limits.channels = 1;
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\"}");
    const char *one = "register_channel {premises=\"E1\" address=\"tcp://10.1.2.3:554\"}";
    assert_true(say(&bed, LQ_ROLE(CLERK), one).accepted);
    is_implausible(say(&bed, LQ_ROLE(CLERK), one),
                   "channels: 2 is more than is plausible; the most is 1 (limits.channels of "
                   "policy.yaml, revision county-9)");
    assert_true(
        say(&bed, LQ_ROLE(CLERK), "retire_channel {channel=\"SP0001\" why=\"旧\"}").accepted);
    assert_true(say(&bed, LQ_ROLE(CLERK), one).accepted);
    lq_bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_has_the_people_and_teams_of_the_county),
        cmocka_unit_test(premises_lie_in_the_county),
        cmocka_unit_test(no_more_cameras_than_one_report_tells_of),
    };
    return cmocka_run_group_tests_name("plausible", tests, NULL, NULL);
}
