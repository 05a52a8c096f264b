// Key files, the list of keys, its edits, and the names of roles.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "bus/keyring/keyring.h"
#include "bus/keyring/roles.h"
#include "envelope.pb-c.h"

static char directory[64];

static const char *path_of(const char *name)
{
    static _Thread_local char paths[4][128]; // some tests have threads
    static _Thread_local unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/lq-keys-XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int remove_one(const char *path, const struct stat *s, int flag, struct FTW *f)
{
    (void)s, (void)flag, (void)f;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    return nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *name, const char *text)
{
    assert_int_equal(lq_file_replace(path_of(name), lq_span_text(text), 0600), LQ_OK);
}

static char *read_file(const char *name)
{
    char *text = NULL;
    size_t size;
    assert_int_equal(lq_file_read(path_of(name), 1 << 20, &text, &size, NULL), LQ_OK);
    return text;
}

// ---------------------------------------------------------------- key files

static void a_key_file_is_its_owners_alone(void **state)
{
    (void)state;
    struct lq_key_pair made, read;
    const mode_t before = umask(0);
    assert_int_equal(lq_keys_create(path_of("a.key"), &made), LQ_OK);
    umask(before);
    struct stat about;
    assert_int_equal(stat(path_of("a.key"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(lq_keys_load(path_of("a.key"), &read), LQ_OK);
    assert_string_equal(read.public_key, made.public_key);
    assert_string_equal(read.secret_key, made.secret_key);
    assert_int_equal(lq_keys_create(path_of("a.key"), &read), LQ_E_BUSY);
    const mode_t open_modes[] = {0640, 0604, 0620, 0602, 0610, 0644, 0666};
    for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
        assert_int_equal(chmod(path_of("a.key"), open_modes[i]), 0);
        assert_int_equal(lq_keys_load(path_of("a.key"), &read), LQ_E_INPUT);
        assert_non_null(strstr(lq_fault_text(), "chmod 600"));
        assert_int_equal(read.secret_key[0], '\0');
    }
    assert_int_equal(chmod(path_of("a.key"), 0400), 0);
    assert_int_equal(lq_keys_load(path_of("a.key"), &read), LQ_OK);
}

static void a_key_file_that_is_none_is_refused(void **state)
{
    (void)state;
    struct lq_key_pair a, b, read;
    char text[256];
    assert_int_equal(lq_keys_generate(&a), LQ_OK);
    assert_int_equal(lq_keys_generate(&b), LQ_OK);
    assert_int_equal(lq_keys_load(path_of("none.key"), &read), LQ_E_MISSING);
    const char *const forms[] = {
        "",
        "public %s\n",
        "secret %s\npublic %s\n",
        "public %s\nsecret %s\nmore\n",
        "public  %s\nsecret %s\n",
        "public %sx\nsecret %s\n",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
        snprintf(text, sizeof text, forms[i], a.public_key, a.secret_key);
#pragma GCC diagnostic pop
        write_file("b.key", text);
        assert_int_equal(lq_keys_load(path_of("b.key"), &read), LQ_E_INPUT);
    }
    snprintf(text, sizeof text, "public %s\nsecret %s\n", a.public_key, b.secret_key);
    write_file("b.key", text);
    assert_int_equal(lq_keys_load(path_of("b.key"), &read), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "does not belong"));
    snprintf(text, sizeof text, "public %s\r\nsecret %s\r\n", a.public_key, a.secret_key);
    write_file("b.key", text);
    assert_int_equal(lq_keys_load(path_of("b.key"), &read), LQ_OK);
}

static void a_public_key_travels_alone(void **state)
{
    (void)state;
    struct lq_key_pair keys;
    char read[LQ_KEY_TEXT];
    assert_int_equal(lq_keys_generate(&keys), LQ_OK);
    assert_int_equal(lq_public_key_write(path_of("a.pub"), keys.public_key), LQ_OK);
    assert_int_equal(lq_public_key_load(path_of("a.pub"), read), LQ_OK);
    assert_string_equal(read, keys.public_key);
    assert_int_equal(lq_public_key_write(path_of("b.pub"), "short"), LQ_E_INPUT);
    write_file("b.pub", "short\n");
    assert_int_equal(lq_public_key_load(path_of("b.pub"), read), LQ_E_INPUT);
    assert_false(lq_key_text_valid("#####################################abc")); // overflows
    assert_false(lq_key_text_valid("\"123456789012345678901234567890123456789"));
}

// ---------------------------------------------------------------- the list

#define KEY_A "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define KEY_B "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

static void the_list_is_read(void **state)
{
    (void)state;
    write_file("authorized", "# people\n\n#\n  \n" KEY_A " JC-01 desk,lead # Wang\n" KEY_B
                             "\t@dispatch  service revoked 2026-03-01T08:00:00+08:00 # gone\r\n");
    struct lq_keyring *keyring = NULL;
    assert_int_equal(lq_keyring_load(path_of("authorized"), &keyring), LQ_OK);
    assert_int_equal(lq_keyring_count(keyring), 2);
    const struct lq_key_entry *a = lq_keyring_find(keyring, KEY_A);
    assert_non_null(a);
    assert_string_equal(a->badge, "JC-01");
    assert_int_equal(a->roles, lq_role_bit("desk") | lq_role_bit("lead"));
    assert_false(a->revoked);
    assert_int_equal(a->line, 5);
    const struct lq_key_entry *b = lq_keyring_find(keyring, KEY_B);
    assert_non_null(b);
    assert_true(b->revoked);
    int64_t when;
    assert_true(lq_parse_instant("2026-03-01T00:00:00Z", &when));
    assert_true(b->revoked_ms == when);
    assert_null(lq_keyring_find(keyring, "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hIE"));
    lq_keyring_free(keyring);
}

static void a_bad_line_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"nonsense", "begins with a public key"},
        {"#no space", "begins with a public key"},
        {KEY_A, "badge"},
        {KEY_A " JC-01", "roles"},
        {KEY_A " JC-01 desk,", "roles"},
        {KEY_A " JC-01 desk,desk", "roles"},
        {KEY_A " JC-01 king", "roles"},
        {KEY_A " JC-01 DESK", "roles"},
        {KEY_A " JC/01 desk", "badge"},
        {KEY_A " @dispatch desk", "badge"},
        {KEY_A " @dispatch service,desk", "badge"},
        {KEY_A " @ service", "badge"},
        {KEY_A " JC-01 desk revoked", "RFC 3339"},
        {KEY_A " JC-01 desk revoked yesterday", "RFC 3339"},
        {KEY_A " JC-01 desk reviked 2026-03-01T00:00:00Z", "only"},
        {KEY_A " JC-01 desk revoked 2026-03-01T00:00:00Z twice", "only"},
        {KEY_A " JC-01 newcomer", "one-time key"},
        {KEY_A " JC-01 newcomer until tomorrow", "RFC 3339"},
        {KEY_A " JC-01 newcomer until 1970-01-01T00:00:00Z", "RFC 3339"},
        {KEY_A " JC-01 newcomer,desk until 2026-03-01T00:00:00Z", "newcomer no other"},
        {KEY_A " JC-01 desk until 2026-03-01T00:00:00Z", "one-time key"},
        {KEY_A " JC-01 newcomer revoked 2026-03-01T00:00:00Z until 2026-03-01T00:00:00Z",
         "one-time key"},
        {KEY_B " JC-02 desk", "stands in line 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512], place[160];
        struct lq_keyring *keyring = NULL;
        snprintf(text, sizeof text, "# list\n%s JC-09 clerk\n%s\n", KEY_B, cases[i].line);
        write_file("authorized", text);
        snprintf(place, sizeof place, "%s:3: ", path_of("authorized"));
        assert_int_equal(lq_keyring_load(path_of("authorized"), &keyring), LQ_E_INPUT);
        assert_non_null(strstr(lq_fault_text(), place));
        if (strstr(lq_fault_text(), cases[i].words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", lq_fault_text(), cases[i].words);
    }
}

static void edits_keep_what_they_do_not_concern(void **state)
{
    (void)state;
    const char *path = path_of("authorized");
    unsigned changed;
    write_file("authorized", "# people\n" KEY_A "   JC-01 desk   # Wang");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(lq_keyring_add(path, KEY_B, "JC-01", lq_role_bit("lead")), LQ_OK);
    assert_int_equal(lq_keyring_add(path, KEY_B, "JC-02", lq_role_bit("lead")), LQ_E_BUSY);
    assert_int_equal(lq_keyring_add(path, "no key", "JC-02", lq_role_bit("lead")), LQ_E_INPUT);
    assert_int_equal(lq_keyring_add(path, KEY_B, "JC-02", 0), LQ_E_INPUT);
    assert_int_equal(lq_keyring_add(path, KEY_B, "JC 02", lq_role_bit("lead")), LQ_E_INPUT);
    assert_int_equal(lq_keyring_revoke(path, "JC-0", NULL, 0, &changed), LQ_E_MISSING);
    assert_int_equal(lq_keyring_revoke(path, "JC-01", NULL, 1772323200000, &changed), LQ_OK);
    assert_int_equal(changed, 2);
    char *text = read_file("authorized");
    assert_string_equal(text, "# people\n" KEY_A
                              "   JC-01 desk revoked 2026-03-01T08:00:00+08:00   # Wang\n" KEY_B
                              " JC-01 lead revoked 2026-03-01T08:00:00+08:00\n");
    free(text);
    assert_int_equal(lq_keyring_revoke(path, "JC-01", NULL, 1772323200001, &changed), LQ_OK);
    assert_int_equal(changed, 0);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    write_file("broken", "nonsense\n");
    assert_int_equal(lq_keyring_add(path_of("broken"), KEY_A, "JC-01", lq_role_bit("desk")),
                     LQ_E_INPUT);
}

static void a_remark_is_a_device(void **state)
{
    (void)state;
    const char *path = path_of("authorized");
    unsigned changed;
    struct lq_keyring *keyring = NULL;
    write_file("authorized", KEY_A " JC-01 lead  #  华为 Mate \r\n" KEY_B " JC-01 lead #华为\n");
    assert_int_equal(lq_keyring_load(path, &keyring), LQ_OK);
    assert_string_equal(lq_keyring_at(keyring, 0)->remark, "华为 Mate");
    assert_string_equal(lq_keyring_at(keyring, 1)->remark, "华为");
    lq_keyring_free(keyring);
    assert_int_equal(lq_keyring_revoke(path, "JC-01", "小米", 1, &changed), LQ_E_MISSING);
    assert_non_null(strstr(lq_fault_text(), "小米"));
    assert_int_equal(lq_keyring_revoke(path, "JC-01", "华为", 1, &changed), LQ_OK);
    assert_int_equal(changed, 1);
    assert_int_equal(lq_keyring_load(path, &keyring), LQ_OK);
    assert_false(lq_keyring_at(keyring, 0)->revoked);
    assert_true(lq_keyring_at(keyring, 1)->revoked);
    assert_string_equal(lq_keyring_at(keyring, 1)->remark, "华为");
    lq_keyring_free(keyring);
    write_file("authorized",
               KEY_A " JC-01 lead # 一二三四五六七八九十一二三四五六七八九十一二三\n");
    assert_int_equal(lq_keyring_load(path, &keyring), LQ_OK); // 23 characters, of which 21 fit
    assert_string_equal(lq_keyring_at(keyring, 0)->remark,
                        "一二三四五六七八九十一二三四五六七八九十一");
    lq_keyring_free(keyring);
    static const char *const UNFIT[] = {
        "",
        " a",
        "a ",
        "a\nb",
        "\x7f",
        "\xff",
        "0123456789012345678901234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof UNFIT / sizeof *UNFIT; i++)
        assert_false(lq_remark_valid(UNFIT[i]));
    assert_true(lq_remark_valid("华为 Mate #2"));
}

static void a_one_time_key_comes_and_goes(void **state)
{
    (void)state;
    const char *path = path_of("authorized");
    const uint32_t lead = lq_role_bit("lead"), newcomer = lq_role_bit("newcomer");
    struct lq_key_pair once, twice, own;
    struct lq_keyring *keyring = NULL;
    assert_int_equal(lq_keys_generate(&once), LQ_OK);
    assert_int_equal(lq_keys_generate(&twice), LQ_OK);
    assert_int_equal(lq_keys_generate(&own), LQ_OK);
    write_file("authorized", "# people\n" KEY_A "   JC-01 lead   # Wang");
    assert_int_equal(lq_keyring_add(path, once.public_key, "JC-01", newcomer), LQ_E_INPUT);
    assert_int_equal(lq_keyring_add_newcomer(path, KEY_A, "JC-01", 2000), LQ_E_BUSY);
    assert_int_equal(lq_keyring_add_newcomer(path, "no key", "JC-01", 2000), LQ_E_INPUT);
    assert_int_equal(lq_keyring_add_newcomer(path, once.public_key, "@shift", 2000), LQ_E_INPUT);
    assert_int_equal(lq_keyring_add_newcomer(path, once.public_key, "JC-01", 2000), LQ_OK);
    assert_int_equal(lq_keyring_load(path, &keyring), LQ_OK);
    const struct lq_key_entry *entry = lq_keyring_find(keyring, once.public_key);
    assert_non_null(entry);
    assert_int_equal(entry->roles, newcomer);
    assert_true(lq_key_entry_opens(entry, 1999));
    assert_false(lq_key_entry_opens(entry, 2000));
    lq_keyring_free(keyring);
    // one at a time
    assert_int_equal(lq_keyring_add_newcomer(path, twice.public_key, "JC-02", 2000), LQ_OK);
    assert_int_equal(lq_keyring_load(path, &keyring), LQ_OK);
    assert_int_equal(lq_keyring_count(keyring), 2);
    assert_null(lq_keyring_find(keyring, once.public_key));
    lq_keyring_free(keyring);
    // nobody comes in by one that is gone, that is no one-time key, or that is over
    assert_int_equal(lq_keyring_admit(path, once.public_key, own.public_key, lead, "x", 1),
                     LQ_E_MISSING);
    assert_int_equal(lq_keyring_admit(path, KEY_A, own.public_key, lead, "x", 1), LQ_E_MISSING);
    assert_int_equal(lq_keyring_admit(path, twice.public_key, own.public_key, lead, "x", 2000),
                     LQ_E_MISSING);
    assert_int_equal(lq_keyring_admit(path, twice.public_key, KEY_A, lead, "x", 1), LQ_E_BUSY);
    assert_int_equal(lq_keyring_admit(path, twice.public_key, own.public_key, lead, "a\nb", 1),
                     LQ_E_INPUT);
    assert_int_equal(lq_keyring_admit(path, twice.public_key, own.public_key, newcomer, "x", 1),
                     LQ_E_INPUT);
    assert_int_equal(lq_keyring_admit(path, twice.public_key, own.public_key, lead, "华为 Mate", 1),
                     LQ_OK);
    char *text = read_file("authorized"), wanted[256];
    snprintf(wanted, sizeof wanted,
             "# people\n" KEY_A "   JC-01 lead   # Wang\n%s JC-02 lead # 华为 Mate\n",
             own.public_key);
    assert_string_equal(text, wanted);
    free(text);
    // dropped
    assert_int_equal(lq_keyring_add_newcomer(path, once.public_key, "JC-01", 2000), LQ_OK);
    assert_int_equal(lq_keyring_drop_newcomer(path, once.public_key), LQ_OK);
    assert_int_equal(lq_keyring_drop_newcomer(path, once.public_key), LQ_OK);
    assert_int_equal(lq_keyring_drop_newcomer(path, KEY_A), LQ_OK); // which is none
    text = read_file("authorized");
    assert_string_equal(text, wanted);
    free(text);
}

enum { EDITORS = 6, EDITS = 15 };
static atomic_bool reading;

static void *edit_much(void *argument)
{
    char badge[32];
    for (int i = 0; i < EDITS; i++) {
        struct lq_key_pair keys;
        unsigned changed;
        snprintf(badge, sizeof badge, "E%d-%d", (int)(intptr_t)argument, i);
        if (lq_keys_generate(&keys) != LQ_OK ||
            lq_keyring_add(path_of("shared"), keys.public_key, badge, lq_role_bit("officer")) !=
                LQ_OK ||
            lq_keyring_revoke(path_of("shared"), badge, NULL, 1, &changed) != LQ_OK || changed != 1)
            return &directory; // any pointer: it failed
    }
    return NULL;
}

static void *read_much(void *argument)
{
    (void)argument;
    while (atomic_load(&reading)) {
        struct lq_keyring *keyring = NULL;
        const enum lq_status status = lq_keyring_load(path_of("shared"), &keyring);
        if (status != LQ_OK && status != LQ_E_MISSING)
            return &directory;
        lq_keyring_free(keyring);
    }
    return NULL;
}

static void edits_at_the_same_time_lose_nothing(void **state)
{
    (void)state;
    pthread_t editors[EDITORS], reader;
    void *trouble;
    atomic_store(&reading, true);
    assert_int_equal(pthread_create(&reader, NULL, read_much, NULL), 0);
    for (intptr_t i = 0; i < EDITORS; i++)
        assert_int_equal(pthread_create(&editors[i], NULL, edit_much, (void *)i), 0);
    for (int i = 0; i < EDITORS; i++) {
        pthread_join(editors[i], &trouble);
        assert_null(trouble);
    }
    atomic_store(&reading, false);
    pthread_join(reader, &trouble);
    assert_null(trouble);
    struct lq_keyring *keyring = NULL;
    assert_int_equal(lq_keyring_load(path_of("shared"), &keyring), LQ_OK);
    assert_int_equal(lq_keyring_count(keyring), EDITORS * EDITS);
    for (size_t i = 0; i < lq_keyring_count(keyring); i++) {
        const struct lq_key_entry *entry = lq_keyring_at(keyring, i);
        assert_true(entry->revoked);
        assert_ptr_equal(lq_keyring_find(keyring, entry->public_key), entry);
    }
    lq_keyring_free(keyring);
}

// ---------------------------------------------------------------- roles

static void roles_have_names(void **state)
{
    (void)state;
    char text[LQ_ROLES_TEXT];
    uint32_t mask = 99;
    assert_string_equal(lq_role_name(2), "desk");
    assert_null(lq_role_name(0));
    assert_string_equal(lq_role_name(10), "head");
    assert_string_equal(lq_role_name(11), "reviewer");
    assert_string_equal(lq_role_name(15), "acceptor");
    assert_string_equal(lq_role_name(16), "finance");
    assert_string_equal(lq_role_name(17), "newcomer");
    assert_null(lq_role_name(18));
    assert_int_equal(lq_role_bit("commander"), 1u << 1);
    assert_int_equal(lq_role_bit("service"), 1u << 9);
    assert_int_equal(lq_role_bit(""), 0);
    assert_false(lq_roles_parse("", &mask));
    assert_false(lq_roles_parse("desk,,lead", &mask));
    assert_int_equal(mask, 99);
    assert_true(lq_roles_parse("lead,desk", &mask));
    assert_string_equal(lq_roles_format(mask, text), "desk,lead");
    assert_string_equal(lq_roles_format(0, text), "");
    assert_true(lq_roles_parse(lq_roles_format(0x3fe, text), &mask));
    assert_int_equal(mask, 0x3fe);
}

static void roles_are_named_as_in_the_protocol(void **state)
{
    (void)state;
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const ProtobufCEnumValue *role = &lq__role__descriptor.values[i];
        const char *name = lq_role_name((unsigned)role->value);
        if (role->value == LQ__ROLE__ROLE_UNSPECIFIED)
            assert_null(name);
        else
            assert_int_equal(strcasecmp(name, role->name), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_file_is_its_owners_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_file_that_is_none_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_public_key_travels_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_list_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_line_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(edits_keep_what_they_do_not_concern, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_remark_is_a_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_one_time_key_comes_and_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(edits_at_the_same_time_lose_nothing, set_up, tear_down),
        cmocka_unit_test(roles_have_names),
        cmocka_unit_test(roles_are_named_as_in_the_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
