// Files of a ledger as text, good and bad, row by row. (Books: test_xlsx.c.)
#include "sheet_file.h"

#include <stdio.h>

static const struct lq_sheet_heading COLUMNS[] = {{"name", "姓名/名称"}, {"county", NULL}};
static const struct lq_sheet_heading NAMES = {"people", "人员"};

static enum lq_status open_bytes(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return lq_sheet_open(path, NAMES, COLUMNS, 2, &arena, &sheet);
}

static void open_text(const char *text)
{
    assert_int_equal(open_bytes(text, strlen(text)), LQ_OK);
}

static void is_row(unsigned line, const char *name, const char *county)
{
    const enum lq_sheet_result result = lq_sheet_next(sheet, &row);
    if (result == LQ_SHEET_BAD_ROW)
        fail_msg("%s", row.reason);
    assert_int_equal(result, LQ_SHEET_ROW);
    assert_int_equal(row.line, line);
    assert_string_equal(row.cells[0], name);
    assert_string_equal(row.cells[1], county);
}

static void is_bad(unsigned line, const char *reason)
{
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_BAD_ROW);
    assert_int_equal(row.line, line);
    assert_string_equal(row.reason, reason);
}

static void is_end(void)
{
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_END);
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_END);
}

static void is_refused(const char *bytes, size_t size, const char *reason)
{
    char expected[512];
    snprintf(expected, sizeof expected, "%s%s", path, reason);
    assert_int_equal(open_bytes(bytes, size), LQ_E_INPUT);
    assert_string_equal(lq_fault_text(), expected);
    assert_null(sheet);
}

static void reads_rows_by_their_columns(void **state)
{
    (void)state;
    open_text("\xef\xbb\xbf"
              "county, extra ,name\r\n献县,x, 铸造一厂 \r\n\r\n  \t\n泊头,,二厂\n青县,y,三厂");
    is_row(2, "铸造一厂", "献县");
    is_row(5, "二厂", "泊头");
    is_row(6, "三厂", "青县"); // the last line need not be ended
    is_end();
}

static void reads_quoted_fields(void **state)
{
    (void)state;
    open_text("name,county\n"
              "\"a,b\",\"say \"\"no\"\"\"\n"
              " \" kept \" , trimmed here \n"
              "\"two\r\nlines\",x\n"
              "\"\",\"\"\n"
              ",\n"
              "\"last\",\"one\"");
    is_row(2, "a,b", "say \"no\"");
    is_row(3, " kept ", "trimmed here");
    is_row(4, "two\r\nlines", "x");
    // the row before line 6 had two lines; rows of empty cells are blank
    is_row(8, "last", "one");
    is_end();
}

static void reads_rows_that_are_shorter(void **state)
{
    (void)state;
    open_text("name,county,note\na,b\na\na,b,,,\na,b,c,d\na,b,c\n");
    is_row(2, "a", "b");
    is_row(3, "a", "");
    is_row(4, "a", "b"); // commas behind the last column are none
    is_bad(5, "column D has a value, but the header ends at C");
    is_row(6, "a", "b");
    is_end();
}

static void passes_over_rows_of_empty_cells(void **state)
{
    (void)state;
    open_text("name,county,why\n,,\n\"\",\" \",\n　,\xc2\xa0,\t\n,,mended\na,b,\n,,\n");
    is_row(6, "a", "b"); // the column of reasons counts for nothing
    is_end();
}

static void finds_headings_of_offices(void **state)
{
    (void)state;
    open_text("献县人员台账\n\n序号,　姓名 ,ＣＯＵＮＴＹ\n1,甲,献县\n");
    assert_string_equal(lq_sheet_remark(sheet, 0),
                        "the header is row 3; what stands above it was passed over");
    assert_null(lq_sheet_remark(sheet, 1));
    assert_string_equal(lq_sheet_letters(sheet, 0), "B");
    is_row(4, "甲", "献县");
    is_end();
}

static void is_read_as(const char *bytes, size_t size, const char *encoding)
{
    assert_int_equal(open_bytes(bytes, size), LQ_OK);
    assert_string_equal(lq_sheet_encoding(sheet), encoding);
    is_row(2, "联通", "献县");
    is_end();
    lq_sheet_close(sheet);
    sheet = NULL;
}

