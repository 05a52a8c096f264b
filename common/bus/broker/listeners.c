#include "bus/broker/listeners.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "bus/broker/keys.h"
#include "bus/broker/run_dir.h"
#include "bus/wire.h"
#include "bus/worker/frames.h"

enum {
    BIND_RETRY_MS = 3000,
    ENDPOINT_FILE_LIMIT = LQ_ENDPOINTS_LIMIT * LQ_ENDPOINT_TEXT,
    REFUSAL_LOG_MS = 5000,
    REQUEST_SLACK = 1024, // a request that is too large by less is refused; by more, cut off
};

// ---------------------------------------------------------------- who is admitted

static bool admits_client(void *self, const char key[LQ_KEY_TEXT])
{
    lq_broker_refresh_keys(self);
    return lq_broker_key(self, key) != NULL;
}

static bool admits_worker(void *self, const char key[LQ_KEY_TEXT])
{
    lq_broker_refresh_keys(self);
    return lq_broker_is_service_key(self, key);
}

// A terminal with a wrong key tries again every second, so the log is limited.
static void log_turned_away(struct lq_broker *broker, const struct lq_listener_counters *listener)
{
    if (broker->now_ms < broker->next_refusal_ms)
        return;
    broker->next_refusal_ms = broker->now_ms + REFUSAL_LOG_MS;
    lq_log_warn("a key was turned away: %s (so far: %lu times)", listener->last_key,
                (unsigned long)broker->counters.keys_turned_away);
}

void lq_broker_poll_listeners(struct lq_broker *broker)
{
    uint64_t turned_away = 0;
    const struct lq_listener_counters *latest = NULL;
    for (int i = 0; i < LQ_PEER_KINDS; i++) {
        if (broker->listeners[i] == NULL)
            continue;
        lq_listener_poll(broker->listeners[i], broker->now_ms);
        const struct lq_listener_counters *listener = lq_listener_counters(broker->listeners[i]);
        turned_away += listener->turned_away;
        if (listener->turned_away > 0)
            latest = listener;
    }
    if (turned_away == broker->counters.keys_turned_away)
        return;
    broker->counters.keys_turned_away = turned_away;
    log_turned_away(broker, latest);
}

// ---------------------------------------------------------------- listening

