// The doors of the bus, and the addresses that others read, which are written when all are open.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "base/file.h"
#include "bus/broker/state.h"

enum {
    BIND_RETRY_MS = 3000,
    ENDPOINT_FILE_LIMIT = LQ_ENDPOINTS_LIMIT * LQ_ENDPOINT_TEXT,
    REFUSAL_LOG_MS = 5000,
    A_LITTLE_MORE = 1024, // a request that is a little too large is told so; more, it is cut off
};

// ---------------------------------------------------------------- who may come in

static bool opens_front(void *self, const char key[LQ_KEY_TEXT])
{
    lq_broker_refresh_keyring(self);
    return lq_broker_key(self, key) != NULL;
}

static bool opens_link(void *self, const char key[LQ_KEY_TEXT])
{
    lq_broker_refresh_keyring(self);
    return lq_broker_opens_link(self, key);
}

// A terminal with a wrong key comes back every second: once in a while is enough to be read.
static void tell_turned_away(struct lq_broker *broker, const struct lq_door_counters *door)
{
    if (broker->now_ms < broker->next_refusal_ms)
        return;
    broker->next_refusal_ms = broker->now_ms + REFUSAL_LOG_MS;
    lq_log_warn("a key was turned away: %s (so far: %lu times)", door->last_key,
                (unsigned long)broker->counters.keys_turned_away);
}

void lq_broker_tend_doors(struct lq_broker *broker)
{
    uint64_t turned_away = 0;
    const struct lq_door_counters *latest = NULL;
    for (int i = 0; i < LQ_ENTRANCES; i++) {
        if (broker->doors[i] == NULL)
            continue;
        lq_door_tend(broker->doors[i], broker->now_ms);
        const struct lq_door_counters *door = lq_door_counters(broker->doors[i]);
        turned_away += door->turned_away;
        if (door->turned_away > 0)
            latest = door;
    }
    if (turned_away == broker->counters.keys_turned_away)
        return;
    broker->counters.keys_turned_away = turned_away;
    tell_turned_away(broker, latest);
}

// ---------------------------------------------------------------- listening

