// One thread, one loop, no waiting anywhere but in the poll: the gatekeeper, the doors and the
// clock take turns, and each turn of a door is bounded.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/broker_state.h"
#include "bus/zap.h"

enum {
    CHECK_MS = 1000,
    REPORT_MS = 60000,
    PROBE_MS = 20,      // after a link was lost, services are asked this often ...
    PROBE_FOR_MS = 300, // ... for so long: the event comes before the socket knows
    ZAP_PER_TURN = 256,
    REFUSAL_LOG_MS = 5000,
};

// ---------------------------------------------------------------- the list of keys

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

// A list that cannot be read leaves the old one in force: a slip of the editor must not lock 200
// people out, and the old list is still the last that somebody meant.
static void reload_if_changed(struct lq_broker *broker)
{
    struct stat now = {0};
    if (stat(broker->keyring_path, &now) != 0)
        now = (struct stat){0};
    if (same_file(&now, &broker->keyring_seen))
        return;
    broker->keyring_seen = now;
    struct lq_keyring *keyring = NULL;
    if (lq_keyring_load(broker->keyring_path, &keyring) != LQ_OK) {
        lq_log_error("the list of keys was not taken, the old one stays in force: %s",
                     lq_fault_text());
        return;
    }
    lq_log_info("the list of keys was read: %zu keys", lq_keyring_count(keyring));
    lq_keyring_free(broker->keyring);
    broker->keyring = keyring;
}

void lq_broker_refresh_keyring(struct lq_broker *broker)
{
    char events[4096];
    bool any = false;
    while (read(broker->inotify, events, sizeof events) > 0)
        any = true;
    if (any)
        reload_if_changed(broker);
}

const struct lq_key_entry *lq_broker_key(const struct lq_broker *broker, const char *key)
{
    const struct lq_key_entry *entry = lq_keyring_find(broker->keyring, key);
    return entry != NULL && !entry->revoked ? entry : NULL;
}

// ---------------------------------------------------------------- by the clock

static void expire_waiting(struct lq_broker *broker)
{
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++) {
        struct lq_route_service *service = lq_routes_service_at(broker->routes, i);
        while (service->first != NULL &&
               broker->now_ms - service->first->since_ms > broker->expire_ms) {
            const struct lq_waiting was = *service->first;
            lq_routes_forget(broker->routes, service->first);
            lq_broker_refuse(broker, was.asker, was.correlation, LQ__REFUSAL__WHY__UNAVAILABLE,
                             true, "%s has not answered; try again", service->name);
        }
    }
}

// At the limit of open files libzmq spins on accept and nobody can connect; say so before.
static void check_open_files(void)
{
    struct rlimit limit;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL)
        return;
    unsigned long count = 0;
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        count > limit.rlim_cur / 10 * 7)
        lq_log_error("%lu of %lu files are open: raise LimitNOFILE", count,
                     (unsigned long)limit.rlim_cur);
}

static void report(struct lq_broker *broker)
{
    const struct lq_broker_counters *c = &broker->counters, *r = &broker->reported;
    if (c->dropped_frames != r->dropped_frames || c->dropped_nobody != r->dropped_nobody ||
        c->dropped_replies != r->dropped_replies || c->malformed != r->malformed ||
        c->revoked != r->revoked)
        lq_log_warn("so far: %lu requests, %lu malformed, %lu with a revoked key, dropped: %lu not "
                    "of the protocol, %lu of nobody, %lu replies",
                    (unsigned long)c->requests, (unsigned long)c->malformed,
                    (unsigned long)c->revoked, (unsigned long)c->dropped_frames,
                    (unsigned long)c->dropped_nobody, (unsigned long)c->dropped_replies);
    broker->reported = *c;
    check_open_files();
}

static void on_clock(struct lq_broker *broker)
{
    const int64_t now = broker->now_ms;
    if (now >= broker->next_ping_ms || now < broker->probe_until_ms) {
        lq_broker_ping_services(broker);
        broker->next_ping_ms = now + broker->ping_ms;
    }
    if (now >= broker->next_check_ms) {
        reload_if_changed(broker); // where inotify sees nothing: network file systems
        expire_waiting(broker);
        broker->next_check_ms = now + CHECK_MS;
    }
    if (now >= broker->next_report_ms) {
        report(broker);
        broker->next_report_ms = now + REPORT_MS;
    }
}

static long wait_ms(const struct lq_broker *broker)
{
    const int64_t now = lq_steady_ms();
    if (now < broker->probe_until_ms)
        return PROBE_MS;
    const int64_t due =
        broker->next_ping_ms < broker->next_check_ms ? broker->next_ping_ms : broker->next_check_ms;
    return due <= now ? 0 : (long)(due - now);
}

// ---------------------------------------------------------------- the loop

static void read_monitor(struct lq_broker *broker)
{
    struct lq_frames event;
    while (lq_frames_receive(broker->monitor, &event)) {
        broker->probe_until_ms = broker->now_ms + PROBE_FOR_MS;
        lq_frames_close(&event);
    }
}

