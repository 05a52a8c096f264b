// The forms that are shipped fit the things that they are about; and what a page makes of what was
// typed.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "dispatch.pb-c.h"
#include "rules/papers_internal.h"
#include "support/xian.h"

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

// What is at the end of "entry.supervisors.1.name"; NULL: nothing is.
static const ProtobufCFieldDescriptor *at_path(const ProtobufCMessageDescriptor *type,
                                               const char *path)
{
    const ProtobufCFieldDescriptor *field = NULL;
    while (type != NULL && *path != '\0') {
        const size_t size = strcspn(path, ".");
        if (field == NULL || field->label != PROTOBUF_C_LABEL_REPEATED || *path < '1' ||
            *path > '9')
            field = protobuf_c_message_descriptor_get_field_by_name(
                type, lq_arena_format(&arena, "%.*s", (int)size, path));
        if (field == NULL)
            return NULL;
        path += size + (path[size] == '.');
        type = field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
    }
    return *path == '\0' ? field : NULL;
}

// Of the thing's row, or of what belongs to it.
static const ProtobufCFieldDescriptor *member_of(const struct lq_thing *thing, const char *path)
{
    const ProtobufCFieldDescriptor *field = at_path(lq_thing_type(thing), path);
    return field == NULL && thing->paper_type != NULL ? at_path(thing->paper_type, path) : field;
}

static void check_member(const struct lq_form *form, const ProtobufCMessageDescriptor *type,
                         const char *member)
{
    if (at_path(type, member) == NULL)
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
    if (member_of(thing, what) == NULL)
        fail_msg("%s: a %s has no %s", form->id, thing->kind, what);
}

static bool has_word(const char *member, const char *word)
{
    const struct lq_form_word *words = forms.words.items;
    const char *of = lq_arena_format(&arena, "%s.%s", member, word);
    for (size_t i = 0; i < forms.words.count; i++)
        if (strcmp(words[i].of, word) == 0 || strcmp(words[i].of, of) == 0)
            return true;
    return false;
}

// A page is Chinese: whatever an enum's field can say has its word.
static void check_words(const struct lq_form *form, const ProtobufCFieldDescriptor *field)
{
    const ProtobufCEnumDescriptor *type = field->descriptor;
    for (unsigned i = 0; field->type == PROTOBUF_C_TYPE_ENUM && i < type->n_values; i++) {
        const char *word = lq_word_of(&arena, type, type->values[i].value);
        if (type->values[i].value != 0 && !has_word(field->name, word))
            fail_msg("%s: forms.yaml has no word for %s", form->id, word);
    }
}

// Each source of a row is a member of the list's elements, or of what these are within.
static void check_rows(const struct lq_form *form, const struct lq_thing *thing,
                       const struct lq_form_field *field)
{
    const ProtobufCFieldDescriptor *list =
        thing->paper_type != NULL ? at_path(thing->paper_type, field->each) : NULL;
    if (list == NULL)
        list = at_path(lq_thing_type(thing), field->each);
    if (list == NULL || list->type != PROTOBUF_C_TYPE_MESSAGE)
        fail_msg("%s: a %s has no list %s", form->id, thing->kind, field->each);
    for (const char *at = field->row; (at = strchr(at, '{')) != NULL;) {
        const size_t size = strcspn(++at, "}");
        const char *from = lq_arena_format(&arena, "%.*s", (int)size, at);
        const char *space = strchr(from, ' ');
        const char *path = space != NULL ? space + 1 : from;
        const ProtobufCFieldDescriptor *found = at_path(list->descriptor, path);
        if (strcmp(from, "n") == 0)
            continue;
        if (found == NULL)
            found = member_of(thing, path);
        if (found == NULL)
            fail_msg("%s: a row of %s has no %s", form->id, field->each, path);
        check_words(form, found);
    }
}

