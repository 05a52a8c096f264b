// lq import DIR: the county's paper ledgers become commands, through the bus, in the clerk's name
// on behalf of the people they speak of. Each row is either kept or refused with its file and line.
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lq/full.h"
#include "lq/import/import.h"

static void draw_progress(const struct lq_import *import, size_t done, const char *service)
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
    putc('\r', stderr);
    fprintf(stderr, lq_tr("[%s] %3zu %% %zu of %zu rows, %-10s"), bar, done * 100 / import->count,
            done, import->count, service);
    fflush(stderr);
}

static void end_progress(const struct lq_import *import)
{
    if (!import->cli->quiet && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%*s\r", 79, "");
}

// Rows that an earlier import was refused are asked again, under a new id, until the answer is a
// new one; an answer that was stored says nothing of today's state.
static bool ask_again(struct lq_import *import)
{
    bool any = false;
    for (size_t i = 0; i < import->count; i++) {
        struct lq_import_row *row = &import->rows[i];
        if (row->state != LQ_ROW_REFUSED_BEFORE)
            continue;
        row->attempt++;
        row->state = LQ_ROW_WAITING;
        lq_import_make_id(row);
        any = true;
    }
    return any;
}

static enum lq_status send_all(struct lq_import *import, bool retry)
{
    enum lq_status status = lq_import_send(import, draw_progress);
    // If something new was accepted, what was refused before may be acceptable now.
    if (status == LQ_OK && lq_import_count(import, LQ_ROW_NEW) > 0)
        retry = true;
    while (status == LQ_OK && retry && ask_again(import))
        status = lq_import_send(import, draw_progress);
    end_progress(import);
    return status;
}

static size_t count_unsent(const struct lq_import *import)
{
    return lq_import_count(import, LQ_ROW_WAITING) + lq_import_count(import, LQ_ROW_SENT);
}

static int say_fault(const struct lq_import *import, enum lq_status status)
{
    lq_cli_say("%s", lq_cli_fault_text());
    if (import->tips_noted && count_unsent(import) > 0)
        lq_cli_say("%zu rows were not sent; run the import again, and it goes on with them",
                   count_unsent(import));
    return status == LQ_E_UNREACHABLE ? LQ_EXIT_UNREACHABLE : LQ_EXIT_REFUSED;
}

// Tells what came of it; gives the exit code.
static int tell(struct lq_import *import, bool sent, enum lq_status status)
{
    const char *refused = lq_given_text(import->cli, "--refused");
    const bool left_out = lq_import_name_files(import);
    lq_import_name_refused(import);
    int code = lq_import_report(import, sent);
    if (code == LQ_EXIT_DONE && left_out)
        code = LQ_EXIT_REFUSED;
    if (status != LQ_OK)
        code = say_fault(import, status);
    if (refused == NULL)
        return code;
    status = lq_import_write_refused(import, refused);
    return status == LQ_OK ? code : say_fault(import, status);
}

static int send(struct lq_import *import)
{
    struct lq_cli *cli = import->cli;
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = lq_import_find_liaisons(import);
    if (code == LQ_EXIT_DONE)
        code = lq_cli_open(cli, true, 0, &import->sender);
    if (code != LQ_EXIT_DONE)
        return code;
    enum lq_status status = lq_import_find_earlier(import);
    if (status == LQ_OK)
        status = send_all(import, lq_given(cli, "--retry"));
    if (status == LQ_OK)
        lq_import_compare(import);
    return tell(import, true, status);
}

// The refused rows must not overwrite the ledgers that they come from.
static bool is_same_folder(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int lq_import(struct lq_cli *cli)
{
    struct lq_import import = {.cli = cli, .directory = lq_given_text(cli, "DIR")};
    const char *refused = lq_given_text(cli, "--refused");
    if (refused != NULL && is_same_folder(refused, import.directory))
        return lq_cli_usage(cli, "--refused wants another folder than the one that is imported");
    if (lq_given(cli, "--correct") && (cli->reason == NULL || cli->reason[0] == '\0'))
        return lq_cli_usage(cli, "--correct needs a --reason: why does the ledger say otherwise?");
    const enum lq_status status = lq_import_read(&import);
    int code;
    if (status != LQ_OK)
        code = say_fault(&import, status);
    else if (lq_given(cli, "--dry-run"))
        code = tell(&import, false, LQ_OK);
    else
        code = send(&import);
    lq_client_close(import.sender);
    lq_import_free(&import);
    return code;
}
