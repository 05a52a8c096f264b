// The YAML reader: what it reads, what it refuses and where it says the mistake is; the settings,
// the policy, and writing the compiled-in files.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "config/defaults.h"
#include "config/policy.h"
#include "config/settings.h"
#include "config/yaml.h"
#include "support/xian.h"

enum colour { RED, GREEN };

struct point {
    int64_t x;
    struct lq_yaml_where where;
};

struct sample {
    const char *name;
    int64_t number;
    bool flag;
    int32_t day;
    enum colour colour;
    struct point inner;
    struct lq_yaml_list points, texts;
};

static const char *const colours[] = {"red", "green", NULL};
static const struct point blank_point = {.x = 7};
static const struct lq_yaml_field point_fields[] = {
    {"x", false, offsetof(struct point, x), {.kind = LQ_YAML_INT, .least = -9, .most = 9}},
    {"(where)", false, offsetof(struct point, where), {.kind = LQ_YAML_WHERE}},
    {0},
};
static const struct lq_yaml_type point_type = {.kind = LQ_YAML_MAP,
                                               .fields = point_fields,
                                               .size = sizeof(struct point),
                                               .blank = &blank_point};
static const struct lq_yaml_type text_type = {.kind = LQ_YAML_TEXT};

static const char *no_x(const char *text)
{
    return strchr(text, 'x') ? "a text without x" : NULL;
}

#define AT(member) offsetof(struct sample, member)
static const struct lq_yaml_field fields[] = {
    {"name", true, AT(name), {.kind = LQ_YAML_TEXT, .check = no_x}},
    {"number", false, AT(number), {.kind = LQ_YAML_INT, .least = 1, .most = 100}},
    {"flag", false, AT(flag), {.kind = LQ_YAML_BOOL}},
    {"day", false, AT(day), {.kind = LQ_YAML_DAY}},
    {"colour", false, AT(colour), {.kind = LQ_YAML_WORD, .words = colours}},
    {"inner", false, AT(inner), {.kind = LQ_YAML_MAP, .fields = point_fields}},
    {"points", false, AT(points), {.kind = LQ_YAML_LIST, .items = &point_type}},
    {"texts", false, AT(texts), {.kind = LQ_YAML_LIST, .items = &text_type}},
    {0},
};

static enum lq_status load(struct lq_span text, struct sample *out, struct lq_arena *arena)
{
    return lq_yaml_load(text, "f.yaml", fields, out, arena);
}

static void reads_every_kind(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct sample s = {.number = 5};
    const char *text = "# 联勤\nname: \"联勤\"\nflag: true\nday: 2015-07-16\ncolour: green\n"
                       "inner: {x: -3}\npoints:\n  - x: 1\n  - {}\ntexts: [a, 'b c']\n";
    assert_int_equal(load(lq_span_text(text), &s, &arena), LQ_OK);
    assert_string_equal(s.name, "联勤");
    assert_int_equal(s.number, 5); // absent: as it was
    assert_true(s.flag);
    assert_int_equal(s.day, lq_day_from_date(2015, 7, 16));
    assert_int_equal(s.colour, GREEN);
    assert_int_equal(s.inner.x, -3);
    assert_int_equal(s.points.count, 2);
    const struct point *points = s.points.items;
    assert_int_equal(points[0].x, 1);
    assert_int_equal(points[0].where.line, 8);
    assert_int_equal(points[0].where.column, 5);
    assert_int_equal(points[1].x, 7); // from the blank item
    const char *const *texts = s.texts.items;
    assert_int_equal(s.texts.count, 2);
    assert_string_equal(texts[1], "b c");
    lq_arena_free(&arena);
}

static void reads_what_windows_editors_write(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct sample s = {0};
    const char *text = "\xEF\xBB\xBFname: a\r\nnumber: 3\r\n";
    assert_int_equal(load(lq_span_text(text), &s, &arena), LQ_OK);
    assert_string_equal(s.name, "a");
    assert_int_equal(s.number, 3);
    lq_arena_free(&arena);
}

static void an_empty_list_has_no_items(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct sample s = {0};
    assert_int_equal(load(lq_span_text("name: a\ntexts: []\n"), &s, &arena), LQ_OK);
    assert_int_equal(s.texts.count, 0);
    assert_null(s.texts.items);
    lq_arena_free(&arena);
}

