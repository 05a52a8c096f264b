// A message of several frames is atomic in ZeroMQ once its first frame was taken, so only the
// first send can say no; anything else would leave half a message in the socket and is a bug.
#include "bus/worker/frames.h"

#include <errno.h>
#include <poll.h>

#include "base/assert.h"

static bool receive_part(void *socket, zmq_msg_t *part)
{
    LQ_ASSERT(zmq_msg_init(part) == 0);
    while (zmq_msg_recv(part, socket, ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() == EINTR)
            continue;
        LQ_ASSERT(zmq_errno() == EAGAIN || zmq_errno() == ETERM);
        zmq_msg_close(part);
        return false;
    }
    return true;
}

bool lq_frames_receive(void *socket, struct lq_frames *frames)
{
    frames->count = 0;
    for (bool more = true; more;) {
        zmq_msg_t surplus;
        const bool keep = frames->count < LQ_FRAMES_KEPT;
        zmq_msg_t *part = keep ? &frames->parts[frames->count] : &surplus;
        if (!receive_part(socket, part)) {
            lq_frames_close(frames);
            return false;
        }
        more = zmq_msg_more(part) != 0;
        frames->count++;
        if (!keep)
            zmq_msg_close(&surplus);
    }
    return true;
}

void lq_frames_close(struct lq_frames *frames)
{
    for (unsigned i = 0; i < frames->count && i < LQ_FRAMES_KEPT; i++)
        zmq_msg_close(&frames->parts[i]);
    frames->count = 0;
}

struct lq_span lq_frames_at(struct lq_frames *frames, unsigned index)
{
    LQ_ASSERT(index < frames->count && index < LQ_FRAMES_KEPT);
    zmq_msg_t *part = &frames->parts[index];
    return lq_span(zmq_msg_data(part), zmq_msg_size(part));
}

static int send_part(void *socket, struct lq_span part, int flags)
{
    while (zmq_send(socket, part.data, part.size, ZMQ_DONTWAIT | flags) < 0)
        if (zmq_errno() != EINTR)
            return zmq_errno();
    return 0;
}

int lq_frames_send(void *socket, const struct lq_span *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const int problem = send_part(socket, parts[i], i + 1 < count ? ZMQ_SNDMORE : 0);
        LQ_ASSERT(i == 0 || problem == 0 || problem == ETERM);
        if (problem != 0)
            return problem;
    }
    return 0;
}

int lq_poll(zmq_pollitem_t *items, unsigned count, long timeout_ms)
{
    enum { BOTH = POLLIN | POLLOUT };
    struct pollfd files[LQ_POLL_LIMIT];
    LQ_ASSERT(count <= LQ_POLL_LIMIT);
    for (unsigned i = 0; i < count; i++) {
        if (items[i].socket != NULL)
            return zmq_poll(items, (int)count, timeout_ms);
        files[i] = (struct pollfd){.fd = items[i].fd, .events = POLLIN};
        if ((items[i].events & ZMQ_POLLOUT) != 0)
            files[i].events = BOTH;
    }
    const int ready = poll(files, count, (int)timeout_ms);
    for (unsigned i = 0; i < count; i++) {
        items[i].revents = 0;
        if (ready > 0 && files[i].revents != 0)
            items[i].revents = items[i].events;
    }
    return ready;
}

void lq_socket_set(void *socket, int option, int value)
{
    LQ_ASSERT(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}
