// The door over real connections, in one thread: whoever is in is heard whole and in order, and who
// does not read, goes, talks nonsense or only stands there costs nobody but himself.
#include "common/zmtp_client.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/time.h"
#include "bus/door.h"

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
    struct lq_door *door;
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

// ---------------------------------------------------------------- the door

static bool admits(void *self, const char key[LQ_KEY_TEXT])
{
    struct rig *rig = self;
    rig->asked++;
    assert_string_equal(key, rig->keys.public_key);
    return rig->admits;
}

static void listen_at(struct rig *rig, const char *endpoint, char bound[LQ_ENDPOINT_TEXT])
{
    if (lq_door_listen(rig->door, endpoint, bound) != LQ_OK)
        fail_msg("%s", lq_fault_text());
}

static struct rig *open_rig(unsigned parts)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    assert_int_equal(lq_keys_generate(&rig->bus), LQ_OK);
    assert_int_equal(lq_keys_generate(&rig->keys), LQ_OK);
    assert_non_null(zmq_z85_decode(rig->bus_public, rig->bus.public_key));
    assert_non_null(zmq_z85_decode(rig->public_key, rig->keys.public_key));
    assert_non_null(zmq_z85_decode(rig->secret_key, rig->keys.secret_key));
    rig->admits = true;
    const struct lq_door_config config = {
        .keys = rig->bus, .admits = admits, .self = rig, .part_limit = PART_LIMIT, .parts = parts};
    assert_int_equal(lq_door_open(&config, &rig->door), LQ_OK);
    listen_at(rig, "tcp://127.0.0.1:*", rig->endpoint);
    rig->next = rigs;
    rigs = rig;
    return rig;
}

static void forget_heard(struct rig *rig)
{
    for (size_t i = 0; i < rig->heard_count; i++)
        lq_buffer_free(&rig->heard[i].body);
    rig->heard_count = 0;
}

static void note(struct rig *rig, const struct lq_door_message *message)
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

static unsigned connections(const struct rig *rig)
{
    return lq_door_counters(rig->door)->connections;
}

static unsigned newcomers(const struct rig *rig)
{
    return lq_door_counters(rig->door)->newcomers;
}

static uint64_t gone(const struct rig *rig)
{
    return lq_door_counters(rig->door)->gone;
}

// ---------------------------------------------------------------- guests

static int connect_to(const char *endpoint)
{
    const int port = atoi(strrchr(endpoint, ':') + 1);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static struct guest *guest_at(struct rig *rig, const char *endpoint, enum step wants)
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

static struct guest *begin_guest(struct rig *rig, enum step wants)
{
    return guest_at(rig, rig->endpoint, wants);
}

// What the system does not take now stays for the next time.
static void push(struct guest *guest)
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

static void take_frame(struct guest *guest, uint8_t *body, size_t size)
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

static void take_greeting(struct guest *guest)
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

static void pull(struct guest *guest)
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

static void turn(struct rig *rig)
{
    struct lq_door_message message;
    struct pollfd door = {.fd = lq_door_fd(rig->door), .events = POLLIN};
    for (struct guest *guest = rig->guests; guest != NULL; guest = guest->next) {
        pull(guest);
        push(guest);
    }
    (void)poll(&door, 1, 1);
    while (lq_door_next(rig->door, &message))
        note(rig, &message);
    lq_door_flush(rig->door);
}

#define UNTIL(rig, condition)                                                                      \
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; !(condition); turn(rig))              \
    assert_true(lq_steady_ms() < until)

static void forget_guest(struct rig *rig, struct guest *guest)
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

// Hangs up, and the door notices.
static void leave(struct rig *rig, struct guest *guest)
{
    const uint64_t were_gone = gone(rig);
    const bool was_there = guest->step != GONE;
    forget_guest(rig, guest);
    if (was_there)
        UNTIL(rig, gone(rig) > were_gone);
}

static struct guest *come_in_at(struct rig *rig, const char *endpoint)
{
    struct guest *guest = guest_at(rig, endpoint, IN);
    UNTIL(rig, guest->step == IN);
    return guest;
}

static struct guest *come_in(struct rig *rig)
{
    return come_in_at(rig, rig->endpoint);
}

static void close_rig(struct rig *rig)
{
    struct rig **at = &rigs;
    while (*at != rig)
        at = &(*at)->next;
    *at = rig->next;
    lq_door_close(rig->door); // with whatever is under way
    while (rig->guests != NULL)
        forget_guest(rig, rig->guests);
    forget_heard(rig);
    free(rig->heard);
    free(rig);
}

