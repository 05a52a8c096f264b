// lq verify: replays the journals on this machine, beside the services or without them.
//
// Each is looked at in a process of its own: LMDB believes what stands in its file, and a damaged
// one may well end whoever reads it. The user is to hear of it, and of the other journals too.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/policy.h"
#include "config/settings.h"
#include "journal/store.h"
#include "lq/nouns/nouns.h"
#include "runtime/system.h"
#include "runtime/verify.h"

static const struct lq_column COLUMNS[] = {
    {.key = "service", .title = "SERVICE", .zh = "服务", .whole = true},
    {.key = "records", .title = "RECORDS", .zh = "记录", .right = true},
    {.key = "events", .title = "EVENTS", .zh = "事件", .right = true},
    {.key = "tip_hash", .title = "TIP HASH", .zh = "末条哈希", .whole = true},
    {.key = "verdict", .title = "VERDICT", .zh = "结论", .whole = true},
};

struct verification {
    struct lq_cli *cli;
    struct lq_system system;
    struct lq_policy policy;
    struct lq_settings settings;
    struct lq_output *output;
    unsigned checked, wrong;
    bool shows_progress;
};

static void show_progress(void *self, uint64_t done, uint64_t of)
{
    const struct lq_service *service = self;
    fprintf(stderr, lq_tr("\r%-12s %llu of %llu records"), service->name, (unsigned long long)done,
            (unsigned long long)of);
    fflush(stderr);
}

static void clear_progress(const struct verification *v)
{
    if (v->shows_progress)
        fputs("\r\033[K", stderr);
}

static void add_row(struct verification *v, const struct lq_service *service,
                    const struct lq_verified *verified, const char *verdict)
{
    enum { SHOWN_BYTES = 6 };
    char hash[2 * SHOWN_BYTES + 1] = "";
    for (int i = 0; i < SHOWN_BYTES && verified != NULL; i++)
        snprintf(hash + 2 * i, 3, "%02x", verified->tip_hash[i]);
    lq_output_text(v->output, service->name);
    lq_output_number(v->output, verified != NULL ? (int64_t)verified->records : 0);
    lq_output_number(v->output, verified != NULL ? (int64_t)verified->events : 0);
    lq_output_text(v->output, hash);
    lq_output_text(v->output, verdict);
}

// What came of one journal; travels through a pipe.
struct report {
    enum lq_status status;
    struct lq_verified verified;
    char fault[768];
};

static enum lq_status open_and_replay(struct verification *v, const struct lq_service *service,
                                      const char *path, struct lq_verified *out)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {(uint64_t)v->settings.journal.map_gib << 30};
    const char *url = lq_arena_format(&v->cli->arena, "lmdb:%s", path);
    struct lq_store_plan plan;
    struct lq_store *store = NULL;
    lq_host_plan(service, names, &plan);
    enum lq_status status = lq_store_open_readonly(url, &plan, &options, &store);
    if (status != LQ_OK)
        return status;
    struct lq_store *scratch = lq_store_new_memory(&plan);
    status = lq_verify(service, store, scratch, &v->policy,
                       v->shows_progress ? show_progress : NULL, (void *)(uintptr_t)service, out);
    lq_store_close(store);
    return status; // the process ends now, so a million rows are not given back one by one
}

_Noreturn static void report_to(int pipe_end, struct verification *v,
                                const struct lq_service *service, const char *path)
{
    struct report report = {0};
    report.status = open_and_replay(v, service, path, &report.verified);
    if (report.status != LQ_OK)
        snprintf(report.fault, sizeof report.fault, "%s", lq_cli_fault_text());
    const bool told = write(pipe_end, &report, sizeof report) == sizeof report; // fits at once
    _exit(told ? 0 : 1);
}

// The child told nothing: how did it end?
static void report_end(struct report *report, const char *path, pid_t child)
{
    int how = 0;
    report->status = LQ_E_CORRUPT;
    while (waitpid(child, &how, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(how))
        snprintf(report->fault, sizeof report->fault,
                 lq_tr("reading %s ended with signal %d (%s): its data.mdb is damaged"), path,
                 WTERMSIG(how), strsignal(WTERMSIG(how)));
    else
        snprintf(report->fault, sizeof report->fault,
                 lq_tr("reading %s ended with exit code %d: its data.mdb is damaged"), path,
                 WEXITSTATUS(how));
}

static struct report look_apart(struct verification *v, const struct lq_service *service,
                                const char *path)
{
    struct report report = {.status = LQ_E_IO};
    int ends[2];
    fflush(NULL);
    const pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child < 0) {
        snprintf(report.fault, sizeof report.fault, lq_tr("cannot start a process: %s"),
                 strerror(errno));
        return report;
    }
    if (child == 0)
        report_to(ends[1], v, service, path);
    close(ends[1]);
    ssize_t size;
    while ((size = read(ends[0], &report, sizeof report)) < 0 && errno == EINTR)
        continue;
    close(ends[0]);
    if (size == sizeof report)
        waitpid(child, NULL, 0);
    else
        report_end(&report, path, child);
    return report;
}

