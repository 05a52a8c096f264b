#include <string.h>

#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/reading_internal.h"
#include "rules/step_terms.h"
#include "service/attached.h"
#include "service/trail.h"
#include "service/voided.h"

// ---------------------------------------------------------------- who may

static bool is(const char *badge, const char *asker)
{
    return badge != NULL && badge[0] != '\0' && strcmp(badge, asker) == 0;
}

// Who entered a thing that there is, or that was voided; NULL: not known.
static const Rules__Entered *entered_of(struct lq_view *view, const struct lq_thing *thing,
                                        const char *number)
{
    const void *row = lq_thing_find(view, thing, number);
    if (row != NULL)
        return lq_tells_entered(((const ProtobufCMessage *)row)->descriptor) ? lq_entered_of(row)
                                                                             : NULL;
    const Rules__VoidedThing *voided = lq_voided_find(view, thing->table, number);
    row = voided != NULL ? lq_thing_of(lq_view_arena(view), lq_thing_type(thing), &voided->thing)
                         : NULL;
    return row != NULL ? lq_entered_of(row) : NULL;
}

bool lq_may_read(struct lq_view *view, const struct lq_thing *thing, const char *number,
                 const char *asker, uint32_t roles)
{
    if ((roles & (thing->personal_to | LQ_ROLE(SERVICE))) != 0)
        return true;
    const Rules__Entered *entered = entered_of(view, thing, number);
    return entered != NULL && (is(entered->actor, asker) || is(entered->on_behalf_of, asker));
}

void lq_tell_of(struct lq_told *told, const char *kind, const char *number)
{
    told->times++;
    for (size_t i = 0; i < told->count; i++)
        if (strcmp(told->of[i]->number, number) == 0 && strcmp(told->of[i]->kind, kind) == 0)
            return;
    if (told->count == told->room) {
        Rules__ReadThing **before = told->of;
        told->room = told->room * 2 + 16;
        told->of = LQ_NEW_ARRAY(told->arena, Rules__ReadThing *, told->room);
        if (before != NULL)
            memcpy(told->of, before, told->count * sizeof *before);
    }
    Rules__ReadThing *one = LQ_NEW(told->arena, Rules__ReadThing);
    rules__read_thing__init(one);
    one->kind = lq_arena_text(told->arena, kind);
    one->number = lq_arena_text(told->arena, number);
    told->of[told->count++] = one;
}

bool lq_tell(struct lq_told *told, const struct lq_thing *thing, const char *number,
             struct lq_wrote wrote)
{
    if (told->unread)
        return false;
    if (!is(wrote.actor, told->asker) && !is(wrote.on_behalf_of, told->asker) &&
        !lq_may_read(told->view, thing, number, told->asker, told->roles))
        return false;
    lq_tell_of(told, thing->kind, number);
    return true;
}

const struct lq_thing *lq_personal_thing(const struct lq_service *service, const char *kind)
{
    const struct lq_thing *thing = lq_thing_named(service, kind);
    return thing != NULL && thing->personal != NULL ? thing : NULL;
}

// ---------------------------------------------------------------- what is taken out

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessage *message, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

bool lq_says(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = field_of(message, name);
    if (field == NULL || lq_pb_count(message, field) == 0)
        return false;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return true;
    const void *value = lq_pb_value(message, field, 0);
    return field->type == PROTOBUF_C_TYPE_BYTES ? ((const ProtobufCBinaryData *)value)->len > 0
                                                : !lq_pb_is_zero(field, value);
}

void lq_withhold(struct lq_told *told, ProtobufCMessage *message, const char *name)
{
    if (!lq_says(message, name))
        return;
    const ProtobufCFieldDescriptor *field = field_of(message, name);
    void *at = (char *)message + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        memset((char *)message + field->quantifier_offset, 0, sizeof(size_t));
    else if (field->type == PROTOBUF_C_TYPE_BYTES)
        memset(at, 0, sizeof(ProtobufCBinaryData));
    else
        lq_pb_set_text(message, field, "");
    const ProtobufCFieldDescriptor *withheld = field_of(message, "withheld");
    told->withheld++;
    LQ_ASSERT(withheld != NULL); // the contract's tests hold the messages against the rows
    lq_pb_add_text(told->arena, message, withheld, field->name);
}

