// What is known of people, dated. Badges and teams come from strangers on some of these ways (the
// runtime asks for the roles of whoever a sender names), so what cannot be a key is simply unknown.
#include "shift/replica/roster.h"

#include "pb/pb.h"
#include "rules/correct.h"

const struct lq_table lq_roster_people = {"roster_people", &shift__person__descriptor};
const struct lq_table lq_roster_dated = {"roster_dated", &shift__person__descriptor};
const struct lq_table lq_roster_teams = {"roster_teams", &shift__team_member__descriptor};

// An instant before 1970 is as early as the beginning.
static uint64_t instant(int64_t at_ms)
{
    return at_ms > 0 ? (uint64_t)at_ms : 0;
}

static struct lq_key dated_key(const char *badge, uint64_t from)
{
    return lq_key_then_number(lq_key_text(badge), from);
}

// ---------------------------------------------------------------- what an event says

static const Shift__PersonRegistered *corrected(struct lq_arena *arena,
                                                const Rules__Corrected *event)
{
    const Shift__Person *person =
        lq_corrected_thing(arena, event, "person", &shift__person__descriptor);
    if (person == NULL)
        return NULL;
    Shift__PersonRegistered *note =
        lq_pb_project(arena, &shift__person_registered__descriptor, person);
    note->in_every_row = true;
    return note;
}

// Whoever was registered by mistake: a name, for what was done under it.
static const Shift__PersonRegistered *voided(struct lq_arena *arena, const Rules__Voided *event)
{
    const Shift__Person *person = lq_voided_of(arena, event, "person", &shift__person__descriptor);
    if (person == NULL)
        return NULL;
    Shift__PersonRegistered *note = LQ_NEW(arena, Shift__PersonRegistered);
    shift__person_registered__init(note);
    note->badge = person->badge;
    note->name = person->name;
    note->unit = person->unit;
    note->voided = true;
    return note;
}

// The person that the event registers or amends, or who has left: without role and team. NULL for
// other events.
static const Shift__PersonRegistered *person_of(struct lq_arena *arena, const Shift__Event *event)
{
    switch (event->body_case) {
    case SHIFT__EVENT__BODY_PERSON_REGISTERED:
        return event->person_registered;
    case SHIFT__EVENT__BODY_PERSON_AMENDED:
        return event->person_amended;
    case SHIFT__EVENT__BODY_PERSON_LEFT:
        return lq_pb_project(arena, &shift__person_registered__descriptor, event->person_left);
    case SHIFT__EVENT__BODY_CORRECTED:
        return corrected(arena, event->corrected);
    case SHIFT__EVENT__BODY_VOIDED:
        return voided(arena, event->voided);
    case SHIFT__EVENT__BODY_SHIFT_PLANNED:
    case SHIFT__EVENT__BODY_ABSENCE_ASKED:
    case SHIFT__EVENT__BODY_SWAP_ASKED:
    case SHIFT__EVENT__BODY_STEP_TAKEN:
    case SHIFT__EVENT__BODY_COVER_DOUBTED:
    case SHIFT__EVENT__BODY_COVER_CHECKED:
    case SHIFT__EVENT__BODY_SHIFT_BEGUN:
    case SHIFT__EVENT__BODY_SHIFT_ENDED:
    case SHIFT__EVENT__BODY_ROLL_CALLED:
    case SHIFT__EVENT__BODY_CLOCK_RANG:
    case SHIFT__EVENT__BODY_CLOCK_TAKEN:
    case SHIFT__EVENT__BODY_CLOCKS_RECOUNTED:
    case SHIFT__EVENT__BODY_ATTACHED:
    case SHIFT__EVENT__BODY__NOT_SET:
    case _SHIFT__EVENT__BODY__CASE_IS_INT_SIZE:
        return NULL;
    }
    LQ_UNREACHABLE();
}

// A badge or team that cannot be a key is none of shift's.
static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Shift__PersonRegistered *person = person_of(arena, event);
    return person != NULL && lq_pb_key(person->badge) &&
                   strlen(person->team) <= LQ_PB_IDENTIFIER_BYTES
               ? &person->base
               : NULL;
}

