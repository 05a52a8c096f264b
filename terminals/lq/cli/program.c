#include "lq/cli/program.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum lq_status lq_program(struct lq_arena *arena, const char *path, const char **out)
{
    char self[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size <= 0)
        return lq_fault(LQ_E_IO, "cannot tell where lq is: %s", strerror(errno));
    self[size] = '\0';
    *strrchr(self, '/') = '\0';
    *out = lq_arena_format(arena, "%s/%s", self, path);
    if (access(*out, X_OK) != 0)
        return lq_fault(LQ_E_MISSING, "%s is missing; it belongs to the same installation as lq",
                        *out);
    return LQ_OK;
}
