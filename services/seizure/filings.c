// A police case was filed: what is under seal on its order is evidence, and goes to the police
// within three days (SZ16: Provisions on the Transfer of Suspected Crimes art. 12, Administrative
// Compulsion Law art. 21, Measures for Sealing and Detention art. 22). casefile follows dispatch,
// and seizure follows casefile for the few members of its events that it needs (seizure.proto).
#include "config/policy.h"
#include "pb/pb.h"
#include "seizure.h"

const struct lq_table seizure_table_cases = {"case_notes", &seizure__case_note__descriptor};

#define FILED "SZ16"

// ---------------------------------------------------------------- which order a case is of

static const ProtobufCMessage *note_of_case(struct lq_arena *arena, char *number, char *order)
{
    if (!lq_pb_key(number) || !lq_pb_key(order))
        return NULL;
    Seizure__CaseNote *note = LQ_NEW(arena, Seizure__CaseNote);
    seizure__case_note__init(note);
    note->number = number;
    note->order = order;
    return &note->base;
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Seizure__CasefileEvent *heard = event;
    if (heard->body_case == SEIZURE__CASEFILE_EVENT__BODY_CASE_OPENED)
        return note_of_case(arena, heard->case_opened->number, heard->case_opened->order);
    if (heard->body_case == SEIZURE__CASEFILE_EVENT__BODY_CASE_REPORTED)
        return note_of_case(arena, heard->case_reported->number, heard->case_reported->order);
    if (heard->body_case != SEIZURE__CASEFILE_EVENT__BODY_CORRECTED)
        return NULL;
    const Rules__Corrected *corrected = heard->corrected;
    for (size_t i = 0; strcmp(corrected->kind, "case") == 0 && i < corrected->n_changes; i++)
        if (strcmp(corrected->changes[i]->field, "order") == 0)
            return note_of_case(arena, corrected->number, corrected->changes[i]->now);
    return NULL;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *note)
{
    (void)what;
    const Seizure__CaseNote *noted = note;
    lq_save(tables, &seizure_table_cases, lq_key_text(noted->number), &noted->base);
}

static const struct lq_table *const case_tables[] = {&seizure_table_cases, NULL};

const struct lq_replica seizure_cases = {
    .stream = "casefile",
    .event_type = &seizure__casefile_event__descriptor,
    .partial = true,
    .event = "case_noted",
    .tables = case_tables,
    .note = note,
    .apply = apply,
};

// ---------------------------------------------------------------- hearing of it

static void note_filing(struct lq_follow_up *f, const struct lq_occurrence *what, char *number)
{
    Seizure__NoteFiling filing = SEIZURE__NOTE_FILING__INIT;
    if (!lq_pb_key(number))
        return;
    filing.case_number = number;
    filing.occurred_to_recorded_ms = what->recorded_ms - what->occurred_ms;
    lq_command_self(f, what->occurred_ms, SEIZURE__COMMAND__BODY_NOTE_FILING, &filing.base);
}

static void hear_filed(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Seizure__FiledCase *filed = event;
    note_filing(f, what, filed->number);
}

#define CASEFILE "casefile", &seizure__casefile_event__descriptor

const struct lq_follow_row seizure_follows[] = {
    {CASEFILE, SEIZURE__CASEFILE_EVENT__BODY_CASE_FILED, hear_filed, .partial = true},
    {0},
};

// casefile has another history than was followed: what was noted because of it is forgotten, and
// noted again if it is told again.
void seizure_hear_parted(struct lq_follow_up *f, const struct lq_parting *parting,
                         const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Seizure__Event *own = event;
    if (own->body_case != SEIZURE__EVENT__BODY_FILING_NOTED ||
        strcmp(parting->stream, "casefile") != 0)
        return;
    Seizure__NoteFiling filing = SEIZURE__NOTE_FILING__INIT;
    filing.case_number = own->filing_noted->case_number;
    lq_command_self(f, parting->at_ms, SEIZURE__COMMAND__BODY_FORGET_FILING, &filing.base);
}

