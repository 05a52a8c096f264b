// Starting, ending, extending and pausing terms in `decide`.
#include "rules/clocks.h"

#include <string.h>

#include "config/policy.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules/clocks_internal.h"
#include "rules/things.h"
#include "service/need.h"
#include "service/trail.h"

// ---------------------------------------------------------------- the terms of this decision

static bool is_same(const Rules__Clock *clock, const char *kind, const char *number,
                    const char *rule)
{
    return strcmp(clock->kind, kind) == 0 && strcmp(clock->number, number) == 0 &&
           strcmp(clock->rule, rule) == 0;
}

const Rules__Clock *lq_clock_now(struct lq_decision *d, const char *kind, const char *number,
                                 const char *rule)
{
    for (unsigned i = d->clock_count; i-- > 0;) {
        const Rules__Clock *clock = (const void *)d->clocks[i];
        if (is_same(clock, kind, number, rule))
            return clock;
    }
    return lq_clock_find(d->view, kind, number, rule);
}

static void add(struct lq_decision *d, const Rules__Clock *clock)
{
    LQ_ASSERT(d->clock_count < LQ_CLOCKS_PER_EVENT);
    d->clocks[d->clock_count++] = &clock->base;
}

// A copy that is changed and goes with the next event, in place of the one that goes already.
Rules__Clock *lq_clock_change(struct lq_decision *d, const Rules__Clock *clock)
{
    for (unsigned i = 0; i < d->clock_count; i++)
        if (d->clocks[i] == &clock->base)
            return lq_unconst(clock);
    Rules__Clock *copy = LQ_NEW(d->arena, Rules__Clock);
    *copy = *clock;
    copy->marks = LQ_NEW_ARRAY(d->arena, Rules__Mark *, clock->n_marks);
    for (size_t i = 0; i < clock->n_marks; i++) {
        copy->marks[i] = LQ_NEW(d->arena, Rules__Mark);
        *copy->marks[i] = *clock->marks[i];
    }
    add(d, copy);
    return copy;
}

// ---------------------------------------------------------------- starting and ending

// What has ended tells of itself no more: the marks that have rung say who was told.
static void drop_marks(Rules__Clock *clock)
{
    size_t count = 0;
    for (size_t i = 0; i < clock->n_marks; i++)
        if (clock->marks[i]->rung)
            clock->marks[count++] = clock->marks[i];
    clock->n_marks = count;
}

bool lq_is_from_paper(const struct lq_facts *f)
{
    return (f->roles & LQ_ROLE(CLERK)) != 0 &&
           f->now_ms - f->occurred_ms > f->policy->live_window_ms;
}

static bool runs_for_paper(const struct lq_policy *policy, const char *rule)
{
    for (size_t i = 0; i < policy->paper_clock_count; i++)
        if (strcmp(policy->paper_clocks[i], rule) == 0)
            return true;
    return false;
}

// Where the fact names its end, or what it ends before; 0: it is counted from its start.
static int64_t set_due(const struct lq_decision *d, const char *rule, const char *variant,
                       const struct lq_clock_start *start)
{
    if (start->before_ms == 0)
        return start->due_ms;
    const struct lq_clock *of = lq_clock_rule(d->facts, rule, variant, start->start_ms);
    const int64_t due_ms = start->before_ms - (of != NULL ? lq_clock_fixed_ms(of) : 0);
    return due_ms > start->start_ms ? due_ms : start->start_ms;
}

// What no terminal can name nobody could take.
static bool is_kind(const struct lq_service *service, const char *kind)
{
    const char *const *one = service->clock_kinds;
    while (one != NULL && *one != NULL && strcmp(*one, kind) != 0)
        one++;
    return (one != NULL && *one != NULL) || lq_thing_named(service, kind) != NULL;
}

