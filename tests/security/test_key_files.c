// Secret keys on disk: made for their owner only, whatever the umask, and refused once others could
// have read them; by the library, and by the programs themselves.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "site.h"

static int open_site(void **state)
{
    umask(0); // whatever is closed now was closed on purpose
    *state = site_open((const char *const[]){"shift", NULL});
    return 0;
}

static int close_site(void **state)
{
    site_close(*state);
    return 0;
}

// Runs lq with these words; gives its exit code and what it said to the user.
static int run_lq(struct site *site, const char *const *words, char *said, size_t size)
{
    char *arguments[16] = {(char *)(uintptr_t) "lq", (char *)(uintptr_t) "--data",
                           (char *)(uintptr_t)site->system.data};
    int count = 3, pipe_fds[2], code;
    for (; *words != NULL; words++)
        arguments[count++] = (char *)(uintptr_t)*words;
    assert_int_equal(pipe(pipe_fds), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(pipe_fds[1], STDOUT_FILENO);
        dup2(pipe_fds[1], STDERR_FILENO);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        execv(LQ_PROGRAM, arguments);
        _exit(127);
    }
    close(pipe_fds[1]);
    size_t used = 0;
    for (ssize_t got;
         used + 1 < size && (got = read(pipe_fds[0], said + used, size - used - 1)) > 0;)
        used += (size_t)got;
    said[used] = '\0';
    close(pipe_fds[0]);
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    return WEXITSTATUS(code);
}

static mode_t mode_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

static void the_buss_own_key_is_its_owners_alone(void **state)
{
    const struct site *site = *state;
    assert_int_equal(mode_of(site->system.bus_key), 0600);
    assert_int_equal(mode_of(site->system.keys) & 077, 0);
    assert_int_equal(mode_of(site->system.run) & 022, 0);
}

static void lq_makes_keys_that_only_their_owner_can_read(void **state)
{
    struct site *site = *state;
    char said[4096], path[256];
    const char *const words[] = {"--as", "admin", "key", "issue", "desk7", NULL};
    assert_int_equal(lq_system_issue_first_keys(&site->arena, &site->system), LQ_OK);
    struct lq_client *admin = site_client(site, &site->keys[LQ__ROLE__ADMIN]);
    site_do(admin, "shift", "register_person {badge=\"desk7\" name=\"某\" role=DESK}");
    lq_client_close(admin);
    if (run_lq(site, words, said, sizeof said) != 0)
        fail_msg("%s", said);
    snprintf(path, sizeof path, "%s/desk7.key", site->system.keys);
    assert_int_equal(mode_of(path), 0600);
    assert_null(strstr(said, "secret"));
}

// As `lq --as desk7 status`: good with 0600 and 0400, refused with every bit for group or others.
static void lq_refuses_a_key_that_others_can_open(void **state)
{
    struct site *site = *state;
    char said[4096], path[256];
    const char *const words[] = {"--as", "desk7", "status", NULL};
    snprintf(path, sizeof path, "%s/desk7.key", site->system.keys);
    for (mode_t mode = 0; mode <= 077; mode++) {
        if ((mode & (mode - 1)) != 0 && mode != 044 && mode != 077)
            continue; // each bit alone, and the two that people set
        assert_int_equal(chmod(path, 0600 | mode), 0);
        const int code = run_lq(site, words, said, sizeof said);
        if (mode == 0) {
            assert_null(strstr(said, "chmod"));
            continue;
        }
        assert_int_not_equal(code, 0);
        if (strstr(said, "chmod 600") == NULL)
            fail_msg("mode 0%o: lq said: %s", 0600 | mode, said);
    }
    assert_int_equal(chmod(path, 0400), 0);
    (void)run_lq(site, words, said, sizeof said);
    assert_null(strstr(said, "chmod"));
}

// The bus does not start with a key of its own that others could have read.
static void the_bus_refuses_its_own_key_when_others_can_open_it(void **state)
{
    struct site *site = *state;
    struct lq_key_pair keys;
    assert_int_equal(chmod(site->system.bus_key, 0640), 0);
    assert_int_equal(lq_keys_load(site->system.bus_key, &keys), LQ_E_INPUT);
    assert_non_null(strstr(lq_fault_text(), "chmod 600"));
    assert_int_equal(chmod(site->system.bus_key, 0600), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_buss_own_key_is_its_owners_alone),
        cmocka_unit_test(lq_makes_keys_that_only_their_owner_can_read),
        cmocka_unit_test(lq_refuses_a_key_that_others_can_open),
        cmocka_unit_test(the_bus_refuses_its_own_key_when_others_can_open_it),
    };
    return cmocka_run_group_tests(tests, open_site, close_site);
}
