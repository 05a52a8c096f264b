// A followed stream that has another history than was followed, and is accepted as it is: what the
// follower keeps of it is that of one who has only followed what the stream has now. All of it
// stands in the follower's own journal.
#include "parting.h"

// ---------------------------------------------------------------- replicas

static void premises_are_those_of_the_history_that_stands(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    register_premises(&bed, "E3", "三厂");
    register_premises(&bed, "E4", "四厂");
    tell(&bed, "shift", "person_registered {badge=\"P5\" name=\"五\" role=LEAD team=\"T01\"}");
    const uint64_t tip = lq_bed_tip(&bed);
    put_back("ledger", 2);
    assert_true(only_halt()->parts_known);
    assert_int_equal(only_halt()->parts_after, 2);
    assert_int_equal(lq_bed_tip(&bed), tip);

    assert_accepted("ledger", 2);
    assert_int_equal(status()->n_halts, 0);
    register_premises(&bed, "E3", "新三厂"); // the same number, another record
    register_premises(&bed, "E5", "五厂");
    assert_verified();

    const Lq__Record *record = lq_bed_record(&bed, tip + 1);
    assert_string_equal(record->actor, "admin");
    assert_string_equal(record->reason, "the disk of ledger broke");
    assert_true(record->by_runtime);
    const char *why = NULL;
    const Lq__RuntimeEvent *event =
        (const void *)lq_pb_decode_within(&LQ_PB_RECORD, &bed.arena, &lq__runtime_event__descriptor,
                                          lq_span(record->event.data, record->event.len), &why);
    assert_int_equal(event->stream_parted->after, 2);
    assert_int_equal(event->stream_parted->was, 4);
    assert_int_equal(event->stream_parted->own, 2);
    // Who fetches is not told of it; and an earlier version takes it for what it does not know.
    const uint64_t fetched = lq_bed_fetch(&bed, "P5", LQ_ANYONE, tip, 1, 0);
    lq_bed_turn(&bed);
    assert_int_equal(events_of(fetched)->events[0]->seq, tip + 2);
    const ProtobufCMessage *as_before =
        lq_pb_decode_within(&LQ_PB_RECORD, &bed.arena, bed.service->event_type,
                            lq_span(record->event.data, record->event.len), &why);
    assert_true(as_before != NULL && lq_pb_variant(as_before) == 0);

    lq_bed_open(&other, bed.service, START_MS);
    register_premises(&other, "E1", "一厂");
    register_premises(&other, "E2", "二厂");
    register_premises(&other, "E3", "新三厂");
    register_premises(&other, "E5", "五厂");
    tell(&other, "shift", "person_registered {badge=\"P5\" name=\"五\" role=LEAD team=\"T01\"}");
    assert_same_replicas();
    lq_bed_close(&other);
}

static void it_is_told_who_accepted_it_and_what_is_to_be_looked_at(void **state)
{
    (void)state;
    for (int i = 1; i <= 3; i++)
        register_premises(&bed, lq_arena_format(&bed.arena, "E%d", i), "厂");
    put_back("ledger", 1);
    const int64_t at_ms = bed.now_ms;
    assert_accepted("ledger", 1);
    const Lq__Status *now = status();
    assert_int_equal(now->n_partings, 1);
    const Lq__Parting *parting = now->partings[0];
    assert_string_equal(parting->stream, "ledger");
    assert_int_equal(parting->after, 1);
    assert_int_equal(parting->was, 3);
    assert_int_equal(parting->own, 1);
    assert_int_equal(parting->seq, 4);
    assert_string_equal(parting->actor, "admin");
    assert_string_equal(parting->reason, "the disk of ledger broke");
    assert_int_equal(parting->at_ms, at_ms);
}

// Whoever looks from a store that was not kept from the beginning: nothing is known, all is anew.
static void without_marks_it_is_followed_from_its_beginning(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_clear(bed.store, TABLE_MARKS), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    put_back("ledger", 1);
    assert_int_equal(only_halt()->parts_after, 0);
    assert_accepted("ledger", 0);
    register_premises(&bed, "E3", "三厂");
    assert_verified();
    lq_bed_open(&other, bed.service, START_MS);
    register_premises(&other, "E1", "一厂");
    register_premises(&other, "E3", "三厂");
    assert_same_replicas();
    lq_bed_close(&other);
}

