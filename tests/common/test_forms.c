// forms.yaml: what is read, what is refused, and where it says the mistake is.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "config/forms.h"
#include "config/policy.h"
#include "support/xian.h"
#include "envelope.pb-c.h"

#define TOP                                                                                        \
    "revision: r1\nagency: 某局\nabbreviation: 某\ngovernment: 府\nsuperior: 上\ncourt: 院\n"

// A form with that number, field and part of the page, and what else is said of it.
#define FORM(number, field, part)                                                                  \
    TOP "forms:\n  - id: a\n    title: 甲\n    number: \"" number                                  \
        "\"\n    of: [item]\n    fields:\n      - " field "\n    layout:\n      - " part "\n"

static char path[] = "/tmp/lianqin-forms-XXXXXX";

static enum lq_status load(struct lq_arena *arena, const char *text, struct lq_forms *forms)
{
    assert_int_equal(lq_file_replace(path, lq_span_text(text), 0600), LQ_OK);
    return lq_forms_load(path, arena, forms);
}

static void a_form_is_read(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_forms forms;
    assert_int_equal(load(&arena,
                          FORM("某〔{year}〕{n}号", "{id: party, word: 人, law: 法, from: target}",
                               "text: \"{party}{day}\""),
                          &forms),
                     LQ_OK);
    const struct lq_form *form = forms.forms.items;
    const struct lq_form_field *field = form->fields.items;
    const struct lq_form_block *block = form->layout.items;
    assert_string_equal(forms.names.agency, "某局");
    assert_string_equal(forms.names.public_security, ""); // a file of before has none
    assert_string_equal(form->title, "甲");
    assert_null(form->takes);
    assert_int_equal(form->may_roles, 0); // those of the service
    assert_true(field->required);
    assert_string_equal(field->from, "target");
    assert_null(field->text);
    assert_string_equal(block->text, "{party}{day}");
    lq_arena_free(&arena);
}

// What no form can be, and what is said of it.
static const struct {
    const char *text, *why;
} WRONG[] = {
    {"revision: r1\n", "key 'forms' is missing here"},
    {"revision: r1\nagency: 某局\nforms: []\n", "superior and court all are said here, or none"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法, colour: red}", "text: \"{party}\""),
     "unknown key 'colour'; accepted here: id, word, required, law, from, text, each, row, "
     "between"},
    {FORM("某{year}{n}", "{id: 人, word: 人, law: 法}", "text: \"{party}\""),
     "1 to 40 small letters, digits and underscores"},
    {FORM("某{year}", "{id: party, word: 人, law: 法}", "text: \"{party}\""),
     ":8:5: numbers of the form a must have {n} once, and {year} or {thing}"},
    {FORM("某{n}", "{id: party, word: 人, law: 法}", "text: \"{party}\""), "must have {n} once"},
    {FORM("某{year}{n}{n}", "{id: party, word: 人, law: 法}", "text: \"{party}\""),
     "must have {n} once"},
    {FORM("某{year}{n}", "{id: party, word: 人}", "text: \"{party}\""),
     "requires the field party by which law?"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}", "text: \"{part}\""),
     ":15:9: {part} is no field of the form a"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}", "text: \"{party\""),
     "a '{' without its '}'"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}", "text: 无"),
     "the field party stands nowhere on the form a"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}", "{text: \"{party}\", flush: x}"),
     "a part of the page is one of"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}", "table: \"{party}\""),
     "a part of the page is one of"},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, each: list}", "text: \"{rows}\""),
     "the field rows has rows where it says of which list"},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, row: \"{n}\"}", "text: \"{rows}\""),
     "the field rows has rows where it says of which list"},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, between: 、}", "text: \"{rows}\""),
     "the field rows has rows where it says of which list"},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, each: list, row: \"{n}\", from: x}",
          "text: \"{rows}\""),
     "is made of rows (each: …), and so is not from elsewhere"},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, each: list, row: \"{n|甲\"}",
          "text: \"{rows}\""),
     "a brace without its other in the rows of the field rows: \"{n|甲\""},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, each: list, row: \"{{n}\"}",
          "text: \"{rows}\""),
     "a brace without its other"},
    {FORM("某{year}{n}", "{id: rows, word: 人, law: 法, each: list, row: \"n}\"}",
          "text: \"{rows}\""),
     "a brace without its other"},
    {FORM("某{year}{n}\"\n    may: [clerk, driver]\n    takes: \"serve",
          "{id: party, word: 人, law: 法}", "text: \"{party}\""),
     ":8:5: the form a is for \"driver\" to issue, which is no role of people; roles are: "
     "commander, desk, liaison, clerk, inspector, admin, lead, officer, head, reviewer, "
     "supervisor, expert, acceptor, finance (without may: whoever issues the papers of its "
     "service)"},
    {FORM("某{year}{n}\"\n    may: [service]\n    takes: \"serve", "{id: party, word: 人, law: 法}",
          "text: \"{party}\""),
     "\"service\" to issue, which is no role of people"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}\n      - {id: party, word: 名, law: 法}",
          "text: \"{party}\""),
     "has the field party twice"},
    {FORM("某{year}{n}", "{id: party, word: 人, law: 法}",
          "text: \"{party}\"\n  - id: b\n    title: 甲\n    number: 乙{year}{n}\n"
          "    of: [item]\n    fields: []\n    layout: []"),
     ":16:5: the form b has the id, the title or the numbers of a"},
};

