// lq import DIR: the county's paper ledgers become commands, through the bus, in the clerk's name
// on behalf of the people they speak of. Each row is either kept or refused with its file and line.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lq/import/import.h"
#include "lq/nouns/nouns.h"
#include "lq/show/text.h"

struct tally {
    size_t rows, fresh, known, refused;
};

static void draw_progress(const struct import *import, size_t done, const char *service)
{
    static size_t drawn = SIZE_MAX;
    if (import->cli->quiet || !isatty(STDERR_FILENO) || import->count == 0)
        return;
    const size_t step = done * 200 / import->count;
    if (step == drawn)
        return;
    drawn = step;
    char bar[41];
    const size_t filled = done * 40 / import->count;
    for (size_t i = 0; i < 40; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[40] = '\0';
    fprintf(stderr, "\r[%s] %3zu %% %zu of %zu rows, %-10s", bar, done * 100 / import->count, done,
            import->count, service);
    fflush(stderr);
}

static void end_progress(const struct import *import)
{
    if (!import->cli->quiet && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%*s\r", 79, "");
}

// Rows that an earlier import was refused are asked again, under a new id, until the answer is a
// new one; an answer that was stored says nothing of today's state.
static bool ask_again(struct import *import)
{
    bool any = false;
    for (size_t i = 0; i < import->count; i++) {
        struct import_row *row = &import->rows[i];
        if (row->state != ROW_REFUSED_BEFORE)
            continue;
        row->attempt++;
        row->state = ROW_WAITING;
        import_make_id(row);
        any = true;
    }
    return any;
}

static size_t count_state(const struct import *import, enum row_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < import->count; i++)
        count += import->rows[i].state == state;
    return count;
}

static enum lq_status send_all(struct import *import, bool retry)
{
    enum lq_status status = import_send(import, draw_progress);
    // If something new was accepted, what was refused before may be acceptable now.
    if (status == LQ_OK && count_state(import, ROW_NEW) > 0)
        retry = true;
    while (status == LQ_OK && retry && ask_again(import))
        status = import_send(import, draw_progress);
    end_progress(import);
    return status;
}

static int by_place(const void *a, const void *b)
{
    const struct import_row *x = *(struct import_row *const *)a;
    const struct import_row *y = *(struct import_row *const *)b;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static void print_refused(const struct import *import)
{
    const struct import_row **refused = calloc(import->count + 1, sizeof *refused);
    LQ_ASSERT(refused != NULL);
    size_t count = 0;
    for (size_t i = 0; i < import->count; i++)
        if (import->rows[i].why != NULL)
            refused[count++] = &import->rows[i];
    qsort(refused, count, sizeof *refused, by_place);
    for (size_t i = 0; i < count; i++) {
        char *why = lq_text_printable(refused[i]->why);
        fprintf(stderr, "%s:%u: %s%s\n", refused[i]->ledger->file, refused[i]->line, why,
                refused[i]->state == ROW_REFUSED_BEFORE ? " [refused before]" : "");
        free(why);
    }
    free(refused);
}

static struct tally tally_of(const struct import *import, const struct ledger *ledger)
{
    struct tally tally = {0};
    for (size_t i = 0; i < import->count; i++) {
        const struct import_row *row = &import->rows[i];
        if (ledger != NULL && row->ledger != ledger)
            continue;
        tally.rows++;
        tally.fresh += row->state == ROW_NEW;
        tally.known += row->state == ROW_KNOWN;
        tally.refused += row->state == ROW_REFUSED || row->state == ROW_REFUSED_BEFORE;
    }
    return tally;
}

static void add_tally(struct lq_output *output, const char *file, const struct tally *tally)
{
    lq_output_text(output, file);
    lq_output_number(output, (int64_t)tally->rows);
    lq_output_number(output, (int64_t)tally->fresh);
    lq_output_number(output, (int64_t)tally->known);
    lq_output_number(output, (int64_t)tally->refused);
}

static int print_report(const struct import *import)
{
    static const struct lq_column columns[] = {
        {.key = "file", .title = "FILE", .whole = true},
        {.key = "rows", .title = "ROWS", .right = true},
        {.key = "new", .title = "NEW", .right = true},
        {.key = "known", .title = "ALREADY THERE", .right = true},
        {.key = "refused", .title = "REFUSED", .right = true},
    };
    struct lq_output *output = lq_output_new(columns, 5);
    for (const struct ledger *ledger = import_ledgers; ledger->file != NULL; ledger++) {
        const struct tally tally = tally_of(import, ledger);
        if (tally.rows > 0)
            add_tally(output, ledger->file, &tally);
    }
    const struct tally all = tally_of(import, NULL);
    if (import->cli->format == LQ_FORMAT_TABLE)
        add_tally(output, "all", &all);
    const int code = lq_cli_print(import->cli, output);
    if (!import->cli->quiet && all.fresh == 0)
        fprintf(stderr, "nothing new: %zu rows were imported before%s\n", all.known,
                count_state(import, ROW_REFUSED_BEFORE) > 0
                    ? "; what was refused before was not asked again (--retry does)"
                    : "");
    return code;
}

static int run_import(struct lq_cli *cli)
{
    const bool retry = lq_given(cli, "--retry");
    struct import import = {.cli = cli, .directory = lq_given_text(cli, "DIR")};
    int code = LQ_EXIT_REFUSED;
    enum lq_status status = import_read(&import);
    if (status == LQ_OK && (code = lq_cli_connect(cli)) == LQ_EXIT_DONE &&
        (code = lq_cli_open(cli, true, 0, &import.sender)) == LQ_EXIT_DONE) {
        status = send_all(&import, retry);
        print_refused(&import);
        code = print_report(&import);
        if (code == LQ_EXIT_DONE && tally_of(&import, NULL).refused > 0)
            code = LQ_EXIT_REFUSED;
    }
    if (status != LQ_OK) {
        fprintf(stderr, "lq: %s\n", lq_fault_text());
        code = status == LQ_E_UNREACHABLE ? LQ_EXIT_UNREACHABLE : LQ_EXIT_REFUSED;
    }
    lq_client_close(import.sender);
    free(import.rows);
    return code;
}

static const struct lq_arg IMPORT[] = {
    LQ_POSITION("DIR", NULL, LQ_MUST),
    LQ_OPTION("--retry", NULL, NULL, LQ_MAY,
              "ask again for rows that an earlier import was refused, even if nothing is new",
              "即使没有新内容，也重新提交以前被拒的行"),
    LQ_OPTION("--quiet", NULL, NULL, LQ_MAY, "no progress bar", "不显示进度", .kind = LQ_GLOBAL),
    {0},
};

const struct lq_verb lq_import_verbs[] = {
    LQ_VERB("import", "", "bring the county's ledgers (CSV files) in", "导入县里的台账（CSV 文件）",
            IMPORT, .help_column = 1,
            .notes =
                {"\nEvery row becomes a command of the clerk's on behalf of the person it names, "
                 "at the "
                 "time it\nhappened. A wrong row is refused with file:line: reason; all others are "
                 "kept. Importing the\nsame files again changes nothing; an import that was "
                 "interrupted goes on.\n",
                 "\n每一行成为内勤代所列人员、按发生时间提交的一条命令。错误的行以“文件:行号: "
                 "原因”拒收，\n"
                 "其余保留。再次导入同样的文件不会改变任何内容；中断的导入会接着进行。\n"},
            .run = run_import),
    {0},
};
