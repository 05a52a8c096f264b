// What police and procuratorate do with a suspect, by verbs (law.md 9.3, person level). Only the
// liaison tells of it. What is also a step of the suspect's history is recorded as ever
// (suspect_step_recorded: the figures are counted by it), beside the step, which says on what
// ground, by which paper, and which terms it starts and ends.
#include "casefile.h"

#define STATE(name) CASEFILE__SUSPECT_STEP__##name
#define MEASURE(from, to, verb, ...)                                                               \
    CASEFILE_STEP(CASEFILE__SUSPECT_STEP__, from, STATE(to), verb, LQ_ROLE(LIAISON),               \
                  .rule = check_measure, __VA_ARGS__)
#define STAYS(from, verb, ...)                                                                     \
    CASEFILE_STEP(CASEFILE__SUSPECT_STEP__, from, LQ_STEP_STAYS, verb, LQ_ROLE(LIAISON),           \
                  __VA_ARGS__)

// ---------------------------------------------------------------- rules

static struct lq_verdict need_time(struct lq_decision *d, const Casefile__Suspect *suspect)
{
    const Casefile__SuspectStepTaken *last = suspect->history[suspect->n_history - 1];
    char now[LQ_TIME_TEXT], at[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= last->at_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                     "this is dated %s, but what it rests on happened to %-s %s only at %s",
                     lq_format_local(d->facts->occurred_ms, now), "suspect", suspect->number,
                     lq_format_local(last->at_ms, at));
}

static struct lq_verdict need_filed_case(struct lq_decision *d, const Casefile__Suspect *suspect,
                                         const Casefile__Case **of)
{
    LQ_TRY(casefile_need_case(d, suspect->case_number, of));
    LQ_TRY(casefile_need_after_filing(d, *of));
    if (casefile_is_filed(*of))
        return LQ_ACCEPT;
    return lq_reject(d, CASEFILE__REJECT__CASE_NOT_FILED,
                     "case %s is not filed: no step can be taken with a suspect until it is",
                     (*of)->number);
}

static struct lq_verdict check_measure(struct lq_decision *d, struct lq_taking *taking)
{
    const Casefile__Suspect *suspect = taking->row;
    const Casefile__Case *of = NULL;
    LQ_TRY(need_filed_case(d, suspect, &of));
    LQ_TRY(need_time(d, suspect));
    if (!casefile_suspect_has_room(suspect))
        return lq_reject(d, CASEFILE__REJECT__STEP_OUT_OF_ORDER,
                         "suspect %s has %d steps, which is the most that one record holds: no "
                         "further step can be recorded under this number",
                         suspect->number, CASEFILE_STEPS_PER_SUSPECT);
    Casefile__SuspectStepRecorded recorded = CASEFILE__SUSPECT_STEP_RECORDED__INIT;
    recorded.suspect = suspect->number;
    recorded.case_number = suspect->case_number;
    recorded.step = (Casefile__SuspectStep)taking->step->to;
    recorded.township = of->township;
    if (recorded.step == STATE(DETAINED))
        recorded.detention_kind = CASEFILE__DETENTION_KIND__CRIMINAL;
    lq_emit(d, CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED, &recorded.base);
    return LQ_ACCEPT;
}

static struct lq_verdict check_flag(struct lq_decision *d, struct lq_taking *taking)
{
    return need_time(d, taking->row);
}

// A longer term is chosen when the suspect is held, or later, which extends the shorter one: then
// it lasts no longer in all than if it had been chosen first (law.md CR6, CR8, CR9).
static const struct extension {
    const char *by, *rule;
    Casefile__SuspectStep at; // the state in which it may be extended
    bool in_all;
} EXTENSIONS[] = {
    {"CR6b", "CR6", STATE(SUMMONED), true},    {"CR8b", "CR8", STATE(DETAINED), false},
    {"CR8c", "CR8", STATE(DETAINED), true},    {"CR9c", "CR9b", STATE(ARREST_REQUESTED), true},
    {"CR11b", "CR11", STATE(ARRESTED), false}, {"CR11c", "CR11", STATE(ARRESTED), false},
    {"CR11d", "CR11", STATE(ARRESTED), false},
};
enum { EXTENSION_COUNT = sizeof EXTENSIONS / sizeof EXTENSIONS[0] };

// NULL: it extends nothing as the suspect stands.
static const struct extension *extension_of(const Casefile__Suspect *suspect, const char *by)
{
    for (size_t i = 0; i < EXTENSION_COUNT; i++)
        if (strcmp(EXTENSIONS[i].by, by) == 0 && EXTENSIONS[i].at == suspect->step)
            return &EXTENSIONS[i];
    return NULL;
}

