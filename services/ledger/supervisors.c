// The two supervisors of premises: who comes, who goes, who stands in; from when on. Each takes
// effect from the instant at which it happened, and there are never more than two at one.
#include "ledger.h"
#include "service/need.h"

// Two people of one name may be on the roll of different units.
static bool is_same_person(const Ledger__Supervisor *a, const Ledger__Supervisor *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->unit, b->unit) == 0;
}

bool ledger_overlap(const Ledger__Supervisor *a, const Ledger__Supervisor *b)
{
    return (a->to_ms == 0 || b->from_ms < a->to_ms) && (b->to_ms == 0 || a->from_ms < b->to_ms);
}

// The premises of which the person is to be a supervisor, and is not yet.
static struct lq_verdict need_premises(struct lq_decision *d, const Ledger__Supervisor *c,
                                       const Ledger__Entry **out)
{
    if (!lq_pb_key(c->premises))
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "a supervisor is assigned to premises: their number is missing or has "
                         "more than 64 bytes");
    if (c->name[0] == '\0')
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "a supervisor of %s needs a name",
                         c->premises);
    const Ledger__Entry *entry = ledger_find(d->view, c->premises);
    LQ_TRY(lq_need_premises(d, LEDGER__REJECT__PREMISES_UNKNOWN, c->premises, entry));
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (is_same_person(entry->supervisors[i], c) && ledger_overlap(entry->supervisors[i], c))
            return lq_reject(d, LEDGER__REJECT__SUPERVISOR_ASSIGNED,
                             "%s (%s) supervises %s already", c->name, c->unit, c->premises);
    *out = entry;
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- never a third

// The entry as it would be with one more; at the end, or behind whom he replaces.
static Ledger__Entry with_one_more(struct lq_arena *arena, const Ledger__Entry *entry,
                                   Ledger__Supervisor *comes, const Ledger__Supervisor *behind)
{
    Ledger__Entry with = *entry;
    with.supervisors = LQ_NEW_ARRAY(arena, Ledger__Supervisor *, entry->n_supervisors + 1);
    with.n_supervisors = 0;
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        with.supervisors[with.n_supervisors++] = entry->supervisors[i];
        if (entry->supervisors[i] == behind)
            with.supervisors[with.n_supervisors++] = comes;
    }
    if (behind == NULL)
        with.supervisors[with.n_supervisors++] = comes;
    return with;
}

struct lq_verdict ledger_need_pair(struct lq_decision *d, const Ledger__Entry *as_it_would_be,
                                   const Ledger__Supervisor *comes)
{
    int64_t at_ms;
    Ledger__Supervisor **pair;
    char at[LQ_TIME_TEXT];
    if (!ledger_too_many_at(d->arena, as_it_would_be, &at_ms))
        return LQ_ACCEPT;
    const char *names[2] = {"", ""};
    const size_t count = ledger_pair_at(d->arena, as_it_would_be, at_ms, &pair);
    for (size_t i = 0, told = 0; i < count && told < 2; i++)
        if (strcmp(pair[i]->number, comes->number) != 0)
            names[told++] = ledger_supervisor_told(d->arena, pair[i]);
    return lq_reject(
        d, LEDGER__REJECT__PAIR_COMPLETE, "%s has its two supervisors already at %s: %s and %s",
        as_it_would_be->premises->number, lq_format_local(at_ms, at), names[0], names[1]);
}

static char *next_number(struct lq_arena *arena, const Ledger__Entry *entry)
{
    return lq_arena_format(arena, "%s/%u", entry->premises->number, entry->numbered + 1);
}

// ---------------------------------------------------------------- one comes

struct lq_verdict ledger_assign_supervisor(struct lq_decision *d, const void *command)
{
    Ledger__Supervisor c = *(const Ledger__Supervisor *)command;
    const Ledger__Entry *entry;
    c.from_ms = c.from_beginning ? 0 : d->facts->occurred_ms;
    c.to_ms = 0;
    c.number = lq_unconst("");
    LQ_TRY(need_premises(d, &c, &entry));
    c.number = next_number(d->arena, entry);
    const Ledger__Entry with = with_one_more(d->arena, entry, &c, NULL);
    LQ_TRY(ledger_need_pair(d, &with, &c));

    lq_emit(d, LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, &c.base);
    lq_number(d, c.premises);
    return LQ_ACCEPT;
}

