#include "runtime/serve.h"

#include "base/log.h"
#include "base/clock.h"
#include "base/leap.h"
#include "base/time.h"
#include "bus/worker/frames.h"
#include "runtime/host.h"

enum { TRY_AGAIN_MS = 1000 };

struct serving {
    const struct lq_serve_config *config;
    struct lq_store *store;
    struct lq_link *link;
    struct lq_host *host;
    uint64_t registrations; // of the link, that the host knows of
    int64_t rebuild_ms;     // steady: when making the tables again began; 0: they were ours
    uint64_t rebuilt;       // records that they were made of
    bool told_to_stop;      // meanwhile
    struct lq_leap leap;
    int64_t clock_off_ms; // as it was found last
    uint64_t durable;     // lq_store_durable of the store as it was open before; 0: it was not
};

static void send_answer(void *self, struct lq_span route, struct lq_span reply)
{
    struct serving *s = self;
    lq_link_answer(s->link, route, reply);
}

static bool send_ask(void *self, struct lq_span request)
{
    struct serving *s = self;
    return lq_link_ask(s->link, request);
}

static bool tell_of_rebuild(void *self, uint64_t done, uint64_t of)
{
    struct serving *s = self;
    if (done == 0) {
        s->rebuild_ms = lq_steady_ms();
        s->rebuilt = of;
        lq_log_info("another version made the tables of this store: they are made again from its "
                    "%llu records, and until then nobody is answered",
                    (unsigned long long)of);
    }
    zmq_pollitem_t stop = {.fd = s->config->stop_fd, .events = ZMQ_POLLIN};
    (void)lq_poll(&stop, 1, 0);
    s->told_to_stop = (stop.revents & ZMQ_POLLIN) != 0;
    return !s->told_to_stop;
}

static enum lq_status open_store(struct serving *s)
{
    struct lq_arena arena = {0};
    const struct lq_service *service = s->config->service;
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = (uint64_t)s->config->map_gib << 30,
                                             .durable = s->durable};
    struct lq_store_plan plan;
    lq_host_plan(service, names, &plan);
    const char *url =
        lq_arena_format(&arena, "lmdb:%s/%s", s->config->system->journal, service->name);
    const enum lq_status status = lq_store_open(url, &plan, &options, &s->store);
    lq_arena_free(&arena);
    return status;
}

static enum lq_status open_host(struct serving *s)
{
    const struct lq_serve_config *config = s->config;
    const struct lq_host_io io = {
        .self = s, .answer = send_answer, .ask = send_ask, .rebuilding = tell_of_rebuild};
    const enum lq_status status = lq_host_new(config->service, s->store, config->policy,
                                              config->law, io, lq_wall_ms(), &s->host);
    if (status == LQ_OK)
        s->leap = lq_leap_start(config->policy->clock_leap_ms, lq_wall_ms(), lq_boot_ms(),
                                lq_host_recorded_ms(s->host));
    if (status == LQ_OK && s->rebuild_ms != 0)
        lq_log_info("the tables are made again: %llu records in %.1f s",
                    (unsigned long long)s->rebuilt,
                    (double)(lq_steady_ms() - s->rebuild_ms) / 1000);
    return status;
}

// The link comes last: the bus refuses at once what is for a service that is not there yet.
static enum lq_status open_all(struct serving *s)
{
    const struct lq_serve_config *config = s->config;
    enum lq_status status = open_store(s);
    if (status == LQ_OK)
        status = open_host(s);
    const struct lq_link_config link = {
        .endpoint = config->link,
        .name = config->service->name,
        .keys = config->keys,
        .bus_public_key = config->bus_public_key,
    };
    return status == LQ_OK ? lq_link_open(&link, &s->link) : status;
}

// ---------------------------------------------------------------- the clock

static void tell_of_clock(int64_t wall_ms, int64_t off_ms)
{
    char says[LQ_TIME_TEXT], is[LQ_TIME_TEXT];
    lq_format_local(wall_ms, says);
    if (off_ms == 0)
        lq_log_info("the clock is right again, at %s: commands and timers go on", says);
    else
        lq_log_error("the clock says %s, but by what has passed since it was right, or by the last "
                     "record, it must be %s: no commands are taken and no timers fire until it is "
                     "right again, or an administrator says that it is (lq clock confirm)",
                     says, lq_format_local(wall_ms - off_ms, is));
}

// Reads the clock and looks at it before anything is done by it.
static int64_t look_at_clock(struct serving *s)
{
    const int64_t wall_ms = lq_wall_ms();
    const int64_t off_ms = lq_leap_look(&s->leap, wall_ms, lq_boot_ms());
    if ((off_ms != 0) != (s->clock_off_ms != 0))
        tell_of_clock(wall_ms, off_ms);
    s->clock_off_ms = off_ms;
    lq_host_clock_off(s->host, off_ms);
    return wall_ms;
}

