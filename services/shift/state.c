// The tables, and how each event changes them. Everybody in a team stands in two tables, so that a
// team's people are found without walking the whole force.
#include "shift.h"

const struct lq_table shift_table_people = {"people", &shift__person__descriptor};
const struct lq_table shift_table_teams = {"teams", &shift__person__descriptor};
const struct lq_table shift_table_rota = {"rota", &shift__shift__descriptor};

static struct lq_key in_team(const Shift__Person *p)
{
    return lq_key_then_text(lq_key_text(p->team), p->badge);
}

void shift_person_registered(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Shift__Person *p = event;
    const Shift__Person *before = lq_find(tables, &shift_table_people, lq_key_text(p->badge));
    if (before != NULL && before->team[0] != '\0' && strcmp(before->team, p->team) != 0)
        lq_erase(tables, &shift_table_teams, in_team(before));
    lq_save(tables, &shift_table_people, lq_key_text(p->badge), &p->base);
    if (p->team[0] != '\0')
        lq_save(tables, &shift_table_teams, in_team(p), &p->base);
}

// ---------------------------------------------------------------- the rota around an instant

// Starts are positive; an instant before 1970 lies before them all, as 0 does.
static struct lq_key rota_key(int64_t at_ms)
{
    return lq_key_number(at_ms > 0 ? (uint64_t)at_ms : 0);
}

const Shift__Shift *shift_before(struct lq_view *view, int64_t at_ms)
{
    struct lq_scan s = lq_scan_backwards(view, &shift_table_rota, lq_key_none());
    s.key = rota_key(at_ms); // as if the walk had come down to here
    return lq_scan_next(&s) ? s.row : NULL;
}

const Shift__Shift *shift_from(struct lq_view *view, int64_t at_ms)
{
    struct lq_scan s = lq_scan_from(view, &shift_table_rota, lq_key_none(), rota_key(at_ms), false);
    return lq_scan_next(&s) ? s.row : NULL;
}

// ---------------------------------------------------------------- invariants

// Everybody in a team stands in the table of teams, as the same row says.
static unsigned check_people(struct lq_view *view)
{
    unsigned in_teams = 0;
    for (struct lq_scan s = lq_scan(view, &shift_table_people, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Person *p = s.row;
        LQ_ASSERT(p->role != LQ__ROLE__LEAD || p->team[0] != '\0');
        if (p->team[0] == '\0')
            continue;
        const Shift__Person *member = lq_find(view, &shift_table_teams, in_team(p));
        LQ_ASSERT(member != NULL && member->role == p->role);
        LQ_ASSERT(strcmp(member->group, p->group) == 0);
        in_teams++;
    }
    return in_teams;
}

// Nobody else does; and a team has one group and at most one lead.
static void check_teams(struct lq_view *view, unsigned in_teams)
{
    const Shift__Person *previous = NULL;
    unsigned rows = 0, leads = 0;
    for (struct lq_scan s = lq_scan(view, &shift_table_teams, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Person *p = s.row;
        const bool same_team = previous != NULL && strcmp(previous->team, p->team) == 0;
        LQ_ASSERT(!same_team || strcmp(previous->group, p->group) == 0);
        leads = (same_team ? leads : 0) + (p->role == LQ__ROLE__LEAD ? 1 : 0);
        LQ_ASSERT(leads <= 1);
        previous = p;
        rows++;
    }
    LQ_ASSERT(rows == in_teams);
}

static void check_rota(struct lq_view *view)
{
    int64_t free_from_ms = 0;
    for (struct lq_scan s = lq_scan(view, &shift_table_rota, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Shift *shift = s.row;
        LQ_ASSERT(shift->starts_at_ms >= free_from_ms);
        LQ_ASSERT(shift->ends_at_ms > shift->starts_at_ms);
        LQ_ASSERT(shift->ends_at_ms - shift->starts_at_ms <= SHIFT_LONGEST_MS);
        free_from_ms = shift->ends_at_ms;
    }
}

void shift_check(struct lq_view *view)
{
    check_teams(view, check_people(view));
    check_rota(view);
}

void shift_person_amended(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    shift_person_registered(tables, what, event);
}

void shift_shift_planned(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Shift__Shift *row = event;
    lq_save(tables, &shift_table_rota, lq_key_number((uint64_t)row->starts_at_ms), &row->base);
}