// ---------------------------------------------------------------- saying and hearing

static void say(struct guest *guest, const char *text)
{
    half_say(&guest->half, 0, lq_span_text(text));
}

// The only thing that was heard since it was last looked at; the number it came from.
static uint64_t expect_heard(struct rig *rig, const char *text)
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

static uint64_t number_of(struct rig *rig, struct guest *guest)
{
    say(guest, "who am I?");
    return expect_heard(rig, "who am I?");
}

static void expect_told(struct rig *rig, struct guest *guest, struct lq_span bytes)
{
    const unsigned before = guest->received;
    UNTIL(rig, guest->received > before);
    assert_int_equal(guest->received, before + 1);
    assert_true(lq_span_equal(lq_buffer_span(&guest->last), bytes));
}

// He is served as if nothing was the matter.
static void expect_served(struct rig *rig, struct guest *guest)
{
    const uint64_t from = number_of(rig, guest);
    assert_int_equal(lq_door_put(rig->door, from, NULL, lq_span_text("you are you")), 0);
    lq_door_flush(rig->door);
    expect_told(rig, guest, lq_span_text("you are you"));
}

static void each_is_heard_and_answered_by_his_number(void **state)
{
    (void)state;
    enum { GUESTS = 5 };
    struct rig *rig = open_rig(1);
    struct guest *guests[GUESTS];
    uint64_t numbers[GUESTS];
    for (int i = 0; i < GUESTS; i++)
        guests[i] = come_in(rig);
    assert_int_equal(rig->asked, GUESTS);
    assert_int_equal(connections(rig), GUESTS);
    assert_int_equal(newcomers(rig), 0);
    for (int i = 0; i < GUESTS; i++)
        numbers[i] = number_of(rig, guests[i]);
    for (int i = 0; i < GUESTS; i++) {
        const uint8_t name = (uint8_t)i;
        assert_int_equal(lq_door_put(rig->door, numbers[i], NULL, lq_span(&name, 1)), 0);
    }
    lq_door_flush(rig->door);
    for (uint8_t i = 0; i < GUESTS; i++) {
        UNTIL(rig, guests[i]->received == 1);
        assert_int_equal(lq_buffer_size(&guests[i]->last), 1);
        assert_int_equal(guests[i]->last.bytes[guests[i]->last.begin], i);
    }
    close_rig(rig);
}

static void *open_socket(struct rig *rig, void *context, int type)
{
    const int at_once = 0;
    void *socket = zmq_socket(context, type);
    assert_non_null(socket);
    zmq_setsockopt(socket, ZMQ_LINGER, &at_once, sizeof at_once);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, rig->bus.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, rig->keys.public_key, LQ_KEY_TEXT);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, rig->keys.secret_key, LQ_KEY_TEXT);
    assert_int_equal(zmq_connect(socket, rig->endpoint), 0);
    return socket;
}

// libzmq's client, who was not written from the same reading of the protocol as the two here.
static void libzmq_talks_with_it(void **state)
{
    (void)state;
    static uint8_t big[100 * 1000], back[sizeof big];
    struct rig *rig = open_rig(1);
    void *context = zmq_ctx_new(), *socket = open_socket(rig, context, ZMQ_DEALER);
    randombytes_buf(big, sizeof big);
    for (size_t size = 0; size <= sizeof big; size = 3 * size + 1) {
        assert_int_equal(zmq_send(socket, big, size, ZMQ_DONTWAIT), size);
        UNTIL(rig, rig->heard_count == 1);
        const struct note *n = &rig->heard[0];
        assert_true(lq_span_equal(lq_buffer_span(&n->body), lq_span(big, size)));
        assert_int_equal(lq_door_put(rig->door, n->from, NULL, lq_span(big, size)), 0);
        forget_heard(rig);
        int got = -1;
        UNTIL(rig, (got = zmq_recv(socket, back, sizeof back, ZMQ_DONTWAIT)) >= 0);
        assert_int_equal(got, size);
        assert_memory_equal(back, big, size);
    }
    zmq_close(socket);
    UNTIL(rig, gone(rig) == 1);
    zmq_ctx_term(context);
    close_rig(rig);
}

