// A sentence and its parts: what printf writes comes out of the parts again, in any order.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/message.h"

static struct lq_arena arena;

__attribute__((format(printf, 1, 2))) static struct lq_message take(const char *format, ...)
{
    struct lq_message message;
    va_list arguments;
    va_start(arguments, format);
    assert_true(lq_message_take(&message, lq_arena_room, &arena, format, arguments));
    va_end(arguments);
    return message;
}

static void parts_are_what_printf_writes(void **state)
{
    (void)state;
    char text[256];
#define SAME(...)                                                                                  \
    do {                                                                                           \
        const struct lq_message message = take(__VA_ARGS__);                                       \
        snprintf(text, sizeof text, __VA_ARGS__);                                                  \
        assert_string_equal(lq_message_text(lq_arena_room, &arena, &message), text);               \
    } while (0)
    SAME("nothing to say");
    SAME("%d %u %s %%", -3, 4000000000u, "查封");
    SAME("%lld of %llu, %lu, %zu", -9223372036854775807LL, 18446744073709551615ULL, 7UL,
         (size_t)12345678901);
    SAME("%04X %02x %03o %c|%-6s|%5d|%.3s", 0xbeefu, 10u, 0600u, 'x', "ab", 42, "abcdef");
    SAME("%.*s and %.*s", 2, "abc", 0, "x");
#undef SAME
}

static void a_translation_may_turn_the_order(void **state)
{
    (void)state;
    struct lq_message message = take("order %s is to %s, %d%% done", "O0263", "E0001", 5);
    assert_int_equal(message.count, 4);
    message.parts[0] = "%2$s 的指令 %1$s 已完成 %3$s%%";
    assert_string_equal(lq_message_text(lq_arena_room, &arena, &message),
                        "E0001 的指令 O0263 已完成 5%");
    message.parts[0] = "缺 %4$s，多 %9$s"; // of another version: what is not there is left out
    assert_string_equal(lq_message_text(lq_arena_room, &arena, &message), "缺 ，多 ");
}

static void a_buffer_that_is_full_says_so(void **state)
{
    (void)state;
    char bytes[8];
    for (size_t size = 0; size < sizeof bytes; size++) {
        struct lq_buffer_room room = {.bytes = bytes, .size = size};
        char *first = lq_buffer_room_take(&room, 5);
        assert_int_equal(first != NULL, size >= 5);
    }
    struct lq_buffer_room room = {.bytes = bytes, .size = sizeof bytes};
    assert_non_null(lq_buffer_room_take(&room, 8));
    assert_null(lq_buffer_room_take(&room, 1));
}

static int free_arena(void **state)
{
    (void)state;
    lq_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_what_printf_writes),
        cmocka_unit_test(a_translation_may_turn_the_order),
        cmocka_unit_test(a_buffer_that_is_full_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, free_arena);
}
