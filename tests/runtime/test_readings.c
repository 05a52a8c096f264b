// What is not for everybody: taken out of answers and events for most, and recorded before it is
// told to the others; not told where it cannot be recorded.
#include "host_support.h"

#include "casefile.pb-c.h"
#include "faulty.h"
#include "service/reading_tables.h"

static const struct {
    const char *stream, *event;
} WORLD[] = {
    {"shift", "person_registered {badge=\"P9\" name=\"a\" role=LIAISON}"},
    {"ledger", "premises_registered {number=\"E1\" name=\"b\" township=\"c\" standing=ENTERPRISE}"},
    {"dispatch", "order_issued {number=\"O1\" issued_at_ms=1425600000000 target=\"E1\"}"},
};

// What police did a clerk enters for the liaison P9.
static void must(const char *actor, uint32_t roles, const char *reason, const char *text)
{
    const bool for_liaison = roles == CLERK && reason == NULL;
    const struct lq_bed_command c = {.actor = actor,
                                     .roles = roles,
                                     .on_behalf_of = for_liaison ? "P9" : NULL,
                                     .reason = for_liaison ? "台账" : reason,
                                     .body = command(text)};
    assert_true(lq_bed_do(&bed, &c).accepted);
}

// A case with two suspects: X1 was entered by the clerk P4, X2 by the liaison P9.
static int open_casefile(void **state)
{
    (void)state;
    lq_bed_open(&bed, lq_service_named("casefile"), START_MS);
    for (size_t i = 0; i < sizeof WORLD / sizeof *WORLD; i++)
        lq_bed_tell(&bed, WORLD[i].stream, WORLD[i].event);
    must("P9", LQ_ROLE(LIAISON), NULL,
         "open_case {number=\"C1\" order=\"O1\" target=\"E1\" offence=\"x\"}");
    must("P4", CLERK, NULL, "identify_suspect {number=\"X1\" case_number=\"C1\" name=\"Liu\"}");
    must("P9", LQ_ROLE(LIAISON), NULL,
         "identify_suspect {number=\"X2\" case_number=\"C1\" name=\"Wang\"}");
    return 0;
}

#define CASEFILE(test) cmocka_unit_test_setup_teardown(test, open_casefile, close_bed)

static uint64_t ask(const char *actor, uint32_t roles, const char *text)
{
    return lq_bed_query(&bed, actor, roles,
                        lq_message_of(&bed.arena, bed.service->query_type, text));
}

static const Casefile__CaseFile *file_of(uint64_t correlation)
{
    return ((const Casefile__Answer *)(const void *)answer_of(correlation,
                                                              bed.service->answer_type))
        ->file;
}

// What the last record says of a reading; NULL: it is none.
static const Rules__ReadingRecorded *last_reading(const Lq__Record **record)
{
    *record = lq_bed_record(&bed, lq_bed_tip(&bed));
    const ProtobufCMessage *event = lq_bed_event(&bed, *record);
    return event != NULL && lq_pb_variant(event) == LQ_BODY_READING
               ? (const void *)lq_pb_variant_message(event)
               : NULL;
}

static void test_a_reading_is_a_record(void **state)
{
    (void)state;
    const uint64_t tip = lq_bed_tip(&bed);
    const uint64_t desk = ask("P5", LQ_ROLE(DESK), "show {number=\"C1\"}");
    lq_bed_turn(&bed);
    assert_string_equal(file_of(desk)->suspects[0]->name, "");
    assert_string_equal(file_of(desk)->suspects[0]->withheld[0], "name");
    assert_int_equal(lq_bed_tip(&bed), tip);

    const uint64_t chief = ask("P1", LQ_ROLE(COMMANDER), "show {number=\"C1\"}");
    lq_bed_turn(&bed);
    assert_string_equal(file_of(chief)->suspects[0]->name, "Liu");
    assert_int_equal(file_of(chief)->suspects[0]->n_withheld, 0);
    const Lq__Record *record;
    const Rules__ReadingRecorded *reading = last_reading(&record);
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
    assert_string_equal(record->actor, "P1");
    assert_int_equal(record->recorded_at_ms, bed.now_ms);
    assert_string_equal(reading->what, "show");
    assert_int_equal(reading->n_of, 2);
    assert_string_equal(reading->of[1]->number, "X2");
    // The answer is of the state before.
    assert_int_equal(lq_bed_find(&bed, chief)->reply->answer->as_of->seq, tip);
}

