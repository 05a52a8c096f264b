// Decisions on production (限产停产): the bureau limits it, stops it, fines its violation by the
// day, or asks the government to close the enterprise. What becomes of one: limit_steps.c.
#include "language/language.h"
#include "ledger.h"
#include "service/need.h"
#include "service/number.h"

const struct lq_table ledger_limits = {"limits", &ledger__limit__descriptor};

#define STATE(name) LEDGER__LIMIT__STATE__##name
#define KIND(name) LEDGER__LIMIT__KIND__##name

// ---------------------------------------------------------------- what is needed

// Of a limit: no longer than its term (LP2) of that day.
static struct lq_verdict need_months(struct lq_decision *d, Ledger__Limit__Kind kind,
                                     uint32_t months, int64_t at_ms)
{
    const struct lq_clock *term = lq_law_clock(d->facts->law, "LP2", at_ms);
    if (months != 0 && kind != KIND(LIMITED))
        return lq_reject(
            d, LEDGER__REJECT__LIMIT_TOO_LONG,
            "only a limit is decided for some months: a stop holds until it is lifted, "
            "a closure for good");
    if (term != NULL && (int64_t)months > term->number)
        return lq_reject(
            d, LEDGER__REJECT__LIMIT_TOO_LONG,
            "production is limited for at most %lld months (%s %s), not for %u; it may "
            "be extended once",
            (long long)term->number, term->instrument, term->article, months);
    return LQ_ACCEPT;
}

static struct lq_verdict need_handler(struct lq_decision *d, const char *handler, int64_t at_ms)
{
    char at[LQ_TIME_TEXT];
    if (lq_roster_roles_at(d->view, handler, at_ms) != 0)
        return LQ_ACCEPT;
    return lq_reject(d, LEDGER__REJECT__HANDLER_UNKNOWN,
                     "%s, who is to handle it, is not on the roster of %s", handler,
                     lq_format_local(at_ms, at));
}

static struct lq_verdict need_what_it_says(struct lq_decision *d, Ledger__Limit__Kind kind,
                                           const char *ground, const char *penalty)
{
    if (ground[0] == '\0')
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "what has the enterprise done, that this is decided?");
    if (kind == KIND(DAILY_FINE) && penalty[0] == '\0')
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "a fine goes on by the day from another, which was decided before: of "
                         "which penalty case?");
    return LQ_ACCEPT;
}

