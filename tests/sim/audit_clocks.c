// Terms as rows: how one begins, ends, is promised, paused and extended, and that a record carries
// just those that its fact changes, to the last mark. What each service's facts do to them stands
// in audit_*_terms.c, or with the thing; where a term ends, in audit_terms.c.
#include <stdio.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

enum { PAUSE_DAYS = 1095 };

// ---------------------------------------------------------------- the terms that there are

static struct lq_span key_of(struct audit *a, const char *kind, const char *thing, const char *rule,
                             unsigned start)
{
    const size_t size = strlen(kind) + strlen(thing) + strlen(rule) + 16;
    char *key = audit_alloc(a, size);
    snprintf(key, size, "%s/%s/%s/%u", kind, thing, rule, start);
    return lq_span_text(key);
}

const Rules__Clock *audit_clock_start_of(struct audit *a, const char *kind, const char *thing,
                                         const char *rule, unsigned start)
{
    const struct audit_clock *clock = audit_find(&a->clocks, key_of(a, kind, thing, rule, start));
    return clock == NULL ? NULL : clock->row;
}

const Rules__Clock *audit_clock_of(struct audit *a, const char *kind, const char *thing,
                                   const char *rule)
{
    const Rules__Clock *latest = NULL, *next;
    for (unsigned start = 1; (next = audit_clock_start_of(a, kind, thing, rule, start)) != NULL;
         start++)
        latest = next;
    return latest;
}

bool audit_clock_runs(const Rules__Clock *c)
{
    return c->stop_ms == 0;
}

Rules__Clock *audit_carry(struct audit_carried *k, const Rules__Clock *clock)
{
    Rules__Clock *copy = audit_alloc(k->a, sizeof *copy);
    *copy = *clock;
    copy->marks = audit_alloc(k->a, (clock->n_marks + 1) * sizeof(Rules__Mark *));
    for (size_t i = 0; i < clock->n_marks; i++) {
        copy->marks[i] = audit_alloc(k->a, sizeof(Rules__Mark));
        *copy->marks[i] = *clock->marks[i];
    }
    k->rows[k->count++] = copy;
    return copy;
}

Rules__Clock *audit_clock_begin(struct audit_carried *k, const char *kind, const char *thing,
                                const char *rule, const char *variant)
{
    const Rules__Clock *before = NULL;
    for (size_t i = 0; i < k->count; i++) // ended by this very event
        if (strcmp(k->rows[i]->rule, rule) == 0 && strcmp(k->rows[i]->number, thing) == 0)
            before = k->rows[i];
    if (before == NULL)
        before = audit_clock_of(k->a, kind, thing, rule);
    if (before != NULL && audit_clock_runs(before) &&
        before->not_counted == RULES__NOT_COUNTED__COUNTED)
        return NULL;
    Rules__Clock *c = audit_alloc(k->a, sizeof *c);
    rules__clock__init(c);
    c->kind = (char *)(uintptr_t)kind;
    c->number = (char *)(uintptr_t)thing;
    c->rule = (char *)(uintptr_t)rule;
    c->variant = (char *)(uintptr_t)variant;
    c->start = before != NULL ? before->start + 1 : 1;
    c->start_ms = k->fact->r->occurred_at_ms;
    c->owner = (char *)(uintptr_t)k->fact->principal;
    k->rows[k->count++] = c;
    return c;
}

// Of what has ended only those marks are left that have rung.
void audit_clock_only_rung(Rules__Clock *c)
{
    size_t rung = 0;
    for (size_t i = 0; i < c->n_marks; i++)
        if (c->marks[i]->rung)
            c->marks[rung++] = c->marks[i];
    c->n_marks = rung;
}

void audit_clock_stop(struct audit_carried *k, const char *kind, const char *thing,
                      const char *rule, int64_t at_ms)
{
    const Rules__Clock *clock = audit_clock_of(k->a, kind, thing, rule);
    if (clock == NULL || !audit_clock_runs(clock))
        return;
    Rules__Clock *ended = audit_carry(k, clock);
    ended->stop_ms = at_ms;
    audit_clock_only_rung(ended);
}

const Rules__Clock *audit_running(struct audit_carried *k, const char *kind, const char *thing,
                                  const char *rule)
{
    const Rules__Clock *clock = audit_clock_of(k->a, kind, thing, rule);
    AUDIT(clock != NULL && audit_clock_runs(clock), "clock",
          "record %llu of %s is about the term %s of %s %s, which does not run",
          (number)k->fact->r->seq, k->stream->name, rule, kind, thing);
    return clock;
}

// ---------------------------------------------------------------- promises, pauses, extensions

