#include "rig.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "config/law.h"
#include "pb/pb.h"
#include "wire.h"

extern const struct lq_service lq_service_stats;

static void take_answer(void *self, struct lq_span route, struct lq_span bytes)
{
    struct rig *rig = self;
    (void)route;
    rig->answers++;
    rig->answer = lq_arena_copy(&rig->arena, bytes);
}

static bool no_bus(void *self, struct lq_span request)
{
    (void)self, (void)request;
    return false;
}

void rig_open(struct rig *rig, const char *journal)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = 64ull << 30};
    struct lq_store_plan plan;
    char url[PATH_MAX + 8];
    snprintf(url, sizeof url, "lmdb:%s", journal);
    *rig = (struct rig){0};
    lq_host_plan(&lq_service_stats, names, &plan);
    rig->law = lq_law_from_builtin();
    const struct lq_host_io io = {.self = rig, .answer = take_answer, .ask = no_bus};
    if (lq_policy_load(NULL, &rig->settings, &rig->policy) != LQ_OK ||
        lq_store_open(url, &plan, &options, &rig->store) != LQ_OK ||
        lq_host_new(&lq_service_stats, rig->store, &rig->policy, rig->law, io, lq_wall_ms(),
                    &rig->host) != LQ_OK)
        bench_die("%s", lq_fault_text());
}

void rig_close(struct rig *rig)
{
    lq_host_free(rig->host);
    lq_store_close(rig->store);
    lq_law_free(rig->law);
    lq_arena_free(&rig->settings);
    lq_arena_free(&rig->arena);
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = (uint8_t *)(uintptr_t)bytes.data};
}

static void take(struct rig *rig, unsigned kind, struct lq_span body)
{
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = ++rig->requests;
    request.service = (char[]){"stats"};
    request.kind_case = kind;
    request.command = binary(body);
    const struct lq_caller self = {
        .route = lq_span("", 0), .actor = "@stats", .roles = LQ_ROLE(SERVICE)};
    lq_host_take(rig->host, &self, lq_pb_encode(&rig->arena, &request.base));
}

void rig_turn(struct rig *rig)
{
    if (lq_host_step(rig->host, lq_wall_ms()) != LQ_OK)
        bench_die("%s", lq_fault_text());
}

void rig_command(struct rig *rig, const Stats__Command *command)
{
    const struct lq_id id = lq_id_new(lq_wall_ms());
    Lq__Command envelope = LQ__COMMAND__INIT;
    envelope.id = binary(lq_arena_copy(&rig->arena, lq_span(id.bytes, sizeof id.bytes)));
    envelope.body = binary(lq_pb_encode(&rig->arena, &command->base));
    take(rig, LQ__REQUEST__KIND_COMMAND, lq_pb_encode(&rig->arena, &envelope.base));
}

double rig_ask(struct rig *rig, const Stats__Query *query)
{
    lq_arena_reset(&rig->arena);
    Lq__Query envelope = LQ__QUERY__INIT;
    envelope.body = binary(lq_pb_encode(&rig->arena, &query->base));
    const struct lq_span bytes = lq_pb_encode(&rig->arena, &envelope.base);
    const uint64_t answers = rig->answers;
    const double began = wire_now();
    take(rig, LQ__REQUEST__KIND_QUERY, bytes);
    rig_turn(rig);
    const double took = wire_now() - began;
    if (rig->answers != answers + 1)
        bench_die("stats does not answer in its turn");
    return took;
}

static const void *decode(struct rig *rig, const ProtobufCMessageDescriptor *type,
                          struct lq_span bytes)
{
    const char *why = NULL;
    const void *message = lq_pb_decode_within(&LQ_PB_REPLY, &rig->arena, type, bytes, &why);
    if (message == NULL)
        bench_die("an answer does not decode: %s", why);
    return message;
}

const Stats__Answer *rig_answer(struct rig *rig)
{
    const Lq__Reply *reply = decode(rig, &lq__reply__descriptor, rig->answer);
    if (reply->kind_case != LQ__REPLY__KIND_ANSWER)
        bench_die("stats does not answer: %s", lq_pb_text(&rig->arena, &reply->base));
    return decode(rig, &stats__answer__descriptor,
                  lq_span(reply->answer->body.data, reply->answer->body.len));
}
