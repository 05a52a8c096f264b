// The hearing of a penalty case (law.md 9.2, AD6 and AD7): its notice, its report, and what becomes
// of it where it is not held.
#include "casefile.h"
#include "language/language.h"

enum { NOTICE_DAYS = 7 }; // Administrative Penalty Law art. 42

static const Rules__Step *latest(struct lq_decision *d, const struct lq_taking *taking, int verb)
{
    return lq_step_latest(d->view, "penalty", taking->number, verb);
}

// One that is put off has been told of in time.
struct lq_verdict casefile_check_hearing_notice(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Step *told = latest(d, taking, RULES__VERB__NOTIFY_HEARING);
    const int32_t day = taking->act->from_day, today = lq_day_of(d->facts->occurred_ms);
    const bool is_put_off = told != NULL && told->act->from_day <= day;
    const int32_t earliest = today + (is_put_off ? 0 : NOTICE_DAYS);
    char at[LQ_TIME_TEXT], from[LQ_TIME_TEXT];
    if (day >= earliest)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "the party is told of a hearing %d days before it (%-s): it cannot be held on "
                     "%s, and on %s at the earliest",
                     NOTICE_DAYS, LQ_TR_LATER("Administrative Penalty Law art. 42"),
                     lq_format_day(day, at), lq_format_day(earliest, from));
}

static struct lq_verdict need_held(struct lq_decision *d, const struct lq_taking *taking)
{
    const Rules__Step *told = latest(d, taking, RULES__VERB__NOTIFY_HEARING);
    const int32_t today = lq_day_of(d->facts->occurred_ms);
    char at[LQ_TIME_TEXT];
    if (told == NULL)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "no hearing of penalty case %s was notified: %-s comes first, or %-s or "
                         "%-s, where none is held",
                         taking->number, "notify_hearing", "waive_hearing", "refuse_hearing");
    if (today < told->act->from_day || today < taking->act->to_day)
        return lq_reject(
            d, LQ_COMMON(CONDITION_MISSING),
            "the hearing of penalty case %s is held on %s, and reported afterwards", taking->number,
            lq_format_day(today < told->act->from_day ? told->act->from_day : taking->act->to_day,
                          at));
    return LQ_ACCEPT;
}

// The days of the hearing do not count in the term of the decision (Measures art. 55).
struct lq_verdict casefile_check_hearing(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(casefile_check_not_investigator(d, taking));
    LQ_TRY(need_held(d, taking));
    Rules__Act *act = taking->act;
    const Rules__Step *asked = latest(d, taking, RULES__VERB__ASK_HEARING);
    if (act->from_day == 0)
        act->from_day = lq_day_of(asked != NULL ? asked->at_ms : d->facts->occurred_ms);
    if (act->to_day == 0)
        act->to_day = lq_day_of(d->facts->occurred_ms);
    const Rules__Clock *decision = casefile_penalty_term(d, taking->number, "AD8");
    if (decision == NULL ||
        (decision->due_ms != 0 && act->from_day > lq_law_last_day(decision->due_ms)))
        return LQ_ACCEPT; // over before the hearing: nothing is left to take out
    Rules__PauseClock pause = RULES__PAUSE_CLOCK__INIT;
    pause.kind = lq_unconst("penalty");
    pause.number = lq_unconst(taking->number);
    pause.rule = lq_unconst("AD8");
    pause.cause = lq_unconst("hearing");
    pause.from_day = act->from_day;
    pause.to_day = act->to_day;
    pause.paper = act->paper;
    return lq_clock_pause(d, &pause);
}

// Until the end of its three days the party may ask again.
struct lq_verdict casefile_check_no_hearing(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Clock *ask = lq_clock_now(d, "penalty", taking->number, "AD6");
    char due[LQ_TIME_TEXT];
    if (ask == NULL || d->facts->occurred_ms >= ask->due_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "the party of penalty case %s may ask for a hearing until %s", taking->number,
                     lq_format_local(ask->due_ms, due));
}

struct lq_verdict casefile_check_hearing_refused(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(casefile_check_not_investigator(d, taking));
    return casefile_check_no_hearing(d, taking);
}
