// What is no seizure: sites are closed, power is cut and given back; on what it rests is recorded
// in full, in part or not at all.
#include <stdio.h>

#include "sim/work.h"

#define SET_BASIS(s, c)                                                                            \
    do {                                                                                           \
        const int32_t today = lq_day_of((s)->now_ms);                                              \
        (c)->legal_basis = lq_unconst(work_chance(s, 60) ? "行政强制法第四十四条" : "");           \
        (c)->mode = (Seizure__Mode)work_pick(s, 5);                                                \
        (c)->demand_day = work_chance(s, 50) ? today + 1 - (int32_t)work_pick(s, 9) : 0;           \
        (c)->remedy_until_day = work_chance(s, 50) ? today + 2 - (int32_t)work_pick(s, 5) : 0;     \
        (c)->urgent = work_chance(s, 20);                                                          \
    } while (false)

void work_basis(struct sim *s, Seizure__TakeItem *c)
{
    SET_BASIS(s, c);
}

void work_close_site(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Seizure__CloseSite c = SEIZURE__CLOSE_SITE__INIT;
    c.site = lq_unconst(work_premises(s, order->premises));
    c.order = lq_unconst(order->number);
    SET_BASIS(s, &c);
    struct sim_terminal *t =
        work_chance(s, 50) ? work_lead(s, order->teams[0]) : work_person(s, "CMD");
    work_send_seizure(s, t, SEIZURE__COMMAND__BODY_CLOSE_SITE, &c, NULL);
}

void work_cut_power(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Seizure__CutPower c = SEIZURE__CUT_POWER__INIT;
    struct work_manner manner = {.occurred_ms = work_chance(s, 70) ? 0 : work_when(s)};
    c.number = work_number(s, "PW");
    c.target = lq_unconst(work_premises(s, order->premises));
    c.order = lq_unconst(work_chance(s, 60) ? order->number : "");
    c.extent = lq_unconst("全厂");
    SET_BASIS(s, &c);
    snprintf(s->work->power_cut, sizeof s->work->power_cut, "%s", c.number);
    struct sim_terminal *t = work_chance(s, 90) ? work_lead(s, order->teams[0]) : work_anybody(s);
    work_send_seizure(s, t, SEIZURE__COMMAND__BODY_CUT_POWER, &c, &manner);
}

void work_restore_power(struct sim *s)
{
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    Rules__Act act = RULES__ACT__INIT;
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s)};
    if (s->work->power_cut[0] == '\0')
        return;
    c.kind = lq_unconst("power");
    c.number = s->work->power_cut;
    c.verb = RULES__VERB__RESTORE_POWER;
    c.act = &act;
    struct sim_terminal *t =
        work_chance(s, 85) ? work_person(s, work_chance(s, 50) ? "L1" : "CMD") : work_anybody(s);
    work_send_seizure(s, t, SEIZURE__COMMAND__BODY_TAKE_STEP, &c, &manner);
}
