// A followed stream whose history is another than was followed, and is to stand: an administrator
// has said so. In the transaction that records it, what this service keeps of the stream is put
// back to what it was when it had followed up to where the two histories part, what it has made of
// the rest by commands to itself is taken back by others, and the cursor is put there. Then it is
// followed as ever. What people have decided meanwhile stands, and is theirs to look at.
//
// What was kept then is what this journal says of it up to that record of ours: so a stream can
// still be replayed alone. Notes between that record and the parting are void.
#include <stdlib.h>

#include "base/log.h"
#include "language/language.h"
#include "pb/pb.h"
#include "runtime/host_parts.h"

enum { PARTINGS_MOST = 4096 }; // of a service; each was an administrator's decision

static struct lq_span key_span(const struct lq_key *key)
{
    return lq_span(key->bytes, key->size);
}

static const Lq__Parting *read_row(struct lq_host *host, struct lq_span row)
{
    const char *why = NULL;
    const Lq__Parting *parting = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, &lq__parting__descriptor, row, &why);
    LQ_ASSERT(parting != NULL); // we have written it
    return parting;
}

Lq__Parting **lq_partings(struct lq_host *host, size_t *count)
{
    struct lq_key at = {0};
    struct lq_span key, row;
    const size_t all = host->fault == LQ_OK ? lq_store_count(host->store, TABLE_PARTINGS) : 0;
    LQ_ASSERT(all <= PARTINGS_MOST);
    Lq__Parting **partings = LQ_NEW_ARRAY(&host->arena, Lq__Parting *, all + 1);
    *count = 0;
    while (*count < all &&
           lq_store_next(host->store, TABLE_PARTINGS, at.size > 0 ? key_span(&at) : lq_span("", 1),
                         at.size > 0, &key, &row)) {
        at.size = (uint8_t)key.size;
        memcpy(at.bytes, key.data, key.size);
        partings[(*count)++] = lq_unconst(read_row(host, row));
    }
    return partings;
}

void lq_parting_open(struct lq_host *host, struct following *f)
{
    size_t count;
    Lq__Parting **partings = lq_partings(host, &count);
    const Lq__Parting *last = NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(partings[i]->stream, f->stream.name) == 0)
            last = partings[i]; // they are in the order of our records
    if (last == NULL)
        return;
    f->history = last->seq;
    if (f->cursor < last->after) { // its row was altered: it went on from there
        f->cursor = last->after;
        f->hash = (struct known_hash){0};
        f->named = (struct place){.cursor = f->cursor};
    }
    f->behind_until = f->cursor < last->until ? last->until : 0;
}

// ---------------------------------------------------------------- accepting it

static struct following *find(struct lq_host *host, const char *stream)
{
    for (unsigned i = 0; i < host->follow_count; i++)
        if (strcmp(host->following[i].stream.name, stream) == 0)
            return &host->following[i];
    return NULL;
}

static struct lq_verdict check(struct lq_host *host, const struct following *f,
                               const struct lq_facts *facts, const Lq__AcceptDiverged *accept)
{
    const char *own = host->service->name;
    if (f == NULL)
        return lq_reject_by_runtime(host, LQ__REJECT__NOT_DIVERGED, "%s does not follow %s", own,
                                    accept->stream);
    if (f->halt.why != LQ__HALT__WHY__DIVERGED)
        return lq_reject_by_runtime(host, LQ__REJECT__NOT_DIVERGED,
                                    "%s is what %s has followed of it: there is nothing to accept",
                                    accept->stream, own);
    if (facts->reason[0] == '\0')
        return lq_reject_by_runtime(host, LQ__REJECT__REASON_REQUIRED,
                                    "that a history is gone is accepted with a reason: how did it "
                                    "come to that?");
    if (f->parts.known && f->parts.mark.seq != accept->after)
        return lq_reject_by_runtime(
            host, LQ__REJECT__NOT_DIVERGED,
            "the histories of %s part behind record %llu, not behind record %llu", accept->stream,
            (unsigned long long)f->parts.mark.seq, (unsigned long long)accept->after);
    return LQ_ACCEPT;
}

