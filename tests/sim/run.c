// A seed's life.
#include "sim/sim.h"

#include <stdlib.h>

#include "base/assert.h"
#include "support/law.h"
#include "support/xian.h"

static const int64_t START_MS = 1425582000000; // 2015-03-06T03:00:00+08:00

// Small batches and pages in some seeds: their ends are where things go wrong.
static void draw_policy(struct sim *s, struct sim_dice *dice)
{
    static const int64_t batches[] = {1, 2, 16, 512}, pages[] = {1, 3, 20, 512};
    LQ_ASSERT(lq_policy_load(NULL, &s->arena, &s->policy) == LQ_OK);
    s->policy.papers = LQ_NAMES_OF_XIAN;
    s->policy.batch_max = batches[sim_throw(dice, 4)];
    s->policy.acceptance.video_hours = 0; // nobody here has cameras
    s->policy.fetch_max = pages[sim_throw(dice, 4)];
    if (sim_chance(dice, 250))
        s->policy.paper_clock_count = 0; // no term runs for what comes in on paper
}

static void open_world(struct sim *s)
{
    struct sim_dice dice = sim_dice(s->options.seed, 1);
    s->net_dice = sim_dice(s->options.seed, 2);
    s->fault_dice = sim_dice(s->options.seed, 3);
    s->work_dice = sim_dice(s->options.seed, 4);
    s->start_ms = s->now_ms = START_MS + sim_between(&dice, 0, 24 * 60) * 60000;
    s->law = law_for_tests();
    draw_policy(s, &dice);
    sim_weather_draw(s);
    const struct audit_policy policy = {.batch_max = s->policy.batch_max,
                                        .fetch_max = s->policy.fetch_max,
                                        .future_tolerance_ms = s->policy.future_tolerance_ms,
                                        .causal_wait_ms = s->policy.causal_wait_ms,
                                        .paper_counts = s->policy.paper_clock_count > 0};
    s->audit = audit_open(&policy);
    sim_bus_open(s);
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++) {
        LQ_ASSERT(s->node_count < SIM_NODES);
        sim_node_open(s, &s->nodes[s->node_count], *service);
    }
}

void sim_run(struct sim *s, const struct sim_options *options)
{
    *s = (struct sim){.options = *options};
    sim_story_begin(s);
    s->calm = true;
    open_world(s);
    sim_work_open(s);
    while (!s->over && sim_step(s))
        continue;
    for (unsigned i = 0; i < s->node_count; i++) {
        audit_journal(s->audit, i, s->nodes[i].store);
        sim_node_verify(&s->nodes[i]);
    }
}

void sim_free(struct sim *s)
{
    for (unsigned i = 0; i < s->node_count; i++)
        sim_node_close(&s->nodes[i]);
    sim_terminals_free(s);
    sim_queue_free(&s->queue);
    sim_work_free(s);
    audit_free(s->audit);
    lq_arena_free(&s->arena);
    lq_arena_free(&s->scratch);
}
