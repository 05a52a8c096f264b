// Roll calls: when a shift begins, each team that is on duty says who is there and whether it is
// equipped, and its lead signs. One term runs for all of them (OP-ROLLCALL); its marks name the
// teams that have not signed. With the end of the shift it is over.
#include "shift.h"

const struct lq_table shift_table_rolls = {"rolls", &shift__roll_call__descriptor};

#define SHIFT "shift"
#define ROLLCALL "OP-ROLLCALL"

static const char *number_of(struct lq_arena *arena, const char *shift, const char *team)
{
    return lq_arena_format(arena, "%s/%s", shift, team);
}

static const Shift__RollCall *find_roll(struct lq_view *view, struct lq_arena *arena,
                                        const char *shift, const char *team)
{
    const char *number = number_of(arena, shift, team);
    return lq_pb_identifier(number) ? lq_find(view, &shift_table_rolls, lq_key_text(number)) : NULL;
}

// ---------------------------------------------------------------- the teams of a shift

enum { TEAMS_MOST = 200 };

// The teams of the group, by name.
static unsigned teams_of(struct lq_view *view, const Shift__Shift *shift, char *teams[TEAMS_MOST])
{
    unsigned count = 0;
    for (struct lq_scan s = lq_scan(view, &lq_roster_teams, lq_key_none());
         count < TEAMS_MOST && lq_scan_next(&s);) {
        const Shift__TeamMember *member = s.row;
        const char *group = lq_roster_group_at(view, member->team, shift->starts_at_ms);
        if (group != NULL && strcmp(group, shift->group) == 0 &&
            (count == 0 || strcmp(teams[count - 1], member->team) != 0))
            teams[count++] = member->team;
    }
    return count;
}

// Of those the ones that have not signed; `but` counts as one that has.
static unsigned unsigned_teams(struct lq_view *view, struct lq_arena *arena,
                               const Shift__Shift *shift, const char *but, char *teams[TEAMS_MOST])
{
    const unsigned all = teams_of(view, shift, teams);
    unsigned count = 0;
    for (unsigned i = 0; i < all; i++) {
        const Shift__RollCall *roll = find_roll(view, arena, shift->number, teams[i]);
        if (strcmp(teams[i], but) != 0 &&
            (roll == NULL || roll->state != SHIFT__ROLL_STATE__SIGNED))
            teams[count++] = teams[i];
    }
    return count;
}

// ---------------------------------------------------------------- a shift begins and ends

// A shift that was written down afterwards has begun and ended without us.
void shift_set_timers(struct lq_view *tables, const Shift__Shift *shift, int64_t recorded_ms)
{
    const char *begin =
        lq_arena_format(lq_view_arena(tables), SHIFT_BEGIN_TIMER "%s", shift->number);
    if (shift->state == SHIFT__SHIFT_STATE__PLANNED && shift->starts_at_ms > recorded_ms)
        lq_timer_set(tables, begin, shift->starts_at_ms);
    else
        lq_timer_clear(tables, begin);
}

void shift_begin_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    Shift__ShiftId begin = SHIFT__SHIFT_ID__INIT;
    begin.shift = lq_unconst(name);
    lq_command_self(f, due_ms, SHIFT__COMMAND__BODY_BEGIN_SHIFT, &begin.base);
}

void shift_end_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    Shift__ShiftId end = SHIFT__SHIFT_ID__INIT;
    end.shift = lq_unconst(name);
    lq_command_self(f, due_ms, SHIFT__COMMAND__BODY_END_SHIFT, &end.base);
}

