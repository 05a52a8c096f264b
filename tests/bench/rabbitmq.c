// lq-bench-rabbitmq: the same work on RabbitMQ: a publish with publisher confirms to a quorum queue
// where a command is recorded, a quorum queue a terminal where a Fetch is parked. A confirm comes
// when the queue's log is flushed, and a consumer sees nothing earlier, so both sides wait for the
// disk as ours do. One thread over all sockets: epoll says which connection has something to read,
// and librabbitmq reads the frames.
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include "base/assert.h"
#include "measure.h"
#include "wire.h"

enum { TERMINALS = 200, ORDERS = 4, TEAMS = TERMINALS / ORDERS, DESK = TERMINALS, ALL };
enum { BODY = 100, CHANNEL = 1 };

struct peer {
    int port, epoll;
    amqp_connection_state_t connections[ALL];
    double sent_at[ALL];
    bool stopping, counting;
    struct samples latency;
    uint64_t answered, under_way;
    unsigned seen; // acknowledgements, by the desk
};

static void die(const char *what)
{
    fprintf(stderr, "lq-bench-rabbitmq: %s\n", what);
    exit(1);
}

static void need(amqp_connection_state_t connection, const char *what)
{
    const amqp_rpc_reply_t reply = amqp_get_rpc_reply(connection);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        die(what);
}

// ---------------------------------------------------------------- connections and queues

static void connect_one(struct peer *peer, unsigned index)
{
    amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    LQ_ASSERT(socket != NULL);
    if (amqp_socket_open(socket, "127.0.0.1", peer->port) != AMQP_STATUS_OK)
        die("the server does not let the bench in");
    const amqp_rpc_reply_t reply =
        amqp_login(connection, "/", 1, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        die("the server refuses the bench's login");
    amqp_channel_open(connection, CHANNEL);
    need(connection, "no channel");
    amqp_confirm_select(connection, CHANNEL);
    need(connection, "no publisher confirms");
    peer->connections[index] = connection;
}

// From here on the connection is read by the loop.
static void watch(struct peer *peer, unsigned index)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    const int fd = amqp_get_sockfd(peer->connections[index]);
    LQ_ASSERT(epoll_ctl(peer->epoll, EPOLL_CTL_ADD, fd, &event) == 0);
}

static void disconnect(struct peer *peer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        epoll_ctl(peer->epoll, EPOLL_CTL_DEL, amqp_get_sockfd(peer->connections[i]), NULL);
        amqp_connection_close(peer->connections[i], AMQP_REPLY_SUCCESS);
        amqp_destroy_connection(peer->connections[i]);
    }
}

static void declare(amqp_connection_state_t connection, const char *queue)
{
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes("x-queue-type"),
                                .value.kind = AMQP_FIELD_KIND_UTF8,
                                .value.value.bytes = amqp_cstring_bytes("quorum")};
    const amqp_table_t arguments = {.num_entries = 1, .entries = &entry};
    amqp_queue_declare(connection, CHANNEL, amqp_cstring_bytes(queue), 0, 1, 0, 0, arguments);
    need(connection, "no quorum queue");
}

static void publish(struct peer *peer, unsigned index, const char *exchange, const char *key,
                    const char *body)
{
    const amqp_basic_properties_t kept = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG,
                                          .delivery_mode = AMQP_DELIVERY_PERSISTENT};
    if (amqp_basic_publish(peer->connections[index], CHANNEL, amqp_cstring_bytes(exchange),
                           amqp_cstring_bytes(key), 0, 0, &kept,
                           amqp_cstring_bytes(body)) != AMQP_STATUS_OK)
        die("a message could not be published");
}

// ---------------------------------------------------------------- the loop

typedef void heard_frame(struct peer *peer, unsigned index, const amqp_frame_t *frame);

