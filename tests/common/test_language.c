// Which language, and that everything that people read has its words in both.
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "language/catalog.h"

static enum lq_language of_environment(const char *all, const char *messages, const char *lang)
{
    const struct {
        const char *name, *value;
    } set[] = {{"LC_ALL", all}, {"LC_MESSAGES", messages}, {"LANG", lang}};
    for (size_t i = 0; i < 3; i++)
        if (set[i].value != NULL)
            setenv(set[i].name, set[i].value, 1);
        else
            unsetenv(set[i].name);
    return lq_language_of_environment();
}

static void the_environment_decides(void **state)
{
    (void)state;
    assert_int_equal(of_environment(NULL, NULL, NULL), LQ_ENGLISH);
    assert_int_equal(of_environment(NULL, NULL, "zh_CN.UTF-8"), LQ_CHINESE);
    assert_int_equal(of_environment("C.UTF-8", NULL, "zh_CN.UTF-8"), LQ_ENGLISH);
    assert_int_equal(of_environment("", "zh", "en_US.UTF-8"), LQ_CHINESE);
    assert_int_equal(of_environment("zh-Hans-CN", "en", "en"), LQ_CHINESE);
    assert_int_equal(of_environment(NULL, NULL, "zhuang"), LQ_ENGLISH);
}

static void tables_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; i < lq_translation_count; i++)
        assert_true(strcmp(lq_translations[i - 1].english, lq_translations[i].english) < 0);
    for (size_t i = 1; i < lq_argument_word_count; i++)
        assert_true(strcmp(lq_argument_words[i - 1].english, lq_argument_words[i].english) < 0);
    for (size_t i = 1; i < lq_proto_word_count; i++)
        assert_true(strcmp(lq_proto_words[i - 1].name, lq_proto_words[i].name) < 0);
    for (size_t i = 0; i < lq_proto_word_count; i++) { // every one is found again
        char type[128];
        const char *name = lq_proto_words[i].name, *dot = strrchr(name, '.');
        assert_true((size_t)(dot - name) < sizeof type);
        memcpy(type, name, (size_t)(dot - name));
        type[dot - name] = '\0';
        assert_ptr_equal(lq_proto_word(type, dot + 1), &lq_proto_words[i]);
    }
}

static void words_come_from_the_proto(void **state)
{
    (void)state;
    assert_string_equal(lq_proto_word("dispatch.Step", "ACKNOWLEDGED")->zh, "签收");
    assert_string_equal(lq_proto_word("oversight.Issue", "owner")->zh, "责任人");
    assert_string_equal(lq_proto_word("oversight.Issue", "owner")->notes, "badge or department");
    assert_string_equal(lq_proto_word("oversight.IssueRecorded", "owner")->zh,
                        "责任人"); // as above it
    assert_null(lq_proto_word("oversight.Issue", "owners"));
    assert_null(lq_proto_word("oversight.Issues", "owner"));
}

static void a_sentence_of_another_process_is_translated(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    char known[] = "case %s was %-s only at %s", number[] = "C001",
         words[] = "captured, detained or discharged", day[] = "2015-03-06",
         unknown[] = "a sentence of a later version: %-s", word[] = "released";
    char *parts[] = {known, number, words, day}, *others[] = {unknown, word};
    lq_language_use(LQ_ENGLISH);
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, parts, 4),
                        "case C001 was captured, detained or discharged only at 2015-03-06");
    lq_language_use(LQ_CHINESE);
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, parts, 4),
                        "case C001 was 抓获、刑事拘留或释放或取保候审 only at 2015-03-06");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, others, 2),
                        "a sentence of a later version: 已解除");
    lq_language_use(LQ_ENGLISH);
    lq_arena_free(&arena);
}

// A badge may be called as a role is, and a person as a word of ours: they are no words.
static void what_people_entered_is_not_translated(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    char mixed[] = "%s is %-s, %s", badge[] = "clerk", word[] = "released", list[] = "lead or desk",
         permission[] = "%s may not %-s", command[] = "issue_order",
         refused[] = "cannot open %s: %s", file[] = "released", why[] = "Permission denied",
         odd[] = "100%% of %s", numbered[] = "%2$s: %1$-s";
    char *parts[] = {mixed, badge, word, list}, *may[] = {permission, badge, command},
         *fault[] = {refused, file, why}, *percent[] = {odd, word},
         *turned[] = {numbered, word, badge};
    lq_language_use(LQ_CHINESE);
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, parts, 4),
                        "clerk is 已解除, lead or desk");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, may, 3), "clerk 无权办理：下达指令");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, fault, 3),
                        "无法打开 released：没有权限");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, percent, 2), "100% of released");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, turned, 3), "clerk: 已解除");
    lq_language_use(LQ_ENGLISH);
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, fault, 3),
                        "cannot open released: Permission denied");
    lq_arena_free(&arena);
}

