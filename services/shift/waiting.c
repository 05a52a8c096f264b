// Until when what somebody has asked for is answered: so many hours before the first shift that it
// touches (policy.yaml, OP-ANSWER), or at once where it was asked later. Then it is told to whoever
// may answer. An absence waits on, whatever becomes of its shift; a swap until one of its shifts
// begins.
#include "shift.h"

#define ABSENCE "absence"
#define SWAP "swap"

// ---------------------------------------------------------------- before what

static bool meets(const Shift__Absence *absence, const Shift__Shift *shift)
{
    return shift->starts_at_ms < absence->to_ms && absence->from_ms < shift->ends_at_ms;
}

// When his first shift in that time begins, or the absence where there is none. `but`, a shift that
// changes, counts as it will be: `after` (NULL: not at all).
static int64_t absence_before_ms(struct lq_decision *d, const Shift__Absence *absence,
                                 const Shift__Shift *but, const Shift__Shift *after)
{
    const Shift__Swap *by;
    const Shift__Shift *shift;
    int64_t first_ms = INT64_MAX;
    struct lq_scan s = lq_rota_from(d->view, absence->from_ms);
    while ((shift = lq_rota_next(&s)) != NULL && shift->starts_at_ms < absence->to_ms &&
           shift->starts_at_ms < first_ms)
        if ((but == NULL || strcmp(shift->number, but->number) != 0) && meets(absence, shift) &&
            lq_duty_has_shift(d->view, absence->person, shift, &by))
            first_ms = shift->starts_at_ms;
    if (after != NULL && meets(absence, after) && after->starts_at_ms < first_ms &&
        lq_duty_has_shift(d->view, absence->person, after, &by))
        first_ms = after->starts_at_ms;
    return first_ms != INT64_MAX ? first_ms : absence->from_ms;
}

static int64_t start_ms(struct lq_decision *d, const char *number, const Shift__Shift *after)
{
    const Shift__Shift *shift = after != NULL && strcmp(after->number, number) == 0
                                    ? after
                                    : lq_shift_find(d->view, number);
    return shift != NULL ? shift->starts_at_ms : INT64_MAX; // it is no stand-in's
}

// When the first of its shifts begins.
static int64_t swap_before_ms(struct lq_decision *d, const Shift__Swap *swap,
                              const Shift__Shift *after)
{
    const int64_t given_ms = start_ms(d, swap->shift, after);
    const int64_t taken_ms = start_ms(d, swap->partner_shift, after);
    return given_ms < taken_ms ? given_ms : taken_ms;
}

// ---------------------------------------------------------------- it waits, and no more

static void await(struct lq_decision *d, const char *kind, const char *number, const char *whose,
                  int64_t before_ms)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = kind,
                                               .number = number,
                                               .rule = SHIFT_ANSWER,
                                               .start_ms = d->facts->occurred_ms,
                                               .before_ms = before_ms,
                                               .owner = whose});
}

// Who answers for his team, and is not himself; NULL: nobody does.
static const Shift__Person *lead_of(struct lq_decision *d, const char *badge)
{
    const int64_t at_ms = d->facts->occurred_ms;
    const Shift__Person *p = lq_roster_person_at(d->view, badge, at_ms);
    LQ_ASSERT(p != NULL); // who asks is on the roster
    if (p->team[0] == '\0')
        return NULL;
    const Shift__Person *lead = lq_duty_answers(d->view, p->team, at_ms);
    if (lead != NULL && strcmp(lead->badge, badge) == 0)
        lead = lq_duty_deputy(d->view, p->team, at_ms);
    return lead != NULL && strcmp(lead->badge, badge) != 0 ? lead : NULL;
}

void shift_await_absence(struct lq_decision *d, const Shift__Absence *absence)
{
    const Shift__Person *lead = lead_of(d, absence->person);
    await(d, ABSENCE, absence->number, lead != NULL ? lead->badge : "",
          absence_before_ms(d, absence, NULL, NULL));
}

void shift_await_swap(struct lq_decision *d, const Shift__Swap *swap, const char *whose)
{
    await(d, SWAP, swap->number, whose, swap_before_ms(d, swap, NULL));
}

