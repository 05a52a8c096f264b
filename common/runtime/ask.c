// Queries: answered from a snapshot of committed state, never from an open batch.
#include <unistd.h>

#include "language/language.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "rules/reading.h"
#include "runtime/host_parts.h"
#include "service/list.h"

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

// `told` is NULL where nothing is told that is not for everybody.
static void answer(struct lq_host *host, const struct asked *asked, struct lq_span body,
                   const struct lq_next *next, const struct lq_told *told, const char *what)
{
    Lq__Position as_of = LQ__POSITION__INIT;
    as_of.stream = lq_unconst(host->service->name);
    as_of.seq = host->tip;
    if (host->tip > 0)
        as_of.hash = binary(lq_span(host->tip_hash, HASH_SIZE));
    Lq__Answer message = LQ__ANSWER__INIT;
    message.as_of = &as_of;
    message.body = binary(body);
    message.next = next->steps;
    message.n_next = next->count;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = asked->request->correlation;
    reply.kind_case = LQ__REPLY__KIND_ANSWER;
    reply.answer = &message;
    lq_reply_told(host, asked->caller.route, &reply, told, (struct told_of){.what = what});
}

// How far it follows the others, and which of them it does not follow any further.
static void tell_of_followed(struct lq_host *host, Lq__Status *status)
{
    status->follows = LQ_NEW_ARRAY(&host->arena, Lq__Position *, LQ_STREAMS_MAX);
    status->halts = LQ_NEW_ARRAY(&host->arena, Lq__Halt *, LQ_STREAMS_MAX);
    for (unsigned i = 0; i < host->follow_count; i++) {
        struct following *f = &host->following[i];
        Lq__Position *position = LQ_NEW(&host->arena, Lq__Position);
        lq__position__init(position);
        position->stream = lq_unconst(f->stream.name);
        position->seq = f->cursor;
        if (f->hash.known)
            position->hash = binary(lq_span(f->hash.bytes, HASH_SIZE));
        status->follows[status->n_follows++] = position;
        if (f->halt.why == LQ__HALT__WHY__WHY_UNSPECIFIED)
            continue;
        Lq__Halt *halt = LQ_NEW(&host->arena, Lq__Halt);
        lq__halt__init(halt);
        halt->stream = lq_unconst(f->stream.name);
        halt->why = f->halt.why;
        halt->behind = f->cursor;
        halt->text = f->halt.text;
        lq_sentence(&f->halt.message, &halt->sentence, &halt->n_sentence);
        halt->parts_known = f->parts.known;
        halt->parts_after = f->parts.known ? f->parts.mark.seq : 0;
        status->halts[status->n_halts++] = halt;
    }
    status->partings = lq_partings(host, &status->n_partings);
}

// How full it is, and its disk; by when that is full the asker can tell from how it grows.
static void tell_of_room(struct lq_host *host, Lq__Status *status)
{
    const struct lq_store_usage usage = lq_store_usage(host->store);
    const struct lq_growth growth = lq_growth_of(host);
    status->journal_bytes = usage.bytes;
    status->fill_percent = usage.percent;
    status->disk = host->disk.id;
    status->disk_bytes = host->disk.bytes;
    status->disk_free_bytes = host->disk.free_bytes;
    status->disk_refuse_bytes = (uint64_t)host->policy->disk_refuse_free_mib << 20;
    status->growth_bytes = growth.bytes;
    status->growth_days = growth.days;
    status->full = lq_room_refusal(host);
}

static Lq__Counts *make_counts(struct lq_host *host)
{
    Lq__Counts *counts = LQ_NEW(&host->arena, Lq__Counts);
    lq__counts__init(counts);
    counts->accepted = host->counts.accepted;
    counts->rejected = host->counts.rejected;
    counts->repeated = host->counts.repeated;
    counts->refused = host->counts.refused;
    counts->commits = host->counts.commits;
    counts->queries = host->counts.queries;
    counts->fetches = host->counts.fetches;
    return counts;
}

