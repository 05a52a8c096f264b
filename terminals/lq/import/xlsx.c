// The cells of a book's sheet. They are all read before the first row is given, because what is
// merged stands behind them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "language/language.h"
#include "lq/import/xlsx.h"

struct cell {
    uint32_t column;
    const char *text, *flaw;
};

struct sheet_row {
    uint32_t line;
    size_t first, count; // its cells
    bool hidden;
};

struct range {
    uint32_t top, bottom, left, right; // rows from 1, columns from 0
    const char *flaw;                  // of the cells that have no value
};

struct lq_xlsx {
    struct lq_arena *arena;
    struct cell *cells;
    size_t cell_count, cell_room;
    struct sheet_row *rows;
    size_t row_count, row_room, next;
    struct range *merges;
    size_t merge_count, merge_room;
    const char *texts[LQ_SHEET_FIELDS], *flaws[LQ_SHEET_FIELDS]; // of the row given last
};

// The sheet while it is read.
struct reading {
    struct lq_xlsx *xlsx;
    uint32_t line, column; // of the cell that is read; columns from 0
    char type[12];         // the cell's t=
    unsigned shown;
    bool has_formula, has_value, in_value, in_text;
    unsigned in_phonetic;
    struct lq_xlsx_text value;
};

// ---------------------------------------------------------------- places

// "BC12": column 54, row 12. Either may be missing (0).
static bool read_place(const char **at, uint32_t *column, uint32_t *row)
{
    *column = *row = 0;
    for (; **at >= 'A' && **at <= 'Z' && *column < 100000; ++*at)
        *column = *column * 26 + (uint32_t)(**at - 'A' + 1);
    for (; **at >= '0' && **at <= '9' && *row < 100000000; ++*at)
        *row = *row * 10 + (uint32_t)(**at - '0');
    return *column > 0 && *row > 0 && *row <= LQ_SHEET_ROWS;
}

// ---------------------------------------------------------------- rows and cells

static void begin_row(struct lq_xlsx_part *part, const char **attributes)
{
    struct reading *reading = part->to;
    struct lq_xlsx *xlsx = reading->xlsx;
    const char *number = lq_xlsx_attribute(attributes, "r");
    const char *hidden = lq_xlsx_attribute(attributes, "hidden");
    const unsigned long line = number != NULL ? strtoul(number, NULL, 10) : reading->line + 1UL;
    if (line <= reading->line || line > LQ_SHEET_ROWS) {
        part->why = lq_tr("its rows are not in order");
        return;
    }
    reading->line = (uint32_t)line;
    reading->column = UINT32_MAX; // before the first
    xlsx->rows = lq_xlsx_grown(xlsx->rows, xlsx->row_count, &xlsx->row_room, sizeof *xlsx->rows);
    xlsx->rows[xlsx->row_count++] = (struct sheet_row){
        .line = reading->line,
        .first = xlsx->cell_count,
        .hidden = hidden != NULL && strcmp(hidden, "0") != 0 && strcmp(hidden, "false") != 0};
}

static void begin_cell(struct lq_xlsx_part *part, const char **attributes)
{
    struct reading *reading = part->to;
    const char *place = lq_xlsx_attribute(attributes, "r");
    const char *type = lq_xlsx_attribute(attributes, "t");
    const char *style = lq_xlsx_attribute(attributes, "s");
    uint32_t column = reading->column + 2, row = reading->line; // the next; from 1
    if (place != NULL && (!read_place(&place, &column, &row) || *place != '\0' ||
                          row != reading->line || column < reading->column + 2)) {
        part->why = lq_tr("its cells are not in order");
        return;
    }
    const unsigned long number = style != NULL ? strtoul(style, NULL, 10) : 0;
    reading->column = column - 1;
    reading->shown = number < part->book->style_count ? part->book->shown[number] : LQ_XLSX_NUMBER;
    snprintf(reading->type, sizeof reading->type, "%s", type != NULL ? type : "n");
    reading->has_formula = reading->has_value = false;
    reading->value.size = 0;
}

