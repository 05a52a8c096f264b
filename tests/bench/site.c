// The bench signs on as anybody does, except that it writes its two hundred keys into the list at
// once, and keeps their secret halves in memory only.
#include "site.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "bus/keyring/keyring.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "oversight.pb-c.h"
#include "pb/pb.h"
#include "runtime/system.h"
#include "shift.pb-c.h"

// ---------------------------------------------------------------- keys

// A new pair; its line for the list of keys.
static const char *make_keys(struct site *site, struct wire_keys *keys, const char *badge,
                             const char *roles)
{
    char text[LQ_KEY_TEXT];
    crypto_box_keypair(keys->own_public, keys->own_secret);
    LQ_ASSERT(zmq_z85_encode(text, keys->own_public, 32) != NULL);
    return lq_arena_format(&site->arena, "%s %s %s # bench\n", text, badge, roles);
}

// All keys at once: the bus reads the list again for each change.
static void issue_keys(struct site *site, const struct lq_system *system)
{
    char *list, bus[LQ_KEY_TEXT];
    size_t size;
    mode_t mode;
    if (lq_file_read(system->authorized, 16 << 20, &list, &size, &mode) != LQ_OK ||
        lq_public_key_load(system->bus_public, bus) != LQ_OK)
        bench_die("%s", lq_fault_text());
    LQ_ASSERT(zmq_z85_decode(site->desk.server, bus) != NULL);
    const char *lines[SITE_LEADS + 1];
    lines[SITE_LEADS] = make_keys(site, &site->desk, "bench", "desk,clerk,commander");
    size_t total = size + strlen(lines[SITE_LEADS]);
    for (int i = 0; i < SITE_LEADS; i++) {
        memcpy(site->leads[i].server, site->desk.server, 32);
        lines[i] = make_keys(site, &site->leads[i], lq_arena_format(&site->arena, "L%03d", i),
                             "lead,inspector");
        total += strlen(lines[i]);
    }
    char *all = lq_arena_alloc(&site->arena, total + 1);
    memcpy(all, list, size);
    for (int i = 0; i <= SITE_LEADS; i++)
        strcat(all, lines[i]);
    if (lq_file_replace(system->authorized, lq_span(all, total), 0600) != LQ_OK)
        bench_die("%s", lq_fault_text());
    free(list);
}

static int read_port(struct site *site, const struct lq_system *system)
{
    char *text;
    size_t size;
    mode_t mode;
    int port = 0;
    const char *path = lq_arena_format(&site->arena, "%s/endpoint", system->run);
    if (lq_file_read(path, 4096, &text, &size, &mode) != LQ_OK)
        bench_die("%s", lq_fault_text());
    if (sscanf(text, "tcp://127.0.0.1:%d", &port) != 1)
        bench_die("the bus does not listen on 127.0.0.1");
    free(text);
    return port;
}

static void heard(struct wire *wire, struct lq_span message)
{
    struct site *site = wire_config(wire)->owner;
    const Lq__Reply *reply = site_reply(&site->arena, message);
    if (reply->correlation == site->correlation)
        site->reply = reply;
}

static void connect_desk(struct site *site)
{
    const struct wire_config config = {.kind = WIRE_ZMTP_CURVE,
                                       .port = site->port,
                                       .keys = &site->desk,
                                       .heard = heard,
                                       .owner = site};
    for (int i = 0; i < 50; i++) { // the bus may not have read the list yet
        site->wire = wire_open(site->loop, &config);
        if (wire_wait_ready(site->loop, 0.2))
            return;
        wire_close(site->wire);
    }
    bench_die("the bus does not let the bench in");
}

void site_open(struct site *site, const char *data)
{
    *site = (struct site){.data = data, .loop = wire_loop_new()};
    LQ_ASSERT(sodium_init() >= 0);
    const struct lq_system system = lq_system_at(&site->arena, data);
    issue_keys(site, &system);
    site->port = read_port(site, &system);
    connect_desk(site);
    lq_arena_reset(&site->arena);
}

void site_close(struct site *site)
{
    wire_loop_free(site->loop);
    lq_arena_free(&site->arena);
}

// ---------------------------------------------------------------- requests

