// Administrative penalty cases (law.md 9.2): taken up and reviewed for filing, decided on the spot,
// or decided on paper before there was this system. What is done with them: penalty_steps.c.
#include "casefile.h"
#include "language/language.h"

#define STATE(name) CASEFILE__PENALTY__STATE__##name

const struct lq_table casefile_table_penalties = {"penalties", &casefile__penalty__descriptor};
const struct lq_table casefile_table_premises_penalties = {"premises_penalties",
                                                           &casefile__mark__descriptor};

// ---------------------------------------------------------------- opening

static struct lq_verdict need_fields(struct lq_decision *d, const Casefile__OpenPenalty *c)
{
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the penalty case's number", c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the premises' number", c->premises));
    if (c->violation[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "penalty case %s needs a violation: what is it about?", c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_new(struct lq_decision *d, const char *number)
{
    char at[LQ_TIME_TEXT];
    LQ_TRY(lq_need_unvoided(d, CASEFILE__REJECT__PENALTY_KNOWN, &casefile_table_penalties, number));
    const Casefile__Penalty *known =
        lq_find(d->view, &casefile_table_penalties, lq_key_text(number));
    if (known != NULL)
        return lq_reject(
            d, CASEFILE__REJECT__PENALTY_KNOWN,
            "penalty case %s was opened at %s on %s; another case needs another number", number,
            lq_format_local(known->opened_at_ms, at), known->premises);
    return LQ_ACCEPT;
}

static struct lq_verdict need_sources(struct lq_decision *d, const Casefile__OpenPenalty *c)
{
    if (c->order[0] != '\0' && (!lq_pb_key(c->order) || lq_order_find(d->view, c->order) == NULL))
        return lq_reject(d, CASEFILE__REJECT__ORDER_UNKNOWN, "there is no order %s", c->order);
    return c->n_officers > 0
               ? lq_need_officers(
                     d, (&(Rules__Act){.n_officers = c->n_officers, .officers = c->officers}),
                     LQ_TR_LATER("Administrative Penalty Law art. 37"))
               : LQ_ACCEPT;
}

static struct lq_verdict open(struct lq_decision *d, const Casefile__OpenPenalty *given,
                              Casefile__Penalty__State state)
{
    Casefile__OpenPenalty numbered = *given;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_penalties, "A001");
    const Casefile__OpenPenalty *c = &numbered;
    LQ_TRY(need_fields(d, c));
    LQ_TRY(need_new(d, c->number));
    LQ_TRY(need_sources(d, c));
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->premises);
    LQ_TRY(lq_need_premises(d, CASEFILE__REJECT__PREMISES_UNKNOWN, c->premises, premises));

    Casefile__PenaltyOpened opened = CASEFILE__PENALTY_OPENED__INIT;
    opened.number = c->number;
    opened.premises = c->premises;
    opened.township = premises->township;
    opened.violation = c->violation;
    opened.officers = c->officers;
    opened.n_officers = c->n_officers;
    opened.handler =
        c->handler[0] != '\0' ? c->handler : lq_arena_text(d->arena, d->facts->principal);
    opened.order = c->order;
    opened.tip = c->tip;
    opened.supervised = c->supervised;
    opened.state = state;
    opened.opened_at_ms = d->facts->occurred_ms;
    if (state != STATE(FILING_REVIEW)) {
        opened.decided_at_ms = d->facts->occurred_ms;
        opened.paper = c->paper;
        opened.fined = c->fined;
    }
    if (state != STATE(ON_PAPER))
        lq_clock_start(
            d, &(struct lq_clock_start){.kind = "penalty",
                                        .number = opened.number,
                                        .rule = state == STATE(FILING_REVIEW) ? "AD1" : "AD15",
                                        .start_ms = d->facts->occurred_ms,
                                        .owner = opened.handler});
    lq_emit(d, CASEFILE__EVENT__BODY_PENALTY_OPENED, &opened.base);
    lq_number(d, opened.number);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_open_penalty(struct lq_decision *d, const void *command)
{
    return open(d, command, STATE(FILING_REVIEW));
}

struct lq_verdict casefile_spot_penalty(struct lq_decision *d, const void *command)
{
    return open(d, command, STATE(SPOT_PENALISED));
}

// Of a decision on paper is only known that there is it: that is what a transfer for detention and
// a daily fine rest on.
struct lq_verdict casefile_record_penalty(struct lq_decision *d, const void *command)
{
    return open(d, command, STATE(ON_PAPER));
}

void casefile_penalty_opened(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Casefile__PenaltyOpened *opened = event;
    lq_keep(tables, &casefile_table_penalties, opened);
    casefile_mark(tables, &casefile_table_premises_penalties, opened->premises, opened->number);
}

// ---------------------------------------------------------------- what others ask

bool casefile_was_penalised(const Casefile__Penalty *penalty, int64_t at_ms)
{
    return penalty->decided_at_ms != 0 && penalty->decided_at_ms <= at_ms &&
           (penalty->revoked_at_ms == 0 || penalty->revoked_at_ms > at_ms);
}

const Casefile__Penalty *casefile_penalty_of(struct lq_view *view, const char *premises,
                                             int64_t by_ms, bool fined)
{
    const Casefile__Penalty *latest = NULL;
    struct lq_scan s = lq_scan(view, &casefile_table_premises_penalties, lq_key_text(premises));
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the premises
        const Casefile__Penalty *penalty =
            lq_find(view, &casefile_table_penalties, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(penalty != NULL);
        if (!casefile_was_penalised(penalty, by_ms) || (fined && !penalty->fined))
            continue;
        if (latest == NULL || penalty->decided_at_ms >= latest->decided_at_ms)
            latest = penalty;
    }
    return latest;
}

bool casefile_investigates(const Casefile__Penalty *penalty, const char *badge)
{
    for (size_t i = 0; i < penalty->n_officers; i++)
        if (strcmp(penalty->officers[i], badge) == 0)
            return true;
    return strcmp(penalty->handler, badge) == 0;
}

// ---------------------------------------------------------------- correcting and voiding

struct lq_verdict casefile_check_penalty_correction(struct lq_decision *d, const char *number,
                                                    const void *before, void *after)
{
    const Casefile__Penalty *penalty = after;
    if (penalty->violation[0] != '\0')
        return LQ_ACCEPT;
    return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                     "penalty case %s needs a violation: what is it about?", number);
}

struct lq_verdict casefile_check_penalty_void(struct lq_decision *d, const char *number,
                                              const void *thing)
{
    struct lq_scan s = lq_scan(d->view, &casefile_table_penalty_detentions, lq_key_text(number));
    if (!lq_scan_next(&s))
        return LQ_ACCEPT;
    struct lq_key_reader reader = {.key = &s.key};
    lq_key_read_text(&reader); // the penalty
    return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                     "transfer for detention %s rests on penalty case %s: void that first",
                     lq_key_read_text(&reader), number);
}

