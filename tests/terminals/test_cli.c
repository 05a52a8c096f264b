// The command line's own parts: options, times, words, and the rule of the rota.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "dispatch.pb-c.h"
#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"
#include "lq/nouns/rota.h"
#include "lq/show/words.h"

static const struct lq_arg ARGS[] = {
    LQ_POSITION("FIRST", NULL, LQ_MUST),
    LQ_POSITION("SECOND", NULL, LQ_MAY),
    LQ_OPTION("--from", "DAY", NULL, LQ_MAY, NULL, NULL, .kind = LQ_DAY),
    LQ_OPTION("--all", NULL, NULL, LQ_MAY, NULL, NULL),
    LQ_OPTION("--limit", "N", NULL, LQ_MAY, NULL, NULL, .kind = LQ_LIMIT),
    LQ_OPTION("--after", "N", NULL, LQ_MAY, NULL, NULL, .kind = LQ_MANY),
    LQ_OPTION("--why", "TEXT", NULL, LQ_MUST, NULL, NULL),
    {0},
};
static const struct lq_verb VERB =
    LQ_VERB("order", "frob", "", "", ARGS, .needs = {"why?", "why?"});

// The verb of the real tables whose message has members of every kind.
static const struct lq_arg ISSUE[] = {
    LQ_OPTION("--kind", "KIND", "kind", LQ_MAY, NULL, NULL),
    LQ_OPTION("--team", "TEAM", "teams", LQ_MAY, NULL, NULL),
    LQ_OPTION("--priority", "PRIORITY", "priority", LQ_MAY, NULL, NULL),
    LQ_OPTION("--vehicles", "N", "vehicles", LQ_MAY, NULL, NULL),
    LQ_OPTION("--override", NULL, "override", LQ_MAY, NULL, NULL),
    {0},
};
static const struct lq_verb ISSUE_VERB =
    LQ_VERB("order", "issue", "", "", ISSUE, LQ_SENDS("dispatch", "issue_order"));

static const struct lq_arg BARE[] = {
    LQ_OPTION("--why", "TEXT", NULL, LQ_MUST, NULL, NULL),
    {0},
};
static const struct lq_verb BARE_VERB = LQ_VERB("order", "bare", "", "", BARE, .run = NULL);

static const struct lq_arg LIST[] = {
    LQ_OPTION("--from", "TIME", "from_ms", LQ_MAY, NULL, NULL),
    LQ_OPTION("--to", "TIME", "to_ms", LQ_MAY, NULL, NULL, .kind = LQ_INSTANT_END),
    {0},
};
static const struct lq_verb LIST_VERB =
    LQ_VERB("order", "list", "", "", LIST, LQ_ASKS_FOR("dispatch", "list"));

// A line as main would hand it over; the words are writable as argv is.
struct line {
    int argc;
    char *argv[16];
    char text[512];
};

static void type(struct line *line, const char *text)
{
    line->argc = 0;
    strcpy(line->text, text);
    for (char *rest = line->text, *word; (word = strsep(&rest, "|")) != NULL;)
        line->argv[line->argc++] = word;
}

// ---------------------------------------------------------------- options

static void takes_options_wherever_they_stand(void **state)
{
    (void)state;
    struct line line;
    type(&line, "O0001|--team|T01|--all|T02|--team=T03");
    assert_true(lq_cli_flag(&line.argc, line.argv, "--all"));
    assert_false(lq_cli_flag(&line.argc, line.argv, "--all"));
    assert_string_equal(lq_cli_option(&line.argc, line.argv, "--team"), "T01");
    assert_string_equal(lq_cli_option(&line.argc, line.argv, "--team"), "T03");
    assert_null(lq_cli_option(&line.argc, line.argv, "--team"));
    assert_int_equal(line.argc, 2);
    assert_string_equal(line.argv[0], "O0001");
    assert_string_equal(line.argv[1], "T02");
}

static void keeps_values_as_they_were_typed(void **state)
{
    (void)state;
    struct line line;
    type(&line, "--township|本斋回族乡|--finding=--a=b|--empty=|--minus|-38.5");
    assert_string_equal(lq_cli_option(&line.argc, line.argv, "--township"), "本斋回族乡");
    assert_string_equal(lq_cli_option(&line.argc, line.argv, "--finding"), "--a=b");
    assert_string_equal(lq_cli_option(&line.argc, line.argv, "--empty"), "");
    assert_string_equal(lq_cli_option(&line.argc, line.argv, "--minus"), "-38.5");
    assert_int_equal(line.argc, 0);
}

