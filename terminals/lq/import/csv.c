// Comma-separated values out of a text that is read whole, so that a row whose quotes do not end
// can be left again: reading then goes on with the line after the one where that row began. Rows
// have a bound for the same reason: one stray quote must not swallow the rest of the file, nor many
// of them make reading slow.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "language/language.h"
#include "lq/import/source.h"
#include "pb/utf8.h"

struct lq_csv {
    char *bytes;
    size_t size, at;
    unsigned line; // at which `at` is
    char comma;
    const char *encoding;
    char foul[64];
    char text[LQ_SHEET_ROW_BYTES + LQ_SHEET_FIELDS + 1]; // the fields, unquoted, ended by NULs
    size_t used;
    const char *fields[LQ_SHEET_FIELDS]; // of the row
};

// ---------------------------------------------------------------- one row

// The row being read. It ends at `end` unless `why` says that it is malformed.
struct row {
    size_t start, at, end; // bytes of the file
    size_t fields;
    const char *why; // NULL while all is well
};

static bool is_space(const struct lq_csv *reader, char byte)
{
    return byte == ' ' || (byte == '\t' && reader->comma != '\t');
}

static char byte_at(const struct lq_csv *reader, size_t at)
{
    if (at >= reader->size)
        return '\n'; // the last line need not be ended
    return reader->bytes[at];
}

// Where the line's end begins, if one begins here; else 0.
static size_t line_end(const struct lq_csv *reader, size_t at)
{
    if (byte_at(reader, at) == '\n')
        return 1;
    return byte_at(reader, at) == '\r' && byte_at(reader, at + 1) == '\n' ? 2 : 0;
}

static bool bad(struct row *row, const char *why)
{
    row->why = lq_tr(why);
    return false;
}

static bool too_long(const struct row *row)
{
    return row->at - row->start >= LQ_SHEET_ROW_BYTES;
}

static void keep(struct lq_csv *reader, char byte)
{
    reader->text[reader->used++] = byte;
}

static bool read_quoted(struct lq_csv *reader, struct row *row)
{
    for (row->at++;; row->at++) {
        if (row->at >= reader->size)
            return bad(row, "the quotes are not closed");
        if (too_long(row))
            return bad(row, "the quotes are not closed within 64 KiB");
        if (reader->bytes[row->at] != '"') {
            keep(reader, reader->bytes[row->at]);
        } else if (row->at + 1 < reader->size && reader->bytes[row->at + 1] == '"') {
            keep(reader, '"');
            row->at++;
        } else {
            break;
        }
    }
    for (row->at++; is_space(reader, byte_at(reader, row->at)); row->at++)
        continue;
    if (byte_at(reader, row->at) != reader->comma && line_end(reader, row->at) == 0)
        return bad(row, "text after the closing quote");
    return true;
}

static bool read_plain(struct lq_csv *reader, struct row *row)
{
    const size_t start = reader->used;
    for (; byte_at(reader, row->at) != reader->comma && line_end(reader, row->at) == 0; row->at++) {
        const char byte = reader->bytes[row->at];
        if (too_long(row))
            return bad(row, "a row of more than 64 KiB");
        if (byte == '"')
            return bad(row, "a quote within a field that is not quoted");
        if (byte == '\r')
            return bad(row, "a carriage return within a field that is not quoted");
        keep(reader, byte);
    }
    while (reader->used > start && is_space(reader, reader->text[reader->used - 1]))
        reader->used--;
    return true;
}

static bool read_field(struct lq_csv *reader, struct row *row)
{
    if (row->fields == LQ_SHEET_FIELDS)
        return bad(row, "more than 1024 fields");
    reader->fields[row->fields++] = reader->text + reader->used;
    while (is_space(reader, byte_at(reader, row->at)))
        row->at++;
    if (!(byte_at(reader, row->at) == '"' ? read_quoted(reader, row) : read_plain(reader, row)))
        return false;
    keep(reader, '\0');
    return row->at - row->start <= LQ_SHEET_ROW_BYTES || bad(row, "a row of more than 64 KiB");
}

// The end of the line at `at`, the bytes that end it included.
static size_t after_line(const struct lq_csv *reader, size_t at)
{
    const char *end =
        at < reader->size ? memchr(reader->bytes + at, '\n', reader->size - at) : NULL;
    return end != NULL ? (size_t)(end - reader->bytes) + 1 : reader->size;
}

static const char *unfit(struct lq_csv *reader, size_t from, size_t to)
{
    if (memchr(reader->bytes + from, '\0', to - from) != NULL)
        return "a NUL byte";
    if (lq_utf8_valid(lq_span(reader->bytes + from, to - from)))
        return NULL;
    snprintf(reader->foul, sizeof reader->foul, lq_tr("bytes that are no characters of %s"),
             reader->encoding);
    return reader->foul;
}

// Reads the row at reader->at into reader->fields, and moves on to the next.
static struct row read_row(struct lq_csv *reader)
{
    struct row row = {.start = reader->at, .at = reader->at};
    reader->used = 0;
    while (read_field(reader, &row) && line_end(reader, row.at) == 0)
        row.at++; // the comma
    const size_t end = row.at + line_end(reader, row.at);
    row.end =
        row.why != NULL ? after_line(reader, row.start) : (end < reader->size ? end : reader->size);
    const char *foul = unfit(reader, row.start, row.end);
    if (foul != NULL)
        row.why = foul;
    for (size_t i = row.start; i < row.end; i++)
        reader->line += reader->bytes[i] == '\n';
    reader->at = row.end;
    return row;
}

static bool skip_blank_lines(struct lq_csv *reader)
{
    while (reader->at < reader->size) {
        size_t at = reader->at;
        while (at < reader->size && is_space(reader, reader->bytes[at]))
            at++;
        if (line_end(reader, at) == 0)
            return true;
        reader->at = at + line_end(reader, at);
        reader->line++;
    }
    return false;
}

bool lq_csv_next(struct lq_csv *reader, struct lq_source_row *row)
{
    *row = (struct lq_source_row){0};
    if (!skip_blank_lines(reader))
        return false;
    row->line = reader->line;
    const struct row read = read_row(reader);
    row->why = read.why;
    row->cells = reader->fields;
    row->count = read.why == NULL ? read.fields : 0;
    return true;
}

// ---------------------------------------------------------------- the text

// Excel writes "Unicode text" with tabs.
static char comma_of(struct lq_span text)
{
    const char *end = memchr(text.data, '\n', text.size);
    const size_t line = end != NULL ? (size_t)((const uint8_t *)end - text.data) : text.size;
    return memchr(text.data, '\t', line) != NULL && memchr(text.data, ',', line) == NULL ? '\t'
                                                                                         : ',';
}

struct lq_csv *lq_csv_open(char *text, size_t size, const char *encoding)
{
    struct lq_csv *reader = calloc(1, sizeof *reader);
    LQ_ASSERT(reader != NULL);
    reader->bytes = text;
    reader->size = size;
    reader->line = 1;
    reader->encoding = encoding;
    reader->comma = size > 0 ? comma_of(lq_span(text, size)) : ',';
    return reader;
}

void lq_csv_close(struct lq_csv *reader)
{
    if (reader == NULL)
        return;
    free(reader->bytes);
    free(reader);
}
