// The force at work: who is registered and planned, sent out, and reports.
#include <stdio.h>

#include "pb/pb.h"
#include "sim/work.h"

static const int64_t HOUR_MS = 3600 * 1000LL;

// ---------------------------------------------------------------- people

static const struct {
    const char *badge, *team, *group;
    Lq__Role role;
    Shift__Rank rank;
} people[] = {
    {"CMD", "", "", LQ__ROLE__COMMANDER, 0},
    {"DESK1", "", "A", LQ__ROLE__DESK, SHIFT__RANK__DESK_CHIEF},
    {"DESK2", "", "B", LQ__ROLE__DESK, SHIFT__RANK__DESK_CHIEF},
    {"LIA", "", "", LQ__ROLE__LIAISON, 0},
    {"CLERK", "", "", LQ__ROLE__CLERK, 0},
    {"INSP", "", "", LQ__ROLE__INSPECTOR, 0},
    {"ADMIN", "", "", LQ__ROLE__ADMIN, 0},
    {"L1", "T01", "A", LQ__ROLE__LEAD, 0},
    {"L2", "T02", "A", LQ__ROLE__LEAD, 0},
    {"L3", "T03", "B", LQ__ROLE__LEAD, 0},
    {"L4", "T04", "B", LQ__ROLE__LEAD, 0},
    {"O1", "T01", "A", LQ__ROLE__OFFICER, SHIFT__RANK__DEPUTY_LEAD},
    {"O2", "T02", "A", LQ__ROLE__OFFICER, 0},
    {"O3", "T03", "B", LQ__ROLE__OFFICER, SHIFT__RANK__DEPUTY_LEAD},
    {"O4", "T04", "B", LQ__ROLE__OFFICER, 0},
    {"HEAD", "", "", LQ__ROLE__HEAD, 0},
    {"FIN", "", "", LQ__ROLE__FINANCE, 0},
    {"ACC1", "", "", LQ__ROLE__ACCEPTOR, 0},
    {"ACC2", "", "", LQ__ROLE__ACCEPTOR, 0},
    {"ACC3", "", "", LQ__ROLE__ACCEPTOR, 0},
    {"EXP", "", "", LQ__ROLE__EXPERT, 0},
    {"GATE", "", "", LQ__ROLE__GATEWAY, 0},
};
enum { PEOPLE = sizeof people / sizeof people[0], FIRST_PREMISES = 9 };

static void send_person(struct sim *s, struct sim_terminal *t, bool amend, Shift__Person *person,
                        const struct work_manner *manner)
{
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case =
        amend ? SHIFT__COMMAND__BODY_AMEND_PERSON : SHIFT__COMMAND__BODY_REGISTER_PERSON;
    command.register_person = person; // the oneof's members lie in one place
    work_send(s, t, "shift", &command.base, manner);
}

static void register_one(struct sim *s, unsigned i)
{
    Shift__Person person = SHIFT__PERSON__INIT;
    person.badge = lq_unconst(people[i].badge);
    person.name = lq_unconst(people[i].badge);
    person.role = people[i].role;
    person.team = lq_unconst(people[i].team);
    person.group = lq_unconst(people[i].group);
    person.rank = people[i].rank;
    person.from_beginning = true; // they have done things before the run begins
    send_person(s, work_person(s, "ADMIN"), false, &person, NULL);
}

void work_register_force(struct sim *s)
{
    for (unsigned i = 0; i < PEOPLE; i++) {
        struct sim_terminal *t = &s->terminals[s->terminal_count];
        *t = (struct sim_terminal){
            .index = s->terminal_count++,
            .badge = people[i].badge,
            .roles = 1U << people[i].role |
                     (people[i].rank == SHIFT__RANK__DEPUTY_LEAD ? LQ_ROLE(LEAD) : 0)};
    }
    for (unsigned i = 0; i < PEOPLE; i++)
        register_one(s, i);
    s->work->planned_to_day = lq_day_of(s->now_ms) - 2;
    for (int i = 0; i < 4; i++)
        work_plan_rota(s);
    while (s->work->premises_count < FIRST_PREMISES)
        work_register_premises(s, s->work->premises_count++);
    for (unsigned i = 0; i < s->terminal_count; i += 2) {
        sim_terminal_follow(s, &s->terminals[i], sim_node_named(s, "dispatch"));
        const unsigned other = work_pick(s, s->node_count);
        sim_terminal_follow(s, &s->terminals[i], other);
    }
    sim_terminal_follow(s, work_person(s, "L2"), sim_node_named(s, "tips"));
    sim_terminal_follow(s, work_person(s, "CLERK"), sim_node_named(s, "tips"));
}

