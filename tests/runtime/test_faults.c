// Whichever call of the store fails, the turn fails, nobody is told anything that the failed
// transaction held, and after a restart everything can be repeated and comes out the same.
#include "host_support.h"

#include "faulty.h"

static const struct {
    const char *stream, *event;
} heard[] = {
    {"shift", "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T1\" group=\"A\"}"},
    {"shift", "person_registered {badge=\"P2\" name=\"b\" role=OFFICER team=\"T1\" group=\"A\"}"},
    {"ledger", "premises_registered {number=\"E1\" name=\"b\" township=\"c\" standing=ENTERPRISE}"},
    {"dispatch", "order_issued {number=\"O1\" issued_at_ms=1425600000000 target=\"E1\"}"},
};
enum { HEARD = sizeof heard / sizeof heard[0] };

static const char take_item[] =
    "take_item {number=\"I1\" order=\"O1\" target=\"E1\" kind=\"d\" action=SEALED seal=\"s\" "
    "officer_1=\"P1\" officer_2=\"P2\"}";

// A turn that may fail. If it does, nothing of it was said, and the process starts anew; false.
static bool try_turn(void)
{
    const unsigned replies = bed.reply_count;
    const uint64_t tip = bed.store->committed.seq;
    faulty.armed = true;
    const enum lq_status status = lq_bed_try_turn(&bed);
    faulty.armed = false;
    if (status == LQ_OK)
        return true;
    assert_true(faulty.fired);
    if (bed.store->committed.seq == tip)
        assert_int_equal(bed.reply_count, replies);
    lq_bed_crash(&bed);
    return false;
}

static void follow_others(void)
{
    for (unsigned i = 0; i < HEARD; i++)
        lq_bed_feed(&bed, heard[i].stream, START_MS,
                    lq_message_of(&bed.arena, lq_bed_stream(&bed, heard[i].stream)->event_type,
                                  heard[i].event));
    lq_bed_turn(&bed); // asks
    lq_bed_hear(&bed, "shift", 1, 2);
    lq_bed_hear(&bed, "ledger", 1, 1);
    lq_bed_hear(&bed, "dispatch", 1, 1);
    try_turn();
    lq_bed_pump(&bed);
}

// Sends until it is answered: at once, or after the restart.
static void take_it(struct lq_bed_sent *sent)
{
    const struct lq_bed_command c = {
        .actor = "P1", .roles = LQ_ROLE(LEAD), .body = command(take_item)};
    *sent = lq_bed_send(&bed, &c);
    if (!try_turn())
        sent->correlation = lq_bed_send_bytes(&bed, "P1", LQ_ROLE(LEAD), sent->command);
    lq_bed_settle(&bed);
    lq_bed_pump(&bed);
    const struct lq_bed_reply *reply = lq_bed_find(&bed, sent->correlation);
    if (reply == NULL) // durable, but the process ended before it could say so
        sent->correlation = lq_bed_send_bytes(&bed, "P1", LQ_ROLE(LEAD), sent->command);
    lq_bed_settle(&bed);
    assert_true(lq_bed_outcome(&bed, sent->correlation).accepted);
}

static void ask_and_fetch(void)
{
    lq_bed_query(&bed, "P1", LQ_ANYONE,
                 lq_message_of(&bed.arena, bed.service->query_type, "list {}"));
    lq_bed_fetch(&bed, "P1", LQ_ANYONE, 0, 100, 0);
    lq_bed_fetch(&bed, "P1", LQ_ANYONE, lq_bed_tip(&bed), 100, 10000);
    try_turn();
    lq_bed_settle(&bed);
}

static void repeat_it(const struct lq_bed_sent *sent)
{
    // A record that cannot be read here is a bug (what is remembered is in the journal).
    const uint64_t again = lq_bed_send_bytes(&bed, "P1", LQ_ROLE(LEAD), sent->command);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).repeated);
}

