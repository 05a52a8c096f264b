// Transfers for administrative detention (law.md 4, PD; 9.3): the head of the bureau decides on one
// of a case that was penalised, the file goes to the police, and these detain or return it.
#include "casefile.h"

#define STATE(name) CASEFILE__DETENTION__STATE__##name
#define STEP(from, to, verb, who, ...)                                                             \
    CASEFILE_STEP(CASEFILE__DETENTION__STATE__, from, STATE(to), verb, who, __VA_ARGS__)
#define STAYS(from, verb, who, ...)                                                                \
    CASEFILE_STEP(CASEFILE__DETENTION__STATE__, from, LQ_STEP_STAYS, verb, who, __VA_ARGS__)

const struct lq_table casefile_table_detentions = {"detentions", &casefile__detention__descriptor};
const struct lq_table casefile_table_penalty_detentions = {"penalty_detentions",
                                                           &casefile__mark__descriptor};

// ---------------------------------------------------------------- the decision

static struct lq_verdict need_new(struct lq_decision *d, const char *number)
{
    char at[LQ_TIME_TEXT];
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the transfer's number", number));
    LQ_TRY(
        lq_need_unvoided(d, CASEFILE__REJECT__DETENTION_KNOWN, &casefile_table_detentions, number));
    const Casefile__Detention *known =
        lq_find(d->view, &casefile_table_detentions, lq_key_text(number));
    if (known != NULL)
        return lq_reject(d, CASEFILE__REJECT__DETENTION_KNOWN,
                         "transfer for detention %s was decided at %s on %s; another needs another "
                         "number",
                         number, lq_format_local(known->decided_at_ms, at), known->premises);
    return LQ_ACCEPT;
}

static struct lq_verdict reject_unpenalised(struct lq_decision *d, const char *premises)
{
    char at[LQ_TIME_TEXT];
    return lq_reject(d, CASEFILE__REJECT__PENALTY_MISSING,
                     "a transfer for detention needs a penalty decision first (Environmental "
                     "Protection Law art. 63), and by %s none of %s is recorded",
                     lq_format_local(d->facts->occurred_ms, at), premises);
}

// The penalty that is named, else the latest of the premises.
static struct lq_verdict need_penalty(struct lq_decision *d, const Casefile__DecideDetention *c,
                                      const Casefile__Penalty **found)
{
    const int64_t at_ms = d->facts->occurred_ms;
    if (c->penalty[0] == '\0') {
        *found = casefile_penalty_of(d->view, c->premises, at_ms, false);
        return *found != NULL ? LQ_ACCEPT : reject_unpenalised(d, c->premises);
    }
    *found = lq_find_numbered(d->view, &casefile_table_penalties, c->penalty);
    if (*found == NULL)
        return lq_reject(d, CASEFILE__REJECT__PENALTY_UNKNOWN, "there is no penalty case %s",
                         c->penalty);
    return casefile_was_penalised(*found, at_ms) && strcmp((*found)->premises, c->premises) == 0
               ? LQ_ACCEPT
               : reject_unpenalised(d, c->premises);
}

struct lq_verdict casefile_decide_detention(struct lq_decision *d, const void *command)
{
    Casefile__DecideDetention numbered = *(const Casefile__DecideDetention *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_detentions, "D001");
    const Casefile__DecideDetention *c = &numbered;
    const Casefile__Penalty *penalty = NULL;
    LQ_TRY(need_new(d, c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the premises' number", c->premises));
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->premises);
    LQ_TRY(lq_need_premises(d, CASEFILE__REJECT__PREMISES_UNKNOWN, c->premises, premises));
    LQ_TRY(need_penalty(d, c, &penalty));

    Casefile__DetentionDecided decided = CASEFILE__DETENTION_DECIDED__INIT;
    decided.number = c->number;
    decided.premises = c->premises;
    decided.township = premises->township;
    decided.person = c->person; // empty: not known yet
    decided.ground = c->ground;
    decided.penalty = penalty->number;
    decided.handler = c->handler[0] != '\0' ? c->handler : penalty->handler;
    decided.decided_at_ms = d->facts->occurred_ms;
    lq_clock_start(d, &(struct lq_clock_start){.kind = "detention",
                                               .number = decided.number,
                                               .rule = "PD2",
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = decided.handler});
    lq_emit(d, CASEFILE__EVENT__BODY_DETENTION_DECIDED, &decided.base);
    lq_number(d, decided.number);
    return LQ_ACCEPT;
}

void casefile_detention_decided(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    const Casefile__DetentionDecided *decided = event;
    lq_keep(tables, &casefile_table_detentions, decided);
    casefile_mark(tables, &casefile_table_penalty_detentions, decided->penalty, decided->number);
}

void casefile_detention_changed(struct lq_view *tables, const struct lq_thing *thing,
                                const char *number, const void *before, const void *after)
{
    const Casefile__Detention *was = before;
    if (after == NULL)
        lq_erase(tables, &casefile_table_penalty_detentions, casefile_pair(was->penalty, number));
}

// ---------------------------------------------------------------- what is done with it

enum { SENDERS = CASEFILE_HANDLERS | LQ_ROLE(HEAD), POLICE = LQ_ROLE(LIAISON) };

// Once they have the file, the police ask for more within PD3 or return it within PD3c, and send a
// copy of their decision to detain within PD3b (Interim Measures for Transfers for Detention
// art. 13 to 15).
static const struct lq_step STEPS[] = {
    STEP(DECIDED, SENT, SEND, SENDERS, .papers = "served:transfer_detention_letter",
         .stops = "PD2"),
    STEP(SENT, TAKEN_UP, ACCEPT, POLICE, .starts = "PD3 PD3c"),
    STAYS(TAKEN_UP, ASK_PAPERS, POLICE, .stops = "PD3"),
    STEP(TAKEN_UP, DETAINED_ADMIN, DETAIN, POLICE, .stops = "PD3 PD3c", .starts = "PD3b"),
    STEP(TAKEN_UP, RETURNED, RETURN, POLICE, .needs = "note", .stops = "PD3 PD3c"),
    STAYS(DETAINED_ADMIN, SEND_COPY, POLICE, .stops = "PD3b"),
};

const struct lq_steps casefile_detention_verbs = {
    .entity = "detention",
    .states = &casefile__detention__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

// ---------------------------------------------------------------- what always holds, and answers

void casefile_check_detentions(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_detentions, lq_key_none());
         lq_scan_next(&s);) {
        const Casefile__Detention *detention = s.row;
        const Casefile__Penalty *penalty =
            lq_find(view, &casefile_table_penalties, lq_key_text(detention->penalty));
        LQ_ASSERT(penalty != NULL && penalty->decided_at_ms != 0 &&
                  penalty->decided_at_ms <= detention->decided_at_ms);
        LQ_ASSERT(lq_exists(view, &casefile_table_penalty_detentions,
                            casefile_pair(detention->penalty, detention->number)));
    }
    LQ_ASSERT(lq_count(view, &casefile_table_detentions) ==
              lq_count(view, &casefile_table_penalty_detentions));
}

void casefile_show_detention(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ShowDetention *q = query;
    Casefile__DetentionFile *file = answer;
    const Casefile__Detention *detention =
        lq_find_numbered(r->view, &casefile_table_detentions, q->number);
    if (detention == NULL)
        return;
    file->detention = lq_unconst(detention);
    lq_next(r, &casefile_detention_verbs, (int)detention->state, detention->number, detention);
}