// Events of before have no date of their own. A registration counts from the beginning, as it did;
// a change from when it happened, and in the order in which changes were recorded.
static int64_t since_when(const struct lq_occurrence *what, const Shift__Person *said,
                          const Shift__Person *before)
{
    if (said->from_ms > 0)
        return said->from_ms;
    if (before == NULL)
        return 0;
    return what->occurred_ms > before->from_ms ? what->occurred_ms : before->from_ms;
}

// A slip of the pen was one in every row: who somebody is does not change with the date.
static void correct_rows(struct lq_view *tables, const Shift__Person *said)
{
    struct lq_scan s = lq_scan(tables, &lq_roster_dated, lq_key_text(said->badge));
    Shift__Person row = SHIFT__PERSON__INIT;
    while (lq_scan_next(&s)) {
        row = *(const Shift__Person *)s.row;
        row.name = said->name;
        row.unit = said->unit;
        row.phone = said->phone;
        lq_save(tables, &lq_roster_dated, s.key, &row.base);
    }
    if (row.badge[0] != '\0') // the last of them is what the person is now
        lq_save(tables, &lq_roster_people, lq_key_text(row.badge), &row.base);
}

void lq_roster_erase(struct lq_view *tables, const char *badge)
{
    struct lq_scan s = lq_scan(tables, &lq_roster_dated, lq_key_text(badge));
    while (lq_scan_next(&s)) {
        const Shift__Person *row = s.row;
        if (row->team[0] != '\0')
            lq_erase(tables, &lq_roster_teams,
                     lq_key_then_text(lq_key_text(row->team), row->badge));
        lq_erase(tables, &lq_roster_dated, s.key);
    }
    lq_erase(tables, &lq_roster_people, lq_key_text(badge));
}

void lq_roster_keep(struct lq_view *tables, const struct lq_occurrence *what,
                    const Shift__Person *said)
{
    if (said->voided && lq_roster_person(tables, said->badge) != NULL)
        lq_roster_erase(tables, said->badge);
    if (said->in_every_row) {
        correct_rows(tables, said);
        return;
    }
    const Shift__Person *before = lq_roster_person(tables, said->badge);
    Shift__Person row = *said;
    row.from_ms = since_when(what, said, before);
    lq_save(tables, &lq_roster_dated, dated_key(row.badge, instant(row.from_ms)), &row.base);
    if (before == NULL || before->from_ms <= row.from_ms)
        lq_save(tables, &lq_roster_people, lq_key_text(row.badge), &row.base);
    if (row.team[0] == '\0')
        return;
    Shift__TeamMember member = SHIFT__TEAM_MEMBER__INIT;
    member.team = row.team;
    member.badge = row.badge;
    lq_save(tables, &lq_roster_teams, lq_key_then_text(lq_key_text(row.team), row.badge),
            &member.base);
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *note)
{
    lq_roster_keep(tables, what,
                   lq_pb_project(lq_view_arena(tables), &shift__person__descriptor, note));
}

static const struct lq_table *const tables[] = {&lq_roster_people, &lq_roster_dated,
                                                &lq_roster_teams, NULL};