void shift_stop_waiting(struct lq_decision *d, const char *kind, const char *number)
{
    lq_clock_stop(d, kind, number, SHIFT_ANSWER, d->facts->occurred_ms);
}

bool shift_swap_waits(const Shift__Swap *swap)
{
    return swap->state == SHIFT__REQUEST__ASKED || swap->state == SHIFT__REQUEST__ACCEPTED;
}

// ---------------------------------------------------------------- a shift changes, or begins

// As many as an event has room for, beside the terms of the shift itself.
enum { ANSWERS_MOST = LQ_CLOCKS_PER_EVENT - 8 };

static bool restate(struct lq_decision *d, const char *kind, const char *number, int64_t before_ms)
{
    const Rules__Clock *clock = lq_clock_now(d, kind, number, SHIFT_ANSWER);
    if (clock == NULL || !lq_clock_runs(clock))
        return false;
    lq_clock_restart(d, clock,
                     &(struct lq_clock_start){.start_ms = clock->start_ms, .before_ms = before_ms});
    return true;
}

static bool is_of(const Shift__Swap *swap, const char *shift)
{
    return strcmp(swap->shift, shift) == 0 || strcmp(swap->partner_shift, shift) == 0;
}

void shift_restate_answers(struct lq_decision *d, const Shift__Shift *before,
                           const Shift__Shift *after)
{
    unsigned room = ANSWERS_MOST;
    for (struct lq_scan s = lq_scan(d->view, &lq_absences, lq_key_none());
         room > 0 && lq_scan_next(&s);) {
        const Shift__Absence *absence = s.row;
        if (absence->state == SHIFT__REQUEST__ASKED &&
            (meets(absence, before) || (after != NULL && meets(absence, after))))
            room -=
                restate(d, ABSENCE, absence->number, absence_before_ms(d, absence, before, after));
    }
    for (struct lq_scan s = lq_scan(d->view, &lq_swaps, lq_key_none());
         after != NULL && room > 0 && lq_scan_next(&s);) { // those of one that is none lapse
        const Shift__Swap *swap = s.row;
        if (shift_swap_waits(swap) && is_of(swap, before->number))
            room -= restate(d, SWAP, swap->number, swap_before_ms(d, swap, after));
    }
}

void shift_give_up_swaps(struct lq_decision *d, const char *shift)
{
    unsigned room = ANSWERS_MOST;
    for (struct lq_scan s = lq_scan(d->view, &lq_swaps, lq_key_none());
         room > 0 && lq_scan_next(&s);) {
        const Shift__Swap *swap = s.row;
        if (shift_swap_waits(swap) && is_of(swap, shift))
            room -= lq_clock_stop(d, SWAP, swap->number, SHIFT_ANSWER, d->facts->occurred_ms);
    }
}

// ---------------------------------------------------------------- whom a mark names

// A desk chief cannot answer his own; where nobody else is left who may, a commander must.
static void add_chiefs_but(struct lq_decision *d, Rules__ClockRang *rang, const char *himself)
{
    lq_told_add_desk_chiefs(d, rang, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < rang->n_badges; i++)
        if (strcmp(rang->badges[i], himself) != 0)
            rang->badges[kept++] = rang->badges[i];
    rang->n_badges = kept;
}

void shift_add_answering(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    const Shift__Absence *absence = strcmp(clock->kind, ABSENCE) == 0
                                        ? lq_find(d->view, &lq_absences, lq_key_text(clock->number))
                                        : NULL;
    const Shift__Person *lead = absence != NULL ? lead_of(d, absence->person) : NULL;
    const char *whose = absence == NULL ? clock->owner : lead != NULL ? lead->badge : "";
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER) && whose[0] != '\0')
        lq_told_add(rang, whose);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        add_chiefs_but(d, rang, absence != NULL ? absence->person : "");
    if (rang->n_badges == 0 && !lq_told_to(rang, RULES__ADDRESSEE__COMMANDER))
        lq_told_also_to(d, rang, RULES__ADDRESSEE__COMMANDER);
}
