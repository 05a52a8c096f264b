// Positions of another history: who asks from one, or says that he has seen it, is refused and told
// why; a follower that has come so far stands, says so, and goes on once the stream is what it was.
#include "host_support.h"

#include "runtime/host_parts.h"

static const int64_t ASK_AGAIN_MS = 5000; // a stream that diverged

static ProtobufCBinaryData binary(const void *bytes, size_t size)
{
    return (ProtobufCBinaryData){.len = size, .data = lq_unconst(bytes)};
}

static void assert_refused(uint64_t correlation, Lq__Refusal__Why why, const char *text)
{
    lq_bed_assert_refused(&bed, correlation, why);
    const Lq__Refusal *refusal = lq_bed_find(&bed, correlation)->reply->refusal;
    if (strstr(refusal->text, text) == NULL)
        fail_msg("it says: %s", refusal->text);
    assert_true(refusal->retry == (why == LQ__REFUSAL__WHY__UNAVAILABLE));
}

static int open_with_records(void **state)
{
    open_oversight(state);
    for (int i = 0; i < 3; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_settle(&bed);
    return 0;
}

// ---------------------------------------------------------------- fetch

static uint64_t fetch_from(uint64_t after, const void *hash, size_t size, uint32_t max)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = after;
    fetch.after_hash = binary(hash, size);
    fetch.max = max;
    fetch.wait_ms = 5000;
    const uint64_t asked = lq_bed_fetch_message(&bed, "P5", LQ_ROLE(LEAD), &fetch);
    lq_bed_turn(&bed);
    return asked;
}

static void a_fetch_from_beyond_the_tip_is_refused(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE] = {1};
    const char *text = "the stream of oversight ends at record 3, but record 4 of it has been seen";
    assert_refused(fetch_from(4, NULL, 0, 0), LQ__REFUSAL__WHY__DIVERGED, text);
    assert_refused(fetch_from(4, hash, sizeof hash, 0), LQ__REFUSAL__WHY__DIVERGED, text);
    assert_refused(fetch_from(UINT64_MAX, NULL, 0, 0), LQ__REFUSAL__WHY__DIVERGED, "ends at");
}

static void a_fetch_from_another_record_is_refused(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE] = {0};
    const uint64_t from_start = fetch_from(0, hash, sizeof hash, 0); // hash(0)
    assert_int_equal(events_of(from_start)->n_events, 3);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        lq_bed_record_hash(&bed, seq, hash);
        const uint64_t right = fetch_from(seq, hash, sizeof hash, 0);
        if (seq < 3)
            assert_int_equal(events_of(right)->next_after, 3);
        else
            assert_null(lq_bed_find(&bed, right)); // waits
        hash[31] ^= 1;
        assert_refused(fetch_from(seq, hash, sizeof hash, 0), LQ__REFUSAL__WHY__DIVERGED,
                       "of oversight is another one than has been seen");
    }
    hash[0] = 1;
    assert_refused(fetch_from(0, hash, sizeof hash, 0), LQ__REFUSAL__WHY__DIVERGED, "another one");
}

static void a_hash_has_its_length(void **state)
{
    (void)state;
    static const uint8_t hash[HASH_SIZE + 1];
    assert_refused(fetch_from(1, hash, 31, 0), LQ__REFUSAL__WHY__MALFORMED, "Fetch.after_hash");
    assert_refused(fetch_from(1, hash, 33, 0), LQ__REFUSAL__WHY__MALFORMED, "Fetch.after_hash");
    const struct lq_bed_command c = {.actor = "P4",
                                     .roles = CLERK,
                                     .seen_stream = "tips", // whosever it is
                                     .seen_seq = 1,
                                     .seen_hash = lq_span(hash, 31),
                                     .body = command("record_interview {}")};
    const struct lq_bed_sent sent = lq_bed_send(&bed, &c);
    lq_bed_turn(&bed);
    assert_refused(sent.correlation, LQ__REFUSAL__WHY__MALFORMED, "Position.hash");
}

