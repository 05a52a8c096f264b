// What a follower knows of people. Badges and teams come from strangers on some of these ways (the
// runtime asks for the roles of whoever a sender names), so what cannot be a key is simply unknown.
#include "shift/replica/roster.h"

#include "pb/pb.h"

const struct lq_table lq_roster_people = {"roster_people", &shift__person__descriptor};
const struct lq_table lq_roster_teams = {"roster_teams", &shift__person__descriptor};

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
    case SHIFT__EVENT__BODY_SHIFT_PLANNED:
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

static struct lq_key in_team(const Shift__Person *person)
{
    return lq_key_then_text(lq_key_text(person->team), person->badge);
}

static void apply(struct lq_view *tables, const void *note)
{
    const Shift__Person *person =
        lq_pb_project(lq_view_arena(tables), &shift__person__descriptor, note);
    const Shift__Person *before = lq_roster_person(tables, person->badge);
    if (before != NULL && before->team[0] != '\0' && strcmp(before->team, person->team) != 0)
        lq_erase(tables, &lq_roster_teams, in_team(before));
    lq_save(tables, &lq_roster_people, lq_key_text(person->badge), &person->base);
    if (person->team[0] != '\0')
        lq_save(tables, &lq_roster_teams, in_team(person), &person->base);
}

static const struct lq_table *const tables[] = {&lq_roster_people, &lq_roster_teams, NULL};

const struct lq_replica shift_roster = {
    .stream = "shift",
    .event_type = &shift__event__descriptor,
    .event = "person_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

const Shift__Person *lq_roster_person(struct lq_view *view, const char *badge)
{
    return lq_pb_identifier(badge) ? lq_find(view, &lq_roster_people, lq_key_text(badge)) : NULL;
}

const Shift__Person *lq_roster_lead(struct lq_view *view, const char *team)
{
    if (!lq_pb_identifier(team))
        return NULL;
    for (struct lq_scan s = lq_scan(view, &lq_roster_teams, lq_key_text(team)); lq_scan_next(&s);) {
        const Shift__Person *person = s.row;
        if (person->role == LQ__ROLE__LEAD)
            return person;
    }
    return NULL;
}

// Shift sees to it that all people of a team are in one group: the first of them stands for all.
const char *lq_roster_group(struct lq_view *view, const char *team)
{
    if (!lq_pb_identifier(team))
        return NULL;
    struct lq_scan s = lq_scan(view, &lq_roster_teams, lq_key_text(team));
    return lq_scan_next(&s) ? ((const Shift__Person *)s.row)->group : NULL;
}

uint32_t lq_roster_roles(struct lq_view *view, const char *badge)
{
    const Shift__Person *person = lq_roster_person(view, badge);
    return person != NULL && person->role != LQ__ROLE__ROLE_UNSPECIFIED ? 1u << person->role : 0;
}
