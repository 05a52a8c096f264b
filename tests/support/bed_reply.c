// Requests to the bed's host, and their replies.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/assert.h"
#include "pb/pb.h"
#include "support/bed.h"

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

// ---------------------------------------------------------------- requests

void lq_bed_take_bytes(struct lq_bed *bed, const char *actor, uint32_t roles,
                       struct lq_span request)
{
    const struct lq_caller caller = {
        .route = lq_span_text("route"), .actor = actor, .roles = roles};
    lq_host_take(bed->host, &caller, request);
}

uint64_t lq_bed_take(struct lq_bed *bed, const char *actor, uint32_t roles, Lq__Request *request)
{
    request->correlation = ++bed->next_correlation;
    request->service = lq_unconst(bed->service->name);
    lq_bed_take_bytes(bed, actor, roles, lq_pb_encode(&bed->arena, &request->base));
    return request->correlation;
}

uint64_t lq_bed_send_bytes(struct lq_bed *bed, const char *actor, uint32_t roles,
                           struct lq_span command)
{
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command = binary(command);
    return lq_bed_take(bed, actor, roles, &request);
}

static struct lq_id next_id(struct lq_bed *bed)
{
    const uint64_t number = ++bed->next_id;
    return lq_id_derive(bed->now_ms, lq_span(&number, sizeof number));
}

struct lq_bed_sent lq_bed_make(struct lq_bed *bed, const struct lq_bed_command *c)
{
    static const struct lq_id none;
    struct lq_bed_sent sent = {.id = c->id};
    if (memcmp(&sent.id, &none, sizeof none) == 0)
        sent.id = next_id(bed);
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = binary(lq_span(sent.id.bytes, LQ_ID_SIZE));
    if (c->on_behalf_of != NULL)
        command.on_behalf_of = lq_unconst(c->on_behalf_of);
    if (c->reason != NULL)
        command.reason = lq_unconst(c->reason);
    command.occurred_at_ms = c->occurred_ms;
    command.body = binary(lq_pb_encode(&bed->arena, c->body));
    sent.command = lq_pb_encode(&bed->arena, &command.base);
    return sent;
}

struct lq_bed_sent lq_bed_send(struct lq_bed *bed, const struct lq_bed_command *c)
{
    struct lq_bed_sent sent = lq_bed_make(bed, c);
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command = binary(sent.command);
    if (c->after != NULL)
        request.after = binary(lq_span(c->after->bytes, LQ_ID_SIZE));
    Lq__Position seen = LQ__POSITION__INIT, *seen_list = &seen;
    if (c->seen_stream != NULL) {
        seen.stream = lq_unconst(c->seen_stream);
        seen.seq = c->seen_seq;
        seen.hash = binary(c->seen_hash);
        request.seen = &seen_list;
        request.n_seen = 1;
    }
    sent.correlation = lq_bed_take(bed, c->actor, c->roles, &request);
    return sent;
}

uint64_t lq_bed_query(struct lq_bed *bed, const char *actor, uint32_t roles,
                      const ProtobufCMessage *query)
{
    Lq__Query message = LQ__QUERY__INIT;
    if (query != NULL)
        message.body = binary(lq_pb_encode(&bed->arena, query));
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_QUERY;
    request.query = binary(lq_pb_encode(&bed->arena, &message.base));
    return lq_bed_take(bed, actor, roles, &request);
}

uint64_t lq_bed_fetch_message(struct lq_bed *bed, const char *actor, uint32_t roles,
                              const Lq__Fetch *fetch)
{
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_FETCH;
    request.fetch = binary(lq_pb_encode(&bed->arena, &fetch->base));
    return lq_bed_take(bed, actor, roles, &request);
}

uint64_t lq_bed_fetch(struct lq_bed *bed, const char *actor, uint32_t roles, uint64_t after,
                      uint32_t max, uint32_t wait_ms)
{
    Lq__Fetch message = LQ__FETCH__INIT;
    message.after = after;
    message.max = max;
    message.wait_ms = wait_ms;
    return lq_bed_fetch_message(bed, actor, roles, &message);
}

// ---------------------------------------------------------------- replies

struct lq_bed_reply *lq_bed_find(struct lq_bed *bed, uint64_t correlation)
{
    struct lq_bed_reply *found = NULL;
    for (struct lq_bed_reply *r = bed->replies; r != NULL; r = r->next)
        if (r->reply->correlation == correlation)
            found = r;
    return found;
}

void lq_bed_forget(struct lq_bed *bed)
{
    bed->replies = NULL;
    bed->last_reply = &bed->replies;
    bed->reply_count = 0;
    lq_arena_reset(&bed->arena);
}

static void take_outcome(struct lq_bed *bed, const Lq__Reply *reply, struct lq_bed_outcome *out)
{
    const char *why = NULL;
    out->bytes = lq_span(reply->outcome.data, reply->outcome.len);
    out->repeated = reply->repeated_outcome;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &bed->arena, &lq__outcome__descriptor, out->bytes, &why);
    assert_non_null(outcome);
    if (outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        out->accepted = true;
        out->number = outcome->accepted->number;
        out->seq = outcome->accepted->position->seq;
        assert_string_equal(outcome->accepted->position->stream, bed->service->name);
        return;
    }
    assert_int_equal(outcome->result_case, LQ__OUTCOME__RESULT_REJECTED);
    out->code = outcome->rejected->code;
    out->text = outcome->rejected->text;
    out->seq = outcome->rejected->position->seq;
    assert_true(out->text[0] != '\0'); // people are told why
}

static const Lq__Reply *reply_to(struct lq_bed *bed, uint64_t correlation)
{
    const struct lq_bed_reply *found = lq_bed_find(bed, correlation);
    if (found != NULL)
        return found->reply;
    fail_msg("%s has not answered", bed->service->name);
    LQ_UNREACHABLE();
}

struct lq_bed_outcome lq_bed_outcome(struct lq_bed *bed, uint64_t correlation)
{
    struct lq_bed_outcome out = {0};
    const Lq__Reply *reply = reply_to(bed, correlation);
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        out.refusal = reply->refusal;
        return out;
    }
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_OUTCOME);
    take_outcome(bed, reply, &out);
    return out;
}

struct lq_bed_outcome lq_bed_do(struct lq_bed *bed, const struct lq_bed_command *command)
{
    const struct lq_bed_sent sent = lq_bed_send(bed, command);
    lq_bed_turn(bed);
    return lq_bed_outcome(bed, sent.correlation);
}

void lq_bed_assert_refused(struct lq_bed *bed, uint64_t correlation, Lq__Refusal__Why why)
{
    const Lq__Reply *reply = reply_to(bed, correlation);
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_REFUSAL);
    if (reply->refusal->why != why)
        fail_msg("refused for %d (%s), not %d", reply->refusal->why, reply->refusal->text, why);
    assert_true(reply->refusal->text[0] != '\0');
}
