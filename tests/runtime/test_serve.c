// The shell around a host, with a real bus, a real store and threads of this process: it serves and
// follows, stops when told to, and does not start on what is wrong.
#include "../common/bus_rig.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "pb/pb.h"
#include "runtime/serve.h"
#include "runtime/verify.h"
#include "support/bed.h"
#include "support/law.h"
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
                                             .law = law_for_tests(),
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

// The bytes of a command that plans the shift of a day of March.
static struct lq_span shift_on(int day, struct lq_id *id)
{
    const char *text = lq_arena_format(&arena,
                                       "plan_shift {group=\"A\" starts_at_ms=2015-03-%02dT08:00:00"
                                       "+08:00 ends_at_ms=2015-03-%02dT20:00:00+08:00}",
                                       day, day);
    const ProtobufCMessage *plan =
        lq_message_of(&arena, service_named("shift")->command_type, text);
    const Lq__Command command = lq_client_command(id, lq_pb_encode(&arena, plan));
    return lq_pb_encode(&arena, &command.base);
}

static void plan_shift(struct lq_client *client)
{
    struct lq_id id;
    const struct lq_span command = shift_on(6, &id);
    const Lq__Reply *reply = NULL;
    assert_int_equal(lq_client_call(client, "shift", LQ_ASK_COMMAND, command, &reply), LQ_OK);
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

static struct lq_span together(const struct lq_span *list, size_t count)
{
    ProtobufCBinaryData bytes[8];
    Lq__Commands commands = LQ__COMMANDS__INIT;
    assert_true(count <= 8);
    commands.n_commands = count;
    commands.commands = bytes;
    for (size_t i = 0; i < count; i++)
        bytes[i] = (ProtobufCBinaryData){list[i].size, lq_unconst(list[i].data)};
    return lq_pb_encode(&arena, &commands.base);
}

// When the client's patience ends, the outcomes that there are are the reply.
static void what_is_refused_to_the_end_is_told(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server shift = server_of(rig, "shift", "a");
    start(&shift);
    struct lq_client *patient = rig_client(rig, &rig->desk, false), *client;
    struct lq_id ids[2];
    const struct lq_span list[] = {shift_on(6, &ids[0]), shift_on(7, &ids[1])};
    const Lq__Reply *reply = NULL;
    assert_int_equal(lq_client_call(patient, "shift", LQ_ASK_COMMAND, list[0], &reply), LQ_OK);
    assert_int_equal(end(&shift, true), LQ_OK);
    policy.journal_refuse_percent = 0; // full
    shift = server_of(rig, "shift", "a");
    start(&shift);
    assert_int_equal(lq_client_call(patient, "shift", LQ_ASK_COMMAND, list[0], &reply), LQ_OK);
    client = rig_client_at(rig, &rig->desk, lq_broker_endpoint(rig->broker, 0), false, 5000);
    assert_int_equal(lq_client_call(client, "shift", LQ_ASK_COMMANDS, together(list, 2), &reply),
                     LQ_OK);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOMES);
    assert_int_equal(reply->outcomes->n_outcomes, 2);
    assert_true(reply->outcomes->outcomes[0]->repeated_outcome);
    assert_int_equal(reply->outcomes->outcomes[1]->refusal->why, LQ__REFUSAL__WHY__JOURNAL_FULL);
    lq_client_close(client);
    lq_client_close(patient);
    assert_int_equal(end(&shift, true), LQ_OK);
    close_rig(rig);
}

// What a file of this process may grow to; a quota of the disk ends a write in the same way.
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

// A write that finds no room ends nothing: the sender is told why, reading goes on, and so does
// everything once there is room.
static void a_write_without_room_is_told_to_the_sender(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN); // the write fails instead
    struct rig *rig = open_rig();
    struct server shift = server_of(rig, "shift", "a");
    start(&shift);
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    plan_shift(client);
    struct lq_id id;
    const struct lq_span command = shift_on(7, &id);
    const Lq__Reply *reply = NULL;
    Lq__Query about = LQ__QUERY__INIT;
    limit_files(8192); // the two pages that LMDB writes last; not those before
    assert_int_equal(lq_client_call(client, "shift", LQ_ASK_COMMAND, command, &reply), LQ_OK);
    limit_files(RLIM_INFINITY);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_REFUSAL);
    assert_int_equal(reply->refusal->why, LQ__REFUSAL__WHY__JOURNAL_FULL);
    assert_non_null(strstr(reply->refusal->text, "found no room"));
    assert_int_equal(lq_client_call_message(client, "shift", &about.base, &reply), LQ_OK);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    assert_int_equal(reply->answer->as_of->seq, 1);
    lq_client_close(client);
    assert_int_equal(end(&shift, true), LQ_OK);

    // In a process that knows nothing of it, the store is opened as soon as there is room for that.
    limit_files(8192);
    shift = server_of(rig, "shift", "a");
    start(&shift);
    usleep(300 * 1000);
    limit_files(RLIM_INFINITY);
    client = rig_client(rig, &rig->desk, false);
    assert_int_equal(lq_client_call(client, "shift", LQ_ASK_COMMAND, command, &reply), LQ_OK);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    assert_false(reply->repeated_outcome);
    lq_client_close(client);
    assert_int_equal(end(&shift, true), LQ_OK);
    close_rig(rig);
}

