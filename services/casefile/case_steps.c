// A police case by verbs (law.md 9.3, case level): two officers report it, the head of the bureau
// decides on its transfer, and from then on it is the police who tell what became of it. Filing and
// solving it are commands of their own (cases.c): ledgers of the police name them.
#include "casefile.h"
#include "language/language.h"

#define STATE(name) CASEFILE__CASE_STEP__##name
#define STEP(from, to, verb, who, ...)                                                             \
    CASEFILE_STEP(CASEFILE__CASE_STEP__, from, STATE(to), verb, who, __VA_ARGS__)
#define STAYS(from, verb, who, ...)                                                                \
    CASEFILE_STEP(CASEFILE__CASE_STEP__, from, LQ_STEP_STAYS, verb, who, __VA_ARGS__)

enum {
    BUREAU_HEAD = LQ_ROLE(HEAD),
    POLICE = LQ_ROLE(LIAISON),
    HANDLERS = CASEFILE_HANDLERS | LQ_ROLE(HEAD),
};

// ---------------------------------------------------------------- reporting

static struct lq_verdict need_fields(struct lq_decision *d, const Casefile__ReportCase *c)
{
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the case's number", c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the target of the order", c->target));
    if (c->offence[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "case %s needs an offence: what is it about?", c->number);
    if (c->order[0] == '\0' && c->penalty[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "case %s comes from an order or from a penalty case: which?", c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_source(struct lq_decision *d, const Casefile__ReportCase *c)
{
    const Dispatch__OrderNote *order;
    if (c->order[0] != '\0') {
        LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the order's number", c->order));
        LQ_TRY(
            casefile_need_order(d, c->number, c->order, c->target, d->facts->occurred_ms, &order));
    }
    if (c->penalty[0] == '\0')
        return LQ_ACCEPT;
    const Casefile__Penalty *penalty =
        lq_find_numbered(d->view, &casefile_table_penalties, c->penalty);
    if (penalty == NULL || strcmp(penalty->premises, c->target) != 0)
        return lq_reject(d, CASEFILE__REJECT__PENALTY_UNKNOWN, "there is no penalty case %s of %s",
                         c->penalty, c->target);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_report_case(struct lq_decision *d, const void *command)
{
    Casefile__ReportCase numbered = *(const Casefile__ReportCase *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_cases, "C001");
    const Casefile__ReportCase *c = &numbered;
    LQ_TRY(need_fields(d, c));
    LQ_TRY(casefile_need_new_case(d, c->number));
    LQ_TRY(need_source(d, c));
    const Rules__Act act = {.officers = c->officers, .n_officers = c->n_officers};
    LQ_TRY(lq_need_officers(d, &act,
                            LQ_TR_LATER("Provisions on the Transfer of Suspected Crimes art. 5")));
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->target);
    LQ_TRY(lq_need_premises(d, CASEFILE__REJECT__PREMISES_UNKNOWN, c->target, premises));

    Casefile__CaseReported reported = CASEFILE__CASE_REPORTED__INIT;
    reported.number = c->number;
    reported.order = c->order;
    reported.target = c->target;
    reported.township = premises->township;
    reported.offence = c->offence;
    reported.by = lq_arena_text(d->arena, d->facts->principal);
    reported.step = STATE(SUSPECTED);
    reported.reported_at_ms = d->facts->occurred_ms;
    reported.officers = c->officers;
    reported.n_officers = c->n_officers;
    reported.penalty = c->penalty;
    lq_clock_start(d, &(struct lq_clock_start){.kind = "case",
                                               .number = c->number,
                                               .rule = "CR1",
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = reported.by});
    lq_emit(d, CASEFILE__EVENT__BODY_CASE_REPORTED, &reported.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- rules

// The transfer is the duty of whoever reported it, whoever approves.
static struct lq_verdict for_reporter(struct lq_decision *d, struct lq_taking *taking)
{
    const Casefile__Case *c = taking->row;
    taking->owner = c->by;
    return LQ_ACCEPT;
}

// The wrong police had the papers since they were handed over, and pass them on within a day.
static struct lq_verdict check_forward(struct lq_decision *d, struct lq_taking *taking)
{
    const Casefile__Case *c = taking->row;
    lq_clock_start(d, &(struct lq_clock_start){.kind = "case",
                                               .number = taking->number,
                                               .rule = "CR3",
                                               .start_ms = c->opened_at_ms,
                                               .owner = taking->owner});
    lq_clock_stop(d, "case", taking->number, "CR3", d->facts->occurred_ms);
    return LQ_ACCEPT;
}

// Nobody is kept for investigation any longer: the procuratorate has the case.
static struct lq_verdict check_prosecute(struct lq_decision *d, struct lq_taking *taking)
{
    struct lq_scan s = lq_scan(d->view, &casefile_table_case_suspects, lq_key_text(taking->number));
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the case
        const char *suspect = lq_arena_text(d->arena, lq_key_read_text(&reader));
        if (d->clock_count + 2 < LQ_CLOCKS_PER_EVENT) // more are left to their own steps
            lq_clock_stop(d, "suspect", suspect, "CR11", d->facts->occurred_ms);
    }
    return LQ_ACCEPT;
}

enum { SUPPLEMENTS_MOST = 2 }; // Criminal Procedure Law art. 171

// Sent back to the police, and not back from them yet.
static bool is_sent_back(struct lq_decision *d, const char *number)
{
    return lq_step_count(d->view, "case", number, RULES__VERB__SUPPLEMENT) >
           lq_step_count(d->view, "case", number, RULES__VERB__RESUBMIT);
}

static struct lq_verdict check_supplement(struct lq_decision *d, struct lq_taking *taking)
{
    if (is_sent_back(d, taking->number))
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "case %s was sent back already: %-s comes first", taking->number,
                         "resubmit");
    if (lq_step_count(d->view, "case", taking->number, RULES__VERB__SUPPLEMENT) < SUPPLEMENTS_MOST)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "case %s was sent back %d times, which is the most (%-s)", taking->number,
                     SUPPLEMENTS_MOST, LQ_TR_LATER("Criminal Procedure Law art. 171"));
}

static struct lq_verdict check_resubmit(struct lq_decision *d, struct lq_taking *taking)
{
    if (is_sent_back(d, taking->number))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "case %s was not sent back: there is nothing to send again", taking->number);
}

// ---------------------------------------------------------------- the table

// Source: law.md 9.3, case level. The police decide; nothing goes back.
static const struct lq_step STEPS[] = {
    {STATE(OPENED), STATE(FILED), CASEFILE__COMMAND__BODY_FILE_CASE},
    {STATE(UNDER_REVIEW), STATE(FILED), CASEFILE__COMMAND__BODY_FILE_CASE},
    {STATE(SUPERVISION_ASKED), STATE(FILED), CASEFILE__COMMAND__BODY_FILE_CASE},
    {STATE(FILED), STATE(SOLVED), CASEFILE__COMMAND__BODY_SOLVE_CASE},
    STEP(SUSPECTED, TRANSFER_APPROVED, APPROVE_TRANSFER, BUREAU_HEAD, .stops = "CR1",
         .starts = "CR2", .rule = for_reporter),
    STEP(SUSPECTED, TRANSFER_REFUSED, REFUSE_TRANSFER, BUREAU_HEAD, .needs = "note",
         .stops = "CR1"),
    STEP(TRANSFER_APPROVED, OPENED, HAND_OVER, HANDLERS, .needs = "paper",
         .papers = "served:transfer_crime", .stops = "CR2", .starts = "CR4"),
    STAYS(OPENED, FORWARD, POLICE, .needs = "taker", .stops = "CR4", .starts = "CR4",
          .rule = check_forward),
    STEP(OPENED, NOT_FILED, NOT_FILE, POLICE, .needs = "note", .stops = "CR4", .starts = "CR5",
         .rule = for_reporter),
    STEP(NOT_FILED, UNDER_REVIEW, ASK_REVIEW, HANDLERS, .stops = "CR5", .starts = "CR5b",
         .rule = for_reporter),
    STEP(NOT_FILED, SUPERVISION_ASKED, ASK_SUPERVISION, HANDLERS, .stops = "CR5"),
    STEP(NOT_FILED, RESUMED, RESUME, HANDLERS, .stops = "CR5"),
    STEP(UNDER_REVIEW, UPHELD, UPHOLD, POLICE, .stops = "CR5b", .starts = "CR5c",
         .rule = for_reporter),
    STEP(UPHELD, SUPERVISION_ASKED, ASK_SUPERVISION, HANDLERS, .stops = "CR5c"),
    STEP(UPHELD, RESUMED, RESUME, HANDLERS, .stops = "CR5c"),
    STEP(SUPERVISION_ASKED, RESUMED, RESUME, HANDLERS),
    STEP(FILED, DROPPED, DROP, POLICE, .needs = "note"),
    STEP(SOLVED, SENT_FOR_PROSECUTION, PROSECUTE, POLICE, .starts = "CR12",
         .rule = check_prosecute),
    STAYS(SENT_FOR_PROSECUTION, SUPPLEMENT, POLICE, .stops = "CR12", .starts = "CR12b",
          .rule = check_supplement),
    STAYS(SENT_FOR_PROSECUTION, RESUBMIT, POLICE, .stops = "CR12b", .starts = "CR12",
          .rule = check_resubmit),
    STEP(SENT_FOR_PROSECUTION, CONCLUDED, CONCLUDE, POLICE, .stops = "CR12 CR12b"),
};

const struct lq_steps casefile_case_steps = {
    .entity = "case",
    .states = &casefile__case_step__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
    .field = "step",
};

void casefile_case_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Casefile__Case *c = row;
    if (step->verb == RULES__VERB__HAND_OVER)
        c->opened_at_ms = step->at_ms;
}
