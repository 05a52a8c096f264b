// Those who want to keep the others from working: terminals that never read, and floods at the
// door. Meanwhile honest people go on, and are answered. What is judged is progress and order,
// never speed: a desk that was there before has so many commands accepted, and one that comes then
// is let in and answered, while the flood goes on; the flood ends only when they are done, and they
// go on until the flood has come so often. The only times are the bounds by which a hang is told.
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "bus/worker/frames.h"
#include "peer.h"

enum {
    WORK = 40,              // commands that must be accepted meanwhile, at least
    KNOCKS = 300,           // what comes to the door meanwhile, at least
    HANG_MS = 5 * 60 * 1000 // of one request: machines that run tests stand still for a minute
};

static int open_site(void **state)
{
    *state = site_open((const char *const[]){"oversight", "tips", NULL});
    return 0;
}

// As people's clients are: it comes back, and says again what was not answered.
static struct lq_client *come_in(struct site *site, unsigned role)
{
    const struct lq_client_config config = {.endpoint = site_endpoint(site),
                                            .bus_public_key = site->bus_key,
                                            .keys = site->keys[role],
                                            .deadline_ms = HANG_MS};
    struct lq_client *client = NULL;
    assert_int_equal(lq_client_open(&config, &client), LQ_OK);
    return client;
}

static void do_one(struct lq_client *desk)
{
    static unsigned number;
    char text[128];
    snprintf(text, sizeof text, "record_meeting {number=\"F%u\" issues_raised=1}", number++);
    site_do(desk, "oversight", text);
}

// ---------------------------------------------------------------- who never reads

