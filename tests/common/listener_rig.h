// A listener over real connections, and guests who connect to it, all in one thread. For the tests
// of the listener.
#pragma once

#include "common/zmtp_client.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "bus/listen/listener.h"

enum {
    PATIENCE_MS = 60000, // what takes longer hangs
    HANDSHAKE_MS = 4000,
    PART_LIMIT = 300 * 1000,
    FRESH_HEARD = 8,
};

// What was heard, in order.
struct note {
    uint64_t from;
    bool well_formed;
    uint8_t kind;
    struct lq_buffer body;
};

struct rig {
    struct lq_listener *listener;
    struct lq_key_pair bus, keys;
    uint8_t bus_public[32], public_key[32], secret_key[32];
    char endpoint[LQ_ENDPOINT_TEXT];
    bool admits;
    unsigned asked;
    struct note *heard;
    size_t heard_count, heard_room;
    struct guest *guests; // whoever is to be kept going
    struct rig *next;
};

static struct rig *rigs;
static struct rlimit all_files;

enum step { CONNECTS, AWAITS_GREETING, AWAITS_WELCOME, AWAITS_READY, IN, GONE };

// Somebody outside, as far as `wants` lets him come.
struct guest {
    int fd;
    enum step step, wants;
    struct half half;
    struct lq_buffer in, last; // `last`: the last message, its parts one behind the other
    unsigned received, more;
    bool refused, deaf;
    struct guest *next;
};

// ---------------------------------------------------------------- the listener

static inline bool admits(void *self, const char key[LQ_KEY_TEXT])
{
    struct rig *rig = self;
    rig->asked++;
    assert_string_equal(key, rig->keys.public_key);
    return rig->admits;
}

static inline void listen_at(struct rig *rig, const char *endpoint, char bound[LQ_ENDPOINT_TEXT])
{
    if (lq_listener_bind(rig->listener, endpoint, bound) != LQ_OK)
        fail_msg("%s", lq_fault_text());
}

static inline struct rig *open_rig(unsigned parts)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    assert_int_equal(lq_keys_generate(&rig->bus), LQ_OK);
    assert_int_equal(lq_keys_generate(&rig->keys), LQ_OK);
    assert_non_null(zmq_z85_decode(rig->bus_public, rig->bus.public_key));
    assert_non_null(zmq_z85_decode(rig->public_key, rig->keys.public_key));
    assert_non_null(zmq_z85_decode(rig->secret_key, rig->keys.secret_key));
    rig->admits = true;
    const struct lq_listener_config config = {
        .keys = rig->bus, .admits = admits, .self = rig, .part_limit = PART_LIMIT, .parts = parts};
    assert_int_equal(lq_listener_open(&config, &rig->listener), LQ_OK);
    listen_at(rig, "tcp://127.0.0.1:*", rig->endpoint);
    rig->next = rigs;
    rigs = rig;
    return rig;
}

static inline void forget_heard(struct rig *rig)
{
    for (size_t i = 0; i < rig->heard_count; i++)
        lq_buffer_free(&rig->heard[i].body);
    rig->heard_count = 0;
}

static inline void note(struct rig *rig, const struct lq_listener_message *message)
{
    if (rig->heard_count == rig->heard_room) {
        rig->heard_room = rig->heard_room == 0 ? FRESH_HEARD : 2 * rig->heard_room;
        rig->heard = realloc(rig->heard, rig->heard_room * sizeof *rig->heard);
        assert_non_null(rig->heard);
    }
    struct note *n = &rig->heard[rig->heard_count++];
    *n = (struct note){
        .from = message->from, .well_formed = message->well_formed, .kind = message->kind};
    assert_string_equal(message->key, rig->keys.public_key);
    if (message->body.size > 0)
        lq_buffer_add(&n->body, message->body.data, message->body.size);
}

static inline unsigned connections(const struct rig *rig)
{
    return lq_listener_counters(rig->listener)->connections;
}

