// lq up: the whole system in the foreground. Every service is a process of its own; one that ends
// is started again at once, because ending is how a service deals with what it cannot be sure of (a
// failed flush, a bug), and a restart finds everything that was acknowledged.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/clock.h"
#include "config/settings.h"
#include "lq/admin/address.h"
#include "lq/admin/disk.h"
#include "lq/admin/journals.h"
#include "lq/cli/program.h"
#include "lq/nouns/nouns.h"
#include "lq/web/keep.h"
#include "service/service.h"

enum {
    PARTS_MAX = 32,
    STEADY_MS = 2000, // a part that lived so long is started again at once
    PAUSE_MS = 200,   // one that did not, after this, doubled each time
    PAUSE_MOST_MS = 5000,
    STOP_MS = 10000, // to finish the batch under way
    CERTIFICATE_LOOK_MS = 24 * 3600 * 1000,
};

static const char METRICS[] = "metrics", WEB[] = "web"; // the parts that are no lianqind

struct part {
    const char *name;
    pid_t pid; // 0: not running
    int64_t started_ms, start_again_ms, pause_ms;
};

struct supervisor {
    struct lq_cli *cli;
    struct lq_system system;
    const char *program;           // lianqind
    const char *self;              // lq
    const char *web;               // lianqin-web; NULL: without the page
    bool keeps_certificate;        // of the page: lq web cert's
    int64_t certificate_looked_ms; // when it was last looked at
    const char *listen;            // NULL: as lianqin.yaml says
    const char *metrics;           // where they are served; "": nowhere
    struct part parts[PARTS_MAX];
    unsigned count, services;
    int signal_fd, lock_fd;
    bool stopping;
};

// ---------------------------------------------------------------- parts

// In the part's own process: becomes its program.
static void run_part(const struct supervisor *s, const struct part *part)
{
    const char *data = s->system.data, *program = s->program;
    if (part->name == METRICS) {
        program = s->self;
        execl(program, program, "--data", data, METRICS, "--serve", (char *)NULL);
    } else if (part->name == WEB) {
        program = s->web;
        execl(program, program, "--data", data, (char *)NULL);
    } else if (s->listen != NULL && strcmp(part->name, "bus") == 0) {
        execl(program, program, "--data", data, "--listen", s->listen, part->name, (char *)NULL);
    } else {
        execl(program, program, "--data", data, part->name, (char *)NULL);
    }
    fprintf(stderr, lq_tr("lq: cannot start %s: %s\n"), program, strerror(errno));
    _exit(127);
}

static void start(struct supervisor *s, struct part *part)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();
    LQ_ASSERT(pid >= 0);
    part->started_ms = lq_steady_ms();
    part->pid = pid;
    if (pid > 0)
        return;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM); // a system without its supervisor would not be stopped by ^C
    if (getppid() != parent)
        _exit(1);
    // Out of the terminal's process group: ^C is the supervisor's, which stops the parts in order.
    setpgid(0, 0);
    run_part(s, part);
}

static void note_end(struct supervisor *s, pid_t pid, int how)
{
    for (unsigned i = 0; i < s->count; i++) {
        struct part *part = &s->parts[i];
        if (part->pid != pid)
            continue;
        part->pid = 0;
        if (s->stopping)
            return;
        const int64_t now = lq_steady_ms();
        const bool lived = now - part->started_ms >= STEADY_MS;
        part->pause_ms = lived ? 0 : part->pause_ms == 0 ? PAUSE_MS : part->pause_ms * 2;
        if (part->pause_ms > PAUSE_MOST_MS)
            part->pause_ms = PAUSE_MOST_MS;
        part->start_again_ms = now + part->pause_ms;
        if (WIFSIGNALED(how))
            lq_log_warn("%s was ended by signal %d; starting it again", part->name, WTERMSIG(how));
        else
            lq_log_warn("%s ended with code %d; starting it again", part->name, WEXITSTATUS(how));
        if (part->pause_ms == PAUSE_MS)
            lq_disk_tell_here(s->cli);
        return;
    }
}

static void reap(struct supervisor *s)
{
    int how;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG)) > 0;)
        note_end(s, pid, how);
}

static unsigned running(const struct supervisor *s)
{
    unsigned count = 0;
    for (unsigned i = 0; i < s->count; i++)
        count += s->parts[i].pid != 0;
    return count;
}

