// A file on the way to rows of the wanted columns: what it is, where its header stands, and which
// cells of each row are wanted.
#include "lq/import/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "language/language.h"
#include "lq/import/cell.h"
#include "lq/import/source.h"
#include "lq/show/text.h"
#include "pb/utf8.h"

struct lq_sheet {
    struct lq_arena *arena;
    const char *path, *encoding;
    struct lq_csv *csv; // or
    struct lq_xlsx *xlsx;
    const struct lq_sheet_heading *headings; // while it is being opened
    size_t count;                            // of the headings
    size_t *places;                          // of each heading, its column
    size_t width;                            // of the header
    size_t reason;                           // the column of reasons; SIZE_MAX: none
    const char **wanted;                     // the cells of a row, in the order of the headings
    const char **remarks;
    size_t remark_count, remark_room;
    unsigned hidden, first_hidden; // rows
};

// ---------------------------------------------------------------- remarks

static void say(void *to, const char *remark)
{
    struct lq_sheet *sheet = to;
    if (sheet->remark_count == sheet->remark_room) {
        const size_t room = sheet->remark_room * 2 + 8;
        const char **more = LQ_NEW_ARRAY(sheet->arena, const char *, room);
        for (size_t i = 0; i < sheet->remark_count; i++)
            more[i] = sheet->remarks[i];
        sheet->remarks = more;
        sheet->remark_room = room;
    }
    sheet->remarks[sheet->remark_count++] = remark;
}

const char *lq_sheet_remark(const struct lq_sheet *sheet, size_t i)
{
    return i < sheet->remark_count ? sheet->remarks[i] : NULL;
}

const char *lq_sheet_encoding(const struct lq_sheet *sheet)
{
    return sheet->encoding;
}

// ---------------------------------------------------------------- rows

static bool next_raw(struct lq_sheet *sheet, struct lq_source_row *raw)
{
    return sheet->csv != NULL ? lq_csv_next(sheet->csv, raw) : lq_xlsx_next(sheet->xlsx, raw);
}

static bool is_blank(const struct lq_sheet *sheet, const struct lq_source_row *raw)
{
    if (raw->why != NULL)
        return false;
    for (size_t i = 0; i < raw->count; i++)
        if (i != sheet->reason &&
            (!lq_cell_is_empty(raw->cells[i]) || (raw->flaws != NULL && raw->flaws[i] != NULL)))
            return false;
    return true;
}

// A cell behind the last column of the header that is not empty; SIZE_MAX: there is none.
static size_t find_surplus(const struct lq_sheet *sheet, const struct lq_source_row *raw)
{
    for (size_t i = sheet->width; i < raw->count; i++)
        if (!lq_cell_is_empty(raw->cells[i]))
            return i;
    return SIZE_MAX;
}

// What is wrong with the row as a row; NULL: nothing.
static const char *what_is_wrong(const struct lq_sheet *sheet, const struct lq_source_row *raw)
{
    if (raw->why != NULL)
        return raw->why;
    const size_t surplus = find_surplus(sheet, raw);
    if (surplus != SIZE_MAX)
        return lq_arena_format(sheet->arena,
                               lq_tr("column %s has a value, but the header ends at %s"),
                               lq_source_letters(sheet->arena, surplus),
                               lq_source_letters(sheet->arena, sheet->width - 1));
    for (size_t i = 0; i < sheet->count && raw->flaws != NULL; i++)
        if (sheet->places[i] < raw->count && raw->flaws[sheet->places[i]] != NULL)
            return lq_arena_format(sheet->arena, "%s%u %s", lq_sheet_letters(sheet, i), raw->line,
                                   raw->flaws[sheet->places[i]]);
    return NULL;
}

// Hidden rows are rows, but whoever looks at the book does not see them.
static void end(struct lq_sheet *sheet)
{
    if (sheet->hidden > 0)
        say(sheet, lq_arena_format(
                       sheet->arena,
                       lq_tr("%u hidden rows were read, too; the first is row %u of the sheet"),
                       sheet->hidden, sheet->first_hidden));
    sheet->hidden = 0;
}

enum lq_sheet_result lq_sheet_next(struct lq_sheet *sheet, struct lq_sheet_row *row)
{
    struct lq_source_row raw;
    *row = (struct lq_sheet_row){0};
    do
        if (!next_raw(sheet, &raw)) {
            end(sheet);
            return LQ_SHEET_END;
        }
    while (is_blank(sheet, &raw));
    if (raw.hidden && sheet->hidden++ == 0)
        sheet->first_hidden = raw.line;
    row->line = raw.line;
    // Who saves a table leaves out the commas of empty cells at the end of a row.
    for (size_t i = 0; i < sheet->count; i++)
        sheet->wanted[i] = sheet->places[i] < raw.count ? raw.cells[sheet->places[i]] : "";
    row->cells = raw.why == NULL ? sheet->wanted : NULL;
    row->reason = what_is_wrong(sheet, &raw);
    return row->reason == NULL ? LQ_SHEET_ROW : LQ_SHEET_BAD_ROW;
}

