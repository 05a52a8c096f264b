#include "rules/correct.h"

#include <string.h>

#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "pb/value.h"
#include "rules/attach.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/reading.h"
#include "rules/take_step.h"
#include "service/need.h"
#include "service/trail.h"
#include "service/voided.h"

// ---------------------------------------------------------------- who, and which thing

// What counts in a week whose bulletin is out is a commander's.
static struct lq_verdict need_right(struct lq_decision *d, const struct lq_thing *thing,
                                    const char *number, const void *row)
{
    const Rules__BulletinNote *out =
        row != NULL ? lq_bulletin_of(d->view, thing, number, row) : NULL;
    if (lq_is_theirs(d, out != NULL ? LQ_ROLE(COMMANDER) : thing->who, thing->behalf))
        return LQ_ACCEPT;
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (out != NULL)
        return lq_reject(d, LQ_COMMON(BULLETIN_OUT),
                         "%-s %s counts in the week from %s to %s, whose bulletin %s is signed: "
                         "only a commander corrects or voids it now, and %s is none",
                         thing->kind, number, lq_format_day(out->from_day, from),
                         lq_format_day(out->to_day, to), out->number, d->facts->principal);
    return lq_reject(d, LQ_COMMON(NOT_THEIRS),
                     "%s may not record a %-s, and so may not correct or void one: %-s may",
                     d->facts->principal, thing->kind, lq_roles_text(d->arena, thing->who));
}

static struct lq_verdict need_thing(struct lq_decision *d, const char *kind, const char *number,
                                    const struct lq_thing **thing, const void **found)
{
    *thing = lq_thing_named(d->service, kind);
    if (*thing == NULL)
        return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "%s records no %s, only: %-s",
                         d->service->name, kind, lq_thing_kinds(d->arena, d->service));
    LQ_TRY(need_right(d, *thing, number, lq_thing_find(d->view, *thing, number)));
    if (d->facts->reason[0] == '\0')
        return lq_reject(d, LQ_COMMON(REASON_REQUIRED), "to correct or void %-s %s needs a reason",
                         kind, number);
    return lq_need_thing(d, *thing, number, found);
}

// ---------------------------------------------------------------- correcting

// "premises, due_day, finding"
static const char *fields_of(struct lq_arena *arena, const struct lq_thing *thing)
{
    const char *fields = "";
    for (const char *at = thing->fields; *at != '\0';) {
        const size_t size = strcspn(at, " ");
        fields =
            lq_arena_format(arena, "%s%s%.*s", fields, *fields != '\0' ? ", " : "", (int)size, at);
        at += size + (at[size] == ' ');
    }
    return fields;
}

// A value as people read it: an instant or a day as such.
static const char *shown(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                         const ProtobufCFieldDescriptor *field, const char *text)
{
    ProtobufCMessage *message = lq_pb_new(arena, type);
    char time[LQ_TIME_TEXT];
    if (!lq_pb_set_value(message, field, text) ||
        lq_pb_time(field, lq_pb_value(message, field, 0), time) == NULL)
        return text;
    return lq_arena_text(arena, time);
}

// What has happened has an instant, and it is not to come; a term may be.
static bool is_plausible(struct lq_decision *d, const ProtobufCMessage *message,
                         const ProtobufCFieldDescriptor *field)
{
    const void *value = lq_pb_value(message, field, 0);
    if (field->type != PROTOBUF_C_TYPE_INT64 || !lq_ends_with(field->name, "at_ms"))
        return true;
    const int64_t at_ms = lq_pb_integer_at(field->type, value);
    return at_ms > 0 && at_ms <= d->facts->now_ms;
}

// An instant is shown to the second or the minute: as exactly as it was typed it must be that one.
static bool is_present(struct lq_arena *arena, const ProtobufCMessage *message,
                       const ProtobufCFieldDescriptor *field, const char *present, const char *was)
{
    enum { SECOND_MS = 1000, MINUTE_MS = 60000 };
    char time[LQ_TIME_TEXT];
    ProtobufCMessage *typed = lq_pb_new(arena, message->descriptor);
    if (strcmp(present, was) == 0)
        return true;
    if (field->type != PROTOBUF_C_TYPE_INT64 || !lq_pb_set_value(typed, field, was) ||
        lq_pb_time(field, lq_pb_value(typed, field, 0), time) == NULL)
        return false;
    const int64_t was_ms = lq_pb_integer_at(field->type, lq_pb_value(typed, field, 0));
    const int64_t now_ms = lq_pb_integer_at(field->type, lq_pb_value(message, field, 0));
    return now_ms - was_ms >= 0 && ((was_ms % MINUTE_MS == 0 && now_ms - was_ms < MINUTE_MS) ||
                                    (was_ms % SECOND_MS == 0 && now_ms - was_ms < SECOND_MS));
}

