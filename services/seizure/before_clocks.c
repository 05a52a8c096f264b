// Journals of before terms were rows (until 0.1.0 of 2026-11): an event told the end of a seal's
// term itself, and a lapse was an event. Their terms are made from what they told, so that such a
// journal opens as it was meant. It tells of its end as it did, once, and of nothing before it.
#include "seizure.h"

static Rules__Mark **mark_of_end(struct lq_arena *arena, int64_t due_ms)
{
    Rules__Mark *mark = LQ_NEW(arena, Rules__Mark);
    rules__mark__init(mark);
    mark->at_ms = due_ms;
    mark->n_to = 1;
    mark->to = LQ_NEW_ARRAY(arena, Rules__Addressee, 1);
    mark->to[0] = RULES__ADDRESSEE__OWNER;
    Rules__Mark **list = LQ_NEW_ARRAY(arena, Rules__Mark *, 1);
    list[0] = mark;
    return list;
}

static Rules__Clock *term_now(struct lq_view *tables, const char *item)
{
    const Rules__Clock *found = seizure_term(tables, item);
    LQ_ASSERT(found != NULL);
    Rules__Clock *term = LQ_NEW(lq_view_arena(tables), Rules__Clock);
    *term = *found;
    return term;
}

void seizure_keep_old_term(struct lq_view *tables, const Seizure__ItemTaken *item)
{
    Rules__Clock term = RULES__CLOCK__INIT;
    term.kind = lq_unconst(SEIZURE_ITEM);
    term.number = item->number;
    term.rule = lq_unconst(SEIZURE_TERM);
    term.start = 1;
    term.revision = item->law_revision;
    term.start_ms = item->at_ms;
    term.due_ms = item->due_ms;
    term.owner = item->officer_1;
    term.marks = mark_of_end(lq_view_arena(tables), item->due_ms);
    term.n_marks = 1;
    lq_clock_keep(tables, &term);
}

void seizure_extend_old_term(struct lq_view *tables, const struct lq_occurrence *what,
                             const Seizure__SealExtended *extended)
{
    Rules__Extension one = RULES__EXTENSION__INIT;
    one.rule = extended->rule;
    one.at_ms = what->occurred_ms;
    one.by = extended->by;
    Rules__Extension *list[] = {&one};
    Rules__Clock *term = term_now(tables, extended->item);
    term->extensions = list;
    term->n_extensions = 1;
    term->due_ms = extended->due_ms;
    term->revision = extended->law_revision;
    term->marks = mark_of_end(lq_view_arena(tables), extended->due_ms);
    lq_clock_keep(tables, term);
}

void seizure_seal_lapsed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    (void)what;
    const Seizure__SealLapsed *lapsed = event;
    const struct lq_key key = lq_key_text(lapsed->item);
    lq_trail_mark(tables, &seizure_table_items, &key);
    Rules__Clock *term = term_now(tables, lapsed->item);
    LQ_ASSERT(term->n_marks > 0);
    term->marks = mark_of_end(lq_view_arena(tables), term->due_ms);
    term->n_marks = 1;
    term->marks[0]->rung = true;
    lq_clock_keep(tables, term);
}

// A release of now carries its term, ended; the runtime keeps it after this, and it is the same.
void seizure_end_old_term(struct lq_view *tables, const struct lq_occurrence *what,
                          const char *item)
{
    Rules__Clock *term = term_now(tables, item);
    term->stop_ms = what->occurred_ms;
    lq_clock_keep(tables, term);
}
