// Until when somebody must plan on, and who is told: the terms themselves stand in policy.yaml.
#include "shift.h"

// The rota has one term of its own, which always ends with the last shift that is planned.
#define ROTA "rota"
#define FORCE "force"
#define PLAN_ON "OP-ROTA"

const char *const shift_clock_kinds[] = {ROTA, NULL};

// The end of the last shift that stands, but for that one (NULL: none). No shift that starts more
// than a longest one before another ends behind it.
static int64_t last_end_ms(struct lq_view *view, const char *except)
{
    int64_t last_ms = 0;
    struct lq_scan s = lq_scan_backwards(view, &lq_rota, lq_key_none());
    const Shift__Shift *shift;
    while ((shift = lq_rota_next(&s)) != NULL &&
           shift->starts_at_ms + LQ_SHIFT_LONGEST_MS > last_ms)
        if ((except == NULL || strcmp(shift->number, except) != 0) && shift->ends_at_ms > last_ms)
            last_ms = shift->ends_at_ms;
    return last_ms;
}

// A rota that is written down afterwards is no plan.
void shift_restart_rota_term(struct lq_decision *d, const char *changed, int64_t ends_ms)
{
    const int64_t others_ms = last_end_ms(d->view, changed);
    const int64_t due_ms = ends_ms > others_ms ? ends_ms : others_ms;
    const Rules__Clock *clock = lq_clock_now(d, ROTA, FORCE, PLAN_ON);
    const struct lq_clock_start start = {.kind = ROTA,
                                         .number = FORCE,
                                         .rule = PLAN_ON,
                                         .start_ms = d->facts->occurred_ms,
                                         .owner = d->facts->principal,
                                         .due_ms = due_ms};
    if (clock != NULL && clock->due_ms != due_ms && due_ms > 0)
        lq_clock_restart(d, clock, &start);
    else if (clock == NULL && due_ms > d->facts->now_ms)
        lq_clock_start(d, &start);
}

// ---------------------------------------------------------------- whom a mark names

void shift_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (strcmp(clock->rule, "OP-ROLLCALL") == 0)
        shift_add_unsigned(d, clock->number, rang);
    if (strcmp(clock->rule, SHIFT_ANSWER) == 0) {
        shift_add_answering(d, clock, rang);
        return;
    }
    const Shift__Swap *swap = strcmp(clock->kind, "swap") == 0
                                  ? lq_find(d->view, &lq_swaps, lq_key_text(clock->number))
                                  : NULL;
    if (swap != NULL) {
        lq_told_add(rang, swap->person);
        lq_told_add(rang, swap->partner);
    }
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        lq_told_add_desk_chiefs(d, rang, NULL);
}