static struct lq_verdict change(struct lq_decision *d, const struct lq_thing *thing,
                                const char *number, const Rules__Change *one,
                                ProtobufCMessage *after)
{
    if (!lq_thing_corrects(thing, one->field))
        return lq_reject(d, LQ_COMMON(NOT_CORRECTABLE),
                         "%-s is nothing that can be corrected in a %-s, only: %-s", one->field,
                         thing->kind, fields_of(d->arena, thing));
    const ProtobufCMessageDescriptor *type = after->descriptor;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, one->field);
    LQ_ASSERT(field != NULL); // the contract's tests hold the rows against the messages
    const char *present = lq_pb_value_text(d->arena, after, field);
    const bool is_personal = lq_is_personal(thing, one->field);
    if (is_personal && !lq_may_read(d->view, thing, number, d->facts->actor, d->facts->roles))
        return lq_reject(d, LQ_COMMON(NOT_THEIRS),
                         "%s may not read the %-s of %-s %s, and so may not correct it",
                         d->facts->actor, one->field, thing->kind, number);
    const bool is_it = is_present(d->arena, after, field, present, one->was);
    if (is_personal && !is_it) // a rejection tells nobody's name
        return lq_reject(d, LQ_COMMON(CHANGED_SINCE), "%-s of %-s %s is another than that",
                         one->field, thing->kind, number);
    if (!is_it)
        return lq_reject(d, LQ_COMMON(CHANGED_SINCE), "%-s of %-s %s is \"%-s\", not \"%-s\"",
                         one->field, thing->kind, number, shown(d->arena, type, field, present),
                         shown(d->arena, type, field, one->was));
    if (strcmp(present, one->now) == 0)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%-s of %-s %s is \"%-s\" already", one->field,
                         thing->kind, number, shown(d->arena, type, field, present));
    if (!lq_pb_set_value(after, field, one->now) || !is_plausible(d, after, field))
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%-s of a %-s cannot be \"%-s\"", one->field,
                         thing->kind, shown(d->arena, type, field, one->now));
    return LQ_ACCEPT;
}

// All fields in which the two differ, those too that follow from what was asked for.
static void set_changes(struct lq_arena *arena, Rules__Corrected *corrected,
                        const ProtobufCMessage *before, const ProtobufCMessage *after)
{
    const ProtobufCMessageDescriptor *type = before->descriptor;
    corrected->changes = LQ_NEW_ARRAY(arena, Rules__Change *, type->n_fields);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (!lq_pb_has_text(field))
            continue;
        const char *was = lq_pb_value_text(arena, before, field);
        const char *now = lq_pb_value_text(arena, after, field);
        if (strcmp(was, now) == 0)
            continue;
        Rules__Change *one = LQ_NEW(arena, Rules__Change);
        rules__change__init(one);
        one->field = lq_unconst(field->name);
        one->was = lq_unconst(was);
        one->now = lq_unconst(now);
        corrected->changes[corrected->n_changes++] = one;
    }
}

static ProtobufCMessage *copy_of(struct lq_arena *arena, const void *message)
{
    return lq_pb_project(arena, ((const ProtobufCMessage *)message)->descriptor, message);
}

