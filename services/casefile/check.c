// What always holds of the tables.
#include "casefile.h"

static struct lq_key pair(const char *of, const char *number)
{
    return lq_key_then_text(lq_key_text(of), number);
}

static void check_notices(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_notices, lq_key_none());
         lq_scan_next(&s);) {
        const Casefile__Notice *notice = s.row;
        LQ_ASSERT(notice->due_day >= lq_day_of(notice->issued_at_ms));
        LQ_ASSERT(lq_exists(view, &casefile_table_premises_notices,
                            pair(notice->premises, notice->number)));
    }
    for (struct lq_scan s = lq_scan(view, &casefile_table_premises_notices, lq_key_none());
         lq_scan_next(&s);) {
        struct lq_key_reader reader = {.key = &s.key};
        const char *premises = lq_key_read_text(&reader);
        const Casefile__Notice *notice =
            lq_find(view, &casefile_table_notices, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(notice != NULL && strcmp(notice->premises, premises) == 0);
    }
}

static void check_cases(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_cases, lq_key_none());
         lq_scan_next(&s);) {
        const Casefile__Case *c = s.row;
        if (casefile_is_filed(c))
            LQ_ASSERT(c->filed_at_ms >= c->opened_at_ms);
        else
            LQ_ASSERT(c->filed_at_ms == 0);
        if (c->step == CASEFILE__CASE_STEP__SOLVED)
            LQ_ASSERT(c->solved_at_ms >= c->filed_at_ms);
        else
            LQ_ASSERT(c->solved_at_ms == 0);
    }
}

// The history is a path through the transitions, in time, and ends in the suspect's present step.
static void check_history(const Casefile__Suspect *suspect, const Casefile__Case *of)
{
    LQ_ASSERT(suspect->n_history >= 1 && suspect->n_history <= CASEFILE_STEPS_PER_SUSPECT);
    const Casefile__SuspectStepTaken *last = suspect->history[0];
    LQ_ASSERT(last->step == CASEFILE__SUSPECT_STEP__IDENTIFIED && last->at_ms >= of->opened_at_ms);
    for (size_t i = 1; i < suspect->n_history; i++) {
        const Casefile__SuspectStepTaken *next = suspect->history[i];
        LQ_ASSERT(lq_step_possible(&casefile_suspect_steps, (int)last->step, (int)next->step));
        LQ_ASSERT(next->at_ms >= last->at_ms && next->at_ms >= of->filed_at_ms);
        last = next;
    }
    LQ_ASSERT(last->step == suspect->step);
    LQ_ASSERT(suspect->n_history == 1 || casefile_is_filed(of));
}

static void check_suspects(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_suspects, lq_key_none());
         lq_scan_next(&s);) {
        const Casefile__Suspect *suspect = s.row;
        const Casefile__Case *of =
            lq_find(view, &casefile_table_cases, lq_key_text(suspect->case_number));
        LQ_ASSERT(of != NULL);
        check_history(suspect, of);
        LQ_ASSERT(lq_exists(view, &casefile_table_case_suspects,
                            pair(suspect->case_number, suspect->number)));
    }
    for (struct lq_scan s = lq_scan(view, &casefile_table_case_suspects, lq_key_none());
         lq_scan_next(&s);) {
        struct lq_key_reader reader = {.key = &s.key};
        const char *of = lq_key_read_text(&reader);
        const Casefile__Suspect *suspect =
            lq_find(view, &casefile_table_suspects, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(suspect != NULL && strcmp(suspect->case_number, of) == 0);
    }
}

void casefile_check(struct lq_view *view)
{
    check_notices(view);
    check_cases(view);
    check_suspects(view);
}
