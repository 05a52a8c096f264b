// The system of the tests is started the way lianqind starts it, only that the bus's counters and
// the stores are at hand afterwards.
#include "site.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"
#include "bus/keyring/roles.h"
#include "pb/pb.h"
#include "runtime/serve.h"
#include "runtime/verify.h"
#include "support/message.h"

// ---------------------------------------------------------------- directories

static int remove_one(const char *path, const struct stat *s, int flag, struct FTW *f)
{
    (void)s, (void)flag, (void)f;
    return remove(path);
}

void site_remove_dir(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void site_scratch_dir(char path[64])
{
    strcpy(path, "/dev/shm/lq-security-XXXXXX");
    if (mkdtemp(path) != NULL)
        return;
    strcpy(path, "/tmp/lq-security-XXXXXX");
    assert_non_null(mkdtemp(path));
}

// ---------------------------------------------------------------- starting and stopping

static void must(enum lq_status status)
{
    if (status != LQ_OK)
        fail_msg("%s", lq_fault_text());
}

const char *site_badge(unsigned role)
{
    static const char *const badges[SITE_KEYS] = {
        "nobody",    "P_commander",  "P_desk",    "P_liaison",  "P_clerk",  "P_inspector",
        "P_admin",   "P_lead",       "P_officer", "@tester",    "P_head",   "P_reviewer",
        "P_gateway", "P_supervisor", "P_expert",  "P_acceptor", "P_finance"};
    assert_true(role < SITE_KEYS);
    return badges[role];
}

static void *run_bus(void *argument)
{
    struct site *site = argument;
    lq_log_name("bus");
    if (lq_broker_run(site->broker) != LQ_OK)
        lq_log_error("%s", lq_fault_text());
    return NULL;
}

static void *run_service(void *argument)
{
    struct site_service *s = argument;
    const struct lq_serve_config config = {
        .service = s->service,
        .system = &s->site->system,
        .policy = &s->site->policy,
        .law = s->site->law,
        .link = s->site->link,
        .map_gib = 1,
        .stop_fd = s->site->stop_fd,
    };
    s->status = lq_serve(&config);
    if (s->status != LQ_OK)
        lq_log_error("%s", lq_fault_text());
    return NULL;
}

static void start_bus(struct site *site)
{
    static const char *const listen[] = {"tcp://127.0.0.1:*"};
    const char *names[SITE_SERVICES];
    unsigned count = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        names[count++] = (*s)->name;
    struct lq_broker_config config = {
        .run_dir = site->system.run,
        .keyring = site->system.authorized,
        .listen = listen,
        .listen_count = 1,
        .services = names,
        .service_count = count,
        .connections = 2000,          // those who flood it are in this process, and need files too
        .lease_ms = 10 * PATIENCE_MS, // nothing here may pass only because a lease ran out
    };
    must(lq_keys_load(site->system.bus_key, &config.keys));
    strcpy(site->bus_key, config.keys.public_key);
    must(lq_broker_open(&config, &site->broker));
    assert_int_equal(pthread_create(&site->bus, NULL, run_bus, site), 0);
}

static void await_services(struct site *site)
{
    struct lq_client *client = site_client(site, &site->keys[LQ__ROLE__ADMIN]);
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    for (unsigned i = 0; i < site->service_count; i++)
        while (site_query(client, site->services[i].service->name, NULL)->kind_case !=
               LQ__REPLY__KIND_ANSWER) {
            assert_true(lq_steady_ms() < until);
            usleep(20 * 1000);
        }
    lq_client_close(client);
}

void site_start(struct site *site)
{
    site->stop_fd = eventfd(0, EFD_CLOEXEC);
    assert_true(site->stop_fd >= 0);
    start_bus(site);
    for (unsigned i = 0; i < site->service_count; i++) {
        struct site_service *s = &site->services[i];
        assert_int_equal(pthread_create(&s->thread, NULL, run_service, s), 0);
    }
    await_services(site);
}

struct lq_broker_counters site_stop(struct site *site)
{
    eventfd_write(site->stop_fd, 1);
    for (unsigned i = 0; i < site->service_count; i++) {
        pthread_join(site->services[i].thread, NULL);
        assert_int_equal(site->services[i].status, LQ_OK);
    }
    lq_broker_stop(site->broker);
    pthread_join(site->bus, NULL);
    const struct lq_broker_counters counters = *lq_broker_counters(site->broker);
    lq_broker_close(site->broker);
    site->broker = NULL;
    close(site->stop_fd);
    return counters;
}

struct site *site_open(const char *const *services)
{
    struct site *site = calloc(1, sizeof *site);
    strcpy(site->dir, "/tmp/lq-site-XXXXXX");
    assert_non_null(mkdtemp(site->dir));
    site->system = lq_system_at(&site->arena, lq_arena_text(&site->arena, site->dir));
    must(lq_system_prepare(&site->system));
    must(lq_policy_load(NULL, &site->arena, &site->policy));
    must(lq_law_load(site->system.config, &site->law));
    must(lq_pipe_endpoint(site->system.run, site->link));
    for (unsigned role = 0; role < SITE_KEYS; role++)
        must(lq_keys_generate(&site->keys[role]));
    for (unsigned role = 1; role < SITE_KEYS; role++)
        must(lq_keyring_add(site->system.authorized, site->keys[role].public_key, site_badge(role),
                            1u << role));
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        bool wanted = services == NULL;
        for (unsigned i = 0; services != NULL && services[i] != NULL; i++)
            wanted = wanted || strcmp(services[i], (*s)->name) == 0;
        if (wanted)
            site->services[site->service_count++] =
                (struct site_service){.site = site, .service = *s};
    }
    site_start(site);
    return site;
}

