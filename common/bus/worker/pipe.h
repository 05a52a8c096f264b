// A connection between the bus and a service of the same machine: messages over a Unix socket,
// written and read by the threads that use them. (libzmq's ipc:// hands each to a
// thread of its own on either side, which is four changes of thread more for a request and its
// answer; docs/performance.md has what they cost.) Nothing here waits. Private to common/bus.
//
// On the wire each message is a member of a batch frame (batch_frame.h): one byte, its kind,
// enum lq_frame_kind, and the body.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "base/span.h"
#include "base/status.h"

struct lq_pipe;

enum {
    LQ_PIPE_PATH = 108,                      // sockaddr_un.sun_path with its NUL
    LQ_PIPE_UNSENT_LIMIT = 64 * 1024 * 1024, // bytes kept for one that does not read
};

// Listens; what a bus that was killed has left at the path is removed, so the caller must know that
// no bus is running. LQ_E_IO.
enum lq_status lq_pipe_listen(const char *path, int *listener) LQ_MUST_CHECK;

struct lq_pipe *lq_pipe_accept(int listener);      // NULL: nobody is waiting
struct lq_pipe *lq_pipe_connect(const char *path); // NULL: nobody listens there
void lq_pipe_close(struct lq_pipe *pipe);          // NULL is fine; what is unsent is dropped

// What to poll it for. Where it can be written again, lq_pipe_receive sends the rest as well.
zmq_pollitem_t lq_pipe_item(const struct lq_pipe *pipe);

// The next message; false if there is none. The body is borrowed until the next call.
bool lq_pipe_receive(struct lq_pipe *pipe, uint8_t *kind, struct lq_span *body);

// A whole message has been read and not been taken yet: polling does not show it.
bool lq_pipe_holds_message(const struct lq_pipe *pipe);

// Whole or not at all. 0; EAGAIN: the other side does not take any more; EHOSTUNREACH: it has gone.
int lq_pipe_send(struct lq_pipe *pipe, uint8_t kind, struct lq_span body) LQ_MUST_CHECK;

bool lq_pipe_gone(const struct lq_pipe *pipe); // closed by the other side, or it broke the protocol