struct lq_verdict shift_begin_shift(struct lq_decision *d, const void *command)
{
    const Shift__ShiftId *c = command;
    const Shift__Shift *shift;
    LQ_TRY(shift_need_shift(d, c->shift, &shift));
    char *teams[TEAMS_MOST];
    Shift__ShiftBegun begun = SHIFT__SHIFT_BEGUN__INIT;
    begun.shift = shift->number;
    begun.teams = teams;
    begun.n_teams = unsigned_teams(d->view, d->arena, shift, "", teams);
    if (begun.n_teams > 0)
        lq_clock_start(d, &(struct lq_clock_start){.kind = SHIFT,
                                                   .number = shift->number,
                                                   .rule = ROLLCALL,
                                                   .start_ms = shift->starts_at_ms,
                                                   .owner = ""});
    shift_give_up_swaps(d, shift->number);
    lq_emit(d, SHIFT__EVENT__BODY_SHIFT_BEGUN, &begun.base);
    return LQ_ACCEPT;
}

void shift_shift_begun(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Shift__ShiftBegun *begun = event;
    const Shift__Shift *shift = lq_shift_find(tables, begun->shift);
    LQ_ASSERT(shift != NULL);
    lq_shift_save(tables, shift); // its trail tells it
    lq_timer_set(tables, lq_arena_format(lq_view_arena(tables), SHIFT_END_TIMER "%s", begun->shift),
                 shift->ends_at_ms);
}

// What was not signed and not covered then is so for ever.
struct lq_verdict shift_end_shift(struct lq_decision *d, const void *command)
{
    const Shift__ShiftId *c = command;
    const Shift__Shift *shift;
    LQ_TRY(shift_need_shift(d, c->shift, &shift));
    char *teams[TEAMS_MOST];
    Shift__ShiftEnded ended = SHIFT__SHIFT_ENDED__INIT;
    ended.shift = shift->number;
    ended.missing = teams;
    ended.n_missing = unsigned_teams(d->view, d->arena, shift, "", teams);
    lq_clock_stop(d, SHIFT, shift->number, ROLLCALL, d->facts->occurred_ms);
    shift_stop_cover(d, shift->number);
    lq_emit(d, SHIFT__EVENT__BODY_SHIFT_ENDED, &ended.base);
    return LQ_ACCEPT;
}

void shift_shift_ended(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Shift__ShiftEnded *ended = event;
    const Shift__Shift *shift = lq_shift_find(tables, ended->shift);
    LQ_ASSERT(shift != NULL);
    lq_shift_save(tables, shift);
}

// ---------------------------------------------------------------- calling the roll

static struct lq_verdict need_lead(struct lq_decision *d, const char *team)
{
    const char *who = d->facts->principal;
    char at[LQ_TIME_TEXT];
    if (shift_is_chief(d) || lq_roster_answers_at(d->view, who, team, d->facts->occurred_ms))
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__NOT_LEAD_OF_TEAM,
                     "%s neither leads team %s at %s nor is its deputy, and cannot call its roll",
                     who, team, lq_format_local(d->facts->occurred_ms, at));
}

static struct lq_verdict need_team(struct lq_decision *d, const Shift__Shift *shift,
                                   const char *team)
{
    const char *group = lq_roster_group_at(d->view, team, shift->starts_at_ms);
    if (group != NULL && strcmp(group, shift->group) == 0)
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__NO_TEAM_ON_DUTY,
                     "team \"%s\" is not on duty in shift %s, which is that of group %s", team,
                     shift->number, shift->group);
}

// Who is there is seen as the shift begins, or shortly before: not the day before.
static struct lq_verdict need_begun(struct lq_decision *d, const Shift__Shift *shift)
{
    enum { BEFORE_MS = 3600 * 1000 };
    char at[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= shift->starts_at_ms - BEFORE_MS)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(NOT_DUE),
                     "shift %s begins at %s: its roll is called from an hour before", shift->number,
                     lq_format_local(shift->starts_at_ms, at));
}

static const char *other_of(const Shift__Swap *swap, const char *badge)
{
    return strcmp(swap->person, badge) == 0 ? swap->partner : swap->person;
}

// Who has taken the shift of a member of the team, perhaps from one who had taken it before; NULL:
// the member has not given it away.
static const char *stand_in(struct lq_decision *d, const Shift__Shift *shift, const char *member)
{
    enum { HANDS_MOST = 8 };
    const char *who = member;
    const Shift__Swap *by = NULL;
    for (unsigned i = 0; i < HANDS_MOST && !lq_duty_has_shift(d->view, who, shift, &by); i++) {
        if (by == NULL)
            return NULL;
        who = other_of(by, who);
    }
    return who != member ? who : NULL;
}

