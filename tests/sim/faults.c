// What goes wrong. Each seed draws its own weather among the faults that were asked for: some seeds
// lose every fifth message, some only crash, some do everything a little. (Mixing all faults at one
// rate finds less: one of them always hides the others.)
#include "sim/sim.h"

static const char *const names[SIM_FAULTS] = {"loss",  "repeat", "delay", "reorder", "cut",
                                              "crash", "bus",    "stall", "clock",   "slow"};

const char *sim_fault_name(unsigned index)
{
    return index < SIM_FAULTS ? names[index] : NULL;
}

void sim_weather_draw(struct sim *s)
{
    struct sim_dice *dice = &s->fault_dice;
    struct sim_weather *w = &s->weather;
    w->faults = 0;
    for (unsigned i = 0; i < SIM_FAULTS; i++)
        if (sim_chance(dice, 600))
            w->faults |= s->options.faults & (1U << i);
    w->loss = (unsigned)sim_between(dice, 5, 200);
    w->repeat = (unsigned)sim_between(dice, 5, 200);
    w->delay = (unsigned)sim_between(dice, 5, 150);
    w->delay_ms = sim_between(dice, 500, 8000);
    w->crash = (unsigned)sim_between(dice, 100, 900);
    w->cut = (unsigned)sim_between(dice, 50, 500);
    w->bus = (unsigned)sim_between(dice, 50, 500);
    w->stall = (unsigned)sim_between(dice, 50, 500);
    w->clock = (unsigned)sim_between(dice, 50, 500);
    w->slow = (unsigned)sim_between(dice, 5, 100);
}

static bool strikes(struct sim *s, enum sim_fault fault, unsigned permille)
{
    return (s->weather.faults & (uint32_t)fault) != 0 && sim_chance(&s->fault_dice, permille);
}

static struct sim_node *some_node(struct sim *s)
{
    return &s->nodes[sim_throw(&s->fault_dice, s->node_count)];
}

static struct sim_terminal *some_terminal(struct sim *s)
{
    return &s->terminals[sim_throw(&s->fault_dice, s->terminal_count)];
}

static void crash_some(struct sim *s)
{
    struct sim_node *node = some_node(s);
    const uint64_t side = sim_throw(&s->fault_dice, 5);
    if (side == 0) {
        sim_node_crash(s, node, "between two turns");
        return;
    }
    node->doom = side <= 2 ? SIM_BEFORE_COMMIT : SIM_AFTER_COMMIT;
    node->doom_commits = sim_chance(&s->fault_dice, 300) ? 1 : 0;
    node->doom_answers = (unsigned)sim_throw(&s->fault_dice, 4);
}

static void cut_some(struct sim *s)
{
    const int64_t until_ms = s->now_ms + sim_between(&s->fault_dice, 500, 15000);
    s->counts.cuts++;
    if (sim_chance(&s->fault_dice, 500)) {
        struct sim_node *node = some_node(s);
        node->cut_until_ms = until_ms;
        SIM_TELL(s, "THE LINE of %s is cut", node->service->name);
    } else {
        struct sim_terminal *t = some_terminal(s);
        t->cut_until_ms = until_ms;
        SIM_TELL(s, "THE LINE of %s is cut", t->badge);
    }
}

static void jump_clock(struct sim *s)
{
    struct sim_node *node = some_node(s);
    s->counts.jumps++;
    const int64_t most_ms = sim_chance(&s->fault_dice, 100) ? 900000 : 3000;
    node->skew_ms = sim_between(&s->fault_dice, -most_ms, most_ms);
    SIM_TELL(s, "THE CLOCK of %s jumps to %+lld ms", node->service->name, (long long)node->skew_ms);
}

static void strike(struct sim *s, struct sim_parcel *parcel)
{
    (void)parcel;
    if (s->calm || s->over)
        return;
    const struct sim_weather *w = &s->weather;
    if (strikes(s, SIM_CRASH, w->crash))
        crash_some(s);
    if (strikes(s, SIM_CUT, w->cut))
        cut_some(s);
    if (strikes(s, SIM_CLOCK, w->clock))
        jump_clock(s);
    if (strikes(s, SIM_BUS, w->bus / 4))
        sim_bus_crash(s);
    if (strikes(s, SIM_STALL, w->stall)) {
        struct sim_terminal *t = some_terminal(s);
        s->counts.stalls++;
        t->stalled_until_ms = s->now_ms + sim_between(&s->fault_dice, 500, 10000);
    }
    sim_faults_plan(s);
}

void sim_faults_plan(struct sim *s)
{
    if (s->weather.faults != 0)
        sim_plan(s, s->now_ms + sim_between(&s->fault_dice, 500, 8000), strike, 0);
}

void sim_calm_down(struct sim *s)
{
    s->calm = true;
    for (unsigned i = 0; i < s->node_count; i++) {
        s->nodes[i].doom = s->nodes[i].dead ? s->nodes[i].doom : SIM_NO_DOOM;
        s->nodes[i].cut_until_ms = 0;
    }
    for (unsigned i = 0; i < s->terminal_count; i++)
        s->terminals[i].cut_until_ms = s->terminals[i].stalled_until_ms = 0;
}

void sim_stir_up(struct sim *s)
{
    s->calm = false;
    sim_faults_plan(s);
}
