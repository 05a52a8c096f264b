// The county's own words as the page gets them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config/forms.h"
#include "web/host/words.h"

static void expect(struct lq_form_word *words, size_t count, const char *json)
{
    struct lq_arena arena = {0};
    const struct lq_yaml_list list = {.items = words, .count = count};
    assert_string_equal(web_words(&arena, &list), json);
    lq_arena_free(&arena);
}

static void they_are_an_object_by_what_the_records_say(void **state)
{
    (void)state;
    struct lq_form_word words[] = {{.of = "fan_motor", .is = "风机电机"},
                                   {.of = "kiln", .is = "隧道窑"}};
    expect(NULL, 0, "{}");
    expect(words, 1, "{\"fan_motor\":\"风机电机\"}");
    expect(words, 2, "{\"fan_motor\":\"风机电机\",\"kiln\":\"隧道窑\"}");
}

static void a_word_that_stands_twice_is_the_first(void **state)
{
    (void)state;
    struct lq_form_word words[] = {
        {.of = "kiln", .is = "隧道窑"}, {.of = "kiln", .is = "窑"}, {.of = "a", .is = "甲"}};
    expect(words, 3, "{\"kiln\":\"隧道窑\",\"a\":\"甲\"}");
}

static void what_json_escapes_is_escaped(void **state)
{
    (void)state;
    struct lq_form_word words[] = {{.of = "a\"b\\c", .is = "甲\n乙\x01"}};
    expect(words, 1, "{\"a\\u0022b\\u005cc\":\"甲\\u000a乙\\u0001\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_an_object_by_what_the_records_say),
        cmocka_unit_test(a_word_that_stands_twice_is_the_first),
        cmocka_unit_test(what_json_escapes_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
