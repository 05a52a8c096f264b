// Suspects and the steps that police and procuratorate take with them.
#include "casefile.h"

const struct lq_table casefile_table_suspects = {"suspects", &casefile__suspect__descriptor};
const struct lq_table casefile_table_case_suspects = {"case_suspects", &casefile__mark__descriptor};

enum { BY = CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP };

bool casefile_suspect_has_room(const Casefile__Suspect *suspect)
{
    return suspect->n_history < CASEFILE_STEPS_PER_SUSPECT;
}

// Source: law.md 9.3, person level, in the words of the county's ledger: listed_wanted is its
// `fugitive`, discharged its `released` and `bail` together, and captured is kept apart from
// detained, because the county counts it. An approved arrest that cannot be carried out because
// the person is not found leads to the wanted list; who was discharged can be detained again.
static const struct lq_step STEPS[] = {
    {CASEFILE__SUSPECT_STEP__IDENTIFIED, CASEFILE__SUSPECT_STEP__LISTED_WANTED, BY},
    {CASEFILE__SUSPECT_STEP__IDENTIFIED, CASEFILE__SUSPECT_STEP__DETAINED, BY},
    {CASEFILE__SUSPECT_STEP__LISTED_WANTED, CASEFILE__SUSPECT_STEP__CAPTURED, BY},
    {CASEFILE__SUSPECT_STEP__CAPTURED, CASEFILE__SUSPECT_STEP__DETAINED, BY},
    {CASEFILE__SUSPECT_STEP__DETAINED, CASEFILE__SUSPECT_STEP__ARREST_REQUESTED, BY},
    {CASEFILE__SUSPECT_STEP__DETAINED, CASEFILE__SUSPECT_STEP__DISCHARGED, BY},
    {CASEFILE__SUSPECT_STEP__ARREST_REQUESTED, CASEFILE__SUSPECT_STEP__ARREST_APPROVED, BY},
    {CASEFILE__SUSPECT_STEP__ARREST_REQUESTED, CASEFILE__SUSPECT_STEP__ARREST_REFUSED, BY},
    {CASEFILE__SUSPECT_STEP__ARREST_REFUSED, CASEFILE__SUSPECT_STEP__ARREST_REQUESTED, BY},
    {CASEFILE__SUSPECT_STEP__ARREST_REFUSED, CASEFILE__SUSPECT_STEP__DISCHARGED, BY},
    {CASEFILE__SUSPECT_STEP__ARREST_APPROVED, CASEFILE__SUSPECT_STEP__LISTED_WANTED, BY},
    {CASEFILE__SUSPECT_STEP__DISCHARGED, CASEFILE__SUSPECT_STEP__DETAINED, BY},
    {CASEFILE__SUSPECT_STEP__DISCHARGED, CASEFILE__SUSPECT_STEP__LISTED_WANTED, BY},
};

const struct lq_steps casefile_suspect_steps = {
    .entity = "suspect, as ledgers of the police tell of him",
    .states = &casefile__suspect_step__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
    .field = "step",
};

static const char *word(struct lq_decision *d, Casefile__SuspectStep step)
{
    return lq_state_said(d->arena, &casefile_suspect_steps, (int)step);
}

struct lq_verdict casefile_identify_suspect(struct lq_decision *d, const void *command)
{
    Casefile__IdentifySuspect numbered = *(const Casefile__IdentifySuspect *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_suspects, "X001");
    const Casefile__IdentifySuspect *c = &numbered;
    const Casefile__Case *of = NULL;
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the suspect's number", c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the case's number", c->case_number));
    LQ_TRY(casefile_need_case(d, c->case_number, &of));
    char at[LQ_TIME_TEXT], opened[LQ_TIME_TEXT];
    if (d->facts->occurred_ms < casefile_case_since_ms(of))
        return lq_reject(d, CASEFILE__REJECT__BEFORE_CASE,
                         "suspect %s is dated %s, but case %s was opened only at %s", c->number,
                         lq_format_local(d->facts->occurred_ms, at), of->number,
                         lq_format_local(casefile_case_since_ms(of), opened));
    LQ_TRY(
        lq_need_unvoided(d, CASEFILE__REJECT__SUSPECT_KNOWN, &casefile_table_suspects, c->number));
    const Casefile__Suspect *known =
        lq_find(d->view, &casefile_table_suspects, lq_key_text(c->number));
    if (known != NULL)
        return lq_reject(d, CASEFILE__REJECT__SUSPECT_KNOWN,
                         "suspect %s is known in case %s; another suspect needs another number",
                         c->number, known->case_number);

