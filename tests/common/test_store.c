// The contract of the store: one suite, run over both engines. Each test gets an empty store.
#include "common/store_support.h"

static void put(struct lq_store *store, unsigned table, const char *key, const char *value)
{
    assert_ok(lq_store_put(store, table, text(key), text(value)));
}

static void assert_value(struct lq_store *store, unsigned table, const char *key,
                         const char *expected)
{
    struct lq_span value;
    if (expected == NULL) {
        assert_false(lq_store_get(store, table, text(key), &value));
    } else {
        assert_true(lq_store_get(store, table, text(key), &value));
        assert_span(value, expected);
    }
}

// Expected NULL: there is none.
static void assert_next(struct lq_store *store, const char *from, bool past, const char *expected)
{
    struct lq_span key, value;
    const bool any = lq_store_next(store, SEALS, text(from), past, &key, &value);
    assert_int_equal(any, expected != NULL);
    if (expected != NULL) {
        assert_span(key, expected);
        assert_value(store, SEALS, expected, "v");
    }
}

static void assert_previous(struct lq_store *store, const char *before, const char *expected)
{
    struct lq_span key, value;
    const bool any = lq_store_previous(store, SEALS, text(before), &key, &value);
    assert_int_equal(any, expected != NULL);
    if (expected != NULL)
        assert_span(key, expected);
}

// ---------------------------------------------------------------- tables

static void test_put_get_delete(void **state)
{
    struct lq_store *store = store_of(state);
    assert_ok(lq_store_begin_write(store));
    assert_value(store, SEALS, "S1", NULL);
    put(store, SEALS, "S1", "furnace");
    put(store, TEAMS, "S1", "team");
    put(store, SEALS, "S2", "");
    assert_value(store, SEALS, "S1", "furnace"); // a transaction reads its own writes
    assert_value(store, TEAMS, "S1", "team");    // tables do not mix
    assert_value(store, COUNTS, "S1", NULL);
    assert_value(store, SEALS, "S2", "");
    put(store, SEALS, "S1", "furnace, 20 t");
    assert_value(store, SEALS, "S1", "furnace, 20 t");
    assert_ok(lq_store_delete(store, SEALS, text("S1")));
    assert_ok(lq_store_delete(store, SEALS, text("S1"))); // not there: nothing happens
    assert_value(store, SEALS, "S1", NULL);
    assert_int_equal(lq_store_count(store, SEALS), 1); // S2
    put(store, SEALS, "S1", "again");
    assert_int_equal(lq_store_count(store, SEALS), 2);
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_read(store));
    assert_int_equal(lq_store_count(store, SEALS), 2);
    assert_int_equal(lq_store_count(store, TEAMS), 1);
    assert_int_equal(lq_store_count(store, COUNTS), 0);
    assert_value(store, SEALS, "S1", "again");
    assert_value(store, SEALS, "S2", "");
    lq_store_end_read(store);
}

static void test_next_and_previous_at_edges(void **state)
{
    struct lq_store *store = store_of(state);
    assert_ok(lq_store_begin_write(store));
    assert_next(store, "", false, NULL);
    assert_next(store, "x", true, NULL);
    assert_previous(store, "", NULL);
    assert_previous(store, "x", NULL);
    put(store, SEALS, "b", "v");
    put(store, SEALS, "d", "v");
    put(store, SEALS, "dd", "v");
    put(store, TEAMS, "a", "v");
    put(store, TEAMS, "z", "v");
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_read(store));
    assert_next(store, "", false, "b");
    assert_next(store, "", true, "b");
    assert_next(store, "a", true, "b");
    assert_next(store, "b", false, "b");
    assert_next(store, "b", true, "d");
    assert_next(store, "c", false, "d");
    assert_next(store, "d", true, "dd");
    assert_next(store, "dd", false, "dd");
    assert_next(store, "dd", true, NULL);
    assert_next(store, "e", false, NULL);
    assert_previous(store, "", "dd");
    assert_previous(store, "e", "dd");
    assert_previous(store, "dd", "d");
    assert_previous(store, "d", "b");
    assert_previous(store, "c", "b");
    assert_previous(store, "b", NULL);
    assert_previous(store, "a", NULL);
    lq_store_end_read(store);
}

