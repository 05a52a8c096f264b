// The terms of law: counted days, rolling, hours, entries by date in force. Every case names its
// days as a person would check them on a calendar.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "config/defaults.h"
#include "config/law.h"
#include "support/law.h"

static int64_t instant(const char *text)
{
    int64_t at_ms;
    assert_true(lq_parse_instant(text, &at_ms));
    return at_ms;
}

static int32_t day(const char *text)
{
    int32_t found;
    assert_true(lq_parse_day(text, &found));
    return found;
}

static void assert_day(int32_t found, const char *wanted)
{
    char text[LQ_TIME_TEXT];
    assert_string_equal(lq_format_day(found, text), wanted);
}

static void assert_instant(int64_t found, const char *wanted)
{
    char text[LQ_TIME_TEXT];
    assert_string_equal(lq_format_instant(found, text), wanted);
}

static int64_t counted(const struct lq_term term)
{
    const struct lq_term_end end = lq_law_count(law_for_tests(), &term);
    assert_int_equal(end.year, 0);
    return end.due_ms;
}

static int64_t due_of(const struct lq_clock *clock, int64_t start_ms)
{
    return counted((struct lq_term){.clock = clock, .start_ms = start_ms});
}

static const struct lq_clock *clock_of(const char *id)
{
    const struct lq_clock *clock =
        lq_law_clock(law_for_tests(), id, instant("2015-07-16T00:00:00+08:00"));
    assert_non_null(clock);
    return clock;
}

// A term that law.yaml need not hold.
static struct lq_clock term(int64_t number, enum lq_clock_unit unit, enum lq_clock_roll roll)
{
    return (struct lq_clock){.id = "T",
                             .number = number,
                             .unit = unit,
                             .exclude_start_day = unit > LQ_UNIT_HOUR,
                             .roll = roll,
                             .enabled = true};
}

static const char *last_day_of(struct lq_clock clock, const char *start, char *text)
{
    const int64_t start_ms = lq_day_start_ms(day(start)) + 13 * 3600 * 1000;
    return lq_format_day(lq_law_last_day(due_of(&clock, start_ms)), text);
}

static void working_days(void **state)
{
    (void)state;
    const struct lq_law *law = law_for_tests();
    assert_day(lq_add_working_days(law, day("2015-09-30"), 3), "2015-10-10"); // make-up Saturday
    assert_day(lq_add_working_days(law, day("2015-09-01"), 3), "2015-09-07"); // Sunday 09-06 works
    assert_day(lq_add_working_days(law, day("2015-02-13"), 3), "2015-02-17"); // Sunday 02-15 works
    assert_day(lq_add_working_days(law, day("2015-12-31"), 1), "2016-01-04");
    assert_day(lq_add_working_days(law, day("2016-02-05"), 2),
               "2016-02-14"); // 02-06 and 02-14 work
    assert_day(lq_add_working_days(law, day("2015-10-03"), 0), "2015-10-03");
    assert_false(lq_is_working_day(law, day("2015-09-03")));
    assert_true(lq_is_working_day(law, day("2015-09-02")));
    assert_true(lq_is_working_day(law, day("2015-10-10")));
    assert_false(lq_is_working_day(law, day("2015-10-11")));
}

// 365 days, 104 Saturdays and Sundays, and what the notice of that year makes of them.
static void the_years_have_their_working_days(void **state)
{
    (void)state;
    const struct lq_law *law = law_for_tests();
    static const struct {
        int year, working;
    } years[] = {{2015, 249}, {2016, 250}, {2014, 261}};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        int working = 0;
        for (int32_t d = lq_day_from_date(years[i].year, 1, 1);
             d < lq_day_from_date(years[i].year + 1, 1, 1); d++)
            working += lq_is_working_day(law, d);
        assert_int_equal(working, years[i].working);
    }
}

static void years_that_are_not_listed_know_only_weekends(void **state)
{
    (void)state;
    const struct lq_law *law = law_for_tests();
    assert_true(lq_calendar_knows(law, 2015));
    assert_true(lq_calendar_knows(law, 2016));
    assert_false(lq_calendar_knows(law, 2014));
    assert_false(lq_calendar_knows(law, 2017));
    assert_true(lq_is_working_day(law, day("2014-10-01")));  // a Wednesday
    assert_false(lq_is_working_day(law, day("2017-01-28"))); // a Saturday
}

