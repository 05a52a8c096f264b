#include "rules/bulletins.h"

#include <string.h>

#include "pb/reflect.h"
#include "rules/step_terms.h"

// from_day -> BulletinNote
static const struct lq_table table = {"bulletins_signed", &rules__bulletin_note__descriptor};

#define BULLETIN "bulletin" // as stats calls it, and its state
#define SIGNED "SIGNED"

// The signature names the days that it closes.
static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Rules__BulletinEvent *heard = event;
    if (heard->body_case != RULES__BULLETIN_EVENT__BODY_STEP_TAKEN ||
        strcmp(heard->step_taken->kind, BULLETIN) != 0 ||
        strcmp(heard->step_taken->to, SIGNED) != 0 || heard->step_taken->act == NULL)
        return NULL;
    Rules__BulletinNote *noted = LQ_NEW(arena, Rules__BulletinNote);
    rules__bulletin_note__init(noted);
    noted->number = heard->step_taken->number;
    noted->from_day = heard->step_taken->act->from_day;
    noted->to_day = heard->step_taken->act->to_day;
    return &noted->base;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Rules__BulletinNote *noted = event;
    lq_save(tables, &table, lq_key_number((uint64_t)noted->from_day), &noted->base);
}

static const struct lq_table *const tables_kept[] = {&table, NULL};

const struct lq_replica lq_bulletins = {
    .stream = "stats",
    .event_type = &rules__bulletin_event__descriptor,
    .partial = true,
    .event = "bulletin_noted",
    .tables = tables_kept,
    .note = note,
    .apply = apply,
};

static const Rules__BulletinNote *of_day(struct lq_view *view, int64_t at_ms)
{
    const int32_t day = lq_day_of(at_ms), monday = day - lq_weekday(day);
    return at_ms != 0 && monday > 0 ? lq_find(view, &table, lq_key_number((uint64_t)monday)) : NULL;
}

const Rules__BulletinNote *lq_bulletin_of(struct lq_view *view, const struct lq_thing *thing,
                                          const char *number, const void *row)
{
    const Rules__BulletinNote *found = NULL;
    int64_t times[LQ_COUNTED_MOST];
    unsigned count = 0;
    if (thing->counted_at != NULL)
        count = thing->counted_at(view, thing, number, row, times);
    const char *fields = thing->counted, *name;
    while ((name = lq_step_word_next(lq_view_arena(view), &fields)) != NULL &&
           count < LQ_COUNTED_MOST) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(lq_thing_type(thing), name);
        LQ_ASSERT(field != NULL);
        times[count++] = lq_pb_integer_at(field->type, lq_pb_value(row, field, 0));
    }
    for (unsigned i = 0; i < count && found == NULL; i++)
        found = of_day(view, times[i]);
    return found;
}
