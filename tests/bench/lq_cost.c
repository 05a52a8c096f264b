// What things cost at the journal's present size, and how long a service takes to come back.
#include <signal.h>

#include "stages.h"

static void time_ask(struct site *site, struct lq_span request, struct samples *samples)
{
    const double began = wire_now();
    const Lq__Reply *reply = site_ask(site, request);
    if (reply == NULL || reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        bench_die("no reply, or a refusal");
    samples_add(samples, wire_now() - began);
    lq_arena_reset(&site->arena);
}

struct costing {
    struct site *site;
    uint64_t tip;
    pid_t service;
};

static struct lq_span a_command(struct costing *c, double part)
{
    (void)part;
    return site_interview(&c->site->arena, ++c->site->correlation);
}

static struct lq_span fetch_after(struct costing *c, uint64_t seq)
{
    return site_fetch(&c->site->arena, ++c->site->correlation, "oversight", seq, 1, 0);
}

// What a terminal fetches that has been away for a while, and what somebody looks up in old
// records.
static struct lq_span a_fetch_of_late(struct costing *c, double part)
{
    enum { LATE = 1000 };
    return fetch_after(c, c->tip - (uint64_t)((1 - part) * LATE));
}

static struct lq_span a_fetch_of_old(struct costing *c, double part)
{
    return fetch_after(c, (uint64_t)((double)c->tip * part));
}

// How long one client waits, and what the service's CPU takes for it: the first is mostly the way
// there and back, whose scatter is larger than what a larger journal adds.
static void cost_of(struct costing *c, const char *what, unsigned rounds,
                    struct lq_span (*request)(struct costing *c, double part))
{
    struct samples times = {0};
    const double before = cpu_of(c->service);
    for (unsigned i = 0; i < rounds; i++)
        time_ask(c->site, request(c, (double)i / rounds), &times);
    tell(what, "cpu_us", 1e6 * (cpu_of(c->service) - before) / rounds);
    tell_samples(what, &times);
}

void stage_cost(struct site *site, unsigned rounds)
{
    const Lq__Status *status = site_status(site, "oversight");
    struct costing c = {site, status->tip->seq, (pid_t)status->pid};
    tell("cost", "records", (double)c.tip);
    cost_of(&c, "cost.command", rounds, a_command);
    cost_of(&c, "cost.fetch", rounds, a_fetch_of_late);
    cost_of(&c, "cost.fetch_old", rounds, a_fetch_of_old);
}

// From the kill to the first answer of the next process: lq up starts it again, it opens its
// journal, registers, and answers.
void stage_restart(struct site *site, unsigned rounds)
{
    struct samples times = {0};
    for (unsigned i = 0; i < rounds; i++) {
        const double quiet = wire_now() + 2.2; // lq up starts at once only what lived 2 s
        while (wire_now() < quiet)
            wire_turn(site->loop, 100);
        const uint32_t pid = site_status(site, "oversight")->pid;
        const double began = wire_now();
        kill((pid_t)pid, SIGKILL);
        for (bool back = false; !back;) {
            wire_turn(site->loop, 1);
            const Lq__Status *now = site_status(site, "oversight");
            back = now != NULL && now->pid != pid;
            lq_arena_reset(&site->arena);
            if (wire_now() > began + 60)
                bench_die("oversight does not come back");
        }
        samples_add(&times, wire_now() - began);
    }
    tell("restart", "records", (double)site_status(site, "oversight")->tip->seq);
    tell_samples("restart", &times);
}
