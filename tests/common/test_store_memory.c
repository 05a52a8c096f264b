// The memory engine against a model: a sorted list of all possible keys, each there or not. Tables
// grow over many leaves and shrink again, in every order, with commits and crashes in between. What
// one row more or less does is in test_store.c, for both engines.
#include "common/store_support.h"

enum { KEYS = 3000, RUNS = 600 };

struct model {
    struct lq_store *store;
    uint32_t seed;
    char keys[KEYS][24];            // in order
    int values[KEYS], before[KEYS]; // 0: not there; before the transaction
};

static uint32_t draw(struct model *model, uint32_t below)
{
    model->seed = model->seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)model->seed * below) >> 32);
}

// Keys shorter than eight bytes, of eight, and longer ones that differ only behind them.
static void make_keys(struct model *model)
{
    for (int i = 0; i < KEYS; i++) {
        const int group = i / 3;
        if (i % 3 == 0)
            snprintf(model->keys[i], sizeof model->keys[i], "K%05d", group);
        else
            snprintf(model->keys[i], sizeof model->keys[i], "K%05d%s", group,
                     i % 3 == 1 ? "-a" : "-a/0001");
    }
}

static void check_key(struct model *model, int i)
{
    struct lq_span key, value;
    const struct lq_span at = text(model->keys[i]);
    int next = i, past = i + 1, before = i - 1;
    while (next < KEYS && model->values[next] == 0)
        next++;
    while (past < KEYS && model->values[past] == 0)
        past++;
    while (before >= 0 && model->values[before] == 0)
        before--;
    assert_int_equal(lq_store_get(model->store, SEALS, at, &value), model->values[i] != 0);
    assert_int_equal(lq_store_next(model->store, SEALS, at, false, &key, &value), next < KEYS);
    if (next < KEYS) {
        char expected[16];
        snprintf(expected, sizeof expected, "%d", model->values[next]);
        assert_span(key, model->keys[next]);
        assert_span(value, expected);
    }
    assert_int_equal(lq_store_next(model->store, SEALS, at, true, &key, &value), past < KEYS);
    if (past < KEYS)
        assert_span(key, model->keys[past]);
    assert_int_equal(lq_store_previous(model->store, SEALS, at, &key, &value), before >= 0);
    if (before >= 0)
        assert_span(key, model->keys[before]);
}

static void check_all(struct model *model)
{
    struct lq_span key = NOTHING, value;
    uint64_t count = 0;
    for (int i = 0; i < KEYS; i++) {
        if (model->values[i] == 0)
            continue;
        count++;
        assert_true(lq_store_next(model->store, SEALS, key, true, &key, &value));
        assert_span(key, model->keys[i]);
    }
    assert_false(lq_store_next(model->store, SEALS, key, true, &key, &value));
    assert_int_equal(lq_store_count(model->store, SEALS), count);
    key = NOTHING;
    for (int i = KEYS; i-- > 0;) {
        if (model->values[i] == 0)
            continue;
        assert_true(lq_store_previous(model->store, SEALS, key, &key, &value));
        assert_span(key, model->keys[i]);
    }
}

static void put_or_delete(struct model *model, int i, bool put)
{
    char value[16];
    model->values[i] = put ? 1 + (int)draw(model, 1000000) : 0;
    snprintf(value, sizeof value, "%d", model->values[i]);
    if (put)
        assert_ok(lq_store_put(model->store, SEALS, text(model->keys[i]), text(value)));
    else
        assert_ok(lq_store_delete(model->store, SEALS, text(model->keys[i])));
}

static void end_transaction(struct model *model, bool crash)
{
    if (crash) {
        lq_store_crash(model->store);
        memcpy(model->values, model->before, sizeof model->values);
    } else {
        assert_ok(lq_store_commit(model->store));
        memcpy(model->before, model->values, sizeof model->values);
    }
    assert_ok(lq_store_begin_write(model->store));
}

// Runs of keys that rise, fall or jump, put or deleted.
static void run(struct model *model)
{
    const int length = 1 + (int)draw(model, 400), step = (int)draw(model, 3) - 1;
    const bool put = draw(model, 100) < 55;
    int i = (int)draw(model, KEYS);
    for (int n = 0; n < length; n++) {
        i = step == 0 ? (int)draw(model, KEYS) : (i + step + KEYS) % KEYS;
        put_or_delete(model, i, put);
    }
    for (int n = 0; n < 5; n++)
        check_key(model, (int)draw(model, KEYS));
}

static void clear(struct model *model)
{
    for (int i = 0; i < KEYS; i++)
        put_or_delete(model, i, false);
    check_all(model);
}

static void test_like_its_model(void **state)
{
    (void)state;
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    make_keys(model);
    model->store = lq_store_new_memory(&PLAN);
    model->seed = 20150306;
    assert_ok(lq_store_begin_write(model->store));
    for (int n = 0; n < RUNS; n++) {
        run(model);
        if (draw(model, 100) == 0)
            clear(model);
        if (draw(model, 4) == 0) {
            check_all(model);
            end_transaction(model, draw(model, 2) == 0);
            check_all(model);
        }
    }
    lq_store_close(model->store);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_its_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
