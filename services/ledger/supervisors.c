// The two supervisors of premises.
#include "ledger.h"
#include "service/need.h"

// Two people of one name may be on the roll of different units.
static bool is_same_person(const Ledger__Supervisor *a, const Ledger__Supervisor *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->unit, b->unit) == 0;
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
    if (entry == NULL)
        return lq_reject(d, LEDGER__REJECT__PREMISES_UNKNOWN, "premises %s are not in the ledger",
                         c->premises);
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (is_same_person(entry->supervisors[i], c))
            return lq_reject(d, LEDGER__REJECT__SUPERVISOR_ASSIGNED,
                             "%s (%s) supervises %s already", c->name, c->unit, c->premises);
    *out = entry;
    return LQ_ACCEPT;
}

struct lq_verdict ledger_assign_supervisor(struct lq_decision *d, const void *command)
{
    const Ledger__Supervisor *c = command;
    const Ledger__Entry *entry;
    LQ_TRY(need_premises(d, c, &entry));
    if (entry->n_supervisors >= 2)
        return lq_reject(d, LEDGER__REJECT__PAIR_COMPLETE,
                         "%s has its two supervisors already: %s and %s", c->premises,
                         entry->supervisors[0]->name, entry->supervisors[1]->name);

    lq_emit(d, LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, &c->base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

static Ledger__Supervisor *supervisor_of(struct lq_view *tables, const void *event)
{
    Ledger__Supervisor *supervisor =
        lq_pb_project(lq_view_arena(tables), &ledger__supervisor__descriptor, event);
    supervisor->entered = lq_entered(tables);
    return supervisor;
}

void ledger_supervisor_assigned(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__SupervisorAssigned *supervisor = event;
    Ledger__Entry entry = ledger_copy(tables, supervisor->premises);
    Ledger__Supervisor **pair =
        LQ_NEW_ARRAY(lq_view_arena(tables), Ledger__Supervisor *, entry.n_supervisors + 1);
    for (size_t i = 0; i < entry.n_supervisors; i++)
        pair[i] = entry.supervisors[i];
    pair[entry.n_supervisors++] = supervisor_of(tables, supervisor);
    entry.supervisors = pair;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- another takes the place

static const Ledger__Supervisor *who_goes(const Ledger__Entry *entry, const char *name,
                                          const char *unit)
{
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (strcmp(entry->supervisors[i]->name, name) == 0 &&
            (unit[0] == '\0' || strcmp(entry->supervisors[i]->unit, unit) == 0))
            return entry->supervisors[i];
    return NULL;
}

struct lq_verdict ledger_replace_supervisor(struct lq_decision *d, const void *command)
{
    const Ledger__ReplaceSupervisor *c = command;
    const Ledger__Entry *entry;
    LQ_TRY(need_premises(d, lq_pb_project(d->arena, &ledger__supervisor__descriptor, c), &entry));
    const Ledger__Supervisor *goes = who_goes(entry, c->replaces, c->replaces_unit);
    if (goes == NULL)
        return lq_reject(d, LEDGER__REJECT__SUPERVISOR_UNKNOWN, "%s is no supervisor of %s",
                         c->replaces, c->premises);
    Ledger__SupervisorReplaced *replaced =
        lq_pb_project(d->arena, &ledger__supervisor_replaced__descriptor, c);
    replaced->replaces_unit = goes->unit;
    lq_emit(d, LEDGER__EVENT__BODY_SUPERVISOR_REPLACED, &replaced->base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

void ledger_supervisor_replaced(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Ledger__SupervisorReplaced *replaced = event;
    Ledger__Entry entry = ledger_copy(tables, replaced->premises);
    Ledger__Supervisor **pair =
        LQ_NEW_ARRAY(lq_view_arena(tables), Ledger__Supervisor *, entry.n_supervisors);
    const Ledger__Supervisor *goes = who_goes(&entry, replaced->replaces, replaced->replaces_unit);
    for (size_t i = 0; i < entry.n_supervisors; i++)
        pair[i] =
            entry.supervisors[i] != goes ? entry.supervisors[i] : supervisor_of(tables, event);
    entry.supervisors = pair;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- corrections

// A supervisor is named by the premises and his name: "E0061/王小丽". NULL: there is none, or both
// of the pair are called so.
static Ledger__Supervisor **place_of(struct lq_view *view, const struct lq_thing *thing,
                                     const char *number)
{
    const Ledger__Entry *entry = ledger_find(view, lq_thing_part(view, thing, number, 0));
    const char *name = lq_thing_part(view, thing, number, 1);
    Ledger__Supervisor **found = NULL;
    for (size_t i = 0; entry != NULL && i < entry->n_supervisors; i++) {
        if (strcmp(entry->supervisors[i]->name, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = &entry->supervisors[i];
    }
    return found;
}

const void *ledger_find_supervisor(struct lq_view *view, const struct lq_thing *thing,
                                   const char *number)
{
    Ledger__Supervisor **place = place_of(view, thing, number);
    return place != NULL ? *place : NULL;
}

struct lq_verdict ledger_check_supervisor_correction(struct lq_decision *d, const char *number,
                                                     const void *before, void *after)
{
    const Ledger__Supervisor *was = before, *now = after;
    const Ledger__Entry *entry = ledger_find(d->view, now->premises);
    if (now->name[0] == '\0')
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "a supervisor of %s needs a name",
                         now->premises);
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (is_same_person(entry->supervisors[i], now) &&
            !is_same_person(entry->supervisors[i], was))
            return lq_reject(d, LEDGER__REJECT__SUPERVISOR_ASSIGNED,
                             "%s (%s) supervises %s already", now->name, now->unit, now->premises);
    return LQ_ACCEPT;
}

void ledger_supervisor_changed(struct lq_view *tables, const struct lq_thing *thing,
                               const char *number, const void *before, const void *after)
{
    const Ledger__Supervisor *was = before;
    Ledger__Entry entry = ledger_copy(tables, was->premises);
    Ledger__Supervisor **pair =
        LQ_NEW_ARRAY(lq_view_arena(tables), Ledger__Supervisor *, entry.n_supervisors);
    size_t count = 0;
    for (size_t i = 0; i < entry.n_supervisors; i++) {
        if (!is_same_person(entry.supervisors[i], was))
            pair[count++] = entry.supervisors[i];
        else if (after != NULL)
            pair[count++] = lq_unconst(after);
    }
    entry.supervisors = pair;
    entry.n_supervisors = count;
    ledger_save(tables, &entry);
}
