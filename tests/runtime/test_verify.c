// lq_verify finds whatever differs from what the journal gives, and says what and where; and it
// fails, rather than passes, if a store cannot be read.
#include "host_support.h"

#include "faulty.h"
#include "runtime/host_parts.h"
#include "runtime/verify.h"

static struct lq_verified found;
static uint64_t told_done, told_of;

static void tell(void *self, uint64_t done, uint64_t of)
{
    (void)self;
    told_done = done;
    told_of = of;
}

static enum lq_status verify(void (*progress)(void *, uint64_t, uint64_t))
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    lq_host_plan(bed.service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    if (faulty.armed)
        scratch->engine = &faulty.engine;
    const enum lq_status status =
        lq_verify(bed.service, bed.store, scratch, &bed.policy, progress, NULL, &found);
    scratch->engine = faulty.armed ? faulty.real : scratch->engine;
    if (scratch->mode == LQ_STORE_READING)
        lq_store_end_read(scratch);
    lq_store_close(scratch);
    return status;
}

static int open_with_records(void **state)
{
    faulty = (struct faulty){0};
    open_oversight(state);
    for (int i = 0; i < 3; i++)
        send("record_interview {kind=\"official\"}");
    send("record_meeting {number=\"M1\"}");
    send("record_meeting {number=\"M1\"}"); // rejected
    lq_bed_turn(&bed);
    lq_bed_crash(&bed); // nothing is open
    return 0;
}

static void assert_corrupt(const char *text)
{
    assert_int_equal(verify(NULL), LQ_E_CORRUPT);
    if (strstr(lq_fault_text(), text) == NULL)
        fail_msg("it says: %s", lq_fault_text());
}

static void what_is_whole_passes(void **state)
{
    (void)state;
    assert_int_equal(verify(tell), LQ_OK);
    assert_int_equal(found.records, 5);
    assert_int_equal(found.events, 4);
    assert_int_equal(told_done, 5);
    assert_int_equal(told_of, 5);
}

static void whichever_call_fails_it_does_not_pass(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (enum lq_status status = LQ_E_IO; status != LQ_OK;) {
        make_faulty(bed.store, ++failed);
        faulty.real = bed.real_engine;
        faulty.armed = true;
        status = verify(NULL);
        assert_true(status == (faulty.fired ? LQ_E_IO : LQ_OK));
        bed.store->engine = faulty.real;
        faulty.armed = false;
        if (bed.store->mode == LQ_STORE_READING)
            lq_store_end_read(bed.store);
    }
    assert_true(failed > 15);
}

// ---------------------------------------------------------------- tables

static void put_bytes(unsigned table, const char *key, struct lq_span value)
{
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_put(bed.store, table, lq_span_text(key), value), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
}

static void put(unsigned table, const char *key, const char *value)
{
    put_bytes(table, key, lq_span_text(value));
}

static unsigned table_of(const char *name)
{
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(bed.service, tables);
    for (unsigned i = 0; i < count; i++)
        if (strcmp(tables[i]->name, name) == 0)
            return RUNTIME_TABLES + i;
    fail();
    return 0;
}

static void a_row_too_many_is_found(void **state)
{
    (void)state;
    put(table_of("meetings"), "ZZ Z\x7f", "x");
    assert_corrupt(
        "table meetings of oversight: the row \"ZZ%20Z%7f\" is not what the journal gives");
}

static void a_row_in_front_is_found(void **state)
{
    (void)state;
    put(table_of("meetings"), "A234567890123456789012345678901234567890", "x");
    assert_corrupt("the row \"A2345678901234567890123456789012\" is not");
}

static void a_row_that_differs_is_found(void **state)
{
    (void)state;
    const struct lq_key key = lq_key_text("M1");
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_put(bed.store, table_of("meetings"), lq_span(key.bytes, key.size),
                                  lq_span_text("x")),
                     LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    assert_corrupt("the row \"M1%00\" differs from what the journal gives");
}

static void a_row_that_is_missing_is_found(void **state)
{
    (void)state;
    const struct lq_key key = lq_key_text("M1");
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_delete(bed.store, table_of("meetings"), lq_span(key.bytes, key.size)),
                     LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
    assert_corrupt("the row \"M1%00\" is missing, though the journal gives it");
}

static void cursors_carry_their_own_proof(void **state)
{
    (void)state;
    uint8_t row[CURSOR_SIZE];
    struct known_hash hash = {.known = false, .bytes = {1, 2, 3}};
    for (int i = 0; i < 2; i++) { // as earlier versions wrote it, and with the record's hash
        const size_t size = lq_cursor_write(lq_span_text("shift"), 7, &hash, row);
        assert_int_equal(size, i == 0 ? 24 : CURSOR_SIZE);
        put_bytes(TABLE_CURSORS, "shift", lq_span(row, size));
        assert_int_equal(verify(NULL), LQ_OK);
        hash.known = true;
    }
    row[8 + 5] ^= 1; // the hash that it says
    put_bytes(TABLE_CURSORS, "shift", lq_span(row, sizeof row));
    assert_corrupt("runtime.cursors of oversight: the row \"shift\" was altered");
    lq_cursor_write(lq_span_text("shift"), 7, &hash, row);
    put_bytes(TABLE_CURSORS, "shift", lq_span(row, sizeof row));
    put(TABLE_CURSORS, "ledger", "seven");
    assert_corrupt("runtime.cursors of oversight: the row \"ledger\" was altered");
}

// ---------------------------------------------------------------- what was followed