static Lq__RuntimeEvent *make_event(struct lq_host *host, const struct following *f)
{
    Lq__StreamParted *parted = LQ_NEW(&host->arena, Lq__StreamParted);
    lq__stream_parted__init(parted);
    const struct mark *mark = &f->parts.mark;
    parted->stream = lq_unconst(f->stream.name);
    parted->after = mark->seq;
    if (mark->hash.known)
        parted->hash =
            (ProtobufCBinaryData){.len = HASH_SIZE, .data = lq_unconst(mark->hash.bytes)};
    parted->was = f->cursor;
    parted->own = mark->own;
    parted->until = f->parts.tip;
    Lq__RuntimeEvent *event = LQ_NEW(&host->arena, Lq__RuntimeEvent);
    lq__runtime_event__init(event);
    event->body_case = LQ__RUNTIME_EVENT__BODY_STREAM_PARTED;
    event->stream_parted = parted;
    return event;
}

bool lq_parting_decide(struct lq_host *host, const struct asked *asked,
                       const struct lq_facts *facts, const Lq__AcceptDiverged *accept,
                       struct decided *decided)
{
    const struct following *f = find(host, accept->stream);
    if (lq_clock_refused(host, asked))
        return false;
    decided->verdict = check(host, f, facts, accept);
    if (decided->verdict.code != 0)
        return true;
    if (!f->parts.known) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__UNAVAILABLE,
                         "where the histories of %-s part is still being looked for; try again",
                         lq_service_said(host, accept->stream));
        return false;
    }
    decided->runtime = make_event(host, f);
    return true;
}

bool lq_parting_refused(struct lq_host *host, const struct asked *asked)
{
    for (unsigned i = 0; i < host->follow_count; i++) {
        const struct following *f = &host->following[i];
        if (f->behind_until == 0)
            continue;
        lq_reply_refusal(
            host, asked, LQ__REFUSAL__WHY__UNAVAILABLE,
            "%-s follows %-s anew, since another history of it was accepted, and is at "
            "record %llu of %llu; try again",
            lq_service_said(host, host->service->name), lq_service_said(host, f->stream.name),
            (unsigned long long)f->cursor, (unsigned long long)f->behind_until);
        return true;
    }
    return false;
}

// ---------------------------------------------------------------- what is kept of it

// In another arena, which is emptied with each record of ours: there may be many.
struct pass {
    struct lq_host *host;
    struct lq_arena kept;
};

static struct pass begin_pass(struct lq_host *host)
{
    const struct pass pass = {host, host->arena};
    host->arena = (struct lq_arena){0};
    return pass;
}

static void end_pass(const struct pass *pass)
{
    lq_arena_free(&pass->host->arena);
    pass->host->arena = pass->kept;
}

static enum lq_status read_record(struct lq_host *host, uint64_t seq, const Lq__Record **record,
                                  const ProtobufCMessage **event)
{
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why = NULL;
    lq_arena_reset(&host->arena);
    *event = NULL;
    const enum lq_status status = lq_store_record(host->journal, seq, &hash, &bytes);
    if (status != LQ_OK)
        return status;
    *record = (const void *)lq_pb_decode_within(&LQ_PB_RECORD, &host->arena,
                                                &lq__record__descriptor, bytes, &why);
    if (*record == NULL)
        return lq_fault(LQ_E_CORRUPT, "record %llu of %s does not decode: %s",
                        (unsigned long long)seq, host->service->name, why);
    return lq_record_has_event(*record) ? lq_record_event(host, *record, event) : LQ_OK;
}

