// The tests of test_contract, by subject; each runs for each service of the registry, which is its
// initial state.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "pb/pb.h"
#include "world.h"

static const int64_t CONTRACT_START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00

// The member of a Command or Query, with nothing in it.
static inline const ProtobufCMessage *
contract_empty(struct lq_arena *arena, const ProtobufCMessageDescriptor *type, unsigned member)
{
    return lq_message_of(arena, type, type->fields[member].name);
}

// The name by which the service itself acts.
static inline const char *contract_itself(struct lq_bed *bed)
{
    return lq_arena_format(&bed->arena, "@%s", bed->service->name);
}

static inline bool contract_is_refused(struct lq_bed *bed, uint64_t correlation,
                                       Lq__Refusal__Why why)
{
    const struct lq_bed_reply *found = lq_bed_find(bed, correlation);
    assert_non_null(found);
    return found->reply->kind_case == LQ__REPLY__KIND_REFUSAL && found->reply->refusal->why == why;
}

void test_each_message_has_one_row(void **state);
void test_what_is_kept_fits_its_row(void **state);
void test_names_are_its_own(void **state);
void test_things_are_of_their_messages(void **state);
void test_rows_say_who_entered_them(void **state);
void test_what_is_personal_is_declared(void **state);
void test_only_who_may_commands(void **state);
void test_only_who_may_asks(void **state);
void test_what_is_no_command_is_refused(void **state);
void test_what_is_no_request_is_refused(void **state);
void test_damaged_commands_do_no_harm(void **state);
void test_a_repeat_is_told_the_same(void **state);
void test_a_crash_before_the_commit_leaves_nothing(void **state);
void test_who_has_seen_is_answered_from_there(void **state);
void test_an_event_heard_twice_has_one_effect(void **state);
