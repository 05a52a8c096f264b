// A bus in a thread, in a directory of its own, with the keys of some people; and a service that
// answers what it is asked. For the tests of the bus, the link and the client.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/clock.h"
#include "bus/broker/broker.h"
#include "bus/keyring/keyring.h"
#include "bus/keyring/roles.h"
#include "bus/worker/link.h"
#include "client/client.h"

enum { PATIENCE_MS = 60000 }; // a test that must see something waits so long at most

struct rig {
    char dir[64], run[80], keyring[96], link[LQ_PIPE_ENDPOINT_TEXT];
    struct lq_key_pair bus, desk, lead, host, stranger;
    struct lq_broker_config config;
    struct lq_broker *broker;
    pthread_t thread;
};

static inline void *rig_serve(void *argument)
{
    lq_log_name("bus");
    assert_int_equal(lq_broker_run(argument), LQ_OK);
    return NULL;
}

static inline void rig_start_bus(struct rig *rig)
{
    if (lq_broker_open(&rig->config, &rig->broker) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    assert_int_equal(pthread_create(&rig->thread, NULL, rig_serve, rig->broker), 0);
}

// Returns what the bus counted.
static inline struct lq_broker_counters rig_stop_bus(struct rig *rig)
{
    lq_broker_stop(rig->broker);
    pthread_join(rig->thread, NULL);
    const struct lq_broker_counters counters = *lq_broker_counters(rig->broker);
    lq_broker_close(rig->broker);
    rig->broker = NULL;
    return counters;
}

static inline int rig_remove_one(const char *path, const struct stat *s, int flag, struct FTW *f)
{
    (void)s, (void)flag, (void)f;
    return remove(path);
}

// Everything but the bus itself.
static inline struct rig *rig_prepare(void)
{
    static const char *const listen[] = {"tcp://127.0.0.1:*"};
    static const char *const services[] = {"echo", "other"};
    struct rig *rig = calloc(1, sizeof *rig);
    strcpy(rig->dir, "/tmp/lq-bus-XXXXXX");
    assert_non_null(mkdtemp(rig->dir));
    snprintf(rig->run, sizeof rig->run, "%s/run", rig->dir);
    snprintf(rig->keyring, sizeof rig->keyring, "%s/authorized", rig->dir);
    assert_int_equal(lq_pipe_endpoint(rig->run, rig->link), LQ_OK);
    struct lq_key_pair *pairs[] = {&rig->bus, &rig->desk, &rig->lead, &rig->host, &rig->stranger};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(lq_keys_generate(pairs[i]), LQ_OK);
    const char *file = rig->keyring;
    const uint32_t service = lq_role_bit("service");
    assert_int_equal(lq_keyring_add(file, rig->desk.public_key, "D1", lq_role_bit("desk")), LQ_OK);
    assert_int_equal(lq_keyring_add(file, rig->lead.public_key, "L1", lq_role_bit("lead")), LQ_OK);
    assert_int_equal(lq_keyring_add(file, rig->host.public_key, "@host", service), LQ_OK);
    rig->config = (struct lq_broker_config){
        .run_dir = rig->run,
        .keyring = rig->keyring,
        .keys = rig->bus,
        .listen = listen,
        .listen_count = 1,
        .services = services,
        .service_count = 2,
        .lease_ms = 10 * PATIENCE_MS, // nothing here may pass only because a lease ran out
    };
    return rig;
}

static inline struct rig *rig_open(void)
{
    struct rig *rig = rig_prepare();
    rig_start_bus(rig);
    return rig;
}

static inline struct lq_broker_counters rig_close(struct rig *rig)
{
    struct lq_broker_counters counters = {0};
    if (rig->broker != NULL)
        counters = rig_stop_bus(rig);
    nftw(rig->dir, rig_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(rig);
    return counters;
}

static inline struct lq_client *rig_client_at(struct rig *rig, const struct lq_key_pair *keys,
                                              const char *endpoint, bool once, uint32_t deadline_ms)
{
    const struct lq_client_config config = {.endpoint = endpoint,
                                            .bus_public_key = rig->bus.public_key,
                                            .keys = *keys,
                                            .once = once, // then also: no repeats
                                            .silence_ms = once ? 2 * PATIENCE_MS : 0,
                                            .deadline_ms = deadline_ms};
    struct lq_client *client = NULL;
    if (lq_client_open(&config, &client) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    return client;
}

static inline struct lq_client *rig_client(struct rig *rig, const struct lq_key_pair *keys,
                                           bool once)
{
    return rig_client_at(rig, keys, lq_broker_endpoint(rig->broker, 0), once, PATIENCE_MS);
}

static inline const Lq__Reply *rig_ask(struct lq_client *client, const char *service,
                                       const char *body)
{
    Lq__Query query = LQ__QUERY__INIT;
    query.body.data = (uint8_t *)(uintptr_t)body;
    query.body.len = strlen(body);
    const Lq__Reply *reply = NULL;
    if (lq_client_call_message(client, service, &query.base, &reply) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    return reply;
}

static inline void rig_expect_answer(const Lq__Reply *reply, const char *body)
{
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        fail_msg("refused: %s", reply->refusal->text);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    assert_int_equal(reply->answer->body.len, strlen(body));
    assert_memory_equal(reply->answer->body.data, body, strlen(body));
}

static inline void rig_expect_refusal(const Lq__Reply *reply, Lq__Refusal__Why why)
{
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_REFUSAL);
    assert_int_equal(reply->refusal->why, why);
}

// ---------------------------------------------------------------- a service

// Answers a query with its body, "who" with the asker, "seen" with what the request has seen, and
// keeps "hold" until `release`. A command is accepted at a position that counts up.
struct echo {
    struct lq_link_config config;
    int delay_ms;
    atomic_bool stop, release;
    atomic_int held, state;
    pthread_t thread;
    uint64_t seq;
    uint8_t route[64][64];
    size_t route_size[64];
    uint64_t correlation[64];
};

static inline void echo_reply(struct echo *echo, struct lq_link *link, struct lq_span route,
                              uint64_t correlation, const char *body)
{
    char stream[] = "echo";
    Lq__Position position = LQ__POSITION__INIT;
    position.stream = stream;
    position.seq = echo->seq;
    Lq__Answer answer = LQ__ANSWER__INIT;
    answer.as_of = &position;
    answer.body.data = (uint8_t *)(uintptr_t)body;
    answer.body.len = strlen(body);
    Lq__Accepted accepted = LQ__ACCEPTED__INIT;
    accepted.position = &position;
    Lq__Outcome outcome = LQ__OUTCOME__INIT;
    outcome.result_case = LQ__OUTCOME__RESULT_ACCEPTED;
    outcome.accepted = &accepted;
    uint8_t packed[128], bytes[4096];
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = body[0] == '!' ? LQ__REPLY__KIND_OUTCOME : LQ__REPLY__KIND_ANSWER;
    reply.answer = &answer;
    if (body[0] == '!') {
        reply.outcome.len = lq__outcome__pack(&outcome, packed);
        reply.outcome.data = packed;
    }
    lq_link_answer(link, route, lq_span(bytes, lq__reply__pack(&reply, bytes)));
}

static inline void echo_take(struct echo *echo, struct lq_link *link,
                             const struct lq_link_message *message)
{
    char body[512] = "";
    Lq__Request *request = lq__request__unpack(NULL, message->bytes.size, message->bytes.data);
    assert_non_null(request);
    if (request->kind_case == LQ__REQUEST__KIND_QUERY) {
        Lq__Query *query = lq__query__unpack(NULL, request->query.len, request->query.data);
        assert_non_null(query);
        snprintf(body, sizeof body, "%.*s", (int)query->body.len, (const char *)query->body.data);
        lq__query__free_unpacked(query, NULL);
    } else {
        echo->seq++;
        strcpy(body, "!");
    }
    if (strcmp(body, "who") == 0)
        snprintf(body, sizeof body, "%s %u", message->actor, (unsigned)message->roles);
    if (strcmp(body, "seen") == 0)
        snprintf(body, sizeof body, "%s %d",
                 request->n_seen > 0 ? request->seen[0]->stream : "nothing",
                 request->n_seen > 0 ? (int)request->seen[0]->seq : 0);
    const int held = atomic_load(&echo->held);
    if (strcmp(body, "hold") == 0) {
        assert_true(held < 64 && message->route.size <= sizeof echo->route[0]);
        memcpy(echo->route[held], message->route.data, message->route.size);
        echo->route_size[held] = message->route.size;
        echo->correlation[held] = request->correlation;
        atomic_store(&echo->held, held + 1);
    } else {
        echo_reply(echo, link, message->route, request->correlation, body);
    }
    lq__request__free_unpacked(request, NULL);
}

static inline void *echo_run(void *argument)
{
    struct echo *echo = argument;
    lq_log_name("echo");
    usleep((useconds_t)echo->delay_ms * 1000);
    struct lq_link *link = NULL;
    if (lq_link_open(&echo->config, &link) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    while (!atomic_load(&echo->stop)) {
        struct lq_link_message message;
        lq_link_wait(link, 20);
        while (lq_link_next(link, &message))
            echo_take(echo, link, &message);
        atomic_store(&echo->state, lq_link_state(link));
        for (int i = 0; atomic_load(&echo->release) && i < atomic_load(&echo->held); i++)
            echo_reply(echo, link, lq_span(echo->route[i], echo->route_size[i]),
                       echo->correlation[i], "held");
    }
    lq_link_close(link);
    return NULL;
}

static inline struct echo *echo_start_at(struct lq_link_config config, int delay_ms)
{
    struct echo *echo = calloc(1, sizeof *echo);
    echo->config = config;
    echo->delay_ms = delay_ms;
    assert_int_equal(pthread_create(&echo->thread, NULL, echo_run, echo), 0);
    return echo;
}

static inline struct echo *echo_start(struct rig *rig, const char *name)
{
    return echo_start_at((struct lq_link_config){.endpoint = rig->link, .name = name}, 0);
}

static inline void echo_stop(struct echo *echo)
{
    atomic_store(&echo->stop, true);
    pthread_join(echo->thread, NULL);
    free(echo);
}

static inline void echo_await_held(struct echo *echo, int count)
{
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (atomic_load(&echo->held) < count && lq_steady_ms() < until)
        usleep(1000);
    assert_int_equal(atomic_load(&echo->held), count);
}

// Turns a link over until it is in that state.
static inline void link_await(struct lq_link *link, enum lq_link_state state)
{
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    struct lq_link_message message;
    while (lq_link_state(link) != state && lq_steady_ms() < until) {
        lq_link_wait(link, 20);
        while (lq_link_next(link, &message))
            ;
    }
    assert_int_equal(lq_link_state(link), state);
}

// The next message of a link.
static inline void link_take(struct lq_link *link, struct lq_link_message *message)
{
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    while (!lq_link_next(link, message)) {
        assert_true(lq_steady_ms() < until);
        lq_link_wait(link, 20);
    }
}
