// What `decide`, `react` and `due` hand back to the runtime.
#include "service/decision.h"

#include <string.h>

#include "pb/pb.h"

struct lq_verdict lq_vreject(struct lq_arena *arena, int code, const char *format,
                             va_list arguments)
{
    struct lq_message *why = LQ_NEW(arena, struct lq_message);
    LQ_ASSERT(code > 0);
    lq_message_take(why, lq_arena_room, arena, format, arguments);
    return (struct lq_verdict){.code = code, .why = why};
}

struct lq_verdict lq_reject(struct lq_decision *d, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const struct lq_verdict verdict = lq_vreject(d->arena, code, format, arguments);
    va_end(arguments);
    return verdict;
}

// The terms of the decision so far become part of this event.
static void add_clocks(struct lq_decision *d, ProtobufCMessage *event)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(event->descriptor, LQ_EVENT_CLOCKS);
    LQ_ASSERT(field != NULL && field->label == PROTOBUF_C_LABEL_REPEATED);
    const size_t count = d->clock_count;
    const ProtobufCMessage **clocks = LQ_NEW_ARRAY(d->arena, const ProtobufCMessage *, count);
    memcpy(clocks, d->clocks, count * sizeof *clocks);
    memcpy((char *)event + field->quantifier_offset, &count, sizeof count);
    memcpy((char *)event + field->offset, &clocks, sizeof clocks);
    d->clock_count = 0;
}

void lq_emit_at(struct lq_decision *d, int64_t occurred_ms, unsigned variant,
                const ProtobufCMessage *message)
{
    struct lq_emitted *emitted = d->emitted;
    ProtobufCMessage *event = lq_pb_variant_of(d->arena, d->service->event_type, variant, message);
    if (d->clock_count > 0)
        add_clocks(d, event);
    const struct lq_span bytes = lq_pb_encode(d->arena, event);
    LQ_ASSERT(emitted->count < LQ_EVENTS_PER_COMMAND && bytes.size <= LQ_EVENT_BYTES);
    emitted->events[emitted->count++] =
        (struct lq_emitted_event){.occurred_ms = occurred_ms, .bytes = bytes};
}

void lq_emit(struct lq_decision *d, unsigned variant, const ProtobufCMessage *message)
{
    lq_emit_at(d, d->facts->occurred_ms, variant, message);
}

void lq_number(struct lq_decision *d, const char *number)
{
    d->emitted->number = lq_arena_text(d->arena, number);
}

void lq_command_self(struct lq_follow_up *f, int64_t occurred_ms, unsigned variant,
                     const ProtobufCMessage *message)
{
    struct lq_orders *orders = f->orders;
    LQ_ASSERT(orders->count < LQ_COMMANDS_PER_CAUSE);
    const ProtobufCMessage *command = lq_pb_variant_of(f->arena, f->command_type, variant, message);
    orders->commands[orders->count++] = (struct lq_self_command){
        .occurred_ms = occurred_ms, .bytes = lq_pb_encode(f->arena, command)};
}
