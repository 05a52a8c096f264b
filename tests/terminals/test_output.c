// Tables, JSON and CSV as they come out, byte by byte.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lq/show/output.h"
#include "lq/show/page.h"
#include "lq/show/text.h"

static const struct lq_column COLUMNS[] = {{.key = "team", .title = "队"},
                                           {.key = "due_hours", .title = "HOURS", .right = true},
                                           {.key = "remark", .title = "REMARK"}};

static char printed[65536];

static const char *print(struct lq_output *output, struct lq_output_style style)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(lq_output_print(output, style, file), LQ_OK);
    rewind(file);
    const size_t size = fread(printed, 1, sizeof printed - 1, file);
    printed[size] = '\0';
    fclose(file);
    lq_output_free(output);
    return printed;
}

static const char *print_as(enum lq_format format, struct lq_output *output)
{
    return print(output, (struct lq_output_style){.format = format});
}

static const char *print_within(size_t width, struct lq_output *output)
{
    return print(output, (struct lq_output_style){
                             .format = LQ_FORMAT_TABLE, .terminal = true, .width = width});
}

static void add_row(struct lq_output *output, const char *team, int64_t hours, const char *remark)
{
    lq_output_text(output, team);
    lq_output_number(output, hours);
    lq_output_text(output, remark);
}

static struct lq_output *teams(void)
{
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    add_row(output, "第一组", 24, "已到场");
    add_row(output, "T02", -7, "on the way");
    lq_output_text(output, "环保e组");
    lq_output_none(output);
    lq_output_text(output, "");
    return output;
}

static void lines_up_chinese_text(void **state)
{
    (void)state;
    const char *expected = "队       HOURS  REMARK\n"
                           "第一组      24  已到场\n"
                           "T02         -7  on the way\n"
                           "环保e组\n";
    assert_string_equal(print_as(LQ_FORMAT_TABLE, teams()), expected);
    setlocale(LC_ALL, "C"); // our own rule says the same
    assert_string_equal(print_as(LQ_FORMAT_TABLE, teams()), expected);
    setlocale(LC_ALL, "C.UTF-8");
}

static void says_that_there_is_nothing(void **state)
{
    (void)state;
    assert_string_equal(print_as(LQ_FORMAT_TABLE, lq_output_new(COLUMNS, 3)), "(none)\n");
    assert_string_equal(print_as(LQ_FORMAT_JSON, lq_output_new(COLUMNS, 3)), "[]\n");
    assert_string_equal(print_as(LQ_FORMAT_CSV, lq_output_new(COLUMNS, 3)),
                        "team,due_hours,remark\r\n");
}

static struct lq_output *long_remark(void)
{
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    add_row(output, "T01", 5, "查封冲天炉一座并拆除");
    add_row(output, "T02", 5, "short");
    return output;
}

static void cuts_the_widest_text_to_the_terminal(void **state)
{
    (void)state;
    assert_string_equal(print_within(32, long_remark()), "队   HOURS  REMARK\n"
                                                         "T01      5  查封冲天炉一座并拆除\n"
                                                         "T02      5  short\n");
    assert_string_equal(print_within(31, long_remark()), "队   HOURS  REMARK\n"
                                                         "T01      5  查封冲天炉一座并拆…\n"
                                                         "T02      5  short\n");
    // an odd column is left over rather than half a character shown
    assert_string_equal(print_within(30, long_remark()), "队   HOURS  REMARK\n"
                                                         "T01      5  查封冲天炉一座并…\n"
                                                         "T02      5  short\n");
    assert_string_equal(print_within(18, long_remark()), "队   HOURS  REMARK\n"
                                                         "T01      5  查封…\n"
                                                         "T02      5  short\n");
    assert_string_equal(print_within(17, long_remark()), "队   HOURS  …\n"
                                                         "T01      5\n"
                                                         "T02      5\n");
}

static void cuts_in_the_middle_and_pads(void **state)
{
    (void)state;
    static const struct lq_column columns[] = {{.key = "remark", .title = "REMARK"},
                                               {.key = "n", .title = "N", .right = true}};
    struct lq_output *output = lq_output_new(columns, 2);
    lq_output_text(output, "查封冲天炉一座");
    lq_output_number(output, 1);
    lq_output_text(output, "e\xcc\x81\xcc\x81lectric furnace");
    lq_output_number(output, 22);
    assert_string_equal(print_within(12, output), "REMARK     N\n"
                                                  "查封冲…    1\n"
                                                  "e\xcc\x81\xcc\x81lectri…  22\n");
}