// "CR8b, CR8c"
static const char *extensions_at(struct lq_arena *arena, Casefile__SuspectStep step)
{
    const char *text = "";
    for (size_t i = 0; i < EXTENSION_COUNT; i++)
        if (EXTENSIONS[i].at == step)
            text =
                lq_arena_format(arena, "%s%s%s", text, *text != '\0' ? ", " : "", EXTENSIONS[i].by);
    return text;
}

// By how many days (of CR6b: hours) the term may be longer than it is, where it lasts no longer in
// all than if it had been chosen first. Where its end is not known yet, as far as the rules say.
static int64_t left_of(const struct lq_facts *f, const Rules__Clock *clock,
                       const struct lq_clock *by)
{
    enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };
    const struct lq_term chosen_first = {.clock = by, .start_ms = clock->start_ms};
    const int64_t due_ms = lq_law_count(f->law, &chosen_first).due_ms;
    if (due_ms != 0 && clock->due_ms != 0)
        return (due_ms - clock->due_ms) / (lq_clock_in_days(by) ? DAY_MS : HOUR_MS);
    const struct lq_clock *rule = lq_law_clock(f->law, clock->rule, clock->start_ms);
    return by->number - (rule != NULL ? rule->number : 0);
}

// In months where the rule is; all that it gives where nothing is said.
static struct lq_verdict read_length(struct lq_decision *d, const Rules__Act *act,
                                     const struct lq_clock *by, int32_t *length)
{
    static const char MONTHS[] = "months@rules.Act", DAYS[] = "days@rules.Act";
    enum { EXTENDED_MOST = 366 };
    const bool in_months = by->unit == LQ_UNIT_MONTH;
    const uint32_t asked = in_months ? act->months : act->days;
    if ((in_months ? act->days : act->months) != 0)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                         "how long %s extends a term is said by %-s, not by %-s", by->id,
                         in_months ? MONTHS : DAYS, in_months ? DAYS : MONTHS);
    if (asked > EXTENDED_MOST)
        return lq_reject(d, LQ_COMMON(EXTENSION_TOO_LONG),
                         "a term is extended by %d at most, not by %u", EXTENDED_MOST, asked);
    *length = (int32_t)asked;
    return LQ_ACCEPT;
}

static bool was_extended_by(const Rules__Clock *clock, const char *rule)
{
    for (size_t i = 0; i < clock->n_extensions; i++)
        if (strcmp(clock->extensions[i]->rule, rule) == 0)
            return true;
    return false;
}

static struct lq_verdict need_left(struct lq_decision *d, const struct lq_taking *taking,
                                   const Rules__Clock *clock, const struct lq_clock *by,
                                   int32_t *length)
{
    const int64_t left = left_of(d->facts, clock, by);
    if (left <= 0 && was_extended_by(clock, by->id))
        return LQ_ACCEPT; // no, but for that reason
    if (left <= 0 || *length > left)
        return lq_reject(d, LQ_COMMON(EXTENSION_TOO_LONG),
                         "%s (%s) lets the term of suspect %s last %lld in all, which leaves %lld, "
                         "not %d",
                         by->id, lq_law_cited(d->arena, by), taking->number, (long long)by->number,
                         (long long)(left > 0 ? left : 0), *length);
    *length = *length != 0 ? *length : (int32_t)left;
    return LQ_ACCEPT;
}

static struct lq_verdict check_extend(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Act *act = taking->act;
    const Casefile__Suspect *suspect = taking->row;
    const struct extension *one = extension_of(suspect, act->rule);
    if (one == NULL)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "%s extends no term of suspect %s as things stand, only: %-s", act->rule,
                         taking->number, extensions_at(d->arena, suspect->step));
    LQ_TRY(need_time(d, suspect));
    const Rules__Clock *clock = lq_clock_now(d, "suspect", taking->number, one->rule);
    const struct lq_clock *by = lq_law_clock(d->facts->law, one->by, d->facts->occurred_ms);
    int32_t length = 0;
    if (by != NULL)
        LQ_TRY(read_length(d, act, by, &length));
    if (by != NULL && clock != NULL && one->in_all)
        LQ_TRY(need_left(d, taking, clock, by, &length));
    return lq_clock_extend(d, "suspect", taking->number, one->rule, one->by, length, act->paper);
}

