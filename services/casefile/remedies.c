// What the party does against a penalty, by reconsideration (行政复议) or suit (行政诉讼), and what
// becomes of it (law.md 3, AD11). The decision is performed meanwhile (Administrative
// Reconsideration Law art. 21, Administrative Litigation Law art. 56) unless a stay is recorded;
// the court is asked for enforcement only when the party can contest it no more (Administrative
// Compulsion Law art. 53).
#include "casefile.h"
#include "language/language.h"

#define OUTCOME(name) CASEFILE__REMEDY_OUTCOME__##name
#define KIND(name) CASEFILE__REMEDY_KIND__##name

enum { REMEDIES_MOST = 8 }; // one may be withdrawn and asked for again

// ---------------------------------------------------------------- how it stands

static const Casefile__Remedy *latest(const Casefile__Penalty *penalty)
{
    return penalty->n_remedies > 0 ? penalty->remedies[penalty->n_remedies - 1] : NULL;
}

const Casefile__Remedy *casefile_pending_remedy(const Casefile__Penalty *penalty)
{
    const Casefile__Remedy *last = latest(penalty);
    return last != NULL && last->outcome == OUTCOME(PENDING) ? last : NULL;
}

static bool had(const Casefile__Penalty *penalty, Casefile__RemedyKind kind)
{
    for (size_t i = 0; i < penalty->n_remedies; i++)
        if (penalty->remedies[i]->kind == kind &&
            penalty->remedies[i]->outcome != OUTCOME(REMEDY_WITHDRAWN))
            return true;
    return false;
}

static bool is_over(const Casefile__Penalty *penalty)
{
    const Casefile__Remedy *last = latest(penalty);
    return penalty->revoked_at_ms != 0 ||
           (last != NULL && last->kind == KIND(SUIT) && last->outcome != OUTCOME(PENDING));
}

// Not once a court has it (Administrative Reconsideration Law art. 16).
bool casefile_can_reconsider(const void *row)
{
    const Casefile__Penalty *penalty = row;
    return !is_over(penalty) && casefile_pending_remedy(penalty) == NULL &&
           !had(penalty, KIND(RECONSIDERATION)) && penalty->n_remedies < REMEDIES_MOST;
}

// While it is reconsidered, too: what is not decided in time can be taken to court (Administrative
// Litigation Law art. 45), and whether it may be is the court's to say.
bool casefile_can_sue(const void *row)
{
    const Casefile__Penalty *penalty = row;
    const Casefile__Remedy *pending = casefile_pending_remedy(penalty);
    return !is_over(penalty) && (pending == NULL || pending->kind != KIND(SUIT)) &&
           penalty->n_remedies <= REMEDIES_MOST;
}

bool casefile_is_contested(const void *row)
{
    return casefile_pending_remedy(row) != NULL;
}

bool casefile_is_unadmitted(const void *row)
{
    const Casefile__Remedy *pending = casefile_pending_remedy(row);
    return pending != NULL && pending->admitted_at_ms == 0;
}

bool casefile_can_stay(const void *row)
{
    const Casefile__Penalty *penalty = row;
    return casefile_is_contested(penalty) && !penalty->stayed;
}

bool casefile_is_stayed(const void *row)
{
    const Casefile__Penalty *penalty = row;
    return penalty->stayed;
}

// ---------------------------------------------------------------- until when it can be contested

static struct lq_term_end end_of(const struct lq_law *law, const char *rule, int64_t start_ms)
{
    const struct lq_term term = {.clock = lq_law_clock(law, rule, start_ms), .start_ms = start_ms};
    return term.clock != NULL ? lq_law_count(law, &term) : (struct lq_term_end){0};
}

// Fifteen days from the reconsideration; nothing follows on a suit. One that was withdrawn leaves
// the time that there was from the service, as far as it is not over.
static struct lq_term_end end_after(const struct lq_law *law, const Casefile__Remedy *last,
                                    int64_t served_ms)
{
    if (last != NULL && last->kind == KIND(SUIT))
        return (struct lq_term_end){.due_ms = last->told_at_ms + 1};
    if (last != NULL && last->outcome != OUTCOME(REMEDY_WITHDRAWN))
        return end_of(law, "AD11c", last->told_at_ms);
    struct lq_term_end end = end_of(law, "AD11b", served_ms);
    if (last != NULL && end.due_ms != 0 && end.due_ms <= last->told_at_ms)
        end.due_ms = last->told_at_ms + 1;
    return end;
}

struct lq_term_end casefile_suit_end(const struct lq_law *law, const Casefile__Penalty *penalty,
                                     int64_t served_ms)
{
    return end_after(law, latest(penalty), served_ms);
}

