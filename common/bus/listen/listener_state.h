// A listener and its connections. Private to common/bus/listen.
#pragma once

#include <sys/epoll.h>

#include "bus/listen/listener.h"
#include "bus/listen/zmtp.h"

enum {
    LQ_LISTENER_EVENTS = 256,        // of open connections, in a step
    LQ_LISTENER_NEWCOMER_EVENTS = 8, // of handshakes: up to a fifth of a millisecond of work each
    LQ_LISTENER_SOCKETS = 8,
    LQ_LISTENER_READ = 64 * 1024, // bytes of one connection in a step
};

struct lq_connection {
    int fd;
    uint32_t slot;
    struct lq_zmtp zmtp;
    char key[LQ_KEY_TEXT];
    struct lq_buffer in, out;
    uint32_t watched; // what epoll is asked for
    bool newcomer, dirty, ended;
    unsigned parts; // of the message that is coming in, so far
    bool malformed; // that message
    uint8_t kind;
    int64_t deadline_ms;                   // of the handshake
    struct lq_connection *older, *younger; // newcomers
    struct lq_connection *next_dirty;
};

struct lq_listener_slot {
    struct lq_connection *connection; // NULL: free
    uint32_t uses, next_free;
};

enum { LQ_NO_SLOT = UINT32_MAX };

struct lq_listener {
    struct lq_listener_config config;
    struct lq_zmtp_server server;
    int epoll, newcomers; // the second is watched by the first
    int sockets[LQ_LISTENER_SOCKETS];
    unsigned socket_count, most;
    int64_t rests_until_ms; // 0: it accepts
    int64_t now_ms;

    struct lq_listener_slot *slots;
    uint32_t slot_count, free_slot;
    struct lq_connection *oldest, *youngest; // newcomers
    struct lq_connection *dirty;

    bool in_step;
    struct epoll_event events[LQ_LISTENER_EVENTS + LQ_LISTENER_NEWCOMER_EVENTS];
    int event_count, event_at;
    struct lq_connection *reading; // whose bytes follow:
    uint8_t *bytes;
    size_t size, taken;
    uint8_t *scratch;
    struct lq_listener_counters counters;
};

// connection.c: a newcomer from an accepted socket, and its end, which comes with the next
// flush.
void lq_connection_begin(struct lq_listener *listener, int fd);
void lq_connection_end(struct lq_listener *listener, struct lq_connection *connection);
void lq_connection_free(struct lq_listener *listener, struct lq_connection *connection);

// The connection of that number; NULL if it is closed.
struct lq_connection *lq_connection_find(const struct lq_listener *listener, uint64_t number);

// It can be written to, or read from; then lq_connection_next gives the messages that came, and
// false once there are no more.
void lq_connection_wakes(struct lq_listener *listener, struct lq_connection *connection,
                         uint32_t events);
bool lq_connection_next(struct lq_listener *listener, struct lq_listener_message *message);

// listener.c: adds the file to an epoll; its events carry the number.
bool lq_listener_watch(int epoll, int fd, uint64_t number, uint32_t events);
