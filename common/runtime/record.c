// What the journal keeps of a decided command: a record for each event, or a single record without
// one if it was rejected; the last carries the outcome that is replied. Everything that the tables
// and the dedupe table hold can be made again from these records, which is what verify.c does.
#include <sodium.h>

#include "language/language.h"
#include "pb/pb.h"
#include "pb/wire.h"
#include "rules/clocks.h"
#include "runtime/host_parts.h"

void lq_record_hash(const uint8_t before[HASH_SIZE], struct lq_span record, uint8_t out[HASH_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
    crypto_generichash_update(&state, before, HASH_SIZE);
    crypto_generichash_update(&state, record.data, record.size);
    crypto_generichash_final(&state, out, HASH_SIZE);
}

uint64_t lq_remembered(struct lq_host *host, struct lq_id id)
{
    struct lq_span value;
    if (host->fault != LQ_OK ||
        !lq_store_get(host->store, TABLE_DEDUPE, lq_span(id.bytes, sizeof id.bytes), &value))
        return 0;
    LQ_ASSERT(value.size == 8);
    return lq_get_u64(value.data);
}

void lq_remember(struct lq_host *host, struct lq_id id, uint64_t seq)
{
    uint8_t value[8];
    lq_put_u64(value, seq);
    lq_host_put(host, TABLE_DEDUPE, lq_span(id.bytes, sizeof id.bytes),
                lq_span(value, sizeof value));
}

struct lq_occurrence lq_occurrence_of(const struct lq_service *service, const Lq__Record *record)
{
    return (struct lq_occurrence){
        .service = service,
        .stream = service->name,
        .seq = record->seq,
        .recorded_ms = record->recorded_at_ms,
        .occurred_ms = record->occurred_at_ms,
        .actor = record->actor,
        .on_behalf_of = record->on_behalf_of,
        .reason = record->reason,
    };
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static const char *reject_code(const struct lq_service *service, int code)
{
    const ProtobufCEnumDescriptor *codes =
        code >= LQ_REJECT_COMMON ? &lq__reject__descriptor : service->reject_codes;
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(
        codes, code >= LQ_REJECT_COMMON ? code - LQ_REJECT_COMMON : code);
    LQ_ASSERT(value != NULL);
    return value->name;
}

static struct lq_span make_outcome(struct lq_host *host, const struct decided *decided,
                                   uint64_t seq)
{
    Lq__Position position = LQ__POSITION__INIT;
    position.stream = lq_unconst(host->service->name);
    position.seq = seq;
    Lq__Outcome outcome = LQ__OUTCOME__INIT;
    Lq__Accepted accepted = LQ__ACCEPTED__INIT;
    Lq__Rejected rejected = LQ__REJECTED__INIT;
    if (decided->verdict.code == 0) {
        accepted.position = &position;
        if (host->emitted.number != NULL)
            accepted.number = lq_unconst(host->emitted.number);
        outcome.result_case = LQ__OUTCOME__RESULT_ACCEPTED;
        outcome.accepted = &accepted;
    } else {
        rejected.position = &position;
        rejected.code = lq_unconst(reject_code(host->service, decided->verdict.code));
        rejected.text =
            lq_unconst(lq_message_text(lq_arena_room, &host->arena, decided->verdict.why));
        lq_sentence(decided->verdict.why, &rejected.sentence, &rejected.n_sentence);
        outcome.result_case = LQ__OUTCOME__RESULT_REJECTED;
        outcome.rejected = &rejected;
    }
    return lq_pb_encode(&host->arena, &outcome.base);
}

static enum lq_status append(struct lq_host *host, const Lq__Record *record)
{
    const struct lq_span bytes = lq_pb_encode(&host->arena, &record->base);
    uint8_t hash[HASH_SIZE];
    lq_record_hash(host->tip_hash, bytes, hash);
    const enum lq_status status = lq_store_append(host->store, record->seq, hash, bytes);
    if (status != LQ_OK)
        return status;
    host->dirty = true;
    host->tip = record->seq;
    host->recorded_ms = record->recorded_at_ms;
    memcpy(host->tip_hash, hash, HASH_SIZE);
    return LQ_OK;
}

// Brings the thing of an event into its table. What stands in the record is the member alone, so
// that its bytes are the row's where the row has all of its fields.
static void keep(struct lq_host *host, const struct lq_table *table, const Lq__Record *record,
                 const ProtobufCMessage *message)
{
    struct lq_pb_wire wire = lq_pb_wire(lq_span(record->event.data, record->event.len));
    struct lq_pb_field member;
    if (lq_pb_covers(table->row, message->descriptor) && lq_pb_next_field(&wire, &member) &&
        wire.at == wire.end)
        lq_keep_bytes(&host->view, table, message, member.bytes);
    else
        lq_keep(&host->view, table, message);
}

const struct lq_replica *lq_replica_of(const struct lq_service *service,
                                       const ProtobufCMessage *event)
{
    if (lq_event_row(service, lq_pb_variant(event)) != NULL)
        return NULL;
    const char *name = lq_pb_variant_name(event);
    const struct lq_replica *const *replica = service->replicas;
    while (strcmp((*replica)->event, name) != 0) // every event has a row or is a replica's
        replica++;
    return *replica;
}

static void apply_variant(struct lq_host *host, const struct lq_occurrence *what,
                          const Lq__Record *record, const ProtobufCMessage *event)
{
    const ProtobufCMessage *message = lq_pb_variant_message(event);
    const struct lq_event_row *row = lq_event_row(host->service, lq_pb_variant(event));
    if (row != NULL) {
        host->view.what = what;
        if (row->keeps != NULL)
            keep(host, row->keeps, record, message);
        else
            row->apply(&host->view, what, message);
        lq_clocks_told(&host->view, what, event);
        host->view.what = NULL;
        return;
    }
    lq_replica_of(host->service, event)->apply(&host->view, what, message);
}

enum lq_status lq_record_event(struct lq_host *host, const Lq__Record *record,
                               const ProtobufCMessage **event)
{
    const char *why = NULL;
    *event = lq_pb_decode_within(&LQ_PB_RECORD, &host->arena, host->service->event_type,
                                 lq_span(record->event.data, record->event.len), &why);
    if (*event != NULL && lq_pb_variant(*event) != 0)
        return LQ_OK;
    return lq_fault(LQ_E_CORRUPT, "record %llu of %s holds an event that does not decode: %-s",
                    (unsigned long long)record->seq, host->service->name,
                    *event == NULL ? why : LQ_TR_LATER("unknown kind"));
}

enum lq_status lq_record_check_event(struct lq_host *host, const Lq__Record *record)
{
    const ProtobufCMessage *event;
    const Lq__StreamParted *parted;
    if (record->by_runtime)
        return lq_parting_check(host, record, &parted);
    return lq_record_has_event(record) ? lq_record_event(host, record, &event) : LQ_OK;
}

// What has just been encoded from what was checked as it came in, and is too small to break a limit
// of LQ_PB_RECORD, is checked only when it is read again.
static enum lq_status own_event(struct lq_host *host, const Lq__Record *record,
                                const ProtobufCMessage **event)
{
    enum { FITS_SURELY = 16 * LQ_PB_KIB };
    if (record->event.len >= FITS_SURELY)
        return lq_record_event(host, record, event);
    *event = lq_pb_decode_own(&host->arena, host->service->event_type,
                              lq_span(record->event.data, record->event.len));
    LQ_ASSERT(*event != NULL && lq_pb_variant(*event) != 0);
    return LQ_OK;
}

// The event is applied from its bytes, live as on replay, so that both see the same.
static enum lq_status apply_event(struct lq_host *host, const Lq__Record *record, bool live)
{
    const ProtobufCMessage *event;
    const enum lq_status status =
        live ? own_event(host, record, &event) : lq_record_event(host, record, &event);
    if (status != LQ_OK)
        return status;
    const struct lq_occurrence what = lq_occurrence_of(host->service, record);
    host->view.writable = true;
    apply_variant(host, &what, record, event);
    lq_clocks_keep(&host->view, event, lq_span(record->event.data, record->event.len));
    host->view.writable = false;
    return host->fault;
}

static enum lq_status apply_record(struct lq_host *host, const Lq__Record *record, bool live)
{
    if (strlen(record->timer) > LQ_KEY_MAX)
        return lq_fault(LQ_E_CORRUPT, "record %llu of %s names a timer that cannot be",
                        (unsigned long long)record->seq, host->service->name);
    // A timer that fired is gone before its command is decided, so that the command can set it
    // again.
    if (record->timer[0] != '\0')
        lq_timer_drop(host, record->timer);
    if (lq_record_has_event(record)) {
        const enum lq_status status = apply_event(host, record, live);
        if (status != LQ_OK)
            return status;
    }
    if (record->by_runtime) {
        const enum lq_status status = lq_parting_apply(host, record);
        if (status != LQ_OK)
            return status;
    }
    if (record->outcome.len == 0)
        return host->fault;
    struct lq_id id;
    if (record->request_hash.len != HASH_SIZE ||
        !lq_id_from_record(lq_span(record->command_id.data, record->command_id.len), &id))
        return lq_fault(LQ_E_CORRUPT, "record %llu of %s names no command",
                        (unsigned long long)record->seq, host->service->name);
    lq_remember(host, id, record->seq);
    return host->fault;
}

enum lq_status lq_record_apply(struct lq_host *host, const Lq__Record *record)
{
    return apply_record(host, record, false);
}

static enum lq_status append_and_apply(struct lq_host *host, const Lq__Record *record)
{
    const enum lq_status status = append(host, record);
    return status == LQ_OK ? apply_record(host, record, true) : status;
}

// The part of a record that all records of a command share.
static Lq__Record record_of(struct lq_host *host, const struct decided *decided)
{
    const struct lq_facts *facts = decided->facts;
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = host->tip + 1;
    record.recorded_at_ms = facts->now_ms;
    record.occurred_at_ms = facts->occurred_ms;
    record.actor = lq_unconst(facts->actor);
    record.on_behalf_of = lq_unconst(facts->on_behalf_of);
    record.reason = lq_unconst(facts->reason);
    record.command_id = binary(lq_span(decided->id.bytes, LQ_ID_SIZE));
    if (host->firing != NULL)
        record.timer = lq_unconst(host->firing);
    host->firing = NULL; // one record is enough to say so
    return record;
}

enum lq_status lq_record_decided(struct lq_host *host, const struct decided *decided,
                                 struct lq_span *outcome)
{
    const unsigned events = decided->verdict.code == 0 ? host->emitted.count : 0;
    const unsigned records = events > 0 ? events : 1;
    const uint64_t last = host->tip + records;
    *outcome = make_outcome(host, decided, last);

    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < records; i++) {
        Lq__Record record = record_of(host, decided);
        if (i < events) {
            record.event = binary(host->emitted.events[i].bytes);
            record.occurred_at_ms = host->emitted.events[i].occurred_ms;
        }
        if (record.seq == last) {
            record.outcome = binary(*outcome);
            record.request_hash = binary(lq_span(decided->request_hash, HASH_SIZE));
            if (decided->runtime != NULL) {
                record.event = binary(lq_pb_encode(&host->arena, &decided->runtime->base));
                record.by_runtime = true;
            }
        }
        status = append_and_apply(host, &record);
    }
    return status;
}

enum lq_status lq_record_reading(struct lq_host *host, const char *reader, struct lq_span event)
{
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = host->tip + 1;
    record.recorded_at_ms = record.occurred_at_ms = host->now_ms;
    record.actor = lq_unconst(reader);
    record.event = binary(event);
    return append_and_apply(host, &record);
}

enum lq_status lq_record_idle_timer(struct lq_host *host, const char *name)
{
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = host->tip + 1;
    record.recorded_at_ms = record.occurred_at_ms = host->now_ms;
    record.actor = lq_arena_format(&host->arena, "@%s", host->service->name);
    record.timer = lq_unconst(name);
    return append_and_apply(host, &record);
}