static void let_it_lapse(void)
{
    int64_t due_ms = 0;
    assert_true(lq_bed_first_timer(&bed, &due_ms));
    do { // for each of its marks
        bed.now_ms = due_ms;
        try_turn();
        lq_bed_settle(&bed);
    } while (lq_bed_first_timer(&bed, &due_ms));
}

static struct lq_bed_digest run(unsigned fails_at, bool *fired)
{
    open_seizure(NULL);
    bed.keep_checks_off = true; // they read the store too
    make_faulty(bed.store, fails_at);
    faulty.records_legible = true; // live, one that is not is an assertion
    struct lq_bed_sent sent;
    follow_others();
    take_it(&sent);
    ask_and_fetch();
    repeat_it(&sent);
    let_it_lapse();
    const struct lq_bed_digest digest = lq_bed_digest(&bed);
    *fired = faulty.fired;
    bed.store->engine = faulty.real;
    close_bed(NULL);
    return digest;
}

static void whichever_call_fails_all_comes_out_the_same(void **state)
{
    (void)state;
    bool fired = true;
    const struct lq_bed_digest whole = run(0, &fired);
    unsigned calls = 0;
    fired = true;
    for (calls = 1; fired; calls++) {
        const struct lq_bed_digest digest = run(calls, &fired);
        if (memcmp(digest.bytes, whole.bytes, sizeof digest.bytes) != 0)
            fail_msg("after call %u of the store has failed, it comes out otherwise", calls);
    }
    assert_true(calls > 40);
}

