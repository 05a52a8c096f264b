// Very many terminals at once: each with a key and a CURVE connection of its own, and a Fetch
// parked at dispatch, as a screen has it. Measures what they cost the bus and the services, in
// memory, and shows that every one of them hears of an order once.
//
//     terminals LIANQIND COUNT
//
// The system runs as processes of its own; the terminals are spread over others, since each needs
// two open files.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "bus/worker/frames.h"
#include "pb/pb.h"
#include "peer.h"

enum {
    PARTS = 16,
    A_CHILD = 2500, // terminals; two files each
    WAIT_MS = 30000,
    SILENCE_MS = 60000, // then a terminal asks again
    LIMIT_MS = 600000,  // of each step
};

#define DIE(...)                                                                                   \
    do {                                                                                           \
        fprintf(stderr, "terminals: " __VA_ARGS__);                                                \
        fputc('\n', stderr);                                                                       \
        exit(1);                                                                                   \
    } while (0)

// ---------------------------------------------------------------- the system

struct part {
    const char *name;
    pid_t pid;
    long before_kib, after_kib;
};

static struct part parts[PARTS];
static unsigned part_count;
static struct site site; // only its paths and keys

static void start_part(const char *lianqind, const char *name)
{
    struct part *part = &parts[part_count++];
    part->name = name;
    part->pid = fork();
    if (part->pid != 0)
        return;
    const int quiet = open("/dev/null", O_WRONLY);
    if (getenv("LQ_LOUD") == NULL)
        dup2(quiet, STDERR_FILENO);
    execl(lianqind, "lianqind", "--data", site.system.data, name,
          strcmp(name, "bus") == 0 ? "--listen" : (char *)NULL, "tcp://127.0.0.1:*", (char *)NULL);
    _exit(127);
}

static void stop_all(void)
{
    for (unsigned i = 0; i < part_count; i++)
        kill(parts[i].pid, SIGTERM);
    for (unsigned i = 0; i < part_count; i++)
        waitpid(parts[i].pid, NULL, 0);
    part_count = 0;
    site_remove_dir(site.dir);
}

static long rss_kib(pid_t pid)
{
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && kib < 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kib;
}

// ---------------------------------------------------------------- keys

static struct lq_key_pair *keys;

// Written at once: each edit by `lq key` is a flush of the whole list.
static void make_keys(unsigned count)
{
    struct lq_arena arena = {0};
    keys = calloc(count, sizeof *keys);
    FILE *list = fopen(site.system.authorized, "a");
    if (keys == NULL || list == NULL)
        DIE("cannot write %s", site.system.authorized);
    for (unsigned i = 0; i < count; i++) {
        if (lq_keys_generate(&keys[i]) != LQ_OK)
            DIE("%s", lq_fault_text());
        fprintf(list, "%s T%u %s\n", keys[i].public_key, i, i == 0 ? "admin,desk,clerk" : "lead");
    }
    if (fclose(list) != 0)
        DIE("cannot write %s", site.system.authorized);
    lq_arena_free(&arena);
}

static char endpoint[256];

static void await_endpoint(void)
{
    struct lq_arena arena = {0};
    const char *path = lq_arena_format(&arena, "%s/endpoint", site.system.run);
    const int64_t until = lq_steady_ms() + LIMIT_MS;
    for (;;) {
        char *text = NULL;
        size_t size;
        if (lq_file_read(path, sizeof endpoint - 1, &text, &size, NULL) == LQ_OK) {
            snprintf(endpoint, sizeof endpoint, "%.*s", (int)strcspn(text, "\n"), text);
            free(text);
            break;
        }
        if (lq_steady_ms() > until)
            DIE("the bus does not come up");
        usleep(50 * 1000);
    }
    if (lq_public_key_load(site.system.bus_public, site.bus_key) != LQ_OK)
        DIE("%s", lq_fault_text());
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- terminals

struct terminal {
    void *socket;
    int64_t asked_ms;
    bool connected; // has heard anything
    unsigned told;  // of the order
};

// What a child tells its parent, a line a stage.
enum stage { CONNECTED = 'c', TOLD = 't', WRONG = 'w' };

static void ask(struct terminal *terminal, uint64_t after, uint32_t wait_ms)
{
    struct lq_arena arena = {0};
    const struct lq_span fetch = peer_fetch(&arena, after + 1, "dispatch", after, wait_ms);
    (void)!zmq_send(terminal->socket, fetch.data, fetch.size, ZMQ_DONTWAIT);
    terminal->asked_ms = lq_steady_ms();
    lq_arena_free(&arena);
}

static void open_terminal(void *context, const struct lq_key_pair *own, struct terminal *out)
{
    out->socket = zmq_socket(context, ZMQ_DEALER);
    if (out->socket == NULL)
        DIE("no more sockets: %s", zmq_strerror(zmq_errno()));
    lq_socket_set(out->socket, ZMQ_LINGER, 0);
    lq_socket_set(out->socket, ZMQ_RECONNECT_IVL, 1000 + (int)(random() % 4000));
    lq_socket_set(out->socket, ZMQ_RECONNECT_IVL_MAX, 30000);
    zmq_setsockopt(out->socket, ZMQ_CURVE_SERVERKEY, site.bus_key, LQ_KEY_TEXT);
    zmq_setsockopt(out->socket, ZMQ_CURVE_PUBLICKEY, own->public_key, LQ_KEY_TEXT);
    zmq_setsockopt(out->socket, ZMQ_CURVE_SECRETKEY, own->secret_key, LQ_KEY_TEXT);
    if (zmq_connect(out->socket, endpoint) != 0)
        DIE("cannot connect: %s", zmq_strerror(zmq_errno()));
}

// Takes what waits for one terminal; true if something did.
static bool hear(struct terminal *terminal, uint64_t *after)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    const bool got = zmq_msg_recv(&message, terminal->socket, ZMQ_DONTWAIT) >= 0;
    if (got) {
        struct lq_arena arena = {0};
        const char *why = NULL;
        const Lq__Reply *reply = (const void *)lq_pb_decode_within(
            &LQ_PB_REPLY, &arena, &lq__reply__descriptor,
            lq_span(zmq_msg_data(&message), zmq_msg_size(&message)), &why);
        if (reply == NULL)
            DIE("a reply that is none: %s", why);
        if (reply->kind_case == LQ__REPLY__KIND_EVENTS && reply->correlation == *after + 1) {
            terminal->connected = true;
            terminal->told += reply->events->n_events > 0;
            if (reply->events->next_after > *after)
                *after = reply->events->next_after;
            ask(terminal, *after, WAIT_MS);
        } else if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
            terminal->asked_ms = lq_steady_ms() - SILENCE_MS + 500; // again in half a second
        }
        lq_arena_free(&arena);
    }
    zmq_msg_close(&message);
    return got;
}

