// Swaps: one takes a shift of another, who perhaps takes one of his. Who asks, the partner and a
// desk chief agree; then it counts. It names shifts and no times: where one of them is moved, the
// swap moves along, and where one is cancelled it lapses.
#include "shift.h"

#define SWAP "swap"
#define REST_HOURS 8
static const int64_t REST_MS = REST_HOURS * 3600 * 1000LL;

// One side of a swap: who takes which shift, and which of his own he gives for it.
struct side {
    const char *badge;
    const Shift__Shift *takes, *gives; // NULL: none
};

static struct lq_verdict find_sides(struct lq_decision *d, const Shift__Swap *swap,
                                    struct side sides[2])
{
    sides[0] = (struct side){.badge = swap->person};
    sides[1] = (struct side){.badge = swap->partner};
    LQ_TRY(shift_need_shift(d, swap->shift, &sides[0].gives));
    sides[1].takes = sides[0].gives;
    if (swap->partner_shift[0] == '\0')
        return LQ_ACCEPT;
    LQ_TRY(shift_need_shift(d, swap->partner_shift, &sides[1].gives));
    sides[0].takes = sides[1].gives;
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- may he give, may he take

static struct lq_verdict check_gives(struct lq_decision *d, const struct side *side)
{
    if (side->gives == NULL)
        return LQ_ACCEPT;
    const Shift__Swap *by;
    struct lq_duty_span spans[LQ_DUTY_SPANS];
    char start[LQ_TIME_TEXT];
    if (lq_duty_has_shift(d->view, side->badge, side->gives, &by) &&
        lq_duty_spans(d->view, side->badge, side->gives, by, spans) > 0)
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__NOT_ON_THAT_SHIFT,
                     "%s is not on duty in shift %s of group %s, which starts at %s, and so cannot "
                     "give it away",
                     side->badge, side->gives->number, side->gives->group,
                     lq_format_local(side->gives->starts_at_ms, start));
}

// Who is away for all of a shift cannot take it. An absence from a shift of his own that reaches
// into it does no harm: it is one from that shift.
static struct lq_verdict check_present(struct lq_decision *d, const struct side *side)
{
    const Shift__Shift *takes = side->takes;
    struct lq_duty_span spans[LQ_DUTY_SPANS];
    if (lq_duty_spans(d->view, side->badge, takes, NULL, spans) > 0)
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__ABSENT_THEN,
                     "%s has an approved absence in shift %s and cannot take it", side->badge,
                     takes->number);
}

static struct lq_verdict reject_rest(struct lq_decision *d, const struct side *side,
                                     const Shift__Shift *other, int64_t rest_ms)
{
    return lq_reject(d, SHIFT__REJECT__TOO_LITTLE_REST,
                     "between shift %s and shift %s %s would rest %lld h %lld min, less than %d "
                     "hours. A commander may approve it, with a reason",
                     side->takes->number, other->number, side->badge,
                     (long long)(rest_ms / 3600000), (long long)(rest_ms / 60000 % 60), REST_HOURS);
}

// Beside another of his shifts: not at once, and (`rest`) not without rest between them.
static struct lq_verdict check_beside(struct lq_decision *d, const struct side *side,
                                      const Shift__Shift *other, const Shift__Swap *by, bool rest)
{
    struct lq_duty_span spans[LQ_DUTY_SPANS];
    const unsigned count = lq_duty_spans(d->view, side->badge, other, by, spans);
    for (unsigned i = 0; i < count; i++) {
        const int64_t before_ms = side->takes->starts_at_ms - spans[i].to_ms;
        const int64_t after_ms = spans[i].from_ms - side->takes->ends_at_ms;
        const int64_t rest_ms = before_ms > after_ms ? before_ms : after_ms;
        if (rest_ms < 0)
            return lq_reject(d, SHIFT__REJECT__ALREADY_ON_DUTY,
                             "%s is on duty in shift %s already, in the time of shift %s",
                             side->badge, other->number, side->takes->number);
        if (rest && rest_ms < REST_MS)
            return reject_rest(d, side, other, rest_ms);
    }
    return LQ_ACCEPT;
}

static bool is_one_of(const struct side *side, const Shift__Shift *shift)
{
    return strcmp(shift->number, side->takes->number) == 0 ||
           (side->gives != NULL && strcmp(shift->number, side->gives->number) == 0);
}

