// What `decide`, `react` and `due` hand back to the runtime.
#include "service/decision.h"

#include <string.h>

#include "pb/pb.h"

struct lq_verdict lq_reject(struct lq_decision *d, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = lq_arena_vformat(d->arena, format, arguments);
    va_end(arguments);
    LQ_ASSERT(code > 0);
    return (struct lq_verdict){.code = code, .text = text};
}

void lq_emit_at(struct lq_decision *d, int64_t occurred_ms, const ProtobufCMessage *event)
{
    struct lq_emitted *emitted = d->emitted;
    const struct lq_span bytes = lq_pb_encode(d->arena, event);
    LQ_ASSERT(emitted->count < LQ_EVENTS_PER_COMMAND && bytes.size <= LQ_EVENT_BYTES);
    emitted->events[emitted->count++] =
        (struct lq_emitted_event){.occurred_ms = occurred_ms, .bytes = bytes};
}

void lq_emit(struct lq_decision *d, const ProtobufCMessage *event)
{
    lq_emit_at(d, d->facts->occurred_ms, event);
}

void lq_number(struct lq_decision *d, const char *number)
{
    d->emitted->number = lq_arena_text(d->arena, number);
}

void lq_command_self(struct lq_follow_up *f, int64_t occurred_ms, const ProtobufCMessage *command)
{
    struct lq_orders *orders = f->orders;
    LQ_ASSERT(orders->count < LQ_COMMANDS_PER_CAUSE);
    orders->commands[orders->count++] = (struct lq_self_command){
        .occurred_ms = occurred_ms, .bytes = lq_pb_encode(f->arena, command)};
}

// A message whose one oneof has the member of that name set.
static const ProtobufCMessage *wrap(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                    const char *member, const ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, member);
    LQ_ASSERT(field != NULL && field->descriptor == message->descriptor);
    ProtobufCMessage *outer = lq_arena_alloc(arena, type->sizeof_message);
    protobuf_c_message_init(type, outer);
    memcpy((char *)outer + field->quantifier_offset, &field->id, sizeof field->id);
    memcpy((char *)outer + field->offset, &message, sizeof message);
    return outer;
}

void lq_note_self(struct lq_follow_up *f, int64_t occurred_ms, const char *member,
                  const ProtobufCMessage *message)
{
    lq_command_self(f, occurred_ms, wrap(f->arena, f->command_type, member, message));
}

struct lq_verdict lq_take_note(struct lq_decision *d, int code, const char *key, const char *member,
                               const ProtobufCMessage *message)
{
    if (key[0] == '\0' || strlen(key) > LQ_PB_IDENTIFIER_BYTES)
        return lq_reject(d, code, "%s: what is noted needs a number of 1 to %d bytes", member,
                         LQ_PB_IDENTIFIER_BYTES);
    lq_emit(d, wrap(d->arena, d->event_type, member, message));
    return LQ_ACCEPT;
}
