// lianqind: hosts the bus and services. `lianqind all` runs the whole system in one process, with a
// thread for each; `lianqind dispatch` is the same program with one service.
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <poll.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "bus/broker/broker.h"
#include "config/forms.h"
#include "config/settings.h"
#include "config/law.h"
#include "runtime/serve.h"

enum { PARTS_MAX = 32 };

// What runs in one thread: the bus, or a service.
struct part {
    struct process *process;
    const struct lq_service *service; // NULL: the bus
    pthread_t thread;
    enum lq_status status;
    char fault[768];
    struct lq_key_pair keys;
};

struct process {
    struct lq_arena arena;
    struct lq_system system;
    struct lq_settings settings;
    struct lq_policy policy;
    struct lq_forms forms;
    struct lq_law *law;
    struct lq_broker *broker;
    const char *link;                 // endpoint for services
    const char *listen, *link_listen; // override the settings
    bool link_is_tcp, has_bus;
    char bus_public_key[LQ_KEY_TEXT];
    int signal_fd;         // SIGINT, SIGTERM
    int stop_fd, ended_fd; // eventfds: stop everybody; one has ended
    struct part parts[PARTS_MAX];
    unsigned part_count;
};

static const char usage[] =
    "usage: lianqind [--data DIR] [--listen ENDPOINT] [--link-listen ENDPOINT] [--link ENDPOINT]\n"
    "                bus|SERVICE...|all\n"
    "  --data DIR              the system's directory (default: LQ_DATA, else ./var)\n"
    "  --listen ENDPOINT       where the bus takes people's terminals (default: lianqin.yaml)\n"
    "  --link-listen ENDPOINT  where the bus takes services of other hosts (default: "
    "lianqin.yaml);\n"
    "                          it puts into links/SERVICE what such a host needs as keys\n"
    "  --link ENDPOINT         where services find a bus that is on another host: "
    "tcp://HOST:PORT;\n"
    "                          they wait until keys/@SERVICE.key and keys/bus.pub are there\n";

// ---------------------------------------------------------------- the bus

// The keys that must be there before anybody can sign on, and what services elsewhere need.
static enum lq_status issue_keys(struct process *p, bool links_by_tcp)
{
    enum lq_status status = lq_system_issue_first_keys(&p->arena, &p->system);
    for (const struct lq_service *const *s = lq_services;
         status == LQ_OK && links_by_tcp && *s != NULL; s++)
        status = lq_system_issue_link(&p->arena, &p->system, (*s)->name);
    return status;
}

static enum lq_status open_bus(struct process *p)
{
    const char *names[PARTS_MAX];
    unsigned count = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        names[count++] = (*s)->name;
    const char *const listen = p->listen != NULL ? p->listen : p->settings.bus.listen;
    const char *const link_listen =
        p->link_listen != NULL ? p->link_listen : p->settings.bus.link_listen;
    const bool links_by_tcp = *link_listen != '\0';
    struct lq_broker_config config = {
        .run_dir = p->system.run,
        .keyring = p->system.authorized,
        .listen = &listen,
        .listen_count = 1,
        .worker_listen = &link_listen,
        .worker_listen_count = links_by_tcp,
        .services = names,
        .service_count = count,
        .clock_leap_ms = p->policy.clock_leap_ms,
    };
    enum lq_status status = issue_keys(p, links_by_tcp);
    if (status == LQ_OK)
        status = lq_keys_load(p->system.bus_key, &config.keys);
    if (status == LQ_OK)
        status = lq_broker_open(&config, &p->broker);
    lq_keys_wipe(&config.keys);
    if (status == LQ_OK)
        lq_log_info("the bus listens on %s", lq_broker_endpoint(p->broker, 0));
    return status;
}

// ---------------------------------------------------------------- threads

static enum lq_status run_service(struct process *p, struct part *part)
{
    const struct lq_serve_config config = {
        .service = part->service,
        .system = &p->system,
        .policy = &p->policy,
        .law = p->law,
        .link = p->link,
        .map_gib = p->settings.journal.map_gib,
        .stop_fd = p->stop_fd,
        .keys = p->link_is_tcp ? &part->keys : NULL,
        .bus_public_key = p->link_is_tcp ? p->bus_public_key : NULL,
    };
    return lq_serve(&config);
}

