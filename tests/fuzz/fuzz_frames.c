// The doors of a live bus, for somebody who may come in and then sends any frames: a terminal with
// a key at the front door, a process at the services' door. The bus must go on answering others.
//
// Input: a byte that says which door, then messages: a byte with the number of frames, the frames;
// the first frame of a message can be made a request that the bus takes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/frames.h"
#include "bus/wire.h"
#include "door.h"

enum { MESSAGES_MAX = 16, FRAMES_MAX = 6, SILENCE_MS = 5000, ASKED_MOST = 20, USES = 64 };

static struct door *door;
static void *context, *front_socket;

static void end(void)
{
    if (front_socket != NULL)
        zmq_close(front_socket);
    zmq_ctx_term(context);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    door = door_open();
    context = zmq_ctx_new();
    return atexit(end);
}

// ---------------------------------------------------------------- connections

static void *connect_front(void)
{
    char endpoint[64];
    void *socket = zmq_socket(context, ZMQ_DEALER);
    lq_socket_set(socket, ZMQ_LINGER, 0);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, door->bus.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, door->fuzzer.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, door->fuzzer.secret_key, LQ_KEY_TEXT);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", door->port);
    FUZZ_REQUIRE(zmq_connect(socket, endpoint) == 0);
    return socket;
}

// A handshake costs more than an input, so one connection serves for many.
static void *front(void)
{
    static unsigned used;
    if (used++ % USES == 0) {
        if (front_socket != NULL)
            zmq_close(front_socket);
        front_socket = connect_front();
    }
    return front_socket;
}

static void *connect_link(void)
{
    void *socket = zmq_socket(context, ZMQ_DEALER);
    lq_socket_set(socket, ZMQ_LINGER, 0);
    FUZZ_REQUIRE(zmq_connect(socket, door->link) == 0);
    return socket;
}

// ---------------------------------------------------------------- messages

static struct lq_span request_of(uint8_t *buffer, uint64_t correlation, struct lq_span body)
{
    static char names[][8] = {"bus", "echo", "nobody"};
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = correlation;
    request.service = names[correlation % 3];
    request.kind_case = LQ__REQUEST__KIND_QUERY;
    request.query.len = body.size;
    request.query.data = lq_row(body.data);
    return lq_span(buffer, lq__request__pack(&request, buffer));
}

static void say(struct fuzz_input *input, void *socket)
{
    static uint8_t buffer[LQ_REQUEST_LIMIT * 2];
    struct lq_span frames[FRAMES_MAX];
    const unsigned flags = fuzz_byte(input), count = 1 + flags % FRAMES_MAX;
    for (unsigned i = 0; i < count; i++)
        frames[i] = fuzz_piece(input);
    if (flags >= 128 && frames[count - 1].size < LQ_REQUEST_LIMIT)
        frames[count - 1] = request_of(buffer, flags, frames[count - 1]);
    (void)!lq_frames_send(socket, frames, count); // does not take more: so be it
}

// True once the bus has said something that shows it has taken everything before.
static bool is_the_end(bool at_front, struct lq_frames *frames, uint64_t mark)
{
    if (!at_front)
        return true;
    const struct lq_span bytes = lq_frames_at(frames, 0);
    Lq__Reply *reply = lq__reply__unpack(NULL, bytes.size, bytes.data);
    const bool found = reply != NULL && reply->correlation == mark;
    if (reply != NULL)
        lq__reply__free_unpacked(reply, NULL);
    return found;
}

// Asks the bus itself on the same connection, and takes what comes until that is answered. After a
// silence it asks again, as people's clients do: a machine that stands still for longer than the
// bus waits for a sign of life loses the connection, and what was said on it.
static void await_the_end(void *socket, bool at_front)
{
    static uint64_t mark = 999999; // no flags are so large
    uint8_t buffer[64];
    mark += 3; // a multiple of three, so that it goes to the bus itself
    const struct lq_span request = request_of(buffer, mark, lq_span("", 0));
    const struct lq_span frames[] = {lq_span("Q", 1), request};
    bool ended = false;
    for (int asked = 0; !ended; asked++) {
        FUZZ_REQUIRE(asked < ASKED_MOST);
        while (lq_frames_send(socket, at_front ? frames + 1 : frames, at_front ? 1 : 2) != 0)
            continue;
        zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
        while (!ended && zmq_poll(&item, 1, SILENCE_MS) == 1) {
            struct lq_frames heard;
            while (lq_frames_receive(socket, &heard)) {
                ended |= is_the_end(at_front, &heard, mark);
                lq_frames_close(&heard);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const bool at_front = fuzz_byte(&input) % 4 != 0;
    void *socket = at_front ? front() : connect_link();
    for (int i = 0; i < MESSAGES_MAX && input.left > 0; i++)
        say(&input, socket);
    await_the_end(socket, at_front);
    if (!at_front)
        zmq_close(socket);
    door_require_alive(door);
    return 0;
}