static void assert_hash(ProtobufCBinaryData told, uint64_t seq)
{
    uint8_t hash[HASH_SIZE];
    lq_bed_record_hash(&bed, seq, hash);
    assert_int_equal(told.len, HASH_SIZE);
    assert_memory_equal(told.data, hash, HASH_SIZE);
}

static const Lq__Reply *reply_to(uint64_t correlation)
{
    const struct lq_bed_reply *found = lq_bed_find(&bed, correlation);
    assert_non_null(found);
    return found->reply;
}

// Whoever keeps a position is told its hash with it.
static void every_position_is_told_with_its_hash(void **state)
{
    (void)state;
    assert_hash(reply_to(fetch_from(0, NULL, 0, 2))->position_hash,
                2); // the page ends before the tip
    assert_hash(reply_to(fetch_from(0, NULL, 0, 0))->position_hash, 3);
    const uint64_t parked = fetch_from(3, NULL, 0, 0);
    const struct lq_bed_sent sent = send("record_interview {kind=\"official\"}");
    const struct lq_bed_sent rejected = send("record_interview {}");
    lq_bed_turn(&bed);
    assert_hash(reply_to(parked)->position_hash, 5);
    assert_hash(reply_to(sent.correlation)->position_hash, 4);
    assert_hash(reply_to(rejected.correlation)->position_hash, 5);
    const uint64_t again = lq_bed_send_bytes(&bed, "P4", CLERK, sent.command);
    const uint64_t asked = lq_bed_query(&bed, "P4", CLERK, NULL);
    lq_bed_turn(&bed);
    assert_hash(reply_to(again)->position_hash, 4);
    assert_hash(reply_to(asked)->answer->as_of->hash, 5);
}

static void each_of_several_outcomes_has_its_hash(void **state)
{
    (void)state;
    ProtobufCBinaryData bytes[2];
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.n_commands = 2;
    commands.commands = bytes;
    for (int i = 0; i < 2; i++) {
        const struct lq_bed_command c = {.body = command("record_interview {kind=\"official\"}")};
        const struct lq_span made = lq_bed_make(&bed, &c).command;
        bytes[i] = binary(made.data, made.size);
    }
    const struct lq_span packed = lq_pb_encode(&bed.arena, &commands.base);
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_COMMANDS;
    request.commands = binary(packed.data, packed.size);
    const uint64_t asked = lq_bed_take(&bed, "P4", CLERK, &request);
    lq_bed_turn(&bed);
    const Lq__Outcomes *outcomes = lq_bed_find(&bed, asked)->reply->outcomes;
    assert_hash(outcomes->outcomes[0]->position_hash, 4);
    assert_hash(outcomes->outcomes[1]->position_hash, 5);
}

// ---------------------------------------------------------------- what was seen

static uint64_t send_having_seen(const char *stream, uint64_t seq, struct lq_span hash)
{
    const struct lq_bed_command c = {.actor = "P4",
                                     .roles = CLERK,
                                     .seen_stream = stream,
                                     .seen_seq = seq,
                                     .seen_hash = hash,
                                     .body = command("record_interview {kind=\"official\"}")};
    const uint64_t sent = lq_bed_send(&bed, &c).correlation;
    lq_bed_turn(&bed);
    return sent;
}

static uint64_t ask_having_seen(const char *stream, uint64_t seq, struct lq_span hash)
{
    Lq__Query query = LQ__QUERY__INIT;
    const struct lq_span body = lq_pb_encode(&bed.arena, &query.base);
    Lq__Position seen = LQ__POSITION__INIT, *list[] = {&seen};
    seen.stream = lq_unconst(stream);
    seen.seq = seq;
    seen.hash = binary(hash.data, hash.size);
    Lq__Request request = LQ__REQUEST__INIT;
    request.kind_case = LQ__REQUEST__KIND_QUERY;
    request.query = binary(body.data, body.size);
    request.seen = list;
    request.n_seen = 1;
    const uint64_t asked = lq_bed_take(&bed, "P4", CLERK, &request);
    lq_bed_turn(&bed);
    return asked;
}

