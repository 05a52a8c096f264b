// Rows are kept until all are there, because the width of a column is that of its widest cell.
// Cells keep their data as they came; what is not fit for a terminal is replaced only where a
// person looks.
#include "lq/show/output.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "language/language.h"
#include "lq/show/blocks.h"
#include "lq/show/fit.h"
#include "lq/show/text.h"
#include "pb/utf8.h"

enum kind { TEXT = LQ_IS_TEXT, NUMBER = LQ_IS_NUMBER, FLAG = LQ_IS_FLAG, NONE = LQ_IS_NONE };

struct cell {
    enum kind kind;
    int64_t number;
    char *text; // as a table and CSV show it; never NULL
    enum lq_mark mark;
};

struct lq_output {
    const struct lq_column *columns;
    size_t column_count;
    struct cell *cells;
    size_t count, room;
};

// ---------------------------------------------------------------- rows

bool lq_format_parse(const char *text, enum lq_format *out)
{
    static const char *const NAMES[] = {"table", "json", "csv"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(text, NAMES[i]) == 0) {
            *out = (enum lq_format)i;
            return true;
        }
    return false;
}

struct lq_output *lq_output_new(const struct lq_column *columns, size_t count)
{
    LQ_ASSERT(count > 0);
    struct lq_output *output = calloc(1, sizeof *output);
    LQ_ASSERT(output != NULL);
    output->columns = columns;
    output->column_count = count;
    return output;
}

void lq_output_free(struct lq_output *output)
{
    if (output == NULL)
        return;
    for (size_t i = 0; i < output->count; i++)
        free(output->cells[i].text);
    free(output->cells);
    free(output);
}

static void add(struct lq_output *output, enum kind kind, int64_t number, const char *text)
{
    if (output->count == output->room) {
        output->room = output->room * 2 + 64;
        output->cells = realloc(output->cells, output->room * sizeof *output->cells);
        LQ_ASSERT(output->cells != NULL);
    }
    char *copy = strdup(text);
    LQ_ASSERT(copy != NULL);
    output->cells[output->count++] = (struct cell){kind, number, copy, LQ_PLAIN};
}

void lq_output_text(struct lq_output *output, const char *text)
{
    add(output, TEXT, 0, text);
}

void lq_output_number(struct lq_output *output, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    add(output, NUMBER, number, text);
}

void lq_output_flag(struct lq_output *output, bool flag)
{
    add(output, FLAG, flag, flag ? "yes" : "no");
}

void lq_output_none(struct lq_output *output)
{
    add(output, NONE, 0, "");
}

void lq_output_mark(struct lq_output *output, enum lq_mark mark)
{
    LQ_ASSERT(output->count > 0);
    output->cells[output->count - 1].mark = mark;
}

size_t lq_output_rows(const struct lq_output *output)
{
    return output->count / output->column_count;
}

const struct lq_column *lq_output_columns(const struct lq_output *output, size_t *count)
{
    *count = output->column_count;
    return output->columns;
}

enum lq_cell_kind lq_output_cell(const struct lq_output *output, size_t row, size_t column,
                                 const char **text, int64_t *number)
{
    const struct cell *cell = &output->cells[row * output->column_count + column];
    *text = cell->text;
    *number = cell->number;
    return (enum lq_cell_kind)cell->kind;
}

// ---------------------------------------------------------------- table

struct table {
    const struct lq_output *output;
    bool color;
    char **texts;   // printable: the titles, then the cells
    size_t *widths; // of the columns; 0: it is left out
};

static size_t widest(const struct table *table, size_t column)
{
    size_t width = 0;
    const size_t count = table->output->column_count;
    for (size_t i = column; i < table->output->count + count; i += count) {
        const size_t own = lq_text_width(table->texts[i]);
        width = own > width ? own : width;
    }
    return width;
}

const char *lq_column_title(const struct lq_column *column)
{
    return lq_phrase(&(struct lq_phrase){column->title, column->zh});
}

static void pad(FILE *stream, size_t columns)
{
    for (; columns > 0; columns--)
        putc(' ', stream);
}

// The bytes of the first character, which takes one column or two.
static size_t first_size(const char *text)
{
    const size_t narrow = lq_text_fit(text, 1);
    return narrow > 0 ? narrow : lq_text_fit(text, 2);
}

