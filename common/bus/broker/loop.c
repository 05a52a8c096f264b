// One thread, one loop, no waiting anywhere but in the poll: services, doors and the clock take
// turns, and each turn of a door is bounded.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/broker/state.h"

enum {
    CHECK_MS = 1000,
    REPORT_MS = 60000,
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
    if (c->dropped_frames != r->dropped_frames || c->dropped_replies != r->dropped_replies ||
        c->malformed != r->malformed || c->revoked != r->revoked)
        lq_log_warn("so far: %lu requests, %lu malformed, %lu with a revoked key, dropped: %lu not "
                    "of the protocol, %lu replies",
                    (unsigned long)c->requests, (unsigned long)c->malformed,
                    (unsigned long)c->revoked, (unsigned long)c->dropped_frames,
                    (unsigned long)c->dropped_replies);
    broker->reported = *c;
    check_open_files();
}

static void on_clock(struct lq_broker *broker)
{
    const int64_t now = broker->now_ms;
    if (now >= broker->next_ping_ms) {
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
    lq_broker_tend_doors(broker); // last: sends what was said in this turn
}

static long wait_ms(const struct lq_broker *broker)
{
    const int64_t now = lq_steady_ms();
    const int64_t due =
        broker->next_ping_ms < broker->next_check_ms ? broker->next_ping_ms : broker->next_check_ms;
    return due <= now ? 0 : (long)(due - now);
}

// ---------------------------------------------------------------- the loop

// What the loop looks at, and for whom: the fixed ones, then the pipes that there are.
enum { STOP, KEYS, LISTENER, LINK, FRONT, PIPES };
struct watched {
    zmq_pollitem_t items[PIPES + LQ_PIPES_LIMIT];
    struct lq_broker_pipe *pipes[LQ_PIPES_LIMIT];
    unsigned pipe_count;
    bool held; // one of them holds what polling does not show
};

static zmq_pollitem_t item_of(int fd) // -1: looks at nothing
{
    return (zmq_pollitem_t){.fd = fd, .events = ZMQ_POLLIN};
}

static void watch(struct lq_broker *broker, struct watched *w)
{
    const struct lq_door *link = broker->doors[LQ_BY_LINK];
    w->items[STOP] = item_of(broker->stop_event);
    w->items[KEYS] = item_of(broker->inotify);
    w->items[LISTENER] = item_of(broker->listener);
    w->items[LINK] = item_of(link != NULL ? lq_door_fd(link) : -1);
    w->items[FRONT] = item_of(lq_door_fd(broker->doors[LQ_BY_FRONT]));
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

// Keys come before messages, and what services say before what is asked of them; what they answer
// goes out before more is taken in.
static void serve(struct lq_broker *broker, const struct watched *w)
{
    lq_broker_refresh_keyring(broker);
    for (unsigned i = 0; i < w->pipe_count; i++)
        if (w->items[PIPES + i].revents != 0 || lq_pipe_holds_message(w->pipes[i]->pipe))
            lq_broker_serve_pipe(broker, w->pipes[i]);
    if (w->items[LISTENER].revents != 0)
        lq_broker_accept_pipes(broker);
    if (w->items[LINK].revents != 0)
        lq_broker_serve_link(broker);
    lq_door_flush(broker->doors[LQ_BY_FRONT]);
    if (w->items[FRONT].revents != 0)
        lq_broker_serve_front(broker);
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++)
        lq_broker_send_requests(broker, lq_routes_service_at(broker->routes, i));
}

enum lq_status lq_broker_run(struct lq_broker *broker)
{
    struct watched w;
    for (;;) {
        watch(broker, &w);
        const int ready = lq_poll(w.items, PIPES + w.pipe_count, w.held ? 0 : wait_ms(broker));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0)
            return lq_fault(LQ_E_IO, "the bus cannot wait for messages: %s", strerror(errno));
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