// Who was registered a moment ago takes part at once: his desk has seen it, so dispatch knows him.
static void officer_registered(struct sim *s, struct sim_terminal *t, unsigned tag,
                               const struct sim_answered *a)
{
    const struct sim_work *w = s->work;
    if (!a->accepted || w->order_count == 0)
        return;
    const unsigned kept = w->order_count < WORK_KEPT ? w->order_count : WORK_KEPT;
    const struct work_order *order = &w->orders[work_pick(s, kept)];
    Dispatch__RecordParticipant c = DISPATCH__RECORD_PARTICIPANT__INIT;
    c.order = lq_unconst(order->number);
    c.team = lq_unconst(work_team(order->teams[0]));
    c.badge = lq_arena_format(&s->scratch, "X%u", tag);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT;
    command.record_participant = &c;
    work_send(s, t, "dispatch", &command.base, NULL);
}

static const char *group_of(unsigned team)
{
    return team < 2 ? "A" : "B";
}

void work_register_officer(struct sim *s)
{
    Shift__Person person = SHIFT__PERSON__INIT;
    const unsigned number = s->work->officer_count++;
    const unsigned team = work_pick(s, WORK_TEAMS);
    person.badge = lq_arena_format(&s->scratch, "X%u", number);
    person.name = lq_unconst("新");
    person.role = LQ__ROLE__OFFICER;
    person.team = lq_unconst(work_team(team));
    person.group = lq_unconst(work_chance(s, 90) ? group_of(team) : "C");
    person.from_beginning = work_chance(s, 60); // of the others an order of before knows nothing
    const struct work_manner manner = {.done = officer_registered, .tag = number};
    send_person(s, work_person(s, "CLERK"), false, &person, &manner);
}

void work_amend_officer(struct sim *s)
{
    Shift__Person person = SHIFT__PERSON__INIT;
    const unsigned team = work_pick(s, WORK_TEAMS);
    person.badge = lq_arena_format(&s->scratch, "X%u", work_pick(s, s->work->officer_count + 1));
    person.name = lq_unconst("改");
    person.role = LQ__ROLE__OFFICER;
    person.team = lq_unconst(work_team(team));
    person.group = lq_unconst(group_of(team));
    // Some are entered late, and so before what was entered earlier.
    struct work_manner manner = {0};
    if (work_chance(s, 40))
        manner.occurred_ms = s->now_ms - (int64_t)work_pick(s, 12) * HOUR_MS;
    send_person(s, work_person(s, "ADMIN"), true, &person, &manner);
}

void work_leave(struct sim *s)
{
    Shift__LeavePerson leave = SHIFT__LEAVE_PERSON__INIT;
    leave.badge = lq_arena_format(&s->scratch, "X%u", work_pick(s, s->work->officer_count + 1));
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_LEAVE_PERSON;
    command.leave_person = &leave;
    struct work_manner manner = {0};
    if (work_chance(s, 40))
        manner.occurred_ms = s->now_ms - (int64_t)work_pick(s, 12) * HOUR_MS;
    work_send(s, work_person(s, "CLERK"), "shift", &command.base, &manner);
}

void work_wrong_lead(struct sim *s)
{
    Shift__Person person = SHIFT__PERSON__INIT;
    const unsigned team = work_pick(s, WORK_TEAMS);
    person.badge = work_number(s, "Y");
    person.name = lq_unconst("二");
    person.role = LQ__ROLE__LEAD;
    person.team = lq_unconst(work_team(team));
    person.group = lq_unconst(group_of(team));
    send_person(s, work_chance(s, 80) ? work_person(s, "CLERK") : work_anybody(s), false, &person,
                NULL);
}

// ---------------------------------------------------------------- the rota

static void plan_shift(struct sim *s, struct sim_terminal *t, int64_t from_ms, int64_t to_ms,
                       const char *group, const char *name)
{
    Shift__Shift shift = SHIFT__SHIFT__INIT;
    shift.name = lq_unconst(name);
    shift.group = lq_unconst(group);
    shift.starts_at_ms = from_ms;
    shift.ends_at_ms = to_ms;
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_PLAN_SHIFT;
    command.plan_shift = &shift;
    work_send(s, t, "shift", &command.base, NULL);
}

// A by day, B by night; once two days ahead are planned there is nothing to do.
void work_plan_rota(struct sim *s)
{
    struct sim_work *w = s->work;
    if (w->planned_to_day > lq_day_of(s->now_ms) + 1)
        return;
    const int64_t day_ms = lq_day_start_ms(++w->planned_to_day);
    struct sim_terminal *desk = work_person(s, "DESK1");
    plan_shift(s, desk, day_ms + 8 * HOUR_MS, day_ms + 20 * HOUR_MS, "A", "day");
    plan_shift(s, desk, day_ms + 20 * HOUR_MS, day_ms + 32 * HOUR_MS, "B", "night");
}