static Ledger__Supervisor *supervisor_of(struct lq_view *tables, const struct lq_occurrence *what,
                                         const void *event, Ledger__Entry *entry)
{
    Ledger__Supervisor *supervisor =
        lq_pb_project(lq_view_arena(tables), &ledger__supervisor__descriptor, event);
    if (supervisor->number[0] == '\0') { // of before they had numbers and dates
        supervisor->number = next_number(lq_view_arena(tables), entry);
        supervisor->from_ms = what->occurred_ms;
        for (size_t i = 0; i < entry->n_supervisors; i++) // it was not asked who was one then
            if (entry->supervisors[i]->to_ms > supervisor->from_ms)
                supervisor->from_ms = entry->supervisors[i]->to_ms;
    }
    entry->numbered++;
    supervisor->entered = lq_entered(tables);
    return supervisor;
}

void ledger_supervisor_assigned(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__SupervisorAssigned *assigned = event;
    Ledger__Entry entry = ledger_copy(tables, assigned->premises);
    Ledger__Supervisor *comes = supervisor_of(tables, what, event, &entry);
    entry = with_one_more(lq_view_arena(tables), &entry, comes, NULL);
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- another takes the place

static struct lq_verdict need_one_of_pair(struct lq_decision *d, const Ledger__Entry *entry,
                                          const char *called, const char *unit, int64_t at_ms,
                                          const Ledger__Supervisor **out)
{
    bool several;
    char at[LQ_TIME_TEXT];
    *out = ledger_supervisor_called(entry, called, unit, at_ms, &several);
    if (*out == NULL)
        return lq_reject(d, LEDGER__REJECT__SUPERVISOR_UNKNOWN, "%s is no supervisor of %s at %s",
                         called, entry->premises->number, lq_format_local(at_ms, at));
    return LQ_ACCEPT;
}

// Whoever is at the post leaves it first: else nobody would know until when it was manned.
static struct lq_verdict need_not_there(struct lq_decision *d, const Ledger__Entry *entry,
                                        const Ledger__Supervisor *goes,
                                        const Ledger__Supervisor *comes)
{
    char at[LQ_TIME_TEXT];
    const Ledger__Presence *open = ledger_at_post(entry, goes->number);
    if (open == NULL || (comes->to_ms != 0 && comes->to_ms <= open->from_ms))
        return LQ_ACCEPT;
    return lq_reject(d, LEDGER__REJECT__AT_POST_ALREADY,
                     "%s is at the post of %s since %s: he leaves it first", goes->name,
                     goes->premises, lq_format_local(open->from_ms, at));
}

// Whom another stands in for is not replaced or stood in for at that time: which of the two would
// be there then? The stand-in is voided first.
static struct lq_verdict need_not_stood_in_for(struct lq_decision *d, const Ledger__Entry *entry,
                                               const Ledger__Supervisor *goes,
                                               const Ledger__Supervisor *comes)
{
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        const Ledger__Supervisor *s = entry->supervisors[i];
        if (strcmp(s->stands_in_for, goes->number) == 0 && ledger_overlap(s, comes))
            return lq_reject(d, LEDGER__REJECT__STOOD_IN_FOR,
                             "%s stands in for %s (%s): void that first, or date this when it is "
                             "over",
                             ledger_supervisor_told(d->arena, s), goes->name, goes->number);
    }
    return LQ_ACCEPT;
}

struct lq_verdict ledger_replace_supervisor(struct lq_decision *d, const void *command)
{
    const Ledger__ReplaceSupervisor *c = command;
    const Ledger__Entry *entry;
    const Ledger__Supervisor *goes;
    Ledger__Supervisor *comes = lq_pb_project(d->arena, &ledger__supervisor__descriptor, c);
    comes->from_ms = d->facts->occurred_ms;
    LQ_TRY(need_premises(d, comes, &entry));
    LQ_TRY(need_one_of_pair(d, entry, c->replaces, c->replaces_unit, comes->from_ms, &goes));
    comes->number = next_number(d->arena, entry);
    comes->to_ms = goes->to_ms; // of a replacement that was told after a later one
    comes->stands_in_for = goes->stands_in_for;
    LQ_TRY(need_not_stood_in_for(d, entry, goes, comes));
    LQ_TRY(need_not_there(d, entry, goes, comes));

