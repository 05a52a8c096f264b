// What becomes of a shift that is planned: until it starts, a desk chief or a commander moves it or
// cancels it. What is bound to it goes along: swaps move with it, and lapse with it.
#include "shift.h"

// ---------------------------------------------------------------- who may

uint32_t shift_principal_roles(struct lq_decision *d)
{
    const struct lq_facts *f = d->facts;
    return f->on_behalf_of[0] != '\0' ? lq_roster_roles_at(d->view, f->principal, f->occurred_ms)
                                      : f->roles;
}

bool shift_is_chief(struct lq_decision *d)
{
    const uint32_t roles = shift_principal_roles(d);
    const Shift__Person *person =
        lq_roster_person_at(d->view, d->facts->principal, d->facts->occurred_ms);
    return (roles & LQ_ROLE(COMMANDER)) != 0 ||
           (person != NULL && person->rank == SHIFT__RANK__DESK_CHIEF);
}

struct lq_verdict shift_need_chief(struct lq_decision *d)
{
    if (shift_is_chief(d))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                     "%s is neither a desk chief nor a commander; these may do it",
                     d->facts->principal);
}

// ---------------------------------------------------------------- when

struct lq_verdict shift_need_not_started(struct lq_decision *d, const Shift__Shift *shift)
{
    if (d->facts->occurred_ms < shift->starts_at_ms)
        return LQ_ACCEPT;
    char start[LQ_TIME_TEXT];
    return lq_reject(d, SHIFT__REJECT__SHIFT_STARTED,
                     "shift %s started at %s: who was on duty then does not change any more",
                     shift->number, lq_format_local(shift->starts_at_ms, start));
}

static struct lq_verdict check_move(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Shift *before = taking->row;
    Shift__Shift after = *before;
    after.starts_at_ms = taking->act->from_ms;
    after.ends_at_ms = taking->act->to_ms;
    LQ_TRY(shift_need_chief(d));
    LQ_TRY(shift_need_not_started(d, before));
    LQ_TRY(shift_check_length(d, &after));
    LQ_TRY(lq_need_plausible_day(d, "the start of the shift", lq_day_of(after.starts_at_ms),
                                 d->facts->policy->limits.shift_days, "shift_days"));
    LQ_TRY(shift_need_not_started(d, &after));
    LQ_TRY(shift_check_overlap(d, &after, true));
    // Who was to be there with it is there alone, or no more.
    shift_doubt_cover(d, before->starts_at_ms, before->ends_at_ms);
    shift_doubt_cover(d, after.starts_at_ms, after.ends_at_ms);
    shift_restart_rota_term(d, before->number, after.ends_at_ms);
    shift_restate_answers(d, before, &after);
    return LQ_ACCEPT;
}

static struct lq_verdict check_cancel(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Shift *shift = taking->row;
    LQ_TRY(shift_need_chief(d));
    LQ_TRY(shift_need_not_started(d, shift));
    shift_lapse_swaps(d, shift->number);
    shift_doubt_cover(d, shift->starts_at_ms, shift->ends_at_ms);
    shift_stop_cover(d, shift->number);
    shift_restart_rota_term(d, shift->number, 0);
    shift_restate_answers(d, shift, NULL);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the steps

enum { CHIEFS = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER) }; // of the desk, its chiefs

#define STEP(from, to, verb, needs_, rule_)                                                        \
    LQ_STEP(SHIFT__SHIFT_STATE__##from, to, verb, CHIEFS, LQ_ROLE(CLERK), .needs = (needs_),       \
            .rule = (rule_))
static const struct lq_step steps[] = {
    STEP(PLANNED, LQ_STEP_STAYS, MOVE, "from_ms to_ms", check_move),
    STEP(PLANNED, SHIFT__SHIFT_STATE__CANCELLED, CANCEL, NULL, check_cancel),
};

const struct lq_steps shift_shift_steps = {
    .entity = "shift",
    .states = &shift__shift_state__descriptor,
    .steps = steps,
    .count = sizeof steps / sizeof steps[0],
};

void shift_shift_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Shift__Shift *shift = row;
    if (step->verb != RULES__VERB__MOVE)
        return;
    shift->starts_at_ms = step->act->from_ms;
    shift->ends_at_ms = step->act->to_ms;
}

// The thing is one that is found, so this saves it: with its place on the rota.
void shift_shift_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                         const void *before, const void *after)
{
    const Shift__Shift *was = before, *shift = after;
    lq_shift_save(tables, shift);
    if (was->starts_at_ms != shift->starts_at_ms || shift->state != was->state)
        shift_set_timers(tables, shift, 0); // neither has begun
}

const void *shift_find_shift(struct lq_view *view, const struct lq_thing *thing, const char *number)
{
    return lq_shift_find(view, number);
}
