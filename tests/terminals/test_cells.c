// Cells as people, spreadsheets and other systems spell them, and what becomes of them.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lq/import/cell.h"
#include "lq/import/import.h"

static struct lq_arena arena;

static int tear_down(void **state)
{
    (void)state;
    lq_arena_free(&arena);
    return 0;
}

static void is_text(const char *raw, bool fold, const char *expected)
{
    const char *why = NULL, *text = lq_cell_text(&arena, raw, fold, &why);
    if (why != NULL)
        fail_msg("\"%s\" is refused: %s", raw, why);
    assert_string_equal(text, expected);
}

static void is_refused(const char *raw, const char *reason)
{
    for (int fold = 0; fold < 2; fold++) {
        const char *why = NULL;
        lq_cell_text(&arena, raw, fold != 0, &why);
        if (why == NULL || strstr(why, reason) == NULL)
            fail_msg("\"%s\": %s, and not: %s", raw, why != NULL ? why : "taken", reason);
    }
}

static void what_looks_alike_is_the_same(void **state)
{
    (void)state;
    is_text("E9001", true, "E9001");
    is_text("Ｅ９００１", true, "E9001");
    is_text(" \t　E9001\xc2\xa0\n", true, "E9001");
    is_text("甲　厂", true, "甲 厂");
    is_text("（１）号，①", true, "(1)号,1");
    is_text("", true, "");
    is_text(" 　 ", true, "");
}

// A text is not an identity: it stays as it was written, but for its ends.
static void texts_stay_as_they_are_written(void **state)
{
    (void)state;
    is_text("　夜间（１）偷偷生产，冲天炉冒黑烟。　", false, "夜间（１）偷偷生产，冲天炉冒黑烟。");
    is_text("第一行\n第二行", false, "第一行\n第二行");
    is_text("e\xcc\x81t\xc3\xa9", false, "\xc3\xa9t\xc3\xa9"); // but é is é
}

static void what_cannot_be_seen_is_named(void **state)
{
    (void)state;
    is_refused("E9001​", "its character 6 is U+200B, a zero-width space");
    is_refused("​郭庄镇", "its character 1 is U+200B, a zero-width space");
    is_refused("郭\xef\xbb\xbf庄", "its character 2 is U+FEFF, a byte order mark");
    is_refused("a\xe2\x80\xae"
               "b",
               "U+202E, a mark of direction");
    is_refused("a\xc2\xad"
               "b",
               "U+00AD, a soft hyphen");
    is_refused("a\x01"
               "b",
               "U+0001, a control character");
    is_refused("\xef\xbf\xbd", "U+FFFD, the sign of a character that was lost");
    is_refused("ㅤ", "U+3164, a Hangul filler");
}

static void what_a_spreadsheet_lost_is_refused(void **state)
{
    (void)state;
    is_refused("1.39E+10", "has rounded this number");
    is_refused("1.20E+11", "has rounded this number");
    is_refused(" 1e+05 ", "has rounded this number");
    is_refused("-1.5E-07", "has rounded this number");
    is_refused("#REF!", "error of the spreadsheet");
    is_refused("#N/A", "error of the spreadsheet");
    is_refused("########", "error of the spreadsheet");
    is_text("1E5", true, "1E5"); // a room
    is_text("E+10", true, "E+10");
    is_text("#1", true, "#1");
}

// The apostrophe that exports put before a formula comes off again.
static void guards_come_off(void **state)
{
    (void)state;
    is_text("'=1+1", false, "=1+1");
    is_text("'+8613900000000", false, "+8613900000000");
    is_text("'＝1+1", false, "＝1+1");
    is_text("'tis", false, "'tis");
    is_text("=1+1", false, "=1+1");
}

static void is_count(const char *text, const char *expected)
{
    assert_string_equal(lq_cell_count(&arena, text), expected);
}