static void a_seizure_ends_on_its_day(void **state)
{
    (void)state;
    const struct lq_law *law = law_for_tests();
    const struct lq_clock *sz6 = clock_of("SZ6");
    const int64_t due = due_of(sz6, instant("2015-07-16T23:59:59.999+08:00"));
    assert_instant(due, "2015-08-16T00:00:00+08:00"); // the first millisecond that is too late
    assert_int_equal(due, due_of(sz6, instant("2015-07-16T00:00:00+08:00")));
    assert_day(lq_law_last_day(due), "2015-08-15"); // a Saturday: no rolling
    assert_day(lq_law_act_by_day(law, due), "2015-08-14");
    assert_int_equal(sz6->lapse_effect, LQ_LAPSE_DUTY_ONLY);
    assert_false(sz6->waiting); // who lets it pass is late
    assert_int_equal(sz6->roll, LQ_ROLL_NONE);
    assert_int_equal(clock_of("SZ7")->roll, LQ_ROLL_NONE);

    // One extension: 30 days more from the first term's last day, not from its deadline.
    const struct lq_extension once[] = {{.clock = clock_of("SZ7")}};
    struct lq_term seizure = {.clock = sz6,
                              .start_ms = instant("2015-07-16T09:00:00+08:00"),
                              .extensions = once,
                              .extension_count = 1};
    assert_day(lq_law_last_day(counted(seizure)), "2015-09-14");

    // Ten days of testing, told in writing, do not count, whenever they are; days that are said
    // twice count once; those past the end are nothing.
    const struct lq_pause testing[] = {{day("2015-07-20"), day("2015-07-29")},
                                       {day("2015-07-25"), day("2015-07-29")},
                                       {day("2015-12-01"), day("2015-12-05")}};
    seizure.pauses = testing;
    seizure.pause_count = 3;
    assert_day(lq_law_last_day(counted(seizure)), "2015-09-24");
    seizure.extension_count = 0;
    assert_day(lq_law_last_day(counted(seizure)), "2015-08-25");
    seizure.number = 10;
    assert_day(lq_law_last_day(counted(seizure)), "2015-08-05");
    assert_int_equal(sz6->pause_count, 1);
    assert_string_equal(sz6->pause_events[0], "testing_term_notified");
}

static void terms_in_working_days(void **state)
{
    (void)state;
    char text[LQ_TIME_TEXT];
    assert_string_equal(last_day_of(*clock_of("SZ11"), "2015-09-30", text), "2015-10-10");
    assert_string_equal(last_day_of(*clock_of("SZ11"), "2015-09-01", text), "2015-09-07");
    assert_string_equal(last_day_of(*clock_of("SZ9"), "2015-07-16", text), "2015-07-23");
    assert_string_equal(last_day_of(*clock_of("PD2"), "2015-07-17", text), "2015-07-22");
    // An event on a day off starts to count on the next working day all the same.
    assert_string_equal(last_day_of(*clock_of("PD2"), "2015-07-18", text), "2015-07-22");
    // Of a pause from Saturday to Tuesday two days are taken out.
    const struct lq_pause pause[] = {{day("2015-07-18"), day("2015-07-21")}};
    assert_day(
        lq_law_last_day(counted((struct lq_term){.clock = clock_of("PD2"),
                                                 .start_ms = instant("2015-07-17T09:00:00+08:00"),
                                                 .pauses = pause,
                                                 .pause_count = 1})),
        "2015-07-24");
}

static void hours_run_through_nights_and_holidays(void **state)
{
    (void)state;
    assert_instant(due_of(clock_of("SZ3"), instant("2015-07-16T22:15:30+08:00")),
                   "2015-07-17T22:15:30+08:00");
    assert_instant(due_of(clock_of("CR2"), instant("2015-09-30T17:00:00+08:00")),
                   "2015-10-01T17:00:00+08:00");
    assert_instant(due_of(clock_of("CR6"), instant("2015-12-31T13:00:00.001+08:00")),
                   "2016-01-01T01:00:00.001+08:00");
    assert_instant(due_of(clock_of("CR7"), instant("2016-02-28T08:00:00+08:00")),
                   "2016-02-29T08:00:00+08:00");
    struct lq_clock eight = term(8, LQ_UNIT_HOUR, LQ_ROLL_NONE);
    const struct lq_extension once[] = {{.clock = clock_of("SZ3"), .number = 12}};
    const int64_t start = instant("2015-07-16T20:00:00+08:00");
    assert_instant(due_of(&eight, start), "2015-07-17T04:00:00+08:00");
    assert_instant(
        counted((struct lq_term){
            .clock = &eight, .start_ms = start, .extensions = once, .extension_count = 1}),
        "2015-07-17T16:00:00+08:00");
    const struct lq_clock minutes = term(3, LQ_UNIT_MINUTE, LQ_ROLL_NONE),
                          seconds = term(60, LQ_UNIT_SECOND, LQ_ROLL_NONE);
    assert_instant(due_of(&minutes, start), "2015-07-16T20:03:00+08:00");
    assert_instant(due_of(&seconds, start), "2015-07-16T20:01:00+08:00");
}