// A process that cannot read its journal does not start.
static void a_host_does_not_start_on_a_store_that_fails(void **state)
{
    (void)state;
    open_oversight(NULL);
    for (int i = 0; i < 2; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    unsigned failed = 0;
    enum lq_status status = LQ_E_IO;
    for (unsigned n = 1; status != LQ_OK; n++) {
        make_faulty(bed.store, n);
        faulty.armed = true;
        struct lq_host *host = NULL;
        status = lq_host_new(bed.service, bed.store, &bed.policy, NULL, (struct lq_host_io){0},
                             bed.now_ms, &host);
        bed.store->engine = faulty.real;
        failed += status != LQ_OK;
        assert_true((host != NULL) == (status == LQ_OK));
        lq_host_free(host);
    }
    assert_int_equal(failed, 3); // begin, and the last two records
    close_bed(NULL);
}

// ---------------------------------------------------------------- what others say

// A newer service speaks of what this build does not know: that stream stands, the service goes on.
static void an_event_that_is_not_understood_halts_its_stream(void **state)
{
    (void)state;
    static const uint8_t newer[] = {0xa2, 0x1f, 0x00}; // field 500, of a later version
    static const uint8_t cut_short[] = {0x0a, 0x05, 0x0a};
    const struct lq_span bodies[] = {lq_span(newer, sizeof newer),
                                     lq_span(cut_short, sizeof cut_short)};
    for (size_t i = 0; i < 2; i++) {
        open_seizure(NULL);
        lq_bed_feed(&bed, "shift", START_MS,
                    lq_message_of(&bed.arena, bed.streams[0].event_type, heard[0].event));
        bed.streams[0].events[0]->body =
            (ProtobufCBinaryData){.len = bodies[i].size, .data = lq_unconst(bodies[i].data)};
        assert_string_equal(bed.streams[0].name, "shift");
        lq_bed_turn(&bed);
        lq_bed_hear(&bed, "shift", 1, 1);
        lq_bed_turn(&bed);
        assert_false(bed.streams[0].ask.out);
        assert_int_equal(lq_bed_tip(&bed), 0);
        close_bed(NULL);
    }
}

static void hear(Lq__Reply *reply)
{
    lq_host_hear(bed.host, lq_pb_encode(&bed.arena, &reply->base));
}

// A stream that is down is asked again a little later, and after a reconnection at once.
static void a_stream_that_is_down_is_asked_again(void **state)
{
    (void)state;
    open_seizure(NULL);
    lq_bed_turn(&bed);
    struct lq_bed_stream *shift = lq_bed_stream(&bed, "shift");
    assert_true(shift->ask.out);
    const uint64_t first = shift->ask.correlation;
    Lq__Refusal refusal = LQ__REFUSAL__INIT;
    refusal.why = LQ__REFUSAL__WHY__UNAVAILABLE;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = first;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = &refusal;
    hear(&reply);
    shift->ask.out = false;
    assert_true(lq_host_wake_ms(bed.host, bed.now_ms) <= bed.now_ms);
    lq_bed_turn(&bed);
    assert_false(shift->ask.out);
    hear(&reply); // again, too late
    lq_host_hear(bed.host, lq_span_text("no reply at all"));
    bed.now_ms += 100;
    lq_bed_turn(&bed);
    assert_true(shift->ask.out);
    const uint64_t second = shift->ask.correlation;
    assert_int_not_equal(second, first);

    lq_host_reconnected(bed.host);
    lq_bed_turn(&bed);
    assert_int_not_equal(shift->ask.correlation, second);
    close_bed(NULL);
}

static void a_cursor_that_was_altered_begins_anew(void **state)
{
    (void)state;
    static const uint8_t altered[][64] = {{9}, {0}};
    for (size_t size = 8; size <= 64; size += 8) {
        open_seizure(NULL);
        follow_others();
        assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
        assert_int_equal(
            lq_store_put(bed.store, 1, lq_span_text("shift"), lq_span(altered[0], size)), LQ_OK);
        assert_int_equal(lq_store_commit(bed.store), LQ_OK);
        const struct lq_bed_digest before = lq_bed_digest(&bed);
        lq_bed_crash(&bed);
        lq_bed_turn(&bed);
        assert_int_equal(lq_bed_stream(&bed, "shift")->ask.after, 0);
        lq_bed_pump(&bed);
        lq_bed_assert_digest(&bed, before);
        close_bed(NULL);
    }
}

// ---------------------------------------------------------------- what strangers ask

static uint64_t ask_bytes(struct lq_span body, bool is_query)
{
    Lq__Request request = LQ__REQUEST__INIT;
    const ProtobufCBinaryData bytes = {.len = body.size, .data = lq_unconst(body.data)};
    request.kind_case = is_query ? LQ__REQUEST__KIND_QUERY : LQ__REQUEST__KIND_FETCH;
    if (is_query)
        request.query = bytes;
    else
        request.fetch = bytes;
    return lq_bed_take(&bed, "P1", LQ_ANYONE, &request);
}

static void what_is_no_query_or_fetch_is_refused(void **state)
{
    (void)state;
    open_oversight(NULL);
    Lq__Query none = LQ__QUERY__INIT, garbled = LQ__QUERY__INIT;
    static uint8_t unknown[] = {0xa2, 0x1f, 0x00}, cut_short[] = {0x0a, 0x05, 0x0a};
    none.body = (ProtobufCBinaryData){sizeof unknown, unknown};
    garbled.body = (ProtobufCBinaryData){sizeof cut_short, cut_short};
    const uint64_t asked[] = {
        ask_bytes(lq_span_text("garbage"), true),
        ask_bytes(lq_span_text("garbage"), false),
        ask_bytes(lq_pb_encode(&bed.arena, &none.base), true),
        ask_bytes(lq_pb_encode(&bed.arena, &garbled.base), true),
    };
    lq_bed_turn(&bed);
    for (size_t i = 0; i < 4; i++)
        lq_bed_assert_refused(&bed, asked[i], LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_take_bytes(&bed, "P1", LQ_ANYONE, lq_span(NULL, 0));
    lq_bed_turn(&bed);
    close_bed(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whichever_call_fails_all_comes_out_the_same),
        cmocka_unit_test(a_host_does_not_start_on_a_store_that_fails),
        cmocka_unit_test(an_event_that_is_not_understood_halts_its_stream),
        cmocka_unit_test(a_stream_that_is_down_is_asked_again),
        cmocka_unit_test(a_cursor_that_was_altered_begins_anew),
        cmocka_unit_test(what_is_no_query_or_fetch_is_refused),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
