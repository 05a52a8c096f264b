// The hash that goes along: whatever the pieces are, the end is the same.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/sha256.h"

static const char *hash_in_pieces(struct lq_arena *arena, struct lq_span bytes, size_t piece)
{
    struct lq_span state = lq_span(NULL, 0);
    for (size_t at = 0; at < bytes.size; at += piece) {
        const size_t size = bytes.size - at < piece ? bytes.size - at : piece;
        state = lq_sha256_add(arena, state, at, lq_span(bytes.data + at, size));
        assert_true(state.size <= LQ_SHA256_STATE_MOST);
        assert_int_equal(state.size, 32 + (at + size) % 64);
    }
    return lq_sha256_hex(arena, state, bytes.size);
}

// FIPS 180-4's own examples.
static void test_known_hashes(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    assert_string_equal(lq_sha256_hex(&arena, lq_span(NULL, 0), 0),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(hash_in_pieces(&arena, lq_span_text("abc"), 3),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *longer = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    for (size_t piece = 1; piece <= strlen(longer); piece++)
        assert_string_equal(hash_in_pieces(&arena, lq_span_text(longer), piece),
                            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char text[LQ_SHA256_HEX + 1]; // all at once
    assert_string_equal(lq_sha256_text(lq_span_text(longer), text),
                        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    lq_arena_free(&arena);
}

static void test_pieces_of_any_size(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    uint8_t bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 3);
    const char *whole = hash_in_pieces(&arena, lq_span(bytes, sizeof bytes), sizeof bytes);
    static const size_t PIECES[] = {1, 63, 64, 65, 127, 128, 200, 999};
    for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++)
        assert_string_equal(hash_in_pieces(&arena, lq_span(bytes, sizeof bytes), PIECES[i]), whole);
    bytes[500] ^= 1;
    assert_string_not_equal(hash_in_pieces(&arena, lq_span(bytes, sizeof bytes), 64), whole);
    lq_arena_free(&arena);
}

static void test_what_is_a_hash(void **state)
{
    (void)state;
    char text[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_true(lq_sha256_is_hex(text));
    assert_false(lq_sha256_is_hex(text + 1));
    assert_false(lq_sha256_is_hex(""));
    text[10] = 'A';
    assert_false(lq_sha256_is_hex(text));
    text[10] = 'g';
    assert_false(lq_sha256_is_hex(text));
    assert_false(
        lq_sha256_is_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_hashes),
        cmocka_unit_test(test_pieces_of_any_size),
        cmocka_unit_test(test_what_is_a_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