static void who_has_seen_another_history_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[HASH_SIZE];
    const struct lq_span none = {0}, hash = lq_span(bytes, sizeof bytes);
    const char *beyond = "ends at record 3, but record 4 of it has been seen";
    assert_refused(send_having_seen("oversight", 4, none), LQ__REFUSAL__WHY__DIVERGED, beyond);
    assert_refused(ask_having_seen("oversight", 4, none), LQ__REFUSAL__WHY__DIVERGED, beyond);
    assert_int_equal(lq_bed_tip(&bed), 3);
    for (uint64_t seq = 2; seq <= 3; seq++) {
        lq_bed_record_hash(&bed, seq, bytes);
        assert_non_null(lq_bed_find(&bed, ask_having_seen("oversight", seq, hash))->reply->answer);
        bytes[0] ^= 1;
        assert_refused(send_having_seen("oversight", seq, hash), LQ__REFUSAL__WHY__DIVERGED,
                       "another one than has been seen");
        assert_refused(ask_having_seen("oversight", seq, hash), LQ__REFUSAL__WHY__DIVERGED,
                       "another one than has been seen");
        assert_int_equal(lq_bed_tip(&bed), 3);
    }
    lq_bed_record_hash(&bed, 3, bytes);
    const uint64_t right = send_having_seen("oversight", 3, hash);
    assert_true(lq_bed_outcome(&bed, right).accepted);
}

// ---------------------------------------------------------------- following

static const char *const PERSON = "person_registered {badge=\"P5\" name=\"五\" role=LEAD "
                                  "team=\"T01\" group=\"A\"}";

static struct lq_bed_stream *shift(void)
{
    return lq_bed_stream(&bed, "shift");
}

static void refuse_fetch(Lq__Refusal__Why why)
{
    assert_true(shift()->ask.out);
    shift()->ask.out = false;
    Lq__Refusal refusal = LQ__REFUSAL__INIT;
    refusal.why = why;
    refusal.text = lq_unconst("as the stream says");
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = shift()->ask.correlation;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = &refusal;
    lq_host_hear(bed.host, lq_pb_encode(&bed.arena, &reply.base));
    lq_bed_turn(&bed);
}

// Whether both have the last mark that it kept: here, the beginning.
static void answer_where_they_part(void)
{
    assert_true(shift()->ask.out && !shift()->ask.waits);
    assert_int_equal(shift()->ask.after, 0);
    lq_bed_hear(&bed, "shift", 1, shift()->count);
    lq_bed_settle(&bed);
}

static const Lq__Status *status(void)
{
    const uint64_t asked = lq_bed_query(&bed, "P1", LQ_ANYONE, NULL);
    lq_bed_turn(&bed);
    return (const void *)answer_of(asked, &lq__status__descriptor);
}

static const Lq__Halt *only_halt(Lq__Halt__Why why, uint64_t behind)
{
    const Lq__Status *now = status();
    assert_int_equal(now->n_halts, 1);
    assert_string_equal(now->halts[0]->stream, "shift");
    assert_int_equal(now->halts[0]->why, why);
    assert_int_equal(now->halts[0]->behind, behind);
    return now->halts[0];
}

static void assert_asks_from(uint64_t after, bool with_hash)
{
    uint8_t hash[HASH_SIZE];
    assert_true(shift()->ask.out);
    assert_int_equal(shift()->ask.after, after);
    assert_int_equal(shift()->ask.hash_size, with_hash ? HASH_SIZE : 0);
    lq_bed_stream_hash("shift", after, hash);
    if (with_hash)
        assert_memory_equal(shift()->ask.hash, hash, HASH_SIZE);
}

static void a_follower_asks_with_the_hash_of_its_cursor(void **state)
{
    (void)state;
    lq_bed_settle(&bed);
    assert_asks_from(0, false);
    lq_bed_tell(&bed, "shift", PERSON);
    assert_asks_from(1, true);
    const Lq__Status *now = status();
    assert_int_equal(now->n_halts, 0);
    for (size_t i = 0; i < now->n_follows; i++)
        if (strcmp(now->follows[i]->stream, "shift") == 0)
            assert_memory_equal(now->follows[i]->hash.data, shift()->ask.hash, HASH_SIZE);
    lq_bed_crash(&bed);
    lq_bed_settle(&bed);
    assert_asks_from(1, true); // it stands in the cursor's row
}

