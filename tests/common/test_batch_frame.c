// Batch frames between bus and services: what is put in comes out, and what is not a batch frame
// ends.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "bus/worker/batch_frame.h"

static void test_members_come_out_as_they_went_in(void **state)
{
    (void)state;
    struct lq_batch_frame batch = {0};
    uint8_t *large = calloc(1, 1 << 20);
    large[(1 << 20) - 1] = 7;
    for (int round = 0; round < 2; round++) {
        lq_batch_frame_add(&batch, lq_span_text("route"), lq_span_text("reply"));
        lq_batch_frame_add(&batch, lq_span_text("empty"), lq_span(NULL, 0));
        lq_batch_frame_add(&batch, lq_span(NULL, 0), lq_span(large, 1 << 20));
        assert_int_equal(batch.count, 3);
        struct lq_span rest = lq_batch_frame_bytes(&batch), first, second;
        assert_true(lq_batch_frame_take(&rest, &first, &second));
        assert_true(lq_span_equal(first, lq_span_text("route")));
        assert_true(lq_span_equal(second, lq_span_text("reply")));
        assert_true(lq_batch_frame_take(&rest, &first, &second));
        assert_true(lq_span_equal(first, lq_span_text("empty")));
        assert_int_equal(second.size, 0);
        assert_true(lq_batch_frame_take(&rest, &first, &second));
        assert_int_equal(first.size, 0);
        assert_int_equal(second.size, 1 << 20);
        assert_int_equal(second.data[(1 << 20) - 1], 7);
        assert_false(lq_batch_frame_take(&rest, &first, &second));
        assert_int_equal(rest.size, 0);
        lq_batch_frame_empty(&batch);
        assert_int_equal(batch.count, 0);
    }
    free(large);
    lq_batch_frame_free(&batch);
}

static void test_full_by_number_or_by_bytes(void **state)
{
    (void)state;
    struct lq_batch_frame batch = {0};
    for (int i = 0; i < LQ_BATCH_FRAME_ENOUGH; i++) {
        assert_false(lq_batch_frame_is_full(&batch));
        lq_batch_frame_add(&batch, lq_span_text("a"), lq_span_text("b"));
    }
    assert_true(lq_batch_frame_is_full(&batch));
    lq_batch_frame_empty(&batch);
    static const uint8_t bytes[LQ_BATCH_FRAME_ENOUGH_BYTES];
    lq_batch_frame_add(&batch, lq_span_text("a"), lq_span(bytes, sizeof bytes));
    assert_true(lq_batch_frame_is_full(&batch));
    lq_batch_frame_free(&batch);
}

// Every way of cutting a batch frame short gives its whole members and no more.
static void test_cut_short(void **state)
{
    (void)state;
    struct lq_batch_frame batch = {0};
    lq_batch_frame_add(&batch, lq_span_text("aa"), lq_span_text("bbb"));
    lq_batch_frame_add(&batch, lq_span_text("c"), lq_span_text("dd"));
    const struct lq_span all = lq_batch_frame_bytes(&batch);
    for (size_t size = 0; size < all.size; size++) {
        uint8_t *copy = malloc(size + 1); // as large as it is, for ASan
        if (size > 0)
            memcpy(copy, all.data, size);
        struct lq_span rest = lq_span(copy, size), first, second;
        assert_int_equal(lq_batch_frame_take(&rest, &first, &second), size >= 8 + 5);
        if (size >= 8 + 5)
            assert_false(lq_batch_frame_take(&rest, &first, &second));
        free(copy);
    }
    static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3};
    struct lq_span rest = lq_span(huge, sizeof huge), first, second;
    assert_false(lq_batch_frame_take(&rest, &first, &second));
    lq_batch_frame_free(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_come_out_as_they_went_in),
        cmocka_unit_test(test_full_by_number_or_by_bytes),
        cmocka_unit_test(test_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
