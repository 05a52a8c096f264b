// The command line's own parts: options, times, words, and the rule of the rota.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "dispatch.pb-c.h"
#include "lq/cli/cli.h"
#include "lq/nouns/rota.h"
#include "lq/show/words.h"

static const struct lq_cli_command COMMAND = {"order", "list", "", "", "  --from DAY\n  --all\n",
                                              NULL};

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
    assert_string_equal(lq_cli_text(&line.argc, line.argv, "--team"), "");
    assert_int_equal(line.argc, 2);
    assert_string_equal(line.argv[0], "O0001");
    assert_string_equal(line.argv[1], "T02");
    assert_true(lq_cli_arguments(&COMMAND, line.argc, line.argv, 1, 2));
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

static void refuses_what_is_left_over(void **state)
{
    (void)state;
    const char *const bad[] = {"--frob", "--from", "--from=x", "--all", "a|b|c"};
    struct line line;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        type(&line, bad[i]);
        assert_false(lq_cli_arguments(&COMMAND, line.argc, line.argv, 0, 2));
    }
    assert_false(lq_cli_arguments(&COMMAND, 0, line.argv, 1, 1));
    type(&line, "a|b|c");
    assert_true(lq_cli_arguments(&COMMAND, line.argc, line.argv, 0, -1));
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
    struct line line;
    uint32_t number = 7;
    int word = 0;
    int32_t day = 0;
    int64_t from = 0, to = 0;
    type(&line, "--limit|4294967295|--priority|FLASH|--day|2015-03-06|--from|2015-03-06|--to|"
                "2015-03-06");
    assert_true(lq_cli_number_option(&COMMAND, &line.argc, line.argv, "--absent", &number));
    assert_int_equal(number, 7);
    assert_true(lq_cli_number_option(&COMMAND, &line.argc, line.argv, "--limit", &number));
    assert_int_equal(number, UINT32_MAX);
    assert_true(lq_cli_enum_option(&COMMAND, &line.argc, line.argv, "--priority",
                                   &dispatch__priority__descriptor, &word));
    assert_int_equal(word, DISPATCH__PRIORITY__FLASH);
    assert_true(lq_cli_day_option(&COMMAND, &line.argc, line.argv, "--day", &day));
    assert_int_equal(day, lq_day_from_date(2015, 3, 6));
    assert_true(lq_cli_instant_option(&COMMAND, &line.argc, line.argv, "--from", false, &from));
    assert_true(lq_cli_instant_option(&COMMAND, &line.argc, line.argv, "--to", true, &to));
    assert_int_equal(to - from, LQ_DAY_MS);
    const char *const bad[] = {"-1", "4294967296", "", "1x", " 1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        type(&line, "--limit=");
        strcat(line.argv[0], bad[i]);
        assert_false(lq_cli_number_option(&COMMAND, &line.argc, line.argv, "--limit", &number));
    }
}

// ---------------------------------------------------------------- times

static void reads_instants(void **state)
{
    (void)state;
    int64_t at = 0, expected = lq_day_start_ms(lq_day_from_date(2015, 3, 6)) +
                               ((13 * 60 + 14) * 60 + 38) * 1000LL;
    const char *const same[] = {"2015-03-06T13:14:38+08:00", "2015-03-06T05:14:38Z",
                                "2015-03-06 13:14:38", "2015-03-06T13:14:38"};
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
                               "2015-03-06  13:14",
                               "2015-03-06 13:14 ",
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
    assert_false(lq_cli_day("2015-3-6", &day));
    assert_false(lq_cli_day("2015-03-06 13:14", &day));
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
    static const char *const GROUPS[] = {"A", "B"};
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
        const struct lq_rota_week week = lq_rota_week(&known, GROUPS, expected[i].day);
        assert_string_equal(week.on_day, expected[i].on_day);
        assert_string_not_equal(week.on_day, week.on_night);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_options_wherever_they_stand),
        cmocka_unit_test(keeps_values_as_they_were_typed),
        cmocka_unit_test(an_option_is_not_a_part_of_another),
        cmocka_unit_test(refuses_what_is_left_over),
        cmocka_unit_test(a_value_is_never_another_option),
        cmocka_unit_test(reads_values_of_a_kind),
        cmocka_unit_test(reads_instants),
        cmocka_unit_test(reads_instants_of_these_days),
        cmocka_unit_test(refuses_what_is_no_instant),
        cmocka_unit_test(reads_days),
        cmocka_unit_test(words_come_from_the_messages),
        cmocka_unit_test(suggests_the_nearest_word),
        cmocka_unit_test(reads_degrees),
        cmocka_unit_test(groups_swap_every_monday),
    };
    return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
