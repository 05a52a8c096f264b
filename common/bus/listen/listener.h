// A door of the bus: endpoints to listen at, and the connections that came in by them, each of
// which has proved a key (zmtp.h). One thread owns it and nothing here waits; what is read,
// decrypted, encrypted and written is so by that thread, because handing each message to another
// would cost more than all of that (docs/decisions/0015-a-door-of-our-own.md). Private to
// common/bus.
//
// Newcomers, who have not shown a key yet, take turns of their own: a crowd of them, or a flood of
// strangers, gets a bounded part of each turn, and whoever is in already gets the rest.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "bus/keyring/keys.h"

enum { LQ_ENDPOINT_TEXT = 256 };

struct lq_door_config {
    struct lq_key_pair keys; // the bus's own
    bool (*admits)(void *self, const char key[LQ_KEY_TEXT]);
    void *self;
    size_t part_limit; // bytes of a part of a message that is received
    unsigned parts;    // 1 or 2: of how many parts a message is; the first of two is one byte

    // 0: the usual
    size_t unsent_pause; // 64 KiB: who has so much waiting for him is not heard until he reads
    size_t unsent_limit; // 4 MiB: beyond that he gets no more
};

struct lq_door;

// LQ_E_IO.
enum lq_status lq_door_open(const struct lq_door_config *config,
                            struct lq_door **door) LQ_MUST_CHECK;
void lq_door_close(struct lq_door *door); // NULL is fine; what is unsent is dropped

// Listens at "tcp://ADDRESS:PORT": a name or an address, IPv6 in brackets, "*" for all; port "*" or
// 0: any that is free. `bound` gets the endpoint with its port. LQ_E_INPUT, LQ_E_BUSY if it is
// taken.
enum lq_status lq_door_listen(struct lq_door *door, const char *endpoint,
                              char bound[LQ_ENDPOINT_TEXT]) LQ_MUST_CHECK;

int lq_door_fd(const struct lq_door *door); // readable when there is something to do

struct lq_door_message {
    uint64_t from;    // the connection; not given again for four thousand million connections
    const char *key;  // that it came in with, as text
    bool well_formed; // of the one form that is taken; if not, there is nothing below
    uint8_t kind;     // the first of two parts
    struct lq_span body;
};

// The next message of this turn; false at the end of the turn, which is bounded. Everything in it
// is borrowed until the next call.
bool lq_door_next(struct lq_door *door, struct lq_door_message *message);

// Takes the message for a connection; lq_door_flush sends it. 0; EAGAIN: it does not read what it
// has been sent; EHOSTUNREACH: it has gone.
int lq_door_put(struct lq_door *door, uint64_t to, const uint8_t *kind,
                struct lq_span body) LQ_MUST_CHECK;
void lq_door_flush(struct lq_door *door);

// By the clock, at least once a second: ends handshakes that take too long. Flushes.
void lq_door_tend(struct lq_door *door, int64_t now_ms);

struct lq_door_counters {
    unsigned connections;       // there are
    unsigned newcomers;         // of those, without a key yet
    uint64_t gone;              // that have ended
    uint64_t turned_away;       // for their key
    char last_key[LQ_KEY_TEXT]; // the last that was turned away
};
const struct lq_door_counters *lq_door_counters(const struct lq_door *door);