// The runtime about itself: what `lq status` shows.
static struct lq_span make_status(struct lq_host *host)
{
    Lq__Position tip = LQ__POSITION__INIT;
    tip.stream = lq_unconst(host->service->name);
    tip.seq = host->tip;
    Lq__Status status = LQ__STATUS__INIT;
    status.service = lq_unconst(host->service->name);
    status.tip = &tip;
    status.tip_hash = binary(lq_span(host->tip_hash, HASH_SIZE));
    status.started_at_ms = host->started_ms;
    tell_of_followed(host, &status);
    tell_of_room(host, &status);
    status.counts = make_counts(host);
    status.version = lq_unconst(LQ_VERSION);
    status.pid = (uint32_t)getpid();
    status.clock = lq_clock_told(host);
    return lq_pb_encode(&host->arena, &status.base);
}

// The row of a query that the asker may read; NULL if he may not, and the refusal is prepared.
static const struct lq_query_row *permitted(struct lq_host *host, const struct asked *asked,
                                            const ProtobufCMessage *query)
{
    const struct lq_query_row *row = lq_query_row(host->service, lq_pb_variant(query));
    if (row != NULL && (asked->caller.roles & row->who) != 0)
        return row;
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__NOT_PERMITTED, "%s may not read %-s of %-s",
                     asked->caller.actor, lq_pb_variant_name(query),
                     lq_service_said(host, host->service->name));
    return NULL;
}

static struct lq_span run_query(struct lq_host *host, const struct asked *asked,
                                const struct lq_query_row *row, const ProtobufCMessage *query,
                                struct lq_next *next, struct lq_told *told)
{
    struct lq_reading reading = {
        .service = host->service,
        .view = &host->view,
        .arena = &host->arena,
        .actor = asked->caller.actor,
        .roles = asked->caller.roles,
        .now_ms = host->now_ms - host->clock_off_ms,
        .law = host->law,
        .policy = host->policy,
        .next = next,
        .told = told,
    };
    const ProtobufCMessageDescriptor *type = host->service->answer_type;
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field(type, row->variant);
    LQ_ASSERT(member != NULL);
    ProtobufCMessage *answer = lq_pb_new(&host->arena, member->descriptor);
    if (row->lists != NULL)
        lq_list(&reading, row->lists, query, answer);
    else
        row->answer(&reading, query, answer);
    if (told != NULL)
        lq_tell_answer(told, answer);
    return lq_pb_encode(&host->arena, lq_pb_variant_of(&host->arena, type, row->variant, answer));
}

void lq_ask_query(struct lq_host *host, const struct asked *asked)
{
    const char *why = NULL;
    struct lq_next next = {0};
    const Lq__Query *query = (const void *)lq_pb_decode(
        &host->arena, &lq__query__descriptor,
        lq_span(asked->request->query.data, asked->request->query.len), &why);
    host->counts.queries++;
    if (query == NULL) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED, "not a Query: %s", why);
        return;
    }
    if (query->body.len == 0) {
        answer(host, asked, make_status(host), &next, NULL, NULL);
        return;
    }
    const ProtobufCMessage *body =
        lq_pb_decode_within(&LQ_PB_QUERY, &host->arena, host->service->query_type,
                            lq_span(query->body.data, query->body.len), &why);
    if (body == NULL || lq_pb_variant(body) == 0) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED, "not a query of %-s: %-s",
                         lq_service_said(host, host->service->name),
                         body == NULL ? why : LQ_TR_LATER("it names none"));
        return;
    }
    const struct lq_query_row *row = permitted(host, asked, body);
    if (row == NULL)
        return;
    struct lq_told told = {.service = host->service,
                           .view = &host->view,
                           .arena = &host->arena,
                           .asker = asked->caller.actor,
                           .roles = asked->caller.roles};
    struct lq_told *telling = lq_has_readings(host->service) ? &told : NULL;
    const struct lq_span answered =
        run_query(host, asked, row, lq_pb_variant_message(body), &next, telling);
    answer(host, asked, answered, &next, telling, lq_pb_variant_name(body));
}
