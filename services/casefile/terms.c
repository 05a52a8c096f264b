// The terms that commands of their own start and end (law.md 4): a case that was handed over until
// it is filed, and the custody of a suspect, as ledgers of the police tell of them. What verbs
// start and end stands in their tables. Whom the marks of all of them name.
#include "casefile.h"

#define CASE "case"
#define SUSPECT "suspect"
#define FILING "CR4"

#define AT(step) (1U << (CASEFILE__SUSPECT_STEP__##step))

// Source: law.md 9.3, person level. A step by record_suspect_step says nothing of when the suspect
// has reached the detention house, and so starts no CR7, which nothing would end; nor is the arrest
// such a step, only its approval. By verbs they are (measures.c).
static const struct custody_term {
    const char *rule;
    uint32_t starts, stops; // the steps
} CUSTODY[] = {
    {"CR8", AT(DETAINED), AT(ARREST_REQUESTED) | AT(DISCHARGED)},
    {"CR9", AT(ARREST_REQUESTED), AT(ARREST_APPROVED) | AT(ARREST_REFUSED)},
};

// What verbs start besides with a step of the history.
static const struct custody_term BESIDE[] = {
    {"CR6", AT(SUMMONED), 0},          {"CR6b", AT(SUMMONED), 0},         {"CR7", AT(DETAINED), 0},
    {"CR7b", AT(DETAINED), 0},         {"CR7c", AT(DETAINED), 0},         {"CR8c", AT(DETAINED), 0},
    {"CR9b", AT(ARREST_REQUESTED), 0}, {"CR9c", AT(ARREST_REQUESTED), 0}, {"CR10", AT(ARRESTED), 0},
    {"CR10b", AT(ARRESTED), 0},        {"CR11", AT(ARRESTED), 0},
};

enum { CUSTODY_TERMS = sizeof CUSTODY / sizeof CUSTODY[0] };

static void start(struct lq_decision *d, const char *kind, const char *number, const char *rule)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = kind,
                                               .number = number,
                                               .rule = rule,
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = d->facts->principal});
}

// ---------------------------------------------------------------- cases

void casefile_start_case_term(struct lq_decision *d, const char *number)
{
    start(d, CASE, number, FILING);
}

// CR5b: filed after all, when the police were asked to review that they had not.
void casefile_stop_case_term(struct lq_decision *d, const char *number)
{
    lq_clock_stop(d, CASE, number, FILING, d->facts->occurred_ms);
    lq_clock_stop(d, CASE, number, "CR5b", d->facts->occurred_ms);
}

// A case of before terms were rows has none.
void casefile_restate_case_term(struct lq_decision *d, const Casefile__Case *was,
                                const Casefile__Case *now)
{
    const Rules__Clock *clock = lq_clock_now(d, CASE, now->number, FILING);
    if (clock == NULL ||
        (was->opened_at_ms == now->opened_at_ms && was->filed_at_ms == now->filed_at_ms))
        return;
    lq_clock_restart(
        d, clock,
        &(struct lq_clock_start){.start_ms = now->opened_at_ms, .stop_ms = now->filed_at_ms});
}

// ---------------------------------------------------------------- suspects

static bool is_at(uint32_t steps, Casefile__SuspectStep step)
{
    return (steps >> (unsigned)step & 1U) != 0;
}

void casefile_step_terms(struct lq_decision *d, const char *suspect, Casefile__SuspectStep step)
{
    for (size_t i = 0; i < CUSTODY_TERMS; i++) {
        if (is_at(CUSTODY[i].stops, step))
            lq_clock_stop(d, SUSPECT, suspect, CUSTODY[i].rule, d->facts->occurred_ms);
        if (is_at(CUSTODY[i].starts, step))
            start(d, SUSPECT, suspect, CUSTODY[i].rule);
    }
}

// Each start has its row, but for those of before terms were rows, which come first: so it is found
// by how many come after it. NULL: it has none.
static const Rules__Clock *term_before(struct lq_view *view, const char *suspect, const char *rule,
                                       size_t after)
{
    const Rules__Clock *clock = lq_clock_find(view, SUSPECT, suspect, rule);
    while (clock != NULL && (clock->voided || after-- > 0))
        clock =
            clock->start > 1 ? lq_clock_of(view, SUSPECT, suspect, rule, clock->start - 1) : NULL;
    return clock;
}

static size_t starts_after(const Casefile__Suspect *suspect, const struct custody_term *term,
                           size_t place)
{
    size_t count = 0;
    for (size_t i = place + 1; i < suspect->n_history; i++)
        count += is_at(term->starts, suspect->history[i]->step);
    return count;
}

// Whether the term ran until the step at that place.
static bool ran_until(const Casefile__Suspect *suspect, const struct custody_term *term,
                      size_t place)
{
    bool runs = false;
    for (size_t i = 0; i < place; i++)
        runs = is_at(term->starts, suspect->history[i]->step) ||
               (runs && !is_at(term->stops, suspect->history[i]->step));
    return runs;
}

static void restate(struct lq_decision *d, const Casefile__Suspect *suspect,
                    const struct custody_term *term, size_t place, int64_t at_ms)
{
    const Casefile__SuspectStep step = suspect->history[place]->step;
    const bool starts = is_at(term->starts, step);
    const bool stops = is_at(term->stops, step) && ran_until(suspect, term, place);
    if (!starts && !stops)
        return;
    const Rules__Clock *clock =
        term_before(d->view, suspect->number, term->rule, starts_after(suspect, term, place));
    const int64_t was_ms = suspect->history[place]->at_ms;
    if (clock == NULL || (starts ? clock->start_ms : clock->stop_ms) != was_ms)
        return; // another term was chosen, or it has ended otherwise
    if (starts && at_ms == 0)
        lq_clock_void(d, clock);
    else
        lq_clock_restart(d, clock,
                         &(struct lq_clock_start){.start_ms = starts ? at_ms : clock->start_ms,
                                                  .stop_ms = starts ? clock->stop_ms : at_ms});
}