// A REQ puts an empty part before what it says: another form than ours, and told as that.
static void a_req_of_libzmq_is_told_as_another_form(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    void *context = zmq_ctx_new(), *socket = open_socket(rig, context, ZMQ_REQ);
    assert_int_equal(zmq_send(socket, "hello", 5, ZMQ_DONTWAIT), 5);
    UNTIL(rig, rig->heard_count == 1);
    assert_false(rig->heard[0].well_formed);
    zmq_close(socket);
    zmq_ctx_term(context);
    close_rig(rig);
}

static void a_key_that_is_not_admitted_is_told_so_and_counted(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *guest = begin_guest(rig, IN);
    rig->admits = false;
    UNTIL(rig, guest->step == GONE);
    assert_true(guest->refused);
    assert_int_equal(rig->asked, 1);
    assert_int_equal(connections(rig), 0);
    assert_int_equal(gone(rig), 1);
    assert_int_equal(lq_door_counters(rig->door)->turned_away, 1);
    assert_string_equal(lq_door_counters(rig->door)->last_key, rig->keys.public_key);
    rig->admits = true; // from now on
    expect_served(rig, come_in(rig));
    assert_int_equal(lq_door_counters(rig->door)->turned_away, 1);
    close_rig(rig);
}

// ---------------------------------------------------------------- whole and in order

static struct lq_span nth_body(size_t n)
{
    static uint8_t bytes[PART_LIMIT];
    static const size_t sizes[] = {0, 10, 1000, 65536 - 33, 65536, 200000, PART_LIMIT};
    const size_t size = n % 10 == 0 ? sizes[n / 10 % 7] : n % 300;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256 + n);
    return lq_span(bytes, size);
}

static void what_comes_in_pieces_or_all_at_once_is_heard_in_order(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    for (size_t n = 0; n < COUNT; n++)
        half_say(&guest->half, 0, nth_body(n));
    UNTIL(rig, rig->heard_count == COUNT);
    for (size_t n = 0; n < COUNT; n++)
        assert_true(lq_span_equal(lq_buffer_span(&rig->heard[n].body), nth_body(n)));
    forget_heard(rig);
    struct lq_buffer all = {0};
    say(guest, "byte by byte");
    lq_buffer_add(&all, guest->half.out.bytes + guest->half.out.begin,
                  lq_buffer_size(&guest->half.out));
    guest->half.out.begin = guest->half.out.end;
    while (lq_buffer_size(&all) > 0) {
        assert_int_equal(rig->heard_count, 0);
        lq_buffer_add(&guest->half.out, all.bytes + all.begin++, 1);
        turn(rig);
    }
    lq_buffer_free(&all);
    (void)expect_heard(rig, "byte by byte");
    close_rig(rig);
}

static void what_was_said_before_hanging_up_is_heard(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    say(guest, "last words");
    push(guest);
    forget_guest(rig, guest);
    (void)expect_heard(rig, "last words");
    UNTIL(rig, gone(rig) == 1);
    close_rig(rig);
}

static void a_part_that_is_too_large_ends_the_connection(void **state)
{
    (void)state;
    static uint8_t large[PART_LIMIT + 1];
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig), *other = come_in(rig);
    half_say(&guest->half, 0, lq_span(large, PART_LIMIT));
    UNTIL(rig, rig->heard_count == 1);
    forget_heard(rig);
    half_say(&guest->half, 0, lq_span(large, sizeof large));
    UNTIL(rig, guest->step == GONE);
    assert_int_equal(rig->heard_count, 0);
    expect_served(rig, other);
    close_rig(rig);
}

// ---------------------------------------------------------------- the form

static void say_parts(struct guest *guest, unsigned count, const char *first)
{
    for (unsigned i = 0; i < count; i++)
        half_say(&guest->half, i + 1 < count ? LQ_ZMTP_MORE : 0,
                 lq_span_text(i == 0 ? first : "part"));
}

// Told once, with nothing in it; and the next one is fine.
static void expect_malformed(struct rig *rig, size_t index)
{
    UNTIL(rig, rig->heard_count > index);
    const struct note *n = &rig->heard[index];
    assert_false(n->well_formed);
    assert_int_equal(n->kind, 0);
    assert_int_equal(lq_buffer_size(&n->body), 0);
}

static void a_message_of_more_parts_is_told_as_such_and_the_next_is_fine(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    say_parts(guest, 2, "");
    say_parts(guest, 1, "fine");
    say_parts(guest, 500, "many");
    say_parts(guest, 3, "k");
    say_parts(guest, 1, "fine");
    UNTIL(rig, rig->heard_count == 5);
    const bool fine[] = {false, true, false, false, true};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rig->heard[i].from, rig->heard[0].from);
        if (!fine[i])
            expect_malformed(rig, i);
        else
            assert_true(lq_span_equal(lq_buffer_span(&rig->heard[i].body), lq_span_text("fine")));
    }
    close_rig(rig);
}