// Asks for whole pages of events and reads none of them, on many connections.
static void terminals_that_never_read(void **state)
{
    struct site *site = *state;
    enum { TERMINALS = 12, REQUESTS = 2000 };
    struct lq_arena arena = {0};
    struct lq_client *clerk = come_in(site, LQ__ROLE__CLERK);
    char text[1200], *out = text + sprintf(text, "register_volunteer {village=\"段村\" name=\"");
    memset(out, 'x', 900);
    for (int i = 0; i < 120; i++) { // so that there is something to tell
        snprintf(out + 900, sizeof text - 900 - (size_t)(out - text), "\" number=\"W%03d\"}", i);
        site_do(clerk, "tips", text);
    }
    struct lq_client *desk = come_in(site, LQ__ROLE__DESK);
    struct peer peers[TERMINALS];
    const struct lq_span fetch = peer_fetch(&arena, 1, "tips", 0, 0);
    for (int i = 0; i < TERMINALS; i++)
        peers[i] = peer_open(site, (struct peer_options){.keys = &site->keys[LQ__ROLE__CLERK]});
    for (int n = 0; n < REQUESTS; n++)
        for (int i = 0; i < TERMINALS; i++)
            (void)peer_send(peers[i], fetch, false); // full: it need not be heard either
    for (int n = 0; n < WORK; n++)
        do_one(desk);
    struct lq_client *other = come_in(site, LQ__ROLE__COMMANDER);
    (void)site_tip(other, "oversight");
    for (int i = 0; i < TERMINALS; i++)
        peer_close(peers[i]);
    lq_client_close(other);
    lq_client_close(desk);
    lq_client_close(clerk);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- floods at the door

enum { THREADS = 2 };

static struct flood {
    struct site *site;
    atomic_bool stop;
    atomic_uint count;
    pthread_t threads[THREADS];
    unsigned thread_count;
} flood;

// After each test, so that one that fails leaves no flood to the next.
static int stop_flood(void **state)
{
    (void)state;
    atomic_store(&flood.stop, true);
    while (flood.thread_count > 0)
        pthread_join(flood.threads[--flood.thread_count], NULL);
    return 0;
}

static void start_flood(struct site *site, void *(*run)(void *))
{
    flood.site = site;
    atomic_store(&flood.stop, false);
    atomic_store(&flood.count, 0);
    while (flood.thread_count < THREADS) {
        assert_int_equal(pthread_create(&flood.threads[flood.thread_count], NULL, run, NULL), 0);
        flood.thread_count++;
    }
}

static void await_knocks(unsigned count)
{
    const int64_t until = lq_steady_ms() + HANG_MS;
    while (atomic_load(&flood.count) < count && lq_steady_ms() < until)
        usleep(1000);
    assert_true(atomic_load(&flood.count) >= count);
}

static void work_during(struct site *site, void *(*run)(void *))
{
    struct lq_client *desk = come_in(site, LQ__ROLE__DESK);
    do_one(desk);
    start_flood(site, run);
    await_knocks(1);
    unsigned done = 0;
    const unsigned before = atomic_load(&flood.count);
    for (; done < WORK || atomic_load(&flood.count) < before + KNOCKS; done++)
        do_one(desk);
    const unsigned meanwhile = atomic_load(&flood.count);
    struct lq_client *other = come_in(site, LQ__ROLE__COMMANDER);
    (void)site_tip(other, "oversight");
    await_knocks(meanwhile + 1); // it still goes on
    print_message("%u commands, while %u came to the door\n", done, meanwhile - before);
    (void)stop_flood(NULL);
    lq_client_close(other);
    lq_client_close(desk);
}

// Connects and says nothing; up to a few hundred stand there at a time.
static void *stand_at_the_door(void *unused)
{
    enum { STANDING = 400 };
    (void)unused;
    int fds[STANDING];
    for (int i = 0; i < STANDING; i++)
        fds[i] = -1;
    for (unsigned i = 0; !atomic_load(&flood.stop); i = (i + 1) % STANDING) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = wire_connect(flood.site);
        if (i % 2 == 0 && fds[i] >= 0) // half of them begin a greeting and stop there
            (void)!send(fds[i], "\xff\0\0\0\0\0\0\0\1\x7f", 10, MSG_NOSIGNAL);
        atomic_fetch_add(&flood.count, fds[i] >= 0);
    }
    for (int i = 0; i < STANDING; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    return NULL;
}

static void handshakes_that_stop_half_way(void **state)
{
    work_during(*state, stand_at_the_door);
}

static void *talk_garbage(void *unused)
{
    (void)unused;
    uint64_t dice = 20150306;
    while (!atomic_load(&flood.stop)) {
        uint8_t bytes[4096];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)((dice = dice * 6364136223846793005u + 1442695040888963407u) >> 56);
        if (dice >> 63 != 0) // every other one begins as a ZMTP 3 greeting with CURVE does
            memcpy(bytes, "\xff\0\0\0\0\0\0\0\1\x7f\3\0CURVE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 33);
        const int fd = wire_connect(flood.site);
        if (fd < 0)
            continue;
        (void)!send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
        close(fd);
        atomic_fetch_add(&flood.count, 1);
    }
    return NULL;
}

static void greetings_of_garbage(void **state)
{
    work_during(*state, talk_garbage);
}

// Correct in everything but the key: each costs the bus its part of a handshake.
static void *knock_with_unknown_keys(void *unused)
{
    (void)unused;
    while (!atomic_load(&flood.stop)) {
        struct lq_key_pair keys;
        if (lq_keys_generate(&keys) != LQ_OK)
            break;
        enum { AT_ONCE = 20 };
        struct peer peers[AT_ONCE];
        const struct peer_options options = {.keys = &keys};
        for (int i = 0; i < AT_ONCE; i++)
            peers[i] = peer_open(flood.site, options);
        usleep(20 * 1000);
        for (int i = 0; i < AT_ONCE; i++)
            peer_close(peers[i]);
        atomic_fetch_add(&flood.count, AT_ONCE);
    }
    return NULL;
}

static void good_handshakes_with_unknown_keys(void **state)
{
    work_during(*state, knock_with_unknown_keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminals_that_never_read),
        cmocka_unit_test_teardown(handshakes_that_stop_half_way, stop_flood),
        cmocka_unit_test_teardown(greetings_of_garbage, stop_flood),
        cmocka_unit_test_teardown(good_handshakes_with_unknown_keys, stop_flood),
    };
    return cmocka_run_group_tests(tests, open_site, site_tear_down);
}
