// A whole system in this process: the bus and services, each in a thread of its own as in lianqind,
// on loopback TCP, with stores on disk in a directory of its own, and a key for each role. For the
// tests of what keys open and what they do not.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdbool.h>

#include "base/arena.h"
#include "bus/broker/broker.h"
#include "bus/keyring/keyring.h"
#include "client/client.h"
#include "config/policy.h"
#include "journal/store.h"
#include "config/law.h"
#include "runtime/system.h"
#include "service/service.h"

enum {
    PATIENCE_MS = 240000, // tells a hang; machines that run tests stand still for a minute
    SITE_SERVICES = 16,
    SITE_KEYS = 17, // indexed by Role; 0 is a stranger's, which is in no list
};

struct site_service {
    struct site *site;
    const struct lq_service *service;
    pthread_t thread;
    enum lq_status status;
};

struct site {
    char dir[64];
    struct lq_arena arena;
    struct lq_system system;
    struct lq_policy policy;
    struct lq_law *law;
    struct lq_broker *broker;
    pthread_t bus;
    int stop_fd;
    char link[LQ_PIPE_ENDPOINT_TEXT], bus_key[LQ_KEY_TEXT];
    struct lq_key_pair keys[SITE_KEYS];
    struct site_service services[SITE_SERVICES];
    unsigned service_count;
};

// With the services of that list (ends with NULL), or with all for NULL. They are up when it
// returns. The person with role r has the badge site_badge(r).
struct site *site_open(const char *const *services);
void site_close(struct site *site);

// The end of a test: stopped, every journal verified, closed.
int site_tear_down(void **state);

// Stops everything as SIGTERM does, or starts it again on the same port.
struct lq_broker_counters site_stop(struct site *site);
void site_start(struct site *site);

const char *site_badge(unsigned role); // "P_desk"; "@tester" for services
const char *site_endpoint(const struct site *site);

// A client that hands every refusal over at once.
struct lq_client *site_client(struct site *site, const struct lq_key_pair *keys);

// Asks and waits; the reply is the client's. That nobody answers fails the test.
const Lq__Reply *site_ask(struct lq_client *client, const char *service, enum lq_ask kind,
                          struct lq_span body);
const Lq__Reply *site_query(struct lq_client *client, const char *service,
                            const ProtobufCMessage *query); // NULL: for a Status

// A serialized Command around the body, with a new id.
struct lq_span site_command(struct lq_arena *arena, const char *on_behalf_of, const char *reason,
                            const ProtobufCMessage *body);

// `text` as support/message.h writes messages: "record_tip {channel=…}".
struct lq_span site_command_text(struct lq_arena *arena, const char *service, const char *text);

// Sends it and fails unless it is accepted.
void site_do(struct lq_client *client, const char *service, const char *text);

// The outcome in a reply, in the arena; fails if it is none.
const Lq__Outcome *site_outcome(struct lq_arena *arena, const Lq__Reply *reply);
void site_expect_refusal(const Lq__Reply *reply, Lq__Refusal__Why why);

// How far a stream is, told by the service itself.
struct site_tip {
    uint64_t seq;
    uint8_t hash[LQ_HASH_SIZE];
};
struct site_tip site_tip(struct lq_client *client, const char *service);
void site_expect_tip(struct lq_client *client, const char *service, struct site_tip expected);

// Registers one person of each role (with the badges of the keys), a shift and two premises, and
// waits until all services know.
void site_people_the_roster(struct site *site);

// Replays every store on disk; the system must be stopped.
void site_verify(struct site *site);

// A small raid, from order to case: something in every journal.
void site_run_a_raid(struct site *site, unsigned number);

// A directory in memory where there is one, or on disk; removed with all that is in it.
void site_scratch_dir(char path[64]);
void site_remove_dir(const char *path);
