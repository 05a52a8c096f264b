// The bus as common/bus/broker/broker.h describes it: it knows who asks from the connection, stamps
// the request with a route of its own, forwards it to the service of that name or refuses it as
// UNAVAILABLE, and lets each route be answered once and by that service alone. After a crash it
// knows nothing: services register again, and whoever waited asks again.
#include "base/assert.h"
#include "bus/wire.h"
#include "sim/sim.h"

enum { REGISTER_MS = 300 };

static struct sim_waiting *waiting_at(struct sim *s, uint64_t route)
{
    struct sim_waiting *waiting = &s->bus.waiting[route & (SIM_WAITING - 1)];
    return waiting->route == route && route != 0 ? waiting : NULL;
}

// ---------------------------------------------------------------- to the asker

static void deliver(struct sim *s, struct sim_parcel *parcel)
{
    if (parcel->peer.is_service)
        sim_node_hear(s, parcel);
    else
        sim_terminal_hear(s, parcel);
}

static void reply(struct sim *s, struct sim_peer asker, uint64_t correlation, struct lq_span bytes,
                  const char *what)
{
    const struct sim_letter letter = {
        .arrive = deliver, .peer = asker, .number = correlation, .bytes = bytes, .what = what};
    sim_send(s, &letter, s->now_ms);
}

static void refuse(struct sim *s, struct sim_peer asker, uint64_t correlation, unsigned node)
{
    uint8_t buffer[LQ_REFUSAL_SIZE];
    SIM_TELL(s, "the bus refuses %s: %s is not running", sim_peer_name(s, asker),
             s->nodes[node].service->name);
    reply(s, asker, correlation,
          lq_refusal_encode(buffer, correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                            "%s is not running; try again", s->nodes[node].service->name),
          "a refusal");
}

// ---------------------------------------------------------------- requests

static void take_request(struct sim *s, struct sim_parcel *parcel)
{
    if (!s->bus.up)
        return;
    if (parcel->peer.is_service && s->bus.registered[parcel->peer.index] != parcel->peer.life)
        return; // "register first"
    if (s->bus.registered[parcel->node] == 0) {
        refuse(s, parcel->peer, parcel->number, parcel->node);
        return;
    }
    const uint64_t route = ++s->bus.next_route;
    s->bus.waiting[route & (SIM_WAITING - 1)] = (struct sim_waiting){
        .route = route, .asker = parcel->peer, .correlation = parcel->number, .node = parcel->node};
    // Between bus and service nothing is lost or repeated but with the connection.
    struct sim_parcel *on = sim_plan(s, s->now_ms + 1, sim_node_take, parcel->size);
    on->peer = parcel->peer;
    on->node = parcel->node;
    on->life = s->bus.registered[parcel->node];
    on->route = route;
    on->number = parcel->number;
    memcpy(on->bytes, parcel->bytes, parcel->size);
}

void sim_bus_ask(struct sim *s, struct sim_peer asker, unsigned node, uint64_t correlation,
                 struct lq_span request, int64_t leaves_ms)
{
    const struct sim_letter letter = {
        .arrive = take_request,
        .peer = asker,
        .node = node,
        .number = correlation,
        .bytes = request,
        .what = "a request",
    };
    sim_send(s, &letter, leaves_ms);
}

// ---------------------------------------------------------------- answers

static void take_answer(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_waiting *waiting = waiting_at(s, parcel->route);
    if (!s->bus.up || waiting == NULL || waiting->node != parcel->node ||
        s->bus.registered[parcel->node] != parcel->life)
        return; // too late, or not for this bus
    const struct sim_waiting was = *waiting;
    waiting->route = 0;
    reply(s, was.asker, was.correlation, lq_span(parcel->bytes, parcel->size), "an answer");
}

void sim_bus_answer(struct sim *s, struct sim_node *node, uint64_t route, struct lq_span bytes,
                    int64_t leaves_ms)
{
    if (s->now_ms < node->cut_until_ms)
        return;
    struct sim_parcel *parcel = sim_plan(s, leaves_ms + 1, take_answer, bytes.size);
    parcel->node = node->index;
    parcel->life = node->life;
    parcel->route = route;
    memcpy(parcel->bytes, bytes.data, bytes.size);
    sim_trace(s, route, bytes);
}

// ---------------------------------------------------------------- up and down

static void take_registration(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_node *node = &s->nodes[parcel->node];
    if (node->life != parcel->life || node->host == NULL)
        return;
    if (!s->bus.up || s->now_ms < node->cut_until_ms) {
        sim_bus_register(s, node); // it tries on
        return;
    }
    if (s->bus.registered[node->index] != 0 && s->bus.registered[node->index] != node->life)
        sim_bus_lost(s, node);
    s->bus.registered[node->index] = node->life;
    SIM_TELL(s, "%s is up", node->service->name);
}

void sim_bus_register(struct sim *s, struct sim_node *node)
{
    struct sim_parcel *parcel = sim_plan(s, s->now_ms + REGISTER_MS, take_registration, 0);
    parcel->node = node->index;
    parcel->life = node->life;
}

void sim_bus_lost(struct sim *s, struct sim_node *node)
{
    s->bus.registered[node->index] = 0;
    for (unsigned i = 0; i < SIM_WAITING; i++) {
        struct sim_waiting *waiting = &s->bus.waiting[i];
        if (waiting->route == 0 || waiting->node != node->index)
            continue;
        const struct sim_waiting was = *waiting;
        waiting->route = 0;
        refuse(s, was.asker, was.correlation, was.node);
    }
}

static void come_back(struct sim *s, struct sim_parcel *parcel)
{
    (void)parcel;
    s->bus.up = true;
    s->bus.life++;
    SIM_TELL(s, "the bus is back");
    for (unsigned i = 0; i < s->node_count; i++)
        sim_bus_register(s, &s->nodes[i]);
}

void sim_bus_crash(struct sim *s)
{
    if (!s->bus.up)
        return;
    SIM_TELL(s, "THE BUS CRASHES and forgets who waits for whom");
    s->counts.bus_crashes++;
    s->bus.up = false;
    memset(s->bus.registered, 0, sizeof s->bus.registered);
    memset(s->bus.waiting, 0, sizeof s->bus.waiting);
    sim_plan(s, s->now_ms + sim_between(&s->fault_dice, 50, 3000), come_back, 0);
}

void sim_bus_open(struct sim *s)
{
    s->bus.up = true;
    s->bus.life = 1;
}
