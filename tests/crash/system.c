#include "crash/system.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "service/service.h"

enum { STOP_MS = 300000 }; // tells a hang: machines that run tests stand still for a minute

// A port that is free and stays the system's own: below those that the kernel hands out.
static unsigned free_port(void)
{
    for (unsigned port = 21000 + (unsigned)getpid() % 10000;; port++) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        LQ_ASSERT(fd >= 0 && port < 32000);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool free = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
        close(fd);
        if (free)
            return port;
    }
}

static void start(struct crash_system *system, struct crash_part *part)
{
    const pid_t parent = getpid();
    part->pid = fork();
    LQ_ASSERT(part->pid >= 0);
    if (part->pid > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log = open(system->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (getppid() != parent || log < 0 || dup2(log, STDERR_FILENO) < 0)
        _exit(126);
    execl(system->program, system->program, "--data", system->paths.data, "--listen",
          system->endpoint, part->name, (char *)NULL);
    _exit(127);
}

void system_start(struct crash_system *system, const char *directory, const char *program)
{
    *system = (struct crash_system){.program = program};
    system->paths = lq_system_at(&system->arena, directory);
    system->endpoint = lq_arena_format(&system->arena, "tcp://127.0.0.1:%u", free_port());
    system->log = lq_arena_format(&system->arena, "%s/log", directory);
    LQ_ASSERT(lq_system_prepare(&system->paths) == LQ_OK);
    LQ_ASSERT(lq_system_issue_first_keys(&system->arena, &system->paths) == LQ_OK);
    LQ_ASSERT(lq_public_key_load(system->paths.bus_public, system->bus_public) == LQ_OK);
    system->parts[system->count++].name = "bus";
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        LQ_ASSERT(system->count < SYSTEM_PARTS);
        system->parts[system->count++].name = (*s)->name;
    }
    for (unsigned i = 0; i < system->count; i++)
        start(system, &system->parts[i]);
}

static void end(struct crash_part *part)
{
    int how;
    LQ_ASSERT(kill(part->pid, SIGKILL) == 0);
    LQ_ASSERT(waitpid(part->pid, &how, 0) == part->pid);
}

void system_kill(struct crash_system *system, unsigned part)
{
    end(&system->parts[part]);
    start(system, &system->parts[part]);
}

void system_kill_all(struct crash_system *system)
{
    for (unsigned i = 0; i < system->count; i++)
        end(&system->parts[i]);
    for (unsigned i = 0; i < system->count; i++)
        start(system, &system->parts[i]);
}

const char *system_ended(struct crash_system *system)
{
    int how;
    const pid_t pid = waitpid(-1, &how, WNOHANG);
    for (unsigned i = 0; pid > 0 && i < system->count; i++)
        if (system->parts[i].pid == pid)
            return system->parts[i].name;
    return NULL;
}

// Does the part end by itself, and well? One that does not is killed.
static bool ends_well(const struct crash_part *part, int64_t until_ms)
{
    int how;
    pid_t ended;
    while ((ended = waitpid(part->pid, &how, WNOHANG)) == 0 && lq_steady_ms() < until_ms)
        poll(NULL, 0, 10);
    if (ended == 0) {
        kill(part->pid, SIGKILL);
        waitpid(part->pid, &how, 0);
    }
    return ended > 0 && WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

const char *system_stop(struct crash_system *system)
{
    const char *ill = NULL;
    const int64_t until_ms = lq_steady_ms() + STOP_MS;
    for (unsigned i = 0; i < system->count; i++)
        kill(system->parts[i].pid, SIGTERM);
    for (unsigned i = 0; i < system->count; i++)
        if (!ends_well(&system->parts[i], until_ms))
            ill = system->parts[i].name;
    lq_arena_free(&system->arena);
    return ill;
}