static void an_option_is_not_a_part_of_another(void **state)
{
    (void)state;
    struct line line;
    type(&line, "--format-x|json|--formatted");
    assert_null(lq_cli_option(&line.argc, line.argv, "--format"));
    assert_false(lq_cli_flag(&line.argc, line.argv, "--format"));
    assert_int_equal(line.argc, 3);
}

static int take(struct lq_cli *cli, const struct lq_verb *verb, const char *text)
{
    static struct line line;
    type(&line, text);
    lq_arena_free(&cli->arena);
    *cli = (struct lq_cli){.verb = verb};
    return lq_take_arguments(cli, *text != '\0' ? line.argc : 0, line.argv);
}

static void refuses_what_is_left_over(void **state)
{
    (void)state;
    const char *const bad[] = {"a|--why=w|--frob",
                               "a|--why=w|--from",
                               "a|--why=w|--from=x",
                               "a|--why=w|--all=1",
                               "a|--why=w|--fro=today",
                               "a|b|c|--why=w",
                               "--why=w",
                               "a|b",
                               "a|--why=",
                               "a|--why=w|--why=v",
                               "a|--why=w|--limit=x",
                               ""};
    struct lq_cli cli = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(take(&cli, &VERB, bad[i]), LQ_EXIT_USAGE);
    assert_int_equal(take(&cli, &VERB, "a|--why=w|b"), LQ_EXIT_DONE);
    assert_string_equal(lq_given_text(&cli, "SECOND"), "b");
    assert_string_equal(lq_given_text(&cli, "--why"), "w");
    assert_false(lq_given(&cli, "--all"));
    assert_null(lq_given_text(&cli, "--from"));
    lq_arena_free(&cli.arena);
}

static void takes_what_may_be_given_repeatedly(void **state)
{
    (void)state;
    struct lq_cli cli = {0};
    size_t count;
    assert_int_equal(take(&cli, &VERB, "a|--after=1|--why=w|--after|2"), LQ_EXIT_DONE);
    const char *const *all = lq_given_all(&cli, "--after", &count);
    assert_int_equal(count, 2);
    assert_string_equal(all[0], "1");
    assert_string_equal(all[1], "2");
    lq_given_all(&cli, "--nothing", &count);
    assert_int_equal(count, 0);
    lq_arena_free(&cli.arena);
}

static void fills_a_message_by_its_descriptor(void **state)
{
    (void)state;
    struct lq_cli cli = {0};
    Dispatch__IssueOrder order = DISPATCH__ISSUE_ORDER__INIT;
    char machines[] = "stays";
    order.instructions = machines;
    assert_int_equal(take(&cli, &ISSUE_VERB,
                          "--team|T01|--kind=raid|--priority|FLASH|--team=T02|--vehicles=7|"
                          "--override"),
                     LQ_EXIT_DONE);
    lq_given_fill(&cli, &order.base);
    assert_string_equal(order.kind, "raid");
    assert_int_equal(order.n_teams, 2);
    assert_string_equal(order.teams[1], "T02");
    assert_int_equal(order.priority, DISPATCH__PRIORITY__FLASH);
    assert_int_equal(order.vehicles, 7);
    assert_true(order.override);
    assert_string_equal(order.instructions, "stays");
    assert_int_equal(take(&cli, &ISSUE_VERB, "--priority=high"), LQ_EXIT_USAGE);
    assert_int_equal(take(&cli, &BARE_VERB, ""), LQ_EXIT_USAGE); // the usual words, for want of own
    lq_arena_free(&cli.arena);
}

static void a_value_is_never_another_option(void **state)
{
    (void)state;
    struct line line;
    type(&line, "--from|--all");
    assert_null(lq_cli_option(&line.argc, line.argv, "--from"));
    assert_int_equal(line.argc, 2); // still there, to be complained of
}

static void reads_values_of_a_kind(void **state)
{
    (void)state;
    struct lq_cli cli = {0};
    assert_int_equal(take(&cli, &VERB, "a|--why=w|--limit|4294967295|--from|2015-03-06"),
                     LQ_EXIT_DONE);
    assert_int_equal(lq_given_number(&cli, "--limit"), UINT32_MAX);
    assert_int_equal(lq_given_number(&cli, "--from"), lq_day_from_date(2015, 3, 6));
    assert_int_equal(lq_given_number(&cli, "--after"), 0);
    Dispatch__ListOrders asked = DISPATCH__LIST_ORDERS__INIT;
    assert_int_equal(take(&cli, &LIST_VERB, "--from|2015-03-06|--to|2015-03-06"), LQ_EXIT_DONE);
    lq_given_fill(&cli, &asked.base);
    assert_int_equal(asked.to_ms - asked.from_ms, LQ_DAY_MS);
    const char *const bad[] = {"-1", "4294967296", "", "1x", " 1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        snprintf(text, sizeof text, "a|--why=w|--limit=%s", bad[i]);
        assert_int_equal(take(&cli, &VERB, text), LQ_EXIT_USAGE);
    }
    lq_arena_free(&cli.arena);
}