// What both had is followed anew: nobody decides by half of it.
static void no_command_is_taken_until_it_is_followed_again(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    lq_bed_part(&bed, "ledger", 0);
    lq_bed_feed(&bed, "ledger", bed.now_ms,
                lq_message_of(&bed.arena, lq_bed_stream(&bed, "ledger")->event_type,
                              "premises_registered {number=\"E7\" name=\"七\" township=\"乡\"}"));
    bed.now_ms += 60000;
    lq_bed_pump(&bed);
    const struct lq_bed_outcome outcome = accept("ledger", 0, "why");
    assert_true(outcome.accepted);
    const struct lq_bed_command c = {.actor = "P1",
                                     .roles = LQ_ROLE(COMMANDER),
                                     .body = command("release_seal {number=\"I1\"}")};
    const struct lq_bed_sent early = lq_bed_send(&bed, &c);
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, early.correlation, LQ__REFUSAL__WHY__UNAVAILABLE);
    assert_non_null(
        strstr(lq_bed_find(&bed, early.correlation)->reply->refusal->text, "follows ledger anew"));
    lq_bed_crash(&bed); // it knows that of its journal
    const struct lq_bed_sent again = lq_bed_send(&bed, &c);
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, again.correlation, LQ__REFUSAL__WHY__UNAVAILABLE);
    lq_bed_pump(&bed);
    assert_null(lq_bed_do(&bed, &c).refusal); // the rules may say what they want
}

static void it_is_accepted_by_administrators_with_a_reason_and_once(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    assert_string_equal(accept("ledger", 1, "why").code, "NOT_DIVERGED");
    assert_string_equal(accept("oversight", 1, "why").code, "NOT_DIVERGED"); // is not followed
    put_back("ledger", 1);
    const uint64_t tip = lq_bed_tip(&bed);
    assert_string_equal(accept("ledger", 1, "").code, "REASON_REQUIRED");
    assert_string_equal(accept("ledger", 2, "why").code, "NOT_DIVERGED"); // not there
    const uint64_t sent = send_acceptance(LQ_ROLE(COMMANDER), "ledger", 1, "why");
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, sent, LQ__REFUSAL__WHY__NOT_PERMITTED);
    assert_int_equal(status()->n_halts, 1);
    assert_int_equal(lq_bed_tip(&bed), tip + 2); // the rejections
    assert_accepted("ledger", 1);
    assert_string_equal(accept("ledger", 1, "why").code, "NOT_DIVERGED");
    assert_int_equal(status()->n_partings, 1);
}

static void it_is_refused_while_it_is_not_known_where_they_part(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    lq_bed_part(&bed, "ledger", 0);
    bed.now_ms += 60000;
    lq_bed_settle(&bed);
    Lq__Refusal refusal = LQ__REFUSAL__INIT;
    refusal.why = LQ__REFUSAL__WHY__DIVERGED;
    refusal.text = lq_unconst("as the stream says");
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = lq_bed_stream(&bed, "ledger")->ask.correlation;
    reply.kind_case = LQ__REPLY__KIND_REFUSAL;
    reply.refusal = &refusal;
    lq_host_hear(bed.host, lq_pb_encode(&bed.arena, &reply.base));
    const uint64_t sent = send_acceptance(ADMIN, "ledger", 0, "why");
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, sent, LQ__REFUSAL__WHY__UNAVAILABLE);
    assert_false(only_halt()->parts_known);
}

// A crash before the commit leaves it as it was; one behind it, as it is. What is followed again
// because the cursors are lost changes nothing.
static void crashes_and_lost_cursors_change_nothing(void **state)
{
    (void)state;
    for (int i = 1; i <= 4; i++)
        register_premises(&bed, lq_arena_format(&bed.arena, "E%d", i), "厂");
    put_back("ledger", 2);
    const uint64_t tip = lq_bed_tip(&bed);
    send_acceptance(ADMIN, "ledger", 2, "why");
    bed.fail_commit = true;
    assert_int_not_equal(lq_host_step(bed.host, bed.now_ms), LQ_OK);
    lq_bed_crash(&bed);
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip);
    assert_int_equal(only_halt()->parts_after, 2);
    assert_accepted("ledger", 2);
    lq_bed_crash(&bed);
    register_premises(&bed, "E8", "八厂");
    const uint64_t now = lq_bed_tip(&bed);
    lq_bed_lose_cursors(&bed);
    lq_bed_pump(&bed);
    assert_int_equal(lq_bed_tip(&bed), now);
    assert_int_equal(status()->n_halts, 0);
    assert_verified();
}

