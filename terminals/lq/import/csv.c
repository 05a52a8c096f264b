// The file is read whole, so that it may also be a pipe and so that a row whose quotes do not end
// can be left again: reading then goes on with the line after the one where that row began. Rows
// have a bound for the same reason: one stray quote must not swallow the rest of the file, nor many
// of them make reading slow.
#include "lq/import/csv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "lq/show/text.h"
#include "pb/utf8.h"

enum { LARGEST_FILE = 256 * 1024 * 1024, LARGEST_ROW = 64 * 1024, MOST_FIELDS = 1024 };

struct lq_csv {
    char *path;
    char *bytes;
    size_t size, at;
    unsigned line;                            // at which `at` is
    size_t width;                             // fields of the header
    size_t count;                             // required columns
    size_t places[MOST_FIELDS];               // where the header has each
    char text[LARGEST_ROW + MOST_FIELDS + 1]; // the row's fields, unquoted, each ended by a NUL
    size_t used;
    const char *all[MOST_FIELDS];      // the row's fields as the file has them
    const char *required[MOST_FIELDS]; // and as they were asked for
    char reason[512];
};

// ---------------------------------------------------------------- one row

// The row being read. It ends at `end` unless `why` says that it is malformed.
struct row {
    size_t start, at, end; // bytes of the file
    size_t fields;
    const char *why; // NULL while all is well
};

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t';
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
    row->why = why;
    return false;
}

static bool too_long(const struct row *row)
{
    return row->at - row->start >= LARGEST_ROW;
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
    for (row->at++; is_space(byte_at(reader, row->at)); row->at++)
        continue;
    if (byte_at(reader, row->at) != ',' && line_end(reader, row->at) == 0)
        return bad(row, "text after the closing quote");
    return true;
}

static bool read_plain(struct lq_csv *reader, struct row *row)
{
    const size_t start = reader->used;
    for (; byte_at(reader, row->at) != ',' && line_end(reader, row->at) == 0; row->at++) {
        const char byte = reader->bytes[row->at];
        if (too_long(row))
            return bad(row, "a row of more than 64 KiB");
        if (byte == '"')
            return bad(row, "a quote within a field that is not quoted");
        if (byte == '\r')
            return bad(row, "a carriage return within a field that is not quoted");
        keep(reader, byte);
    }
    while (reader->used > start && is_space(reader->text[reader->used - 1]))
        reader->used--;
    return true;
}

static bool read_field(struct lq_csv *reader, struct row *row)
{
    if (row->fields == MOST_FIELDS)
        return bad(row, "more than 1024 fields");
    reader->all[row->fields++] = reader->text + reader->used;
    while (is_space(byte_at(reader, row->at)))
        row->at++;
    if (!(byte_at(reader, row->at) == '"' ? read_quoted(reader, row) : read_plain(reader, row)))
        return false;
    keep(reader, '\0');
    return row->at - row->start <= LARGEST_ROW || bad(row, "a row of more than 64 KiB");
}

// The end of the line at `at`, the bytes that end it included.
static size_t after_line(const struct lq_csv *reader, size_t at)
{
    const char *end =
        at < reader->size ? memchr(reader->bytes + at, '\n', reader->size - at) : NULL;
    return end != NULL ? (size_t)(end - reader->bytes) + 1 : reader->size;
}

static const char *unfit(const struct lq_csv *reader, size_t from, size_t to)
{
    if (memchr(reader->bytes + from, '\0', to - from) != NULL)
        return "a NUL byte";
    if (!lq_utf8_valid(lq_span(reader->bytes + from, to - from)))
        return "text is not valid UTF-8 (a spreadsheet may have saved it as GBK: save it as \"CSV "
               "UTF-8\")";
    return NULL;
}

// Reads the row at reader->at into reader->all, and moves on to the next.
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
        while (at < reader->size && is_space(reader->bytes[at]))
            at++;
        if (line_end(reader, at) == 0)
            return true;
        reader->at = at + line_end(reader, at);
        reader->line++;
    }
    return false;
}