    Ledger__SupervisorReplaced *replaced =
        lq_pb_project(d->arena, &ledger__supervisor_replaced__descriptor, comes);
    replaced->replaces = goes->name;
    replaced->replaces_unit = goes->unit;
    replaced->goes = goes->number;
    lq_emit(d, LEDGER__EVENT__BODY_SUPERVISOR_REPLACED, &replaced->base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

static Ledger__Supervisor *who_went(struct lq_view *tables, const Ledger__Entry *entry,
                                    const Ledger__SupervisorReplaced *replaced, int64_t at_ms)
{
    bool several;
    const Ledger__Supervisor *goes =
        replaced->goes[0] != '\0'
            ? ledger_supervisor_numbered(entry, replaced->goes)
            : ledger_supervisor_called(entry, replaced->replaces, replaced->replaces_unit, at_ms,
                                       &several);
    for (size_t i = 0; goes == NULL && i < entry->n_supervisors; i++)
        if (entry->supervisors[i]->to_ms == 0 && // dated before he came, of before there were dates
            strcmp(entry->supervisors[i]->name, replaced->replaces) == 0 &&
            strcmp(entry->supervisors[i]->unit, replaced->replaces_unit) == 0)
            goes = entry->supervisors[i];
    LQ_ASSERT(goes != NULL);
    Ledger__Supervisor *copy = LQ_NEW(lq_view_arena(tables), Ledger__Supervisor);
    *copy = *goes;
    return copy;
}

static void put(Ledger__Entry *entry, Ledger__Supervisor *changed)
{
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (strcmp(entry->supervisors[i]->number, changed->number) == 0)
            entry->supervisors[i] = changed;
}

void ledger_supervisor_replaced(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__SupervisorReplaced *replaced = event;
    Ledger__Entry entry = ledger_copy(tables, replaced->premises);
    Ledger__Supervisor *goes = who_went(tables, &entry, replaced, what->occurred_ms);
    Ledger__Supervisor *comes = supervisor_of(tables, what, event, &entry);
    if (comes->from_ms < goes->from_ms) // of before there were dates
        comes->from_ms = goes->from_ms;
    goes->to_ms = comes->from_ms;
    const Ledger__Supervisor *behind = ledger_supervisor_numbered(&entry, goes->number);
    entry = with_one_more(lq_view_arena(tables), &entry, comes, behind);
    put(&entry, goes);
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- another stands in

static struct lq_verdict need_period(struct lq_decision *d, const Ledger__Supervisor *comes,
                                     const Ledger__Supervisor *goes)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (comes->to_ms > comes->from_ms && comes->to_ms <= LQ_TIME_LATEST_MS &&
        (goes->to_ms == 0 || comes->to_ms <= goes->to_ms))
        return LQ_ACCEPT;
    return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                     "%s stands in for %s from %s until when? Until %s is not after that, or after "
                     "%s goes",
                     comes->name, goes->name, lq_format_local(comes->from_ms, from),
                     lq_format_local(comes->to_ms, to), goes->name);
}

struct lq_verdict ledger_stand_in(struct lq_decision *d, const void *command)
{
    const Ledger__StandIn *c = command;
    const Ledger__Entry *entry;
    const Ledger__Supervisor *goes;
    Ledger__Supervisor *comes = lq_pb_project(d->arena, &ledger__supervisor__descriptor, c);
    if (comes->from_ms == 0)
        comes->from_ms = d->facts->occurred_ms;
    LQ_TRY(need_premises(d, comes, &entry));
    LQ_TRY(need_one_of_pair(d, entry, c->replaces, c->replaces_unit, comes->from_ms, &goes));
    LQ_TRY(need_period(d, comes, goes));
    LQ_TRY(need_not_stood_in_for(d, entry, goes, comes));
    LQ_TRY(need_not_there(d, entry, goes, comes));
    comes->number = next_number(d->arena, entry);
    comes->stands_in_for = goes->number;
    const Ledger__Entry with = with_one_more(d->arena, entry, comes, NULL);
    LQ_TRY(ledger_need_pair(d, &with, comes)); // who stands in is not stood in for

    lq_emit(d, LEDGER__EVENT__BODY_SUPERVISOR_STOOD_IN, &comes->base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

void ledger_supervisor_stood_in(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__SupervisorStoodIn *stood_in = event;
    Ledger__Entry entry = ledger_copy(tables, stood_in->premises);
    Ledger__Supervisor *comes = supervisor_of(tables, what, event, &entry);
    entry = with_one_more(lq_view_arena(tables), &entry, comes, NULL);
    ledger_save(tables, &entry);
}
