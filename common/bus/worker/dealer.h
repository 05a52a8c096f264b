// A ZeroMQ DEALER with CURVE that reconnects after every loss. ZeroMQ itself reconnects when the
// peer hangs up, but gives an endpoint up for good when the bus does not admit the key, or when a
// frame was altered on the way (libzmq 4.3.4, session_base.cpp, engine_error): then the socket is
// replaced here. One thread owns it.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "base/status.h"
#include "bus/keyring/keys.h"

struct lq_dealer_config {
    void *context; // ZeroMQ's, borrowed; NULL: one of its own
    const char *endpoint;
    const char *bus_public_key;
    const struct lq_key_pair *keys;
    int64_t message_limit; // bytes of a frame that is received
    int hwm;               // messages kept in each direction
    int heartbeat_ttl_ms;  // silence after which the bus hangs up; 0: never
    int reconnect_ms, reconnect_most_ms;
};

struct lq_dealer;

// Connects later. LQ_E_INPUT for an endpoint or key that cannot be.
enum lq_status lq_dealer_open(const struct lq_dealer_config *config,
                              struct lq_dealer **dealer) LQ_MUST_CHECK;
void lq_dealer_close(struct lq_dealer *dealer); // NULL is fine

// The current socket, for lq_frames_* and polling.
void *lq_dealer_socket(const struct lq_dealer *dealer);

// Waits until something came, the connection changed, or the time is over (-1: never).
void lq_dealer_wait(const struct lq_dealer *dealer, long timeout_ms);

// Checks the connection, and replaces the socket if that is due. True if it did: messages in flight
// are lost.
bool lq_dealer_poll(struct lq_dealer *dealer, int64_t now_ms);
int64_t lq_dealer_due_ms(const struct lq_dealer *dealer); // when that is due; INT64_MAX: it is not

// What is wrong with the connection.
enum lq_dealer_state {
    LQ_DEALER_CONNECTED,
    LQ_DEALER_NO_LISTENER,
    LQ_DEALER_LOST,
    LQ_DEALER_NO_HANDSHAKE, // whoever listens there is not the bus of this public key
    LQ_DEALER_NOT_ADMITTED, // the key is unknown there, or revoked
};
enum lq_dealer_state lq_dealer_state(const struct lq_dealer *dealer);
const char *lq_dealer_words(enum lq_dealer_state state); // for a user
