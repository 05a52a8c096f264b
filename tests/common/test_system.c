// What the first start makes, and what later ones leave alone.
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

#include "bus/keyring/keyring.h"
#include "envelope.pb-c.h"
#include "support/system_here.h"

static bool exists(const char *directory_of, const char *name)
{
    return access(lq_arena_format(&arena, "%s/%s", directory_of, name), F_OK) == 0;
}

static unsigned listed(const char *badge, uint32_t roles)
{
    struct lq_keyring *keyring;
    unsigned count = 0;
    assert_int_equal(lq_keyring_load(here.authorized, &keyring), LQ_OK);
    for (size_t i = 0; i < lq_keyring_count(keyring); i++) {
        const struct lq_key_entry *entry = lq_keyring_at(keyring, i);
        count += strcmp(entry->badge, badge) == 0 && entry->roles == roles;
    }
    lq_keyring_free(keyring);
    return count;
}

static void the_first_start_makes_the_keys_of_clerk_and_admin(void **state)
{
    (void)state;
    for (int start = 0; start < 2; start++) {
        assert_int_equal(lq_system_prepare(&here), LQ_OK);
        assert_int_equal(lq_system_issue_first_keys(&arena, &here), LQ_OK);
        assert_true(exists(here.keys, "clerk.key"));
        assert_int_equal(listed("clerk", 1u << LQ__ROLE__CLERK), 1);
        assert_int_equal(listed("admin", 1u << LQ__ROLE__ADMIN), 1);
    }
}

static void a_revoked_clerk_does_not_come_back_with_the_next_start(void **state)
{
    (void)state;
    unsigned changed;
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
    assert_int_equal(lq_system_issue_first_keys(&arena, &here), LQ_OK);
    assert_int_equal(lq_keyring_revoke(here.authorized, "clerk", NULL, 1, &changed), LQ_OK);
    assert_int_equal(unlink(lq_arena_format(&arena, "%s/clerk.key", here.keys)), 0);
    assert_int_equal(lq_system_issue_first_keys(&arena, &here), LQ_OK);
    assert_false(exists(here.keys, "clerk.key"));
    assert_int_equal(listed("clerk", 1u << LQ__ROLE__CLERK), 1);
}

static void a_start_that_was_cut_short_is_finished(void **state)
{
    (void)state;
    struct lq_key_pair keys;
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
    const char *clerk = lq_arena_format(&arena, "%s/clerk.key", here.keys);
    assert_int_equal(lq_keys_create(clerk, &keys), LQ_OK); // and died before it was listed
    assert_int_equal(lq_system_issue_first_keys(&arena, &here), LQ_OK);
    assert_int_equal(listed("clerk", 1u << LQ__ROLE__CLERK), 1);
    assert_int_equal(listed("admin", 1u << LQ__ROLE__ADMIN), 1);
}

static void a_link_holds_one_services_key_and_the_buss_public_one(void **state)
{
    (void)state;
    struct lq_key_pair first, again;
    char bus[LQ_KEY_TEXT], given[LQ_KEY_TEXT];
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
    assert_int_equal(lq_system_issue_link(&arena, &here, "dispatch"), LQ_OK);
    const char *link = lq_arena_format(&arena, "%s/dispatch", here.links);
    const char *key = lq_arena_format(&arena, "%s/@dispatch.key", link);
    assert_int_equal(lq_keys_load(key, &first), LQ_OK);
    assert_int_equal(listed("@dispatch", 1u << LQ__ROLE__SERVICE), 1);

    // the bus gets another key: the service keeps its own and learns of the new one
    assert_int_equal(unlink(here.bus_key) | unlink(here.bus_public), 0);
    assert_int_equal(lq_system_prepare(&here), LQ_OK);
    assert_int_equal(lq_system_issue_link(&arena, &here, "dispatch"), LQ_OK);
    assert_int_equal(lq_keys_load(key, &again), LQ_OK);
    assert_memory_equal(&first, &again, sizeof first);
    assert_int_equal(listed("@dispatch", 1u << LQ__ROLE__SERVICE), 1);
    assert_int_equal(lq_public_key_load(here.bus_public, bus), LQ_OK);
    const char *copy = lq_arena_format(&arena, "%s/bus.pub", link);
    assert_int_equal(lq_public_key_load(copy, given), LQ_OK);
    assert_string_equal(given, bus);
}

static void a_host_without_the_bus_makes_no_keys(void **state)
{
    (void)state;
    assert_int_equal(lq_system_prepare_remote(&here), LQ_OK);
    assert_true(exists(here.config, "policy.yaml"));
    assert_int_equal(rmdir(here.keys), 0); // it was empty
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_start_makes_the_keys_of_clerk_and_admin),
        TEST(a_revoked_clerk_does_not_come_back_with_the_next_start),
        TEST(a_start_that_was_cut_short_is_finished),
        TEST(a_link_holds_one_services_key_and_the_buss_public_one),
        TEST(a_host_without_the_bus_makes_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
