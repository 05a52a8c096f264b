// lq-bench-raw: what no design can get past on this machine: something that stores nothing and
// gives each message back, under the same generator: libzmq's ROUTER, with and without CURVE, and
// the listener of the bus; and what one flush takes.
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "base/assert.h"
#include "bus/listen/listener.h"
#include "flush.h"
#include "load.h"
#include "logfirst.h"

enum { CLIENTS = 200, PAYLOAD = 120 };

static void set(void *socket, int option, int value)
{
    LQ_ASSERT(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

static void tell_port(int port_pipe, const char *endpoint)
{
    const int port = atoi(strrchr(endpoint, ':') + 1);
    LQ_ASSERT(write(port_pipe, &port, sizeof port) == sizeof port);
}

// Two I/O threads, which is the most that gains anything.
static void serve_router(int port_pipe, const uint8_t *secret)
{
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_IO_THREADS, 2);
    void *router = zmq_socket(context, ZMQ_ROUTER);
    if (secret != NULL) {
        set(router, ZMQ_CURVE_SERVER, 1);
        LQ_ASSERT(zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, secret, 32) == 0);
    }
    set(router, ZMQ_BACKLOG, 1024);
    LQ_ASSERT(zmq_bind(router, "tcp://127.0.0.1:*") == 0);
    char endpoint[64];
    size_t size = sizeof endpoint;
    LQ_ASSERT(zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &size) == 0);
    tell_port(port_pipe, endpoint);
    for (;;) {
        zmq_msg_t part;
        LQ_ASSERT(zmq_msg_init(&part) == 0 && zmq_msg_recv(&part, router, 0) >= 0);
        const int more = zmq_msg_more(&part) ? ZMQ_SNDMORE : 0;
        LQ_ASSERT(zmq_msg_send(&part, router, more) >= 0);
    }
}

static bool admit_all(void *self, const char key[LQ_KEY_TEXT])
{
    (void)self, (void)key;
    return true;
}

static void serve_listener(int port_pipe, const uint8_t *secret)
{
    struct lq_listener_config config = {.admits = admit_all, .part_limit = PAYLOAD, .parts = 1};
    struct lq_listener *listener;
    char endpoint[LQ_ENDPOINT_TEXT];
    LQ_ASSERT(zmq_z85_encode(config.keys.secret_key, secret, 32) != NULL);
    LQ_ASSERT(lq_listener_open(&config, &listener) == LQ_OK &&
              lq_listener_bind(listener, "tcp://127.0.0.1:*", endpoint) == LQ_OK);
    tell_port(port_pipe, endpoint);
    struct pollfd ready = {.fd = lq_listener_fd(listener), .events = POLLIN};
    for (;;) {
        struct lq_listener_message message;
        LQ_ASSERT(poll(&ready, 1, -1) == 1);
        while (lq_listener_next(listener, &message))
            LQ_ASSERT(lq_listener_put(listener, message.from, NULL, message.body) == 0);
        lq_listener_flush(listener);
    }
}

static struct lq_span payload_of(void *self, unsigned client)
{
    (void)self, (void)client;
    static const uint8_t bytes[PAYLOAD];
    return lq_span(bytes, sizeof bytes);
}

static bool is_payload(void *self, struct lq_span reply)
{
    (void)self;
    return reply.size == PAYLOAD;
}

static void echo(void (*serve)(int port_pipe, const uint8_t *secret), bool curve, double seconds,
                 unsigned clients, const char *what)
{
    uint8_t server_public[32], server_secret[32];
    static struct wire_keys keys[CLIENTS];
    crypto_box_keypair(server_public, server_secret);
    for (int i = 0; i < CLIENTS; i++) {
        memcpy(keys[i].server, server_public, 32);
        crypto_box_keypair(keys[i].own_public, keys[i].own_secret);
    }
    int pipes[2], port;
    LQ_ASSERT(pipe(pipes) == 0);
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(pipes[1], curve ? server_secret : NULL);
    }
    LQ_ASSERT(child > 0 && read(pipes[0], &port, sizeof port) == sizeof port);
    const struct load load = {
        .wire = {.kind = curve ? WIRE_ZMTP_CURVE : WIRE_ZMTP_PLAIN, .port = port},
        .keys = keys,
        .clients = clients,
        .seconds = seconds,
        .request = payload_of,
        .check = is_payload,
    };
    struct load_result result = load_run(&load);
    load_tell(what, &result);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(pipes[0]);
    close(pipes[1]);
}

static void flushes(const char *directory, unsigned rounds)
{
    struct samples file = {0}, commit = {0};
    struct flush *flush = flush_open(directory);
    for (unsigned i = 0; i < rounds; i++) {
        const double began = wire_now();
        flush_file(flush);
        const double between = wire_now();
        flush_lmdb(flush);
        samples_add(&file, between - began);
        samples_add(&commit, wire_now() - between);
    }
    flush_close(flush);
    tell_samples("fdatasync", &file);
    tell_samples("lmdb_commit", &commit);
}

int main(int argc, char **argv)
{
    LQ_ASSERT(sodium_init() >= 0);
    if (argc == 4 && strcmp(argv[1], "log-first") == 0) {
        log_first(argv[2], (unsigned)atoi(argv[3]));
        return 0;
    }
    if (argc != 3) {
        fputs("usage: lq-bench-raw DIRECTORY SECONDS\n"
              "       lq-bench-raw log-first DIRECTORY ROUNDS\n",
              stderr);
        return 2;
    }
    const double seconds = atof(argv[2]);
    echo(serve_router, true, seconds, CLIENTS, "echo_curve");
    echo(serve_router, false, seconds, CLIENTS, "echo_plain");
    echo(serve_router, true, seconds / 4, 1, "echo_curve_one");
    echo(serve_listener, true, seconds, CLIENTS, "echo_door");
    echo(serve_listener, true, seconds / 4, 1, "echo_door_one");
    flushes(argv[1], (unsigned)(100 * seconds));
    return 0;
}