static int64_t start_due(struct supervisor *s)
{
    int64_t wait_ms = 60000;
    for (unsigned i = 0; i < s->count; i++) {
        struct part *part = &s->parts[i];
        if (part->pid != 0)
            continue;
        const int64_t left_ms = part->start_again_ms - lq_steady_ms();
        if (left_ms <= 0)
            start(s, part);
        else if (left_ms < wait_ms)
            wait_ms = left_ms;
    }
    return wait_ms;
}

// ---------------------------------------------------------------- the loop

// The page's certificate is good for a year; its server reads it when it starts.
static void renew_certificate(struct supervisor *s)
{
    bool changed = false;
    const int64_t now_ms = lq_steady_ms();
    if (!s->keeps_certificate || now_ms - s->certificate_looked_ms < CERTIFICATE_LOOK_MS)
        return;
    s->certificate_looked_ms = now_ms;
    if (lq_web_keep_certificate(&s->cli->arena, s->self, s->system.data, &changed) != LQ_OK)
        lq_log_warn("%s", lq_fault_text());
    for (unsigned i = 0; changed && i < s->count; i++)
        if (s->parts[i].name == WEB && s->parts[i].pid != 0) {
            lq_log_info("the page has a new certificate; starting its server again");
            kill(s->parts[i].pid, SIGTERM);
        }
}

// True if it was a request to stop.
static bool read_signals(struct supervisor *s, int64_t wait_ms)
{
    struct pollfd watched = {.fd = s->signal_fd, .events = POLLIN};
    bool stop = false;
    if (poll(&watched, 1, (int)wait_ms) <= 0)
        return false;
    struct signalfd_siginfo info;
    while (read(s->signal_fd, &info, sizeof info) == sizeof info)
        stop = stop || info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM;
    reap(s);
    return stop;
}

static void signal_all(const struct supervisor *s, int signal)
{
    for (unsigned i = 0; i < s->count; i++)
        if (s->parts[i].pid != 0)
            kill(s->parts[i].pid, signal);
}

static void stop_all(struct supervisor *s)
{
    s->stopping = true;
    signal_all(s, SIGTERM);
    const int64_t until = lq_steady_ms() + STOP_MS;
    while (running(s) > 0 && lq_steady_ms() < until)
        read_signals(s, 100);
    if (running(s) == 0)
        return;
    lq_log_warn("%u parts did not end in time and are killed; what they acknowledged is kept",
                running(s));
    signal_all(s, SIGKILL);
    while (running(s) > 0)
        read_signals(s, 100);
}

// ---------------------------------------------------------------- starting

static enum lq_status take_lock(struct supervisor *s)
{
    const char *path = lq_arena_format(&s->cli->arena, "%s/up.lock", s->system.run);
    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_fd < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return lq_fault(LQ_E_BUSY, "a system is up already in %s; choose another --data",
                        s->system.data);
    return LQ_OK;
}

// An address of the page; "" is none.
static enum lq_status check_url(struct supervisor *s, const char *url, const char *where)
{
    return *url == '\0'
               ? LQ_OK
               : lq_address_check_free(
                     lq_arena_format(&s->cli->arena, "tcp://%s", strstr(url, "://") + 3), where);
}

// An installation may lack the program of the page: all else comes up.
static enum lq_status check_web(struct supervisor *s, const struct lq_settings *settings,
                                const char *path)
{
    const char *listen = settings->web.listen, *tls_listen = settings->web.tls_listen;
    struct lq_arena *arena = &s->cli->arena;
    bool made;
    if (lq_given(s->cli, "--no-web") || (*listen == '\0' && *tls_listen == '\0'))
        return LQ_OK;
    enum lq_status status = check_url(
        s, listen,
        lq_arena_format(arena, lq_tr("web.listen in %s, or --no-web for this time"), path));
    if (status == LQ_OK)
        status = check_url(
            s, tls_listen,
            lq_arena_format(arena, lq_tr("web.tls_listen in %s, or --no-web for this time"), path));
    if (status == LQ_OK && lq_program(arena, "lianqin-web", &s->web) != LQ_OK) {
        s->web = NULL;
        lq_log_warn("%s; going on without the page", lq_fault_text());
    }
    s->keeps_certificate =
        s->web != NULL && *tls_listen != '\0' && *settings->web.certificate == '\0';
    s->certificate_looked_ms = lq_steady_ms();
    if (status == LQ_OK && s->keeps_certificate)
        status = lq_web_keep_certificate(arena, s->self, s->system.data, &made);
    return status;
}

