// The department that somebody was of when it happened: by the roster as it is written down now,
// whose rows are dated.
#include "shift/replica/roster.h"
#include "stats.h"

#define UNKNOWN "unknown"

static const char *department_of(const Shift__Person *person)
{
    return person != NULL && person->unit[0] != '\0' ? person->unit : UNKNOWN;
}

const char *stats_department_at(struct lq_view *view, const Stats__Entry *entry)
{
    return stats_is_state(entry->figure)
               ? UNKNOWN
               : department_of(lq_roster_person_at(view, entry->person, entry->at_ms));
}

// ---------------------------------------------------------------- many entries

// From then on, until the next.
struct tenure {
    int64_t from_ms;
    uint32_t department;
};

struct person {
    struct tenure *tenures; // NULL: not looked up yet
    size_t count;
};

struct stats_departments {
    struct lq_reading *r;
    const char **names; // by number less one
    size_t count, room;
    struct person *people;
};

static void grow(struct stats_departments *all)
{
    const char **before = all->names;
    all->room = all->room == 0 ? 16 : 2 * all->room;
    all->names = LQ_NEW_ARRAY(all->r->arena, const char *, all->room);
    if (all->count > 0)
        memcpy(all->names, before, all->count * sizeof *before);
}

uint32_t stats_department_named(const struct stats_departments *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->names[i], name) == 0)
            return (uint32_t)i + 1;
    return 0;
}

const char *stats_department_name(const struct stats_departments *all, uint32_t number)
{
    return all->names[number - 1];
}

// A force has some ten or twenty.
static uint32_t number_of(struct stats_departments *all, const char *name)
{
    const uint32_t known = stats_department_named(all, name);
    if (known != 0)
        return known;
    if (all->count == all->room)
        grow(all);
    all->names[all->count++] = lq_arena_text(all->r->arena, name);
    return (uint32_t)all->count;
}

struct stats_departments *stats_departments_new(struct lq_reading *r, size_t people)
{
    struct stats_departments *all = LQ_NEW(r->arena, struct stats_departments);
    all->r = r;
    all->people = LQ_NEW_ARRAY(r->arena, struct person, people + 1);
    number_of(all, UNKNOWN); // 1: that of nobody
    return all;
}

// (What is entered of somebody is a row or two. An entry without a badge is nobody's: no roster row
// has an empty one.)
static void look_up(struct stats_departments *all, struct person *person, const char *badge)
{
    struct lq_scan s = lq_scan(all->r->view, &lq_roster_dated, lq_key_text(badge));
    size_t rows = 0;
    for (struct lq_scan count = s; lq_scan_next(&count);)
        rows++;
    person->tenures = LQ_NEW_ARRAY(all->r->arena, struct tenure, rows + 1);
    while (lq_scan_next(&s)) {
        const Shift__Person *row = s.row;
        person->tenures[person->count++] =
            (struct tenure){row->from_ms, number_of(all, department_of(row))};
    }
}

uint32_t stats_department_of(struct stats_departments *all, uint32_t person, const char *badge,
                             int64_t at_ms)
{
    struct person *him = &all->people[person];
    if (him->tenures == NULL)
        look_up(all, him, badge);
    size_t begun = him->count;
    while (begun > 0 && him->tenures[begun - 1].from_ms > at_ms)
        begun--;
    return begun > 0 ? him->tenures[begun - 1].department : number_of(all, UNKNOWN);
}
