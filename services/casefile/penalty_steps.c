// What is done with a penalty case, from the review for filing to the archive (law.md 9.2). The
// terms belong to whoever handles the case, whoever takes the step that starts them.
#include "casefile.h"
#include "language/language.h"

#define STATE(name) CASEFILE__PENALTY__STATE__##name
#define STEP(from, to, verb, who, ...)                                                             \
    CASEFILE_STEP(CASEFILE__PENALTY__STATE__, from, STATE(to), verb, who, __VA_ARGS__)
#define STAYS(from, verb, who, ...)                                                                \
    CASEFILE_STEP(CASEFILE__PENALTY__STATE__, from, LQ_STEP_STAYS, verb, who, __VA_ARGS__)

enum {
    BUREAU_HEAD = LQ_ROLE(HEAD),
    REVIEWERS = LQ_ROLE(REVIEWER),
    HANDLERS = CASEFILE_HANDLERS,
};

// ---------------------------------------------------------------- rules

static const Casefile__Penalty *case_of(const struct lq_taking *taking)
{
    return taking->row;
}

static struct lq_verdict for_handler(struct lq_decision *d, struct lq_taking *taking)
{
    taking->owner = case_of(taking)->handler;
    return LQ_ACCEPT;
}

const Rules__Clock *casefile_penalty_term(struct lq_decision *d, const char *number,
                                          const char *rule)
{
    const Rules__Clock *clock = lq_clock_now(d, "penalty", number, rule);
    return clock != NULL && lq_clock_runs(clock) ? clock : NULL;
}

static struct lq_verdict reject_uncounted(struct lq_decision *d, const char *number,
                                          const char *rule, int year)
{
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "the term %s of penalty case %s must be over first, and when it ends is not "
                     "known: calendar.yaml lists no %d. Once it does, and the terms are counted "
                     "anew (lq recount), this can be done",
                     rule, number, year);
}

struct lq_verdict casefile_need_counted(struct lq_decision *d, const char *number, const char *rule)
{
    const Rules__Clock *clock = casefile_penalty_term(d, number, rule);
    return clock != NULL && clock->not_counted == RULES__NOT_COUNTED__CALENDAR_LACKS
               ? reject_uncounted(d, number, rule, (int)clock->lacking_year)
               : LQ_ACCEPT;
}

static struct lq_verdict need_evidence_decided(struct lq_decision *d,
                                               const struct lq_taking *taking)
{
    if (!case_of(taking)->evidence_open)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "evidence of penalty case %s is registered, and nothing is decided on it: %-s "
                     "(%-s) comes first",
                     taking->number, "decide_evidence", lq_roles_text(d->arena, BUREAU_HEAD));
}

// What is registered a second time would hide that nothing was decided on the first.
static struct lq_verdict check_register(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(need_evidence_decided(d, taking));
    return for_handler(d, taking);
}

static struct lq_verdict check_submit(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(need_evidence_decided(d, taking));
    if (taking->act->n_officers > 0 || case_of(taking)->n_officers < 2)
        return lq_need_officers(d, taking->act, LQ_TR_LATER("Administrative Penalty Law art. 37"));
    return LQ_ACCEPT;
}

// Measures for Environmental Administrative Penalties art. 45 and 47; Hearing Rules art. 8.
struct lq_verdict casefile_check_not_investigator(struct lq_decision *d, struct lq_taking *taking)
{
    if (casefile_investigates(taking->row, d->facts->principal))
        return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                         "%s investigates penalty case %s: it is reviewed, and the party is heard, "
                         "by somebody else",
                         d->facts->principal, taking->number);
    return for_handler(d, taking);
}

// A term that gives the party time ends with its last day, whoever goes on afterwards: nobody is
// late. False: it is not over yet, and *due tells when.
static bool wait_out(struct lq_decision *d, const struct lq_taking *taking, const char *rule,
                     char due[LQ_TIME_TEXT])
{
    const Rules__Clock *clock = casefile_penalty_term(d, taking->number, rule);
    if (clock == NULL)
        return true;
    lq_format_local(clock->due_ms, due);
    if (d->facts->occurred_ms < clock->due_ms)
        return false;
    const int64_t at_ms = clock->due_ms != 0 ? clock->due_ms - 1 : d->facts->occurred_ms;
    lq_clock_stop(d, "penalty", taking->number, rule, at_ms);
    return true;
}

static struct lq_verdict check_conclude(struct lq_decision *d, struct lq_taking *taking)
{
    char due[LQ_TIME_TEXT];
    LQ_TRY(casefile_need_counted(d, taking->number, "AD6"));
    if (wait_out(d, taking, "AD6", due))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "the party of penalty case %s may ask for a hearing until %s", taking->number,
                     due);
}

