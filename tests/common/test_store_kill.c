// A writer killed at any moment loses nothing that it had committed, and leaves no half batch, no
// gap and no half-made store. Kills happen at random moments, but from the same seed on every run.
#include "common/store_support.h"

enum { KILLS = 30, BATCH_MOST = 9 };

// Batch n has 1..BATCH_MOST records, and a row in each table that says where it ends.
static void commit_batch(struct lq_store *store, uint64_t number, uint64_t *tip)
{
    uint8_t hash[LQ_HASH_SIZE];
    char record[64];
    MUST(lq_store_begin_write(store) == LQ_OK);
    for (uint64_t count = 1 + number * 7 % BATCH_MOST; count > 0; count--) {
        make_record(++*tip, hash, record);
        MUST(lq_store_append(store, *tip, hash, text(record)) == LQ_OK);
    }
    char key[32];
    snprintf(key, sizeof key, "batch %010llu", (unsigned long long)number);
    for (unsigned table = 0; table < TABLES; table++)
        MUST(lq_store_put(store, table, text(key), lq_span(tip, sizeof *tip)) == LQ_OK);
    MUST(lq_store_commit(store) == LQ_OK);
}

static void write_until_killed(const struct lq_test_place *place, uint64_t number, int report)
{
    struct lq_store *store;
    uint8_t hash[LQ_HASH_SIZE];
    MUST(open_place(place->store, &store) == LQ_OK);
    uint64_t tip = lq_store_tip(store, hash);
    for (;; number++) {
        commit_batch(store, number, &tip);
        MUST(write(report, &tip, sizeof tip) == (ssize_t)sizeof tip);
    }
}

// Kills the writer a random while after a random number of batches; returns the last tip it told.
static uint64_t run_and_kill(const struct lq_test_place *place, uint64_t number, uint64_t *seed)
{
    int report[2];
    uint64_t told = 0, tip;
    assert_int_equal(pipe(report), 0);
    const pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        close(report[0]);
        write_until_killed(place, number, report[1]);
    }
    close(report[1]);
    for (uint64_t batches = next_random(seed) % 20; batches > 0; batches--) {
        assert_int_equal(read(report[0], &tip, sizeof tip), sizeof tip);
        told = tip;
    }
    usleep((useconds_t)(next_random(seed) % 3000));
    assert_int_equal(kill(writer, SIGKILL), 0);
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(report[0], &tip, sizeof tip) == (ssize_t)sizeof tip)
        told = tip;
    close(report[0]);
    return told;
}

// Every record is there, and the batches in each table end exactly at the tip. Returns how many.
static uint64_t count_batches(struct lq_store *store, uint64_t tip)
{
    uint64_t batches = 0;
    for (uint64_t seq = 1; seq <= tip; seq++)
        assert_record(store, seq);
    for (unsigned table = 0; table < TABLES; table++) {
        struct lq_span key = NOTHING, value;
        uint64_t end = 0, told = 0;
        for (batches = 0; lq_store_next(store, table, key, true, &key, &value); batches++) {
            end += 1 + batches * 7 % BATCH_MOST;
            memcpy(&told, value.data, sizeof told);
            assert_int_equal(told, end);
        }
        assert_int_equal(end, tip);
    }
    return batches;
}

static void test_killed_writers_lose_nothing(void **state)
{
    const struct lq_test_place *place = *state;
    uint64_t seed = 373, batches = 0, told = 0;
    for (int kill_number = 0; kill_number < KILLS; kill_number++) {
        const uint64_t now = run_and_kill(place, batches, &seed);
        told = now > told ? now : told;
        struct lq_store *store = open_ok(place->store); // a kill while it is made leaves none
        const uint64_t tip = tip_of(store);
        assert_true(tip >= told);
        assert_ok(lq_store_begin_read(store));
        batches = count_batches(store, tip);
        lq_store_close(store);
    }
    assert_true(told > 500);
}

static void make_and_wait(const struct lq_test_place *place, int ready)
{
    struct lq_store *store;
    MUST(write(ready, "r", 1) == 1);
    MUST(open_place(place->store, &store) == LQ_OK);
    pause();
}

static void kill_maker(const struct lq_test_place *place, uint64_t delay_us)
{
    int ready[2], status;
    char go;
    assert_int_equal(pipe(ready), 0);
    const pid_t maker = fork();
    assert_true(maker >= 0);
    if (maker == 0)
        make_and_wait(place, ready[1]);
    assert_int_equal(read(ready[0], &go, 1), 1);
    usleep((useconds_t)delay_us);
    assert_int_equal(kill(maker, SIGKILL), 0);
    assert_int_equal(waitpid(maker, &status, 0), maker);
    assert_true(WIFSIGNALED(status));
    close(ready[0]), close(ready[1]);
}

static void test_killed_makers_leave_a_store_or_none(void **state)
{
    struct lq_test_place *place = *state;
    uint64_t seed = 77;
    for (int kill_number = 0; kill_number < KILLS; kill_number++) {
        kill_maker(place, next_random(&seed) % 4000);
        struct lq_store *store = open_ok(place->store);
        assert_int_equal(tip_of(store), 0);
        lq_store_close(store);
        assert_int_equal(access(place->beside, F_OK), -1);
        place_remove(place);
        assert_int_equal(mkdir(place->top, 0700), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(test_killed_writers_lose_nothing),
        WITH_PLACE(test_killed_makers_leave_a_store_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
