// Corrections and voidings of things that are there: what is random hardly ever meets one.
#include <string.h>

#include "pb/pb.h"
#include "pb/value.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "world_parts.h"

enum { TRIES = 8 };

static const char *number_of(struct world *world, const struct lq_thing *thing,
                             const struct lq_key *key)
{
    struct lq_key_reader reader = {.key = key};
    const char *number = "";
    for (unsigned i = 0; i < (thing->parts == 0 ? 1 : thing->parts) && reader.at < key->size; i++)
        number = lq_arena_format(&world->arena, "%s%s%s", number, i > 0 ? "/" : "",
                                 lq_key_read_text(&reader));
    return number;
}

bool world_find_thing(struct world *world, struct lq_bed *bed, struct aim *aim)
{
    unsigned kinds = 0;
    while (bed->service->things[kinds].kind != NULL)
        kinds++;
    aim->thing = &bed->service->things[lq_throw(&world->dice, kinds)];
    struct lq_view *view = aim->view = lq_bed_read(bed);
    const uint64_t rows = lq_count(view, aim->thing->table);
    if (rows == 0)
        return false;
    struct lq_scan s = lq_scan(view, aim->thing->table, lq_key_none());
    for (uint64_t skip = lq_throw(&world->dice, rows) + 1; skip > 0 && lq_scan_next(&s); skip--)
        ;
    aim->number = number_of(world, aim->thing, &s.key);
    aim->found = lq_thing_find(view, aim->thing, aim->number);
    return aim->found != NULL;
}

static const ProtobufCFieldDescriptor *pick_field(struct world *world, const struct aim *aim)
{
    const ProtobufCMessageDescriptor *type = lq_thing_type(aim->thing);
    for (;;) {
        const ProtobufCFieldDescriptor *field =
            &type->fields[lq_throw(&world->dice, type->n_fields)];
        if (lq_thing_corrects(aim->thing, field->name))
            return field;
    }
}

static ProtobufCMessage *correction(struct world *world, const struct lq_bed *bed,
                                    const struct aim *aim)
{
    struct lq_arena *arena = &world->arena;
    const ProtobufCFieldDescriptor *field = pick_field(world, aim);
    const ProtobufCMessage *other =
        lq_generate(&world->dice, arena, lq_thing_type(aim->thing), bed->now_ms);
    Rules__Change *change = LQ_NEW(arena, Rules__Change);
    rules__change__init(change);
    change->field = lq_unconst(field->name);
    change->was = lq_arena_text(arena, lq_pb_value_text(arena, aim->found, field));
    change->now = lq_arena_text(arena, lq_pb_value_text(arena, other, field));
    Rules__Correct *correct = LQ_NEW(arena, Rules__Correct);
    rules__correct__init(correct);
    correct->kind = lq_unconst(aim->thing->kind);
    correct->number = lq_unconst(aim->number);
    correct->changes = LQ_NEW_ARRAY(arena, Rules__Change *, 1);
    correct->changes[correct->n_changes++] = change;
    return &correct->base;
}

static ProtobufCMessage *voiding(struct world *world, const struct aim *aim)
{
    Rules__VoidRecord *record = LQ_NEW(&world->arena, Rules__VoidRecord);
    rules__void_record__init(record);
    record->kind = lq_unconst(aim->thing->kind);
    record->number = lq_unconst(aim->number);
    return &record->base;
}

static ProtobufCMessage *attachment(struct world *world, const struct aim *aim)
{
    Rules__Attach *attach = LQ_NEW(&world->arena, Rules__Attach);
    rules__attach__init(attach);
    attach->kind = lq_unconst(aim->thing->kind);
    attach->number = lq_unconst(aim->number);
    attach->sha256 = lq_arena_format(&world->arena, "%064x", (unsigned)lq_throw(&world->dice, 4));
    attach->bytes = 1 + (uint32_t)lq_throw(&world->dice, LQ_FILE_BYTES_MOST);
    attach->type = RULES__FILE_TYPE__JPEG;
    return &attach->base;
}

static const ProtobufCMessage *body_of(struct world *world, struct lq_bed *bed, unsigned variant)
{
    struct aim aim;
    bool found = false;
    for (unsigned tries = 0; tries < TRIES && !found; tries++) { // some are only voided
        if (tries > 0)
            lq_bed_end_read(bed);
        found = world_find_thing(world, bed, &aim) &&
                (variant != LQ_BODY_CORRECT || aim.thing->fields[0] != '\0');
    }
    if (!found)
        return NULL;
    // What is taken out is missed by everything after it: less of that.
    const bool is_person = strcmp(aim.thing->kind, "person") == 0;
    if (variant == LQ_BODY_VOID && lq_chance(&world->dice, is_person ? 50 : 40))
        return NULL;
    ProtobufCMessage *body = variant == LQ_BODY_ATTACH    ? attachment(world, &aim)
                             : variant == LQ_BODY_CORRECT ? correction(world, bed, &aim)
                                                          : voiding(world, &aim);
    return lq_pb_variant_of(&world->arena, bed->service->command_type, variant, body);
}

const ProtobufCMessage *world_aim(struct world *world, struct lq_bed *bed, unsigned variant)
{
    if (bed->service->things == NULL ||
        (variant != LQ_BODY_ATTACH && variant != LQ_BODY_CORRECT && variant != LQ_BODY_VOID))
        return NULL;
    const ProtobufCMessage *body = body_of(world, bed, variant);
    lq_bed_end_read(bed);
    return body;
}