// A second time, further back than the first.
static void it_may_part_again(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    register_premises(&bed, "E3", "三厂");
    put_back("ledger", 2);
    assert_accepted("ledger", 2);
    register_premises(&bed, "E4", "四厂");
    register_premises(&bed, "E5", "五厂");
    put_back("ledger", 1);
    assert_int_equal(only_halt()->parts_after, 1);
    assert_accepted("ledger", 1);
    register_premises(&bed, "E6", "六厂");
    assert_verified();
    assert_int_equal(status()->n_partings, 2);
    lq_bed_open(&other, bed.service, START_MS);
    register_premises(&other, "E1", "一厂");
    register_premises(&other, "E6", "六厂");
    assert_same_replicas();
    lq_bed_close(&other);
}

// The right journal is put back after all.
static void a_stream_that_is_what_it_was_goes_on(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    struct lq_bed_stream *ledger = lq_bed_stream(&bed, "ledger");
    put_back("ledger", 1);
    assert_int_equal(only_halt()->parts_after, 1);
    ledger->count = 2;
    ledger->history = 0;
    bed.now_ms += ASK_AGAIN_MS;
    lq_bed_pump(&bed);
    register_premises(&bed, "E3", "三厂");
    assert_int_equal(status()->n_halts, 0);
    assert_int_equal(lq_bed_tip(&bed), 3);
}

// Two streams that are read in part, whose notes are kept in the same tables: only those of the one
// that has parted are void.
static void who_shares_the_tables_keeps_what_is_his(void **state)
{
    (void)state;
    tell(&bed, "seizure", "item_sealed {number=\"I1\" order=\"O1\" seal=\"S1\"}");
    tell(&bed, "casefile", "case_opened {number=\"C1\" order=\"O1\"}");
    tell(&bed, "seizure", "item_sealed {number=\"I2\" order=\"O2\" seal=\"S2\"}");
    tell(&bed, "casefile", "case_opened {number=\"C2\" order=\"O2\"}");
    put_back("seizure", 1);
    assert_accepted("seizure", 1);
    tell(&bed, "seizure", "item_sealed {number=\"I3\" order=\"O2\" seal=\"S3\"}");
    assert_verified();
    lq_bed_open(&other, bed.service, START_MS);
    tell(&other, "seizure", "item_sealed {number=\"I1\" order=\"O1\" seal=\"S1\"}");
    tell(&other, "casefile", "case_opened {number=\"C1\" order=\"O1\"}");
    tell(&other, "casefile", "case_opened {number=\"C2\" order=\"O2\"}");
    tell(&other, "seizure", "item_sealed {number=\"I3\" order=\"O2\" seal=\"S3\"}");
    assert_same_replicas();
    lq_bed_close(&other);
}

// The journal that was gone is found again: now it is the other history that is.
static void the_history_that_was_gone_may_come_back(void **state)
{
    (void)state;
    struct lq_bed_stream *ledger = lq_bed_stream(&bed, "ledger");
    for (int i = 1; i <= 4; i++)
        register_premises(&bed, lq_arena_format(&bed.arena, "E%d", i), "厂");
    Lq__Event *first[] = {ledger->events[2], ledger->events[3]};
    put_back("ledger", 2);
    assert_accepted("ledger", 2);
    for (int i = 5; i <= 7; i++) // in one page: the marks between stay as they are
        lq_bed_feed(
            &bed, "ledger", bed.now_ms,
            lq_message_of(&bed.arena, ledger->event_type,
                          lq_arena_format(&bed.arena, "premises_registered {number=\"E%d\"}", i)));
    lq_bed_pump(&bed);
    memcpy(ledger->events + 2, first, sizeof first);
    ledger->count = 4;
    ledger->history = 0;
    bed.now_ms += 60000;
    lq_bed_pump(&bed);
    assert_int_equal(only_halt()->parts_after, 2); // not 4: what was kept of that is void
    assert_accepted("ledger", 2);
    assert_verified();
    lq_bed_open(&other, bed.service, START_MS);
    for (int i = 1; i <= 4; i++)
        register_premises(&other, lq_arena_format(&other.arena, "E%d", i), "厂");
    assert_same_replicas();
    lq_bed_close(&other);
}