static enum lq_status listen_patiently(struct lq_listener *listener, const char *endpoint,
                                       unsigned patience_ms, char bound[LQ_ENDPOINT_TEXT])
{
    const int64_t until = lq_steady_ms() + patience_ms;
    enum lq_status status;
    while ((status = lq_listener_bind(listener, endpoint, bound)) == LQ_E_BUSY &&
           lq_steady_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    return status;
}

// The length of "tcp://127.0.0.1:" if the port is left open, 0 if it is given.
static size_t open_port_prefix(const char *endpoint)
{
    const char *colon = strrchr(endpoint, ':');
    if (strncmp(endpoint, "tcp://", 6) != 0 || colon == NULL ||
        (strcmp(colon, ":*") != 0 && strcmp(colon, ":0") != 0))
        return 0;
    return (size_t)(colon - endpoint) + 1;
}

// `earlier` is where this endpoint was in an earlier run, or "".
static enum lq_status listen_at(struct lq_listener *listener, const char *wanted,
                                const char *earlier, char bound[LQ_ENDPOINT_TEXT])
{
    const size_t prefix = open_port_prefix(wanted);
    enum lq_status status = LQ_E_MISSING;
    if (prefix > 0 && (strncmp(earlier, wanted, prefix) == 0 ||
                       (strncmp(wanted, "tcp://*:", prefix) == 0 && earlier[0] != '\0')))
        status = listen_patiently(listener, earlier, BIND_RETRY_MS, bound);
    if (status == LQ_OK)
        return LQ_OK;
    return listen_patiently(listener, wanted, prefix > 0 ? 0 : BIND_RETRY_MS, bound);
}

// Listens at all endpoints and writes them, one a line, to a file in the run directory.
static enum lq_status open_endpoints(struct lq_broker *broker, struct lq_listener *listener,
                                     const char *const *wanted, unsigned count, const char *name,
                                     char bound[][LQ_ENDPOINT_TEXT])
{
    char path[PATH_MAX], *text = NULL, out[ENDPOINT_FILE_LIMIT + 1] = "";
    size_t size = 0, used = 0;
    enum lq_status status = lq_broker_path(broker, name, path);
    if (status != LQ_OK)
        return status;
    if (lq_file_read(path, ENDPOINT_FILE_LIMIT, &text, &size, NULL) != LQ_OK)
        text = strdup(""); // the first run, or unreadable: any port will do
    LQ_ASSERT(text != NULL);
    char *rest = text;
    for (unsigned i = 0; status == LQ_OK && i < count; i++) {
        const char *line = rest != NULL ? strsep(&rest, "\n") : "";
        status =
            listen_at(listener, wanted[i], strlen(line) < LQ_ENDPOINT_TEXT ? line : "", bound[i]);
        if (status == LQ_OK)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s\n", bound[i]);
    }
    free(text);
    return status != LQ_OK ? status : lq_file_replace(path, lq_span(out, used), 0644);
}

// For people and their programs: any key that is in the list and not revoked.
static enum lq_status open_client_side(struct lq_broker *broker,
                                       const struct lq_broker_config *config)
{
    struct lq_listener **listener = &broker->listeners[LQ_PEER_CLIENT];
    const struct lq_listener_config listen = {.keys = config->keys,
                                              .admits = admits_client,
                                              .self = broker,
                                              .part_limit = LQ_REQUEST_LIMIT + REQUEST_SLACK,
                                              .parts = 1,
                                              .connections = config->connections};
    broker->endpoint_count = config->listen_count;
    const enum lq_status status = lq_listener_open(&listen, listener);
    if (status != LQ_OK)
        return status;
    return open_endpoints(broker, *listener, config->listen, config->listen_count, "endpoint",
                          broker->endpoints);
}

// For services on other hosts: keys of services only.
static enum lq_status open_worker_side(struct lq_broker *broker,
                                       const struct lq_broker_config *config)
{
    struct lq_listener **listener = &broker->listeners[LQ_PEER_WORKER];
    const struct lq_listener_config listen = {.keys = config->keys,
                                              .admits = admits_worker,
                                              .self = broker,
                                              .part_limit = LQ_FRAME_LIMIT,
                                              .unsent_pause =
                                                  SIZE_MAX, // others wait for its answers
                                              .unsent_limit = LQ_PIPE_UNSENT_LIMIT,
                                              .parts = 2};
    broker->worker_endpoint_count = config->worker_listen_count;
    const enum lq_status status = lq_listener_open(&listen, listener);
    if (status != LQ_OK)
        return status;
    return open_endpoints(broker, *listener, config->worker_listen, config->worker_listen_count,
                          "link-endpoint", broker->worker_endpoints);
}

enum lq_status lq_broker_open_listeners(struct lq_broker *broker,
                                        const struct lq_broker_config *config)
{
    enum lq_status status = LQ_OK;
    if (config->worker_listen_count > 0)
        status = open_worker_side(broker, config);
    return status == LQ_OK ? open_client_side(broker, config) : status;
}

void lq_broker_close_listeners(struct lq_broker *broker)
{
    for (int i = 0; i < LQ_PEER_KINDS; i++)
        lq_listener_close(broker->listeners[i]);
}

const char *lq_broker_endpoint(const struct lq_broker *broker, unsigned index)
{
    LQ_ASSERT(index < broker->endpoint_count);
    return broker->endpoints[index];
}

const char *lq_broker_worker_endpoint(const struct lq_broker *broker, unsigned index)
{
    LQ_ASSERT(index < broker->worker_endpoint_count);
    return broker->worker_endpoints[index];
}