// As much of it as the width takes, with an ellipsis where something is left out; a Chinese
// character may not fit beside it. To be freed.
static char *fitted(const char *text, size_t width, bool tail)
{
    char *kept = NULL;
    const char *end = text;
    while (tail && lq_text_width(end) > width - 1)
        end += first_size(end);
    const int head = (int)lq_text_fit(text, width - 1);
    const int made = lq_text_width(text) <= width ? asprintf(&kept, "%s", text)
                     : tail                       ? asprintf(&kept, "…%s", end)
                                                  : asprintf(&kept, "%.*s…", head, text);
    LQ_ASSERT(made >= 0);
    return kept;
}

// What is marked is marked within the padding, which no colour widens.
static void print_cell(const struct table *table, size_t cell, bool last, FILE *stream)
{
    const size_t count = table->output->column_count, i = cell % count, width = table->widths[i];
    const struct lq_column *column = &table->output->columns[i];
    const enum lq_mark mark = cell < count ? LQ_PLAIN : table->output->cells[cell - count].mark;
    char *text = fitted(table->texts[cell], width, column->tail);
    const size_t left = width - lq_text_width(text);
    pad(stream, column->right ? left : 0);
    fprintf(stream, "%s%s%s", lq_mark_on(table->color, mark), text,
            lq_mark_off(table->color, mark));
    pad(stream, column->right || last ? 0 : left);
    free(text);
}

static bool is_any_left_out(const struct table *table)
{
    for (size_t i = 0; i < table->output->column_count; i++)
        if (table->widths[i] == 0)
            return true;
    return false;
}

// Where the line has not room for all, what says nothing goes first: columns with no cell filled.
static void leave_out_empty(const struct table *table, size_t width)
{
    const size_t count = table->output->column_count;
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += table->widths[i] + (i > 0 ? LQ_FIT_GAP : 0);
    for (size_t i = 1; total > width && i < count; i++) {
        bool is_empty = true;
        for (size_t at = i; at < table->output->count; at += count)
            is_empty = is_empty && *table->output->cells[at].text == '\0';
        if (is_empty)
            table->widths[i] = 0;
    }
}

static void print_line(const struct table *table, size_t row, FILE *stream)
{
    const size_t count = table->output->column_count;
    size_t last = count; // nothing is padded after the last column that has text
    while (last > 1 &&
           (*table->texts[row * count + last - 1] == '\0' || table->widths[last - 1] == 0))
        last--;
    for (size_t i = 0; i < last; i++) {
        if (table->widths[i] == 0)
            continue;
        pad(stream, i > 0 ? LQ_FIT_GAP : 0);
        print_cell(table, row * count + i, i == last - 1, stream);
    }
    if (row == 0 && is_any_left_out(table))
        fprintf(stream, "%*s…", LQ_FIT_GAP, "");
    putc('\n', stream);
}

static const char *shown_cell(const struct cell *cell)
{
    if (cell->kind != FLAG)
        return cell->text;
    return cell->number != 0 ? lq_tr("yes") : lq_tr("no");
}

static void print_table(const struct lq_output *output, struct lq_output_style style, FILE *stream)
{
    if (output->count == 0) {
        fprintf(stream, "%s\n", lq_tr("(none)"));
        return;
    }
    const size_t columns = output->column_count, count = output->count + columns;
    struct table table = {output, style.color, calloc(count, sizeof *table.texts),
                          calloc(columns, sizeof *table.widths)};
    LQ_ASSERT(table.texts != NULL && table.widths != NULL);
    for (size_t i = 0; i < count; i++)
        table.texts[i] = lq_text_printable(i < columns ? lq_column_title(&output->columns[i])
                                                       : shown_cell(&output->cells[i - columns]));
    for (size_t i = 0; i < columns; i++)
        table.widths[i] = widest(&table, i);
    if (style.width > 0)
        leave_out_empty(&table, style.width);
    if (style.width > 0 && !lq_fit(output->columns, columns, style.width, table.widths))
        lq_output_blocks(output, style.width, stream);
    else
        for (size_t row = 0; row < count / columns; row++)
            print_line(&table, row, stream);
    for (size_t i = 0; i < count; i++)
        free(table.texts[i]);
    free(table.texts);
    free(table.widths);
}

// ---------------------------------------------------------------- JSON

