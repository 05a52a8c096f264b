// What a journal must be: numbered without gaps, chained by hashes, each command in it once and
// whole, each record what was sent by whom it was sent, and after every crash what it was before.
#include <sodium.h>
#include <stdlib.h>

#include "journal/store.h"
#include "sim/audit_parts.h"

typedef unsigned long long number;

// ---------------------------------------------------------------- the chain

static void take_bytes(struct audit *a, struct audit_stream *stream, uint64_t seq,
                       const uint8_t *hash, struct lq_span bytes)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, AUDIT_HASH);
    crypto_generichash_update(&state, stream->hash, AUDIT_HASH);
    crypto_generichash_update(&state, bytes.data, bytes.size);
    crypto_generichash_final(&state, stream->hash, AUDIT_HASH);
    AUDIT(memcmp(hash, stream->hash, AUDIT_HASH) == 0, "chain",
          "record %llu of %s does not carry the hash of the record before and its own bytes",
          (number)seq, stream->name);
    if (stream->count == stream->room) {
        stream->room = stream->room == 0 ? 64 : 2 * stream->room;
        stream->records = realloc(stream->records, stream->room * sizeof *stream->records);
        AUDIT(stream->records != NULL, "memory", "the auditor is out of memory");
    }
    struct audit_record *record = &stream->records[stream->count++];
    *record = (struct audit_record){.bytes = audit_copy(a, bytes)};
    record->record = audit_decode(a, &lq__record__descriptor, record->bytes);
    AUDIT(record->record != NULL, "journal", "record %llu of %s does not decode", (number)seq,
          stream->name);
    AUDIT(record->record->seq == seq, "journal", "record %llu of %s says that it is record %llu",
          (number)seq, stream->name, (number)record->record->seq);
}

// ---------------------------------------------------------------- whose record it is

static struct audit_command *command_of(struct audit *a, struct audit_stream *stream,
                                        const Lq__Record *r)
{
    const struct lq_span id = audit_bytes(r->command_id);
    struct audit_command *command = audit_find(&stream->commands, id);
    if (command != NULL)
        return command;
    AUDIT(r->actor[0] == '@' && strcmp(r->actor + 1, stream->name) == 0, "identity",
          "record %llu of %s is of a command by %s that nobody sent", (number)r->seq, stream->name,
          r->actor);
    command = audit_put(a, &stream->commands, sizeof *command, id);
    command->actor = r->actor;
    command->roles = ROLE_BIT(SERVICE);
    return command;
}

static void check_sender(struct audit_stream *stream, const Lq__Record *r,
                         const struct audit_command *c, int64_t clock_ms)
{
    const number seq = r->seq;
    AUDIT(strcmp(r->actor, c->actor) == 0, "identity",
          "record %llu of %s names %s as the actor, but %s sent the command", seq, stream->name,
          r->actor, c->actor);
    AUDIT(r->recorded_at_ms == clock_ms, "time",
          "record %llu of %s is not dated by the clock of its turn", seq, stream->name);
    if (c->sent == NULL)
        return;
    const bool for_other =
        c->sent->on_behalf_of[0] != '\0' && strcmp(c->sent->on_behalf_of, c->actor) != 0;
    AUDIT(strcmp(r->on_behalf_of, for_other ? c->sent->on_behalf_of : "") == 0, "identity",
          "record %llu of %s names \"%s\" as acted for, not \"%s\"", seq, stream->name,
          r->on_behalf_of, c->sent->on_behalf_of);
    AUDIT(strcmp(r->reason, c->sent->reason) == 0, "identity",
          "record %llu of %s does not keep the reason that was given", seq, stream->name);
}

// The command's own instant; an event may be dated otherwise by its rule (the rows of
// audit_*_events look at those).
static bool dated_by_rule(const struct audit_record *record)
{
    if (record->event == NULL)
        return false;
    if (record->event->descriptor == &dispatch__event__descriptor)
        return ((const Dispatch__Event *)record->event)->body_case ==
               DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED;
    return false;
}

static void check_time(struct audit_stream *stream, const struct audit_record *record,
                       const struct audit_command *c, int64_t clock_ms)
{
    if (c->sent == NULL || dated_by_rule(record))
        return;
    const int64_t said = c->sent->occurred_at_ms;
    const int64_t meant = said == 0 || said > clock_ms ? clock_ms : said;
    AUDIT(record->record->occurred_at_ms == meant, "time",
          "record %llu of %s is dated %lld, but it is said to have happened at %lld",
          (number)record->record->seq, stream->name, (long long)record->record->occurred_at_ms,
          (long long)meant);
}

// ---------------------------------------------------------------- the outcome

