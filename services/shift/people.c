// People: who may stand on the roster, and in which team. Everybody in a team stands in two tables,
// so that a team's people are found without walking the whole force.
#include "shift.h"

const struct lq_table shift_table_people = {"people", &shift__person__descriptor};
const struct lq_table shift_table_teams = {"teams", &shift__person__descriptor};

static bool is_role_of_people(Lq__Role role)
{
    return role != LQ__ROLE__ROLE_UNSPECIFIED && role != LQ__ROLE__SERVICE;
}

// A name that begins with '@' is a service's; no person may be taken for one.
static bool is_badge(const char *text)
{
    return lq_pb_identifier(text) && text[0] != '@';
}

static struct lq_verdict check_fields(struct lq_decision *d, const Shift__Person *p)
{
    const int missing = SHIFT__REJECT__FIELD_MISSING;
    if (!is_badge(p->badge))
        return lq_reject(d, missing,
                         "a person needs a badge: 1 to %d bytes without spaces, not "
                         "beginning with @",
                         LQ_PB_IDENTIFIER_BYTES);
    if (p->name[0] == '\0')
        return lq_reject(d, missing, "%s needs a name", p->badge);
    if (!is_role_of_people(p->role))
        return lq_reject(d, missing,
                         "%s needs a role: commander, desk, liaison, clerk, inspector, admin, "
                         "lead or officer",
                         p->badge);
    if (p->team[0] == '\0')
        return LQ_ACCEPT;
    if (!lq_pb_identifier(p->team))
        return lq_reject(d, missing, "the team of %s needs a name of 1 to %d bytes without spaces",
                         p->badge, LQ_PB_IDENTIFIER_BYTES);
    if (p->group[0] == '\0')
        return lq_reject(d, missing,
                         "%s is to join team %s, so a group must be given: without one the team "
                         "would never be on duty",
                         p->badge, p->team);
    return LQ_ACCEPT;
}

static struct lq_verdict check_lead(struct lq_decision *d, const Shift__Person *p)
{
    if (p->role != LQ__ROLE__LEAD)
        return LQ_ACCEPT;
    if (p->team[0] == '\0')
        return lq_reject(d, SHIFT__REJECT__LEAD_WITHOUT_TEAM,
                         "%s cannot be a lead without a team to lead", p->badge);
    struct lq_scan s = lq_scan(d->view, &shift_table_teams, lq_key_text(p->team));
    while (lq_scan_next(&s)) {
        const Shift__Person *member = s.row;
        if (member->role == LQ__ROLE__LEAD && strcmp(member->badge, p->badge) != 0)
            return lq_reject(d, SHIFT__REJECT__TEAM_HAS_LEAD,
                             "team %s is led by %s %s; amend that person first", p->team,
                             member->badge, member->name);
    }
    return LQ_ACCEPT;
}

// A team is on duty with its group, so its people cannot be in two. The last one who is left in a
// team may change and take the team along.
static struct lq_verdict check_group(struct lq_decision *d, const Shift__Person *p)
{
    if (p->team[0] == '\0')
        return LQ_ACCEPT;
    struct lq_scan s = lq_scan(d->view, &shift_table_teams, lq_key_text(p->team));
    while (lq_scan_next(&s)) {
        const Shift__Person *member = s.row;
        if (strcmp(member->badge, p->badge) != 0 && strcmp(member->group, p->group) != 0)
            return lq_reject(d, SHIFT__REJECT__TEAM_OF_OTHER_GROUP,
                             "%s cannot be in group %s: %s %s and with that all of team %s is in "
                             "group %s",
                             p->badge, p->group, member->badge, member->name, p->team,
                             member->group);
    }
    return LQ_ACCEPT;
}

static struct lq_verdict check_team(struct lq_decision *d, const Shift__Person *p)
{
    LQ_TRY(check_lead(d, p));
    return check_group(d, p);
}

struct lq_verdict shift_register_person(struct lq_decision *d, const void *command)
{
    Shift__Person numbered = *(const Shift__Person *)command;
    numbered.badge = lq_number_or_next(d, numbered.badge, &shift_table_people, "P1001");
    const Shift__Person *p = &numbered;
    LQ_TRY(check_fields(d, p));
    const Shift__Person *known = lq_find(d->view, &shift_table_people, lq_key_text(p->badge));
    if (known != NULL && known->unit[0] == '\0')
        return lq_reject(d, SHIFT__REJECT__PERSON_KNOWN,
                         "%s is registered already, as %s of no unit", p->badge, known->name);
    if (known != NULL)
        return lq_reject(d, SHIFT__REJECT__PERSON_KNOWN, "%s is registered already, as %s of %s",
                         p->badge, known->name, known->unit);
    LQ_TRY(check_team(d, p));

