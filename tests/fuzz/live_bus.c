// See live_bus.h. Everything is ended before the process is, or its threads would run into the end
// of what they use.
#include "live_bus.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/keyring/roles.h"
#include "envelope.pb-c.h"

enum { PATIENCE_MS = 100000, ASKED_ON_ONE_CONNECTION = 500 };

static struct live_bus live;
static pthread_t broker_thread, echo_thread;
static atomic_bool ending;

static void *serve(void *unused)
{
    (void)unused;
    FUZZ_REQUIRE(lq_broker_run(live.broker) == LQ_OK);
    return NULL;
}

static void *echo(void *unused)
{
    (void)unused;
    struct lq_link *link = NULL;
    const struct lq_link_config config = {.endpoint = live.link, .name = "echo"};
    FUZZ_REQUIRE(lq_link_open(&config, &link) == LQ_OK);
    while (!atomic_load(&ending)) {
        struct lq_link_message message;
        lq_link_wait(link, 100);
        while (lq_link_next(link, &message))
            if (message.kind == LQ_MESSAGE_REQUEST)
                lq_link_answer(link, message.route, lq_span("x", 1));
    }
    lq_link_close(link);
    return NULL;
}

static void connect_honest(void)
{
    lq_client_close(live.client);
    const struct lq_client_config config = {.endpoint = lq_broker_endpoint(live.broker, 0),
                                            .bus_public_key = live.bus.public_key,
                                            .keys = live.honest,
                                            .deadline_ms = PATIENCE_MS};
    FUZZ_REQUIRE(lq_client_open(&config, &live.client) == LQ_OK);
}

static void open_broker(const char *directory)
{
    static const char *const listen[] = {"tcp://127.0.0.1:*"};
    static const char *const services[] = {"echo"};
    static char run[96], keyring[96];
    snprintf(run, sizeof run, "%s/run", directory);
    snprintf(keyring, sizeof keyring, "%s/authorized", directory);
    struct lq_key_pair *const pairs[] = {&live.bus, &live.honest, &live.fuzzer};
    for (size_t i = 0; i < 3; i++)
        FUZZ_REQUIRE(lq_keys_generate(pairs[i]) == LQ_OK);
    const uint32_t desk = lq_role_bit("desk");
    FUZZ_REQUIRE(lq_keyring_add(keyring, live.honest.public_key, "D1", desk) == LQ_OK);
    FUZZ_REQUIRE(lq_keyring_add(keyring, live.fuzzer.public_key, "D2", desk) == LQ_OK);
    const struct lq_broker_config config = {
        .run_dir = run,
        .keyring = keyring,
        .keys = live.bus,
        .listen = listen,
        .listen_count = 1,
        .services = services,
        .service_count = 1,
    };
    FUZZ_REQUIRE(lq_broker_open(&config, &live.broker) == LQ_OK);
    FUZZ_REQUIRE(lq_pipe_endpoint(run, live.link) == LQ_OK);
}

static void end(void)
{
    lq_client_close(live.client);
    atomic_store(&ending, true);
    pthread_join(echo_thread, NULL);
    lq_broker_stop(live.broker);
    pthread_join(broker_thread, NULL);
    lq_broker_close(live.broker);
}

struct live_bus *live_bus_open(void)
{
    open_broker(fuzz_directory());
    FUZZ_REQUIRE(pthread_create(&broker_thread, NULL, serve, NULL) == 0);
    FUZZ_REQUIRE(pthread_create(&echo_thread, NULL, echo, NULL) == 0);
    FUZZ_REQUIRE(atexit(end) == 0);
    const char *colon = strrchr(lq_broker_endpoint(live.broker, 0), ':');
    live.port = (int)strtol(colon + 1, NULL, 10);
    connect_honest();
    live_bus_require_alive(&live);
    return &live;
}

void live_bus_require_alive(struct live_bus *opened)
{
    static unsigned asked;
    if (++asked % ASKED_ON_ONE_CONNECTION == 0)
        connect_honest();
    Lq__Query query = LQ__QUERY__INIT;
    const Lq__Reply *reply = NULL;
    FUZZ_REQUIRE(lq_client_call_message(opened->client, "bus", &query.base, &reply) == LQ_OK);
    FUZZ_REQUIRE(reply->kind_case == LQ__REPLY__KIND_ANSWER && reply->answer->body.len > 0);
}
