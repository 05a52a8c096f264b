// Between sheet.c and what it reads from: raw rows of a file (csv.c) or of a book (xlsx.c).
#pragma once

#include "base/span.h"
#include "lq/import/sheet.h"

// A row as the file has it. What it points to is valid until the next one is read.
struct lq_source_row {
    unsigned line;
    size_t count;
    const char *const *cells; // UTF-8
    const char *const *flaws; // of each cell, what is wrong with it, or NULL; NULL: nothing is
    const char *why;          // the row cannot be read; NULL: it can
    bool hidden;
};

// ---------------------------------------------------------------- encoding

// Turns the text of a file into UTF-8, in place of the bytes (from malloc). Gives the name of what
// it was in. Bytes that are no characters of it become 0xFF, which no UTF-8 has. LQ_E_INPUT if this
// machine cannot read that encoding.
LQ_MUST_CHECK enum lq_status lq_encoding_read(char **bytes, size_t *size, const char **name);

// ---------------------------------------------------------------- CSV

struct lq_csv;

// Reads comma-separated values, or tab-separated ones where the first line has tabs and no comma.
// Line ends are LF or CRLF; blank lines are skipped; spaces around a field that is not quoted are
// trimmed. Takes the text over (from malloc), which is in UTF-8 and was in the encoding named.
struct lq_csv *lq_csv_open(char *text, size_t size, const char *encoding);
bool lq_csv_next(struct lq_csv *csv, struct lq_source_row *row); // false: that was all
void lq_csv_close(struct lq_csv *csv);

// ---------------------------------------------------------------- books

struct lq_xlsx;

// Reads the sheet of a book; bytes are borrowed for the call. Texts live in the arena.
// `say` is told what a person should know of it. LQ_E_INPUT with the file's name.
LQ_MUST_CHECK enum lq_status lq_xlsx_open(const char *path, struct lq_span bytes,
                                          struct lq_sheet_heading names, struct lq_arena *arena,
                                          void (*say)(void *to, const char *remark), void *to,
                                          struct lq_xlsx **out);
bool lq_xlsx_next(struct lq_xlsx *xlsx, struct lq_source_row *row);
void lq_xlsx_close(struct lq_xlsx *xlsx);

// Is the text one of these headings?
bool lq_source_is_named(struct lq_arena *arena, struct lq_sheet_heading names, const char *text);

// The letters of a column, 0 is "A"; at most three.
const char *lq_source_letters(struct lq_arena *arena, size_t column);
