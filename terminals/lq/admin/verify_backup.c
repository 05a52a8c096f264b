// lq verify FILE: what is in a backup.
#include <stdlib.h>
#include <sys/stat.h>

#include "lq/admin/archive.h"
#include "lq/admin/verify.h"
#include "lq/admin/work.h"
#include "lq/full.h"

// A backup is unpacked into a folder that is removed again.
int lq_verify_backup(struct lq_cli *cli, const char *file)
{
    const char *place = getenv("TMPDIR"), *folder = NULL;
    if (place == NULL || *place == '\0')
        place = "/var/tmp"; // what is large and short-lived
    umask(077);             // it holds secret keys
    enum lq_status status =
        lq_work_make(&cli->arena, lq_arena_format(&cli->arena, "%s/lq-verify", place), &folder);
    if (status == LQ_OK)
        status = lq_archive_unpack(file, folder);
    const int code = status == LQ_OK ? lq_verify_folder(cli, folder) : lq_cli_fault(status);
    lq_work_remove(folder);
    return code;
}
