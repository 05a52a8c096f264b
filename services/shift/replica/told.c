#include "shift/replica/told.h"

#include "shift/replica/roster.h"

void lq_told_begin(struct lq_decision *d, Rules__ClockRang *rang)
{
    rang->badges = LQ_NEW_ARRAY(d->arena, char *, LQ_TOLD_MOST);
    rang->n_badges = 0;
}

bool lq_told_to(const Rules__ClockRang *rang, Rules__Addressee whom)
{
    for (size_t i = 0; i < rang->n_to; i++)
        if (rang->to[i] == whom)
            return true;
    return false;
}

void lq_told_also_to(struct lq_decision *d, Rules__ClockRang *rang, Rules__Addressee whom)
{
    Rules__Addressee *to = LQ_NEW_ARRAY(d->arena, Rules__Addressee, rang->n_to + 1);
    memcpy(to, rang->to, rang->n_to * sizeof *to);
    to[rang->n_to++] = whom;
    rang->to = to;
}

void lq_told_add(Rules__ClockRang *rang, const char *badge)
{
    for (size_t i = 0; i < rang->n_badges; i++)
        if (strcmp(rang->badges[i], badge) == 0)
            return;
    if (rang->n_badges < LQ_TOLD_MOST)
        rang->badges[rang->n_badges++] = lq_unconst(badge);
}

unsigned lq_told_add_desk_chiefs(struct lq_decision *d, Rules__ClockRang *rang, const char *group)
{
    enum { CHIEFS_MOST = 16 };
    const char *chiefs[CHIEFS_MOST];
    const unsigned count =
        lq_roster_desk_chiefs_at(d->view, group, d->facts->occurred_ms, chiefs, CHIEFS_MOST);
    for (unsigned i = 0; i < count; i++)
        lq_told_add(rang, chiefs[i]);
    return count;
}
