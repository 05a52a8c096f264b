// The tables, and how each event changes them. An event carries all that is to be stored; nothing
// is computed here that a changed rule could make come out differently on replay.
#include "casefile.h"

const struct lq_table casefile_table_notices = {"notices", &casefile__notice__descriptor};
const struct lq_table casefile_table_premises_notices = {"premises_notices",
                                                         &casefile__mark__descriptor};
const struct lq_table casefile_table_cases = {"cases", &casefile__case__descriptor};
const struct lq_table casefile_table_suspects = {"suspects", &casefile__suspect__descriptor};
const struct lq_table casefile_table_case_suspects = {"case_suspects", &casefile__mark__descriptor};

// An index row: its key says it all.
static void mark(struct lq_view *tables, const struct lq_table *index, const char *of,
                 const char *number)
{
    const Casefile__Mark row = CASEFILE__MARK__INIT;
    lq_save(tables, index, lq_key_then_text(lq_key_text(of), number), &row.base);
}

static void notice_issued(struct lq_view *tables, const Casefile__Notice *notice)
{
    lq_save(tables, &casefile_table_notices, lq_key_text(notice->number), &notice->base);
    mark(tables, &casefile_table_premises_notices, notice->premises, notice->number);
}

static void save_case(struct lq_view *tables, const Casefile__Case *c)
{
    lq_save(tables, &casefile_table_cases, lq_key_text(c->number), &c->base);
}

// A copy of the row, to be changed and saved.
static Casefile__Case case_now(struct lq_view *tables, const char *number)
{
    const Casefile__Case *c = lq_find(tables, &casefile_table_cases, lq_key_text(number));
    LQ_ASSERT(c != NULL);
    return *c;
}

static void case_filed(struct lq_view *tables, const struct lq_occurrence *what,
                       const Casefile__CaseStepTaken *filed)
{
    Casefile__Case c = case_now(tables, filed->number);
    c.step = CASEFILE__CASE_STEP__FILED;
    c.filed_at_ms = what->occurred_ms;
    save_case(tables, &c);
}

static void case_solved(struct lq_view *tables, const struct lq_occurrence *what,
                        const Casefile__CaseStepTaken *solved)
{
    Casefile__Case c = case_now(tables, solved->number);
    c.step = CASEFILE__CASE_STEP__SOLVED;
    c.solved_at_ms = what->occurred_ms;
    save_case(tables, &c);
}

static void save_suspect(struct lq_view *tables, const Casefile__Suspect *suspect)
{
    lq_save(tables, &casefile_table_suspects, lq_key_text(suspect->number), &suspect->base);
}

static void suspect_identified(struct lq_view *tables, const Casefile__Suspect *suspect)
{
    save_suspect(tables, suspect);
    mark(tables, &casefile_table_case_suspects, suspect->case_number, suspect->number);
}

static void suspect_step_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                  const Casefile__SuspectStepRecorded *recorded)
{
    const Casefile__Suspect *before =
        lq_find(tables, &casefile_table_suspects, lq_key_text(recorded->suspect));
    LQ_ASSERT(before != NULL);
    LQ_ASSERT(before->n_history < CASEFILE_STEPS_PER_SUSPECT);

    Casefile__SuspectStepTaken taken = CASEFILE__SUSPECT_STEP_TAKEN__INIT;
    taken.step = recorded->step;
    taken.at_ms = what->occurred_ms;
    Casefile__SuspectStepTaken *history[CASEFILE_STEPS_PER_SUSPECT];
    for (size_t i = 0; i < before->n_history; i++)
        history[i] = before->history[i];
    history[before->n_history] = &taken;

    Casefile__Suspect suspect = *before;
    suspect.step = taken.step;
    suspect.history = history;
    suspect.n_history = before->n_history + 1;
    save_suspect(tables, &suspect);
}

void casefile_notice_issued(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    notice_issued(tables, event);
}

void casefile_case_opened(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    save_case(tables, event);
}

void casefile_case_filed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    case_filed(tables, what, event);
}

void casefile_case_solved(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    case_solved(tables, what, event);
}

void casefile_suspect_identified(struct lq_view *tables, const struct lq_occurrence *what,
                                 const void *event)
{
    suspect_identified(tables, event);
}

void casefile_suspect_step_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                    const void *event)
{
    suspect_step_recorded(tables, what, event);
}
