// An empty directory for a system that does not exist yet: what the tests of its first start share.
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/system.h"

static char directory[64];
static struct lq_arena arena;
static struct lq_system here;

static inline int set_up(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/lq-system-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return 1;
    here = lq_system_at(&arena, lq_arena_format(&arena, "%s/var", directory));
    return 0;
}

static inline int remove_one(const char *path, const struct stat *s, int flag, struct FTW *f)
{
    (void)s, (void)flag, (void)f;
    return remove(path);
}

static inline int tear_down(void **state)
{
    (void)state;
    lq_arena_free(&arena);
    return nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
