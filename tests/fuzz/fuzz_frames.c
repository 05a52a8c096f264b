// A live bus, and somebody who is admitted and then sends any frames: a terminal with a key, or a
// process that connects as a service. The bus must go on answering others.
//
// Input: a byte that says which of the two, then what a service says (pipe_say.h), or
// messages of the terminal: a byte with the number of frames, the frames; the last one can be made
// a request that the bus takes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/wire.h"
#include "bus/worker/frames.h"
#include "live_bus.h"
#include "pipe_say.h"

enum { MESSAGES_MAX = 16, FRAMES_MAX = 6, SILENCE_MS = 5000, ASKED_MOST = 20, USES = 64 };

static struct live_bus *live;
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
    live = live_bus_open();
    context = zmq_ctx_new();
    return atexit(end);
}

// ---------------------------------------------------------------- connections

static void *connect_front(void)
{
    char endpoint[64];
    void *socket = zmq_socket(context, ZMQ_DEALER);
    lq_socket_set(socket, ZMQ_LINGER, 0);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, live->bus.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, live->fuzzer.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, live->fuzzer.secret_key, LQ_KEY_TEXT);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", live->port);
    FUZZ_REQUIRE(zmq_connect(socket, endpoint) == 0);
    return socket;
}

// A handshake costs more than an input, so one connection serves for many.
static void *connect_client(void)
{
    static unsigned used;
    if (used++ % USES == 0) {
        if (front_socket != NULL)
            zmq_close(front_socket);
        front_socket = connect_front();
    }
    return front_socket;
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
    request.query.data = lq_unconst(body.data);
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

static bool is_answer_to(struct lq_frames *frames, uint64_t mark)
{
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
static void await_the_end(void *socket)
{
    static uint64_t mark = 999999; // no flags are so large
    uint8_t buffer[64];
    mark += 3; // a multiple of three, so that it goes to the bus itself
    const struct lq_span request = request_of(buffer, mark, lq_span("", 0));
    bool ended = false;
    for (int asked = 0; !ended; asked++) {
        FUZZ_REQUIRE(asked < ASKED_MOST);
        while (lq_frames_send(socket, &request, 1) != 0)
            continue;
        zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
        while (!ended && zmq_poll(&item, 1, SILENCE_MS) == 1) {
            struct lq_frames heard;
            while (lq_frames_receive(socket, &heard)) {
                ended |= is_answer_to(&heard, mark);
                lq_frames_close(&heard);
            }
        }
    }
}

// Waits for something and takes it.
static void hear(struct lq_pipe *pipe)
{
    uint8_t kind;
    struct lq_span body;
    zmq_pollitem_t item = lq_pipe_item(pipe);
    FUZZ_REQUIRE(zmq_poll(&item, 1, ASKED_MOST * SILENCE_MS) == 1);
    while (lq_pipe_receive(pipe, &kind, &body))
        FUZZ_REQUIRE(strchr("RXQAP", kind) != NULL);
}

static void try_front(struct fuzz_input *input)
{
    void *socket = connect_client();
    for (int i = 0; i < MESSAGES_MAX && input->left > 0; i++)
        say(input, socket);
    await_the_end(socket);
}

// Says everything and no more; the bus has heard it all when it closes its end.
static void try_pipe(struct fuzz_input *input)
{
    struct lq_pipe *pipe = lq_pipe_connect(live->link + strlen("unix://"));
    FUZZ_REQUIRE(pipe != NULL);
    for (int i = 0; i < MESSAGES_MAX && input->left > 0; i++)
        pipe_say(input, pipe);
    while ((lq_pipe_item(pipe).events & ZMQ_POLLOUT) != 0 && !lq_pipe_gone(pipe))
        hear(pipe);
    shutdown(lq_pipe_item(pipe).fd, SHUT_WR);
    while (!lq_pipe_gone(pipe))
        hear(pipe);
    lq_pipe_close(pipe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    if (fuzz_byte(&input) % 4 != 0)
        try_front(&input);
    else
        try_pipe(&input);
    live_bus_require_alive(live);
    return 0;
}