// Each text, and the whole of the refusal or (ending with …) its beginning.
static const struct {
    const char *text, *fault;
} refusals[] = {
    {"", "f.yaml:1:1: key 'name' is missing here"},
    {"# nothing\n", "f.yaml:1:1: key 'name' is missing here"},
    {"name: a\nsize: 3\n", "f.yaml:2:1: unknown key 'size'; accepted here: name, number, flag, "
                           "day, colour, inner, points, texts"},
    {"name: a\n(where): 3\ninner: {}\n", "f.yaml:2:1: unknown key '(where)'…"},
    {"name: a\ninner:\n  (where): 3\n", "f.yaml:3:3: unknown key '(where)'; accepted here: x"},
    {"name: a\nflag: true\nname: b\n",
     "f.yaml:3:1: key 'name' stands here a second time; remove one"},
    {"name: a\n\"name\": b\n", "f.yaml:2:1: key 'name' stands here a second time…"},
    {"name: a\ninner: {x: 1, x: 2}\n", "f.yaml:2:15: key 'x' stands here a second time…"},
    {"name: a\n<<: {flag: true}\n", "f.yaml:2:1: unknown key '<<'…"},
    {"? [a]\n: b\n", "f.yaml:1:3: a key must be a single word"},
    {"name: xx\n", "f.yaml:1:7: 'xx' will not do; accepted: a text without x"},
    {"name:\n", "f.yaml:1:6: the value is missing; leave the key out…"},
    {"name: [a]\n", "f.yaml:1:7: a single value is expected here"},
    {"name: \"a\\0b\"\n", "f.yaml:1:7: the text holds a NUL character"},
    {"name: a\nnumber: 0\n", "f.yaml:2:9: '0' will not do; accepted: a whole number from 1 to "
                             "100, not in quotes"},
    {"name: a\nnumber: 101\n", "f.yaml:2:9: '101' will not do…"},
    {"name: a\nnumber: 99999999999999999999\n", "f.yaml:2:9: '99999999999999999999' will not…"},
    {"name: a\nnumber: 010\n", "f.yaml:2:9: '010' will not do…"},
    {"name: a\nnumber: 1e1\n", "f.yaml:2:9: '1e1' will not do…"},
    {"name: a\nnumber: -\n", "f.yaml:2:9: block sequence entries are not allowed…"},
    {"name: a\nnumber: +1\n", "f.yaml:2:9: '+1' will not do…"},
    {"name: a\nnumber: '7'\n", "f.yaml:2:9: '7' will not do…"},
    {"name: a\nflag: yes\n", "f.yaml:2:7: 'yes' will not do; accepted: true or false"},
    {"name: a\nday: 2015-02-29\n",
     "f.yaml:2:6: '2015-02-29' is not a day; accepted: a date such as 2015-07-16"},
    {"name: a\ncolour: blue\n", "f.yaml:2:9: 'blue' is not known here; accepted: red, green"},
    {"name: a\ncolour: \"\\e[31m\"\n", "f.yaml:2:9: '?[31m' is not known here…"},
    {"name: a\ninner: 3\n", "f.yaml:2:8: a mapping (key: value) is expected here"},
    {"name: a\ninner:\n", "f.yaml:2:7: a mapping (key: value) is expected here"},
    {"name: a\ntexts: b\n", "f.yaml:2:8: a list (…"},
    {"- a\n", "f.yaml:1:1: a mapping (key: value) is expected here"},
    {"name: &a b\n", "f.yaml:1:7: an anchor (&) is not accepted; write the value out"},
    {"name: a\ninner: &i {x: 1}\n", "f.yaml:2:8: an anchor (&) is not accepted…"},
    {"name: a\ntexts: &i []\n", "f.yaml:2:8: an anchor (&) is not accepted…"},
    {"name: *a\n", "f.yaml:1:7: an alias (*) is not accepted; write the value out"},
    {"name: !!str 3\n", "f.yaml:1:7: a tag (!) is not accepted; write the value alone"},
    {"name: a\n---\nname: b\n", "f.yaml:2:1: a second document; a file holds one"},
    {"name: 联\n  \xFF\n", "f.yaml:2:3: invalid leading UTF-8 octet; the file must be plain…"},
    {"name: 联\xC0\xAF\n", "f.yaml:1:8: invalid length of a UTF-8 sequence…"},
    {"\xFF\xFEn\0a\0", "f.yaml:1:1: invalid leading UTF-8 octet…"},
    {"name: a\ntexts: [b\n", "f.yaml:3:1: did not find expected ',' or ']'…"},
    {"name: a\n\tflag: true\n", "f.yaml:2:…"},
    {"name: a\ntexts: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n",
     "f.yaml:2:23: nested deeper than 16 levels"},
};