// What the cell holds; *flaw is set if it is nothing that was typed.
static const char *text_of(struct lq_xlsx_part *part, const char **flaw)
{
    struct reading *reading = part->to;
    struct lq_xlsx_book *book = part->book;
    const char *value = lq_xlsx_take(book->arena, &reading->value);
    if (strcmp(reading->type, "s") == 0) {
        char *end;
        const unsigned long number = strtoul(value, &end, 10);
        if (*value == '\0' || *end != '\0' || number >= book->text_count)
            part->why = lq_tr("a cell has a text that is not there");
        return part->why == NULL ? book->texts[number] : "";
    }
    // Only a text can be a value of no characters.
    if (reading->has_formula && *value == '\0' && strcmp(reading->type, "str") != 0) {
        *flaw = lq_tr("is a formula whose value was not saved; open the book, and save it again");
        return "";
    }
    if (strcmp(reading->type, "e") == 0) {
        *flaw = lq_arena_format(book->arena, lq_tr("is %s, an error of the spreadsheet"), value);
        return "";
    }
    if (strcmp(reading->type, "b") == 0)
        return strcmp(value, "1") == 0 ? "TRUE" : "FALSE";
    if (strcmp(reading->type, "n") == 0 && *value != '\0')
        return lq_xlsx_number(book, value, reading->shown, flaw);
    return value; // inlineStr, str, d
}

static void end_cell(struct lq_xlsx_part *part)
{
    struct reading *reading = part->to;
    struct lq_xlsx *xlsx = reading->xlsx;
    if (!reading->has_value && !reading->has_formula)
        return; // only its looks
    struct cell cell = {.column = reading->column};
    cell.text = text_of(part, &cell.flaw);
    if (xlsx->cell_count == LQ_SHEET_CELLS)
        part->why = lq_tr("it has too many cells");
    if (part->why != NULL || (*cell.text == '\0' && cell.flaw == NULL))
        return;
    xlsx->cells =
        lq_xlsx_grown(xlsx->cells, xlsx->cell_count, &xlsx->cell_room, sizeof *xlsx->cells);
    xlsx->cells[xlsx->cell_count++] = cell;
    xlsx->rows[xlsx->row_count - 1].count++;
}

static void note_merge(struct lq_xlsx_part *part, const char **attributes)
{
    struct lq_xlsx *xlsx = ((struct reading *)part->to)->xlsx;
    const char *name = lq_xlsx_attribute(attributes, "ref"), *at = name;
    struct range range = {0};
    if (name == NULL || !read_place(&at, &range.left, &range.top) || *at++ != ':' ||
        !read_place(&at, &range.right, &range.bottom) || range.right < range.left ||
        range.bottom < range.top) {
        part->why = lq_tr("cells are merged that are none");
        return;
    }
    if (xlsx->merge_count == LQ_SHEET_MERGES) {
        part->why = lq_tr("too many cells are merged; unmerge them");
        return;
    }
    range.left--;
    range.right--;
    // What they mean nobody wrote down.
    range.flaw =
        lq_arena_format(part->book->arena,
                        lq_tr("belongs to the merged cells %s, of which only the first has the "
                              "value; unmerge them and fill in each"),
                        name);
    xlsx->merges = lq_xlsx_grown(xlsx->merges, xlsx->merge_count, &xlsx->merge_room, sizeof range);
    xlsx->merges[xlsx->merge_count++] = range;
}

static void on_start(struct lq_xlsx_part *part, const char *name, const char **attributes)
{
    struct reading *reading = part->to;
    const bool in_row = reading->line > 0;
    if (strcmp(name, "row") == 0)
        begin_row(part, attributes);
    else if (strcmp(name, "c") == 0 && in_row)
        begin_cell(part, attributes);
    else if (strcmp(name, "v") == 0)
        reading->in_value = reading->has_value = true;
    else if (strcmp(name, "rPh") == 0)
        reading->in_phonetic++;
    else if (strcmp(name, "t") == 0 && reading->in_phonetic == 0)
        reading->in_value = reading->has_value = true;
    else if (strcmp(name, "f") == 0)
        reading->has_formula = true;
    else if (strcmp(name, "mergeCell") == 0)
        note_merge(part, attributes);
}

static void on_end(struct lq_xlsx_part *part, const char *name)
{
    struct reading *reading = part->to;
    reading->in_value = false;
    if (strcmp(name, "rPh") == 0 && reading->in_phonetic > 0)
        reading->in_phonetic--;
    if (strcmp(name, "c") == 0 && reading->line > 0)
        end_cell(part);
}

static void on_text(struct lq_xlsx_part *part, const char *text, size_t size)
{
    struct reading *reading = part->to;
    if (reading->in_value)
        lq_xlsx_append(part->book->arena, &reading->value, text, size);
}

// ---------------------------------------------------------------- opening