static void what_the_system_says_is_translated(void **state)
{
    (void)state;
    lq_language_use(LQ_CHINESE);
    assert_string_equal(lq_tr_foreign("No such file or directory"), "没有该文件或文件夹");
    assert_string_equal(lq_tr_foreign("could not find expected ':'"), "缺少应有的“:”");
    assert_null(lq_tr_foreign("released"));
    assert_null(lq_tr_foreign("cannot open %s: %s"));
    static const int COMMON[] = {
        ENOENT,       EACCES,      EPERM,        EEXIST, ENOTDIR, EISDIR, EINVAL, EIO,   ENOSPC,
        EROFS,        EADDRINUSE,  ECONNREFUSED, EMFILE, ENOMEM,  EBUSY,  EDQUOT, EPIPE, ETIMEDOUT,
        EHOSTUNREACH, ENETUNREACH, EAGAIN,       EXDEV,  EFBIG,   ENOLCK, ESTALE, ELOOP};
    for (size_t i = 0; i < sizeof COMMON / sizeof *COMMON; i++) {
        const char *chinese = lq_tr_foreign(strerror(COMMON[i]));
        assert_non_null(chinese);
        assert_true((unsigned char)chinese[0] >= 0x80);
    }
    lq_language_use(LQ_ENGLISH);
}

// What an argument means is said by the .proto, also where lq says something else by that word.
static void arguments_are_words_of_the_proto(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    char both[] = "%-s: %-s", status[] = "accepted", fields[] = "meeting, due_day",
         command[] = "issue_order", message[] = "order", service[] = "seizure", ours[] = "the team";
    char *of_values[] = {both, status, fields}, *of_names[] = {both, command, message},
         *of_sentences[] = {both, ours, service};
    lq_language_use(LQ_CHINESE);
    assert_string_equal(lq_tr(status), "已受理");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, of_values, 3), "恢复试生产: 会议、期限");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, of_names, 3), "下达指令: 指令");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, of_sentences, 3), "组: seizure");
    lq_language_use(LQ_ENGLISH);
    lq_arena_free(&arena);
}

// A state that several kinds of things have says whose it is: a swap that was accepted is not an
// enterprise that runs again. What can be done, and by whom, is a list in a list.
static void a_word_says_whose_it_is(void **state)
{
    (void)state;
    struct lq_arena arena = {0};
    char format[] = "%s is %-s", whose[] = "accepted@shift.Request", number[] = "a@b.c",
         possible[] = "approve (commander, desk), withdraw (anyone of the force)",
         unknown[] = "approved@later.State",
         fields[] = "paper@rules.Act (--paper), premises@casefile.OpenPenalty",
         codes[] = "CR8, CR8c";
    char *parts[] = {format, number, whose}, *steps[] = {format, number, possible},
         *later[] = {format, number, unknown}, *missing[] = {format, number, fields},
         *rules[] = {format, number, codes};
    lq_language_use(LQ_CHINESE);
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, parts, 3), "a@b.c is 对方已同意");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, steps, 3),
                        "a@b.c is 批准（指挥长、调度台）、撤回（队伍任何人）");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, later, 3), "a@b.c is approved");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, missing, 3),
                        "a@b.c is 文号（--paper）、场所");
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, rules, 3), "a@b.c is CR8、CR8c");
    lq_language_use(LQ_ENGLISH);
    assert_string_equal(lq_tr_parts(lq_arena_room, &arena, parts, 3), "a@b.c is accepted");
    lq_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_decides),
        cmocka_unit_test(tables_are_sorted),
        cmocka_unit_test(words_come_from_the_proto),
        cmocka_unit_test(a_sentence_of_another_process_is_translated),
        cmocka_unit_test(a_word_says_whose_it_is),
        cmocka_unit_test(what_people_entered_is_not_translated),
        cmocka_unit_test(what_the_system_says_is_translated),
        cmocka_unit_test(arguments_are_words_of_the_proto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
