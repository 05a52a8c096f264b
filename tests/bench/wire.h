// One connection of the load generator: a non-blocking socket with whole messages in and out. The
// generator speaks ZMTP and CURVE itself, because two hundred libzmq sockets in one process cost
// more than the server that they are to measure. All connections of a program share one thread.
#pragma once

#include <stdbool.h>

#include "base/span.h"

enum wire_kind {
    WIRE_RESP,       // Redis, plain: a message is one reply
    WIRE_RESP_TLS,   // the same by TLS
    WIRE_ZMTP_PLAIN, // ZeroMQ DEALER without security
    WIRE_ZMTP_CURVE, // ZeroMQ DEALER with CURVE
};

struct wire_keys {
    uint8_t server[32], own_public[32], own_secret[32];
};

struct wire;
typedef void wire_heard(struct wire *wire, struct lq_span message);

struct wire_config {
    enum wire_kind kind;
    int port; // on 127.0.0.1
    const struct wire_keys *keys;
    wire_heard *heard; // a message came; it is borrowed for the call
    void *owner;
    size_t index;
};

// The threads' one loop. Connections are its own and are closed with it.
struct wire_loop;
struct wire_loop *wire_loop_new(void);
void wire_loop_free(struct wire_loop *loop);

struct wire *wire_open(struct wire_loop *loop, const struct wire_config *config);
void wire_close(struct wire *wire);       // not from within `heard`
bool wire_ready(const struct wire *wire); // the handshake is done: messages may be sent
bool wire_broken(const struct wire *wire);
const struct wire_config *wire_config(const struct wire *wire);

// Sends a message, in the loop's next turn at the latest.
void wire_send(struct wire *wire, struct lq_span message);

// One turn: waits at most so long, reads and writes what can be, calls `heard`.
void wire_turn(struct wire_loop *loop, int wait_ms);

// Turns until all connections are ready; false after so many seconds.
bool wire_wait_ready(struct wire_loop *loop, double seconds);

double wire_now(void); // seconds, monotonic
