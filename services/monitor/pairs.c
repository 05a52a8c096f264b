// What is kept of the ledger: which premises there are, and the two who are responsible for them,
// dated, so that a mark names those who are it when it rings. The ledger follows this service: it
// is read in part, by messages of our own (monitor.proto).
#include "monitor.h"

const struct lq_table monitor_premises = {"premises", &monitor__known_premises__descriptor};
const struct lq_table monitor_pairs = {"pairs", &monitor__pair__descriptor};

const Monitor__KnownPremises *monitor_known(struct lq_view *view, const char *number)
{
    const Monitor__KnownPremises *known = lq_find_numbered(view, &monitor_premises, number);
    return known != NULL && !known->voided ? known : NULL;
}

// ---------------------------------------------------------------- who is one of the pair

// Somebody else is there for him.
static bool is_stood_in_for(const Monitor__Pair *pair, const char *number, int64_t at_ms)
{
    for (size_t i = 0; number[0] != '\0' && i < pair->n_members; i++)
        if (strcmp(pair->members[i]->stands_in_for, number) == 0 &&
            pair->members[i]->from_ms <= at_ms &&
            (pair->members[i]->to_ms == 0 || at_ms < pair->members[i]->to_ms))
            return true;
    return false;
}

static unsigned monitor_pair_at(struct lq_view *view, const char *premises, int64_t at_ms,
                                const Monitor__PairMember *pair[MONITOR_PAIR_MOST])
{
    const Monitor__Pair *row = lq_find(view, &monitor_pairs, lq_key_text(premises));
    unsigned count = 0;
    for (size_t i = 0; row != NULL && i < row->n_members; i++) {
        const Monitor__PairMember *m = row->members[i];
        if (m->from_ms <= at_ms && (m->to_ms == 0 || at_ms < m->to_ms) &&
            !is_stood_in_for(row, m->number, at_ms) && count < MONITOR_PAIR_MOST)
            pair[count++] = m;
    }
    return count;
}

unsigned monitor_responsible(struct lq_view *view, const char *premises, int64_t at_ms,
                             const Monitor__PairMember *pair[MONITOR_PAIR_MOST],
                             Monitor__PairMember by_name[2])
{
    const unsigned count = monitor_pair_at(view, premises, at_ms, pair);
    const Monitor__KnownPremises *known = monitor_known(view, premises);
    if (count > 0 || known == NULL)
        return count;
    char *const names[] = {known->responsible_1, known->responsible_2};
    unsigned named = 0;
    for (unsigned i = 0; i < 2; i++) {
        if (names[i][0] == '\0')
            continue;
        by_name[i] = (Monitor__PairMember)MONITOR__PAIR_MEMBER__INIT;
        by_name[i].name = names[i];
        pair[named++] = &by_name[i];
    }
    return named;
}

// ---------------------------------------------------------------- premises

static const ProtobufCMessage *known(struct lq_arena *arena,
                                     const Monitor__LedgerPremises *premises, bool voided)
{
    if (premises == NULL || !lq_pb_key(premises->number))
        return NULL; // another kind of thing; of numbers that are no key the ledger lets none in
    Monitor__KnownPremises *known = LQ_NEW(arena, Monitor__KnownPremises);
    monitor__known_premises__init(known);
    known->number = premises->number;
    known->voided = voided;
    known->responsible_1 = premises->responsible_1;
    known->responsible_2 = premises->responsible_2;
    return &known->base;
}

static const ProtobufCMessage *note_premises(struct lq_arena *arena, const void *event)
{
    const ProtobufCMessageDescriptor *type = &monitor__ledger_premises__descriptor;
    const Monitor__LedgerEvent *heard = event;
    if (heard->body_case == MONITOR__LEDGER_EVENT__BODY_PREMISES_REGISTERED)
        return known(arena, heard->premises_registered, false);
    if (heard->body_case == MONITOR__LEDGER_EVENT__BODY_CORRECTED)
        return known(arena, lq_corrected_thing(arena, heard->corrected, "premises", type), false);
    if (heard->body_case == MONITOR__LEDGER_EVENT__BODY_VOIDED)
        return known(arena, lq_voided_of(arena, heard->voided, "premises", type), true);
    return NULL;
}

static void apply_premises(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    lq_keep(tables, &monitor_premises, event);
}

// ---------------------------------------------------------------- supervisors

static Monitor__PairMember *member_of(struct lq_arena *arena, char *name, char *unit, char *number)
{
    Monitor__PairMember *member = LQ_NEW(arena, Monitor__PairMember);
    monitor__pair_member__init(member);
    member->name = name;
    member->unit = unit;
    member->number = number;
    return member;
}

static const Monitor__LedgerSupervisor *supervisor(struct lq_arena *arena, const void *event)
{
    return lq_pb_project(arena, &monitor__ledger_supervisor__descriptor, event);
}

// NULL: the ledger lets no such premises in.
static Monitor__PairChange *change_of(struct lq_arena *arena, const Monitor__LedgerSupervisor *s)
{
    if (s == NULL || !lq_pb_key(s->premises))
        return NULL;
    Monitor__PairChange *change = LQ_NEW(arena, Monitor__PairChange);
    monitor__pair_change__init(change);
    change->premises = s->premises;
    change->comes = member_of(arena, s->name, s->unit, s->number);
    change->comes->person = s->person;
    change->comes->from_ms = s->from_beginning ? 1 : s->from_ms;
    change->comes->to_ms = s->to_ms;
    change->comes->stands_in_for = s->stands_in_for;
    return change;
}

