// --xlsx FILE: the flat rows of CSV as a book for spreadsheets, in the person's language: numbers
// as numbers, days and times as such, and never a formula. A second sheet says what was asked for,
// how many rows there are, as of which record, and the checksum of the same rows as CSV.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/sha256.h"
#include "base/time.h"
#include "base/clock.h"
#include "lq/full.h"
#include "lq/show/text.h"
#include "lq/show/words.h"

enum {
    SHEET_NAME = 31, // characters, as Excel has it
    WIDTH_MOST = 60, // of a column
};

// What a spreadsheet's numbers hold without rounding: 15 digits.
static const int64_t EXACT = 1000000000000000;

struct book {
    struct lq_cli *cli;
    const struct lq_output *output;
    lxw_workbook *workbook;
    lxw_format *head, *day, *time;
    lxw_error error; // the first
};

static void note(struct book *book, lxw_error error)
{
    if (book->error == LXW_NO_ERROR)
        book->error = error;
}

// ---------------------------------------------------------------- cells

// A text that is wholly a day, or a time of the county. Spreadsheets begin with 1900.
static bool read_time(const char *text, lxw_datetime *out, bool *is_day)
{
    int seconds = 0, end = 0, size = (int)strlen(text);
    *out = (lxw_datetime){0};
    if (sscanf(text, "%4d-%2d-%2d%n", &out->year, &out->month, &out->day, &end) != 3 || end != 10 ||
        out->year < 1900 || out->month < 1 || out->month > 12 || out->day < 1 || out->day > 31)
        return false;
    *is_day = size == end;
    if (*is_day)
        return true;
    if ((text[10] != ' ' && text[10] != 'T') ||
        sscanf(text + 11, "%2d:%2d%n", &out->hour, &out->min, &end) != 2 || end != 5)
        return false;
    if (sscanf(text + 16, ":%2d%n", &seconds, &end) == 1 && end == 3)
        size -= 3;
    out->sec = seconds;
    const char *rest = text + 16 + (strlen(text) - (size_t)size);
    return *rest == '\0' || strcmp(rest, "+08:00") == 0;
}

static void write_cell(struct book *book, lxw_worksheet *sheet, size_t row, size_t column)
{
    const char *text;
    int64_t number;
    lxw_datetime when;
    bool is_day = false;
    const lxw_row_t at = (lxw_row_t)row + 1;
    const lxw_col_t in = (lxw_col_t)column;
    const enum lq_cell_kind kind = lq_output_cell(book->output, row, column, &text, &number);
    if (kind == LQ_IS_NONE || *text == '\0')
        return;
    if (kind == LQ_IS_NUMBER && number < EXACT && number > -EXACT)
        note(book, worksheet_write_number(sheet, at, in, (double)number, NULL));
    else if (kind == LQ_IS_FLAG)
        note(book, worksheet_write_string(sheet, at, in, lq_word_flag(number != 0), NULL));
    else if (kind == LQ_IS_TEXT && read_time(text, &when, &is_day))
        note(book, worksheet_write_datetime(sheet, at, in, &when, is_day ? book->day : book->time));
    else
        note(book, worksheet_write_string(sheet, at, in, text, NULL));
}

static const char *heading(const struct lq_column *column)
{
    if (lq_language() == LQ_CHINESE && column->zh != NULL)
        return column->zh;
    return column->key != NULL ? column->key : column->title;
}

static size_t width_of(const struct book *book, size_t column, const char *title)
{
    size_t width = lq_text_width(title);
    for (size_t row = 0; row < lq_output_rows(book->output); row++) {
        const char *text;
        int64_t number;
        lq_output_cell(book->output, row, column, &text, &number);
        const size_t own = lq_text_width(text);
        width = own > width ? own : width;
    }
    return width < WIDTH_MOST ? width + 2 : WIDTH_MOST;
}

static void write_rows(struct book *book, lxw_worksheet *sheet)
{
    size_t count;
    const struct lq_column *columns = lq_output_columns(book->output, &count);
    const size_t rows = lq_output_rows(book->output);
    for (size_t i = 0; i < count; i++) {
        const char *title = heading(&columns[i]);
        note(book, worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i,
                                        (double)width_of(book, i, title), NULL));
        note(book, worksheet_write_string(sheet, 0, (lxw_col_t)i, title, book->head));
    }
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < count; i++)
            write_cell(book, sheet, row, i);
    worksheet_freeze_panes(sheet, 1, 0);
    if (rows > 0)
        note(book, worksheet_autofilter(sheet, 0, 0, (lxw_row_t)rows, (lxw_col_t)(count - 1)));
}

// ---------------------------------------------------------------- what it is

