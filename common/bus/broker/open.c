// Opening the bus, in an order that leaves no gap: the lock first, then the list of keys, and only
// then what it guards.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/broker/keys.h"
#include "bus/broker/listeners.h"
#include "bus/broker/pipes.h"
#include "bus/broker/run_dir.h"
#include "bus/wire.h"

static enum lq_status check_config(const struct lq_broker_config *config)
{
    if (config->listen_count == 0 || config->listen_count > LQ_ENDPOINTS_LIMIT ||
        config->worker_listen_count > LQ_ENDPOINTS_LIMIT)
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

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        lq_log_warn("cannot raise the limit of open files: %s", strerror(errno));
}

static enum lq_status open_all(struct lq_broker *broker, const struct lq_broker_config *config)
{
    raise_file_limit();
    enum lq_status status = lq_broker_open_run_dir(broker);
    if (status == LQ_OK)
        status = lq_broker_open_keys(broker, config->keyring);
    if (status != LQ_OK)
        return status;
    broker->stop_event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (broker->stop_event < 0)
        return lq_fault(LQ_E_IO, "cannot make an eventfd: %s", strerror(errno));
    status = lq_broker_open_pipes(broker);
    return status == LQ_OK ? lq_broker_open_listeners(broker, config) : status;
}

enum lq_status lq_broker_open(const struct lq_broker_config *config, struct lq_broker **out)
{
    enum lq_status status = check_config(config);
    if (status != LQ_OK)
        return status;
    struct lq_broker *broker = calloc(1, sizeof *broker);
    LQ_ASSERT(broker != NULL);
    broker->stop_event = broker->inotify = broker->lock = broker->pipe_listener = -1;
    strcpy(broker->run_dir, config->run_dir);
    broker->ping_ms = config->ping_ms > 0 ? config->ping_ms : 500;
    broker->lease_ms = config->lease_ms > 0 ? config->lease_ms : 5000;
    broker->takeover_ms = config->takeover_ms > 0 ? config->takeover_ms : 1000;
    broker->expire_ms = config->expire_ms > 0 ? config->expire_ms : 300 * 1000;
    broker->started_wall_ms = lq_wall_ms();
    broker->leap = lq_leap_start(config->clock_leap_ms, lq_wall_ms(), lq_boot_ms(), 0);
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
    lq_broker_close_pipes(broker);
    lq_broker_close_listeners(broker);
    lq_broker_close_keys(broker);
    if (broker->stop_event >= 0)
        close(broker->stop_event);
    if (broker->lock >= 0)
        close(broker->lock);
    lq_routes_free(broker->routes);
    free(broker);
}
