// lq restore: puts a backup into a data directory, whole and verified or not at all.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "lq/admin/archive.h"
#include "lq/admin/verify.h"
#include "lq/admin/work.h"
#include "lq/full.h"
#include "runtime/system.h"
#include "service/service.h"

struct restoring {
    struct lq_cli *cli;
    struct lq_system system;
    const char *file;
    const char *work;  // in the data directory: what is in the backup, until it is verified
    const char *aside; // where what was there is; NULL: nothing was
};

static const char *in(const struct restoring *r, const char *folder, const char *name)
{
    return lq_arena_format(&r->cli->arena, "%s/%s", folder, name);
}

// ---------------------------------------------------------------- may it be put here

// The lock is kept until the process ends, so that nobody starts meanwhile.
static enum lq_status take_lock(const char *path, int flags, const char *who)
{
    const int fd = open(path, O_RDWR | flags | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ENOENT)
        return LQ_OK;
    if (fd < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return LQ_OK;
    return lq_fault(LQ_E_BUSY,
                    "%s is running (it holds %s): stop it first, or choose another --data", who,
                    path);
}

static enum lq_status check_stopped(const struct restoring *r)
{
    enum lq_status status = lq_make_directory(r->system.data, 0700);
    if (status == LQ_OK)
        status = lq_make_directory(r->system.run, 0700);
    if (status == LQ_OK)
        status = take_lock(in(r, r->system.run, "up.lock"), O_CREAT, "lq up");
    for (const struct lq_service *const *s = lq_services; status == LQ_OK && *s != NULL; s++)
        status =
            take_lock(in(r, in(r, r->system.journal, (*s)->name), "owner.lock"), 0, (*s)->name);
    return status;
}

static bool has_entries(const char *path)
{
    DIR *folder = opendir(path);
    unsigned entries = 0;
    while (folder != NULL && entries < 3 && readdir(folder) != NULL)
        entries++;
    if (folder != NULL)
        closedir(folder);
    return entries > 2; // more than "." and ".."
}

static enum lq_status check_empty(const struct restoring *r)
{
    for (const char *const *folder = lq_archive_folders; *folder != NULL; folder++)
        if (!lq_given(r->cli, "--force") && has_entries(in(r, r->system.data, *folder)))
            return lq_fault(LQ_E_BUSY,
                            "there is a system in %s already (its %s is not empty): choose "
                            "another --data, or move what is there aside with --force",
                            r->system.data, *folder);
    return LQ_OK;
}

// ---------------------------------------------------------------- putting it there

static enum lq_status make_aside(struct restoring *r)
{
    char when[32];
    const time_t now = time(NULL);
    struct tm parts;
    strftime(when, sizeof when, "%Y%m%dT%H%M%S", localtime_r(&now, &parts));
    return lq_work_make(
        &r->cli->arena,
        lq_arena_format(&r->cli->arena, "%s/before-restore-%s", r->system.data, when), &r->aside);
}

static enum lq_status move_aside(struct restoring *r)
{
    enum lq_status status = LQ_OK;
    for (const char *const *folder = lq_archive_folders; status == LQ_OK && *folder != NULL;
         folder++) {
        const char *path = in(r, r->system.data, *folder);
        if (!has_entries(path))
            continue;
        if (r->aside == NULL)
            status = make_aside(r);
        if (status == LQ_OK)
            status = lq_file_rename(path, in(r, r->aside, *folder));
    }
    return status;
}

// The journals last: before they are there, nobody takes it for a whole system.
static enum lq_status move_in(const struct restoring *r)
{
    enum lq_status status = LQ_OK;
    for (const char *const *folder = lq_archive_folders; status == LQ_OK && *folder != NULL;
         folder++) {
        const char *from = in(r, r->work, *folder);
        if (access(from, F_OK) == 0)
            status = lq_file_rename(from, in(r, r->system.data, *folder));
    }
    return status;
}

static int put(struct restoring *r)
{
    enum lq_status status = lq_archive_unpack(r->file, r->work);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    const int code = lq_verify_folder(r->cli, r->work);
    if (code != LQ_EXIT_DONE) {
        lq_cli_say("nothing was restored: %s stays as it was", r->system.data);
        return code;
    }
    status = move_aside(r);
    if (status == LQ_OK)
        status = move_in(r);
    if (r->aside != NULL)
        lq_cli_say("what was in %s before is in %s", r->system.data, r->aside);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!r->cli->quiet)
        lq_cli_say("%s is restored into %s; lq up starts it", r->file, r->system.data);
    return LQ_EXIT_DONE;
}

int lq_restore(struct lq_cli *cli)
{
    struct restoring r = {.cli = cli,
                          .system = lq_system_at(&cli->arena, cli->data),
                          .file = lq_given_text(cli, "FILE")};
    umask(077); // it holds secret keys
    if (access(r.file, R_OK) != 0)
        return lq_cli_fault(lq_fault(LQ_E_MISSING, "cannot read %s: %s", r.file, strerror(errno)));
    enum lq_status status = check_stopped(&r);
    if (status == LQ_OK)
        status = check_empty(&r);
    if (status == LQ_OK)
        status = lq_work_make(&cli->arena, in(&r, r.system.data, "restore"), &r.work);
    const int code = status == LQ_OK ? put(&r) : lq_cli_fault(status);
    lq_work_remove(r.work);
    return code;
}
