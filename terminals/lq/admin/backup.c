// lq backup: all that this machine keeps, in one file, while everything runs.
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lq/admin/archive.h"
#include "lq/admin/journals.h"
#include "lq/admin/verify.h"
#include "lq/admin/work.h"
#include "lq/full.h"

struct backup {
    struct lq_cli *cli;
    struct lq_journals journals;
    const char *file;                 // what it will be called
    const char *work;                 // beside it, gone afterwards
    const char *root, *tar, *checked; // in there: the copies, the file, what was read out of it
    unsigned copied;
};

static int copy_journal(struct backup *b, const struct lq_service *service)
{
    const struct lq_look look = lq_journal_copy(&b->journals, service);
    b->copied++;
    if (look.status == LQ_OK)
        return LQ_EXIT_DONE;
    lq_cli_say("%s: %s", service->name, look.fault);
    return LQ_EXIT_REFUSED;
}

// Who follows stands after those whom he follows, and is copied before them: so no copy has
// followed more of another than the other's copy holds.
static int copy_all(struct backup *b)
{
    size_t count = 0;
    int code = LQ_EXIT_DONE;
    b->copied = 0;
    while (lq_services[count] != NULL)
        count++;
    while (count-- > 0 && code == LQ_EXIT_DONE)
        if (lq_journal_is_here(&b->journals, lq_services[count]))
            code = copy_journal(b, lq_services[count]);
    if (b->copied == 0) {
        lq_cli_say("there is no journal in %s", b->journals.system.journal);
        return LQ_EXIT_REFUSED;
    }
    return code;
}

// Has none of the copies followed more of another than the other's copy holds?
static bool copies_fit(const struct backup *b)
{
    struct lq_journals copies = b->journals;
    copies.system.journal = b->journals.copies;
    for (size_t i = 0; lq_services[i] != NULL; i++) {
        const struct lq_service *service = lq_services[i];
        if (lq_journal_is_here(&copies, service) && lq_journal_followed(&copies, service).differs)
            return false;
    }
    return true;
}

// Services that follow each other have no such sequence. What they hear of each other is rare, so
// that copies made again are likely to fit; where the journals themselves do not, the check of the
// file says so.
static int copy_journals(struct backup *b)
{
    enum { TRIES = 10 };
    int code = copy_all(b);
    for (int i = 1; i < TRIES && code == LQ_EXIT_DONE && !copies_fit(b); i++) {
        lq_work_remove(b->journals.copies);
        const enum lq_status status = lq_make_directory(b->journals.copies, 0700);
        code = status == LQ_OK ? copy_all(b) : lq_cli_fault(status);
    }
    return code;
}

static enum lq_status fill(const struct backup *b, struct lq_archive *archive)
{
    enum lq_status status = LQ_OK;
    for (const char *const *folder = lq_archive_folders; status == LQ_OK && *folder != NULL;
         folder++)
        status = lq_archive_add(
            archive, strcmp(*folder, "journal") == 0 ? b->root : b->journals.system.data, *folder);
    return status == LQ_OK ? lq_archive_end(archive) : status;
}

static enum lq_status write_file(const struct backup *b)
{
    struct lq_archive *archive = NULL;
    enum lq_status status = lq_archive_begin(b->tar, &archive);
    if (status == LQ_OK)
        status = fill(b, archive);
    lq_archive_close(archive);
    return status;
}

// What is looked at is what stands in the file, not what was put there.
static int check_file(const struct backup *b)
{
    lq_work_remove(b->root); // its room is needed
    enum lq_status status = lq_make_directory(b->checked, 0700);
    if (status == LQ_OK)
        status = lq_archive_unpack(b->tar, b->checked);
    return status == LQ_OK ? lq_verify_folder(b->cli, b->checked) : lq_cli_fault(status);
}

static int tell(const struct backup *b)
{
    struct stat about;
    if (stat(b->file, &about) == 0 && !b->cli->quiet)
        lq_cli_say("%s holds %u journals, the configuration and the keys: %lld bytes, read again "
                   "and verified. Whoever has it has the secret keys: keep it as safe as them",
                   b->file, b->copied, (long long)about.st_size);
    return LQ_EXIT_DONE;
}

static int make(struct backup *b)
{
    int code = copy_journals(b);
    if (code != LQ_EXIT_DONE)
        return code;
    enum lq_status status = write_file(b);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    code = check_file(b);
    if (code != LQ_EXIT_DONE)
        return code;
    status = lq_file_rename(b->tar, b->file);
    return status == LQ_OK ? tell(b) : lq_cli_fault(status);
}

static enum lq_status prepare(struct backup *b)
{
    struct lq_arena *arena = &b->cli->arena;
    umask(077); // it holds secret keys
    enum lq_status status = lq_work_make(arena, b->file, &b->work);
    if (status != LQ_OK)
        return status;
    b->root = lq_arena_format(arena, "%s/copies", b->work);
    b->tar = lq_arena_format(arena, "%s/backup.tar", b->work);
    b->checked = lq_arena_format(arena, "%s/checked", b->work);
    b->journals.copies = lq_arena_format(arena, "%s/journal", b->root);
    status = lq_make_directory(b->root, 0700);
    return status == LQ_OK ? lq_make_directory(b->journals.copies, 0700) : status;
}

int lq_backup(struct lq_cli *cli)
{
    struct backup b = {.cli = cli, .file = lq_given_text(cli, "FILE")};
    int code = lq_journals_open(&b.journals, cli);
    if (code != LQ_EXIT_DONE)
        return code;
    const enum lq_status status = prepare(&b);
    code = status == LQ_OK ? make(&b) : lq_cli_fault(status);
    lq_work_remove(b.work);
    return code;
}
