// People: who may stand on the roster, and in which team, and since when. What is entered counts
// from when it happened until the person's next row begins: an amendment dated between two rows
// holds between them. The tables are those of replica/roster.h, so that shift and its followers
// know the same.
#include "shift.h"

static bool is_role_of_people(Lq__Role role)
{
    return role != LQ__ROLE__ROLE_UNSPECIFIED && role != LQ__ROLE__SERVICE &&
           role != LQ__ROLE__NEWCOMER;
}

// A name that begins with '@' is a service's; no person may be taken for one.
static bool is_badge(const char *text)
{
    return lq_pb_identifier(text) && text[0] != '@';
}

static struct lq_verdict check_rank(struct lq_decision *d, const Shift__Person *p)
{
    if (p->rank == SHIFT__RANK__DEPUTY_LEAD && (p->team[0] == '\0' || p->role == LQ__ROLE__LEAD))
        return lq_reject(d, SHIFT__REJECT__RANK_UNFIT,
                         "%s cannot be a deputy: that is an officer of a team who is not its lead",
                         p->badge);
    if (p->rank == SHIFT__RANK__DESK_CHIEF && p->role != LQ__ROLE__DESK)
        return lq_reject(d, SHIFT__REJECT__RANK_UNFIT,
                         "%s cannot be a desk chief: that is one of those at the desk", p->badge);
    return LQ_ACCEPT;
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
        return lq_reject(
            d, missing,
            "%s needs a role: commander, head, desk, liaison, clerk, inspector, admin, "
            "lead, officer, reviewer or gateway",
            p->badge);
    for (size_t i = 0; i < p->n_also; i++)
        if (!is_role_of_people(p->also[i]))
            return lq_reject(d, missing, "%s cannot also be nothing, or a service", p->badge);
    LQ_TRY(check_rank(d, p));
    if (p->certificate_until_day != 0 && p->certificate[0] == '\0')
        return lq_reject(d, missing, "%s has a certificate until a day: which number does it bear?",
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

// The time for which a row holds: from its start until the person's next row.
struct span_of_time {
    int64_t from_ms, until_ms;
};

// When the first of the person's rows behind that instant begins.
static int64_t next_row_ms(struct lq_view *view, const char *badge, int64_t from_ms)
{
    const struct lq_key person = lq_key_text(badge);
    const struct lq_key from = lq_key_then_number(person, (uint64_t)from_ms);
    struct lq_scan s = lq_scan_from(view, &lq_roster_dated, person, from, true);
    return lq_scan_next(&s) ? ((const Shift__Person *)s.row)->from_ms : INT64_MAX;
}

// What keeps somebody from being in the team for that time: another lead, or another group.
enum obstacle { OTHER_LEAD, OTHER_GROUP };

static bool is_in_the_way(const Shift__Person *p, const Shift__Person *other,
                          enum obstacle obstacle)
{
    if (strcmp(other->team, p->team) != 0)
        return false;
    return obstacle == OTHER_LEAD ? p->role == LQ__ROLE__LEAD && other->role == LQ__ROLE__LEAD
                                  : strcmp(other->group, p->group) != 0;
}

// The row of that member of the team, if one is in the way at any time of the span; until when.
static const Shift__Person *row_in_the_way(struct lq_decision *d, const Shift__Person *p,
                                           const char *member, struct span_of_time span,
                                           enum obstacle obstacle, int64_t *until_ms)
{
    struct lq_scan s = lq_scan(d->view, &lq_roster_dated, lq_key_text(member));
    while (lq_scan_next(&s)) {
        const Shift__Person *row = s.row;
        if (row->from_ms >= span.until_ms)
            return NULL;
        *until_ms = next_row_ms(d->view, member, row->from_ms);
        if (*until_ms > span.from_ms && is_in_the_way(p, row, obstacle))
            return row;
    }
    return NULL;
}

static const Shift__Person *find_in_the_way(struct lq_decision *d, const Shift__Person *p,
                                            struct span_of_time span, enum obstacle obstacle,
                                            int64_t *until_ms)
{
    struct lq_scan s = lq_scan(d->view, &lq_roster_teams, lq_key_text(p->team));
    while (lq_scan_next(&s)) {
        const char *member = ((const Shift__TeamMember *)s.row)->badge;
        if (strcmp(member, p->badge) == 0)
            continue;
        const Shift__Person *row = row_in_the_way(d, p, member, span, obstacle, until_ms);
        if (row != NULL)
            return row;
    }
    return NULL;
}

static struct lq_verdict check_lead(struct lq_decision *d, const Shift__Person *p,
                                    struct span_of_time span)
{
    int64_t until_ms;
    const Shift__Person *lead = find_in_the_way(d, p, span, OTHER_LEAD, &until_ms);
    if (lead == NULL)
        return LQ_ACCEPT;
    const int code = SHIFT__REJECT__TEAM_HAS_LEAD;
    if (until_ms == INT64_MAX)
        return lq_reject(d, code, "team %s is led by %s %s; amend that person first", p->team,
                         lead->badge, lead->name);
    char until[LQ_TIME_TEXT];
    return lq_reject(d, code,
                     "team %s was led by %s %s until %s; let this begin then, or amend that person "
                     "first",
                     p->team, lead->badge, lead->name, lq_format_local(until_ms, until));
}

// A team is on duty with its group, so its people cannot be in two. The last one who is left in a
// team may change and take the team along.
static struct lq_verdict check_group(struct lq_decision *d, const Shift__Person *p,
                                     struct span_of_time span)
{
    int64_t until_ms;
    const Shift__Person *member = find_in_the_way(d, p, span, OTHER_GROUP, &until_ms);
    if (member == NULL)
        return LQ_ACCEPT;
    const int code = SHIFT__REJECT__TEAM_OF_OTHER_GROUP;
    if (until_ms == INT64_MAX)
        return lq_reject(d, code,
                         "%s cannot be in group %s: %s %s and with that all of team %s is in "
                         "group %s",
                         p->badge, p->group, member->badge, member->name, p->team, member->group);
    char until[LQ_TIME_TEXT];
    return lq_reject(d, code,
                     "%s cannot be in group %s: %s %s and with that all of team %s was in group %s "
                     "until %s",
                     p->badge, p->group, member->badge, member->name, p->team, member->group,
                     lq_format_local(until_ms, until));
}

// A team has one group and at most one lead at any time, and so for all of the time that the row
// is to hold for.
static struct lq_verdict check_team(struct lq_decision *d, const Shift__Person *p, int64_t from_ms)
{
    if (p->team[0] == '\0' && p->role == LQ__ROLE__LEAD)
        return lq_reject(d, SHIFT__REJECT__LEAD_WITHOUT_TEAM,
                         "%s cannot be a lead without a team to lead", p->badge);
    if (p->team[0] == '\0')
        return LQ_ACCEPT;
    const struct span_of_time span = {from_ms, next_row_ms(d->view, p->badge, from_ms)};
    LQ_TRY(check_lead(d, p, span));
    return check_group(d, p, span);
}

// From now on somebody is of another unit, team or group, or of none.
void shift_doubt_cover_from(struct lq_decision *d, int64_t from_ms)
{
    const int64_t now_ms = d->facts->now_ms;
    shift_doubt_cover(d, from_ms > now_ms ? from_ms : now_ms, LQ_TIME_LATEST_MS);
}

static void emit_person(struct lq_decision *d, unsigned variant, const Shift__Person *p,
                        int64_t from_ms)
{
    Shift__Person dated = *p;
    shift_doubt_cover_from(d, from_ms);
    dated.from_ms = from_ms;
    dated.in_every_row = dated.voided = false;
    lq_emit(d, variant, &dated.base);
    lq_number(d, p->badge);
}

struct lq_verdict shift_register_person(struct lq_decision *d, const void *command)
{
    Shift__Person numbered = *(const Shift__Person *)command;
    numbered.badge = lq_number_or_next(d, numbered.badge, &lq_roster_people, "P1001");
    const Shift__Person *p = &numbered;
    LQ_TRY(check_fields(d, p));
    const Shift__Person *known = lq_roster_person(d->view, p->badge);
    if (known != NULL && known->unit[0] == '\0')
        return lq_reject(d, SHIFT__REJECT__PERSON_KNOWN,
                         "%s is registered already, as %s of no unit", p->badge, known->name);
    if (known != NULL)
        return lq_reject(d, SHIFT__REJECT__PERSON_KNOWN, "%s is registered already, as %s of %s",
                         p->badge, known->name, known->unit);
    LQ_TRY(lq_need_unvoided(d, LQ_COMMON(THING_VOID), &lq_roster_people, p->badge));
    const int64_t from_ms = p->from_beginning ? 0 : d->facts->occurred_ms;
    LQ_TRY(check_team(d, p, from_ms));
    emit_person(d, SHIFT__EVENT__BODY_PERSON_REGISTERED, p, from_ms);
    return LQ_ACCEPT;
}

struct lq_verdict shift_amend_person(struct lq_decision *d, const void *command)
{
    const Shift__Person *p = command;
    LQ_TRY(check_fields(d, p));
    if (lq_roster_person(d->view, p->badge) == NULL)
        return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN,
                         "%s is not registered; register the person first", p->badge);
    LQ_TRY(check_team(d, p, d->facts->occurred_ms));
    emit_person(d, SHIFT__EVENT__BODY_PERSON_AMENDED, p, d->facts->occurred_ms);
    return LQ_ACCEPT;
}

// Whoever leaves is in no team and holds no role; what he did stays under his name. amend_person
// brings him back.
struct lq_verdict shift_leave_person(struct lq_decision *d, const void *command)
{
    const Shift__LeavePerson *c = command;
    const int64_t at_ms = d->facts->occurred_ms;
    const Shift__Person *p = lq_roster_person_at(d->view, c->badge, at_ms);
    if (p == NULL)
        return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN, "nobody with badge %s is registered",
                         c->badge);
    char day[LQ_TIME_TEXT];
    if (p->left_day != 0)
        return lq_reject(d, SHIFT__REJECT__PERSON_HAS_LEFT, "%s %s left on %s already", p->badge,
                         p->name, lq_format_day(p->left_day, day));
    Shift__PersonLeft *left = lq_pb_project(d->arena, &shift__person_left__descriptor, p);
    left->left_day = lq_day_of(at_ms);
    left->from_ms = at_ms;
    shift_doubt_cover_from(d, at_ms);
    lq_emit(d, SHIFT__EVENT__BODY_PERSON_LEFT, &left->base);
    lq_number(d, p->badge);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the tables

void shift_person_registered(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    lq_roster_keep(tables, what,
                   lq_pb_project(lq_view_arena(tables), &shift__person__descriptor, event));
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

static struct lq_key in_team(const Shift__Person *p)
{
    return lq_key_then_text(lq_key_text(p->team), p->badge);
}

// The rows of a person follow each other, and the last of them is what he is.
static void check_rows(struct lq_view *view, const Shift__Person *person)
{
    const Shift__Person *last = NULL;
    struct lq_scan s = lq_scan(view, &lq_roster_dated, lq_key_text(person->badge));
    while (lq_scan_next(&s)) {
        const Shift__Person *p = s.row;
        LQ_ASSERT(last == NULL || last->from_ms < p->from_ms);
        LQ_ASSERT(p->role != LQ__ROLE__LEAD || p->team[0] != '\0');
        LQ_ASSERT((p->left_day != 0) == (p->role == LQ__ROLE__ROLE_UNSPECIFIED));
        LQ_ASSERT(p->team[0] == '\0' || lq_exists(view, &lq_roster_teams, in_team(p)));
        last = p;
    }
    LQ_ASSERT(last != NULL && last->from_ms == person->from_ms);
    LQ_ASSERT(last->role == person->role && strcmp(last->team, person->team) == 0 &&
              strcmp(last->group, person->group) == 0);
}

// A team has one group and at most one lead. (Of what was recorded before rows were dated that is
// known only of how people are since their last change.)
static void check_teams(struct lq_view *view)
{
    const Shift__Person *previous = NULL;
    unsigned leads = 0;
    for (struct lq_scan s = lq_scan(view, &lq_roster_teams, lq_key_none()); lq_scan_next(&s);) {
        const Shift__TeamMember *member = s.row;
        const Shift__Person *p = lq_roster_person(view, member->badge);
        LQ_ASSERT(p != NULL);
        if (strcmp(p->team, member->team) != 0)
            continue;
        const bool same_team = previous != NULL && strcmp(previous->team, p->team) == 0;
        LQ_ASSERT(!same_team || strcmp(previous->group, p->group) == 0);
        leads = (same_team ? leads : 0) + (p->role == LQ__ROLE__LEAD ? 1 : 0);
        LQ_ASSERT(leads <= 1);
        previous = p;
    }
}

// ---------------------------------------------------------------- answers

static bool is_asked_for(struct lq_reading *r, const Shift__People *q, const Shift__Person *p)
{
    return (q->team[0] == '\0' || strcmp(q->team, p->team) == 0) &&
           (q->group[0] == '\0' || strcmp(q->group, p->group) == 0) &&
           (q->role == LQ__ROLE__ROLE_UNSPECIFIED || q->role == p->role) &&
           (!q->on_duty ||
            lq_duty_at(r->view, p->badge, q->at_ms != 0 ? q->at_ms : r->now_ms, NULL));
}

// The people as they are, or as they were at the time that is asked for.
static const Shift__Person *as_of(struct lq_reading *r, const Shift__Person *p, int64_t at_ms)
{
    return at_ms == 0 ? p : lq_roster_person_at(r->view, p->badge, at_ms);
}

static void walk_people(struct lq_reading *r, const Shift__People *q, struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &lq_roster_people, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Shift__Person *p = as_of(r, s.row, q->at_ms);
        if (p != NULL && is_asked_for(r, q, p) && !lq_rows_add(rows, p))
            break;
    }
}

void shift_list_people(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__People *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    const Shift__Person *named = lq_roster_person(r->view, q->badge);
    if (named != NULL)
        named = as_of(r, named, q->at_ms);
    if (q->badge[0] == '\0')
        walk_people(r, q, &rows);
    else if (named != NULL && is_asked_for(r, q, named))
        lq_rows_add(&rows, named);

    lq_rows_answer(&rows, answer);
}

void shift_show_history(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__History *q = query;
    struct lq_rows rows = lq_rows(r->arena, 0);
    if (lq_roster_person(r->view, q->badge) != NULL) {
        struct lq_scan s = lq_scan(r->view, &lq_roster_dated, lq_key_text(q->badge));
        while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
            continue;
    }
    lq_rows_answer(&rows, answer);
}

void shift_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &lq_roster_people, lq_key_none()); lq_scan_next(&s);)
        check_rows(view, s.row);
    check_teams(view);
    shift_check_rota(view);
    shift_check_absences(view);
    shift_check_swaps(view);
    lq_clocks_check(view);
    lq_steps_check(&lq_service_shift, view);
}
