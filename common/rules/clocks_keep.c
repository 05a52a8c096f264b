// The tables of terms: the rows, those that run by when they end, and a timer for each next mark.
#include <stdlib.h>
#include <string.h>

#include "pb/pb.h"
#include "pb/reflect.h"
#include "pb/wire.h"
#include "rules/clocks_internal.h"

enum { LATEST = 0 }; // in place of which start: the term that was started last

static struct lq_key clock_key(const char *kind, const char *number, const char *rule,
                               uint32_t start)
{
    return lq_key_then_number(lq_key_then_text(lq_key_then_text(lq_key_text(kind), number), rule),
                              start);
}

static struct lq_key latest_key(const Rules__Clock *clock)
{
    return clock_key(clock->kind, clock->number, clock->rule, LATEST);
}

static struct lq_key due_key(const Rules__Clock *clock)
{
    const struct lq_key key = clock_key(clock->kind, clock->number, clock->rule, clock->start);
    struct lq_key due = lq_key_number((uint64_t)clock->due_ms);
    LQ_ASSERT(due.size + key.size <= sizeof due.bytes);
    memcpy(due.bytes + due.size, key.bytes, key.size);
    due.size = (uint8_t)(due.size + key.size);
    return due;
}

const Rules__Clock *lq_clock_find(struct lq_view *view, const char *kind, const char *number,
                                  const char *rule)
{
    return lq_find(view, &lq_clocks, clock_key(kind, number, rule, LATEST));
}

const Rules__Clock *lq_clock_of(struct lq_view *view, const char *kind, const char *number,
                                const char *rule, uint32_t start)
{
    const Rules__Clock *clock = lq_clock_find(view, kind, number, rule);
    if (clock == NULL || start == LATEST || clock->start == start)
        return clock;
    return lq_find(view, &lq_clocks, clock_key(kind, number, rule, start));
}

const Rules__Clock *lq_clock_of_id(struct lq_view *view, const Rules__ClockId *id)
{
    return lq_clock_of(view, id->kind, id->number, id->rule, id->start);
}

const Rules__Clock *lq_clock_at(const struct lq_scan *s)
{
    struct lq_key_reader reader = {.key = &s->key};
    Rules__ClockId id = RULES__CLOCK_ID__INIT;
    lq_key_read_number(&reader);
    id.kind = lq_unconst(lq_key_read_text(&reader));
    id.number = lq_unconst(lq_key_read_text(&reader));
    id.rule = lq_unconst(lq_key_read_text(&reader));
    id.start = (uint32_t)lq_key_read_number(&reader);
    const Rules__Clock *clock = lq_clock_of_id(s->view, &id);
    LQ_ASSERT(clock != NULL);
    return clock;
}

bool lq_clock_runs(const Rules__Clock *clock)
{
    return clock->stop_ms == 0 && !clock->voided;
}

// ---------------------------------------------------------------- timers

static char *put_text(char *at, const char *text)
{
    const size_t size = strlen(text);
    memcpy(at, text, size);
    return at + size;
}

// "clock/item/I0126/SZ6/1". On the way of every step that starts or ends a term: put together by
// hand.
static const char *timer_name(struct lq_arena *arena, const Rules__Clock *clock)
{
    enum { DIGITS_MOST = 10 };
    const char *const parts[] = {clock->kind, "/", clock->number, "/", clock->rule, "/"};
    size_t size = sizeof LQ_CLOCK_TIMER + DIGITS_MOST;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        size += strlen(parts[i]);
    char *name = lq_arena_alloc(arena, size), *at = put_text(name, LQ_CLOCK_TIMER);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        at = put_text(at, parts[i]);
    char digits[DIGITS_MOST];
    size_t count = 0;
    for (uint32_t left = clock->start; left > 0; left /= 10)
        digits[count++] = (char)('0' + left % 10);
    while (count > 0)
        *at++ = digits[--count];
    *at = '\0';
    return name;
}

// Numbers may have a stroke in them; kinds, rules and counts have none.
static bool read_id(struct lq_arena *arena, const char *text, Rules__ClockId *id)
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
    const char *name = timer_name(lq_view_arena(tables), clock);
    const Rules__Mark *next = lq_clock_runs(clock) ? lq_clock_next_mark(clock) : NULL;
    if (next != NULL)
        lq_timer_set(tables, name, next->at_ms);
    else
        lq_timer_clear(tables, name);
}

void lq_clock_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    Rules__ClockId id = RULES__CLOCK_ID__INIT;
    const bool is_read = read_id(f->arena, name, &id);
    LQ_ASSERT(is_read);
    lq_command_self(f, due_ms, LQ_BODY_RING_CLOCK, &id.base);
}

// ---------------------------------------------------------------- keeping

static void keep_index(struct lq_view *tables, const Rules__Clock *before,
                       const Rules__Clock *clock)
{
    static const Rules__ClockId all_in_the_key = RULES__CLOCK_ID__INIT;
    const bool was = before != NULL && lq_clock_runs(before), is = lq_clock_runs(clock);
    if (was && is && before->due_ms == clock->due_ms)
        return;
    if (was)
        lq_erase(tables, &lq_clocks_due, due_key(before));
    if (is)
        lq_save(tables, &lq_clocks_due, due_key(clock), &all_in_the_key.base);
}

// The term that was started last has a key that is known without it; one before it moves to the
// number of its own start, and a row that is changed there stays there.
static void keep_bytes(struct lq_view *tables, const Rules__Clock *clock, struct lq_span bytes)
{
    struct lq_key key = latest_key(clock);
    const Rules__Clock *before = lq_find(tables, &lq_clocks, key);
    if (before != NULL && before->start != clock->start) {
        const struct lq_key own = clock_key(clock->kind, clock->number, clock->rule, before->start);
        if (before->start < clock->start)
            lq_save(tables, &lq_clocks, own, &before->base);
        else
            key = clock_key(clock->kind, clock->number, clock->rule, clock->start);
        before = before->start < clock->start ? NULL : lq_find(tables, &lq_clocks, key);
    }
    keep_index(tables, before, clock);
    lq_save_bytes(tables, &lq_clocks, key, &clock->base, bytes);
    set_timer(tables, clock);
}

void lq_clock_keep(struct lq_view *tables, const Rules__Clock *clock)
{
    keep_bytes(tables, clock, lq_pb_encode(lq_view_arena(tables), &clock->base));
}

// A term stands in the event as it stands in its row.
void lq_clocks_keep(struct lq_view *tables, const ProtobufCMessage *event, struct lq_span bytes)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(event->descriptor, LQ_EVENT_CLOCKS);
    if (field == NULL)
        return;
    const size_t count = lq_pb_count(event, field);
    struct lq_pb_wire wire = lq_pb_wire(bytes);
    struct lq_pb_field member;
    for (size_t i = 0; i < count && lq_pb_next_field(&wire, &member);)
        if (member.tag.number == LQ_EVENT_CLOCKS)
            keep_bytes(tables, (const void *)lq_pb_message_at(lq_pb_value(event, field, i++)),
                       member.bytes);
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