// "Try again" is the client's work, until all are decided; the positions in the reply are noted.
static void commands_are_repeated_until_they_are_decided(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server shift = server_of(rig, "shift", "a");
    start(&shift);
    struct lq_client *early = rig_client(rig, &rig->desk, false);
    struct lq_client *other = rig_client(rig, &rig->desk, false);
    struct lq_id before, ids[2];
    const struct lq_span first = shift_on(6, &before);
    const struct lq_span rest[] = {shift_on(7, &ids[0]), shift_on(8, &ids[1])};
    uint64_t correlation;
    const Lq__Reply *reply = NULL;
    assert_int_equal(lq_client_submit_commands(early, "shift", together(rest, 2),
                                               lq_span(before.bytes, LQ_ID_SIZE), &correlation),
                     LQ_OK);
    assert_false(lq_client_next(early, 300, &reply)); // refused, and to be sent again
    assert_int_equal(lq_client_call(other, "shift", LQ_ASK_COMMAND, first, &reply), LQ_OK);
    assert_true(lq_client_next(early, -1, &reply));
    assert_int_equal(reply->correlation, correlation);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOMES);
    assert_int_equal(reply->outcomes->n_outcomes, 2);
    assert_int_equal(lq_client_position(early, "shift"), 3);
    lq_client_close(early);
    lq_client_close(other);
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

// Whether another version made the tables of the server's store; so many records it has.
static bool is_of_another_version(const struct server *server, uint64_t records)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = 1 << 24};
    struct lq_store_plan plan;
    struct lq_store *store = NULL;
    struct lq_verified verified;
    lq_host_plan(server->config.service, names, &plan);
    const char *url = lq_arena_format(&arena, "lmdb:%s/shift", server->system.journal);
    assert_int_equal(lq_store_open_readonly(url, &plan, &options, &store), LQ_OK);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    const enum lq_status status =
        lq_verify(server->config.service, store, scratch, &policy, NULL, NULL, &verified);
    if (status != LQ_OK)
        fail_msg("%s", lq_fault_text());
    assert_int_equal(verified.records, records);
    lq_store_close(scratch);
    lq_store_close(store);
    return verified.other_version;
}

// It may be told to stop while it makes tables again, and does so at its next start.
static void tables_of_another_version_are_made_again(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server server = server_of(rig, "shift", "a");
    struct lq_service next = *server.config.service;
    next.tables_version++;
    start(&server);
    struct lq_client *client = rig_client(rig, &rig->desk, false);
    plan_shift(client);
    assert_int_equal(end(&server, true), LQ_OK);
    assert_false(is_of_another_version(&server, 1));

    server = server_of(rig, "shift", "a");
    server.config.service = &next;
    assert_true(is_of_another_version(&server, 1));
    assert_int_equal(write(server.stop[1], "x", 1), 1);
    start(&server);
    assert_int_equal(end(&server, false), LQ_OK);
    assert_true(is_of_another_version(&server, 1));

    server = server_of(rig, "shift", "a");
    server.config.service = &next;
    start(&server);
    plan_shift(client);
    assert_int_equal(end(&server, true), LQ_OK);
    assert_false(is_of_another_version(&server, 2));
    lq_client_close(client);
    close_rig(rig);
}

static void it_does_not_start_on_what_is_wrong(void **state)
{
    (void)state;
    struct rig *rig = open_rig();
    struct server server = server_of(rig, "shift", "a");
    server.config.link = "unix://"; // no path
    start(&server);
    assert_int_not_equal(end(&server, false), LQ_OK);

    server = server_of(rig, "shift", "b");
    assert_int_equal(rmdir(server.system.journal), 0);
    start(&server);
    assert_int_not_equal(end(&server, false), LQ_OK);

    // A journal whose last record does not carry its hash.
    server = server_of(rig, "shift", "c");
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = 1 << 24};
    struct lq_store_plan plan;
    lq_host_plan(server.config.service, names, &plan);
    struct lq_store *store = NULL;
    const uint8_t hash[LQ_HASH_SIZE] = {0};
    assert_int_equal(lq_store_open(lq_arena_format(&arena, "lmdb:%s/shift", server.system.journal),
                                   &plan, &options, &store),
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
        cmocka_unit_test(a_write_without_room_is_told_to_the_sender),
        cmocka_unit_test(what_is_refused_to_the_end_is_told),
        cmocka_unit_test(commands_are_repeated_until_they_are_decided),
        cmocka_unit_test(a_second_instance_waits_for_the_name),
        cmocka_unit_test(tables_of_another_version_are_made_again),
        cmocka_unit_test(it_does_not_start_on_what_is_wrong),
    };
    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
