// Whole messages over ZeroMQ sockets, never waiting: how clients, and services on other hosts, talk
// to the bus (dealer.h); and what is said between a service and the bus.
#pragma once

#include <stdbool.h>
#include <zmq.h>

#include "base/span.h"
#include "base/status.h"
#include "bus/wire.h"

enum {
    LQ_CURVE_OVERHEAD = 64, // at least what encryption adds to a frame; ZMQ_MAXMSGSIZE counts it
    LQ_FRAME_LIMIT = LQ_REPLY_LIMIT + 4096, // between a service and the bus
    LQ_INSTANCE_SIZE = 8,                   // random bytes that tell a service's processes apart
};

// What is said between a service and the bus is a byte that says what it is, and a body: two frames
// over ZeroMQ, a member of a batch frame over a pipe (pipe.h).
//   service -> bus   R instance name     register; the instance is 8 random bytes of the process
//                    A batch             answers: of each the route and the reply (batch_frame.h)
//                    Q request           the service's own request
//                    P                   still here
//   bus -> service   R                   registered
//                    X code text         not registered; the code is one byte
//                    Q batch             requests: of each the caller (a Stamp) and the request
//                    A reply             the answer to the service's own request
//                    P                   still there?
enum lq_frame_kind {
    LQ_FRAME_REGISTER = 'R',
    LQ_FRAME_ANSWER = 'A',
    LQ_FRAME_REQUEST = 'Q',
    LQ_FRAME_PING = 'P',
    LQ_FRAME_REFUSED = 'X',
};

// Why a service is not registered: the first byte of an X's body.
enum lq_register_refusal {
    LQ_REFUSED_UNKNOWN = 'U',  // the bus does not know this connection: register (again)
    LQ_REFUSED_TAKEN = 'T',    // another running instance has the name: try again later
    LQ_REFUSED_REPLACED = 'G', // another instance has taken over: this one must end
    LQ_REFUSED_BAD = 'B',      // not a registration, or one that is never taken
};

// A received message. Frames beyond the first few are counted but not kept.
enum { LQ_FRAMES_KEPT = 4 };
struct lq_frames {
    unsigned count;
    zmq_msg_t parts[LQ_FRAMES_KEPT];
};

// Takes the next message that is waiting; false if there is none. To be closed if true.
bool lq_frames_receive(void *socket, struct lq_frames *frames);
void lq_frames_close(struct lq_frames *frames);
struct lq_span lq_frames_at(struct lq_frames *frames, unsigned index); // borrowed

// Sends a message whole or not at all. 0, or EAGAIN (the peer does not take any more), EHOSTUNREACH
// (there is no such peer), ETERM.
int lq_frames_send(void *socket, const struct lq_span *parts, unsigned count) LQ_MUST_CHECK;

enum { LQ_POLL_LIMIT = 256 };

// zmq_poll, which asks the system twice even where none of the items is a socket of ZeroMQ: then it
// is poll(2), once.
int lq_poll(zmq_pollitem_t *items, unsigned count, long timeout_ms);

// Sets a numeric socket option; that an option cannot be set is a bug.
void lq_socket_set(void *socket, int option, int value);