// One of each kind at a time; what is stopped is not limited besides.
static struct lq_verdict need_no_other(struct lq_decision *d, const Ledger__Entry *entry,
                                       Ledger__Limit__Kind kind)
{
    for (size_t i = 0; i < entry->n_limits; i++) {
        const Ledger__Limit *other =
            lq_find(d->view, &ledger_limits, lq_key_text(entry->limits[i]));
        const bool same =
            other->kind == kind || (kind == KIND(LIMITED) && other->kind == KIND(STOPPED));
        if (same && ledger_limit_is_open(other))
            return lq_reject(
                d, LEDGER__REJECT__LIMIT_KNOWN,
                "%s is decided on %s already (%-s), and is neither lifted nor withdrawn",
                other->number, other->premises,
                lq_word_of(d->arena, &ledger__limit__kind__descriptor, (int)other->kind));
    }
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- deciding

// Source of the terms: law.md 3, LP1 and LP2 (both from the decision).
static void start_terms(struct lq_decision *d, const Ledger__LimitDecided *decided)
{
    struct lq_clock_start start = {.kind = LEDGER_LIMIT,
                                   .number = decided->number,
                                   .rule = "LP1",
                                   .start_ms = decided->decided_at_ms,
                                   .owner = decided->handler};
    if (decided->kind != KIND(LIMITED) && decided->kind != KIND(STOPPED))
        return;
    lq_clock_start(d, &start);
    start.rule = "LP2";
    start.length = (int32_t)decided->months;
    if (decided->kind == KIND(LIMITED))
        lq_clock_start(d, &start);
}

struct lq_verdict ledger_decide_limit(struct lq_decision *d, const void *command)
{
    Ledger__DecideLimit c = *(const Ledger__DecideLimit *)command;
    const int64_t at_ms = d->facts->occurred_ms;
    const Ledger__Entry *entry;
    if (c.handler[0] == '\0')
        c.handler = lq_arena_text(d->arena, d->facts->principal);
    c.number = lq_number_or_next(d, c.number, &ledger_limits, "XC0001");
    LQ_TRY(lq_need_identifier(d, LEDGER__REJECT__FIELD_MISSING, "the decision's number", c.number));
    LQ_TRY(ledger_need_enterprise(d, c.premises, &entry));
    LQ_TRY(lq_need_new(d, LEDGER__REJECT__LIMIT_KNOWN, &ledger_limits, c.number));
    if (c.kind == KIND(KIND_UNSPECIFIED))
        return lq_reject(
            d, LEDGER__REJECT__FIELD_MISSING,
            "what is decided on %s: limited, stopped, daily_fine or government_closure?",
            c.premises);
    LQ_TRY(need_what_it_says(d, c.kind, c.ground, c.penalty));
    LQ_TRY(need_months(d, c.kind, c.months, at_ms));
    LQ_TRY(need_handler(d, c.handler, at_ms));
    LQ_TRY(need_no_other(d, entry, c.kind));

    Ledger__LimitDecided *decided = lq_pb_project(d->arena, &ledger__limit_decided__descriptor, &c);
    decided->decided_at_ms = at_ms;
    decided->decided_by = lq_arena_text(d->arena, d->facts->principal);
    start_terms(d, decided);
    lq_emit(d, LEDGER__EVENT__BODY_LIMIT_DECIDED, &decided->base);
    lq_number(d, decided->number);
    return LQ_ACCEPT;
}

void ledger_limit_decided(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    (void)what;
    struct lq_arena *arena = lq_view_arena(tables);
    Ledger__Limit *limit = lq_pb_project(arena, &ledger__limit__descriptor, event);
    limit->state = limit->kind == KIND(GOVERNMENT_CLOSURE) ? STATE(SUBMITTED) : STATE(TO_BE_SERVED);
    lq_save(tables, &ledger_limits, lq_key_text(limit->number), &limit->base);
    Ledger__Entry entry = ledger_copy(tables, limit->premises);
    char **all = LQ_NEW_ARRAY(arena, char *, entry.n_limits + 1);
    for (size_t i = 0; i < entry.n_limits; i++)
        all[i] = entry.limits[i];
    all[entry.n_limits++] = limit->number;
    entry.limits = all;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- corrections

// Another time of the decision, or another length: the terms from it are counted anew.
static void restate_terms(struct lq_decision *d, const Ledger__Limit *was, const Ledger__Limit *now)
{
    static const char *const FROM_DECISION[] = {"LP1", "LP2"};
    if (was->decided_at_ms == now->decided_at_ms && was->months == now->months)
        return;
    for (size_t i = 0; i < sizeof FROM_DECISION / sizeof *FROM_DECISION; i++) {
        const Rules__Clock *term = lq_clock_now(d, LEDGER_LIMIT, now->number, FROM_DECISION[i]);
        const int32_t months = i == 0 ? 0 : (int32_t)now->months;
        if (term != NULL && !term->voided)
            lq_clock_restart(d, term,
                             &(struct lq_clock_start){.start_ms = now->decided_at_ms,
                                                      .stop_ms = term->stop_ms,
                                                      .length = months});
    }
}

struct lq_verdict ledger_check_limit_correction(struct lq_decision *d, const char *number,
                                                const void *before, void *after)
{
    const Ledger__Limit *was = before, *now = after;
    char served[LQ_TIME_TEXT], at[LQ_TIME_TEXT];
    LQ_TRY(need_what_it_says(d, now->kind, now->ground, now->penalty));
    LQ_TRY(need_months(d, now->kind, now->months, now->decided_at_ms));
    if (now->kind == KIND(LIMITED) && was->months != 0 && now->months == 0)
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "for how many months is %s decided?",
                         number);
    if (now->served_at_ms != 0 && now->decided_at_ms > now->served_at_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "%s was served at %s, so that it was not decided only at %s", number,
                         lq_format_local(now->served_at_ms, served),
                         lq_format_local(now->decided_at_ms, at));
    restate_terms(d, was, now);
    return LQ_ACCEPT;
}

struct lq_verdict ledger_check_limit_void(struct lq_decision *d, const char *number,
                                          const void *row)
{
    const Ledger__Limit *limit = row;
    if (limit->state == STATE(TO_BE_SERVED) || limit->state == STATE(SUBMITTED))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                     "%s is %-s: what was served or has ended is not taken out of the books; the "
                     "head withdraws what should not be (lq limit withdraw %s)",
                     number, lq_state_said(d->arena, &ledger_limit_steps, (int)limit->state),
                     number);
}