// Against every other shift of his that is near.
static struct lq_verdict check_takes(struct lq_decision *d, const struct side *side, bool rest)
{
    const Shift__Swap *by;
    if (side->takes == NULL)
        return LQ_ACCEPT;
    if (lq_duty_has_shift(d->view, side->badge, side->takes, &by))
        return lq_reject(d, SHIFT__REJECT__ALREADY_ON_DUTY, "%s is on duty in shift %s already",
                         side->badge, side->takes->number);
    if (!rest)
        LQ_TRY(check_present(d, side));
    struct lq_scan s = lq_rota_from(d->view, side->takes->starts_at_ms - REST_MS);
    const Shift__Shift *other;
    while ((other = lq_rota_next(&s)) != NULL &&
           other->starts_at_ms < side->takes->ends_at_ms + REST_MS)
        if (!is_one_of(side, other) && lq_duty_has_shift(d->view, side->badge, other, &by))
            LQ_TRY(check_beside(d, side, other, by, rest));
    return LQ_ACCEPT;
}

// What holds when it is asked for, when the partner accepts it and when it is approved: the shifts
// are still to come and theirs to give and take.
static struct lq_verdict check_swap(struct lq_decision *d, const Shift__Swap *swap,
                                    struct side sides[2])
{
    LQ_TRY(find_sides(d, swap, sides));
    for (int i = 0; i < 2; i++)
        if (sides[i].gives != NULL)
            LQ_TRY(shift_need_not_started(d, sides[i].gives));
    for (int i = 0; i < 2; i++)
        LQ_TRY(check_gives(d, &sides[i]));
    for (int i = 0; i < 2; i++)
        LQ_TRY(check_takes(d, &sides[i], false));
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- asking

static struct lq_verdict check_people(struct lq_decision *d, const Shift__SwapAsked *c)
{
    const char *const people[] = {c->person, c->partner};
    char at[LQ_TIME_TEXT];
    for (int i = 0; i < 2; i++) {
        const Shift__Person *p = lq_roster_person_at(d->view, people[i], d->facts->occurred_ms);
        if (p == NULL || p->left_day != 0)
            return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN, "%s is not on the roster of %s",
                             people[i], lq_format_local(d->facts->occurred_ms, at));
    }
    if (strcmp(c->person, c->partner) == 0)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%s cannot swap with himself", c->person);
    if (strcmp(c->person, d->facts->principal) != 0)
        return lq_reject(d, SHIFT__REJECT__NOT_YOURS_TO_ASK,
                         "%s cannot swap a shift of %s: everybody asks for himself, or the desk "
                         "and the office on his behalf, with a reason",
                         d->facts->principal, c->person);
    return LQ_ACCEPT;
}

static bool is_open(const Shift__Swap *swap)
{
    return shift_swap_waits(swap) || swap->state == SHIFT__REQUEST__APPROVED;
}

// One at a time is asked for a shift.
static struct lq_verdict check_unasked(struct lq_decision *d, const Shift__SwapAsked *c)
{
    struct lq_scan s = lq_duty_changes_of(d->view, c->person, SWAP);
    const Shift__Swap *other;
    while ((other = lq_swap_next(&s)) != NULL)
        if (is_open(other) && strcmp(other->person, c->person) == 0 &&
            strcmp(other->shift, c->shift) == 0)
            return lq_reject(d, SHIFT__REJECT__SWAP_ASKED_ALREADY,
                             "%s has asked for swap %s of shift %s already; it can be withdrawn",
                             c->person, other->number, c->shift);
    return LQ_ACCEPT;
}

struct lq_verdict shift_ask_swap(struct lq_decision *d, const void *command)
{
    const Shift__AskSwap *c = command;
    Shift__SwapAsked *asked = lq_pb_project(d->arena, &shift__swap_asked__descriptor, c);
    if (asked->person[0] == '\0')
        asked->person = lq_unconst(d->facts->principal);
    LQ_TRY(lq_need_fields(d, SHIFT__REJECT__FIELD_MISSING, c, "shift partner"));
    LQ_TRY(check_people(d, asked));
    struct side sides[2];
    LQ_TRY(check_swap(d, lq_pb_project(d->arena, &shift__swap__descriptor, asked), sides));
    LQ_TRY(check_unasked(d, asked));
    asked->number = lq_unconst(lq_next_number(d->view, &lq_swaps, "W0001"));
    asked->asked_at_ms = d->facts->occurred_ms;
    shift_await_swap(d, lq_pb_project(d->arena, &shift__swap__descriptor, asked), asked->partner);
    lq_emit(d, SHIFT__EVENT__BODY_SWAP_ASKED, &asked->base);
    lq_number(d, asked->number);
    return LQ_ACCEPT;
}

