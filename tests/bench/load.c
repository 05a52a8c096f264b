// A closed loop: what the server can do shows in the rate, and the time of each request is that of
// a client who waits for it. Two processes share the clients, because one of them would be what
// bounds a crowd of replies.
#include "load.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"

enum { MOST_CLIENTS = 1024, PROCESSES = 2 };

// The clients of one process, and how many requests are theirs; 0: no bound.
struct part {
    unsigned first, past;
    uint64_t requests;
};

struct running {
    const struct load *load;
    struct part part;
    struct wire *wires[MOST_CLIENTS];
    double sent_at[MOST_CLIENTS];
    bool opened[MOST_CLIENTS];
    struct samples latency;
    uint64_t sent, answered;
    bool counting, stopping, failed;
};

static void send_next(struct running *r, struct wire *wire, unsigned client)
{
    if (r->stopping || (r->part.requests > 0 && r->sent >= r->part.requests))
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
    if (r->counting && r->load->depth <= 1)
        samples_add(&r->latency, wire_now() - r->sent_at[client]);
    send_next(r, wire, client);
}

static void open_all(struct running *r, struct wire_loop *loop)
{
    for (unsigned i = r->part.first; i < r->part.past; i++) {
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
    const unsigned depth = r->load->depth > 1 ? r->load->depth : 1;
    for (unsigned i = r->part.first; i < r->part.past && !r->failed; i++) {
        r->opened[i] = r->load->opening == NULL;
        for (unsigned n = 0; r->opened[i] && n < depth; n++)
            send_next(r, r->wires[i], i);
        if (!r->opened[i])
            wire_send(r->wires[i], lq_span_text(r->load->opening));
    }
}

static void run_for(struct running *r, struct wire_loop *loop, double seconds)
{
    const double until = wire_now() + seconds;
    const uint64_t most = r->part.requests;
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

static struct load_result run_part(const struct load *load, struct part part)
{
    struct running r = {.load = load, .part = part};
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

// ---------------------------------------------------------------- two processes

static void put(int pipe_end, const void *bytes, size_t size)
{
    for (const char *at = bytes; size > 0;) {
        const ssize_t done = write(pipe_end, at, size);
        if (done <= 0)
            _exit(1);
        at += done;
        size -= (size_t)done;
    }
}

static bool get(FILE *pipe_end, void *bytes, size_t size)
{
    return size == 0 || fread(bytes, size, 1, pipe_end) == 1;
}

struct worker {
    pid_t process;
    FILE *result; // the end of its pipe
};

static struct worker start_part(const struct load *load, struct part part)
{
    int ends[2];
    LQ_ASSERT(pipe(ends) == 0);
    const pid_t child = fork();
    LQ_ASSERT(child >= 0);
    if (child == 0) {
        const struct load_result result = run_part(load, part);
        put(ends[1], &result, sizeof result);
        put(ends[1], result.latency.values, result.latency.count * sizeof(double));
        _exit(0);
    }
    close(ends[1]);
    FILE *result = fdopen(ends[0], "rb");
    LQ_ASSERT(result != NULL);
    return (struct worker){child, result};
}

static void add_part(struct load_result *sum, struct worker worker)
{
    FILE *pipe_end = worker.result;
    struct load_result part = {.failed = true};
    double value;
    if (!get(pipe_end, &part, sizeof part))
        part = (struct load_result){.failed = true};
    for (size_t i = 0; i < part.latency.count && get(pipe_end, &value, sizeof value); i++)
        samples_add(&sum->latency, value);
    fclose(pipe_end);
    waitpid(worker.process, NULL, 0);
    sum->rate += part.rate;
    sum->generator += part.generator;
    sum->requests += part.requests;
    sum->seconds = part.seconds > sum->seconds ? part.seconds : sum->seconds;
    sum->failed = sum->failed || part.failed;
}

struct load_result load_run(const struct load *load)
{
    LQ_ASSERT(load->clients <= MOST_CLIENTS);
    if (load->clients < PROCESSES)
        return run_part(load, (struct part){0, load->clients, load->requests});
    struct worker parts[PROCESSES];
    for (unsigned i = 0; i < PROCESSES; i++)
        parts[i] = start_part(load, (struct part){.first = load->clients * i / PROCESSES,
                                                  .past = load->clients * (i + 1) / PROCESSES,
                                                  .requests = load->requests * (i + 1) / PROCESSES -
                                                              load->requests * i / PROCESSES});
    struct load_result sum = {0};
    for (unsigned i = 0; i < PROCESSES; i++)
        add_part(&sum, parts[i]);
    return sum;
}

void load_tell(const char *what, struct load_result *result)
{
    if (result->failed)
        fprintf(stderr, "%s: a connection, or a reply, was not as it should be\n", what);
    tell(what, "rate", result->failed ? 0 : result->rate);
    tell(what, "generator_cpu", result->generator);
    tell_samples(what, &result->latency);
}