static void test_keys_sort_as_bytes_do(void **state)
{
    struct lq_store *store = store_of(state);
    static const uint8_t LONG[LQ_KEY_MAX] = {0x80};
    const struct lq_span sorted[] = {
        lq_span("\0", 1),       lq_span("\0\0", 2), lq_span("\0\1", 2), lq_span("\1", 1),
        lq_span("\177\377", 2), lq_span("\200", 1), lq_span(LONG, 255), lq_span("\377\377", 2),
    };
    enum { COUNT = sizeof sorted / sizeof *sorted };
    assert_ok(lq_store_begin_write(store));
    for (int i = 0; i < COUNT; i++)
        assert_ok(lq_store_put(store, SEALS, sorted[(i * 3 + 1) % COUNT], NOTHING));
    struct lq_span key = NOTHING, value;
    for (int i = 0; i < COUNT; i++) {
        assert_true(lq_store_next(store, SEALS, key, true, &key, &value));
        assert_true(lq_span_equal(key, sorted[i]));
    }
    assert_false(lq_store_next(store, SEALS, key, true, &key, &value));
    key = NOTHING;
    for (int i = COUNT; i-- > 0;) {
        assert_true(lq_store_previous(store, SEALS, key, &key, &value));
        assert_true(lq_span_equal(key, sorted[i]));
    }
    assert_ok(lq_store_commit(store));
}

static void test_walking_a_prefix(void **state)
{
    struct lq_store *store = store_of(state);
    static const char *const KEYS[] = {"S", "S1", "S1/a", "S1/b", "S10", "S2", "T"};
    char walked[64] = "";
    assert_ok(lq_store_begin_write(store));
    for (int i = 6; i >= 0; i--)
        put(store, SEALS, KEYS[i], "v");
    struct lq_span key = text("S1"), value;
    for (bool past = false; lq_store_next(store, SEALS, key, past, &key, &value); past = true) {
        if (key.size < 2 || memcmp(key.data, "S1", 2) != 0)
            break;
        snprintf(walked + strlen(walked), sizeof walked - strlen(walked), "%.*s ", (int)key.size,
                 (const char *)key.data);
    }
    assert_string_equal(walked, "S1 S1/a S1/b S10 ");
    assert_ok(lq_store_commit(store));
}

static void test_a_key_that_was_read_may_be_handed_back(void **state)
{
    struct lq_store *store = store_of(state);
    struct lq_span key, value;
    char longer[300];
    memset(longer, 'x', sizeof longer);
    assert_ok(lq_store_begin_write(store));
    put(store, SEALS, "first", "1");
    put(store, SEALS, "second", "2");
    put(store, SEALS, "third", "3");
    assert_true(lq_store_next(store, SEALS, NOTHING, false, &key, &value));
    assert_ok(lq_store_put(store, SEALS, key, lq_span(longer, sizeof longer)));
    assert_true(lq_store_get(store, SEALS, text("first"), &value));
    assert_int_equal(value.size, sizeof longer);
    assert_value(store, SEALS, "second", "2");
    for (int i = 0; i < 3; i++) {
        assert_true(lq_store_next(store, SEALS, NOTHING, false, &key, &value));
        assert_ok(lq_store_delete(store, SEALS, key));
    }
    assert_false(lq_store_next(store, SEALS, NOTHING, false, &key, &value));
    assert_ok(lq_store_commit(store));
}

static void test_large_values(void **state)
{
    struct lq_store *store = store_of(state);
    const size_t size = 1 << 20;
    uint8_t *large = malloc(size);
    assert_non_null(large);
    for (size_t i = 0; i < size; i++)
        large[i] = (uint8_t)(i * 31 >> 3);
    const struct lq_span bytes = lq_span(large, size);
    const uint8_t hash[LQ_HASH_SIZE] = {9}, *got_hash;
    struct lq_span got;
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_put(store, SEALS, text("plan"), bytes));
    assert_ok(lq_store_append(store, 1, hash, bytes));
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_read(store));
    assert_true(lq_store_get(store, SEALS, text("plan"), &got));
    assert_true(lq_span_equal(got, bytes));
    assert_ok(lq_store_record(store, 1, &got_hash, &got));
    assert_true(lq_span_equal(got, bytes));
    assert_memory_equal(got_hash, hash, LQ_HASH_SIZE);
    lq_store_end_read(store);
    free(large);
}

static void test_clear(void **state)
{
    struct lq_store *store = store_of(state);
    struct lq_span key, value;
    char name[16];
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_clear(store, SEALS));
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "K%05d", i);
        put(store, SEALS, name, "v");
    }
    put(store, TEAMS, "stays", "1");
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_clear(store, SEALS));
    assert_false(lq_store_next(store, SEALS, NOTHING, false, &key, &value));
    put(store, SEALS, "new", "v");
    assert_next(store, "", false, "new");
    lq_store_crash(store);
    assert_ok(lq_store_begin_write(store));
    assert_value(store, SEALS, "K01999", "v");
    assert_value(store, SEALS, "new", NULL);
    assert_ok(lq_store_clear(store, SEALS));
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_read(store));
    assert_false(lq_store_next(store, SEALS, NOTHING, false, &key, &value));
    assert_value(store, TEAMS, "stays", "1");
    lq_store_end_read(store);
}