static void *run_part(void *argument)
{
    struct part *part = argument;
    struct process *p = part->process;
    if (part->service == NULL) {
        lq_log_name("bus");
        part->status = lq_broker_run(p->broker);
    } else {
        part->status = run_service(p, part);
    }
    if (part->status != LQ_OK) {
        snprintf(part->fault, sizeof part->fault, "%s", lq_fault_text());
        lq_log_error("%s", part->fault);
    }
    eventfd_write(p->ended_fd, 1);
    return NULL;
}

static const char *key_path(struct process *p, const struct lq_service *service)
{
    return lq_arena_format(&p->arena, "%s/@%s.key", p->system.keys, service->name);
}

static enum lq_status start_part(struct process *p, struct part *part)
{
    if (part->service == NULL) {
        const enum lq_status status = open_bus(p);
        if (status != LQ_OK)
            return status;
    } else if (p->link_is_tcp) {
        const enum lq_status status = lq_keys_load(key_path(p, part->service), &part->keys);
        if (status != LQ_OK)
            return status;
    }
    LQ_ASSERT(pthread_create(&part->thread, NULL, run_part, part) == 0);
    return LQ_OK;
}

// Waits for a signal or for a part that ended by itself, then stops the rest.
static int run_until_stopped(struct process *p)
{
    struct pollfd watched[] = {{.fd = p->signal_fd, .events = POLLIN},
                               {.fd = p->ended_fd, .events = POLLIN}};
    while (poll(watched, 2, -1) < 0 && errno == EINTR)
        continue;
    sd_notify(0, "STOPPING=1");
    eventfd_write(p->stop_fd, 1);
    if (p->broker != NULL)
        lq_broker_stop(p->broker);
    int code = EXIT_SUCCESS;
    for (unsigned i = 0; i < p->part_count; i++) {
        pthread_join(p->parts[i].thread, NULL);
        if (p->parts[i].status != LQ_OK)
            code = EXIT_FAILURE;
    }
    if (p->broker != NULL)
        lq_broker_close(p->broker);
    return code;
}

// ---------------------------------------------------------------- starting

// Whoever rehearses a day drives the clock on purpose: its leaps are meant.
static bool is_clock_driven(void)
{
    return getenv("FAKETIME") != NULL || getenv("FAKETIME_TIMESTAMP_FILE") != NULL;
}

static enum lq_status load_configuration(struct process *p)
{
    enum lq_status status = lq_settings_load(
        lq_arena_format(&p->arena, "%s/lianqin.yaml", p->system.config), &p->arena, &p->settings);
    if (status == LQ_OK)
        status = lq_policy_load(lq_arena_format(&p->arena, "%s/policy.yaml", p->system.config),
                                &p->arena, &p->policy);
    if (status == LQ_OK)
        status = lq_forms_load(lq_arena_format(&p->arena, "%s/forms.yaml", p->system.config),
                               &p->arena, &p->forms);
    p->policy.forms = &p->forms;
    if (status == LQ_OK)
        status = lq_law_load(p->system.config, &p->law);
    if (status == LQ_OK && is_clock_driven() && p->policy.clock_leap_ms != 0) {
        lq_log_info("libfaketime drives the clock: it may leap (clock_leap_ms does not count)");
        p->policy.clock_leap_ms = 0;
    }
    return status;
}

static enum lq_status find_link(struct process *p)
{
    if (p->link != NULL)
        return p->link_is_tcp ? lq_public_key_load(p->system.bus_public, p->bus_public_key) : LQ_OK;
    char *endpoint = lq_arena_alloc(&p->arena, LQ_PIPE_ENDPOINT_TEXT);
    p->link = endpoint;
    return lq_pipe_endpoint(p->system.run, endpoint);
}

static bool add_part(struct process *p, const char *name)
{
    const struct lq_service *service = lq_service_named(name);
    if (service == NULL && strcmp(name, "bus") != 0) {
        fprintf(stderr, "lianqind: there is no service \"%s\"; there are bus", name);
        for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
            fprintf(stderr, ", %s", (*s)->name);
        fputs(" and all\n", stderr);
        return false;
    }
    for (unsigned i = 0; i < p->part_count; i++)
        if (p->parts[i].service == service)
            return true;
    LQ_ASSERT(p->part_count < PARTS_MAX);
    p->has_bus = p->has_bus || service == NULL;
    p->parts[p->part_count++] = (struct part){.process = p, .service = service};
    return true;
}

