// Police cases: handed over (opened), filed, solved. The police decide; what is recorded here is
// what they told.
#include "casefile.h"

const struct lq_table casefile_table_cases = {"cases", &casefile__case__descriptor};

static bool can_be(const Casefile__Case *c, Casefile__CaseStep step)
{
    return lq_step_possible(&casefile_case_steps, (int)c->step, (int)step);
}

bool casefile_is_filed(const Casefile__Case *c)
{
    return c->filed_at_ms != 0;
}

int64_t casefile_case_since_ms(const Casefile__Case *c)
{
    return c->reported_at_ms != 0 ? c->reported_at_ms : c->opened_at_ms;
}

struct lq_verdict casefile_need_case(struct lq_decision *d, const char *number,
                                     const Casefile__Case **found)
{
    *found = lq_find(d->view, &casefile_table_cases, lq_key_text(number));
    if (*found == NULL)
        return lq_reject(d, CASEFILE__REJECT__CASE_UNKNOWN, "there is no case %s", number);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_need_after_filing(struct lq_decision *d, const Casefile__Case *c)
{
    const bool filed = casefile_is_filed(c);
    const int64_t since_ms = filed ? c->filed_at_ms : c->opened_at_ms;
    char done[LQ_TIME_TEXT], since[LQ_TIME_TEXT];
    if (d->facts->occurred_ms < since_ms)
        return lq_reject(d, CASEFILE__REJECT__BEFORE_CASE,
                         "this is dated %s, but case %s was %-s only at %s",
                         lq_format_local(d->facts->occurred_ms, done), c->number,
                         filed ? "filed" : "opened", lq_format_local(since_ms, since));
    return LQ_ACCEPT;
}

static struct lq_verdict need_fields(struct lq_decision *d, const Casefile__OpenCase *c)
{
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the case's number", c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the order's number", c->order));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the target of the order", c->target));
    if (c->offence[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "case %s needs an offence: what is it about?", c->number);
    return LQ_ACCEPT;
}

// The order on which the offence came to light. It may have been cancelled since: what was found
// was found.
struct lq_verdict casefile_need_order(struct lq_decision *d, const char *number, const char *on,
                                      const char *target, int64_t opened_at_ms,
                                      const Dispatch__OrderNote **order)
{
    *order = lq_order_find(d->view, on);
    if (*order == NULL)
        return lq_reject(d, CASEFILE__REJECT__ORDER_UNKNOWN, "there is no order %s", on);
    if (strcmp((*order)->target, target) != 0)
        return lq_reject(d, CASEFILE__REJECT__TARGET_NOT_OF_ORDER, "order %s is to %s, not to %s",
                         on, (*order)->target, target);
    char opened[LQ_TIME_TEXT], issued[LQ_TIME_TEXT];
    if (opened_at_ms < (*order)->issued_at_ms)
        return lq_reject(d, CASEFILE__REJECT__BEFORE_ORDER,
                         "case %s is dated %s, but order %s was issued only at %s", number,
                         lq_format_local(opened_at_ms, opened), on,
                         lq_format_local((*order)->issued_at_ms, issued));
    return LQ_ACCEPT;
}

