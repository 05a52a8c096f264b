// One turn is one commit, so that the positions that were told are the ends of batches.
#include "crash/life.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/id.h"
#include "journal/engine.h"
#include "pb/pb.h"
#include "runtime/verify.h"
#include "support/law.h"
#include "support/message.h"

enum { BATCH_MOST = 4, MINUTE_MS = 60 * 1000 };

static const int64_t START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00
static const uint64_t MAP_BYTES = 64 << 20;

static struct life *planted; // whose engine is bent
static struct lq_store_engine bent;
static const struct lq_store_engine *straight;

void life_init(struct life *life, const char *service, uint64_t seed)
{
    *life = (struct life){.service = lq_service_named(service),
                          .dice = lq_dice(seed),
                          .now_ms = START_MS,
                          .map_bytes = MAP_BYTES,
                          .salt = "command"};
    LQ_ASSERT(life->service != NULL && lq_policy_load(NULL, &life->arena, &life->policy) == LQ_OK);
}

void life_free(struct life *life)
{
    life_close(life);
    free(life->commands);
    lq_arena_free(&life->arena);
}

// ---------------------------------------------------------------- replies

// Our requests have small correlations; the host's own begin far above them.
static struct life_command *command_of(struct life *life, uint64_t correlation)
{
    return correlation >= 1 && correlation <= life->count ? &life->commands[correlation - 1] : NULL;
}

static uint64_t position_of(struct life *life, struct lq_span bytes)
{
    const char *why;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &life->arena, &lq__outcome__descriptor, bytes, &why);
    LQ_ASSERT(outcome != NULL);
    const bool accepted = outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED;
    snprintf(life->last_rejection, sizeof life->last_rejection, "%s",
             accepted ? "" : outcome->rejected->text);
    return accepted ? outcome->accepted->position->seq : outcome->rejected->position->seq;
}

static void take_answer(void *self, struct lq_span route, struct lq_span bytes)
{
    struct life *life = self;
    const char *why;
    (void)route;
    const Lq__Reply *reply = (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &life->arena,
                                                               &lq__reply__descriptor, bytes, &why);
    LQ_ASSERT(reply != NULL);
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER) {
        life->answered++;
        return;
    }
    struct life_command *command = command_of(life, reply->correlation);
    LQ_ASSERT(command != NULL);
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        life->refused++;
        snprintf(life->last_refusal, sizeof life->last_refusal, "%s", reply->refusal->text);
        return;
    }
    LQ_ASSERT(reply->kind_case == LQ__REPLY__KIND_OUTCOME);
    life->acknowledged += command->outcome.data == NULL;
    command->outcome =
        lq_arena_copy(&life->arena, lq_span(reply->outcome.data, reply->outcome.len));
    command->position = position_of(life, command->outcome);
    life->told = command->position > life->told ? command->position : life->told;
}

static bool keep_fetch(void *self, struct lq_span bytes)
{
    struct life *life = self;
    const char *why;
    const Lq__Request *request =
        (const void *)lq_pb_decode(&life->arena, &lq__request__descriptor, bytes, &why);
    LQ_ASSERT(request != NULL && request->kind_case == LQ__REQUEST__KIND_FETCH);
    const Lq__Fetch *fetch =
        (const void *)lq_pb_decode(&life->arena, &lq__fetch__descriptor,
                                   lq_span(request->fetch.data, request->fetch.len), &why);
    LQ_ASSERT(fetch != NULL);
    for (int i = 0; i < LIFE_FETCHES; i++) {
        struct life_fetch *kept = &life->fetches[i];
        if (kept->stream[0] != '\0' && strcmp(kept->stream, request->service) != 0)
            continue;
        snprintf(kept->stream, sizeof kept->stream, "%s", request->service);
        kept->correlation = request->correlation;
        kept->after = fetch->after;
        return true;
    }
    LQ_UNREACHABLE();
}

// ---------------------------------------------------------------- opening

static enum lq_status bent_commit(struct lq_store *store)
{
    const bool early = planted->plant & LIFE_TELLS_EARLY;
    if (early)
        recorder_told(store->tip.seq);
    const enum lq_status status = straight->commit(store);
    return planted->plant & LIFE_IGNORES_FAILED ? LQ_OK : status;
}