void site_close(struct site *site)
{
    if (site->broker != NULL)
        site_stop(site);
    lq_law_free(site->law);
    site_remove_dir(site->dir);
    lq_arena_free(&site->arena);
    free(site);
}

const char *site_endpoint(const struct site *site)
{
    return lq_broker_endpoint(site->broker, 0);
}

// ---------------------------------------------------------------- asking

struct lq_client *site_client(struct site *site, const struct lq_key_pair *keys)
{
    const struct lq_client_config config = {.endpoint = site_endpoint(site),
                                            .bus_public_key = site->bus_key,
                                            .keys = *keys,
                                            .once = true,
                                            .deadline_ms = PATIENCE_MS};
    struct lq_client *client = NULL;
    must(lq_client_open(&config, &client));
    return client;
}

const Lq__Reply *site_ask(struct lq_client *client, const char *service, enum lq_ask kind,
                          struct lq_span body)
{
    const Lq__Reply *reply = NULL;
    must(lq_client_call(client, service, kind, body, &reply));
    return reply;
}

const Lq__Reply *site_query(struct lq_client *client, const char *service,
                            const ProtobufCMessage *query)
{
    struct lq_arena arena = {0};
    Lq__Query envelope = LQ__QUERY__INIT;
    if (query != NULL) {
        const struct lq_span body = lq_pb_encode(&arena, query);
        envelope.body.data = (uint8_t *)(uintptr_t)body.data;
        envelope.body.len = body.size;
    }
    const Lq__Reply *reply =
        site_ask(client, service, LQ_ASK_QUERY, lq_pb_encode(&arena, &envelope.base));
    lq_arena_free(&arena);
    return reply;
}

struct lq_span site_command(struct lq_arena *arena, const char *on_behalf_of, const char *reason,
                            const ProtobufCMessage *body)
{
    struct lq_id id = lq_id_new(lq_wall_ms());
    Lq__Command command = lq_client_command(&id, lq_pb_encode(arena, body));
    char none[] = "";
    command.on_behalf_of = on_behalf_of != NULL ? lq_arena_text(arena, on_behalf_of) : none;
    command.reason = reason != NULL ? lq_arena_text(arena, reason) : none;
    return lq_pb_encode(arena, &command.base);
}

struct lq_span site_command_text(struct lq_arena *arena, const char *service, const char *text)
{
    const struct lq_service *s = lq_service_named(service);
    assert_non_null(s);
    return site_command(arena, NULL, "a test", lq_message_of(arena, s->command_type, text));
}

