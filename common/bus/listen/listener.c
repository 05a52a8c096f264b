// Accepting, admitting, and the steps of the listener. The connections themselves are in
// connection.c.
#include <errno.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "bus/listen/listener_state.h"
#include "bus/listen/tcp.h"

enum {
    ACCEPTS = 64, // in a step, for each endpoint
    UNSENT_PAUSE = 64 * 1024,
    UNSENT_LIMIT = 4 * 1024 * 1024,
    MOST = 10 * 1000 * 1000,
    OTHER_FILES = 256, // open files that the process needs besides connections
    REST_MS = 1000,    // pause of accepting when the process is out of files
};

// What epoll gives back: the number of a connection, or one that no connection has: the index of a
// listening socket, or this.
static const uint64_t NEWCOMERS = UINT32_MAX;

// ---------------------------------------------------------------- open

static bool admits(void *self, const uint8_t key[32])
{
    struct lq_listener *listener = self;
    char text[LQ_KEY_TEXT];
    LQ_ASSERT(zmq_z85_encode(text, key, 32) != NULL);
    if (listener->config.admits(listener->config.self, text))
        return true;
    listener->counters.turned_away++;
    memcpy(listener->counters.last_key, text, sizeof text);
    return false;
}

bool lq_listener_watch(int epoll, int fd, uint64_t number, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = number};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

enum lq_status lq_listener_open(const struct lq_listener_config *config, struct lq_listener **out)
{
    struct rlimit files = {0};
    struct lq_listener *listener = calloc(1, sizeof *listener);
    LQ_ASSERT(listener != NULL && sodium_init() >= 0);
    LQ_ASSERT(config->parts == 1 || config->parts == 2);
    listener->config = *config;
    if (listener->config.unsent_pause == 0)
        listener->config.unsent_pause = UNSENT_PAUSE;
    if (listener->config.unsent_limit == 0)
        listener->config.unsent_limit = UNSENT_LIMIT;
    listener->server.admits = admits;
    listener->server.self = listener;
    listener->server.part_limit = config->part_limit;
    LQ_ASSERT(zmq_z85_decode(listener->server.secret_key, config->keys.secret_key) != NULL);
    crypto_scalarmult_base(listener->server.public_key, listener->server.secret_key);
    listener->free_slot = LQ_NO_SLOT;
    listener->scratch = malloc(LQ_LISTENER_READ);
    LQ_ASSERT(listener->scratch != NULL && getrlimit(RLIMIT_NOFILE, &files) == 0);
    const rlim_t usable = files.rlim_cur > MOST ? MOST : files.rlim_cur;
    listener->most = usable > 2 * OTHER_FILES ? (unsigned)usable - OTHER_FILES : OTHER_FILES;
    if (config->connections != 0 && config->connections < listener->most)
        listener->most = config->connections;
    listener->epoll = epoll_create1(EPOLL_CLOEXEC);
    listener->newcomers = epoll_create1(EPOLL_CLOEXEC);
    *out = listener;
    if (listener->epoll >= 0 && listener->newcomers >= 0 &&
        lq_listener_watch(listener->epoll, listener->newcomers, NEWCOMERS, EPOLLIN))
        return LQ_OK;
    const int problem = errno;
    lq_listener_close(listener);
    *out = NULL;
    return lq_fault(LQ_E_IO, "cannot make an epoll: %s", strerror(problem));
}

static bool watch_socket(struct lq_listener *listener, unsigned index)
{
    return lq_listener_watch(listener->epoll, listener->sockets[index], index, EPOLLIN);
}

enum lq_status lq_listener_bind(struct lq_listener *listener, const char *endpoint,
                                char bound[LQ_ENDPOINT_TEXT])
{
    LQ_ASSERT(listener->socket_count < LQ_LISTENER_SOCKETS);
    int *fd = &listener->sockets[listener->socket_count];
    const enum lq_status status = lq_tcp_listen(endpoint, fd, bound);
    if (status != LQ_OK)
        return status;
    listener->socket_count++;
    LQ_ASSERT(watch_socket(listener, listener->socket_count - 1));
    return LQ_OK;
}

int lq_listener_fd(const struct lq_listener *listener)
{
    return listener->epoll;
}