static void a_message_of_two_parts_has_a_kind_of_one_byte(void **state)
{
    (void)state;
    struct rig *rig = open_rig(2);
    struct guest *guest = come_in(rig);
    say_parts(guest, 1, "k");
    say_parts(guest, 2, "");
    say_parts(guest, 2, "kk");
    say_parts(guest, 3, "k");
    say_parts(guest, 300, "k");
    UNTIL(rig, rig->heard_count == 5);
    for (size_t i = 0; i < 5; i++)
        expect_malformed(rig, i);
    forget_heard(rig);
    say_parts(guest, 2, "k");
    UNTIL(rig, rig->heard_count == 1);
    const struct note *n = &rig->heard[0];
    assert_true(n->well_formed);
    assert_int_equal(n->kind, 'k');
    assert_true(lq_span_equal(lq_buffer_span(&n->body), lq_span_text("part")));
    const uint8_t kind = 'A';
    assert_int_equal(lq_door_put(rig->door, n->from, &kind, lq_span_text("nswer")), 0);
    lq_door_flush(rig->door);
    expect_told(rig, guest, lq_span_text("Answer"));
    close_rig(rig);
}

// The parts of two who speak at the same time are not taken for one another's.
static void parts_of_several_do_not_mix(void **state)
{
    (void)state;
    struct rig *rig = open_rig(2);
    struct guest *one = come_in(rig), *two = come_in(rig);
    half_say(&one->half, LQ_ZMTP_MORE, lq_span_text("1"));
    half_say(&two->half, LQ_ZMTP_MORE, lq_span_text("2"));
    push(one);
    push(two);
    turn(rig);
    half_say(&two->half, 0, lq_span_text("two"));
    UNTIL(rig, rig->heard_count == 1);
    half_say(&one->half, 0, lq_span_text("one"));
    UNTIL(rig, rig->heard_count == 2);
    assert_int_equal(rig->heard[0].kind, '2');
    assert_int_equal(rig->heard[1].kind, '1');
    assert_true(lq_span_equal(lq_buffer_span(&rig->heard[1].body), lq_span_text("one")));
    close_rig(rig);
}

// ---------------------------------------------------------------- numbers

static void a_number_is_never_given_twice(void **state)
{
    (void)state;
    enum { VISITS = 200 };
    static uint64_t numbers[VISITS];
    struct rig *rig = open_rig(1);
    for (int i = 0; i < VISITS; i++) {
        struct guest *guest = come_in(rig);
        numbers[i] = number_of(rig, guest);
        if (i % 20 != 0)
            leave(rig, guest); // or his slot would always be the same
        for (int j = 0; j < i; j++)
            assert_true(numbers[j] != numbers[i]);
    }
    for (int i = 0; i < VISITS; i++)
        assert_int_equal(lq_door_put(rig->door, numbers[i], NULL, lq_span_text("?")),
                         i % 20 == 0 ? 0 : EHOSTUNREACH);
    close_rig(rig);
}

static void to_numbers_that_nobody_has_nothing_is_sent(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    static const uint64_t nobody[] = {0, 1, 63, 64, UINT32_MAX, UINT64_MAX, (uint64_t)1 << 32 | 99};
    struct guest *stuck = begin_guest(rig, AWAITS_WELCOME); // not in yet, whatever its number is
    UNTIL(rig, stuck->step == AWAITS_READY);
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++)
        assert_int_equal(lq_door_put(rig->door, nobody[i], NULL, lq_span_text("?")), EHOSTUNREACH);
    for (uint64_t slot = 0; slot < 64; slot++)
        assert_int_equal(lq_door_put(rig->door, (uint64_t)1 << 32 | slot, NULL, lq_span_text("?")),
                         EHOSTUNREACH);
    close_rig(rig);
}

