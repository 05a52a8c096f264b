#include "rules.pb-c.h"
#include "service/decision.h"
#include "service/service.h"

static Lq__Role *roles_of(struct lq_arena *arena, uint32_t roles, size_t *count)
{
    Lq__Role *list = LQ_NEW_ARRAY(arena, Lq__Role, lq__role__descriptor.n_values);
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++)
        if ((roles & 1u << lq__role__descriptor.values[i].value) != 0)
            list[(*count)++] = (Lq__Role)lq__role__descriptor.values[i].value;
    return list;
}

static void add(struct lq_reading *r, Lq__NextStep *step)
{
    struct lq_next *next = r->next;
    if (next->count == next->room) {
        next->room = next->room == 0 ? 8 : 2 * next->room;
        Lq__NextStep **steps = LQ_NEW_ARRAY(r->arena, Lq__NextStep *, next->room);
        for (size_t i = 0; i < next->count; i++)
            steps[i] = next->steps[i];
        next->steps = steps;
    }
    next->steps[next->count++] = step;
}

static void tell(struct lq_reading *r, const struct lq_steps *steps, const struct lq_step *step,
                 const char *of)
{
    const struct lq_command_row *row = lq_command_row(r->service, step->command);
    LQ_ASSERT(row != NULL);
    const bool by_verb = step->command == LQ_BODY_TAKE_STEP;
    const uint32_t who = step->who != 0 ? step->who : row->who;
    if ((who & LQ_ANY_PERSON) == 0)
        return; // the service takes it by itself
    const ProtobufCFieldDescriptor *command =
        protobuf_c_message_descriptor_get_field(r->service->command_type, step->command);
    Lq__NextStep *told = LQ_NEW(r->arena, Lq__NextStep);
    lq__next_step__init(told);
    told->of = lq_unconst(of);
    told->command = lq_unconst(command->name);
    if (step->to != LQ_STEP_STAYS)
        told->step = lq_unconst(lq_step_word(r->arena, steps, step->to));
    told->who = roles_of(r->arena, who, &told->n_who);
    told->behalf = roles_of(r->arena, step->who != 0 ? step->behalf : row->behalf, &told->n_behalf);
    if (by_verb) {
        told->verb = lq_word_of(r->arena, &rules__verb__descriptor, step->verb);
        told->needs = lq_unconst(step->needs != NULL ? step->needs : "");
    }
    add(r, told);
}

void lq_next(struct lq_reading *r, const struct lq_steps *steps, int state, const char *of,
             const void *row)
{
    for (unsigned i = 0; i < steps->count; i++) {
        const struct lq_step *step = &steps->steps[i];
        if (step->from == state && !step->past && (step->when == NULL || step->when(row)))
            tell(r, steps, step, of);
    }
}
