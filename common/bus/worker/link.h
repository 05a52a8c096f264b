// A service's connection to the bus: it registers the service's name, brings requests in, takes
// answers out, and carries the service's own requests to others. It registers again by itself
// when the bus restarts. One thread owns it.
//
// In a poll loop: poll lq_link_item until lq_link_due_ms at the latest, then take everything with
// lq_link_next until it returns false. Answers go out in batches: lq_link_flush before waiting,
// unless by lq_link_wait. What the socket has no room for is sent in the next step of that loop.
#pragma once

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "bus/keyring/keyring.h"
#include "bus/worker/frames.h"

struct lq_link_config {
    const char *endpoint; // lq_pipe_endpoint(), or tcp://
    const char *name;     // the service's
    bool quiet;           // its coming and going is not logged: a person sits before it

    // for tcp only: ZeroMQ's context, borrowed (NULL: one of its own), the service's own key pair
    // and the bus's public key
    void *context;
    const struct lq_key_pair *keys;
    const char *bus_public_key;
};

enum lq_link_state {
    LQ_LINK_DOWN,       // the bus is not reached, or has not registered the service yet
    LQ_LINK_UP,         // registered
    LQ_LINK_NAME_TAKEN, // as down: another running instance has the name; tries on
    LQ_LINK_OUSTED,     // another instance has taken over for good: this process should end
};

// What the bus brought. All spans are valid until the next call that takes the link.
enum lq_message_kind {
    LQ_MESSAGE_REQUEST, // from a client or service: answer with this route, now or later, once
    LQ_MESSAGE_REPLY,   // to an own request; `bytes` is a serialized Reply
};

struct lq_link_message {
    enum lq_message_kind kind;
    struct lq_span bytes;      // a serialized Request, or Reply
    struct lq_span route;      // of a request: the bus's own, to be given back
    char actor[LQ_BADGE_TEXT]; // of a request: who asks, a badge or "@service"
    uint32_t roles;            // and with which roles, bit 1 << Role
};

struct lq_link;

// LQ_E_INPUT for an endpoint, name or key that cannot be; that the bus is not there is no fault.
enum lq_status lq_link_open(const struct lq_link_config *config,
                            struct lq_link **link) LQ_MUST_CHECK;
void lq_link_close(struct lq_link *link); // NULL is fine

zmq_pollitem_t lq_link_item(const struct lq_link *link); // ask for it before each wait

// Steady time (lq_steady_ms) at which lq_link_next wants to be called even if nothing came.
int64_t lq_link_due_ms(const struct lq_link *link);

// Waits until something comes, the link is due, or the time is over: for loops that have nothing
// else to watch.
void lq_link_wait(struct lq_link *link, int timeout_ms);

// Takes the next message, never waiting; also registers and answers the bus's pings. Where there is
// none, answers are flushed.
bool lq_link_next(struct lq_link *link, struct lq_link_message *message);

// Answers a request with a serialized Reply, whose correlation is the request's. What cannot be
// sent is dropped: the asker repeats. A reply of more than LQ_REPLY_LIMIT bytes becomes a refusal.
void lq_link_answer(struct lq_link *link, struct lq_span route, struct lq_span reply);

// Sends the answers that are queued.
void lq_link_flush(struct lq_link *link);

// Sends an own request, a serialized Request. False if it was dropped: not registered, too large,
// or the bus does not take more. The reply, or UNAVAILABLE, comes by lq_link_next; after a restart
// of the bus it does not, so repeat after a silence.
bool lq_link_ask(struct lq_link *link, struct lq_span request);

enum lq_link_state lq_link_state(const struct lq_link *link);

// How often it has registered. A new registration means that the bus has forgotten what was asked
// before: ask again.
uint64_t lq_link_registrations(const struct lq_link *link);