static void numbers_lose_what_says_nothing(void **state)
{
    (void)state;
    is_count("1,234,567", "1234567");
    is_count("12,345", "12345");
    is_count("007", "7");
    is_count("000", "0");
    is_count("3.00", "3");
    is_count("1,500.0", "1500");
    static const char *const STAY[] = {"1,23", ",123",  "1234,567", "1,2345", "1,,234",
                                       "3.5",  "3.",    ".0",       "-3",     "3a",
                                       "",     "1.0.0", "1,234,"};
    for (size_t i = 0; i < sizeof STAY / sizeof *STAY; i++)
        is_count(STAY[i], STAY[i]);
    assert_string_equal(lq_cell_degrees(&arena, "38.3650"), "38.365");
    assert_string_equal(lq_cell_degrees(&arena, "38.0"), "38");
    assert_string_equal(lq_cell_degrees(&arena, "100"), "100");
    assert_string_equal(lq_cell_degrees(&arena, "116.54024 °"), "116.54024");
    assert_string_equal(lq_cell_list(&arena, "T01、T02, T03;;T04  T05"), "T01 T02 T03 T04 T05");
    assert_string_equal(lq_cell_list(&arena, " 、"), "");
}

// ---------------------------------------------------------------- days and times

static const char *folded(const char *raw)
{
    const char *why = NULL, *text = lq_cell_text(&arena, raw, true, &why);
    assert_null(why);
    return text;
}

static void is_day(const char *raw, const char *expected)
{
    const char *why = NULL, *day = lq_cell_day(&arena, folded(raw), &why);
    if (why != NULL)
        fail_msg("\"%s\" is refused: %s", raw, why);
    assert_string_equal(day, expected);
}

static void is_no_day(const char *raw, const char *reason)
{
    const char *why = NULL;
    lq_cell_day(&arena, folded(raw), &why);
    if (why == NULL || strstr(why, reason) == NULL)
        fail_msg("\"%s\": %s, and not: %s", raw, why != NULL ? why : "taken", reason);
}

static void days_are_read(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "2015-07-05",          "2015-7-5",      "2015/7/5",
        "2015/07/05",          "2015.7.5",      "2015年7月5日",
        "2015年07月05日",      "2015年7月5号",  "２０１５-０７-０５",
        "２０１５年７月５日",  "20150705",      "42190",
        "2015-07-05 00:00:00", "2015/7/5 0:00", "2015年7月5日星期日",
        "2015年7月5日 星期日", "42190.0",       "2015-07-05T00:00:00+08:00",
    };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        is_day(SAME[i], "2015-07-05");
    is_day("", "");
    is_day("2016-02-29", "2016-02-29");
    is_day("1980-01-01", "1980-01-01");
    is_day("2099-12-31", "2099-12-31");
}

static void other_days_are_refused(void **state)
{
    (void)state;
    static const char *const NONE[] = {
        "20-Jul-15",   "7/20/2015", "15/7/20",    "2015-13-01", "2015-02-29",
        "2015-07-00",  "2015/7",    "2015-7/5",   "2015年7月5", "2015-07-05x",
        "0",           "123456",    "2015070",    "tomorrow",   "2015-07-05T00:00:00Z",
        "2015-07-051", "42190.",    "2015-007-05"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        is_no_day(NONE[i], "a day is written");
    is_no_day("2015-07-05 08:00", "it has a time of day");
    is_no_day("1900-01-00", "a day is written");
    is_no_day("1900-01-01", "of the years 1980 to 2099");
    is_no_day("1979-12-31", "of the years 1980 to 2099");
    is_no_day("2100-01-01", "of the years 1980 to 2099");
    is_no_day("10000", "of the years 1980 to 2099");
}

static void is_time(const char *raw, const char *expected)
{
    const char *why = NULL, *time = lq_cell_instant(&arena, folded(raw), &why);
    if (why != NULL)
        fail_msg("\"%s\" is refused: %s", raw, why);
    assert_string_equal(time, expected);
}

static void is_no_time(const char *raw, const char *reason)
{
    const char *why = NULL;
    lq_cell_instant(&arena, folded(raw), &why);
    if (why == NULL || strstr(why, reason) == NULL)
        fail_msg("\"%s\": %s, and not: %s", raw, why != NULL ? why : "taken", reason);
}

static void times_are_read(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "2015-06-05T20:08:00+08:00",
        "2015-06-05T12:08:00Z",
        "2015-06-05T20:08:00.000+08:00",
        "2015/6/5 20:08",
        "2015-6-5 20:08:00",
        "2015.6.5 20:08",
        "2015年6月5日 20:08",
        "2015年6月5日20时8分",
        "2015年6月5日20时8分0秒",
        "2015/6/5 下午8:08",
        "2015/6/5 8:08 PM",
        "2015/6/5 8:08:00 PM",
        "2015年6月5日 下午8点8分",
        "２０１５/６/５　２０：０８",
        "42160.8388889",
        "2015-06-05 12:08Z",
        "2015-06-05 20:08+08:00",
        "2015年6月5日 星期五 20:08",
    };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        is_time(SAME[i], "2015-06-05T20:08:00+08:00");
    is_time("2015/6/5 上午12:08", "2015-06-05T00:08:00+08:00");
    is_time("2015/6/5 12:08 PM", "2015-06-05T12:08:00+08:00");
    is_time("2015/6/5 0:00", "2015-06-05T00:00:00+08:00");
    is_time("2015-06-05 20:08:07.250", "2015-06-05T20:08:07.250+08:00");
    is_time("42160.99999999", "2015-06-06T00:00:00+08:00");
    is_time("", "");
}

