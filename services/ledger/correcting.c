// Corrections of supervisors. One is named by the premises and his place or his name: "E0061/1",
// "E0061/王小丽"; by name where only one of those that the premises have had is called so.
#include "ledger.h"
#include "service/need.h"

static const Ledger__Supervisor *named(const Ledger__Entry *entry, const char *part)
{
    const Ledger__Supervisor *found = NULL;
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        const Ledger__Supervisor *s = entry->supervisors[i];
        const char *place = strrchr(s->number, '/');
        if (place != NULL && strcmp(place + 1, part) == 0)
            return s;
        if (strcmp(s->name, part) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = s;
    }
    return found;
}

const void *ledger_find_supervisor(struct lq_view *view, const struct lq_thing *thing,
                                   const char *number)
{
    const Ledger__Entry *entry = ledger_find(view, lq_thing_part(view, thing, number, 0));
    return entry != NULL ? named(entry, lq_thing_part(view, thing, number, 1)) : NULL;
}

Ledger__Entry ledger_with_supervisor(struct lq_arena *arena, const Ledger__Entry *entry,
                                     const char *number, Ledger__Supervisor *after)
{
    Ledger__Entry changed = *entry;
    changed.supervisors = LQ_NEW_ARRAY(arena, Ledger__Supervisor *, entry->n_supervisors);
    changed.n_supervisors = 0;
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        const bool is_he = strcmp(entry->supervisors[i]->number, number) == 0;
        if (!is_he || after != NULL)
            changed.supervisors[changed.n_supervisors++] = is_he ? after : entry->supervisors[i];
    }
    return changed;
}

static struct lq_verdict need_other_person(struct lq_decision *d, const Ledger__Entry *entry,
                                           const Ledger__Supervisor *now)
{
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        const Ledger__Supervisor *s = entry->supervisors[i];
        if (strcmp(s->number, now->number) != 0 && strcmp(s->name, now->name) == 0 &&
            strcmp(s->unit, now->unit) == 0 && ledger_overlap(s, now))
            return lq_reject(d, LEDGER__REJECT__SUPERVISOR_ASSIGNED,
                             "%s (%s) supervises %s already", now->name, now->unit, now->premises);
    }
    return LQ_ACCEPT;
}

struct lq_verdict ledger_check_supervisor_correction(struct lq_decision *d, const char *number,
                                                     const void *before, void *after)
{
    (void)number, (void)before;
    Ledger__Supervisor *now = after;
    const Ledger__Entry *entry = ledger_find(d->view, now->premises);
    if (now->name[0] == '\0')
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "a supervisor of %s needs a name",
                         now->premises);
    LQ_TRY(need_other_person(d, entry, now));
    if (now->to_ms != 0 && now->to_ms <= now->from_ms)
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "%s is a supervisor of %s until a time that is not after its start",
                         now->name, now->premises);
    const Ledger__Entry changed = ledger_with_supervisor(d->arena, entry, now->number, now);
    return ledger_need_pair(d, &changed, now);
}

struct lq_verdict ledger_check_supervisor_void(struct lq_decision *d, const char *number,
                                               const void *thing)
{
    (void)number;
    const Ledger__Supervisor *gone = thing;
    const Ledger__Entry *entry = ledger_find(d->view, gone->premises);
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (strcmp(entry->supervisors[i]->stands_in_for, gone->number) == 0)
            return lq_reject(d, LQ_COMMON(STILL_NEEDED), "%s stands in for %s: void that first",
                             entry->supervisors[i]->name, gone->name);
    const Ledger__Entry changed = ledger_with_supervisor(d->arena, entry, gone->number, NULL);
    return ledger_need_pair(d, &changed, gone);
}

void ledger_supervisor_changed(struct lq_view *tables, const struct lq_thing *thing,
                               const char *number, const void *before, const void *after)
{
    (void)thing, (void)number;
    const Ledger__Supervisor *was = before;
    const Ledger__Entry entry = ledger_copy(tables, was->premises);
    const Ledger__Entry changed =
        ledger_with_supervisor(lq_view_arena(tables), &entry, was->number, lq_unconst(after));
    ledger_save(tables, &changed);
}