bool lq_is_personal(const struct lq_thing *thing, const char *field)
{
    const size_t size = strlen(field);
    for (const char *at = thing->personal; at != NULL && *at != '\0';) {
        const size_t one = strcspn(at, " ");
        if (one == size && memcmp(at, field, size) == 0)
            return true;
        at += one + (at[one] == ' ');
    }
    return false;
}

const void *lq_as_readable(struct lq_view *view, const struct lq_thing *thing, const char *number,
                           const void *row, const char *asker, uint32_t roles)
{
    struct lq_arena *arena = lq_view_arena(view);
    const char *words = thing->personal, *field;
    if (words == NULL || lq_may_read(view, thing, number, asker, roles))
        return row;
    ProtobufCMessage *copy = lq_pb_project(arena, ((const ProtobufCMessage *)row)->descriptor, row);
    while ((field = lq_step_word_next(arena, &words)) != NULL)
        lq_pb_set_text(copy, field_of(copy, field), "");
    return copy;
}

// What a message of the thing, or an event of it, says in those fields.
static void tell_fields(struct lq_told *told, const struct lq_thing *thing, const char *number,
                        ProtobufCMessage *message, struct lq_wrote wrote)
{
    bool says = false;
    const char *words = thing->personal, *field;
    while (!says && (field = lq_step_word_next(told->arena, &words)) != NULL)
        says = lq_says(message, field);
    if (!says || lq_tell(told, thing, number, wrote))
        return;
    words = thing->personal;
    while ((field = lq_step_word_next(told->arena, &words)) != NULL)
        lq_withhold(told, message, field);
}

static struct lq_wrote wrote_row(const ProtobufCMessage *row)
{
    const Rules__Entered *entered = lq_tells_entered(row->descriptor) ? lq_entered_of(row) : NULL;
    return entered != NULL ? (struct lq_wrote){entered->actor, entered->on_behalf_of}
                           : (struct lq_wrote){NULL, NULL};
}

// ---------------------------------------------------------------- what quotes a thing

// The bytes of a thing's message within another.
static void tell_quoted(struct lq_told *told, const char *kind, const char *number,
                        ProtobufCBinaryData *bytes, struct lq_wrote wrote)
{
    const struct lq_thing *thing = lq_thing_named(told->service, kind);
    const bool is_paper = strcmp(kind, LQ_PAPER_KIND) == 0;
    if (thing == NULL || bytes->len == 0 || (thing->personal == NULL && !is_paper))
        return;
    ProtobufCMessage *message = lq_unconst(lq_thing_of(told->arena, lq_thing_type(thing), bytes));
    LQ_ASSERT(message != NULL);
    if (wrote.actor == NULL)
        wrote = wrote_row(message);
    if (is_paper)
        lq_tell_paper(told, (Rules__Paper *)(void *)message, wrote);
    else
        tell_fields(told, thing, number, message, wrote);
    const struct lq_span told_bytes = lq_pb_encode(told->arena, message);
    bytes->data = lq_unconst(told_bytes.data);
    bytes->len = told_bytes.size;
}

static void tell_corrected(struct lq_told *told, Rules__Corrected *corrected, struct lq_wrote wrote)
{
    const struct lq_thing *thing = lq_personal_thing(told->service, corrected->kind);
    tell_quoted(told, corrected->kind, corrected->number, &corrected->thing, wrote);
    for (size_t i = 0; thing != NULL && i < corrected->n_changes; i++) {
        Rules__Change *change = corrected->changes[i];
        if (!lq_is_personal(thing, change->field) || lq_tell(told, thing, corrected->number, wrote))
            continue;
        lq_withhold(told, &change->base, "was");
        lq_withhold(told, &change->base, "now");
    }
}

// A file's name says what is in it.
static void tell_file(struct lq_told *told, ProtobufCMessage *file, const char *kind,
                      const char *number, struct lq_wrote wrote)
{
    const struct lq_thing *thing = lq_personal_thing(told->service, kind);
    if (thing != NULL && lq_says(file, "name") && !lq_tell(told, thing, number, wrote))
        lq_withhold(told, file, "name");
}

