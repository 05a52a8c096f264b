// Steps of things that are there: what is random hardly ever meets one that may take it.
#include <string.h>

#include "pb/pb.h"
#include "rules/take_step.h"
#include "world_parts.h"

// One of the steps that it may take; now and then one that it may not.
static const struct lq_step *pick_step(struct world *world, const struct aim *aim)
{
    const struct lq_steps *steps = aim->thing->steps;
    const int state = lq_thing_state(aim->thing, aim->found);
    for (int i = 0; i < 60; i++) {
        const struct lq_step *step = &steps->steps[lq_throw(&world->dice, steps->count)];
        if (step->command == LQ_BODY_TAKE_STEP &&
            (step->from == state || lq_chance(&world->dice, 2)))
            return step;
    }
    return NULL;
}

// What a step needs is one of a few words, and people who are on the roster.
static Rules__Act *act_for(struct world *world, struct lq_bed *bed, const struct aim *aim)
{
    struct lq_arena *arena = &world->arena;
    Rules__Act *act =
        (void *)lq_generate(&world->dice, arena, &rules__act__descriptor, bed->now_ms);
    act->officers = LQ_NEW_ARRAY(arena, char *, 2);
    act->n_officers = lq_chance(&world->dice, 95) ? 2 : 1;
    act->officers[0] = lq_arena_text(arena, "P5");
    act->officers[1] = lq_arena_text(arena, "P7");
    if (lq_chance(&world->dice, 90)) {
        act->ground = lq_arena_format(arena, "%u", 1 + (unsigned)lq_throw(&world->dice, 5));
        act->seal = lq_arena_format(arena, "S%llu-%llu", (unsigned long long)world->sent_count,
                                    (unsigned long long)lq_throw(&world->dice, 1000));
    }
    const Rules__Step *passed =
        lq_step_latest(aim->view, aim->thing->kind, aim->number, RULES__VERB__PASS_CUSTODY);
    act->giver = lq_arena_text(arena, passed != NULL ? passed->act->taker : "P5");
    return act;
}

const ProtobufCMessage *world_aim_step(struct world *world, struct lq_bed *bed, unsigned variant,
                                       uint32_t *who)
{
    struct aim aim;
    if (variant != LQ_BODY_TAKE_STEP)
        return NULL;
    const ProtobufCMessage *body = NULL;
    const bool found = world_find_thing(world, bed, &aim);
    const struct lq_step *step = found && aim.thing->steps != NULL ? pick_step(world, &aim) : NULL;
    if (step != NULL) {
        Rules__TakeStep *take = LQ_NEW(&world->arena, Rules__TakeStep);
        rules__take_step__init(take);
        take->kind = lq_unconst(aim.thing->kind);
        take->number = lq_unconst(aim.number);
        take->verb = (Rules__Verb)step->verb;
        take->act = act_for(world, bed, &aim);
        *who = step->who;
        body = lq_pb_variant_of(&world->arena, bed->service->command_type, variant, &take->base);
    }
    lq_bed_end_read(bed);
    return body;
}