void work_wrong_shift(struct sim *s)
{
    const int64_t from_ms = s->now_ms + sim_between(&s->work_dice, -12, 36) * HOUR_MS;
    const int64_t hours = sim_between(&s->work_dice, 1, 26);
    plan_shift(s, work_person(s, "DESK2"), from_ms, from_ms + hours * HOUR_MS, "A", "班");
}

// ---------------------------------------------------------------- orders

struct work_order *work_some_order(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->order_count < WORK_KEPT ? w->order_count : WORK_KEPT;
    return kept == 0 ? NULL : &w->orders[work_pick(s, kept)];
}

// The tag holds premises and teams: what the order was when it was sent.
static void order_issued(struct sim *s, struct sim_terminal *t, unsigned tag,
                         const struct sim_answered *a)
{
    (void)t;
    struct sim_work *w = s->work;
    if (!a->accepted || strlen(a->number) >= WORK_NUMBER)
        return;
    struct work_order *order = &w->orders[w->order_count++ % WORK_KEPT];
    *order = (struct work_order){.premises = tag & 0xff,
                                 .teams = {tag >> 8 & 7, tag >> 11 & 7},
                                 .team_count = tag >> 14 & 3,
                                 .issued_ms =
                                     (tag >> 16 & 1) != 0 ? s->now_ms - 32 * LQ_DAY_MS : s->now_ms};
    strcpy(order->number, a->number);
}

static void send_order(struct sim *s, struct sim_terminal *t, Dispatch__IssueOrder *c,
                       struct work_manner *manner)
{
    char *teams[2];
    const unsigned hour = (unsigned)((s->now_ms + 8 * HOUR_MS) / HOUR_MS % 24);
    const unsigned duty = hour >= 8 && hour < 20 ? 0 : 2;
    const unsigned count = 1 + work_pick(s, 2), premises = work_pick(s, s->work->premises_count);
    unsigned picked[2] = {0, 0};
    for (unsigned i = 0; i < count; i++) {
        picked[i] = work_chance(s, 85) ? duty + work_pick(s, 2) : work_pick(s, WORK_TEAMS + 1);
        teams[i] = lq_unconst(work_team(picked[i]));
    }
    c->kind = lq_unconst("raid");
    c->target = lq_unconst(work_chance(s, 97) ? work_premises(s, premises) : "E999");
    c->priority = (Dispatch__Priority)(1 + work_pick(s, 3));
    c->vehicles = work_pick(s, 4);
    c->machines = work_pick(s, 3);
    c->teams = teams;
    c->n_teams = count;
    if (work_chance(s, 50))
        c->number = work_chance(s, 95) || work_some_order(s) == NULL ? work_number(s, "R")
                                                                     : work_some_order(s)->number;
    manner->done = order_issued;
    manner->tag |= premises | picked[0] << 8 | picked[1] << 11 | count << 14;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_ISSUE_ORDER;
    command.issue_order = c;
    work_send(s, t, "dispatch", &command.base, manner);
}

void work_issue_order(struct sim *s)
{
    Dispatch__IssueOrder c = DISPATCH__ISSUE_ORDER__INIT;
    struct work_manner manner = {0};
    struct sim_terminal *t = work_person(s, work_chance(s, 60) ? "DESK1" : "DESK2");
    const unsigned kind = work_pick(s, 100);
    if (kind < 15) {
        t = work_person(s, "CMD");
        c.override = work_chance(s, 60);
        manner.reason = work_chance(s, 85) ? "集中行动" : NULL;
    } else if (kind < 22) {
        t = work_person(s, "CLERK");
        manner.behalf = work_chance(s, 85) ? "DESK1" : "L1";
        manner.reason = work_chance(s, 85) ? "补录" : NULL;
        manner.occurred_ms = work_when(s);
    } else if (kind < 26) {
        c.override = true; // a desk that may not
        manner.reason = "急";
    } else if (kind < 29) {
        t = work_anybody(s);
    }
    send_order(s, t, &c, &manner);
}

// What was done a month ago comes in on paper: its seals end these days.
void work_issue_old_order(struct sim *s)
{
    Dispatch__IssueOrder c = DISPATCH__ISSUE_ORDER__INIT;
    struct work_manner manner = {.behalf = "CMD",
                                 .reason = "补录",
                                 .occurred_ms = s->now_ms - 32 * LQ_DAY_MS,
                                 .tag = 1U << 16};
    c.override = true;
    send_order(s, work_person(s, "CLERK"), &c, &manner);
}

// ---------------------------------------------------------------- reports

