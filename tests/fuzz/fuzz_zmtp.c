// The bus's half of a connection of ZMTP with CURVE, without a socket: any bytes from the first on,
// after a good greeting, after a good HELLO, as the metadata of an INITIATE with a key that may
// open the door, and messages after that, among them some that are said again and bytes that are
// none. Nobody is heard who has not proved the key that is admitted; what he says then comes out as
// he said it.
//
// Input: a byte that says from where on the input speaks and whether the key is admitted, one that
// says into how many bytes all is cut, the bytes. Of the messages each is a byte of flags and a
// piece.
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "bus/listen/zmtp.h"
#include "curve.h"

enum { PART_LIMIT = 1000, MESSAGES_MAX = 16, RAW = 0x80, AGAIN = 0x40 };

static struct lq_key_pair bus, fuzzer;
static struct lq_zmtp_server server;

struct talk {
    struct lq_zmtp zmtp;
    struct curve client;
    size_t cut; // 0: not at all
    bool admits, has_vouched, turned_away;
    unsigned asked;
    struct lq_buffer in, out;
    uint8_t welcome[CURVE_WELCOME];
    unsigned messages;         // of the bus's
    struct lq_span expected;   // the part that is to be heard next
    bool is_expected, is_more; // is there one?
};

// ---------------------------------------------------------------- the same chance each time

static uint32_t drawn;

static const char *chance_name(void)
{
    return "counted";
}

static void chance_buffer(void *const buffer, const size_t size)
{
    uint8_t seed[randombytes_SEEDBYTES] = {0};
    memcpy(seed, &drawn, sizeof drawn);
    drawn++;
    randombytes_buf_deterministic(buffer, size, seed);
}

static uint32_t chance(void)
{
    uint32_t number;
    chance_buffer(&number, sizeof number);
    return number;
}

static struct randombytes_implementation chances = {
    .implementation_name = chance_name, .random = chance, .buf = chance_buffer};

// ---------------------------------------------------------------- who is let in

static bool admits(void *self, const uint8_t key[32])
{
    struct talk *t = self;
    FUZZ_REQUIRE(t->has_vouched && memcmp(key, t->client.public_key, 32) == 0);
    FUZZ_REQUIRE(t->asked++ == 0);
    return t->admits;
}

static void make_keys(struct lq_key_pair *keys, uint8_t number, uint8_t public_key[32],
                      uint8_t secret_key[32])
{
    const uint8_t seed[crypto_box_SEEDBYTES] = {number};
    FUZZ_REQUIRE(crypto_box_seed_keypair(public_key, secret_key, seed) == 0);
    FUZZ_REQUIRE(zmq_z85_encode(keys->public_key, public_key, 32) != NULL);
    FUZZ_REQUIRE(zmq_z85_encode(keys->secret_key, secret_key, 32) != NULL);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    uint8_t public_key[32], secret_key[32];
    (void)argc, (void)argv;
    FUZZ_REQUIRE(randombytes_set_implementation(&chances) == 0 && sodium_init() >= 0);
    make_keys(&bus, 1, server.public_key, server.secret_key);
    make_keys(&fuzzer, 2, public_key, secret_key);
    server.admits = admits;
    server.part_limit = PART_LIMIT;
    return 0;
}

// ---------------------------------------------------------------- what must hold

static void require_frame(struct talk *t, struct lq_span frame, size_t head)
{
    static const struct {
        const char *name;
        uint8_t flags;
    } known[] = {{"\x07WELCOME", LQ_ZMTP_COMMAND},
                 {"\x05READY", LQ_ZMTP_COMMAND},
                 {"\x05"
                  "ERROR",
                  LQ_ZMTP_COMMAND},
                 {"\x07MESSAGE", 0}};
    unsigned i = 0;
    while (frame.size - head < strlen(known[i].name) ||
           memcmp(frame.data + head, known[i].name, strlen(known[i].name)) != 0)
        FUZZ_REQUIRE(++i < 4);
    FUZZ_REQUIRE((frame.data[0] & ~LQ_ZMTP_LONG) == known[i].flags);
    if (i == 0)
        memcpy(t->welcome, frame.data, sizeof t->welcome);
    t->turned_away |= i == 2;
    t->messages += i == 3;
}

