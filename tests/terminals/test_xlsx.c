// Books, made here part by part: what spreadsheets write, and what only an attacker would.
#include "sheet_file.h"

#include <stdio.h>
#include <zip.h>

static const struct lq_sheet_heading COLUMNS[] = {{"name", "姓名"}, {"at", "时间"}};
static const struct lq_sheet_heading NAMES = {"people", "人员"};

static const char WORKBOOK[] =
    "<workbook xmlns=\"m\" xmlns:r=\"r\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" "
    "r:id=\"rId1\"/></sheets></workbook>";
static const char RELATIONS[] =
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
// Styles: 0 general, 1 day, 2 day and time, 3 and 4 formats spelled out, 5 time, 6 a Chinese day.
static const char STYLES[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月"
    "&quot;d&quot;日&quot;\"/><numFmt numFmtId=\"177\" formatCode=\"[Red]0.00&quot;days&quot;\"/>"
    "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
    "<xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/>"
    "<xf numFmtId=\"21\"/><xf numFmtId=\"31\"/></cellXfs></styleSheet>";
static const char TEXTS[] =
    "<sst><si><t>name</t></si><si><t>at</t></si><si><r><t>张</t></r><r><t>三</t></r>"
    "<rPh sb=\"0\"><t>zhang</t></rPh></si><si><t>two_x000A_lines</t></si></sst>";

static void add(zip_t *zip, const char *name, const void *data, size_t size)
{
    zip_source_t *source = zip_source_buffer(zip, data, size, 0);
    assert_non_null(source);
    assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8) >= 0);
}

struct book {
    const char *workbook, *relations, *styles, *texts, *sheet, *second;
};

static enum lq_status open_book(struct book book)
{
    int error;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    const struct {
        const char *name, *given, *usual;
    } parts[] = {{"xl/workbook.xml", book.workbook, WORKBOOK},
                 {"xl/_rels/workbook.xml.rels", book.relations, RELATIONS},
                 {"xl/styles.xml", book.styles, STYLES},
                 {"xl/sharedStrings.xml", book.texts, TEXTS},
                 {"xl/worksheets/sheet1.xml", book.sheet, ""},
                 {"xl/worksheets/sheet2.xml", book.second, NULL}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *text = parts[i].given != NULL ? parts[i].given : parts[i].usual;
        if (text != NULL && *text != '\0')
            add(zip, parts[i].name, text, strlen(text));
    }
    assert_int_equal(zip_close(zip), 0);
    return lq_sheet_open(path, NAMES, COLUMNS, 2, &arena, &sheet);
}

#define HEADER "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"

static const char *rows(const char *cells, const char *behind)
{
    return lq_arena_format(&arena, "<worksheet><sheetData>" HEADER "%s</sheetData>%s</worksheet>",
                           cells, behind);
}

static void open_rows(const char *cells, const char *behind)
{
    if (open_book((struct book){.sheet = rows(cells, behind)}) != LQ_OK)
        fail_msg("%s", lq_fault_text());
}

static void is_row(unsigned line, const char *name, const char *at)
{
    const enum lq_sheet_result result = lq_sheet_next(sheet, &row);
    if (result == LQ_SHEET_BAD_ROW)
        fail_msg("%u: %s", row.line, row.reason);
    assert_int_equal(result, LQ_SHEET_ROW);
    assert_int_equal(row.line, line);
    assert_string_equal(row.cells[0], name);
    assert_string_equal(row.cells[1], at);
}