static void refuses_and_says_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct lq_arena arena = {0};
        struct sample s = {0};
        assert_int_equal(load(lq_span_text(refusals[i].text), &s, &arena), LQ_E_INPUT);
        const char *wanted = refusals[i].fault;
        const char *open = strstr(wanted, "…");
        if (open == NULL)
            assert_string_equal(lq_fault_text(), wanted);
        else if (strncmp(lq_fault_text(), wanted, (size_t)(open - wanted)) != 0)
            fail_msg("for %s\n got    %s\n wanted %s", refusals[i].text, lq_fault_text(), wanted);
        lq_arena_free(&arena);
    }
}

static void a_long_value_is_shown_in_part(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct sample s = {0};
    // 13 characters of three bytes are the most that fit into 40.
    const char *text = "name: a\ncolour: 一二三四五六七八九十一二三四五\n";
    assert_int_equal(load(lq_span_text(text), &s, &arena), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), " '一二三四五六七八九十一二三…' "));
    lq_arena_free(&arena);
}

static char *repeat(const char *head, char c, size_t count, size_t *size)
{
    const size_t length = strlen(head);
    char *text = malloc(length + count);
    assert_non_null(text);
    memcpy(text, head, length);
    memset(text + length, c, count);
    *size = length + count;
    return text;
}

static void size_and_depth_are_bounded(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct sample s = {0};
    size_t size;
    char *text = repeat("name: a\n#", '-', LQ_YAML_SIZE_MAX - 9, &size);
    assert_int_equal(size, LQ_YAML_SIZE_MAX);
    assert_int_equal(load(lq_span(text, size), &s, &arena), LQ_OK);
    free(text);
    text = repeat("name: a\n#", '-', LQ_YAML_SIZE_MAX - 8, &size);
    assert_int_equal(load(lq_span(text, size), &s, &arena), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "longer than 262144 bytes"));
    free(text);

    // Without the guard libyaml needs minutes for this many.
    text = repeat("name: ", '[', 200000, &size);
    const int64_t before = lq_steady_ms();
    assert_int_equal(load(lq_span(text, size), &s, &arena), LQ_E_INPUT);
    assert_in_range(lq_steady_ms() - before, 0, 1000);
    assert_non_null(strstr(lq_fault_text(), "nested deeper than 16"));
    free(text);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- files

struct place {
    char directory[32], path[128];
};

static void make_place(struct place *place, const char *name)
{
    strcpy(place->directory, "/tmp/lq_config_XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/%s", place->directory, name);
}