const Lq__Outcome *site_outcome(struct lq_arena *arena, const Lq__Reply *reply)
{
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        fail_msg("refused: %s", reply->refusal->text);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    const char *why = NULL;
    const ProtobufCMessage *outcome =
        lq_pb_decode_within(&LQ_PB_REPLY, arena, &lq__outcome__descriptor,
                            lq_span(reply->outcome.data, reply->outcome.len), &why);
    assert_non_null(outcome);
    return (const Lq__Outcome *)outcome;
}

void site_do(struct lq_client *client, const char *service, const char *text)
{
    struct lq_arena arena = {0};
    const struct lq_span command = site_command_text(&arena, service, text);
    const Lq__Outcome *outcome =
        site_outcome(&arena, site_ask(client, service, LQ_ASK_COMMAND, command));
    if (outcome->result_case != LQ__OUTCOME__RESULT_ACCEPTED)
        fail_msg("%s: %s", text, outcome->rejected->text);
    lq_arena_free(&arena);
}

void site_expect_refusal(const Lq__Reply *reply, Lq__Refusal__Why why)
{
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_REFUSAL);
    if (reply->refusal->why != why)
        fail_msg("refused, but with %d: %s", (int)reply->refusal->why, reply->refusal->text);
}

struct site_tip site_tip(struct lq_client *client, const char *service)
{
    struct lq_arena arena = {0};
    const char *why = NULL;
    const Lq__Reply *reply = site_query(client, service, NULL);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const Lq__Status *status = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &arena, &lq__status__descriptor,
        lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_non_null(status);
    struct site_tip tip = {.seq = status->tip->seq};
    assert_int_equal(status->tip_hash.len, sizeof tip.hash);
    memcpy(tip.hash, status->tip_hash.data, sizeof tip.hash);
    lq_arena_free(&arena);
    return tip;
}

void site_expect_tip(struct lq_client *client, const char *service, struct site_tip expected)
{
    const struct site_tip tip = site_tip(client, service);
    assert_int_equal(tip.seq, expected.seq);
    assert_memory_equal(tip.hash, expected.hash, sizeof tip.hash);
}

// ---------------------------------------------------------------- a county in small

void site_people_the_roster(struct site *site)
{
    static const struct {
        unsigned role;
        const char *rest;
    } people[] = {
        {LQ__ROLE__COMMANDER, "role=COMMANDER"},
        {LQ__ROLE__DESK, "role=DESK"},
        {LQ__ROLE__LIAISON, "role=LIAISON"},
        {LQ__ROLE__CLERK, "role=CLERK"},
        {LQ__ROLE__INSPECTOR, "role=INSPECTOR"},
        {LQ__ROLE__HEAD, "role=HEAD"},
        {LQ__ROLE__REVIEWER, "role=REVIEWER"},
        {LQ__ROLE__GATEWAY, "role=GATEWAY"},
        {LQ__ROLE__SUPERVISOR, "role=SUPERVISOR"},
        {LQ__ROLE__EXPERT, "role=EXPERT"},
        {LQ__ROLE__ACCEPTOR, "role=ACCEPTOR"},
        {LQ__ROLE__FINANCE, "role=FINANCE"},
        {LQ__ROLE__LEAD, "role=LEAD team=\"T01\" group=\"A\""},
        {LQ__ROLE__OFFICER, "role=OFFICER team=\"T01\" group=\"A\""},
    };
    struct lq_client *admin = site_client(site, &site->keys[LQ__ROLE__ADMIN]);
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    char text[256], from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        snprintf(text, sizeof text, "register_person {badge=\"%s\" name=\"某\" %s}",
                 site_badge(people[i].role), people[i].rest);
        site_do(admin, "shift", text);
    }
    const int64_t now_ms = lq_wall_ms();
    snprintf(text, sizeof text,
             "plan_shift {name=\"day\" group=\"A\" starts_at_ms=%s ends_at_ms=%s}",
             lq_format_instant(now_ms - 6 * 3600 * 1000, from),
             lq_format_instant(now_ms + 6 * 3600 * 1000, to));
    site_do(clerk, "shift", text);
    site_do(clerk, "ledger",
            "register_premises {number=\"E1\" name=\"宏达铸造\" township=\"郭庄镇\" owner=\"主\" "
            "kind=\"foundry\" standing=ENTERPRISE}");
    site_do(clerk, "ledger",
            "register_premises {number=\"E2\" township=\"段村乡\" kind=\"charcoal_workshop\" "
            "standing=UNLICENSED_SITE}");
    // who has seen these records is answered by followers only once they have them too
    lq_client_saw(admin, "ledger", lq_client_position(clerk, "ledger"));
    lq_client_saw(admin, "shift", lq_client_position(clerk, "shift"));
    for (unsigned i = 0; i < site->service_count; i++)
        (void)site_tip(admin, site->services[i].service->name);
    lq_client_close(admin);
    lq_client_close(clerk);
}