// A store of an earlier version has no hash yet: the next answer tells it, though nothing is new.
static void a_cursor_without_a_hash_gets_it(void **state)
{
    (void)state;
    uint8_t row[CURSOR_SIZE];
    const struct known_hash none = {.known = false};
    lq_bed_tell(&bed, "shift", PERSON);
    const size_t size = lq_cursor_write(lq_span_text("shift"), 1, &none, row);
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(
        lq_store_put(bed.store, TABLE_CURSORS, lq_span_text("shift"), lq_span(row, size)), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    lq_bed_crash(&bed);
    lq_bed_settle(&bed);
    assert_asks_from(1, false);
    lq_bed_hear(&bed, "shift", 2, 1); // its wait is over
    lq_bed_settle(&bed);
    assert_asks_from(1, true);
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" township=\"乡\"}");
    lq_bed_crash(&bed);
    lq_bed_settle(&bed);
    assert_asks_from(1, true); // written with what came of the other stream
}

static void a_follower_of_another_history_stands_and_says_so(void **state)
{
    (void)state;
    lq_bed_tell(&bed, "shift", PERSON);
    lq_bed_settle(&bed);
    refuse_fetch(LQ__REFUSAL__WHY__DIVERGED);
    const char *text = only_halt(LQ__HALT__WHY__DIVERGED, 1)->text;
    assert_non_null(strstr(text, "seizure has followed shift up to record 1"));
    assert_non_null(strstr(text, "as the stream says"));
    assert_non_null(strstr(text, "`lq verify`"));
    answer_where_they_part();
    assert_false(shift()->ask.out);

    // Who has seen more of the stream is told at once, not when he has waited.
    const struct lq_bed_command c = {.actor = "P4",
                                     .roles = CLERK,
                                     .seen_stream = "shift",
                                     .seen_seq = 2,
                                     .body = command("close_site {}")};
    const struct lq_bed_sent sent = lq_bed_send(&bed, &c);
    lq_bed_turn(&bed);
    assert_refused(sent.correlation, LQ__REFUSAL__WHY__DIVERGED, "seizure has followed shift");

    // The other streams go on.
    const uint64_t tip = lq_bed_tip(&bed);
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" township=\"乡\"}");
    assert_int_equal(lq_bed_tip(&bed), tip + 1);

    // It looks again after a while; once the right journal is there it goes on.
    assert_false(shift()->ask.out);
    bed.now_ms += ASK_AGAIN_MS;
    lq_bed_settle(&bed);
    assert_asks_from(1, true);
    refuse_fetch(LQ__REFUSAL__WHY__DIVERGED);
    answer_where_they_part();
    only_halt(LQ__HALT__WHY__DIVERGED, 1);
    bed.now_ms += ASK_AGAIN_MS;
    lq_bed_settle(&bed);
    refuse_fetch(LQ__REFUSAL__WHY__UNAVAILABLE); // down, while it is put back
    only_halt(LQ__HALT__WHY__DIVERGED, 1);
    bed.now_ms += ASK_AGAIN_MS;
    lq_bed_settle(&bed);
    lq_bed_tell(&bed, "shift", PERSON);
    assert_int_equal(lq_bed_tip(&bed), tip + 2);
    assert_int_equal(status()->n_halts, 0);
}

// Without a hash it could not tell, once the stream has grown, that it is another one.
static void a_follower_that_knows_no_hash_stands_until_it_is_restarted(void **state)
{
    (void)state;
    lq_bed_settle(&bed);
    refuse_fetch(LQ__REFUSAL__WHY__DIVERGED);
    answer_where_they_part();
    only_halt(LQ__HALT__WHY__DIVERGED, 0);
    bed.now_ms += 100 * ASK_AGAIN_MS;
    lq_host_reconnected(bed.host);
    lq_bed_settle(&bed);
    assert_false(shift()->ask.out);
    lq_bed_crash(&bed);
    lq_bed_settle(&bed);
    assert_true(shift()->ask.out);
}

