// What things cost at the journal's present size, and how long a service takes to come back.
#include <signal.h>

#include "stages.h"

static void time_ask(struct site *site, struct lq_span request, struct samples *samples)
{
    const double began = wire_now();
    const Lq__Reply *reply = site_ask(site, request);
    if (reply == NULL || reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        site_die("no reply, or a refusal");
    samples_add(samples, wire_now() - began);
    lq_arena_reset(&site->arena);
}

void stage_cost(struct site *site, unsigned rounds)
{
    struct samples command = {0}, fetch = {0};
    const uint64_t tip = site_status(site, "oversight")->tip->seq;
    for (unsigned i = 0; i < rounds; i++) {
        const uint64_t after = tip * i / rounds; // all over the journal
        time_ask(site, site_interview(&site->arena, ++site->correlation), &command);
        time_ask(site, site_fetch(&site->arena, ++site->correlation, "oversight", after, 1, 0),
                 &fetch);
    }
    tell("cost", "records", (double)tip);
    tell_samples("cost.command", &command);
    tell_samples("cost.fetch", &fetch);
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
                site_die("oversight does not come back");
        }
        samples_add(&times, wire_now() - began);
    }
    tell("restart", "records", (double)site_status(site, "oversight")->tip->seq);
    tell_samples("restart", &times);
}