// What stands in messages that every service has alike.
static void tell_alike(struct lq_told *told, ProtobufCMessage *message, struct lq_wrote wrote)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    void *of = message;
    if (type == &rules__thing__descriptor) {
        Rules__Thing *thing = of;
        tell_quoted(told, thing->kind, thing->number, &thing->thing, wrote);
    } else if (type == &rules__voided_thing__descriptor) {
        Rules__VoidedThing *voided = of;
        tell_quoted(told, voided->kind, voided->number, &voided->thing, wrote);
    } else if (type == &rules__voided__descriptor) {
        Rules__Voided *voided = of;
        tell_quoted(told, voided->kind, voided->number, &voided->thing, wrote);
    } else if (type == &rules__corrected__descriptor) {
        tell_corrected(told, of, wrote);
    } else if (type == &rules__attached__descriptor) {
        const Rules__Attached *file = of;
        tell_file(told, message, file->kind, file->number, wrote);
    } else if (type == &rules__attached_file__descriptor) {
        const Rules__AttachedFile *file = of;
        tell_file(told, message, file->kind, file->number, wrote_row(message));
    } else if (type == &rules__paper_issued__descriptor) {
        lq_tell_paper_issued(told, of, wrote);
    } else if (type == &rules__paper_file__descriptor) {
        lq_tell_paper_file(told, of);
    } else if (type == &rules__paper__descriptor) {
        lq_tell_paper(told, of, wrote_row(message));
    }
}

// ---------------------------------------------------------------- answers

static const struct lq_thing *thing_of_type(const struct lq_service *service,
                                            const ProtobufCMessageDescriptor *type)
{
    for (const struct lq_thing *thing = service->things; thing != NULL && thing->kind != NULL;
         thing++)
        if (thing->personal != NULL && lq_thing_type(thing) == type)
            return thing;
    return NULL;
}

static void tell_message(struct lq_told *told, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    const struct lq_thing *thing = thing_of_type(told->service, type);
    if (thing != NULL)
        tell_fields(told, thing, lq_pb_text_at(lq_pb_value(message, &type->fields[0], 0)), message,
                    wrote_row(message));
    tell_alike(told, message, (struct lq_wrote){NULL, NULL});
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        const size_t count = lq_pb_count(message, field);
        for (size_t j = 0; j < count; j++)
            tell_message(told, lq_unconst(lq_pb_message_at(lq_pb_value(message, field, j))));
    }
}

void lq_tell_answer(struct lq_told *told, ProtobufCMessage *answer)
{
    if ((told->roles & LQ_ROLE(SERVICE)) == 0)
        tell_message(told, answer);
}

// ---------------------------------------------------------------- events

static bool may_be_personal(const struct lq_service *service, unsigned variant)
{
    const struct lq_event_row *row = lq_event_row(service, variant);
    if (row == NULL)
        return false; // a replica's
    return row->of != NULL || variant == LQ_BODY_CORRECT || variant == LQ_BODY_VOID ||
           variant == LQ_BODY_ATTACH || variant == LQ_BODY_ISSUE_PAPER;
}

struct lq_span lq_tell_event(struct lq_told *told, const ProtobufCMessage *event,
                             struct lq_span bytes, const char *actor, const char *on_behalf_of)
{
    const unsigned variant = lq_pb_variant(event);
    if ((told->roles & LQ_ROLE(SERVICE)) != 0 || !may_be_personal(told->service, variant))
        return bytes;
    const struct lq_wrote wrote = {actor, on_behalf_of};
    const uint64_t withheld_before = told->withheld;
    ProtobufCMessage *own = lq_pb_decode_own(told->arena, event->descriptor, bytes);
    ProtobufCMessage *message = lq_unconst(lq_pb_variant_message(own));
    const char *kind = lq_event_row(told->service, variant)->of;
    if (kind != NULL)
        tell_fields(told, lq_personal_thing(told->service, kind),
                    lq_pb_text_at(lq_pb_value(message, &message->descriptor->fields[0], 0)),
                    message, wrote);
    else
        tell_alike(told, message, wrote);
    return told->withheld > withheld_before ? lq_pb_encode(told->arena, own) : bytes;
}

bool lq_reading_visible(const ProtobufCMessage *event, uint32_t roles)
{
    return lq_pb_variant(event) != LQ_BODY_READING ||
           (roles & (LQ_READING_READERS | LQ_ROLE(SERVICE))) != 0;
}