static void put(const struct place *place, const char *text)
{
    FILE *file = fopen(place->path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *directory, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_int_equal(unlink(path), 0);
}

static void the_builtin_settings_are_the_documented_ones(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_settings s;
    assert_int_equal(lq_settings_load(NULL, &arena, &s), LQ_OK);
    assert_string_equal(s.bus.listen, "tcp://127.0.0.1:7400");
    assert_string_equal(s.bus.link_listen, "");
    assert_int_equal(s.journal.map_gib, 64);
    assert_string_equal(s.metrics.listen, "");
    assert_int_equal(s.client.reply_ms, 3000);
    assert_int_equal(s.client.give_up_ms, 30000);
    lq_arena_free(&arena);
}

static void a_settings_file_goes_over_the_builtin_one(void **state)
{
    (void)state;
    struct place place;
    make_place(&place, "lianqin.yaml");
    struct lq_arena arena = {0};
    struct lq_settings s;
    put(&place, "bus:\n  link_listen: tcp://*:7401\njournal: {map_gib: 1}\n"
                "words:\n  - {of: brick_kiln, is: 砖窑}\n");
    assert_int_equal(lq_settings_load(place.path, &arena, &s), LQ_OK);
    assert_int_equal(s.words.count, 1);
    assert_string_equal(((const struct lq_form_word *)s.words.items)->is, "砖窑");
    assert_string_equal(s.bus.link_listen, "tcp://*:7401");
    assert_string_equal(s.bus.listen, "tcp://127.0.0.1:7400");
    assert_int_equal(s.journal.map_gib, 1);

    static const char *const bad[] = {"tcp://",        "tcp://:7400",   "tcp://h",
                                      "tcp://h:0",     "tcp://h:65536", "tcp://h:7a",
                                      "ipc:///run/lq", "\"\"",          "tcp://h:100000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[80], wanted[160];
        snprintf(text, sizeof text, "bus:\n  listen: %s\n", bad[i]);
        put(&place, text);
        assert_int_equal(lq_settings_load(place.path, &arena, &s), LQ_E_INPUT);
        snprintf(wanted, sizeof wanted, "%s:2:11: ", place.path);
        assert_memory_equal(lq_fault_text(), wanted, strlen(wanted));
    }
    static const char *const no_address[] = {"9464", "h:", ":9464", "tcp://h:9464", "h:0", "h:1/x"};
    for (size_t i = 0; i < sizeof no_address / sizeof *no_address; i++) {
        char text[80];
        snprintf(text, sizeof text, "metrics:\n  listen: \"%s\"\n", no_address[i]);
        put(&place, text);
        assert_int_equal(lq_settings_load(place.path, &arena, &s), LQ_E_INPUT);
        assert_non_null(strstr(lq_fault_text(), "127.0.0.1:9464"));
    }
    put(&place, "metrics: {listen: \"[::1]:9464\"}\n");
    assert_int_equal(lq_settings_load(place.path, &arena, &s), LQ_OK);
    assert_string_equal(s.metrics.listen, "[::1]:9464");
    assert_int_equal(unlink(place.path), 0);
    assert_int_equal(lq_settings_load(place.path, &arena, &s), LQ_E_MISSING);
    assert_int_equal(lq_settings_load(place.directory, &arena, &s), LQ_E_INPUT);
    assert_int_equal(rmdir(place.directory), 0);
    lq_arena_free(&arena);
}

static void the_policy_must_name_its_revision(void **state)
{
    (void)state;
    struct place place;
    make_place(&place, "policy.yaml");
    struct lq_arena arena = {0};
    struct lq_policy p;
    assert_int_equal(lq_policy_load(NULL, &arena, &p), LQ_OK);
    assert_string_equal(p.revision, "county-1");
    assert_int_equal(p.future_tolerance_ms, 5000);
    assert_int_equal(p.causal_wait_ms, 5000);
    assert_int_equal(p.batch_max, 512);
    assert_int_equal(p.fetch_max, 512);
    assert_int_equal(p.fetch_wait_max_ms, 30000);
    assert_int_equal(p.journal_refuse_percent, 80);
    assert_int_equal(p.disk_refuse_free_mib, 128);
    put(&place, "revision: county-2\nbatch_max: 64\n");
    assert_int_equal(lq_policy_load(place.path, &arena, &p), LQ_OK);
    assert_string_equal(p.revision, "county-2");
    assert_int_equal(p.batch_max, 64);
    assert_int_equal(p.fetch_max, 512);
    put(&place, "batch_max: 64\n");
    assert_int_equal(lq_policy_load(place.path, &arena, &p), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "key 'revision' is missing"));
    assert_int_equal(unlink(place.path), 0);
    assert_int_equal(rmdir(place.directory), 0);
    lq_arena_free(&arena);
}

static void the_policy_has_limits_and_a_county(void **state)
{
    (void)state;
    struct place place;
    make_place(&place, "policy.yaml");
    struct lq_arena arena = {0};
    struct lq_policy p;
    put(&place, "revision: county-2\n"
                "limits: {vehicles: 12, earliest_day: 2015-01-01}\n"
                "county: {north: 38.5, south: 38, east: 116.56, west: 115.8}\n");
    assert_int_equal(lq_policy_load(place.path, &arena, &p), LQ_OK);
    assert_int_equal(p.limits.vehicles, 12);
    assert_int_equal(p.limits.machines, 200); // the default
    assert_int_equal(p.limits.earliest_day, lq_day_from_date(2015, 1, 1));
    assert_int_equal(p.county.north_e7, 385000000);
    assert_int_equal(p.county.west_e7, 1158000000);

    static const struct {
        const char *text, *why;
    } WRONG[] = {
        {"limits: {vehicle: 12}\n", "unknown key 'vehicle'; accepted here: vehicles, machines"},
        {"limits: {teams: 65}\n", "a whole number from 0 to 64"},
        {"papers: {agency: 某局}\n", "key 'abbreviation' is missing"},
        {"papers: {agency: ''}\n", "a text that is not empty"},
        {"county: {north: 38.5, south: 38, east: 116.56}\n", "key 'west' is missing"},
        {"county: {north: 91, south: 38, east: 116, west: 115}\n", "degrees from -90.0 to 90.0"},
        {"county: {north: 3x, south: 38, east: 116, west: 115}\n", "degrees from -90.0 to 90.0"},
        {"county: {north: 38, south: 38, east: 116, west: 115}\n", "north lies above south"},
        {"county: {north: 39, south: 38, east: 115, west: 116}\n", "east above west"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        put(&place, lq_arena_format(&arena, "revision: county-2\n%s", WRONG[i].text));
        assert_int_equal(lq_policy_load(place.path, &arena, &p), LQ_E_INPUT);
        if (strstr(lq_fault_text(), WRONG[i].why) == NULL)
            fail_msg("%s", lq_fault_text());
    }
    assert_int_equal(unlink(place.path), 0);
    assert_int_equal(rmdir(place.directory), 0);
    lq_arena_free(&arena);
}

// The campaign's own policy, where tests run in the source tree.
static void the_policy_of_the_campaign_can_be_read(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_policy p;
    assert_int_equal(lq_policy_load("configs/xian/policy.yaml", &arena, &p), LQ_OK);
    assert_true(p.limits.vehicles < 100 && p.county.north_e7 - p.county.south_e7 < 10000000);
    assert_string_equal(lq_paper_names(&p)->agency, LQ_NAMES_OF_XIAN.agency);
    assert_string_equal(lq_paper_names(&p)->public_security, LQ_NAMES_OF_XIAN.public_security);
    lq_arena_free(&arena);
}

// The compiled-in bytes are those of the source tree (where tests run).
static void defaults_are_embedded_byte_for_byte(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct lq_default_file *file = lq_default_files; file->name; file++, count++) {
        struct lq_arena arena = {0};
        struct lq_span bytes;
        const char *path = lq_arena_format(&arena, "configs/%s", file->name);
        assert_int_equal(lq_file_load(path, LQ_YAML_SIZE_MAX, &arena, &bytes), LQ_OK);
        assert_true(lq_span_equal(bytes, lq_default_file(file->name)));
        lq_arena_free(&arena);
    }
    assert_int_equal(count, 5);
}

