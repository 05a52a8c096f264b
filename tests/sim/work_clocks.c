// What people do about terms: they promise to see to them, take days out, ask.
#include <stdio.h>

#include "pb/pb.h"
#include "sim/work.h"

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
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s)};
    if (c.number != NULL)
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

void work_ask_clocks(struct sim *s)
{
    Rules__AskClocks ask = RULES__ASK_CLOCKS__INIT;
    ask.limit = 500;
    ask.overdue = work_chance(s, 30);
    ask.all = work_chance(s, 20);
    if (work_chance(s, 15))
        ask.on_ms = s->now_ms - sim_between(&s->work_dice, 0, 48 * 60) * 60000;
    if (work_chance(s, 15))
        ask.within_day = lq_day_of(s->now_ms) + (int32_t)work_pick(s, 30);
    const unsigned rule = work_pick(s, 6), of = work_pick(s, WORK_KEPT);
    if (work_chance(s, 50)) {
        Seizure__Query q = SEIZURE__QUERY__INIT;
        q.body_case = SEIZURE__QUERY__BODY_CLOCKS;
        q.clocks = &ask;
        ask.kind = lq_unconst(rule == 0 ? "item" : "");
        ask.number = rule == 0 ? s->work->items[of].number : lq_unconst("");
        work_ask(s, work_anybody(s), "seizure", &q.base);
        return;
    }
    Dispatch__Query q = DISPATCH__QUERY__INIT;
    q.body_case = DISPATCH__QUERY__BODY_CLOCKS;
    q.clocks = &ask;
    ask.kind = lq_unconst(rule == 0 ? "order" : "");
    ask.number = rule == 0 ? s->work->orders[of].number : lq_unconst("");
    ask.rule = lq_unconst(rule == 1 ? "OP-ACK" : rule == 2 ? "OP-DEPART" : rule == 3 ? "OP-" : "");
    work_ask(s, work_anybody(s), "dispatch", &q.base);
}
