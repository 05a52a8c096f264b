// The gate (验收): premises that have completed their rectification ask to be accepted, people of
// the acceptance line sign, each for himself, and it is passed or not. What is needed stands in
// policy.yaml (`acceptance`). A record from paper asks none of it, and is shown as what it is.
// Campaign acceptance is not statutory completion acceptance (竣工环保验收): law.md 9.4.
#include "language/language.h"
#include "ledger.h"
#include "service/need.h"
#include "service/number.h"

const struct lq_table ledger_acceptances = {"acceptances", &ledger__acceptance__descriptor};

#define ASKED LEDGER__ACCEPTANCE_STATE__ASKED

static struct lq_verdict need_signer(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict pass(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict fail(struct lq_decision *d, struct lq_taking *taking);

#define SIGNERS (LQ_ROLE(ACCEPTOR) | LQ_ROLE(EXPERT))
#define DECIDERS (LQ_ROLE(LEAD) | LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD) | LQ_ROLE(ACCEPTOR))

#define STEP(to, verb, who, ...) LQ_STEP(ASKED, to, verb, who, 0, __VA_ARGS__)

static const struct lq_step STEPS[] = {
    STEP(LQ_STEP_STAYS, SIGN, SIGNERS, .rule = need_signer),
    STEP(LEDGER__ACCEPTANCE_STATE__PASSED, PASS, DECIDERS, .rule = pass),
    STEP(LEDGER__ACCEPTANCE_STATE__FAILED, FAIL, DECIDERS, .needs = "note", .rule = fail),
    STEP(LEDGER__ACCEPTANCE_STATE__WITHDRAWN, WITHDRAW, LQ_ROLE(LEAD) | LQ_ROLE(CLERK),
         .needs = "note"),
};

const struct lq_steps ledger_acceptance_steps = {
    .entity = "acceptance",
    .states = &ledger__acceptance_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

// ---------------------------------------------------------------- asking

const Ledger__Acceptance *ledger_acceptance_of(struct lq_view *view, const Ledger__Entry *entry)
{
    return entry->last_acceptance[0] == '\0'
               ? NULL
               : lq_find(view, &ledger_acceptances, lq_key_text(entry->last_acceptance));
}

static struct lq_verdict need_completed(struct lq_decision *d, const Ledger__Entry *entry)
{
    char at[LQ_TIME_TEXT];
    const Ledger__Acceptance *before = ledger_acceptance_of(d->view, entry);
    const char *is = lq_state_said(d->arena, &ledger_rectification, (int)entry->status);
    if (entry->status != LEDGER__STATUS__RECTIFICATION_COMPLETED)
        return lq_reject(d, LEDGER__REJECT__NOT_TO_BE_ACCEPTED,
                         "%s is %-s: what has completed its rectification can ask to be accepted",
                         entry->premises->number, is);
    if (before != NULL && before->state == ASKED)
        return lq_reject(d, LEDGER__REJECT__NOT_TO_BE_ACCEPTED,
                         "the acceptance of %s was asked for at %s: it is %s",
                         entry->premises->number, lq_format_local(before->asked_at_ms, at),
                         before->number);
    if (d->facts->occurred_ms < entry->status_since_ms)
        return lq_reject(d, LEDGER__REJECT__STEP_BEFORE_PREVIOUS,
                         "%s completed its rectification only at %s", entry->premises->number,
                         lq_format_local(entry->status_since_ms, at));
    return LQ_ACCEPT;
}

struct lq_verdict ledger_ask_acceptance(struct lq_decision *d, const void *command)
{
    const Ledger__AskAcceptance *c = command;
    const Ledger__Entry *entry;
    Ledger__AcceptanceAsked asked = LEDGER__ACCEPTANCE_ASKED__INIT;
    LQ_TRY(ledger_need_enterprise(d, c->premises, &entry));
    LQ_TRY(need_completed(d, entry));
    asked.number = lq_number_or_next(d, c->number, &ledger_acceptances, "YS0001");
    LQ_TRY(lq_need_identifier(d, LEDGER__REJECT__FIELD_MISSING, "the acceptance's number",
                              asked.number));
    LQ_TRY(lq_need_new(d, LEDGER__REJECT__NOT_TO_BE_ACCEPTED, &ledger_acceptances, asked.number));
    asked.premises = c->premises;
    asked.asked_at_ms = d->facts->occurred_ms;
    asked.asked_by = lq_arena_text(d->arena, d->facts->principal);
    lq_emit(d, LEDGER__EVENT__BODY_ACCEPTANCE_ASKED, &asked.base);
    lq_number(d, asked.number);
    return LQ_ACCEPT;
}

void ledger_acceptance_asked(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    (void)what;
    Ledger__Acceptance *row =
        lq_pb_project(lq_view_arena(tables), &ledger__acceptance__descriptor, event);
    row->state = ASKED;
    lq_save(tables, &ledger_acceptances, lq_key_text(row->number), &row->base);
    Ledger__Entry entry = ledger_copy(tables, row->premises);
    entry.last_acceptance = row->number;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- signing

static bool says_expert(const char *ground)
{
    return strcmp(ground, "expert") == 0 || strcmp(ground, "专家") == 0;
}

// Who holds the role signs as an expert, whether he says so or not.
static struct lq_verdict need_signer(struct lq_decision *d, struct lq_taking *taking)
{
    const Ledger__Acceptance *row = taking->row;
    const bool is_expert = (d->facts->roles & LQ_ROLE(EXPERT)) != 0;
    char at[LQ_TIME_TEXT];
    for (size_t i = 0; i < row->n_signatures; i++)
        if (strcmp(row->signatures[i]->person, d->facts->principal) == 0)
            return lq_reject(d, LEDGER__REJECT__SIGNED_ALREADY, "%s has signed %s at %s",
                             d->facts->principal, row->number,
                             lq_format_local(row->signatures[i]->at_ms, at));
    if (says_expert(taking->act->ground) && !is_expert)
        return lq_reject(d, LEDGER__REJECT__NOT_AN_EXPERT,
                         "%s is no expert: the role stands with the key", d->facts->principal);
    taking->act->ground = lq_unconst(is_expert ? "expert" : "");
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- what is needed

static size_t count_signatures(const Ledger__Acceptance *row, bool of_experts)
{
    size_t count = 0;
    for (size_t i = 0; row != NULL && i < row->n_signatures; i++)
        count += !of_experts || row->signatures[i]->expert;
    return count;
}

static const char *with(struct lq_arena *arena, const char *list, const char *word, bool is_missing)
{
    if (!is_missing)
        return list;
    return *list == '\0' ? word : lq_arena_format(arena, "%s, %s", list, word);
}

// All that is unmet, at once. `row` NULL: nobody has asked.
static struct lq_verdict need_all(struct lq_decision *d, const char *premises,
                                  const Ledger__Acceptance *row)
{
    const struct lq_acceptance *needs = &d->facts->policy->acceptance;
    const size_t signatures = count_signatures(row, false);
    const char *missing = row == NULL ? LQ_TR_LATER("the request to be accepted") : "";
    missing =
        with(d->arena, missing, LQ_TR_LATER("signatures"), (int64_t)signatures < needs->signatures);
    missing = with(d->arena, missing, LQ_TR_LATER("the signature of an expert"),
                   (int64_t)count_signatures(row, true) < needs->experts);
    missing = with(
        d->arena, missing, LQ_TR_LATER("unbroken live video"),
        needs->video_hours > 0 &&
            !lq_cameras_live_since(d->view, premises,
                                   d->facts->occurred_ms - needs->video_hours * INT64_C(3600000)));
    if (*missing == '\0')
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "%s cannot be accepted: signatures %llu of %lld, video to be live for %lld "
                     "hours; missing: %-s",
                     premises, (unsigned long long)signatures, (long long)needs->signatures,
                     (long long)needs->video_hours, missing);
}

static const Ledger__Entry *entry_of(struct lq_decision *d, const Ledger__Acceptance *row)
{
    const Ledger__Entry *entry = ledger_find(d->view, row->premises);
    LQ_ASSERT(entry != NULL && entry->status == LEDGER__STATUS__RECTIFICATION_COMPLETED);
    return entry;
}

static struct lq_verdict pass(struct lq_decision *d, struct lq_taking *taking)
{
    const Ledger__Acceptance *row = taking->row;
    LQ_TRY(need_all(d, row->premises, row));
    ledger_emit_status(d, entry_of(d, row), LEDGER__STATUS__ACCEPTED);
    return LQ_ACCEPT;
}

static struct lq_verdict fail(struct lq_decision *d, struct lq_taking *taking)
{
    ledger_emit_status(d, entry_of(d, taking->row), LEDGER__STATUS__RECTIFICATION_STARTED);
    return LQ_ACCEPT;
}

// record_step, of what was not entered from paper. Where all is there, it is what passes it.
struct lq_verdict ledger_accept_by_gate(struct lq_decision *d, const Ledger__Entry *entry,
                                        bool *is_taken)
{
    const Ledger__Acceptance *row = ledger_acceptance_of(d->view, entry);
    *is_taken = false;
    if (row != NULL && row->state == LEDGER__ACCEPTANCE_STATE__PASSED)
        return LQ_ACCEPT; // the step alone was taken back
    LQ_TRY(need_all(d, entry->premises->number, row));
    if (row == NULL)
        return LQ_ACCEPT; // a county that needs none of it
    Rules__TakeStep step = RULES__TAKE_STEP__INIT;
    step.kind = lq_unconst("acceptance");
    step.number = row->number;
    step.verb = RULES__VERB__PASS;
    *is_taken = true;
    return lq_take_step(d, &step);
}

// ---------------------------------------------------------------- in `apply`

static void add_signature(struct lq_view *tables, Ledger__Acceptance *row, const Rules__Step *step)
{
    struct lq_arena *arena = lq_view_arena(tables);
    Ledger__Signature **all = LQ_NEW_ARRAY(arena, Ledger__Signature *, row->n_signatures + 1);
    for (size_t i = 0; i < row->n_signatures; i++)
        all[i] = row->signatures[i];
    Ledger__Signature *one = LQ_NEW(arena, Ledger__Signature);
    ledger__signature__init(one);
    one->person = step->by;
    one->expert = step->act->ground[0] != '\0';
    one->at_ms = step->at_ms;
    all[row->n_signatures++] = one;
    row->signatures = all;
}

void ledger_acceptance_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Ledger__Acceptance *acceptance = row;
    if (step->verb == RULES__VERB__SIGN) {
        add_signature(tables, acceptance, step);
        return;
    }
    acceptance->decided_at_ms = step->at_ms;
    acceptance->decided_by = step->by;
    acceptance->why = step->act->note;
    if (step->verb != RULES__VERB__PASS)
        return;
    Ledger__Entry entry = ledger_copy(tables, acceptance->premises);
    entry.last_acceptance = acceptance->number;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- what always holds

void ledger_check_acceptances(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &ledger_acceptances, lq_key_none()); lq_scan_next(&s);) {
        const Ledger__Acceptance *row = s.row;
        const Ledger__Entry *entry = ledger_find(view, row->premises);
        LQ_ASSERT(entry != NULL);
        LQ_ASSERT(row->state != LEDGER__ACCEPTANCE_STATE__ASKED ||
                  (strcmp(entry->last_acceptance, row->number) == 0 &&
                   entry->status == LEDGER__STATUS__RECTIFICATION_COMPLETED));
    }
}
