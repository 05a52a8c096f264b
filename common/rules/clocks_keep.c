// The tables of terms: the rows, those that run by when they end, and a timer for each next mark.
#include <stdlib.h>
#include <string.h>

#include "pb/reflect.h"
#include "rules/clocks_internal.h"

struct lq_key lq_clock_key(const char *kind, const char *number, const char *rule, uint32_t start)
{
    return lq_key_then_number(lq_key_then_text(lq_key_then_text(lq_key_text(kind), number), rule),
                              start);
}

static struct lq_key key_of(const Rules__Clock *clock)
{
    return lq_clock_key(clock->kind, clock->number, clock->rule, clock->start);
}

static struct lq_key due_key(const Rules__Clock *clock)
{
    const struct lq_key key = key_of(clock);
    struct lq_key due = lq_key_number((uint64_t)clock->due_ms);
    LQ_ASSERT(due.size + key.size <= sizeof due.bytes);
    memcpy(due.bytes + due.size, key.bytes, key.size);
    due.size = (uint8_t)(due.size + key.size);
    return due;
}

const Rules__Clock *lq_clock_of_id(struct lq_view *view, const Rules__ClockId *id)
{
    const Rules__Clock *clock =
        lq_find(view, &lq_clocks, lq_clock_key(id->kind, id->number, id->rule, id->start));
    LQ_ASSERT(clock != NULL);
    return clock;
}

const Rules__Clock *lq_clock_find(struct lq_view *view, const char *kind, const char *number,
                                  const char *rule)
{
    const struct lq_key prefix =
        lq_key_then_text(lq_key_then_text(lq_key_text(kind), number), rule);
    struct lq_scan s = lq_scan_backwards(view, &lq_clocks, prefix);
    return lq_scan_next(&s) ? s.row : NULL;
}

bool lq_clock_runs(const Rules__Clock *clock)
{
    return clock->stop_ms == 0 && !clock->voided;
}

// ---------------------------------------------------------------- timers

const char *lq_clock_id_text(struct lq_arena *arena, const Rules__Clock *clock)
{
    return lq_arena_format(arena, "%s/%s/%s/%u", clock->kind, clock->number, clock->rule,
                           clock->start);
}

// Numbers may have a stroke in them; kinds, rules and counts have none.
bool lq_clock_id_read(struct lq_arena *arena, const char *text, Rules__ClockId *id)
{
    char *copy = lq_arena_text(arena, text);
    char *start = strrchr(copy, '/');
    if (start == NULL)
        return false;
    *start++ = '\0';
    char *rule = strrchr(copy, '/');
    char *number = strchr(copy, '/');
    if (rule == NULL || number == rule)
        return false;
    *rule++ = '\0';
    *number++ = '\0';
    uint64_t count = 0;
    for (const char *c = start; *c >= '0' && *c <= '9' && count < UINT32_MAX; c++)
        count = count * 10 + (uint64_t)(*c - '0');
    id->kind = copy;
    id->number = number;
    id->rule = rule;
    id->start = (uint32_t)count;
    return true;
}

static void set_timer(struct lq_view *tables, const Rules__Clock *clock)
{
    struct lq_arena *arena = lq_view_arena(tables);
    const char *name = lq_arena_format(arena, LQ_CLOCK_TIMER "%s", lq_clock_id_text(arena, clock));
    const Rules__Mark *next = lq_clock_runs(clock) ? lq_clock_next_mark(clock) : NULL;
    if (next != NULL)
        lq_timer_set(tables, name, next->at_ms);
    else
        lq_timer_clear(tables, name);
}

void lq_clock_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    Rules__ClockId id = RULES__CLOCK_ID__INIT;
    const bool is_read = lq_clock_id_read(f->arena, name, &id);
    LQ_ASSERT(is_read);
    lq_command_self(f, due_ms, LQ_BODY_RING_CLOCK, &id.base);
}

// ---------------------------------------------------------------- keeping

void lq_clock_keep(struct lq_view *tables, const Rules__Clock *clock)
{
    const struct lq_key key = key_of(clock);
    const Rules__Clock *before = lq_find(tables, &lq_clocks, key);
    if (before != NULL && lq_clock_runs(before) &&
        (!lq_clock_runs(clock) || before->due_ms != clock->due_ms))
        lq_erase(tables, &lq_clocks_due, due_key(before));
    if (lq_clock_runs(clock)) {
        Rules__ClockId id = RULES__CLOCK_ID__INIT;
        id.kind = clock->kind;
        id.number = clock->number;
        id.rule = clock->rule;
        id.start = clock->start;
        lq_save(tables, &lq_clocks_due, due_key(clock), &id.base);
    }
    lq_save(tables, &lq_clocks, key, &clock->base);
    set_timer(tables, clock);
}

void lq_clocks_keep(struct lq_view *tables, const ProtobufCMessage *event)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(event->descriptor, LQ_EVENT_CLOCKS);
    if (field == NULL)
        return;
    const size_t count = lq_pb_count(event, field);
    for (size_t i = 0; i < count; i++)
        lq_clock_keep(tables, (const void *)lq_pb_message_at(lq_pb_value(event, field, i)));
}

void lq_clocks_void(struct lq_view *tables, const char *kind, const char *number)
{
    struct lq_scan s = lq_scan(tables, &lq_clocks, lq_key_then_text(lq_key_text(kind), number));
    while (lq_scan_next(&s)) {
        Rules__Clock clock = *(const Rules__Clock *)s.row;
        if (clock.voided)
            continue;
        clock.voided = true;
        lq_clock_keep(tables, &clock);
    }
}

// ---------------------------------------------------------------- what always holds

static void check_row(struct lq_view *view, const Rules__Clock *clock)
{
    const bool counted = clock->not_counted == RULES__NOT_COUNTED__COUNTED;
    LQ_ASSERT(counted == (clock->due_ms != 0));
    LQ_ASSERT(counted || clock->n_marks == 0);
    LQ_ASSERT(!counted || clock->arguable_due_ms == 0 || clock->arguable_due_ms >= clock->due_ms);
    LQ_ASSERT(lq_exists(view, &lq_clocks_due, due_key(clock)) == lq_clock_runs(clock));
    for (size_t i = 0; i < clock->n_marks; i++)
        LQ_ASSERT(clock->marks[i]->at_ms > 0);
}

void lq_clocks_check(struct lq_view *view)
{
    uint64_t running = 0;
    for (struct lq_scan s = lq_scan(view, &lq_clocks, lq_key_none()); lq_scan_next(&s);) {
        check_row(view, s.row);
        running += lq_clock_runs(s.row);
    }
    LQ_ASSERT(lq_count(view, &lq_clocks_due) == running);
}