// ---------------------------------------------------------------- the journal

static void test_journal(void **state)
{
    struct lq_store *store = store_of(state);
    const uint8_t *hash;
    struct lq_span record;
    assert_int_equal(tip_of(store), 0);
    assert_ok(lq_store_begin_write(store));
    assert_int_equal(lq_store_record(store, 1, &hash, &record), LQ_E_MISSING);
    for (uint64_t seq = 1; seq <= 300; seq++) {
        append(store, seq);
        assert_int_equal(tip_of(store), seq);
    }
    assert_record(store, 300); // before the commit
    assert_ok(lq_store_commit(store));
    assert_int_equal(tip_of(store), 300);
    assert_ok(lq_store_begin_read(store));
    for (uint64_t seq = 1; seq <= 300; seq++)
        assert_record(store, seq);
    assert_int_equal(lq_store_record(store, 301, &hash, &record), LQ_E_MISSING);
    assert_non_null(strstr(lq_fault_text(), "301"));
    assert_int_equal(lq_store_record(store, 0, &hash, &record), LQ_E_MISSING);
    lq_store_end_read(store);
}

static void test_empty_record(void **state)
{
    struct lq_store *store = store_of(state);
    const uint8_t zeros[LQ_HASH_SIZE] = {0}, *hash;
    struct lq_span record = text("not this");
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_append(store, 1, zeros, NOTHING));
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_read(store));
    assert_ok(lq_store_record(store, 1, &hash, &record));
    assert_int_equal(record.size, 0);
    lq_store_end_read(store);
}

// ---------------------------------------------------------------- transactions

static void test_crash_leaves_what_was_committed(void **state)
{
    struct lq_store *store = store_of(state);
    lq_store_crash(store); // between transactions: nothing to undo
    assert_ok(lq_store_begin_write(store));
    put(store, SEALS, "kept", "1");
    put(store, SEALS, "removed", "1");
    append(store, 1);
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_write(store));
    put(store, SEALS, "kept", "2");
    put(store, SEALS, "kept", "3");
    put(store, SEALS, "new", "1");
    assert_ok(lq_store_delete(store, SEALS, text("removed")));
    append(store, 2);
    append(store, 3);
    lq_store_crash(store);
    assert_int_equal(tip_of(store), 1);
    assert_ok(lq_store_begin_write(store));
    assert_value(store, SEALS, "kept", "1");
    assert_value(store, SEALS, "removed", "1");
    assert_value(store, SEALS, "new", NULL);
    append(store, 2); // the numbers are free again
    assert_ok(lq_store_commit(store));
    assert_ok(lq_store_begin_read(store));
    assert_record(store, 2);
    lq_store_end_read(store);
}

static void test_close_with_open_transactions(void **state)
{
    struct bench *bench = *state;
    assert_ok(lq_store_begin_write(bench->store));
    put(bench->store, SEALS, "never", "1");
    append(bench->store, 1);
    lq_store_close(bench->store);
    if (bench->lmdb) {
        assert_ok(open_place(bench->place.store, &bench->store));
        assert_ok(lq_store_begin_read(bench->store));
        assert_value(bench->store, SEALS, "never", NULL);
        assert_int_equal(tip_of(bench->store), 0);
        return; // teardown closes it with the read transaction open
    }
    bench->store = lq_store_new_memory(&PLAN);
    assert_ok(lq_store_begin_read(bench->store));
}

static void assert_no_url(const char *url, enum lq_status status, const char *why)
{
    const struct lq_store_options options = {.max_bytes = 1 << 20};
    struct lq_store *store = NULL;
    assert_int_equal(lq_store_open(url, &PLAN, &options, &store), status);
    assert_non_null(strstr(lq_fault_text(), why));
    assert_null(store);
}

static void test_the_engine_is_found_by_the_url(void **state)
{
    (void)state;
    const struct lq_store_options options = {.max_bytes = 0};
    struct lq_store *store = NULL;
    assert_ok(lq_store_open("memory:", &PLAN, &options, &store));
    assert_int_equal(tip_of(store), 0);
    lq_store_close(store);
    store = NULL;
    assert_int_equal(lq_store_open_readonly("memory:", &PLAN, &options, &store), LQ_E_MISSING);
    assert_no_url("postgres://ledger", LQ_E_INPUT, "'postgres://ledger'");
    assert_no_url("postgres://ledger", LQ_E_INPUT, "must begin with lmdb: or memory:");
    assert_no_url("/var/lib/lianqin/journal/shift", LQ_E_INPUT, "must begin with lmdb: or memory:");
    assert_no_url("lmdb", LQ_E_INPUT, "must begin with");
    assert_no_url("", LQ_E_INPUT, "must begin with");
    assert_no_url("lmdb:", LQ_E_INPUT, "cannot be the directory of a store");
    assert_no_url("memory:here", LQ_E_INPUT, "no name");
}

