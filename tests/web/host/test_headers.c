// The headers of a request, as far as libwebsockets leaves them to us.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/host/headers.h"

static void a_word_is_found_in_a_list_as_a_whole(void **state)
{
    (void)state;
    static const char *const with[] = {"gzip",          "GZip",         "br, gzip", "gzip,br",
                                       " gzip ;q=0.5 ", "br,\tgzip\t,", ",,gzip",   "a;x=y, gzip"};
    static const char *const without[] = {"", ",", "gzi", "gzipp", "x-gzip", "br;gzip", "br gzip"};
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        assert_true(web_list_has(with[i], "gzip"));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false(web_list_has(without[i], "gzip"));
}

static void an_origin_is_the_host_with_either_scheme(void **state)
{
    (void)state;
    assert_true(web_same_origin("http://127.0.0.1:7480", "127.0.0.1:7480"));
    assert_true(web_same_origin("https://Lianqin.xian", "lianqin.XIAN"));
    assert_true(web_same_origin("https://[::1]:7443", "[::1]:7443"));
    static const char *const others[] = {"",
                                         "null",
                                         "a",
                                         "://a",
                                         "ws://a",
                                         "https:a",
                                         "https:/a",
                                         "https://a/",
                                         "https://a:443",
                                         "https://ab",
                                         "https://",
                                         "httpss://a",
                                         "http s://a",
                                         "https://a https://b",
                                         "file://a"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(web_same_origin(others[i], "a"));
}

// Whoever lets a name of his own point here is another site.
static void a_host_is_an_address_localhost_or_one_of_the_names(void **state)
{
    (void)state;
    static const char *const names[] = {"lianqin.xian", "lq"};
    static const char *const ours[] = {
        "127.0.0.1",      "127.0.0.1:7480", "10.0.0.5:7443", "[::1]:7480",        "[fe80::1]",
        "localhost:7480", "LOCALHOST",      "lianqin.xian",  "Lianqin.Xian:7443", "lq:1"};
    static const char *const others[] = {"",
                                         "evil.com",
                                         "lianqin.xian.evil.com",
                                         "127.0.0",
                                         "127.0.0.1.nip.io",
                                         "[::1",
                                         "[]",
                                         "127.0.0.1:7480 10.0.0.1",
                                         "127.0.0.1:",
                                         "127.0.0.1:x",
                                         "[::1]x",
                                         "[127.0.0.1]",
                                         "::1",
                                         "[evil.com]",
                                         ":7480",
                                         "xlianqin.xian"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        assert_true(web_host_is_ours(ours[i], names, 2));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(web_host_is_ours(others[i], names, 2));
    assert_false(web_host_is_ours("lianqin.xian", NULL, 0));
}

static void a_key_is_sixteen_bytes_in_base64(void **state)
{
    (void)state;
    assert_true(web_is_key("dGhlIHNhbXBsZSBub25jZQ=="));
    assert_true(web_is_key("+/+/+/+/+/+/+/+/+/+/+/=="));
    static const char *const others[] = {"",
                                         "==",
                                         "dGhlIHNhbXBsZSBub25jZQ=",
                                         "dGhlIHNhbXBsZSBub25jZQ",
                                         "dGhlIHNhbXBsZSBub25jZQ===",
                                         "dGhlIHNhbXBsZSBub25jZQAA",
                                         "dGhlIHNhbXBsZSBub25jZ===",
                                         "dGhl-HNhbXBsZSBub25jZQ==",
                                         "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ=="};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(web_is_key(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_found_in_a_list_as_a_whole),
        cmocka_unit_test(an_origin_is_the_host_with_either_scheme),
        cmocka_unit_test(a_host_is_an_address_localhost_or_one_of_the_names),
        cmocka_unit_test(a_key_is_sixteen_bytes_in_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