const struct lq_replica shift_roster = {
    .stream = "shift",
    .event_type = &shift__event__descriptor,
    .event = "person_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

// ---------------------------------------------------------------- who was what

const Shift__Person *lq_roster_person(struct lq_view *view, const char *badge)
{
    return lq_pb_identifier(badge) ? lq_find(view, &lq_roster_people, lq_key_text(badge)) : NULL;
}

const char *lq_roster_name(struct lq_view *view, const char *badge, int64_t at_ms)
{
    const Shift__Person *person = lq_roster_person_at(view, badge, at_ms);
    if (person == NULL)
        person = lq_roster_person(view, badge);
    return person != NULL ? person->name : NULL;
}

// Most questions are about what has not changed since: one row answers them.
const Shift__Person *lq_roster_person_at(struct lq_view *view, const char *badge, int64_t at_ms)
{
    const Shift__Person *person = lq_roster_person(view, badge);
    if (person == NULL || instant(at_ms) >= instant(person->from_ms))
        return person;
    struct lq_scan s = lq_scan_backwards(view, &lq_roster_dated, lq_key_text(badge));
    s.key = dated_key(badge, instant(at_ms) + 1); // as if the walk had come down to here
    return lq_scan_next(&s) ? s.row : NULL;
}

struct lq_scan lq_roster_team(struct lq_view *view, const char *team)
{
    return lq_scan(view, &lq_roster_teams, lq_key_text(lq_pb_identifier(team) ? team : " "));
}

const Shift__Person *lq_roster_next_in_team(struct lq_scan *s, int64_t at_ms)
{
    while (lq_scan_next(s)) {
        const Shift__TeamMember *member = s->row;
        const Shift__Person *person = lq_roster_person_at(s->view, member->badge, at_ms);
        if (person != NULL && strcmp(person->team, member->team) == 0)
            return person;
    }
    return NULL;
}

const Shift__Person *lq_roster_lead_at(struct lq_view *view, const char *team, int64_t at_ms)
{
    struct lq_scan s = lq_roster_team(view, team);
    const Shift__Person *person = lq_roster_next_in_team(&s, at_ms);
    while (person != NULL && person->role != LQ__ROLE__LEAD)
        person = lq_roster_next_in_team(&s, at_ms);
    return person;
}

// Shift sees to it that all people of a team are in one group: the first of them stands for all.
const char *lq_roster_group_at(struct lq_view *view, const char *team, int64_t at_ms)
{
    struct lq_scan s = lq_roster_team(view, team);
    const Shift__Person *person = lq_roster_next_in_team(&s, at_ms);
    return person != NULL ? person->group : NULL;
}

bool lq_roster_leads_at(struct lq_view *view, const char *badge, const char *team, int64_t at_ms)
{
    const Shift__Person *person = lq_roster_person_at(view, badge, at_ms);
    return person != NULL && person->role == LQ__ROLE__LEAD && strcmp(person->team, team) == 0;
}

uint32_t lq_roster_roles_of(const Shift__Person *person)
{
    if (person->role == LQ__ROLE__ROLE_UNSPECIFIED)
        return 0;
    uint32_t roles = 1u << person->role;
    if (person->rank == SHIFT__RANK__DEPUTY_LEAD) // who stands in for the lead may do as he may
        roles |= LQ_ROLE(LEAD);
    for (size_t i = 0; i < person->n_also; i++)
        roles |= 1u << person->also[i];
    return roles;
}

uint32_t lq_roster_roles_at(struct lq_view *view, const char *badge, int64_t at_ms)
{
    const Shift__Person *person = lq_roster_person_at(view, badge, at_ms);
    return person != NULL ? lq_roster_roles_of(person) : 0;
}

bool lq_roster_answers_at(struct lq_view *view, const char *badge, const char *team, int64_t at_ms)
{
    const Shift__Person *person = lq_roster_person_at(view, badge, at_ms);
    return person != NULL && strcmp(person->team, team) == 0 &&
           (person->role == LQ__ROLE__LEAD || person->rank == SHIFT__RANK__DEPUTY_LEAD);
}

unsigned lq_roster_desk_chiefs_at(struct lq_view *view, const char *group, int64_t at_ms,
                                  const char *badges[], unsigned most)
{
    unsigned count = 0;
    struct lq_scan s = lq_scan(view, &lq_roster_people, lq_key_none());
    while (count < most && lq_scan_next(&s)) {
        const Shift__Person *row = s.row;
        const Shift__Person *person = lq_roster_person_at(view, row->badge, at_ms);
        if (person != NULL && person->rank == SHIFT__RANK__DESK_CHIEF &&
            (group == NULL || strcmp(person->group, group) == 0))
            badges[count++] = person->badge;
    }
    return count;
}
