// Opening the bus, in an order that leaves no gap: first the lock, then the list of keys, then the
// doors (listeners.c), each guarded before it is open.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/broker/state.h"

// ---------------------------------------------------------------- files and directories

enum lq_status lq_broker_path(const struct lq_broker *broker, const char *name, char path[PATH_MAX])
{
    if (snprintf(path, PATH_MAX, "%s/%s", broker->run_dir, name) >= PATH_MAX)
        return lq_fault(LQ_E_INPUT, "path too long: %s/%s", broker->run_dir, name);
    return LQ_OK;
}

static enum lq_status make_directory(const char *path, mode_t mode)
{
    if (mkdir(path, mode) != 0 && errno != EEXIST)
        return lq_fault(LQ_E_IO, "cannot make directory %s: %s", path, strerror(errno));
    return LQ_OK;
}

// Whoever can open the socket in this directory can speak as any service; so nobody else may.
static enum lq_status make_link_directory(const struct lq_broker *broker)
{
    char path[PATH_MAX];
    struct stat about;
    enum lq_status status = lq_broker_path(broker, "link", path);
    if (status == LQ_OK)
        status = make_directory(path, 0700);
    if (status != LQ_OK)
        return status;
    if (lstat(path, &about) != 0)
        return lq_fault(LQ_E_IO, "cannot examine %s: %s", path, strerror(errno));
    if (!S_ISDIR(about.st_mode) || about.st_uid != geteuid() || (about.st_mode & 077) != 0)
        return lq_fault(LQ_E_INPUT, "%s must be a directory of the bus's own user, chmod 700",
                        path);
    return LQ_OK;
}

static enum lq_status take_lock(struct lq_broker *broker)
{
    char path[PATH_MAX];
    const enum lq_status status = lq_broker_path(broker, "bus.lock", path);
    if (status != LQ_OK)
        return status;
    broker->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (broker->lock < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    if (flock(broker->lock, LOCK_EX | LOCK_NB) != 0)
        return lq_fault(LQ_E_BUSY, "another bus is running in %s", broker->run_dir);
    return LQ_OK;
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        lq_log_warn("cannot raise the limit of open files: %s", strerror(errno));
}

static enum lq_status open_keyring(struct lq_broker *broker, const char *path)
{
    char directory[PATH_MAX];
    if (strlen(path) >= sizeof directory)
        return lq_fault(LQ_E_INPUT, "path too long: %s", path);
    strcpy(broker->keyring_path, path);
    strcpy(directory, path);
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        strcpy(directory, ".");
    else
        slash[slash == directory] = '\0';
    broker->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (broker->inotify < 0 ||
        inotify_add_watch(broker->inotify, directory,
                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE) < 0)
        return lq_fault(LQ_E_IO, "cannot watch %s: %s", directory, strerror(errno));
    if (stat(path, &broker->keyring_seen) != 0)
        return lq_fault(LQ_E_MISSING, "there is no list of keys %s", path);
    return lq_keyring_load(path, &broker->keyring);
}

// ---------------------------------------------------------------- open and close

static enum lq_status check_config(const struct lq_broker_config *config)
{
    if (config->listen_count == 0 || config->listen_count > LQ_ENDPOINTS_LIMIT ||
        config->link_listen_count > LQ_ENDPOINTS_LIMIT)
        return lq_fault(LQ_E_INPUT, "the bus needs 1 to %d endpoints", (int)LQ_ENDPOINTS_LIMIT);
    if (strlen(config->run_dir) >= PATH_MAX)
        return lq_fault(LQ_E_INPUT, "path too long: %s", config->run_dir);
    if (!lq_key_text_valid(config->keys.secret_key))
        return lq_fault(LQ_E_INPUT, "the bus has no key pair");
    if (config->service_count > LQ_SERVICES_LIMIT)
        return lq_fault(LQ_E_INPUT, "more than %d services", (int)LQ_SERVICES_LIMIT);
    for (unsigned i = 0; i < config->service_count; i++)
        if (!lq_service_name_valid(lq_span_text(config->services[i])))
            return lq_fault(LQ_E_INPUT, "\"%s\" is not a service's name", config->services[i]);
    return LQ_OK;
}

static enum lq_status open_all(struct lq_broker *broker, const struct lq_broker_config *config)
{
    raise_file_limit();
    enum lq_status status = make_directory(broker->run_dir, 0755);
    if (status == LQ_OK)
        status = make_link_directory(broker);
    if (status == LQ_OK)
        status = take_lock(broker);
    if (status == LQ_OK)
        status = open_keyring(broker, config->keyring);
    if (status != LQ_OK)
        return status;
    broker->stop_event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (broker->stop_event < 0)
        return lq_fault(LQ_E_IO, "cannot make an eventfd: %s", strerror(errno));
    return lq_broker_open_doors(broker, config);
}

enum lq_status lq_broker_open(const struct lq_broker_config *config, struct lq_broker **out)
{
    enum lq_status status = check_config(config);
    if (status != LQ_OK)
        return status;
    struct lq_broker *broker = calloc(1, sizeof *broker);
    LQ_ASSERT(broker != NULL);
    broker->stop_event = broker->inotify = broker->lock = broker->listener = -1;
    strcpy(broker->run_dir, config->run_dir);
    broker->ping_ms = config->ping_ms > 0 ? config->ping_ms : 500;
    broker->lease_ms = config->lease_ms > 0 ? config->lease_ms : 5000;
    broker->takeover_ms = config->takeover_ms > 0 ? config->takeover_ms : 1000;
    broker->expire_ms = config->expire_ms > 0 ? config->expire_ms : 300 * 1000;
    broker->started_wall_ms = lq_wall_ms();
    broker->routes = lq_routes_new();
    for (unsigned i = 0; i < config->service_count; i++)
        if (strcmp(config->services[i], "bus") != 0)
            (void)lq_routes_service(broker->routes, lq_span_text(config->services[i]), true);
    status = open_all(broker, config);
    if (status == LQ_OK)
        *out = broker;
    else
        lq_broker_close(broker);
    return status;
}

void lq_broker_close(struct lq_broker *broker)
{
    if (broker == NULL)
        return;
    lq_broker_close_doors(broker);
    const int files[] = {broker->stop_event, broker->inotify, broker->lock};
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++)
        if (files[i] >= 0)
            close(files[i]);
    lq_keyring_free(broker->keyring);
    lq_routes_free(broker->routes);
    free(broker);
}