// ---------------------------------------------------------------- times

static void reads_instants(void **state)
{
    (void)state;
    int64_t at = 0, expected = lq_day_start_ms(lq_day_from_date(2015, 3, 6)) +
                               ((13 * 60 + 14) * 60 + 38) * 1000LL;
    const char *const same[] = {"2015-03-06T13:14:38+08:00",
                                "2015-03-06T05:14:38Z",
                                "2015-03-06 13:14:38",
                                "2015-03-06T13:14:38",
                                "2015年3月6日 下午1时14分38秒",
                                "2015/3/6 13:14:38",
                                "２０１５－０３－０６　１３：１４：３８"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true(lq_cli_instant(same[i], &at));
        assert_int_equal(at, expected);
    }
    assert_true(lq_cli_instant("2015-03-06 13:14", &at));
    assert_int_equal(at, expected - 38000);
}

static void reads_instants_of_these_days(void **state)
{
    (void)state;
    int64_t today = 0, named = 0, before = 0;
    assert_true(lq_cli_instant("13:14", &today));
    assert_true(lq_cli_instant("today 13:14", &named));
    assert_true(lq_cli_instant("yesterday 13:14:00", &before));
    assert_int_equal(today, named);
    assert_int_equal(today - before, LQ_DAY_MS);
    assert_int_equal(lq_day_of(today), lq_day_of(lq_wall_ms()));
}

static void what_has_happened_is_past(void **state)
{
    (void)state;
    int64_t now = 0, typed = 0;
    assert_true(lq_parse_instant("2015-03-06T00:10:00+08:00", &now));
    assert_true(lq_parse_instant("2015-03-06T23:50:00+08:00", &typed));
    assert_int_equal(lq_cli_past(typed, now, LQ_DAY_LEFT_OUT), typed - LQ_DAY_MS);
    assert_int_equal(lq_cli_past(typed, now, LQ_NOTHING_LEFT_OUT), typed);
    assert_int_equal(lq_cli_past(now, now, LQ_DAY_LEFT_OUT), now);
    assert_int_equal(lq_cli_past(now - 1, now, LQ_DAY_LEFT_OUT), now - 1);
    const int64_t minute = 60 * 1000;
    assert_int_equal(lq_cli_past(now + 5 * minute, now, LQ_DAY_LEFT_OUT), now + 5 * minute);
    assert_int_equal(lq_cli_past(now + 6 * minute, now, LQ_DAY_LEFT_OUT),
                     now + 6 * minute - LQ_DAY_MS);
    assert_int_equal(lq_cli_left_out("23:50"), LQ_DAY_LEFT_OUT);
    assert_int_equal(lq_cli_left_out("23:50:10"), LQ_DAY_LEFT_OUT);
    assert_int_equal(lq_cli_left_out("today 23:50"), LQ_NOTHING_LEFT_OUT);
    assert_int_equal(lq_cli_left_out("24:00"), LQ_NOTHING_LEFT_OUT);
    assert_int_equal(lq_cli_left_out(""), LQ_NOTHING_LEFT_OUT);
}

// Tables leave out the year that it is; on the second of January, 12-31 was last year's.
static void a_day_without_a_year_is_past(void **state)
{
    (void)state;
    int64_t now = 0, typed = 0, meant = 0, leap = 0;
    assert_true(lq_parse_instant("2016-01-02T08:00:00+08:00", &now));
    assert_true(lq_parse_instant("2016-12-31T23:50:10+08:00", &typed));
    assert_true(lq_parse_instant("2015-12-31T23:50:10+08:00", &meant));
    assert_true(lq_parse_instant("2016-02-29T12:00:00+08:00", &leap));
    assert_int_equal(lq_cli_past(typed, now, LQ_YEAR_LEFT_OUT), meant);
    assert_int_equal(lq_cli_past(meant, now, LQ_YEAR_LEFT_OUT), meant);
    assert_int_equal(lq_cli_past(leap, now, LQ_YEAR_LEFT_OUT), leap); // there was none last year
    assert_int_equal(lq_cli_left_out("12-31 23:50"), LQ_YEAR_LEFT_OUT);
    assert_int_equal(lq_cli_left_out("12-31 23:50:10"), LQ_YEAR_LEFT_OUT);
    assert_int_equal(lq_cli_left_out("2015-12-31 23:50"), LQ_NOTHING_LEFT_OUT);
    int year, month, day;
    int32_t read = 0;
    assert_true(lq_cli_instant("12-31 23:50:10", &typed));
    lq_day_to_date(lq_day_of(lq_wall_ms()), &year, &month, &day);
    assert_true(lq_cli_day("12-31", &read));
    assert_int_equal(read, lq_day_from_date(year, 12, 31));
    assert_int_equal(lq_day_of(typed), read);
    assert_false(lq_cli_day("13-01", &read) || lq_cli_day("1-01", &read));
}