static void never_cuts_what_must_be_whole(void **state)
{
    (void)state;
    static const struct lq_column columns[] = {{.key = "order", .title = "ORDER", .whole = true},
                                               {.key = "remark", .title = "REMARK"}};
    struct lq_output *output = lq_output_new(columns, 2);
    lq_output_text(output, "献环罚〔2015〕3号");
    lq_output_text(output, "electric");
    assert_string_equal(print_within(25, output), "ORDER              REMARK\n"
                                                  "献环罚〔2015〕3号  elect…\n");
}

static void leaves_out_first_what_says_nothing(void **state)
{
    (void)state;
    static const struct lq_column columns[] = {{.title = "TEAM", .whole = true},
                                               {.title = "DECLINED", .whole = true},
                                               {.title = "BY", .least = LQ_ENTERED_LEAST}};
    struct lq_output *output = lq_output_new(columns, 3);
    lq_output_text(output, "T01");
    lq_output_none(output);
    lq_output_text(output, "P1005 for P1039");
    assert_string_equal(print_within(26, output), "TEAM  BY  …\n"
                                                  "T01   P1005 for P1039\n");
}

// What fits on no line is told below itself, all of it.
static void rows_that_fit_nowhere_become_lines(void **state)
{
    (void)state;
    static const struct lq_column columns[] = {{.title = "编号", .whole = true},
                                               {.title = "经过", .whole = true},
                                               {.title = "备注", .whole = true}};
    struct lq_output *output = lq_output_new(columns, 3);
    lq_output_text(output, "献环罚〔2015〕3号");
    lq_output_text(output, "2015-03-06 查明,\n2015-03-07 交由 P1119 抓获");
    lq_output_text(output, "");
    lq_output_text(output, "R2");
    lq_output_text(output, "2015-03-06");
    lq_output_text(output, "在逃");
    assert_string_equal(print_within(27, output), "编号  献环罚〔2015〕3号\n"
                                                  "经过  2015-03-06 查明,\n"
                                                  "      2015-03-07 交由\n"
                                                  "      P1119 抓获\n"
                                                  "\n"
                                                  "编号  R2\n"
                                                  "经过  2015-03-06\n"
                                                  "备注  在逃\n");
}

static void never_steers_a_terminal(void **state)
{
    (void)state;
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    add_row(output, "\x1b[2J\x7f", 1,
            "a\nb\tc\r\xc2\x9b"
            "31m\xe2\x80\xae\xff献\xe7\xbb");
    const char *text = print_as(LQ_FORMAT_TABLE, output);
    assert_non_null(strstr(text, "\\x1B[2J\\x7F"));
    assert_non_null(strstr(text, "a b c\\x0D\\x9B31m\\u202E\\xFF献\\xE7\\xBB\n"));
    for (const char *at = text; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
}

static void writes_json(void **state)
{
    (void)state;
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    add_row(output, "第一组", INT64_MIN, "\x1b\x7f\xc2\x9b\"\n");
    lq_output_text(output, "bad\xff");
    lq_output_none(output);
    lq_output_flag(output, true);
    const char *text = print_as(LQ_FORMAT_JSON, output);
    assert_string_equal(text, "[\n  {\n    \"team\": \"第一组\",\n"
                              "    \"due_hours\": -9223372036854775808,\n"
                              "    \"remark\": \"\\u001B\\u007F\\u009B\\\"\\n\"\n  },\n"
                              "  {\n    \"team\": \"bad\\\\xFF\",\n    \"due_hours\": null,\n"
                              "    \"remark\": true\n  }\n]\n");
    json_t *read = json_loads(text, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(json_array_get(read, 0), "remark")),
                        "\x1b\x7f\xc2\x9b\"\n");
    json_decref(read);
}

static void writes_csv(void **state)
{
    (void)state;
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    add_row(output, "a,b", 5, "say \"no\"");
    add_row(output, " a", -5, "two\nlines");
    lq_output_flag(output, false);
    lq_output_none(output);
    lq_output_text(output, "第一组");
    const struct lq_output_style style = {.format = LQ_FORMAT_CSV, .bom = true};
    assert_string_equal(print(output, style), "\xef\xbb\xbfteam,due_hours,remark\r\n"
                                              "\"a,b\",5,\"say \"\"no\"\"\"\r\n"
                                              "\" a\",-5,\"two\nlines\"\r\n"
                                              "no,,第一组\r\n");
}

