// The rows that were refused, as files that can be mended and imported: the ledger's columns as
// they were read, and the reason in one more, which importing passes over.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lq/import/import.h"
#include "lq/import/sheet.h"

static bool is_refused(const struct lq_import_row *row)
{
    return row->state == LQ_ROW_REFUSED || row->state == LQ_ROW_REFUSED_BEFORE;
}

static void write_header(const struct lq_ledger *ledger, FILE *file)
{
    fputs("\xef\xbb\xbf", file); // spreadsheets would take it for GB18030
    for (int i = 0; ledger->columns[i].heading != NULL; i++)
        fprintf(file, "%s,", ledger->columns[i].heading);
    fputs(LQ_SHEET_REASON "\r\n", file);
}

static void write_row(const struct lq_import_row *row, FILE *file)
{
    struct lq_arena arena = {0};
    for (int i = 0; row->ledger->columns[i].heading != NULL; i++) {
        lq_output_field(row->cells != NULL ? row->cells[i] : "", file);
        putc(',', file);
    }
    lq_output_field(lq_arena_format(&arena, "%s:%u: %s", row->file->name, row->line, row->why),
                    file);
    fputs("\r\n", file);
    lq_arena_free(&arena);
}

static int by_line(const void *a, const void *b)
{
    const struct lq_import_row *x = *(struct lq_import_row *const *)a;
    const struct lq_import_row *y = *(struct lq_import_row *const *)b;
    return x->line < y->line ? -1 : x->line > y->line;
}

// The ledger's refused rows in the order of the file; gives their number.
static size_t collect(const struct lq_import *import, const struct lq_ledger *ledger,
                      const struct lq_import_row **rows)
{
    size_t count = 0;
    for (size_t i = 0; i < import->count; i++)
        if (import->rows[i].ledger == ledger && is_refused(&import->rows[i]))
            rows[count++] = &import->rows[i];
    if (count > 0)
        qsort(rows, count, sizeof *rows, by_line);
    return count;
}

static enum lq_status write_file(const char *path, const struct lq_ledger *ledger,
                                 const struct lq_import_row *const *rows, size_t count)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return lq_fault(LQ_E_IO, "cannot write %s: %s", path, strerror(errno));
    write_header(ledger, file);
    for (size_t i = 0; i < count; i++)
        write_row(rows[i], file);
    const bool failed = fflush(file) != 0 || ferror(file);
    const int error = errno;
    if (fclose(file) != 0 || failed)
        return lq_fault(LQ_E_IO, "cannot write %s: %s", path, strerror(failed ? error : errno));
    return LQ_OK;
}

enum lq_status lq_import_write_refused(const struct lq_import *import, const char *directory)
{
    if (mkdir(directory, 0700) != 0 && errno != EEXIST)
        return lq_fault(LQ_E_IO, "cannot make the folder %s: %s", directory, strerror(errno));
    const struct lq_import_row **rows = calloc(import->count + 1, sizeof *rows);
    LQ_ASSERT(rows != NULL);
    enum lq_status status = LQ_OK;
    for (const struct lq_ledger *l = lq_ledgers; l->file != NULL && status == LQ_OK; l++) {
        const char *path = lq_arena_format(&import->cli->arena, "%s/%s", directory, l->file);
        const size_t count = collect(import, l, rows);
        if (count > 0)
            status = write_file(path, l, rows, count);
        else if (remove(path) != 0 && errno != ENOENT) // of an import before
            status = lq_fault(LQ_E_IO, "cannot remove %s: %s", path, strerror(errno));
    }
    free(rows);
    return status;
}