// 联通 is two Greek letters, were it UTF-8.
static void finds_out_the_encoding(void **state)
{
    (void)state;
    static const char GB[] = "name,county\n\xc1\xaa\xcd\xa8,\xcf\xd7\xcf\xd8\n";
    static const char LITTLE[] = "\xff\xfen\0a\0m\0e\0\t\0c\0o\0u\0n\0t\0y\0\n\0"
                                 "\x54\x80\x1a\x90\t\0\x2e\x73\xbf\x53\r\0\n\0";
    static const char BIG[] = "\xfe\xff\0n\0a\0m\0e\0,\0c\0o\0u\0n\0t\0y\0\n"
                              "\x80\x54\x90\x1a\0,\x73\x2e\x53\xbf\0\n";
    is_read_as("name,county\n联通,献县\n", strlen("name,county\n联通,献县\n"), "UTF-8");
    is_read_as(GB, sizeof GB - 1, "GB18030");
    is_read_as(LITTLE, sizeof LITTLE - 1, "UTF-16"); // "Unicode text" of Excel has tabs
    is_read_as(BIG, sizeof BIG - 1, "UTF-16");
    open_text("name,county\n\xcd\xa8,x\n"); // nothing but characters that both have
    assert_string_equal(lq_sheet_encoding(sheet), "GB18030");
    is_row(2, "通", "x");
}

static void goes_on_after_bad_quotes(void **state)
{
    (void)state;
    open_text("name,county\n"
              "\"open,b\n"
              "\"fine\",x\n"
              "a\"b,c\n"
              "\"a\"b,c\n"
              "good,y\n"
              "\"never closed,z\n"
              "good,z\n");
    is_bad(2, "text after the closing quote"); // it closes in line 3, before "fine"
    is_row(3, "fine", "x");
    is_bad(4, "a quote within a field that is not quoted");
    is_bad(5, "text after the closing quote");
    is_row(6, "good", "y");
    is_bad(7, "the quotes are not closed");
    is_row(8, "good", "z");
    is_end();
}

static void tells_foul_bytes(void **state)
{
    (void)state;
    static const char BYTES[] =
        "name,county\n献县铸造,\xcf\xd7\na\0b,x\na\rb,x\n\"\xff\n\",x\ngood,x\n";
    assert_int_equal(open_bytes(BYTES, sizeof BYTES - 1), LQ_OK);
    is_bad(2, "bytes that are no characters of UTF-8");
    is_bad(3, "a NUL byte");
    is_bad(4, "a carriage return within a field that is not quoted");
    is_bad(5, "bytes that are no characters of UTF-8");
    is_row(7, "good", "x");
    is_end();
    lq_sheet_close(sheet);
    open_text("name,county\n\xcf\xd7\xff,x\n\xcf\xd7\xcf\xd8,x\n");
    is_bad(2, "bytes that are no characters of GB18030");
    is_row(3, "献县", "x");
    is_end();
}

static void bounds_a_row(void **state)
{
    (void)state;
    const size_t size = 64 * 1024;
    char *text = calloc(1, 4 * size);
    assert_non_null(text);
    strcpy(text, "name,county\n");
    char *at = text + strlen(text);
    memset(at, 'a', size - 1); // with the comma, 64 KiB before the line's end
    strcpy(at + size - 2, ",\n");
    at += strlen(at);
    memset(at, 'a', size);
    strcpy(at + size, ",\n\"");
    at += strlen(at);
    memset(at, 'a', size);
    strcpy(at + size, "\",\ngood,x\n");
    open_text(text);
    free(text);
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_ROW);
    assert_int_equal(strlen(row.cells[0]), size - 2);
    is_bad(3, "a row of more than 64 KiB");
    is_bad(4, "the quotes are not closed within 64 KiB");
    is_row(5, "good", "x");
    is_end();
}

static void bounds_a_row_of_many_lines(void **state)
{
    (void)state;
    const size_t size = 64 * 1024;
    char *text = calloc(1, 4 * size);
    assert_non_null(text);
    strcpy(text, "name,county\n\"");
    memset(text + strlen(text), '\n', size / 2);
    strcat(text, "\",");
    memset(text + strlen(text), 'b', size);
    strcat(text, "\ngood,x\n");
    open_text(text);
    free(text);
    is_bad(2, "a row of more than 64 KiB");
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_BAD_ROW); // the rest of the long row
    is_row(2 + 32 * 1024 + 1, "good", "x");
    is_end();
}

