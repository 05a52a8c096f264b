#include "lq/admin/work.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_FOLDERS = 16 };

enum lq_status lq_work_make(struct lq_arena *arena, const char *begins, const char **out)
{
    char *path = lq_arena_format(arena, "%s.XXXXXX", begins);
    if (mkdtemp(path) == NULL)
        return lq_fault(LQ_E_IO, "cannot make a folder %s: %s", path, strerror(errno));
    *out = path;
    return LQ_OK;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *at)
{
    (void)about, (void)type, (void)at;
    remove(path);
    return 0;
}

void lq_work_remove(const char *path)
{
    if (path != NULL)
        nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