// Of the team, or in the place of one of its people.
static bool is_of_team(struct lq_decision *d, const Shift__Shift *shift, const char *team,
                       const char *badge)
{
    const Shift__Person *p = lq_roster_person_at(d->view, badge, shift->starts_at_ms);
    if (p != NULL && strcmp(p->team, team) == 0)
        return true;
    struct lq_scan s = lq_roster_team(d->view, team);
    while ((p = lq_roster_next_in_team(&s, shift->starts_at_ms)) != NULL) {
        const char *instead = stand_in(d, shift, p->badge);
        if (instead != NULL && strcmp(instead, badge) == 0)
            return true;
    }
    return false;
}

static struct lq_verdict need_member(struct lq_decision *d, const Shift__RollCalled *roll,
                                     const Shift__Shift *shift, const char *badge)
{
    if (is_of_team(d, shift, roll->team, badge))
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__NOT_OF_TEAM,
                     "%s is not in team %s when shift %s begins, and stands in for nobody of it",
                     badge, roll->team, shift->number);
}

// "P1016=病假": who, and why.
static Shift__Missing *missing_of(struct lq_arena *arena, const char *text)
{
    Shift__Missing *missing = LQ_NEW(arena, Shift__Missing);
    shift__missing__init(missing);
    char *badge = lq_arena_text(arena, text), *why = strchr(badge, '=');
    if (why != NULL)
        *why++ = '\0';
    missing->badge = badge;
    missing->why = why != NULL ? why : missing->why;
    return missing;
}

static bool is_named(const Shift__RollCalled *roll, const char *badge)
{
    for (size_t i = 0; i < roll->n_late; i++)
        if (strcmp(roll->late[i], badge) == 0)
            return true;
    for (size_t i = 0; i < roll->n_absent; i++)
        if (strcmp(roll->absent[i]->badge, badge) == 0)
            return true;
    return false;
}

// Nobody twice: a swap within the team makes one of its own the stand-in.
static void add_one(struct lq_decision *d, Shift__RollCalled *roll, const Shift__Shift *shift,
                    const char *badge)
{
    for (size_t i = 0; i < roll->n_present; i++)
        if (strcmp(roll->present[i], badge) == 0)
            return;
    if (roll->n_present < SHIFT_TEAM_MOST && !is_named(roll, badge) &&
        lq_duty_at(d->view, badge, shift->starts_at_ms, NULL))
        roll->present[roll->n_present++] = lq_arena_text(d->arena, badge);
}

static void add_present(struct lq_decision *d, Shift__RollCalled *roll, const Shift__Shift *shift)
{
    struct lq_scan s = lq_roster_team(d->view, roll->team);
    const Shift__Person *p;
    roll->present = LQ_NEW_ARRAY(d->arena, char *, SHIFT_TEAM_MOST);
    while ((p = lq_roster_next_in_team(&s, shift->starts_at_ms)) != NULL) {
        const char *instead = stand_in(d, shift, p->badge);
        add_one(d, roll, shift, instead != NULL ? instead : p->badge);
    }
}

static struct lq_verdict fill_roll(struct lq_decision *d, const Shift__CallRoll *c,
                                   Shift__RollCalled *roll, const Shift__Shift *shift)
{
    roll->n_absent = 0;
    roll->absent = LQ_NEW_ARRAY(d->arena, Shift__Missing *, c->n_absent);
    for (size_t i = 0; i < c->n_absent; i++)
        roll->absent[roll->n_absent++] = missing_of(d->arena, c->absent[i]);
    for (size_t i = 0; i < roll->n_late; i++)
        LQ_TRY(need_member(d, roll, shift, roll->late[i]));
    for (size_t i = 0; i < roll->n_absent; i++) {
        LQ_TRY(need_member(d, roll, shift, roll->absent[i]->badge));
        if (roll->absent[i]->why[0] == '\0')
            return lq_reject(d, SHIFT__REJECT__FIELD_MISSING,
                             "why is %s absent? %s=WHY; if nobody knows yet, that is said there",
                             roll->absent[i]->badge, roll->absent[i]->badge);
    }
    add_present(d, roll, shift);
    return LQ_ACCEPT;
}