static struct lq_span request_of(struct lq_arena *arena, uint64_t correlation, const char *service,
                                 unsigned kind, struct lq_span body)
{
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = correlation;
    request.service = (char *)(uintptr_t)service;
    request.kind_case = kind;
    request.command =
        (ProtobufCBinaryData){.len = body.size, .data = (uint8_t *)(uintptr_t)body.data};
    return lq_pb_encode(arena, &request.base);
}

struct lq_span site_command_at(struct lq_arena *arena, uint64_t correlation, const char *service,
                               const ProtobufCMessage *body, int64_t occurred_at_ms,
                               const char *reason)
{
    struct lq_id id = lq_id_new(lq_wall_ms());
    const struct lq_span bytes = lq_pb_encode(arena, body);
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = sizeof id.bytes, .data = id.bytes};
    command.body =
        (ProtobufCBinaryData){.len = bytes.size, .data = (uint8_t *)(uintptr_t)bytes.data};
    command.occurred_at_ms = occurred_at_ms;
    command.reason = (char *)(uintptr_t)reason;
    return request_of(arena, correlation, service, LQ__REQUEST__KIND_COMMAND,
                      lq_pb_encode(arena, &command.base));
}

struct lq_span site_command(struct lq_arena *arena, uint64_t correlation, const char *service,
                            const ProtobufCMessage *body)
{
    return site_command_at(arena, correlation, service, body, 0, "");
}

struct lq_span site_query(struct lq_arena *arena, uint64_t correlation, const char *service,
                          const ProtobufCMessage *body)
{
    Lq__Query query = LQ__QUERY__INIT;
    if (body != NULL) {
        const struct lq_span bytes = lq_pb_encode(arena, body);
        query.body =
            (ProtobufCBinaryData){.len = bytes.size, .data = (uint8_t *)(uintptr_t)bytes.data};
    }
    return request_of(arena, correlation, service, LQ__REQUEST__KIND_QUERY,
                      lq_pb_encode(arena, &query.base));
}

struct lq_span site_fetch(struct lq_arena *arena, uint64_t correlation, const char *service,
                          uint64_t after, uint32_t max, uint32_t wait_ms)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = after;
    fetch.max = max;
    fetch.wait_ms = wait_ms;
    return request_of(arena, correlation, service, LQ__REQUEST__KIND_FETCH,
                      lq_pb_encode(arena, &fetch.base));
}

struct lq_span site_interview(struct lq_arena *arena, uint64_t correlation)
{
    Oversight__RecordInterview interview = OVERSIGHT__RECORD_INTERVIEW__INIT;
    interview.kind = (char[]){"enterprise"};
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    command.body_case = OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW;
    command.record_interview = &interview;
    return site_command(arena, correlation, "oversight", &command.base);
}

// Correlation, then an outcome whose first field is `accepted`.
bool site_is_accepted(struct lq_span reply)
{
    size_t i = 1; // the correlation's tag
    while (i < reply.size && (reply.data[i] & 0x80) != 0)
        i++;
    i++;
    return i + 2 < reply.size && reply.data[0] == 0x08 && reply.data[i] == 0x12 &&
           reply.data[i + 2] == 0x0a;
}

const Lq__Reply *site_reply(struct lq_arena *arena, struct lq_span bytes)
{
    const char *why = NULL;
    const Lq__Reply *reply =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, arena, &lq__reply__descriptor, bytes, &why);
    if (reply == NULL)
        bench_die("a reply does not decode: %s", why);
    return reply;
}

const Lq__Reply *site_ask(struct site *site, struct lq_span request)
{
    const double until = wire_now() + 10;
    site->reply = NULL;
    wire_send(site->wire, request);
    while (site->reply == NULL && wire_now() < until && !wire_broken(site->wire))
        wire_turn(site->loop, 100);
    return site->reply;
}