// All frames that have come to one connection.
static void read_frames(struct peer *peer, unsigned index, heard_frame *heard)
{
    amqp_connection_state_t connection = peer->connections[index];
    do {
        amqp_frame_t frame;
        struct timeval none = {0};
        amqp_maybe_release_buffers(connection);
        const int status = amqp_simple_wait_frame_noblock(connection, &frame, &none);
        if (status == AMQP_STATUS_TIMEOUT)
            return;
        if (status != AMQP_STATUS_OK)
            die("a connection broke");
        heard(peer, index, &frame);
    } while (amqp_frames_enqueued(connection) || amqp_data_in_buffer(connection));
}

static void turn(struct peer *peer, heard_frame *heard)
{
    struct epoll_event events[64];
    const int count = epoll_wait(peer->epoll, events, 64, 100);
    for (int i = 0; i < count; i++)
        read_frames(peer, events[i].data.u32, heard);
}

static bool confirmed(const amqp_frame_t *frame)
{
    if (frame->frame_type != AMQP_FRAME_METHOD)
        return false;
    if (frame->payload.method.id == AMQP_BASIC_NACK_METHOD)
        die("a message was not taken");
    return frame->payload.method.id == AMQP_BASIC_ACK_METHOD;
}

// ---------------------------------------------------------------- load

static void send_add(struct peer *peer, unsigned index)
{
    static char body[BODY + 1];
    if (body[0] == '\0')
        memset(body, 'x', BODY);
    peer->sent_at[index] = wire_now();
    peer->under_way++;
    publish(peer, index, "", "journal", body);
}

static void heard_confirm(struct peer *peer, unsigned index, const amqp_frame_t *frame)
{
    if (!confirmed(frame))
        return;
    peer->answered++;
    peer->under_way--;
    if (peer->counting)
        samples_add(&peer->latency, wire_now() - peer->sent_at[index]);
    if (!peer->stopping)
        send_add(peer, index);
}

static void run_for(struct peer *peer, double seconds)
{
    const double until = wire_now() + seconds;
    while (wire_now() < until)
        turn(peer, heard_confirm);
}

static void run_load(struct peer *peer, double seconds, unsigned clients, const char *what)
{
    for (unsigned i = 0; i < clients; i++)
        connect_one(peer, i);
    declare(peer->connections[0], "journal");
    for (unsigned i = 0; i < clients; i++) {
        watch(peer, i);
        send_add(peer, i);
    }
    run_for(peer, seconds / 10);
    const double began = wire_now(), cpu = cpu_of(0);
    const uint64_t before = peer->answered;
    peer->counting = true;
    run_for(peer, seconds);
    const double took = wire_now() - began;
    tell(what, "rate", (double)(peer->answered - before) / took);
    tell(what, "generator_cpu", (cpu_of(0) - cpu) / took);
    peer->stopping = true;
    while (peer->under_way > 0)
        turn(peer, heard_confirm);
    tell_samples(what, &peer->latency);
    peer->stopping = peer->counting = false;
    // What was recorded would grow from round to round, and with it the broker's memory.
    amqp_queue_delete(peer->connections[0], CHANNEL, amqp_cstring_bytes("journal"), 0, 0);
    need(peer->connections[0], "the queue could not be deleted");
    disconnect(peer, clients);
}

// ---------------------------------------------------------------- the dispatch cycle

// A delivery is three frames, of which the method frame tells enough: what is in the queue of a
// terminal is orders to it, in that of the desk acknowledgements.
static void heard_in_cycle(struct peer *peer, unsigned index, const amqp_frame_t *frame)
{
    // The desk's orders may be confirmed together; each terminal has one acknowledgement.
    if (confirmed(frame) && index != DESK)
        peer->answered++;
    if (frame->frame_type != AMQP_FRAME_METHOD ||
        frame->payload.method.id != AMQP_BASIC_DELIVER_METHOD)
        return;
    const amqp_basic_deliver_t *delivery = frame->payload.method.decoded;
    if (index == DESK)
        peer->seen++;
    else
        publish(peer, index, "", "acks", "ack, and who, when, of which order");
    amqp_basic_ack(peer->connections[index], CHANNEL, delivery->delivery_tag, index == DESK);
}

