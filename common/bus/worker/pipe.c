#include "bus/worker/pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/worker/batch_frame.h"
#include "bus/worker/frames.h"

enum {
    BACKLOG = 128,
    ROOM = 64 * 1024, // of the input buffer, unless a message needs more
    ROOM_MOST = LQ_FRAME_LIMIT + 64,
};

struct lq_pipe {
    int fd;
    bool gone;
    struct lq_batch_frame unsent;
    size_t sent; // bytes of those
    uint8_t *in;
    size_t room, taken, filled;
};

// ---------------------------------------------------------------- coming and going

static int open_socket(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    LQ_ASSERT(strlen(path) < sizeof address->sun_path);
    strcpy(address->sun_path, path);
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

enum lq_status lq_pipe_listen(const char *path, int *listener)
{
    struct sockaddr_un address;
    const int fd = open_socket(path, &address);
    if (fd >= 0 && (unlink(path) == 0 || errno == ENOENT) &&
        bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        listen(fd, BACKLOG) == 0) {
        *listener = fd;
        return LQ_OK;
    }
    const enum lq_status status =
        lq_fault(LQ_E_IO, "cannot listen at %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return status;
}

static struct lq_pipe *new_pipe(int fd)
{
    struct lq_pipe *pipe = calloc(1, sizeof *pipe);
    LQ_ASSERT(pipe != NULL);
    *pipe = (struct lq_pipe){.fd = fd, .in = malloc(ROOM), .room = ROOM};
    LQ_ASSERT(pipe->in != NULL);
    return pipe;
}

struct lq_pipe *lq_pipe_accept(int listener)
{
    int fd;
    do
        fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? NULL : new_pipe(fd);
}

struct lq_pipe *lq_pipe_connect(const char *path)
{
    struct sockaddr_un address;
    const int fd = open_socket(path, &address);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return new_pipe(fd);
    if (fd >= 0)
        close(fd);
    return NULL;
}

void lq_pipe_close(struct lq_pipe *pipe)
{
    if (pipe == NULL)
        return;
    close(pipe->fd);
    lq_batch_frame_free(&pipe->unsent);
    free(pipe->in);
    free(pipe);
}

zmq_pollitem_t lq_pipe_item(const struct lq_pipe *pipe)
{
    const bool unsent = pipe->unsent.used > 0;
    return (zmq_pollitem_t){.fd = pipe->fd,
                            .events = (short)(unsent ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN)};
}

bool lq_pipe_gone(const struct lq_pipe *pipe)
{
    return pipe->gone;
}

// ---------------------------------------------------------------- out

// Drops what was sent once it is the larger part.
static void drop_sent(struct lq_pipe *pipe)
{
    struct lq_batch_frame *unsent = &pipe->unsent;
    if (pipe->sent == unsent->used) {
        lq_batch_frame_empty(unsent);
    } else if (pipe->sent > unsent->used / 2) {
        memmove(unsent->bytes, unsent->bytes + pipe->sent, unsent->used - pipe->sent);
        unsent->used -= pipe->sent;
    } else {
        return;
    }
    pipe->sent = 0;
}

static void send_unsent(struct lq_pipe *pipe)
{
    while (!pipe->gone && pipe->sent < pipe->unsent.used) {
        const ssize_t size = send(pipe->fd, pipe->unsent.bytes + pipe->sent,
                                  pipe->unsent.used - pipe->sent, MSG_NOSIGNAL);
        if (size >= 0)
            pipe->sent += (size_t)size;
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            pipe->gone = true;
    }
    drop_sent(pipe);
}

int lq_pipe_send(struct lq_pipe *pipe, uint8_t kind, struct lq_span body)
{
    if (pipe->gone)
        return EHOSTUNREACH;
    if (pipe->unsent.used - pipe->sent + body.size > LQ_PIPE_UNSENT_LIMIT)
        return EAGAIN;
    lq_batch_frame_add(&pipe->unsent, lq_span(&kind, 1), body);
    send_unsent(pipe);
    return pipe->gone ? EHOSTUNREACH : 0;
}

// ---------------------------------------------------------------- in

// Room after what is there already, which moves to the front. False if what is there is larger
// than a message may be.
static bool make_room(struct lq_pipe *pipe)
{
    const size_t left = pipe->filled - pipe->taken;
    if (left > 0)
        memmove(pipe->in, pipe->in + pipe->taken, left);
    pipe->taken = 0;
    pipe->filled = left;
    if (left >= ROOM_MOST)
        return false;
    size_t room = left == 0 ? ROOM : pipe->room;
    if (left == room)
        room = room * 2 < ROOM_MOST ? room * 2 : ROOM_MOST;
    if (room == pipe->room)
        return true;
    pipe->room = room;
    pipe->in = realloc(pipe->in, room);
    LQ_ASSERT(pipe->in != NULL);
    return true;
}

// True if something came.
static bool read_more(struct lq_pipe *pipe)
{
    if (pipe->gone || !make_room(pipe)) {
        pipe->gone = true;
        return false;
    }
    ssize_t size;
    do
        size = recv(pipe->fd, pipe->in + pipe->filled, pipe->room - pipe->filled, 0);
    while (size < 0 && errno == EINTR);
    if (size > 0)
        pipe->filled += (size_t)size;
    else if (size == 0 || errno != EAGAIN)
        pipe->gone = true;
    return size > 0;
}

// The message that was read first, and how many bytes follow it.
static bool first_message(const struct lq_pipe *pipe, uint8_t *kind, struct lq_span *body,
                          size_t *left)
{
    struct lq_span first, rest = {pipe->in + pipe->taken, pipe->filled - pipe->taken};
    if (!lq_batch_frame_take(&rest, &first, body))
        return false;
    *kind = first.size == 1 ? first.data[0] : 0;
    *left = rest.size;
    return true;
}

bool lq_pipe_holds_message(const struct lq_pipe *pipe)
{
    uint8_t kind;
    struct lq_span body;
    size_t left;
    return first_message(pipe, &kind, &body, &left);
}

bool lq_pipe_receive(struct lq_pipe *pipe, uint8_t *kind, struct lq_span *body)
{
    size_t left;
    send_unsent(pipe);
    do {
        if (first_message(pipe, kind, body, &left)) {
            pipe->taken = pipe->filled - left;
            return true;
        }
    } while (read_more(pipe));
    return false;
}
