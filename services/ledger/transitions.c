// Which step of rectification may follow which: the one declaration, which the rules, the texts of
// the rejections and the invariants all read.
//
// Source: law.md 9.4, enterprise rectification, with the states as the county kept them in 2015:
// suspended and inspected are its `surveyed_halted` taken apart, rectification_started is
// `rectifying`, rectification_completed `awaiting_acceptance`, and accepted `trial_production`. The
// government may close an enterprise at any point after the inspection, and nothing follows that.
// An acceptance that fails goes back to rectifying, a breach in trial production too.
#include "ledger.h"

static const struct {
    Ledger__Status from, to;
} TRANSITIONS[] = {
    {LEDGER__STATUS__NO_STATUS, LEDGER__STATUS__SUSPENDED},
    {LEDGER__STATUS__SUSPENDED, LEDGER__STATUS__INSPECTED},
    {LEDGER__STATUS__INSPECTED, LEDGER__STATUS__RECTIFICATION_STARTED},
    {LEDGER__STATUS__INSPECTED, LEDGER__STATUS__CLOSED},
    {LEDGER__STATUS__RECTIFICATION_STARTED, LEDGER__STATUS__RECTIFICATION_COMPLETED},
    {LEDGER__STATUS__RECTIFICATION_STARTED, LEDGER__STATUS__CLOSED},
    {LEDGER__STATUS__RECTIFICATION_COMPLETED, LEDGER__STATUS__ACCEPTED},
    {LEDGER__STATUS__RECTIFICATION_COMPLETED, LEDGER__STATUS__RECTIFICATION_STARTED},
    {LEDGER__STATUS__RECTIFICATION_COMPLETED, LEDGER__STATUS__CLOSED},
    {LEDGER__STATUS__ACCEPTED, LEDGER__STATUS__RECTIFICATION_STARTED},
    {LEDGER__STATUS__ACCEPTED, LEDGER__STATUS__CLOSED},
};

enum { TRANSITION_COUNT = sizeof TRANSITIONS / sizeof TRANSITIONS[0] };

const char *ledger_status_word(Ledger__Status status)
{
    switch (status) {
    case LEDGER__STATUS__NO_STATUS:
        return "without a status";
    case LEDGER__STATUS__SUSPENDED:
        return "suspended";
    case LEDGER__STATUS__INSPECTED:
        return "inspected";
    case LEDGER__STATUS__RECTIFICATION_STARTED:
        return "rectification_started";
    case LEDGER__STATUS__RECTIFICATION_COMPLETED:
        return "rectification_completed";
    case LEDGER__STATUS__ACCEPTED:
        return "accepted";
    case LEDGER__STATUS__CLOSED:
        return "closed";
    case _LEDGER__STATUS_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // the runtime lets no unknown enum number through
}

bool ledger_may_follow(Ledger__Status from, Ledger__Status to)
{
    for (unsigned i = 0; i < TRANSITION_COUNT; i++)
        if (TRANSITIONS[i].from == from && TRANSITIONS[i].to == to)
            return true;
    return false;
}

const char *ledger_what_may_follow(struct lq_arena *arena, Ledger__Status from)
{
    const char *text = "nothing";
    unsigned count = 0;
    for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
        if (TRANSITIONS[i].from != from)
            continue;
        const char *word = ledger_status_word(TRANSITIONS[i].to);
        text = count++ == 0 ? word : lq_arena_format(arena, "%s or %s", text, word);
    }
    return text;
}
