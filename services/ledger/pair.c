// Who the two supervisors of premises are at an instant. An entry keeps everybody who has been one,
// each from then until then (half open), in the order in which they are told; whom another stands
// in for is none of the pair meanwhile, and is one again when that is over.
#include "ledger.h"

bool ledger_covers(const Ledger__Supervisor *s, int64_t at_ms)
{
    return s->from_ms <= at_ms && (s->to_ms == 0 || at_ms < s->to_ms);
}

static bool is_stood_in_for(const Ledger__Entry *entry, const Ledger__Supervisor *of, int64_t at_ms)
{
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (strcmp(entry->supervisors[i]->stands_in_for, of->number) == 0 &&
            ledger_covers(entry->supervisors[i], at_ms))
            return true;
    return false;
}

bool ledger_is_of_pair(const Ledger__Entry *entry, const Ledger__Supervisor *s, int64_t at_ms)
{
    return ledger_covers(s, at_ms) && !is_stood_in_for(entry, s, at_ms);
}

size_t ledger_pair_at(struct lq_arena *arena, const Ledger__Entry *entry, int64_t at_ms,
                      Ledger__Supervisor ***pair)
{
    size_t count = 0;
    *pair = LQ_NEW_ARRAY(arena, Ledger__Supervisor *, entry->n_supervisors);
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (ledger_is_of_pair(entry, entry->supervisors[i], at_ms))
            (*pair)[count++] = entry->supervisors[i];
    return count;
}

static bool are_too_many(struct lq_arena *arena, const Ledger__Entry *entry, int64_t at_ms)
{
    Ledger__Supervisor **pair;
    return ledger_pair_at(arena, entry, at_ms, &pair) > 2;
}

// More can be there only from an instant on at which somebody comes, or comes back.
bool ledger_too_many_at(struct lq_arena *arena, const Ledger__Entry *entry, int64_t *at_ms)
{
    bool found = false;
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        const Ledger__Supervisor *s = entry->supervisors[i];
        const int64_t back_ms = s->stands_in_for[0] != '\0' ? s->to_ms : s->from_ms;
        for (int64_t instant = s->from_ms;; instant = back_ms) {
            if ((!found || instant < *at_ms) && are_too_many(arena, entry, instant)) {
                *at_ms = instant;
                found = true;
            }
            if (instant == back_ms)
                break;
        }
    }
    return found;
}

const Ledger__Supervisor *ledger_supervisor_numbered(const Ledger__Entry *entry, const char *number)
{
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (strcmp(entry->supervisors[i]->number, number) == 0)
            return entry->supervisors[i];
    return NULL;
}

// By number, badge or name; *several: two of the pair are called so.
const Ledger__Supervisor *ledger_supervisor_called(const Ledger__Entry *entry, const char *called,
                                                   const char *unit, int64_t at_ms, bool *several)
{
    const Ledger__Supervisor *found = NULL;
    *several = false;
    for (size_t i = 0; i < entry->n_supervisors; i++) {
        const Ledger__Supervisor *s = entry->supervisors[i];
        if (!ledger_is_of_pair(entry, s, at_ms))
            continue;
        if (strcmp(s->number, called) == 0)
            return s;
        if ((strcmp(s->name, called) != 0 && strcmp(s->person, called) != 0) ||
            (unit[0] != '\0' && strcmp(s->unit, unit) != 0))
            continue;
        *several = found != NULL;
        if (found == NULL)
            found = s;
    }
    return found;
}

// "郑彬桂 (since 2015-03-01 09:00:00)"; of who counts from always, and whose end is not known, the
// name alone.
const char *ledger_supervisor_told(struct lq_arena *arena, const Ledger__Supervisor *s)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    const bool has_from = s->from_ms > 0, has_to = s->to_ms != 0;
    return lq_arena_format(
        arena, "%s%s%s%s%s%s", s->name, has_from || has_to ? " (" : "",
        has_from ? lq_format_local(s->from_ms, from) : "", has_from || has_to ? " – " : "",
        has_to ? lq_format_local(s->to_ms, to) : "", has_from || has_to ? ")" : "");
}
