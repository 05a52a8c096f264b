// The connections of a listener: reading and writing.
//
// They are in a table of slots. A connection's number is its slot and how often that slot was used,
// so that a number finds its connection at once and is not reused.
//
// An idle connection has no buffer: input is read into one that all share, and only the beginning
// of an incomplete message is kept.
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "bus/listen/listener_state.h"

enum { HANDSHAKE_MS = 4000 };

// ---------------------------------------------------------------- begin and end

static uint64_t number_of(const struct lq_listener *listener,
                          const struct lq_connection *connection)
{
    return (uint64_t)listener->slots[connection->slot].uses << 32 | connection->slot;
}

struct lq_connection *lq_connection_find(const struct lq_listener *listener, uint64_t number)
{
    const uint32_t slot = (uint32_t)number;
    if (slot >= listener->slot_count || listener->slots[slot].uses != number >> 32)
        return NULL;
    return listener->slots[slot].connection;
}

static void take_slot(struct lq_listener *listener, struct lq_connection *connection)
{
    if (listener->free_slot == LQ_NO_SLOT) {
        const uint32_t count = listener->slot_count, more = count == 0 ? 64 : 2 * count;
        listener->slots = realloc(listener->slots, more * sizeof *listener->slots);
        LQ_ASSERT(listener->slots != NULL);
        for (uint32_t i = more; i-- > count; listener->free_slot = i)
            listener->slots[i] = (struct lq_listener_slot){.next_free = listener->free_slot};
        listener->slot_count = more;
    }
    struct lq_listener_slot *slot = &listener->slots[listener->free_slot];
    connection->slot = listener->free_slot;
    listener->free_slot = slot->next_free;
    slot->connection = connection;
    if (++slot->uses == 0) // after 2^32 connections
        slot->uses = 1;
}

static void add_newcomer(struct lq_listener *listener, struct lq_connection *connection)
{
    connection->newcomer = true;
    connection->deadline_ms = listener->now_ms + HANDSHAKE_MS;
    connection->older = listener->youngest;
    *(listener->youngest != NULL ? &listener->youngest->younger : &listener->oldest) = connection;
    listener->youngest = connection;
    listener->counters.newcomers++;
}

static void remove_newcomer(struct lq_listener *listener, struct lq_connection *connection)
{
    if (!connection->newcomer)
        return;
    connection->newcomer = false;
    *(connection->older != NULL ? &connection->older->younger : &listener->oldest) =
        connection->younger;
    *(connection->younger != NULL ? &connection->younger->older : &listener->youngest) =
        connection->older;
    listener->counters.newcomers--;
}

static void mark_dirty(struct lq_listener *listener, struct lq_connection *connection)
{
    if (connection->dirty)
        return;
    connection->dirty = true;
    connection->next_dirty = listener->dirty;
    listener->dirty = connection;
}

// It is closed with the next flush, after what is queued for it.
void lq_connection_end(struct lq_listener *listener, struct lq_connection *connection)
{
    connection->ended = true;
    mark_dirty(listener, connection);
}

void lq_connection_free(struct lq_listener *listener, struct lq_connection *connection)
{
    remove_newcomer(listener, connection);
    struct lq_listener_slot *slot = &listener->slots[connection->slot];
    slot->connection = NULL;
    slot->next_free = listener->free_slot;
    listener->free_slot = connection->slot;
    close(connection->fd);
    lq_zmtp_end(&connection->zmtp);
    lq_buffer_free(&connection->in);
    lq_buffer_free(&connection->out);
    free(connection);
    listener->counters.connections--;
    listener->counters.gone++;
}

void lq_connection_begin(struct lq_listener *listener, int fd)
{
    struct lq_connection *connection = calloc(1, sizeof *connection);
    LQ_ASSERT(connection != NULL);
    connection->fd = fd;
    connection->watched = EPOLLIN;
    take_slot(listener, connection);
    add_newcomer(listener, connection);
    listener->counters.connections++;
    lq_zmtp_begin(&connection->zmtp, &connection->out);
    mark_dirty(listener, connection);
    if (!lq_listener_watch(listener->newcomers, fd, number_of(listener, connection), EPOLLIN))
        lq_connection_end(listener, connection);
}

// ---------------------------------------------------------------- out

static void watch_for(struct lq_listener *listener, struct lq_connection *connection)
{
    const size_t unsent = lq_buffer_size(&connection->out);
    const uint32_t wanted =
        (unsent < listener->config.unsent_pause ? EPOLLIN : 0u) | (unsent > 0 ? EPOLLOUT : 0u);
    if (wanted == connection->watched)
        return;
    struct epoll_event event = {.events = wanted, .data.u64 = number_of(listener, connection)};
    const int epoll = connection->newcomer ? listener->newcomers : listener->epoll;
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event) == 0)
        connection->watched = wanted;
    else
        connection->ended = true;
}

static void send_out(struct lq_listener *listener, struct lq_connection *connection)
{
    struct lq_buffer *out = &connection->out;
    while (lq_buffer_size(out) > 0) {
        const ssize_t size =
            send(connection->fd, out->bytes + out->begin, lq_buffer_size(out), MSG_NOSIGNAL);
        if (size >= 0) {
            out->begin += (size_t)size;
        } else if (errno != EINTR) {
            connection->ended |= errno != EAGAIN;
            break;
        }
    }
    if (lq_buffer_size(out) == 0)
        lq_buffer_free(out);
    if (!connection->ended)
        watch_for(listener, connection);
}