static unsigned count_if(const struct terminal *terminals, unsigned count, bool told)
{
    unsigned yes = 0;
    for (unsigned i = 0; i < count; i++)
        yes += told ? terminals[i].told > 0 : terminals[i].connected;
    return yes;
}

// The first fetch does not wait, so that its answer shows that the connection stands; from then on
// one is parked. Reports when all stand, and when all have been told.
_Noreturn static void run_child(unsigned first, unsigned count, uint64_t tip, int report)
{
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, A_CHILD + 16);
    struct terminal *terminals = calloc(count, sizeof *terminals);
    uint64_t *after = calloc(count, sizeof *after);
    if (terminals == NULL || after == NULL)
        DIE("no memory");
    for (unsigned i = 0; i < count; i++) {
        after[i] = tip;
        open_terminal(context, &keys[first + i], &terminals[i]);
        ask(&terminals[i], tip, 0);
    }
    for (char next = CONNECTED;;) {
        bool any = false;
        const int64_t now_ms = lq_steady_ms();
        for (unsigned i = 0; i < count; i++) {
            any |= hear(&terminals[i], &after[i]);
            if (now_ms - terminals[i].asked_ms > SILENCE_MS)
                ask(&terminals[i], after[i], terminals[i].connected ? WAIT_MS : 0);
            if (terminals[i].told > 1)
                (void)!write(report, &(char){WRONG}, 1);
        }
        if (next != WRONG && count_if(terminals, count, next == TOLD) == count) {
            (void)!write(report, &next, 1);
            next = next == CONNECTED ? TOLD : WRONG;
        }
        if (!any)
            usleep(10 * 1000);
    }
}

// Waits for that many reports of a stage.
static void await_stage(int report, enum stage stage, unsigned count)
{
    const int64_t until = lq_steady_ms() + LIMIT_MS;
    while (count > 0) {
        struct pollfd waiting = {.fd = report, .events = POLLIN};
        char got;
        if (poll(&waiting, 1, 1000) > 0 && read(report, &got, 1) == 1) {
            if (got == WRONG)
                DIE("a terminal was told of one order twice");
            count -= got == (char)stage;
        }
        if (lq_steady_ms() > until)
            DIE("not all terminals are %s", stage == CONNECTED ? "connected" : "told");
    }
}

// ---------------------------------------------------------------- the honest desk

static struct lq_client *open_desk(void)
{
    const struct lq_client_config config = {.endpoint = endpoint,
                                            .bus_public_key = site.bus_key,
                                            .keys = keys[0],
                                            .deadline_ms = LIMIT_MS};
    struct lq_client *desk = NULL;
    if (lq_client_open(&config, &desk) != LQ_OK)
        DIE("%s", lq_fault_text());
    return desk;
}

