// What a client keeps of the streams and tells with its requests: the highest position of each,
// with the hash of its record where that was told.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "client/client_state.h"

static uint8_t first[LQ_RECORD_HASH] = {1}, second[LQ_RECORD_HASH] = {2};

static struct lq_arena arena;

static void *take(void *data, size_t size)
{
    return lq_arena_alloc(data, size);
}

static void leave(void *data, void *memory)
{
    (void)data;
    (void)memory;
}

static ProtobufCAllocator in_arena = {take, leave, &arena};

static ProtobufCBinaryData hash_of(uint8_t hash[LQ_RECORD_HASH])
{
    return (ProtobufCBinaryData){.len = LQ_RECORD_HASH, .data = hash};
}

static void assert_kept(const struct lq_positions *seen, const char *stream, uint64_t seq,
                        const uint8_t *hash)
{
    const struct lq_seen *of = lq_positions_of(seen, stream);
    assert_non_null(of);
    assert_int_equal(of->seq, seq);
    assert_int_equal(of->has_hash, hash != NULL);
    if (hash != NULL)
        assert_memory_equal(of->hash, hash, LQ_RECORD_HASH);
}

static void the_hash_goes_with_the_highest_position(void **state)
{
    (void)state;
    const struct lq_span none = {0};
    struct lq_positions seen = {0};
    assert_null(lq_positions_of(&seen, "shift"));
    lq_positions_note(&seen, "shift", 0, none); // before the first record
    assert_null(lq_positions_of(&seen, "shift"));
    lq_positions_note(&seen, "shift", 7, none);
    assert_kept(&seen, "shift", 7, NULL);
    lq_positions_note(&seen, "shift", 7, lq_span(first, sizeof first)); // told later
    assert_kept(&seen, "shift", 7, first);
    lq_positions_note(&seen, "shift", 7, none);
    assert_kept(&seen, "shift", 7, first);
    lq_positions_note(&seen, "shift", 6, lq_span(second, sizeof second)); // an old reply
    assert_kept(&seen, "shift", 7, first);
    lq_positions_note(&seen, "shift", 8, none); // and not that of another record
    assert_kept(&seen, "shift", 8, NULL);
    lq_positions_note(&seen, "shift", 9, lq_span(second, 31));
    assert_kept(&seen, "shift", 9, NULL);
}

// A service of before refuses fields that it does not know; one that tells a hash knows them.
static void hashes_are_told_to_those_who_tell_them(void **state)
{
    (void)state;
    struct lq_positions seen = {0};
    Lq__Position told[LQ_STREAMS_KEPT], *pointers[LQ_STREAMS_KEPT];
    lq_positions_note(&seen, "shift", 7, lq_span(first, sizeof first));
    lq_positions_note(&seen, "stats", 3, lq_span(NULL, 0));
    assert_int_equal(lq_positions_tell(&seen, "shift", told, pointers), 2);
    assert_string_equal(pointers[0]->stream, "shift");
    assert_int_equal(pointers[0]->seq, 7);
    assert_int_equal(pointers[0]->hash.len, LQ_RECORD_HASH);
    assert_memory_equal(pointers[0]->hash.data, first, sizeof first);
    assert_int_equal(pointers[1]->seq, 3);
    assert_int_equal(pointers[1]->hash.len, 0);
    assert_int_equal(lq_positions_tell(&seen, "stats", told, pointers), 2);
    assert_int_equal(pointers[0]->hash.len, 0);
    assert_int_equal(lq_positions_tell(&seen, "tips", told, pointers), 2); // not heard of yet
    assert_int_equal(pointers[0]->hash.len, 0);
}

static ProtobufCBinaryData outcome_at(uint64_t seq, bool accepted, uint8_t bytes[128])
{
    Lq__Position position = LQ__POSITION__INIT;
    position.stream = (char[]){"shift"};
    position.seq = seq;
    Lq__Accepted yes = LQ__ACCEPTED__INIT;
    Lq__Rejected no = LQ__REJECTED__INIT;
    yes.position = no.position = &position;
    Lq__Outcome outcome = LQ__OUTCOME__INIT;
    outcome.result_case = accepted ? LQ__OUTCOME__RESULT_ACCEPTED : LQ__OUTCOME__RESULT_REJECTED;
    if (accepted)
        outcome.accepted = &yes;
    else
        outcome.rejected = &no;
    return (ProtobufCBinaryData){.len = lq__outcome__pack(&outcome, bytes), .data = bytes};
}

static void each_kind_of_reply_tells_a_position(void **state)
{
    (void)state;
    struct lq_positions seen = {0};
    uint8_t bytes[2][128];
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.kind_case = LQ__REPLY__KIND_OUTCOME;
    reply.outcome = outcome_at(4, true, bytes[0]);
    reply.position_hash = hash_of(first);
    lq_positions_reply(&seen, "shift", &reply, &in_arena);
    assert_kept(&seen, "shift", 4, first);

    Lq__CommandOutcome one = LQ__COMMAND_OUTCOME__INIT, two = LQ__COMMAND_OUTCOME__INIT;
    Lq__CommandOutcome *both[] = {&one, &two};
    Lq__Outcomes outcomes = LQ__OUTCOMES__INIT;
    outcomes.outcomes = both;
    outcomes.n_outcomes = 2;
    one.kind_case = two.kind_case = LQ__COMMAND_OUTCOME__KIND_OUTCOME;
    one.outcome = outcome_at(5, true, bytes[0]);
    one.position_hash = hash_of(first);
    two.outcome = outcome_at(6, false, bytes[1]);
    two.position_hash = hash_of(second);
    reply.kind_case = LQ__REPLY__KIND_OUTCOMES;
    reply.outcomes = &outcomes;
    lq_positions_reply(&seen, "shift", &reply, &in_arena);
    assert_kept(&seen, "shift", 6, second);

    Lq__Events events = LQ__EVENTS__INIT;
    events.next_after = 7;
    reply.position_hash = hash_of(first);
    reply.kind_case = LQ__REPLY__KIND_EVENTS;
    reply.events = &events;
    lq_positions_reply(&seen, "shift", &reply, &in_arena);
    assert_kept(&seen, "shift", 7, first);

    Lq__Position as_of = LQ__POSITION__INIT;
    as_of.stream = (char[]){"shift"};
    as_of.seq = 8;
    as_of.hash = hash_of(second);
    Lq__Answer answer = LQ__ANSWER__INIT;
    reply.kind_case = LQ__REPLY__KIND_ANSWER;
    reply.answer = &answer;
    lq_positions_reply(&seen, "shift", &reply, &in_arena); // of nothing
    answer.as_of = &as_of;
    lq_positions_reply(&seen, "shift", &reply, &in_arena);
    assert_kept(&seen, "shift", 8, second);
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_goes_with_the_highest_position),
        cmocka_unit_test(hashes_are_told_to_those_who_tell_them),
        cmocka_unit_test(each_kind_of_reply_tells_a_position),
    };
    return cmocka_run_group_tests_name("positions", tests, NULL, NULL);
}