void audit_clock_taken(struct audit_carried *k, const void *body)
{
    const Rules__ClockTaken *t = body;
    Rules__Clock *c = audit_carry(k, audit_running(k, t->kind, t->number, t->rule));
    AUDIT(strcmp(t->by, k->fact->principal) == 0 && t->until_ms > k->fact->r->occurred_at_ms,
          "clock", "record %llu of %s promises for somebody else, or for what is past",
          (number)k->fact->r->seq, k->stream->name);
    const int64_t before_ms = c->taken_until_ms != 0 ? audit_as_promised(c, 0) : 0;
    c->taken_by = t->by;
    c->taken_until_ms = t->until_ms;
    for (size_t i = 0; i < c->n_marks; i++) // each waits once
        if (!c->marks[i]->rung && (before_ms == 0 || c->marks[i]->at_ms != before_ms))
            c->marks[i]->at_ms = audit_as_promised(c, c->marks[i]->at_ms);
}

bool audit_pause_fits(const Rules__Clock *c, const char *cause, int32_t from_day, int32_t to_day,
                      const char *paper)
{
    return strcmp(c->rule, "SZ6") == 0 && strcmp(cause, "testing_term_notified") == 0 &&
           paper[0] != '\0' && from_day != 0 && from_day <= to_day &&
           to_day - from_day < PAUSE_DAYS && from_day >= audit_day(c->start_ms) &&
           (c->due_ms == 0 || from_day <= audit_day(c->due_ms - 1));
}

void audit_clock_paused(struct audit_carried *k, const void *body)
{
    const Rules__ClockPaused *p = body;
    Rules__Clock *c = audit_carry(k, audit_running(k, p->kind, p->number, p->rule));
    const int64_t due_ms = c->due_ms;
    AUDIT(audit_pause_fits(c, p->cause, p->from_day, p->to_day, p->paper), "clock",
          "record %llu of %s takes days out of the term %s of %s for no good cause",
          (number)k->fact->r->seq, k->stream->name, p->rule, p->number);
    Rules__Pause **pauses = audit_alloc(k->a, (c->n_pauses + 1) * sizeof *pauses);
    size_t kept = 0;
    for (size_t i = 0; i < c->n_pauses; i++)
        if (c->pauses[i]->from_day != p->from_day)
            pauses[kept++] = c->pauses[i];
    pauses[kept] = audit_alloc(k->a, sizeof **pauses);
    rules__pause__init(pauses[kept]);
    pauses[kept]->cause = p->cause;
    pauses[kept]->from_day = p->from_day;
    pauses[kept]->to_day = p->to_day;
    pauses[kept]->paper = p->paper;
    c->pauses = pauses;
    c->n_pauses = kept + 1;
    audit_count_term(k->a, c, k->fact);
    AUDIT(due_ms == 0 || k->fact->r->occurred_at_ms < due_ms || c->due_ms <= due_ms, "clock",
          "record %llu of %s makes the term %s of %s longer, which is over",
          (number)k->fact->r->seq, k->stream->name, p->rule, p->number);
}

void audit_clock_extend(struct audit_carried *k, Rules__Clock *c, const char *rule, int32_t by,
                        char *paper)
{
    Rules__Extension **list = audit_alloc(k->a, (c->n_extensions + 1) * sizeof *list);
    for (size_t i = 0; i < c->n_extensions; i++)
        list[i] = c->extensions[i];
    Rules__Extension *one = list[c->n_extensions] = audit_alloc(k->a, sizeof *one);
    rules__extension__init(one);
    one->rule = (char *)(uintptr_t)rule;
    one->number = by;
    one->at_ms = k->fact->r->occurred_at_ms;
    one->by = (char *)(uintptr_t)k->fact->principal;
    one->paper = paper;
    c->extensions = list;
    c->n_extensions++;
    audit_count_term(k->a, c, k->fact);
}

void audit_clock_begin_for(struct audit_carried *k, const char *kind, const char *thing,
                           const char *rule, const char *owner, uint32_t length)
{
    const bool paper = audit_is_from_paper(k->fact);
    if (paper && strncmp(rule, "OP-", 3) == 0)
        return;
    Rules__Clock *c = audit_clock_begin(k, kind, thing, rule, "");
    if (c != NULL) {
        c->owner = (char *)(uintptr_t)owner;
        c->length = (int32_t)length;
    }
    if (c != NULL && paper)
        c->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
    if (c != NULL)
        audit_count_term(k->a, c, k->fact);
}

void audit_clock_begin_of(struct audit_carried *k, const char *kind, const char *thing,
                          const char *rule)
{
    audit_clock_begin_for(k, kind, thing, rule, k->fact->principal, 0);
}

// ---------------------------------------------------------------- what the record carries

