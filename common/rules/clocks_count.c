// Where a term ends, and when it tells of itself.
#include <string.h>

#include "config/policy.h"
#include "rules/clocks_internal.h"

bool lq_clock_is_county(const char *rule)
{
    return strncmp(rule, "OP-", 3) == 0;
}

static bool is_variant(const struct lq_clock *term, const char *variant)
{
    return strcmp(term->variant != NULL ? term->variant : "", variant) == 0;
}

const struct lq_clock *lq_clock_rule(const struct lq_facts *f, const char *id, const char *variant,
                                     int64_t at_ms)
{
    if (!lq_clock_is_county(id))
        return lq_law_clock(f->law, id, at_ms);
    for (size_t i = 0; i < f->policy->term_count; i++) {
        const struct lq_clock *term = &f->policy->terms[i];
        if (strcmp(term->id, id) == 0 && is_variant(term, variant))
            return term->enabled ? term : NULL;
    }
    return NULL;
}

// ---------------------------------------------------------------- its end

static void not_counted(Rules__Clock *clock, Rules__NotCounted why, int year)
{
    clock->not_counted = why;
    clock->lacking_year = year;
    clock->due_ms = clock->arguable_due_ms = 0;
}

// False: a rule that it was extended by is in force no more.
static bool take_parts(const struct lq_facts *f, struct lq_arena *arena, const Rules__Clock *clock,
                       struct lq_term *term)
{
    struct lq_pause *pauses = LQ_NEW_ARRAY(arena, struct lq_pause, clock->n_pauses);
    for (size_t i = 0; i < clock->n_pauses; i++)
        pauses[i] = (struct lq_pause){clock->pauses[i]->from_day, clock->pauses[i]->to_day};
    struct lq_extension *extensions = LQ_NEW_ARRAY(arena, struct lq_extension, clock->n_extensions);
    for (size_t i = 0; i < clock->n_extensions; i++) {
        const Rules__Extension *by = clock->extensions[i];
        extensions[i] = (struct lq_extension){
            .clock = lq_clock_rule(f, by->rule, clock->variant, by->at_ms), .number = by->number};
        if (extensions[i].clock == NULL)
            return false;
    }
    term->pauses = pauses;
    term->pause_count = clock->n_pauses;
    term->extensions = extensions;
    term->extension_count = clock->n_extensions;
    return true;
}

// A later end that can be argued for, where the law is not clear about the unit or the start. One
// that cannot be counted is not told.
static int64_t arguable_end(const struct lq_facts *f, const Rules__Clock *clock,
                            struct lq_term term)
{
    term.argue = term.clock->arguable;
    if (clock->arguable_start_ms != 0)
        term.start_ms = clock->arguable_start_ms;
    return term.argue || clock->arguable_start_ms != 0 ? lq_law_count(f->law, &term).due_ms : 0;
}

static void count_end(const struct lq_facts *f, struct lq_arena *arena, Rules__Clock *clock,
                      const struct lq_clock *rule)
{
    struct lq_term term = {.clock = rule, .start_ms = clock->start_ms, .number = clock->length};
    if (rule == NULL || !take_parts(f, arena, clock, &term)) {
        not_counted(clock, RULES__NOT_COUNTED__RULE_NOT_FOUND, 0);
        return;
    }
    if (lq_clock_held_by(clock) != NULL) {
        not_counted(clock, RULES__NOT_COUNTED__HELD, 0);
        return;
    }
    const struct lq_term_end end = clock->set_due_ms != 0
                                       ? (struct lq_term_end){.due_ms = clock->set_due_ms}
                                       : lq_law_count(f->law, &term);
    if (end.year != 0) {
        not_counted(clock, RULES__NOT_COUNTED__CALENDAR_LACKS, end.year);
        return;
    }
    clock->not_counted = RULES__NOT_COUNTED__COUNTED;
    clock->lacking_year = 0;
    clock->due_ms = end.due_ms;
    clock->arguable_due_ms = arguable_end(f, clock, term);
}

// ---------------------------------------------------------------- its marks

static const struct lq_clock_marks *marks_of(const struct lq_policy *policy,
                                             const struct lq_clock *rule)
{
    return rule->marks.count > 0    ? &rule->marks
           : lq_clock_in_days(rule) ? &policy->marks_of_days
                                    : &policy->marks_of_hours;
}

int64_t lq_clock_promised_ms(const Rules__Clock *clock, int64_t at_ms)
{
    if (at_ms >= clock->due_ms || at_ms >= clock->taken_until_ms)
        return at_ms;
    return clock->taken_until_ms < clock->due_ms ? clock->taken_until_ms : clock->due_ms;
}