static void hang_up_hard(struct guest *guest)
{
    const struct linger at_once = {.l_onoff = 1};
    assert_int_equal(setsockopt(guest->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(guest->fd);
    guest->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); // another in its place
    guest->step = GONE;
}

// What is answered at once may find that the asker has gone, in the middle of what he said.
static void lose_one_who_is_being_heard(size_t size)
{
    struct rig *rig = open_rig(1);
    struct guest *guest = come_in(rig);
    struct lq_door_message message;
    static uint8_t body[PART_LIMIT];
    memset(body, 'x', sizeof body);
    half_say(&guest->half, 0, lq_span(body, size));
    half_say(&guest->half, 0, lq_span(body, size));
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; !lq_door_next(rig->door, &message);) {
        assert_true(lq_steady_ms() < until);
        push(guest);
        lq_door_flush(rig->door);
    }
    hang_up_hard(guest);
    for (int i = 0; i < 3; i++) {
        (void)!lq_door_put(rig->door, message.from, NULL, lq_span_text("yes"));
        lq_door_flush(rig->door);
    }
    assert_string_equal(message.key, rig->keys.public_key); // lent until the next call
    assert_true(lq_span_equal(message.body, lq_span(body, size)));
    while (lq_door_next(rig->door, &message))
        continue;
    lq_door_flush(rig->door);
    UNTIL(rig, connections(rig) == 0);
    expect_served(rig, come_in(rig));
    close_rig(rig);
}

static void one_who_goes_while_he_is_heard_is_let_go_afterwards(void **state)
{
    (void)state;
    lose_one_who_is_being_heard(10);
    lose_one_who_is_being_heard(100 * 1000); // more than is read at a time
}

// ---------------------------------------------------------------- who does not read

// So many messages until there is no more room for him. Each begins with its number.
static unsigned fill(struct rig *rig, uint64_t number)
{
    static uint8_t body[64 * 1024];
    unsigned count = 0;
    int problem;
    do {
        lq_zmtp_put_u64(body, count);
        problem = lq_door_put(rig->door, number, NULL, lq_span(body, sizeof body));
        lq_door_flush(rig->door);
        count += problem == 0;
        assert_true(count < 4096); // 256 MiB
    } while (problem == 0);
    assert_int_equal(problem, EAGAIN);
    assert_true(count >= 64); // 4 MiB, and what the system holds
    return count;
}

static void one_who_does_not_read_is_told_no_and_others_are_served(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *deaf = come_in(rig), *other = come_in(rig);
    const uint64_t number = number_of(rig, deaf);
    deaf->deaf = true;
    const unsigned count = fill(rig, number);
    for (int i = 0; i < 10; i++)
        expect_served(rig, other);
    assert_int_equal(lq_door_put(rig->door, number, NULL, lq_span_text("?")), EAGAIN);
    deaf->deaf = false;
    while (deaf->received < count) {
        const unsigned before = deaf->received;
        UNTIL(rig, deaf->received > before);
        assert_int_equal(lq_zmtp_get_u64(deaf->last.bytes + deaf->last.begin), deaf->received - 1);
    }
    assert_int_equal(deaf->received, count);
    expect_served(rig, deaf); // now he is again
    close_rig(rig);
}

static void one_with_too_much_unread_is_not_heard_until_he_reads(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *deaf = come_in(rig), *other = come_in(rig);
    const uint64_t number = number_of(rig, deaf);
    deaf->deaf = true;
    const unsigned count = fill(rig, number);
    say(deaf, "more!");
    push(deaf);
    for (int i = 0; i < 10; i++)
        expect_served(rig, other); // and nobody else is heard
    deaf->deaf = false;
    assert_int_equal(expect_heard(rig, "more!"), number);
    UNTIL(rig, deaf->received == count);
    close_rig(rig);
}

static void one_who_goes_with_much_unread_leaves_nothing(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *deaf = come_in(rig);
    const uint64_t number = number_of(rig, deaf);
    deaf->deaf = true;
    (void)fill(rig, number);
    hang_up_hard(deaf);
    UNTIL(rig, connections(rig) == 0);
    assert_int_equal(lq_door_put(rig->door, number, NULL, lq_span_text("?")), EHOSTUNREACH);
    expect_served(rig, come_in(rig));
    close_rig(rig);
}

// ---------------------------------------------------------------- newcomers

