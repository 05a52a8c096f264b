// lq-bench-redis: the same work on Redis Streams: XADD where a command is recorded, XREAD BLOCK
// where a Fetch is parked. No rules, no dedupe, no chain: Redis is asked for less.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "load.h"
#include "resp.h"

enum { TERMINALS = 200, ORDERS = 4, TEAMS = TERMINALS / ORDERS, ID = 48 };

struct peer {
    enum wire_kind kind;
    int port;
    char text[2048];
};

static struct lq_span command(struct peer *peer, size_t count, const char *const *words)
{
    return lq_span(peer->text, resp_command(peer->text, sizeof peer->text, words, count));
}

#define COMMAND(peer, ...)                                                                         \
    command(peer, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),                          \
            (const char *[]){__VA_ARGS__})

// ---------------------------------------------------------------- load

static struct lq_span next_add(void *self, unsigned client)
{
    (void)client;
    static const char body[] = "0123456789012345678901234567890123456789012345678901234567890123456"
                               "789012345678901234567890123456789";
    return COMMAND((struct peer *)self, "XADD", "journal", "*", "c", body);
}

static bool is_id(void *self, struct lq_span reply)
{
    (void)self;
    return reply.data[0] == '$';
}

static void run_load(struct peer *peer, double seconds, unsigned clients, const char *what)
{
    const struct load load = {
        .wire = {.kind = peer->kind, .port = peer->port},
        .clients = clients,
        .seconds = seconds,
        .request = next_add,
        .check = is_id,
        .self = peer,
    };
    struct load_result result = load_run(&load);
    load_tell(what, &result);
}

// ---------------------------------------------------------------- the dispatch cycle

struct terminal {
    char after[ID]; // the last id that it has seen
    uint64_t cycle; // the last that it acknowledged in
};

struct cycle {
    struct peer *peer;
    struct wire *wires[TERMINALS], *watch, *desk;
    struct terminal terminals[TERMINALS];
    char watched[ID];
    uint64_t number;
    unsigned seen, answered, issued;
};

// The number of the last entry in the reply: an id stands alone in a line, as digits-digits.
static void find_last_id(struct lq_span reply, char id[ID])
{
    const char *text = (const char *)reply.data, *end = text + reply.size;
    for (const char *line = text; line < end;) {
        const char *stop = memchr(line, '\r', (size_t)(end - line));
        char *dash, *after;
        if (stop == NULL)
            return;
        const unsigned long at_ms = strtoul(line, &dash, 10); // all end at the '\r'
        const unsigned long seq = *dash == '-' ? strtoul(dash + 1, &after, 10) : 0;
        if (dash > line && *dash == '-' && after == stop)
            snprintf(id, ID, "%lu-%lu", at_ms, seq);
        line = stop + 2;
    }
}

static unsigned count_text(struct lq_span reply, const char *text)
{
    unsigned count = 0;
    const uint8_t *at = reply.data, *end = reply.data + reply.size;
    while ((at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
        at += strlen(text);
        count++;
    }
    return count;
}

static void read_next(struct cycle *c, struct wire *wire, const char *stream, const char *after)
{
    wire_send(wire, COMMAND(c->peer, "XREAD", "COUNT", "512", "BLOCK", "30000", "STREAMS", stream,
                            after));
}

static void terminal_heard(struct wire *wire, struct lq_span reply)
{
    struct cycle *c = wire_config(wire)->owner;
    const size_t index = wire_config(wire)->index;
    struct terminal *terminal = &c->terminals[index];
    char mine[32];
    if (reply.data[0] == '$') {
        c->answered++;
        return;
    }
    find_last_id(reply, terminal->after);
    snprintf(mine, sizeof mine, "order=%llu.%zu ", (unsigned long long)c->number, index / TEAMS);
    if (count_text(reply, mine) == 0)
        return read_next(c, wire, "orders", terminal->after);
    terminal->cycle = c->number;
    wire_send(wire,
              COMMAND(c->peer, "XADD", "acks", "*", "a", "ack=1 and who, when, of which order"));
}

static void watch_heard(struct wire *wire, struct lq_span reply)
{
    struct cycle *c = wire_config(wire)->owner;
    c->seen += count_text(reply, "ack=");
    find_last_id(reply, c->watched);
    read_next(c, wire, "acks", c->watched);
}

static void desk_heard(struct wire *wire, struct lq_span reply)
{
    struct cycle *c = wire_config(wire)->owner;
    (void)reply;
    c->issued++;
}

static void issue(struct cycle *c, int order)
{
    char body[1024];
    int size = snprintf(body, sizeof body, "order=%llu.%d of kind raid to",
                        (unsigned long long)c->number, order);
    for (int i = 0; i < TEAMS; i++)
        size += snprintf(body + size, sizeof body - (size_t)size, " T%03d", order * TEAMS + i);
    wire_send(c->desk, COMMAND(c->peer, "XADD", "orders", "*", "o", body));
}

static double run_cycle(struct cycle *c, struct wire_loop *loop)
{
    const double settled = wire_now() + 0.03;
    for (int i = 0; i < TERMINALS; i++)
        read_next(c, c->wires[i], "orders", c->terminals[i].after);
    while (wire_now() < settled)
        wire_turn(loop, 5);
    c->number++;
    c->seen = c->answered = 0;
    const double began = wire_now();
    for (int i = 0; i < ORDERS; i++)
        issue(c, i);
    while (c->seen < TERMINALS && wire_now() < began + 20)
        wire_turn(loop, 100);
    const double took = wire_now() - began;
    while (c->answered < TERMINALS && wire_now() < began + 20)
        wire_turn(loop, 100);
    return took;
}

static struct wire *open_wire(struct cycle *c, struct wire_loop *loop, size_t index,
                              wire_heard *heard)
{
    return wire_open(loop, &(struct wire_config){.kind = c->peer->kind,
                                                 .port = c->peer->port,
                                                 .heard = heard,
                                                 .owner = c,
                                                 .index = index});
}

static void run_cycles(struct peer *peer, unsigned cycles)
{
    static struct cycle c;
    c = (struct cycle){.peer = peer, .watched = "0-0"};
    struct wire_loop *loop = wire_loop_new();
    struct samples times = {0};
    c.desk = open_wire(&c, loop, 0, desk_heard);
    c.watch = open_wire(&c, loop, 0, watch_heard);
    for (size_t i = 0; i < TERMINALS; i++) {
        c.wires[i] = open_wire(&c, loop, i, terminal_heard);
        strcpy(c.terminals[i].after, "0-0");
    }
    LQ_ASSERT(wire_wait_ready(loop, 20));
    wire_send(c.desk, COMMAND(peer, "DEL", "orders", "acks"));
    while (c.issued == 0)
        wire_turn(loop, 100);
    read_next(&c, c.watch, "acks", c.watched);
    for (unsigned i = 0; i < cycles + 2; i++) {
        const double took = run_cycle(&c, loop);
        if (i >= 2)
            samples_add(&times, took);
    }
    tell_samples("cycle", &times);
    wire_loop_free(loop);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: lq-bench-redis PORT plain|tls load=SECONDS|one=SECONDS|cycle=CYCLES...\n",
              stderr);
        return 2;
    }
    static struct peer peer;
    peer.port = atoi(argv[1]);
    peer.kind = strcmp(argv[2], "tls") == 0 ? WIRE_RESP_TLS : WIRE_RESP;
    for (int i = 3; i < argc; i++) {
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