static bool shares_tables(const struct lq_service *service, const char *stream,
                          const struct lq_replica *replica)
{
    for (const struct lq_replica *const *other = service->replicas; *other != NULL; other++)
        for (size_t i = 0; strcmp((*other)->stream, stream) == 0 && (*other)->tables[i] != NULL;
             i++)
            for (size_t k = 0; replica->tables[k] != NULL; k++)
                if (replica->tables[k] == (*other)->tables[i])
                    return true;
    return false;
}

static bool is_void(Lq__Parting *const *partings, size_t count, const char *stream, uint64_t seq)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(partings[i]->stream, stream) == 0 && partings[i]->own < seq &&
            seq < partings[i]->seq)
            return true;
    return false;
}

static enum lq_status clear_tables(struct lq_host *host, const char *stream)
{
    enum lq_status status = LQ_OK;
    const struct lq_replica *const *replica = host->service->replicas;
    for (; replica != NULL && *replica != NULL; replica++)
        for (unsigned i = 0; i < host->table_count; i++)
            for (size_t k = 0; strcmp((*replica)->stream, stream) == 0 &&
                               (*replica)->tables[k] != NULL && status == LQ_OK;
                 k++)
                if (host->tables[i] == (*replica)->tables[k])
                    status = lq_store_clear(host->store, RUNTIME_TABLES + i);
    host->dirty = true;
    return status;
}

static enum lq_status keep_again(struct lq_host *host, const Lq__Record *record,
                                 const ProtobufCMessage *event, const struct lq_replica *replica)
{
    const struct lq_occurrence what = lq_occurrence_of(host->service, record);
    host->view.writable = true;
    replica->apply(&host->view, &what, lq_pb_variant_message(event));
    host->view.writable = false;
    return host->fault;
}

// Everything that the tables of the stream's replicas hold, from the notes of it that are not void,
// and of those who share the tables.
static enum lq_status fill_tables(struct lq_host *host, const char *stream, uint64_t before,
                                  Lq__Parting *const *partings, size_t count)
{
    const struct lq_replica *const *all = host->service->replicas;
    enum lq_status status = LQ_OK;
    const struct pass pass = begin_pass(host);
    for (uint64_t seq = 1; all != NULL && status == LQ_OK && seq < before; seq++) {
        const Lq__Record *record;
        const ProtobufCMessage *event;
        status = read_record(host, seq, &record, &event);
        const struct lq_replica *replica =
            status == LQ_OK && event != NULL ? lq_replica_of(host->service, event) : NULL;
        if (replica != NULL && shares_tables(host->service, stream, replica) &&
            !is_void(partings, count, replica->stream, seq))
            status = keep_again(host, record, event, replica);
    }
    end_pass(&pass);
    return status;
}

static void put_row(struct lq_host *host, const Lq__Record *record, const Lq__StreamParted *parted)
{
    Lq__Parting row = LQ__PARTING__INIT;
    row.stream = parted->stream;
    row.after = parted->after;
    row.was = parted->was;
    row.own = parted->own;
    row.until = parted->until;
    row.seq = record->seq;
    row.actor = record->actor;
    row.reason = record->reason;
    row.at_ms = record->recorded_at_ms;
    const struct lq_key key = lq_key_then_number(lq_key_text(row.stream), row.seq);
    lq_host_put(host, TABLE_PARTINGS, key_span(&key), lq_pb_encode(&host->arena, &row.base));
}

enum lq_status lq_parting_check(struct lq_host *host, const Lq__Record *record,
                                const Lq__StreamParted **out)
{
    const char *why = NULL;
    const Lq__RuntimeEvent *event = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, &lq__runtime_event__descriptor,
        lq_span(record->event.data, record->event.len), &why);
    *out = event != NULL && event->body_case == LQ__RUNTIME_EVENT__BODY_STREAM_PARTED
               ? event->stream_parted
               : NULL;
    if (*out != NULL && lq_pb_key((*out)->stream) && (*out)->own < record->seq)
        return LQ_OK;
    return lq_fault(LQ_E_CORRUPT, "record %llu of %s holds an event that does not decode: %-s",
                    (unsigned long long)record->seq, host->service->name,
                    event == NULL ? why : LQ_TR_LATER("unknown kind"));
}

