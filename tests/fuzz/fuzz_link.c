// What the bus's inner sockets are told: a service's link that hears anything from the bus, and the
// gatekeeper that is asked anything by libzmq. Both are the real ones, on sockets within this
// process; the bus and libzmq are played by the input.
//
// Input: a byte that says which, then messages to the link (pipe_say.h), or questions to the
// gatekeeper: a byte with the number of frames, the frames.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/link.h"
#include "bus/roles.h"
#include "bus/zap.h"
#include "fuzz.h"
#include "keyring_of.h"
#include "pipe_say.h"

enum { MESSAGES_MAX = 16, FRAMES_MAX = 12 };

static void *context, *gate, *asker;
static char endpoint[128];
static int listener;
static struct lq_keyring *keyring;

static void end(void)
{
    zmq_close(gate);
    zmq_close(asker);
    zmq_ctx_term(context);
    close(listener);
    lq_keyring_free(keyring);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    context = zmq_ctx_new();
    gate = lq_zap_open(context);
    asker = zmq_socket(context, ZMQ_DEALER);
    lq_socket_set(asker, ZMQ_LINGER, 0);
    FUZZ_REQUIRE(gate != NULL && zmq_connect(asker, "inproc://zeromq.zap.01") == 0);
    keyring = keyring_of_three();
    snprintf(endpoint, sizeof endpoint, "unix://%s/bus", fuzz_directory());
    FUZZ_REQUIRE(lq_pipe_listen(endpoint + strlen("unix://"), &listener) == LQ_OK);
    return atexit(end);
}

// ---------------------------------------------------------------- the link

static void require_message(const struct lq_link_message *message)
{
    if (message->kind == LQ_LINK_IS_REPLY)
        return;
    FUZZ_REQUIRE(message->kind == LQ_LINK_IS_REQUEST && message->route.size > 0);
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
    FUZZ_REQUIRE(kind == LQ_LINK_REGISTER && body.size == LQ_INSTANCE_SIZE + strlen("echo"));
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

// ---------------------------------------------------------------- the gatekeeper

// A question as libzmq asks it, except where the flags say otherwise.
static unsigned make_question(struct fuzz_input *input, struct lq_span frames[FRAMES_MAX])
{
    static const char *const domains[] = {LQ_ZAP_FRONT, LQ_ZAP_LINK};
    static uint8_t key[32];
    const unsigned flags = fuzz_byte(input);
    if (flags % 8 == 0) {
        const unsigned count = 1 + fuzz_byte(input) % FRAMES_MAX;
        for (unsigned i = 0; i < count; i++)
            frames[i] = fuzz_piece(input);
        return count;
    }
    memset(key, (int)(1 + flags / 32), sizeof key); // 1 to 3 are in the list
    frames[0] = lq_span("", 0);
    frames[1] = flags % 8 == 1 ? fuzz_piece(input) : lq_span_text("1.0");
    frames[2] = flags % 8 == 2 ? fuzz_piece(input) : lq_span_text("1");
    frames[3] = flags % 8 == 3 ? fuzz_piece(input) : lq_span_text(domains[flags / 8 % 2]);
    frames[4] = lq_span_text("127.0.0.1");
    frames[5] = flags % 8 == 4 ? fuzz_piece(input) : lq_span("", 0);
    frames[6] = flags % 8 == 5 ? fuzz_piece(input) : lq_span_text("CURVE");
    frames[7] = flags % 8 == 6 ? fuzz_piece(input) : lq_span(key, sizeof key);
    return 8;
}

// Is it the key that keyring_of_three gave this number?
static bool is_key(struct lq_span credentials, uint8_t number)
{
    if (credentials.size != 32)
        return false;
    for (size_t i = 0; i < 32; i++)
        if (credentials.data[i] != number)
            return false;
    return true;
}

// The rule, said again: any key that is not revoked at the front, a service's at the link.
static bool may_pass(const struct lq_span frames[8], unsigned count)
{
    if (count != 8 || !lq_span_equal(frames[1], lq_span_text("1.0")) ||
        !lq_span_equal(frames[6], lq_span_text("CURVE")))
        return false;
    if (lq_span_equal(frames[3], lq_span_text(LQ_ZAP_FRONT)))
        return is_key(frames[7], 1) || is_key(frames[7], 2);
    return lq_span_equal(frames[3], lq_span_text(LQ_ZAP_LINK)) && is_key(frames[7], 2);
}

static void try_gate(struct fuzz_input *input)
{
    for (int i = 0; i < MESSAGES_MAX && input->left > 0; i++) {
        struct lq_span frames[FRAMES_MAX];
        char refused[LQ_KEY_TEXT] = "";
        struct lq_frames answer;
        const unsigned count = make_question(input, frames);
        FUZZ_REQUIRE(lq_frames_send(asker, frames, count) == 0);
        const unsigned turned_away = lq_zap_serve(gate, keyring, 8, refused);
        const bool passes = may_pass(frames, count);
        FUZZ_REQUIRE(turned_away == (passes ? 0 : 1));
        FUZZ_REQUIRE(memchr(refused, '\0', sizeof refused) != NULL);
        if (!lq_frames_receive(asker, &answer)) {
            FUZZ_REQUIRE(count != 8); // no question at all
            continue;
        }
        FUZZ_REQUIRE(answer.count == 7);
        FUZZ_REQUIRE(lq_span_equal(lq_frames_at(&answer, 3), lq_span_text("200")) == passes);
        lq_frames_close(&answer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    if (fuzz_byte(&input) % 2 == 0)
        try_link(&input);
    else
        try_gate(&input);
    return 0;
}