static bool take_arguments(struct process *p, int argc, char **argv, const char **data)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"link-listen", required_argument, NULL, 'L'},
                                            {"link", required_argument, NULL, 'k'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            *data = optarg;
        else if (option == 'l')
            p->listen = optarg;
        else if (option == 'L')
            p->link_listen = optarg;
        else if (option == 'k')
            p->link = optarg;
        else
            return false;
    }
    for (int i = optind; i < argc; i++) {
        if (strcmp(argv[i], "all") != 0) {
            if (!add_part(p, argv[i]))
                return false;
            continue;
        }
        add_part(p, "bus");
        for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
            add_part(p, (*s)->name);
    }
    p->link_is_tcp = p->link != NULL && strncmp(p->link, "tcp://", 6) == 0;
    return p->part_count > 0 && !(p->has_bus && p->link != NULL);
}

// The first file of those that services elsewhere need and that is not there; NULL: none.
static const char *missing_key(struct process *p)
{
    for (unsigned i = 0; i < p->part_count; i++) {
        const char *path = key_path(p, p->parts[i].service);
        if (access(path, F_OK) != 0)
            return path;
    }
    return access(p->system.bus_public, F_OK) != 0 ? p->system.bus_public : NULL;
}

// The bus makes the keys of services elsewhere, the public one last, and they come by a shared
// volume or an administrator's hand: a service that was started first waits. (By then the bus has
// written the configuration too, where they share it.) False: told to stop.
static bool await_keys(struct process *p)
{
    enum { LOOK_MS = 200 };
    struct pollfd signals = {.fd = p->signal_fd, .events = POLLIN};
    for (const char *missing; p->link_is_tcp && (missing = missing_key(p)) != NULL;) {
        lq_log_info("waiting for the keys that the bus makes: %s is missing", missing);
        while (access(missing, F_OK) != 0)
            if (poll(&signals, 1, LOOK_MS) > 0)
                return false;
    }
    return true;
}

// A host that reaches its bus by tcp makes no keys: the ones that it made could open nothing.
static enum lq_status prepare(const struct process *p)
{
    return p->link_is_tcp ? lq_system_prepare_remote(&p->system) : lq_system_prepare(&p->system);
}

// Works from within the data directory: the path of a socket may be no longer than 107 bytes, and
// that of a data directory may be.
static enum lq_status enter_data(struct process *p, const char *data)
{
    enum lq_status status = prepare(p);
    if (status == LQ_OK && chdir(data) != 0)
        status = lq_fault(LQ_E_IO, "cannot enter %s: %s", data, strerror(errno));
    p->system = lq_system_at(&p->arena, ".");
    return status;
}

// Signals are blocked in every thread and read from a descriptor.
static void open_descriptors(struct process *p)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    p->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
    p->stop_fd = eventfd(0, EFD_CLOEXEC);
    p->ended_fd = eventfd(0, EFD_CLOEXEC);
    LQ_ASSERT(p->signal_fd >= 0 && p->stop_fd >= 0 && p->ended_fd >= 0);
}

static enum lq_status start_parts(struct process *p)
{
    enum lq_status status = load_configuration(p);
    if (status == LQ_OK)
        status = find_link(p);
    for (unsigned i = 0; status == LQ_OK && i < p->part_count; i++)
        status = start_part(p, &p->parts[i]);
    return status;
}

int main(int argc, char **argv)
{
    static struct process process;
    struct process *p = &process;
    const char *from_environment = getenv("LQ_DATA");
    const char *data = from_environment != NULL ? from_environment : "var";
    if (!take_arguments(p, argc, argv, &data)) {
        fputs(usage, stderr);
        return 2;
    }
    open_descriptors(p);
    lq_log_name(p->part_count == 1 && p->parts[0].service != NULL ? p->parts[0].service->name
                                                                  : "lianqind");
    p->system = lq_system_at(&p->arena, data);
    if (!await_keys(p))
        return EXIT_SUCCESS;
    enum lq_status status = enter_data(p, data);
    if (status == LQ_OK)
        status = start_parts(p);
    if (status != LQ_OK) {
        lq_log_error("%s", lq_fault_text());
        return EXIT_FAILURE; // nothing that runs yet holds anything back
    }
    sd_notify(0, "READY=1"); // the bus listens, and what its services need is there
    const int code = run_until_stopped(p);
    lq_law_free(p->law);
    lq_arena_free(&p->arena);
    return code;
}
