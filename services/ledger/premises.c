// Premises as the ledger keeps them: registering, listing, showing.
#include "language/language.h"
#include "ledger.h"
#include "service/need.h"
#include "service/number.h"

const struct lq_table ledger_premises_table = {"premises", &ledger__entry__descriptor};

// What is missing from the premises, for the text of the rejection; NULL if nothing is. Township
// and kind become keys of those who count by them, so they are as short as numbers are.
static const char *what_is_missing(const Ledger__Premises *p)
{
    if (!lq_pb_key(p->number))
        return LQ_TR_LATER("the number of premises has at most 64 bytes");
    if (p->standing == LEDGER__STANDING__STANDING_UNSPECIFIED)
        return LQ_TR_LATER("premises are either an enterprise or an unlicensed site: say which");
    if (!lq_pb_key(p->township))
        return LQ_TR_LATER("premises need a township of at most 64 bytes");
    if (strlen(p->kind) > LQ_PB_IDENTIFIER_BYTES)
        return LQ_TR_LATER("the kind of premises has at most 64 bytes");
    if (p->standing == LEDGER__STANDING__ENTERPRISE && p->name[0] == '\0')
        return LQ_TR_LATER("an enterprise needs a name");
    if (p->standing == LEDGER__STANDING__UNLICENSED_SITE && p->kind[0] == '\0')
        return LQ_TR_LATER("an unlicensed site needs a kind");
    return NULL;
}

static bool is_on_earth(const Ledger__Premises *p)
{
    const int32_t degree = 10000000;
    return p->lat_e7 >= -90 * degree && p->lat_e7 <= 90 * degree && p->lon_e7 >= -180 * degree &&
           p->lon_e7 <= 180 * degree;
}

static struct lq_verdict need_fields(struct lq_decision *d, const Ledger__Premises *c)
{
    const char *missing = what_is_missing(c);
    return missing == NULL ? LQ_ACCEPT
                           : lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "%-s", missing);
}

static struct lq_verdict need_place_and_day(struct lq_decision *d, const Ledger__Premises *c)
{
    LQ_TRY(lq_need_not_swapped(d, c->lat_e7, c->lon_e7));
    if (!is_on_earth(c))
        return lq_reject(d, LEDGER__REJECT__OUTSIDE_THE_EARTH,
                         "premises %s: latitude is from -90 to 90 degrees and longitude from -180 "
                         "to 180, each times 10^7; this is %d, %d",
                         c->number, c->lat_e7, c->lon_e7);
    LQ_TRY(lq_need_in_county(d, c->lat_e7, c->lon_e7));
    if (c->deadline_day != 0)
        LQ_TRY(lq_need_plausible_day(d, "the deadline", c->deadline_day,
                                     d->facts->policy->limits.deadline_days, "deadline_days"));
    return LQ_ACCEPT;
}

struct lq_verdict ledger_register_premises(struct lq_decision *d, const void *command)
{
    Ledger__Premises numbered = *(const Ledger__Premises *)command;
    const bool is_site = numbered.standing == LEDGER__STANDING__UNLICENSED_SITE;
    numbered.number =
        lq_number_or_next(d, numbered.number, &ledger_premises_table, is_site ? "S001" : "E0001");
    const Ledger__Premises *c = &numbered;
    LQ_TRY(need_fields(d, c));
    LQ_TRY(lq_need_unvoided(d, LEDGER__REJECT__PREMISES_KNOWN, &ledger_premises_table, c->number));
    if (lq_exists(d->view, &ledger_premises_table, lq_key_text(c->number)))
        return lq_reject(d, LEDGER__REJECT__PREMISES_KNOWN, "premises %s are registered already",
                         c->number);
    LQ_TRY(need_place_and_day(d, c));