static inline unsigned newcomers(const struct rig *rig)
{
    return lq_listener_counters(rig->listener)->newcomers;
}

static inline uint64_t gone(const struct rig *rig)
{
    return lq_listener_counters(rig->listener)->gone;
}

// ---------------------------------------------------------------- guests

static inline int connect_to(const char *endpoint)
{
    const long port = strtol(strrchr(endpoint, ':') + 1, NULL, 10);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static inline struct guest *guest_at(struct rig *rig, const char *endpoint, enum step wants)
{
    struct guest *guest = calloc(1, sizeof *guest);
    assert_non_null(guest);
    half_begin(&guest->half, rig->bus_public, rig->public_key, rig->secret_key);
    guest->fd = connect_to(endpoint);
    guest->wants = wants;
    guest->next = rig->guests;
    rig->guests = guest;
    return guest;
}

static inline struct guest *begin_guest(struct rig *rig, enum step wants)
{
    return guest_at(rig, rig->endpoint, wants);
}

// What the system does not take now stays for the next time.
static inline void push(struct guest *guest)
{
    struct lq_buffer *out = &guest->half.out;
    while (guest->step != GONE && lq_buffer_size(out) > 0) {
        const ssize_t sent = send(guest->fd, out->bytes + out->begin, lq_buffer_size(out),
                                  MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN)
            guest->step = GONE;
        if (sent < 0)
            return;
        out->begin += (size_t)sent;
    }
}

static inline void take_frame(struct guest *guest, uint8_t *body, size_t size)
{
    if (guest->step == AWAITS_WELCOME) {
        assert_true(half_take_welcome(&guest->half, lq_span(body, size)));
        guest->step = AWAITS_READY;
        if (guest->wants >= AWAITS_READY)
            half_initiate(&guest->half, HALF_DEALER);
    } else if (guest->step == AWAITS_READY) {
        guest->refused = size == 10 && memcmp(body,
                                              "\x05"
                                              "ERROR\x03"
                                              "400",
                                              10) == 0;
        if (guest->refused)
            return;
        (void)half_open_ready(&guest->half, body, size);
        guest->step = IN;
    } else {
        const struct lq_span plain = half_open_message(&guest->half, body, size);
        if (guest->more == 0)
            guest->last.begin = guest->last.end;
        lq_buffer_add(&guest->last, plain.data + 1, plain.size - 1);
        guest->more = plain.data[0] & LQ_ZMTP_MORE;
        guest->received += guest->more == 0;
    }
}

static inline void take_greeting(struct guest *guest)
{
    if (guest->step == CONNECTS && guest->wants > CONNECTS) {
        half_greet(&guest->half);
        guest->step = AWAITS_GREETING;
    }
    if (guest->step != AWAITS_GREETING || lq_buffer_size(&guest->in) < LQ_ZMTP_GREETING)
        return;
    guest->in.begin += LQ_ZMTP_GREETING;
    guest->step = AWAITS_WELCOME;
    if (guest->wants >= AWAITS_WELCOME)
        half_hello(&guest->half);
}

static inline void pull(struct guest *guest)
{
    enum { SOME = 256 * 1024 };
    uint8_t *body;
    size_t size;
    ssize_t got;
    if (guest->deaf || guest->step == GONE)
        return;
    got = recv(guest->fd, lq_buffer_reserve(&guest->in, SOME), SOME, MSG_DONTWAIT);
    if (got > 0)
        guest->in.end += (size_t)got;
    take_greeting(guest);
    while (guest->step >= AWAITS_WELCOME && half_frame(&guest->in, &body, &size))
        take_frame(guest, body, size);
    if (got == 0 || (got < 0 && errno != EAGAIN))
        guest->step = GONE;
}

static inline void turn(struct rig *rig)
{
    struct lq_listener_message message;
    struct pollfd ready = {.fd = lq_listener_fd(rig->listener), .events = POLLIN};
    for (struct guest *guest = rig->guests; guest != NULL; guest = guest->next) {
        pull(guest);
        push(guest);
    }
    (void)poll(&ready, 1, 1);
    while (lq_listener_next(rig->listener, &message))
        note(rig, &message);
    lq_listener_flush(rig->listener);
}

#define UNTIL(rig, condition)                                                                      \
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; !(condition); turn(rig))              \
    assert_true(lq_steady_ms() < until)

