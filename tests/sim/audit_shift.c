// The force: who is in which team and who is on duty, as shift records it and as others note it.
#include "sim/audit_parts.h"

typedef unsigned long long number;

// ---------------------------------------------------------------- people and shifts

void audit_note_person(struct audit *a, struct audit_stream *stream,
                       const Shift__PersonRegistered *p)
{
    struct audit_person **latest =
        audit_put_text(a, &stream->roster.people, sizeof *latest, p->badge);
    while (*latest != NULL && (*latest)->from_ms > p->from_ms)
        latest = &(*latest)->earlier;
    struct audit_person *row = audit_alloc(a, sizeof *row);
    *row = (struct audit_person){.from_ms = p->from_ms,
                                 .role = (uint32_t)p->role,
                                 .rank = (uint32_t)p->rank,
                                 .team = p->team,
                                 .group = p->group,
                                 .earlier = *latest};
    *latest = row;
}

const Shift__PersonRegistered *audit_person_said(const Shift__Event *e,
                                                 Shift__PersonRegistered *left)
{
    if (e->body_case == SHIFT__EVENT__BODY_PERSON_REGISTERED)
        return e->person_registered;
    if (e->body_case == SHIFT__EVENT__BODY_PERSON_AMENDED)
        return e->person_amended;
    shift__person_registered__init(left);
    left->badge = e->person_left->badge;
    left->name = e->person_left->name;
    left->from_ms = e->person_left->from_ms;
    return left;
}

const struct audit_person *audit_person_at(const struct audit_roster *roster, const char *badge,
                                           int64_t at_ms)
{
    struct audit_person *const *latest = audit_find_text(&roster->people, badge);
    const struct audit_person *row = latest != NULL ? *latest : NULL;
    while (row != NULL && row->from_ms > at_ms)
        row = row->earlier;
    return row;
}

void audit_note_shift(struct audit *a, struct audit_stream *stream,
                      const Shift__ShiftPlanned *shift)
{
    struct audit_roster *roster = &stream->roster;
    if (roster->shift_count == roster->shift_room) {
        const struct audit_shift *before = roster->shifts;
        roster->shift_room = roster->shift_room == 0 ? 16 : 2 * roster->shift_room;
        roster->shifts = audit_alloc(a, roster->shift_room * sizeof *roster->shifts);
        if (before != NULL)
            memcpy(roster->shifts, before, roster->shift_count * sizeof *before);
    }
    roster->shifts[roster->shift_count++] =
        (struct audit_shift){shift->starts_at_ms, shift->ends_at_ms, shift->group, shift->name};
}

const struct audit_shift *audit_on_duty(const struct audit_roster *roster, int64_t at_ms)
{
    for (size_t i = 0; i < roster->shift_count; i++)
        if (roster->shifts[i].from_ms <= at_ms && at_ms < roster->shifts[i].to_ms)
            return &roster->shifts[i];
    return NULL;
}

// ---------------------------------------------------------------- shift

// Does the row, which holds until then, hold at any time of those? One that another took the place
// of does at none.
static bool meet(const struct audit_person *row, int64_t until_ms, int64_t from_ms, int64_t to_ms)
{
    return row->from_ms < until_ms && row->from_ms < to_ms && from_ms < until_ms;
}

static void check_team(const struct audit_stream *stream, const Shift__PersonRegistered *p,
                       number seq)
{
    if (p->team[0] == '\0')
        return;
    int64_t to_ms = INT64_MAX; // when the person's next row begins
    struct audit_person *const *own = audit_find_text(&stream->roster.people, p->badge);
    for (const struct audit_person *row = own != NULL ? *own : NULL;
         row != NULL && row->from_ms > p->from_ms; row = row->earlier)
        to_ms = row->from_ms;
    for (const struct audit_entry *e = stream->roster.people.first; e != NULL; e = e->next) {
        int64_t until_ms = INT64_MAX;
        for (const struct audit_person *other = *(struct audit_person *const *)e->value;
             other != NULL && strcmp((const char *)e->key, p->badge) != 0;
             until_ms = other->from_ms, other = other->earlier) {
            if (strcmp(other->team, p->team) != 0 || !meet(other, until_ms, p->from_ms, to_ms))
                continue;
            AUDIT(strcmp(other->group, p->group) == 0, "shift",
                  "record %llu of shift puts team %s into two groups", seq, p->team);
            AUDIT(p->role != LQ__ROLE__LEAD || other->role != LQ__ROLE__LEAD, "shift",
                  "record %llu of shift gives team %s a second lead", seq, p->team);
        }
    }
}