void lq_clock_start(struct lq_decision *d, const struct lq_clock_start *start)
{
    LQ_ASSERT(is_kind(d->service, start->kind));
    const bool paper = start->from_paper || lq_is_from_paper(d->facts);
    if (paper && lq_clock_is_county(start->rule))
        return;
    const Rules__Clock *before = lq_clock_now(d, start->kind, start->number, start->rule);
    if (before != NULL && lq_clock_runs(before) &&
        before->not_counted == RULES__NOT_COUNTED__COUNTED)
        return;
    Rules__Clock *clock = LQ_NEW(d->arena, Rules__Clock);
    rules__clock__init(clock);
    clock->kind = lq_unconst(start->kind);
    clock->number = lq_unconst(start->number);
    clock->rule = lq_unconst(start->rule);
    clock->start = before != NULL ? before->start + 1 : 1;
    clock->variant = lq_unconst(start->variant != NULL ? start->variant : "");
    clock->start_ms = start->start_ms;
    clock->arguable_start_ms = start->arguable_start_ms;
    clock->length = start->length;
    clock->set_due_ms = set_due(d, clock->rule, clock->variant, start);
    clock->owner = lq_arena_text(d->arena, start->owner);
    if (paper && !runs_for_paper(d->facts->policy, start->rule)) {
        clock->revision = lq_unconst(lq_law_revision(d->facts->law));
        clock->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
    } else {
        lq_clock_count(d->facts, d->arena, clock, paper);
    }
    add(d, clock);
}

// The latest that was not taken back.
static const Rules__Clock *latest_valid(struct lq_decision *d, const char *kind, const char *number,
                                        const char *rule)
{
    const Rules__Clock *clock = lq_clock_now(d, kind, number, rule);
    if (clock == NULL || !clock->voided)
        return clock;
    for (uint32_t start = clock->start; start-- > 1;) {
        const Rules__Clock *before = lq_clock_of(d->view, kind, number, rule, start);
        if (before != NULL && !before->voided)
            return before;
    }
    return NULL;
}

bool lq_clock_stop(struct lq_decision *d, const char *kind, const char *number, const char *rule,
                   int64_t at_ms)
{
    const Rules__Clock *clock = latest_valid(d, kind, number, rule);
    if (clock == NULL || !lq_clock_runs(clock))
        return false;
    Rules__Clock *changed = lq_clock_change(d, clock);
    changed->stop_ms = at_ms;
    drop_marks(changed);
    return true;
}

void lq_clock_recount(struct lq_decision *d, Rules__Clock *clock)
{
    if (clock->not_counted != RULES__NOT_COUNTED__FROM_PAPER)
        lq_clock_count(d->facts, d->arena, clock, lq_is_from_paper(d->facts));
}

void lq_clock_restart(struct lq_decision *d, const Rules__Clock *clock,
                      const struct lq_clock_start *now)
{
    Rules__Clock *changed = lq_clock_change(d, clock);
    changed->start_ms = now->start_ms;
    changed->arguable_start_ms = now->arguable_start_ms;
    changed->stop_ms = now->stop_ms;
    changed->due_ms = 0; // so that its marks are set
    if (now->variant != NULL)
        changed->variant = lq_unconst(now->variant);
    if (now->due_ms != 0 || now->before_ms != 0)
        changed->set_due_ms = set_due(d, changed->rule, changed->variant, now);
    if (now->length != 0)
        changed->length = now->length;
    lq_clock_recount(d, changed);
    if (changed->stop_ms != 0)
        drop_marks(changed);
}

void lq_clock_void(struct lq_decision *d, const Rules__Clock *clock)
{
    lq_clock_change(d, clock)->voided = true;
}

// ---------------------------------------------------------------- marks, promises, pauses

struct lq_verdict lq_ring_clock(struct lq_decision *d, const void *command)
{
    const Rules__ClockId *c = command;
    const Rules__Clock *clock = lq_clock_of_id(d->view, c);
    const Rules__Mark *next = clock != NULL ? lq_clock_next_mark(clock) : NULL;
    if (next == NULL || !lq_clock_runs(clock) || d->facts->occurred_ms < next->at_ms)
        return lq_reject(d, LQ_COMMON(NOT_DUE), "no mark of the term %s of %-s %s is due", c->rule,
                         c->kind, c->number);
    Rules__Clock *changed = lq_clock_change(d, clock);
    Rules__Mark *mark = lq_clock_next_mark(changed);
    mark->rung = true;

