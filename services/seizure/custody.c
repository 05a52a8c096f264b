// Custody: a chain of who has what was seized. Whoever gives has it; whoever takes is of the
// roster, or outside the force and named in words: a storage company, the police (Administrative
// Compulsion Law art. 26: a third party may be charged with it).
#include "seizure.h"

// ---------------------------------------------------------------- who gives

// The first to give is one of the officers who took it.
static struct lq_verdict need_holder(struct lq_decision *d, const Seizure__Item *item,
                                     const char *giver)
{
    if (item->holder[0] != '\0' && strcmp(item->holder, giver) != 0)
        return lq_reject(d, SEIZURE__REJECT__GIVER_HAS_IT_NOT,
                         "%s cannot give item %s away: %s has it", giver, item->number,
                         item->holder);
    if (item->holder[0] == '\0' && strcmp(item->officer_1, giver) != 0 &&
        strcmp(item->officer_2, giver) != 0)
        return lq_reject(d, SEIZURE__REJECT__GIVER_HAS_IT_NOT,
                         "%s cannot give item %s away: it is with those who took it, %s and %s",
                         giver, item->number, item->officer_1, item->officer_2);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- who takes

// As badges with a key are: Latin letters and digits, without a space. A badge that was mistyped is
// no name of somebody outside.
static bool is_written_as_badge(const char *text)
{
    while (*text > ' ' && *text <= '~')
        text++;
    return *text == '\0';
}

static struct lq_verdict need_taker(struct lq_decision *d, const char *taker)
{
    char at[LQ_TIME_TEXT];
    if (lq_roster_roles_at(d->view, taker, d->facts->occurred_ms) != 0 ||
        !is_written_as_badge(taker))
        return LQ_ACCEPT;
    return lq_reject(d, SEIZURE__REJECT__OFFICER_UNKNOWN,
                     "%s is not on the roster of %s, and cannot take anything into custody; "
                     "somebody outside the force is named in words, with whose he is",
                     taker, lq_format_local(d->facts->occurred_ms, at));
}

// Whoever moves it to another store gives it to himself there.
struct lq_verdict seizure_need_chain(struct lq_decision *d, struct lq_taking *taking)
{
    const Seizure__Item *item = taking->row;
    const Rules__Act *act = taking->act;
    const bool stays = strcmp(act->giver, act->taker) == 0;
    LQ_TRY(need_holder(d, item, act->giver));
    if (stays && strcmp(item->place, act->place) == 0)
        return lq_reject(
            d, LQ_COMMON(CONDITION_MISSING),
            "%s has item %s at \"%s\" already: name who takes it, or where it is moved "
            "to",
            act->giver, item->number, item->place);
    return stays ? LQ_ACCEPT : need_taker(d, act->taker);
}