struct lq_verdict shift_call_roll(struct lq_decision *d, const void *command)
{
    const Shift__CallRoll *c = command;
    const Shift__Shift *shift;
    LQ_TRY(shift_need_shift(d, c->shift, &shift));
    LQ_TRY(need_team(d, shift, c->team));
    LQ_TRY(need_lead(d, c->team));
    LQ_TRY(need_begun(d, shift));
    const Shift__RollCall *before = find_roll(d->view, d->arena, c->shift, c->team);
    if (before != NULL && before->state == SHIFT__ROLL_STATE__SIGNED)
        return lq_reject(d, SHIFT__REJECT__ROLL_SIGNED,
                         "the roll call of team %s in shift %s is signed already", c->team,
                         c->shift);
    Shift__RollCalled roll = SHIFT__ROLL_CALLED__INIT;
    roll.number = lq_unconst(number_of(d->arena, c->shift, c->team));
    LQ_TRY(lq_need_identifier(d, SHIFT__REJECT__FIELD_MISSING, "the shift's number and the team",
                              roll.number));
    roll.shift = c->shift;
    roll.team = c->team;
    roll.late = c->late;
    roll.n_late = c->n_late;
    roll.equipped = c->equipped;
    roll.note = c->note;
    roll.called_at_ms = d->facts->occurred_ms;
    LQ_TRY(fill_roll(d, c, &roll, shift));
    lq_emit(d, SHIFT__EVENT__BODY_ROLL_CALLED, &roll.base);
    lq_number(d, roll.number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- signing

static struct lq_verdict check_sign(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__RollCall *roll = taking->row;
    const Shift__Shift *shift = lq_shift_find(d->view, roll->shift);
    LQ_ASSERT(shift != NULL);
    LQ_TRY(need_lead(d, roll->team));
    char *teams[TEAMS_MOST];
    if (unsigned_teams(d->view, d->arena, shift, roll->team, teams) == 0)
        lq_clock_stop(d, SHIFT, shift->number, ROLLCALL, d->facts->occurred_ms);
    return LQ_ACCEPT;
}

static const struct lq_step steps[] = {
    {.from = SHIFT__ROLL_STATE__OPEN,
     .to = SHIFT__ROLL_STATE__SIGNED,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__SIGN,
     .who = LQ_ROLE(LEAD) | LQ_ROLE(DESK) | LQ_ROLE(COMMANDER),
     .behalf = LQ_ROLE(DESK) | LQ_ROLE(CLERK),
     .rule = check_sign},
};

const struct lq_steps shift_roll_steps = {
    .entity = "roll",
    .states = &shift__roll_state__descriptor,
    .steps = steps,
    .count = sizeof steps / sizeof steps[0],
};

// ---------------------------------------------------------------- whom a mark names

void shift_add_unsigned(struct lq_decision *d, const char *number, Rules__ClockRang *rang)
{
    const Shift__Shift *shift = lq_shift_find(d->view, number);
    LQ_ASSERT(shift != NULL);
    rang->missing = LQ_NEW_ARRAY(d->arena, char *, TEAMS_MOST);
    rang->n_missing = unsigned_teams(d->view, d->arena, shift, "", rang->missing);
    for (size_t i = 0; i < rang->n_missing && lq_told_to(rang, RULES__ADDRESSEE__OWNER); i++) {
        const Shift__Person *answers =
            lq_duty_answers(d->view, rang->missing[i], d->facts->occurred_ms);
        if (answers != NULL)
            lq_told_add(rang, answers->badge);
    }
}
