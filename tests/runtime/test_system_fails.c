// Where a directory of the system cannot be made, or a file in it is not what it should be, the
// first start says so and does not go on. (What a good start makes: tests/common/test_system.c.)
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/system_here.h"

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static void in_the_way_of_a_directory(void **state)
{
    (void)state;
    write_file(here.data, "a file");
    assert_int_not_equal(lq_system_prepare(&here), LQ_OK);
    assert_int_equal(unlink(here.data), 0);
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
}

static void in_the_way_of_the_bus_key(void **state)
{
    (void)state;
    assert_int_equal(lq_system_prepare_remote(&here), LQ_OK);
    write_file(here.bus_key, "no key");
    assert_int_not_equal(lq_system_prepare(&here), LQ_OK);
    assert_int_not_equal(access(here.authorized, F_OK), 0); // it went no further
}

static void in_the_way_of_the_list(void **state)
{
    (void)state;
    assert_int_equal(lq_system_prepare_remote(&here), LQ_OK);
    assert_int_equal(mkdir(here.authorized, 0700), 0);
    assert_int_not_equal(lq_system_prepare(&here), LQ_OK);
    assert_int_not_equal(lq_system_issue_first_keys(&arena, &here), LQ_OK);
}

static void in_the_way_of_the_first_keys(void **state)
{
    (void)state;
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
    write_file(lq_arena_format(&arena, "%s/clerk.key", here.keys), "no key");
    assert_int_not_equal(lq_system_issue_first_keys(&arena, &here), LQ_OK);
    assert_int_not_equal(access(lq_arena_format(&arena, "%s/admin.key", here.keys), F_OK), 0);
}

static void in_the_way_of_a_link(void **state)
{
    (void)state;
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
    write_file(here.links, "a file");
    assert_int_not_equal(lq_system_issue_link(&arena, &here, "shift"), LQ_OK);
    assert_int_equal(unlink(here.links), 0);
    assert_int_equal(lq_system_issue_link(&arena, &here, "shift"), LQ_OK);
    assert_int_equal(lq_system_issue_link(&arena, &here, "shift"), LQ_OK); // as often as wanted

    write_file(lq_arena_format(&arena, "%s/ledger", here.links), "a file");
    assert_int_not_equal(lq_system_issue_link(&arena, &here, "ledger"), LQ_OK);
    assert_int_equal(unlink(here.bus_public), 0);
    assert_int_not_equal(lq_system_issue_link(&arena, &here, "dispatch"), LQ_OK);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(in_the_way_of_a_directory), TEST(in_the_way_of_the_bus_key),
        TEST(in_the_way_of_the_list),    TEST(in_the_way_of_the_first_keys),
        TEST(in_the_way_of_a_link),
    };
    return cmocka_run_group_tests_name("system fails", tests, NULL, NULL);
}