// What is to be sent consists of whole frames.
static void require_frames(struct talk *t)
{
    while (lq_buffer_size(&t->out) > 0) {
        uint64_t size = 0;
        const struct lq_span out = lq_buffer_span(&t->out);
        const size_t head = lq_zmtp_get_head(out, &size);
        FUZZ_REQUIRE(head > 0 && size <= out.size - head);
        require_frame(t, lq_span(out.data, head + size), head);
        t->out.begin += head + size;
    }
}

static void require_state(const struct talk *t, const struct lq_zmtp *before)
{
    FUZZ_REQUIRE(t->zmtp.state >= before->state && t->zmtp.heard >= before->heard);
    FUZZ_REQUIRE(t->zmtp.turned_away == (t->asked > 0 && !t->admits));
    FUZZ_REQUIRE(t->turned_away == t->zmtp.turned_away); // and is told so
    if (t->zmtp.state != LQ_ZMTP_OPEN)
        return;
    FUZZ_REQUIRE(t->has_vouched && t->admits && t->asked == 1);
    FUZZ_REQUIRE(memcmp(t->zmtp.key, t->client.public_key, 32) == 0);
}

static void require_part(struct talk *t, const struct lq_zmtp_part *part, struct lq_span given)
{
    FUZZ_REQUIRE(t->zmtp.state == LQ_ZMTP_OPEN && t->is_expected);
    FUZZ_REQUIRE(part->bytes.data >= given.data &&
                 part->bytes.data + part->bytes.size <= given.data + given.size);
    FUZZ_REQUIRE(lq_span_equal(part->bytes, t->expected) && part->more == t->is_more);
    t->is_expected = false;
}

// ---------------------------------------------------------------- being told

// From a block of its own, so that ASan sees what is read past the end.
static bool take(struct talk *t)
{
    const size_t size = lq_buffer_size(&t->in);
    const struct lq_zmtp before = t->zmtp;
    struct lq_zmtp_part part;
    size_t used = SIZE_MAX;
    uint8_t *block = malloc(size + (size == 0));
    FUZZ_REQUIRE(block != NULL);
    if (size > 0)
        memcpy(block, t->in.bytes + t->in.begin, size);
    const enum lq_zmtp_took took =
        lq_zmtp_take(&t->zmtp, &server, block, size, &used, &t->out, &part);
    FUZZ_REQUIRE(used <= size && (took == LQ_ZMTP_TOOK_NOTHING || used > 0));
    FUZZ_REQUIRE(before.state != LQ_ZMTP_ENDED || (took == LQ_ZMTP_TOOK_NOTHING && used == 0));
    require_frames(t);
    require_state(t, &before);
    if (took == LQ_ZMTP_TOOK_PART)
        require_part(t, &part, lq_span(block, used));
    free(block);
    t->in.begin += used;
    return took != LQ_ZMTP_TOOK_NOTHING;
}

static void tell(struct talk *t, const uint8_t *bytes, size_t size)
{
    const size_t cut = t->cut == 0 ? size : t->cut;
    for (size_t at = 0; at < size && t->zmtp.state != LQ_ZMTP_ENDED; at += cut) {
        lq_buffer_add(&t->in, bytes + at, size - at < cut ? size - at : cut);
        while (take(t))
            continue;
    }
    FUZZ_REQUIRE(!take(t));
}

static void greet(struct talk *t)
{
    uint8_t greeting[CURVE_GREETING];
    curve_greeting(greeting);
    tell(t, greeting, sizeof greeting);
    FUZZ_REQUIRE(t->zmtp.state == LQ_ZMTP_AWAITS_HELLO);
}

static void say_hello(struct talk *t)
{
    uint8_t hello[CURVE_HELLO];
    greet(t);
    curve_hello(&t->client, hello);
    tell(t, hello, sizeof hello);
    FUZZ_REQUIRE(t->zmtp.state == LQ_ZMTP_AWAITS_INITIATE);
    FUZZ_REQUIRE(curve_welcome(&t->client, t->welcome));
}

