// What the LMDB engine alone promises: a store outlives its process, one process writes it at a
// time, readers stand beside, a full map loses nothing, and what is no store is told from one.
#include "common/store_support.h"

#include <errno.h>
#include <lmdb.h>
#include <sys/resource.h>

static void assert_refused(const char *directory, enum lq_status expected, const char *words)
{
    struct lq_store *store = NULL;
    assert_int_equal(open_place(directory, &store), expected);
    assert_null(store);
    assert_non_null(strstr(lq_fault_text(), words));
    assert_non_null(strstr(lq_fault_text(), directory));
}

static void write_file(const char *directory, const char *name, const void *bytes, size_t size)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

// Runs the function in a child and expects it to succeed. Neither side has a store open then.
static void in_child(void (*work)(const struct lq_test_place *), const struct lq_test_place *place)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        work(place);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// ---------------------------------------------------------------- staying

static void test_reopening_finds_everything(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_span value;
    for (uint64_t round = 0; round < 5; round++) {
        struct lq_store *store = open_ok(place->store);
        assert_int_equal(tip_of(store), round * 10);
        assert_ok(lq_store_begin_write(store));
        for (uint64_t seq = round * 10 + 1; seq <= round * 10 + 10; seq++) {
            assert_ok(lq_store_put(store, COUNTS, lq_span(&seq, sizeof seq), text("counted")));
            append(store, seq);
        }
        assert_ok(lq_store_commit(store));
        lq_store_close(store);
    }
    struct lq_store *store = open_ok(place->store);
    assert_ok(lq_store_begin_read(store));
    for (uint64_t seq = 1; seq <= 50; seq++) {
        assert_record(store, seq);
        assert_true(lq_store_get(store, COUNTS, lq_span(&seq, sizeof seq), &value));
        assert_span(value, "counted");
    }
    lq_store_close(store);
    assert_int_equal(access(place->beside, F_OK), -1);
}

// ---------------------------------------------------------------- one writer

static void expect_busy(const struct lq_test_place *place)
{
    struct lq_store *store;
    MUST(open_place(place->store, &store) == LQ_E_BUSY);
    MUST(strstr(lq_fault_text(), place->store) != NULL);
    MUST(strstr(lq_fault_text(), "another process") != NULL);
}

static void test_a_second_writer_is_busy(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store = open_ok(place->store), *other;
    in_child(expect_busy, place);
    assert_refused(place->store, LQ_E_BUSY, "this process");
    assert_int_equal(read_place(place->store, &other), LQ_E_BUSY);
    assert_ok(lq_store_begin_write(store)); // unharmed
    append(store, 1);
    assert_ok(lq_store_commit(store));
    in_child(expect_busy, place);
    lq_store_close(store);
    lq_store_close(open_ok(place->store));
}

static void read_beside(const struct lq_test_place *place, int from_writer, int to_writer)
{
    struct lq_store *store;
    struct lq_span value;
    uint8_t hash[LQ_HASH_SIZE];
    char go;
    MUST(read_place(place->store, &store) == LQ_OK);
    for (uint64_t tip = 1; tip <= 20; tip++) {
        MUST(read(from_writer, &go, 1) == 1);
        MUST(lq_store_begin_read(store) == LQ_OK);
        MUST(lq_store_tip(store, hash) == tip);
        MUST(lq_store_get(store, SEALS, text("tip"), &value));
        MUST(memcmp(value.data, &tip, sizeof tip) == 0);
        MUST(write(to_writer, "r", 1) == 1); // the writer goes on while we look
        MUST(read(from_writer, &go, 1) == 1);
        MUST(lq_store_tip(store, hash) == tip);
        MUST(lq_store_get(store, SEALS, text("tip"), &value));
        MUST(memcmp(value.data, &tip, sizeof tip) == 0);
        lq_store_end_read(store);
        MUST(write(to_writer, "e", 1) == 1);
    }
    lq_store_close(store);
}

static void write_tip(struct lq_store *store, uint64_t tip)
{
    assert_ok(lq_store_begin_write(store));
    append(store, tip);
    assert_ok(lq_store_put(store, SEALS, text("tip"), lq_span(&tip, sizeof tip)));
    assert_ok(lq_store_commit(store));
}