static json_t *made(json_t *value)
{
    LQ_ASSERT(value != NULL);
    return value;
}

static json_t *json_of(const struct cell *cell)
{
    if (cell->kind == NONE)
        return json_null();
    if (cell->kind == NUMBER)
        return made(json_integer(cell->number));
    if (cell->kind == FLAG)
        return json_boolean(cell->number != 0);
    if (lq_utf8_valid(lq_span_text(cell->text)))
        return made(json_string(cell->text));
    char *printable = lq_text_printable(cell->text); // JSON is UTF-8 or it is nothing
    json_t *value = made(json_string(printable));
    free(printable);
    return value;
}

// jansson writes DEL and U+0080 to U+009F as they are, and a terminal takes the latter for escape
// sequences. They occur only within strings, where \u00NN means the same.
void lq_output_json(const char *text, FILE *stream)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
            fprintf(stream, "\\u%04X", *++at);
        else if (at[0] == 0x7f)
            fputs("\\u007F", stream);
        else
            putc(*at, stream);
    }
}

static void print_json(const struct lq_output *output, FILE *stream)
{
    json_t *rows = made(json_array());
    for (size_t at = 0; at < output->count; at += output->column_count) {
        json_t *row = made(json_object());
        for (size_t i = 0; i < output->column_count; i++)
            LQ_ASSERT(json_object_set_new(row, output->columns[i].key,
                                          json_of(&output->cells[at + i])) == 0);
        LQ_ASSERT(json_array_append_new(rows, row) == 0);
    }
    char *text = json_dumps(rows, JSON_INDENT(2));
    LQ_ASSERT(text != NULL);
    lq_output_json(text, stream);
    putc('\n', stream);
    free(text);
    json_decref(rows);
}

// ---------------------------------------------------------------- CSV

// What a spreadsheet would take for a formula, in full width too, or would skip to find one.
static bool is_formula(const char *text)
{
    static const char *const BEGINNINGS[] = {"=",  "+",  "-",  "@",  "\t",
                                             "\r", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++)
        if (strncmp(text, BEGINNINGS[i], strlen(BEGINNINGS[i])) == 0)
            return true;
    return false;
}

// RFC 4180: quoted where it must be; and where a space at an end would be trimmed by readers. Texts
// come from the public: what would be a formula gets an apostrophe, which makes it a text.
void lq_output_field(const char *text, FILE *stream)
{
    const size_t length = strlen(text);
    const bool spaced = length > 0 && (strchr(" \t", text[0]) || strchr(" \t", text[length - 1]));
    const char *guard = is_formula(text) ? "'" : "";
    if (!spaced && strpbrk(text, ",\"\r\n") == NULL) {
        fprintf(stream, "%s%s", guard, text);
        return;
    }
    fprintf(stream, "\"%s", guard);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putc('"', stream);
        putc(*text, stream);
    }
    putc('"', stream);
}

static void print_csv(const struct lq_output *output, struct lq_output_style style, FILE *stream)
{
    const size_t count = output->column_count;
    if (style.bom)
        fputs("\xef\xbb\xbf", stream);
    for (size_t i = 0; i < output->count + count; i++) {
        const char *raw = i < count ? output->columns[i].key : output->cells[i - count].text;
        char *printable = style.terminal ? lq_text_printable(raw) : NULL;
        if (i >= count && output->cells[i - count].kind == NUMBER)
            fputs(raw, stream); // of which none is a formula, though it begin with a minus
        else
            lq_output_field(printable != NULL ? printable : raw, stream);
        free(printable);
        fputs(i % count == count - 1 ? "\r\n" : ",", stream);
    }
}

// ---------------------------------------------------------------- printing

enum lq_status lq_output_print(const struct lq_output *output, struct lq_output_style style,
                               FILE *stream)
{
    LQ_ASSERT(output->count % output->column_count == 0);
    switch (style.format) {
    case LQ_FORMAT_TABLE:
        print_table(output, style, stream);
        break;
    case LQ_FORMAT_JSON:
        print_json(output, stream);
        break;
    case LQ_FORMAT_CSV:
        print_csv(output, style, stream);
        break;
    }
    if (fflush(stream) != 0 || ferror(stream))
        return lq_fault(LQ_E_IO, "cannot write the output: %s", strerror(errno));
    return LQ_OK;
}
