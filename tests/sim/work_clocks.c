// What people do about terms: they promise to see to them, take days out, ask.
#include <stdio.h>

#include "pb/pb.h"
#include "sim/work.h"

// As long as a name may be, so that together they make no key.
static char *long_name(struct sim *s, size_t size)
{
    char *name = lq_arena_alloc(&s->scratch, size + 1);
    memset(name, 'x', size);
    name[size] = '\0';
    return name;
}

// Days of testing, told by a paper; now and then without one, for another cause, or of other days.
void work_pause(struct sim *s)
{
    struct sim_work *w = s->work;
    Rules__PauseClock c = RULES__PAUSE_CLOCK__INIT;
    c.kind = lq_unconst("item");
    c.number = work_some_item(s);
    c.rule = lq_unconst(work_chance(s, 97) ? "SZ6" : "SZ9");
    c.cause = lq_unconst(work_chance(s, 93) ? "testing_term_notified" : "hearing");
    c.paper = lq_unconst(work_chance(s, 93) ? "献环检〔2015〕3号" : "");
    c.from_day = lq_day_of(s->now_ms) + (int32_t)sim_between(&s->work_dice, -3, 3);
    c.to_day = c.from_day + (int32_t)sim_between(&s->work_dice, -1, 7);
    if (work_chance(s, 4))
        c.to_day = INT32_MAX;
    if (work_chance(s, 35) && w->pause_number[0] != '\0') { // entered once more
        c.number = w->pause_number;
        c.from_day = w->pause_from_day;
        c.to_day = w->pause_to_day;
    }
    if (c.number == NULL)
        return;
    if (c.number != w->pause_number)
        snprintf(w->pause_number, WORK_NUMBER, "%s", c.number);
    w->pause_from_day = c.from_day;
    w->pause_to_day = c.to_day;
    const unsigned kind = work_pick(s, 100);
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s)};
    struct sim_terminal *t = work_person(s, kind < 50 ? "CMD" : "L1");
    if (kind >= 75 && kind < 90) {
        t = work_person(s, "CLERK");
        manner.behalf = "CMD";
        manner.reason = "检测告知书";
    } else if (kind >= 90) {
        t = work_anybody(s);
    }
    work_send_seizure(s, t, SEIZURE__COMMAND__BODY_PAUSE_CLOCK, &c, &manner);
}

// Somebody promises to see to a seal by then.
void work_take_seal(struct sim *s)
{
    Rules__TakeClock c = RULES__TAKE_CLOCK__INIT;
    c.kind = lq_unconst("item");
    c.number = work_chance(s, 40) && s->work->pause_number[0] != '\0' ? s->work->pause_number
                                                                      : work_some_item(s);
    c.rule = lq_unconst(work_chance(s, 97) ? "SZ6" : "OP-SEAL");
    c.until_ms = s->now_ms + sim_between(&s->work_dice, -60, 5 * 24 * 60) * 60000;
    if (work_chance(s, 2)) {
        c.kind = c.rule = long_name(s, 64);
        c.number = long_name(s, 129);
    }
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s)};
    if (c.number == NULL)
        return;
    work_send_seizure(s, work_anybody(s), SEIZURE__COMMAND__BODY_TAKE_CLOCK, &c, &manner);
    if (work_chance(s, 70))
        return;
    c.until_ms += sim_between(&s->work_dice, 1, 48) * 3600000; // and once more, by somebody else
    work_send_seizure(s, work_anybody(s), SEIZURE__COMMAND__BODY_TAKE_CLOCK, &c, &manner);
}

void work_recount_seals(struct sim *s)
{
    Rules__RecountClocks c = RULES__RECOUNT_CLOCKS__INIT;
    struct work_manner manner = {.occurred_ms = work_when(s)};
    work_send_seizure(s, work_chance(s, 90) ? work_person(s, "ADMIN") : work_anybody(s),
                      SEIZURE__COMMAND__BODY_RECOUNT_CLOCKS, &c, &manner);
}

// Somebody promises to see to it that a team answers, or departs, by then.
void work_take_order(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    const bool answer = work_chance(s, 50);
    Rules__TakeClock c = RULES__TAKE_CLOCK__INIT;
    c.kind = lq_unconst(answer ? "order" : "assignment");
    c.number =
        answer ? lq_unconst(order->number)
               : lq_arena_format(&s->scratch, "%s/%s", order->number, work_team(order->teams[0]));
    c.rule = lq_unconst(answer ? "OP-ACK" : "OP-DEPART");
    c.until_ms = s->now_ms + sim_between(&s->work_dice, -60, 1200) * 1000;
    struct work_manner manner = {0};
    struct sim_terminal *t = work_reporter(s, order->teams[0], &manner);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_TAKE_CLOCK;
    command.take_clock = &c;
    work_send(s, t, "dispatch", &command.base, &manner);
}

void work_recount_orders(struct sim *s)
{
    Rules__RecountClocks c = RULES__RECOUNT_CLOCKS__INIT;
    struct work_manner manner = {.occurred_ms = work_when(s)};
    struct sim_terminal *t = work_chance(s, 90) ? work_person(s, "ADMIN") : work_anybody(s);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_RECOUNT_CLOCKS;
    command.recount_clocks = &c;
    work_send(s, t, "dispatch", &command.base, &manner);
}

static void ask(struct sim *s, struct sim_terminal *t, const char *service, Rules__AskClocks *ask)
{
    if (strcmp(service, "seizure") == 0) {
        Seizure__Query q = SEIZURE__QUERY__INIT;
        q.body_case = SEIZURE__QUERY__BODY_CLOCKS;
        q.clocks = ask;
        work_ask(s, t, service, &q.base);
        return;
    }
    Dispatch__Query q = DISPATCH__QUERY__INIT;
    q.body_case = DISPATCH__QUERY__BODY_CLOCKS;
    q.clocks = ask;
    work_ask(s, t, service, &q.base);
}

void work_ask_all_clocks(struct sim *s, const char *service)
{
    Rules__AskClocks all = RULES__ASK_CLOCKS__INIT;
    all.limit = 500;
    all.all = true;
    ask(s, work_person(s, "INSP"), service, &all);
}

void work_ask_clocks(struct sim *s)
{
    static const char *const rules[] = {"", "OP-ACK", "OP-DEPART", "OP-", "SZ6", "SZ7"};
    Rules__AskClocks some = RULES__ASK_CLOCKS__INIT;
    const bool seizure = work_chance(s, 50);
    const unsigned rule = work_pick(s, 6), of = work_pick(s, WORK_KEPT);
    some.limit = 500;
    some.overdue = work_chance(s, 30);
    some.all = work_chance(s, 20);
    some.not_counted = work_chance(s, 15);
    some.mine = work_chance(s, 25);
    some.alerts = work_chance(s, 15);
    if (work_chance(s, 15))
        some.on_ms = s->now_ms - sim_between(&s->work_dice, 0, 48 * 60) * 60000;
    if (work_chance(s, 15))
        some.within_day =
            work_chance(s, 95) ? lq_day_of(s->now_ms) + (int32_t)work_pick(s, 30) : INT32_MAX;
    some.rule = lq_unconst(rules[rule]);
    if (rule == 0) { // of one thing
        some.kind = lq_unconst(seizure ? "item" : "order");
        some.number = seizure ? s->work->items[of].number : s->work->orders[of].number;
    }
    ask(s, work_anybody(s), seizure ? "seizure" : "dispatch", &some);
}
