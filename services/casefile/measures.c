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

// The term that may be extended by that rule; NULL: none.
static const char *extended_by(const char *by)
{
    static const struct {
        const char *by, *rule;
    } EXTENSIONS[] = {{"CR8b", "CR8"}, {"CR11b", "CR11"}, {"CR11c", "CR11"}, {"CR11d", "CR11"}};
    for (size_t i = 0; i < sizeof EXTENSIONS / sizeof EXTENSIONS[0]; i++)
        if (strcmp(EXTENSIONS[i].by, by) == 0)
            return EXTENSIONS[i].rule;
    return NULL;
}

static struct lq_verdict check_extend(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Act *act = taking->act;
    const Casefile__Suspect *suspect = taking->row;
    const char *rule = extended_by(act->rule);
    const bool fits =
        rule != NULL && (strcmp(rule, "CR8") == 0) == (suspect->step == STATE(DETAINED));
    if (!fits)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "%s extends no term of suspect %s: CR8b that of the request for arrest, "
                         "CR11b, CR11c and CR11d that of the investigation in custody",
                         act->rule, taking->number);
    LQ_TRY(need_time(d, suspect));
    if (act->days > 366)
        return lq_reject(d, LQ_COMMON(EXTENSION_TOO_LONG), "no term is extended by %u", act->days);
    return lq_clock_extend(d, "suspect", taking->number, rule, act->rule, (int32_t)act->days,
                           act->paper);
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
