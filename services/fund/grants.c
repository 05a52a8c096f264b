// A grant, from the proposal to the payment. Two different people approve it, and finance pays it:
// nobody gives money alone.
#include "fund.h"

#include "language/language.h"

const struct lq_table fund_grants = {"grants", &fund__grant__descriptor};
const struct lq_table fund_granted = {"granted", &fund__granted_to__descriptor};

#define STATE(name) FUND__GRANT__STATE__##name

enum {
    APPROVERS = LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD),
    OFFICE = LQ_ROLE(CLERK),
};

// ---------------------------------------------------------------- steps

static struct lq_verdict check_second(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Step *first =
        lq_step_latest(d->view, "grant", taking->number, RULES__VERB__APPROVE);
    LQ_ASSERT(first != NULL);
    const char *who = first->by;
    if (strcmp(who, d->facts->principal) != 0)
        return LQ_ACCEPT;
    return lq_reject(d, FUND__REJECT__SAME_APPROVER,
                     "%s has approved grant %s already: two different people approve it", who,
                     taking->number);
}

// What it rests on may have changed since it was proposed.
static struct lq_verdict check_pay(struct lq_decision *d, struct lq_taking *taking)
{
    Fund__Grant grant = *(const Fund__Grant *)taking->row;
    return fund_need_eligible(d, &grant);
}

#define STEP(from, to, verb, who, ...)                                                             \
    LQ_STEP(STATE(from), STATE(to), verb, who, OFFICE, __VA_ARGS__)

static const struct lq_step STEPS[] = {
    STEP(PROPOSED, APPROVED_ONCE, APPROVE, APPROVERS, ),
    STEP(APPROVED_ONCE, APPROVED, APPROVE, APPROVERS, .rule = check_second),
    STEP(APPROVED, PAID, PAY_OUT, LQ_ROLE(FINANCE), .rule = check_pay),
    STEP(PROPOSED, REFUSED, REFUSE, APPROVERS, .needs = "note"),
    STEP(APPROVED_ONCE, REFUSED, REFUSE, APPROVERS, .needs = "note"),
    STEP(APPROVED, REFUSED, REFUSE, APPROVERS, .needs = "note"),
};

const struct lq_steps fund_grant_steps = {
    .entity = "grant",
    .states = &fund__grant__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

// ---------------------------------------------------------------- tables

static struct lq_key key_to(const Fund__Grant *grant)
{
    return lq_key_then_text(lq_key_number((uint64_t)grant->line), fund_subject(grant));
}

// What it takes out of its line: `sign` 1, or -1 to put it back.
static void count(struct lq_view *tables, const Fund__Grant *grant, int64_t sign)
{
    if (grant == NULL || !fund_counts(grant))
        return;
    const int64_t yuan = sign * (int64_t)grant->amount_yuan;
    fund_spend(tables, grant->year, grant->line, yuan, grant->state == STATE(PAID) ? yuan : 0);
    Fund__GrantedTo to = FUND__GRANTED_TO__INIT;
    to.grant = grant->number;
    if (fund_subject(grant)[0] == '\0')
        return;
    if (sign > 0)
        lq_save(tables, &fund_granted, key_to(grant), &to.base);
    else
        lq_erase(tables, &fund_granted, key_to(grant));
}

void fund_grant_proposed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    (void)what;
    lq_keep(tables, &fund_grants, event);
    const Fund__GrantProposed *proposed = event;
    count(tables, lq_find(tables, &fund_grants, lq_key_text(proposed->number)), 1);
}

// By a step, a correction, or because it is voided.
void fund_grant_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                        const void *before, const void *after)
{
    (void)thing, (void)number;
    count(tables, before, -1);
    count(tables, after, 1);
}

// ---------------------------------------------------------------- commands

static struct lq_verdict need_plausible(struct lq_decision *d, const Fund__Grant *grant)
{
    return lq_need_plausible(d, "the grant in yuan", grant->amount_yuan,
                             d->facts->policy->limits.budget_yuan, "budget_yuan");
}

static const Fund__Budget *budget_of(struct lq_decision *d, const Fund__Grant *grant)
{
    return fund_budget_of(d->view, grant->year, grant->line);
}

