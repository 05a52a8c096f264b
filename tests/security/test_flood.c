// Those who want to keep the others from working: terminals that never read, and floods at the
// door. Meanwhile an honest desk goes on and is answered. Nothing here is judged by its speed.
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/time.h"
#include "bus/frames.h"
#include "peer.h"

enum { WORK = 40, AT_LEAST_MS = 1500 };

static int open_site(void **state)
{
    *state = site_open((const char *const[]){"oversight", "tips", NULL});
    return 0;
}

static int close_site(void **state)
{
    struct site *site = *state;
    site_stop(site);
    site_verify(site);
    site_close(site);
    return 0;
}

// The desk's work: each command is accepted. A second desk signs on meanwhile too.
static void work_honestly(struct site *site)
{
    static unsigned number;
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    const int64_t until = lq_steady_ms() + AT_LEAST_MS;
    char text[128];
    for (int i = 0; i < WORK || lq_steady_ms() < until; i++) {
        snprintf(text, sizeof text, "record_meeting {number=\"F%u\" issues_raised=1}", number++);
        site_do(desk, "oversight", text);
    }
    struct lq_client *other = site_client(site, &site->keys[LQ__ROLE__COMMANDER]);
    (void)site_tip(other, "oversight");
    lq_client_close(other);
    lq_client_close(desk);
}

// ---------------------------------------------------------------- who never reads

// Asks for whole pages of events and reads none of them, on many connections.
static void terminals_that_never_read(void **state)
{
    struct site *site = *state;
    enum { TERMINALS = 12, REQUESTS = 2000 };
    struct lq_arena arena = {0};
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    char text[1200], *out = text + sprintf(text, "register_volunteer {village=\"段村\" name=\"");
    memset(out, 'x', 900);
    for (int i = 0; i < 120; i++) { // so that there is something to tell
        snprintf(out + 900, sizeof text - 900 - (size_t)(out - text), "\" number=\"W%03d\"}", i);
        site_do(clerk, "tips", text);
    }
    struct peer peers[TERMINALS];
    const struct lq_span fetch = peer_fetch(&arena, 1, "tips", 0, 0);
    for (int i = 0; i < TERMINALS; i++)
        peers[i] = peer_open(site, (struct peer_options){.keys = &site->keys[LQ__ROLE__CLERK]});
    for (int n = 0; n < REQUESTS; n++)
        for (int i = 0; i < TERMINALS; i++)
            (void)peer_send(peers[i], fetch, false); // full: it need not be heard either
    work_honestly(site);
    for (int i = 0; i < TERMINALS; i++)
        peer_close(peers[i]);
    lq_client_close(clerk);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- floods at the door

struct flood {
    struct site *site;
    atomic_bool stop;
    atomic_uint count;
};

static void work_during(struct site *site, void *(*run)(void *), unsigned threads)
{
    struct flood flood = {.site = site};
    pthread_t ids[4];
    for (unsigned i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&ids[i], NULL, run, &flood), 0);
    work_honestly(site);
    atomic_store(&flood.stop, true);
    for (unsigned i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    print_message("meanwhile %u at the door\n", atomic_load(&flood.count));
    assert_true(atomic_load(&flood.count) > 0);
}

// Connects and says nothing; up to a few hundred stand there at a time.
static void *stand_at_the_door(void *argument)
{
    enum { STANDING = 400 };
    struct flood *flood = argument;
    int fds[STANDING];
    for (int i = 0; i < STANDING; i++)
        fds[i] = -1;
    for (unsigned i = 0; !atomic_load(&flood->stop); i = (i + 1) % STANDING) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = wire_connect(flood->site);
        if (i % 2 == 0 && fds[i] >= 0) // half of them begin a greeting and stop there
            (void)!send(fds[i], "\xff\0\0\0\0\0\0\0\1\x7f", 10, MSG_NOSIGNAL);
        atomic_fetch_add(&flood->count, fds[i] >= 0);
    }
    for (int i = 0; i < STANDING; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    return NULL;
}

static void handshakes_that_stop_half_way(void **state)
{
    work_during(*state, stand_at_the_door, 2);
}

static void *talk_garbage(void *argument)
{
    struct flood *flood = argument;
    uint64_t dice = 20150306;
    while (!atomic_load(&flood->stop)) {
        uint8_t bytes[4096];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)((dice = dice * 6364136223846793005u + 1442695040888963407u) >> 56);
        if (dice >> 63 != 0) // every other one begins as a ZMTP 3 greeting with CURVE does
            memcpy(bytes, "\xff\0\0\0\0\0\0\0\1\x7f\3\0CURVE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 33);
        const int fd = wire_connect(flood->site);
        if (fd < 0)
            continue;
        (void)!send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
        close(fd);
        atomic_fetch_add(&flood->count, 1);
    }
    return NULL;
}

static void greetings_of_garbage(void **state)
{
    work_during(*state, talk_garbage, 2);
}

// Correct in everything but the key: each costs the bus its part of a handshake.
static void *knock_with_unknown_keys(void *argument)
{
    struct flood *flood = argument;
    while (!atomic_load(&flood->stop)) {
        struct lq_key_pair keys;
        if (lq_keys_generate(&keys) != LQ_OK)
            break;
        enum { AT_ONCE = 20 };
        struct peer peers[AT_ONCE];
        const struct peer_options options = {.keys = &keys};
        for (int i = 0; i < AT_ONCE; i++)
            peers[i] = peer_open(flood->site, options);
        usleep(20 * 1000);
        for (int i = 0; i < AT_ONCE; i++)
            peer_close(peers[i]);
        atomic_fetch_add(&flood->count, AT_ONCE);
    }
    return NULL;
}

static void good_handshakes_with_unknown_keys(void **state)
{
    work_during(*state, knock_with_unknown_keys, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminals_that_never_read),
        cmocka_unit_test(handshakes_that_stop_half_way),
        cmocka_unit_test(greetings_of_garbage),
        cmocka_unit_test(good_handshakes_with_unknown_keys),
    };
    return cmocka_run_group_tests(tests, open_site, close_site);
}