static void test_readings_of_a_step_share_a_commit(void **state)
{
    (void)state;
    const uint64_t tip = lq_bed_tip(&bed), commits = lq_host_counts(bed.host).commits;
    uint64_t asked[20];
    for (int i = 0; i < 20; i++)
        asked[i] = ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
    const uint64_t other = ask("P9", LQ_ROLE(LIAISON), "cases {}");
    lq_bed_turn(&bed);
    for (int i = 0; i < 20; i++)
        assert_string_equal(file_of(asked[i])->suspects[0]->name, "Liu");
    assert_non_null(lq_bed_find(&bed, other));
    assert_int_equal(lq_bed_tip(&bed), tip + 20);
    assert_int_equal(lq_host_counts(bed.host).commits, commits + 1);
}

// Whichever call of the store fails: who was told stands in the journal.
static void test_who_was_told_is_recorded_whatever_fails(void **state)
{
    (void)state;
    bool fired = true;
    unsigned calls = 1;
    bed.keep_checks_off = true; // they read the store too
    for (; fired; calls++) {
        lq_bed_forget(&bed);
        const uint64_t tip = lq_bed_tip(&bed);
        const uint64_t asked = ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
        make_faulty(bed.store, calls);
        faulty.records_legible = true; // live, one that is not is an assertion
        faulty.armed = true;
        const enum lq_status status = lq_bed_try_turn(&bed);
        faulty.armed = false;
        fired = faulty.fired;
        const bool told = lq_bed_find(&bed, asked) != NULL;
        if (status != LQ_OK)
            lq_bed_crash(&bed);
        bed.store->engine = faulty.real;
        const Lq__Record *record;
        const Rules__ReadingRecorded *reading = last_reading(&record);
        if (told)
            assert_true(lq_bed_tip(&bed) == tip + 1 && reading != NULL);
        assert_true(told || status != LQ_OK);
    }
    assert_true(calls > 6);
}

static void test_a_failed_commit_tells_nobody(void **state)
{
    (void)state;
    const uint64_t tip = lq_bed_tip(&bed);
    const uint64_t asked = ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
    bed.fail_commit = true;
    assert_int_equal(lq_bed_try_turn(&bed), LQ_E_IO);
    assert_null(lq_bed_find(&bed, asked));
    lq_bed_crash(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip);
}

static struct lq_store_disk full_disk(struct lq_store *store)
{
    (void)store;
    return (struct lq_store_disk){.id = 7, .bytes = 100LL << 30, .free_bytes = 1};
}

static void test_what_cannot_be_recorded_is_not_told(void **state)
{
    (void)state;
    const uint64_t tip = lq_bed_tip(&bed);
    bed.engine.disk = full_disk;
    const uint64_t asked = ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
    const uint64_t again = ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
    const uint64_t fetch = lq_bed_fetch(&bed, "P9", LQ_ROLE(LIAISON), 0, 0, 0);
    const uint64_t cases = ask("P9", LQ_ROLE(LIAISON), "cases {}");
    const uint64_t desk = ask("P5", LQ_ROLE(DESK), "show {number=\"C1\"}");
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, asked, LQ__REFUSAL__WHY__JOURNAL_FULL);
    lq_bed_assert_refused(&bed, again, LQ__REFUSAL__WHY__JOURNAL_FULL);
    lq_bed_assert_refused(&bed, fetch, LQ__REFUSAL__WHY__JOURNAL_FULL);
    assert_int_equal(file_of(desk)->n_suspects, 2);
    assert_int_equal(lq_bed_find(&bed, cases)->reply->kind_case, LQ__REPLY__KIND_ANSWER);
    assert_int_equal(lq_bed_tip(&bed), tip);
}

static void test_nothing_is_told_by_a_clock_that_leapt(void **state)
{
    (void)state;
    lq_host_clock_off(bed.host, 1000);
    const uint64_t asked = ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, asked, LQ__REFUSAL__WHY__CLOCK_LEAPT);
    lq_host_clock_off(bed.host, 0);
}

// ---------------------------------------------------------------- events

static const Casefile__Event *body_of(const Lq__Event *event)
{
    const char *why = NULL;
    const void *body = lq_pb_decode_within(&LQ_PB_REPLY, &bed.arena, bed.service->event_type,
                                           lq_span(event->body.data, event->body.len), &why);
    assert_non_null(body);
    return body;
}

// The events of a variant that a page holds.
static unsigned count_of(const Lq__Events *events, unsigned variant, const Casefile__Event *found[])
{
    unsigned count = 0;
    for (size_t i = 0; i < events->n_events; i++) {
        const Casefile__Event *body = body_of(events->events[i]);
        if (lq_pb_variant(&body->base) == variant)
            found[count++] = body;
    }
    return count;
}

enum { IDENTIFIED = CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED, EVENTS_MOST = 64 };