static void months_and_years_keep_the_day_where_they_can(void **state)
{
    (void)state;
    static const struct {
        int number;
        enum lq_clock_unit unit;
        const char *start, *last;
    } cases[] = {
        {1, LQ_UNIT_MONTH, "2015-01-31", "2015-02-28"},
        {1, LQ_UNIT_MONTH, "2016-01-31", "2016-02-29"},
        {1, LQ_UNIT_MONTH, "2015-02-28", "2015-03-28"},
        {3, LQ_UNIT_MONTH, "2015-11-30", "2016-02-29"},
        {2, LQ_UNIT_MONTH, "2015-12-31", "2016-02-29"},
        {12, LQ_UNIT_MONTH, "2015-07-16", "2016-07-16"},
        {1, LQ_UNIT_MONTH, "2015-11-15", "2015-12-15"},
        {1, LQ_UNIT_YEAR, "2016-02-29", "2017-02-28"},
        {2, LQ_UNIT_YEAR, "2015-07-16", "2017-07-16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[LQ_TIME_TEXT];
        const struct lq_clock clock = term(cases[i].number, cases[i].unit, LQ_ROLL_NONE);
        assert_string_equal(last_day_of(clock, cases[i].start, text), cases[i].last);
    }
}

static void the_start_day_may_count(void **state)
{
    (void)state;
    char text[LQ_TIME_TEXT];
    struct lq_clock clock = term(30, LQ_UNIT_CALENDAR_DAY, LQ_ROLL_NONE);
    clock.exclude_start_day = false;
    assert_string_equal(last_day_of(clock, "2015-07-16", text), "2015-08-14");
    clock = term(1, LQ_UNIT_WORKING_DAY, LQ_ROLL_NONE);
    clock.exclude_start_day = false;
    assert_string_equal(last_day_of(clock, "2015-07-16", text), "2015-07-16");
    assert_string_equal(last_day_of(clock, "2015-07-18", text), "2015-07-20");
}

static void only_what_the_statute_rolls_rolls(void **state)
{
    (void)state;
    char text[LQ_TIME_TEXT];
    // 15 days to pay from 2015-09-16: 10-01 is a holiday, 10-08 the first working day.
    assert_string_equal(last_day_of(*clock_of("AD10"), "2015-09-16", text), "2015-10-08");
    // A make-up Saturday is a working day and does not roll: 09-25 and 15 days is 10-10.
    assert_string_equal(last_day_of(*clock_of("AD10"), "2015-09-25", text), "2015-10-10");
    // Three months from 2015-07-03 end on Saturday 10-03, in the holiday.
    assert_string_equal(last_day_of(*clock_of("AD8"), "2015-07-03", text), "2015-10-08");
    // Custody ends on the holiday on which it ends.
    assert_string_equal(last_day_of(*clock_of("CR8"), "2015-10-01", text), "2015-10-04");
    assert_string_equal(last_day_of(*clock_of("CR9"), "2015-09-26", text), "2015-10-03");
    assert_string_equal(last_day_of(*clock_of("CR11"), "2015-08-03", text), "2015-10-03");
    assert_string_equal(last_day_of(*clock_of("CR9b"), "2015-09-18", text), "2015-10-08");
    static const char *const never[] = {"SZ3",  "SZ6",   "SZ7",   "CR6",   "CR6b", "CR7",
                                        "CR8",  "CR8b",  "CR8c",  "CR9",   "CR10", "CR10b",
                                        "CR11", "CR11b", "CR11c", "CR11d", "SZ16", "CR1"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_int_equal(clock_of(never[i])->roll, LQ_ROLL_NONE);
}

static void custody_is_extended_from_its_last_day(void **state)
{
    (void)state;
    const struct lq_extension chain[] = {{.clock = clock_of("CR11b")},
                                         {.clock = clock_of("CR11c")}};
    struct lq_term custody = {.clock = clock_of("CR11"),
                              .start_ms = instant("2015-07-16T10:00:00+08:00"),
                              .extensions = chain};
    assert_day(lq_law_last_day(counted(custody)), "2015-09-16");
    custody.extension_count = 1;
    assert_day(lq_law_last_day(counted(custody)), "2015-10-16");
    custody.extension_count = 2;
    assert_day(lq_law_last_day(counted(custody)), "2015-12-16");
}

// A year that the calendar does not list: no guess. A term in calendar days needs none.
static void what_the_calendar_lacks_is_said(void **state)
{
    (void)state;
    struct lq_term term = {.clock = clock_of("SZ11"),
                           .start_ms = instant("2016-12-30T10:00:00+08:00")};
    struct lq_term_end end = lq_law_count(law_for_tests(), &term);
    assert_int_equal(end.due_ms, 0);
    assert_int_equal(end.year, 2017);
    term.clock = clock_of("AD10"); // rolls, and ends in 2017
    assert_int_equal(lq_law_count(law_for_tests(), &term).year, 2017);
    term.clock = clock_of("SZ6");
    term.start_ms = instant("2016-12-20T10:00:00+08:00");
    assert_day(lq_law_last_day(counted(term)), "2017-01-19");
    assert_day(lq_law_act_by_day(law_for_tests(), counted(term)), "2017-01-19");
}

// The three days of the transfer rules, as calendar days and as working days.
static void both_readings_of_an_unsettled_unit_are_counted(void **state)
{
    (void)state;
    struct lq_term term = {.clock = clock_of("SZ16"),
                           .start_ms = instant("2015-09-30T10:00:00+08:00")};
    assert_true(term.clock->arguable);
    assert_day(lq_law_last_day(counted(term)), "2015-10-03");
    term.argue = true;
    assert_day(lq_law_last_day(counted(term)), "2015-10-10");
}

// Number and unit of every term, beside law.yaml a second time: a slip of the hand in a file that
// decides on custody must not go unseen.
static const struct {
    const char *id;
    int number;
    enum lq_clock_unit unit;
} expected[] = {
    {"SZ3", 24, LQ_UNIT_HOUR},
    {"SZ6", 30, LQ_UNIT_CALENDAR_DAY},
    {"SZ7", 30, LQ_UNIT_CALENDAR_DAY},
    {"SZ9", 5, LQ_UNIT_WORKING_DAY},
    {"SZ11", 3, LQ_UNIT_WORKING_DAY},
    {"SZ12", 60, LQ_UNIT_CALENDAR_DAY},
    {"SZ16", 3, LQ_UNIT_CALENDAR_DAY},
    {"SZ17", 20, LQ_UNIT_WORKING_DAY},
    {"SZ17b", 20, LQ_UNIT_WORKING_DAY},
    {"AD1", 7, LQ_UNIT_WORKING_DAY},
    {"AD2", 2, LQ_UNIT_YEAR},
    {"AD3", 7, LQ_UNIT_WORKING_DAY},
    {"AD3b", 7, LQ_UNIT_CALENDAR_DAY},
    {"AD6", 3, LQ_UNIT_CALENDAR_DAY},
    {"AD7", 7, LQ_UNIT_CALENDAR_DAY},
    {"AD8", 3, LQ_UNIT_MONTH},
    {"AD9", 7, LQ_UNIT_CALENDAR_DAY},
    {"AD10", 15, LQ_UNIT_CALENDAR_DAY},
    {"AD11", 60, LQ_UNIT_CALENDAR_DAY},
    {"AD11b", 6, LQ_UNIT_MONTH},
    {"AD11c", 15, LQ_UNIT_CALENDAR_DAY},
    {"AD12", 10, LQ_UNIT_WORKING_DAY},
    {"AD12b", 3, LQ_UNIT_MONTH},
    {"AD13", 60, LQ_UNIT_CALENDAR_DAY},
    {"AD14", 20, LQ_UNIT_CALENDAR_DAY},
    {"AD15", 3, LQ_UNIT_WORKING_DAY},
    {"DF1", 3, LQ_UNIT_WORKING_DAY},
    {"DF2", 30, LQ_UNIT_CALENDAR_DAY},
    {"LP1", 7, LQ_UNIT_WORKING_DAY},
    {"LP2", 3, LQ_UNIT_MONTH},
    {"LP2b", 3, LQ_UNIT_MONTH},
    {"LP4", 15, LQ_UNIT_WORKING_DAY},
    {"LP4b", 15, LQ_UNIT_WORKING_DAY},
    {"LP5", 30, LQ_UNIT_CALENDAR_DAY},
    {"TR1", 3, LQ_UNIT_MONTH},
    {"TR1b", 30, LQ_UNIT_CALENDAR_DAY},
    {"TR1c", 1, LQ_UNIT_YEAR},
    {"PD2", 3, LQ_UNIT_WORKING_DAY},
    {"PD3", 3, LQ_UNIT_WORKING_DAY},
    {"PD3b", 3, LQ_UNIT_WORKING_DAY},
    {"PD3c", 5, LQ_UNIT_WORKING_DAY},
    {"PD5", 8, LQ_UNIT_HOUR},
    {"PD5b", 24, LQ_UNIT_HOUR},
    {"PD6", 30, LQ_UNIT_CALENDAR_DAY},
    {"PD6b", 30, LQ_UNIT_CALENDAR_DAY},
    {"CR1", 3, LQ_UNIT_CALENDAR_DAY},
    {"CR2", 24, LQ_UNIT_HOUR},
    {"CR3", 24, LQ_UNIT_HOUR},
    {"CR4", 3, LQ_UNIT_CALENDAR_DAY},
    {"CR5", 3, LQ_UNIT_CALENDAR_DAY},
    {"CR5b", 3, LQ_UNIT_CALENDAR_DAY},
    {"CR5c", 3, LQ_UNIT_CALENDAR_DAY},
    {"CR6", 12, LQ_UNIT_HOUR},
    {"CR6b", 24, LQ_UNIT_HOUR},
    {"CR7", 24, LQ_UNIT_HOUR},
    {"CR7b", 24, LQ_UNIT_HOUR},
    {"CR7c", 24, LQ_UNIT_HOUR},
    {"CR8", 3, LQ_UNIT_CALENDAR_DAY},
    {"CR8b", 4, LQ_UNIT_CALENDAR_DAY},
    {"CR8c", 30, LQ_UNIT_CALENDAR_DAY},
    {"CR9", 7, LQ_UNIT_CALENDAR_DAY},
    {"CR9b", 15, LQ_UNIT_CALENDAR_DAY},
    {"CR9c", 20, LQ_UNIT_CALENDAR_DAY},
    {"CR10", 24, LQ_UNIT_HOUR},
    {"CR10b", 24, LQ_UNIT_HOUR},
    {"CR11", 2, LQ_UNIT_MONTH},
    {"CR11b", 1, LQ_UNIT_MONTH},
    {"CR11c", 2, LQ_UNIT_MONTH},
    {"CR11d", 2, LQ_UNIT_MONTH},
    {"CR12", 1, LQ_UNIT_MONTH},
    {"CR12b", 1, LQ_UNIT_MONTH},
    {"TI1", 15, LQ_UNIT_CALENDAR_DAY},
    {"TI2", 60, LQ_UNIT_CALENDAR_DAY},
    {"TI2b", 30, LQ_UNIT_CALENDAR_DAY},
    {"TI4", 30, LQ_UNIT_CALENDAR_DAY},
    {"TI4b", 30, LQ_UNIT_CALENDAR_DAY},
};

static void every_term_is_as_long_as_it_should_be(void **state)
{
    (void)state;
    size_t enabled = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct lq_clock *clock = clock_of(expected[i].id);
        if (clock->number != expected[i].number || clock->unit != expected[i].unit)
            fail_msg("%s is not %d of unit %d", expected[i].id, expected[i].number,
                     (int)expected[i].unit);
    }
    const struct lq_clock *clock;
    for (size_t i = 0; (clock = lq_law_clock_at(law_for_tests(), i)) != NULL; i++) {
        enabled += clock->enabled;
        assert_int_equal(clock->enabled, clock->confidence != LQ_CONFIDENCE_U);
        assert_int_equal(clock->exclude_start_day, clock->unit != LQ_UNIT_HOUR);
    }
    assert_int_equal(enabled, sizeof expected / sizeof *expected + 1); // AD11b stands twice
}

static void the_entry_in_force_is_found(void **state)
{
    (void)state;
    const struct lq_law *law = law_for_tests();
    assert_int_equal(lq_law_clock(law, "AD11b", instant("2015-04-30T23:59:59.999+08:00"))->number,
                     3);
    assert_int_equal(lq_law_clock(law, "AD11b", instant("2015-05-01T00:00:00+08:00"))->number, 6);
    assert_null(
        lq_law_clock(law, "SZ6", instant("2011-12-31T23:59:59+08:00"))); // before the statute
    assert_non_null(lq_law_clock(law, "SZ6", instant("2012-01-01T00:00:00+08:00")));
    assert_null(lq_law_clock(law, "SZ18", instant("2015-07-16T00:00:00+08:00"))); // disabled
    assert_null(lq_law_clock(law, "TI3", instant("2015-07-16T00:00:00+08:00")));
    assert_null(lq_law_clock(law, "XX", instant("2015-07-16T00:00:00+08:00")));
    assert_string_equal(lq_law_revision(law), "law-2015-07-16+cal-2015-2016");
}

static void statutes_are_cited_as_people_cite_them(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    static const struct {
        const char *instrument, *article, *cited;
    } CASES[] = {
        {"行政强制法; 查封、扣押办法", "25; 15",
         "《行政强制法》第二十五条、《查封、扣押办法》第十五条"},
        {"刑事诉讼法", "154-157", "《刑事诉讼法》第一百五十四至一百五十七条"},
        {"刑事诉讼法; 规则（试行）", "89; 316",
         "《刑事诉讼法》第八十九条、《规则（试行）》第三百一十六条"},
        {"环境行政处罚办法", "8, 17", "《环境行政处罚办法》第八、十七条"},
        {"刑事诉讼法", "110", "《刑事诉讼法》第一百一十条"},
        {"刑事诉讼法", "100", "《刑事诉讼法》第一百条"},
        {"刑事诉讼法", "103", "《刑事诉讼法》第一百零三条"},
        {"信访条例; 工作管理办法", "33; to be checked",
         "《信访条例》第三十三条、《工作管理办法》（to be checked）"},
        {"复议法", "", "《复议法》"},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct lq_clock clock = {.instrument = CASES[i].instrument,
                                       .article = CASES[i].article};
        assert_string_equal(lq_law_cited(&arena, &clock), CASES[i].cited);
    }
    lq_arena_free(&arena);
}

static void only_some_units_are_always_as_long(void **state)
{
    (void)state;
    const struct {
        enum lq_clock_unit unit;
        int64_t ms;
    } units[] = {{LQ_UNIT_SECOND, 1000},   {LQ_UNIT_MINUTE, 60000},
                 {LQ_UNIT_HOUR, 3600000},  {LQ_UNIT_CALENDAR_DAY, 86400000},
                 {LQ_UNIT_WORKING_DAY, 0}, {LQ_UNIT_MONTH, 0},
                 {LQ_UNIT_YEAR, 0}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const struct lq_clock clock = {.number = 3, .unit = units[i].unit};
        assert_int_equal(lq_clock_fixed_ms(&clock), 3 * units[i].ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days),
        cmocka_unit_test(the_years_have_their_working_days),
        cmocka_unit_test(years_that_are_not_listed_know_only_weekends),
        cmocka_unit_test(a_seizure_ends_on_its_day),
        cmocka_unit_test(terms_in_working_days),
        cmocka_unit_test(hours_run_through_nights_and_holidays),
        cmocka_unit_test(months_and_years_keep_the_day_where_they_can),
        cmocka_unit_test(the_start_day_may_count),
        cmocka_unit_test(only_what_the_statute_rolls_rolls),
        cmocka_unit_test(custody_is_extended_from_its_last_day),
        cmocka_unit_test(what_the_calendar_lacks_is_said),
        cmocka_unit_test(both_readings_of_an_unsettled_unit_are_counted),
        cmocka_unit_test(every_term_is_as_long_as_it_should_be),
        cmocka_unit_test(the_entry_in_force_is_found),
        cmocka_unit_test(statutes_are_cited_as_people_cite_them),
        cmocka_unit_test(only_some_units_are_always_as_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
