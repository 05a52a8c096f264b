// Extending terms.
#include <string.h>

#include "base/span.h"
#include "language/language.h"
#include "rules/clocks_internal.h"
#include "service/need.h"

static struct lq_verdict need_unextended(struct lq_decision *d, const Rules__Clock *clock,
                                         const char *by)
{
    char at[LQ_TIME_TEXT];
    for (size_t i = 0; i < clock->n_extensions; i++)
        if (strcmp(clock->extensions[i]->rule, by) == 0)
            return lq_reject(d, LQ_COMMON(EXTENDED_ALREADY),
                             "the term %s of %-s %s was extended at %s by %s: it is extended once",
                             clock->rule, clock->kind, clock->number,
                             lq_format_local(clock->extensions[i]->at_ms, at),
                             clock->extensions[i]->by);
    return LQ_ACCEPT;
}

static const char *unit_text(enum lq_clock_unit unit)
{
    static const char *const WORDS[] = {
        [LQ_UNIT_SECOND] = LQ_TR_LATER("seconds"),
        [LQ_UNIT_MINUTE] = LQ_TR_LATER("minutes"),
        [LQ_UNIT_HOUR] = LQ_TR_LATER("hours"),
        [LQ_UNIT_CALENDAR_DAY] = LQ_TR_LATER("calendar days"),
        [LQ_UNIT_WORKING_DAY] = LQ_TR_LATER("working days"),
        [LQ_UNIT_MONTH] = LQ_TR_LATER("months"),
        [LQ_UNIT_YEAR] = LQ_TR_LATER("years"),
    };
    return WORDS[unit];
}

// Some extensions follow on another (CR11c on CR11b): that one comes first.
static struct lq_verdict need_followed(struct lq_decision *d, const Rules__Clock *clock,
                                       const struct lq_clock *by)
{
    static const char ENDED[] = "_ended";
    const char *last =
        clock->n_extensions > 0 ? clock->extensions[clock->n_extensions - 1]->rule : clock->rule;
    if (!lq_ends_with(by->start_event, ENDED))
        return LQ_ACCEPT;
    const char *before = lq_arena_format(
        d->arena, "%.*s", (int)(strlen(by->start_event) - sizeof ENDED + 1), by->start_event);
    if (strcmp(before, last) == 0)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "%s follows on %s (%s), and the term of %-s %s runs under %s", by->id, before,
                     lq_law_cited(d->arena, by), clock->kind, clock->number, last);
}

static struct lq_verdict need_extensible(struct lq_decision *d, const Rules__Clock *clock,
                                         const struct lq_clock *by, int32_t length)
{
    char due[LQ_TIME_TEXT], at[LQ_TIME_TEXT];
    LQ_TRY(need_unextended(d, clock, by->id));
    LQ_TRY(need_followed(d, clock, by));
    if (clock->due_ms != 0 && d->facts->occurred_ms >= clock->due_ms)
        return lq_reject(d, LQ_COMMON(TERM_EXPIRED),
                         "the term %s of %-s %s ended at %s, and this is dated %s: a term is "
                         "extended before it ends (%s)",
                         clock->rule, clock->kind, clock->number,
                         lq_format_local(clock->due_ms, due),
                         lq_format_local(d->facts->occurred_ms, at), lq_law_cited(d->arena, by));
    if (length < 0 || length > by->number)
        return lq_reject(d, LQ_COMMON(EXTENSION_TOO_LONG),
                         "a term is extended by at most %lld %-s (%s, %s), not by %d %-s",
                         (long long)by->number, unit_text(by->unit), by->id,
                         lq_law_cited(d->arena, by), length, unit_text(by->unit));
    return LQ_ACCEPT;
}

static Rules__Extension **with_one_more(struct lq_arena *arena, const Rules__Clock *clock,
                                        Rules__Extension *one)
{
    Rules__Extension **list = LQ_NEW_ARRAY(arena, Rules__Extension *, clock->n_extensions + 1);
    for (size_t i = 0; i < clock->n_extensions; i++)
        list[i] = clock->extensions[i];
    list[clock->n_extensions] = one;
    return list;
}

struct lq_verdict lq_clock_extend(struct lq_decision *d, const char *kind, const char *number,
                                  const char *rule, const char *by, int32_t length,
                                  const char *paper)
{
    const Rules__Clock *clock = lq_clock_now(d, kind, number, rule);
    const struct lq_clock *extension = lq_clock_rule(d->facts, by, "", d->facts->occurred_ms);
    char day[LQ_TIME_TEXT];
    if (clock == NULL)
        return lq_reject(d, LQ_COMMON(CLOCK_UNKNOWN), "%-s %s has no term %s", kind, number, rule);
    if (extension == NULL)
        return lq_reject(
            d, LQ_COMMON(CLOCK_UNKNOWN),
            "law.yaml (%s) has no enabled term %s for %s, so %-s %s cannot be extended",
            lq_law_revision(d->facts->law), by,
            lq_format_day(lq_day_of(d->facts->occurred_ms), day), kind, number);
    LQ_TRY(need_extensible(d, clock, extension, length));

    Rules__Extension *one = LQ_NEW(d->arena, Rules__Extension);
    rules__extension__init(one);
    one->rule = lq_unconst(by);
    one->number = length;
    one->at_ms = d->facts->occurred_ms;
    one->by = lq_arena_text(d->arena, d->facts->principal);
    one->paper = lq_unconst(paper);
    Rules__Clock *changed = lq_clock_change(d, clock);
    changed->extensions = with_one_more(d->arena, clock, one);
    changed->n_extensions++;
    lq_clock_recount(d, changed);
    return LQ_ACCEPT;
}