// The court may be asked from the day on which the party can no longer sue (Administrative
// Compulsion Law art. 53), for three months: they begin there, and are known with the service.
// Where the calendar does not reach so far, they begin with the demand, or are not known.
void casefile_start_court_term(struct lq_decision *d, const struct lq_taking *taking,
                               struct lq_term_end end)
{
    if (end.due_ms != 0)
        lq_clock_start(d, &(struct lq_clock_start){.kind = "penalty",
                                                   .number = taking->number,
                                                   .rule = "AD12b",
                                                   .start_ms = end.due_ms - 1,
                                                   .owner = taking->owner});
}

static struct lq_verdict check_serve(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(for_handler(d, taking));
    casefile_start_court_term(d, taking,
                              casefile_suit_end(d->facts->law, taking->row, d->facts->occurred_ms));
    return LQ_ACCEPT;
}

int64_t casefile_served_ms(struct lq_view *view, const char *number)
{
    const Rules__Step *served = lq_step_latest(view, "penalty", number, RULES__VERB__SERVE);
    LQ_ASSERT(served != NULL); // a demand follows on the service, and the court on the demand
    return served->at_ms;
}

static struct lq_term_end suit_end(struct lq_decision *d, const struct lq_taking *taking)
{
    return casefile_suit_end(d->facts->law, taking->row,
                             casefile_served_ms(d->view, taking->number));
}

static struct lq_verdict check_demand(struct lq_decision *d, struct lq_taking *taking)
{
    char due[LQ_TIME_TEXT];
    const Rules__Clock *pay = casefile_penalty_term(d, taking->number, "AD10");
    LQ_TRY(casefile_need_counted(d, taking->number, "AD10"));
    if (pay != NULL && d->facts->occurred_ms < pay->due_ms)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "the party of penalty case %s may pay the fine until %s", taking->number,
                         lq_format_local(pay->due_ms, due));
    LQ_TRY(casefile_need_unstayed(d, taking));
    LQ_TRY(for_handler(d, taking));
    if (!casefile_is_contested(taking->row) &&
        casefile_penalty_term(d, taking->number, "AD12b") == NULL)
        casefile_start_court_term(d, taking, suit_end(d, taking));
    return LQ_ACCEPT;
}

static struct lq_verdict need_no_suit(struct lq_decision *d, const struct lq_taking *taking)
{
    char due[LQ_TIME_TEXT];
    const Rules__Clock *court = casefile_penalty_term(d, taking->number, "AD12b");
    const struct lq_term_end end =
        court != NULL ? (struct lq_term_end){.due_ms = court->start_ms + 1} : suit_end(d, taking);
    if (end.year != 0)
        return reject_uncounted(d, taking->number, "AD11b", end.year);
    if (d->facts->occurred_ms < end.due_ms)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "the party of penalty case %s may bring suit until %s", taking->number,
                         lq_format_local(end.due_ms, due));
    return LQ_ACCEPT;
}

static struct lq_verdict check_court(struct lq_decision *d, struct lq_taking *taking)
{
    char due[LQ_TIME_TEXT];
    LQ_TRY(casefile_need_uncontested(d, taking));
    LQ_TRY(need_no_suit(d, taking));
    LQ_TRY(casefile_need_counted(d, taking->number, "AD12"));
    if (wait_out(d, taking, "AD12", due))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "the party of penalty case %s was warned, and may pay until %s before the "
                     "court is asked",
                     taking->number, due);
}

// Inspected within sixty days of the end of the term for performance: that of the fine, where it
// was paid; where the court enforces it, none is known before the case is closed.
static struct lq_verdict check_close_performed(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Clock *pay = lq_clock_now(d, "penalty", taking->number, "AD10");
    const bool known =
        case_of(taking)->state == STATE(PERFORMED) && pay != NULL && pay->due_ms != 0;
    LQ_TRY(for_handler(d, taking));
    lq_clock_start(
        d, &(struct lq_clock_start){.kind = "penalty",
                                    .number = taking->number,
                                    .rule = "AD13",
                                    .start_ms = known ? pay->due_ms - 1 : d->facts->occurred_ms,
                                    .owner = taking->owner});
    return LQ_ACCEPT;
}

static bool has_evidence(const void *row)
{
    const Casefile__Penalty *penalty = row;
    return penalty->evidence_open;
}

static bool is_supervised(const void *row)
{
    const Casefile__Penalty *penalty = row;
    return penalty->supervised;
}

