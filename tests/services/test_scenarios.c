// Runs the scenarios of all services, and then asks whether every rejection and every event of each
// service has been shown by at least one of them.
//
//     test_scenarios [part of a title]     runs only those, and does not ask
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/generate.h"
#include "support/scenario.h"

enum { TESTS_MAX = 4096, SERVICES_MAX = 32 };

static struct lq_arena arena;
static struct lq_seen seen[SERVICES_MAX];
static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

static unsigned index_of(const struct lq_service *service)
{
    unsigned i = 0;
    while (lq_services[i] != service)
        i++;
    LQ_ASSERT(i < SERVICES_MAX);
    return i;
}

static void test_scenario(void **state)
{
    const struct lq_scenario *scenario = *state;
    lq_scenario_run(scenario, &seen[index_of(scenario->service)]);
}

// What a service notes of others is plumbing, which tests/contract covers with the others' own
// events.
static bool is_noted(const char *event)
{
    const size_t size = strlen(event);
    return size > 6 && strcmp(event + size - 6, "_noted") == 0;
}

static void test_everything_is_shown(void **state)
{
    const struct lq_service *service = *state;
    const struct lq_seen *shown = &seen[index_of(service)];
    const ProtobufCEnumDescriptor *codes = service->reject_codes;
    const ProtobufCMessageDescriptor *events = service->event_type;
    assert_true(codes->n_values <= LQ_SEEN_MAX && events->n_fields <= LQ_SEEN_MAX);
    unsigned missing = 0;
    for (unsigned i = 0; i < codes->n_values; i++) {
        if (codes->values[i].value == 0 || shown->codes[i])
            continue;
        print_error("no scenario of %s shows %s\n", service->name, codes->values[i].name);
        missing++;
    }
    for (unsigned i = 0; i < events->n_fields; i++) {
        if (is_noted(events->fields[i].name) || shown->events[i] ||
            lq_event_of_before(&events->fields[i]))
            continue;
        print_error("no scenario of %s shows %s\n", service->name, events->fields[i].name);
        missing++;
    }
    assert_int_equal(missing, 0);
}

// A service without scenarios, or with a file that cannot be read, is a test that fails.
static void test_unreadable(void **state)
{
    fail_msg("%s", (const char *)*state);
}

static void add_test(const char *name, CMUnitTestFunction function, const void *state)
{
    LQ_ASSERT(test_count < TESTS_MAX);
    tests[test_count++] = (struct CMUnitTest){
        .name = name, .test_func = function, .initial_state = lq_unconst(state)};
}

static void add_file(const struct lq_service *service, const char *path, const char *wanted)
{
    const char *error = NULL;
    const struct lq_scenario *first = lq_scenario_read(&arena, service, path, &error);
    if (first == NULL)
        add_test(lq_arena_format(&arena, "%s: its scenarios can be read", service->name),
                 test_unreadable, error);
    for (const struct lq_scenario *s = first; s != NULL; s = s->next)
        if (wanted == NULL || strstr(s->title, wanted) != NULL)
            add_test(s->title, test_scenario, s);
}

// seizure.scn, and what was parted from it: seizure_steps.scn.
static void add_service(const struct lq_service *service, const char *wanted)
{
    add_file(service, lq_arena_format(&arena, "%s/%s.scn", LQ_SCENARIOS, service->name), wanted);
    glob_t parts;
    if (glob(lq_arena_format(&arena, "%s/%s_*.scn", LQ_SCENARIOS, service->name), 0, NULL,
             &parts) == 0) {
        for (size_t i = 0; i < parts.gl_pathc; i++)
            add_file(service, lq_arena_text(&arena, parts.gl_pathv[i]), wanted);
        globfree(&parts);
    }
    if (wanted == NULL)
        add_test(lq_arena_format(&arena, "%s: every rejection and event is shown", service->name),
                 test_everything_is_shown, service);
}

int main(int argc, char **argv)
{
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++)
        add_service(*service, argc > 1 ? argv[1] : NULL);
    const int failed = _cmocka_run_group_tests("scenarios", tests, test_count, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