static void test_a_reader_beside_the_writer(void **state)
{
    const struct lq_test_place *place = *state;
    int to_reader[2], to_writer[2];
    char done;
    assert_int_equal(pipe(to_reader) | pipe(to_writer), 0);
    const pid_t reader = fork();
    if (reader == 0) {
        char go;
        MUST(read(to_reader[0], &go, 1) == 1);
        read_beside(place, to_reader[0], to_writer[1]);
        _exit(0);
    }
    struct lq_store *store = open_ok(place->store);
    write_tip(store, 1);
    assert_int_equal(write(to_reader[1], "o", 1), 1);
    for (uint64_t tip = 1; tip <= 20; tip++) {
        assert_int_equal(write(to_reader[1], "r", 1), 1);
        assert_int_equal(read(to_writer[0], &done, 1), 1);
        write_tip(store, tip + 1); // the reader keeps its snapshot
        assert_int_equal(write(to_reader[1], "w", 1), 1);
        assert_int_equal(read(to_writer[0], &done, 1), 1);
    }
    int status;
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
    lq_store_close(store);
    for (int i = 0; i < 2; i++)
        close(to_reader[i]), close(to_writer[i]);
}

static void write_readonly(struct lq_store *store)
{
    const enum lq_status status = lq_store_begin_write(store);
    _exit(status == LQ_OK ? 0 : 2);
}

static void test_readonly_does_not_write(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store;
    assert_int_equal(read_place(place->store, &store), LQ_E_MISSING);
    assert_int_equal(access(place->store, F_OK), -1);
    lq_store_close(open_ok(place->store));
    assert_ok(read_place(place->store, &store));
    assert_is_bug(write_readonly, store, "readonly");
    lq_store_close(store);
}

// ---------------------------------------------------------------- full

static enum lq_status fill(struct lq_store *store, uint64_t *committed)
{
    static const uint8_t VALUE[3000] = {7};
    enum lq_status status = LQ_OK;
    for (uint64_t seq = *committed + 1; status == LQ_OK; seq++) {
        const uint8_t hash[LQ_HASH_SIZE] = {0};
        status = lq_store_begin_write(store);
        if (status == LQ_OK)
            status = lq_store_append(store, seq, hash, lq_span(VALUE, sizeof VALUE));
        if (status == LQ_OK)
            status = lq_store_put(store, SEALS, lq_span(&seq, 8), lq_span(VALUE, sizeof VALUE));
        if (status == LQ_OK)
            status = lq_store_commit(store);
        if (status == LQ_OK)
            *committed = seq;
    }
    return status;
}

static void assert_filled(struct lq_store *store, uint64_t committed)
{
    uint8_t hash[LQ_HASH_SIZE];
    struct lq_span key = NOTHING, value;
    uint64_t rows = 0;
    assert_int_equal(lq_store_tip(store, hash), committed);
    assert_ok(lq_store_begin_read(store));
    while (lq_store_next(store, SEALS, key, true, &key, &value))
        rows++;
    assert_int_equal(rows, committed);
    lq_store_end_read(store);
}

static void write_after_failure(struct lq_store *store)
{
    const uint8_t hash[LQ_HASH_SIZE] = {0};
    const enum lq_status status = lq_store_append(store, 1, hash, NOTHING);
    _exit(status == LQ_OK ? 0 : 2);
}

static void begin_after_failure(struct lq_store *store)
{
    lq_store_crash(store);
    const enum lq_status status = lq_store_begin_write(store);
    _exit(status == LQ_OK ? 0 : 2);
}

