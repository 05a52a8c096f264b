// What becomes of a notice: it is served, rechecked, and answered or followed up.
#include "casefile.h"

#define STATE(name) CASEFILE__NOTICE__STATE__##name
#define STEP(from, to, verb, ...)                                                                  \
    CASEFILE_STEP(CASEFILE__NOTICE__STATE__, from, STATE(to), verb, CASEFILE_ISSUERS, __VA_ARGS__)

static bool is_statutory(const void *row)
{
    const Casefile__Notice *notice = row;
    return notice->form == CASEFILE__NOTICE_FORM__STATUTORY;
}

static bool is_county(const void *row)
{
    return !is_statutory(row);
}

// What was not complied with becomes a case, or another notice.
static struct lq_verdict check_follow_up(struct lq_decision *d, struct lq_taking *taking)
{
    const char *related = taking->act->related;
    if (lq_pb_key(related) &&
        (lq_exists(d->view, &casefile_table_penalties, lq_key_text(related)) ||
         lq_exists(d->view, &casefile_table_cases, lq_key_text(related)) ||
         (strcmp(related, taking->number) != 0 &&
          lq_exists(d->view, &casefile_table_notices, lq_key_text(related)))))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "%s is no case and no other notice: what followed on notice %s?", related,
                     taking->number);
}

// The county's form is handed over where it is written, so that it may be rechecked without having
// been served; the law's terms run from the service. Source of DF1, DF2: law.md 3.
#define FROM_ISSUE(from)                                                                           \
    STEP(from, SERVED, SERVE, .when = is_statutory, .papers = "served:correction_order",           \
         .stops = "DF1", .starts = "DF2"),                                                         \
        STEP(from, SERVED, SERVE, .when = is_county),                                              \
        STEP(from, CLOSED, RECHECK_COMPLIED, .when = is_county, .stops = "OP-NOTICE"),             \
        STEP(from, FOLLOW_UP, RECHECK_NOT_COMPLIED, .when = is_county, .stops = "OP-NOTICE")

static const struct lq_step STEPS[] = {
    FROM_ISSUE(NOT_RECORDED),
    FROM_ISSUE(ISSUED),
    STEP(SERVED, CLOSED, RECHECK_COMPLIED, .stops = "DF2 OP-NOTICE"),
    STEP(SERVED, FOLLOW_UP, RECHECK_NOT_COMPLIED, .stops = "DF2 OP-NOTICE"),
    STEP(FOLLOW_UP, CLOSED, CLOSE, .needs = "related", .rule = check_follow_up),
};

const struct lq_steps casefile_notice_verbs = {
    .entity = "notice",
    .states = &casefile__notice__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

void casefile_notice_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Casefile__Notice *notice = row;
    if (step->verb == RULES__VERB__SERVE)
        notice->served_at_ms = step->at_ms;
    if (step->verb == RULES__VERB__RECHECK_COMPLIED ||
        step->verb == RULES__VERB__RECHECK_NOT_COMPLIED)
        notice->rechecked_at_ms = step->at_ms;
    if (step->verb == RULES__VERB__RECHECK_NOT_COMPLIED)
        notice->violated_still = true;
}

bool casefile_is_answered(const Casefile__Notice *notice)
{
    return notice->rechecked_at_ms != 0;
}

// ---------------------------------------------------------------- days of a daily fine

// From the day after the service to the day on which the recheck finds the violation, both counted
// (Measures for Daily Consecutive Fines art. 17). The original fine is a decision of its own;
// without one there is nothing to go on by the day. What a day costs is decided by nobody here.
static void count_fine_days(struct lq_reading *r, Casefile__Notice *notice)
{
    if (!is_statutory(notice) || !notice->violated_still || notice->served_at_ms == 0)
        return;
    const Casefile__Penalty *original =
        casefile_penalty_of(r->view, notice->premises, INT64_MAX, true);
    notice->no_original_penalty = original == NULL;
    if (original == NULL)
        return;
    notice->original_penalty = original->number;
    notice->fine_from_day = lq_day_of(notice->served_at_ms) + 1;
    notice->fine_to_day = lq_day_of(notice->rechecked_at_ms);
    if (notice->fine_to_day >= notice->fine_from_day)
        notice->fine_days = notice->fine_to_day - notice->fine_from_day + 1;
}

Casefile__Notice *casefile_tell_notice(struct lq_reading *r, const Casefile__Notice *notice)
{
    Casefile__Notice *told = LQ_NEW(r->arena, Casefile__Notice);
    *told = *notice;
    count_fine_days(r, told);
    return told;
}
