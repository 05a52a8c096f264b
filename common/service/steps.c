#include "service/steps.h"

#include "base/assert.h"
#include "language/language.h"
#include "rules.pb-c.h"
#include "service/service.h"

const struct lq_table lq_steps_taken = {"steps", &rules__step__descriptor};

bool lq_has_steps(const struct lq_service *service)
{
    return lq_command_row(service, LQ_BODY_TAKE_STEP) != NULL;
}

bool lq_step_possible(const struct lq_steps *steps, int from, int to)
{
    for (unsigned i = 0; i < steps->count; i++)
        if (steps->steps[i].from == from && steps->steps[i].to == to)
            return true;
    return false;
}

bool lq_step_by(const struct lq_steps *steps, int from, unsigned command)
{
    for (unsigned i = 0; i < steps->count; i++)
        if (steps->steps[i].from == from && steps->steps[i].command == command)
            return true;
    return false;
}

int lq_step_after(const struct lq_steps *steps, int from)
{
    for (unsigned i = 0; i < steps->count; i++)
        if (steps->steps[i].from == from && steps->steps[i].to != LQ_STEP_STAYS)
            return steps->steps[i].to;
    return from;
}

const char *lq_step_word(struct lq_arena *arena, const struct lq_steps *steps, int state)
{
    return state == 0 && steps->start != NULL ? steps->start
                                              : lq_word_of(arena, steps->states, state);
}

const char *lq_state_said(struct lq_arena *arena, const struct lq_steps *steps, int state)
{
    const char *word = lq_step_word(arena, steps, state);
    return state == 0 && steps->start != NULL
               ? word
               : lq_arena_format(arena, "%s@%s", word, steps->states->name);
}

char *lq_word_of(struct lq_arena *arena, const ProtobufCEnumDescriptor *type, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
    LQ_ASSERT(value != NULL); // the runtime lets no unknown number through
    char *word = lq_arena_text(arena, value->name);
    for (char *c = word; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return word;
}

const char *lq_steps_from(struct lq_arena *arena, const struct lq_steps *steps, int from)
{
    const char *text = NULL;
    for (unsigned i = 0; i < steps->count; i++) {
        if (steps->steps[i].from != from || steps->steps[i].to == LQ_STEP_STAYS)
            continue;
        const char *word = lq_state_said(arena, steps, steps->steps[i].to);
        text = text == NULL ? word : lq_arena_format(arena, "%s or %s", text, word);
    }
    return text != NULL ? text : LQ_TR_LATER("nothing");
}
