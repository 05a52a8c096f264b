// SHA-256 against the vectors of FIPS 180-4 and of sha256sum.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/sha256.h"

static void the_vectors_hold(void **state)
{
    (void)state;
    char text[LQ_SHA256_TEXT];
    assert_string_equal(lq_sha256_text(lq_span_text(""), text),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(lq_sha256_text(lq_span_text("abc"), text),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(
        lq_sha256_text(lq_span_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                       text),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

// Every length around a block's and the padding's end.
static void it_is_what_libsodium_says(void **state)
{
    (void)state;
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 31 + 7);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        unsigned char hash[crypto_hash_sha256_BYTES];
        char wanted[2 * sizeof hash + 1], text[LQ_SHA256_TEXT];
        crypto_hash_sha256(hash, bytes, size);
        sodium_bin2hex(wanted, sizeof wanted, hash, sizeof hash);
        assert_string_equal(lq_sha256_text(lq_span(bytes, size), text), wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_hold),
        cmocka_unit_test(it_is_what_libsodium_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
