// Absences: somebody asks to be away, the lead of his team or a desk chief says yes or no.
#include "shift.h"

// ---------------------------------------------------------------- asking

static struct lq_verdict check_asker(struct lq_decision *d, const char *person)
{
    const char *who = d->facts->principal;
    const int64_t at_ms = d->facts->occurred_ms;
    const Shift__Person *p = lq_roster_person_at(d->view, person, at_ms);
    char at[LQ_TIME_TEXT];
    if (p == NULL || p->left_day != 0)
        return lq_reject(d, SHIFT__REJECT__PERSON_UNKNOWN, "%s is not on the roster of %s", person,
                         lq_format_local(at_ms, at));
    const uint32_t office = LQ_ROLE(DESK) | LQ_ROLE(CLERK) | LQ_ROLE(COMMANDER);
    if (strcmp(who, person) == 0 || (shift_principal_roles(d) & office) != 0 ||
        (p->team[0] != '\0' && lq_roster_answers_at(d->view, who, p->team, at_ms)))
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__NOT_YOURS_TO_ASK,
                     "%s cannot ask for an absence of %s: the person, the lead of the team, the "
                     "desk or the office may",
                     who, person);
}

static struct lq_verdict check_span(struct lq_decision *d, const Shift__AbsenceAsked *a)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (a->from_ms <= 0 || a->to_ms <= 0 || a->to_ms > LQ_TIME_LATEST_MS)
        return lq_reject(d, SHIFT__REJECT__FIELD_MISSING,
                         "an absence needs the time from which and until which it lasts, or the "
                         "number of a shift");
    if (a->to_ms > a->from_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                     "an absence from %s cannot last until %s: the end must be later",
                     lq_format_local(a->from_ms, from), lq_format_local(a->to_ms, to));
}

static bool is_open(const Shift__Absence *absence)
{
    return absence->state == SHIFT__REQUEST__ASKED || absence->state == SHIFT__REQUEST__APPROVED;
}

static struct lq_verdict check_free(struct lq_decision *d, const Shift__AbsenceAsked *a)
{
    struct lq_scan s = lq_duty_changes_of(d->view, a->person, "absence");
    const Shift__Absence *other;
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    while ((other = lq_absence_next(&s)) != NULL)
        if (is_open(other) && other->from_ms < a->to_ms && a->from_ms < other->to_ms)
            return lq_reject(d, SHIFT__REJECT__ABSENT_THEN,
                             "absence %s of %s, from %s to %s, lies in that time already",
                             other->number, a->person, lq_format_local(other->from_ms, from),
                             lq_format_local(other->to_ms, to));
    return LQ_ACCEPT;
}

// An absence from a shift is one from a duty; between two times nobody need be on duty.
static struct lq_verdict need_duty(struct lq_decision *d, const char *badge,
                                   const Shift__Shift *shift)
{
    const Shift__Swap *by = NULL;
    char start[LQ_TIME_TEXT];
    if (lq_duty_has_shift(d->view, badge, shift, &by))
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__NOT_ON_THAT_SHIFT,
                     "%s is not on duty in shift %s of group %s, which starts at %s: there is "
                     "nothing to be absent from",
                     badge, shift->number, shift->group,
                     lq_format_local(shift->starts_at_ms, start));
}

struct lq_verdict shift_ask_absence(struct lq_decision *d, const void *command)
{
    const Shift__AskAbsence *c = command;
    Shift__AbsenceAsked *asked = lq_pb_project(d->arena, &shift__absence_asked__descriptor, c);
    if (asked->person[0] == '\0')
        asked->person = lq_unconst(d->facts->principal);
    LQ_TRY(check_asker(d, asked->person));
    LQ_TRY(lq_need_fields(d, SHIFT__REJECT__FIELD_MISSING, c, "why"));
    const Shift__Shift *shift = NULL;
    if (c->shift[0] != '\0')
        LQ_TRY(shift_need_shift(d, c->shift, &shift));
    if (shift != NULL)
        LQ_TRY(need_duty(d, asked->person, shift));
    if (shift != NULL && asked->from_ms == 0)
        asked->from_ms = shift->starts_at_ms;
    if (shift != NULL && asked->to_ms == 0)
        asked->to_ms = shift->ends_at_ms;
    LQ_TRY(check_span(d, asked));
    LQ_TRY(check_free(d, asked));
    asked->number = lq_unconst(lq_next_number(d->view, &lq_absences, "A0001"));
    asked->asked_at_ms = d->facts->occurred_ms;
    shift_await_absence(d, lq_pb_project(d->arena, &shift__absence__descriptor, asked));
    lq_emit(d, SHIFT__EVENT__BODY_ABSENCE_ASKED, &asked->base);
    lq_number(d, asked->number);
    return LQ_ACCEPT;
}