// ---------------------------------------------------------------- deciding

// The items of the order that are under seal, or those that are linked to the case already.
static size_t find_items(struct lq_decision *d, const char *number, char ***items, bool linked)
{
    const Seizure__CaseNote *noted = lq_find(d->view, &seizure_table_cases, lq_key_text(number));
    const Dispatch__OrderNote *order = noted != NULL ? lq_order_find(d->view, noted->order) : NULL;
    size_t count = 0;
    if (order == NULL)
        return 0;
    *items = LQ_NEW_ARRAY(d->arena, char *, LQ_CLOCKS_PER_EVENT);
    struct lq_scan s = lq_scan(d->view, &seizure_table_held, lq_key_text(order->target));
    for (const Seizure__Item *item;
         count < LQ_CLOCKS_PER_EVENT && (item = seizure_held_next(&s)) != NULL;)
        if (strcmp(item->order, noted->order) == 0 &&
            strcmp(item->case_number, linked ? number : "") == 0)
            (*items)[count++] = item->number;
    return count;
}

struct lq_verdict seizure_note_filing(struct lq_decision *d, const void *command)
{
    const Seizure__NoteFiling *c = command;
    Seizure__FilingNoted noted = SEIZURE__FILING_NOTED__INIT;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the case's number", c->case_number));
    noted.case_number = c->case_number;
    noted.n_items = find_items(d, c->case_number, &noted.items, false);
    const bool from_paper = c->occurred_to_recorded_ms > d->facts->policy->live_window_ms;
    for (size_t i = 0; i < noted.n_items; i++) {
        const Seizure__Item *item =
            lq_find(d->view, &seizure_table_items, lq_key_text(noted.items[i]));
        LQ_ASSERT(item != NULL);
        lq_clock_start(d, &(struct lq_clock_start){.kind = SEIZURE_ITEM,
                                                   .number = noted.items[i],
                                                   .rule = FILED,
                                                   .start_ms = d->facts->occurred_ms,
                                                   .owner = item->officer_1,
                                                   .from_paper = from_paper});
    }
    if (noted.n_items > 0)
        lq_emit(d, SEIZURE__EVENT__BODY_FILING_NOTED, &noted.base);
    return LQ_ACCEPT;
}

struct lq_verdict seizure_forget_filing(struct lq_decision *d, const void *command)
{
    const Seizure__NoteFiling *c = command;
    Seizure__FilingNoted noted = SEIZURE__FILING_NOTED__INIT;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the case's number", c->case_number));
    noted.case_number = c->case_number;
    noted.n_items = find_items(d, c->case_number, &noted.items, true);
    for (size_t i = 0; i < noted.n_items; i++) {
        const Rules__Clock *term = lq_clock_find(d->view, SEIZURE_ITEM, noted.items[i], FILED);
        if (term != NULL && lq_clock_runs(term))
            lq_clock_void(d, term);
    }
    if (noted.n_items > 0)
        lq_emit(d, SEIZURE__EVENT__BODY_FILING_FORGOTTEN, &noted.base);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- in `apply`

static void link_items(struct lq_view *tables, const Seizure__FilingNoted *noted,
                       const char *number)
{
    for (size_t i = 0; i < noted->n_items; i++) {
        const Seizure__Item *found =
            lq_find(tables, &seizure_table_items, lq_key_text(noted->items[i]));
        LQ_ASSERT(found != NULL);
        Seizure__Item item = *found;
        item.case_number = lq_unconst(number);
        lq_save(tables, &seizure_table_items, lq_key_text(item.number), &item.base);
    }
}

void seizure_filing_noted(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    (void)what;
    const Seizure__FilingNoted *noted = event;
    link_items(tables, noted, noted->case_number);
}

void seizure_filing_forgotten(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    (void)what;
    link_items(tables, event, "");
}
