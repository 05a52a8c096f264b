// The files of law: what is read of law.yaml and calendar.yaml, and what they are refused for.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "config/law.h"

#define CLOCK_HEAD "revision: r\nclocks:\n"
#define CLOCK(id, number, unit, exclude, roll, more)                                               \
    "  - {id: " id ", title_zh: 题, title_en: t, number: " number ", unit: " unit                  \
    ", start_event: s, stop_event: e, exclude_start_day: " exclude ", roll: " roll                 \
    ", lapse_effect: none_stated, instrument: i, article: a, " more "}\n"
#define DAYS(id, more) CLOCK(id, "3", "calendar_day", "true", "none", more)
#define V_ON "confidence: V, enabled: true"
#define YEAR(year, holidays, weekends)                                                             \
    "  - {year: " year ", holidays: [" holidays "], working_weekends: [" weekends "]}\n"
#define CALENDAR_HEAD "revision: c\nyears:\n"

static const char good_law[] = CLOCK_HEAD DAYS("A", V_ON);
static const char good_calendar[] = CALENDAR_HEAD YEAR("2015", "2015-01-01", "2015-01-04");

static const struct {
    const char *law, *calendar, *fault;
} refusals[] = {
    {CLOCK_HEAD DAYS("A", "confidence: U, enabled: true"), good_calendar,
     "law.yaml:3:5: A: a clock of confidence U must not be enabled"},
    {CLOCK_HEAD DAYS("A", V_ON) DAYS("A", V_ON), good_calendar,
     "law.yaml:4:5: A: an entry of this id above is in force on the same days"},
    {CLOCK_HEAD DAYS("A", V_ON ", in_force_to: 2015-05-01")
         DAYS("A", V_ON ", in_force_from: 2015-05-01"),
     good_calendar, "law.yaml:4:5: A: an entry of this id above"},
    {CLOCK_HEAD DAYS("A", V_ON ", in_force_from: 2015-05-02, in_force_to: 2015-05-01"),
     good_calendar, "law.yaml:3:5: A: in_force_to lies before in_force_from"},
    {CLOCK_HEAD CLOCK("A", "3", "hour", "false", "next_working_day", V_ON), good_calendar,
     "law.yaml:3:5: A: a term in hours cannot roll"},
    {CLOCK_HEAD CLOCK("A", "3", "hour", "true", "none", V_ON), good_calendar,
     "law.yaml:3:5: A: a term in hours has no start day"},
    {CLOCK_HEAD CLOCK("A", "0", "hour", "false", "none", V_ON), good_calendar,
     "law.yaml:3:47: '0' will not do"},
    {CLOCK_HEAD CLOCK("A", "3", "day", "true", "none", V_ON), good_calendar,
     "law.yaml:3:56: 'day' is not known here; accepted: second, minute, hour, calendar_day, "
     "working_day, month, "
     "year"},
    {CLOCK_HEAD DAYS("A-1", V_ON), good_calendar, "law.yaml:3:10: 'A-1' will not do"},
    {CLOCK_HEAD DAYS("A", "confidence: V"), good_calendar,
     "law.yaml:3:5: key 'enabled' is missing"},
    {"clocks: []\n", good_calendar, "law.yaml:1:1: key 'revision' is missing"},
    {good_law, CALENDAR_HEAD YEAR("2015", "2016-01-01", ""),
     "calendar.yaml:3:5: 2016-01-01: the day lies in another year"},
    {good_law, CALENDAR_HEAD YEAR("2015", "", "2015-07-16"),
     "calendar.yaml:3:5: 2015-07-16: the day is no Saturday or Sunday"},
    {good_law, CALENDAR_HEAD YEAR("2015", "2015-01-01, 2015-01-01", ""),
     "calendar.yaml:3:5: 2015-01-01: days must rise and stand once"},
    {good_law, CALENDAR_HEAD YEAR("2015", "2015-01-03", "2015-01-03"),
     "calendar.yaml:3:5: 2015-01-03: the day is also a holiday"},
    {good_law, CALENDAR_HEAD YEAR("2015", "", "") YEAR("2015", "", ""),
     "calendar.yaml:4:5: year: stands here a second time"},
    {good_law, CALENDAR_HEAD YEAR("2015", "2015-02-29", ""),
     "calendar.yaml:3:29: '2015-02-29' is not a day"},
};

static void write_one(const char *directory, const char *name, const char *text)
{
    char path[PATH_MAX];
    assert_true(snprintf(path, sizeof path, "%s/%s", directory, name) < PATH_MAX);
    assert_int_equal(lq_file_replace(path, lq_span_text(text), 0644), LQ_OK);
}

static void write_both(const char *directory, const char *law, const char *calendar)
{
    write_one(directory, "law.yaml", law);
    write_one(directory, "calendar.yaml", calendar);
}

static void remove_both(const char *directory)
{
    char path[64];
    snprintf(path, sizeof path, "%s/law.yaml", directory);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/calendar.yaml", directory);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

static void loads_from_a_directory(void **state)
{
    (void)state;
    char directory[] = "/tmp/lq_law_XXXXXX";
    assert_non_null(mkdtemp(directory));
    struct lq_law *law = NULL;
    assert_int_equal(lq_law_load(directory, &law), LQ_E_MISSING);
    assert_null(law);
    write_both(directory, good_law, good_calendar);
    assert_int_equal(lq_law_load(directory, &law), LQ_OK);
    assert_string_equal(lq_law_revision(law), "r+c");
    assert_string_equal(lq_law_clock(law, "A", 0)->title_zh, "题");
    assert_null(lq_law_clock_at(law, 1));
    assert_false(lq_calendar_knows(law, 2016));
    lq_law_free(law);

    // Two entries of one id, one after the other, are right.
    write_both(directory,
               CLOCK_HEAD DAYS("A", V_ON ", in_force_to: 2015-04-30")
                   DAYS("A", V_ON ", in_force_from: 2015-05-01"),
               good_calendar);
    assert_int_equal(lq_law_load(directory, &law), LQ_OK);
    lq_law_free(law);
    remove_both(directory);
}

static void refuses_what_would_decide_wrongly(void **state)
{
    (void)state;
    char directory[] = "/tmp/lq_law_XXXXXX";
    assert_non_null(mkdtemp(directory));
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct lq_law *law = NULL;
        write_both(directory, refusals[i].law, refusals[i].calendar);
        assert_int_equal(lq_law_load(directory, &law), LQ_E_INPUT);
        assert_null(law);
        const char *found = lq_fault_text() + strlen(directory) + 1;
        if (strncmp(found, refusals[i].fault, strlen(refusals[i].fault)) != 0)
            fail_msg("case %zu\n got    %s\n wanted %s", i, found, refusals[i].fault);
    }
    remove_both(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_from_a_directory),
        cmocka_unit_test(refuses_what_would_decide_wrongly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