    Rules__ClockRang rang = RULES__CLOCK_RANG__INIT;
    rang.kind = changed->kind;
    rang.number = changed->number;
    rang.rule = changed->rule;
    rang.start = changed->start;
    rang.due_ms = changed->due_ms;
    rang.offset_ms = mark->offset_ms;
    rang.to = mark->to;
    rang.n_to = mark->n_to;
    rang.owner = changed->owner;
    if (d->service->clock_people != NULL)
        d->service->clock_people(d, changed, &rang);
    mark->to = rang.to; // others than the mark says, where nobody of those can be told
    mark->n_to = rang.n_to;
    mark->badges = rang.badges;
    mark->n_badges = rang.n_badges;
    lq_emit(d, LQ_BODY_RING_CLOCK, &rang.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

// Whatever has a term does: three texts that end with a zero byte, and which start.
static bool fits_key(const char *kind, const char *number, const char *rule)
{
    const size_t size = strlen(kind) + 1 + strlen(number) + 1 + strlen(rule) + 1 + 8;
    return size <= sizeof(((struct lq_key *)NULL)->bytes);
}

struct lq_verdict lq_clock_need_running(struct lq_decision *d, const char *kind, const char *number,
                                        const char *rule, const Rules__Clock **clock)
{
    LQ_TRY(lq_need_key(d, LQ_COMMON(CLOCK_UNKNOWN), "the kind of the thing", kind));
    LQ_TRY(lq_need_key(d, LQ_COMMON(CLOCK_UNKNOWN), "the term's rule", rule));
    *clock = fits_key(kind, number, rule) ? lq_clock_find(d->view, kind, number, rule) : NULL;
    if (*clock == NULL)
        return lq_reject(d, LQ_COMMON(CLOCK_UNKNOWN), "%-s %s has no term %s", kind, number, rule);
    if (!lq_clock_runs(*clock))
        return lq_reject(d, LQ_COMMON(NOT_DUE), "the term %s of %-s %s runs no more", rule, kind,
                         number);
    return LQ_ACCEPT;
}

// A mark waits once: who promises again does not put off what waits for the promise before. That is
// where `waiting_ms` is; 0: there was none.
static void defer(Rules__Clock *clock, int64_t waiting_ms)
{
    for (size_t i = 0; i < clock->n_marks; i++) {
        Rules__Mark *mark = clock->marks[i];
        if (!mark->rung && (waiting_ms == 0 || mark->at_ms != waiting_ms))
            mark->at_ms = lq_clock_promised_ms(clock, mark->at_ms);
    }
}

struct lq_verdict lq_take_clock(struct lq_decision *d, const void *command)
{
    const Rules__TakeClock *c = command;
    const Rules__Clock *clock;
    LQ_TRY(lq_clock_need_running(d, c->kind, c->number, c->rule, &clock));
    char until[LQ_TIME_TEXT], at[LQ_TIME_TEXT];
    if (c->until_ms <= d->facts->occurred_ms || c->until_ms > LQ_TIME_LATEST_MS)
        return lq_reject(
            d, LQ_COMMON(VALUE_UNFIT), "until %s? That is not after %s, when it was promised",
            lq_format_local(c->until_ms, until), lq_format_local(d->facts->occurred_ms, at));
    Rules__Clock *changed = lq_clock_change(d, clock);
    changed->taken_by = lq_arena_text(d->arena, d->facts->principal);
    const int64_t waiting_ms = lq_clock_promised_ms(changed, 0);
    changed->taken_until_ms = c->until_ms;
    defer(changed, waiting_ms);

    Rules__ClockTaken taken = RULES__CLOCK_TAKEN__INIT;
    taken.kind = changed->kind;
    taken.number = changed->number;
    taken.rule = changed->rule;
    taken.start = changed->start;
    taken.by = changed->taken_by;
    taken.until_ms = changed->taken_until_ms;
    lq_emit(d, LQ_BODY_TAKE_CLOCK, &taken.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

static const char *text_of(const ProtobufCMessage *event, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(event->descriptor, name);
    return field != NULL ? lq_pb_text_at(lq_pb_value(event, field, 0)) : NULL;
}

static void tell_thing(struct lq_view *tables, const struct lq_occurrence *what, const char *kind,
                       const char *number)
{
    const struct lq_thing *thing = kind != NULL ? lq_thing_named(what->service, kind) : NULL;
    struct lq_key key;
    if (thing != NULL && lq_thing_key(lq_view_arena(tables), thing, number, &key))
        lq_trail_mark(tables, thing->table, &key);
}

void lq_clock_noted(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    tell_thing(tables, what, text_of(event, "kind"), text_of(event, "number"));
}

void lq_clocks_told(struct lq_view *tables, const struct lq_occurrence *what,
                    const ProtobufCMessage *event)
{
    if (lq_pb_variant(event) != LQ_BODY_RECOUNT_CLOCKS)
        return;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(event->descriptor, LQ_EVENT_CLOCKS);
    LQ_ASSERT(field != NULL); // who has the event has terms
    for (size_t i = 0; i < lq_pb_count(event, field); i++) {
        const Rules__Clock *clock = (const void *)lq_pb_message_at(lq_pb_value(event, field, i));
        tell_thing(tables, what, clock->kind, clock->number);
    }
}