static void what_makes_no_sense_is_refused_with_its_place(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_forms forms;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        assert_int_equal(load(&arena, WRONG[i].text, &forms), LQ_E_INPUT);
        if (strstr(lq_fault_text(), WRONG[i].why) == NULL)
            fail_msg("%zu: %s", i, lq_fault_text());
    }
    lq_arena_free(&arena);
}

static void roles_are_read_in_either_language(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_forms forms;
    assert_int_equal(
        load(&arena,
             FORM("某{year}{n}\"\n    may: [clerk, 指挥长, 驻厂监管员]\n    takes: \"serve",
                  "{id: rows, word: 人, law: 法, each: list.orders, row: \"{n}|{a b}\", "
                  "between: ；, text: 无}",
                  "text: \"{rows}\""),
             &forms),
        LQ_OK);
    const struct lq_form *form = forms.forms.items;
    const struct lq_form_field *field = form->fields.items;
    assert_int_equal(form->may_roles, 1u << LQ__ROLE__CLERK | 1u << LQ__ROLE__COMMANDER |
                                          1u << LQ__ROLE__SUPERVISOR);
    assert_string_equal(field->each, "list.orders");
    assert_string_equal(field->row, "{n}|{a b}");
    assert_string_equal(field->between, "；");
    lq_arena_free(&arena);
}

static void what_is_compiled_in_can_be_read(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_forms forms;
    assert_int_equal(lq_forms_load(NULL, &arena, &forms), LQ_OK);
    assert_true(forms.forms.count >= 21);
    assert_null(forms.names.agency); // they are nobody's
    assert_int_equal(lq_forms_load("/nowhere/forms.yaml", &arena, &forms), LQ_E_MISSING);
    lq_arena_free(&arena);
}

// What the policy says goes before what a forms.yaml of before says.
static void papers_are_the_countys_that_the_policy_names(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    struct lq_policy p;
    assert_int_equal(lq_policy_load(NULL, &arena, &p), LQ_OK);
    assert_string_equal(lq_paper_names(&p)->agency, "环境保护主管部门"); // of any county
    const struct lq_forms older = {.names = {.agency = "某局"}};
    p.forms = &older;
    assert_string_equal(lq_paper_names(&p)->agency, "某局");
    p.papers = LQ_NAMES_OF_XIAN;
    assert_string_equal(lq_paper_names(&p)->agency, "献县环境保护局");
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_read),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_its_place),
        cmocka_unit_test(roles_are_read_in_either_language),
        cmocka_unit_test(what_is_compiled_in_can_be_read),
        cmocka_unit_test(papers_are_the_countys_that_the_policy_names),
    };
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