static enum lq_status listen_patiently(struct lq_door *door, const char *endpoint,
                                       unsigned patience_ms, char bound[LQ_ENDPOINT_TEXT])
{
    const int64_t until = lq_steady_ms() + patience_ms;
    enum lq_status status;
    while ((status = lq_door_listen(door, endpoint, bound)) == LQ_E_BUSY && lq_steady_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    return status;
}

// "tcp://127.0.0.1:" with its port left open, or NULL where the port is given.
static size_t open_port_prefix(const char *endpoint)
{
    const char *colon = strrchr(endpoint, ':');
    if (strncmp(endpoint, "tcp://", 6) != 0 || colon == NULL ||
        (strcmp(colon, ":*") != 0 && strcmp(colon, ":0") != 0))
        return 0;
    return (size_t)(colon - endpoint) + 1;
}

// `earlier` is where this endpoint was in an earlier run, or "".
static enum lq_status listen_at(struct lq_door *door, const char *wanted, const char *earlier,
                                char bound[LQ_ENDPOINT_TEXT])
{
    const size_t prefix = open_port_prefix(wanted);
    enum lq_status status = LQ_E_MISSING;
    if (prefix > 0 && (strncmp(earlier, wanted, prefix) == 0 ||
                       (strncmp(wanted, "tcp://*:", prefix) == 0 && earlier[0] != '\0')))
        status = listen_patiently(door, earlier, BIND_RETRY_MS, bound);
    if (status == LQ_OK)
        return LQ_OK;
    return listen_patiently(door, wanted, prefix > 0 ? 0 : BIND_RETRY_MS, bound);
}

// Listens at all endpoints of a door and writes them, one a line, to a file in the run directory.
static enum lq_status open_endpoints(struct lq_broker *broker, struct lq_door *door,
                                     const char *const *wanted, unsigned count, const char *name,
                                     char bound[][LQ_ENDPOINT_TEXT])
{
    char path[PATH_MAX], *text = NULL, out[ENDPOINT_FILE_LIMIT + 1] = "";
    size_t size = 0, used = 0;
    enum lq_status status = lq_broker_path(broker, name, path);
    if (status != LQ_OK)
        return status;
    if (lq_file_read(path, ENDPOINT_FILE_LIMIT, &text, &size, NULL) != LQ_OK)
        text = strdup(""); // the first run, or no use: any port will do
    LQ_ASSERT(text != NULL);
    char *rest = text;
    for (unsigned i = 0; status == LQ_OK && i < count; i++) {
        const char *line = rest != NULL ? strsep(&rest, "\n") : "";
        status = listen_at(door, wanted[i], strlen(line) < LQ_ENDPOINT_TEXT ? line : "", bound[i]);
        if (status == LQ_OK)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s\n", bound[i]);
    }
    free(text);
    return status != LQ_OK ? status : lq_file_replace(path, lq_span(out, used), 0644);
}

// For people and their programs: any key in the list that is not revoked.
static enum lq_status open_front(struct lq_broker *broker, const struct lq_broker_config *config)
{
    struct lq_door **door = &broker->doors[LQ_BY_FRONT];
    const struct lq_door_config about = {.keys = config->keys,
                                         .admits = opens_front,
                                         .self = broker,
                                         .part_limit = LQ_REQUEST_LIMIT + A_LITTLE_MORE,
                                         .parts = 1};
    broker->endpoint_count = config->listen_count;
    const enum lq_status status = lq_door_open(&about, door);
    if (status != LQ_OK)
        return status;
    return open_endpoints(broker, *door, config->listen, config->listen_count, "endpoint",
                          broker->endpoints);
}

// For services of other hosts: their keys only.
static enum lq_status open_link(struct lq_broker *broker, const struct lq_broker_config *config)
{
    struct lq_door **door = &broker->doors[LQ_BY_LINK];
    const struct lq_door_config about = {.keys = config->keys,
                                         .admits = opens_link,
                                         .self = broker,
                                         .part_limit = LQ_LINK_FRAME_LIMIT,
                                         .unsent_pause = SIZE_MAX, // its answers are waited for
                                         .unsent_limit = LQ_PIPE_UNSENT_LIMIT,
                                         .parts = 2};
    broker->link_endpoint_count = config->link_listen_count;
    const enum lq_status status = lq_door_open(&about, door);
    if (status != LQ_OK)
        return status;
    return open_endpoints(broker, *door, config->link_listen, config->link_listen_count,
                          "link-endpoint", broker->link_endpoints);
}

enum lq_status lq_broker_open_doors(struct lq_broker *broker, const struct lq_broker_config *config)
{
    enum lq_status status = lq_broker_open_pipes(broker);
    if (status == LQ_OK && config->link_listen_count > 0)
        status = open_link(broker, config);
    return status == LQ_OK ? open_front(broker, config) : status;
}

void lq_broker_close_doors(struct lq_broker *broker)
{
    lq_broker_close_pipes(broker);
    for (int i = 0; i < LQ_ENTRANCES; i++)
        lq_door_close(broker->doors[i]);
}

const char *lq_broker_endpoint(const struct lq_broker *broker, unsigned index)
{
    LQ_ASSERT(index < broker->endpoint_count);
    return broker->endpoints[index];
}

const char *lq_broker_link_endpoint(const struct lq_broker *broker, unsigned index)
{
    LQ_ASSERT(index < broker->link_endpoint_count);
    return broker->link_endpoints[index];
}

enum lq_status lq_link_endpoint(const char *run_dir, char endpoint[LQ_LINK_ENDPOINT_TEXT])
{
    enum { SOCKET_PATH_LIMIT = 107 }; // of sun_path
    const int length = snprintf(endpoint, LQ_LINK_ENDPOINT_TEXT, "unix://%s/link/bus", run_dir);
    if (length - (int)strlen("unix://") > SOCKET_PATH_LIMIT)
        return lq_fault(LQ_E_INPUT, "%s/link/bus is too long for the path of a socket", run_dir);
    return LQ_OK;
}
