// A store whose tables another version made. Two versions of a service, with the messages of
// oversight: the second has a table more, a table less, and a row with fields more, all of which
// old events fill. Whichever starts, its tables are what its replay into an empty store gives;
// wherever that is interrupted, the next start does it; and before it is done, lq verify finds
// nothing wrong.
#include "host_support.h"

#include "../common/store_support.h"
#include "faulty.h"
#include "oversight.pb-c.h"
#include "runtime/host_parts.h"
#include "runtime/verify.h"
#include "versions.pb-c.h"

static const struct lq_table brief_meetings = {"meetings", &versions__meeting__descriptor};
static const struct lq_table meetings = {"meetings", &oversight__meeting__descriptor};
static const struct lq_table interviews = {"interviews", &oversight__interview__descriptor};
static const struct lq_table gone = {"gone", &versions__held__descriptor};
static const struct lq_table held = {"held", &versions__held__descriptor};

// ---------------------------------------------------------------- the service

static struct lq_verdict record_meeting(struct lq_decision *d, const void *command)
{
    const Oversight__RecordMeeting *c = command;
    if (c->number[0] == '\0')
        return lq_reject(d, OVERSIGHT__REJECT__FIELD_MISSING, "a meeting needs a number");
    Oversight__MeetingRecorded *event =
        lq_pb_project(d->arena, &oversight__meeting_recorded__descriptor, c);
    event->held_at_ms = d->facts->occurred_ms;
    lq_emit(d, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, &event->base);
    return LQ_ACCEPT;
}

static struct lq_verdict record_interview(struct lq_decision *d, const void *command)
{
    const Oversight__RecordInterview *c = command;
    Oversight__InterviewRecorded event = OVERSIGHT__INTERVIEW_RECORDED__INIT;
    event.number = event.kind = c->kind;
    lq_emit(d, OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, &event.base);
    return LQ_ACCEPT;
}

// A meeting is followed by an interview an hour later.
static void note_meeting(struct lq_view *tables, const Oversight__MeetingRecorded *meeting,
                         const struct lq_table *kept_in, const struct lq_table *beside)
{
    lq_keep(tables, kept_in, meeting);
    lq_keep(tables, beside, meeting);
    lq_timer_set(tables, meeting->number, meeting->held_at_ms + 3600000);
}

static void note_as_first(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    (void)what;
    note_meeting(tables, event, &brief_meetings, &gone);
}

static void note_as_second(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    (void)what;
    note_meeting(tables, event, &meetings, &held);
}

// The third version has the shape of the second, and other rows.
static void note_as_third(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    Oversight__MeetingRecorded meeting = *(const Oversight__MeetingRecorded *)event;
    meeting.issues_raised += 1000;
    note_as_second(tables, what, &meeting);
}

static void ring(struct lq_follow_up *f, int64_t due_ms, const char *timer)
{
    Oversight__RecordInterview interview = OVERSIGHT__RECORD_INTERVIEW__INIT;
    interview.kind = lq_arena_text(f->arena, timer);
    lq_command_self(f, due_ms, OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, &interview.base);
}

static const struct lq_command_row commands[] = {
    {OVERSIGHT__COMMAND__BODY_RECORD_MEETING, LQ_ROLE(CLERK), 0, record_meeting},
    {OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, LQ_ROLE(SERVICE), 0, record_interview},
    {0},
};
static const struct lq_timer_row timers[] = {{"", ring}, {0}};
static const struct lq_query_row queries[] = {{0}};

#define EVENTS(handler)                                                                            \
    {                                                                                              \
        {OVERSIGHT__EVENT__BODY_MEETING_RECORDED, .apply = (handler)},                             \
            {OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, .keeps = &interviews}, {0},                \
    }
static const struct lq_event_row first_events[] = EVENTS(note_as_first);
static const struct lq_event_row second_events[] = EVENTS(note_as_second);
static const struct lq_event_row third_events[] = EVENTS(note_as_third);
static const struct lq_table *const first_tables[] = {&brief_meetings, &interviews, &gone, NULL};
static const struct lq_table *const second_tables[] = {&held, &interviews, &meetings, NULL};

static struct lq_service first, second, third;
static struct lq_test_place place;
static char url[PATH_MAX + 32];
static const struct lq_store_options options = {.max_bytes = 64 << 20};

