// web: of lianqin.yaml: what is taken, and what is refused with the place and what would do.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/settings.h"

static char path[] = "/tmp/lianqin-web-settings-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    const int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static enum lq_status load(struct lq_arena *arena, struct lq_settings *settings, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "web:\n%s", text);
    assert_int_equal(fclose(file), 0);
    return lq_settings_load(path, arena, settings);
}

static void the_builtin_ones_are_for_this_machine_alone(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_settings s;
    assert_int_equal(lq_settings_load(NULL, &arena, &s), LQ_OK);
    assert_string_equal(s.web.listen, "http://127.0.0.1:7480");
    assert_string_equal(s.web.tls_listen, "");
    assert_string_equal(s.web.certificate, "");
    assert_string_equal(s.web.key, "");
    assert_string_equal(s.web.page, "");
    assert_string_equal(s.web.outline, "");
    assert_false(s.web.behind_gateway);
    assert_int_equal(s.web.names.count, 0);
    assert_int_equal(s.web.connections, 2000);
    lq_arena_free(&arena);
}

static void what_fits_together_is_taken(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_settings s;
    static const char *const good[] = {
        "  listen: \"\"\n",
        "  listen: http://127.0.0.9:1\n",
        "  listen: http://localhost:7480\n",
        "  listen: \"http://[::1]:7480\"\n",
        "  listen: http://10.0.0.5:7480\n  behind_gateway: true\n",
        "  tls_listen: https://0.0.0.0:7443\n  certificate: a\n  key: b\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(load(&arena, &s, good[i]), LQ_OK);
    assert_int_equal(load(&arena, &s, "  names: [a, b, c, d, e, f, g, h]\n"), LQ_OK);
    assert_int_equal(load(&arena, &s, "  names: [a.b, lianqin-1]\n  connections: 9\n  page: p\n"
                                        "  outline: o.geojson\n"),
                     LQ_OK);
    assert_int_equal(s.web.names.count, 2);
    assert_string_equal(((const char *const *)s.web.names.items)[1], "lianqin-1");
    assert_int_equal(s.web.connections, 9);
    assert_string_equal(s.web.page, "p");
    assert_string_equal(s.web.outline, "o.geojson");
    lq_arena_free(&arena);
}

static void what_does_not_is_refused_with_what_would_do(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_settings s;
    static const char long_name[] =
        "  names: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n";
    static const struct {
        const char *text, *told;
    } bad[] = {
        {"  listen: http://0.0.0.0:7480\n", "web.behind_gateway: true"},
        {"  listen: http://127.evil.example:7480\n", "web.tls_listen"},
        {"  tls_listen: https://h\n", "https://HOST:PORT"},
        {"  listen: http://localhost.evil.example:7480\n", "web.tls_listen"},
        {"  listen: https://127.0.0.1:7480\n", "http://HOST:PORT"},
        {"  listen: http://127.0.0.1:7480/x\n", "http://HOST:PORT"},
        {"  listen: http://127.0.0.1\n", "http://HOST:PORT"},
        {"  tls_listen: http://0.0.0.0:7443\n", "https://HOST:PORT"},
        {"  tls_listen: https://0.0.0.0:7443\n", "web.certificate and web.key"},
        {"  tls_listen: https://0.0.0.0:7443\n  certificate: a\n", "web.certificate and web.key"},
        {"  tls_listen: https://0.0.0.0:7443\n  key: a\n", "web.certificate and web.key"},
        {"  names: ['']\n", "a host's name"},
        {"  names: ['a:7480']\n", "a host's name"},
        {"  names: [\"a\\r\\nSet-Cookie: b\"]\n", "a host's name"},
        {long_name, "a host's name"},
        {"  names: [a, b, c, d, e, f, g, h, i]\n", "9 names, 8 at most"},
        {"  connections: 0\n", "1"},
        {"  behind_gateway: perhaps\n", "true"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(load(&arena, &s, bad[i].text), LQ_E_INPUT);
        assert_non_null(strstr(lq_fault_text(), path));
        if (strstr(lq_fault_text(), bad[i].told) == NULL)
            fail_msg("%s: %s", bad[i].text, lq_fault_text());
    }
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_builtin_ones_are_for_this_machine_alone),
        cmocka_unit_test(what_fits_together_is_taken),
        cmocka_unit_test(what_does_not_is_refused_with_what_would_do),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
