// The sockets of the bus. The gatekeeper exists before any of them is bound, and the address that
// others read is written when all are.
//
// The front door has a leaf, a socket, for each I/O thread, and all listen on one file descriptor.
// With one socket libzmq gives each connection to the thread that has registered fewest; a thread
// that a flood keeps from registering looks idle, is given them all, and whoever was with it is
// starved. So each thread takes in its own: one that is behind takes less.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "base/file.h"
#include "bus/broker_state.h"
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
    KEEPALIVE_IDLE_S = 15,
    KEEPALIVE_EACH_S = 5,
    KEEPALIVE_COUNT = 3,
    UNACKNOWLEDGED_MS = 30000,
    FRONT_SEND_HWM = 64, // replies kept for a client that does not read
    FRONT_RECEIVE_HWM = 256,
    LINK_HWM = 20000,
    BIND_RETRY_MS = 3000,
    ENDPOINT_FILE_LIMIT = LQ_ENDPOINTS_LIMIT * LQ_ENDPOINT_TEXT,
};

// ---------------------------------------------------------------- making sockets

static void notice_the_dead_by_heartbeat(void *socket)
{
    lq_socket_set(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS);
}

// Ten thousand terminals with a timer each would take the bus most of its time: libzmq 4.3.4 looks
// through all of a thread's timers to take one back (docs/decisions/0012-no-heartbeats.md).
static void notice_the_dead_by_tcp(void *socket)
{
    lq_socket_set(socket, ZMQ_TCP_KEEPALIVE, 1);
    lq_socket_set(socket, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S);
    lq_socket_set(socket, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_EACH_S);
    lq_socket_set(socket, ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT);
    lq_socket_set(socket, ZMQ_TCP_MAXRT, UNACKNOWLEDGED_MS);
}

static void *make_door(struct lq_broker *broker, enum lq_door door, const char *secret,
                       const char *domain)
{
    void *socket = zmq_socket(broker->context, ZMQ_ROUTER);
    LQ_ASSERT(socket != NULL);
    const bool front = door >= LQ_DOOR_FRONT;
    lq_socket_set(socket, ZMQ_LINGER, 0);
    lq_socket_set(socket, ZMQ_ROUTER_MANDATORY, 1);
    lq_socket_set(socket, ZMQ_ROUTER_HANDOVER, 0);
    lq_socket_set(socket, ZMQ_SNDHWM, front ? FRONT_SEND_HWM : LINK_HWM);
    lq_socket_set(socket, ZMQ_RCVHWM, front ? FRONT_RECEIVE_HWM : LINK_HWM);
    lq_socket_set(socket, ZMQ_BACKLOG, BACKLOG);
    lq_socket_set(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    if (front)
        notice_the_dead_by_tcp(socket);
    else
        notice_the_dead_by_heartbeat(socket);
    const int64_t limit = front ? LQ_REQUEST_LIMIT + LQ_CURVE_OVERHEAD : LQ_LINK_FRAME_LIMIT;
    LQ_ASSERT(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &limit, sizeof limit) == 0);
    lq_socket_set(socket, ZMQ_CURVE_SERVER, 1);
    LQ_ASSERT(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, LQ_KEY_TEXT) == 0);
    LQ_ASSERT(zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0);
    lq_socket_set(socket, ZMQ_ZAP_ENFORCE_DOMAIN, 1); // no handler: no entry
    broker->doors[door] = socket;
    return socket;
}

static void *open_monitor(struct lq_broker *broker, enum lq_door door, int events)
{
    char address[64];
    snprintf(address, sizeof address, "inproc://lq-door-%d-%p", (int)door, (void *)broker);
    LQ_ASSERT(zmq_socket_monitor(broker->doors[door], address, events) == 0);
    void *monitor = zmq_socket(broker->context, ZMQ_PAIR);
    LQ_ASSERT(monitor != NULL);
    lq_socket_set(monitor, ZMQ_LINGER, 0);
    LQ_ASSERT(zmq_connect(monitor, address) == 0);
    return monitor;
}

