// Ten thousand connected terminals, each with a parked Fetch: what they cost the bus and the
// service, how long it takes until all are served again after the bus was killed, and what the
// working two hundred feel of them.
#include <signal.h>
#include <stdlib.h>

#include "base/assert.h"
#include "stages.h"

struct crowd {
    struct site *site;
    struct wire_loop *loop;
    struct wire **wires;
    unsigned count;
    struct lq_arena arena;
    uint64_t tip;
    unsigned served;
};

static void heard(struct wire *wire, struct lq_span message)
{
    struct crowd *crowd = wire_config(wire)->owner;
    (void)message;
    crowd->served++;
}

static void connect_all(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        const struct wire_config config = {
            .kind = WIRE_ZMTP_CURVE,
            .port = crowd->site->port,
            .keys = &crowd->site->leads[i % SITE_LEADS],
            .heard = heard,
            .owner = crowd,
        };
        crowd->wires[i] = wire_open(crowd->loop, &config);
        if (i % 64 == 63)
            wire_turn(crowd->loop, 0);
    }
    if (!wire_wait_ready(crowd->loop, 120))
        site_die("not all %u terminals could connect", crowd->count);
}

static void ask_all(struct crowd *crowd, uint32_t wait_ms)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        lq_arena_reset(&crowd->arena);
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

// The bus dies; everybody connects anew and asks something that is answered at once.
static void restart_bus(struct crowd *crowd, pid_t bus)
{
    for (unsigned i = 0; i < crowd->count; i++)
        wire_close(crowd->wires[i]);
    kill(bus, SIGKILL);
    const double began = wire_now();
    for (bool listening = false; !listening && wire_now() < began + 30;) {
        const struct wire_config config = {.kind = WIRE_ZMTP_CURVE,
                                           .port = crowd->site->port,
                                           .keys = &crowd->site->desk,
                                           .heard = heard,
                                           .owner = crowd};
        struct wire *probe = wire_open(crowd->loop, &config);
        listening = wire_wait_ready(crowd->loop, 0.1);
        wire_close(probe);
    }
    connect_all(crowd);
    const double connected = wire_now() - began;
    turn_for(crowd, 1); // the services register again
    const double asked = wire_now();
    crowd->served = 0;
    ask_all(crowd, 0);
    while (crowd->served < crowd->count && wire_now() < asked + 60)
        wire_turn(crowd->loop, 100);
    tell("park", "reconnect_s", connected);
    tell("park", "serve_all_s", wire_now() - asked);
    tell("park", "served", crowd->served);
}

void stage_park(struct site *site, unsigned terminals, double seconds)
{
    struct crowd crowd = {.site = site, .loop = wire_loop_new(), .count = terminals};
    crowd.wires = calloc(terminals, sizeof *crowd.wires);
    LQ_ASSERT(crowd.wires != NULL);
    const pid_t bus = (pid_t)site_status(site, "bus")->pid;
    const Lq__Status *status = site_status(site, "oversight");
    const pid_t service = (pid_t)status->pid;
    const uint64_t bus_before = resident_of(bus), service_before = resident_of(service);
    crowd.tip = status->tip->seq + 100000000; // beyond everything: stays parked under load
    connect_all(&crowd);
    ask_all(&crowd, 30000);
    turn_for(&crowd, 2);
    tell("park", "terminals", terminals);
    tell("park", "bus_bytes_each", (double)(resident_of(bus) - bus_before) / terminals);
    tell("park", "service_bytes_each", (double)(resident_of(service) - service_before) / terminals);
    stage_load(site, seconds, SITE_LEADS); // the parked say nothing meanwhile
    restart_bus(&crowd, bus);
    wire_loop_free(crowd.loop);
    lq_arena_free(&crowd.arena);
    free(crowd.wires);
}
