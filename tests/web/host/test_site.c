// The page in memory: which files, under which paths, with which headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "web/host/site.h"

struct rig {
    struct lq_arena arena;
    struct site site;
    char folder[64];
};

static void put(struct rig *rig, const char *path, const char *text)
{
    const char *at = lq_arena_format(&rig->arena, "%s/%s", rig->folder, path);
    FILE *file = fopen(at, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make(struct rig *rig, const char *path)
{
    assert_int_equal(mkdir(lq_arena_format(&rig->arena, "%s/%s", rig->folder, path), 0700), 0);
}

static int open_rig(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    snprintf(rig->folder, sizeof rig->folder, "/tmp/lianqin-site-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    *state = rig;
    return 0;
}

static int close_rig(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(system(lq_arena_format(&rig->arena, "rm -rf %s", rig->folder)), 0);
    lq_arena_free(&rig->arena);
    free(rig);
    return 0;
}

static const struct site_county no_county = {.outline = "", .words = "{}"};

static enum lq_status load(struct rig *rig)
{
    static const char *const names[] = {"lianqin.xian"};
    return site_load(&rig->arena, rig->folder, names, 1, &no_county, &rig->site);
}

static void expect_file(struct rig *rig, const char *path, const char *text, const char *type)
{
    const struct site_file *file = site_find(&rig->site, path);
    assert_non_null(file);
    assert_true(lq_span_equal(file->plain.bytes, lq_span_text(text)));
    assert_non_null(
        strstr(file->plain.head, lq_arena_format(&rig->arena, "Content-Type: %s\r\n", type)));
    assert_non_null(strstr(file->plain.head,
                           lq_arena_format(&rig->arena, "Content-Length: %zu\r\n", strlen(text))));
    assert_non_null(strstr(file->plain.head, file->plain.tag));
    assert_true(lq_ends_with(file->plain.head, "\r\n\r\n"));
}

static void every_file_has_its_path_type_and_length(void **state)
{
    struct rig *rig = *state;
    put(rig, "index.html", "<p>");
    put(rig, "lead.html", "<b>");
    put(rig, "desk.js", "1");
    put(rig, "x.unknown", "?");
    make(rig, "fonts");
    put(rig, "fonts/a.svg", "<svg>");
    assert_int_equal(load(rig), LQ_OK);
    assert_int_equal(rig->site.count, 5 + 2); // and what the county says
    expect_file(rig, "/", "<p>", "text/html; charset=utf-8");
    expect_file(rig, "/index.html", "<p>", "text/html; charset=utf-8");
    expect_file(rig, "/lead", "<b>", "text/html; charset=utf-8");
    expect_file(rig, "/lead/E0123", "<b>", "text/html; charset=utf-8");
    expect_file(rig, "/desk.js", "1", "text/javascript; charset=utf-8");
    expect_file(rig, "/x.unknown", "?", "application/octet-stream");
    expect_file(rig, "/fonts/a.svg", "<svg>", "image/svg+xml");
}

static void a_path_that_is_none_of_the_files_finds_nothing(void **state)
{
    struct rig *rig = *state;
    static const char *const none[] = {
        "",
        "index.html",
        "//",
        "/desk",
        "/../index.html",
        "/..",
        "/.hidden",
        "/fonts",
        "/desk.js/",
        "/%2e",
        "/index.html/x",
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    put(rig, "index.html", "<p>");
    put(rig, "desk.js", "1");
    put(rig, ".hidden", "secret");
    make(rig, "fonts");
    assert_int_equal(symlink("/etc/passwd", lq_arena_format(&rig->arena, "%s/link", rig->folder)),
                     0);
    assert_int_equal(load(rig), LQ_OK);
    assert_int_equal(rig->site.count, 2 + 2); // and what the county says
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(site_find(&rig->site, none[i]));
}

static void a_packed_file_stands_beside_its_plain_one(void **state)
{
    struct rig *rig = *state;
    put(rig, "index.html", "<p>");
    put(rig, "desk.js", "1");
    put(rig, "desk.js.gz", "packed");
    put(rig, "alone.js.gz", "nothing for others");
    assert_int_equal(load(rig), LQ_OK);
    const struct site_file *file = site_find(&rig->site, "/desk.js");
    assert_non_null(file);
    assert_true(lq_span_equal(file->packed.bytes, lq_span_text("packed")));
    assert_non_null(strstr(file->packed.head, "Content-Encoding: gzip\r\n"));
    assert_non_null(strstr(file->packed.head, "Content-Type: text/javascript"));
    assert_null(strstr(file->plain.head, "Content-Encoding"));
    assert_string_not_equal(file->packed.tag, file->plain.tag);
    assert_null(site_find(&rig->site, "/index.html")->packed.tag);
    assert_null(site_find(&rig->site, "/alone.js"));
    assert_null(site_find(&rig->site, "/desk.js.gz"));
}

static const char *keeping(const struct rig *rig, const char *path)
{
    const struct site_file *file = site_find(&rig->site, path);
    assert_non_null(file);
    assert_non_null(strstr(file->plain.head, file->plain.keeping));
    return file->plain.keeping;
}

// What a browser never asks for again must never be anything else.
static void only_a_file_that_is_named_by_its_content_is_kept_unasked(void **state)
{
    struct rig *rig = *state;
    static const char *const asked[] = {
        "index.html",       "desk.js",          "told-zh.json",
        "desk-short.js",    "desk-VPTLITK.js",  "desk-VPTLITK55.js",
        "desk-vptlitk5.js", "desk-VPTLITK0.js", "desk-VPTLITK5.json"};
    static const char *const kept[] = {"desk-VPTLITK5.js", "desk-ABCDEF27.css", "a-b-VPTLITK5.js"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        put(rig, asked[i], "1");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        put(rig, kept[i], "1");
    assert_int_equal(load(rig), LQ_OK);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        assert_string_equal(keeping(rig, lq_arena_format(&rig->arena, "/%s", asked[i])),
                            "no-cache");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_non_null(
            strstr(keeping(rig, lq_arena_format(&rig->arena, "/%s", kept[i])), "immutable"));
}

static void every_answer_has_the_headers_of_security(void **state)
{
    struct rig *rig = *state;
    put(rig, "index.html", "<p>");
    assert_int_equal(load(rig), LQ_OK);
    static const char *const wanted[] = {"default-src 'none'; script-src 'self'; style-src 'self'",
                                         "connect-src 'self' wss://lianqin.xian;",
                                         "require-trusted-types-for 'script'; trusted-types lq\r\n",
                                         "frame-ancestors 'none'; base-uri 'none'",
                                         "X-Content-Type-Options: nosniff\r\n",
                                         "Referrer-Policy: no-referrer\r\n",
                                         "Cross-Origin-Opener-Policy: same-origin\r\n",
                                         "Cross-Origin-Resource-Policy: same-origin\r\n",
                                         "Permissions-Policy: geolocation=(self), camera=(self)",
                                         "Cache-Control: no-cache\r\nVary: Accept-Encoding\r\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_non_null(strstr(site_find(&rig->site, "/")->plain.head, wanted[i]));
}

static void the_tag_is_that_of_the_bytes(void **state)
{
    struct rig *rig = *state;
    put(rig, "index.html", "<p>");
    put(rig, "a.js", "1");
    put(rig, "b.js", "1");
    assert_int_equal(load(rig), LQ_OK);
    assert_string_equal(site_find(&rig->site, "/a.js")->plain.tag,
                        site_find(&rig->site, "/b.js")->plain.tag);
    assert_string_not_equal(site_find(&rig->site, "/a.js")->plain.tag,
                            site_find(&rig->site, "/")->plain.tag);
}

static void what_the_county_says_is_handed_out(void **state)
{
    struct rig *rig = *state;
    put(rig, "index.html", "<p>");
    assert_int_equal(load(rig), LQ_OK);
    expect_file(rig, "/outline.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}",
                "application/geo+json");
    const char *at = lq_arena_format(&rig->arena, "%s/.county", rig->folder);
    put(rig, ".county", "{\"type\":\"Point\"}");
    const struct site_county county = {.outline = at, .words = "{\"fan_motor\":\"风机电机\"}"};
    assert_int_equal(site_load(&rig->arena, rig->folder, NULL, 0, &county, &rig->site), LQ_OK);
    expect_file(rig, "/outline.geojson", "{\"type\":\"Point\"}", "application/geo+json");
    expect_file(rig, "/words.json", county.words, "application/json");
    const struct site_county none = {.outline = "/no/such", .words = "{}"};
    assert_int_equal(site_load(&rig->arena, rig->folder, NULL, 0, &none, &rig->site), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "web.outline: cannot"));
}

static void without_a_page_there_is_one_that_says_so(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(load(rig), LQ_E_MISSING); // empty
    assert_non_null(strstr(lq_fault_text(), "has no index.html"));
    assert_int_equal(site_load(&rig->arena, "/no/such", NULL, 0, &no_county, &rig->site),
                     LQ_E_MISSING);
    site_missing(&rig->arena, NULL, 0, &rig->site);
    const struct site_file *file = site_find(&rig->site, "/");
    assert_non_null(file);
    assert_non_null(strstr((const char *)file->plain.bytes.data, "网页尚未构建"));
    assert_non_null(strstr((const char *)file->plain.bytes.data, "has not been built"));
    assert_non_null(strstr((const char *)file->plain.bytes.data, "scripts/web-page"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_file_has_its_path_type_and_length, open_rig,
                                        close_rig),
        cmocka_unit_test_setup_teardown(what_the_county_says_is_handed_out, open_rig, close_rig),
        cmocka_unit_test_setup_teardown(a_path_that_is_none_of_the_files_finds_nothing, open_rig,
                                        close_rig),
        cmocka_unit_test_setup_teardown(a_packed_file_stands_beside_its_plain_one, open_rig,
                                        close_rig),
        cmocka_unit_test_setup_teardown(only_a_file_that_is_named_by_its_content_is_kept_unasked,
                                        open_rig, close_rig),
        cmocka_unit_test_setup_teardown(every_answer_has_the_headers_of_security, open_rig,
                                        close_rig),
        cmocka_unit_test_setup_teardown(the_tag_is_that_of_the_bytes, open_rig, close_rig),
        cmocka_unit_test_setup_teardown(without_a_page_there_is_one_that_says_so, open_rig,
                                        close_rig),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
