// The listener of a live bus, for somebody with a plain TCP connection: any bytes from the first
// on, after a good greeting, after a good HELLO, as the metadata of an INITIATE with a key that
// is admitted, and as messages after that. The bus must close what is no handshake and go on
// answering others.
//
// Input: a byte that says from where on the input speaks, the bytes.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curve.h"
#include "live_bus.h"

enum { PATIENCE_S = 100, MESSAGES_MAX = 8, TRIES = 10 };

static struct live_bus *live;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    live = live_bus_open();
    return 0;
}

static int connect_bus(void)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    const struct linger at_once = {.l_onoff = 1}; // or the ports of the machine would run out
    const int yes = 1;
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)live->port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FUZZ_REQUIRE(file >= 0);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(file, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    FUZZ_REQUIRE(connect(file, (const struct sockaddr *)&address, sizeof address) == 0);
    return file;
}

// The bus may hang up at any moment; then nothing more can be sent.
static bool put(int file, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        const ssize_t sent = send(file, at, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool get(int file, uint8_t *data, size_t size)
{
    while (size > 0) {
        const ssize_t got = recv(file, data, size, 0);
        if (got <= 0)
            return false;
        data += got;
        size -= (size_t)got;
    }
    return true;
}

static bool greet(int file)
{
    uint8_t greeting[CURVE_GREETING];
    curve_greeting(greeting);
    return put(file, greeting, sizeof greeting);
}

static bool say_hello(int file, struct curve *curve)
{
    uint8_t greeting[CURVE_GREETING], hello[CURVE_HELLO], welcome[CURVE_WELCOME];
    curve_begin(curve, live->bus.public_key, &live->fuzzer);
    curve_hello(curve, hello);
    if (!greet(file) || !put(file, hello, sizeof hello) || !get(file, greeting, sizeof greeting) ||
        !get(file, welcome, sizeof welcome))
        return false;
    FUZZ_REQUIRE(curve_welcome(curve, welcome));
    return true;
}

// Waits for the bus's answer: a connection that ends before the gatekeeper was asked is just gone.
static bool initiate(int file, struct curve *curve, struct lq_span metadata)
{
    uint8_t frame[CURVE_ROOM], answer[8];
    if (!put(file, frame, curve_initiate(curve, metadata, frame)) ||
        !get(file, answer, sizeof answer))
        return false;
    return memcmp(answer + 2, "\x05READY", 6) == 0;
}

// A key that opens the live.
static bool come_in(int file, struct curve *curve)
{
    static const uint8_t dealer[] = "\x0bSocket-Type\x00\x00\x00\x06"
                                    "DEALER";
    return say_hello(file, curve) && initiate(file, curve, lq_span(dealer, sizeof dealer - 1));
}

// A good greeting and HELLO, and a key that is admitted, are always answered; only, the bus
// gives a handshake four seconds, and a machine that stands still for longer loses it. So it is
// tried again.
static int connect_until(bool (*well)(int file, struct curve *curve), struct curve *curve)
{
    for (int tries = 0; tries < TRIES; tries++) {
        const int file = connect_bus();
        if (well(file, curve))
            return file;
        close(file);
    }
    fuzz_fail(__FILE__, __LINE__, "a good handshake succeeds");
}

static void say_messages(int file, struct curve *curve, struct fuzz_input *input)
{
    uint8_t frame[CURVE_ROOM];
    bool open = true;
    for (int i = 0; open && i < MESSAGES_MAX && input->left > 0; i++) {
        const uint8_t flags = fuzz_byte(input);
        open = put(file, frame, curve_message(curve, flags, fuzz_piece(input), frame));
    }
}

// The connection on which the input was said.
static int speak(unsigned from, struct fuzz_input *input)
{
    struct curve curve;
    const int file = from < 2    ? connect_bus()
                     : from == 4 ? connect_until(come_in, &curve)
                                 : connect_until(say_hello, &curve);
    if (from == 1 && !greet(file))
        return file;
    if (from == 3)
        (void)initiate(file, &curve, fuzz_rest(input));
    else if (from == 4)
        say_messages(file, &curve, input);
    else
        put(file, input->at, input->left);
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const unsigned from = fuzz_byte(&input) % 5;
    uint8_t heard[512];
    const int file = speak(from, &input);
    shutdown(file, SHUT_WR);
    while (recv(file, heard, sizeof heard, 0) > 0) // until the bus has closed it
        continue;
    close(file);
    live_bus_require_alive(live);
    return 0;
}