static ProtobufCBinaryData bytes_of(struct lq_arena *arena, const void *message)
{
    const struct lq_span bytes = lq_pb_encode(arena, message);
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

struct lq_verdict lq_correct(struct lq_decision *d, const void *command)
{
    const Rules__Correct *c = command;
    const struct lq_thing *thing;
    const void *before;
    LQ_TRY(need_thing(d, c->kind, c->number, &thing, &before));
    if (c->n_changes == 0)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "what of %-s %s is to be corrected? %-s",
                         c->kind, c->number, fields_of(d->arena, thing));
    ProtobufCMessage *after = copy_of(d->arena, before);
    for (size_t i = 0; i < c->n_changes; i++)
        LQ_TRY(change(d, thing, c->number, c->changes[i], after));
    if (thing->check != NULL)
        LQ_TRY(thing->check(d, c->number, before, after));
    if (lq_bulletin_of(d->view, thing, c->number, after) != NULL)
        LQ_TRY(need_right(d, thing, c->number, after)); // nor is it moved into such a week

    Rules__Corrected corrected = RULES__CORRECTED__INIT;
    corrected.kind = c->kind;
    corrected.number = c->number;
    set_changes(d->arena, &corrected, before, after);
    corrected.thing = bytes_of(d->arena, lq_without_entered(d->arena, after));
    lq_emit(d, LQ_BODY_CORRECT, &corrected.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

void lq_corrected(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__Corrected *corrected = event;
    const struct lq_thing *thing = lq_thing_named(what->service, corrected->kind);
    LQ_ASSERT(thing != NULL);
    const void *before = lq_thing_find(tables, thing, corrected->number);
    LQ_ASSERT(before != NULL);
    ProtobufCMessage *after = copy_of(lq_view_arena(tables), before);
    for (size_t i = 0; i < corrected->n_changes; i++) {
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(
            after->descriptor, corrected->changes[i]->field);
        LQ_ASSERT(field != NULL);
        const bool is_set = lq_pb_set_value(after, field, corrected->changes[i]->now);
        LQ_ASSERT(is_set);
    }
    lq_thing_save(tables, thing, corrected->number, before, after);
}

// ---------------------------------------------------------------- voiding

struct lq_verdict lq_void(struct lq_decision *d, const void *command)
{
    const Rules__VoidRecord *c = command;
    const struct lq_thing *thing;
    const void *found;
    LQ_TRY(need_thing(d, c->kind, c->number, &thing, &found));
    if (thing->never_void)
        return lq_reject(d, LQ_COMMON(NOT_CORRECTABLE), "a %-s can be corrected, and not be voided",
                         thing->kind);
    if (thing->check_void != NULL)
        LQ_TRY(thing->check_void(d, c->number, found));
    Rules__Voided voided = RULES__VOIDED__INIT;
    voided.kind = c->kind;
    voided.number = c->number;
    voided.thing = bytes_of(d->arena, lq_without_entered(d->arena, found));
    lq_emit(d, LQ_BODY_VOID, &voided.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

void lq_voided_thing(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__Voided *voided = event;
    const struct lq_thing *thing = lq_thing_named(what->service, voided->kind);
    LQ_ASSERT(thing != NULL);
    const void *before = lq_thing_find(tables, thing, voided->number);
    LQ_ASSERT(before != NULL);
    Rules__VoidedThing row = RULES__VOIDED_THING__INIT;
    row.kind = voided->kind;
    row.number = voided->number;
    row.thing = bytes_of(lq_view_arena(tables), before);
    row.by = lq_unconst(what->actor);
    row.on_behalf_of = lq_unconst(what->on_behalf_of);
    row.reason = lq_unconst(what->reason);
    row.at_ms = what->occurred_ms;
    lq_voided_save(tables, thing->table, &row);
    lq_thing_save(tables, thing, voided->number, before, NULL);
    if (lq_has_clocks(what->service))
        lq_clocks_void(tables, voided->kind, voided->number);
}

// ---------------------------------------------------------------- asking

static void list_fields(struct lq_reading *r, const struct lq_thing *thing, Rules__Thing *answer)
{
    answer->correctable = LQ_NEW_ARRAY(r->arena, char *, strlen(thing->fields) / 2 + 1);
    for (const char *at = thing->fields; *at != '\0';) {
        const size_t size = strcspn(at, " ");
        answer->correctable[answer->n_correctable++] =
            lq_arena_format(r->arena, "%.*s", (int)size, at);
        at += size + (at[size] == ' ');
    }
}

void lq_show_thing(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__ShowThing *q = query;
    Rules__Thing *told = answer;
    const struct lq_thing *thing = lq_thing_named(r->service, q->kind);
    if (thing == NULL || (thing->readers != 0 && (r->roles & thing->readers) == 0))
        return;
    const void *found = lq_thing_find(r->view, thing, q->number);
    told->kind = q->kind;
    told->number = q->number;
    list_fields(r, thing, told);
    if (found != NULL && thing->steps != NULL)
        lq_next(r, thing->steps, lq_thing_state(thing, found), q->number, found);
    if (found != NULL && lq_has_files(r->service))
        told->files = lq_files_of(r, q->kind, q->number, &told->n_files);
    if (found != NULL)
        told->thing = bytes_of(r->arena, found);
    else
        told->voided = lq_unconst(lq_voided_find(r->view, thing->table, q->number));
}

// ---------------------------------------------------------------- following

const void *lq_thing_of(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                        const ProtobufCBinaryData *bytes)
{
    const char *why = NULL;
    return lq_pb_decode_within(&LQ_PB_RECORD, arena, type, lq_span(bytes->data, bytes->len), &why);
}

const void *lq_corrected_thing(struct lq_arena *arena, const Rules__Corrected *event,
                               const char *kind, const ProtobufCMessageDescriptor *type)
{
    return strcmp(event->kind, kind) == 0 ? lq_thing_of(arena, type, &event->thing) : NULL;
}

const void *lq_voided_of(struct lq_arena *arena, const Rules__Voided *event, const char *kind,
                         const ProtobufCMessageDescriptor *type)
{
    return strcmp(event->kind, kind) == 0 ? lq_thing_of(arena, type, &event->thing) : NULL;
}