static void check_field(const struct lq_form *form, const struct lq_thing *thing,
                        const struct lq_form_field *field)
{
    if (field->each != NULL)
        check_rows(form, thing, field);
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
    struct lq_drawn_paper paper = {.forms = &forms,
                                   .form = form,
                                   .names = &LQ_NAMES_OF_XIAN,
                                   .number = number,
                                   .thing = "I1",
                                   .day = 16632};
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

// ---------------------------------------------------------------- rows of a list

static const char *called(struct lq_view *view, const char *number, int64_t at_ms)
{
    (void)view, (void)at_ms;
    return strcmp(number, "P1") == 0 ? "张|立" : NULL;
}

static const char *rows_of(const char *each, const char *row, const char *between)
{
    static const struct lq_paper_name names[] = {{"person", called}, {0}};
    static const struct lq_service service = {.paper_names = names};
    static const struct lq_facts facts;
    char *people[] = {(char[]){"P1"}, (char[]){"P2"}};
    static Dispatch__HandoverTeam teams[3];
    Dispatch__HandoverTeam *of_first[] = {&teams[0], &teams[1]}, *of_second[] = {&teams[2]};
    static Dispatch__HandoverOrder orders[2];
    Dispatch__HandoverOrder *all[] = {&orders[0], &orders[1]};
    static Dispatch__Handover handover;
    static Dispatch__HandoverList list;
    const struct lq_drawn_paper paper = {.forms = &forms};
    const struct lq_form_field field = {.each = each, .row = row, .between = between};
    for (int i = 0; i < 3; i++)
        dispatch__handover_team__init(&teams[i]);
    for (int i = 0; i < 2; i++)
        dispatch__handover_order__init(&orders[i]);
    dispatch__handover__init(&handover);
    dispatch__handover_list__init(&list);
    teams[0].team = (char[]){"T01"};
    teams[0].step = DISPATCH__STEP__ON_SCENE;
    teams[0].people = people;
    teams[0].n_people = 2;
    teams[1].team = (char[]){"T02"};
    teams[2].team = (char[]){"T03"};
    orders[0].number = (char[]){"O1"};
    orders[0].priority = DISPATCH__PRIORITY__FLASH;
    orders[0].target_name = (char[]){"甲|厂\n乙"};
    orders[0].teams = of_first;
    orders[0].n_teams = 2;
    orders[1].number = (char[]){"O2"};
    orders[1].teams = of_second;
    orders[1].n_teams = 1;
    list.orders = all;
    list.n_orders = 2;
    handover.list = &list;
    handover.lists = 3;
    struct lq_decision d = {.service = &service, .facts = &facts, .arena = &arena};
    const struct lq_thing thing = {.kind = "handover"};
    const struct lq_paper_source source = lq_paper_source(&d, &thing, "S1", &handover, &paper);
    return lq_paper_said(&source, &field);
}

static void each_element_of_a_list_is_a_row(void **state)
{
    (void)state;
    assert_string_equal(rows_of("list.orders", "{n}|{number}|{priority}|{teams.team}", NULL),
                        "1|O1|特急|T01、T02\n2|O2||T03");
    // what was typed is no mark between cells, and ends no row; a figure that is 0 is one
    assert_string_equal(rows_of("list.orders", "{target_name}", "；"), "甲｜厂 乙；");
    assert_string_equal(rows_of("list.orders", "{target_name}|{lists}", NULL), "甲｜厂 乙|3\n|3");
    assert_string_equal(rows_of("list.orders", "第{n}条", "、"), "第1条、第2条");
}

static void a_path_goes_through_lists_and_a_row_sees_what_it_is_within(void **state)
{
    (void)state;
    assert_string_equal(rows_of("list.orders.teams", "{number} {team}{step}", NULL),
                        "O1 T01到场\nO1 T02\nO2 T03");
    assert_string_equal(rows_of("list.orders.teams", "{person people}", "/"), "张｜立、P2//");
    assert_string_equal(rows_of("list.orders", "{teams.2.team|teams.1.team}", "/"), "T02/T03");
    assert_string_equal(rows_of("list.calls", "{number}", NULL), ""); // nothing in it
    assert_string_equal(rows_of("list.nothing", "{number}", NULL), "");
    assert_string_equal(rows_of("lists", "{number}", NULL), ""); // no list
}

static void a_table_of_which_nothing_is_known_is_left_out(void **state)
{
    (void)state;
    assert_null(strstr(page_of("handover_sheet", "某1号", "notes", "无"), "<th>进展</th>"));
    assert_has(page_of("handover_sheet", "某1号", "out", "O1|甲厂|T01|到场|张立"),
               "<tr><td>O1</td><td>甲厂</td><td>T01</td><td>到场</td><td>张立</td></tr>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_element_of_a_list_is_a_row),
        cmocka_unit_test(a_path_goes_through_lists_and_a_row_sees_what_it_is_within),
        cmocka_unit_test(a_table_of_which_nothing_is_known_is_left_out),
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