static const Lq__Outcome *ask_outcome(struct site *site, const char *service,
                                      const ProtobufCMessage *body)
{
    const Lq__Reply *reply =
        site_ask(site, site_command(&site->arena, ++site->correlation, service, body));
    if (reply == NULL || reply->kind_case != LQ__REPLY__KIND_OUTCOME)
        bench_die("%s does not decide: %s", service,
                  reply == NULL ? "silence" : lq_pb_text(&site->arena, &reply->base));
    const char *why;
    const Lq__Outcome *outcome =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &site->arena, &lq__outcome__descriptor,
                                          lq_span(reply->outcome.data, reply->outcome.len), &why);
    LQ_ASSERT(outcome != NULL);
    return outcome;
}

const Lq__Accepted *site_do(struct site *site, const char *service, const ProtobufCMessage *body)
{
    const Lq__Outcome *outcome = ask_outcome(site, service, body);
    if (outcome->result_case != LQ__OUTCOME__RESULT_ACCEPTED)
        bench_die("%s: %s", service, outcome->rejected->text);
    return outcome->accepted;
}

const Lq__Status *site_status(struct site *site, const char *service)
{
    const char *why;
    const Lq__Reply *reply =
        site_ask(site, site_query(&site->arena, ++site->correlation, service, NULL));
    if (reply == NULL || reply->kind_case != LQ__REPLY__KIND_ANSWER)
        return NULL;
    return (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &site->arena, &lq__status__descriptor,
        lq_span(reply->answer->body.data, reply->answer->body.len), &why);
}

// ---------------------------------------------------------------- the force

static void register_lead(struct site *site, int index)
{
    Shift__Person person = SHIFT__PERSON__INIT;
    person.badge = lq_arena_format(&site->arena, "L%03d", index);
    person.name = person.badge;
    person.role = LQ__ROLE__LEAD;
    person.team = lq_arena_format(&site->arena, "T%03d", index);
    person.group = (char[]){"A"};
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_REGISTER_PERSON;
    command.register_person = &person;
    ask_outcome(site, "shift", &command.base);
}

static void plan_shift(struct site *site)
{
    const int64_t now = lq_wall_ms();
    Shift__Shift shift = SHIFT__SHIFT__INIT;
    shift.name = (char[]){"day"};
    shift.group = (char[]){"A"};
    shift.starts_at_ms = now - 60 * 1000;
    shift.ends_at_ms = now + LQ_DAY_MS - 120 * 1000;
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_PLAN_SHIFT;
    command.plan_shift = &shift;
    ask_outcome(site, "shift", &command.base);
}

static void register_target(struct site *site)
{
    Ledger__Premises premises = LEDGER__PREMISES__INIT;
    premises.number = premises.name = (char[]){"B001"};
    premises.township = (char[]){"bench"};
    premises.standing = LEDGER__STANDING__ENTERPRISE;
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = LEDGER__COMMAND__BODY_REGISTER_PREMISES;
    command.register_premises = &premises;
    ask_outcome(site, "ledger", &command.base);
}

static bool has_followed(struct site *site, const char *follower, const char *stream, uint64_t tip)
{
    const Lq__Status *status = site_status(site, follower);
    for (size_t i = 0; status != NULL && i < status->n_follows; i++)
        if (strcmp(status->follows[i]->stream, stream) == 0)
            return status->follows[i]->seq >= tip;
    return false;
}

void site_wait_followed(struct site *site, const char *follower, const char *stream)
{
    const double until = wire_now() + 900;
    const Lq__Status *followed = site_status(site, stream);
    if (followed == NULL)
        bench_die("%s does not answer", stream);
    for (const uint64_t tip = followed->tip->seq; !has_followed(site, follower, stream, tip);) {
        if (wire_now() > until)
            bench_die("%s does not catch up with %s", follower, stream);
        lq_arena_reset(&site->arena);
        wire_turn(site->loop, 20);
    }
}

void site_prepare(struct site *site)
{
    const Lq__Status *shift = site_status(site, "shift");
    if (shift != NULL && shift->tip->seq > SITE_LEADS)
        return; // an earlier stage has done it
    for (int i = 0; i < SITE_LEADS; i++) {
        register_lead(site, i);
        lq_arena_reset(&site->arena);
    }
    plan_shift(site);
    register_target(site);
    site_wait_followed(site, "dispatch", "shift");
    site_wait_followed(site, "dispatch", "ledger");
    lq_arena_reset(&site->arena);
}