static void test_a_full_map(void **state)
{
    const struct lq_test_place *place = *state;
    enum { TINY = 1000000 }; // no whole pages either
    struct lq_store *store;
    uint64_t committed = 0;
    assert_ok(open_lmdb(place->store, &PLAN, TINY, &store));
    assert_int_equal(fill(store, &committed), LQ_E_FULL);
    assert_non_null(strstr(lq_fault_text(), "map_gib"));
    assert_non_null(strstr(lq_fault_text(), place->store));
    assert_true(committed > 50);
    assert_is_bug(write_after_failure, store, "can_write");
    assert_is_bug(begin_after_failure, store, "failed");
    lq_store_close(store);

    assert_ok(open_lmdb(place->store, &PLAN, TINY, &store));
    assert_filled(store, committed);
    assert_in_range(lq_store_usage(store).percent, 80, 100);
    lq_store_close(store);

    store = open_ok(place->store); // with a larger map it goes on
    assert_filled(store, committed);
    assert_ok(lq_store_begin_write(store));
    const uint8_t hash[LQ_HASH_SIZE] = {0};
    assert_ok(lq_store_append(store, committed + 1, hash, NOTHING));
    assert_ok(lq_store_commit(store));
    assert_in_range(lq_store_usage(store).percent, 1, 2);
    lq_store_close(store);
}

// A limit on the size of files stands in for a disk without room.
static void fill_the_disk(const struct lq_test_place *place)
{
    const struct rlimit limit = {400000, 400000};
    struct lq_store *store;
    uint64_t committed = 0;
    signal(SIGXFSZ, SIG_IGN);
    MUST(open_place(place->store, &store) == LQ_OK);
    MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    const enum lq_status status = fill(store, &committed);
    MUST(status == LQ_E_FULL || status == LQ_E_IO); // LMDB tells a short write as EIO
    MUST(strstr(lq_fault_text(), place->store) != NULL);
    MUST(committed > 20);
    write_file(place->top, "committed", &committed, sizeof committed);
    lq_store_close(store);
}

static void test_a_full_disk(void **state)
{
    const struct lq_test_place *place = *state;
    char path[PATH_MAX + 64];
    uint64_t told = 0;
    in_child(fill_the_disk, place);
    snprintf(path, sizeof path, "%s/committed", place->top);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(&told, sizeof told, 1, file), 1);
    fclose(file);
    struct lq_store *store = open_ok(place->store);
    uint8_t hash[LQ_HASH_SIZE];
    assert_filled(store, lq_store_tip(store, hash));
    assert_true(lq_store_tip(store, hash) >= told);
    lq_store_close(store);
}

// ---------------------------------------------------------------- flushed

static unsigned flushes;
static bool disk_fails;

// In the place of the C library's: LMDB flushes its pages through it.
int fdatasync(int fd)
{
    flushes++;
    if (disk_fails) {
        errno = EIO;
        return -1;
    }
    return fsync(fd);
}

static void test_every_commit_is_flushed(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store = open_ok(place->store);
    flushes = 0;
    for (unsigned tip = 1; tip <= 10; tip++) {
        write_tip(store, tip);
        assert_int_equal(flushes, tip);
    }
    lq_store_close(store);
}

static void test_a_failed_flush_is_the_end(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store = open_ok(place->store);
    write_tip(store, 1);
    assert_ok(lq_store_begin_write(store));
    append(store, 2);
    disk_fails = true;
    const enum lq_status status = lq_store_commit(store);
    disk_fails = false;
    assert_int_equal(status, LQ_E_IO);
    assert_non_null(strstr(lq_fault_text(), "commit"));
    assert_is_bug(begin_after_failure, store, "failed");
    assert_is_bug(write_after_failure, store, "can_write");
    lq_store_close(store);
    store = open_ok(place->store);
    assert_int_equal(tip_of(store), 1);
    lq_store_close(store);
}

// ---------------------------------------------------------------- no store

static void test_what_is_no_store(void **state)
{
    const struct lq_test_place *place = *state;
    char noise[20000];
    memset(noise, 0x5a, sizeof noise);
    assert_int_equal(mkdir(place->store, 0700), 0);
    assert_refused(place->store, LQ_E_CORRUPT, "no data.mdb");
    write_file(place->store, "data.mdb", "", 0);
    assert_refused(place->store, LQ_E_CORRUPT, "empty");
    write_file(place->store, "data.mdb", noise, sizeof noise);
    assert_refused(place->store, LQ_E_CORRUPT, "LMDB");
    write_file(place->store, "data.mdb", noise, 10);
    assert_refused(place->store, LQ_E_CORRUPT, "");
    write_file(place->top, "file", noise, 10);
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/file", place->top);
    assert_refused(path, LQ_E_CORRUPT, "not a directory");
    snprintf(path, sizeof path, "%s/no/such", place->top);
    struct lq_store *store;
    assert_int_equal(open_place(path, &store), LQ_E_IO);
    assert_non_null(strstr(lq_fault_text(), "/no: "));
}

