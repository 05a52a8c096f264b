// A service's link that hears anything from the bus, which is played by the input.
//
// Input: messages to the link (pipe_say.h).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/worker/link.h"
#include "fuzz.h"
#include "pipe_say.h"

enum { MESSAGES_MAX = 16 };

static char endpoint[128];
static int listener;

static void end(void)
{
    close(listener);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    snprintf(endpoint, sizeof endpoint, "unix://%s/bus", fuzz_directory());
    FUZZ_REQUIRE(lq_pipe_listen(endpoint + strlen("unix://"), &listener) == LQ_OK);
    return atexit(end);
}

static void require_message(const struct lq_link_message *message)
{
    if (message->kind == LQ_MESSAGE_REPLY)
        return;
    FUZZ_REQUIRE(message->kind == LQ_MESSAGE_REQUEST && message->route.size > 0);
    const char *end = memchr(message->actor, '\0', sizeof message->actor);
    FUZZ_REQUIRE(end != NULL && end > message->actor);
}

// Takes everything that came; the bytes are looked at so that ASan sees where they are.
static unsigned drain(struct lq_link *link)
{
    static volatile unsigned sum;
    struct lq_link_message message;
    while (lq_link_next(link, &message)) {
        require_message(&message);
        for (size_t i = 0; i < message.bytes.size; i++)
            sum += message.bytes.data[i];
        for (size_t i = 0; i < message.route.size; i++)
            sum += message.route.data[i];
        lq_link_answer(link, message.route, lq_span("x", 1));
    }
    return sum;
}

// The link has connected and says its name.
static struct lq_pipe *await_registration(struct lq_link *link)
{
    uint8_t kind;
    struct lq_span body;
    drain(link);
    struct lq_pipe *pipe = lq_pipe_accept(listener);
    FUZZ_REQUIRE(pipe != NULL && lq_pipe_receive(pipe, &kind, &body));
    FUZZ_REQUIRE(kind == LQ_FRAME_REGISTER && body.size == LQ_INSTANCE_SIZE + strlen("echo"));
    return pipe;
}

static void try_link(struct fuzz_input *input)
{
    const struct lq_link_config config = {.endpoint = endpoint, .name = "echo"};
    struct lq_link *link = NULL;
    FUZZ_REQUIRE(lq_link_open(&config, &link) == LQ_OK);
    struct lq_pipe *pipe = await_registration(link);
    for (int i = 0; i < MESSAGES_MAX && input->left > 0; i++) {
        pipe_say(input, pipe);
        drain(link);
        const enum lq_link_state state = lq_link_state(link);
        FUZZ_REQUIRE(state >= LQ_LINK_DOWN && state <= LQ_LINK_OUSTED);
        uint8_t kind;
        struct lq_span body;
        while (lq_pipe_receive(pipe, &kind, &body))
            FUZZ_REQUIRE(strchr("RAQP", kind) != NULL);
    }
    lq_link_close(link);
    lq_pipe_close(pipe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    try_link(&input);
    return 0;
}
