// Tips, written down a second time (law.md 9.5): what is recorded, the steps that follow, who takes
// them, and which terms end and begin with them.
#include "sim/audit_parts.h"

typedef unsigned long long number;

static const struct tip_step {
    Rules__Verb verb;
    const char *from, *to, *ends, *begins;
} steps[] = {
    {RULES__VERB__ACCEPT, "RECEIVED", "ACCEPTED", "TI1", "TI2"},
    {RULES__VERB__NOT_ACCEPT, "RECEIVED", "NOT_ACCEPTED", "TI1", NULL},
    {RULES__VERB__REFER, "RECEIVED", "REFERRED", "TI1", NULL},
    {RULES__VERB__VERIFY, "ACCEPTED", "SUBSTANTIATED", NULL, NULL},
    {RULES__VERB__VERIFY, "ACCEPTED", "UNSUBSTANTIATED", NULL, NULL},
    {RULES__VERB__REPLY, "SUBSTANTIATED", "REPLIED", "TI2", "TI4"},
    {RULES__VERB__REPLY, "UNSUBSTANTIATED", "REPLIED", "TI2", "TI4"},
    {RULES__VERB__ASK_REVIEW, "REPLIED", "IN_REVIEW", "TI4", "TI4b"},
    {RULES__VERB__CLOSE, "REPLIED", "CLOSED", NULL, NULL},
    {RULES__VERB__ANSWER_REVIEW, "IN_REVIEW", "CLOSED", "TI4b", NULL},
};

static const struct tip_step *step_of(const Rules__StepTaken *taken)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].verb == taken->verb && strcmp(steps[i].from, taken->from) == 0 &&
            strcmp(steps[i].to, taken->to) == 0)
            return &steps[i];
    return NULL;
}

static void recorded(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Tips__TipRecorded *tip = body;
    AUDIT(audit_find_text(&a->tips, tip->number) == NULL, "tips", "tip %s is recorded twice",
          tip->number);
    AUDIT(audit_find_text(&fact->stream->premises, tip->premises) != NULL, "tips",
          "tip %s is about premises that are not known", tip->number);
    AUDIT(tip->reward_yuan == 0 || tip->verified, "tips", "tip %s is paid for unverified",
          tip->number);
    struct audit_tip *kept = audit_put_text(a, &a->tips, sizeof *kept, tip->number);
    *kept = (struct audit_tip){
        .state = protobuf_c_enum_descriptor_get_value(&tips__tip_state__descriptor, (int)tip->state)
                     ->name,
        .since_ms = fact->r->occurred_at_ms};
    AUDIT((tip->state == TIPS__TIP_STATE__RECEIVED) == !audit_is_from_paper(fact), "tips",
          "tip %s is in state %s", tip->number, kept->state);
}

static void stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *taken = body;
    struct audit_tip *tip = audit_find_text(&a->tips, taken->number);
    const Rules__Act *act = taken->act;
    AUDIT(tip != NULL && strcmp(tip->state, taken->from) == 0 && step_of(taken) != NULL, "tips",
          "record %llu of tips takes tip %s from %s to %s", (number)fact->r->seq, taken->number,
          taken->from, taken->to);
    AUDIT((fact->principal_roles &
           (ROLE_BIT(CLERK) | ROLE_BIT(DESK) | ROLE_BIT(LIAISON) | ROLE_BIT(HEAD))) != 0,
          "tips", "%s takes a step of tip %s", fact->principal, taken->number);
    AUDIT(fact->r->occurred_at_ms >= tip->since_ms, "tips",
          "a step of tip %s is dated before the one before", taken->number);
    if (taken->verb == RULES__VERB__VERIFY)
        AUDIT(act->n_officers >= 2 && strcmp(act->officers[0], act->officers[1]) != 0, "tips",
              "tip %s is looked into by fewer than two", taken->number);
    tip->since_ms = fact->r->occurred_at_ms;
    tip->state = taken->to;
}

const struct audit_event_row audit_tips_events[] = {
    {TIPS__EVENT__BODY_TIP_RECORDED, recorded},
    {TIPS__EVENT__BODY_STEP_TAKEN, stepped},
    {TIPS__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {TIPS__EVENT__BODY_PREMISES_NOTED, audit_premises_noted},
    {TIPS__EVENT__BODY_BULLETIN_NOTED, audit_bulletin_noted},
    {TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, NULL},
    {TIPS__EVENT__BODY_TIP_VERIFIED, NULL}, // of journals of before
    {TIPS__EVENT__BODY_CLOCK_RANG, NULL},   // its terms: below
    {TIPS__EVENT__BODY_CLOCK_TAKEN, NULL},
    {TIPS__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {TIPS__EVENT__BODY_ATTACHED, NULL},
    {TIPS__EVENT__BODY_CORRECTED, NULL}, // nobody in the simulator does
    {TIPS__EVENT__BODY_VOIDED, NULL},
    {TIPS__EVENT__BODY_READING_RECORDED, NULL}, // of no command
    {0},
};

// ---------------------------------------------------------------- terms

static void term_stepped(struct audit_carried *k, const void *body)
{
    const Rules__StepTaken *taken = body;
    const struct tip_step *step = step_of(taken);
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    if (step->ends != NULL)
        audit_clock_stop(k, "tip", taken->number, step->ends, at_ms);
    if (step->begins != NULL)
        audit_clock_begin_of(k, "tip", taken->number, step->begins);
    if (taken->verb != RULES__VERB__CLOSE)
        return;
    const Rules__Clock *right = audit_clock_of(k->a, "tip", taken->number, "TI4");
    if (right == NULL || !audit_clock_runs(right))
        return;
    AUDIT(at_ms >= right->due_ms, "tips", "tip %s is closed while a review may be asked for",
          taken->number);
    audit_clock_stop(k, "tip", taken->number, "TI4",
                     right->due_ms != 0 ? right->due_ms - 1 : at_ms);
}

static void term_recorded(struct audit_carried *k, const void *body)
{
    const Tips__TipRecorded *tip = body;
    if (tip->state == TIPS__TIP_STATE__RECEIVED)
        audit_clock_begin_of(k, "tip", tip->number, "TI1");
}

const struct audit_term_row audit_tips_terms[] = {
    {TIPS__EVENT__BODY_TIP_RECORDED, term_recorded},
    {TIPS__EVENT__BODY_STEP_TAKEN, term_stepped},
    {TIPS__EVENT__BODY_CLOCK_RANG, audit_clock_rang},
    {TIPS__EVENT__BODY_CLOCK_TAKEN, audit_clock_taken},
    {0},
};