    lq_emit(d, LEDGER__EVENT__BODY_PREMISES_REGISTERED, &c->base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

const Ledger__Entry *ledger_find(struct lq_view *view, const char *number)
{
    return lq_find(view, &ledger_premises_table, lq_key_text(number));
}

Ledger__Entry ledger_copy(struct lq_view *tables, const char *number)
{
    const Ledger__Entry *entry = ledger_find(tables, number);
    LQ_ASSERT(entry != NULL);
    return *entry;
}

void ledger_save(struct lq_view *tables, const Ledger__Entry *entry)
{
    lq_save(tables, &ledger_premises_table, lq_key_text(entry->premises->number), &entry->base);
}

void ledger_premises_registered(struct lq_view *tables, const struct lq_occurrence *what,
                                const void *event)
{
    Ledger__Entry entry = LEDGER__ENTRY__INIT;
    entry.premises = lq_pb_project(lq_view_arena(tables), &ledger__premises__descriptor, event);
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- corrections

const void *ledger_find_premises(struct lq_view *view, const struct lq_thing *thing,
                                 const char *number)
{
    const Ledger__Entry *entry = ledger_find(view, number);
    return entry != NULL ? entry->premises : NULL;
}

struct lq_verdict ledger_check_premises_correction(struct lq_decision *d, const char *number,
                                                   const void *before, void *after)
{
    const Ledger__Premises *now = after;
    LQ_TRY(need_fields(d, now));
    LQ_TRY(need_place_and_day(d, now));
    ledger_restate_deadline(d, number, now->deadline_day);
    return LQ_ACCEPT;
}

struct lq_verdict ledger_check_premises_void(struct lq_decision *d, const char *number,
                                             const void *thing)
{
    const Ledger__Entry *entry = ledger_find(d->view, number);
    if (entry->status != LEDGER__STATUS__NO_STATUS)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "premises %s have taken steps: void those first, or close the premises",
                         number);
    if (entry->measures_added > 0)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "premises %s have measures: close them instead", number);
    if (entry->n_limits > 0)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "%s is decided on premises %s: they are closed, and stay in the books",
                         entry->limits[0], number);
    if (entry->n_supervisors > 0)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "premises %s have supervisor %s: void that first", number,
                         entry->supervisors[0]->name);
    return LQ_ACCEPT;
}

void ledger_premises_changed(struct lq_view *tables, const struct lq_thing *thing,
                             const char *number, const void *before, const void *after)
{
    Ledger__Entry entry = ledger_copy(tables, number);
    if (after == NULL) {
        lq_erase(tables, &ledger_premises_table, lq_key_text(number));
        return;
    }
    entry.premises = lq_unconst(after);
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- answers

// Overdue: the deadline has passed (the day itself is still in time) and the enterprise has neither
// reported completion nor been closed.
static bool is_overdue(const Ledger__Entry *entry, int32_t today)
{
    return entry->premises->standing == LEDGER__STANDING__ENTERPRISE &&
           entry->premises->deadline_day > 0 && entry->premises->deadline_day < today &&
           entry->status != LEDGER__STATUS__RECTIFICATION_COMPLETED &&
           entry->status != LEDGER__STATUS__ACCEPTED && entry->status != LEDGER__STATUS__CLOSED;
}

static bool is_in_township(const Ledger__Entry *entry, const char *township)
{
    return township[0] == '\0' || strcmp(entry->premises->township, township) == 0;
}

static bool is_asked_for(const struct lq_reading *r, const Ledger__ListPremises *q,
                         const Ledger__Entry *entry)
{
    const Ledger__Premises *premises = entry->premises;
    return is_in_township(entry, q->township) &&
           (q->status == LEDGER__STATUS__NO_STATUS || entry->status == q->status) &&
           (q->standing == LEDGER__STANDING__STANDING_UNSPECIFIED ||
            premises->standing == q->standing) &&
           (q->text[0] == '\0' || strstr(premises->name, q->text) != NULL ||
            strstr(premises->owner, q->text) != NULL) &&
           (!q->overdue || is_overdue(entry, lq_day_of(r->now_ms)));
}

// An entry as it is told: with the pair of then.
static const Ledger__Entry *told(struct lq_arena *arena, const Ledger__Entry *entry, int64_t at_ms)
{
    Ledger__Entry *copy = LQ_NEW(arena, Ledger__Entry);
    *copy = *entry;
    copy->n_supervisors = ledger_pair_at(arena, entry, at_ms, &copy->supervisors);
    return copy;
}

void ledger_list_premises(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ListPremises *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &ledger_premises_table, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(r, q, s.row) && !lq_rows_add(&rows, told(r->arena, s.row, r->now_ms)))
            break;
    lq_rows_answer(&rows, answer);
}

