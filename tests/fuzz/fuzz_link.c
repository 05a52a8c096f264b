// What the bus's inner sockets are told: a service's link that hears any frames from the bus, and
// the gatekeeper that is asked anything by libzmq. Both are the real ones, on sockets within this
// process; the bus and libzmq are played by the input.
//
// Input: a byte that says which, then messages: a byte with the number of frames, the frames.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/bundle.h"
#include "bus/link.h"
#include "bus/roles.h"
#include "bus/zap.h"
#include "fuzz.h"
#include "keyring_of.h"

enum { MESSAGES_MAX = 16, FRAMES_MAX = 12, LINKS_OF_ONE_CONTEXT = 200 };

static void *context, *links, *bus, *gate, *asker;
static struct lq_keyring *keyring;
static struct lq_key_pair link_keys;

static void end(void)
{
    zmq_close(gate);
    zmq_close(asker);
    zmq_ctx_term(context);
    if (links != NULL)
        zmq_ctx_term(links);
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
    FUZZ_REQUIRE(lq_keys_generate(&link_keys) == LQ_OK);
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

static void say_to_link(struct fuzz_input *input, struct lq_span id)
{
    struct lq_span frames[1 + FRAMES_MAX] = {id};
    unsigned count = 1 + 1 + fuzz_byte(input) % FRAMES_MAX;
    for (unsigned i = 1; i < count; i++)
        frames[i] = fuzz_piece(input);
    struct lq_bundle bundle = {0};
    if (count % 2 == 0 && count > 2) { // the pieces behind the first as what a bundle is made of
        for (unsigned i = 2; i + 1 < count; i += 2)
            lq_bundle_add(&bundle, frames[i], frames[i + 1]);
        frames[2] = lq_bundle_bytes(&bundle);
        count = 3;
    }
    FUZZ_REQUIRE(lq_frames_send(bus, frames, count) == 0);
    lq_bundle_free(&bundle);
}

// An address of its own for each, or what the one before still said could be heard. Sockets are
// closed behind our back; only the end of their context waits for that.
static void open_bus(char endpoint[64])
{
    static unsigned long number;
    if (number % LINKS_OF_ONE_CONTEXT == 0) {
        if (links != NULL)
            zmq_ctx_term(links);
        links = zmq_ctx_new();
    }
    snprintf(endpoint, 64, "inproc://bus-%lu", ++number);
    bus = zmq_socket(links, ZMQ_ROUTER);
    FUZZ_REQUIRE(bus != NULL);
    lq_socket_set(bus, ZMQ_LINGER, 0);
    FUZZ_REQUIRE(zmq_bind(bus, endpoint) == 0);
}

static void try_link(struct fuzz_input *input)
{
    // Keys make the link take an address that is not ipc; within a process nobody asks for them.
    char endpoint[64];
    open_bus(endpoint);
    const struct lq_link_config config = {.endpoint = endpoint,
                                          .name = "echo",
                                          .context = links,
                                          .keys = &link_keys,
                                          .bus_public_key = link_keys.public_key};
    struct lq_link *link = NULL;
    FUZZ_REQUIRE(lq_link_open(&config, &link) == LQ_OK);
    drain(link); // registers
    struct lq_frames first;
    FUZZ_REQUIRE(lq_frames_receive(bus, &first) && first.count == 4);
    for (int i = 0; i < MESSAGES_MAX && input->left > 0; i++) {
        say_to_link(input, lq_frames_at(&first, 0));
        drain(link);
        const enum lq_link_state state = lq_link_state(link);
        FUZZ_REQUIRE(state >= LQ_LINK_DOWN && state <= LQ_LINK_OUSTED);
    }
    lq_frames_close(&first);
    lq_link_close(link);
    zmq_close(bus);
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