// ---------------------------------------------------------------- the header

const char *lq_source_letters(struct lq_arena *arena, size_t column)
{
    char letters[4] = "";
    size_t used = 0;
    for (size_t left = column + 1; left > 0 && used < 3; left = (left - 1) / 26)
        letters[used++] = (char)('A' + (left - 1) % 26);
    char *text = lq_arena_alloc(arena, used + 1);
    for (size_t i = 0; i < used; i++)
        text[i] = letters[used - 1 - i];
    return text;
}

const char *lq_sheet_letters(const struct lq_sheet *sheet, size_t heading)
{
    return lq_source_letters(sheet->arena, sheet->places[heading]);
}

bool lq_source_is_named(struct lq_arena *arena, struct lq_sheet_heading names, const char *text)
{
    const char *folded = lq_cell_word(arena, text);
    if (strcmp(folded, names.name) == 0)
        return true;
    const size_t size = strlen(folded);
    for (const char *zh = names.zh; zh != NULL && size > 0; zh = strchr(zh, '/')) {
        zh += *zh == '/';
        const size_t length = strcspn(zh, "/");
        if (length == size && memcmp(zh, folded, size) == 0)
            return true;
    }
    return false;
}

// Names in quotes, separated by commas, cut where there is no more room; never raw.
static void list(char *out, size_t room, const char *const *names, size_t count)
{
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; i < count && used < room; i++) {
        char *printable = lq_text_printable(names[i]);
        const int wrote =
            snprintf(out + used, room - used, "%s\"%s\"", i > 0 ? ", " : "", printable);
        free(printable);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    for (size_t size = strlen(out); size > 0 && !lq_utf8_valid(lq_span_text(out)); size--)
        out[size - 1] = '\0'; // cut within a character
}

// Finds the column of a heading in a row; gives how often it is there.
static size_t find(struct lq_arena *arena, const struct lq_source_row *row,
                   struct lq_sheet_heading heading, size_t *place)
{
    size_t found = 0;
    for (size_t i = row->count; i > 0; i--)
        if (lq_source_is_named(arena, heading, row->cells[i - 1])) {
            *place = i - 1;
            found++;
        }
    return found;
}

// As it is told: in Chinese by the first of its Chinese names.
static const char *called(struct lq_arena *arena, struct lq_sheet_heading heading)
{
    return lq_language() == LQ_CHINESE && heading.zh != NULL
               ? lq_arena_format(arena, "%.*s", (int)strcspn(heading.zh, "/"), heading.zh)
               : heading.name;
}

// The headings that the row lacks: their number, and the first of them.
static size_t map_columns(struct lq_sheet *sheet, const struct lq_source_row *row,
                          const char **missing)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->count; i++)
        if (find(sheet->arena, row, sheet->headings[i], &sheet->places[i]) == 0)
            missing[count++] = called(sheet->arena, sheet->headings[i]);
    return count;
}

static enum lq_status refuse_twice(const struct lq_sheet *sheet, const struct lq_source_row *row)
{
    for (size_t i = 0; i < sheet->count; i++) {
        size_t place;
        const size_t found = find(sheet->arena, row, sheet->headings[i], &place);
        if (found > 1)
            return lq_fault(LQ_E_INPUT, "%s: the header has the column \"%s\" %zu times",
                            sheet->path, called(sheet->arena, sheet->headings[i]), found);
    }
    return LQ_OK;
}

static enum lq_status take_header(struct lq_sheet *sheet, const struct lq_source_row *row)
{
    static const struct lq_sheet_heading REASON = {LQ_SHEET_REASON, LQ_SHEET_REASON_ZH};
    sheet->width = row->count;
    if (find(sheet->arena, row, REASON, &sheet->reason) == 0)
        sheet->reason = SIZE_MAX;
    for (size_t i = 0; i < sheet->count; i++) // a ledger may have a column of that name itself
        if (sheet->places[i] == sheet->reason)
            sheet->reason = SIZE_MAX;
    return refuse_twice(sheet, row);
}

// What the header lacks is told of the row that has the most of it.
struct best {
    size_t lacks;
    char wanted[200], had[300];
};

static void note_best(struct best *best, const struct lq_source_row *row,
                      const char *const *missing, size_t lacks)
{
    if (lacks >= best->lacks)
        return;
    best->lacks = lacks;
    list(best->wanted, sizeof best->wanted, missing, lacks);
    list(best->had, sizeof best->had, row->cells, row->count);
}