static inline void forget_guest(struct rig *rig, struct guest *guest)
{
    struct guest **at = &rig->guests;
    while (*at != guest)
        at = &(*at)->next;
    *at = guest->next;
    close(guest->fd);
    half_end(&guest->half);
    lq_buffer_free(&guest->in);
    lq_buffer_free(&guest->last);
    free(guest);
}

// Hangs up, and the listener notices.
static inline void leave(struct rig *rig, struct guest *guest)
{
    const uint64_t were_gone = gone(rig);
    const bool was_there = guest->step != GONE;
    forget_guest(rig, guest);
    if (was_there)
        UNTIL(rig, gone(rig) > were_gone);
}

static inline struct guest *come_in_at(struct rig *rig, const char *endpoint)
{
    struct guest *guest = guest_at(rig, endpoint, IN);
    UNTIL(rig, guest->step == IN);
    return guest;
}

static inline struct guest *come_in(struct rig *rig)
{
    return come_in_at(rig, rig->endpoint);
}

static inline void close_rig(struct rig *rig)
{
    struct rig **at = &rigs;
    while (*at != rig)
        at = &(*at)->next;
    *at = rig->next;
    lq_listener_close(rig->listener); // with whatever is under way
    while (rig->guests != NULL)
        forget_guest(rig, rig->guests);
    forget_heard(rig);
    free(rig->heard);
    free(rig);
}

// ---------------------------------------------------------------- saying and hearing

static inline void say(struct guest *guest, const char *text)
{
    half_say(&guest->half, 0, lq_span_text(text));
}

// The only thing that was heard since it was last looked at; the number it came from.
static inline uint64_t expect_heard(struct rig *rig, const char *text)
{
    UNTIL(rig, rig->heard_count > 0);
    const struct note *n = &rig->heard[0];
    assert_int_equal(rig->heard_count, 1);
    assert_true(n->well_formed);
    assert_true(lq_span_equal(lq_buffer_span(&n->body), lq_span_text(text)));
    const uint64_t from = n->from;
    forget_heard(rig);
    return from;
}

static inline uint64_t number_of(struct rig *rig, struct guest *guest)
{
    say(guest, "who am I?");
    return expect_heard(rig, "who am I?");
}

static inline void expect_told(struct rig *rig, struct guest *guest, struct lq_span bytes)
{
    const unsigned before = guest->received;
    UNTIL(rig, guest->received > before);
    assert_int_equal(guest->received, before + 1);
    assert_true(lq_span_equal(lq_buffer_span(&guest->last), bytes));
}

// He is served as if nothing was the matter.
static inline void expect_served(struct rig *rig, struct guest *guest)
{
    const uint64_t from = number_of(rig, guest);
    assert_int_equal(lq_listener_put(rig->listener, from, NULL, lq_span_text("you are you")), 0);
    lq_listener_flush(rig->listener);
    expect_told(rig, guest, lq_span_text("you are you"));
}

static inline void hang_up_hard(struct guest *guest)
{
    const struct linger at_once = {.l_onoff = 1};
    assert_int_equal(setsockopt(guest->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(guest->fd);
    guest->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); // another in its place
    guest->step = GONE;
}

// What a test that failed has left open or lowered does not fail those after it.
static inline int clean_up(void **state)
{
    (void)state;
    while (rigs != NULL)
        close_rig(rigs);
    return setrlimit(RLIMIT_NOFILE, &all_files);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean_up)
