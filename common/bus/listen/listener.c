// The door: what it listens at, whom it lets in, and its turns. The connections themselves are in
// connection.c.
#include <errno.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "base/time.h"
#include "bus/listen/listener_state.h"
#include "bus/listen/tcp.h"

enum {
    ACCEPTS = 64, // in a turn, for each endpoint
    UNSENT_PAUSE = 64 * 1024,
    UNSENT_LIMIT = 4 * 1024 * 1024,
    MOST = 10 * 1000 * 1000,
    OTHER_FILES = 256, // that the process needs besides connections
    REST_MS = 1000,    // pause of listening when there are no more files
};

// What epoll gives back: a connection's number, or one of these, which no connection has: the
// number of a listener, or this.
static const uint64_t NEWCOMERS = UINT32_MAX;

// ---------------------------------------------------------------- the door itself

static bool admits(void *self, const uint8_t key[32])
{
    struct lq_door *door = self;
    char text[LQ_KEY_TEXT];
    LQ_ASSERT(zmq_z85_encode(text, key, 32) != NULL);
    if (door->config.admits(door->config.self, text))
        return true;
    door->counters.turned_away++;
    memcpy(door->counters.last_key, text, sizeof text);
    return false;
}

bool lq_door_watch(int epoll, int fd, uint64_t number, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = number};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

enum lq_status lq_door_open(const struct lq_door_config *config, struct lq_door **out)
{
    struct rlimit files = {0};
    struct lq_door *door = calloc(1, sizeof *door);
    LQ_ASSERT(door != NULL && sodium_init() >= 0);
    LQ_ASSERT(config->parts == 1 || config->parts == 2);
    door->config = *config;
    if (door->config.unsent_pause == 0)
        door->config.unsent_pause = UNSENT_PAUSE;
    if (door->config.unsent_limit == 0)
        door->config.unsent_limit = UNSENT_LIMIT;
    door->server.admits = admits;
    door->server.self = door;
    door->server.part_limit = config->part_limit;
    LQ_ASSERT(zmq_z85_decode(door->server.secret_key, config->keys.secret_key) != NULL);
    crypto_scalarmult_base(door->server.public_key, door->server.secret_key);
    door->free_slot = LQ_NO_SLOT;
    door->scratch = malloc(LQ_DOOR_READ);
    LQ_ASSERT(door->scratch != NULL && getrlimit(RLIMIT_NOFILE, &files) == 0);
    const rlim_t usable = files.rlim_cur > MOST ? MOST : files.rlim_cur;
    door->most = usable > 2 * OTHER_FILES ? (unsigned)usable - OTHER_FILES : OTHER_FILES;
    door->epoll = epoll_create1(EPOLL_CLOEXEC);
    door->newcomers = epoll_create1(EPOLL_CLOEXEC);
    *out = door;
    if (door->epoll >= 0 && door->newcomers >= 0 &&
        lq_door_watch(door->epoll, door->newcomers, NEWCOMERS, EPOLLIN))
        return LQ_OK;
    const int problem = errno;
    lq_door_close(door);
    *out = NULL;
    return lq_fault(LQ_E_IO, "cannot make an epoll: %s", strerror(problem));
}

static bool watch_listener(struct lq_door *door, unsigned index)
{
    return lq_door_watch(door->epoll, door->listeners[index], index, EPOLLIN);
}

enum lq_status lq_door_listen(struct lq_door *door, const char *endpoint,
                              char bound[LQ_ENDPOINT_TEXT])
{
    LQ_ASSERT(door->listener_count < LQ_DOOR_LISTENERS);
    int *fd = &door->listeners[door->listener_count];
    const enum lq_status status = lq_listen_tcp(endpoint, fd, bound);
    if (status != LQ_OK)
        return status;
    door->listener_count++;
    LQ_ASSERT(watch_listener(door, door->listener_count - 1));
    return LQ_OK;
}

int lq_door_fd(const struct lq_door *door)
{
    return door->epoll;
}