static void is_bad(unsigned line, const char *reason)
{
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_BAD_ROW);
    assert_int_equal(row.line, line);
    if (strstr(row.reason, reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", row.reason, reason);
}

static void is_end(void)
{
    assert_int_equal(lq_sheet_next(sheet, &row), LQ_SHEET_END);
}

static void is_fault(struct book book, const char *reason)
{
    assert_int_equal(open_book(book), LQ_E_INPUT);
    assert_null(sheet);
    if (strstr(lq_fault_text(), reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", lq_fault_text(), reason);
}

static void reads_texts_of_all_kinds(void **state)
{
    (void)state;
    open_rows("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>2</v></c><c r=\"B2\" t=\"inlineStr\"><is>"
              "<t>in</t><t>line</t></is></c></row>"
              "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>A1&amp;B1</f><v>formula</v></c>"
              "<c r=\"B3\" t=\"b\"><v>1</v></c></row>"
              "<row><c t=\"s\"><v>3</v></c><c t=\"d\"><v>2015-06-05</v></c></row>"
              "<row r=\"9\"><c r=\"A9\"/><c r=\"B9\" s=\"1\"/></row>"
              "<row r=\"10\"><c r=\"B10\"><v>7</v></c></row>",
              "");
    assert_string_equal(lq_sheet_encoding(sheet), "XLSX");
    is_row(2, "张三", "inline");
    is_row(3, "formula", "TRUE");
    is_row(4, "two\nlines", "2015-06-05");
    is_row(10, "", "7"); // row 9 has nothing but looks
    is_end();
    assert_null(lq_sheet_remark(sheet, 0));
}

static void number(const char *value, unsigned style, const char *expected)
{
    open_rows(lq_arena_format(&arena, "<row r=\"2\"><c r=\"A2\" s=\"%u\"><v>%s</v></c></row>",
                              style, value),
              "");
    is_row(2, expected, "");
    lq_sheet_close(sheet);
    sheet = NULL;
}

static void no_number(const char *value, unsigned style, const char *reason)
{
    open_rows(lq_arena_format(&arena, "<row r=\"2\"><c r=\"A2\" s=\"%u\"><v>%s</v></c></row>",
                              style, value),
              "");
    is_bad(2, reason);
    lq_sheet_close(sheet);
    sheet = NULL;
}

static void reads_numbers_as_they_were_typed(void **state)
{
    (void)state;
    number("13900000001", 0, "13900000001");
    number("1.3900000001E10", 0, "13900000001"); // its digits are all there
    number("38.365479999999998", 0, "38.36548");
    number("0.00001", 0, "0.00001");
    number("-0.25", 0, "-0.25");
    number("0", 0, "0");
    number("3", 4, "3"); // "days" in quotes is no day
    no_number("123456789012345678", 0, "A2 has more digits than a spreadsheet keeps");
    no_number("1E400", 0, "A2 is no number");
    no_number("nan", 0, "A2 is no number");
    no_number("12 ", 0, "A2 is no number");
}

static void reads_days_and_times(void **state)
{
    (void)state;
    number("42160", 1, "2015-06-05");
    number("42160", 3, "2015-06-05");
    number("42160", 6, "2015-06-05");
    number("42160.838888888887", 2, "2015-06-05 20:08:00");
    number("42160.838888888887", 1, "2015-06-05 20:08:00"); // though only the day is shown
    number("42160", 2, "2015-06-05 00:00:00");
    number("42160.999999999", 2, "2015-06-06 00:00:00");
    no_number("0.5", 5, "A2 is a time without its day");
    no_number("0", 1, "A2 is shown as a day, but is none");
    no_number("9999999", 1, "A2 is shown as a day, but is none");
    if (open_book((struct book){
            .workbook = "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"S\" "
                        "r:id=\"rId1\"/></sheets></workbook>",
            .sheet = rows("<row r=\"2\"><c r=\"A2\" s=\"1\"><v>40698</v></c></row>", "")}) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    is_row(2, "2015-06-05", "");
}

static void names_cells_that_have_no_value(void **state)
{
    (void)state;
    open_rows("<row r=\"2\"><c r=\"A2\"><f>SUM(C1)</f><v/></c></row>"
              "<row r=\"3\"><c r=\"B3\" t=\"e\"><v>#REF!</v></c></row>"
              "<row r=\"4\"><c r=\"A4\" t=\"str\"><f>X</f><v></v></c><c r=\"B4\"><v>1</v></c></row>"
              "<row r=\"5\"><c r=\"A5\"><v>1</v></c><c r=\"C5\"><v>1</v></c></row>"
              "<row r=\"6\"><c r=\"A6\"><v>1</v></c><c r=\"AMK6\"><v>1</v></c></row>",
              "");
    is_bad(2, "A2 is a formula whose value was not saved");
    is_bad(3, "B3 is #REF!, an error of the spreadsheet");
    is_row(4, "", "1");
    is_bad(5, "column C has a value, but the header ends at B");
    is_bad(6, "more than 1024 fields");
    is_end();
}

static void names_merged_cells_and_hidden_rows(void **state)
{
    (void)state;
    open_rows("<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>2</v></c></row>"
              "<row r=\"3\" hidden=\"1\"><c r=\"A3\"><v>3</v></c></row>"
              "<row r=\"4\" hidden=\"true\"><c r=\"A4\"><v>4</v></c><c r=\"B4\"><v>5</v></c></row>"
              "<row r=\"5\" hidden=\"0\"><c r=\"A5\"><v>6</v></c></row>",
              "<mergeCells><mergeCell ref=\"B2:B3\"/><mergeCell ref=\"A5:B5\"/></mergeCells>");
    is_row(2, "1", "2");
    is_bad(3, "B3 belongs to the merged cells B2:B3");
    is_row(4, "4", "5");
    is_bad(5, "B5 belongs to the merged cells A5:B5");
    is_end();
    assert_string_equal(lq_sheet_remark(sheet, 0),
                        "2 hidden rows were read, too; the first is row 3 of the sheet");
}

// A title above the header is often merged.
static void passes_over_a_merged_title(void **state)
{
    (void)state;
    if (open_book((struct book){
            .sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>台账"
                     "</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>姓名</t>"
                     "</is></c><c r=\"B2\" t=\"inlineStr\"><is><t>时间</t></is></c></row>"
                     "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row></sheetData>"
                     "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>"}) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    is_row(3, "1", "");
    assert_non_null(strstr(lq_sheet_remark(sheet, 0), "the header is row 2"));
}

static void finds_the_sheet(void **state)
{
    (void)state;
    static const char TWO[] = "<workbook><sheets><sheet name=\"说明\" r:id=\"rId1\"/>"
                              "<sheet name=\"人员\" r:id=\"rId2\"/></sheets></workbook>";
    static const char HIDDEN[] =
        "<workbook><sheets><sheet name=\"a\" state=\"hidden\" r:id=\"rId1\"/>"
        "<sheet name=\"b\" r:id=\"rId2\"/></sheets></workbook>";
    for (int i = 0; i < 2; i++) {
        const struct book book = {.workbook = i == 0 ? TWO : HIDDEN,
                                  .sheet = "<worksheet/>",
                                  .second =
                                      rows("<row r=\"2\"><c r=\"A2\"><v>2</v></c></row>", "")};
        if (open_book(book) != LQ_OK)
            fail_msg("%s", lq_fault_text());
        is_row(2, "2", "");
        assert_non_null(strstr(lq_sheet_remark(sheet, 0), "of 2 sheets only"));
        lq_sheet_close(sheet);
        sheet = NULL;
    }
}

static void refuses_books_that_are_damaged(void **state)
{
    (void)state;
    const char *good = rows("", "");
    is_fault((struct book){.sheet = "<worksheet><sheetData>"}, "is damaged at line 1");
    is_fault((struct book){.sheet = good, .workbook = "<workbook/>"}, "no sheet that can be seen");
    is_fault((struct book){.sheet = good, .workbook = "<a"}, "is damaged");
    is_fault((struct book){.sheet = good, .relations = "<Relationships/>"}, "cannot be found");
    is_fault((struct book){.relations = RELATIONS}, "it lacks xl/worksheets/sheet1.xml");
    is_fault((struct book){.sheet = rows("<row r=\"1\"/>", "")}, "its rows are not in order");
    is_fault((struct book){.sheet = rows("<row r=\"1048577\"/>", "")}, "rows are not in order");
    is_fault((struct book){.sheet = rows("<row r=\"2\"><c r=\"B2\"/><c r=\"B2\"/></row>", "")},
             "its cells are not in order");
    is_fault((struct book){.sheet = rows("<row r=\"2\"><c r=\"A3\"/></row>", "")},
             "its cells are not in order");
    is_fault((struct book){.sheet = rows("<row r=\"2\"><c t=\"s\"><v>4</v></c></row>", "")},
             "a text that is not there");
    is_fault((struct book){.sheet = rows("", "<mergeCell ref=\"B2:A1\"/>")},
             "cells are merged that are none");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("PK\x03\x04 and nothing more", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(lq_sheet_open(path, NAMES, COLUMNS, 2, &arena, &sheet), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), ": is damaged: "));
}

static void refuses_books_that_grow(void **state)
{
    (void)state;
    is_fault((struct book){.sheet = "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]>"
                                    "<worksheet>&d;</worksheet>"},
             "it declares a document type");
    is_fault((struct book){.sheet = rows("", "<mergeCell ref=\"A1:XFD1048576\"/>")},
             "too many cells are merged");
    int error; // 600 MiB of spaces are 600 KiB packed
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    const size_t size = 600UL * 1024 * 1024;
    char *spaces = malloc(size);
    assert_non_null(spaces);
    memset(spaces, ' ', size);
    memcpy(spaces, "<workbook>", 10);
    add(zip, "xl/workbook.xml", spaces, size);
    assert_int_equal(zip_close(zip), 0);
    free(spaces);
    assert_int_equal(lq_sheet_open(path, NAMES, COLUMNS, 2, &arena, &sheet), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "unpacked, the book is larger than 512 MiB"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reads_texts_of_all_kinds),
        TEST(reads_numbers_as_they_were_typed),
        TEST(reads_days_and_times),
        TEST(names_cells_that_have_no_value),
        TEST(names_merged_cells_and_hidden_rows),
        TEST(passes_over_a_merged_title),
        TEST(finds_the_sheet),
        TEST(refuses_books_that_are_damaged),
        TEST(refuses_books_that_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
