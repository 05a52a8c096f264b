// What the tests of the host share: a bed for each test, with one of the smaller services on it.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pb/pb.h"
#include "runtime/host_parts.h"
#include "support/bed.h"
#include "support/message.h"

static const int64_t START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00
static const uint32_t CLERK = LQ_ROLE(CLERK);

// ---------------------------------------------------------------- the bed of each test

static struct lq_bed bed;

// oversight as it would be if it followed nobody: what the runtime does of its own accord then is
// done for the test alone.
static inline const struct lq_service *oversight_alone(void)
{
    static struct lq_service alone;
    alone = *lq_service_named("oversight");
    alone.replicas = NULL;
    return &alone;
}

static inline int open_oversight(void **state)
{
    (void)state;
    lq_bed_open(&bed, oversight_alone(), START_MS);
    return 0;
}

static inline int open_dispatch(void **state)
{
    (void)state;
    lq_bed_open(&bed, lq_service_named("dispatch"), START_MS);
    return 0;
}

static inline int open_seizure(void **state)
{
    (void)state;
    lq_bed_open(&bed, lq_service_named("seizure"), START_MS);
    return 0;
}

static inline int close_bed(void **state)
{
    (void)state;
    lq_bed_close(&bed);
    return 0;
}

static inline const ProtobufCMessage *command(const char *text)
{
    return lq_message_of(&bed.arena, bed.service->command_type, text);
}

static inline struct lq_bed_sent send(const char *text)
{
    const struct lq_bed_command c = {.actor = "P4", .roles = CLERK, .body = command(text)};
    return lq_bed_send(&bed, &c);
}

static inline const Lq__Events *events_of(uint64_t correlation)
{
    const struct lq_bed_reply *found = lq_bed_find(&bed, correlation);
    assert_non_null(found);
    assert_int_equal(found->reply->kind_case, LQ__REPLY__KIND_EVENTS);
    return found->reply->events;
}

static inline const ProtobufCMessage *answer_of(uint64_t correlation,
                                                const ProtobufCMessageDescriptor *type)
{
    const char *why = NULL;
    const struct lq_bed_reply *found = lq_bed_find(&bed, correlation);
    assert_non_null(found);
    assert_int_equal(found->reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const ProtobufCBinaryData body = found->reply->answer->body;
    const ProtobufCMessage *answer =
        lq_pb_decode_within(&LQ_PB_REPLY, &bed.arena, type, lq_span(body.data, body.len), &why);
    assert_non_null(answer);
    return answer;
}

// A record at the end of the journal, behind the back of the host.
static inline void append_bytes(struct lq_span bytes, bool chained)
{
    uint8_t before[LQ_HASH_SIZE], hash[LQ_HASH_SIZE];
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    const uint64_t seq = lq_store_tip(bed.store, before) + 1;
    lq_record_hash(before, bytes, hash);
    hash[0] ^= chained ? 0 : 1;
    assert_int_equal(lq_store_append(bed.store, seq, hash, bytes), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
}

#define OVERSIGHT(test) cmocka_unit_test_setup_teardown(test, open_oversight, close_bed)
#define SEIZURE(test) cmocka_unit_test_setup_teardown(test, open_seizure, close_bed)
#define DISPATCH(test) cmocka_unit_test_setup_teardown(test, open_dispatch, close_bed)