static void writes_what_is_missing_and_touches_nothing_else(void **state)
{
    (void)state;
    struct place place;
    make_place(&place, "policy.yaml");
    put(&place, "revision: mine\n");
    const mode_t before = umask(077); // the mode is 0644 whatever the operator's umask
    assert_int_equal(lq_config_write_defaults(place.directory), LQ_OK);
    umask(before);
    for (const struct lq_default_file *file = lq_default_files; file->name; file++) {
        struct lq_arena arena = {0};
        struct lq_span bytes;
        struct stat about;
        const char *path = lq_arena_format(&arena, "%s/%s", place.directory, file->name);
        assert_int_equal(lq_file_load(path, LQ_YAML_SIZE_MAX, &arena, &bytes), LQ_OK);
        assert_int_equal(stat(path, &about), 0);
        if (strcmp(file->name, "policy.yaml") == 0) {
            assert_true(lq_span_equal(bytes, lq_span_text("revision: mine\n")));
        } else {
            assert_true(lq_span_equal(bytes, lq_span(file->data, file->size)));
            assert_int_equal(about.st_mode & 0777, 0644);
        }
        remove_file(place.directory, file->name);
        lq_arena_free(&arena);
    }
    assert_int_equal(rmdir(place.directory), 0); // no temporary file stayed behind
    assert_int_equal(lq_config_write_defaults(place.directory), LQ_E_IO);
}

static void a_file_may_not_be_too_long(void **state)
{
    (void)state;
    struct place place;
    make_place(&place, "x");
    put(&place, "12345");
    struct lq_arena arena = {0};
    struct lq_span bytes;
    assert_int_equal(lq_file_load(place.path, 5, &arena, &bytes), LQ_OK);
    assert_true(lq_span_equal(bytes, lq_span_text("12345")));
    assert_int_equal(lq_file_load(place.path, 4, &arena, &bytes), LQ_E_INPUT);
    assert_int_equal(unlink(place.path), 0);
    assert_int_equal(mkfifo(place.path, 0600), 0);
    assert_int_equal(lq_file_load(place.path, 5, &arena, &bytes), LQ_E_INPUT);
    assert_int_equal(unlink(place.path), 0);
    assert_int_equal(rmdir(place.directory), 0);
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind),
        cmocka_unit_test(reads_what_windows_editors_write),
        cmocka_unit_test(an_empty_list_has_no_items),
        cmocka_unit_test(refuses_and_says_where),
        cmocka_unit_test(a_long_value_is_shown_in_part),
        cmocka_unit_test(size_and_depth_are_bounded),
        cmocka_unit_test(the_builtin_settings_are_the_documented_ones),
        cmocka_unit_test(a_settings_file_goes_over_the_builtin_one),
        cmocka_unit_test(the_policy_must_name_its_revision),
        cmocka_unit_test(the_policy_has_limits_and_a_county),
        cmocka_unit_test(the_policy_of_the_campaign_can_be_read),
        cmocka_unit_test(defaults_are_embedded_byte_for_byte),
        cmocka_unit_test(writes_what_is_missing_and_touches_nothing_else),
        cmocka_unit_test(a_file_may_not_be_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