static void check_accepted(struct audit *a, struct audit_stream *stream,
                           const struct audit_fact *fact)
{
    const struct audit_command *c = fact->command;
    if (c->sent == NULL)
        return;
    const bool for_other = fact->r->on_behalf_of[0] != '\0';
    AUDIT(audit_may(stream->name, 4, c->body, c->roles, for_other), "permission",
          "%s may not send record %llu of %s%s", c->actor, (number)fact->r->seq, stream->name,
          for_other ? " for somebody else" : "");
    AUDIT(c->sent->occurred_at_ms <= fact->r->recorded_at_ms + a->policy.future_tolerance_ms,
          "time", "record %llu of %s was accepted though it lies in the future",
          (number)fact->r->seq, stream->name);
    if (!for_other)
        return;
    AUDIT(fact->r->reason[0] != '\0', "permission",
          "record %llu of %s is on behalf of %s without a reason", (number)fact->r->seq,
          stream->name, fact->r->on_behalf_of);
    AUDIT(audit_may(stream->name, 4, c->body, fact->principal_roles, false), "permission",
          "record %llu of %s: %s acted for %s, who may not do it", (number)fact->r->seq,
          stream->name, c->actor, fact->r->on_behalf_of);
}

static void check_request_hash(struct audit_stream *stream, const Lq__Record *r,
                               const struct audit_command *c)
{
    uint8_t hash[AUDIT_HASH];
    if (c->sent == NULL)
        return;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, AUDIT_HASH);
    crypto_generichash_update(&state, (const uint8_t *)c->actor, strlen(c->actor) + 1);
    crypto_generichash_update(&state, c->bytes.data, c->bytes.size);
    crypto_generichash_final(&state, hash, AUDIT_HASH);
    AUDIT(lq_span_equal(audit_bytes(r->request_hash), lq_span(hash, AUDIT_HASH)), "journal",
          "record %llu of %s does not carry the hash of its request", (number)r->seq, stream->name);
}

static void check_predecessor(struct audit_stream *stream, const struct audit_command *c,
                              number seq)
{
    if (c->after.size == 0)
        return;
    const struct audit_command *before = audit_find(&stream->commands, c->after);
    AUDIT(before != NULL && before->decided, "order",
          "record %llu of %s was decided before the command that it comes after", seq,
          stream->name);
}

static void take_outcome(struct audit *a, struct audit_stream *stream,
                         const struct audit_fact *fact, struct audit_command *c)
{
    const number seq = fact->r->seq;
    AUDIT(!c->decided, "once", "record %llu of %s decides a command that record %llu has decided",
          seq, stream->name, (number)c->seq);
    c->decided = true;
    c->seq = seq;
    c->outcome = audit_bytes(fact->r->outcome);
    check_predecessor(stream, c, seq);
    check_request_hash(stream, fact->r, c);
    const Lq__Outcome *outcome = audit_decode(a, &lq__outcome__descriptor, c->outcome);
    AUDIT(outcome != NULL && outcome->result_case != LQ__OUTCOME__RESULT__NOT_SET, "journal",
          "the outcome in record %llu of %s does not decode", seq, stream->name);
    const bool accepted = outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED;
    if (c->sent != NULL)
        audit_tally(stream->name, c->body, accepted);
    const Lq__Position *at = accepted ? outcome->accepted->position : outcome->rejected->position;
    AUDIT(at != NULL && at->seq == seq && strcmp(at->stream, stream->name) == 0, "outcome",
          "the outcome in record %llu of %s names another place", seq, stream->name);
    if (accepted) {
        check_accepted(a, stream, fact);
        return;
    }
    AUDIT(fact->record->event == NULL, "journal", "record %llu of %s is rejected and an event", seq,
          stream->name);
    audit_rejected(a, stream, fact, outcome->rejected);
}

// ---------------------------------------------------------------- a record

static struct audit_fact fact_of(struct audit_stream *stream, struct audit_record *record,
                                 const struct audit_command *c)
{
    const Lq__Record *r = record->record;
    const bool for_other = r->on_behalf_of[0] != '\0';
    const int64_t said_ms =
        c != NULL && c->sent != NULL ? c->sent->occurred_at_ms : r->occurred_at_ms;
    const int64_t happened_ms =
        said_ms == 0 || said_ms > r->recorded_at_ms ? r->recorded_at_ms : said_ms;
    return (struct audit_fact){
        .stream = stream,
        .record = record,
        .r = r,
        .command = c,
        .principal = for_other ? r->on_behalf_of : r->actor,
        .principal_roles = for_other   ? audit_roles_of(stream, r->on_behalf_of, happened_ms)
                           : c != NULL ? c->roles
                                       : 0,
        .happened_ms = happened_ms,
    };
}

static enum audit_audience audience_of(const ProtobufCMessage *event)
{
    if (audit_reading_of(event) != NULL)
        return AUDIT_FOR_INSPECTORS;
    if (event->descriptor == &evidence__event__descriptor)
        return audit_evidence_audience(event);
    if (event->descriptor == &fund__event__descriptor)
        return AUDIT_FOR_READERS;
    if (event->descriptor != &tips__event__descriptor)
        return AUDIT_FOR_ALL;
    switch ((int)((const Tips__Event *)event)->body_case) {
    case TIPS__EVENT__BODY_TIP_RECORDED:
    case TIPS__EVENT__BODY_STEP_TAKEN:
    case TIPS__EVENT__BODY_CLOCK_RANG:
    case TIPS__EVENT__BODY_CLOCK_TAKEN:
    case TIPS__EVENT__BODY_CLOCKS_RECOUNTED:
        return AUDIT_FOR_READERS;
    }
    return AUDIT_FOR_ALL;
}