static void bounds_the_fields(void **state)
{
    (void)state;
    char text[4096] = "name,county\n";
    memset(text + strlen(text), ',', 1023);
    strcat(text, "x\n");
    memset(text + strlen(text), ',', 1024);
    open_text(text);
    is_bad(2, "column AMJ has a value, but the header ends at B");
    is_bad(3, "more than 1024 fields");
    is_end();
}

static void refuses_a_header_without_its_columns(void **state)
{
    (void)state;
    is_refused("a,\"b \x1b\",\n", 8,
               ": the header lacks \"name\", \"county\"; it has \"a\", \"b "
               "\\x1B\", \"\"");
    is_refused("name\n", 5, ": the header lacks \"county\"; it has \"name\"");
    is_refused("name;county\n", 12,
               ": the header lacks \"name\", \"county\"; it has \"name;county\"");
    is_refused("surname,county\n", 15,
               ": the header lacks \"name\"; it has \"surname\", \"county\"");
    is_refused("a\nb\nc\nname\nd\ne\nname,county\n", 27,
               ": the header lacks \"county\"; it has \"name\"");
    is_refused("name,county,name\n", 17, ": the header has the column \"name\" 2 times");
}

static void refuses_what_is_no_table(void **state)
{
    (void)state;
    is_refused("", 0, ": is empty; it must begin with a header");
    is_refused("\xef\xbb\xbf\n \n", 6, ": is empty; it must begin with a header");
    is_refused("\xd0\xcf\x11\xe0\xa1", 5,
               ": is a book of the old kind (.xls) or has a password; save it as .xlsx without "
               "one");
    is_refused("\n\"name,county\n", 14, ":2: the quotes are not closed");
    is_refused("name\0,county\n", 13, ":1: a NUL byte");
}

static void refuses_a_file_that_is_too_large(void **state)
{
    (void)state;
    assert_int_equal(truncate(path, 256L * 1024 * 1024 + 1), 0);
    assert_int_equal(lq_sheet_open(path, NAMES, COLUMNS, 2, &arena, &sheet), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "is larger than 256 MiB"));
}

static void tells_what_cannot_be_read(void **state)
{
    (void)state;
    assert_int_equal(lq_sheet_open("/nonexistent/file.csv", NAMES, COLUMNS, 2, &arena, &sheet),
                     LQ_E_IO);
    assert_non_null(strstr(lq_fault_text(), "cannot open /nonexistent/file.csv: No such file"));
    assert_int_equal(lq_sheet_open("/tmp", NAMES, COLUMNS, 2, &arena, &sheet), LQ_E_IO);
    assert_non_null(strstr(lq_fault_text(), "cannot read /tmp: "));
}

// Whatever the bytes, reading ends, and lines only rise.
static void survives_any_bytes(void **state)
{
    (void)state;
    static const char ALPHABET[] = "a,\"\n\r \t\0\xe7\xbb\x84";
    uint32_t random = 20150306;
    for (int round = 0; round < 2000; round++) {
        char bytes[200] = "name,county\n";
        for (size_t i = 12; i < sizeof bytes; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = ALPHABET[(random >> 16) % (sizeof ALPHABET - 1)];
        }
        assert_int_equal(open_bytes(bytes, sizeof bytes), LQ_OK);
        unsigned line = 1;
        while (lq_sheet_next(sheet, &row) != LQ_SHEET_END) {
            assert_true(row.line > line);
            line = row.line;
        }
        lq_sheet_close(sheet);
        sheet = NULL;
        lq_arena_reset(&arena);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reads_rows_by_their_columns),
        TEST(reads_quoted_fields),
        TEST(reads_rows_that_are_shorter),
        TEST(passes_over_rows_of_empty_cells),
        TEST(finds_headings_of_offices),
        TEST(finds_out_the_encoding),
        TEST(goes_on_after_bad_quotes),
        TEST(tells_foul_bytes),
        TEST(bounds_a_row),
        TEST(bounds_a_row_of_many_lines),
        TEST(bounds_the_fields),
        TEST(refuses_a_header_without_its_columns),
        TEST(refuses_what_is_no_table),
        TEST(refuses_a_file_that_is_too_large),
        TEST(tells_what_cannot_be_read),
        TEST(survives_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
