// Whole messages over ZeroMQ sockets, never waiting: how clients, and services of other hosts, talk
// to the doors of the bus (dealer.h); and the limits of what travels there.
#pragma once

#include <stdbool.h>
#include <zmq.h>

#include "base/span.h"
#include "base/status.h"

// Limits of the wire. A request is one frame from a client; a reply may be larger.
enum {
    LQ_REQUEST_LIMIT = 64 * 1024,
    LQ_REPLY_LIMIT = 1024 * 1024,
    LQ_CURVE_OVERHEAD = 64, // what encryption adds to a frame, amply; ZMQ_MAXMSGSIZE counts it
    LQ_LINK_FRAME_LIMIT = LQ_REPLY_LIMIT + 4096,
    LQ_SERVICE_NAME = 33, // 32 letters, digits, "_-", and a NUL
    LQ_INSTANCE_SIZE = 8, // random bytes that tell a service's processes apart
};

// What is said between a service and the bus is a byte that says what it is, and a body: two frames
// over ZeroMQ, a member of a bundle over a pipe (pipe.h).
//   service -> bus   R instance name     register; the instance is 8 random bytes of the process
//                    A bundle            answers: of each the route and the reply (batch_frame.h)
//                    Q request           the service's own request
//                    P                   still here
//   bus -> service   R                   registered
//                    X code text         not registered; the code is one byte
//                    Q bundle            requests: of each the stamp (who asks) and the request
//                    A reply             the answer to the service's own request
//                    P                   still there?
enum lq_link_frame {
    LQ_LINK_REGISTER = 'R',
    LQ_LINK_ANSWER = 'A',
    LQ_LINK_REQUEST = 'Q',
    LQ_LINK_PING = 'P',
    LQ_LINK_REFUSED = 'X',
};

// Why a service is not registered: the first byte of an X's body.
enum lq_link_refusal {
    LQ_LINK_UNKNOWN = 'U',  // the bus does not know this connection: register (again)
    LQ_LINK_TAKEN = 'T',    // another running instance has the name: try again later
    LQ_LINK_REPLACED = 'G', // another instance has taken over: this one must end
    LQ_LINK_BAD = 'B',      // not a registration, or one that is never taken
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