struct lq_verdict casefile_need_new_case(struct lq_decision *d, const char *number)
{
    LQ_TRY(lq_need_unvoided(d, CASEFILE__REJECT__CASE_KNOWN, &casefile_table_cases, number));
    const Casefile__Case *known = lq_find(d->view, &casefile_table_cases, lq_key_text(number));
    char at[LQ_TIME_TEXT];
    if (known != NULL)
        return lq_reject(d, CASEFILE__REJECT__CASE_KNOWN,
                         "case %s was opened at %s on order %s; another case needs another number",
                         number, lq_format_local(casefile_case_since_ms(known), at), known->order);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_open_case(struct lq_decision *d, const void *command)
{
    Casefile__OpenCase numbered = *(const Casefile__OpenCase *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_cases, "C001");
    const Casefile__OpenCase *c = &numbered;
    const Dispatch__OrderNote *order = NULL;
    LQ_TRY(need_fields(d, c));
    LQ_TRY(casefile_need_new_case(d, c->number));
    LQ_TRY(casefile_need_order(d, c->number, c->order, c->target, d->facts->occurred_ms, &order));

    // The ledger's stream may be behind that of dispatch, which read it before it sent the order.
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->target);
    Casefile__CaseOpened opened = CASEFILE__CASE_OPENED__INIT;
    opened.number = c->number;
    opened.order = c->order;
    opened.target = c->target;
    opened.township = premises != NULL ? premises->township : order->township;
    opened.offence = c->offence;
    opened.by = lq_arena_text(d->arena, d->facts->principal);
    opened.opened_at_ms = d->facts->occurred_ms;
    casefile_start_case_term(d, c->number);
    lq_emit(d, CASEFILE__EVENT__BODY_CASE_OPENED, &opened.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_step(struct lq_decision *d, const char *number,
                                   const Casefile__Case **found)
{
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the case's number", number));
    LQ_TRY(casefile_need_case(d, number, found));
    return LQ_ACCEPT;
}

// Where the case stands, what was typed is not the next that can be done with it.
static struct lq_verdict reject_now(struct lq_decision *d, const Casefile__Case *c,
                                    const char *verb)
{
    const char *is = lq_state_said(d->arena, &casefile_case_steps, (int)c->step);
    const char *possible = lq_steps_possible(d, &casefile_case_steps, (int)c->step, c);
    return *possible == '\0' ? lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                                         "%-s is not possible: %-s %s is %-s, and no step leads on",
                                         verb, "case", c->number, is)
                             : lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                                         "%-s is not possible: %-s %s is %-s; possible now: %-s",
                                         verb, "case", c->number, is, possible);
}

struct lq_verdict casefile_file_case(struct lq_decision *d, const void *command)
{
    const Casefile__CaseNumber *c = command;
    const Casefile__Case *found = NULL;
    LQ_TRY(need_step(d, c->number, &found));
    char at[LQ_TIME_TEXT], opened[LQ_TIME_TEXT];
    if (d->facts->occurred_ms < found->opened_at_ms)
        return lq_reject(d, CASEFILE__REJECT__BEFORE_CASE,
                         "the filing is dated %s, but case %s was opened only at %s",
                         lq_format_local(d->facts->occurred_ms, at), c->number,
                         lq_format_local(found->opened_at_ms, opened));
    if (!can_be(found, CASEFILE__CASE_STEP__FILED) && !casefile_is_filed(found))
        return reject_now(d, found, "file");
    if (casefile_is_filed(found))
        return lq_reject(d, CASEFILE__REJECT__CASE_ALREADY_FILED, "case %s was filed at %s",
                         c->number, lq_format_local(found->filed_at_ms, at));