void shift_swap_asked(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    lq_swap_save(tables, lq_pb_project(lq_view_arena(tables), &shift__swap__descriptor, event));
}

// ---------------------------------------------------------------- the steps

static struct lq_verdict check_partner(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Swap *swap = taking->row;
    struct side sides[2];
    if (strcmp(d->facts->principal, swap->partner) != 0)
        return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS), "swap %s is for %s to answer, not for %s",
                         swap->number, swap->partner, d->facts->principal);
    if (taking->step->verb != RULES__VERB__ACCEPT)
        return LQ_ACCEPT;
    LQ_TRY(check_swap(d, swap, sides));
    shift_stop_waiting(d, SWAP, swap->number);
    shift_await_swap(d, swap, ""); // now a desk chief's, or a commander's
    return LQ_ACCEPT;
}

static void doubt_cover(struct lq_decision *d, const Shift__Swap *swap)
{
    const char *const numbers[] = {swap->shift, swap->partner_shift};
    for (int i = 0; i < 2; i++) {
        const Shift__Shift *shift = lq_shift_find(d->view, numbers[i]);
        if (shift != NULL)
            shift_doubt_cover(d, shift->starts_at_ms, shift->ends_at_ms);
    }
}

// A commander may approve what leaves too little rest: he says why.
static struct lq_verdict check_approve(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Swap *swap = taking->row;
    struct side sides[2];
    LQ_TRY(shift_need_chief(d));
    LQ_TRY(check_swap(d, swap, sides));
    const bool overrides = (shift_principal_roles(d) & LQ_ROLE(COMMANDER)) != 0 &&
                           (d->facts->reason[0] != '\0' || taking->act->note[0] != '\0');
    for (int i = 0; i < 2 && !overrides; i++)
        LQ_TRY(check_takes(d, &sides[i], true));
    doubt_cover(d, swap);
    return LQ_ACCEPT;
}

static struct lq_verdict check_refuse(struct lq_decision *d, struct lq_taking *taking)
{
    return shift_need_chief(d);
}

static struct lq_verdict check_withdraw(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Swap *swap = taking->row;
    const char *who = d->facts->principal;
    if (strcmp(who, swap->person) != 0 && strcmp(who, swap->partner) != 0)
        return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS), "swap %s is for %s or %s to withdraw",
                         swap->number, swap->person, swap->partner);
    if (swap->state != SHIFT__REQUEST__APPROVED)
        return LQ_ACCEPT;
    struct side sides[2];
    LQ_TRY(find_sides(d, swap, sides));
    for (int i = 0; i < 2; i++)
        if (sides[i].gives != NULL)
            LQ_TRY(shift_need_not_started(d, sides[i].gives));
    doubt_cover(d, swap);
    return LQ_ACCEPT;
}

// Both are told that it has lapsed, until both have said that they know.
#define LAPSED_TOLD "OP-SWAP"

static bool has_acknowledged(struct lq_view *view, const char *swap, const char *badge)
{
    struct lq_scan s = lq_scan(view, &lq_steps_taken, lq_key_then_text(lq_key_text(SWAP), swap));
    while (lq_scan_next(&s)) {
        const Rules__Step *step = s.row;
        if (step->verb == RULES__VERB__ACKNOWLEDGE && strcmp(step->by, badge) == 0)
            return true;
    }
    return false;
}

static struct lq_verdict check_acknowledge(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Swap *swap = taking->row;
    const char *who = d->facts->principal;
    const bool asked = strcmp(who, swap->person) == 0;
    if (!asked && strcmp(who, swap->partner) != 0)
        return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS), "swap %s concerns %s and %s, not %s",
                         swap->number, swap->person, swap->partner, who);
    if (has_acknowledged(d->view, swap->number, asked ? swap->partner : swap->person))
        lq_clock_stop(d, SWAP, swap->number, LAPSED_TOLD, d->facts->occurred_ms);
    return LQ_ACCEPT;
}

// Nobody lets it lapse: it does when one of its shifts is cancelled.
static bool with_its_shift(const void *row)
{
    return false;
}

enum {
    CHIEFS = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER), // of the desk, its chiefs
    OFFICE = LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

