// The ledger beside what is done in the field: who supervises which premises, and when.
#include <stdio.h>

#include "pb/pb.h"
#include "sim/work.h"

enum { SUPERVISED = 3 };

static const int64_t HOUR_MS = 3600 * 1000LL;

// Mostly one that there is: the service numbers them as they come.
static char *some_supervisor(struct sim *s, unsigned premises)
{
    static char number[WORK_NUMBER];
    snprintf(number, sizeof number, "%s/%u", work_premises(s, premises), 1 + work_pick(s, work_chance(s, 70) ? 2 : 6));
    return number;
}

void work_supervisor(struct sim *s)
{
    Ledger__Supervisor c = LEDGER__SUPERVISOR__INIT;
    const struct work_manner manner = {.occurred_ms = work_when(s)};
    c.premises = lq_unconst(work_premises(s, work_pick(s, SUPERVISED)));
    c.name = work_number(s, "驻");
    c.from_beginning = work_chance(s, 10);
    work_send_ledger(s, work_person(s, "CLERK"), LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR, &c,
                     &manner);
}

void work_replace_supervisor(struct sim *s)
{
    Ledger__ReplaceSupervisor c = LEDGER__REPLACE_SUPERVISOR__INIT;
    const struct work_manner manner = {.occurred_ms = work_when(s)};
    const unsigned premises = work_pick(s, SUPERVISED);
    c.premises = lq_unconst(work_premises(s, premises));
    c.name = work_number(s, "驻");
    c.replaces = some_supervisor(s, premises);
    work_send_ledger(s, work_person(s, work_chance(s, 80) ? "CLERK" : "CMD"),
                     LEDGER__COMMAND__BODY_REPLACE_SUPERVISOR, &c, &manner);
}

void work_stand_in(struct sim *s)
{
    Ledger__StandIn c = LEDGER__STAND_IN__INIT;
    const unsigned premises = work_pick(s, SUPERVISED);
    c.premises = lq_unconst(work_premises(s, premises));
    c.name = work_number(s, "代");
    c.replaces = some_supervisor(s, premises);
    c.from_ms = work_chance(s, 50) ? 0 : s->now_ms + HOUR_MS;
    c.to_ms = s->now_ms + (int64_t)work_pick(s, 5) * HOUR_MS;
    work_send_ledger(s, work_person(s, "CLERK"), LEDGER__COMMAND__BODY_STAND_IN, &c, NULL);
}