static const Lq__Events *fetch(const char *actor, uint32_t roles)
{
    const uint64_t asked = lq_bed_fetch(&bed, actor, roles, 0, 0, 0);
    lq_bed_turn(&bed);
    return events_of(asked);
}

static void test_events_tell_no_more_than_answers(void **state)
{
    (void)state;
    const Casefile__Event *found[EVENTS_MOST];
    const uint64_t tip = lq_bed_tip(&bed);
    const Lq__Events *desk = fetch("P5", LQ_ROLE(DESK));
    assert_int_equal(count_of(desk, IDENTIFIED, found), 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(found[i]->suspect_identified->name, "");
        assert_string_equal(found[i]->suspect_identified->withheld[0], "name");
        assert_int_equal(found[i]->suspect_identified->n_history, 1);
    }
    assert_int_equal(lq_bed_tip(&bed), tip);
    // The clerk wrote one of them, and commands nobody's names.
    assert_int_equal(count_of(fetch("P4", CLERK), IDENTIFIED, found), 2);
    assert_string_equal(found[0]->suspect_identified->name, "Liu");
    assert_string_equal(found[1]->suspect_identified->name, "");
    assert_int_equal(lq_bed_tip(&bed), tip + 1);

    assert_int_equal(count_of(fetch("P9", LQ_ROLE(LIAISON)), IDENTIFIED, found), 2);
    assert_string_equal(found[0]->suspect_identified->name, "Liu");
    const Lq__Record *record;
    const Rules__ReadingRecorded *reading = last_reading(&record);
    assert_int_equal(lq_bed_tip(&bed), tip + 2);
    assert_string_equal(reading->what, "events");
    assert_int_equal(reading->last, tip);
    assert_int_equal(reading->first, tip - 1);
    assert_int_equal(reading->n_of, 2);

    // A service keeps what it follows as it was written, and nobody has read it.
    assert_int_equal(count_of(fetch("@stats", LQ_ROLE(SERVICE)), IDENTIFIED, found), 2);
    assert_string_equal(found[1]->suspect_identified->name, "Wang");
    assert_int_equal(lq_bed_tip(&bed), tip + 2);
}

static void test_a_correction_and_a_voiding_tell_no_name(void **state)
{
    (void)state;
    const Casefile__Event *found[EVENTS_MOST];
    must("P9", LQ_ROLE(LIAISON), "x",
         "correct {kind=\"suspect\" number=\"X2\" changes=[{field=\"name\" was=\"Wang\" "
         "now=\"Wang Er\"}]}");
    must("P9", LQ_ROLE(LIAISON), "x", "void_record {kind=\"suspect\" number=\"X2\"}");
    const Lq__Events *desk = fetch("P5", LQ_ROLE(DESK));
    assert_int_equal(count_of(desk, CASEFILE__EVENT__BODY_CORRECTED, found), 1);
    const Rules__Corrected *corrected = found[0]->corrected;
    assert_string_equal(corrected->changes[0]->field, "name");
    assert_string_equal(corrected->changes[0]->was, "");
    assert_string_equal(corrected->changes[0]->now, "");
    assert_int_equal(corrected->changes[0]->n_withheld, 2);
    assert_int_equal(count_of(desk, CASEFILE__EVENT__BODY_VOIDED, found), 1);
    const struct lq_span all = lq_pb_encode(&bed.arena, &desk->base);
    assert_null(memmem(all.data, all.size, "Wang", 4));
    const struct lq_span told = lq_pb_encode(&bed.arena, &fetch("P9", LQ_ROLE(LIAISON))->base);
    assert_non_null(memmem(told.data, told.size, "Wang Er", 7));
    // Who entered what is gone by now may read it.
    const struct lq_span own = lq_pb_encode(&bed.arena, &fetch("P4", CLERK)->base);
    assert_null(memmem(own.data, own.size, "Wang", 4));
    assert_non_null(memmem(own.data, own.size, "Liu", 3));
}

static void test_readings_are_for_the_inspector(void **state)
{
    (void)state;
    const Casefile__Event *found[EVENTS_MOST];
    fetch("P9", LQ_ROLE(LIAISON));
    const uint64_t tip = lq_bed_tip(&bed);
    static const uint32_t OTHERS[] = {LQ_ROLE(COMMANDER), LQ_ROLE(DESK), LQ_ROLE(ADMIN), CLERK};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        assert_int_equal(count_of(fetch("P5", OTHERS[i]), LQ_BODY_READING, found), 0);
        const uint64_t asked = ask("P5", OTHERS[i], "readings {}");
        lq_bed_turn(&bed);
        lq_bed_assert_refused(&bed, asked, LQ__REFUSAL__WHY__NOT_PERMITTED);
    }
    assert_true(lq_bed_tip(&bed) > tip); // the commander has read
    assert_true(count_of(fetch("P8", LQ_ROLE(INSPECTOR)), LQ_BODY_READING, found) >= 2);
}

