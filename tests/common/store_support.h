// What the tests of the store share: a plan, a directory of their own, short spans, and misuse that
// must end a process.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/store.h"

enum { SEALS, TEAMS, COUNTS, TABLES };
static const char *const TABLE_NAMES[] = {"seals", "teams", "counts"};
static const struct lq_store_plan PLAN = {TABLE_NAMES, TABLES};

static inline enum lq_status open_lmdb(const char *directory, const struct lq_store_plan *plan,
                                       uint64_t max_bytes, struct lq_store **out)
{
    char url[PATH_MAX + 128];
    snprintf(url, sizeof url, "lmdb:%s", directory);
    return lq_store_open(url, plan, &(struct lq_store_options){.max_bytes = max_bytes}, out);
}

static inline enum lq_status open_place(const char *directory, struct lq_store **out)
{
    return open_lmdb(directory, &PLAN, 64 << 20, out);
}

static inline enum lq_status read_place(const char *directory, struct lq_store **out)
{
    char url[PATH_MAX + 128];
    snprintf(url, sizeof url, "lmdb:%s", directory);
    return lq_store_open_readonly(url, &PLAN, &(struct lq_store_options){.max_bytes = 64 << 20},
                                  out);
}

struct lq_test_place {
    char top[PATH_MAX];         // made by this test, removed after it
    char store[PATH_MAX + 16];  // where the store goes
    char beside[PATH_MAX + 16]; // the same with ".new"
};

static inline void place_make(struct lq_test_place *place)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(place->top, sizeof place->top, "%s/lq_store_XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(place->top));
    snprintf(place->store, sizeof place->store, "%s/stream", place->top);
    snprintf(place->beside, sizeof place->beside, "%s/stream.new", place->top);
}

static inline int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *at)
{
    (void)stat, (void)type, (void)at;
    return remove(path);
}

static inline void place_remove(struct lq_test_place *place)
{
    nftw(place->top, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct lq_span text(const char *bytes)
{
    return lq_span_text(bytes);
}

#define NOTHING ((struct lq_span){0})
#define assert_ok(call) assert_int_equal((call), LQ_OK)
#define assert_span(span, expected) assert_true(lq_span_equal((span), text(expected)))

// Fails unless the function ends a child process by an assertion that has these words.
static inline void assert_is_bug(void (*misuse)(struct lq_store *store), struct lq_store *store,
                                 const char *words)
{
    int said[2], status;
    char text[512] = "";
    assert_int_equal(pipe(said), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(said[1], STDERR_FILENO);
        misuse(store);
        _exit(0);
    }
    close(said[1]);
    for (ssize_t size = 0, more; (more = read(said[0], text + size, sizeof text - 1 - size)) > 0;)
        size += more;
    close(said[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, words));
}

// xorshift64*: the same numbers on every run.
static inline uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717ULL;
}

// A record whose bytes follow from its number, and its hash likewise.
static inline void make_record(uint64_t seq, uint8_t hash[LQ_HASH_SIZE], char record[64])
{
    memset(hash, (int)(seq * 7 + 1), LQ_HASH_SIZE);
    snprintf(record, 64, "record %llu of the stream", (unsigned long long)seq);
}

static inline void append(struct lq_store *store, uint64_t seq)
{
    uint8_t hash[LQ_HASH_SIZE];
    char record[64];
    make_record(seq, hash, record);
    assert_ok(lq_store_append(store, seq, hash, text(record)));
}

static inline void assert_record(struct lq_store *store, uint64_t seq)
{
    uint8_t expected_hash[LQ_HASH_SIZE];
    char expected[64];
    const uint8_t *hash;
    struct lq_span record;
    make_record(seq, expected_hash, expected);
    assert_ok(lq_store_record(store, seq, &hash, &record));
    assert_memory_equal(hash, expected_hash, LQ_HASH_SIZE);
    assert_span(record, expected);
}

static inline uint64_t tip_of(struct lq_store *store)
{
    uint8_t hash[LQ_HASH_SIZE], expected[LQ_HASH_SIZE] = {0};
    char record[64];
    const uint64_t seq = lq_store_tip(store, hash);
    if (seq > 0)
        make_record(seq, expected, record);
    assert_memory_equal(hash, expected, LQ_HASH_SIZE);
    return seq;
}

// ---------------------------------------------------------------- a store for each test

struct bench {
    bool lmdb;
    struct lq_test_place place;
    struct lq_store *store;
};

static inline void *bench_of(bool lmdb)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->lmdb = lmdb;
    if (lmdb) {
        place_make(&bench->place);
        assert_ok(open_place(bench->place.store, &bench->store));
    } else {
        const struct lq_store_options options = {.max_bytes = 64 << 20};
        assert_ok(lq_store_open("memory:", &PLAN, &options, &bench->store));
    }
    return bench;
}

static inline int setup_memory(void **state)
{
    *state = bench_of(false);
    return 0;
}

static inline int setup_lmdb(void **state)
{
    *state = bench_of(true);
    return 0;
}

static inline int teardown(void **state)
{
    struct bench *bench = *state;
    lq_store_close(bench->store);
    if (bench->lmdb)
        place_remove(&bench->place);
    free(bench);
    return 0;
}

static inline struct lq_store *store_of(void **state)
{
    return ((struct bench *)*state)->store;
}

// A test over both engines.
#define BOTH(test)                                                                                 \
    {"memory: " #test, test, setup_memory, teardown, NULL},                                        \
    {                                                                                              \
        "lmdb: " #test, test, setup_lmdb, teardown, NULL                                           \
    }

// ---------------------------------------------------------------- a directory for each test

static inline int setup_place(void **state)
{
    static struct lq_test_place place;
    place_make(&place);
    *state = &place;
    return 0;
}

static inline int teardown_place(void **state)
{
    place_remove(*state);
    return 0;
}

static inline struct lq_store *open_ok(const char *directory)
{
    struct lq_store *store = NULL;
    const enum lq_status status = open_place(directory, &store);
    if (status != LQ_OK)
        fail_msg("%s", lq_fault_text());
    return store;
}

// For children, where cmocka's assertions would jump into the parent's tests.
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%d: child: %s: %s\n", __LINE__, #condition, lq_fault_text());         \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, setup_place, teardown_place)