// A term that begins in a week of holidays (a detention) may have no working day at all, and one in
// hours waits for none: what is to be done is done on a day off.
int32_t lq_clock_act_by_day(const struct lq_law *law, const Rules__Clock *clock,
                            const struct lq_clock *rule)
{
    const int32_t last_day = lq_law_last_day(clock->due_ms);
    if (!lq_clock_in_days(rule))
        return last_day;
    const int32_t act_by_day = lq_law_act_by_day(law, clock->due_ms);
    return act_by_day >= lq_day_of(clock->start_ms) ? act_by_day : last_day;
}

// Before the end of a term in days counts back from the end of the last day to act on, unless that
// is the day on which it began: then all of them would be past, and nobody be told before it is
// over.
static int64_t instant_of(const struct lq_facts *f, const Rules__Clock *clock,
                          const struct lq_clock *rule, int64_t offset_ms)
{
    const int32_t act_by_day = lq_clock_act_by_day(f->law, clock, rule);
    const bool from_act_by_day =
        offset_ms < 0 && lq_clock_in_days(rule) && act_by_day > lq_day_of(clock->start_ms);
    const int64_t end_ms = from_act_by_day ? lq_day_start_ms(act_by_day + 1) : clock->due_ms;
    return lq_clock_promised_ms(clock, end_ms + offset_ms);
}

static const Rules__Mark *same_mark(const Rules__Clock *clock, int64_t at_ms, int64_t offset_ms)
{
    for (size_t i = 0; i < clock->n_marks; i++)
        if (clock->marks[i]->at_ms == at_ms && clock->marks[i]->offset_ms == offset_ms)
            return clock->marks[i];
    return NULL;
}

static Rules__Mark *new_mark(struct lq_arena *arena, const struct lq_clock_mark *mark,
                             int64_t at_ms)
{
    Rules__Mark *row = LQ_NEW(arena, Rules__Mark);
    rules__mark__init(row);
    row->at_ms = at_ms;
    row->offset_ms = mark->offset_ms;
    row->n_to = mark->to_count;
    row->to = LQ_NEW_ARRAY(arena, Rules__Addressee, mark->to_count);
    for (size_t i = 0; i < mark->to_count; i++)
        row->to[i] = (Rules__Addressee)(mark->to[i] + RULES__ADDRESSEE__OWNER);
    return row;
}

// A mark that is past when the term is written rings no more, but for that of the end: that a term
// is over is told, late or not. From paper it waits: what ended the term may be entered next.
static void set_marks(const struct lq_facts *f, struct lq_arena *arena, Rules__Clock *clock,
                      const struct lq_clock *rule, bool paper)
{
    const struct lq_clock_marks *marks = marks_of(f->policy, rule);
    Rules__Mark **rows = LQ_NEW_ARRAY(arena, Rules__Mark *, marks->count);
    size_t count = 0;
    for (size_t i = 0; i < marks->count; i++) {
        const struct lq_clock_mark *mark = &marks->marks[i];
        if (rule->waiting && mark->offset_ms > 0)
            continue; // it is over, and nobody is late
        int64_t at_ms = instant_of(f, clock, rule, mark->offset_ms);
        const Rules__Mark *before = same_mark(clock, at_ms, mark->offset_ms);
        if (before != NULL) {
            rows[count++] = lq_unconst(before);
            continue;
        }
        if (at_ms <= f->now_ms && mark->offset_ms != 0)
            continue;
        if (at_ms <= f->now_ms && paper)
            at_ms = f->now_ms + f->policy->paper_grace_ms;
        rows[count++] = new_mark(arena, mark, at_ms);
    }
    clock->marks = rows;
    clock->n_marks = count;
}

void lq_clock_count(const struct lq_facts *f, struct lq_arena *arena, Rules__Clock *clock,
                    bool paper)
{
    const struct lq_clock *rule = lq_clock_rule(f, clock->rule, clock->variant, clock->start_ms);
    clock->revision =
        lq_unconst(lq_clock_is_county(clock->rule) ? f->policy->revision : lq_law_revision(f->law));
    clock->waiting = rule != NULL && rule->waiting;
    const int64_t due_before_ms = clock->due_ms;
    count_end(f, arena, clock, rule);
    if (clock->due_ms == 0)
        clock->n_marks = 0;
    else if (clock->due_ms != due_before_ms) // the same end keeps its marks, rung or waiting
        set_marks(f, arena, clock, rule, paper);
}

Rules__Mark *lq_clock_next_mark(const Rules__Clock *clock)
{
    Rules__Mark *next = NULL;
    for (size_t i = 0; i < clock->n_marks; i++) {
        Rules__Mark *mark = clock->marks[i];
        if (!mark->rung && (next == NULL || mark->at_ms < next->at_ms))
            next = mark;
    }
    return next;
}