const struct lq_listener_counters *lq_listener_counters(const struct lq_listener *listener)
{
    return &listener->counters;
}

// ---------------------------------------------------------------- close

void lq_listener_close(struct lq_listener *listener)
{
    if (listener == NULL)
        return;
    for (uint32_t i = 0; i < listener->slot_count; i++)
        if (listener->slots[i].connection != NULL)
            lq_connection_free(listener, listener->slots[i].connection);
    for (unsigned i = 0; i < listener->socket_count; i++)
        close(listener->sockets[i]);
    if (listener->epoll >= 0)
        close(listener->epoll);
    if (listener->newcomers >= 0)
        close(listener->newcomers);
    sodium_memzero(&listener->server, sizeof listener->server);
    sodium_memzero(&listener->config.keys, sizeof listener->config.keys);
    free(listener->slots);
    free(listener->scratch);
    free(listener);
}

// ---------------------------------------------------------------- accepting

static void rest(struct lq_listener *listener)
{
    listener->rests_until_ms = listener->now_ms + REST_MS;
    for (unsigned i = 0; i < listener->socket_count; i++)
        (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, listener->sockets[i], NULL);
}

// A connection waits to be accepted and no file is left: the oldest handshake is ended for it.
static void make_room(struct lq_listener *listener)
{
    if (listener->oldest != NULL)
        lq_connection_end(listener, listener->oldest);
    else
        rest(listener);
}

static void accept_from(struct lq_listener *listener, int socket_fd)
{
    if (listener->counters.connections >= listener->most) {
        make_room(listener);
        return;
    }
    for (unsigned i = 0; i < ACCEPTS && listener->counters.connections < listener->most; i++) {
        const int fd = accept4(socket_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            lq_connection_begin(listener, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            if (i == 0) // else the kernel says so even if nobody waits
                make_room(listener);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

// If the system has no room for that either, it rests on.
static void listen_again(struct lq_listener *listener)
{
    listener->rests_until_ms = 0;
    for (unsigned i = 0; i < listener->socket_count; i++)
        if (!watch_socket(listener, i) && errno != EEXIST)
            listener->rests_until_ms = listener->now_ms + REST_MS;
}

void lq_listener_poll(struct lq_listener *listener, int64_t now_ms)
{
    listener->now_ms = now_ms;
    for (struct lq_connection *next, *c = listener->oldest; c != NULL && c->deadline_ms <= now_ms;
         c = next) {
        next = c->younger;
        lq_connection_end(listener, c);
    }
    if (listener->rests_until_ms != 0 && now_ms >= listener->rests_until_ms)
        listen_again(listener);
    lq_listener_flush(listener);
}

// ---------------------------------------------------------------- steps

static void handle(struct lq_listener *listener, const struct epoll_event *event)
{
    if (event->data.u64 < listener->socket_count) {
        accept_from(listener, listener->sockets[event->data.u64]);
        return;
    }
    struct lq_connection *connection = lq_connection_find(listener, event->data.u64);
    if (connection != NULL)
        lq_connection_wakes(listener, connection, event->events);
}

// Events of newcomers follow the others in the same list.
static void begin_step(struct lq_listener *listener)
{
    listener->in_step = true;
    listener->now_ms = lq_steady_ms();
    listener->event_at = 0;
    const int count = epoll_wait(listener->epoll, listener->events, LQ_LISTENER_EVENTS, 0);
    listener->event_count = count < 0 ? 0 : count;
    for (int i = 0; i < listener->event_count; i++) {
        if (listener->events[i].data.u64 != NEWCOMERS)
            continue;
        listener->events[i] = listener->events[--listener->event_count];
        const int more = epoll_wait(listener->newcomers, listener->events + listener->event_count,
                                    LQ_LISTENER_NEWCOMER_EVENTS, 0);
        listener->event_count += more < 0 ? 0 : more;
        break;
    }
}

bool lq_listener_next(struct lq_listener *listener, struct lq_listener_message *message)
{
    if (!listener->in_step)
        begin_step(listener);
    for (;;) {
        if (lq_connection_next(listener, message))
            return true;
        if (listener->event_at == listener->event_count) {
            listener->in_step = false;
            return false;
        }
        handle(listener, &listener->events[listener->event_at++]);
    }
}
