// What becomes of a tip, written down a second time (law.md 9.5): its steps, who takes them, and
// which terms end and begin with them.
#include "sim/audit_parts.h"

typedef unsigned long long number;

static const struct audit_tip_step steps[] = {
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

const struct audit_tip_step *audit_tip_step(const Rules__StepTaken *taken)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].verb == taken->verb && strcmp(steps[i].from, taken->from) == 0 &&
            strcmp(steps[i].to, taken->to) == 0)
            return &steps[i];
    return NULL;
}

void audit_tip_stepped(struct audit *a, const struct audit_fact *fact,
                       const Rules__StepTaken *taken)
{
    struct audit_tip *tip = audit_find_text(&a->tips, taken->number);
    const Rules__Act *act = taken->act;
    AUDIT(tip != NULL && strcmp(tip->state, taken->from) == 0 && audit_tip_step(taken) != NULL,
          "tips", "record %llu of tips takes tip %s from %s to %s", (number)fact->r->seq,
          taken->number, taken->from, taken->to);
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