void casefile_penalty_changed(struct lq_view *tables, const struct lq_thing *thing,
                              const char *number, const void *before, const void *after)
{
    const Casefile__Penalty *was = before;
    if (after == NULL)
        lq_erase(tables, &casefile_table_premises_penalties, casefile_pair(was->premises, number));
}

// ---------------------------------------------------------------- what always holds

static void check_penalty(struct lq_view *view, const Casefile__Penalty *penalty)
{
    LQ_ASSERT(lq_exists(view, &casefile_table_premises_penalties,
                        casefile_pair(penalty->premises, penalty->number)));
    LQ_ASSERT(penalty->decided_at_ms == 0 || penalty->decided_at_ms >= penalty->opened_at_ms);
    LQ_ASSERT(penalty->decided_at_ms != 0 || !penalty->fined);
    casefile_check_remedies(penalty);
}

void casefile_check_penalties(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_penalties, lq_key_none());
         lq_scan_next(&s);)
        check_penalty(view, s.row);
    for (struct lq_scan s = lq_scan(view, &casefile_table_premises_penalties, lq_key_none());
         lq_scan_next(&s);) {
        struct lq_key_reader reader = {.key = &s.key};
        const char *premises = lq_key_read_text(&reader);
        const Casefile__Penalty *penalty =
            lq_find(view, &casefile_table_penalties, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(penalty != NULL && strcmp(penalty->premises, premises) == 0);
    }
}

// ---------------------------------------------------------------- answers

// Its term is over, and nothing has ended it.
static bool is_over(struct lq_reading *r, const Casefile__Penalty *penalty, const char *rule)
{
    const Rules__Clock *clock = lq_clock_find(r->view, "penalty", penalty->number, rule);
    return clock != NULL && lq_clock_status(clock, r->now_ms) == RULES__CLOCK_STATUS__OVERDUE;
}

static Casefile__Penalty *tell(struct lq_reading *r, const Casefile__Penalty *penalty)
{
    Casefile__Penalty *told = LQ_NEW(r->arena, Casefile__Penalty);
    *told = *penalty;
    told->in_default = is_over(r, penalty, "AD10");
    told->evidence_lapsed = is_over(r, penalty, "AD3");
    return told;
}

static bool is_asked_for(const Casefile__ListPenalties *q, const Casefile__Penalty *told)
{
    return (q->premises[0] == '\0' || strcmp(q->premises, told->premises) == 0) &&
           (!q->in_default || told->in_default) && (!q->contested || casefile_is_contested(told));
}

void casefile_list_penalties(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ListPenalties *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_penalties, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Casefile__Penalty *told = tell(r, s.row);
        if (is_asked_for(q, told) && !lq_rows_add(&rows, told))
            break;
    }
    lq_rows_answer(&rows, answer);
}

void casefile_show_penalty(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ShowPenalty *q = query;
    Casefile__PenaltyFile *file = answer;
    const Casefile__Penalty *penalty =
        lq_find_numbered(r->view, &casefile_table_penalties, q->number);
    if (penalty == NULL)
        return;
    file->penalty = tell(r, penalty);
    casefile_tell_remedies(r, file->penalty);
    lq_next(r, &casefile_penalty_verbs, (int)penalty->state, penalty->number, penalty);
}