static void restate_beside(struct lq_decision *d, const Casefile__Suspect *suspect,
                           const struct custody_term *term, size_t place, int64_t at_ms)
{
    const Casefile__SuspectStepTaken *step = suspect->history[place];
    const Rules__Clock *clock = lq_clock_find(d->view, SUSPECT, suspect->number, term->rule);
    if (!is_at(term->starts, step->step) || clock == NULL || clock->voided ||
        clock->start_ms != step->at_ms)
        return;
    if (at_ms == 0)
        lq_clock_void(d, clock);
    else
        lq_clock_restart(d, clock,
                         &(struct lq_clock_start){.start_ms = at_ms, .stop_ms = clock->stop_ms});
}

void casefile_restate_step_terms(struct lq_decision *d, const Casefile__Suspect *suspect,
                                 size_t place, int64_t at_ms)
{
    if (suspect->history[place]->at_ms == at_ms)
        return;
    for (size_t i = 0; i < CUSTODY_TERMS; i++)
        restate(d, suspect, &CUSTODY[i], place, at_ms);
    for (size_t i = 0; i < sizeof BESIDE / sizeof BESIDE[0]; i++)
        restate_beside(d, suspect, &BESIDE[i], place, at_ms);
}

// ---------------------------------------------------------------- whom a mark names

enum { LIAISONS_MOST = 16 };

// Those that the police must keep are the liaison's to know of: PD3, CR3, CR4, CR6 to CR12. The
// others are whose who handles it: AD, DF, OP, PD2, CR1, CR2, CR5.
static bool is_of_police(const char *rule)
{
    static const char *const OURS[] = {"CR1", "CR2", "CR5", "CR5b", "CR5c", "PD2"};
    for (size_t i = 0; i < sizeof OURS / sizeof OURS[0]; i++)
        if (strcmp(OURS[i], rule) == 0)
            return false;
    return strncmp(rule, "CR", 2) == 0 || strncmp(rule, "PD", 2) == 0;
}

// Police steps may be a clerk's entries of before he named the liaison, or an officer's who has
// handed a case over: then the liaisons are told as well.
static void add_owner(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    const int64_t at_ms = d->facts->occurred_ms;
    lq_told_add(rang, clock->owner);
    if (!is_of_police(clock->rule) ||
        (lq_roster_roles_at(d->view, clock->owner, at_ms) & LQ_ROLE(LIAISON)) != 0)
        return;
    unsigned count = 0;
    struct lq_scan s = lq_scan(d->view, &lq_roster_people, lq_key_none());
    while (count < LIAISONS_MOST && lq_scan_next(&s)) {
        const Shift__Person *person = s.row;
        if ((lq_roster_roles_at(d->view, person->badge, at_ms) & LQ_ROLE(LIAISON)) == 0)
            continue;
        lq_told_add(rang, lq_arena_text(d->arena, person->badge));
        count++;
    }
}

// The desk chiefs of both groups know of them.
void casefile_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        add_owner(d, clock, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        lq_told_add_desk_chiefs(d, rang, NULL);
}

// ---------------------------------------------------------------- what always holds

// It runs only while the step that started it is not answered.
static void check_custody(struct lq_view *view, const Rules__Clock *clock)
{
    const Casefile__Suspect *suspect =
        lq_find(view, &casefile_table_suspects, lq_key_text(clock->number));
    LQ_ASSERT(suspect != NULL);
    for (size_t i = 0; i < CUSTODY_TERMS; i++) {
        const struct custody_term *term = &CUSTODY[i];
        if (strcmp(term->rule, clock->rule) != 0 || !lq_clock_runs(clock))
            continue;
        const Rules__Clock *last = term_before(view, suspect->number, term->rule, 0);
        LQ_ASSERT(last != NULL && clock->start == last->start);
        LQ_ASSERT(ran_until(suspect, term, suspect->n_history));
    }
}

// What has ended for good has no term that runs.
static void check_term(struct lq_view *view, const Rules__Clock *clock)
{
    const bool runs = lq_clock_runs(clock);
    const struct lq_key key = lq_key_text(clock->number);
    if (strcmp(clock->kind, CASE) == 0) {
        const Casefile__Case *c = lq_find(view, &casefile_table_cases, key);
        LQ_ASSERT(c != NULL && (strcmp(clock->rule, FILING) != 0 || !runs ||
                                c->step == CASEFILE__CASE_STEP__OPENED));
    } else if (strcmp(clock->kind, SUSPECT) == 0) {
        check_custody(view, clock);
    } else if (strcmp(clock->kind, "notice") == 0) {
        const Casefile__Notice *notice = lq_find(view, &casefile_table_notices, key);
        LQ_ASSERT(notice != NULL && !(runs && casefile_is_answered(notice)));
    } else if (strcmp(clock->kind, "penalty") == 0) {
        LQ_ASSERT(lq_exists(view, &casefile_table_penalties, key));
    } else {
        LQ_ASSERT(strcmp(clock->kind, "detention") == 0 &&
                  lq_exists(view, &casefile_table_detentions, key));
    }
}

void casefile_check_terms(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &lq_clocks, lq_key_none()); lq_scan_next(&s);) {
        const Rules__Clock *clock = s.row;
        if (!clock->voided)
            check_term(view, clock);
    }
}
