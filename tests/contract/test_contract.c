// What every service promises, one command at a time: each test runs for each service of the
// registry. (test_world.c has what must hold over long lives.)
#include "contract.h"

enum { SERVICES_MAX = 32 };

static const struct {
    const char *name;
    CMUnitTestFunction function;
} CONTRACT[] = {
    {"each message has one row", test_each_message_has_one_row},
    {"what is kept fits its row", test_what_is_kept_fits_its_row},
    {"names are its own", test_names_are_its_own},
    {"things are of their messages", test_things_are_of_their_messages},
    {"things are of their messages", test_rows_say_who_entered_them},
    {"what is personal is declared", test_what_is_personal_is_declared},
    {"only who may commands", test_only_who_may_commands},
    {"only who may asks", test_only_who_may_asks},
    {"what is no command is refused", test_what_is_no_command_is_refused},
    {"what is no request is refused", test_what_is_no_request_is_refused},
    {"damaged commands do no harm", test_damaged_commands_do_no_harm},
    {"a repeat is told the same", test_a_repeat_is_told_the_same},
    {"a crash before the commit leaves nothing", test_a_crash_before_the_commit_leaves_nothing},
    {"who has seen is answered from there", test_who_has_seen_is_answered_from_there},
    {"an event heard twice has one effect", test_an_event_heard_twice_has_one_effect},
};
enum { CONTRACT_COUNT = sizeof CONTRACT / sizeof CONTRACT[0] };

int main(void)
{
    static struct CMUnitTest tests[SERVICES_MAX * CONTRACT_COUNT];
    struct lq_arena arena = {0};
    size_t count = 0;
    for (unsigned s = 0; lq_services[s] != NULL; s++)
        for (size_t i = 0; i < CONTRACT_COUNT; i++) {
            LQ_ASSERT(count < SERVICES_MAX * CONTRACT_COUNT);
            tests[count++] = (struct CMUnitTest){
                .name = lq_arena_format(&arena, "%s: %s", lq_services[s]->name, CONTRACT[i].name),
                .test_func = CONTRACT[i].function,
                .initial_state = lq_unconst(lq_services[s])};
        }
    const int failed = _cmocka_run_group_tests("contract", tests, count, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