static void do_or_die(struct lq_client *desk, const char *service, const char *text)
{
    struct lq_arena arena = {0};
    const Lq__Reply *reply;
    const char *why = NULL;
    if (lq_client_call(desk, service, LQ_ASK_COMMAND, site_command_text(&arena, service, text),
                       &reply) != LQ_OK)
        DIE("%s", lq_fault_text());
    if (reply->kind_case != LQ__REPLY__KIND_OUTCOME)
        DIE("%s: refused", text);
    const Lq__Outcome *outcome =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &arena, &lq__outcome__descriptor,
                                          lq_span(reply->outcome.data, reply->outcome.len), &why);
    if (outcome == NULL || outcome->result_case != LQ__OUTCOME__RESULT_ACCEPTED)
        DIE("%s: %s", text, outcome != NULL ? outcome->rejected->text : why);
    lq_arena_free(&arena);
}

static void make_county(struct lq_client *desk)
{
    char text[256], from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    const int64_t now_ms = lq_wall_ms();
    do_or_die(desk, "shift",
              "register_person {badge=\"T1\" name=\"某\" role=LEAD team=\"T01\" group=\"A\"}");
    snprintf(text, sizeof text,
             "plan_shift {name=\"day\" group=\"A\" starts_at_ms=%s ends_at_ms=%s}",
             lq_format_instant(now_ms - 3600 * 1000, from),
             lq_format_instant(now_ms + 8 * 3600 * 1000, to));
    do_or_die(desk, "shift", text);
    do_or_die(desk, "ledger",
              "register_premises {number=\"E1\" name=\"厂\" township=\"乡\" owner=\"主\" "
              "kind=\"foundry\" standing=ENTERPRISE}");
}

// ---------------------------------------------------------------- the run

static void set_up(const char *lianqind, unsigned count)
{
    strcpy(site.dir, "/tmp/lq-terminals-XXXXXX");
    if (mkdtemp(site.dir) == NULL)
        DIE("cannot make a directory");
    site.system = lq_system_at(&site.arena, site.dir);
    if (lq_system_prepare(&site.system) != LQ_OK)
        DIE("%s", lq_fault_text());
    atexit(stop_all);
    make_keys(count);
    start_part(lianqind, "bus");
    await_endpoint();
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        start_part(lianqind, (*s)->name);
}

static unsigned allowed(unsigned wanted)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const unsigned most = limit.rlim_max > 600 ? (unsigned)limit.rlim_max - 500 : 100;
    if (wanted <= most)
        return wanted;
    printf("this machine allows a process %llu open files: %u terminals instead of %u\n",
           (unsigned long long)limit.rlim_max, most, wanted);
    return most;
}

static void print_costs(unsigned count)
{
    printf("%-10s %14s %14s %20s\n", "PROCESS", "BEFORE KiB", "AFTER KiB", "KiB A TERMINAL");
    for (unsigned i = 0; i < part_count; i++)
        printf("%-10s %14ld %14ld %20.1f\n", parts[i].name, parts[i].before_kib, parts[i].after_kib,
               (double)(parts[i].after_kib - parts[i].before_kib) / count);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: terminals LIANQIND COUNT\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    const unsigned count = allowed((unsigned)strtoul(argv[2], NULL, 10));
    pid_t children[64];
    unsigned child_count = 0;
    int report[2];
    set_up(argv[1], count);
    struct lq_client *desk = open_desk();
    make_county(desk);
    do_or_die(desk, "dispatch",
              "issue_order {number=\"O0\" kind=\"raid\" target=\"E1\" priority=ROUTINE "
              "teams=[\"T01\"]}");
    const uint64_t tip = lq_client_position(desk, "dispatch");
    for (unsigned i = 0; i < part_count; i++)
        parts[i].before_kib = rss_kib(parts[i].pid);
    lq_client_close(desk); // a child must not inherit it
    if (pipe(report) != 0)
        DIE("cannot make a pipe");
    const int64_t begin_ms = lq_steady_ms();
    for (unsigned first = 0; first < count; first += A_CHILD) {
        const unsigned here = count - first < A_CHILD ? count - first : A_CHILD;
        children[child_count] = fork();
        if (children[child_count] == 0) {
            part_count = 0; // the system is the parent's
            site.dir[0] = '\0';
            run_child(first, here, tip, report[1]);
        }
        child_count++;
    }
    await_stage(report[0], CONNECTED, child_count);
    const int64_t connected_ms = lq_steady_ms();
    usleep(1000 * 1000); // the fetches that wait are on their way
    for (unsigned i = 0; i < part_count; i++)
        parts[i].after_kib = rss_kib(parts[i].pid);
    desk = open_desk();
    lq_client_saw(desk, "dispatch", tip);
    const int64_t ordered_ms = lq_steady_ms();
    do_or_die(desk, "dispatch", "cancel_order {order=\"O0\" why=\"rain\"}");
    await_stage(report[0], TOLD, child_count);
    const int64_t told_ms = lq_steady_ms();
    printf("%u terminals, each with a key, a connection and a parked fetch\n", count);
    printf("all connected after %.1f s, all told of an order after %.1f s, none twice\n",
           (double)(connected_ms - begin_ms) / 1000, (double)(told_ms - ordered_ms) / 1000);
    print_costs(count);
    for (unsigned i = 0; i < child_count; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    lq_client_close(desk);
    free(keys);
    return 0;
}