static int open_first(void **state)
{
    (void)state;
    first = *lq_service_named("oversight");
    first.commands = commands;
    first.queries = queries;
    first.timers = timers;
    first.check = NULL;
    first.steps = NULL;
    first.replicas = NULL;
    second = third = first;
    first.events = first_events;
    first.tables = first_tables;
    second.events = second_events;
    second.tables = second_tables;
    third.events = third_events;
    third.tables = second_tables;
    third.tables_version = 1;
    place_make(&place);
    snprintf(url, sizeof url, "lmdb:%s", place.store);
    bed.journal_url = url;
    bed.journal_map_bytes = options.max_bytes;
    lq_bed_open(&bed, &first, START_MS);
    return 0;
}

static int close_place(void **state)
{
    if (bed.store != NULL)
        close_bed(state);
    place_remove(&place);
    return 0;
}

// ---------------------------------------------------------------- what is done and seen

// Meetings of M0 on; the first timers ring, the last does not. One command is refused.
static void hold_meetings(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        send(lq_arena_format(&bed.arena, "record_meeting {number=\"M%u\" issues_raised=%u}", i, i));
        if (i % 64 == 63)
            lq_bed_turn(&bed);
    }
    send("record_meeting {}");
    lq_bed_turn(&bed);
}

static uint64_t tip_of_any(struct lq_store *store)
{
    uint8_t hash[LQ_HASH_SIZE];
    return lq_store_tip(store, hash);
}

// Is it as the service's replay into an empty store gives it?
static void verify(const struct lq_service *service, struct lq_store *store,
                   enum lq_status expected, bool other_version)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_policy policy;
    struct lq_arena arena = {0};
    struct lq_verified verified;
    lq_host_plan(service, names, &plan);
    assert_int_equal(lq_policy_load(NULL, &arena, &policy), LQ_OK);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    const enum lq_status status =
        lq_verify(service, store, scratch, &policy, NULL, NULL, &verified);
    if (status != expected)
        fail_msg("verified: %s", lq_fault_text());
    if (status == LQ_OK)
        assert_int_equal(verified.records, tip_of_any(store));
    assert_int_equal(verified.other_version, other_version);
    lq_store_close(scratch);
    lq_arena_free(&arena);
}

static void assert_verified(enum lq_status expected, bool other_version)
{
    verify(bed.service, bed.store, expected, other_version);
}

// The same as lq verify does it, while the service does not run.
static void assert_verified_apart(const struct lq_service *service, bool other_version)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_store *store = NULL;
    lq_host_plan(service, names, &plan);
    if (lq_store_open_readonly(url, &plan, &options, &store) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    verify(service, store, LQ_OK, other_version);
    lq_store_close(store);
}

static const void *row_of(const struct lq_table *table, const char *number)
{
    struct lq_span value;
    const char *why = NULL;
    unsigned id = 0;
    while (bed.service->tables[id] != table)
        id++;
    const struct lq_key key = lq_key_text(number);
    assert_int_equal(lq_store_begin_read(bed.store), LQ_OK);
    const void *row = NULL;
    if (lq_store_get(bed.store, RUNTIME_TABLES + id, lq_span(key.bytes, key.size), &value))
        row = lq_pb_decode_within(&LQ_PB_RECORD, &bed.arena, table->row, value, &why);
    lq_store_end_read(bed.store);
    return row;
}

static uint64_t rows_in(unsigned table)
{
    assert_int_equal(lq_store_begin_read(bed.store), LQ_OK);
    const uint64_t count = lq_store_count(bed.store, table);
    lq_store_end_read(bed.store);
    return count;
}

// ---------------------------------------------------------------- the tests

static void old_events_fill_what_is_new(void **state)
{
    (void)state;
    hold_meetings(10);
    assert_non_null(row_of(&gone, "M3"));
    lq_bed_upgrade(&bed, &second);
    assert_true(bed.rebuilding >= 2);
    const Oversight__Meeting *meeting = row_of(&meetings, "M3");
    assert_int_equal(meeting->issues_raised, 3);
    assert_int_equal(meeting->held_at_ms, START_MS);
    const Versions__Held *row = row_of(&held, "M3");
    assert_int_equal(row->held_at_ms, START_MS);
    assert_int_equal(rows_in(TABLE_DEDUPE), 11);
    assert_int_equal(rows_in(TABLE_TIMERS), 10);
    assert_verified(LQ_OK, false);
    lq_bed_crash(&bed); // once is enough
    assert_int_equal(bed.rebuilding, 0);
}