struct lq_verdict fund_propose_grant(struct lq_decision *d, const void *command)
{
    const Fund__ProposeGrant *c = command;
    if (c->line == FUND__LINE__LINE_UNSPECIFIED)
        return lq_reject(d, FUND__REJECT__FIELD_MISSING, "of which line is it granted?");
    Fund__Grant grant = FUND__GRANT__INIT;
    grant.number = lq_number_or_next(d, c->number, &fund_grants, "ZJ001");
    grant.year = fund_year_of(d->facts->occurred_ms);
    grant.line = c->line;
    grant.premises = c->premises;
    grant.tip = c->tip;
    grant.payee = c->payee;
    grant.amount_yuan = c->amount_yuan;
    grant.purpose = c->purpose;
    grant.proposed_at_ms = d->facts->occurred_ms;
    LQ_TRY(lq_need_new(d, FUND__REJECT__GRANT_KNOWN, &fund_grants, grant.number));
    LQ_TRY(fund_need_eligible(d, &grant));
    LQ_TRY(need_plausible(d, &grant));
    const Fund__Budget *budget = budget_of(d, &grant);
    if (budget == NULL)
        return lq_reject(d, FUND__REJECT__BUDGET_UNKNOWN,
                         "nothing is put aside for %-s in %d: lq budget set does it",
                         lq_word_of(d->arena, &fund__line__descriptor, (int)grant.line),
                         (int)grant.year);
    LQ_TRY(fund_need_room(d, budget, grant.amount_yuan, 0));
    Fund__GrantProposed *proposed =
        lq_pb_project(d->arena, &fund__grant_proposed__descriptor, &grant);
    lq_emit(d, FUND__EVENT__BODY_GRANT_PROPOSED, &proposed->base);
    lq_number(d, grant.number);
    return LQ_ACCEPT;
}

struct lq_verdict fund_check_grant_correction(struct lq_decision *d, const char *number,
                                              const void *before, void *after)
{
    const Fund__Grant *was = before;
    Fund__Grant *grant = after;
    if (was->amount_yuan != grant->amount_yuan && was->state != STATE(PROPOSED))
        return lq_reject(d, LQ_COMMON(NOT_CORRECTABLE),
                         "grant %s is %-s: an amount that was approved is not corrected; it is "
                         "refused or voided, and proposed anew",
                         number, lq_state_said(d->arena, &fund_grant_steps, (int)was->state));
    if (!fund_counts(grant))
        return LQ_ACCEPT;
    LQ_TRY(fund_need_eligible(d, grant));
    LQ_TRY(need_plausible(d, grant));
    return fund_need_room(d, budget_of(d, grant), grant->amount_yuan, was->amount_yuan);
}

// What is paid cannot be taken out of the books: it would be missing in the till.
struct lq_verdict fund_check_grant_void(struct lq_decision *d, const char *number, const void *row)
{
    const Fund__Grant *grant = row;
    if (grant->state != STATE(PAID))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(NOT_CORRECTABLE), "grant %s is paid, and is not voided", number);
}

// ---------------------------------------------------------------- answers

static bool is_wanted(const Fund__ListGrants *q, const Fund__Grant *grant)
{
    return (q->line == FUND__LINE__LINE_UNSPECIFIED || q->line == grant->line) &&
           (q->year == 0 || q->year == grant->year) &&
           (q->premises[0] == '\0' || strcmp(q->premises, grant->premises) == 0) &&
           (!q->open || (grant->state != STATE(PAID) && fund_counts(grant)));
}

void fund_list_grants(struct lq_reading *r, const void *query, void *answer)
{
    const Fund__ListGrants *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &fund_grants, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_wanted(q, s.row) && !lq_rows_add(&rows, s.row))
            break;
    lq_rows_answer(&rows, answer);
}

void fund_show_grant(struct lq_reading *r, const void *query, void *answer)
{
    const Fund__ShowGrant *q = query;
    Fund__GrantAnswer *told = answer;
    const Fund__Grant *grant = lq_find_numbered(r->view, &fund_grants, q->number);
    if (grant == NULL)
        return;
    told->grant = lq_unconst(grant);
    lq_next(r, &fund_grant_steps, (int)grant->state, grant->number, grant);
}

// What is granted is found by what it is for, and nothing else is.
void fund_check_grants(struct lq_view *view)
{
    uint64_t found = 0;
    for (struct lq_scan s = lq_scan(view, &fund_grants, lq_key_none()); lq_scan_next(&s);) {
        const Fund__Grant *grant = s.row;
        if (!fund_counts(grant) || fund_subject(grant)[0] == '\0')
            continue;
        const Fund__GrantedTo *to = lq_find(view, &fund_granted, key_to(grant));
        LQ_ASSERT(to != NULL && strcmp(to->grant, grant->number) == 0);
        found++;
    }
    LQ_ASSERT(found == lq_count(view, &fund_granted));
}
