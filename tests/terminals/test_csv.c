// Import files, good and bad, row by row.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lq/import/csv.h"

static const char *const COLUMNS[] = {"name", "county"};
static char path[] = "/tmp/lq-test-csv-XXXXXX";
static struct lq_csv *reader;
static struct lq_csv_row row;

static int set_up(void **state)
{
    (void)state;
    strcpy(path + strlen(path) - 6, "XXXXXX");
    const int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int tear_down(void **state)
{
    (void)state;
    lq_csv_close(reader);
    reader = NULL;
    return unlink(path);
}

static enum lq_status open_bytes(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return lq_csv_open(path, COLUMNS, 2, &reader);
}

static void open_text(const char *text)
{
    assert_int_equal(open_bytes(text, strlen(text)), LQ_OK);
}

static void is_row(unsigned line, const char *name, const char *county)
{
    const enum lq_csv_result result = lq_csv_next(reader, &row);
    if (result == LQ_CSV_BAD_ROW)
        fail_msg("%s", row.reason);
    assert_int_equal(result, LQ_CSV_ROW);
    assert_int_equal(row.line, line);
    assert_string_equal(row.fields[0], name);
    assert_string_equal(row.fields[1], county);
}

static void is_bad(unsigned line, const char *reason)
{
    char expected[512];
    snprintf(expected, sizeof expected, "%s:%u: %s", path, line, reason);
    assert_int_equal(lq_csv_next(reader, &row), LQ_CSV_BAD_ROW);
    assert_int_equal(row.line, line);
    assert_string_equal(row.reason, expected);
    assert_null(row.fields);
}

static void is_end(void)
{
    assert_int_equal(lq_csv_next(reader, &row), LQ_CSV_END);
    assert_int_equal(lq_csv_next(reader, &row), LQ_CSV_END);
}

static void is_refused(const char *bytes, size_t size, const char *reason)
{
    char expected[512];
    snprintf(expected, sizeof expected, "%s%s", path, reason);
    assert_int_equal(open_bytes(bytes, size), LQ_E_INPUT);
    assert_string_equal(lq_fault_text(), expected);
    assert_null(reader);
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
    is_row(6, "", ""); // the row before it had two lines
    is_row(7, "", "");
    is_row(8, "last", "one");
    is_end();
}

static void tells_a_wrong_number_of_fields(void **state)
{
    (void)state;
    open_text("name,county,note\na,b\na,b,c,d\na,b,c\n");
    is_bad(2, "2 fields, but the header has 3");
    is_bad(3, "4 fields, but the header has 3");
    is_row(4, "a", "b");
    is_end();
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
        "name,county\n\xcf\xd7\xcf\xd8,x\na\0b,x\na\rb,x\n\"\xff\n\",x\ngood,x\n";
    assert_int_equal(open_bytes(BYTES, sizeof BYTES - 1), LQ_OK);
    const char *gbk = "text is not valid UTF-8 (a spreadsheet may have saved it as GBK: save it as "
                      "\"CSV UTF-8\")";
    is_bad(2, gbk);
    is_bad(3, "a NUL byte");
    is_bad(4, "a carriage return within a field that is not quoted");
    is_bad(5, gbk);
    is_row(7, "good", "x");
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
    assert_int_equal(lq_csv_next(reader, &row), LQ_CSV_ROW);
    assert_int_equal(strlen(row.fields[0]), size - 2);
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
    assert_int_equal(lq_csv_next(reader, &row), LQ_CSV_BAD_ROW); // the rest of the long row
    is_row(2 + 32 * 1024 + 1, "good", "x");
    is_end();
}

static void bounds_the_fields(void **state)
{
    (void)state;
    char text[4096] = "name,county\n";
    memset(text + strlen(text), ',', 1023);
    strcat(text, "\n");
    memset(text + strlen(text), ',', 1024);
    open_text(text);
    is_bad(2, "1024 fields, but the header has 2");
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
    is_refused("Name,county\n", 12, ": the header lacks \"name\"; it has \"Name\", \"county\"");
    is_refused("name,county,name\n", 17, ": the header has the column \"name\" 2 times");
}

static void refuses_what_is_no_table(void **state)
{
    (void)state;
    is_refused("", 0, ": is empty; it must begin with a header");
    is_refused("\xef\xbb\xbf\n \n", 6, ": is empty; it must begin with a header");
    is_refused("\xff\xfen\0a\0", 6, ": is in UTF-16; save it as \"CSV UTF-8\"");
    is_refused("\n\"name,county\n", 14, ":2: the quotes are not closed");
    is_refused("name\0,county\n", 13, ":1: a NUL byte");
}

static void refuses_a_file_that_is_too_large(void **state)
{
    (void)state;
    assert_int_equal(truncate(path, 256L * 1024 * 1024 + 1), 0);
    assert_int_equal(lq_csv_open(path, COLUMNS, 2, &reader), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "is larger than 256 MiB"));
}

static void tells_what_cannot_be_read(void **state)
{
    (void)state;
    assert_int_equal(lq_csv_open("/nonexistent/file.csv", COLUMNS, 2, &reader), LQ_E_IO);
    assert_non_null(strstr(lq_fault_text(), "cannot open /nonexistent/file.csv: No such file"));
    assert_int_equal(lq_csv_open("/tmp", COLUMNS, 2, &reader), LQ_E_IO);
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
        while (lq_csv_next(reader, &row) != LQ_CSV_END) {
            assert_true(row.line > line);
            line = row.line;
        }
        lq_csv_close(reader);
        reader = NULL;
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reads_rows_by_their_columns),
        TEST(reads_quoted_fields),
        TEST(tells_a_wrong_number_of_fields),
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