static void consume(struct peer *peer, unsigned index, const char *queue)
{
    amqp_connection_state_t connection = peer->connections[index];
    declare(connection, queue);
    amqp_queue_purge(connection, CHANNEL, amqp_cstring_bytes(queue)); // of an earlier round
    need(connection, "a queue could not be emptied");
    amqp_basic_consume(connection, CHANNEL, amqp_cstring_bytes(queue), amqp_empty_bytes, 0, 0, 0,
                       amqp_empty_table);
    need(connection, "a queue cannot be consumed");
}

// The desk issues to an exchange, which gives each order to the queues of its fifty teams.
static void open_terminal(struct peer *peer, unsigned index)
{
    char queue[32], order[8];
    snprintf(queue, sizeof queue, "terminal-%03u", index);
    snprintf(order, sizeof order, "%u", index / TEAMS);
    connect_one(peer, index);
    amqp_exchange_declare(peer->connections[index], CHANNEL, amqp_cstring_bytes("orders"),
                          amqp_cstring_bytes("direct"), 0, 1, 0, 0, amqp_empty_table);
    need(peer->connections[index], "no exchange");
    consume(peer, index, queue);
    amqp_queue_bind(peer->connections[index], CHANNEL, amqp_cstring_bytes(queue),
                    amqp_cstring_bytes("orders"), amqp_cstring_bytes(order), amqp_empty_table);
    need(peer->connections[index], "a queue cannot be bound");
    watch(peer, index);
}

static void issue(struct peer *peer, int order)
{
    char body[1024], key[8];
    int size = snprintf(body, sizeof body, "%d order of kind raid to", order);
    for (int i = 0; i < TEAMS; i++)
        size += snprintf(body + size, sizeof body - (size_t)size, " T%03d", order * TEAMS + i);
    snprintf(key, sizeof key, "%d", order);
    publish(peer, DESK, "orders", key, body);
}

static double run_cycle(struct peer *peer)
{
    peer->seen = 0;
    peer->answered = 0;
    const double began = wire_now();
    for (int i = 0; i < ORDERS; i++)
        issue(peer, i);
    while (peer->seen < TERMINALS) {
        turn(peer, heard_in_cycle);
        if (wire_now() > began + 20)
            die("a cycle does not end");
    }
    const double took = wire_now() - began;
    while (peer->answered < TERMINALS)
        turn(peer, heard_in_cycle);
    return took;
}

static void run_cycles(struct peer *peer, unsigned cycles)
{
    struct samples times = {0};
    connect_one(peer, DESK);
    consume(peer, DESK, "acks");
    watch(peer, DESK);
    for (unsigned i = 0; i < TERMINALS; i++)
        open_terminal(peer, i);
    for (unsigned i = 0; i < cycles + 2; i++) {
        const double took = run_cycle(peer);
        if (i >= 2)
            samples_add(&times, took);
    }
    tell_samples("cycle", &times);
    disconnect(peer, ALL);
}

int main(int argc, char **argv)
{
    static struct peer peer;
    if (argc < 3) {
        fputs("usage: lq-bench-rabbitmq PORT load=SECONDS|one=SECONDS|cycle=CYCLES...\n", stderr);
        return 2;
    }
    peer.port = atoi(argv[1]);
    peer.epoll = epoll_create1(0);
    for (int i = 2; i < argc; i++) {
        double amount = 0;
        if (sscanf(argv[i], "load=%lf", &amount) == 1)
            run_load(&peer, amount, TERMINALS, "load");
        else if (sscanf(argv[i], "one=%lf", &amount) == 1)
            run_load(&peer, amount, 1, "one");
        else if (sscanf(argv[i], "cycle=%lf", &amount) == 1)
            run_cycles(&peer, (unsigned)amount);
    }
    return 0;
}