// Who else has been one of the pair, or will be.
static void add_others(struct lq_reading *r, const Ledger__Entry *entry, int64_t at_ms,
                       Ledger__PremisesFile *file)
{
    file->others = LQ_NEW_ARRAY(r->arena, Ledger__Supervisor *, entry->n_supervisors);
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (!ledger_is_of_pair(entry, entry->supervisors[i], at_ms))
            file->others[file->n_others++] = entry->supervisors[i];
}

// What stands beside the status: of how they are now. Whether a term of statutory trial production
// runs for premises that were halted and resume is disputed (law.md, TR1): said, and not counted.
static void add_gate(struct lq_reading *r, const Ledger__Entry *entry, Ledger__PremisesFile *file)
{
    file->acceptance = lq_unconst(ledger_acceptance_of(r->view, entry));
    if (file->entry->status != LEDGER__STATUS__ACCEPTED)
        return;
    file->gate_not_recorded = file->acceptance == NULL;
    file->disputed = true;
}

void ledger_show_premises(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__ShowPremises *q = query;
    Ledger__PremisesFile *file = answer;
    const int64_t at_ms = q->on_ms != 0 ? q->on_ms : r->now_ms;
    const Ledger__Entry *entry = lq_find_numbered(r->view, &ledger_premises_table, q->number);
    if (entry == NULL)
        return;
    file->entry = lq_unconst(told(r->arena, entry, at_ms));
    add_others(r, entry, at_ms, file);
    ledger_list_steps(r, file, at_ms);
    add_gate(r, entry, file);
    ledger_list_measures(r->view, q->number, file);
    ledger_list_cameras(r, q->number, file);
    ledger_add_limits(r, entry, at_ms, file);
    if (q->on_ms == 0 && entry->premises->standing == LEDGER__STANDING__ENTERPRISE)
        lq_next(r, &ledger_rectification, (int)entry->status, entry->premises->number, entry);
}

// What papers about premises say beside their row: of the pair (责任状) that they have then.
const ProtobufCMessage *ledger_paper_source(struct lq_view *view, const char *number,
                                            const void *row, int64_t at_ms)
{
    (void)row; // the entry has it within
    const Ledger__Entry *entry = ledger_find(view, number);
    LQ_ASSERT(entry != NULL);
    Ledger__PremisesFile *file = LQ_NEW(lq_view_arena(view), Ledger__PremisesFile);
    ledger__premises_file__init(file);
    file->entry = lq_unconst(told(lq_view_arena(view), entry, at_ms));
    ledger_list_measures(view, number, file);
    return &file->base;
}

// Every status has its line, the empty ones too, so that a list of them never changes its shape.
void ledger_count_by_status(struct lq_reading *r, const void *query, void *answer)
{
    const Ledger__CountByStatus *q = query;
    enum { STATUSES = LEDGER__STATUS__CLOSED + 1 };
    uint32_t totals[STATUSES] = {0};
    for (struct lq_scan s = lq_scan(r->view, &ledger_premises_table, lq_key_none());
         lq_scan_next(&s);) {
        const Ledger__Entry *entry = s.row;
        if (entry->premises->standing == LEDGER__STANDING__ENTERPRISE &&
            is_in_township(entry, q->township))
            totals[entry->status]++;
    }

    Ledger__StatusCounts *counts = answer;
    counts->counts = LQ_NEW_ARRAY(r->arena, Ledger__StatusCount *, STATUSES);
    counts->n_counts = STATUSES;
    for (unsigned status = 0; status < STATUSES; status++) {
        Ledger__StatusCount *count = LQ_NEW(r->arena, Ledger__StatusCount);
        ledger__status_count__init(count);
        count->status = (Ledger__Status)status;
        count->premises = totals[status];
        counts->counts[status] = count;
    }
}

void ledger_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &ledger_premises_table, lq_key_none());
         lq_scan_next(&s);) {
        const Ledger__Entry *entry = s.row;
        int64_t at_ms;
        LQ_ASSERT(!ledger_too_many_at(lq_view_arena(view), entry, &at_ms));
        LQ_ASSERT(entry->premises->standing == LEDGER__STANDING__ENTERPRISE ||
                  entry->status == LEDGER__STATUS__NO_STATUS);
        ledger_check_steps(view, entry);
    }
}
