// Replies are prepared while the batch is decided and sent only after its commit.
#include <stdarg.h>

#include "pb/pb.h"
#include "runtime/host_parts.h"

void lq_reply_message(struct lq_host *host, struct lq_span route, Lq__Reply *reply)
{
    struct prepared_reply *prepared = LQ_NEW(&host->arena, struct prepared_reply);
    prepared->route = lq_arena_copy(&host->arena, route);
    prepared->reply = lq_pb_encode(&host->arena, &reply->base);
    if (host->replies == NULL)
        host->last_reply = &host->replies;
    *host->last_reply = prepared;
    host->last_reply = &prepared->next;
}

static Lq__CommandOutcome *gather(struct lq_host *host, const struct asked *asked,
                                  Lq__CommandOutcome__KindCase kind)
{
    Lq__CommandOutcome *one = LQ_NEW(&host->arena, Lq__CommandOutcome);
    lq__command_outcome__init(one);
    one->kind_case = kind;
    asked->gathering->outcomes[asked->gathering->n_outcomes++] = one;
    return one;
}

void lq_reply_outcome(struct lq_host *host, const struct asked *asked, struct lq_span outcome,
                      const uint8_t hash[HASH_SIZE], bool repeated)
{
    const ProtobufCBinaryData bytes = {.len = outcome.size, .data = lq_unconst(outcome.data)};
    const ProtobufCBinaryData position_hash = {.len = HASH_SIZE, .data = lq_unconst(hash)};
    if (asked->gathering != NULL) {
        Lq__CommandOutcome *one = gather(host, asked, LQ__COMMAND_OUTCOME__KIND_OUTCOME);
        one->outcome = bytes;
        // What is gathered is encoded later, when the tip has moved on.
        one->position_hash.len = HASH_SIZE;
        one->position_hash.data = lq_arena_alloc(&host->arena, HASH_SIZE);
        memcpy(one->position_hash.data, hash, HASH_SIZE);
        one->repeated_outcome = repeated;
        return;
    }
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = asked->request->correlation;
    reply.kind_case = LQ__REPLY__KIND_OUTCOME;
    reply.outcome = bytes;
    reply.position_hash = position_hash;
    reply.repeated_outcome = repeated;
    lq_reply_message(host, asked->caller.route, &reply);
}

void lq_reply_outcomes(struct lq_host *host, const struct asked *asked, Lq__Outcomes *outcomes)
{
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = asked->request->correlation;
    reply.kind_case = LQ__REPLY__KIND_OUTCOMES;
    reply.outcomes = outcomes;
    lq_reply_message(host, asked->caller.route, &reply);
}

static bool may_succeed_later(Lq__Refusal__Why why)
{
    return why == LQ__REFUSAL__WHY__UNAVAILABLE || why == LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED ||
           why == LQ__REFUSAL__WHY__JOURNAL_FULL || why == LQ__REFUSAL__WHY__CLOCK_LEAPT;
}

Lq__Refusal *lq_refusal_new(struct lq_host *host, Lq__Refusal__Why why, const char *format,
                            va_list arguments)
{
    Lq__Refusal *refusal = LQ_NEW(&host->arena, Lq__Refusal);
    lq__refusal__init(refusal);
    refusal->why = why;
    struct lq_message *message = LQ_NEW(&host->arena, struct lq_message);
    lq_message_take(message, lq_arena_room, &host->arena, format, arguments);
    refusal->text = lq_unconst(lq_message_text(lq_arena_room, &host->arena, message));
    lq_sentence(message, &refusal->sentence, &refusal->n_sentence);
    refusal->retry = may_succeed_later(why);
    return refusal;
}

void lq_reply_refused(struct lq_host *host, const struct asked *asked, Lq__Refusal *refusal)
{
    host->counts.refused++;
    if (asked->gathering != NULL) {
        gather(host, asked, LQ__COMMAND_OUTCOME__KIND_REFUSAL)->refusal = refusal;
        return;
    }
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = asked->request->correlation;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = refusal;
    lq_reply_message(host, asked->caller.route, &reply);
}

const char *lq_service_said(struct lq_host *host, const char *service)
{
    return lq_arena_format(&host->arena, "%s@", service); // base/message.h, lq_message_whose
}

void lq_reply_refusal(struct lq_host *host, const struct asked *asked, Lq__Refusal__Why why,
                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    lq_reply_refused(host, asked, lq_refusal_new(host, why, format, arguments));
    va_end(arguments);
}

void lq_reply_flush(struct lq_host *host)
{
    for (const struct prepared_reply *r = host->replies; r != NULL; r = r->next)
        host->io.answer(host->io.self, r->route, r->reply);
    host->replies = NULL;
}
