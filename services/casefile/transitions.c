// Which step of a suspect may follow which: the one declaration, which the rules, the texts of the
// rejections and the invariants all read.
//
// Source: law.md 9.3, person level, in the words of the county's ledger: listed_wanted is its
// `fugitive`, discharged its `released` and `bail` together, and captured is kept apart from
// detained, because the county counts it. An approved arrest that cannot be carried out because
// the person is not found leads to the wanted list; who was discharged can be detained anew.
#include "casefile.h"

static const struct {
    Casefile__SuspectStep from, to;
} TRANSITIONS[] = {
    {CASEFILE__SUSPECT_STEP__IDENTIFIED, CASEFILE__SUSPECT_STEP__LISTED_WANTED},
    {CASEFILE__SUSPECT_STEP__IDENTIFIED, CASEFILE__SUSPECT_STEP__DETAINED},
    {CASEFILE__SUSPECT_STEP__LISTED_WANTED, CASEFILE__SUSPECT_STEP__CAPTURED},
    {CASEFILE__SUSPECT_STEP__CAPTURED, CASEFILE__SUSPECT_STEP__DETAINED},
    {CASEFILE__SUSPECT_STEP__DETAINED, CASEFILE__SUSPECT_STEP__ARREST_REQUESTED},
    {CASEFILE__SUSPECT_STEP__DETAINED, CASEFILE__SUSPECT_STEP__DISCHARGED},
    {CASEFILE__SUSPECT_STEP__ARREST_REQUESTED, CASEFILE__SUSPECT_STEP__ARREST_APPROVED},
    {CASEFILE__SUSPECT_STEP__ARREST_REQUESTED, CASEFILE__SUSPECT_STEP__ARREST_REFUSED},
    {CASEFILE__SUSPECT_STEP__ARREST_REFUSED, CASEFILE__SUSPECT_STEP__ARREST_REQUESTED},
    {CASEFILE__SUSPECT_STEP__ARREST_REFUSED, CASEFILE__SUSPECT_STEP__DISCHARGED},
    {CASEFILE__SUSPECT_STEP__ARREST_APPROVED, CASEFILE__SUSPECT_STEP__LISTED_WANTED},
    {CASEFILE__SUSPECT_STEP__DISCHARGED, CASEFILE__SUSPECT_STEP__DETAINED},
    {CASEFILE__SUSPECT_STEP__DISCHARGED, CASEFILE__SUSPECT_STEP__LISTED_WANTED},
};

enum { TRANSITION_COUNT = sizeof TRANSITIONS / sizeof TRANSITIONS[0] };

const char *casefile_step_word(Casefile__SuspectStep step)
{
    switch (step) {
    case CASEFILE__SUSPECT_STEP__IDENTIFIED:
        return "identified";
    case CASEFILE__SUSPECT_STEP__LISTED_WANTED:
        return "listed_wanted";
    case CASEFILE__SUSPECT_STEP__CAPTURED:
        return "captured";
    case CASEFILE__SUSPECT_STEP__DETAINED:
        return "detained";
    case CASEFILE__SUSPECT_STEP__ARREST_REQUESTED:
        return "arrest_requested";
    case CASEFILE__SUSPECT_STEP__ARREST_APPROVED:
        return "arrest_approved";
    case CASEFILE__SUSPECT_STEP__ARREST_REFUSED:
        return "arrest_refused";
    case CASEFILE__SUSPECT_STEP__DISCHARGED:
        return "discharged";
    case _CASEFILE__SUSPECT_STEP_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // the runtime lets no unknown enum number through
}

bool casefile_may_follow(Casefile__SuspectStep from, Casefile__SuspectStep to)
{
    for (unsigned i = 0; i < TRANSITION_COUNT; i++)
        if (TRANSITIONS[i].from == from && TRANSITIONS[i].to == to)
            return true;
    return false;
}

const char *casefile_what_may_follow(struct lq_arena *arena, Casefile__SuspectStep from)
{
    const char *text = "nothing";
    unsigned count = 0;
    for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
        if (TRANSITIONS[i].from != from)
            continue;
        const char *word = casefile_step_word(TRANSITIONS[i].to);
        text = count++ == 0 ? word : lq_arena_format(arena, "%s or %s", text, word);
    }
    return text;
}