static void note_event(struct audit_stream *stream, uint64_t seq, enum audit_audience audience)
{
    for (unsigned i = audience; i < AUDIT_AUDIENCES; i++)
        stream->last_event[i] = seq;
}

static void take_event(struct audit *a, struct audit_stream *stream, struct audit_record *record)
{
    const Lq__Record *r = record->record;
    if (r->event.len == 0)
        return;
    if (stream->kind == NULL) {
        note_event(stream, r->seq, AUDIT_FOR_ALL);
        return;
    }
    record->event = audit_decode(a, stream->kind->event, audit_bytes(r->event));
    AUDIT(record->event != NULL, "journal", "the event in record %llu of %s does not decode",
          (number)r->seq, stream->name);
    record->audience = audience_of(record->event);
    note_event(stream, r->seq, record->audience);
}

static void take_record(struct audit *a, struct audit_stream *stream, struct audit_record *record,
                        int64_t clock_ms)
{
    const Lq__Record *r = record->record;
    take_event(a, stream, record);
    if (r->timer[0] != '\0')
        audit_timer(a, stream, r);
    if (record->event != NULL && audit_reading_of(record->event) != NULL) {
        AUDIT(r->command_id.len == 0, "reading", "record %llu of %s is of a command",
              (number)r->seq, stream->name);
        audit_read(a, stream, record, clock_ms);
        return;
    }
    if (r->command_id.len == 0) {
        AUDIT(r->timer[0] != '\0', "journal", "record %llu of %s is of no command", (number)r->seq,
              stream->name);
        return;
    }
    struct audit_command *c = command_of(a, stream, r);
    check_sender(stream, r, c, clock_ms);
    check_time(stream, record, c, clock_ms);
    const struct lq_span id = audit_bytes(r->command_id);
    AUDIT(stream->unfinished.size == 0 || lq_span_equal(stream->unfinished, id), "whole",
          "record %llu of %s begins a command in the middle of another", (number)r->seq,
          stream->name);
    const struct audit_fact fact = fact_of(stream, record, c);
    if (r->outcome.len > 0) {
        stream->unfinished = (struct lq_span){0};
        take_outcome(a, stream, &fact, c);
    } else {
        stream->unfinished = id;
    }
    if (record->event == NULL)
        return;
    audit_happened(a, &fact);
    audit_clocks(a, &fact, record->event);
    audit_caused(a, stream, record);
}

void audit_committed(struct audit *a, unsigned node, struct lq_store *store, int64_t clock_ms)
{
    struct audit_stream *stream = &a->streams[node];
    uint8_t tip_hash[LQ_HASH_SIZE];
    const uint64_t tip = lq_store_tip(store, tip_hash);
    while (stream->count < tip) {
        const uint8_t *hash;
        struct lq_span bytes;
        const uint64_t seq = stream->count + 1;
        AUDIT(lq_store_record(store, seq, &hash, &bytes) == LQ_OK, "journal",
              "record %llu of %s is missing", (number)seq, stream->name);
        take_bytes(a, stream, seq, hash, bytes);
        take_record(a, stream, &stream->records[seq - 1], clock_ms);
    }
    AUDIT(stream->unfinished.size == 0, "whole",
          "a commit of %s ends at record %llu, in the middle of a command", stream->name,
          (number)tip);
}

// ---------------------------------------------------------------- what stays

void audit_started(struct audit *a, unsigned node, struct lq_store *store)
{
    const struct audit_stream *stream = &a->streams[node];
    uint8_t hash[LQ_HASH_SIZE];
    const uint64_t tip = lq_store_tip(store, hash);
    AUDIT(tip == stream->count, "durable",
          "%s starts with a journal of %llu records; %llu were committed", stream->name,
          (number)tip, (number)stream->count);
    AUDIT(memcmp(hash, stream->hash, AUDIT_HASH) == 0, "durable",
          "%s starts with another journal than was committed", stream->name);
}

void audit_journal(struct audit *a, unsigned node, struct lq_store *store)
{
    const struct audit_stream *stream = &a->streams[node];
    audit_started(a, node, store);
    AUDIT(lq_store_begin_read(store) == LQ_OK, "journal", "%s cannot be read", stream->name);
    for (uint64_t seq = 1; seq <= stream->count; seq++) {
        const uint8_t *hash;
        struct lq_span bytes;
        AUDIT(lq_store_record(store, seq, &hash, &bytes) == LQ_OK &&
                  lq_span_equal(bytes, stream->records[seq - 1].bytes),
              "durable", "record %llu of %s is not what was committed", (number)seq, stream->name);
    }
    lq_store_end_read(store);
}

uint64_t audit_records(const struct audit *a)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < a->stream_count; i++)
        count += a->streams[i].count;
    return count;
}