// A watch that waits is told, and recorded, after the commit of what it waits for; one reading does
// not make another.
static void test_a_watch_that_waits_is_recorded_once(void **state)
{
    (void)state;
    const Casefile__Event *found[EVENTS_MOST];
    const uint64_t tip = lq_bed_tip(&bed);
    const uint64_t liaison = lq_bed_fetch(&bed, "P9", LQ_ROLE(LIAISON), tip, 0, 60000);
    const uint64_t desk = lq_bed_fetch(&bed, "P5", LQ_ROLE(DESK), tip, 0, 60000);
    lq_bed_turn(&bed);
    must("P4", CLERK, NULL, "identify_suspect {number=\"X3\" case_number=\"C1\" name=\"Zhao\"}");
    assert_int_equal(count_of(events_of(liaison), IDENTIFIED, found), 1);
    assert_string_equal(found[0]->suspect_identified->name, "Zhao");
    assert_int_equal(count_of(events_of(desk), IDENTIFIED, found), 1);
    assert_string_equal(found[0]->suspect_identified->name, "");
    assert_int_equal(lq_bed_tip(&bed), tip + 2);

    // Who follows all records, or may see this one, is woken by it.
    const uint64_t inspector = lq_bed_fetch(&bed, "P8", LQ_ROLE(INSPECTOR), tip + 2, 0, 60000);
    const uint64_t follower = lq_bed_fetch(&bed, "@stats", LQ_ROLE(SERVICE), tip + 2, 0, 60000);
    ask("P9", LQ_ROLE(LIAISON), "show {number=\"C1\"}");
    lq_bed_turn(&bed);
    assert_int_equal(count_of(events_of(inspector), LQ_BODY_READING, found), 1);
    assert_int_equal(count_of(events_of(follower), LQ_BODY_READING, found), 1);
    lq_bed_settle(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip + 3);
}

static uint64_t fetch_unread(const char *actor, uint32_t roles, uint64_t after, uint32_t wait_ms)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = after;
    fetch.wait_ms = wait_ms;
    fetch.unread = true;
    return lq_bed_fetch_message(&bed, actor, roles, &fetch);
}

// A screen that stays open and shows no names: they are told to nobody by it, and nothing is
// recorded.
static void test_what_nobody_reads_is_no_reading(void **state)
{
    (void)state;
    const Casefile__Event *found[EVENTS_MOST];
    const uint64_t tip = lq_bed_tip(&bed);
    const uint64_t before = fetch_unread("P9", LQ_ROLE(LIAISON), 0, 0); // who entered one of them
    const uint64_t waits = fetch_unread("P9", LQ_ROLE(LIAISON), tip, 60000);
    lq_bed_turn(&bed);
    assert_int_equal(count_of(events_of(before), IDENTIFIED, found), 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(found[i]->suspect_identified->name, "");
        assert_string_equal(found[i]->suspect_identified->withheld[0], "name");
    }
    must("P4", CLERK, NULL, "identify_suspect {number=\"X3\" case_number=\"C1\" name=\"Zhao\"}");
    assert_int_equal(count_of(events_of(waits), IDENTIFIED, found), 1);
    assert_string_equal(found[0]->suspect_identified->name, "");
    assert_int_equal(lq_bed_tip(&bed), tip + 1);
}

// The journal gives the same tables again.
static void test_readings_are_replayed(void **state)
{
    (void)state;
    fetch("P9", LQ_ROLE(LIAISON));
    const struct lq_bed_digest live = lq_bed_digest(&bed);
    lq_bed_crash(&bed);
    lq_bed_assert_digest(&bed, live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASEFILE(test_a_reading_is_a_record),
        CASEFILE(test_readings_of_a_step_share_a_commit),
        CASEFILE(test_who_was_told_is_recorded_whatever_fails),
        CASEFILE(test_a_failed_commit_tells_nobody),
        CASEFILE(test_what_cannot_be_recorded_is_not_told),
        CASEFILE(test_nothing_is_told_by_a_clock_that_leapt),
        CASEFILE(test_events_tell_no_more_than_answers),
        CASEFILE(test_a_correction_and_a_voiding_tell_no_name),
        CASEFILE(test_readings_are_for_the_inspector),
        CASEFILE(test_a_watch_that_waits_is_recorded_once),
        CASEFILE(test_what_nobody_reads_is_no_reading),
        CASEFILE(test_readings_are_replayed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