// The SHA-256 of what the same line prints with --csv (and --words of this language).
static const char *checksum(struct book *book)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    const struct lq_output_style style = {.format = LQ_FORMAT_CSV};
    if (stream == NULL || lq_output_print(book->output, style, stream) != LQ_OK)
        abort(); // only for want of memory
    fclose(stream);
    char *text = lq_arena_alloc(&book->cli->arena, LQ_SHA256_HEX + 1);
    lq_sha256_text(lq_span((const uint8_t *)bytes, size), text);
    free(bytes);
    return text;
}

// The words that were typed, without the file's.
static const char *asked(struct lq_cli *cli)
{
    const char *text = "lq";
    for (char **word = cli->typed + 1; *word != NULL; word++) {
        if (strcmp(*word, "--xlsx") == 0 && word[1] != NULL)
            word++;
        else if (strncmp(*word, "--xlsx=", 7) != 0)
            text = lq_arena_format(&cli->arena, "%s %s", text, *word);
    }
    return text;
}

static const char *as_of(struct lq_cli *cli)
{
    if (cli->told == NULL || cli->told->as_of == NULL)
        return "";
    return lq_arena_format(&cli->arena, "%s#%" PRIu64, cli->told->as_of->stream,
                           cli->told->as_of->seq);
}

static void write_about(struct book *book, lxw_worksheet *sheet, const char *sum)
{
    char now[LQ_TIME_TEXT];
    struct lq_cli *cli = book->cli;
    const struct {
        const char *what, *value;
    } lines[] = {
        {lq_tr("what"), lq_phrase(&cli->verb->summary)},
        {lq_tr("asked for"), asked(cli)},
        {lq_tr("as of record"), as_of(cli)},
        {lq_tr("written at"), lq_format_local(lq_wall_ms(), now)},
        {lq_tr("SHA-256 of the rows as CSV"), sum},
    };
    const size_t count = sizeof lines / sizeof *lines;
    for (size_t i = 0; i < count; i++) {
        note(book, worksheet_write_string(sheet, (lxw_row_t)i, 0, lines[i].what, book->head));
        note(book, worksheet_write_string(sheet, (lxw_row_t)i, 1, lines[i].value, NULL));
    }
    note(book, worksheet_write_string(sheet, (lxw_row_t)count, 0, lq_tr("rows"), book->head));
    note(book, worksheet_write_number(sheet, (lxw_row_t)count, 1,
                                      (double)lq_output_rows(book->output), NULL));
    note(book, worksheet_set_column(sheet, 0, 0, 28, NULL));
    note(book, worksheet_set_column(sheet, 1, 1, 70, NULL));
}

// As Excel takes it: short, and without the signs of its formulas.
static const char *sheet_name(struct lq_cli *cli)
{
    char *name = lq_arena_text(&cli->arena, lq_phrase(&cli->verb->summary));
    size_t characters = 0;
    for (char *at = name; *at != '\0'; at++) {
        if (strchr("[]:*?/\\'", *at) != NULL)
            *at = ' ';
        characters += ((unsigned char)*at & 0xc0) != 0x80;
        if (characters > SHEET_NAME) {
            *at = '\0';
            break;
        }
    }
    return name;
}

int lq_write_book(struct lq_cli *cli, const struct lq_output *output)
{
    struct book book = {.cli = cli, .output = output};
    book.workbook = workbook_new(cli->book);
    if (book.workbook == NULL)
        return lq_cli_fault(lq_fault(LQ_E_IO, "cannot write %s: %s", cli->book, strerror(errno)));
    book.head = workbook_add_format(book.workbook);
    format_set_bold(book.head);
    book.day = workbook_add_format(book.workbook);
    format_set_num_format(book.day, "yyyy-mm-dd");
    book.time = workbook_add_format(book.workbook);
    format_set_num_format(book.time, "yyyy-mm-dd hh:mm:ss");
    const char *sum = checksum(&book);
    lxw_worksheet *rows = workbook_add_worksheet(book.workbook, sheet_name(cli));
    lxw_worksheet *about = workbook_add_worksheet(book.workbook, lq_tr("About"));
    if (rows == NULL || about == NULL)
        return lq_cli_fault(
            lq_fault(LQ_E_IO, "cannot write %s: its sheets have no room", cli->book));
    write_rows(&book, rows);
    write_about(&book, about, sum);
    note(&book, workbook_close(book.workbook));
    if (book.error != LXW_NO_ERROR)
        return lq_cli_fault(
            lq_fault(LQ_E_IO, "cannot write %s: %s", cli->book, lxw_strerror(book.error)));
    if (!cli->quiet)
        lq_cli_say("%s: %zu rows, SHA-256 %s", cli->book, lq_output_rows(output), sum);
    return LQ_EXIT_DONE;
}
