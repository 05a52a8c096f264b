// Official numbers go on one after the other, past their width too. Over a table that is an array
// of rows, sorted.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "envelope.pb-c.h"
#include "service/number.h"
#include "service/view.h"

static const struct lq_table table = {"things", &lq__record__descriptor};

enum { MOST = 13000 };

struct entry {
    struct lq_key key;
    struct lq_span value;
};

struct memory {
    struct entry *entries;
    unsigned count, gets;
    struct lq_arena arena; // of the values
};

static int compare(struct lq_span a, struct lq_span b)
{
    const size_t size = a.size < b.size ? a.size : b.size;
    const int order = memcmp(a.data, b.data, size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static struct lq_span key_at(const struct memory *memory, unsigned index)
{
    return lq_span(memory->entries[index].key.bytes, memory->entries[index].key.size);
}

// The first entry whose key is not before this one.
static unsigned find(const struct memory *memory, struct lq_span key)
{
    unsigned low = 0, high = memory->count;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        if (compare(key_at(memory, middle), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool get(void *self, const struct lq_table *of, struct lq_span key, struct lq_span *value)
{
    struct memory *memory = self;
    (void)of;
    const unsigned at = find(memory, key);
    memory->gets++;
    if (at == memory->count || compare(key_at(memory, at), key) != 0)
        return false;
    *value = memory->entries[at].value;
    return true;
}

static uint64_t count(void *self, const struct lq_table *of)
{
    const struct memory *memory = self;
    (void)of;
    return memory->count;
}

static void put(void *self, const struct lq_table *of, struct lq_span key, struct lq_span value)
{
    struct memory *memory = self;
    (void)of;
    const unsigned at = find(memory, key);
    if (at == memory->count || compare(key_at(memory, at), key) != 0) {
        assert_true(memory->count < MOST);
        memmove(memory->entries + at + 1, memory->entries + at,
                (memory->count++ - at) * sizeof *memory->entries);
        memory->entries[at].key.size = (uint8_t)key.size;
        memcpy(memory->entries[at].key.bytes, key.data, key.size);
    }
    memory->entries[at].value = lq_arena_copy(&memory->arena, value);
}

static bool previous(void *self, const struct lq_table *of, struct lq_span before,
                     struct lq_span *key, struct lq_span *value)
{
    const struct memory *memory = self;
    (void)of;
    const unsigned at = before.size == 0 ? memory->count : find(memory, before);
    if (at == 0)
        return false;
    *key = key_at(memory, at - 1);
    *value = memory->entries[at - 1].value;
    return true;
}

static const struct lq_view_ops ops = {
    .get = get, .count = count, .put = put, .previous = previous};

struct rig {
    struct memory memory;
    struct lq_arena arena;
    struct lq_view view;
};

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    rig->memory.entries = calloc(MOST, sizeof *rig->memory.entries);
    rig->view =
        (struct lq_view){.ops = &ops, .self = &rig->memory, .arena = &rig->arena, .writable = true};
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    lq_arena_free(&rig->memory.arena);
    lq_arena_free(&rig->arena);
    free(rig->memory.entries);
    free(rig);
    return 0;
}

static void test_numbers_go_on_past_their_width(void **state)
{
    struct rig *rig = *state;
    char expected[16];
    const Lq__Record row = LQ__RECORD__INIT;
    for (unsigned i = 1; i <= 12500; i++) {
        const char *number = lq_next_number(&rig->view, &table, "O0001");
        snprintf(expected, sizeof expected, "O%04u", i);
        assert_string_equal(number, expected);
        lq_save(&rig->view, &table, lq_key_text(number), &row.base);
        if (i % 100 == 0)
            lq_arena_reset(&rig->arena);
    }
    rig->memory.gets = 0;
    lq_next_number(&rig->view, &table, "O0001");
    assert_in_range(rig->memory.gets, 1, 4); // however many were given past the width
}

// What was given and then not used is given again.
static void test_a_number_that_was_not_used(void **state)
{
    struct rig *rig = *state;
    const Lq__Record row = LQ__RECORD__INIT;
    lq_save(&rig->view, &table, lq_key_text("O9"), &row.base);
    for (int i = 0; i < 3; i++)
        assert_string_equal(lq_next_number(&rig->view, &table, "O1"), "O10");
    lq_save(&rig->view, &table, lq_key_text("O10"), &row.base);
    assert_string_equal(lq_next_number(&rig->view, &table, "O1"), "O11");
}

// Where the table holds more than these numbers, how many rows it has says little.
static void test_numbers_among_others(void **state)
{
    struct rig *rig = *state;
    const Lq__Record row = LQ__RECORD__INIT;
    for (unsigned i = 0; i < 400; i++)
        lq_save(&rig->view, &table, lq_key_then_number(lq_key_text("A"), i), &row.base);
    static const char *const given[] = {"O99", "O100", "O101"};
    for (unsigned i = 0; i < 3; i++)
        lq_save(&rig->view, &table, lq_key_text(given[i]), &row.base);
    assert_string_equal(lq_next_number(&rig->view, &table, "O1"), "O102");
    lq_save(&rig->view, &table, lq_key_text("O304"), &row.base); // where the rows point to
    assert_false(
        lq_exists(&rig->view, &table, lq_key_text(lq_next_number(&rig->view, &table, "O1"))));
}

// A number of another book does not lead the service's own astray, wherever it sorts.
static void test_numbers_of_other_books(void **state)
{
    struct rig *rig = *state;
    const Lq__Record row = LQ__RECORD__INIT;
    static const char *const odd[] = {"Z临时9",   "O临时7", "O2015-0099", "O20150301",
                                      "献环-1",   "9",      "O99999999",  "A1",
                                      "OO0007",   "O"};
    for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++)
        lq_save(&rig->view, &table, lq_key_text(odd[i]), &row.base);
    assert_string_equal(lq_next_number(&rig->view, &table, "O0001"), "O0001");
    lq_save(&rig->view, &table, lq_key_text("O0262"), &row.base);
    assert_string_equal(lq_next_number(&rig->view, &table, "O0001"), "O0263");
    // So many of them that the end of the series is not looked for.
    char other[32];
    for (unsigned i = 0; i < 300; i++) {
        snprintf(other, sizeof other, "O临时%u", i);
        lq_save(&rig->view, &table, lq_key_text(other), &row.base);
    }
    const char *number = lq_next_number(&rig->view, &table, "O0001");
    assert_false(lq_exists(&rig->view, &table, lq_key_text(number)));
    assert_memory_equal(number, "O0", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_numbers_go_on_past_their_width, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_number_that_was_not_used, setup, teardown),
        cmocka_unit_test_setup_teardown(test_numbers_among_others, setup, teardown),
        cmocka_unit_test_setup_teardown(test_numbers_of_other_books, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