#define STEP(from, to, verb, who, behalf, ...)                                                     \
    LQ_STEP(SHIFT__REQUEST__##from, SHIFT__REQUEST__##to, verb, who, behalf, .rule = __VA_ARGS__)
#define LAPSE(from_)                                                                               \
    {                                                                                              \
        .from = SHIFT__REQUEST__##from_, .to = SHIFT__REQUEST__LAPSED,                             \
        .command = LQ_BODY_TAKE_STEP, .verb = RULES__VERB__LAPSE, .when = with_its_shift           \
    }
static const struct lq_step steps[] = {
    STEP(ASKED, ACCEPTED, ACCEPT, LQ_ANY_PERSON, OFFICE, check_partner),
    STEP(ASKED, DECLINED, DECLINE, LQ_ANY_PERSON, OFFICE, check_partner, .stops = SHIFT_ANSWER),
    STEP(ASKED, WITHDRAWN, WITHDRAW, LQ_ANY_PERSON, OFFICE, check_withdraw, .stops = SHIFT_ANSWER),
    STEP(ACCEPTED, APPROVED, APPROVE, CHIEFS, LQ_ROLE(CLERK), check_approve, .stops = SHIFT_ANSWER),
    LQ_STEP(SHIFT__REQUEST__ACCEPTED, SHIFT__REQUEST__REFUSED, REFUSE, CHIEFS, LQ_ROLE(CLERK),
            .needs = "note", .rule = check_refuse, .stops = SHIFT_ANSWER),
    STEP(ACCEPTED, WITHDRAWN, WITHDRAW, LQ_ANY_PERSON, OFFICE, check_withdraw,
         .stops = SHIFT_ANSWER),
    STEP(APPROVED, WITHDRAWN, WITHDRAW, LQ_ANY_PERSON, OFFICE, check_withdraw),
    LAPSE(ASKED),
    LAPSE(ACCEPTED),
    LAPSE(APPROVED),
    STEP(LAPSED, LAPSED, ACKNOWLEDGE, LQ_ANY_PERSON, OFFICE, check_acknowledge),
};

const struct lq_steps shift_swap_steps = {
    .entity = "swap",
    .states = &shift__request__descriptor,
    .steps = steps,
    .count = sizeof steps / sizeof steps[0],
};

static void lapse(struct lq_decision *d, const Shift__Swap *swap, const char *shift)
{
    const struct lq_thing *thing = lq_thing_named(d->service, SWAP);
    const int64_t since_ms = lq_step_since_ms(d->view, thing, swap->number, swap);
    Rules__StepTaken taken = RULES__STEP_TAKEN__INIT;
    Rules__Act act = RULES__ACT__INIT;
    char *both[] = {swap->person, swap->partner};
    act.officers = both; // whom it concerns
    act.n_officers = 2;
    act.related = lq_unconst(shift);
    taken.kind = lq_unconst(SWAP);
    taken.number = swap->number;
    taken.verb = RULES__VERB__LAPSE;
    taken.from = lq_unconst(
        protobuf_c_enum_descriptor_get_value(&shift__request__descriptor, (int)swap->state)->name);
    taken.to = lq_unconst("LAPSED");
    taken.act = &act;
    shift_stop_waiting(d, SWAP, swap->number);
    lq_clock_start(d, &(struct lq_clock_start){.kind = SWAP,
                                               .number = swap->number,
                                               .rule = LAPSED_TOLD,
                                               .start_ms = d->facts->occurred_ms,
                                               .due_ms = d->facts->occurred_ms,
                                               .owner = swap->person});
    lq_emit_at(d, d->facts->occurred_ms > since_ms ? d->facts->occurred_ms : since_ms,
               SHIFT__EVENT__BODY_STEP_TAKEN, &taken.base);
}

void shift_swap_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    if (step->verb == RULES__VERB__APPROVE)
        ((Shift__Swap *)row)->approved_at_ms = step->at_ms;
}

void shift_lapse_swaps(struct lq_decision *d, const char *shift)
{
    unsigned room = LQ_EVENTS_PER_COMMAND - 8; // a shift has fewer people
    for (struct lq_scan s = lq_scan(d->view, &lq_swaps, lq_key_none());
         room > 0 && lq_scan_next(&s);) {
        const Shift__Swap *swap = s.row;
        if (!is_open(swap) ||
            (strcmp(swap->shift, shift) != 0 && strcmp(swap->partner_shift, shift) != 0))
            continue;
        lapse(d, swap, shift);
        room--;
    }
}

// ---------------------------------------------------------------- invariants

void shift_check_swaps(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &lq_swaps, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Swap *swap = s.row;
        LQ_ASSERT(strcmp(swap->person, swap->partner) != 0);
        LQ_ASSERT(lq_shift_find(view, swap->shift) != NULL);
        LQ_ASSERT(swap->partner_shift[0] == '\0' ||
                  lq_shift_find(view, swap->partner_shift) != NULL);
    }
}