static void a_handshake_that_takes_too_long_is_ended(void **state)
{
    (void)state;
    static const enum step stuck[] = {CONNECTS, AWAITS_GREETING, AWAITS_WELCOME};
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *guests[3];
    const int64_t before = lq_steady_ms();
    for (int i = 0; i < 3; i++)
        guests[i] = begin_guest(rig, stuck[i]);
    UNTIL(rig, newcomers(rig) == 3 && guests[2]->step == AWAITS_READY);
    lq_door_tend(rig->door, before + HANDSHAKE_MS - 1);
    assert_int_equal(newcomers(rig), 3);
    lq_door_tend(rig->door, lq_steady_ms() + HANDSHAKE_MS);
    assert_int_equal(newcomers(rig), 0);
    assert_int_equal(gone(rig), 3);
    for (int i = 0; i < 3; i++)
        UNTIL(rig, guests[i]->step == GONE);
    lq_door_tend(rig->door, lq_steady_ms() + 1000 * HANDSHAKE_MS); // who is in has all the time
    assert_int_equal(gone(rig), 3);
    expect_served(rig, in);
    close_rig(rig);
}

static void a_crowd_that_only_stands_there_keeps_nobody_from_being_heard(void **state)
{
    (void)state;
    enum { CROWD = 300 };
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig);
    for (int i = 0; i < CROWD; i++)
        (void)begin_guest(rig, i % 2 == 0 ? CONNECTS : AWAITS_WELCOME);
    UNTIL(rig, newcomers(rig) == CROWD);
    for (int i = 0; i < 10; i++)
        expect_served(rig, in);
    expect_served(rig, come_in(rig));
    assert_int_equal(newcomers(rig), CROWD);
    close_rig(rig);
}

// Of those who have something to say, strangers get eight steps in a turn, and whoever is in his
// turn.
static void a_flood_of_strangers_gets_a_part_of_each_turn(void **state)
{
    (void)state;
    enum { FLOOD = 200, STEPS = 8 };
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *flood[FLOOD];
    for (int i = 0; i < FLOOD; i++)
        flood[i] = begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == FLOOD);
    for (int i = 0; i < FLOOD; i++)
        (void)!send(flood[i]->fd, lq_buffer_reserve(&flood[i]->in, 64), 64, MSG_NOSIGNAL);
    say(in, "let me through");
    push(in);
    unsigned left_when_heard = 0;
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; newcomers(rig) > 0;) {
        const uint64_t before = gone(rig);
        turn(rig);
        assert_in_range(gone(rig) - before, 0, STEPS);
        if (rig->heard_count == 1 && left_when_heard == 0)
            left_when_heard = newcomers(rig);
        assert_true(lq_steady_ms() < until);
    }
    assert_true(left_when_heard > 0);
    close_rig(rig);
}

// ---------------------------------------------------------------- endpoints

static bool has_ipv6(void)
{
    const struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool there = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return there;
}

static void expect_bound(struct rig *rig, const char *endpoint, const char *prefix)
{
    char bound[LQ_ENDPOINT_TEXT];
    listen_at(rig, endpoint, bound);
    assert_memory_equal(bound, prefix, strlen(prefix));
    assert_in_range(atoi(bound + strlen(prefix)), 1, 65535);
    if (strchr(bound, '[') == NULL)
        expect_served(rig, come_in_at(rig, bound));
}

static void it_listens_at_addresses_names_and_everywhere(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    expect_bound(rig, "tcp://127.0.0.1:*", "tcp://127.0.0.1:");
    expect_bound(rig, "tcp://127.0.0.1:0", "tcp://127.0.0.1:");
    expect_bound(rig, "tcp://*:*", "tcp://0.0.0.0:");
    if (has_ipv6())
        expect_bound(rig, "tcp://[::1]:*", "tcp://[::1]:");
    expect_served(rig, come_in(rig)); // the first is still open
    close_rig(rig);
}

// libzmq's clients, who look names up as IPv4, must find it.
static void a_name_that_is_an_address_of_ipv4_is_listened_at_there(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    expect_bound(rig, "tcp://localhost:*", "tcp://127.0.0.1:");
    close_rig(rig);
}

static void a_port_that_is_taken_is_told_as_busy(void **state)
{
    (void)state;
    char bound[LQ_ENDPOINT_TEXT];
    struct rig *rig = open_rig(1), *second = open_rig(1);
    assert_int_equal(lq_door_listen(second->door, rig->endpoint, bound), LQ_E_BUSY);
    assert_non_null(strstr(lq_fault_text(), rig->endpoint));
    expect_served(rig, come_in(rig));
    expect_served(second, come_in(second));
    char endpoint[LQ_ENDPOINT_TEXT];
    strcpy(endpoint, rig->endpoint);
    close_rig(rig);
    assert_int_equal(lq_door_listen(second->door, endpoint, bound), LQ_OK); // free again
    assert_string_equal(bound, endpoint);
    close_rig(second);
}