static void bend(struct life *life)
{
    planted = life;
    straight = life->store->engine;
    bent = *straight;
    bent.commit = bent_commit;
    life->store->engine = &bent;
}

enum lq_status life_open(struct life *life, const char *directory)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = life->map_bytes};
    struct lq_store_plan plan;
    char url[PATH_MAX + 8];
    snprintf(url, sizeof url, "lmdb:%s", directory);
    lq_host_plan(life->service, names, &plan);
    enum lq_status status = lq_store_open(url, &plan, &options, &life->store);
    if (status != LQ_OK)
        return status;
    if (life->plant != 0)
        bend(life);
    const struct lq_host_io io = {.self = life, .answer = take_answer, .ask = keep_fetch};
    status = lq_host_new(life->service, life->store, &life->policy, law_for_tests(), io,
                         life->now_ms, &life->host);
    if (status != LQ_OK)
        life_close(life);
    return status;
}

void life_close(struct life *life)
{
    lq_host_free(life->host);
    lq_store_close(life->store);
    life->host = NULL;
    life->store = NULL;
    memset(life->fetches, 0, sizeof life->fetches);
}

uint64_t life_tip(struct life *life)
{
    uint8_t hash[LQ_HASH_SIZE];
    return lq_store_tip(life->store, hash);
}

// ---------------------------------------------------------------- commands

static struct life_command *new_command(struct life *life)
{
    if (life->count == life->room) {
        life->room = life->room == 0 ? 64 : 2 * life->room;
        life->commands = realloc(life->commands, life->room * sizeof *life->commands);
        LQ_ASSERT(life->commands != NULL);
    }
    struct life_command *command = &life->commands[life->count++];
    *command = (struct life_command){.correlation = life->count};
    return command;
}

static void send(struct life *life, const struct life_command *command)
{
    const struct lq_caller caller = {
        .route = lq_span_text("r"), .actor = command->actor, .roles = ~0U};
    lq_host_take(life->host, &caller, command->request);
}

static enum lq_status turn(struct life *life)
{
    const enum lq_status status = lq_host_step(life->host, life->now_ms);
    if (status == LQ_OK)
        recorder_told(life_tip(life));
    return status;
}

enum lq_status life_turn(struct life *life)
{
    return turn(life);
}

enum lq_status life_ask(struct life *life)
{
    const struct lq_caller caller = {.route = lq_span_text("r"), .actor = "P5", .roles = ~0U};
    Lq__Request request = LQ__REQUEST__INIT;
    request.service = (char *)(uintptr_t)life->service->name;
    request.kind_case = LQ__REQUEST__KIND_QUERY; // an empty one: the state of the service itself
    lq_host_take(life->host, &caller, lq_pb_encode(&life->arena, &request.base));
    return turn(life);
}

bool life_hear(struct life *life, const char *stream, const ProtobufCMessage *event, unsigned count)
{
    int at = 0;
    while (at < LIFE_FETCHES && strcmp(life->fetches[at].stream, stream) != 0)
        at++;
    if (at == LIFE_FETCHES || life->fetches[at].correlation == 0)
        return false;
    const struct lq_span body = lq_pb_encode(&life->arena, event);
    Lq__Events events = LQ__EVENTS__INIT;
    events.n_events = count;
    events.events = LQ_NEW_ARRAY(&life->arena, Lq__Event *, count);
    for (unsigned i = 0; i < count; i++) {
        events.events[i] = LQ_NEW(&life->arena, Lq__Event);
        lq__event__init(events.events[i]);
        events.events[i]->seq = life->fetches[at].after + 1 + i;
        events.events[i]->recorded_at_ms = events.events[i]->occurred_at_ms = life->now_ms;
        events.events[i]->body =
            (ProtobufCBinaryData){.len = body.size, .data = (uint8_t *)(uintptr_t)body.data};
    }
    events.next_after = events.tip = life->fetches[at].after + count;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = life->fetches[at].correlation;
    reply.kind_case = LQ__REPLY__KIND_EVENTS;
    reply.events = &events;
    life->fetches[at].correlation = 0;
    lq_host_hear(life->host, lq_pb_encode(&life->arena, &reply.base));
    return turn(life) == LQ_OK;
}