    lq_emit(d, SHIFT__EVENT__BODY_PERSON_REGISTERED, &p->base);
    lq_number(d, p->badge);
    return LQ_ACCEPT;
}

struct lq_verdict shift_amend_person(struct lq_decision *d, const void *command)
{
    const Shift__Person *p = command;
    LQ_TRY(check_fields(d, p));
    if (!lq_exists(d->view, &shift_table_people, lq_key_text(p->badge)))
        return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN,
                         "%s is not registered; register the person first", p->badge);
    LQ_TRY(check_team(d, p));

    lq_emit(d, SHIFT__EVENT__BODY_PERSON_AMENDED, &p->base);
    lq_number(d, p->badge);
    return LQ_ACCEPT;
}

// Whoever leaves is in no team and holds no role; what he did stays under his name. amend_person
// brings him back.
struct lq_verdict shift_leave_person(struct lq_decision *d, const void *command)
{
    const Shift__LeavePerson *c = command;
    const Shift__Person *p =
        lq_pb_key(c->badge) ? lq_find(d->view, &shift_table_people, lq_key_text(c->badge)) : NULL;
    if (p == NULL)
        return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN, "nobody with badge %s is registered",
                         c->badge);
    char day[LQ_TIME_TEXT];
    if (p->left_day != 0)
        return lq_reject(d, SHIFT__REJECT__PERSON_HAS_LEFT, "%s %s left on %s already", p->badge,
                         p->name, lq_format_day(p->left_day, day));
    Shift__PersonLeft *left = lq_pb_project(d->arena, &shift__person_left__descriptor, p);
    left->left_day = lq_day_of(d->facts->occurred_ms);
    lq_emit(d, SHIFT__EVENT__BODY_PERSON_LEFT, &left->base);
    lq_number(d, p->badge);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the tables

static struct lq_key in_team(const Shift__Person *p)
{
    return lq_key_then_text(lq_key_text(p->team), p->badge);
}

void shift_person_registered(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Shift__Person *p =
        lq_pb_project(lq_view_arena(tables), &shift__person__descriptor, event);
    const Shift__Person *before = lq_find(tables, &shift_table_people, lq_key_text(p->badge));
    if (before != NULL && before->team[0] != '\0' && strcmp(before->team, p->team) != 0)
        lq_erase(tables, &shift_table_teams, in_team(before));
    lq_save(tables, &shift_table_people, lq_key_text(p->badge), &p->base);
    if (p->team[0] != '\0')
        lq_save(tables, &shift_table_teams, in_team(p), &p->base);
}

void shift_person_amended(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    shift_person_registered(tables, what, event);
}

void shift_person_left(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    shift_person_registered(tables, what, event);
}

// ---------------------------------------------------------------- invariants

// Everybody in a team stands in the table of teams, as the same row says.
static unsigned check_people(struct lq_view *view)
{
    unsigned in_teams = 0;
    for (struct lq_scan s = lq_scan(view, &shift_table_people, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Person *p = s.row;
        LQ_ASSERT(p->role != LQ__ROLE__LEAD || p->team[0] != '\0');
        LQ_ASSERT((p->left_day != 0) == (p->role == LQ__ROLE__ROLE_UNSPECIFIED));
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

// ---------------------------------------------------------------- answers

static bool is_asked_for(const Shift__People *q, const Shift__Person *p)
{
    return (q->team[0] == '\0' || strcmp(q->team, p->team) == 0) &&
           (q->group[0] == '\0' || strcmp(q->group, p->group) == 0) &&
           (q->role == LQ__ROLE__ROLE_UNSPECIFIED || q->role == p->role);
}

static void find_person(struct lq_reading *r, const Shift__People *q, struct lq_rows *rows)
{
    if (!lq_pb_identifier(q->badge))
        return;
    const Shift__Person *p = lq_find(r->view, &shift_table_people, lq_key_text(q->badge));
    if (p != NULL && is_asked_for(q, p))
        lq_rows_add(rows, p);
}

static void walk_people(struct lq_reading *r, const Shift__People *q, struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &shift_table_people, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(rows, s.row))
            break;
}

void shift_list_people(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__People *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    if (q->badge[0] != '\0')
        find_person(r, q, &rows);
    else
        walk_people(r, q, &rows);

    lq_rows_answer(&rows, answer);
}

void shift_check(struct lq_view *view)
{
    check_teams(view, check_people(view));
    shift_check_rota(view);
}