static bool is_not_supervised(const void *row)
{
    return !is_supervised(row);
}

// ---------------------------------------------------------------- the table

#define CLOSING(from, _rule)                                                                       \
    STEP(from, SETTLED, CLOSE, BUREAU_HEAD, .when = is_not_supervised, .rule = _rule),             \
        STEP(from, SETTLED, CLOSE, BUREAU_HEAD, .when = is_supervised, .starts = "AD14",           \
             .rule = _rule)
#define AFTERWARDS(from)                                                                           \
    STAYS(from, INSPECT_AFTER, HANDLERS, .stops = "AD13"),                                         \
        STAYS(from, REPORT_UPWARD, HANDLERS | BUREAU_HEAD, .when = is_supervised, .stops = "AD14")

// What the party does against the decision once it is served, whether it has paid meanwhile or the
// case is closed; of one on paper nothing else is recorded.
#define WHO (HANDLERS | BUREAU_HEAD | REVIEWERS)
#define CONTESTED(from)                                                                            \
    STAYS(from, ASK_RECONSIDERATION, WHO, .when = casefile_can_reconsider,                         \
          .needs = "party authority", .rule = casefile_check_remedy_asked),                        \
        STAYS(from, BRING_SUIT, WHO, .when = casefile_can_sue, .needs = "party authority",         \
              .rule = casefile_check_remedy_asked),                                                \
        STAYS(from, ADMIT, WHO, .when = casefile_is_unadmitted, .needs = "paper",                  \
              .rule = casefile_check_admitted),                                                    \
        STAYS(from, UPHOLD_DECISION, WHO, .when = casefile_is_contested, .needs = "paper",         \
              .rule = casefile_check_remedy_over),                                                 \
        STAYS(from, VARY_DECISION, WHO, .when = casefile_is_contested, .needs = "paper note",      \
              .rule = casefile_check_remedy_over),                                                 \
        STEP(from, REVOKED, REVOKE_DECISION, WHO, .when = casefile_is_contested, .needs = "paper", \
             .rule = casefile_check_revoked),                                                      \
        STAYS(from, REJECT_REMEDY, WHO, .when = casefile_is_contested, .needs = "paper",           \
              .rule = casefile_check_remedy_over),                                                 \
        STAYS(from, WITHDRAW_REMEDY, WHO, .when = casefile_is_contested,                           \
              .rule = casefile_check_remedy_over)
#define STAYED(from)                                                                               \
    STAYS(from, STAY_EXECUTION, WHO, .when = casefile_can_stay, .needs = "authority paper",        \
          .rule = casefile_check_stay),                                                            \
        STAYS(from, LIFT_STAY, WHO, .when = casefile_is_stayed,                                    \
              .rule = casefile_check_stay_lifted)