// ---------------------------------------------------------------- marks

static void of_older_marks_the_last_of_some_stays(void **state)
{
    (void)state;
    enum { PREMISES = 700, EVERY = 64, RECENT = 512 };
    for (int i = 0; i < PREMISES; i++)
        register_premises(&bed, lq_arena_format(&bed.arena, "E%03d", i), "厂");
    struct mark mark;
    uint64_t before = UINT64_MAX, marks = 0, recent = 0;
    assert_int_equal(lq_store_begin_read(bed.store), LQ_OK);
    for (; lq_mark_before(bed.host, "ledger", before, &mark); before = mark.seq, marks++) {
        recent += mark.seq > PREMISES - RECENT;
        assert_int_equal(mark.own, mark.seq); // a note a record
        if (mark.seq <= PREMISES - RECENT - EVERY)
            assert_int_equal(mark.seq % EVERY, EVERY - 1);
    }
    lq_store_end_read(bed.store);
    assert_int_equal(recent, RECENT);
    assert_in_range(marks, RECENT + 2, RECENT + 2 + EVERY);
    put_back("ledger", 100);
    assert_int_equal(only_halt()->parts_after, EVERY - 1);
    assert_accepted("ledger", EVERY - 1);
    assert_int_equal(status()->n_halts, 0);
    assert_verified();
}

// Neither journal gives them, so each row proves itself; one that was altered is passed over.
static void a_mark_that_was_altered_is_found_and_passed_over(void **state)
{
    (void)state;
    register_premises(&bed, "E1", "一厂");
    register_premises(&bed, "E2", "二厂");
    register_premises(&bed, "E3", "三厂");
    assert_verified();
    const struct lq_key key = lq_key_then_number(lq_key_text("ledger"), 2);
    const struct lq_span at = lq_span(key.bytes, key.size);
    struct lq_span row;
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_true(lq_store_get(bed.store, TABLE_MARKS, at, &row));
    struct lq_span altered = lq_arena_copy(&bed.arena, row);
    ((uint8_t *)lq_unconst(altered.data))[20] ^= 1;
    assert_int_equal(lq_store_put(bed.store, TABLE_MARKS, at, altered), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_verified verified;
    lq_host_plan(bed.service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    assert_int_equal(lq_verify(bed.service, bed.store, scratch, &bed.policy, NULL, NULL, &verified),
                     LQ_E_CORRUPT);
    assert_non_null(strstr(lq_fault_text(), "table runtime.marks of seizure: the row \"ledger"));
    lq_store_close(scratch);
    put_back("ledger", 2);
    assert_int_equal(only_halt()->parts_after, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEIZURE(premises_are_those_of_the_history_that_stands),
        SEIZURE(it_is_told_who_accepted_it_and_what_is_to_be_looked_at),
        SEIZURE(without_marks_it_is_followed_from_its_beginning),
        SEIZURE(no_command_is_taken_until_it_is_followed_again),
        SEIZURE(it_is_accepted_by_administrators_with_a_reason_and_once),
        SEIZURE(it_is_refused_while_it_is_not_known_where_they_part),
        SEIZURE(crashes_and_lost_cursors_change_nothing),
        SEIZURE(it_may_part_again),
        cmocka_unit_test_setup_teardown(who_shares_the_tables_keeps_what_is_his, open_dispatch,
                                        close_bed),
        SEIZURE(the_history_that_was_gone_may_come_back),
        SEIZURE(a_stream_that_is_what_it_was_goes_on),
        SEIZURE(of_older_marks_the_last_of_some_stays),
        SEIZURE(a_mark_that_was_altered_is_found_and_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
