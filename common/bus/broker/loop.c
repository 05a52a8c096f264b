// One thread, one loop, which waits nowhere but in the poll. In each step services, clients and the
// clock are served in turn, and what is taken from each is bounded.
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/broker/forward.h"
#include "bus/broker/keys.h"
#include "bus/broker/listeners.h"
#include "bus/broker/pipes.h"
#include "bus/broker/receive.h"
#include "bus/broker/services.h"

enum {
    CHECK_MS = 1000,
    REPORT_MS = 60000,
};

// ---------------------------------------------------------------- by the clock

// At the limit of open files a newcomer has to wait or pushes another out (listen/listener.c), and
// the list of keys cannot be read: say so before.
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
        lq_broker_check_keys(broker);
        lq_broker_expire_requests(broker);
        broker->next_check_ms = now + CHECK_MS;
    }
    if (now >= broker->next_report_ms) {
        report(broker);
        broker->next_report_ms = now + REPORT_MS;
    }
    lq_broker_poll_listeners(broker); // last: flushes
}

static long wait_ms(const struct lq_broker *broker)
{
    const int64_t now = lq_steady_ms();
    const int64_t due =
        broker->next_ping_ms < broker->next_check_ms ? broker->next_ping_ms : broker->next_check_ms;
    return due <= now ? 0 : (long)(due - now);
}

// ---------------------------------------------------------------- the loop

// What the loop polls: the fixed ones, then the pipes that there are.
enum { STOP, KEYS, NEW_PIPES, WORKERS, CLIENTS, PIPES };
struct watched {
    zmq_pollitem_t items[PIPES + LQ_PIPES_LIMIT];
    struct lq_broker_pipe *pipes[LQ_PIPES_LIMIT];
    unsigned pipe_count;
    bool held; // one of them has read a message that polling does not show
};

static zmq_pollitem_t item_of(int fd) // -1: none
{
    return (zmq_pollitem_t){.fd = fd, .events = ZMQ_POLLIN};
}

static void watch(struct lq_broker *broker, struct watched *w)
{
    const struct lq_listener *workers = broker->listeners[LQ_PEER_WORKER];
    w->items[STOP] = item_of(broker->stop_event);
    w->items[KEYS] = item_of(broker->inotify);
    w->items[NEW_PIPES] = item_of(broker->pipe_listener);
    w->items[WORKERS] = item_of(workers != NULL ? lq_listener_fd(workers) : -1);
    w->items[CLIENTS] = item_of(lq_listener_fd(broker->listeners[LQ_PEER_CLIENT]));
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

// Keys come before messages, answers of services before new requests, and answers are sent before
// more is taken in.
static void serve(struct lq_broker *broker, const struct watched *w)
{
    lq_broker_refresh_keys(broker);
    for (unsigned i = 0; i < w->pipe_count; i++)
        if (w->items[PIPES + i].revents != 0 || lq_pipe_holds_message(w->pipes[i]->pipe))
            lq_broker_serve_pipe(broker, w->pipes[i]);
    if (w->items[NEW_PIPES].revents != 0)
        lq_broker_accept_pipes(broker);
    if (w->items[WORKERS].revents != 0)
        lq_broker_serve_workers(broker);
    lq_listener_flush(broker->listeners[LQ_PEER_CLIENT]);
    if (w->items[CLIENTS].revents != 0)
        lq_broker_serve_clients(broker);
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
        (void)lq_leap_look(&broker->leap, lq_wall_ms(), lq_boot_ms()); // often, as it wants
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
    (void)!write(broker->stop_event, &one, sizeof one); // full: it is set already
    errno = problem;
}

const struct lq_broker_counters *lq_broker_counters(const struct lq_broker *broker)
{
    return &broker->counters;
}
