// Reads an import file: comma-separated values as RFC 4180 has them, in UTF-8, with a header row.
// A row that is malformed is told with its reason, and reading goes on with the next.
#pragma once

#include <stddef.h>

#include "base/status.h"

struct lq_csv;

enum lq_csv_result {
    LQ_CSV_ROW,     // row.fields
    LQ_CSV_BAD_ROW, // row.reason
    LQ_CSV_END,
};

struct lq_csv_row {
    unsigned line;             // of the file, where the row starts; the header is line 1
    const char *const *fields; // one for each required column, in the order they were asked for
    const char *reason;        // "premises.csv:12: …"
    // Both pointers are valid until the next call.
};

// Opens a file of at most 256 MiB whose header must have these columns, in any order; others are
// passed over. Line ends are LF or CRLF; a byte order mark is passed over; blank lines are skipped;
// spaces around a field that is not quoted are trimmed. The names are borrowed for the call. A
// fault is LQ_E_IO (the file cannot be read) or LQ_E_INPUT (too large, no header, a column missing
// or there twice: the words name the file, the columns, and what the header has). The caller
// closes the reader.
enum lq_status lq_csv_open(const char *path, const char *const *columns, size_t count,
                           struct lq_csv **out) LQ_MUST_CHECK;

enum lq_csv_result lq_csv_next(struct lq_csv *reader, struct lq_csv_row *row);

void lq_csv_close(struct lq_csv *reader);
