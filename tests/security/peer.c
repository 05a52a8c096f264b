// The tap serves one connection at a time, which is all that a test needs: so "the next piece" is
// never somebody else's.
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "bus/worker/frames.h"
#include "pb/pb.h"

// ---------------------------------------------------------------- sockets

static void set_text(void *socket, int option, const char *text, size_t size)
{
    assert_int_equal(zmq_setsockopt(socket, option, text, size), 0);
}

struct peer peer_open(struct site *site, struct peer_options options)
{
    struct peer peer = {.context = zmq_ctx_new()};
    peer.socket = zmq_socket(peer.context, ZMQ_DEALER);
    lq_socket_set(peer.socket, ZMQ_LINGER, 0);
    lq_socket_set(peer.socket, ZMQ_RECONNECT_IVL, 50);
    if (options.keys != NULL) {
        set_text(peer.socket, ZMQ_CURVE_SERVERKEY,
                 options.bus_key != NULL ? options.bus_key : site->bus_key, LQ_KEY_TEXT);
        set_text(peer.socket, ZMQ_CURVE_PUBLICKEY, options.keys->public_key, LQ_KEY_TEXT);
        set_text(peer.socket, ZMQ_CURVE_SECRETKEY, options.keys->secret_key, LQ_KEY_TEXT);
    }
    if (options.routing_id != NULL)
        set_text(peer.socket, ZMQ_ROUTING_ID, options.routing_id, strlen(options.routing_id));
    const char *endpoint = options.endpoint != NULL ? options.endpoint : site_endpoint(site);
    assert_int_equal(zmq_connect(peer.socket, endpoint), 0);
    return peer;
}

void peer_close(struct peer peer)
{
    zmq_close(peer.socket);
    zmq_ctx_term(peer.context);
}

bool peer_send(struct peer peer, struct lq_span frame, bool more)
{
    const int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    return zmq_send(peer.socket, frame.data, frame.size, flags) == (int)frame.size;
}

bool peer_receive(struct peer peer, struct lq_arena *arena, int timeout_ms, struct lq_span *frame)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    lq_socket_set(peer.socket, ZMQ_RCVTIMEO, timeout_ms);
    const bool got = zmq_msg_recv(&message, peer.socket, 0) >= 0;
    if (got)
        *frame = lq_arena_copy(arena, lq_span(zmq_msg_data(&message), zmq_msg_size(&message)));
    zmq_msg_close(&message);
    return got;
}

const Lq__Reply *peer_reply(struct peer peer, struct lq_arena *arena, int timeout_ms)
{
    struct lq_span frame;
    const char *why = NULL;
    if (!peer_receive(peer, arena, timeout_ms, &frame))
        return NULL;
    const ProtobufCMessage *reply =
        lq_pb_decode_within(&LQ_PB_REPLY, arena, &lq__reply__descriptor, frame, &why);
    assert_non_null(reply);
    return (const Lq__Reply *)reply;
}

struct lq_span peer_request(struct lq_arena *arena, uint64_t correlation, const char *service,
                            enum lq_ask kind, struct lq_span body)
{
    const ProtobufCBinaryData bytes = {.len = body.size, .data = (uint8_t *)(uintptr_t)body.data};
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = correlation;
    request.service = lq_arena_text(arena, service);
    request.kind_case = (Lq__Request__KindCase)kind;
    request.command = bytes; // the members of the oneof lie in one place
    return lq_pb_encode(arena, &request.base);
}

struct lq_span peer_fetch(struct lq_arena *arena, uint64_t correlation, const char *service,
                          uint64_t after, uint32_t wait_ms)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = after;
    fetch.wait_ms = wait_ms;
    return peer_request(arena, correlation, service, LQ_ASK_FETCH,
                        lq_pb_encode(arena, &fetch.base));
}

struct lq_span peer_status(struct lq_arena *arena, uint64_t correlation, const char *service)
{
    return peer_request(arena, correlation, service, LQ_ASK_QUERY, lq_span("", 0));
}

// ---------------------------------------------------------------- on the wire

