// The forms that are shipped fit the things that they are about; and what a page makes of what was
// typed.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/papers_internal.h"

static struct lq_arena arena;
static struct lq_forms forms;

// ---------------------------------------------------------------- forms and things

static const struct lq_thing *thing_of(const char *kind)
{
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        if (lq_has_papers(*s) && lq_thing_named(*s, kind) != NULL)
            return lq_thing_named(*s, kind);
    fail_msg("no service that has papers records a %s", kind);
    return NULL;
}

static bool is_word_of_verb(const char *word, size_t size, int *verb)
{
    const ProtobufCEnumDescriptor *verbs = &rules__verb__descriptor;
    for (unsigned i = 0; i < verbs->n_values; i++) {
        const char *name = lq_word_of(&arena, verbs, verbs->values[i].value);
        *verb = verbs->values[i].value;
        if (strlen(name) == size && memcmp(name, word, size) == 0)
            return true;
    }
    return false;
}

static void check_takes(const struct lq_form *form, const struct lq_thing *thing)
{
    int verb;
    bool found = false;
    assert_true(is_word_of_verb(form->takes, strlen(form->takes), &verb));
    for (unsigned i = 0; thing->steps != NULL && i < thing->steps->count; i++)
        found = found || thing->steps->steps[i].verb == verb;
    if (!found)
        fail_msg("%s: a %s never takes the step %s", form->id, thing->kind, form->takes);
}

static void check_member(const struct lq_form *form, const ProtobufCMessageDescriptor *type,
                         const char *member)
{
    if (protobuf_c_message_descriptor_get_field_by_name(type, member) == NULL)
        fail_msg("%s: %s has no field %s", form->id, type->name, member);
}

// "premises target", "step decide_release.ground", "term SZ6", "paper prior_notice", "party"
static void check_source(const struct lq_form *form, const struct lq_thing *thing,
                         const char *source)
{
    const char *space = strchr(source, ' ');
    const char *what = space != NULL ? space + 1 : source;
    const size_t as = space != NULL ? (size_t)(space - source) : 0;
    int verb;
    if (as == 4 && memcmp(source, "term", 4) == 0)
        return;
    if (as == 5 && memcmp(source, "paper", 5) == 0) {
        assert_non_null(lq_form_named(&forms, what));
        return;
    }
    if (as == 4 && memcmp(source, "step", 4) == 0) {
        assert_true(is_word_of_verb(what, strcspn(what, "."), &verb));
        check_member(form, &rules__act__descriptor, strchr(what, '.') + 1);
        return;
    }
    check_member(form, lq_thing_type(thing), what);
}

static void check_field(const struct lq_form *form, const struct lq_thing *thing,
                        const struct lq_form_field *field)
{
    for (const char *from = field->from; from != NULL && *from != '\0';) {
        const size_t size = strcspn(from, "|");
        check_source(form, thing, lq_arena_format(&arena, "%.*s", (int)size, from));
        from += size + (from[size] == '|');
    }
}

static void every_form_fits_its_things(void **state)
{
    (void)state;
    const struct lq_form *all = forms.forms.items;
    for (size_t i = 0; i < forms.forms.count; i++) {
        const char *const *kinds = all[i].of.items;
        assert_true(all[i].of.count > 0);
        for (size_t j = 0; j < all[i].of.count; j++) {
            const struct lq_thing *thing = thing_of(kinds[j]);
            if (all[i].takes != NULL)
                check_takes(&all[i], thing);
            for (size_t k = 0; k < all[i].fields.count; k++)
                check_field(&all[i], thing, &lq_form_fields(&all[i])[k]);
        }
    }
}

// ---------------------------------------------------------------- pages

static const char *page_of(const char *id, const char *number, const char *field, const char *value)
{
    const struct lq_form *form = lq_form_named(&forms, id);
    struct lq_drawn_paper paper = {
        .forms = &forms, .form = form, .number = number, .thing = "I1", .day = 16632};
    paper.values = LQ_NEW_ARRAY(&arena, const char *, form->fields.count);
    for (size_t i = 0; i < form->fields.count; i++)
        paper.values[i] = strcmp(lq_form_fields(form)[i].id, field) == 0 ? value : "";
    const struct lq_span page = lq_paper_page(&arena, &paper);
    return lq_arena_format(&arena, "%.*s", (int)page.size, (const char *)page.data);
}

static void assert_has(const char *page, const char *text)
{
    if (strstr(page, text) == NULL)
        fail_msg("\"%s\" is not in %s", text, strstr(page, "<body>"));
}

static void what_was_typed_is_text(void **state)
{
    (void)state;
    const char *page = page_of("seizure_decision", "某1号", "duties",
                               "<script>alert('1')</script> & \"甲\"\n第二段");
    assert_has(page, "<p class=\"t\">&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; "
                     "&quot;甲&quot;</p><p class=\"t\">第二段</p>");
    assert_null(strstr(page, "<script"));
    assert_has(page, "<p class=\"number\">某1号</p>");
    assert_has(page, "<p>献县环境保护局</p><p>（盖章）</p><p>2015年7月16日</p>");
}

static void what_nobody_says_is_left_out_and_in_a_draft_stands_in_brackets(void **state)
{
    (void)state;
    const char *page = page_of("scene_record", "某1号", "party", "某厂");
    assert_has(page, "当事人：某厂");
    assert_null(strstr(page, "见证人：</p>")); // no witness, no line for one
    page = page_of("scene_record", "", "party", "某厂");
    assert_has(page, "现场情况：【缺：现场情况】");
    assert_has(page, "（草稿，未编文号）");
    assert_null(strstr(page, "【缺：见证人】"));
}

static void rows_of_a_table_are_lines_and_more_cells_than_columns_are_the_last_ones(void **state)
{
    (void)state;
    const char *page =
        page_of("transfer_detention_list", "某1号", "materials", "笔录|1|2\n照片|1|4|彩色|附说明");
    assert_has(page, "<tr><td>笔录</td><td>1</td><td>2</td><td></td></tr>"
                     "<tr><td>照片</td><td>1</td><td>4</td><td>彩色|附说明</td></tr>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_fits_its_things),
        cmocka_unit_test(what_was_typed_is_text),
        cmocka_unit_test(what_nobody_says_is_left_out_and_in_a_draft_stands_in_brackets),
        cmocka_unit_test(rows_of_a_table_are_lines_and_more_cells_than_columns_are_the_last_ones),
    };
    assert_int_equal(lq_forms_load(NULL, &arena, &forms), LQ_OK);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