static void what_is_no_endpoint_is_refused_with_what_one_is(void **state)
{
    (void)state;
    static const char *const nonsense[] = {
        "",
        "tcp",
        "tcp:",
        "tcp://",
        "127.0.0.1:5555",
        "TCP://127.0.0.1:5555",
        "udp://127.0.0.1:5555",
        "unix:///tmp/x:5",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:",
        "tcp://:5555",
        "tcp://[]:5555",
        "tcp://127.0.0.1:12345678",
        "tcp://127.0.0.1:port",
        "tcp://127.0.0.1:5x",
        "tcp://127.0.0.1:-1",
        "tcp://127.0.0.1:+5",
        "tcp://127.0.0.1: 5",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:99999",
        "tcp://127.0.0.1:**",
    };
    char bound[LQ_ENDPOINT_TEXT], endless[1024] = "tcp://";
    struct rig *rig = open_rig(1);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        if (lq_door_listen(rig->door, nonsense[i], bound) != LQ_E_INPUT)
            fail_msg("\"%s\" is taken for an endpoint", nonsense[i]);
        if (strstr(lq_fault_text(), "tcp://ADDRESS:PORT") == NULL)
            fail_msg("\"%s\": %s", nonsense[i], lq_fault_text());
    }
    memset(endless + strlen(endless), 'a', 900);
    strcat(endless, ":5555");
    assert_int_equal(lq_door_listen(rig->door, endless, bound), LQ_E_INPUT);
    assert_int_equal(lq_door_listen(rig->door, "tcp://192.0.2.1:*", bound), LQ_E_IO); // not ours
    expect_served(rig, come_in(rig));
    close_rig(rig);
}

// ---------------------------------------------------------------- the limit of files

// A door that thinks that it may have FEW connections; the process itself may have all the files
// again as soon as it is open, since the guests are here too.
enum { FEW = 300, OTHER_FILES = 256 };