// Each timer rings once, and a command that was decided before is still known.
static void all_goes_on_where_it_was(void **state)
{
    (void)state;
    const struct lq_bed_sent early = send("record_meeting {number=\"early\"}");
    lq_bed_turn(&bed);
    lq_bed_advance(&bed, START_MS + 3600000); // its timer rings
    const struct lq_bed_sent late = send("record_meeting {number=\"late\"}");
    lq_bed_turn(&bed);
    assert_int_equal(lq_bed_tip(&bed), 3);
    lq_bed_upgrade(&bed, &second);
    const struct lq_bed_sent *const sent[] = {&early, &late};
    for (size_t i = 0; i < 2; i++) {
        const uint64_t again = lq_bed_send_bytes(&bed, "P4", CLERK, sent[i]->command);
        lq_bed_turn(&bed);
        const struct lq_bed_outcome outcome = lq_bed_outcome(&bed, again);
        assert_true(outcome.accepted && outcome.repeated);
    }
    lq_bed_advance(&bed, START_MS + 2 * 3600000 + 1);
    assert_int_equal(lq_bed_tip(&bed), 4);
    assert_int_equal(rows_in(TABLE_TIMERS), 0);
    assert_non_null(row_of(&interviews, "early"));
    assert_non_null(row_of(&interviews, "late"));
    assert_verified(LQ_OK, false);
}

static void a_version_that_is_older_makes_its_own_again(void **state)
{
    (void)state;
    hold_meetings(10);
    const struct lq_bed_digest digest = lq_bed_digest(&bed);
    lq_bed_upgrade(&bed, &second);
    lq_bed_upgrade(&bed, &first);
    lq_bed_assert_digest(&bed, digest);
    assert_verified(LQ_OK, false);
}

static void other_rows_of_the_same_shape_need_a_higher_number(void **state)
{
    (void)state;
    lq_bed_upgrade(&bed, &second);
    hold_meetings(3);
    struct lq_service forgotten = third;
    forgotten.tables_version = 0;
    lq_bed_upgrade(&bed, &forgotten); // what lq verify and the golden stores find
    assert_verified(LQ_E_CORRUPT, false);
    lq_bed_upgrade(&bed, &third);
    assert_int_equal(((const Oversight__Meeting *)row_of(&meetings, "M2"))->issues_raised, 1002);
    assert_verified(LQ_OK, false);
}

static void a_store_in_memory_does_the_same(void **state)
{
    (void)state;
    lq_bed_close(&bed);
    lq_bed_open(&bed, &second, START_MS);
    hold_meetings(3);
    lq_bed_upgrade(&bed, &third);
    assert_int_equal(((const Oversight__Meeting *)row_of(&meetings, "M2"))->issues_raised, 1002);
    assert_verified(LQ_OK, false);
}

// The store of a version that wrote down no version at all.
static void a_store_of_no_version_is_made_again_too(void **state)
{
    (void)state;
    hold_meetings(3);
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_clear(bed.store, TABLE_VERSION), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    assert_verified(LQ_OK, true);
    lq_bed_upgrade(&bed, &first);
    assert_true(bed.rebuilding >= 2);
    assert_verified(LQ_OK, false);
}

static void an_empty_store_needs_nothing(void **state)
{
    (void)state;
    lq_bed_upgrade(&bed, &second);
    assert_int_equal(bed.rebuilding, 0);
    assert_verified(LQ_OK, false);
}

static void cursors_stay(void **state)
{
    (void)state;
    uint8_t row[CURSOR_SIZE];
    const struct known_hash hash = {.known = true, .bytes = {7}};
    const size_t size = lq_cursor_write(lq_span_text("shift"), 7, &hash, row);
    hold_meetings(3);
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(
        lq_store_put(bed.store, TABLE_CURSORS, lq_span_text("shift"), lq_span(row, size)), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    lq_bed_upgrade(&bed, &second);
    assert_int_equal(rows_in(TABLE_CURSORS), 1);
}

// ---------------------------------------------------------------- what goes wrong

static void it_is_verified_before_the_service_has_started(void **state)
{
    (void)state;
    hold_meetings(10);
    lq_bed_close(&bed);
    assert_verified_apart(&second, true);
    assert_verified_apart(&first, false);
}

// Starts the service on the store, of which the n-th call fails, and ends.
static enum lq_status start(const struct lq_service *service, unsigned fails_at)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_policy policy;
    struct lq_arena arena = {0};
    struct lq_store *store = NULL;
    struct lq_host *host = NULL;
    lq_host_plan(service, names, &plan);
    assert_int_equal(lq_policy_load(NULL, &arena, &policy), LQ_OK);
    assert_int_equal(lq_store_open(url, &plan, &options, &store), LQ_OK);
    make_faulty(store, fails_at);
    faulty.armed = true;
    const enum lq_status status =
        lq_host_new(service, store, &policy, NULL, (struct lq_host_io){0}, START_MS, &host);
    assert_true((host != NULL) == (status == LQ_OK));
    assert_true(status == (faulty.fired ? LQ_E_IO : LQ_OK));
    lq_host_free(host);
    store->engine = faulty.real;
    lq_store_close(store);
    lq_arena_free(&arena);
    return status;
}

