// Ten thousand connected terminals, each with a parked Fetch: what they cost the bus and the
// service, what the working two hundred feel of them, and how long it takes until all are served
// again after the bus was killed.
#include <signal.h>
#include <stdlib.h>

#include "base/assert.h"
#include "stages.h"

enum { TURNS = 3, RETRY_MS = 50, AT_ONCE = 256 };
enum state { IDLE, ASKED, SERVED };

struct crowd {
    struct site *site;
    struct wire_loop *loop;
    struct wire **wires;
    enum state *states;
    unsigned count;
    struct lq_arena arena;
    uint64_t tip;
    unsigned served, broke; // broke: handshakes that had to be begun again
};

// By its bytes: correlation, then the events. Anything else is a refusal, because the service is
// not there again yet; the terminal asks once more.
static bool is_events(struct lq_span reply)
{
    size_t i = 1;
    while (i < reply.size && (reply.data[i] & 0x80) != 0)
        i++;
    return i + 1 < reply.size && reply.data[i + 1] == 0x22;
}

static void heard(struct wire *wire, struct lq_span message)
{
    struct crowd *crowd = wire_config(wire)->owner;
    enum state *state = &crowd->states[wire_config(wire)->index];
    *state = is_events(message) ? SERVED : IDLE;
    crowd->served += *state == SERVED;
}

static struct wire *open_wire(struct crowd *crowd, unsigned index)
{
    const struct wire_config config = {
        .kind = WIRE_ZMTP_CURVE,
        .port = crowd->site->port,
        .keys = &crowd->site->leads[index % SITE_LEADS],
        .heard = heard,
        .owner = crowd,
        .index = index,
    };
    return wire_open(crowd->loop, &config);
}

// Drops those that are connected from the list, and begins anew with those that broke.
static unsigned look_through(struct crowd *crowd, unsigned *pending, unsigned count)
{
    unsigned left = 0;
    for (unsigned i = 0; i < count; i++) {
        struct wire **wire = &crowd->wires[pending[i]];
        if (wire_ready(*wire))
            continue;
        if (wire_broken(*wire)) {
            wire_close(*wire);
            *wire = open_wire(crowd, pending[i]);
            crowd->broke++;
        }
        pending[left++] = pending[i];
    }
    return left;
}

// So many handshakes at a time as terminals that wait a random moment would make of it: the bus
// drops a handshake that is not done in four seconds, and such a terminal tries again.
static void connect_all(struct crowd *crowd)
{
    unsigned pending[AT_ONCE], count = 0, next = 0;
    const double until = wire_now() + 180;
    while (next < crowd->count || count > 0) {
        for (; count < AT_ONCE && next < crowd->count; next++) {
            crowd->wires[next] = open_wire(crowd, next);
            crowd->states[next] = IDLE;
            pending[count++] = next;
        }
        wire_turn(crowd->loop, 5);
        count = look_through(crowd, pending, count);
        if (wire_now() > until)
            bench_die("not all %u terminals could connect", crowd->count);
    }
}

static void disconnect_all(struct crowd *crowd)
{
    for (unsigned i = crowd->count; i-- > 0;) // the latest is the first in the loop's list
        wire_close(crowd->wires[i]);
}

// Asks for all that have nothing under way.
static void ask_all(struct crowd *crowd, uint32_t wait_ms)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        if (crowd->states[i] != IDLE)
            continue;
        lq_arena_reset(&crowd->arena);
        crowd->states[i] = ASKED;
        wire_send(crowd->wires[i],
                  site_fetch(&crowd->arena, 1, "oversight", crowd->tip, 1, wait_ms));
        if (i % 64 == 63)
            wire_turn(crowd->loop, 0);
    }
}

static void turn_for(struct crowd *crowd, double seconds)
{
    const double until = wire_now() + seconds;
    while (wire_now() < until)
        wire_turn(crowd->loop, 20);
}

// Beyond everything, so that the Fetch stays parked while the two hundred work.
static void park_all(struct crowd *crowd)
{
    connect_all(crowd);
    ask_all(crowd, 30000);
    turn_for(crowd, 2);
    if (crowd->served > 0)
        bench_die("%u terminals were answered instead of being parked", crowd->served);
}