static Monitor__PairChange *replaced(struct lq_arena *arena, const Monitor__LedgerSupervisor *s)
{
    Monitor__PairChange *change = change_of(arena, s);
    if (change != NULL) {
        change->goes = member_of(arena, s->replaces, s->replaces_unit, s->goes);
        change->ends = true;
    }
    return change;
}

// What he was called before, where that is what was corrected.
static char *was(const Rules__Corrected *corrected, const char *field, char *now)
{
    for (size_t i = 0; i < corrected->n_changes; i++)
        if (strcmp(corrected->changes[i]->field, field) == 0)
            return corrected->changes[i]->was;
    return now;
}

static Monitor__PairChange *corrected(struct lq_arena *arena, const Rules__Corrected *event)
{
    const Monitor__LedgerSupervisor *now =
        lq_corrected_thing(arena, event, "supervisor", &monitor__ledger_supervisor__descriptor);
    Monitor__PairChange *change = change_of(arena, now);
    if (change != NULL)
        change->goes = member_of(arena, was(event, "name", now->name),
                                 was(event, "unit", now->unit), now->number);
    return change;
}

static Monitor__PairChange *voided(struct lq_arena *arena, const Rules__Voided *event)
{
    Monitor__PairChange *change = change_of(
        arena, lq_voided_of(arena, event, "supervisor", &monitor__ledger_supervisor__descriptor));
    if (change != NULL) {
        change->goes = change->comes;
        change->comes = NULL;
    }
    return change;
}

static Monitor__PairChange *change_by(struct lq_arena *arena, const Monitor__LedgerEvent *heard)
{
    switch (heard->body_case) {
    case MONITOR__LEDGER_EVENT__BODY_SUPERVISOR_ASSIGNED:
        return change_of(arena, supervisor(arena, heard->supervisor_assigned));
    case MONITOR__LEDGER_EVENT__BODY_SUPERVISOR_REPLACED:
        return replaced(arena, supervisor(arena, heard->supervisor_replaced));
    case MONITOR__LEDGER_EVENT__BODY_SUPERVISOR_STOOD_IN:
        return change_of(arena, supervisor(arena, heard->supervisor_stood_in));
    case MONITOR__LEDGER_EVENT__BODY_CORRECTED:
        return corrected(arena, heard->corrected);
    case MONITOR__LEDGER_EVENT__BODY_VOIDED:
        return voided(arena, heard->voided);
    case MONITOR__LEDGER_EVENT__BODY_PREMISES_REGISTERED:
        return NULL;
    case MONITOR__LEDGER_EVENT__BODY__NOT_SET:
    case _MONITOR__LEDGER_EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // what this service does not name, the runtime skips
}

static const ProtobufCMessage *note_pair(struct lq_arena *arena, const void *event)
{
    const Monitor__PairChange *change = change_by(arena, event);
    return change != NULL ? &change->base : NULL;
}

static bool is_who(const Monitor__PairMember *member, const Monitor__PairMember *who)
{
    if (who->number[0] != '\0')
        return strcmp(member->number, who->number) == 0;
    return strcmp(member->name, who->name) == 0 &&
           (who->unit[0] == '\0' || strcmp(member->unit, who->unit) == 0);
}

// Who goes as of `from_ms`, or never was; NULL: he is not kept.
static Monitor__PairMember *gone(struct lq_arena *arena, const Monitor__PairMember *member,
                                 bool ends, int64_t from_ms)
{
    if (!ends)
        return NULL;
    Monitor__PairMember *until = LQ_NEW(arena, Monitor__PairMember);
    *until = *member;
    if (until->to_ms == 0 || until->to_ms > from_ms)
        until->to_ms = from_ms;
    return until;
}

static void apply_pair(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Monitor__PairChange *change = event;
    struct lq_arena *arena = lq_view_arena(tables);
    const Monitor__Pair *before = lq_find(tables, &monitor_pairs, lq_key_text(change->premises));
    const size_t count = before != NULL ? before->n_members : 0;
    Monitor__Pair pair = MONITOR__PAIR__INIT;
    Monitor__PairMember *comes = change->comes;
    if (comes != NULL && comes->from_ms == 0)
        comes->from_ms = what->occurred_ms;
    pair.premises = change->premises;
    pair.members = LQ_NEW_ARRAY(arena, Monitor__PairMember *, count + 1);
    for (size_t i = 0; i < count; i++) {
        Monitor__PairMember *member = before->members[i];
        if (change->goes != NULL && is_who(member, change->goes))
            member = gone(arena, member, change->ends, comes != NULL ? comes->from_ms : 0);
        if (member != NULL)
            pair.members[pair.n_members++] = member;
    }
    if (comes != NULL)
        pair.members[pair.n_members++] = comes;
    lq_save(tables, &monitor_pairs, lq_key_text(pair.premises), &pair.base);
}

static const struct lq_table *const premises_tables[] = {&monitor_premises, NULL};
static const struct lq_table *const pair_tables[] = {&monitor_pairs, NULL};

const struct lq_replica monitor_premises_of_ledger = {
    .stream = "ledger",
    .event_type = &monitor__ledger_event__descriptor,
    .partial = true,
    .event = "premises_noted",
    .tables = premises_tables,
    .note = note_premises,
    .apply = apply_premises,
};

const struct lq_replica monitor_pairs_of_ledger = {
    .stream = "ledger",
    .event_type = &monitor__ledger_event__descriptor,
    .partial = true,
    .event = "pair_noted",
    .tables = pair_tables,
    .note = note_pair,
    .apply = apply_pair,
};