enum lq_status lq_parting_apply(struct lq_host *host, const Lq__Record *record)
{
    const Lq__StreamParted *parted;
    size_t count;
    enum lq_status status = lq_parting_check(host, record, &parted);
    if (status != LQ_OK)
        return status;
    put_row(host, record, parted);
    if (host->fault != LQ_OK)
        return host->fault;
    Lq__Parting **partings = lq_partings(host, &count);
    status = clear_tables(host, parted->stream);
    return status == LQ_OK ? fill_tables(host, parted->stream, record->seq, partings, count)
                           : status;
}

// ---------------------------------------------------------------- what was made of it

static enum lq_status take_back(struct lq_host *host, const struct lq_parting *parting,
                                const Lq__Record *record, const ProtobufCMessage *event)
{
    host->orders.count = 0;
    struct lq_follow_up up = {.command_type = host->service->command_type,
                              .view = &host->view,
                              .arena = &host->arena,
                              .orders = &host->orders};
    const struct lq_occurrence what = lq_occurrence_of(host->service, record);
    host->service->take_back(&up, parting, &what, event);
    const unsigned count = host->orders.count;
    for (unsigned i = 0; i < count; i++) {
        const char *cause = lq_arena_format(
            &host->arena, "%s without %s behind %llu: %llu %u", what.stream, parting->stream,
            (unsigned long long)parting->after, (unsigned long long)what.seq, i);
        const struct lq_id id = lq_id_derive_own(parting->at_ms, lq_span_text(cause));
        const enum lq_status status = lq_batch_self(host, id, &host->orders.commands[i]);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}

static enum lq_status take_all_back(struct lq_host *host, const Lq__StreamParted *parted)
{
    const struct lq_parting parting = {parted->stream, parted->after, host->now_ms};
    enum lq_status status = LQ_OK;
    const struct pass pass = begin_pass(host);
    for (uint64_t seq = host->tip; status == LQ_OK && seq > parted->own; seq--) {
        const Lq__Record *record;
        const ProtobufCMessage *event;
        status = read_record(host, seq, &record, &event);
        if (status == LQ_OK && event != NULL && record->actor[0] == '@')
            status = take_back(host, &parting, record, event);
    }
    end_pass(&pass);
    return status;
}

enum lq_status lq_parting_follow(struct lq_host *host, const Lq__StreamParted *parted)
{
    struct following *f = find(host, parted->stream);
    LQ_ASSERT(f != NULL); // else it was rejected
    const uint64_t before = host->tip;
    const struct mark mark = f->parts.mark;
    if (host->service->take_back != NULL) {
        const enum lq_status status = take_all_back(host, parted);
        if (status != LQ_OK)
            return status;
    }
    lq_log_warn("another history of %s was accepted: it parts from what was followed behind record "
                "%llu; records %llu to %llu of %s were decided by what is gone, and %llu take back",
                parted->stream, (unsigned long long)parted->after,
                (unsigned long long)parted->own + 1, (unsigned long long)before - 1,
                host->service->name, (unsigned long long)(host->tip - before));
    lq_mark_drop_behind(host, parted->stream, parted->after);
    f->cursor = mark.seq;
    f->hash = mark.hash;
    f->named = (struct place){mark.seq, mark.hash};
    f->halt.why = LQ__HALT__WHY__WHY_UNSPECIFIED;
    f->halt.until_restart = false;
    f->parts.looking = f->parts.known = false;
    f->correlation = 0; // what was asked is of no interest now
    f->ask_again_ms = 0;
    free(f->heard);
    f->heard = NULL;
    lq_parting_open(host, f);
    lq_follow_store(host, f);
    return host->fault;
}
