// What lq status says of the disks that the journals lie on: which is nearly full, and on which day
// it will be, as far as that can be told.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/time.h"
#include "language/language.h"
#include "lq/admin/disk.h"

static const uint64_t MIB = 1 << 20, GIB = 1 << 30;

static Lq__Status statuses[3];
static struct lq_survey survey;
static char said[4096];

// Three services, on a disk of 1000 GiB with so much free; they have grown so much in a day.
static void have(uint64_t free_bytes, uint64_t growth_bytes, unsigned days)
{
    survey = (struct lq_survey){.count = 3, .up = 3};
    for (unsigned i = 0; i < 3; i++) {
        lq__status__init(&statuses[i]);
        statuses[i].disk = 7;
        statuses[i].disk_bytes = 1000 * GIB;
        statuses[i].disk_free_bytes = free_bytes;
        statuses[i].disk_refuse_bytes = 128 * MIB;
        statuses[i].growth_bytes = growth_bytes;
        statuses[i].growth_days = days;
        survey.services[i] = (struct lq_surveyed){.name = "x", .status = &statuses[i]};
    }
}

// What is said of it on standard error.
static const char *tell(void)
{
    FILE *file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    assert_non_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    lq_disk_tell(&survey);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
    return said;
}

static void assert_said(const char *part)
{
    if (strstr(said, part) == NULL)
        fail_msg("not said: %s\nbut: %s", part, said);
}

static void test_the_day_is_told(void **state)
{
    (void)state;
    char day[LQ_TIME_TEXT];
    have(61 * GIB, 2 * GIB / 3, 7); // 2 GiB a day in all
    tell();
    assert_said("warning: ");
    assert_said("61 GiB free of 1000 GiB");
    assert_said("in the last 7 days (2047 MiB a day)");
    assert_said(lq_format_day(lq_day_of(lq_wall_ms()) + 30, day));
    assert_ptr_equal(strchr(said, '\n'), strrchr(said, '\n')); // once for all three

    lq_language_use(LQ_CHINESE);
    tell();
    lq_language_use(LQ_ENGLISH);
    assert_said("磁盘");
    assert_said(day);
}

static void test_nothing_is_said_of_a_disk_with_room(void **state)
{
    (void)state;
    have(500 * GIB, 2 * GIB, 7); // in 83 days
    assert_string_equal(tell(), "");
    have(500 * GIB, 0, 0);
    assert_string_equal(tell(), "");
    have(0, 0, 0);
    for (int i = 0; i < 3; i++)
        statuses[i].disk_bytes = 0; // not known
    assert_string_equal(tell(), "");
}

static void test_a_disk_that_is_nearly_full_without_a_day(void **state)
{
    (void)state;
    have(90 * GIB, 0, 0);
    tell();
    assert_said("nearly full: 90 GiB free of 1000 GiB");
    assert_said("cannot be told: the journals are less than a day old");
    have(90 * GIB, 1, 3); // in thousands of years
    tell();
    assert_said("have hardly grown in the last 3 days");
}

static void test_a_disk_that_is_full(void **state)
{
    (void)state;
    have(128 * MIB, GIB, 7); // at the limit: today, but not yet
    assert_int_equal(strncmp(tell(), "lq: warning", 11), 0);
    have(128 * MIB - 1, GIB, 7);
    tell();
    assert_said("is full: 127 MiB free of 1000 GiB");
    assert_said("below 128 MiB no commands are taken");
}

static void test_disks_are_told_apart(void **state)
{
    (void)state;
    have(90 * GIB, GIB, 7);
    statuses[1].disk = 8;
    statuses[1].disk_free_bytes = 800 * GIB;
    statuses[2].growth_days = 2; // it is younger
    survey.services[2].status = NULL;
    struct lq_disk disks[LQ_SURVEY_SERVICES];
    assert_int_equal(lq_disks(&survey, disks), 2);
    assert_int_equal(disks[0].id, 7);
    assert_int_equal(disks[0].growth_bytes, GIB);
    assert_int_equal(lq_disk_days_left(&disks[0]), 89);
    assert_int_equal(lq_disk_days_left(&disks[1]), 799);
    tell();
    assert_said("90 GiB");
    assert_null(strstr(said, "800 GiB"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_day_is_told),
        cmocka_unit_test(test_nothing_is_said_of_a_disk_with_room),
        cmocka_unit_test(test_a_disk_that_is_nearly_full_without_a_day),
        cmocka_unit_test(test_a_disk_that_is_full),
        cmocka_unit_test(test_disks_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
