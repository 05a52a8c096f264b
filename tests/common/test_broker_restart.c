// The bus comes back after it was killed, at its address, and there is one in a directory.
#include "common/bus_rig.h"

#include <signal.h>
#include <sys/wait.h>

static void bus_of_another_process(const struct lq_broker_config *config, int wait_for)
{
    char go;
    struct lq_broker *broker;
    if (read(wait_for, &go, 1) == 1 && lq_broker_open(config, &broker) == LQ_OK)
        (void)!lq_broker_run(broker);
    _exit(1);
}

static void await_endpoint(const struct rig *rig, char endpoint[256])
{
    char path[128];
    snprintf(path, sizeof path, "%s/endpoint", rig->run);
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    FILE *file;
    while ((file = fopen(path, "r")) == NULL && lq_steady_ms() < until)
        usleep(1000);
    assert_non_null(file);
    assert_non_null(fgets(endpoint, 256, file));
    endpoint[strcspn(endpoint, "\n")] = '\0';
    fclose(file);
}

// Both processes are forked before there is any thread; the second waits for its turn.
static void all_go_on_after_the_bus_is_killed(void **state)
{
    (void)state;
    struct rig *rig = rig_prepare();
    pid_t processes[2];
    int turns[2][2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(turns[i]), 0);
        processes[i] = fork();
        assert_true(processes[i] >= 0);
        if (processes[i] == 0) {
            for (int other = 0; other <= i; other++)
                close(turns[other][1]);
            bus_of_another_process(&rig->config, turns[i][0]);
        }
    }
    char endpoint[256], again[256];
    assert_int_equal(write(turns[0][1], "g", 1), 1);
    await_endpoint(rig, endpoint);
    struct echo *echo = echo_start(rig, "echo");
    struct lq_client *client = rig_client_at(rig, &rig->desk, endpoint, false, PATIENCE_MS);
    rig_expect_answer(rig_ask(client, "echo", "before"), "before");
    kill(processes[0], SIGKILL);
    assert_int_equal(waitpid(processes[0], NULL, 0), processes[0]);
    assert_int_equal(write(turns[1][1], "g", 1), 1);
    rig_expect_answer(rig_ask(client, "echo", "after"), "after"); // same link, same client
    await_endpoint(rig, again);
    assert_string_equal(endpoint, again);
    lq_client_close(client);
    echo_stop(echo);
    kill(processes[1], SIGKILL);
    assert_int_equal(waitpid(processes[1], NULL, 0), processes[1]);
    for (int i = 0; i < 4; i++)
        close(turns[i / 2][i % 2]);
    rig_close(rig);
}

static void there_is_one_bus_in_a_directory(void **state)
{
    (void)state;
    struct rig *rig = rig_open();
    struct lq_broker *second = NULL;
    assert_int_equal(lq_broker_open(&rig->config, &second), LQ_E_BUSY);
    rig_stop_bus(rig);
    rig_start_bus(rig);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_go_on_after_the_bus_is_killed), // first: it forks
        cmocka_unit_test(there_is_one_bus_in_a_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