bool audit_is_of_person(const Shift__Event *e)
{
    return e->body_case == SHIFT__EVENT__BODY_PERSON_REGISTERED ||
           e->body_case == SHIFT__EVENT__BODY_PERSON_AMENDED ||
           e->body_case == SHIFT__EVENT__BODY_PERSON_LEFT;
}

static void shift_planned(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Shift__ShiftPlanned *shift = body;
    const struct audit_roster *roster = &fact->stream->roster;
    for (size_t i = 0; i < roster->shift_count; i++)
        AUDIT(shift->ends_at_ms <= roster->shifts[i].from_ms ||
                  shift->starts_at_ms >= roster->shifts[i].to_ms,
              "shift", "record %llu of shift puts two groups on duty at once",
              (number)fact->r->seq);
    audit_note_shift(a, fact->stream, shift);
}

static void check_turn(const struct audit_fact *fact, bool begins)
{
    const struct audit_roster *roster = &fact->stream->roster;
    bool found = false;
    for (size_t i = 0; i < roster->shift_count; i++)
        found = found ||
                (begins ? roster->shifts[i].from_ms : roster->shifts[i].to_ms) == fact->happened_ms;
    AUDIT(found, "shift", "record %llu of shift %s a shift at another time than planned",
          (number)fact->r->seq, begins ? "begins" : "ends");
}

static void shift_begun(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a, (void)body;
    check_turn(fact, true);
}

static void shift_ended(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a, (void)body;
    check_turn(fact, false);
}

static void person_said(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)body;
    const Shift__Event *e = (const void *)fact->record->event;
    const number seq = fact->r->seq;
    const bool registered = e->body_case == SHIFT__EVENT__BODY_PERSON_REGISTERED;
    Shift__PersonRegistered left;
    const Shift__PersonRegistered *p = audit_person_said(e, &left);
    AUDIT((audit_find_text(&fact->stream->roster.people, p->badge) == NULL) == registered, "shift",
          "record %llu of shift registers %s twice, or amends nobody", seq, p->badge);
    AUDIT(p->from_ms == fact->happened_ms || (registered && p->from_ms == 0), "time",
          "record %llu of shift does not date %s by when it happened", seq, p->badge);
    check_team(fact->stream, p, seq);
    audit_note_person(a, fact->stream, p);
}

const struct audit_event_row audit_shift_events[] = {
    {SHIFT__EVENT__BODY_PERSON_REGISTERED, person_said},
    {SHIFT__EVENT__BODY_PERSON_AMENDED, person_said},
    {SHIFT__EVENT__BODY_PERSON_LEFT, person_said},
    {SHIFT__EVENT__BODY_SHIFT_PLANNED, shift_planned},
    {SHIFT__EVENT__BODY_SHIFT_BEGUN, shift_begun},
    {SHIFT__EVENT__BODY_SHIFT_ENDED, shift_ended},
    {SHIFT__EVENT__BODY_ABSENCE_ASKED,
     NULL}, // nobody in the simulator is absent, swaps or calls a roll
    {SHIFT__EVENT__BODY_SWAP_ASKED, NULL},
    {SHIFT__EVENT__BODY_COVER_DOUBTED, NULL},
    {SHIFT__EVENT__BODY_COVER_CHECKED, NULL},
    {SHIFT__EVENT__BODY_ROLL_CALLED, NULL},
    {SHIFT__EVENT__BODY_STEP_TAKEN, NULL},
    {SHIFT__EVENT__BODY_CLOCK_RANG, NULL}, // its terms are not modelled
    {SHIFT__EVENT__BODY_CLOCK_TAKEN, NULL},
    {SHIFT__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {SHIFT__EVENT__BODY_ATTACHED, NULL},
    {SHIFT__EVENT__BODY_CORRECTED, NULL},
    {SHIFT__EVENT__BODY_VOIDED, NULL},
    {0},
};
