// Sealing an item: its term, and what else begins with it.
#include "seizure.h"

// The day in the decision, from which the term counts; the statute does not say so, and another may
// argue for the day of the act: both ends are told.
static struct lq_verdict need_decision_day(struct lq_decision *d, const Seizure__TakeItem *c)
{
    char decided[LQ_TIME_TEXT], done[LQ_TIME_TEXT];
    if (c->decision_day > lq_day_of(d->facts->occurred_ms))
        return lq_reject(d, SEIZURE__REJECT__DECISION_AFTER_ACT,
                         "the decision is dated %s, but item %s was sealed at %s",
                         lq_format_day(c->decision_day, decided), c->number,
                         lq_format_local(d->facts->occurred_ms, done));
    return LQ_ACCEPT;
}

struct lq_verdict seizure_need_term(struct lq_decision *d, const char *number, int64_t start_ms,
                                    int32_t days)
{
    const struct lq_law *law = d->facts->law;
    const struct lq_clock *term = lq_law_clock(law, SEIZURE_TERM, start_ms);
    char day[LQ_TIME_TEXT];
    if (term == NULL)
        return lq_reject(d, SEIZURE__REJECT__NO_TERM_IN_LAW,
                         "law.yaml (%s) has no enabled term %s for %s, so item %s cannot be given "
                         "a due date",
                         lq_law_revision(law), SEIZURE_TERM,
                         lq_format_day(lq_day_of(start_ms), day), number);
    if (days < 0 || days > term->number)
        return lq_reject(d, SEIZURE__REJECT__TERM_TOO_LONG,
                         "an item is sealed for at most %lld days (%s), not for %d",
                         (long long)term->number, lq_law_cited(d->arena, term), days);
    return LQ_ACCEPT;
}

// An emergency is approved within a day of the act (Measures art. 13), and what is sealed is looked
// at again and again (art. 23).
static void start_other_terms(struct lq_decision *d, const Seizure__TakeItem *c,
                              const Seizure__ItemTaken *item)
{
    struct lq_clock_start term = {.kind = SEIZURE_ITEM,
                                  .number = item->number,
                                  .rule = "OP-SEAL",
                                  .start_ms = item->at_ms,
                                  .owner = d->facts->principal};
    lq_clock_start(d, &term);
    term.rule = "SZ3";
    if (c->emergency)
        lq_clock_start(d, &term);
}

struct lq_verdict seizure_seal_item(struct lq_decision *d, const Seizure__TakeItem *c,
                                    Seizure__ItemTaken *item)
{
    LQ_TRY(need_decision_day(d, c));
    // One decision may cover several things, and is issued about one of them.
    LQ_TRY(lq_need_paper(d, SEIZURE_ITEM, NULL, c->decision, "seizure_decision"));
    struct lq_clock_start term = {.kind = SEIZURE_ITEM,
                                  .number = item->number,
                                  .rule = SEIZURE_TERM,
                                  .start_ms = item->at_ms,
                                  .length = c->term_days,
                                  .owner = d->facts->principal};
    if (c->decision_day != 0 && c->decision_day != lq_day_of(item->at_ms)) {
        term.start_ms = lq_day_start_ms(c->decision_day);
        term.arguable_start_ms = item->at_ms;
    }
    LQ_TRY(seizure_need_term(d, c->number, term.start_ms, c->term_days));
    item->state = SEIZURE__STATE__IN_FORCE;
    item->decision_day = c->decision_day;
    item->term_days = c->term_days;
    item->emergency = item->unratified = c->emergency;
    lq_clock_start(d, &term);
    start_other_terms(d, c, item);
    lq_emit(d, SEIZURE__EVENT__BODY_ITEM_SEALED, &item->base);
    return LQ_ACCEPT;
}
