#include "lq/web/keep.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

// The file is replaced when it changes: another one has another number.
static ino_t number_of(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 ? file.st_ino : 0;
}

enum lq_status lq_web_keep_certificate(struct lq_arena *arena, const char *lq, const char *data,
                                       bool *changed)
{
    const char *path = lq_arena_format(arena, "%s/web/server.pem", data);
    const char *const line[] = {lq, "--quiet", "--data", data, "web", "cert", NULL};
    const ino_t before = number_of(path);
    pid_t pid;
    int how;
    *changed = false;
    const int failed = posix_spawn(&pid, lq, NULL, NULL, (char *const *)(uintptr_t)line, environ);
    if (failed != 0)
        return lq_fault(LQ_E_IO, "cannot start %s: %s", lq, strerror(failed));
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR)
            return lq_fault(LQ_E_IO, "lq web cert: %s", strerror(errno));
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        return lq_fault(LQ_E_INPUT, "the page has no certificate (lq web cert)");
    *changed = number_of(path) != before;
    return LQ_OK;
}