static enum lq_status check_merges(const struct lq_xlsx_book *book, const struct lq_xlsx *xlsx)
{
    uint64_t cells = 0;
    for (size_t i = 0; i < xlsx->merge_count; i++) {
        const struct range *range = &xlsx->merges[i];
        cells += (uint64_t)(range->bottom - range->top + 1) * (range->right - range->left + 1);
    }
    if (cells > LQ_SHEET_MERGED_CELLS)
        return lq_fault(LQ_E_INPUT, "%s: too many cells are merged; unmerge them", book->path);
    return LQ_OK;
}

static enum lq_status read_book(struct lq_xlsx_book *book, struct lq_sheet_heading names,
                                struct lq_xlsx *xlsx)
{
    const char *name = NULL;
    enum lq_status status = lq_xlsx_find_sheet(book, names, &name);
    if (status == LQ_OK)
        status = lq_xlsx_read_styles(book);
    if (status == LQ_OK)
        status = lq_xlsx_read_texts(book);
    if (status != LQ_OK)
        return status;
    struct reading reading = {.xlsx = xlsx};
    struct lq_xlsx_part part = {
        .book = book, .to = &reading, .start = on_start, .end = on_end, .text = on_text};
    status = lq_xlsx_read_part(&part, name, true);
    return status == LQ_OK ? check_merges(book, xlsx) : status;
}

enum lq_status lq_xlsx_open(const char *path, struct lq_span bytes, struct lq_sheet_heading names,
                            struct lq_arena *arena, void (*say)(void *to, const char *remark),
                            void *to, struct lq_xlsx **out)
{
    struct lq_xlsx_book book = {.path = path, .arena = arena, .say = say, .to = to};
    struct lq_xlsx *xlsx = calloc(1, sizeof *xlsx);
    LQ_ASSERT(xlsx != NULL);
    xlsx->arena = arena;
    enum lq_status status = lq_xlsx_unzip(&book, bytes);
    if (status == LQ_OK)
        status = read_book(&book, names, xlsx);
    lq_xlsx_done(&book);
    if (status == LQ_OK)
        *out = xlsx;
    else
        lq_xlsx_close(xlsx);
    return status;
}

void lq_xlsx_close(struct lq_xlsx *xlsx)
{
    if (xlsx == NULL)
        return;
    free(xlsx->cells);
    free(xlsx->rows);
    free(xlsx->merges);
    free(xlsx);
}

// ---------------------------------------------------------------- rows

static void mark_merged(struct lq_xlsx *xlsx, struct lq_source_row *row, const struct range *range)
{
    for (uint32_t c = range->left; c <= range->right && c < LQ_SHEET_FIELDS; c++) {
        if (row->line == range->top && c == range->left)
            continue;
        xlsx->flaws[c] = range->flaw;
        if (row->count <= c)
            row->count = c + 1;
    }
}

// Marks what is merged in this row, and forgets the ranges that end above it.
static void mark_all_merged(struct lq_xlsx *xlsx, struct lq_source_row *row)
{
    size_t kept = 0;
    for (size_t i = 0; i < xlsx->merge_count; i++) {
        const struct range range = xlsx->merges[i];
        if (range.bottom < row->line)
            continue;
        xlsx->merges[kept++] = range;
        if (range.top <= row->line)
            mark_merged(xlsx, row, &range);
    }
    xlsx->merge_count = kept;
}

bool lq_xlsx_next(struct lq_xlsx *xlsx, struct lq_source_row *row)
{
    *row = (struct lq_source_row){0};
    if (xlsx->next == xlsx->row_count)
        return false;
    const struct sheet_row *own = &xlsx->rows[xlsx->next++];
    row->line = own->line;
    row->hidden = own->hidden;
    row->cells = xlsx->texts;
    row->flaws = xlsx->flaws;
    for (size_t i = 0; i < LQ_SHEET_FIELDS; i++) {
        xlsx->texts[i] = "";
        xlsx->flaws[i] = NULL;
    }
    size_t bytes = 0;
    for (size_t i = own->first; i < own->first + own->count; i++) {
        const struct cell *cell = &xlsx->cells[i];
        bytes += strlen(cell->text);
        if (cell->column >= LQ_SHEET_FIELDS)
            row->why = lq_tr("more than 1024 fields");
        else if (bytes > LQ_SHEET_ROW_BYTES)
            row->why = lq_tr("a row of more than 64 KiB");
        else {
            xlsx->texts[cell->column] = cell->text;
            xlsx->flaws[cell->column] = cell->flaw;
            row->count = cell->column + 1;
        }
    }
    if (own->count > 0)
        mark_all_merged(xlsx, row);
    return true;
}