static void whichever_call_fails_the_next_start_does_it(void **state)
{
    (void)state;
    hold_meetings(4);
    lq_bed_close(&bed);
    // To begin reading twice, the last two records, all five of them, to begin writing, to drop a
    // table, to clear thirteen, to commit: until then nothing has changed.
    enum { FIRST_COMMIT = 2 + 2 + 5 + 1 + 1 + 13 + 1 };
    unsigned calls = 1;
    for (; start(&second, calls) != LQ_OK; calls++) {
        assert_verified_apart(&second, true);
        assert_verified_apart(&first, calls > FIRST_COMMIT);
        assert_int_equal(start(&second, 0), LQ_OK);
        assert_verified_apart(&second, false);
        assert_int_equal(start(&first, 0), LQ_OK);
        assert_verified_apart(&first, false);
    }
    assert_verified_apart(&second, false);
    assert_true(calls > 50);
}

// So many records that they are committed in parts; it is told to stop after the first of them.
static void a_large_journal_is_committed_in_parts(void **state)
{
    (void)state;
    enum { MEETINGS = 5000 };
    hold_meetings(MEETINGS);
    bed.stop_at = 2;
    assert_int_equal(lq_bed_try_upgrade(&bed, &second), LQ_E_BUSY);
    assert_non_null(strstr(lq_fault_text(), "oversight was told to stop at record 4096 of 5001"));
    assert_int_equal(rows_in(TABLE_TIMERS), 4096);
    assert_verified(LQ_OK, true);
    bed.stop_at = 1; // at once
    assert_int_equal(lq_bed_try_upgrade(&bed, &second), LQ_E_BUSY);
    assert_int_equal(rows_in(TABLE_TIMERS), 4096);
    bed.stop_at = 0;
    lq_bed_upgrade(&bed, &second);
    assert_int_equal(bed.rebuilding, 3);
    assert_int_equal(rows_in(TABLE_TIMERS), MEETINGS);
    assert_verified(LQ_OK, false);
}

// An event of a version that is newer than either: what there is stays, and serves who knows it.
static void what_is_not_understood_leaves_all_as_it_is(void **state)
{
    (void)state;
    static uint8_t newer[] = {0xa2, 0x1f, 0x00}; // field 500
    hold_meetings(3);
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = lq_bed_tip(&bed) + 1;
    record.event = (ProtobufCBinaryData){sizeof newer, newer};
    append_bytes(lq_pb_encode(&bed.arena, &record.base), true);
    assert_int_equal(lq_bed_try_upgrade(&bed, &second), LQ_E_CORRUPT);
    assert_non_null(strstr(lq_fault_text(), "holds an event that does not decode: unknown kind"));
    assert_int_equal(lq_bed_try_upgrade(&bed, &first), LQ_OK);
    assert_int_equal(bed.rebuilding, 0);
    assert_non_null(row_of(&brief_meetings, "M2"));
}

static void damage_is_found_whichever_version_made_the_tables(void **state)
{
    (void)state;
    hold_meetings(3);
    append_bytes(lq_span_text("x"), false);
    append_bytes(lq_span_text("y"),
                 true); // so that the last is whole: at each start only it is looked at
    assert_int_equal(lq_bed_try_upgrade(&bed, &second), LQ_E_CORRUPT);
    assert_non_null(
        strstr(lq_fault_text(), "record 5 of oversight: the chain of hashes is broken"));
    assert_verified(LQ_E_CORRUPT, false);
    assert_int_equal(rows_in(TABLE_DEDUPE), 4);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, open_first, close_place)
    const struct CMUnitTest tests[] = {
        TEST(old_events_fill_what_is_new),
        TEST(all_goes_on_where_it_was),
        TEST(a_version_that_is_older_makes_its_own_again),
        TEST(other_rows_of_the_same_shape_need_a_higher_number),
        TEST(a_store_in_memory_does_the_same),
        TEST(a_store_of_no_version_is_made_again_too),
        TEST(an_empty_store_needs_nothing),
        TEST(cursors_stay),
        TEST(it_is_verified_before_the_service_has_started),
        TEST(whichever_call_fails_the_next_start_does_it),
        TEST(a_large_journal_is_committed_in_parts),
        TEST(what_is_not_understood_leaves_all_as_it_is),
        TEST(damage_is_found_whichever_version_made_the_tables),
    };
    return cmocka_run_group_tests_name("rebuild", tests, NULL, NULL);
}
