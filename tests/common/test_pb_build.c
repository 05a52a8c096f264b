// Messages that are made by their descriptors.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/assert.h"
#include "envelope.pb-c.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pbtest.pb-c.h"

static const ProtobufCFieldDescriptor *field(const ProtobufCMessage *message, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

static void sets_fields_of_every_kind(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    Lq__Fetch *fetch = (void *)lq_pb_new(&arena, &lq__fetch__descriptor);
    lq_pb_set_integer(&fetch->base, field(&fetch->base, "after"), INT64_C(1) << 40);
    lq_pb_set_integer(&fetch->base, field(&fetch->base, "max"), UINT32_MAX);
    assert_int_equal(fetch->after, INT64_C(1) << 40);
    assert_int_equal(fetch->max, UINT32_MAX);
    assert_int_equal(fetch->wait_ms, 0);
    Lq__Command *command = (void *)lq_pb_new(&arena, &lq__command__descriptor);
    assert_string_equal(command->reason, "");
    lq_pb_set_integer(&command->base, field(&command->base, "occurred_at_ms"), -1);
    lq_pb_set_text(&command->base, field(&command->base, "reason"), "by radio");
    assert_int_equal(command->occurred_at_ms, -1);
    assert_string_equal(command->reason, "by radio");
    Lq__Refusal *refusal = (void *)lq_pb_new(&arena, &lq__refusal__descriptor);
    lq_pb_set_integer(&refusal->base, field(&refusal->base, "retry"), 2);
    lq_pb_set_integer(&refusal->base, field(&refusal->base, "why"), LQ__REFUSAL__WHY__ID_REUSED);
    assert_int_equal(refusal->retry, 1);
    assert_int_equal(refusal->why, LQ__REFUSAL__WHY__ID_REUSED);
    lq_arena_free(&arena);
}

static void wraps_a_member_by_its_name(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    ProtobufCMessage *refusal = lq_pb_new(&arena, &lq__refusal__descriptor);
    const ProtobufCMessage *reply = lq_pb_wrap(&arena, &lq__reply__descriptor, "refusal", refusal);
    assert_string_equal(lq_pb_variant_name(reply), "refusal");
    assert_ptr_equal(lq_pb_variant_message(reply), refusal);
    lq_arena_free(&arena);
}

static void projects_what_two_types_share(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    char name[] = "淮镇", one[] = "a", two[] = "b", *words[] = {one, two};
    Pbtest__Kept kept = PBTEST__KEPT__INIT;
    kept.secret = 7;
    kept.name = name;
    kept.done = true;
    kept.at_ms = INT64_C(1) << 41;
    kept.words = words;
    kept.n_words = 2;
    const Pbtest__Told *told = lq_pb_project(&arena, &pbtest__told__descriptor, &kept);
    assert_string_equal(told->name, "淮镇");
    assert_true(told->at_ms == kept.at_ms);
    assert_int_equal(told->n_words, 2);
    assert_string_equal(told->words[1], "b");
    assert_false(told->late);
    const Pbtest__Kept *back = lq_pb_project(&arena, &pbtest__kept__descriptor, told);
    assert_int_equal(back->secret, 0); // nobody told it
    assert_false(back->done);
    assert_string_equal(back->words[0], "a");
    assert_true(lq_pb_covers(&pbtest__kept__descriptor, &pbtest__kept__descriptor));
    assert_true(lq_pb_covers(&pbtest__kept__descriptor, &pbtest__part__descriptor));
    assert_false(lq_pb_covers(&pbtest__kept__descriptor, &pbtest__told__descriptor)); // late
    assert_false(lq_pb_covers(&pbtest__part__descriptor, &pbtest__kept__descriptor));
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_fields_of_every_kind),
        cmocka_unit_test(wraps_a_member_by_its_name),
        cmocka_unit_test(projects_what_two_types_share),
    };
    return cmocka_run_group_tests_name("pb_build", tests, NULL, NULL);
}
