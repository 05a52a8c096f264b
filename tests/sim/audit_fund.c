// Money, counted once more from the events: no line above its ceiling, nothing granted twice, two
// different people before finance pays.
#include <stdio.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

struct budget {
    uint64_t ceiling, granted;
};

struct grant {
    const char *line; // key of its budget
    const char *subject, *approver, *state;
    uint32_t amount;
};

// A map for everything: budgets by year and line, grants by number, who has one by line and
// subject.
static const char *key_of(struct audit *a, const char *what, int32_t first, const char *second)
{
    char text[200];
    snprintf(text, sizeof text, "%s %d %s", what, (int)first, second);
    return (const char *)audit_copy(a, lq_span(text, strlen(text) + 1)).data;
}

static const char *line_of(struct audit *a, int32_t year, int line)
{
    char text[20];
    snprintf(text, sizeof text, "%d", line);
    return key_of(a, "budget", year, text);
}

static void budget_set(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Fund__BudgetSet *e = body;
    const char *line = line_of(a, e->year, (int)e->line);
    AUDIT(audit_find_text(&a->money, line) == NULL, "fund", "%s is set twice", line);
    struct budget *budget = audit_put_text(a, &a->money, sizeof *budget, line);
    budget->ceiling = e->ceiling_yuan;
}

static const char *subject_of(struct audit *a, const Fund__GrantProposed *e)
{
    switch (e->line) {
    case FUND__LINE__GUIDE:
    case FUND__LINE__CAMERA:
        return key_of(a, "subject", (int32_t)e->line, e->premises);
    case FUND__LINE__TIP_REWARD:
        return key_of(a, "subject", (int32_t)e->line, e->tip);
    default:
        return NULL;
    }
}

static void grant_proposed(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Fund__GrantProposed *e = body;
    const char *name = key_of(a, "grant", 0, e->number);
    const char *line = line_of(a, e->year, (int)e->line), *subject = subject_of(a, e);
    struct budget *budget = audit_find_text(&a->money, line);
    AUDIT(audit_find_text(&a->money, name) == NULL, "fund", "%s is proposed twice", name);
    AUDIT(budget != NULL && budget->granted + e->amount_yuan <= budget->ceiling, "fund",
          "%s takes more out of %s than there is", name, line);
    AUDIT(e->amount_yuan > 0, "fund", "%s is of nothing", name);
    budget->granted += e->amount_yuan;
    struct grant *grant = audit_put_text(a, &a->money, sizeof *grant, name);
    *grant = (struct grant){
        .line = line, .subject = subject, .state = "PROPOSED", .amount = e->amount_yuan};
    if (subject == NULL)
        return;
    bool *has = audit_find_text(&a->money, subject);
    AUDIT(has == NULL || !*has, "fund", "%s is for what has a grant already", name);
    *(has != NULL ? has : (bool *)audit_put_text(a, &a->money, sizeof *has, subject)) = true;
}

static void refused(struct audit *a, const struct grant *grant)
{
    struct budget *budget = audit_find_text(&a->money, grant->line);
    budget->granted -= grant->amount;
    if (grant->subject != NULL)
        *(bool *)audit_find_text(&a->money, grant->subject) = false;
}

static void stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *e = body;
    const uint32_t approvers = ROLE_BIT(COMMANDER) | ROLE_BIT(HEAD);
    struct grant *grant = audit_find_text(&a->money, key_of(a, "grant", 0, e->number));
    AUDIT(grant != NULL && strcmp(grant->state, e->from) == 0, "fund",
          "grant %s goes on from where it is not", e->number);
    if (e->verb == RULES__VERB__PAY_OUT)
        AUDIT(strcmp(e->from, "APPROVED") == 0 && (fact->principal_roles & ROLE_BIT(FINANCE)) != 0,
              "fund", "grant %s is paid by %s from %s", e->number, fact->principal, e->from);
    else
        AUDIT((fact->principal_roles & approvers) != 0, "fund", "%s decides on grant %s",
              fact->principal, e->number);
    if (e->verb == RULES__VERB__APPROVE) {
        AUDIT(grant->approver == NULL || strcmp(grant->approver, fact->principal) != 0, "fund",
              "%s approves grant %s twice", fact->principal, e->number);
        grant->approver = fact->principal;
    }
    if (e->verb == RULES__VERB__REFUSE)
        refused(a, grant);
    grant->state = e->to;
}

const struct audit_event_row audit_fund_events[] = {
    {FUND__EVENT__BODY_BUDGET_SET, budget_set},
    {FUND__EVENT__BODY_GRANT_PROPOSED, grant_proposed},
    {FUND__EVENT__BODY_STEP_TAKEN, stepped},
    {FUND__EVENT__BODY_CAMERA_NOTED, audit_camera_noted},
    {FUND__EVENT__BODY_PERSON_NOTED, NULL},
    {FUND__EVENT__BODY_PREMISES_NOTED, NULL},
    {FUND__EVENT__BODY_PREMISES_STEP_NOTED, NULL},
    {FUND__EVENT__BODY_TIP_NOTED, NULL},
    {FUND__EVENT__BODY_ATTACHED, NULL},
    {FUND__EVENT__BODY_CORRECTED, NULL},
    {FUND__EVENT__BODY_VOIDED, NULL},
    {0},
};
