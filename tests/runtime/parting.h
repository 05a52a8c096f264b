// What the tests of parting histories share: a bed that follows a stream which is put back, another
// that has followed nothing but what the stream has now, and that both come to the same.
#pragma once

#include "host_support.h"

#include <stdio.h>

#include "runtime/host_parts.h"
#include "runtime/verify.h"

static const int64_t ASK_AGAIN_MS = 5000;
static const uint32_t ADMIN = LQ_ROLE(ADMIN);

static struct lq_bed other; // who has followed nothing but what the stream has now

// ---------------------------------------------------------------- what is done

static inline void tell(struct lq_bed *b, const char *stream, const char *event)
{
    lq_bed_tell(b, stream, event);
    b->now_ms += 1000;
}

static inline void register_premises(struct lq_bed *b, const char *number, const char *name)
{
    tell(b, "ledger",
         lq_arena_format(&b->arena,
                         "premises_registered {number=\"%s\" name=\"%s\" township=\"乡\"}", number,
                         name));
}

static inline void plan_order(struct lq_bed *b, const char *number, const char *township)
{
    tell(b, "dispatch",
         lq_arena_format(&b->arena,
                         "order_issued {number=\"%s\" issued_at_ms=1425600000000 target=\"E1\" "
                         "township=\"%s\" vehicles=2 desk=\"P1\" assignments=[{team=\"T01\"}]}",
                         number, township));
}

// The journal of the stream is put back to that record, and the follower finds out.
static inline void put_back(const char *stream, uint64_t after)
{
    lq_bed_part(&bed, stream, after);
    bed.now_ms += 60000; // its fetch has been answered meanwhile, and it asks again
    lq_bed_pump(&bed);
}

static inline uint64_t send_acceptance(uint32_t roles, const char *stream, uint64_t after,
                                       const char *reason)
{
    Lq__AcceptDiverged accept = LQ__ACCEPT_DIVERGED__INIT;
    Lq__RuntimeCommand runtime = LQ__RUNTIME_COMMAND__INIT;
    accept.stream = lq_unconst(stream);
    accept.after = after;
    runtime.body_case = LQ__RUNTIME_COMMAND__BODY_ACCEPT_DIVERGED;
    runtime.accept_diverged = &accept;
    const struct lq_id id = lq_id_new(bed.now_ms);
    Lq__Command envelope = LQ__COMMAND__INIT;
    envelope.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = lq_unconst(id.bytes)};
    envelope.runtime = &runtime;
    envelope.reason = lq_unconst(reason);
    return lq_bed_send_bytes(&bed, "admin", roles, lq_pb_encode(&bed.arena, &envelope.base));
}

static inline struct lq_bed_outcome accept(const char *stream, uint64_t after, const char *reason)
{
    const uint64_t sent = send_acceptance(ADMIN, stream, after, reason);
    lq_bed_turn(&bed);
    return lq_bed_outcome(&bed, sent);
}

static inline void assert_accepted(const char *stream, uint64_t after)
{
    const struct lq_bed_outcome outcome = accept(stream, after, "the disk of ledger broke");
    if (!outcome.accepted)
        fail_msg("not accepted: %s", outcome.text);
    lq_bed_pump(&bed);
}

static inline const Lq__Status *status(void)
{
    const uint64_t asked = lq_bed_query(&bed, "P1", LQ_ANYONE, NULL);
    lq_bed_turn(&bed);
    return (const void *)answer_of(asked, &lq__status__descriptor);
}

static inline const Lq__Halt *only_halt(void)
{
    const Lq__Status *now = status();
    assert_int_equal(now->n_halts, 1);
    assert_int_equal(now->halts[0]->why, LQ__HALT__WHY__DIVERGED);
    return now->halts[0];
}

// ---------------------------------------------------------------- what is looked at

// Live is what the journal gives.
static inline void assert_verified(void)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_verified verified;
    lq_host_plan(bed.service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    if (lq_verify(bed.service, bed.store, scratch, &bed.policy, NULL, NULL, &verified) != LQ_OK)
        fail_msg("verified: %s", lq_fault_text());
    assert_int_equal(verified.records, lq_bed_tip(&bed));
    lq_store_close(scratch);
}

// The rows of a table are those of the other bed's.
static inline void assert_same_rows(unsigned table)
{
    struct lq_key at = {0};
    assert_int_equal(lq_store_begin_read(bed.store), LQ_OK);
    assert_int_equal(lq_store_begin_read(other.store), LQ_OK);
    for (bool past = false;; past = true) {
        struct lq_span key, row, other_key, other_row;
        const struct lq_span from =
            lq_span(past ? at.bytes : (const uint8_t *)"", past ? at.size : 1);
        const bool has = lq_store_next(bed.store, table, from, past, &key, &row);
        assert_int_equal(lq_store_next(other.store, table, from, past, &other_key, &other_row),
                         has);
        if (!has)
            break;
        assert_true(lq_span_equal(key, other_key) && lq_span_equal(row, other_row));
        at.size = (uint8_t)key.size;
        memcpy(at.bytes, key.data, key.size);
    }
    lq_store_end_read(other.store);
    lq_store_end_read(bed.store);
}

static inline void assert_same_tables(const struct lq_table *const *tables)
{
    const struct lq_table *all[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(bed.service, all);
    for (; *tables != NULL; tables++)
        for (unsigned i = 0; i < count; i++)
            if (all[i] == *tables)
                assert_same_rows(RUNTIME_TABLES + i);
}

static inline void assert_same_replicas(void)
{
    for (const struct lq_replica *const *r = bed.service->replicas; *r != NULL; r++)
        assert_same_tables((*r)->tables);
}
