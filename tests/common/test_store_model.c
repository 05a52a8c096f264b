// The contract of the store once more, over both engines: chance decides what to do, with the same
// seed on every run, and each answer is compared with that of the most naive table there is.
#include "common/store_support.h"

enum { MODEL_ROWS = 400, MODEL_KEY = 4 };

struct model_row {
    uint8_t key[MODEL_KEY];
    size_t key_size;
    uint64_t value;
};

struct model_table {
    struct model_row rows[MODEL_ROWS];
    size_t count;
};

struct model {
    struct model_table tables[TABLES];
    uint64_t tip;
};

static struct lq_span model_key(const struct model_row *row)
{
    return lq_span(row->key, row->key_size);
}

// The first row whose key is not smaller.
static size_t model_find(const struct model_table *table, struct lq_span key, bool *equal)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct lq_span here = model_key(&table->rows[i]);
        const size_t shared = here.size < key.size ? here.size : key.size;
        const int order = shared > 0 ? memcmp(here.data, key.data, shared) : 0;
        if (order > 0 || (order == 0 && here.size >= key.size)) {
            *equal = lq_span_equal(here, key);
            return i;
        }
    }
    *equal = false;
    return table->count;
}

static void model_put(struct model_table *table, struct lq_span key, uint64_t value)
{
    bool equal;
    const size_t at = model_find(table, key, &equal);
    if (!equal) {
        assert_true(table->count < MODEL_ROWS);
        memmove(&table->rows[at + 1], &table->rows[at],
                (table->count++ - at) * sizeof *table->rows);
        memcpy(table->rows[at].key, key.data, key.size);
        table->rows[at].key_size = key.size;
    }
    table->rows[at].value = value;
}

static void model_delete(struct model_table *table, struct lq_span key)
{
    bool equal;
    const size_t at = model_find(table, key, &equal);
    if (equal)
        memmove(&table->rows[at], &table->rows[at + 1],
                (--table->count - at) * sizeof *table->rows);
}

// A short key over four letters, so that keys meet and prefix each other: 340 there are.
static struct lq_span random_key(uint64_t *seed, uint8_t bytes[MODEL_KEY])
{
    static const uint8_t LETTERS[] = {0, 'a', 'b', 255};
    const size_t size = 1 + next_random(seed) % MODEL_KEY;
    for (size_t i = 0; i < size; i++)
        bytes[i] = LETTERS[next_random(seed) >> 62];
    return lq_span(bytes, size);
}

// The number stands at the end of 8..135 bytes, so that overwriting changes sizes too.
static struct lq_span make_value(uint64_t number, uint8_t bytes[160])
{
    const size_t padding = number % 128;
    memset(bytes, (int)number, padding);
    memcpy(bytes + padding, &number, sizeof number);
    return lq_span(bytes, padding + sizeof number);
}

static void assert_row(const struct model_row *row, struct lq_span key, struct lq_span value)
{
    uint8_t bytes[160];
    assert_true(lq_span_equal(model_key(row), key));
    assert_true(lq_span_equal(make_value(row->value, bytes), value));
}

static void compare_reads(struct lq_store *store, const struct model *model, unsigned table,
                          struct lq_span probe)
{
    const struct model_table *rows = &model->tables[table];
    struct lq_span key, value;
    bool equal;
    const size_t at = model_find(rows, probe, &equal);
    assert_int_equal(lq_store_get(store, table, probe, &value), equal);
    if (equal)
        assert_row(&rows->rows[at], probe, value);
    assert_int_equal(lq_store_next(store, table, probe, false, &key, &value), at < rows->count);
    if (at < rows->count)
        assert_row(&rows->rows[at], key, value);
    const size_t after = at + equal;
    assert_int_equal(lq_store_next(store, table, probe, true, &key, &value), after < rows->count);
    if (after < rows->count)
        assert_row(&rows->rows[after], key, value);
    assert_int_equal(lq_store_previous(store, table, probe, &key, &value), at > 0);
    if (at > 0)
        assert_row(&rows->rows[at - 1], key, value);
}

static void compare_all(struct lq_store *store, const struct model *model)
{
    for (unsigned table = 0; table < TABLES; table++) {
        struct lq_span key = NOTHING, value;
        for (size_t i = 0; i < model->tables[table].count; i++) {
            assert_true(lq_store_next(store, table, key, true, &key, &value));
            assert_row(&model->tables[table].rows[i], key, value);
        }
        assert_false(lq_store_next(store, table, key, true, &key, &value));
    }
    assert_int_equal(tip_of(store), model->tip);
    for (uint64_t seq = 1; seq <= model->tip; seq += 1 + model->tip / 20)
        assert_record(store, seq);
}

static void random_step(struct lq_store *store, struct model *model, uint64_t *seed)
{
    uint8_t key_bytes[MODEL_KEY], value_bytes[160];
    const unsigned table = next_random(seed) % TABLES;
    const struct lq_span key = random_key(seed, key_bytes);
    const uint64_t chance = next_random(seed) % 1000;
    if (chance < 450) {
        const uint64_t number = next_random(seed);
        assert_ok(lq_store_put(store, table, key, make_value(number, value_bytes)));
        model_put(&model->tables[table], key, number);
    } else if (chance < 650) {
        assert_ok(lq_store_delete(store, table, key));
        model_delete(&model->tables[table], key);
    } else if (chance < 700) {
        append(store, ++model->tip);
    }
    compare_reads(store, model, table, random_key(seed, key_bytes));
}

static void test_random_steps_against_a_model(void **state)
{
    struct lq_store *store = store_of(state);
    static struct model now, committed;
    now = committed = (struct model){0};
    uint64_t seed = 20150306;
    for (int transaction = 0; transaction < 300; transaction++) {
        assert_ok(lq_store_begin_write(store));
        for (uint64_t steps = next_random(&seed) % 200; steps > 0; steps--)
            random_step(store, &now, &seed);
        if (next_random(&seed) % 3 == 0) {
            lq_store_crash(store);
            now = committed;
        } else {
            assert_ok(lq_store_commit(store));
            committed = now;
        }
        assert_ok(lq_store_begin_read(store));
        compare_all(store, &now);
        lq_store_end_read(store);
    }
    assert_true(now.tip > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_random_steps_against_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