// An arrest was approved, and the person was not found then.
static bool is_to_be_arrested(const void *row)
{
    const Casefile__Suspect *suspect = row;
    for (size_t i = suspect->n_history; i-- > 0;) {
        const Casefile__SuspectStep step = suspect->history[i]->step;
        if (step == STATE(ARREST_APPROVED) || step == STATE(ARREST_REFUSED) ||
            step == STATE(DISCHARGED))
            return step == STATE(ARREST_APPROVED);
    }
    return false;
}

// The arrest of somebody who was not detained was requested: there is a longer term (CR9c).
static bool is_at_large(const void *row)
{
    const Casefile__Suspect *suspect = row;
    return suspect->n_history < 2 ||
           suspect->history[suspect->n_history - 2]->step != STATE(DETAINED);
}

// ---------------------------------------------------------------- the table

#define FLAG(from, verb, _stops) STAYS(from, verb, .stops = _stops, .rule = check_flag)
#define CUSTODY "CR7 CR7b CR7c"
#define AFTER_DETENTION(from)                                                                      \
    FLAG(from, HOUSE, "CR7"), FLAG(from, TOLD_FAMILY, "CR7b CR10"),                                \
        FLAG(from, INTERROGATED, "CR7c CR10b")
#define DETAINS(from, _stops)                                                                      \
    MEASURE(from, DETAINED, DETAIN, .stops = _stops, .starts = CUSTODY " CR8|CR8c")
#define SETS_FREE(from, _stops)                                                                    \
    MEASURE(from, DISCHARGED, BAIL, .stops = _stops),                                              \
        MEASURE(from, DISCHARGED, RELEASE, .stops = _stops)

static const struct lq_step STEPS[] = {
    MEASURE(IDENTIFIED, SUMMONED, SUMMON, .starts = "CR6|CR6b"),
    DETAINS(IDENTIFIED, NULL),
    MEASURE(IDENTIFIED, LISTED_WANTED, LIST_WANTED),
    STAYS(SUMMONED, EXTEND, .needs = "rule", .rule = check_extend),
    DETAINS(SUMMONED, "CR6 CR6b"),
    MEASURE(SUMMONED, ARREST_REQUESTED, REQUEST_ARREST, .stops = "CR6 CR6b", .starts = "CR9b|CR9c"),
    SETS_FREE(SUMMONED, "CR6 CR6b"),
    MEASURE(LISTED_WANTED, CAPTURED, CAPTURE),
    DETAINS(CAPTURED, NULL),
    MEASURE(CAPTURED, ARRESTED, ARREST, .when = is_to_be_arrested, .starts = "CR10 CR10b CR11"),
    AFTER_DETENTION(DETAINED),
    STAYS(DETAINED, EXTEND, .needs = "rule", .rule = check_extend),
    MEASURE(DETAINED, ARREST_REQUESTED, REQUEST_ARREST, .stops = "CR8 CR8c", .starts = "CR9"),
    SETS_FREE(DETAINED, CUSTODY " CR8 CR8c"),
    AFTER_DETENTION(ARREST_REQUESTED),
    STAYS(ARREST_REQUESTED, EXTEND, .when = is_at_large, .needs = "rule", .rule = check_extend),
    MEASURE(ARREST_REQUESTED, ARREST_APPROVED, APPROVE, .stops = "CR9 CR9b CR9c"),
    MEASURE(ARREST_REQUESTED, ARREST_REFUSED, REFUSE, .stops = "CR9 CR9b CR9c"),
    AFTER_DETENTION(ARREST_REFUSED),
    MEASURE(ARREST_REFUSED, ARREST_REQUESTED, REQUEST_ARREST, .starts = "CR9|CR9b|CR9c"),
    SETS_FREE(ARREST_REFUSED, CUSTODY),
    AFTER_DETENTION(ARREST_APPROVED),
    MEASURE(ARREST_APPROVED, ARRESTED, ARREST, .starts = "CR10 CR10b CR11"),
    MEASURE(ARREST_APPROVED, LISTED_WANTED, LIST_WANTED),
    AFTER_DETENTION(ARRESTED),
    STAYS(ARRESTED, EXTEND, .needs = "rule", .rule = check_extend),
    SETS_FREE(ARRESTED, CUSTODY " CR10 CR10b CR11"),
    MEASURE(DISCHARGED, SUMMONED, SUMMON, .starts = "CR6|CR6b"),
    DETAINS(DISCHARGED, NULL),
    MEASURE(DISCHARGED, LISTED_WANTED, LIST_WANTED),
};

const struct lq_steps casefile_suspect_verbs = {
    .entity = "suspect",
    .states = &casefile__suspect_step__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
    .field = "step",
};