static struct lq_span packed(struct audit *a, const Rules__Clock *c)
{
    uint8_t *bytes = audit_alloc(a, rules__clock__get_packed_size(c) + 1);
    return lq_span(bytes, rules__clock__pack(c, bytes));
}

static void check_marks(const struct audit_carried *k, const Rules__Clock *c,
                        const Rules__Clock *told)
{
    const number seq = k->fact->r->seq;
    AUDIT(c->n_marks == told->n_marks, "clock",
          "record %llu of %s: the term %s of %s has %zu marks, not %zu", seq, k->stream->name,
          c->rule, c->number, told->n_marks, c->n_marks);
    for (size_t i = 0; i < c->n_marks; i++)
        AUDIT(c->marks[i]->at_ms == told->marks[i]->at_ms &&
                  c->marks[i]->rung == told->marks[i]->rung,
              "clock", "record %llu of %s: mark %zu of the term %s of %s is at %lld, not at %lld",
              seq, k->stream->name, i, c->rule, c->number, (long long)told->marks[i]->at_ms,
              (long long)c->marks[i]->at_ms);
}

static void check_row(const struct audit_carried *k, Rules__Clock *c, const Rules__Clock *told)
{
    const number seq = k->fact->r->seq;
    AUDIT(told != NULL, "clock", "record %llu of %s does not carry the term %s of %s %s", seq,
          k->stream->name, c->rule, c->kind, c->number);
    AUDIT(told->revision[0] != '\0', "clock", "record %llu of %s counts by no revision", seq,
          k->stream->name);
    c->revision = told->revision;
    AUDIT(told->due_ms == c->due_ms && told->arguable_due_ms == c->arguable_due_ms, "clock",
          "record %llu of %s ends the term %s of %s at %lld (%lld); it ends at %lld (%lld)", seq,
          k->stream->name, c->rule, c->number, (long long)told->due_ms,
          (long long)told->arguable_due_ms, (long long)c->due_ms, (long long)c->arguable_due_ms);
    AUDIT(told->stop_ms == c->stop_ms, "clock",
          "record %llu of %s stops the term %s of %s at %lld, not at %lld", seq, k->stream->name,
          c->rule, c->number, (long long)told->stop_ms, (long long)c->stop_ms);
    check_marks(k, c, told);
    AUDIT(lq_span_equal(packed(k->a, c), packed(k->a, told)), "clock",
          "record %llu of %s carries the term %s of %s otherwise than it is", seq, k->stream->name,
          c->rule, c->number);
}

static void check_carried(struct audit_carried *k)
{
    AUDIT(k->count == k->told_count, "clock", "record %llu of %s carries %zu terms, not %zu",
          (number)k->fact->r->seq, k->stream->name, k->told_count, k->count);
    for (size_t i = 0; i < k->count; i++) {
        Rules__Clock *c = k->rows[i];
        const Rules__Clock *same = NULL;
        for (size_t t = 0; t < k->told_count; t++)
            if (strcmp(k->told[t]->kind, c->kind) == 0 &&
                strcmp(k->told[t]->number, c->number) == 0 &&
                strcmp(k->told[t]->rule, c->rule) == 0 && k->told[t]->start == c->start)
                same = k->told[t];
        check_row(k, c, same);
        struct audit_clock *kept = audit_put(k->a, &k->a->clocks, sizeof *kept,
                                             key_of(k->a, c->kind, c->number, c->rule, c->start));
        *kept = (struct audit_clock){.row = c, .stream = k->stream->name};
    }
}

// The terms of the event, as far as they are of such things (NULL: of all).
static void take_told(struct audit_carried *k, const ProtobufCMessage *event, const char *things)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(event->descriptor, "clocks");
    const uint8_t *bytes = (const void *)event;
    const size_t count = *(const size_t *)(const void *)(bytes + field->quantifier_offset);
    Rules__Clock *const *clocks =
        *(Rules__Clock *const *const *)(const void *)(bytes + field->offset);
    k->told = audit_alloc(k->a, (count + 1) * sizeof *k->told);
    for (size_t i = 0; i < count; i++)
        if (things == NULL || strcmp(clocks[i]->kind, things) == 0)
            k->told[k->told_count++] = clocks[i];
}

void audit_clocks(struct audit *a, const struct audit_fact *fact, const ProtobufCMessage *event)
{
    const struct audit_kind *kind = fact->stream->kind;
    struct audit_carried k = {.a = a, .stream = fact->stream, .fact = fact};
    uint32_t variant;
    const void *body = audit_event_body(event, &variant);
    if (kind->terms == NULL)
        return;
    take_told(&k, event, kind->terms_of);
    for (const struct audit_term_row *row = kind->terms; row->kind != 0; row++)
        if (row->kind == variant)
            row->carries(&k, body);
    check_carried(&k);
}