void site_run_a_raid(struct site *site, unsigned number)
{
    static const struct {
        const char *service;
        unsigned role;
        const char *before, *after; // the raid's number stands between them
    } lines[] = {
        {"dispatch", LQ__ROLE__DESK, "issue_order {number=\"O",
         "\" kind=\"raid\" target=\"E1\" priority=URGENT vehicles=2 teams=[\"T01\"] "
         "instructions=\"查封熔炼炉\"}"},
        {"dispatch", LQ__ROLE__LEAD, "report_step {order=\"O",
         "\" team=\"T01\" step=ACKNOWLEDGED}"},
        {"dispatch", LQ__ROLE__LEAD, "record_participant {order=\"O",
         "\" team=\"T01\" badge=\"P_officer\"}"},
        {"dispatch", LQ__ROLE__LEAD, "report_step {order=\"O", "\" team=\"T01\" step=DEPARTED}"},
        {"dispatch", LQ__ROLE__LEAD, "report_step {order=\"O", "\" team=\"T01\" step=ON_SCENE}"},
        {"tips", LQ__ROLE__LIAISON, "record_tip {number=\"Q",
         "\" channel=\"hotline_12369\" premises=\"E1\" content=\"复工生产\" verified=true "
         "reward_yuan=500}"},
        {"oversight", LQ__ROLE__DESK, "record_meeting {number=\"M",
         "\" issues_raised=3 issues_resolved=2}"},
        {"dispatch", LQ__ROLE__LEAD, "report_step {order=\"O", "\" team=\"T01\" step=FINISHED}"},
    };
    struct lq_client *clients[SITE_KEYS] = {0};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[512];
        const unsigned role = lines[i].role;
        if (clients[role] == NULL)
            clients[role] = site_client(site, &site->keys[role]);
        snprintf(text, sizeof text, "%s%04u%s", lines[i].before, number, lines[i].after);
        site_do(clients[role], lines[i].service, text);
        if (i == 4) { // seizure waits until it knows what this client has seen of dispatch
            snprintf(text, sizeof text,
                     "take_item {number=\"I%04u\" order=\"O%04u\" target=\"E1\" "
                     "kind=\"transformer\" action=SEALED seal=\"封%04u\" officer_1=\"P_lead\" "
                     "officer_2=\"P_officer\"}",
                     number, number, number);
            site_do(clients[role], "seizure", text);
        }
    }
    for (unsigned role = 0; role < SITE_KEYS; role++)
        lq_client_close(clients[role]);
}

// ---------------------------------------------------------------- afterwards

void site_verify(struct site *site)
{
    assert_null(site->broker);
    for (unsigned i = 0; i < site->service_count; i++) {
        const struct lq_service *service = site->services[i].service;
        const char *names[LQ_STORE_TABLES];
        const struct lq_store_options options = {.max_bytes = 1 << 30};
        struct lq_store_plan plan;
        struct lq_store *store = NULL;
        struct lq_verified verified;
        lq_host_plan(service, names, &plan);
        must(lq_store_open_readonly(
            lq_arena_format(&site->arena, "lmdb:%s/%s", site->system.journal, service->name), &plan,
            &options, &store));
        struct lq_store *scratch = lq_store_new_memory(&plan);
        must(lq_verify(service, store, scratch, &site->policy, NULL, NULL, &verified));
        lq_store_close(scratch);
        lq_store_close(store);
    }
}

int site_tear_down(void **state)
{
    struct site *site = *state;
    site_stop(site);
    site_verify(site);
    site_close(site);
    return 0;
}