static void other_times_are_refused(void **state)
{
    (void)state;
    static const char *const NONE[] = {
        "20:08",           "2015/6/5 25:08",   "2015/6/5 20:60",  "2015/6/5 20:8",
        "2015/6/5 20:08x", "6/5/2015 20:08",   "2015-02-30 8:00", "下午",
        "2015/6/5 下午",   "2015/6/5 20:08 -8"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        is_no_time(NONE[i], "a time is written");
    is_no_time("2015-06-05", "the time of day is missing");
    is_no_time("42160", "the time of day is missing");
    is_no_time("1900-01-01 08:00", "of the years 1980 to 2099");
}

// ---------------------------------------------------------------- ids

static const struct lq_ledger *ledger_named(const char *file)
{
    const struct lq_ledger *ledger = lq_ledgers;
    while (strcmp(ledger->file, file) != 0)
        ledger++;
    return ledger;
}

static const char *canonical(const char *file, int column, const char *raw)
{
    const struct lq_ledger *ledger = ledger_named(file);
    const char *fields[LQ_LEDGER_COLUMNS_MAX] = {0};
    fields[column] = raw;
    struct lq_ledger_row row = {.arena = &arena, .columns = ledger->columns, .fields = fields};
    const char *text = lq_ledger_canonical(ledger, &row, column);
    return row.why != NULL ? row.why : text;
}

static void columns_have_words_of_their_own(void **state)
{
    (void)state;
    enum { CHANNEL = 2, ROLE = 3, VERIFIED = 5, REWARD = 6, PRIORITY = 5, EVENT = 1 };
    assert_string_equal(canonical("people.csv", ROLE, "组长"), "lead");
    assert_string_equal(canonical("people.csv", ROLE, "调度台"), "desk");
    assert_string_equal(canonical("people.csv", ROLE, "公安联络员"), "liaison");
    assert_string_equal(canonical("people.csv", ROLE, "Officer"), "officer");
    assert_string_equal(canonical("people.csv", ROLE, "组"), "组");
    assert_string_equal(canonical("operations.csv", PRIORITY, "一般"), "routine");
    assert_string_equal(canonical("enterprise_events.csv", EVENT, "关停取缔"), "closed");
    assert_string_equal(canonical("seal_events.csv", EVENT, "延期"), "extended");
    assert_string_equal(canonical("seal_events.csv", EVENT, "Released"), "released");
    assert_string_equal(canonical("tips.csv", CHANNEL, "来信"), "letter");
    assert_string_equal(canonical("tips.csv", VERIFIED, "是"), "yes");
    assert_string_equal(canonical("tips.csv", VERIFIED, "FALSE"), "no");
    assert_string_equal(canonical("tips.csv", REWARD, "0"), "");
    assert_string_equal(canonical("tips.csv", REWARD, "１,５００"), "1500");
    assert_non_null(strstr(canonical("people.csv", 0, "P1\nP2"), "a line break or tab"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_looks_alike_is_the_same),
        TEST(texts_stay_as_they_are_written),
        TEST(what_cannot_be_seen_is_named),
        TEST(what_a_spreadsheet_lost_is_refused),
        TEST(guards_come_off),
        TEST(numbers_lose_what_says_nothing),
        TEST(days_are_read),
        TEST(other_days_are_refused),
        TEST(times_are_read),
        TEST(other_times_are_refused),
        TEST(columns_have_words_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