void casefile_tell_remedies(struct lq_reading *r, Casefile__Penalty *told)
{
    const Rules__Step *served =
        lq_step_latest(r->view, "penalty", told->number, RULES__VERB__SERVE);
    if (served == NULL || is_over(told) || casefile_is_contested(told))
        return;
    const int64_t reconsider_ms =
        casefile_can_reconsider(told) ? end_of(r->law, "AD11", served->at_ms).due_ms : 0;
    const int64_t suit_ms = casefile_suit_end(r->law, told, served->at_ms).due_ms;
    if (reconsider_ms != 0)
        told->reconsideration_last_day = lq_law_last_day(reconsider_ms);
    if (suit_ms != 0)
        told->suit_last_day = lq_law_last_day(suit_ms);
}

// ---------------------------------------------------------------- rules of steps

static void void_running(struct lq_decision *d, const char *number, const char *rule)
{
    const Rules__Clock *clock = casefile_penalty_term(d, number, rule);
    if (clock != NULL)
        lq_clock_void(d, clock);
}

static struct lq_verdict need_after(struct lq_decision *d, const struct lq_taking *taking,
                                    int64_t since_ms)
{
    char now[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= since_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                     "this is dated %s, but what it rests on happened to %-s %s only at %s",
                     lq_format_local(d->facts->occurred_ms, now), "penalty", taking->number,
                     lq_format_local(since_ms, then));
}

// The court can be asked for enforcement only afterwards, and from when on is not known yet. A stay
// of the reconsideration that a suit follows on ends with it.
struct lq_verdict casefile_check_remedy_asked(struct lq_decision *d, struct lq_taking *taking)
{
    const Casefile__Penalty *penalty = taking->row;
    const Casefile__Remedy *last = latest(penalty);
    if (last != NULL)
        LQ_TRY(need_after(d, taking, last->told_at_ms != 0 ? last->told_at_ms : last->asked_at_ms));
    lq_clock_go_on(d, "penalty", taking->number, "AD10");
    void_running(d, taking->number, "AD12b");
    return LQ_ACCEPT;
}

struct lq_verdict casefile_check_admitted(struct lq_decision *d, struct lq_taking *taking)
{
    return need_after(d, taking, casefile_pending_remedy(taking->row)->asked_at_ms);
}

static struct lq_verdict need_after_remedy(struct lq_decision *d, const struct lq_taking *taking)
{
    const Casefile__Remedy *pending = casefile_pending_remedy(taking->row);
    return need_after(
        d, taking, pending->admitted_at_ms != 0 ? pending->admitted_at_ms : pending->asked_at_ms);
}

// What is to be enforced can be from the end of the party's next time on.
struct lq_verdict casefile_check_remedy_over(struct lq_decision *d, struct lq_taking *taking)
{
    const Casefile__Penalty *penalty = taking->row;
    LQ_TRY(need_after_remedy(d, taking));
    lq_clock_go_on(d, "penalty", taking->number, "AD10");
    Casefile__Remedy over = *casefile_pending_remedy(penalty);
    over.told_at_ms = d->facts->occurred_ms;
    over.outcome = taking->step->verb == RULES__VERB__WITHDRAW_REMEDY ? OUTCOME(REMEDY_WITHDRAWN)
                                                                      : OUTCOME(DECISION_UPHELD);
    taking->owner = penalty->handler;
    if (penalty->state == CASEFILE__PENALTY__STATE__SERVED ||
        penalty->state == CASEFILE__PENALTY__STATE__DEMANDED)
        casefile_start_court_term(
            d, taking,
            end_after(d->facts->law, &over, casefile_served_ms(d->view, taking->number)));
    return LQ_ACCEPT;
}

// There is nothing left to be paid, demanded or enforced, and nobody was late.
struct lq_verdict casefile_check_revoked(struct lq_decision *d, struct lq_taking *taking)
{
    static const char *const TERMS[] = {"AD10", "AD12", "AD12b", "AD13"};
    LQ_TRY(need_after_remedy(d, taking));
    for (size_t i = 0; i < sizeof TERMS / sizeof TERMS[0]; i++)
        void_running(d, taking->number, TERMS[i]);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_check_stay(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(need_after(d, taking, casefile_pending_remedy(taking->row)->asked_at_ms));
    lq_clock_hold(d, "penalty", taking->number, "AD10", "execution_stayed", taking->act->paper);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_check_stay_lifted(struct lq_decision *d, struct lq_taking *taking)
{
    lq_clock_go_on(d, "penalty", taking->number, "AD10");
    return LQ_ACCEPT;
}

struct lq_verdict casefile_need_uncontested(struct lq_decision *d, const struct lq_taking *taking)
{
    const Casefile__Penalty *penalty = taking->row;
    const Casefile__Remedy *pending = casefile_pending_remedy(penalty);
    char at[LQ_TIME_TEXT];
    if (pending == NULL)
        return LQ_ACCEPT;
    lq_format_local(pending->asked_at_ms, at);
    if (pending->kind == KIND(SUIT))
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "penalty case %s is before %s since %s: the court is asked to enforce it "
                         "once that is over, and it stands",
                         taking->number, pending->authority, at);
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "penalty case %s is reconsidered by %s since %s: the court is asked to "
                     "enforce it once that is over, and it stands",
                     taking->number, pending->authority, at);
}

