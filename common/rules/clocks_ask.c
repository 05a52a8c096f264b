// What a term is at an instant, and the lists of terms.
#include <string.h>

#include "config/policy.h"
#include "rules/clocks_internal.h"
#include "service/rows.h"

static bool is_paused(const Rules__Clock *clock, int32_t day)
{
    for (size_t i = 0; i < clock->n_pauses; i++)
        if (clock->pauses[i]->from_day <= day && day <= clock->pauses[i]->to_day)
            return true;
    return false;
}

Rules__ClockStatus lq_clock_status(const Rules__Clock *clock, int64_t at_ms)
{
    if (clock->voided)
        return RULES__CLOCK_STATUS__VOIDED;
    if (clock->not_counted == RULES__NOT_COUNTED__HELD)
        return clock->stop_ms != 0 && clock->stop_ms <= at_ms ? RULES__CLOCK_STATUS__MET
                                                              : RULES__CLOCK_STATUS__PAUSED;
    if (clock->not_counted != RULES__NOT_COUNTED__COUNTED)
        return RULES__CLOCK_STATUS__NOT_COUNTED;
    if (clock->stop_ms != 0 && clock->stop_ms <= at_ms)
        return clock->stop_ms < clock->due_ms ? RULES__CLOCK_STATUS__MET
                                              : RULES__CLOCK_STATUS__LATE;
    if (at_ms >= clock->due_ms)
        return RULES__CLOCK_STATUS__OVERDUE;
    return is_paused(clock, lq_day_of(at_ms)) ? RULES__CLOCK_STATUS__PAUSED
                                              : RULES__CLOCK_STATUS__RUNNING;
}

// ---------------------------------------------------------------- which are asked for

static bool is_to_role(Rules__Addressee to, uint32_t roles)
{
    switch (to) {
    case RULES__ADDRESSEE__DESK_CHIEF:
    case RULES__ADDRESSEE__DESK:
        return (roles & LQ_ROLE(DESK)) != 0;
    case RULES__ADDRESSEE__LIAISON:
        return (roles & LQ_ROLE(LIAISON)) != 0;
    case RULES__ADDRESSEE__HEAD:
        return (roles & LQ_ROLE(HEAD)) != 0;
    case RULES__ADDRESSEE__COMMANDER:
        return (roles & LQ_ROLE(COMMANDER)) != 0;
    case RULES__ADDRESSEE__OWNER:
    case RULES__ADDRESSEE__DEPUTY:
    case RULES__ADDRESSEE__ADDRESSEE_UNSPECIFIED:
    case _RULES__ADDRESSEE_IS_INT_SIZE:
        return false; // people, by name
    }
    LQ_UNREACHABLE();
}

// By name or by role. Desk chiefs are named where the roster has any; where it has none, all of the
// desk are meant.
static bool is_told_to(const Rules__Mark *mark, const char *badge, uint32_t roles)
{
    for (size_t i = 0; i < mark->n_badges; i++)
        if (strcmp(mark->badges[i], badge) == 0)
            return true;
    for (size_t i = 0; i < mark->n_to; i++)
        if (is_to_role(mark->to[i], roles) &&
            (mark->to[i] != RULES__ADDRESSEE__DESK_CHIEF || mark->n_badges == 0))
            return true;
    return false;
}

static bool has_rung_for(const Rules__Clock *clock, const char *badge, uint32_t roles)
{
    for (size_t i = 0; i < clock->n_marks; i++)
        if (clock->marks[i]->rung && is_told_to(clock->marks[i], badge, roles))
            return true;
    return false;
}

static const struct lq_clock *rule_of(const struct lq_reading *r, const Rules__Clock *clock)
{
    const struct lq_facts facts = {.law = r->law, .policy = r->policy};
    return lq_clock_rule(&facts, clock->rule, clock->variant, clock->start_ms);
}

// A time to wait has ended where others are overdue.
static Rules__ClockStatus status_at(const struct lq_reading *r, const Rules__Clock *clock,
                                    int64_t at_ms)
{
    const Rules__ClockStatus status = lq_clock_status(clock, at_ms);
    if (status != RULES__CLOCK_STATUS__OVERDUE)
        return status;
    const struct lq_clock *rule = rule_of(r, clock);
    return rule != NULL && rule->waiting ? RULES__CLOCK_STATUS__ENDED : status;
}

// The rule that it runs under: that of its last extension, else its own.
static const char *under(const Rules__Clock *clock)
{
    return clock->n_extensions > 0 ? clock->extensions[clock->n_extensions - 1]->rule : clock->rule;
}

static bool is_of_rule(const Rules__Clock *clock, const char *rule)
{
    const size_t size = strlen(rule);
    if (rule[0] == '\0' || strcmp(clock->rule, rule) == 0 || strcmp(under(clock), rule) == 0)
        return true;
    return rule[size - 1] == '-' && strncmp(clock->rule, rule, size) == 0;
}

