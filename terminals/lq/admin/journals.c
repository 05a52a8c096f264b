#include "lq/admin/journals.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/store.h"
#include "lq/nouns/nouns.h"

// ---------------------------------------------------------------- where they are

// A file of the configuration, or NULL for the defaults.
static const char *config_file(const struct lq_journals *journals, const char *name)
{
    const char *path =
        lq_arena_format(&journals->cli->arena, "%s/%s", journals->system.config, name);
    return access(path, F_OK) == 0 ? path : NULL;
}

int lq_journals_open(struct lq_journals *journals, struct lq_cli *cli)
{
    *journals = (struct lq_journals){.cli = cli, .system = lq_system_at(&cli->arena, cli->data)};
    enum lq_status status =
        lq_policy_load(config_file(journals, "policy.yaml"), &cli->arena, &journals->policy);
    if (status == LQ_OK)
        status = lq_settings_load(config_file(journals, "lianqin.yaml"), &cli->arena,
                                  &journals->settings);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

const char *lq_journal_path(const struct lq_journals *journals, const struct lq_service *service)
{
    return lq_arena_format(&journals->cli->arena, "%s/%s", journals->system.journal, service->name);
}

bool lq_journal_is_here(const struct lq_journals *journals, const struct lq_service *service)
{
    return access(lq_journal_path(journals, service), F_OK) == 0;
}

static enum lq_status open_store(const struct lq_journals *journals,
                                 const struct lq_service *service, struct lq_store **out)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {
        .max_bytes = (uint64_t)journals->settings.journal.map_gib << 30};
    const char *url =
        lq_arena_format(&journals->cli->arena, "lmdb:%s", lq_journal_path(journals, service));
    struct lq_store_plan plan;
    lq_host_plan(service, names, &plan);
    return lq_store_open_readonly(url, &plan, &options, out);
}

// ---------------------------------------------------------------- in a process of its own

typedef enum lq_status look(const struct lq_journals *journals, const struct lq_service *service,
                            struct lq_look *out);

_Noreturn static void look_and_tell(int pipe_end, const struct lq_journals *journals,
                                    const struct lq_service *service, look *work)
{
    struct lq_look seen = {0};
    seen.status = work(journals, service, &seen);
    if (seen.status != LQ_OK)
        snprintf(seen.fault, sizeof seen.fault, "%s", lq_cli_fault_text());
    const bool told = write(pipe_end, &seen, sizeof seen) == sizeof seen; // fits at once
    _exit(told ? 0 : 1);
}

// The child told nothing: how did it end?
static void note_end(struct lq_look *seen, const char *path, pid_t child)
{
    int how = 0;
    seen->status = LQ_E_CORRUPT;
    while (waitpid(child, &how, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(how))
        snprintf(seen->fault, sizeof seen->fault,
                 lq_tr("reading %s ended with signal %d (%s): its data.mdb is damaged"), path,
                 WTERMSIG(how), strsignal(WTERMSIG(how)));
    else
        snprintf(seen->fault, sizeof seen->fault,
                 lq_tr("reading %s ended with exit code %d: its data.mdb is damaged"), path,
                 WEXITSTATUS(how));
}

static struct lq_look look_apart(const struct lq_journals *journals,
                                 const struct lq_service *service, look *work)
{
    struct lq_look seen = {.status = LQ_E_IO};
    int ends[2];
    fflush(NULL);
    const pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child < 0) {
        snprintf(seen.fault, sizeof seen.fault, lq_tr("cannot start a process: %s"),
                 strerror(errno));
        return seen;
    }
    if (child == 0)
        look_and_tell(ends[1], journals, service, work);
    close(ends[1]);
    ssize_t size;
    while ((size = read(ends[0], &seen, sizeof seen)) < 0 && errno == EINTR)
        continue;
    close(ends[0]);
    if (size == sizeof seen)
        waitpid(child, NULL, 0);
    else
        note_end(&seen, lq_journal_path(journals, service), child);
    return seen;
}

// ---------------------------------------------------------------- replay

static void show_progress(void *self, uint64_t done, uint64_t of)
{
    const struct lq_service *service = self;
    fputc('\r', stderr);
    fprintf(stderr, lq_tr("%-12s %llu of %llu records"), service->name, (unsigned long long)done,
            (unsigned long long)of);
    fflush(stderr);
}

static enum lq_status replay(const struct lq_journals *journals, const struct lq_service *service,
                             struct lq_look *out)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_store *store = NULL;
    enum lq_status status = open_store(journals, service, &store);
    if (status != LQ_OK)
        return status;
    lq_host_plan(service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    status = lq_verify(service, store, scratch, &journals->policy,
                       journals->shows_progress ? show_progress : NULL, (void *)(uintptr_t)service,
                       &out->verified);
    lq_store_close(store);
    return status; // the process ends now, so a million rows are not given back one by one
}

struct lq_look lq_journal_replay(const struct lq_journals *journals,
                                 const struct lq_service *service)
{
    const struct lq_look seen = look_apart(journals, service, replay);
    if (journals->shows_progress)
        fputs("\r\033[K", stderr);
    return seen;
}

// ---------------------------------------------------------------- what was followed

static enum lq_status compare_with(const struct lq_journals *journals,
                                   const struct lq_service *service, struct lq_store *store,
                                   const struct lq_service *followed, struct lq_look *out)
{
    struct lq_store *journal = NULL;
    enum lq_status status = open_store(journals, followed, &journal);
    if (status != LQ_OK)
        return status;
    status = lq_verify_followed(service, store, followed->name, journal, &out->differs);
    lq_store_close(journal);
    return status;
}

// The first that differs; more often than not they all do for the same reason.
static enum lq_status compare_followed(const struct lq_journals *journals,
                                       const struct lq_service *service, struct lq_look *out)
{
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned count = lq_service_streams(service, streams);
    struct lq_store *store = NULL;
    enum lq_status status = open_store(journals, service, &store);
    for (unsigned i = 0; status == LQ_OK && i < count; i++) {
        const struct lq_service *followed = lq_service_named(streams[i].name);
        if (lq_journal_is_here(journals, followed))
            status = compare_with(journals, service, store, followed, out);
    }
    lq_store_close(store);
    return status;
}

struct lq_look lq_journal_followed(const struct lq_journals *journals,
                                   const struct lq_service *service)
{
    return look_apart(journals, service, compare_followed);
}

// ---------------------------------------------------------------- copies

static enum lq_status copy(const struct lq_journals *journals, const struct lq_service *service,
                           struct lq_look *out)
{
    (void)out;
    const char *directory =
        lq_arena_format(&journals->cli->arena, "%s/%s", journals->copies, service->name);
    struct lq_store *store = NULL;
    enum lq_status status = lq_make_directory(directory, 0700);
    if (status == LQ_OK)
        status = open_store(journals, service, &store);
    if (status == LQ_OK)
        status = lq_store_copy(store, directory);
    lq_store_close(store);
    return status;
}

struct lq_look lq_journal_copy(const struct lq_journals *journals, const struct lq_service *service)
{
    return look_apart(journals, service, copy);
}
