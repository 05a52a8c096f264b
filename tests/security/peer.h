// Those who do not use our client: raw sockets, with or without a key, and a wire tapper between a
// client and the bus who may turn bits and keep what he hears.
#pragma once

#include "site.h"

// A DEALER of one's own making.
struct peer {
    void *context, *socket;
};

struct peer_options {
    const struct lq_key_pair *keys; // NULL: no CURVE at all
    const char *bus_key;            // NULL: the bus's
    const char *routing_id;         // NULL: none
    const char *endpoint;           // NULL: the bus's
};

struct peer peer_open(struct site *site, struct peer_options options);
void peer_close(struct peer peer);

// False if the socket takes no more at once.
bool peer_send(struct peer peer, struct lq_span frame, bool more);
bool peer_receive(struct peer peer, struct lq_arena *arena, int timeout_ms, struct lq_span *frame);

// The next reply within that time, in the arena; NULL if there is none.
const Lq__Reply *peer_reply(struct peer peer, struct lq_arena *arena, int timeout_ms);

// A serialized Request around a serialized Command, Query or Fetch.
struct lq_span peer_request(struct lq_arena *arena, uint64_t correlation, const char *service,
                            enum lq_ask kind, struct lq_span body);
struct lq_span peer_fetch(struct lq_arena *arena, uint64_t correlation, const char *service,
                          uint64_t after, uint32_t wait_ms);
struct lq_span peer_status(struct lq_arena *arena, uint64_t correlation, const char *service);

// ---------------------------------------------------------------- on the wire

// A TCP connection to the bus without ZeroMQ; -1 if it is not taken.
int wire_connect(const struct site *site);

enum { TAP_KEPT = 64 * 1024 };

// Passes bytes between clients and the bus.
struct tap;
struct tap *tap_open(struct site *site);
void tap_close(struct tap *tap);
const char *tap_endpoint(const struct tap *tap);

// From now on: in the next piece of at least `least` bytes that goes to the bus (or from it), turn
// the bits `mask` of byte `at`. Smaller pieces pass: heartbeats are no requests.
void tap_arm(struct tap *tap, bool to_bus, size_t least, size_t at, uint8_t mask);
void tap_disarm(struct tap *tap); // where no piece was long enough
bool tap_has_fired(struct tap *tap);

// Connections that the bus, or the client, has ended; waits until there are so many.
void tap_await_ended(struct tap *tap, unsigned count);
unsigned tap_ended(struct tap *tap);

// What went to the bus since the connection began (the first TAP_KEPT bytes), in the arena.
struct lq_span tap_kept(struct tap *tap, struct lq_arena *arena);