// A connection that is being read from is closed by the next flush instead.
void lq_listener_flush(struct lq_listener *listener)
{
    struct lq_connection *connection = listener->dirty, *reading = NULL;
    listener->dirty = NULL;
    for (struct lq_connection *next; connection != NULL; connection = next) {
        next = connection->next_dirty;
        connection->dirty = false;
        send_out(listener, connection);
        if (connection->ended && connection == listener->reading)
            reading = connection;
        else if (connection->ended)
            lq_connection_free(listener, connection);
    }
    if (reading != NULL)
        mark_dirty(listener, reading);
}

int lq_listener_put(struct lq_listener *listener, uint64_t to, const uint8_t *kind,
                    struct lq_span body)
{
    struct lq_connection *connection = lq_connection_find(listener, to);
    if (connection == NULL || connection->ended || connection->zmtp.state != LQ_ZMTP_OPEN)
        return EHOSTUNREACH;
    if (lq_buffer_size(&connection->out) > listener->config.unsent_limit)
        return EAGAIN;
    if (kind != NULL)
        lq_zmtp_put(&connection->zmtp, &connection->out, lq_span(kind, 1), true);
    lq_zmtp_put(&connection->zmtp, &connection->out, body, false);
    mark_dirty(listener, connection);
    return 0;
}

// ---------------------------------------------------------------- in

// Reads what is there, up to READ bytes, and appends it to the beginning of a message that was
// kept.
static void read_from(struct lq_listener *listener, struct lq_connection *connection)
{
    struct lq_buffer *in = &connection->in;
    ssize_t size;
    do
        size = recv(connection->fd, listener->scratch, LQ_LISTENER_READ, 0);
    while (size < 0 && errno == EINTR);
    if (size == 0 || (size < 0 && errno != EAGAIN))
        lq_connection_end(listener, connection);
    if (size <= 0)
        return;
    listener->reading = connection;
    listener->bytes = listener->scratch;
    listener->size = (size_t)size;
    listener->taken = 0;
    if (lq_buffer_size(in) == 0)
        return;
    lq_buffer_add(in, listener->scratch, (size_t)size);
    listener->bytes = in->bytes + in->begin;
    listener->size = lq_buffer_size(in);
}

static void keep_the_rest(struct lq_listener *listener)
{
    struct lq_connection *connection = listener->reading;
    struct lq_buffer *in = &connection->in;
    listener->reading = NULL;
    if (listener->bytes != listener->scratch)
        in->begin += listener->taken;
    else if (listener->taken < listener->size)
        lq_buffer_add(in, listener->bytes + listener->taken, listener->size - listener->taken);
    if (lq_buffer_size(in) == 0)
        lq_buffer_free(in);
}

// The handshake is complete: from now on it is served with the others.
static void admit(struct lq_listener *listener, struct lq_connection *connection)
{
    remove_newcomer(listener, connection);
    LQ_ASSERT(zmq_z85_encode(connection->key, connection->zmtp.key, 32) != NULL);
    (void)epoll_ctl(listener->newcomers, EPOLL_CTL_DEL, connection->fd, NULL);
    if (!lq_listener_watch(listener->epoll, connection->fd, number_of(listener, connection),
                           connection->watched))
        lq_connection_end(listener, connection);
}

// True if that was the last part of a message. Nothing is kept of a malformed one, however many
// parts it has.
static bool take_part(struct lq_listener *listener, struct lq_connection *connection,
                      const struct lq_zmtp_part *part, struct lq_listener_message *message)
{
    connection->parts++;
    const bool last = connection->parts == listener->config.parts;
    connection->malformed |= part->more == last || (!last && part->bytes.size != 1);
    if (!last && !connection->malformed)
        connection->kind = part->bytes.data[0];
    if (part->more)
        return false;
    *message = (struct lq_listener_message){.from = number_of(listener, connection),
                                            .key = connection->key,
                                            .well_formed = !connection->malformed};
    if (message->well_formed) {
        message->kind = connection->kind;
        message->body = part->bytes;
    }
    connection->parts = 0;
    connection->malformed = false;
    return true;
}

// The next message in what was read; false if that is used up.
static bool next_read(struct lq_listener *listener, struct lq_listener_message *message)
{
    struct lq_connection *connection = listener->reading;
    while (!connection->ended) {
        size_t used;
        struct lq_zmtp_part part;
        const enum lq_zmtp_took took =
            lq_zmtp_take(&connection->zmtp, &listener->server, listener->bytes + listener->taken,
                         listener->size - listener->taken, &used, &connection->out, &part);
        listener->taken += used;
        if (connection->zmtp.state == LQ_ZMTP_ENDED)
            lq_connection_end(listener, connection);
        if (took == LQ_ZMTP_TOOK_NOTHING)
            return false;
        if (lq_buffer_size(&connection->out) > 0)
            mark_dirty(listener, connection);
        if (connection->newcomer && connection->zmtp.state == LQ_ZMTP_OPEN)
            admit(listener, connection);
        if (took == LQ_ZMTP_TOOK_PART && take_part(listener, connection, &part, message))
            return true;
    }
    return false;
}

void lq_connection_wakes(struct lq_listener *listener, struct lq_connection *connection,
                         uint32_t events)
{
    if (connection->ended)
        return;
    if ((events & EPOLLOUT) != 0)
        mark_dirty(listener, connection);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        read_from(listener, connection);
}

bool lq_connection_next(struct lq_listener *listener, struct lq_listener_message *message)
{
    if (listener->reading == NULL)
        return false;
    if (next_read(listener, message))
        return true;
    keep_the_rest(listener);
    return false;
}