static void step_taken(struct sim *s, struct sim_terminal *t, unsigned tag,
                       const struct sim_answered *a)
{
    (void)t;
    if (a->accepted)
        s->work->orders[tag >> 4].step[tag >> 3 & 1] = tag & 7;
}

// Who reports for the team: its lead, or the desk in his name; sometimes somebody who may not.
struct sim_terminal *work_reporter(struct sim *s, unsigned team, struct work_manner *manner)
{
    const unsigned kind = work_pick(s, 100);
    if (kind < 66)
        return work_lead(s, team);
    if (kind < 72) // only some teams have a deputy
        return work_person(s, lq_arena_format(&s->scratch, "O%u", team % WORK_TEAMS + 1));
    if (kind < 82)
        return work_lead(s, work_pick(s, WORK_TEAMS));
    if (kind < 97) {
        manner->behalf = work_lead(s, team)->badge;
        manner->reason = work_chance(s, 90) ? "电话报告" : NULL;
        return work_person(s, work_chance(s, 50) ? "DESK2" : "CLERK");
    }
    return work_anybody(s);
}

void work_report_step(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    const unsigned which = work_pick(s, order->team_count);
    Dispatch__ReportStep c = DISPATCH__REPORT_STEP__INIT;
    c.order = lq_unconst(work_chance(s, 98) ? order->number : "R0");
    c.team = lq_unconst(work_team(order->teams[which]));
    const unsigned next = order->step[which] == 0 && work_chance(s, 10)
                              ? DISPATCH__STEP__DEPARTED // without a word
                              : order->step[which] + 1;
    const unsigned step = work_chance(s, 88) ? next : work_pick(s, 5);
    c.step = (Dispatch__Step)(step > 4 ? 4 : step);
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s),
                                 .done = step_taken};
    manner.tag = (unsigned)(order - s->work->orders) << 4 | which << 3 | (unsigned)c.step;
    struct sim_terminal *t = work_reporter(s, order->teams[which], &manner);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_REPORT_STEP;
    command.report_step = &c;
    work_send(s, t, "dispatch", &command.base, &manner);
}

// By the terminal of who leads the team, rarely of somebody else.
void work_seen(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    const unsigned team = order->teams[work_pick(s, order->team_count)];
    Dispatch__MarkSeen c = DISPATCH__MARK_SEEN__INIT;
    c.order = lq_unconst(order->number);
    c.team = lq_unconst(work_chance(s, 50) ? work_team(team) : "");
    c.read = work_chance(s, 50);
    const struct work_manner manner = {.occurred_ms = work_chance(s, 90) ? 0 : work_when(s)};
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_MARK_SEEN;
    command.mark_seen = &c;
    work_send(s, work_chance(s, 90) ? work_lead(s, team) : work_anybody(s), "dispatch",
              &command.base, &manner);
}

void work_decline(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    const unsigned team = order->teams[work_pick(s, order->team_count)];
    Dispatch__DeclineOrder c = DISPATCH__DECLINE_ORDER__INIT;
    c.order = lq_unconst(order->number);
    c.team = lq_unconst(work_team(team));
    c.why = lq_unconst("车坏");
    struct work_manner manner = {0};
    struct sim_terminal *t = work_reporter(s, team, &manner);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_DECLINE_ORDER;
    command.decline_order = &c;
    work_send(s, t, "dispatch", &command.base, &manner);
}

void work_cancel(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Dispatch__CancelOrder c = DISPATCH__CANCEL_ORDER__INIT;
    c.order = lq_unconst(order->number);
    c.why = lq_unconst("情况变化");
    const struct work_manner manner = {.occurred_ms = work_chance(s, 90) ? 0 : work_when(s)};
    struct sim_terminal *t = work_chance(s, 90) ? work_person(s, "DESK1") : work_anybody(s);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_CANCEL_ORDER;
    command.cancel_order = &c;
    work_send(s, t, "dispatch", &command.base, &manner);
}

void work_participant(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    const unsigned team = order->teams[work_pick(s, order->team_count)];
    Dispatch__RecordParticipant c = DISPATCH__RECORD_PARTICIPANT__INIT;
    c.order = lq_unconst(order->number);
    c.team = lq_unconst(work_team(team));
    const unsigned of = work_chance(s, 92) ? team : work_pick(s, WORK_TEAMS);
    const char *stem = work_chance(s, 50) ? "L" : "O";
    c.badge = lq_arena_format(&s->scratch, "%s%u", stem, of + 1);
    struct sim_terminal *t = work_chance(s, 70)   ? work_lead(s, team)
                             : work_chance(s, 70) ? work_person(s, "CLERK")
                                                  : work_anybody(s);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT;
    command.record_participant = &c;
    work_send(s, t, "dispatch", &command.base, NULL);
}
