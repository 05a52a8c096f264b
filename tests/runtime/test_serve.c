// The shell around a host, with a real bus, a real store and threads of this process: it serves and
// follows, stops when told to, and does not start on what is wrong.
#include "../common/bus_rig.h"

#include <sys/stat.h>

#include "law/law.h"
#include "pb/pb.h"
#include "runtime/serve.h"
#include "support/bed.h"
#include "support/message.h"

static struct lq_arena arena, policy_arena;
static struct lq_policy policy;

struct server {
    struct lq_serve_config config;
    struct lq_system system;
    int stop[2];
    pthread_t thread;
    enum lq_status status;
};

static const struct lq_service *service_named(const char *name)
{
    unsigned i = 0;
    while (strcmp(lq_services[i]->name, name) != 0)
        i++;
    return lq_services[i];
}

static struct rig *open_rig(void)
{
    static const char *const services[] = {"shift", "ledger", "dispatch"};
    struct rig *rig = rig_prepare();
    rig->config.services = services;
    rig->config.service_count = 3;
    rig_start_bus(rig);
    assert_int_equal(lq_policy_load(NULL, &policy_arena, &policy), LQ_OK);
    return rig;
}

static void close_rig(struct rig *rig)
{
    rig_close(rig);
    lq_arena_free(&arena);
    lq_arena_free(&policy_arena);
}

static struct server server_of(struct rig *rig, const char *service, const char *folder)
{
    struct server server = {.status = LQ_OK};
    server.system = lq_system_at(&arena, lq_arena_format(&arena, "%s/%s", rig->dir, folder));
    mkdir(server.system.data, 0700);
    mkdir(server.system.journal, 0700);
    assert_int_equal(pipe(server.stop), 0);
    server.config = (struct lq_serve_config){.service = service_named(service),
                                             .policy = &policy,
                                             .law = lq_law_for_tests(),
                                             .link = rig->link,
                                             .map_gib = 1,
                                             .stop_fd = server.stop[0]};
    return server;
}

static void *serve(void *argument)
{
    struct server *server = argument;
    server->config.system = &server->system;
    server->status = lq_serve(&server->config);
    return NULL;
}

static void start(struct server *server)
{
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static enum lq_status end(struct server *server, bool tell)
{
    if (tell)
        assert_int_equal(write(server->stop[1], "x", 1), 1);
    pthread_join(server->thread, NULL);
    close(server->stop[0]);
    close(server->stop[1]);
    return server->status;
}

static void plan_shift(struct lq_client *client)
{
    const ProtobufCMessage *plan =
        lq_message_of(&arena, service_named("shift")->command_type,
                      "plan_shift {group=\"A\" starts_at_ms=2015-03-06T08:00:00+08:00 "
                      "ends_at_ms=2015-03-06T20:00:00+08:00}");
    struct lq_id id;
    const Lq__Command command = lq_client_command(&id, lq_pb_encode(&arena, plan));
    const Lq__Reply *reply = NULL;
    assert_int_equal(lq_client_call_message(client, "shift", &command.base, &reply), LQ_OK);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
}

// The dispatch service answers only once it has followed what the client has seen of shift.
static void ask_dispatch(struct lq_client *client)
{
    Lq__Query query = LQ__QUERY__INIT;
    const Lq__Reply *reply = NULL;
    assert_int_equal(lq_client_call_message(client, "dispatch", &query.base, &reply), LQ_OK);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
}

static void it_serves_follows_and_stops(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server shift = server_of(rig, "shift", "a"), dispatch = server_of(rig, "dispatch", "a");
    start(&dispatch);
    start(&shift);
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    plan_shift(client);
    ask_dispatch(client);
    lq_client_close(client);
    assert_int_equal(end(&dispatch, true), LQ_OK);
    assert_int_equal(end(&shift, true), LQ_OK);
    close_rig(rig);
}

static void a_second_instance_waits_for_the_name(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server first = server_of(rig, "shift", "a"), second = server_of(rig, "shift", "b");
    start(&first);
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    plan_shift(client);
    start(&second);
    assert_int_equal(end(&second, true), LQ_OK);
    assert_int_equal(end(&first, true), LQ_OK);
    lq_client_close(client);
    close_rig(rig);
}

static void it_does_not_start_on_what_is_wrong(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server server = server_of(rig, "shift", "a");
    server.config.link = "ipc://"; // no name
    start(&server);
    assert_int_not_equal(end(&server, false), LQ_OK);

    server = server_of(rig, "shift", "b");
    assert_int_equal(rmdir(server.system.journal), 0);
    start(&server);
    assert_int_not_equal(end(&server, false), LQ_OK);

    // A journal whose last record does not carry its hash.
    server = server_of(rig, "shift", "c");
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {.map_bytes = 1 << 24};
    lq_host_plan(server.config.service, names, &plan);
    struct lq_store *store = NULL;
    const uint8_t hash[LQ_HASH_SIZE] = {0};
    assert_int_equal(lq_store_open_lmdb(lq_arena_format(&arena, "%s/shift", server.system.journal),
                                        &plan, &store),
                     LQ_OK);
    assert_int_equal(lq_store_begin_write(store), LQ_OK);
    assert_int_equal(lq_store_append(store, 1, hash, lq_span_text("x")), LQ_OK);
    assert_int_equal(lq_store_commit(store), LQ_OK);
    lq_store_close(store);
    start(&server);
    assert_int_equal(end(&server, false), LQ_E_CORRUPT);
    close_rig(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_serves_follows_and_stops),
        cmocka_unit_test(a_second_instance_waits_for_the_name),
        cmocka_unit_test(it_does_not_start_on_what_is_wrong),
    };
    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