// ---------------------------------------------------------------- what the working two hundred
// feel

struct felt {
    struct samples p50, p99, rate;
};

static void work(struct crowd *crowd, double seconds, struct felt *felt)
{
    struct load load = site_load(crowd->site, seconds);
    struct load_result result = load_run(&load);
    if (result.failed)
        bench_die("the load beside the parked terminals failed");
    samples_add(&felt->p50, samples_at(&result.latency, 0.5));
    samples_add(&felt->p99, samples_at(&result.latency, 0.99));
    samples_add(&felt->rate, result.rate);
    samples_free(&result.latency);
}

static void tell_felt(const char *what, struct felt *felt)
{
    tell(what, "p50_us", 1e6 * samples_at(&felt->p50, 0.5));
    tell(what, "p99_us", 1e6 * samples_at(&felt->p99, 0.5));
    tell(what, "rate", samples_at(&felt->rate, 0.5));
    samples_free(&felt->p50);
    samples_free(&felt->p99);
    samples_free(&felt->rate);
}

// Alone and among the parked, in turns. Nobody's wait ends meanwhile, so the crowd has nothing to
// hear. It stays parked after the last turn.
static void work_in_turns(struct crowd *crowd, double seconds)
{
    struct felt alone = {0}, among = {0};
    const pid_t bus = (pid_t)site_status(crowd->site, "bus")->pid;
    const pid_t service = (pid_t)site_status(crowd->site, "oversight")->pid;
    work(crowd, seconds, &alone); // so that both have grown to their working size
    const uint64_t bus_before = resident_of(bus), service_before = resident_of(service);
    for (int turn = 0; turn < TURNS; turn++) {
        if (turn > 0) {
            disconnect_all(crowd);
            turn_for(crowd, 1);
            work(crowd, seconds, &alone);
        }
        const double began = wire_now();
        park_all(crowd);
        if (turn == 0) {
            tell("park", "connect_s", wire_now() - began - 2);
            tell("park", "bus_bytes_each", (double)(resident_of(bus) - bus_before) / crowd->count);
            tell("park", "service_bytes_each",
                 (double)(resident_of(service) - service_before) / crowd->count);
        }
        work(crowd, seconds, &among);
    }
    tell("park", "handshakes_again", crowd->broke);
    tell_felt("park.alone", &alone);
    tell_felt("park.among", &among);
}

// ---------------------------------------------------------------- after a restart of the bus

// Until it lets somebody in again.
static void wait_for_bus(struct crowd *crowd, double began)
{
    for (bool listening = false; !listening && wire_now() < began + 30;) {
        struct wire *probe = open_wire(crowd, 0);
        listening = wire_wait_ready(crowd->loop, 0.1);
        wire_close(probe);
    }
}

// The bus dies; everybody connects anew and asks something that can be answered at once, again and
// again until it is.
static void restart_bus(struct crowd *crowd)
{
    const pid_t bus = (pid_t)site_status(crowd->site, "bus")->pid;
    disconnect_all(crowd);
    const double began = wire_now();
    kill(bus, SIGKILL);
    wait_for_bus(crowd, began);
    connect_all(crowd);
    tell("park", "reconnect_s", wire_now() - began);
    crowd->served = 0;
    while (crowd->served < crowd->count && wire_now() < began + 120) {
        ask_all(crowd, 0);
        turn_for(crowd, RETRY_MS / 1000.0);
    }
    tell("park", "serve_all_s", wire_now() - began);
    tell("park", "served", crowd->served);
}

void stage_park(struct site *site, unsigned terminals, double seconds)
{
    struct crowd crowd = {.site = site, .loop = wire_loop_new(), .count = terminals};
    crowd.wires = calloc(terminals, sizeof *crowd.wires);
    crowd.states = calloc(terminals, sizeof *crowd.states);
    LQ_ASSERT(crowd.wires != NULL && crowd.states != NULL);
    crowd.tip = site_status(site, "oversight")->tip->seq + 100000000;
    tell("park", "terminals", terminals);
    work_in_turns(&crowd, seconds);
    restart_bus(&crowd);
    wire_loop_free(crowd.loop);
    lq_arena_free(&crowd.arena);
    free(crowd.wires);
    free(crowd.states);
}