// Either way it is over then.
static void initiate(struct talk *t, struct lq_span metadata)
{
    uint8_t frame[CURVE_ROOM];
    t->has_vouched = true;
    tell(t, frame, curve_initiate(&t->client, metadata, frame));
    FUZZ_REQUIRE(t->zmtp.state >= LQ_ZMTP_OPEN && t->zmtp.handshake == NULL);
    FUZZ_REQUIRE(t->asked == 0 || memmem(metadata.data, metadata.size, "DEALER", 6) != NULL ||
                 memmem(metadata.data, metadata.size, "REQ", 3) != NULL ||
                 memmem(metadata.data, metadata.size, "ROUTER", 6) != NULL);
}

// ---------------------------------------------------------------- messages

static bool is_ping(uint8_t flags, struct lq_span bytes)
{
    return (flags & LQ_ZMTP_BOXED_COMMAND) != 0 && bytes.size >= 7 && bytes.size <= 7 + 16 &&
           memcmp(bytes.data, "\x04PING", 5) == 0;
}

static void say(struct talk *t, uint8_t flags, struct lq_span bytes)
{
    uint8_t frame[CURVE_ROOM];
    const size_t size = curve_message(&t->client, flags, bytes, frame);
    const bool fits = bytes.size <= PART_LIMIT && t->zmtp.state == LQ_ZMTP_OPEN;
    const unsigned pongs = fits && is_ping(flags, bytes) ? 1 : 0;
    t->expected = bytes;
    t->is_expected = fits && (flags & LQ_ZMTP_BOXED_COMMAND) == 0;
    t->is_more = (flags & LQ_ZMTP_MORE) != 0;
    t->messages = 0;
    tell(t, frame, size);
    FUZZ_REQUIRE(!t->is_expected && t->messages == pongs);
    FUZZ_REQUIRE(fits == (t->zmtp.state == LQ_ZMTP_OPEN));
    if ((flags & AGAIN) == 0)
        return;
    tell(t, frame, size);
    FUZZ_REQUIRE(t->zmtp.state == LQ_ZMTP_ENDED && t->messages == pongs);
}

// After bytes that are no message, nothing can be one any more.
static void say_messages(struct talk *t, struct fuzz_input *input)
{
    for (int i = 0; i < MESSAGES_MAX && input->left > 0; i++) {
        const uint8_t flags = fuzz_byte(input);
        const struct lq_span piece = fuzz_piece(input);
        if ((flags & RAW) == 0) {
            say(t, flags, piece);
            continue;
        }
        tell(t, piece.data, piece.size);
        tell(t, input->at, input->left);
        return;
    }
}

// A key, if it is admitted.
static void come_in(struct talk *t)
{
    static const uint8_t dealer[] = "\x0bSocket-Type\x00\x00\x00\x06"
                                    "DEALER";
    say_hello(t);
    initiate(t, lq_span(dealer, sizeof dealer - 1));
    FUZZ_REQUIRE(t->asked == 1 && (t->zmtp.state == LQ_ZMTP_OPEN) == t->admits);
}

static void speak(struct talk *t, unsigned from, struct fuzz_input *input)
{
    if (from == 1)
        greet(t);
    else if (from == 2 || from == 3)
        say_hello(t);
    else if (from == 4)
        come_in(t);
    if (from == 3)
        initiate(t, fuzz_rest(input));
    else if (from == 4)
        say_messages(t, input);
    else
        tell(t, input->at, input->left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct talk t = {0};
    const unsigned first = fuzz_byte(&input);
    t.admits = first / 5 % 4 != 3;
    t.cut = fuzz_byte(&input);
    drawn = 0;
    server.self = &t;
    curve_begin(&t.client, bus.public_key, &fuzzer);
    lq_zmtp_begin(&t.zmtp, &t.out);
    FUZZ_REQUIRE(lq_buffer_size(&t.out) == LQ_ZMTP_GREETING);
    t.out.begin = t.out.end;
    speak(&t, first % 5, &input);
    lq_zmtp_end(&t.zmtp);
    lq_buffer_free(&t.in);
    lq_buffer_free(&t.out);
    return 0;
}