// Texts come from the public; a spreadsheet must not run them. Numbers are no texts.
static void csv_begins_no_formula(void **state)
{
    (void)state;
    static const struct lq_column columns[] = {{.key = "a"}, {.key = "b"}};
    static const char *const formulas[] = {"=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "＝1", "＠a"};
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        char expected[64], *text = NULL;
        size_t size;
        struct lq_output *output = lq_output_new(columns, 2);
        lq_output_text(output, formulas[i]);
        lq_output_number(output, -5);
        FILE *stream = open_memstream(&text, &size);
        assert_int_equal(
            lq_output_print(output, (struct lq_output_style){.format = LQ_FORMAT_CSV}, stream),
            LQ_OK);
        fclose(stream);
        const char *quote = formulas[i][0] == '\t' ? "\"" : "";
        snprintf(expected, sizeof expected, "a,b\r\n%s'%s%s,-5\r\n", quote, formulas[i], quote);
        assert_string_equal(text, expected);
        free(text);
        lq_output_free(output);
    }
}

static void csv_on_a_terminal_is_safe(void **state)
{
    (void)state;
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    add_row(output, "\x1b[2J", 5, "a\nb");
    const struct lq_output_style style = {.format = LQ_FORMAT_CSV, .terminal = true};
    assert_string_equal(print(output, style), "team,due_hours,remark\r\n\\x1B[2J,5,a b\r\n");
}

static void knows_the_formats(void **state)
{
    (void)state;
    enum lq_format format = LQ_FORMAT_TABLE;
    assert_true(lq_format_parse("csv", &format));
    assert_int_equal(format, LQ_FORMAT_CSV);
    assert_true(lq_format_parse("json", &format));
    assert_int_equal(format, LQ_FORMAT_JSON);
    assert_true(lq_format_parse("table", &format));
    assert_int_equal(format, LQ_FORMAT_TABLE);
    assert_false(lq_format_parse("xml", &format));
}

static void a_file_is_no_terminal(void **state)
{
    (void)state;
    setenv("COLUMNS", "20", 1);
    FILE *file = tmpfile();
    const struct lq_output_style style = lq_output_style(LQ_FORMAT_TABLE, false, file);
    assert_false(style.terminal);
    assert_int_equal(style.width, 0);
    fclose(file);
    unsetenv("COLUMNS");
}

static void a_full_disk_is_a_fault(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    struct lq_output *output = teams();
    assert_int_equal(lq_output_print(output, (struct lq_output_style){0}, full), LQ_E_IO);
    assert_non_null(strstr(lq_fault_text(), "cannot write the output"));
    lq_output_free(output);
    fclose(full);
}

static void keeps_many_rows(void **state)
{
    (void)state;
    struct lq_output *output = lq_output_new(COLUMNS, 3);
    for (int i = 0; i < 1000; i++)
        add_row(output, "T", i, "x");
    const char *text = print_as(LQ_FORMAT_TABLE, output);
    assert_non_null(strstr(text, "\nT     999  x\n"));
}

static void a_name_may_be_cut_at_its_beginning(void **state)
{
    (void)state;
    static const struct lq_column columns[] = {{.key = "name", .title = "名称", .tail = true},
                                               {.key = "team", .title = "组", .whole = true}};
    struct lq_output *output = lq_output_new(columns, 2);
    lq_output_text(output, "献县垒头通祥铸造厂(1)");
    lq_output_text(output, "T01");
    assert_string_equal(print_within(15, output), "名称        组\n"
                                                  "…铸造厂(1)  T01\n");
}

static const char *wrapped(const char *text, size_t width)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    lq_text_wrapped(text, width, file);
    rewind(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    fclose(file);
    return printed;
}

static void long_lines_break_between_words(void **state)
{
    (void)state;
    assert_string_equal(wrapped("short", 80), "short\n");
    assert_string_equal(wrapped("no terminal, no breaks", 0), "no terminal, no breaks\n");
    assert_string_equal(wrapped("order O0263 issued to team T01", 20), "order O0263 issued\n"
                                                                       "    to team T01\n");
    assert_string_equal(wrapped("指令已下达：编号，目标，各组", 20), "指令已下达：编号，\n"
                                                                     "    目标，各组\n");
    assert_string_equal(wrapped("abcdefghijklmnopqrstuvwxyz", 12), "abcdefghijkl\n"
                                                                   "    mnopqrst\n"
                                                                   "    uvwxyz\n");
    assert_string_equal(wrapped("指令已由组长赵一（T01）签收并出发", 20), "指令已由组长赵一\n"
                                                                          "    （T01）签收并出\n"
                                                                          "    发\n");
}