void ledger_limit_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                          const void *before, const void *after)
{
    (void)thing;
    if (after != NULL)
        return;
    Ledger__Entry entry = ledger_copy(tables, ((const Ledger__Limit *)before)->premises);
    char **left = LQ_NEW_ARRAY(lq_view_arena(tables), char *, entry.n_limits);
    size_t count = 0;
    for (size_t i = 0; i < entry.n_limits; i++)
        if (strcmp(entry.limits[i], number) != 0)
            left[count++] = entry.limits[i];
    entry.limits = left;
    entry.n_limits = count;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- whom a mark names

void ledger_tell_handler(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        lq_told_add(rang, clock->owner);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        lq_told_add_desk_chiefs(d, rang, NULL);
}

// ---------------------------------------------------------------- answers

void ledger_list_limits(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ListLimits *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &ledger_limits, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Ledger__Limit *limit = s.row;
        if ((q->premises[0] == '\0' || strcmp(q->premises, limit->premises) == 0) &&
            (q->kind == KIND(KIND_UNSPECIFIED) || q->kind == limit->kind) &&
            (!q->open || ledger_limit_is_open(limit)) && !lq_rows_add(&rows, limit))
            break;
    }
    lq_rows_answer(&rows, answer);
}

void ledger_show_limit(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ShowLimit *q = query;
    Ledger__LimitFile *file = answer;
    const Ledger__Limit *limit = lq_find_numbered(r->view, &ledger_limits, q->number);
    if (limit == NULL)
        return;
    file->limit = lq_unconst(limit);
    file->steps = lq_steps_of(r, LEDGER_LIMIT, limit->number, &file->n_steps);
    lq_next(r, &ledger_limit_steps, (int)limit->state, limit->number, limit);
}

// With the file of the premises. Whoever is closed by the government has a decision of it.
void ledger_add_limits(struct lq_reading *r, const Ledger__Entry *entry, int64_t at_ms,
                       Ledger__PremisesFile *file)
{
    bool ordered = false;
    file->limits = LQ_NEW_ARRAY(r->arena, Ledger__LimitLine *, entry->n_limits + 1);
    for (size_t i = 0; i < entry->n_limits; i++) {
        const Ledger__Limit *limit =
            lq_find(r->view, &ledger_limits, lq_key_text(entry->limits[i]));
        LQ_ASSERT(limit != NULL);
        if (limit->decided_at_ms <= at_ms)
            file->limits[file->n_limits++] =
                lq_pb_project(r->arena, &ledger__limit_line__descriptor, limit);
        ordered = ordered || limit->authority[0] != '\0';
    }
    file->closure_not_recorded = file->entry->status == LEDGER__STATUS__CLOSED && !ordered;
}

// ---------------------------------------------------------------- what always holds

static void check_limit(struct lq_view *view, const Ledger__Limit *limit)
{
    static const char *const TERMS[] = {"LP1", "LP2", "LP4", "LP4b"};
    LQ_ASSERT((limit->kind == KIND(GOVERNMENT_CLOSURE)) !=
                  (limit->state == STATE(TO_BE_SERVED) || limit->state == STATE(LIFTED) ||
                   limit->state == STATE(TERMINATED)) ||
              limit->state == STATE(BINDING) || limit->state == STATE(WITHDRAWN));
    LQ_ASSERT(ledger_limit_is_open(limit) == (limit->ended_at_ms == 0));
    LQ_ASSERT((limit->authority[0] != '\0') == (limit->document[0] != '\0'));
    for (size_t i = 0; i < sizeof TERMS / sizeof *TERMS; i++) {
        const Rules__Clock *term = lq_clock_find(view, LEDGER_LIMIT, limit->number, TERMS[i]);
        LQ_ASSERT(term == NULL || ledger_limit_is_open(limit) || !lq_clock_runs(term));
    }
}

void ledger_check_limits(struct lq_view *view)
{
    uint64_t found = 0;
    for (struct lq_scan s = lq_scan(view, &ledger_limits, lq_key_none()); lq_scan_next(&s);)
        check_limit(view, s.row);
    for (struct lq_scan s = lq_scan(view, &ledger_premises_table, lq_key_none());
         lq_scan_next(&s);) {
        const Ledger__Entry *entry = s.row;
        for (size_t i = 0; i < entry->n_limits; i++, found++) {
            const Ledger__Limit *limit =
                lq_find(view, &ledger_limits, lq_key_text(entry->limits[i]));
            LQ_ASSERT(limit != NULL && strcmp(limit->premises, entry->premises->number) == 0);
        }
    }
    LQ_ASSERT(found == lq_count(view, &ledger_limits));
}
