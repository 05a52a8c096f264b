// Days that do not count, and terms that are counted anew.
#include <string.h>

#include "config/policy.h"
#include "pb/limits.h"
#include "rules/clocks_internal.h"
#include "rules/papers.h"
#include "service/need.h"

// Which causes the rule knows: "testing_term_notified, hearing". In the arena.
static const char *causes_of(struct lq_arena *arena, const struct lq_clock *rule)
{
    const char *text = "";
    for (size_t i = 0; i < rule->pause_count; i++)
        text = lq_arena_format(arena, "%s%s%s", text, i > 0 ? ", " : "", rule->pause_events[i]);
    return text;
}

static bool has_cause(const struct lq_clock *rule, const char *cause)
{
    for (size_t i = 0; i < rule->pause_count; i++)
        if (strcmp(rule->pause_events[i], cause) == 0)
            return true;
    return false;
}

static struct lq_verdict need_cause(struct lq_decision *d, const Rules__Clock *clock,
                                    const char *cause)
{
    const struct lq_clock *rule =
        lq_clock_rule(d->facts, clock->rule, clock->variant, clock->start_ms);
    if (rule == NULL || rule->pause_count == 0)
        return lq_reject(d, LQ_COMMON(PAUSE_NOT_NOTIFIED),
                         "nothing takes days out of the term %s of %-s %s", clock->rule,
                         clock->kind, clock->number);
    if (!has_cause(rule, cause))
        return lq_reject(d, LQ_COMMON(PAUSE_NOT_NOTIFIED),
                         "%-s takes no days out of the term %s of %-s %s, only: %-s", cause,
                         clock->rule, clock->kind, clock->number, causes_of(d->arena, rule));
    return LQ_ACCEPT;
}

// Both days are fixed, lie within the term, and were told by a paper: a pause that nobody was told
// of is none (Administrative Compulsion Law art. 25(3)).
static struct lq_verdict need_days(struct lq_decision *d, const Rules__Clock *clock,
                                   const Rules__PauseClock *c)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT], start[LQ_TIME_TEXT], last[LQ_TIME_TEXT];
    if (c->paper[0] == '\0')
        return lq_reject(d, LQ_COMMON(PAUSE_NOT_NOTIFIED),
                         "by which paper was the pause told? Without one no day is taken out of "
                         "the term %s of %-s %s",
                         clock->rule, clock->kind, clock->number);
    LQ_TRY(lq_need_paper(d, clock->kind, clock->number, c->paper, "served:testing_notice"));
    if (c->from_day == 0 || c->to_day < c->from_day)
        return lq_reject(d, LQ_COMMON(PAUSE_NOT_NOTIFIED),
                         "a pause has a first and a last day, and %s to %s are none",
                         lq_format_day(c->from_day, from), lq_format_day(c->to_day, to));
    LQ_TRY(lq_need_plausible(d, "the days of the pause", (int64_t)c->to_day - c->from_day + 1,
                             d->facts->policy->limits.notice_days, "notice_days"));
    const int32_t last_day = clock->due_ms != 0 ? lq_law_last_day(clock->due_ms) : INT32_MAX;
    if (c->from_day < lq_day_of(clock->start_ms) || c->from_day > last_day)
        return lq_reject(d, LQ_COMMON(PAUSE_NOT_NOTIFIED),
                         "a pause from %s does not begin within the term %s of %-s %s, from %s to "
                         "%s",
                         lq_format_day(c->from_day, from), clock->rule, clock->kind, clock->number,
                         lq_format_day(lq_day_of(clock->start_ms), start),
                         lq_format_day(last_day, last));
    return LQ_ACCEPT;
}

// The pause of that cause and first day with its new end, or one more.
static void set_pause(struct lq_arena *arena, Rules__Clock *clock, const Rules__PauseClock *c)
{
    Rules__Pause **list = LQ_NEW_ARRAY(arena, Rules__Pause *, clock->n_pauses + 1);
    Rules__Pause *one = LQ_NEW(arena, Rules__Pause);
    rules__pause__init(one);
    one->cause = c->cause;
    one->from_day = c->from_day;
    one->to_day = c->to_day;
    one->paper = c->paper;
    size_t count = 0;
    for (size_t i = 0; i < clock->n_pauses; i++)
        if (clock->pauses[i]->from_day != c->from_day ||
            strcmp(clock->pauses[i]->cause, c->cause) != 0)
            list[count++] = clock->pauses[i];
    list[count++] = one;
    clock->pauses = list;
    clock->n_pauses = count;
}

// ---------------------------------------------------------------- an end that is not known yet

const Rules__Pause *lq_clock_held_by(const Rules__Clock *clock)
{
    for (size_t i = 0; i < clock->n_pauses; i++)
        if (clock->pauses[i]->to_day == 0)
            return clock->pauses[i];
    return NULL;
}

static void set_pause_now(struct lq_decision *d, const Rules__Clock *clock,
                          const Rules__PauseClock *c)
{
    Rules__Clock *changed = lq_clock_change(d, clock);
    set_pause(d->arena, changed, c);
    lq_clock_recount(d, changed);
}