struct lq_verdict casefile_need_unstayed(struct lq_decision *d, const struct lq_taking *taking)
{
    if (!casefile_is_stayed(taking->row))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "the execution of penalty case %s is stayed: nothing is demanded or enforced "
                     "before it is lifted (%-s), or what is contested is over",
                     taking->number, "lift_stay");
}

// ---------------------------------------------------------------- in `apply`

static void ask(struct lq_arena *arena, Casefile__Penalty *penalty, const Rules__Step *step,
                Casefile__RemedyKind kind)
{
    Casefile__Remedy **list = LQ_NEW_ARRAY(arena, Casefile__Remedy *, penalty->n_remedies + 1);
    for (size_t i = 0; i < penalty->n_remedies; i++)
        list[i] = penalty->remedies[i];
    Casefile__Remedy *asked = LQ_NEW(arena, Casefile__Remedy);
    casefile__remedy__init(asked);
    asked->kind = kind;
    asked->party = step->act->party;
    asked->authority = step->act->authority;
    asked->asked_at_ms = step->at_ms;
    list[penalty->n_remedies] = asked;
    penalty->remedies = list;
    penalty->n_remedies++;
}

// A copy in place of the last, to be changed.
static Casefile__Remedy *change_latest(struct lq_arena *arena, Casefile__Penalty *penalty)
{
    Casefile__Remedy *changed = LQ_NEW(arena, Casefile__Remedy);
    *changed = *latest(penalty);
    Casefile__Remedy **list = LQ_NEW_ARRAY(arena, Casefile__Remedy *, penalty->n_remedies);
    for (size_t i = 0; i < penalty->n_remedies; i++)
        list[i] = penalty->remedies[i];
    list[penalty->n_remedies - 1] = changed;
    penalty->remedies = list;
    return changed;
}

static void end(struct lq_arena *arena, Casefile__Penalty *penalty, const Rules__Step *step,
                Casefile__RemedyOutcome outcome)
{
    Casefile__Remedy *over = change_latest(arena, penalty);
    over->outcome = outcome;
    over->paper = step->act->paper;
    over->told_at_ms = step->at_ms;
    penalty->stayed = false;
    if (outcome == OUTCOME(DECISION_REVOKED))
        penalty->revoked_at_ms = step->at_ms;
}

static void admit(struct lq_arena *arena, Casefile__Penalty *penalty, const Rules__Step *step)
{
    Casefile__Remedy *admitted = change_latest(arena, penalty);
    admitted->admitted_at_ms = step->at_ms;
    admitted->number = step->act->paper;
}

void casefile_remedy_stepped(struct lq_arena *arena, const Rules__Step *step,
                             Casefile__Penalty *penalty)
{
    static const struct {
        Rules__Verb verb;
        Casefile__RemedyOutcome outcome;
    } ENDS[] = {
        {RULES__VERB__UPHOLD_DECISION, OUTCOME(DECISION_UPHELD)},
        {RULES__VERB__VARY_DECISION, OUTCOME(DECISION_VARIED)},
        {RULES__VERB__REVOKE_DECISION, OUTCOME(DECISION_REVOKED)},
        {RULES__VERB__REJECT_REMEDY, OUTCOME(REMEDY_REJECTED)},
        {RULES__VERB__WITHDRAW_REMEDY, OUTCOME(REMEDY_WITHDRAWN)},
    };
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++)
        if (ENDS[i].verb == step->verb)
            end(arena, penalty, step, ENDS[i].outcome);
    if (step->verb == RULES__VERB__BRING_SUIT && casefile_is_contested(penalty))
        end(arena, penalty, step, OUTCOME(OVERTAKEN));
    if (step->verb == RULES__VERB__ASK_RECONSIDERATION || step->verb == RULES__VERB__BRING_SUIT)
        ask(arena, penalty, step,
            step->verb == RULES__VERB__BRING_SUIT ? KIND(SUIT) : KIND(RECONSIDERATION));
    if (step->verb == RULES__VERB__ADMIT)
        admit(arena, penalty, step);
    if (step->verb == RULES__VERB__STAY_EXECUTION || step->verb == RULES__VERB__LIFT_STAY)
        penalty->stayed = step->verb == RULES__VERB__STAY_EXECUTION;
}

// ---------------------------------------------------------------- what always holds

void casefile_check_remedies(const Casefile__Penalty *penalty)
{
    const Casefile__Remedy *last = latest(penalty);
    for (size_t i = 0; i < penalty->n_remedies; i++) {
        const Casefile__Remedy *one = penalty->remedies[i];
        LQ_ASSERT(one == last || one->outcome != OUTCOME(PENDING));
        LQ_ASSERT((one->outcome == OUTCOME(PENDING)) == (one->told_at_ms == 0));
        LQ_ASSERT(one->told_at_ms == 0 || one->told_at_ms >= one->asked_at_ms);
    }
    LQ_ASSERT(!penalty->stayed || casefile_is_contested(penalty));
    LQ_ASSERT((penalty->revoked_at_ms != 0) ==
              (last != NULL && last->outcome == OUTCOME(DECISION_REVOKED)));
}