// Above the header there may be a title or two.
static enum lq_status read_header(struct lq_sheet *sheet)
{
    const char **missing = LQ_NEW_ARRAY(sheet->arena, const char *, sheet->count + 1);
    struct best best = {.lacks = SIZE_MAX};
    struct lq_source_row row;
    for (int above = 0; above <= LQ_SHEET_TITLE_ROWS && next_raw(sheet, &row);) {
        if (row.why != NULL)
            return lq_fault(LQ_E_INPUT, "%s:%u: %s", sheet->path, row.line, row.why);
        if (is_blank(sheet, &row))
            continue;
        const size_t lacks = map_columns(sheet, &row, missing);
        if (lacks == 0) {
            if (above > 0)
                say(sheet,
                    lq_arena_format(sheet->arena,
                                    lq_tr("the header is row %u; what stands above it was passed "
                                          "over"),
                                    row.line));
            return take_header(sheet, &row);
        }
        note_best(&best, &row, missing, lacks);
        above++;
    }
    if (best.lacks == SIZE_MAX)
        return lq_fault(LQ_E_INPUT, "%s: is empty; it must begin with a header", sheet->path);
    return lq_fault(LQ_E_INPUT, "%s: the header lacks %s; it has %s", sheet->path, best.wanted,
                    best.had);
}

// ---------------------------------------------------------------- the file

static enum lq_status read_all(const char *path, FILE *file, char **bytes, size_t *size)
{
    size_t room = 0;
    do {
        if (*size == room) {
            room = room * 2 + 64 * 1024;
            *bytes = realloc(*bytes, room);
            LQ_ASSERT(*bytes != NULL);
        }
        *size += fread(*bytes + *size, 1, room - *size, file);
        if (*size > LQ_SHEET_FILE_BYTES)
            return lq_fault(LQ_E_INPUT, "%s: is larger than 256 MiB", path);
    } while (!feof(file) && !ferror(file));
    if (ferror(file))
        return lq_fault(LQ_E_IO, "cannot read %s: %s", path, strerror(errno));
    return LQ_OK;
}

static bool begins_with(const char *bytes, size_t size, const char *mark, size_t length)
{
    return size >= length && memcmp(bytes, mark, length) == 0;
}

// Takes the bytes over.
static enum lq_status open_bytes(struct lq_sheet *sheet, struct lq_sheet_heading names, char *bytes,
                                 size_t size)
{
    enum lq_status status = LQ_OK;
    if (begins_with(bytes, size, "\xd0\xcf\x11\xe0", 4)) {
        status = lq_fault(LQ_E_INPUT,
                          "%s: is a book of the old kind (.xls) or has a password; save it as "
                          ".xlsx without one",
                          sheet->path);
    } else if (begins_with(bytes, size, "PK\x03\x04", 4)) {
        sheet->encoding = "XLSX";
        status = lq_xlsx_open(sheet->path, lq_span(bytes, size), names, sheet->arena, say, sheet,
                              &sheet->xlsx);
    } else {
        status = lq_encoding_read(&bytes, &size, &sheet->encoding);
        if (status == LQ_OK) {
            sheet->csv = lq_csv_open(bytes, size, sheet->encoding);
            bytes = NULL;
        }
    }
    free(bytes);
    return status;
}

enum lq_status lq_sheet_open(const char *path, struct lq_sheet_heading names,
                             const struct lq_sheet_heading *headings, size_t count,
                             struct lq_arena *arena, struct lq_sheet **out)
{
    LQ_ASSERT(count <= LQ_SHEET_FIELDS);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    struct lq_sheet *sheet = LQ_NEW(arena, struct lq_sheet);
    *sheet = (struct lq_sheet){.arena = arena, .headings = headings, .count = count};
    sheet->path = lq_arena_text(arena, path);
    sheet->reason = SIZE_MAX;
    sheet->places = LQ_NEW_ARRAY(arena, size_t, count + 1);
    sheet->wanted = LQ_NEW_ARRAY(arena, const char *, count + 1);
    char *bytes = NULL;
    size_t size = 0;
    enum lq_status status = read_all(path, file, &bytes, &size);
    fclose(file);
    if (status == LQ_OK)
        status = open_bytes(sheet, names, bytes, size);
    else
        free(bytes);
    if (status == LQ_OK)
        status = read_header(sheet);
    sheet->headings = NULL;
    if (status == LQ_OK)
        *out = sheet;
    else
        lq_sheet_close(sheet);
    return status;
}

void lq_sheet_close(struct lq_sheet *sheet)
{
    if (sheet == NULL)
        return;
    lq_csv_close(sheet->csv);
    lq_xlsx_close(sheet->xlsx);
}