static bool is_asked(const struct lq_reading *r, const Rules__AskClocks *q,
                     const Rules__Clock *clock, int64_t at_ms)
{
    const Rules__ClockStatus status = status_at(r, clock, at_ms);
    const bool is_ended = status == RULES__CLOCK_STATUS__MET ||
                          status == RULES__CLOCK_STATUS__LATE ||
                          status == RULES__CLOCK_STATUS__VOIDED ||
                          (status == RULES__CLOCK_STATUS__NOT_COUNTED && !lq_clock_runs(clock));
    if (clock->start_ms > at_ms || (is_ended && !q->all) || !is_of_rule(clock, q->rule))
        return false;
    if (q->not_counted != (status == RULES__CLOCK_STATUS__NOT_COUNTED) && !q->all)
        return false;
    if (q->overdue && status != RULES__CLOCK_STATUS__OVERDUE)
        return false;
    if (q->within_day != 0 &&
        (clock->due_ms == 0 || status == RULES__CLOCK_STATUS__OVERDUE ||
         status == RULES__CLOCK_STATUS__ENDED || lq_law_last_day(clock->due_ms) > q->within_day))
        return false;
    const bool is_told = (q->mine || q->alerts) && has_rung_for(clock, r->actor, r->roles);
    return q->alerts ? is_told : !q->mine || is_told || strcmp(clock->owner, r->actor) == 0;
}

// ---------------------------------------------------------------- as they are told

static const Rules__Clock *told(struct lq_reading *r, const Rules__Clock *clock, int64_t at_ms)
{
    Rules__Clock *told = LQ_NEW(r->arena, Rules__Clock);
    *told = *clock;
    told->status = status_at(r, clock, at_ms);
    told->under = lq_unconst(under(clock));
    const struct lq_clock *rule = rule_of(r, clock);
    told->in_days = rule != NULL && lq_clock_in_days(rule);
    told->waiting = rule != NULL && rule->waiting; // of one from before it was recorded, too
    if (clock->due_ms != 0) {
        told->last_day = lq_law_last_day(clock->due_ms);
        told->act_by_day = told->last_day;
    }
    if (clock->arguable_due_ms != 0)
        told->arguable_last_day = lq_law_last_day(clock->arguable_due_ms);
    if (rule != NULL) {
        if (clock->due_ms != 0)
            told->act_by_day = lq_clock_act_by_day(r->law, clock, rule);
        told->source = lq_arena_format(r->arena, "%s %s", rule->instrument, rule->article);
        told->title_zh = lq_unconst(rule->title_zh);
        told->title_en = lq_unconst(rule->title_en);
    }
    return told;
}

// Those that run stand by when they end; whoever asks for what has ended, or for then, gets all.
static void list_running(struct lq_reading *r, const Rules__AskClocks *q, struct lq_rows *rows)
{
    const struct lq_key from = q->not_counted ? lq_key_number(0) : lq_key_none();
    struct lq_scan s = lq_scan(r->view, &lq_clocks_due, from);
    s.keys_only = true;
    for (uint32_t i = 0; i < q->skip && lq_scan_next(&s);)
        i += is_asked(r, q, lq_clock_at(&s), r->now_ms);
    while (lq_scan_next(&s)) {
        const Rules__Clock *clock = lq_clock_at(&s);
        if (q->within_day != 0 && clock->due_ms != 0 &&
            lq_law_last_day(clock->due_ms) > q->within_day)
            return; // they only end later from here on
        if (is_asked(r, q, clock, r->now_ms) && !lq_rows_add(rows, told(r, clock, r->now_ms)))
            return;
    }
}

static void list_all(struct lq_reading *r, const Rules__AskClocks *q, int64_t at_ms,
                     struct lq_rows *rows)
{
    struct lq_key prefix = lq_key_none();
    if (q->kind[0] != '\0') {
        prefix = lq_key_text(q->kind);
        if (q->number[0] != '\0')
            prefix = lq_key_then_text(prefix, q->number);
    }
    uint32_t skip = q->skip;
    for (struct lq_scan s = lq_scan(r->view, &lq_clocks, prefix); lq_scan_next(&s);) {
        const Rules__Clock *clock = s.row;
        if (!is_asked(r, q, clock, at_ms))
            continue;
        if (skip > 0)
            skip--;
        else if (!lq_rows_add(rows, told(r, clock, at_ms)))
            return;
    }
}

// ---------------------------------------------------------------- which rules there are

static bool add_rule(struct lq_reading *r, Rules__ClocksAnswer *told, const struct lq_clock *rule,
                     const char *asked)
{
    const size_t size = strlen(asked);
    for (size_t i = 0; i < told->n_rules; i++)
        if (strcmp(told->rules[i], rule->id) == 0)
            return false; // one of other times, or of another variant
    told->rules[told->n_rules++] = lq_arena_text(r->arena, rule->id);
    return strcmp(rule->id, asked) == 0 ||
           (asked[size - 1] == '-' && strncmp(rule->id, asked, size) == 0);
}

// Of a rule that there is, no term may have begun; of one that there is not, none ever will.
static void tell_rules(struct lq_reading *r, const char *asked, Rules__ClocksAnswer *told)
{
    size_t count = r->policy->term_count;
    while (lq_law_clock_at(r->law, count - r->policy->term_count) != NULL)
        count++;
    bool is_there = false;
    told->rules = LQ_NEW_ARRAY(r->arena, char *, count);
    for (size_t i = 0; i < count - r->policy->term_count; i++)
        is_there |= add_rule(r, told, lq_law_clock_at(r->law, i), asked);
    for (size_t i = 0; i < r->policy->term_count; i++)
        is_there |= add_rule(r, told, &r->policy->terms[i], asked);
    if (is_there)
        told->n_rules = 0;
}

void lq_ask_clocks(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__AskClocks *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    if (q->all || q->on_ms != 0 || q->kind[0] != '\0')
        list_all(r, q, q->on_ms != 0 ? q->on_ms : r->now_ms, &rows);
    else
        list_running(r, q, &rows);
    lq_rows_answer(&rows, answer);
    if (rows.count == 0 && q->rule[0] != '\0')
        tell_rules(r, q->rule, answer);
}