void shift_absence_asked(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    lq_absence_save(tables,
                    lq_pb_project(lq_view_arena(tables), &shift__absence__descriptor, event));
}

// ---------------------------------------------------------------- the steps

// The lead of the team, but not in his own matter; a desk chief or a commander in any.
static struct lq_verdict need_approver(struct lq_decision *d, const Shift__Absence *absence)
{
    const char *who = d->facts->principal;
    const int64_t at_ms = d->facts->occurred_ms;
    const Shift__Person *p = lq_roster_person_at(d->view, absence->person, at_ms);
    if ((shift_principal_roles(d) & LQ_ROLE(COMMANDER)) != 0)
        return LQ_ACCEPT;
    if (strcmp(who, absence->person) != 0 &&
        (shift_is_chief(d) ||
         (p != NULL && p->team[0] != '\0' && lq_roster_answers_at(d->view, who, p->team, at_ms))))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                     "whether %s is absent is not for %s to say: the lead of the team, a desk "
                     "chief or a commander may, and nobody who is no commander in a matter of his "
                     "own",
                     absence->person, who);
}

static struct lq_verdict check_answer(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Absence *absence = taking->row;
    LQ_TRY(need_approver(d, absence));
    if (taking->step->verb == RULES__VERB__APPROVE)
        shift_doubt_cover(d, absence->from_ms, absence->to_ms);
    return LQ_ACCEPT;
}

static struct lq_verdict check_withdraw(struct lq_decision *d, struct lq_taking *taking)
{
    const Shift__Absence *absence = taking->row;
    if (strcmp(d->facts->principal, absence->person) != 0)
        LQ_TRY(need_approver(d, absence));
    if (absence->state != SHIFT__REQUEST__APPROVED)
        return LQ_ACCEPT;
    char from[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= absence->from_ms)
        return lq_reject(d, SHIFT__REJECT__SHIFT_STARTED,
                         "absence %s began at %s: who was on duty then does not change any more",
                         absence->number, lq_format_local(absence->from_ms, from));
    shift_doubt_cover(d, absence->from_ms, absence->to_ms);
    return LQ_ACCEPT;
}

enum {
    LEADERS = LQ_ROLE(LEAD) | LQ_ROLE(DESK) | LQ_ROLE(COMMANDER),
    OFFICE = LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

#define STEP(from, to, verb, who, ...)                                                             \
    LQ_STEP(SHIFT__REQUEST__##from, SHIFT__REQUEST__##to, verb, who, OFFICE, .rule = __VA_ARGS__)
static const struct lq_step steps[] = {
    STEP(ASKED, APPROVED, APPROVE, LEADERS, check_answer, .stops = SHIFT_ANSWER),
    LQ_STEP(SHIFT__REQUEST__ASKED, SHIFT__REQUEST__REFUSED, REFUSE, LEADERS, OFFICE,
            .needs = "note", .rule = check_answer, .stops = SHIFT_ANSWER),
    STEP(ASKED, WITHDRAWN, WITHDRAW, LQ_ANY_PERSON, check_withdraw, .stops = SHIFT_ANSWER),
    STEP(APPROVED, WITHDRAWN, WITHDRAW, LQ_ANY_PERSON, check_withdraw),
};

const struct lq_steps shift_absence_steps = {
    .entity = "absence",
    .states = &shift__request__descriptor,
    .steps = steps,
    .count = sizeof steps / sizeof steps[0],
};

// ---------------------------------------------------------------- invariants

void shift_check_absences(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &lq_absences, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Absence *absence = s.row;
        LQ_ASSERT(absence->to_ms > absence->from_ms);
        LQ_ASSERT(
            lq_exists(view, &lq_duty_changes,
                      lq_key_then_text(lq_key_then_text(lq_key_text(absence->person), "absence"),
                                       absence->number)));
    }
}