    Casefile__SuspectStepTaken identified = CASEFILE__SUSPECT_STEP_TAKEN__INIT;
    identified.step = CASEFILE__SUSPECT_STEP__IDENTIFIED;
    identified.at_ms = d->facts->occurred_ms;
    Casefile__SuspectStepTaken *history[] = {&identified};
    Casefile__SuspectIdentified suspect = CASEFILE__SUSPECT_IDENTIFIED__INIT;
    suspect.number = c->number;
    suspect.case_number = c->case_number;
    suspect.name = c->name; // empty: not known yet
    suspect.step = identified.step;
    suspect.history = history;
    suspect.n_history = 1;
    lq_emit(d, CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED, &suspect.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_filed_case(struct lq_decision *d, const char *number,
                                         const Casefile__Case **of)
{
    LQ_TRY(casefile_need_case(d, number, of));
    LQ_TRY(casefile_need_after_filing(d, *of));
    if (!casefile_is_filed(*of))
        return lq_reject(d, CASEFILE__REJECT__CASE_NOT_FILED,
                         "case %s is not filed: no step can be taken with a suspect until it is",
                         number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_suspect(struct lq_decision *d, const Casefile__RecordSuspectStep *c,
                                      const Casefile__Suspect **suspect)
{
    *suspect = lq_find(d->view, &casefile_table_suspects, lq_key_text(c->suspect));
    if (*suspect == NULL)
        return lq_reject(d, CASEFILE__REJECT__SUSPECT_UNKNOWN, "there is no suspect %s",
                         c->suspect);
    if (strcmp((*suspect)->case_number, c->case_number) != 0)
        return lq_reject(d, CASEFILE__REJECT__SUSPECT_OF_OTHER_CASE,
                         "suspect %s belongs to case %s, not to case %s", c->suspect,
                         (*suspect)->case_number, c->case_number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_transition(struct lq_decision *d, const Casefile__Suspect *suspect,
                                         Casefile__SuspectStep step)
{
    const Casefile__SuspectStepTaken *last = suspect->history[suspect->n_history - 1];
    char at[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
    lq_format_local(last->at_ms, at);
    if (d->facts->occurred_ms < last->at_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "this is dated %s, but suspect %s was %-s at %s already",
                         lq_format_local(d->facts->occurred_ms, now), suspect->number,
                         word(d, last->step), at);
    if (!casefile_suspect_has_room(suspect))
        return lq_reject(d, CASEFILE__REJECT__STEP_OUT_OF_ORDER,
                         "suspect %s has %d steps, which is the most that one record holds: no "
                         "further step can be recorded under this number",
                         suspect->number, CASEFILE_STEPS_PER_SUSPECT);
    if (lq_step_possible(&casefile_suspect_steps, (int)last->step, (int)step))
        return LQ_ACCEPT;
    if (step == CASEFILE__SUSPECT_STEP__ARREST_APPROVED)
        return lq_reject(
            d, CASEFILE__REJECT__ARREST_NOT_REQUESTED,
            "suspect %s is %-s since %s, and no arrest is requested: the procuratorate "
            "decides on a request (Criminal Procedure Law); what may follow is %-s",
            suspect->number, word(d, last->step), at,
            lq_steps_from(d->arena, &casefile_suspect_steps, (int)last->step));
    return lq_reject(d, CASEFILE__REJECT__STEP_OUT_OF_ORDER,
                     "suspect %s is %-s since %s: %-s cannot follow, only %-s", suspect->number,
                     word(d, last->step), at, word(d, step),
                     lq_steps_from(d->arena, &casefile_suspect_steps, (int)last->step));
}

struct lq_verdict casefile_record_suspect_step(struct lq_decision *d, const void *command)
{
    const Casefile__RecordSuspectStep *c = command;
    const Casefile__Case *of = NULL;
    const Casefile__Suspect *suspect = NULL;
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the suspect's number", c->suspect));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the case's number", c->case_number));
    LQ_TRY(need_filed_case(d, c->case_number, &of));
    LQ_TRY(need_suspect(d, c, &suspect));
    LQ_TRY(need_transition(d, suspect, c->step));

    Casefile__SuspectStepRecorded recorded = CASEFILE__SUSPECT_STEP_RECORDED__INIT;
    recorded.suspect = c->suspect;
    recorded.case_number = c->case_number;
    recorded.step = c->step;
    recorded.township = of->township;
    casefile_step_terms(d, c->suspect, c->step);
    lq_emit(d, CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED, &recorded.base);
    lq_number(d, c->suspect);
    return LQ_ACCEPT;
}

static void save_suspect(struct lq_view *tables, const Casefile__Suspect *suspect)
{
    lq_save(tables, &casefile_table_suspects, lq_key_text(suspect->number), &suspect->base);
}

void casefile_suspect_identified(struct lq_view *tables, const struct lq_occurrence *what,
                                 const void *event)
{
    Casefile__Suspect *suspect =
        lq_pb_project(lq_view_arena(tables), &casefile__suspect__descriptor, event);
    LQ_ASSERT(suspect->n_history == 1);
    Casefile__SuspectStepTaken first = *suspect->history[0], *history[] = {&first};
    first.entered = lq_entered(tables);
    suspect->history = history;
    save_suspect(tables, suspect);
    casefile_mark(tables, &casefile_table_case_suspects, suspect->case_number, suspect->number);
}

void casefile_suspect_step_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                    const void *event)
{
    const Casefile__SuspectStepRecorded *recorded = event;
    const Casefile__Suspect *before =
        lq_find(tables, &casefile_table_suspects, lq_key_text(recorded->suspect));
    LQ_ASSERT(before != NULL);
    LQ_ASSERT(before->n_history < CASEFILE_STEPS_PER_SUSPECT);

    Casefile__SuspectStepTaken taken = CASEFILE__SUSPECT_STEP_TAKEN__INIT;
    taken.step = recorded->step;
    taken.at_ms = what->occurred_ms;
    taken.entered = lq_entered(tables);
    Casefile__SuspectStepTaken *history[CASEFILE_STEPS_PER_SUSPECT];
    for (size_t i = 0; i < before->n_history; i++)
        history[i] = before->history[i];
    history[before->n_history] = &taken;

    Casefile__Suspect suspect = *before;
    suspect.step = taken.step;
    suspect.history = history;
    suspect.n_history = before->n_history + 1;
    if (recorded->detention_kind != CASEFILE__DETENTION_KIND__DETENTION_UNSPECIFIED ||
        recorded->step == CASEFILE__SUSPECT_STEP__DETAINED)
        suspect.detention_kind = recorded->detention_kind;
    save_suspect(tables, &suspect);
}

static bool may_follow(Casefile__SuspectStep last, Casefile__SuspectStep next)
{
    return lq_step_possible(&casefile_suspect_steps, (int)last, (int)next) ||
           lq_step_possible(&casefile_suspect_verbs, (int)last, (int)next);
}

// The history is a path through the transitions, in time, and ends in the suspect's present step.
static void check_history(const Casefile__Suspect *suspect, const Casefile__Case *of)
{
    LQ_ASSERT(suspect->n_history >= 1 && suspect->n_history <= CASEFILE_STEPS_PER_SUSPECT);
    const Casefile__SuspectStepTaken *last = suspect->history[0];
    LQ_ASSERT(last->step == CASEFILE__SUSPECT_STEP__IDENTIFIED &&
              last->at_ms >= casefile_case_since_ms(of));
    for (size_t i = 1; i < suspect->n_history; i++) {
        const Casefile__SuspectStepTaken *next = suspect->history[i];
        LQ_ASSERT(may_follow(last->step, next->step));
        LQ_ASSERT(next->at_ms >= last->at_ms && next->at_ms >= of->filed_at_ms);
        last = next;
    }
    LQ_ASSERT(last->step == suspect->step);
    LQ_ASSERT(suspect->n_history == 1 || casefile_is_filed(of));
}

void casefile_check_suspects(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_suspects, lq_key_none());
         lq_scan_next(&s);) {
        const Casefile__Suspect *suspect = s.row;
        const Casefile__Case *of =
            lq_find(view, &casefile_table_cases, lq_key_text(suspect->case_number));
        LQ_ASSERT(of != NULL);
        check_history(suspect, of);
        LQ_ASSERT(lq_exists(view, &casefile_table_case_suspects,
                            casefile_pair(suspect->case_number, suspect->number)));
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

void casefile_fill_suspects(struct lq_reading *r, Casefile__CaseFile *file)
{
    const unsigned most = 500; // more than any case of a county has
    struct lq_rows rows = lq_rows(r->arena, most);
    struct lq_scan s =
        lq_scan(r->view, &casefile_table_case_suspects, lq_key_text(file->case_row->number));
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the case
        const Casefile__Suspect *suspect =
            lq_find(r->view, &casefile_table_suspects, lq_key_text(lq_key_read_text(&reader)));
        if (!lq_rows_add(&rows, suspect))
            break;
    }
    file->suspects = (Casefile__Suspect **)rows.rows;
    file->n_suspects = rows.count;
    for (size_t i = 0; i < rows.count && casefile_is_filed(file->case_row); i++) {
        const Casefile__Suspect *suspect = file->suspects[i];
        if (!casefile_suspect_has_room(suspect))
            continue;
        lq_next(r, &casefile_suspect_steps, (int)suspect->step, suspect->number, suspect);
        lq_next(r, &casefile_suspect_verbs, (int)suspect->step, suspect->number, suspect);
    }
}

// A suspect counts at his steps.
unsigned casefile_suspect_counted(struct lq_view *view, const struct lq_thing *thing,
                                  const char *number, const void *row,
                                  int64_t times[LQ_COUNTED_MOST])
{
    (void)view;
    (void)thing;
    (void)number;
    const Casefile__Suspect *suspect = row;
    unsigned count = 0;
    for (size_t i = 0; i < suspect->n_history && count < LQ_COUNTED_MOST; i++)
        times[count++] = suspect->history[i]->at_ms;
    return count;
}