static int dial(const char *endpoint)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((uint16_t)strtoul(strrchr(endpoint, ':') + 1, NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

int wire_connect(const struct site *site)
{
    return dial(site_endpoint(site));
}

struct tap {
    int listener, stop;
    char endpoint[64], bus[LQ_PIPE_ENDPOINT_TEXT];
    pthread_t thread;
    pthread_mutex_t lock;
    bool armed, fired, to_bus;
    size_t least, at;
    uint8_t mask;
    unsigned ended;
    size_t kept;
    uint8_t bytes[TAP_KEPT];
};

static bool send_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void touch(struct tap *tap, bool to_bus, uint8_t *bytes, size_t size)
{
    pthread_mutex_lock(&tap->lock);
    if (tap->armed && tap->to_bus == to_bus && size >= tap->least && tap->at < size) {
        bytes[tap->at] ^= tap->mask;
        tap->armed = false;
        tap->fired = true;
    }
    for (size_t i = 0; to_bus && i < size && tap->kept < TAP_KEPT; i++)
        tap->bytes[tap->kept++] = bytes[i];
    pthread_mutex_unlock(&tap->lock);
}

static bool pass(struct tap *tap, int from, int to, bool to_bus)
{
    uint8_t bytes[16 * 1024];
    const ssize_t size = recv(from, bytes, sizeof bytes, 0);
    if (size <= 0)
        return false;
    touch(tap, to_bus, bytes, (size_t)size);
    return send_all(to, bytes, (size_t)size);
}

// One connection from beginning to end; false: told to stop.
static bool carry(struct tap *tap, int client, int bus)
{
    struct pollfd watched[] = {{.fd = client, .events = POLLIN},
                               {.fd = bus, .events = POLLIN},
                               {.fd = tap->stop, .events = POLLIN}};
    for (;;) {
        if (poll(watched, 3, -1) < 0)
            continue;
        if (watched[2].revents != 0)
            return false;
        if (watched[0].revents != 0 && !pass(tap, client, bus, true))
            return true;
        if (watched[1].revents != 0 && !pass(tap, bus, client, false))
            return true;
    }
}

static void *run_tap(void *argument)
{
    struct tap *tap = argument;
    struct pollfd watched[] = {{.fd = tap->listener, .events = POLLIN},
                               {.fd = tap->stop, .events = POLLIN}};
    for (bool going = true; going;) {
        if (poll(watched, 2, -1) < 0)
            continue;
        if (watched[1].revents != 0)
            break;
        const int client = accept(tap->listener, NULL, NULL);
        const int bus = client >= 0 ? dial(tap->bus) : -1;
        pthread_mutex_lock(&tap->lock);
        tap->kept = 0;
        pthread_mutex_unlock(&tap->lock);
        if (bus >= 0)
            going = carry(tap, client, bus);
        if (client >= 0)
            close(client);
        if (bus >= 0)
            close(bus);
        pthread_mutex_lock(&tap->lock);
        tap->ended++;
        pthread_mutex_unlock(&tap->lock);
    }
    return NULL;
}

struct tap *tap_open(struct site *site)
{
    struct tap *tap = calloc(1, sizeof *tap);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    tap->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tap->stop = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(bind(tap->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(tap->listener, 16), 0);
    assert_int_equal(getsockname(tap->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(tap->endpoint, sizeof tap->endpoint, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    snprintf(tap->bus, sizeof tap->bus, "%s", site_endpoint(site));
    pthread_mutex_init(&tap->lock, NULL);
    assert_int_equal(pthread_create(&tap->thread, NULL, run_tap, tap), 0);
    return tap;
}

void tap_close(struct tap *tap)
{
    eventfd_write(tap->stop, 1);
    pthread_join(tap->thread, NULL);
    close(tap->listener);
    close(tap->stop);
    pthread_mutex_destroy(&tap->lock);
    free(tap);
}

const char *tap_endpoint(const struct tap *tap)
{
    return tap->endpoint;
}

void tap_arm(struct tap *tap, bool to_bus, size_t least, size_t at, uint8_t mask)
{
    pthread_mutex_lock(&tap->lock);
    tap->armed = true;
    tap->fired = false;
    tap->to_bus = to_bus;
    tap->least = least;
    tap->at = at;
    tap->mask = mask;
    pthread_mutex_unlock(&tap->lock);
}

void tap_disarm(struct tap *tap)
{
    pthread_mutex_lock(&tap->lock);
    tap->armed = false;
    pthread_mutex_unlock(&tap->lock);
}

bool tap_has_fired(struct tap *tap)
{
    pthread_mutex_lock(&tap->lock);
    const bool fired = tap->fired;
    pthread_mutex_unlock(&tap->lock);
    return fired;
}

unsigned tap_ended(struct tap *tap)
{
    pthread_mutex_lock(&tap->lock);
    const unsigned ended = tap->ended;
    pthread_mutex_unlock(&tap->lock);
    return ended;
}

void tap_await_ended(struct tap *tap, unsigned count)
{
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (tap_ended(tap) < count && lq_steady_ms() < until)
        usleep(1000);
    assert_true(tap_ended(tap) >= count);
}

struct lq_span tap_kept(struct tap *tap, struct lq_arena *arena)
{
    pthread_mutex_lock(&tap->lock);
    const struct lq_span kept = lq_arena_copy(arena, lq_span(tap->bytes, tap->kept));
    pthread_mutex_unlock(&tap->lock);
    return kept;
}