// A service that was named must have a journal here; others may run elsewhere.
static void verify_service(struct verification *v, const struct lq_service *service, bool named)
{
    const char *path = lq_arena_format(&v->cli->arena, "%s/%s", v->system.journal, service->name);
    if (!named && access(path, F_OK) != 0) {
        add_row(v, service, NULL, lq_cli_word(v->cli, LQ_TR_LATER("not here")));
        return;
    }
    v->checked++;
    const struct report report = look_apart(v, service, path);
    clear_progress(v);
    if (report.status != LQ_OK) {
        lq_cli_say("%s: %s", service->name, report.fault);
        v->wrong++;
    }
    const bool other_version = report.status == LQ_OK && report.verified.other_version;
    if (other_version)
        lq_cli_say("%s: its records and their chain are in order; its tables are not compared: "
                   "another version made them, and this one makes them again from the records when "
                   "the service starts",
                   service->name);
    add_row(v, service,
            report.verified.records > 0 || report.status == LQ_OK ? &report.verified : NULL,
            lq_cli_word(v->cli, report.status != LQ_OK ? LQ_TR_LATER("WRONG")
                                : other_version        ? LQ_TR_LATER("tables of another version")
                                                       : LQ_TR_LATER("ok")));
}

// A file of the configuration, or NULL for the defaults.
static const char *config_file(struct verification *v, const char *name)
{
    const char *path = lq_arena_format(&v->cli->arena, "%s/%s", v->system.config, name);
    return access(path, F_OK) == 0 ? path : NULL;
}

static int load_configuration(struct verification *v)
{
    enum lq_status status =
        lq_policy_load(config_file(v, "policy.yaml"), &v->cli->arena, &v->policy);
    if (status == LQ_OK)
        status = lq_settings_load(config_file(v, "lianqin.yaml"), &v->cli->arena, &v->settings);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

static int check_names(struct lq_cli *cli, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lq_service_named(names[i]) == NULL)
            return lq_cli_usage(cli, "there is no service \"%s\" (lq status lists them)", names[i]);
    return LQ_EXIT_DONE;
}

static int verify_all(struct verification *v, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        verify_service(v, lq_service_named(names[i]), true);
    for (const struct lq_service *const *s = lq_services; count == 0 && *s != NULL; s++)
        verify_service(v, *s, false);
    const int code = v->cli->quiet ? LQ_EXIT_DONE : lq_cli_print(v->cli, v->output);
    if (v->cli->quiet)
        lq_output_free(v->output);
    if (v->checked == 0) {
        lq_cli_say("there is no journal in %s", v->system.journal);
        return LQ_EXIT_REFUSED;
    }
    return v->wrong > 0 ? LQ_EXIT_REFUSED : code;
}

static int verify(struct lq_cli *cli)
{
    size_t count;
    const char *const *names = lq_given_all(cli, "SERVICE", &count);
    struct verification v = {.cli = cli,
                             .system = lq_system_at(&cli->arena, cli->data),
                             .shows_progress = isatty(STDERR_FILENO) && !cli->quiet};
    int code = check_names(cli, names, count);
    if (code == LQ_EXIT_DONE)
        code = load_configuration(&v);
    if (code != LQ_EXIT_DONE)
        return code;
    v.output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    return verify_all(&v, names, count);
}

static const struct lq_arg VERIFY[] = {LQ_POSITION("SERVICE", NULL, LQ_MAY, .kind = LQ_REST), {0}};

const struct lq_verb lq_verify_verbs[] = {
    LQ_VERB(
        "verify", "", "replay the journals and compare what they say", "重放日志并核对", VERIFY,
        .notes =
            {"  Checks that no record was changed, that none is missing, and that the tables are "
             "what the\n  journal makes of them. Needs no running service, and disturbs none.\n",
             "  核对记录未被改动、没有缺失，且各表与日志相符。不需要服务运行，也不干扰服务。\n"},
        .run = verify),
    {0},
};
