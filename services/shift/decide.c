// The rules: who may stand on the roster, and which shifts may stand on the rota.
#include "shift.h"

// ---------------------------------------------------------------- people

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
    const struct lq_verdict lead = check_lead(d, p);
    return lead.code != 0 ? lead : check_group(d, p);
}

struct lq_verdict shift_register_person(struct lq_decision *d, const void *command)
{
    const Shift__Person *p = command;
    struct lq_verdict verdict = check_fields(d, p);
    if (verdict.code != 0)
        return verdict;
    const Shift__Person *known = lq_find(d->view, &shift_table_people, lq_key_text(p->badge));
    if (known != NULL)
        return lq_reject(d, SHIFT__REJECT__PERSON_KNOWN, "%s is registered already, as %s of %s",
                         p->badge, known->name, known->unit[0] != '\0' ? known->unit : "no unit");
    verdict = check_team(d, p);
    if (verdict.code != 0)
        return verdict;

    lq_emit(d, SHIFT__EVENT__BODY_PERSON_REGISTERED, &p->base);
    lq_number(d, p->badge);
    return LQ_ACCEPT;
}

struct lq_verdict shift_amend_person(struct lq_decision *d, const void *command)
{
    const Shift__Person *p = command;
    struct lq_verdict verdict = check_fields(d, p);
    if (verdict.code != 0)
        return verdict;
    if (!lq_exists(d->view, &shift_table_people, lq_key_text(p->badge)))
        return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN,
                         "%s is not registered; register the person first", p->badge);
    verdict = check_team(d, p);
    if (verdict.code != 0)
        return verdict;

    lq_emit(d, SHIFT__EVENT__BODY_PERSON_AMENDED, &p->base);
    lq_number(d, p->badge);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- shifts

static struct lq_verdict check_length(struct lq_decision *d, const Shift__Shift *s)
{
    // Later times than this have no calendar date of four figures, and sums of them may overflow.
    const int64_t year_10000_ms = lq_day_start_ms(lq_day_from_date(10000, 1, 1));
    if (s->group[0] == '\0')
        return lq_reject(d, SHIFT__REJECT__FIELD_MISSING, "a shift needs a group to be on duty");
    if (s->starts_at_ms <= 0 || s->ends_at_ms <= 0 || s->starts_at_ms >= year_10000_ms ||
        s->ends_at_ms >= year_10000_ms)
        return lq_reject(d, SHIFT__REJECT__FIELD_MISSING,
                         "the shift of group %s needs a start and an end, between the years 1970 "
                         "and 9999",
                         s->group);

    char start[LQ_TIME_TEXT], end[LQ_TIME_TEXT];
    lq_format_local(s->starts_at_ms, start);
    lq_format_local(s->ends_at_ms, end);
    if (s->ends_at_ms <= s->starts_at_ms)
        return lq_reject(d, SHIFT__REJECT__SHIFT_WITHOUT_LENGTH,
                         "a shift that starts at %s cannot end at %s: the end must be later", start,
                         end);
    if (s->ends_at_ms - s->starts_at_ms > SHIFT_LONGEST_MS)
        return lq_reject(d, SHIFT__REJECT__SHIFT_TOO_LONG,
                         "a shift from %s to %s is longer than 24 hours", start, end);
    return LQ_ACCEPT;
}

static struct lq_verdict reject_overlap(struct lq_decision *d, const Shift__Shift *planned,
                                        const Shift__Shift *wanted)
{
    char start[LQ_TIME_TEXT], end[LQ_TIME_TEXT];
    lq_format_local(planned->starts_at_ms, start);
    lq_format_local(planned->ends_at_ms, end);
    if (planned->starts_at_ms == wanted->starts_at_ms &&
        planned->ends_at_ms == wanted->ends_at_ms && strcmp(planned->group, wanted->group) == 0)
        return lq_reject(d, SHIFT__REJECT__SHIFT_OVERLAPS,
                         "this very shift of group %s, %s to %s, is planned already", wanted->group,
                         start, end);
    return lq_reject(d, SHIFT__REJECT__SHIFT_OVERLAPS,
                     "group %s is on duty from %s to %s; a shift of group %s may end when that one "
                     "starts or start when it ends",
                     planned->group, start, end, wanted->group);
}

// Planned shifts do not overlap, so only the two neighbours of the new one can.
static struct lq_verdict check_overlap(struct lq_decision *d, const Shift__Shift *s)
{
    const Shift__Shift *earlier = shift_before(d->view, s->starts_at_ms);
    if (earlier != NULL && earlier->ends_at_ms > s->starts_at_ms)
        return reject_overlap(d, earlier, s);
    const Shift__Shift *later = shift_from(d->view, s->starts_at_ms);
    if (later != NULL && later->starts_at_ms < s->ends_at_ms)
        return reject_overlap(d, later, s);
    return LQ_ACCEPT;
}

struct lq_verdict shift_plan_shift(struct lq_decision *d, const void *command)
{
    const Shift__Shift *s = command;
    struct lq_verdict verdict = check_length(d, s);
    if (verdict.code == 0)
        verdict = check_overlap(d, s);
    if (verdict.code != 0)
        return verdict;

    Shift__Shift planned = *s;
    if (planned.date_day == 0)
        planned.date_day = lq_day_of(planned.starts_at_ms);
    lq_emit(d, SHIFT__EVENT__BODY_SHIFT_PLANNED, &planned.base);
    return LQ_ACCEPT;
}
