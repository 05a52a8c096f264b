// A closed loop: what the server can do shows in the rate, and the time of each request is that of
// a client who waits for it.
#include "load.h"

#include <stdio.h>

#include "base/assert.h"

enum { MOST_CLIENTS = 1024 };

struct running {
    const struct load *load;
    struct wire *wires[MOST_CLIENTS];
    double sent_at[MOST_CLIENTS];
    bool opened[MOST_CLIENTS];
    struct samples latency;
    uint64_t sent, answered;
    bool counting, stopping, failed;
};

static void send_next(struct running *r, struct wire *wire, unsigned client)
{
    if (r->stopping || (r->load->requests > 0 && r->sent >= r->load->requests))
        return;
    r->sent++;
    r->sent_at[client] = wire_now();
    wire_send(wire, r->load->request(r->load->self, client));
}

static void heard(struct wire *wire, struct lq_span message)
{
    struct running *r = wire_config(wire)->owner;
    const unsigned client = (unsigned)wire_config(wire)->index;
    if (!r->opened[client]) {
        r->opened[client] = true;
        return send_next(r, wire, client);
    }
    r->failed = r->failed || !r->load->check(r->load->self, message);
    r->answered++;
    if (r->counting)
        samples_add(&r->latency, wire_now() - r->sent_at[client]);
    send_next(r, wire, client);
}

static void open_all(struct running *r, struct wire_loop *loop)
{
    for (unsigned i = 0; i < r->load->clients; i++) {
        struct wire_config config = r->load->wire;
        config.heard = heard;
        config.owner = r;
        config.index = i;
        config.keys = r->load->keys != NULL ? &r->load->keys[i] : NULL;
        r->wires[i] = wire_open(loop, &config);
    }
    r->failed = !wire_wait_ready(loop, 20);
}

static void start_all(struct running *r)
{
    for (unsigned i = 0; i < r->load->clients && !r->failed; i++) {
        r->opened[i] = r->load->opening == NULL;
        if (r->opened[i])
            send_next(r, r->wires[i], i);
        else
            wire_send(r->wires[i], lq_span_text(r->load->opening));
    }
}

static void run_for(struct running *r, struct wire_loop *loop, double seconds)
{
    const double until = wire_now() + seconds;
    const uint64_t most = r->load->requests;
    while (!r->failed && wire_now() < until && (most == 0 || r->answered < most))
        wire_turn(loop, 100);
}

static bool drain(struct running *r, struct wire_loop *loop)
{
    const double until = wire_now() + 10;
    r->stopping = true;
    r->counting = false; // the samples are the result's now
    while (r->answered < r->sent && wire_now() < until)
        wire_turn(loop, 100);
    return r->answered == r->sent;
}

struct load_result load_run(const struct load *load)
{
    struct running r = {.load = load};
    LQ_ASSERT(load->clients <= MOST_CLIENTS);
    struct wire_loop *loop = wire_loop_new();
    open_all(&r, loop);
    start_all(&r);
    run_for(&r, loop, load->seconds / 10);
    r.counting = true;
    const double began = wire_now(), cpu = cpu_of(0);
    const uint64_t before = r.answered;
    run_for(&r, loop, load->seconds);
    const double seconds = wire_now() - began;
    struct load_result result = {
        .rate = (double)(r.answered - before) / seconds,
        .generator = (cpu_of(0) - cpu) / seconds,
        .requests = r.answered - before,
        .seconds = seconds,
        .latency = r.latency,
    };
    result.failed = r.failed || !drain(&r, loop);
    wire_loop_free(loop);
    return result;
}

void load_tell(const char *what, struct load_result *result)
{
    if (result->failed)
        fprintf(stderr, "%s: a connection, or a reply, was not as it should be\n", what);
    tell(what, "rate", result->failed ? 0 : result->rate);
    tell(what, "generator_cpu", result->generator);
    tell_samples(what, &result->latency);
}
