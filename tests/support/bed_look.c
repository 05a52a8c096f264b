// Looking at what the bed's service has recorded, keeps and waits for.
#include "support/bed.h"

#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pb/pb.h"

uint64_t lq_bed_tip(struct lq_bed *bed)
{
    uint8_t hash[LQ_HASH_SIZE];
    return lq_store_tip(bed->store, hash);
}

void lq_bed_record_hash(struct lq_bed *bed, uint64_t seq, uint8_t out[LQ_HASH_SIZE])
{
    const uint8_t *hash;
    struct lq_span bytes;
    assert_int_equal(lq_store_begin_read(bed->store), LQ_OK);
    assert_int_equal(lq_store_record(bed->store, seq, &hash, &bytes), LQ_OK);
    memcpy(out, hash, LQ_HASH_SIZE);
    lq_store_end_read(bed->store);
}

const Lq__Record *lq_bed_record(struct lq_bed *bed, uint64_t seq)
{
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why = NULL;
    assert_int_equal(lq_store_begin_read(bed->store), LQ_OK);
    assert_int_equal(lq_store_record(bed->store, seq, &hash, &bytes), LQ_OK);
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &bed->arena, &lq__record__descriptor, bytes, &why);
    lq_store_end_read(bed->store);
    assert_non_null(record);
    return record;
}

const ProtobufCMessage *lq_bed_event(struct lq_bed *bed, const Lq__Record *record)
{
    const char *why = NULL;
    if (record->event.len == 0 || record->by_runtime)
        return NULL;
    const ProtobufCMessage *event =
        lq_pb_decode_within(&LQ_PB_RECORD, &bed->arena, bed->service->event_type,
                            lq_span(record->event.data, record->event.len), &why);
    assert_non_null(event);
    return event;
}

// Walks the timers from the earliest on: their keys begin with when they are due.
static bool next_timer(struct lq_bed *bed, struct lq_span *key, int64_t *due_ms)
{
    struct lq_span value;
    const bool past = key->size > 0;
    if (!lq_store_next(bed->store, lq_bed_table(bed, "runtime.timers"), *key, past, key, &value))
        return false;
    *due_ms = 0;
    for (int i = 0; i < 8; i++)
        *due_ms = *due_ms << 8 | key->data[i];
    return true;
}

bool lq_bed_first_timer(struct lq_bed *bed, int64_t *due_ms)
{
    struct lq_span key = {0};
    lq_bed_read(bed);
    const bool found = next_timer(bed, &key, due_ms);
    lq_bed_end_read(bed);
    return found;
}

bool lq_bed_has_timer(struct lq_bed *bed, int64_t due_ms)
{
    struct lq_span key = {0};
    bool found = false;
    lq_bed_read(bed);
    for (int64_t at_ms; !found && next_timer(bed, &key, &at_ms);)
        found = at_ms == due_ms;
    lq_bed_end_read(bed);
    return found;
}

static void hash_span(crypto_generichash_state *state, struct lq_span bytes)
{
    const uint64_t size = bytes.size;
    crypto_generichash_update(state, (const uint8_t *)&size, sizeof size);
    if (size > 0)
        crypto_generichash_update(state, bytes.data, bytes.size);
}

struct lq_bed_digest lq_bed_digest(struct lq_bed *bed)
{
    struct lq_bed_digest digest;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof digest.bytes);
    lq_store_tip(bed->store, digest.bytes);
    hash_span(&state, lq_span(digest.bytes, sizeof digest.bytes));
    const unsigned cursors = lq_bed_table(bed, "runtime.cursors");
    const unsigned marks = lq_bed_table(bed, "runtime.marks"); // as far as each page went
    lq_bed_read(bed);
    for (unsigned table = 0; table < bed->store->table_count; table++) {
        struct lq_span key = {0}, value;
        while (table != cursors && table != marks &&
               lq_store_next(bed->store, table, key, key.size > 0, &key, &value)) {
            hash_span(&state, key);
            hash_span(&state, value);
        }
        hash_span(&state, lq_span(NULL, 0)); // the table's end
    }
    lq_bed_end_read(bed);
    crypto_generichash_final(&state, digest.bytes, sizeof digest.bytes);
    return digest;
}

void lq_bed_assert_digest(struct lq_bed *bed, struct lq_bed_digest expected)
{
    const struct lq_bed_digest digest = lq_bed_digest(bed);
    assert_memory_equal(digest.bytes, expected.bytes, sizeof digest.bytes);
}
