// Promises and pauses for terms that run: what is random hardly ever meets one.
#include "pb/pb.h"
#include "rules/clocks.h"
#include "world_parts.h"

// One of the terms that run; NULL: none does.
static const Rules__Clock *pick(struct world *world, struct lq_view *view)
{
    const uint64_t rows = lq_count(view, &lq_clocks_due);
    if (rows == 0)
        return NULL;
    uint64_t skip = lq_throw(&world->dice, rows);
    struct lq_scan s = lq_scan(view, &lq_clocks, lq_key_none());
    while (lq_scan_next(&s))
        if (lq_clock_runs(s.row) && skip-- == 0)
            return s.row;
    return NULL;
}

static ProtobufCMessage *promise(struct world *world, const struct lq_bed *bed,
                                 const Rules__Clock *id)
{
    Rules__TakeClock *take = LQ_NEW(&world->arena, Rules__TakeClock);
    rules__take_clock__init(take);
    take->kind = lq_arena_text(&world->arena, id->kind);
    take->number = lq_arena_text(&world->arena, id->number);
    take->rule = lq_arena_text(&world->arena, id->rule);
    take->until_ms = bed->now_ms + (int64_t)lq_throw(&world->dice, 40) * LQ_DAY_MS / 8;
    return &take->base;
}

static ProtobufCMessage *pause(struct world *world, const struct lq_bed *bed,
                               const Rules__Clock *id)
{
    Rules__PauseClock *paused = LQ_NEW(&world->arena, Rules__PauseClock);
    rules__pause_clock__init(paused);
    paused->kind = lq_arena_text(&world->arena, id->kind);
    paused->number = lq_arena_text(&world->arena, id->number);
    paused->rule = lq_arena_text(&world->arena, id->rule);
    paused->cause = lq_arena_text(&world->arena, "testing_term_notified");
    paused->from_day = lq_day_of(bed->now_ms) + (int32_t)lq_throw(&world->dice, 5);
    paused->to_day = paused->from_day + (int32_t)lq_throw(&world->dice, 12);
    paused->paper = lq_arena_text(&world->arena, lq_chance(&world->dice, 90) ? "检2015-1" : "");
    return &paused->base;
}

const ProtobufCMessage *world_aim_clock(struct world *world, struct lq_bed *bed, unsigned variant)
{
    if (!lq_has_clocks(bed->service) ||
        (variant != LQ_BODY_TAKE_CLOCK && variant != LQ_BODY_PAUSE_CLOCK))
        return NULL;
    const Rules__Clock *id = pick(world, lq_bed_read(bed));
    const ProtobufCMessage *body = NULL;
    if (id != NULL)
        body = lq_pb_variant_of(&world->arena, bed->service->command_type, variant,
                                variant == LQ_BODY_TAKE_CLOCK ? promise(world, bed, id)
                                                              : pause(world, bed, id));
    lq_bed_end_read(bed);
    return body;
}
