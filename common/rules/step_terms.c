// Which terms a step ends and starts, as its row has them: "SZ6 SZ9", and of "CR8|CR8c" one.
#include "rules/step_terms.h"

#include <string.h>

#include "rules/clocks_internal.h"
#include "service/need.h"

static const char *next_word(struct lq_arena *arena, const char **words, char separator)
{
    if (*words == NULL || **words == '\0')
        return NULL;
    const size_t size = strcspn(*words, (char[]){separator, '\0'});
    const char *word = lq_arena_format(arena, "%.*s", (int)size, *words);
    *words += size + ((*words)[size] == separator);
    return word;
}

const char *lq_step_word_next(struct lq_arena *arena, const char **words)
{
    return next_word(arena, words, ' ');
}

// Of alternatives ("CR8|CR8c") the one that the actor has chosen, else the first that is in force (a
// county's law.yaml may be older than a rule), else the first; NULL: his choice is none of them.
static const char *chosen(struct lq_decision *d, const char *rules, const char *choice)
{
    const char *first = NULL;
    for (const char *at = rules, *rule; (rule = next_word(d->arena, &at, '|')) != NULL;) {
        if (*choice != '\0' ? strcmp(rule, choice) == 0
                            : lq_clock_rule(d->facts, rule, "", d->facts->occurred_ms) != NULL)
            return rule;
        first = first != NULL ? first : rule;
    }
    return *choice != '\0' ? NULL : first;
}

// "CR8, CR8c"
static const char *listed(struct lq_arena *arena, const char *rules)
{
    const char *text = "";
    for (const char *at = rules, *rule; (rule = next_word(arena, &at, '|')) != NULL;)
        text = lq_arena_format(arena, "%s%s%s", text, *text != '\0' ? ", " : "", rule);
    return text;
}

struct lq_verdict lq_step_need_choice(struct lq_decision *d, const struct lq_taking *taking)
{
    const char *starts = taking->step->starts, *rules;
    while ((rules = lq_step_word_next(d->arena, &starts)) != NULL)
        if (strchr(rules, '|') != NULL && chosen(d, rules, taking->act->rule) == NULL)
            return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                             "%s is no term that this step may start: one of %-s",
                             taking->act->rule, listed(d->arena, rules));
    return LQ_ACCEPT;
}

void lq_step_move_clocks(struct lq_decision *d, const struct lq_taking *taking)
{
    const char *stops = taking->step->stops, *starts = taking->step->starts, *rule;
    while ((rule = lq_step_word_next(d->arena, &stops)) != NULL)
        lq_clock_stop(d, taking->thing->kind, taking->number, rule, d->facts->occurred_ms);
    while ((rule = lq_step_word_next(d->arena, &starts)) != NULL)
        lq_clock_start(d, &(struct lq_clock_start){.kind = taking->thing->kind,
                                                   .number = taking->number,
                                                   .rule = strchr(rule, '|') == NULL
                                                               ? rule
                                                               : chosen(d, rule, taking->act->rule),
                                                   .start_ms = d->facts->occurred_ms,
                                                   .owner = taking->owner});
}
