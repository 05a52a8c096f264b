// Numbers as people type them.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"

static void short_and_full_width_forms_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *service, *member, *typed, *meant;
    } CASES[] = {
        {"dispatch", "order", "263", "O0263"},
        {"dispatch", "number", "o263", "O0263"},
        {"seizure", "order", "ｏ０２６３", "O0263"},
        {"dispatch", "order", "O0263", "O0263"},
        {"dispatch", "order", "O10000", "O10000"},
        {"dispatch", "order", "20150306", "20150306"}, // no short form of ours
        {"dispatch", "order", "献指〔2015〕3号", "献指〔2015〕3号"},
        {"dispatch", "target", "61", "E0061"},
        {"dispatch", "target", "s023", "s023"}, // premises, but not of the enterprises' series
        {"dispatch", "teams", "t4", "T04"},
        {"shift", "badge", "p1023", "P1023"},
        {"seizure", "number", "7", "I0007"},
        {"ledger", "number", "７", "E0007"},
        {"casefile", "number", "7", "7"}, // a case or a notice: not told by the member
        {"shift", "badge", "E1", "E1"},
        {"casefile", "case_number", "C0007", "C007"}, // a nought too many
        {"casefile", "penalty", "７", "A007"},
        {"shift", "absence", "ａ３", "A0003"},
        {"shift", "swap", "3", "W0003"},
        {"dispatch", "call", "q12", "Q0012"},
        {"tips", "tip", "12", "Q012"},
        {"shift", "shift", "２０１５－０７－１８－ｄａｙ", "2015-07-18-day"},
        {"shift", "shift", "2015-07-18-夜班", "2015-07-18-night"},
        {"shift", "partner_shift", "2015-07-18白班", "2015-07-18-day"},
        {"shift", "shift", "2015-07-18-白班/一中队", "2015-07-18-day/一中队"},
        {"shift", "shift", "白班", "白班"},
        {"tips", "content", "263", "263"},
        {"dispatch", "order", "", ""},
        {"dispatch", "order", "o", "o"},
    };
    struct lq_cli cli = {.later = true}; // nobody can be asked
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(
            lq_number_typed(&cli, CASES[i].service, CASES[i].member, CASES[i].typed),
            CASES[i].meant);
    lq_arena_free(&cli.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_and_full_width_forms_are_understood),
    };
    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