// A terminal with a wrong key comes back every second: once in a while is enough to be read.
static void serve_zap(struct lq_broker *broker)
{
    char key[LQ_KEY_TEXT];
    const unsigned refused = lq_zap_serve(broker->zap, broker->keyring, ZAP_PER_TURN, key);
    broker->counters.keys_turned_away += refused;
    if (refused == 0 || broker->now_ms < broker->next_refusal_ms)
        return;
    broker->next_refusal_ms = broker->now_ms + REFUSAL_LOG_MS;
    lq_log_warn("a key was turned away: %s (so far: %lu times)", key[0] != '\0' ? key : "none",
                (unsigned long)broker->counters.keys_turned_away);
}

// What the loop looks at, and for whom: the fixed ones, then the pipes that there are.
enum { STOP, KEYS, ZAP, MONITOR, LISTENER, DOORS, PIPES = DOORS + LQ_DOOR_COUNT };
struct watched {
    zmq_pollitem_t items[PIPES + LQ_PIPES_LIMIT];
    struct lq_broker_pipe *pipes[LQ_PIPES_LIMIT];
    unsigned pipe_count;
    bool held; // one of them holds what polling does not show
};

// A socket that does not exist is not polled: its place looks at nothing.
static zmq_pollitem_t item_of(void *socket)
{
    return socket != NULL ? (zmq_pollitem_t){.socket = socket, .events = ZMQ_POLLIN}
                          : (zmq_pollitem_t){.fd = -1};
}

static void watch(struct lq_broker *broker, struct watched *w)
{
    w->items[STOP] = (zmq_pollitem_t){.fd = broker->stop_event, .events = ZMQ_POLLIN};
    w->items[KEYS] = (zmq_pollitem_t){.fd = broker->inotify, .events = ZMQ_POLLIN};
    w->items[ZAP] = item_of(broker->zap);
    w->items[MONITOR] = item_of(broker->monitor);
    w->items[LISTENER] = (zmq_pollitem_t){.fd = broker->listener, .events = ZMQ_POLLIN};
    for (int door = 0; door < LQ_DOOR_COUNT; door++)
        w->items[DOORS + door] = item_of(broker->doors[door]);
    w->pipe_count = 0;
    w->held = false;
    for (unsigned i = 0; i < LQ_PIPES_LIMIT; i++) {
        if (broker->pipes[i].pipe == NULL)
            continue;
        w->items[PIPES + w->pipe_count] = lq_pipe_item(broker->pipes[i].pipe);
        w->held |= lq_pipe_holds_message(broker->pipes[i].pipe);
        w->pipes[w->pipe_count++] = &broker->pipes[i];
    }
}

// Keys come before messages, and what services say before what is asked of them.
static void serve(struct lq_broker *broker, const struct watched *w)
{
    lq_broker_refresh_keyring(broker);
    if (w->items[ZAP].revents != 0)
        serve_zap(broker);
    if (w->items[MONITOR].revents != 0)
        read_monitor(broker);
    for (unsigned i = 0; i < w->pipe_count; i++)
        if (w->items[PIPES + i].revents != 0 || lq_pipe_holds_message(w->pipes[i]->pipe))
            lq_broker_serve_pipe(broker, w->pipes[i]);
    if (w->items[LISTENER].revents != 0)
        lq_broker_accept_pipes(broker);
    if (w->items[DOORS + LQ_DOOR_LINK].revents != 0)
        lq_broker_serve_link(broker);
    for (int door = LQ_DOOR_FRONT; door < LQ_DOOR_COUNT; door++)
        if (w->items[DOORS + door].revents != 0)
            lq_broker_serve_front(broker, (enum lq_door)door);
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++)
        lq_broker_send_requests(broker, lq_routes_service_at(broker->routes, i));
}

enum lq_status lq_broker_run(struct lq_broker *broker)
{
    struct watched w;
    for (;;) {
        watch(broker, &w);
        const int ready =
            zmq_poll(w.items, (int)(PIPES + w.pipe_count), w.held ? 0 : wait_ms(broker));
        if (ready < 0 && zmq_errno() == EINTR)
            continue;
        if (ready < 0)
            return lq_fault(LQ_E_IO, "the bus cannot wait for messages: %s",
                            zmq_strerror(zmq_errno()));
        if (w.items[STOP].revents != 0)
            break;
        broker->now_ms = lq_steady_ms();
        serve(broker, &w);
        on_clock(broker);
    }
    uint64_t taken;
    LQ_ASSERT(read(broker->stop_event, &taken, sizeof taken) == (ssize_t)sizeof taken);
    return LQ_OK;
}

void lq_broker_stop(struct lq_broker *broker)
{
    const uint64_t one = 1;
    const int problem = errno;
    (void)!write(broker->stop_event, &one, sizeof one); // full means that it was told before
    errno = problem;
}

const struct lq_broker_counters *lq_broker_counters(const struct lq_broker *broker)
{
    return &broker->counters;
}