// What can be spared is left out before anything is cut so far that it says nothing, the last such
// column first; the titles tell of it. Who acted for whom stays.
static void leaves_out_what_can_be_spared(void **state)
{
    static const struct lq_column COLUMNS_SPARED[] = {
        {.title = "NO", .whole = true},
        {.title = "AGE", .whole = true, .spare = true},
        {.title = "NAME"},
        {.title = "BY", .least = LQ_ENTERED_LEAST},
        {.title = "RECORD", .whole = true, .spare = true},
    };
    static const struct {
        size_t width;
        const char *printed;
    } CASES[] = {
        {80, "NO  AGE  NAME              BY                          RECORD\n"
             "1   2d   a very long name  P1005 for P1039 (by radio)  dispatch#41\n"},
        {58, "NO  AGE  NAME              BY                  RECORD\n"
             "1   2d   a very long name  P1005 for P1039 (…  dispatch#41\n"},
        {44, "NO  AGE  NAME            BY  …\n"
             "1   2d   a very long n…  P1005 for P1039…\n"},
        {36, "NO  NAME         BY  …\n"
             "1   a very lon…  P1005 for P1039…\n"},
        {29, "NO  NAME    BY  …\n"
             "1   a ver…  P1005 for P10…\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct lq_output *output = lq_output_new(COLUMNS_SPARED, 5);
        lq_output_text(output, "1");
        lq_output_text(output, "2d");
        lq_output_text(output, "a very long name");
        lq_output_text(output, "P1005 for P1039 (by radio)");
        lq_output_text(output, "dispatch#41");
        assert_string_equal(print_within(CASES[i].width, output), CASES[i].printed);
    }
}

// As papers are written (rules/paper_page.c).
static void a_page_is_told_as_lines(void **state)
{
    (void)state;
    static const char PAGE[] =
        "<!DOCTYPE html><html><head><title>甲</title><style>p{x}</style></head><body>\n"
        "<header><p class=\"agency\">某局</p><h1>决定书</h1></header>\n<p>甲厂 &amp; 乙厂：</p>"
        "<p class=\"t\">经查，你单位未批先建，擅自投入生产，现予查封。</p>\n"
        "<table><thead><tr><th>名称</th><th>数量</th></tr></thead><tbody><tr><td>冲天炉</"
        "td><td>1台</td></tr>"
        "</tbody></table><div class=\"sign\"><p><span>日期：</span><i></i></p></div>"
        "<div class=\"seal\"><p>某局</p><p>1日</p></div>\n</body></html>\n";
    FILE *file = tmpfile();
    assert_non_null(file);
    lq_page_text(lq_span_text(PAGE), 32, file);
    rewind(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(printed, "              某局\n"
                                 "             决定书\n"
                                 "\n"
                                 "甲厂 & 乙厂：\n"
                                 "    经查，你单位未批先建，擅自\n"
                                 "投入生产，现予查封。\n"
                                 "\n"
                                 "名称 │ 数量\n"
                                 "冲天炉 │ 1台\n"
                                 "\n"
                                 "\n"
                                 "日期：________\n"
                                 "\n"
                                 "                     某局\n"
                                 "                      1日\n");
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_up_chinese_text),
        cmocka_unit_test(says_that_there_is_nothing),
        cmocka_unit_test(cuts_the_widest_text_to_the_terminal),
        cmocka_unit_test(cuts_in_the_middle_and_pads),
        cmocka_unit_test(never_cuts_what_must_be_whole),
        cmocka_unit_test(leaves_out_first_what_says_nothing),
        cmocka_unit_test(rows_that_fit_nowhere_become_lines),
        cmocka_unit_test(a_name_may_be_cut_at_its_beginning),
        cmocka_unit_test(leaves_out_what_can_be_spared),
        cmocka_unit_test(long_lines_break_between_words),
        cmocka_unit_test(never_steers_a_terminal),
        cmocka_unit_test(writes_json),
        cmocka_unit_test(writes_csv),
        cmocka_unit_test(csv_begins_no_formula),
        cmocka_unit_test(csv_on_a_terminal_is_safe),
        cmocka_unit_test(knows_the_formats),
        cmocka_unit_test(a_file_is_no_terminal),
        cmocka_unit_test(a_full_disk_is_a_fault),
        cmocka_unit_test(keeps_many_rows),
        cmocka_unit_test(a_page_is_told_as_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