static void refuses_what_is_no_instant(void **state)
{
    (void)state;
    const char *const bad[] = {"",
                               "now",
                               "24:00",
                               "13:60",
                               "13:14:60",
                               "1:14",
                               "13.14",
                               "13:14:",
                               "2015-02-29 13:14",
                               "2015-03-06",
                               "2015-03-06 ",
                               "2015-03-06T",
                               "2015-03-06T13:14:38+0800",
                               "day before yesterday 13:14"};
    int64_t at = 42;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(lq_cli_instant(bad[i], &at));
    assert_int_equal(at, 42);
}

static void reads_days(void **state)
{
    (void)state;
    int32_t day = 0, yesterday = 0, tomorrow = 0;
    assert_true(lq_cli_day("2015-03-06", &day));
    assert_int_equal(day, lq_day_from_date(2015, 3, 6));
    assert_true(lq_cli_day("today", &day));
    assert_true(lq_cli_day("yesterday", &yesterday));
    assert_true(lq_cli_day("tomorrow", &tomorrow));
    assert_int_equal(yesterday, day - 1);
    assert_int_equal(tomorrow, day + 1);
    int32_t chinese = 0;
    assert_true(lq_cli_day("昨天", &chinese));
    assert_int_equal(chinese, yesterday);
    assert_true(lq_cli_day("今天", &chinese));
    assert_int_equal(chinese, day);
    assert_true(lq_cli_day("明日", &chinese));
    assert_int_equal(chinese, tomorrow);
    static const char *const SAME[] = {"2015-3-6",     "2015/3/6", "2015.3.6",
                                       "2015年3月6日", "20150306", "２０１５－０３－０６"};
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        assert_true(lq_cli_day(SAME[i], &day));
        assert_int_equal(day, lq_day_from_date(2015, 3, 6));
    }
    assert_false(lq_cli_day("2015-03-06 13:14", &day));
    assert_false(lq_cli_day("42069", &day)); // of a spreadsheet
    assert_false(lq_cli_day("2015年2月30日", &day));
    assert_false(lq_cli_day("6/3/2015", &day));
    assert_false(lq_cli_day("Today", &day));
}

// ---------------------------------------------------------------- words

static void words_come_from_the_messages(void **state)
{
    (void)state;
    char word[LQ_WORD_TEXT], words[LQ_WORDS_TEXT];
    int value = 42;
    assert_string_equal(lq_word(&dispatch__step__descriptor, DISPATCH__STEP__ON_SCENE, word),
                        "on_scene");
    assert_string_equal(lq_word(&dispatch__step__descriptor, 0, word), "");
    assert_string_equal(lq_word(&dispatch__step__descriptor, 99, word), "99");
    assert_true(lq_word_parse(&dispatch__step__descriptor, "on-Scene", &value));
    assert_int_equal(value, DISPATCH__STEP__ON_SCENE);
    assert_false(lq_word_parse(&dispatch__step__descriptor, "on_scen", &value));
    assert_false(lq_word_parse(&dispatch__step__descriptor, "on_scene2", &value));
    assert_false(lq_word_parse(&dispatch__step__descriptor, "step_unspecified", &value));
    assert_false(lq_word_parse(&dispatch__step__descriptor, "", &value));
    assert_string_equal(lq_words(&dispatch__priority__descriptor, words), "flash, urgent, routine");
}

static void suggests_the_nearest_word(void **state)
{
    (void)state;
    static const char *const KNOWN[] = {"order", "shift", "seizure", "status", "stats"};
    const size_t count = sizeof KNOWN / sizeof *KNOWN;
    assert_string_equal(lq_word_nearest("ordre", KNOWN, count), "order");
    static const char *const CHINESE[] = {"甲镇", "乙镇", "A"};
    assert_string_equal(lq_word_nearest("甲阵", CHINESE, 3), "甲镇");
    assert_null(lq_word_nearest("丙村", CHINESE, 3));
    assert_null(lq_word_nearest("C", CHINESE, 3)); // one letter is near to any other
    assert_string_equal(lq_word_nearest("seiz", KNOWN, count), "seizure");
    assert_string_equal(lq_word_nearest("stat", KNOWN, count), "status");
    assert_null(lq_word_nearest("kubectl", KNOWN, count));
    assert_null(lq_word_nearest("", KNOWN, count));
    assert_null(lq_word_nearest("a word that is longer than all the others are", KNOWN, count));
}

