// Reads a ledger's file as offices keep them: comma-separated values (RFC 4180) or tab-separated,
// in UTF-8, GB18030 or UTF-16, or a book of Excel or WPS (.xlsx). What a file is, its bytes say and
// not its name. Rows that cannot be read are told with the reason, and reading goes on with the
// next; rows of nothing but empty cells are passed over.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"

// All limits of what is read; files come from anywhere.
enum {
    LQ_SHEET_FILE_BYTES = 256 * 1024 * 1024,
    LQ_SHEET_UNPACKED_BYTES = 512 * 1024 * 1024, // of all parts of a book together
    LQ_SHEET_PARTS = 4096,                       // of a book
    LQ_SHEET_ROWS = 1024 * 1024,                 // of a book's sheet, as Excel has it
    LQ_SHEET_CELLS = 16 * 1024 * 1024,           // of a book's sheet, that are not empty
    LQ_SHEET_MERGES = 4096,                      // merged ranges of a sheet
    LQ_SHEET_MERGED_CELLS = 4 * 1024 * 1024,     // in them, all together
    LQ_SHEET_FORMATS = 65536,                    // of cells in a book
    LQ_SHEET_TEXTS = 16 * 1024 * 1024,           // shared by cells of a book
    LQ_SHEET_ROW_BYTES = 64 * 1024,
    LQ_SHEET_FIELDS = 1024, // of a row
    LQ_SHEET_TITLE_ROWS = 5 // that may stand above the header
};

struct lq_sheet;

// A column that is wanted, by its heading. Capital letters, full-width letters and spaces around
// it make no difference.
struct lq_sheet_heading {
    const char *name; // "badge"
    const char *zh;   // other headings for the same, parted by '/': "证号/警号"; NULL: none
};

enum lq_sheet_result {
    LQ_SHEET_ROW,
    LQ_SHEET_BAD_ROW, // row.reason; row.cells may be NULL
    LQ_SHEET_END,
};

struct lq_sheet_row {
    unsigned line;            // of the file, or row of the book's sheet
    const char *const *cells; // one for each heading, in the order they were asked for
    const char *reason;       // "the quotes are not closed"
    // Both pointers are valid until the next call.
};

// Opens a file and finds its header. `names` are what the sheet of a book may be called, as in
// lq_sheet_heading; a book that has none such is read from its first visible sheet. All is borrowed
// for the call; the arena must outlive the sheet. A fault is LQ_E_IO (the file cannot be read) or
// LQ_E_INPUT (too large, damaged, no header, a column missing or there twice: the words name the
// file, the columns, and what the header has). The caller closes the sheet.
enum lq_status lq_sheet_open(const char *path, struct lq_sheet_heading names,
                             const struct lq_sheet_heading *headings, size_t count,
                             struct lq_arena *arena, struct lq_sheet **out) LQ_MUST_CHECK;

enum lq_sheet_result lq_sheet_next(struct lq_sheet *sheet, struct lq_sheet_row *row);

void lq_sheet_close(struct lq_sheet *sheet);

// What the file is in: "UTF-8", "GB18030", "UTF-16", "XLSX".
const char *lq_sheet_encoding(const struct lq_sheet *sheet);

// The letters by which spreadsheets call the place of a heading: "G".
const char *lq_sheet_letters(const struct lq_sheet *sheet, size_t heading);

// What a person should know of how the file was read: hidden rows, other sheets, rows above the
// header. NULL: there is no such remark (any more).
const char *lq_sheet_remark(const struct lq_sheet *sheet, size_t i);

// The heading of the column in which refused rows carry their reason.
#define LQ_SHEET_REASON "why"
#define LQ_SHEET_REASON_ZH "原因"
