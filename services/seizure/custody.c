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

// Without the digits at its end.
static size_t stem_of(const char *text)
{
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] >= '0' && text[size - 1] <= '9')
        size--;
    return size;
}

static bool is_latin(const char *text)
{
    while (*text > ' ' && *text <= '~')
        text++;
    return *text == '\0';
}

// A badge that was mistyped is no name: Latin letters and digits alone, or as badges of the roster
// are but for the digits at the end.
static bool is_written_as_badge(struct lq_view *view, const char *text)
{
    const size_t stem = stem_of(text);
    bool found = is_latin(text);
    if (text[stem] == '\0')
        return found;
    for (struct lq_scan s = lq_scan(view, &lq_roster_people, lq_key_none());
         !found && lq_scan_next(&s);) {
        const char *badge = ((const Shift__Person *)s.row)->badge;
        found = stem_of(badge) == stem && strncmp(badge, text, stem) == 0;
    }
    return found;
}

static struct lq_verdict need_taker(struct lq_decision *d, const char *taker)
{
    char at[LQ_TIME_TEXT];
    if (lq_roster_roles_at(d->view, taker, d->facts->occurred_ms) != 0 ||
        !is_written_as_badge(d->view, taker))
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