enum lq_csv_result lq_csv_next(struct lq_csv *reader, struct lq_csv_row *row)
{
    *row = (struct lq_csv_row){0};
    if (!skip_blank_lines(reader))
        return LQ_CSV_END;
    row->line = reader->line;
    const struct row read = read_row(reader);
    if (read.why == NULL && read.fields == reader->width) {
        for (size_t i = 0; i < reader->count; i++)
            reader->required[i] = reader->all[reader->places[i]];
        row->fields = reader->required;
        return LQ_CSV_ROW;
    }
    if (read.why != NULL)
        snprintf(reader->reason, sizeof reader->reason, "%s:%u: %s", reader->path, row->line,
                 read.why);
    else
        snprintf(reader->reason, sizeof reader->reason, "%s:%u: %zu fields, but the header has %zu",
                 reader->path, row->line, read.fields, reader->width);
    row->reason = reader->reason;
    return LQ_CSV_BAD_ROW;
}

// ---------------------------------------------------------------- the header

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

// Finds the column in the header; returns how often it is there.
static size_t find(const struct lq_csv *reader, const char *column, size_t *place)
{
    size_t found = 0;
    for (size_t i = reader->width; i > 0; i--)
        if (strcmp(reader->all[i - 1], column) == 0) {
            *place = i - 1;
            found++;
        }
    return found;
}

static enum lq_status map_columns(struct lq_csv *reader, const char *const *columns)
{
    const char *missing[MOST_FIELDS];
    size_t missing_count = 0;
    for (size_t i = 0; i < reader->count; i++) {
        const size_t found = find(reader, columns[i], &reader->places[i]);
        if (found > 1)
            return lq_fault(LQ_E_INPUT, "%s: the header has the column \"%s\" %zu times",
                            reader->path, columns[i], found);
        if (found == 0)
            missing[missing_count++] = columns[i];
    }
    if (missing_count == 0)
        return LQ_OK;
    char wanted[200], had[300];
    list(wanted, sizeof wanted, missing, missing_count);
    list(had, sizeof had, reader->all, reader->width);
    return lq_fault(LQ_E_INPUT, "%s: the header lacks %s; it has %s", reader->path, wanted, had);
}

static enum lq_status read_header(struct lq_csv *reader, const char *const *columns)
{
    if (reader->size >= 2 &&
        (memcmp(reader->bytes, "\xff\xfe", 2) == 0 || memcmp(reader->bytes, "\xfe\xff", 2) == 0))
        return lq_fault(LQ_E_INPUT, "%s: is in UTF-16; save it as \"CSV UTF-8\"", reader->path);
    if (reader->size >= 3 && memcmp(reader->bytes, "\xef\xbb\xbf", 3) == 0)
        reader->at = 3;
    if (!skip_blank_lines(reader))
        return lq_fault(LQ_E_INPUT, "%s: is empty; it must begin with a header", reader->path);
    const unsigned line = reader->line;
    const struct row header = read_row(reader);
    if (header.why != NULL)
        return lq_fault(LQ_E_INPUT, "%s:%u: %s", reader->path, line, header.why);
    reader->width = header.fields;
    return map_columns(reader, columns);
}

// ---------------------------------------------------------------- the file

static enum lq_status read_all(struct lq_csv *reader, FILE *file)
{
    size_t room = 0;
    do {
        if (reader->size == room) {
            room = room * 2 + 64 * 1024;
            reader->bytes = realloc(reader->bytes, room);
            LQ_ASSERT(reader->bytes != NULL);
        }
        reader->size += fread(reader->bytes + reader->size, 1, room - reader->size, file);
        if (reader->size > LARGEST_FILE)
            return lq_fault(LQ_E_INPUT, "%s: is larger than 256 MiB", reader->path);
    } while (!feof(file) && !ferror(file));
    if (ferror(file))
        return lq_fault(LQ_E_IO, "cannot read %s: %s", reader->path, strerror(errno));
    return LQ_OK;
}

enum lq_status lq_csv_open(const char *path, const char *const *columns, size_t count,
                           struct lq_csv **out)
{
    LQ_ASSERT(count <= MOST_FIELDS);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    struct lq_csv *reader = calloc(1, sizeof *reader);
    LQ_ASSERT(reader != NULL);
    reader->path = strdup(path);
    LQ_ASSERT(reader->path != NULL);
    reader->line = 1;
    reader->count = count;
    enum lq_status status = read_all(reader, file);
    fclose(file);
    if (status == LQ_OK)
        status = read_header(reader, columns);
    if (status == LQ_OK)
        *out = reader;
    else
        lq_csv_close(reader);
    return status;
}

void lq_csv_close(struct lq_csv *reader)
{
    if (reader == NULL)
        return;
    free(reader->bytes);
    free(reader->path);
    free(reader);
}