void lq_clock_hold(struct lq_decision *d, const char *kind, const char *number, const char *rule,
                   const char *cause, const char *paper)
{
    const Rules__Clock *clock = lq_clock_now(d, kind, number, rule);
    if (clock == NULL || !lq_clock_runs(clock) || clock->due_ms == 0 ||
        d->facts->occurred_ms >= clock->due_ms)
        return;
    Rules__PauseClock held = RULES__PAUSE_CLOCK__INIT;
    held.cause = lq_unconst(cause);
    held.from_day = lq_day_of(d->facts->occurred_ms);
    held.paper = lq_unconst(paper);
    set_pause_now(d, clock, &held);
}

void lq_clock_go_on(struct lq_decision *d, const char *kind, const char *number, const char *rule)
{
    const Rules__Clock *clock = lq_clock_now(d, kind, number, rule);
    const Rules__Pause *held =
        clock != NULL && lq_clock_runs(clock) ? lq_clock_held_by(clock) : NULL;
    if (held == NULL)
        return;
    Rules__PauseClock ended = RULES__PAUSE_CLOCK__INIT;
    ended.cause = held->cause;
    ended.from_day = held->from_day;
    ended.to_day = lq_day_of(d->facts->occurred_ms);
    ended.paper = held->paper;
    set_pause_now(d, clock, &ended);
}

// ---------------------------------------------------------------- both days are known

static struct lq_verdict pause(struct lq_decision *d, const Rules__PauseClock *c,
                               const Rules__Clock **paused)
{
    const Rules__Clock *clock;
    LQ_TRY(lq_clock_need_running(d, c->kind, c->number, c->rule, &clock));
    LQ_TRY(need_cause(d, clock, c->cause));
    LQ_TRY(need_days(d, clock, c));
    Rules__Clock *changed = lq_clock_change(d, clock);
    set_pause(d->arena, changed, c);
    lq_clock_recount(d, changed);
    *paused = changed;
    return LQ_ACCEPT;
}

// What was told only after the end makes nothing good: then the thing had been held without a term.
// A pause that is shortened or entered late is dated when it was told.
static struct lq_verdict need_told_in_time(struct lq_decision *d, const Rules__Clock *after,
                                           int64_t due_ms)
{
    char due[LQ_TIME_TEXT], at[LQ_TIME_TEXT];
    if (due_ms == 0 || d->facts->occurred_ms < due_ms || after->due_ms <= due_ms)
        return LQ_ACCEPT;
    return lq_reject(
        d, LQ_COMMON(TERM_EXPIRED),
        "the term %s of %-s %s ended at %s, and this is dated %s: no days are taken out "
        "of a term that is over. If the pause was told before, enter when (--at TIME)",
        after->rule, after->kind, after->number, lq_format_local(due_ms, due),
        lq_format_local(d->facts->occurred_ms, at));
}

struct lq_verdict lq_clock_pause(struct lq_decision *d, const Rules__PauseClock *c)
{
    const Rules__Clock *paused;
    return pause(d, c, &paused);
}

struct lq_verdict lq_pause_clock(struct lq_decision *d, const void *command)
{
    const Rules__PauseClock *c = command;
    const Rules__Clock *changed;
    LQ_TRY(lq_clock_need_running(d, c->kind, c->number, c->rule, &changed));
    const int64_t due_ms = changed->due_ms;
    LQ_TRY(pause(d, c, &changed));
    LQ_TRY(need_told_in_time(d, changed, due_ms));

    Rules__ClockPaused paused = RULES__CLOCK_PAUSED__INIT;
    paused.kind = changed->kind;
    paused.number = changed->number;
    paused.rule = changed->rule;
    paused.start = changed->start;
    paused.cause = c->cause;
    paused.from_day = c->from_day;
    paused.to_day = c->to_day;
    paused.paper = c->paper;
    lq_emit(d, LQ_BODY_PAUSE_CLOCK, &paused.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

static void emit_recounted(struct lq_decision *d, unsigned counted, unsigned left)
{
    Rules__ClocksRecounted recounted = RULES__CLOCKS_RECOUNTED__INIT;
    recounted.counted = counted;
    recounted.left = left;
    lq_emit(d, LQ_BODY_RECOUNT_CLOCKS, &recounted.base);
}

// Those that are not counted come first among those that run (due 0). What is from paper stays so.
struct lq_verdict lq_recount_clocks(struct lq_decision *d, const void *command)
{
    (void)command;
    unsigned left = 0;
    struct lq_scan s = lq_scan(d->view, &lq_clocks_due, lq_key_number(0));
    s.keys_only = true;
    while (lq_scan_next(&s)) {
        Rules__Clock *again = LQ_NEW(d->arena, Rules__Clock);
        *again = *lq_clock_at(&s);
        if (again->not_counted == RULES__NOT_COUNTED__FROM_PAPER ||
            again->not_counted == RULES__NOT_COUNTED__HELD)
            continue;
        lq_clock_count(d->facts, d->arena, again, false);
        if (again->due_ms == 0) {
            left++;
            continue;
        }
        if (d->clock_count == LQ_CLOCKS_PER_EVENT)
            emit_recounted(d, d->clock_count, 0);
        d->clocks[d->clock_count++] = &again->base;
    }
    emit_recounted(d, d->clock_count, left);
    return LQ_ACCEPT;
}
