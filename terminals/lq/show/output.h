// What the command line shows: rows under titles, as a table for people, or as JSON or CSV for
// programs and spreadsheets.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "lq/show/color.h"

enum lq_format { LQ_FORMAT_TABLE, LQ_FORMAT_JSON, LQ_FORMAT_CSV };

// "table", "json", "csv"; false at anything else.
bool lq_format_parse(const char *text, enum lq_format *out);

struct lq_output; // the rows so far

struct lq_column {
    const char *title; // the header of the table
    const char *zh;    // the same in Chinese
    // Of a list (show/list.h): which field of the row stands here, "premises.name"; of two, as in
    // "name|kind", the first that is set. Or a function that adds the cell.
    const char *member;
    void (*cell)(struct lq_output *output, const void *row);
    const char *key; // snake_case: the key in JSON, the header in CSV
    bool right;      // aligned to the right, and never cut: numbers
    bool whole;      // never cut: official numbers, times
    bool tail;       // cut at its beginning: names that all begin with the county's
    bool spare;      // left out of a table where the line has no room for it, the last such first;
                     // the titles end with an ellipsis then
    size_t least;    // columns to which it is cut at most; 0: as any other
};

// A row of columns: title in English and Chinese, member, and what else there is (.whole = true).
#define LQ_COLUMN(_title, _zh, _member, ...)                                                       \
    {                                                                                              \
        .title = (_title), .zh = (_zh), .member = (_member), __VA_ARGS__                           \
    }

// To which a cell is cut that says who acted for whom: of badges as they are.
enum { LQ_ENTERED_LEAST = sizeof "P1005 for P1039" };

// The title in the language of the terminal.
const char *lq_column_title(const struct lq_column *column);

// The columns are borrowed for the output's life. The caller frees it.
struct lq_output *lq_output_new(const struct lq_column *columns, size_t count);
void lq_output_free(struct lq_output *output);

// Adds the next cell; a row is full when every column has its cell. The text is copied.
void lq_output_text(struct lq_output *output, const char *text);
void lq_output_number(struct lq_output *output, int64_t number); // JSON: a number
void lq_output_flag(struct lq_output *output, bool flag);        // JSON: true; else "yes" or "no"
void lq_output_none(struct lq_output *output);                   // JSON: null; else empty

// Marks the cell that was added last: in a table on a terminal it stands out.
void lq_output_mark(struct lq_output *output, enum lq_mark mark);

// What stands in a row, for whoever writes it otherwise. The text is that of CSV, borrowed.
enum lq_cell_kind { LQ_IS_TEXT, LQ_IS_NUMBER, LQ_IS_FLAG, LQ_IS_NONE };
size_t lq_output_rows(const struct lq_output *output);
const struct lq_column *lq_output_columns(const struct lq_output *output, size_t *count);
enum lq_cell_kind lq_output_cell(const struct lq_output *output, size_t row, size_t column,
                                 const char **text, int64_t *number);

struct lq_output_style {
    enum lq_format format;
    bool bom;      // CSV: begin with a UTF-8 byte order mark, which spreadsheets want
    bool terminal; // a person is looking: cut to the width, let no escape sequence through
    size_t width;  // of the terminal, in columns; 0: no bound
    bool color;    // marked cells stand out
};

// The style for a stream: whether it is a terminal, and how wide ($COLUMNS, the terminal itself,
// or 80).
struct lq_output_style lq_output_style(enum lq_format format, bool bom, FILE *stream);

// Prints everything. A table without rows is "(none)". The last row must be full. A fault is
// LQ_E_IO: the stream would not take it.
enum lq_status lq_output_print(const struct lq_output *output, struct lq_output_style style,
                               FILE *stream) LQ_MUST_CHECK;

// Writes one field of CSV, quoted where it must be. A text that a spreadsheet would take for a
// formula (it begins with =, +, -, @, or one of them in full width) gets an apostrophe before it,
// which lq import takes off again.
void lq_output_field(const char *text, FILE *stream);

// Writes what jansson made, without what a terminal would take for an escape sequence.
void lq_output_json(const char *text, FILE *stream);