static enum lq_status check_endpoints(struct supervisor *s)
{
    struct lq_settings settings;
    const char *path = lq_arena_format(&s->cli->arena, "%s/lianqin.yaml", s->system.config);
    enum lq_status status = lq_settings_load(path, &s->cli->arena, &settings);
    if (status == LQ_OK && s->listen != NULL)
        status = lq_address_check_free(s->listen, "--listen");
    else if (status == LQ_OK)
        status = lq_address_check_free(
            settings.bus.listen,
            lq_arena_format(&s->cli->arena, lq_tr("bus.listen in %s, or --listen for this time"),
                            path));
    if (status == LQ_OK && *settings.bus.link_listen != '\0')
        status = lq_address_check_free(
            settings.bus.link_listen,
            lq_arena_format(&s->cli->arena, lq_tr("bus.link_listen in %s"), path));
    s->metrics = settings.metrics.listen;
    if (status == LQ_OK && *s->metrics != '\0')
        status = lq_address_check_free(
            s->metrics, lq_arena_format(&s->cli->arena, lq_tr("metrics.listen in %s"), path));
    return status == LQ_OK ? check_web(s, &settings, path) : status;
}

static enum lq_status find_programs(struct supervisor *s)
{
    const enum lq_status status = lq_program(&s->cli->arena, "lq", &s->self);
    return status == LQ_OK ? lq_program(&s->cli->arena, "lianqind", &s->program) : status;
}

static enum lq_status prepare(struct supervisor *s)
{
    s->system = lq_system_at(&s->cli->arena, s->cli->data);
    enum lq_status status = find_programs(s);
    if (status == LQ_OK)
        status = lq_system_prepare(&s->system);
    if (status == LQ_OK)
        status = take_lock(s);
    if (status == LQ_OK)
        status = lq_system_issue_first_keys(&s->cli->arena, &s->system);
    if (status == LQ_OK)
        status = check_endpoints(s);
    return status;
}

static void list_parts(struct supervisor *s)
{
    s->parts[s->count++].name = "bus";
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++) {
        LQ_ASSERT(s->count < PARTS_MAX);
        s->parts[s->count++].name = (*service)->name;
    }
    s->services = s->count - 1;
    if (*s->metrics != '\0')
        s->parts[s->count++].name = METRICS;
    if (s->web != NULL)
        s->parts[s->count++].name = WEB;
}

// A journal that was put back alone does not fit the others, whose services would stand. The system
// starts all the same: what does not depend on it goes on.
static int tell_diverged(struct lq_cli *cli)
{
    struct lq_journals journals;
    const int code = lq_journals_open(&journals, cli);
    for (const struct lq_service *const *s = lq_services; code == LQ_EXIT_DONE && *s != NULL; s++) {
        if (!lq_journal_is_here(&journals, *s))
            continue;
        const struct lq_look look = lq_journal_followed(&journals, *s);
        if (look.differs)
            lq_cli_say("%s", look.fault);
    }
    return code;
}

static void catch_signals(struct supervisor *s)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    s->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    LQ_ASSERT(s->signal_fd >= 0);
}

static int run_up(struct lq_cli *cli)
{
    struct supervisor s = {.cli = cli, .listen = lq_given_text(cli, "--listen")};
    lq_log_name("up");
    const enum lq_status status = prepare(&s);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    const int code = tell_diverged(cli);
    if (code != LQ_EXIT_DONE)
        return code;
    lq_disk_tell_here(cli);
    catch_signals(&s);
    list_parts(&s);
    lq_log_info("starting %u services in %s; Ctrl-C stops them", s.services, s.system.data);
    while (!read_signals(&s, start_due(&s)))
        renew_certificate(&s);
    lq_log_info("stopping");
    stop_all(&s);
    return LQ_EXIT_DONE;
}

static const struct lq_arg UP[] = {
    LQ_OPTION("--listen", "ENDPOINT", NULL, LQ_MAY,
              "where terminals reach the bus (default: config/lianqin.yaml)",
              "终端连接总线的地址（默认见 config/lianqin.yaml）"),
    LQ_OPTION("--no-web", NULL, NULL, LQ_MAY, "without the page for browsers", "不启动浏览器网页",
              .kind = LQ_FLAG),
    {0},
};

const struct lq_verb lq_up_verbs[] = {
    LQ_VERB(
        "up", "", "run the whole system here, in the foreground", "在此前台运行整个系统", UP,
        .help_column = 1,
        .notes =
            {"\nThe first start makes the data directory, the default configuration, the bus's key "
             "and the\nkeys of \"clerk\" and \"admin\".\n",
             "\n首次启动会建立数据目录、默认配置、总线密钥以及 clerk 和 admin 的密钥。\n"},
        .run = run_up),
    {0},
};
