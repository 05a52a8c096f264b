// lq-bench-postgres: the same work on PostgreSQL: an INSERT in a transaction of its own where a
// command is recorded, LISTEN and NOTIFY where a Fetch is parked.
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/assert.h"
#include "measure.h"
#include "wire.h"

enum { TERMINALS = 200, ORDERS = 4, TEAMS = TERMINALS / ORDERS, DESK = TERMINALS, ALL };

struct peer {
    const char *where; // libpq's connection string
    int epoll;
    PGconn *connections[ALL];
    double sent_at[ALL];
    bool stopping, counting;
    struct samples latency;
    uint64_t answered, under_way;
    unsigned acknowledged;
};

static PGresult *run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fprintf(stderr, "lq-bench-postgres: %s", PQerrorMessage(connection));
        exit(1);
    }
    return result;
}

static void connect_one(struct peer *peer, unsigned index)
{
    PGconn *connection = PQconnectdb(peer->where);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "lq-bench-postgres: %s", PQerrorMessage(connection));
        exit(1);
    }
    peer->connections[index] = connection;
    if (index == 0)
        PQclear(run(connection, "CREATE TABLE IF NOT EXISTS journal (id bigserial PRIMARY KEY, "
                                "body text NOT NULL)"));
    PQclear(PQprepare(connection, "add", "INSERT INTO journal (body) VALUES ($1)", 1, NULL));
    PQclear(PQprepare(connection, "tell",
                      "WITH added AS (INSERT INTO journal (body) VALUES ($2)) "
                      "SELECT pg_notify($1, left($2, 12))",
                      2, NULL));
    PQsetnonblocking(connection, 1);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    LQ_ASSERT(epoll_ctl(peer->epoll, EPOLL_CTL_ADD, PQsocket(connection), &event) == 0);
}

static void disconnect(struct peer *peer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        PQfinish(peer->connections[i]);
}

// ---------------------------------------------------------------- load

static void send_add(struct peer *peer, unsigned index)
{
    static const char *const body[] = {"01234567890123456789012345678901234567890123456789012345678"
                                       "90123456789012345678901234567890123456789"};
    peer->sent_at[index] = wire_now();
    peer->under_way++;
    LQ_ASSERT(PQsendQueryPrepared(peer->connections[index], "add", 1, body, NULL, NULL, 0));
    PQflush(peer->connections[index]);
}

// Takes what came; true if a statement is done.
static bool take_results(PGconn *connection)
{
    bool done = false;
    LQ_ASSERT(PQconsumeInput(connection));
    while (!PQisBusy(connection)) {
        PGresult *result = PQgetResult(connection);
        if (result == NULL)
            return done;
        const ExecStatusType status = PQresultStatus(result);
        LQ_ASSERT(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
        PQclear(result);
        done = true;
    }
    return done;
}

static void turn_load(struct peer *peer)
{
    struct epoll_event events[64];
    const int count = epoll_wait(peer->epoll, events, 64, 100);
    for (int i = 0; i < count; i++) {
        const unsigned index = events[i].data.u32;
        if (!take_results(peer->connections[index]))
            continue;
        peer->answered++;
        peer->under_way--;
        if (peer->counting)
            samples_add(&peer->latency, wire_now() - peer->sent_at[index]);
        if (!peer->stopping)
            send_add(peer, index);
    }
}

static void run_load(struct peer *peer, double seconds, unsigned clients, const char *what)
{
    for (unsigned i = 0; i < clients; i++)
        connect_one(peer, i);
    for (unsigned i = 0; i < clients; i++)
        send_add(peer, i);
    double until = wire_now() + seconds / 10;
    while (wire_now() < until)
        turn_load(peer);
    const double began = wire_now(), cpu = cpu_of(0);
    const uint64_t before = peer->answered;
    peer->counting = true;
    until = began + seconds;
    while (wire_now() < until)
        turn_load(peer);
    const double took = wire_now() - began;
    tell(what, "rate", (double)(peer->answered - before) / took);
    tell(what, "generator_cpu", (cpu_of(0) - cpu) / took);
    peer->stopping = true;
    while (peer->under_way > 0)
        turn_load(peer);
    tell_samples(what, &peer->latency);
    peer->stopping = peer->counting = false;
    disconnect(peer, clients);
}

// ---------------------------------------------------------------- the dispatch cycle

static void send_tell(struct peer *peer, unsigned index, const char *channel, const char *body)
{
    const char *const values[] = {channel, body};
    LQ_ASSERT(PQsendQueryPrepared(peer->connections[index], "tell", 2, values, NULL, NULL, 0));
    PQflush(peer->connections[index]);
}

static void take_notices(struct peer *peer, unsigned index)
{
    PGconn *connection = peer->connections[index];
    if (take_results(connection) && index < TERMINALS)
        peer->answered++;
    for (PGnotify *notice; (notice = PQnotifies(connection)) != NULL; PQfreemem(notice)) {
        if (index == DESK)
            peer->acknowledged++;
        else if ((unsigned)atoi(notice->extra) == index / TEAMS)
            send_tell(peer, index, "acks", "ack, and who, when, of which order");
    }
}

static void turn_cycle(struct peer *peer)
{
    struct epoll_event events[64];
    const int count = epoll_wait(peer->epoll, events, 64, 100);
    for (int i = 0; i < count; i++)
        take_notices(peer, events[i].data.u32);
}

// The desk's connection issues one order after the other, each in a transaction of its own.
static void issue(struct peer *peer, int order, PGconn *desk)
{
    char body[1024];
    int size = snprintf(body, sizeof body, "%d order of kind raid to", order);
    for (int i = 0; i < TEAMS; i++)
        size += snprintf(body + size, sizeof body - (size_t)size, " T%03d", order * TEAMS + i);
    const char *const values[] = {"orders", body};
    PGresult *result = PQexecPrepared(desk, "tell", 2, values, NULL, NULL, 0);
    LQ_ASSERT(PQresultStatus(result) == PGRES_TUPLES_OK);
    PQclear(result);
    (void)peer;
}

static double run_cycle(struct peer *peer, PGconn *desk)
{
    peer->acknowledged = 0;
    peer->answered = 0;
    const double began = wire_now();
    for (int i = 0; i < ORDERS; i++)
        issue(peer, i, desk);
    while (peer->acknowledged < TERMINALS)
        turn_cycle(peer);
    const double took = wire_now() - began;
    while (peer->answered < TERMINALS)
        turn_cycle(peer);
    return took;
}

static void run_cycles(struct peer *peer, unsigned cycles)
{
    struct samples times = {0};
    for (unsigned i = 0; i < ALL; i++) {
        connect_one(peer, i);
        PQclear(run(peer->connections[i], i == DESK ? "LISTEN acks" : "LISTEN orders"));
    }
    struct peer desk = {.where = peer->where, .epoll = epoll_create1(0)};
    connect_one(&desk, 0);
    PQsetnonblocking(desk.connections[0], 0);
    for (unsigned i = 0; i < cycles + 2; i++) {
        const double took = run_cycle(peer, desk.connections[0]);
        if (i >= 2)
            samples_add(&times, took);
    }
    tell_samples("cycle", &times);
    disconnect(&desk, 1);
    disconnect(peer, ALL);
}

int main(int argc, char **argv)
{
    static struct peer peer;
    if (argc < 3) {
        fputs("usage: lq-bench-postgres CONNECTION load=SECONDS|one=SECONDS|cycle=CYCLES...\n",
              stderr);
        return 2;
    }
    peer.where = argv[1];
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