// A person, but for what the service says to itself.
static const char *actor_of(struct life *life, const ProtobufCMessage *body)
{
    const struct lq_command_row *row = lq_command_row(life->service, lq_pb_variant(body));
    if (row == NULL || (row->who & LQ_ANY_PERSON) != 0)
        return "P5";
    return lq_arena_format(&life->arena, "@%s", life->service->name);
}

static void make_command(struct life *life, const ProtobufCMessage *body_message)
{
    struct life_command *made = new_command(life);
    made->actor = actor_of(life, body_message);
    char name[64];
    snprintf(name, sizeof name, "%s %u", life->salt, life->count);
    const struct lq_id id = lq_id_derive(life->now_ms, lq_span_text(name));
    const struct lq_span body = lq_pb_encode(&life->arena, body_message);
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = (uint8_t *)(uintptr_t)id.bytes};
    command.body = (ProtobufCBinaryData){.len = body.size, .data = (uint8_t *)(uintptr_t)body.data};
    const struct lq_span bytes = lq_pb_encode(&life->arena, &command.base);
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = made->correlation;
    request.service = (char *)(uintptr_t)life->service->name;
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command =
        (ProtobufCBinaryData){.len = bytes.size, .data = (uint8_t *)(uintptr_t)bytes.data};
    made->request = lq_pb_encode(&life->arena, &request.base);
    send(life, made);
}

static void make_any_command(struct life *life)
{
    const ProtobufCMessageDescriptor *type = life->service->command_type;
    const unsigned member = (unsigned)lq_throw(&life->dice, type->n_fields);
    make_command(life, lq_generate_variant(&life->dice, &life->arena, type, member, life->now_ms));
}

enum lq_status life_say(struct life *life, const char *command)
{
    make_command(life, lq_message_of(&life->arena, life->service->command_type, command));
    return turn(life);
}

enum lq_status life_step(struct life *life)
{
    const uint64_t batch = 1 + lq_throw(&life->dice, BATCH_MOST);
    for (uint64_t i = 0; i < batch; i++)
        make_any_command(life);
    const int64_t minutes = lq_chance(&life->dice, 5) && !life->calm ? 40 * 24 * 60 : 1;
    life->dice.era = life->count / 40;
    life->now_ms += (int64_t)lq_throw(&life->dice, 30) * minutes * MINUTE_MS;
    return turn(life);
}

enum lq_status life_repeat_unanswered(struct life *life)
{
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; i < life->count && status == LQ_OK; i++)
        if (life->commands[i].outcome.data == NULL) {
            send(life, &life->commands[i]);
            status = turn(life);
        }
    return status;
}

const char *life_check_repeats(struct life *life, unsigned first, unsigned count)
{
    const unsigned end = first + count < life->count ? first + count : life->count;
    for (unsigned i = first; i < end; i++) {
        const struct lq_span before = life->commands[i].outcome;
        if (before.data == NULL)
            continue;
        const unsigned refused = life->refused;
        const uint64_t tip = life_tip(life);
        send(life, &life->commands[i]);
        if (turn(life) != LQ_OK)
            return lq_fault_text();
        if (life->refused != refused)
            return "an acknowledged command is refused now";
        if (!lq_span_equal(before, life->commands[i].outcome))
            return "an acknowledged command has another outcome now";
        if (life->commands[i].position > tip)
            return "an acknowledged command was decided a second time";
    }
    return NULL;
}

const char *life_verify(struct life *life)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    struct lq_verified verified;
    lq_host_plan(life->service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    const enum lq_status status =
        lq_verify(life->service, life->store, scratch, &life->policy, NULL, NULL, &verified);
    lq_store_close(scratch);
    if (status == LQ_OK && verified.other_version)
        return "the tables are of another version, though the service has started";
    return status == LQ_OK ? NULL : lq_fault_text();
}
