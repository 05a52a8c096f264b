// Books: parts of any bytes in a container that is whole, or a container of any bytes. Reading ends
// with a fault that names the file, or every row has its cells or a reason.
//
// Input: a byte; even: the rest is the file. Odd: pieces, each the text of the next part of a book.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "fuzz.h"
#include "lq/import/sheet.h"
#include "pb/utf8.h"

static const char *const PARTS[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                    "xl/styles.xml", "xl/workbook.xml",
                                    "xl/_rels/workbook.xml.rels"};
// What a part is of which the input has nothing.
static const char *const USUAL[] = {
    "", NULL, NULL, "<workbook><sheets><sheet name=\"a\" r:id=\"r\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"r\" Target=\"worksheets/sheet1.xml\"/></Relationships>"};
enum { PART_COUNT = sizeof PARTS / sizeof *PARTS };

static char path[128];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    snprintf(path, sizeof path, "%s/people.xlsx", fuzz_directory());
    return 0;
}

static void write_file(struct lq_span bytes)
{
    FILE *file = fopen(path, "we");
    FUZZ_REQUIRE(file != NULL);
    FUZZ_REQUIRE(fwrite(bytes.data, 1, bytes.size, file) == bytes.size);
    FUZZ_REQUIRE(fclose(file) == 0);
}

static void write_book(struct fuzz_input *input)
{
    int error;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    FUZZ_REQUIRE(zip != NULL);
    for (int i = 0; i < PART_COUNT; i++) {
        struct lq_span text = input->left > 0 ? fuzz_piece(input) : lq_span(NULL, 0);
        if (text.size == 0 && USUAL[i] == NULL)
            continue;
        if (text.size == 0)
            text = lq_span_text(USUAL[i]);
        zip_source_t *source = zip_source_buffer(zip, text.data, text.size, 0);
        FUZZ_REQUIRE(source != NULL);
        const zip_int64_t at = zip_file_add(zip, PARTS[i], source, ZIP_FL_ENC_UTF_8);
        FUZZ_REQUIRE(at >= 0 &&
                     zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
    }
    FUZZ_REQUIRE(zip_close(zip) == 0);
}

static void require_rows(struct lq_sheet *sheet)
{
    struct lq_sheet_row row;
    unsigned line = 0;
    for (enum lq_sheet_result result; (result = lq_sheet_next(sheet, &row)) != LQ_SHEET_END;) {
        FUZZ_REQUIRE(row.line > line);
        line = row.line;
        FUZZ_REQUIRE((result == LQ_SHEET_BAD_ROW) == (row.reason != NULL));
        FUZZ_REQUIRE(row.cells != NULL || row.reason != NULL);
        for (int i = 0; i < 2 && row.cells != NULL && row.reason == NULL; i++)
            FUZZ_REQUIRE(lq_utf8_valid(lq_span_text(row.cells[i])) || row.reason != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct lq_sheet_heading NAMES = {"people", "人员"};
    static const struct lq_sheet_heading COLUMNS[] = {{"a", "甲"}, {"b", NULL}};
    struct fuzz_input input = {data, size};
    if (size > 0 && fuzz_byte(&input) % 2 == 0)
        write_file(lq_span(data + 1, size - 1));
    else
        write_book(&input);
    struct lq_arena arena = {0};
    struct lq_sheet *sheet = NULL;
    const enum lq_status status = lq_sheet_open(path, NAMES, COLUMNS, 2, &arena, &sheet);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    if (status == LQ_OK)
        require_rows(sheet);
    else
        FUZZ_REQUIRE(strncmp(lq_fault_text(), path, strlen(path)) == 0);
    lq_sheet_close(sheet);
    lq_arena_free(&arena);
    return 0;
}