static void limit_files(rlim_t count)
{
    const struct rlimit limit = {.rlim_cur = count, .rlim_max = all_files.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static struct rig *open_small_rig(void)
{
    assert_true(all_files.rlim_cur > 3 * FEW);
    limit_files(FEW + OTHER_FILES);
    struct rig *rig = open_rig(1);
    limit_files(all_files.rlim_cur);
    return rig;
}

static void with_no_file_left_the_oldest_newcomer_makes_room(void **state)
{
    (void)state;
    struct rig *rig = open_small_rig();
    struct guest *oldest = begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == 1);
    for (int i = 1; i < FEW - 1; i++)
        (void)begin_guest(rig, CONNECTS);
    UNTIL(rig, newcomers(rig) == FEW - 1);
    assert_int_equal(gone(rig), 0);
    for (int i = 0; i < 3; i++)
        expect_served(rig, come_in(rig));
    assert_int_equal(oldest->step, GONE);
    assert_in_range(connections(rig), FEW - 3, FEW);
    close_rig(rig);
}

// Nobody has to go before there is somebody to make room for, and there is never one too many.
static void the_last_file_is_used_and_none_beyond(void **state)
{
    (void)state;
    enum { MORE = 20 };
    struct rig *rig = open_small_rig();
    for (int i = 0; i < FEW; i++)
        (void)begin_guest(rig, CONNECTS);
    UNTIL(rig, connections(rig) + gone(rig) == FEW);
    for (int i = 0; i < 20; i++)
        turn(rig);
    assert_int_equal(gone(rig), 0);
    assert_int_equal(newcomers(rig), FEW);
    leave(rig, rig->guests); // room for one, and a crowd waits
    for (int i = 0; i < MORE; i++)
        (void)begin_guest(rig, CONNECTS);
    for (const int64_t until = lq_steady_ms() + PATIENCE_MS; gone(rig) < MORE; turn(rig)) {
        assert_in_range(connections(rig), FEW - 2, FEW);
        assert_true(lq_steady_ms() < until);
    }
    close_rig(rig);
}

static void when_all_who_are_in_go_others_are_let_in_again(void **state)
{
    (void)state;
    struct rig *rig = open_small_rig();
    struct guest *first = NULL;
    while (connections(rig) < FEW) {
        struct guest *guest = come_in(rig); // the last one too
        first = first == NULL ? guest : first;
    }
    struct guest *late = begin_guest(rig, IN);
    for (int i = 0; i < 20; i++)
        turn(rig);
    assert_int_equal(connections(rig), FEW); // nobody of them had to go
    assert_int_equal(gone(rig), 0);
    assert_int_equal(late->step, AWAITS_GREETING);
    struct pollfd door = {.fd = lq_door_fd(rig->door), .events = POLLIN};
    assert_int_equal(poll(&door, 1, 0), 0); // it does not look all the time
    expect_served(rig, first);
    leave(rig, first);
    lq_door_tend(rig->door, lq_steady_ms() + 60000);
    UNTIL(rig, late->step == IN);
    expect_served(rig, late);
    close_rig(rig);
}

// Of two doorways that have somebody waiting at the same time, neither keeps the other closed.
static void two_endpoints_at_the_limit_let_in_both(void **state)
{
    (void)state;
    char second[LQ_ENDPOINT_TEXT];
    struct rig *rig = open_small_rig();
    listen_at(rig, "tcp://127.0.0.1:*", second);
    for (int i = 0; i < FEW; i++)
        (void)begin_guest(rig, CONNECTS);
    UNTIL(rig, connections(rig) + gone(rig) == FEW);
    for (int i = 0; i < 5; i++) {
        struct guest *one = begin_guest(rig, IN), *two = guest_at(rig, second, IN);
        UNTIL(rig, one->step == IN && two->step == IN); // without the clock's help
    }
    close_rig(rig);
}

static void when_the_system_has_no_file_it_rests_and_goes_on(void **state)
{
    (void)state;
    struct rig *rig = open_rig(1);
    struct guest *in = come_in(rig), *late = begin_guest(rig, IN);
    const int next = dup(in->fd); // the lowest number that is free
    close(next);
    limit_files((rlim_t)next);
    for (int i = 0; i < 5; i++)
        turn(rig);
    assert_int_equal(connections(rig), 1);
    struct pollfd door = {.fd = lq_door_fd(rig->door), .events = POLLIN};
    assert_int_equal(poll(&door, 1, 0), 0); // it does not try all the time
    expect_served(rig, in);
    limit_files(all_files.rlim_cur);
    lq_door_tend(rig->door, lq_steady_ms() + 60000);
    UNTIL(rig, late->step == IN);
    expect_served(rig, late);
    close_rig(rig);
}

// What a test that failed has left open or lowered does not fail those after it.
static int clean_up(void **state)
{
    (void)state;
    while (rigs != NULL)
        close_rig(rigs);
    return setrlimit(RLIMIT_NOFILE, &all_files);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_heard_and_answered_by_his_number),
        TEST(libzmq_talks_with_it),
        TEST(a_req_of_libzmq_is_told_as_another_form),
        TEST(a_key_that_is_not_admitted_is_told_so_and_counted),
        TEST(what_comes_in_pieces_or_all_at_once_is_heard_in_order),
        TEST(what_was_said_before_hanging_up_is_heard),
        TEST(a_part_that_is_too_large_ends_the_connection),
        TEST(a_message_of_more_parts_is_told_as_such_and_the_next_is_fine),
        TEST(a_message_of_two_parts_has_a_kind_of_one_byte),
        TEST(parts_of_several_do_not_mix),
        TEST(a_number_is_never_given_twice),
        TEST(to_numbers_that_nobody_has_nothing_is_sent),
        TEST(one_who_does_not_read_is_told_no_and_others_are_served),
        TEST(one_with_too_much_unread_is_not_heard_until_he_reads),
        TEST(one_who_goes_with_much_unread_leaves_nothing),
        TEST(a_handshake_that_takes_too_long_is_ended),
        TEST(a_crowd_that_only_stands_there_keeps_nobody_from_being_heard),
        TEST(a_flood_of_strangers_gets_a_part_of_each_turn),
        TEST(it_listens_at_addresses_names_and_everywhere),
        TEST(a_name_that_is_an_address_of_ipv4_is_listened_at_there),
        TEST(a_port_that_is_taken_is_told_as_busy),
        TEST(what_is_no_endpoint_is_refused_with_what_one_is),
        TEST(with_no_file_left_the_oldest_newcomer_makes_room),
        TEST(the_last_file_is_used_and_none_beyond),
        TEST(when_all_who_are_in_go_others_are_let_in_again),
        TEST(two_endpoints_at_the_limit_let_in_both),
        TEST(when_the_system_has_no_file_it_rests_and_goes_on),
        TEST(one_who_goes_while_he_is_heard_is_let_go_afterwards),
    };
    if (getrlimit(RLIMIT_NOFILE, &all_files) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