static void trust_clock(struct serving *s, int64_t wall_ms)
{
    char says[LQ_TIME_TEXT];
    lq_log_warn("an administrator says that the clock is right, at %s: commands and timers go on",
                lq_format_local(wall_ms, says));
    lq_leap_trust(&s->leap, wall_ms, lq_boot_ms());
    s->clock_off_ms = 0;
}

// ---------------------------------------------------------------- the loop

// Waits for work; false once it is time to stop.
static bool wait_for_work(struct serving *s)
{
    const int64_t now = lq_wall_ms();
    const int64_t host_ms = lq_host_wake_ms(s->host, now) - now;
    const int64_t link_ms = lq_link_due_ms(s->link) - lq_steady_ms();
    int64_t wait_ms = host_ms < link_ms ? host_ms : link_ms;
    const int64_t most_ms = s->clock_off_ms != 0 ? 1000 : 60000; // is it right again?
    wait_ms = wait_ms < 0 ? 0 : wait_ms > most_ms ? most_ms : wait_ms;
    zmq_pollitem_t items[] = {
        lq_link_item(s->link),
        {.fd = s->config->stop_fd, .events = ZMQ_POLLIN},
    };
    (void)lq_poll(items, 2, (long)wait_ms); // interrupted or failed: look at what is there
    return (items[1].revents & ZMQ_POLLIN) == 0;
}

// Hands the host everything that waits, up to a batch: the longer a commit takes, the more there
// is.
static void drain(struct serving *s)
{
    struct lq_link_message message;
    for (int64_t i = 0; i < s->config->policy->batch_max && lq_link_next(s->link, &message); i++) {
        if (message.kind == LQ_MESSAGE_REPLY) {
            lq_host_hear(s->host, message.bytes);
            continue;
        }
        const struct lq_caller caller = {
            .route = message.route, .actor = message.actor, .roles = message.roles};
        lq_host_take(s->host, &caller, message.bytes);
    }
}

static void tell_of_restart(struct serving *s)
{
    const uint64_t registrations = lq_link_registrations(s->link);
    if (registrations != s->registrations)
        lq_host_reconnected(s->host);
    s->registrations = registrations;
}

static enum lq_status loop(struct serving *s)
{
    while (wait_for_work(s)) {
        drain(s);
        tell_of_restart(s);
        if (lq_link_state(s->link) == LQ_LINK_OUSTED)
            return lq_fault(LQ_E_BUSY, "another instance of %s has taken over",
                            s->config->service->name);
        const int64_t now_ms = look_at_clock(s);
        const enum lq_status status = lq_host_step(s->host, now_ms);
        if (status != LQ_OK)
            return status;
        if (lq_host_clock_confirmed(s->host))
            trust_clock(s, now_ms);
        lq_link_flush(s->link);
    }
    return LQ_OK;
}

// Serves until it is over. `durable`: of the time before, where a write found no room; 0: none.
static enum lq_status serve(const struct lq_serve_config *config, uint64_t *durable, bool *served)
{
    struct serving s = {.config = config, .durable = *durable};
    enum lq_status status = open_all(&s);
    *served = status == LQ_OK;
    if (status == LQ_OK) {
        if (*durable != 0)
            lq_host_hold(s.host);
        lq_log_info("serving");
        status = loop(&s);
    }
    if (*served)
        *durable = lq_store_durable(s.store);
    lq_host_free(s.host);
    lq_link_close(s.link);
    lq_store_close(s.store);
    return s.told_to_stop ? LQ_OK : status;
}

// Waits before the store is tried again. False: told to stop.
static bool wait_for_room(const struct lq_serve_config *config)
{
    zmq_pollitem_t stop = {.fd = config->stop_fd, .events = ZMQ_POLLIN};
    (void)lq_poll(&stop, 1, TRY_AGAIN_MS);
    return (stop.revents & ZMQ_POLLIN) == 0;
}

// After a write that found no room the store is closed, as after every failed write, and opened
// again: what was under way is refused by the bus and repeated by who asked, and is then told that
// there is no room. A process that ended instead would be started again and know nothing of it, and
// fail with the same command for as long as that is repeated. Opening a store writes, too (and
// makes the tables again, after an upgrade): where that finds no room it is tried until there is.
enum lq_status lq_serve(const struct lq_serve_config *config)
{
    lq_log_name(config->service->name);
    uint64_t durable = 0;
    bool served, waiting = false;
    for (;;) {
        const enum lq_status status = serve(config, &durable, &served);
        if (status != LQ_E_FULL)
            return status;
        if (served)
            lq_log_error("%s; commands are refused for a while", lq_fault_text());
        else if (!waiting)
            lq_log_error("%s; it waits for that", lq_fault_text());
        waiting = !served;
        if (waiting && !wait_for_room(config))
            return LQ_OK;
    }
}
