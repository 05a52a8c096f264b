// What the desk does beside sending teams: it hands over, changes orders, hears that a team needs
// help; and what a team says of who went.
#include <stdio.h>

#include "sim/work.h"

static void send(struct sim *s, struct sim_terminal *t, Dispatch__Command *command,
                 const struct work_manner *manner)
{
    work_send(s, t, "dispatch", &command->base, manner);
}

// Mostly a chief, now and then a commander, a clerk for a chief, or somebody who may not.
static struct sim_terminal *some_chief(struct sim *s, struct work_manner *manner)
{
    const unsigned kind = work_pick(s, 100);
    const char *chief = work_chance(s, 50) ? "DESK1" : "DESK2";
    if (kind < 8) {
        manner->behalf = chief;
        manner->reason = "交接班记录";
        return work_person(s, "CLERK");
    }
    return kind < 30 ? work_person(s, "CMD") : kind < 36 ? work_anybody(s) : work_person(s, chief);
}

// The next chief mostly answers at once, before an order makes the list stale.
static void list_frozen(struct sim *s, struct sim_terminal *t, unsigned tag,
                        const struct sim_answered *a)
{
    (void)t, (void)tag;
    struct sim_work *w = s->work;
    if (!a->accepted || strlen(a->number) >= WORK_NUMBER)
        return;
    w->frozen_list = strcmp(w->frozen_shift, a->number) == 0 ? w->frozen_list + 1 : 1;
    strcpy(w->frozen_shift, a->number);
    if (work_chance(s, 30))
        work_refuse_list(s);
    else if (work_chance(s, 70))
        work_sign(s);
}

void work_freeze(struct sim *s)
{
    Dispatch__FreezeHandover c = DISPATCH__FREEZE_HANDOVER__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s),
                                 .done = list_frozen};
    c.notes = lq_unconst(work_chance(s, 50) ? "垒头乡留一组" : "");
    command.body_case = DISPATCH__COMMAND__BODY_FREEZE_HANDOVER;
    command.freeze_handover = &c;
    struct sim_terminal *t = some_chief(s, &manner);
    send(s, t, &command, &manner);
}

// Which list it is, whoever signs believes to know.
static uint32_t some_list(struct sim *s)
{
    return work_chance(s, 85) ? s->work->frozen_list : 1 + work_pick(s, 3);
}

void work_sign(struct sim *s)
{
    Dispatch__SignHandover c = DISPATCH__SIGN_HANDOVER__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s)};
    c.list = some_list(s);
    command.body_case = DISPATCH__COMMAND__BODY_SIGN_HANDOVER;
    command.sign_handover = &c;
    struct sim_terminal *t = some_chief(s, &manner);
    send(s, t, &command, &manner);
}

// The last whose list was frozen, which by now may have been missed, or one of the days before. A
// is on by day, until 20 o'clock, B by night, until 8; who froze a list need not be told.
void work_sign_on_paper(struct sim *s)
{
    Dispatch__SignHandover c = DISPATCH__SIGN_HANDOVER__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    const char *frozen = s->work->frozen_shift;
    int32_t day = lq_day_of(s->now_ms) - (int32_t)work_pick(s, 4);
    bool is_day = work_chance(s, 50);
    char number[LQ_TIME_TEXT + 8], text[LQ_TIME_TEXT];
    const bool of_frozen =
        work_chance(s, 70) && sscanf(frozen, "%10[0-9-]", text) == 1 && lq_parse_day(text, &day);
    if (of_frozen)
        is_day = strstr(frozen, "day") != NULL;
    lq_format_day(day, text);
    snprintf(number, sizeof number, "%s-%s", text, is_day ? "day" : "night");
    const int64_t end_ms = lq_day_start_ms(day) + (is_day ? 20 : 32) * (int64_t)3600 * 1000;
    struct work_manner manner = {.behalf = is_day ? "DESK2" : "DESK1",
                                 .reason = "补录纸质交接",
                                 .occurred_ms = end_ms + ((int64_t)work_pick(s, 60) - 10) * 60000};
    c.handover = number;
    c.outgoing = lq_unconst(work_chance(s, of_frozen ? 60 : 10) ? ""
                            : work_chance(s, 90) == is_day      ? "DESK1"
                                                                : "DESK2");
    command.body_case = DISPATCH__COMMAND__BODY_SIGN_HANDOVER;
    command.sign_handover = &c;
    send(s, work_person(s, "CLERK"), &command, &manner);
}

void work_refuse_list(struct sim *s)
{
    Dispatch__RefuseHandover c = DISPATCH__REFUSE_HANDOVER__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    struct work_manner manner = {0};
    c.list = some_list(s);
    c.why = lq_unconst(work_chance(s, 90) ? "少列一条指令" : "");
    command.body_case = DISPATCH__COMMAND__BODY_REFUSE_HANDOVER;
    command.refuse_handover = &c;
    struct sim_terminal *t = some_chief(s, &manner);
    send(s, t, &command, &manner);
}

void work_amend(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Dispatch__AmendOrder c = DISPATCH__AMEND_ORDER__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    struct work_manner manner = {.occurred_ms = work_chance(s, 85) ? 0 : work_when(s)};
    c.order = lq_unconst(order->number);
    c.priority = (Dispatch__Priority)work_pick(s, 4);
    c.instructions = lq_unconst(work_chance(s, 50) ? "由北门进入" : "");
    c.why = lq_unconst(work_chance(s, 92) ? "情况有变" : "");
    command.body_case = DISPATCH__COMMAND__BODY_AMEND_ORDER;
    command.amend_order = &c;
    struct sim_terminal *t =
        work_chance(s, 90) ? work_person(s, work_chance(s, 70) ? "DESK1" : "CMD") : work_anybody(s);
    send(s, t, &command, &manner);
}

void work_help(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Dispatch__CallForHelp c = DISPATCH__CALL_FOR_HELP__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    struct work_manner manner = {0};
    const unsigned team = order->teams[work_pick(s, order->team_count)];
    c.order = lq_unconst(order->number);
    c.team = lq_unconst(work_team(team));
    c.words = lq_unconst("厂方堵门");
    command.body_case = DISPATCH__COMMAND__BODY_CALL_FOR_HELP;
    command.call_for_help = &c;
    struct sim_terminal *t = work_reporter(s, team, &manner);
    send(s, t, &command, &manner);
}

void work_crew(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Dispatch__RecordCrew c = DISPATCH__RECORD_CREW__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    const unsigned team = order->teams[work_pick(s, order->team_count)];
    char *people[] = {lq_unconst(work_lead(s, team)->badge),
                      lq_unconst(work_chance(s, 50) ? work_lead(s, team)->badge : "O1")};
    char *vehicles[] = {lq_unconst("冀J12345"), lq_unconst("2")};
    c.order = lq_unconst(order->number);
    c.team = lq_unconst(work_team(team));
    c.people = people;
    c.n_people = work_pick(s, 3);
    c.vehicles = vehicles + work_pick(s, 2);
    c.n_vehicles = 1;
    command.body_case = DISPATCH__COMMAND__BODY_RECORD_CREW;
    command.record_crew = &c;
    struct sim_terminal *t = work_chance(s, 60)   ? work_lead(s, team)
                             : work_chance(s, 80) ? work_person(s, "DESK1")
                                                  : work_anybody(s);
    send(s, t, &command, NULL);
}
