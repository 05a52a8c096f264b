// One connection after the other: what comes in, what goes out.
//
// They live in a table of slots; a connection's number is its slot and how often that was used, so
// that a number finds its connection at once and none is given twice.
//
// A connection that has nothing under way has no buffer: what comes is read into one that all
// share, and only the beginning of a message whose end is not there yet is kept.
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "bus/listen/listener_state.h"

enum { HANDSHAKE_MS = 4000 };

// ---------------------------------------------------------------- coming and going

static uint64_t number_of(const struct lq_door *door, const struct lq_connection *connection)
{
    return (uint64_t)door->slots[connection->slot].uses << 32 | connection->slot;
}

struct lq_connection *lq_connection_find(const struct lq_door *door, uint64_t number)
{
    const uint32_t slot = (uint32_t)number;
    if (slot >= door->slot_count || door->slots[slot].uses != number >> 32)
        return NULL;
    return door->slots[slot].connection;
}

static void take_slot(struct lq_door *door, struct lq_connection *connection)
{
    if (door->free_slot == LQ_NO_SLOT) {
        const uint32_t count = door->slot_count, more = count == 0 ? 64 : 2 * count;
        door->slots = realloc(door->slots, more * sizeof *door->slots);
        LQ_ASSERT(door->slots != NULL);
        for (uint32_t i = more; i-- > count; door->free_slot = i)
            door->slots[i] = (struct lq_door_slot){.next_free = door->free_slot};
        door->slot_count = more;
    }
    struct lq_door_slot *slot = &door->slots[door->free_slot];
    connection->slot = door->free_slot;
    door->free_slot = slot->next_free;
    slot->connection = connection;
    if (++slot->uses == 0) // four thousand million connections later
        slot->uses = 1;
}

static void add_newcomer(struct lq_door *door, struct lq_connection *connection)
{
    connection->newcomer = true;
    connection->deadline_ms = door->now_ms + HANDSHAKE_MS;
    connection->older = door->youngest;
    *(door->youngest != NULL ? &door->youngest->younger : &door->oldest) = connection;
    door->youngest = connection;
    door->counters.newcomers++;
}

static void remove_newcomer(struct lq_door *door, struct lq_connection *connection)
{
    if (!connection->newcomer)
        return;
    connection->newcomer = false;
    *(connection->older != NULL ? &connection->older->younger : &door->oldest) =
        connection->younger;
    *(connection->younger != NULL ? &connection->younger->older : &door->youngest) =
        connection->older;
    door->counters.newcomers--;
}

static void mark_dirty(struct lq_door *door, struct lq_connection *connection)
{
    if (connection->dirty)
        return;
    connection->dirty = true;
    connection->next_dirty = door->dirty;
    door->dirty = connection;
}

// It is closed with the next flush, after what it may still be told.
void lq_connection_end(struct lq_door *door, struct lq_connection *connection)
{
    connection->ended = true;
    mark_dirty(door, connection);
}

void lq_connection_free(struct lq_door *door, struct lq_connection *connection)
{
    remove_newcomer(door, connection);
    struct lq_door_slot *slot = &door->slots[connection->slot];
    slot->connection = NULL;
    slot->next_free = door->free_slot;
    door->free_slot = connection->slot;
    close(connection->fd);
    lq_zmtp_end(&connection->zmtp);
    lq_buffer_free(&connection->in);
    lq_buffer_free(&connection->out);
    free(connection);
    door->counters.connections--;
    door->counters.gone++;
}

void lq_connection_begin(struct lq_door *door, int fd)
{
    struct lq_connection *connection = calloc(1, sizeof *connection);
    LQ_ASSERT(connection != NULL);
    connection->fd = fd;
    connection->watched = EPOLLIN;
    take_slot(door, connection);
    add_newcomer(door, connection);
    door->counters.connections++;
    lq_zmtp_begin(&connection->zmtp, &connection->out);
    mark_dirty(door, connection);
    if (!lq_door_watch(door->newcomers, fd, number_of(door, connection), EPOLLIN))
        lq_connection_end(door, connection);
}

// ---------------------------------------------------------------- out

static void watch_for(struct lq_door *door, struct lq_connection *connection)
{
    const size_t unsent = lq_buffer_size(&connection->out);
    const uint32_t wanted =
        (unsent < door->config.unsent_pause ? EPOLLIN : 0u) | (unsent > 0 ? EPOLLOUT : 0u);
    if (wanted == connection->watched)
        return;
    struct epoll_event event = {.events = wanted, .data.u64 = number_of(door, connection)};
    const int epoll = connection->newcomer ? door->newcomers : door->epoll;
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event) == 0)
        connection->watched = wanted;
    else
        connection->ended = true;
}

static void send_out(struct lq_door *door, struct lq_connection *connection)
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
        watch_for(door, connection);
}