static void test_usage_grows_and_shrinks(void **state)
{
    struct lq_store *store = store_of(state);
    const struct lq_store_usage before = lq_store_usage(store);
    uint8_t *large = calloc(1, 32 << 20);
    assert_non_null(large);
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_put(store, SEALS, text("large"), lq_span(large, 32 << 20)));
    assert_ok(lq_store_commit(store));
    free(large);
    const struct lq_store_usage full = lq_store_usage(store);
    assert_true(full.bytes >= before.bytes + (32 << 20));
    assert_in_range(full.percent, 50, 52);
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_delete(store, SEALS, text("large")));
    assert_ok(lq_store_commit(store));
    assert_true(lq_store_usage(store).bytes < before.bytes + (1 << 20));
    assert_in_range(lq_store_usage(store).percent, 0, 2);
}

// ---------------------------------------------------------------- misuse

static enum lq_status ignored; // what a misuse returns if it returns

static void read_outside(struct lq_store *store)
{
    struct lq_span value;
    lq_store_get(store, SEALS, text("k"), &value);
}

static void write_outside(struct lq_store *store)
{
    ignored = lq_store_put(store, SEALS, text("k"), NOTHING);
}

static void commit_outside(struct lq_store *store)
{
    ignored = lq_store_commit(store);
}

static void begin_write_inside(struct lq_store *store)
{
    ignored = lq_store_begin_write(store);
}

static void begin_read_inside(struct lq_store *store)
{
    ignored = lq_store_begin_read(store);
}

static void append_with_a_gap(struct lq_store *store)
{
    const uint8_t hash[LQ_HASH_SIZE] = {0};
    ignored = lq_store_append(store, 2, hash, NOTHING);
}

static void append_again(struct lq_store *store)
{
    const uint8_t hash[LQ_HASH_SIZE] = {0};
    ignored = lq_store_append(store, 0, hash, NOTHING);
}

static void put_empty_key(struct lq_store *store)
{
    ignored = lq_store_put(store, SEALS, NOTHING, NOTHING);
}

static void put_long_key(struct lq_store *store)
{
    const uint8_t key[LQ_KEY_MAX + 1] = {1};
    ignored = lq_store_put(store, SEALS, lq_span(key, sizeof key), NOTHING);
}

static void put_wrong_table(struct lq_store *store)
{
    ignored = lq_store_put(store, TABLES, text("k"), NOTHING);
}

static void end_read_of_nothing(struct lq_store *store)
{
    lq_store_end_read(store);
}

static void test_misuse_ends_the_process(void **state)
{
    struct bench *bench = *state;
    struct lq_store *store = bench->store;
    assert_is_bug(read_outside, store, "can_read");
    assert_is_bug(write_outside, store, "can_write");
    assert_is_bug(commit_outside, store, "can_write");
    assert_is_bug(append_with_a_gap, store, "can_write");
    assert_is_bug(end_read_of_nothing, store, "LQ_STORE_READING");
    assert_ok(lq_store_begin_read(store));
    assert_is_bug(write_outside, store, "can_write");
    assert_is_bug(commit_outside, store, "can_write");
    assert_is_bug(begin_write_inside, store, "LQ_STORE_IDLE");
    assert_is_bug(begin_read_inside, store, "LQ_STORE_IDLE");
    lq_store_end_read(store);
    assert_ok(lq_store_begin_write(store));
    assert_is_bug(begin_write_inside, store, "LQ_STORE_IDLE");
    assert_is_bug(begin_read_inside, store, "LQ_STORE_IDLE");
    assert_is_bug(end_read_of_nothing, store, "LQ_STORE_READING");
    assert_is_bug(append_with_a_gap, store, "seq ==");
    assert_is_bug(append_again, store, "seq ==");
    assert_is_bug(put_empty_key, store, "is_key");
    assert_is_bug(put_long_key, store, "is_key");
    assert_is_bug(put_wrong_table, store, "table <");
    assert_ok(lq_store_commit(store));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_put_get_delete),
        BOTH(test_next_and_previous_at_edges),
        BOTH(test_keys_sort_as_bytes_do),
        BOTH(test_walking_a_prefix),
        BOTH(test_a_key_that_was_read_may_be_handed_back),
        BOTH(test_large_values),
        BOTH(test_clear),
        BOTH(test_journal),
        BOTH(test_empty_record),
        BOTH(test_crash_leaves_what_was_committed),
        BOTH(test_close_with_open_transactions),
        BOTH(test_usage_grows_and_shrinks),
        cmocka_unit_test(test_the_engine_is_found_by_the_url),
        BOTH(test_misuse_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