    Casefile__CaseStepTaken filed = CASEFILE__CASE_STEP_TAKEN__INIT;
    filed.number = found->number;
    filed.township = found->township;
    casefile_stop_case_term(d, c->number);
    lq_emit(d, CASEFILE__EVENT__BODY_CASE_FILED, &filed.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_solve_case(struct lq_decision *d, const void *command)
{
    const Casefile__CaseNumber *c = command;
    const Casefile__Case *found = NULL;
    LQ_TRY(need_step(d, c->number, &found));
    LQ_TRY(casefile_need_after_filing(d, found));
    char at[LQ_TIME_TEXT];
    if (!casefile_is_filed(found))
        return lq_reject(d, CASEFILE__REJECT__CASE_NOT_FILED,
                         "case %s was opened at %s but is not filed: record the filing first",
                         c->number, lq_format_local(found->opened_at_ms, at));
    if (!can_be(found, CASEFILE__CASE_STEP__SOLVED) && found->solved_at_ms == 0)
        return reject_now(d, found, "solve");
    if (found->solved_at_ms != 0)
        return lq_reject(d, CASEFILE__REJECT__CASE_ALREADY_SOLVED, "case %s was solved at %s",
                         c->number, lq_format_local(found->solved_at_ms, at));

    Casefile__CaseStepTaken solved = CASEFILE__CASE_STEP_TAKEN__INIT;
    solved.number = found->number;
    solved.township = found->township;
    lq_emit(d, CASEFILE__EVENT__BODY_CASE_SOLVED, &solved.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

// A copy of the row, to be changed and saved.
static Casefile__Case case_now(struct lq_view *tables, const char *number)
{
    const Casefile__Case *c = lq_find(tables, &casefile_table_cases, lq_key_text(number));
    LQ_ASSERT(c != NULL);
    return *c;
}

static void save_case(struct lq_view *tables, const Casefile__Case *c)
{
    lq_save(tables, &casefile_table_cases, lq_key_text(c->number), &c->base);
}

void casefile_case_filed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Casefile__CaseStepTaken *filed = event;
    Casefile__Case c = case_now(tables, filed->number);
    c.step = CASEFILE__CASE_STEP__FILED;
    c.filed_at_ms = what->occurred_ms;
    save_case(tables, &c);
}

void casefile_case_solved(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    const Casefile__CaseStepTaken *solved = event;
    Casefile__Case c = case_now(tables, solved->number);
    c.step = CASEFILE__CASE_STEP__SOLVED;
    c.solved_at_ms = what->occurred_ms;
    save_case(tables, &c);
}

// It was reported, opened, filed and solved in this order, as far as it was at all, and its state
// is one that the last of these leads to.
static void check_case(const Casefile__Case *c)
{
    const int64_t times[] = {c->reported_at_ms, c->opened_at_ms, c->filed_at_ms, c->solved_at_ms};
    int64_t last_ms = 0;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        LQ_ASSERT(times[i] == 0 || times[i] >= last_ms);
        last_ms = times[i] != 0 ? times[i] : last_ms;
    }
    const bool solved = c->step == CASEFILE__CASE_STEP__SOLVED ||
                        c->step == CASEFILE__CASE_STEP__SENT_FOR_PROSECUTION ||
                        c->step == CASEFILE__CASE_STEP__CONCLUDED;
    const bool filed =
        solved || c->step == CASEFILE__CASE_STEP__FILED || c->step == CASEFILE__CASE_STEP__DROPPED;
    LQ_ASSERT((c->filed_at_ms != 0) == filed && (c->solved_at_ms != 0) == solved);
    LQ_ASSERT(c->step != CASEFILE__CASE_STEP__OPENED || c->opened_at_ms != 0);
    LQ_ASSERT(c->opened_at_ms != 0 || c->reported_at_ms != 0);
}

void casefile_check_cases(struct lq_view *view)
{
    struct lq_scan s = lq_scan(view, &casefile_table_cases, lq_key_none());
    while (lq_scan_next(&s))
        check_case(s.row);
}

static bool is_asked_for(const Casefile__ListCases *q, const Casefile__Case *c)
{
    return (q->offence[0] == '\0' || strcmp(q->offence, c->offence) == 0) &&
           (!q->unsolved || c->solved_at_ms == 0);
}

void casefile_list_cases(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ListCases *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_cases, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;

    lq_rows_answer(&rows, answer);
}

void casefile_show_case(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ShowCase *q = query;
    Casefile__CaseFile *file = answer;
    if (lq_pb_key(q->number))
        file->case_row =
            lq_unconst(lq_find(r->view, &casefile_table_cases, lq_key_text(q->number)));
    if (file->case_row == NULL)
        return;
    lq_next(r, &casefile_case_steps, (int)file->case_row->step, file->case_row->number,
            file->case_row);
    casefile_fill_suspects(r, file);
}
