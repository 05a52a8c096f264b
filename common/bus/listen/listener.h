// A listener of the bus: sockets that accept, and the connections accepted there, each of which
// must prove a key (zmtp.h). One thread owns it and nothing here waits. That thread also reads,
// decrypts, encrypts and writes, because handing each message to another thread would cost more
// than all of that (docs/decisions/0015-a-door-of-our-own.md). Private to common/bus.
//
// Newcomers, whose handshake is not complete, have a quota of their own in each step: however many
// they are, the rest of the step belongs to the connections that are open.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "bus/keyring/keys.h"

enum { LQ_ENDPOINT_TEXT = 256 };

struct lq_listener_config {
    struct lq_key_pair keys; // the bus's own
    bool (*admits)(void *self, const char key[LQ_KEY_TEXT]);
    void *self;
    size_t part_limit; // bytes of one part of a received message
    unsigned parts;    // of a message: 1 or 2; the first of two is one byte

    // 0: the usual
    size_t unsent_pause;  // 64 KiB: a connection with so much unsent is not read from
    size_t unsent_limit;  // 4 MiB: beyond that nothing more is queued for it
    unsigned connections; // at once; as many as the process may open files, less a few hundred
};

struct lq_listener;

// LQ_E_IO.
enum lq_status lq_listener_open(const struct lq_listener_config *config,
                                struct lq_listener **listener) LQ_MUST_CHECK;
void lq_listener_close(struct lq_listener *listener); // NULL is fine; what is unsent is dropped

// Listens at "tcp://ADDRESS:PORT": a name or an address, IPv6 in brackets, "*" for all; port "*" or
// 0: any that is free. `bound` gets the endpoint with its port. LQ_E_INPUT, LQ_E_BUSY if it is
// taken.
enum lq_status lq_listener_bind(struct lq_listener *listener, const char *endpoint,
                                char bound[LQ_ENDPOINT_TEXT]) LQ_MUST_CHECK;

int lq_listener_fd(const struct lq_listener *listener); // readable when there is something to do

struct lq_listener_message {
    uint64_t from;    // the connection; reused only after 2^32 others
    const char *key;  // of that connection, as text
    bool well_formed; // has the right number and size of parts; if not, the rest is unset
    uint8_t kind;     // the first of two parts
    struct lq_span body;
};

// The next message of this step; false at the end of the step, which is bounded. Everything in the
// message is borrowed until the next call.
bool lq_listener_next(struct lq_listener *listener, struct lq_listener_message *message);

// Queues a message for a connection; lq_listener_flush sends it. 0; EAGAIN: it does not read what
// it was sent; EHOSTUNREACH: it is closed.
int lq_listener_put(struct lq_listener *listener, uint64_t to, const uint8_t *kind,
                    struct lq_span body) LQ_MUST_CHECK;
void lq_listener_flush(struct lq_listener *listener);

// To be called at least once a second: ends handshakes that take too long. Flushes.
void lq_listener_poll(struct lq_listener *listener, int64_t now_ms);

struct lq_listener_counters {
    unsigned connections;       // open now
    unsigned newcomers;         // of those, not through the handshake
    uint64_t gone;              // closed so far
    uint64_t turned_away;       // for their key
    char last_key[LQ_KEY_TEXT]; // the last that was turned away
};
const struct lq_listener_counters *lq_listener_counters(const struct lq_listener *listener);