// Whoever is being read from is closed with the flush after that.
void lq_door_flush(struct lq_door *door)
{
    struct lq_connection *connection = door->dirty, *reading = NULL;
    door->dirty = NULL;
    for (struct lq_connection *next; connection != NULL; connection = next) {
        next = connection->next_dirty;
        connection->dirty = false;
        send_out(door, connection);
        if (connection->ended && connection == door->reading)
            reading = connection;
        else if (connection->ended)
            lq_connection_free(door, connection);
    }
    if (reading != NULL)
        mark_dirty(door, reading);
}

int lq_door_put(struct lq_door *door, uint64_t to, const uint8_t *kind, struct lq_span body)
{
    struct lq_connection *connection = lq_connection_find(door, to);
    if (connection == NULL || connection->ended || connection->zmtp.state != LQ_ZMTP_OPEN)
        return EHOSTUNREACH;
    if (lq_buffer_size(&connection->out) > door->config.unsent_limit)
        return EAGAIN;
    if (kind != NULL)
        lq_zmtp_put(&connection->zmtp, &connection->out, lq_span(kind, 1), true);
    lq_zmtp_put(&connection->zmtp, &connection->out, body, false);
    mark_dirty(door, connection);
    return 0;
}

// ---------------------------------------------------------------- in

// Everything that is there, up to READ bytes. If the beginning of a message was there before, it
// goes behind that.
static void read_from(struct lq_door *door, struct lq_connection *connection)
{
    struct lq_buffer *in = &connection->in;
    ssize_t size;
    do
        size = recv(connection->fd, door->scratch, LQ_DOOR_READ, 0);
    while (size < 0 && errno == EINTR);
    if (size == 0 || (size < 0 && errno != EAGAIN))
        lq_connection_end(door, connection);
    if (size <= 0)
        return;
    door->reading = connection;
    door->bytes = door->scratch;
    door->size = (size_t)size;
    door->taken = 0;
    if (lq_buffer_size(in) == 0)
        return;
    lq_buffer_add(in, door->scratch, (size_t)size);
    door->bytes = in->bytes + in->begin;
    door->size = lq_buffer_size(in);
}

static void keep_the_rest(struct lq_door *door)
{
    struct lq_connection *connection = door->reading;
    struct lq_buffer *in = &connection->in;
    door->reading = NULL;
    if (door->bytes != door->scratch)
        in->begin += door->taken;
    else if (door->taken < door->size)
        lq_buffer_add(in, door->bytes + door->taken, door->size - door->taken);
    if (lq_buffer_size(in) == 0)
        lq_buffer_free(in);
}

// The key is proved: from now on it is heard with the others.
static void welcome(struct lq_door *door, struct lq_connection *connection)
{
    remove_newcomer(door, connection);
    LQ_ASSERT(zmq_z85_encode(connection->key, connection->zmtp.key, 32) != NULL);
    (void)epoll_ctl(door->newcomers, EPOLL_CTL_DEL, connection->fd, NULL);
    if (!lq_door_watch(door->epoll, connection->fd, number_of(door, connection),
                       connection->watched))
        lq_connection_end(door, connection);
}

// True if that was the last part of a message. Of one that is not of the form, no matter how many
// parts it has, nothing is kept.
static bool take_part(struct lq_door *door, struct lq_connection *connection,
                      const struct lq_zmtp_part *part, struct lq_door_message *message)
{
    connection->parts++;
    const bool last = connection->parts == door->config.parts;
    connection->malformed |= part->more == last || (!last && part->bytes.size != 1);
    if (!last && !connection->malformed)
        connection->kind = part->bytes.data[0];
    if (part->more)
        return false;
    *message = (struct lq_door_message){.from = number_of(door, connection),
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
static bool next_read(struct lq_door *door, struct lq_door_message *message)
{
    struct lq_connection *connection = door->reading;
    while (!connection->ended) {
        size_t used;
        struct lq_zmtp_part part;
        const enum lq_zmtp_took took =
            lq_zmtp_take(&connection->zmtp, &door->server, door->bytes + door->taken,
                         door->size - door->taken, &used, &connection->out, &part);
        door->taken += used;
        if (connection->zmtp.state == LQ_ZMTP_ENDED)
            lq_connection_end(door, connection);
        if (took == LQ_ZMTP_TOOK_NOTHING)
            return false;
        if (lq_buffer_size(&connection->out) > 0)
            mark_dirty(door, connection);
        if (connection->newcomer && connection->zmtp.state == LQ_ZMTP_OPEN)
            welcome(door, connection);
        if (took == LQ_ZMTP_TOOK_PART && take_part(door, connection, &part, message))
            return true;
    }
    return false;
}

void lq_connection_wakes(struct lq_door *door, struct lq_connection *connection, uint32_t events)
{
    if (connection->ended)
        return;
    if ((events & EPOLLOUT) != 0)
        mark_dirty(door, connection);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        read_from(door, connection);
}

bool lq_connection_next(struct lq_door *door, struct lq_door_message *message)
{
    if (door->reading == NULL)
        return false;
    if (next_read(door, message))
        return true;
    keep_the_rest(door);
    return false;
}
