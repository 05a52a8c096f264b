// The sockets of the bus. The gatekeeper exists before any of them is bound, and the address that
// others read is written when all are.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "bus/broker_state.h"
#include "bus/files.h"
#include "bus/zap.h"

#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93 // hidden by zmq.h of 4.3.4, but there
#endif

enum {
    BACKLOG = 4096,
    HANDSHAKE_MS = 4000,
    HEARTBEAT_MS = 5000,
    HEARTBEAT_TIMEOUT_MS = 15000,
    HEARTBEAT_TTL_MS = 30000,
    FRONT_SEND_HWM = 64, // replies kept for a client that does not read
    FRONT_RECEIVE_HWM = 256,
    LINK_HWM = 20000,
    BIND_RETRY_MS = 3000,
    ENDPOINT_FILE_LIMIT = LQ_ENDPOINTS_LIMIT * LQ_ENDPOINT_TEXT,
};

// ---------------------------------------------------------------- making sockets

static void *make_door(struct lq_broker *broker, enum lq_door door, const char *secret,
                       const char *domain)
{
    void *socket = zmq_socket(broker->context, ZMQ_ROUTER);
    LQ_ASSERT(socket != NULL);
    const bool front = door == LQ_DOOR_FRONT;
    lq_socket_set(socket, ZMQ_LINGER, 0);
    lq_socket_set(socket, ZMQ_ROUTER_MANDATORY, 1);
    lq_socket_set(socket, ZMQ_ROUTER_HANDOVER, 0);
    lq_socket_set(socket, ZMQ_SNDHWM, front ? FRONT_SEND_HWM : LINK_HWM);
    lq_socket_set(socket, ZMQ_RCVHWM, front ? FRONT_RECEIVE_HWM : LINK_HWM);
    lq_socket_set(socket, ZMQ_BACKLOG, BACKLOG);
    lq_socket_set(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS);
    const int64_t limit = front ? LQ_REQUEST_LIMIT + LQ_CURVE_OVERHEAD : LQ_LINK_FRAME_LIMIT;
    LQ_ASSERT(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &limit, sizeof limit) == 0);
    if (secret != NULL) {
        lq_socket_set(socket, ZMQ_CURVE_SERVER, 1);
        LQ_ASSERT(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, LQ_KEY_TEXT) == 0);
        LQ_ASSERT(zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0);
        lq_socket_set(socket, ZMQ_ZAP_ENFORCE_DOMAIN, 1); // no handler: no entry
    }
    broker->doors[door] = socket;
    return socket;
}

// Tells the loop when a service's connection is lost, so that nobody waits for the lease to end.
static void make_monitor(struct lq_broker *broker, enum lq_door door)
{
    char address[64];
    snprintf(address, sizeof address, "inproc://lq-door-%d-%p", (int)door, (void *)broker);
    LQ_ASSERT(zmq_socket_monitor(broker->doors[door], address, ZMQ_EVENT_DISCONNECTED) == 0);
    broker->monitors[door] = zmq_socket(broker->context, ZMQ_PAIR);
    LQ_ASSERT(broker->monitors[door] != NULL);
    lq_socket_set(broker->monitors[door], ZMQ_LINGER, 0);
    LQ_ASSERT(zmq_connect(broker->monitors[door], address) == 0);
}

// ---------------------------------------------------------------- binding them

static enum lq_status bind_door(void *socket, const char *endpoint, unsigned patience_ms)
{
    const int64_t until = lq_steady_ms() + patience_ms;
    while (zmq_bind(socket, endpoint) != 0) {
        const int problem = zmq_errno();
        if (problem == EINTR)
            continue;
        if (problem != EADDRINUSE)
            return lq_fault(LQ_E_IO, "cannot listen at %s: %s", endpoint, zmq_strerror(problem));
        if (lq_steady_ms() >= until)
            return lq_fault(LQ_E_BUSY, "%s is taken by another process", endpoint);
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    }
    return LQ_OK;
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
static enum lq_status listen_at(void *socket, const char *wanted, const char *earlier,
                                char bound[LQ_ENDPOINT_TEXT])
{
    const size_t prefix = open_port_prefix(wanted);
    size_t size = LQ_ENDPOINT_TEXT;
    enum lq_status status = LQ_E_MISSING;
    if (prefix > 0 && (strncmp(earlier, wanted, prefix) == 0 ||
                       (strncmp(wanted, "tcp://*:", prefix) == 0 && earlier[0] != '\0')))
        status = bind_door(socket, earlier, BIND_RETRY_MS);
    if (status != LQ_OK && prefix > 0) {
        char any[LQ_ENDPOINT_TEXT];
        snprintf(any, sizeof any, "%.*s*", (int)prefix, wanted);
        status = bind_door(socket, any, 0);
    } else if (status != LQ_OK) {
        status = bind_door(socket, wanted, BIND_RETRY_MS);
    }
    if (status == LQ_OK)
        LQ_ASSERT(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &size) == 0);
    return status;
}

// Binds all endpoints of a door and writes them, one a line, to a file in the run directory.
static enum lq_status open_endpoints(struct lq_broker *broker, void *socket,
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
        status =
            listen_at(socket, wanted[i], strlen(line) < LQ_ENDPOINT_TEXT ? line : "", bound[i]);
        if (status == LQ_OK)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s\n", bound[i]);
    }
    free(text);
    return status != LQ_OK ? status : lq_file_replace(path, lq_span(out, used), 0644);
}

enum lq_status lq_broker_open_doors(struct lq_broker *broker, const struct lq_broker_config *config)
{
    char link[LQ_LINK_ENDPOINT_TEXT];
    enum lq_status status = lq_link_endpoint(broker->run_dir, link);
    if (status != LQ_OK)
        return status;
    broker->zap = lq_zap_open(broker->context);
    if (broker->zap == NULL)
        return LQ_E_IO;
    void *door = make_door(broker, LQ_DOOR_LINK, NULL, NULL);
    make_monitor(broker, LQ_DOOR_LINK);
    status = bind_door(door, link, 0);
    if (status == LQ_OK && config->link_listen_count > 0) {
        door = make_door(broker, LQ_DOOR_LINK_TCP, config->keys.secret_key, LQ_ZAP_LINK);
        make_monitor(broker, LQ_DOOR_LINK_TCP);
        broker->link_endpoint_count = config->link_listen_count;
        status = open_endpoints(broker, door, config->link_listen, config->link_listen_count,
                                "link-endpoint", broker->link_endpoints);
    }
    if (status != LQ_OK)
        return status;
    door = make_door(broker, LQ_DOOR_FRONT, config->keys.secret_key, LQ_ZAP_FRONT);
    broker->endpoint_count = config->listen_count;
    return open_endpoints(broker, door, config->listen, config->listen_count, "endpoint",
                          broker->endpoints);
}

void lq_broker_close_doors(struct lq_broker *broker)
{
    for (int door = 0; door < LQ_DOOR_COUNT; door++) {
        if (broker->monitors[door] != NULL) {
            zmq_socket_monitor(broker->doors[door], NULL, 0);
            zmq_close(broker->monitors[door]);
        }
        if (broker->doors[door] != NULL)
            zmq_close(broker->doors[door]);
    }
    if (broker->zap != NULL)
        zmq_close(broker->zap);
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
    const int length = snprintf(endpoint, LQ_LINK_ENDPOINT_TEXT, "ipc://%s/link/bus", run_dir);
    if (length - (int)strlen("ipc://") > SOCKET_PATH_LIMIT)
        return lq_fault(LQ_E_INPUT, "%s/link/bus is too long for the path of a socket", run_dir);
    return LQ_OK;
}
