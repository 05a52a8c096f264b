// Stores of the LMDB engine that another version made or left, and copies of one.
#include "common/store_support.h"

#include <lmdb.h>

// ---------------------------------------------------------------- another version's tables

static void test_new_tables_are_made_in_an_old_store(void **state)
{
    const struct lq_test_place *place = *state;
    const struct lq_store_plan old = {TABLE_NAMES, 1};
    struct lq_store *store;
    struct lq_span value;
    assert_ok(open_lmdb(place->store, &old, 64 << 20, &store));
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_put(store, SEALS, text("S1"), text("old")));
    assert_ok(lq_store_commit(store));
    lq_store_close(store);
    // Who only reads makes nothing, and finds the new table empty.
    struct lq_span key;
    assert_ok(read_place(place->store, &store));
    assert_ok(lq_store_begin_read(store));
    assert_true(lq_store_get(store, SEALS, text("S1"), &value));
    assert_false(lq_store_get(store, TEAMS, text("T1"), &value));
    assert_false(lq_store_next(store, TEAMS, text(""), false, &key, &value));
    assert_false(lq_store_previous(store, TEAMS, text(""), &key, &value));
    assert_int_equal(lq_store_count(store, TEAMS), 0);
    lq_store_end_read(store);
    lq_store_close(store);
    store = open_ok(place->store);
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_put(store, TEAMS, text("T1"), text("new")));
    assert_true(lq_store_get(store, SEALS, text("S1"), &value));
    assert_ok(lq_store_commit(store));
    lq_store_close(store);
    assert_ok(open_lmdb(place->store, &old, 64 << 20, &store)); // and back again
    lq_store_close(store);
}

static void put_word(const struct lq_test_place *place, const char *word)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi format;
    MDB_val key = {strlen(word), (void *)(uintptr_t)word}, value = {0, NULL};
    assert_int_equal(mdb_env_create(&env) | mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, place->store, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "format", 0, &format), 0);
    assert_int_equal(mdb_put(txn, format, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void fill_all(const struct lq_test_place *place)
{
    struct lq_store *store = open_ok(place->store);
    assert_ok(lq_store_begin_write(store));
    append(store, 1);
    assert_ok(lq_store_put(store, SEALS, text("S1"), text("kept")));
    for (uint64_t i = 0; i < 5000; i++) // on many pages
        assert_ok(lq_store_put(store, COUNTS, lq_span(&i, sizeof i), text("another version's")));
    assert_ok(lq_store_commit(store));
    lq_store_close(store);
}

static void assert_lacks(const struct lq_test_place *place, const struct lq_store_plan *plan,
                         const char *table)
{
    struct lq_store *store;
    char url[PATH_MAX + 128];
    snprintf(url, sizeof url, "lmdb:%s", place->store);
    assert_ok(lq_store_open_readonly(url, plan, &(struct lq_store_options){.max_bytes = 64 << 20},
                                     &store));
    assert_ok(lq_store_begin_read(store));
    const enum lq_status status = lq_store_check_tables(store);
    lq_store_end_read(store);
    assert_int_equal(status, table != NULL ? LQ_E_CORRUPT : LQ_OK);
    if (table != NULL)
        assert_non_null(strstr(lq_fault_text(), table));
    assert_ok(lq_store_check(store)); // each page is used once or free
    lq_store_close(store);
}

static void test_tables_of_another_version(void **state)
{
    const struct lq_test_place *place = *state;
    static const char *const names[] = {"seals", "others"};
    const struct lq_store_plan other = {names, 2};
    struct lq_store *store;
    struct lq_span value;
    fill_all(place);
    assert_lacks(place, &PLAN, NULL);
    assert_lacks(place, &other, "has lost its table 'others'");
    assert_ok(open_lmdb(place->store, &other, 64 << 20, &store));
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_drop_others(store));
    lq_store_crash(store); // undone
    lq_store_close(store);
    assert_lacks(place, &PLAN, NULL);
    assert_ok(open_lmdb(place->store, &other, 64 << 20, &store));
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_drop_others(store));
    assert_ok(lq_store_drop_others(store)); // there are none any more
    assert_ok(lq_store_commit(store));
    const uint64_t bytes = lq_store_usage(store).bytes;
    assert_true(bytes < 64 * 1024);
    assert_ok(lq_store_begin_read(store));
    assert_record(store, 1);
    assert_true(lq_store_get(store, SEALS, text("S1"), &value));
    lq_store_close(store);
    assert_lacks(place, &other, NULL);
    assert_lacks(place, &PLAN, "has lost its table 'teams'");
    store = open_ok(place->store);
    assert_ok(lq_store_begin_read(store));
    assert_int_equal(lq_store_count(store, COUNTS), 0);
    lq_store_close(store);
}

static void test_a_word_that_nobody_wrote(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store;
    fill_all(place);
    put_word(place, "table ghost");
    assert_int_equal(read_place(place->store, &store), LQ_E_CORRUPT);
    assert_non_null(strstr(lq_fault_text(), "has lost its table 'ghost'"));
    // A table's name without the table is dropped with the others that are not planned.
    store = open_ok(place->store);
    assert_ok(lq_store_begin_write(store));
    assert_ok(lq_store_drop_others(store));
    assert_ok(lq_store_commit(store));
    lq_store_close(store);
    assert_lacks(place, &PLAN, NULL);
    put_word(place, "tablet");
    assert_int_equal(read_place(place->store, &store), LQ_E_CORRUPT);
    assert_non_null(strstr(lq_fault_text(), "lists 'tablet', which this version does not know"));
}

// ---------------------------------------------------------------- a copy

static void test_a_copy_beside_the_writer(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_test_place copy = {0};
    struct lq_store *writer = open_ok(place->store), *store;
    struct lq_span value;
    snprintf(copy.store, sizeof copy.store, "%s/copy", place->top);
    assert_int_equal(mkdir(copy.store, 0700), 0);
    assert_ok(lq_store_begin_write(writer));
    append(writer, 1);
    assert_ok(lq_store_put(writer, SEALS, text("S1"), text("kept")));
    assert_ok(lq_store_commit(writer));
    assert_ok(lq_store_begin_write(writer));
    append(writer, 2); // is not committed
    if (fork() == 0) { // a process has a store open once
        MUST(read_place(place->store, &store) == LQ_OK);
        MUST(lq_store_copy(store, copy.store) == LQ_OK);
        MUST(lq_store_copy(store, copy.store) == LQ_E_IO); // there is one already
        lq_store_close(store);
        _exit(0);
    }
    int status;
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 0);
    assert_ok(lq_store_commit(writer)); // it went on
    lq_store_close(writer);
    store = open_ok(copy.store);
    assert_int_equal(tip_of(store), 1);
    assert_ok(lq_store_check(store));
    assert_ok(lq_store_begin_write(store)); // and is a store like any other
    assert_record(store, 1);
    assert_true(lq_store_get(store, SEALS, text("S1"), &value));
    assert_span(value, "kept");
    append(store, 2);
    assert_ok(lq_store_commit(store));
    lq_store_close(store);
}

static void test_memory_has_no_copy(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store = lq_store_new_memory(&PLAN);
    assert_int_equal(lq_store_copy(store, place->top), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "in memory"));
    lq_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(test_new_tables_are_made_in_an_old_store),
        WITH_PLACE(test_tables_of_another_version),
        WITH_PLACE(test_a_word_that_nobody_wrote),
        WITH_PLACE(test_a_copy_beside_the_writer),
        WITH_PLACE(test_memory_has_no_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