// As many as there are I/O threads, if there is room for so many; more threads share them out.
static unsigned make_front_doors(struct lq_broker *broker, const char *secret)
{
    const unsigned threads = (unsigned)zmq_ctx_get(broker->context, ZMQ_IO_THREADS);
    const unsigned most = LQ_DOOR_COUNT - LQ_DOOR_FRONT, leaves = threads < most ? threads : most;
    for (unsigned leaf = 0; leaf < leaves; leaf++) {
        uint64_t mine = 0;
        for (unsigned thread = leaf; thread < threads; thread += leaves)
            mine |= UINT64_C(1) << thread;
        void *door = make_door(broker, LQ_DOOR_FRONT + leaf, secret, LQ_ZAP_FRONT);
        LQ_ASSERT(zmq_setsockopt(door, ZMQ_AFFINITY, &mine, sizeof mine) == 0);
    }
    return leaves;
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

// The descriptors that the first leaf listens on, in the order in which it was bound.
static int next_listener(void *monitor)
{
    enum { EVENT = 2, VALUE = 4 };
    struct lq_frames frames;
    int fd = -1;
    while (fd < 0 && lq_frames_receive(monitor, &frames)) {
        uint16_t event;
        const struct lq_span bytes = lq_frames_at(&frames, 0);
        LQ_ASSERT(bytes.size == EVENT + VALUE);
        memcpy(&event, bytes.data, EVENT);
        if (event == ZMQ_EVENT_LISTENING)
            memcpy(&fd, bytes.data + EVENT, VALUE);
        lq_frames_close(&frames);
    }
    LQ_ASSERT(fd >= 0); // it is bound
    return fd;
}

// Not blocking, because another thread may have taken the connection that this one was woken for.
static void listen_too(struct lq_broker *broker, unsigned leaf, int listener, const char *endpoint)
{
    void *door = broker->doors[LQ_DOOR_FRONT + leaf];
    LQ_ASSERT(fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK) == 0);
    const int fd = fcntl(listener, F_DUPFD_CLOEXEC, 0);
    LQ_ASSERT(fd >= 0);
    lq_socket_set(door, ZMQ_USE_FD, fd);
    LQ_ASSERT(zmq_bind(door, endpoint) == 0);
}

static enum lq_status open_front(struct lq_broker *broker, const struct lq_broker_config *config)
{
    const unsigned leaves = make_front_doors(broker, config->keys.secret_key);
    void *first = broker->doors[LQ_DOOR_FRONT];
    void *monitor = open_monitor(broker, LQ_DOOR_FRONT, ZMQ_EVENT_LISTENING);
    broker->endpoint_count = config->listen_count;
    const enum lq_status status = open_endpoints(
        broker, first, config->listen, config->listen_count, "endpoint", broker->endpoints);
    for (unsigned i = 0; status == LQ_OK && i < config->listen_count; i++) {
        const int listener = next_listener(monitor);
        for (unsigned leaf = 1; leaf < leaves; leaf++)
            listen_too(broker, leaf, listener, broker->endpoints[i]);
    }
    zmq_socket_monitor(first, NULL, 0);
    zmq_close(monitor);
    return status;
}

// For services of other hosts. The monitor tells the loop when a connection is lost, so that nobody
// waits for the lease to end.
static enum lq_status open_link(struct lq_broker *broker, const struct lq_broker_config *config)
{
    void *door = make_door(broker, LQ_DOOR_LINK, config->keys.secret_key, LQ_ZAP_LINK);
    broker->monitor = open_monitor(broker, LQ_DOOR_LINK, ZMQ_EVENT_DISCONNECTED);
    broker->link_endpoint_count = config->link_listen_count;
    return open_endpoints(broker, door, config->link_listen, config->link_listen_count,
                          "link-endpoint", broker->link_endpoints);
}

enum lq_status lq_broker_open_doors(struct lq_broker *broker, const struct lq_broker_config *config)
{
    broker->zap = lq_zap_open(broker->context);
    if (broker->zap == NULL)
        return LQ_E_IO;
    enum lq_status status = lq_broker_open_pipes(broker);
    if (status == LQ_OK && config->link_listen_count > 0)
        status = open_link(broker, config);
    return status == LQ_OK ? open_front(broker, config) : status;
}

void lq_broker_close_doors(struct lq_broker *broker)
{
    lq_broker_close_pipes(broker);
    if (broker->monitor != NULL) {
        zmq_socket_monitor(broker->doors[LQ_DOOR_LINK], NULL, 0);
        zmq_close(broker->monitor);
    }
    for (int door = 0; door < LQ_DOOR_COUNT; door++)
        if (broker->doors[door] != NULL)
            zmq_close(broker->doors[door]);
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
    const int length = snprintf(endpoint, LQ_LINK_ENDPOINT_TEXT, "unix://%s/link/bus", run_dir);
    if (length - (int)strlen("unix://") > SOCKET_PATH_LIMIT)
        return lq_fault(LQ_E_INPUT, "%s/link/bus is too long for the path of a socket", run_dir);
    return LQ_OK;
}