static void make_foreign(const char *directory, const char *version)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    MDB_val key = {7, (char[]){"version"}}, value;
    assert_int_equal(mkdir(directory, 0700), 0);
    assert_int_equal(mdb_env_create(&env) | mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, directory, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, version == NULL ? "other" : "format", MDB_CREATE, &dbi), 0);
    if (version != NULL) {
        char copy[32];
        snprintf(copy, sizeof copy, "%s", version);
        value = (MDB_val){strlen(copy), copy};
        assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
    }
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void test_stores_of_others(void **state)
{
    struct lq_test_place *place = *state;
    make_foreign(place->store, NULL);
    assert_refused(place->store, LQ_E_CORRUPT, "something else");
    place_remove(place);
    assert_int_equal(mkdir(place->top, 0700), 0);
    make_foreign(place->store, "lianqin 99");
    assert_refused(place->store, LQ_E_CORRUPT, "'lianqin 99'");
}

static void test_a_journal_with_a_gap(void **state)
{
    const struct lq_test_place *place = *state;
    struct lq_store *store = open_ok(place->store);
    for (uint64_t tip = 1; tip <= 3; tip++)
        write_tip(store, tip);
    lq_store_close(store);
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi journal;
    MDB_val second = {8, (uint8_t[]){0, 0, 0, 0, 0, 0, 0, 2}};
    assert_int_equal(mdb_env_create(&env) | mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, place->store, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "journal", 0, &journal), 0);
    assert_int_equal(mdb_del(txn, journal, &second, NULL), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    assert_refused(place->store, LQ_E_CORRUPT, "gaps");
}

// ---------------------------------------------------------------- unfinished

static void test_an_unfinished_store_is_made_anew(void **state)
{
    const struct lq_test_place *place = *state;
    assert_int_equal(mkdir(place->beside, 0700), 0);
    write_file(place->beside, "data.mdb", "half", 4);
    write_file(place->beside, "lock.mdb", "", 0);
    struct lq_store *store = open_ok(place->store);
    assert_int_equal(tip_of(store), 0);
    lq_store_close(store);
    assert_int_equal(access(place->beside, F_OK), -1);
}

static void test_what_we_did_not_make_is_not_removed(void **state)
{
    const struct lq_test_place *place = *state;
    assert_int_equal(mkdir(place->beside, 0700), 0);
    write_file(place->beside, "notes.txt", "mine", 4);
    assert_refused(place->store, LQ_E_IO, ".new");
    assert_int_equal(access(place->store, F_OK), -1);
}

static void test_a_slash_at_the_end(void **state)
{
    const struct lq_test_place *place = *state;
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s//", place->store);
    lq_store_close(open_ok(path));
    lq_store_close(open_ok(place->store));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(test_reopening_finds_everything),
        WITH_PLACE(test_a_second_writer_is_busy),
        WITH_PLACE(test_a_reader_beside_the_writer),
        WITH_PLACE(test_readonly_does_not_write),
        WITH_PLACE(test_a_full_map),
        WITH_PLACE(test_every_commit_is_flushed),
        WITH_PLACE(test_a_failed_flush_is_the_end),
        WITH_PLACE(test_a_full_disk),
        WITH_PLACE(test_what_is_no_store),
        WITH_PLACE(test_stores_of_others),
        WITH_PLACE(test_a_journal_with_a_gap),
        WITH_PLACE(test_an_unfinished_store_is_made_anew),
        WITH_PLACE(test_what_we_did_not_make_is_not_removed),
        WITH_PLACE(test_a_slash_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