const struct lq_door_counters *lq_door_counters(const struct lq_door *door)
{
    return &door->counters;
}

// ---------------------------------------------------------------- coming and going

void lq_door_close(struct lq_door *door)
{
    if (door == NULL)
        return;
    for (uint32_t i = 0; i < door->slot_count; i++)
        if (door->slots[i].connection != NULL)
            lq_connection_free(door, door->slots[i].connection);
    for (unsigned i = 0; i < door->listener_count; i++)
        close(door->listeners[i]);
    if (door->epoll >= 0)
        close(door->epoll);
    if (door->newcomers >= 0)
        close(door->newcomers);
    sodium_memzero(&door->server, sizeof door->server);
    sodium_memzero(&door->config.keys, sizeof door->config.keys);
    free(door->slots);
    free(door->scratch);
    free(door);
}

// ---------------------------------------------------------------- letting in

static void rest(struct lq_door *door)
{
    door->rests_until_ms = door->now_ms + REST_MS;
    for (unsigned i = 0; i < door->listener_count; i++)
        (void)epoll_ctl(door->epoll, EPOLL_CTL_DEL, door->listeners[i], NULL);
}

// Somebody waits, and there is no file left for him: whoever has not shown a key for longest goes.
static void make_room(struct lq_door *door)
{
    if (door->oldest != NULL)
        lq_connection_end(door, door->oldest);
    else
        rest(door);
}

static void accept_from(struct lq_door *door, int listener)
{
    if (door->counters.connections >= door->most) {
        make_room(door);
        return;
    }
    for (unsigned i = 0; i < ACCEPTS && door->counters.connections < door->most; i++) {
        const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            lq_connection_begin(door, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            if (i == 0) // else it was told so before it looked whether somebody waits
                make_room(door);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

// Where the system has no room for that either, it rests on.
static void listen_again(struct lq_door *door)
{
    door->rests_until_ms = 0;
    for (unsigned i = 0; i < door->listener_count; i++)
        if (!watch_listener(door, i) && errno != EEXIST)
            door->rests_until_ms = door->now_ms + REST_MS;
}

void lq_door_tend(struct lq_door *door, int64_t now_ms)
{
    door->now_ms = now_ms;
    for (struct lq_connection *next, *c = door->oldest; c != NULL && c->deadline_ms <= now_ms;
         c = next) {
        next = c->younger;
        lq_connection_end(door, c);
    }
    if (door->rests_until_ms != 0 && now_ms >= door->rests_until_ms)
        listen_again(door);
    lq_door_flush(door);
}

// ---------------------------------------------------------------- its turns

static void handle(struct lq_door *door, const struct epoll_event *event)
{
    if (event->data.u64 < door->listener_count) {
        accept_from(door, door->listeners[event->data.u64]);
        return;
    }
    struct lq_connection *connection = lq_connection_find(door, event->data.u64);
    if (connection != NULL)
        lq_connection_wakes(door, connection, event->events);
}

// Newcomers' events come behind the others in the same list.
static void begin_turn(struct lq_door *door)
{
    door->in_turn = true;
    door->now_ms = lq_steady_ms();
    door->event_at = 0;
    const int count = epoll_wait(door->epoll, door->events, LQ_DOOR_EVENTS, 0);
    door->event_count = count < 0 ? 0 : count;
    for (int i = 0; i < door->event_count; i++) {
        if (door->events[i].data.u64 != NEWCOMERS)
            continue;
        door->events[i] = door->events[--door->event_count];
        const int more = epoll_wait(door->newcomers, door->events + door->event_count,
                                    LQ_DOOR_NEWCOMER_EVENTS, 0);
        door->event_count += more < 0 ? 0 : more;
        break;
    }
}

bool lq_door_next(struct lq_door *door, struct lq_door_message *message)
{
    if (!door->in_turn)
        begin_turn(door);
    for (;;) {
        if (lq_connection_next(door, message))
            return true;
        if (door->event_at == door->event_count) {
            door->in_turn = false;
            return false;
        }
        handle(door, &door->events[door->event_at++]);
    }
}