// Does a cursor of this bed at `seq` differ from its own journal, taken for another's?
static bool differs_at(uint64_t seq, const struct known_hash *hash)
{
    uint8_t row[CURSOR_SIZE];
    bool differs;
    const size_t size = lq_cursor_write(lq_span_text("shift"), seq, hash, row);
    put_bytes(TABLE_CURSORS, "shift", lq_span(row, size));
    const enum lq_status status =
        lq_verify_followed(bed.service, bed.store, "shift", bed.store, &differs);
    assert_int_equal(status, differs ? LQ_E_CORRUPT : LQ_OK);
    return differs;
}

static void a_cursor_is_held_against_the_journal_that_was_followed(void **state)
{
    (void)state;
    struct known_hash hash = {.known = false};
    bool differs;
    assert_int_equal(lq_verify_followed(bed.service, bed.store, "shift", bed.store, &differs),
                     LQ_OK);
    assert_false(differs_at(5, &hash)); // of an earlier version: only how far
    assert_true(differs_at(6, &hash));
    assert_non_null(strstr(lq_fault_text(), "oversight has followed shift up to record 6, but that "
                                            "journal ends at record 5"));
    hash.known = true;
    lq_bed_record_hash(&bed, 4, hash.bytes);
    assert_false(differs_at(4, &hash));
    assert_true(differs_at(3, &hash));
    assert_non_null(strstr(lq_fault_text(), "record 3, but that journal has another record there"));
    assert_true(differs_at(5, &hash));
    assert_true(differs_at(6, &hash));
    put(TABLE_CURSORS, "shift", "seven"); // what lq_verify finds
    assert_int_equal(lq_verify_followed(bed.service, bed.store, "shift", bed.store, &differs),
                     LQ_OK);
}

// ---------------------------------------------------------------- records

static void append(const Lq__Record *record)
{
    append_bytes(lq_pb_encode(&bed.arena, &record->base), true);
}

static void a_broken_chain_is_found(void **state)
{
    (void)state;
    append_bytes(lq_span_text("x"), false);
    assert_corrupt("record 6 of oversight: the chain of hashes is broken here");
    struct lq_host *host = NULL;
    assert_int_equal(lq_host_new(bed.service, bed.store, &bed.policy, NULL, (struct lq_host_io){0},
                                 bed.now_ms, &host),
                     LQ_E_CORRUPT);
}

static void a_record_that_does_not_decode_is_found(void **state)
{
    (void)state;
    append_bytes(lq_span_text("garbage"), true);
    assert_corrupt("record 6 of oversight does not decode");
}

static void a_record_with_another_number_is_found(void **state)
{
    (void)state;
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = 9;
    append(&record);
    assert_corrupt("record 6 of oversight says that it is record 9");
}

static void an_event_that_does_not_decode_is_found(void **state)
{
    (void)state;
    static uint8_t newer[] = {0xa2, 0x1f, 0x00};
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = 6;
    record.event = (ProtobufCBinaryData){sizeof newer, newer};
    append(&record);
    assert_corrupt("record 6 of oversight holds an event that does not decode: unknown kind");
}

static void an_event_that_is_cut_short_is_found(void **state)
{
    (void)state;
    static uint8_t cut_short[] = {0x0a, 0x05, 0x0a};
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = 6;
    record.event = (ProtobufCBinaryData){sizeof cut_short, cut_short};
    append(&record);
    assert_corrupt("record 6 of oversight holds an event that does not decode: ");
}

static void a_timer_that_cannot_be_is_found(void **state)
{
    (void)state;
    char name[LQ_KEY_MAX + 2];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = 6;
    record.timer = name;
    append(&record);
    assert_corrupt("record 6 of oversight names a timer that cannot be");
}

static void an_outcome_without_a_command_is_found(void **state)
{
    (void)state;
    static uint8_t some[HASH_SIZE] = {1};
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = 6;
    record.outcome = (ProtobufCBinaryData){1, some};
    record.request_hash = (ProtobufCBinaryData){HASH_SIZE, some};
    append(&record);
    assert_corrupt("record 6 of oversight names no command");
}

static void an_outcome_without_a_request_is_found(void **state)
{
    (void)state;
    static uint8_t some[HASH_SIZE] = {1};
    const struct lq_id id = lq_id_derive(START_MS, lq_span_text("one"));
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = 6;
    record.outcome = (ProtobufCBinaryData){1, some};
    record.command_id = (ProtobufCBinaryData){LQ_ID_SIZE, lq_unconst(id.bytes)};
    append(&record);
    assert_corrupt("record 6 of oversight names no command");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, open_with_records, close_bed)
    const struct CMUnitTest tests[] = {
        TEST(what_is_whole_passes),
        TEST(whichever_call_fails_it_does_not_pass),
        TEST(a_row_too_many_is_found),
        TEST(a_row_in_front_is_found),
        TEST(a_row_that_differs_is_found),
        TEST(a_row_that_is_missing_is_found),
        TEST(cursors_carry_their_own_proof),
        TEST(a_cursor_is_held_against_the_journal_that_was_followed),
        TEST(a_broken_chain_is_found),
        TEST(a_record_that_does_not_decode_is_found),
        TEST(a_record_with_another_number_is_found),
        TEST(an_event_that_does_not_decode_is_found),
        TEST(an_event_that_is_cut_short_is_found),
        TEST(a_timer_that_cannot_be_is_found),
        TEST(an_outcome_without_a_command_is_found),
        TEST(an_outcome_without_a_request_is_found),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
