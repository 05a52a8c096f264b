#include "client/ask.h"

#include "pb/pb.h"

static struct lq_hearing call(struct lq_client *client, const char *service,
                              const ProtobufCMessage *message, const Lq__Reply **reply)
{
    struct lq_hearing hearing = {.what = LQ_HEARD};
    hearing.status = lq_client_call_message(client, service, message, reply);
    if (hearing.status != LQ_OK) {
        hearing.what = LQ_HEARD_NOTHING;
    } else if ((*reply)->kind_case == LQ__REPLY__KIND_REFUSAL) {
        hearing.what = LQ_HEARD_REFUSAL;
        hearing.refusal = (*reply)->refusal;
    }
    return hearing;
}

static ProtobufCMessage *read(struct lq_hearing *hearing, struct lq_arena *arena,
                              const ProtobufCMessageDescriptor *type, ProtobufCBinaryData bytes)
{
    ProtobufCMessage *message = lq_pb_decode_within(&LQ_PB_REPLY, arena, type,
                                                    lq_span(bytes.data, bytes.len), &hearing->why);
    if (message == NULL || lq_pb_variant_message(message) == NULL)
        hearing->what = LQ_HEARD_NOT_READ;
    return message;
}

struct lq_hearing lq_client_decide(struct lq_client *client, struct lq_arena *arena,
                                   const char *service, const Lq__Command *command)
{
    const Lq__Reply *reply;
    struct lq_hearing hearing = call(client, service, &command->base, &reply);
    if (hearing.what != LQ_HEARD)
        return hearing;
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME)
        hearing.outcome =
            (const void *)read(&hearing, arena, &lq__outcome__descriptor, reply->outcome);
    else
        hearing.what = LQ_HEARD_NOT_READ;
    hearing.repeated = reply->repeated_outcome;
    return hearing;
}

static Lq__Query query_of(struct lq_span body)
{
    Lq__Query message = LQ__QUERY__INIT;
    message.body = (ProtobufCBinaryData){.len = body.size, .data = (uint8_t *)(uintptr_t)body.data};
    return message;
}

static void read_answer(struct lq_hearing *hearing, struct lq_arena *arena, const Lq__Reply *reply,
                        const ProtobufCMessageDescriptor *answer_type)
{
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER) {
        hearing->told = reply->answer;
        hearing->answer = read(hearing, arena, answer_type, reply->answer->body);
    } else
        hearing->what = LQ_HEARD_NOT_READ;
}

struct lq_hearing lq_client_ask(struct lq_client *client, struct lq_arena *arena,
                                const char *service, const ProtobufCMessage *query,
                                const ProtobufCMessageDescriptor *answer_type)
{
    const Lq__Reply *reply;
    const Lq__Query message = query_of(lq_pb_encode(arena, query));
    struct lq_hearing hearing = call(client, service, &message.base, &reply);
    if (hearing.what == LQ_HEARD)
        read_answer(&hearing, arena, reply, answer_type);
    return hearing;
}

enum lq_status lq_client_submit_query(struct lq_client *client, const char *service,
                                      const ProtobufCMessage *query, uint64_t *correlation)
{
    struct lq_arena arena = {0};
    const Lq__Query message = query_of(lq_pb_encode(&arena, query));
    const enum lq_status status = lq_client_submit(
        client, service, LQ_ASK_QUERY, lq_pb_encode(&arena, &message.base), correlation);
    lq_arena_free(&arena);
    return status;
}

struct lq_hearing lq_client_read_answer(struct lq_arena *arena, const Lq__Reply *reply,
                                        const ProtobufCMessageDescriptor *answer_type)
{
    struct lq_hearing hearing = {.what = LQ_HEARD};
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        hearing.what = LQ_HEARD_REFUSAL;
        hearing.refusal = reply->refusal;
    } else {
        read_answer(&hearing, arena, reply, answer_type);
    }
    return hearing;
}