static void seen_at_the_cursor_is_compared(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE];
    lq_bed_tell(&bed, "shift", PERSON);
    lq_bed_stream_hash("shift", 1, hash);
    struct lq_bed_command c = {.actor = "P4",
                               .roles = CLERK,
                               .on_behalf_of = "P5",
                               .reason = "phoned in",
                               .seen_stream = "shift",
                               .seen_seq = 1,
                               .seen_hash = lq_span(hash, sizeof hash),
                               .body = command("close_site {}")};
    assert_null(lq_bed_do(&bed, &c).refusal);
    hash[0] ^= 1;
    assert_int_equal(lq_bed_do(&bed, &c).refusal->why, LQ__REFUSAL__WHY__DIVERGED);
}

// ---------------------------------------------------------------- events of a later version

static void an_event_of_an_unknown_kind_halts_its_stream(void **state)
{
    (void)state;
    static uint8_t newer[] = {0xa2, 0x1f, 0x00}; // field 500, of a later version
    for (int i = 0; i < 3; i++)
        lq_bed_feed(&bed, "shift", START_MS,
                    lq_message_of(&bed.arena, shift()->event_type, PERSON));
    const ProtobufCBinaryData understood = shift()->events[1]->body;
    shift()->events[1]->body = (ProtobufCBinaryData){.len = sizeof newer, .data = newer};
    lq_bed_settle(&bed);
    lq_bed_hear(&bed, "shift", 1, 3);
    lq_bed_settle(&bed);
    assert_int_equal(lq_bed_tip(&bed), 1); // what stood before it has had its effect
    const char *text = only_halt(LQ__HALT__WHY__NEEDS_UPGRADE, 1)->text;
    assert_non_null(strstr(text, "seizure needs upgrade: event 2 of shift"));

    // The service goes on; who has seen what it does not understand is told why he is not served.
    const struct lq_bed_command c = {.actor = "P4",
                                     .roles = CLERK,
                                     .on_behalf_of = "P5",
                                     .reason = "phoned in",
                                     .body = command("close_site {}")};
    assert_null(lq_bed_do(&bed, &c).refusal);
    struct lq_bed_command ahead = c;
    ahead.seen_stream = "shift";
    ahead.seen_seq = 2;
    const struct lq_bed_sent sent = lq_bed_send(&bed, &ahead);
    lq_bed_turn(&bed);
    assert_refused(sent.correlation, LQ__REFUSAL__WHY__UNAVAILABLE, "needs upgrade");
    const uint64_t tip = lq_bed_tip(&bed);
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" township=\"乡\"}");
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
    bed.now_ms += 100 * ASK_AGAIN_MS;
    lq_host_reconnected(bed.host);
    lq_bed_settle(&bed);
    assert_false(shift()->ask.out);

    // Restarted in a version that understands it, it has the rest from there.
    shift()->events[1]->body = understood;
    lq_bed_crash(&bed);
    lq_bed_settle(&bed);
    assert_asks_from(1, false);
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip + 3);
    assert_int_equal(status()->n_halts, 0);
}

#define RECORDS(test) cmocka_unit_test_setup_teardown(test, open_with_records, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS(a_fetch_from_beyond_the_tip_is_refused),
        RECORDS(a_fetch_from_another_record_is_refused),
        RECORDS(a_hash_has_its_length),
        RECORDS(every_position_is_told_with_its_hash),
        RECORDS(each_of_several_outcomes_has_its_hash),
        RECORDS(who_has_seen_another_history_is_refused),
        SEIZURE(a_follower_asks_with_the_hash_of_its_cursor),
        SEIZURE(a_cursor_without_a_hash_gets_it),
        SEIZURE(a_follower_of_another_history_stands_and_says_so),
        SEIZURE(a_follower_that_knows_no_hash_stands_until_it_is_restarted),
        SEIZURE(seen_at_the_cursor_is_compared),
        SEIZURE(an_event_of_an_unknown_kind_halts_its_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