static const struct lq_step STEPS[] = {
    STEP(FILING_REVIEW, INVESTIGATING, FILE, BUREAU_HEAD, .stops = "AD1", .starts = "AD8",
         .rule = for_handler),
    STEP(FILING_REVIEW, NOT_FILED, NOT_FILE, BUREAU_HEAD, .needs = "note", .stops = "AD1"),
    STEP(FILING_REVIEW, REFERRED, REFER, BUREAU_HEAD, .needs = "taker", .stops = "AD1"),
    STAYS(INVESTIGATING, REGISTER_EVIDENCE, BUREAU_HEAD, .starts = "AD3 AD3b",
          .rule = check_register),
    STAYS(INVESTIGATING, DECIDE_EVIDENCE, BUREAU_HEAD, .when = has_evidence, .needs = "note",
          .stops = "AD3 AD3b"),
    STEP(INVESTIGATING, WITHDRAWN, WITHDRAW_FILING, BUREAU_HEAD, .needs = "note",
         .stops = "AD8 AD3 AD3b"),
    STEP(INVESTIGATING, WITHDRAWN, WITHDRAW, BUREAU_HEAD, .past = true), // as it was called
    STEP(INVESTIGATING, LEGAL_REVIEW, SUBMIT, HANDLERS, .rule = check_submit),
    STEP(LEGAL_REVIEW, INVESTIGATING, RETURN, REVIEWERS, .needs = "note",
         .rule = casefile_check_not_investigator),
    STEP(LEGAL_REVIEW, REVIEWED, PASS, REVIEWERS, .rule = casefile_check_not_investigator),
    STEP(REVIEWED, NOTICED, NOTIFY, HANDLERS, .needs = "paper", .papers = "served:prior_notice",
         .starts = "AD6", .rule = for_handler),
    STEP(NOTICED, HEARING, ASK_HEARING, HANDLERS, .stops = "AD6", .starts = "AD7",
         .rule = for_handler),
    STEP(NOTICED, DECISION_PENDING, CONCLUDE, HANDLERS | REVIEWERS, .rule = check_conclude),
    STAYS(HEARING, NOTIFY_HEARING, HANDLERS | REVIEWERS, .needs = "from_day", .stops = "AD7",
          .rule = casefile_check_hearing_notice),
    STEP(HEARING, DECISION_PENDING, REPORT_HEARING, REVIEWERS, .needs = "paper", .stops = "AD7",
         .rule = casefile_check_hearing),
    STEP(HEARING, DECISION_PENDING, WAIVE_HEARING, HANDLERS | REVIEWERS, .needs = "note",
         .stops = "AD7", .rule = casefile_check_no_hearing),
    STEP(HEARING, DECISION_PENDING, REFUSE_HEARING, REVIEWERS, .needs = "note", .stops = "AD7",
         .rule = casefile_check_hearing_refused),
    STEP(DECISION_PENDING, PENALISED, PENALISE, BUREAU_HEAD, .needs = "paper",
         .papers = "penalty_decision", .stops = "AD8", .starts = "AD9", .rule = for_handler),
    STEP(DECISION_PENDING, NOT_PENALISED, NO_PENALTY, BUREAU_HEAD, .needs = "note", .stops = "AD8"),
    STEP(DECISION_PENDING, TRANSFERRED, TRANSFER, BUREAU_HEAD, .stops = "AD8"),
    STEP(PENALISED, SERVED, SERVE, HANDLERS, .papers = "served:penalty_decision", .stops = "AD9",
         .starts = "AD10", .rule = check_serve),
    STEP(SERVED, PERFORMED, PAY, HANDLERS, .stops = "AD10 AD12b"),
    STEP(SERVED, DEMANDED, DEMAND, HANDLERS, .needs = "paper", .papers = "served:demand",
         .starts = "AD12", .rule = check_demand),
    STEP(DEMANDED, PERFORMED, PAY, HANDLERS, .stops = "AD10 AD12 AD12b"),
    STEP(DEMANDED, COURT_ENFORCEMENT, APPLY_COURT, BUREAU_HEAD, .stops = "AD10 AD12 AD12b",
         .rule = check_court),
    CLOSING(PERFORMED, check_close_performed),
    CLOSING(COURT_ENFORCEMENT, check_close_performed),
    CLOSING(NOT_PENALISED, for_handler),
    AFTERWARDS(SETTLED),
    STEP(SETTLED, ARCHIVED, ARCHIVE, HANDLERS),
    AFTERWARDS(ARCHIVED),
    STEP(SPOT_PENALISED, LODGED, LODGE, HANDLERS, .stops = "AD15"),
    STEP(LODGED, ARCHIVED, ARCHIVE, HANDLERS),
    CONTESTED(SERVED),
    STAYED(SERVED),
    CONTESTED(DEMANDED),
    STAYED(DEMANDED),
    CONTESTED(PERFORMED),
    CONTESTED(COURT_ENFORCEMENT),
    CONTESTED(SETTLED),
    CONTESTED(ARCHIVED),
    CONTESTED(SPOT_PENALISED),
    CONTESTED(LODGED),
    CONTESTED(ON_PAPER),
    STAYS(REVOKED, REPORT_UPWARD, HANDLERS | BUREAU_HEAD, .when = is_supervised, .stops = "AD14"),
    STEP(REVOKED, ARCHIVED, ARCHIVE, HANDLERS),
};

const struct lq_steps casefile_penalty_verbs = {
    .entity = "penalty",
    .states = &casefile__penalty__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

void casefile_penalty_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Casefile__Penalty *penalty = row;
    if (step->verb == RULES__VERB__SUBMIT && step->act->n_officers > 0) {
        penalty->officers = step->act->officers;
        penalty->n_officers = step->act->n_officers;
    }
    if (step->verb == RULES__VERB__REGISTER_EVIDENCE || step->verb == RULES__VERB__DECIDE_EVIDENCE)
        penalty->evidence_open = step->verb == RULES__VERB__REGISTER_EVIDENCE;
    if (step->verb == RULES__VERB__PENALISE) {
        penalty->decided_at_ms = step->at_ms;
        penalty->paper = step->act->paper;
        penalty->fined = step->act->amount_fen != 0;
    }
    casefile_remedy_stepped(lq_view_arena(tables), step, penalty);
}
