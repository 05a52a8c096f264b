// Which terms a step ends and starts, as its row has them: "SZ6 SZ9", and of "CR8|CR8c" one.
#include "rules/step_terms.h"

#include <string.h>

#include "rules/clocks_internal.h"
#include "service/need.h"

const char *lq_step_word_next(struct lq_arena *arena, const char **words)
{
    if (*words == NULL || **words == '\0')
        return NULL;
    const size_t size = strcspn(*words, " ");
    const char *word = lq_arena_format(arena, "%.*s", (int)size, *words);
    *words += size + ((*words)[size] == ' ');
    return word;
}

// The first of them that is in force: a county's law.yaml may be older than a rule. None: the
// first.
static const char *first_in_force(struct lq_decision *d, const char *rules)
{
    const char *first = lq_arena_format(d->arena, "%.*s", (int)strcspn(rules, "|"), rules);
    for (const char *at = rules, *rule = first;;) {
        if (lq_clock_rule(d->facts, rule, "", d->facts->occurred_ms) != NULL)
            return rule;
        at += strcspn(at, "|");
        if (*at == '\0')
            return first;
        at++;
        rule = lq_arena_format(d->arena, "%.*s", (int)strcspn(at, "|"), at);
    }
}

// Of alternatives ("CR8|CR8c") the one that the actor has chosen, else the first, which is the
// shortest; NULL: his choice is none of them.
static const char *chosen(struct lq_decision *d, const char *rules, const char *choice)
{
    for (const char *at = rules; *choice != '\0'; at++) {
        const size_t size = strcspn(at, "|");
        if (strlen(choice) == size && memcmp(at, choice, size) == 0)
            return choice;
        at += size;
        if (*at == '\0')
            return NULL;
    }
    return first_in_force(d, rules);
}

// "CR8, CR8c"
static const char *listed(struct lq_arena *arena, const char *rules)
{
    const char *text = "";
    for (const char *at = rules; *at != '\0';) {
        const size_t size = strcspn(at, "|");
        text = lq_arena_format(arena, "%s%s%.*s", text, *text != '\0' ? ", " : "", (int)size, at);
        at += size + (at[size] == '|');
    }
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