static void reads_degrees(void **state)
{
    (void)state;
    int32_t e7 = 0;
    char text[LQ_WORD_TEXT];
    assert_true(lq_degrees_parse("38.36568", &e7));
    assert_int_equal(e7, 383656800);
    assert_string_equal(lq_degrees(e7, text), "38.36568");
    assert_true(lq_degrees_parse("-116", &e7));
    assert_int_equal(e7, -1160000000);
    assert_string_equal(lq_degrees(e7, text), "-116.0");
    assert_true(lq_degrees_parse("1.23456789", &e7));
    assert_int_equal(e7, 12345678);
    const char *const bad[] = {"", "-", ".", "38.3.6", "38,3", "215", "1e2", "９"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(lq_degrees_parse(bad[i], &e7));
}

// ---------------------------------------------------------------- the rota

static void groups_swap_every_monday(void **state)
{
    (void)state;
    const struct lq_rota_pattern two = {.groups = {"A", "B"}, .group_count = 2, .shift_count = 2};
    Shift__Shift known = SHIFT__SHIFT__INIT;
    char night[] = "night", group[] = "B";
    known.date_day = lq_day_from_date(2015, 3, 6); // a Friday
    known.name = night;
    known.group = group;
    const int32_t monday = lq_day_from_date(2015, 3, 9);
    const struct {
        int32_t day;
        const char *on_day;
    } expected[] = {{monday - 7, "A"}, {monday - 1, "A"}, {monday, "B"},     {monday + 6, "B"},
                    {monday + 7, "A"}, {monday - 8, "B"}, {monday - 14, "B"}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const char *on_day = lq_rota_group(&two, &known, expected[i].day, 0);
        assert_string_equal(on_day, expected[i].on_day);
        assert_string_not_equal(on_day, lq_rota_group(&two, &known, expected[i].day, 1));
    }
}

// Four groups have three shifts, and one of them is off; they move on every Wednesday.
static void groups_move_on_by_one(void **state)
{
    (void)state;
    const struct lq_rota_pattern four = {
        .groups = {"甲", "乙", "丙", "丁"}, .group_count = 4, .shift_count = 3, .turn = 2};
    Shift__Shift known = SHIFT__SHIFT__INIT;
    char evening[] = "evening", group[] = "丁";
    known.date_day = lq_day_from_date(2017, 2, 28); // a Tuesday
    known.name = evening;
    known.group = group;
    const int32_t wednesday = lq_day_from_date(2017, 3, 1);
    const struct {
        int32_t day;
        const char *groups[3];
    } expected[] = {{wednesday - 1, {"丙", "丁", "甲"}},  {wednesday, {"丁", "甲", "乙"}},
                    {wednesday + 6, {"丁", "甲", "乙"}},  {wednesday + 7, {"甲", "乙", "丙"}},
                    {wednesday + 21, {"丙", "丁", "甲"}}, {wednesday - 8, {"乙", "丙", "丁"}},
                    {wednesday - 29, {"丙", "丁", "甲"}}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        for (unsigned shift = 0; shift < 3; shift++)
            assert_string_equal(lq_rota_group(&four, &known, expected[i].day, shift),
                                expected[i].groups[shift]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_options_wherever_they_stand),
        cmocka_unit_test(keeps_values_as_they_were_typed),
        cmocka_unit_test(an_option_is_not_a_part_of_another),
        cmocka_unit_test(refuses_what_is_left_over),
        cmocka_unit_test(takes_what_may_be_given_repeatedly),
        cmocka_unit_test(fills_a_message_by_its_descriptor),
        cmocka_unit_test(a_value_is_never_another_option),
        cmocka_unit_test(reads_values_of_a_kind),
        cmocka_unit_test(reads_instants),
        cmocka_unit_test(what_has_happened_is_past),
        cmocka_unit_test(a_day_without_a_year_is_past),
        cmocka_unit_test(reads_instants_of_these_days),
        cmocka_unit_test(refuses_what_is_no_instant),
        cmocka_unit_test(reads_days),
        cmocka_unit_test(words_come_from_the_messages),
        cmocka_unit_test(suggests_the_nearest_word),
        cmocka_unit_test(reads_degrees),
        cmocka_unit_test(groups_swap_every_monday),
        cmocka_unit_test(groups_move_on_by_one),
    };
    return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
