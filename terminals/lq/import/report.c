// What came of an import, for a person: files that were not taken, rows that were refused, and the
// table of all files. Nothing is passed over in silence.
#include <stdio.h>
#include <stdlib.h>

#include "lq/import/import.h"
#include "lq/show/text.h"

struct tally {
    size_t rows, fresh, known, refused, unsent;
};

size_t lq_import_count(const struct lq_import *import, enum lq_import_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < import->count; i++)
        count += import->rows[i].state == state;
    return count;
}

// ---------------------------------------------------------------- in words

static char *printable(const char *text)
{
    return lq_text_printable(text);
}

static void name_remarks(const struct lq_import_file *file)
{
    char *name = printable(file->name);
    if (file->encoding != NULL && strcmp(file->encoding, "UTF-8") != 0 &&
        strcmp(file->encoding, "XLSX") != 0)
        fprintf(stderr, lq_tr("%s: was read as %s\n"), name, file->encoding);
    for (size_t i = 0; file->remarks != NULL && file->remarks[i] != NULL; i++) {
        char *remark = printable(file->remarks[i]);
        fprintf(stderr, "%s: %s\n", name, remark);
        free(remark);
    }
    free(name);
}

bool lq_import_name_files(const struct lq_import *import)
{
    bool any_table = false;
    for (size_t i = 0; i < import->file_count; i++) {
        const struct lq_import_file *file = &import->files[i];
        if (file->ledger != NULL) {
            name_remarks(file);
            continue;
        }
        char *name = printable(file->name);
        fprintf(stderr, lq_tr("not imported: %s (%s)\n"), name, file->why);
        free(name);
        any_table = any_table || file->is_table;
    }
    return any_table;
}

static int by_place(const void *a, const void *b)
{
    const struct lq_import_row *x = *(struct lq_import_row *const *)a;
    const struct lq_import_row *y = *(struct lq_import_row *const *)b;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

void lq_import_name_refused(const struct lq_import *import)
{
    const struct lq_import_row **refused = calloc(import->count + 1, sizeof *refused);
    LQ_ASSERT(refused != NULL);
    size_t count = 0;
    for (size_t i = 0; i < import->count; i++)
        if (import->rows[i].why != NULL)
            refused[count++] = &import->rows[i];
    if (count > 0)
        qsort(refused, count, sizeof *refused, by_place);
    for (size_t i = 0; i < count; i++) {
        char *name = printable(refused[i]->file->name), *why = printable(refused[i]->why);
        fprintf(stderr, "%s:%u: %s%s\n", name, refused[i]->line, why,
                refused[i]->state == LQ_ROW_REFUSED_BEFORE ? lq_tr(" [refused before]") : "");
        free(name);
        free(why);
    }
    free(refused);
}

// ---------------------------------------------------------------- the table

static struct tally tally_of(const struct lq_import *import, const struct lq_import_file *file)
{
    struct tally tally = {0};
    for (size_t i = 0; i < import->count; i++) {
        const struct lq_import_row *row = &import->rows[i];
        if (file != NULL && row->file != file)
            continue;
        tally.rows++;
        tally.fresh += row->state == LQ_ROW_NEW;
        tally.known += row->state == LQ_ROW_KNOWN || row->state == LQ_ROW_CORRECTED;
        tally.refused += row->state == LQ_ROW_REFUSED || row->state == LQ_ROW_REFUSED_BEFORE;
        tally.unsent += row->state == LQ_ROW_WAITING || row->state == LQ_ROW_SENT;
    }
    return tally;
}

static void add_tally(struct lq_output *output, const char *name, const char *encoding,
                      const struct tally *tally)
{
    lq_output_text(output, name);
    lq_output_text(output, encoding);
    lq_output_number(output, (int64_t)tally->rows);
    lq_output_number(output, (int64_t)tally->fresh);
    lq_output_number(output, (int64_t)tally->known);
    lq_output_number(output, (int64_t)tally->refused);
    lq_output_number(output, (int64_t)tally->unsent);
}

static void say_if_nothing_is_new(const struct lq_import *import, const struct tally *all)
{
    const size_t corrected = lq_import_count(import, LQ_ROW_CORRECTED);
    if (corrected > 0)
        fprintf(stderr, lq_tr("%zu records were corrected\n"), corrected);
    if (import->cli->quiet || corrected > 0 || all->fresh > 0 || all->unsent > 0)
        return;
    if (lq_import_count(import, LQ_ROW_REFUSED_BEFORE) > 0)
        fprintf(
            stderr,
            lq_tr(
                "nothing new: %zu rows were imported before; what was refused before was not asked "
                "again (--retry does)\n"),
            all->known);
    else
        fprintf(stderr, lq_tr("nothing new: %zu rows were imported before\n"), all->known);
}

int lq_import_report(const struct lq_import *import, bool sent)
{
    static const struct lq_column columns[] = {
        {.key = "file", .title = "FILE", .zh = "文件", .whole = true},
        {.key = "encoding", .title = "READ AS", .zh = "编码", .whole = true},
        {.key = "rows", .title = "ROWS", .zh = "行数", .right = true},
        {.key = "new", .title = "NEW", .zh = "新增", .right = true},
        {.key = "known", .title = "ALREADY THERE", .zh = "已有", .right = true},
        {.key = "refused", .title = "REFUSED", .zh = "被拒", .right = true},
        {.key = "unsent", .title = "NOT SENT", .zh = "未发送", .right = true},
    };
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (const struct lq_ledger *ledger = lq_ledgers; ledger->file != NULL; ledger++)
        for (size_t i = 0; i < import->file_count; i++) {
            const struct lq_import_file *file = &import->files[i];
            if (file->ledger != ledger)
                continue;
            const struct tally tally = tally_of(import, file);
            add_tally(output, file->name, file->encoding, &tally);
        }
    const struct tally all = tally_of(import, NULL);
    if (import->cli->format == LQ_FORMAT_TABLE)
        add_tally(output, lq_tr("total"), "", &all);
    const int code = lq_cli_print(import->cli, output);
    if (sent)
        say_if_nothing_is_new(import, &all);
    return code == LQ_EXIT_DONE && all.refused + (sent ? all.unsent : 0) > 0 ? LQ_EXIT_REFUSED
                                                                             : code;
}
