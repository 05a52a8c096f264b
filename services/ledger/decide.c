// The rules: each command either emits what happened or is rejected with the reason. Which step may
// follow which is declared in transitions.c.
#include "ledger.h"

bool ledger_unfit_number(const char *number)
{
    return number[0] == '\0' || strlen(number) > LQ_PB_IDENTIFIER_BYTES;
}

// ---------------------------------------------------------------- registering premises

// What is missing from the premises, for the text of the rejection; NULL if nothing is. Township
// and kind become keys of those who count by them, so they are as short as numbers are.
static const char *what_is_missing(const Ledger__Premises *p)
{
    if (ledger_unfit_number(p->number))
        return "premises need a number of at most 64 bytes";
    if (p->standing == LEDGER__STANDING__STANDING_UNSPECIFIED)
        return "premises are either an enterprise or an unlicensed site: say which";
    if (p->township[0] == '\0' || strlen(p->township) > LQ_PB_IDENTIFIER_BYTES)
        return "premises need a township of at most 64 bytes";
    if (strlen(p->kind) > LQ_PB_IDENTIFIER_BYTES)
        return "the kind of premises has at most 64 bytes";
    if (p->standing == LEDGER__STANDING__ENTERPRISE && p->name[0] == '\0')
        return "an enterprise needs a name";
    if (p->standing == LEDGER__STANDING__UNLICENSED_SITE && p->kind[0] == '\0')
        return "an unlicensed site needs a kind";
    return NULL;
}

static bool is_on_earth(const Ledger__Premises *p)
{
    const int32_t degree = 10000000;
    return p->lat_e7 >= -90 * degree && p->lat_e7 <= 90 * degree && p->lon_e7 >= -180 * degree &&
           p->lon_e7 <= 180 * degree;
}

struct lq_verdict ledger_register_premises(struct lq_decision *d, const void *command)
{
    const Ledger__Premises *c = command;
    const char *missing = what_is_missing(c);
    if (missing != NULL)
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "%s", missing);
    if (lq_exists(d->view, &ledger_table_premises, lq_key_text(c->number)))
        return lq_reject(d, LEDGER__REJECT__PREMISES_KNOWN, "premises %s are registered already",
                         c->number);
    if (!is_on_earth(c))
        return lq_reject(d, LEDGER__REJECT__OUTSIDE_THE_EARTH,
                         "premises %s: latitude is from -90 to 90 degrees and longitude from -180 "
                         "to 180, each times 10^7; this is %d, %d",
                         c->number, c->lat_e7, c->lon_e7);

    lq_emit(d, LEDGER__EVENT__BODY_PREMISES_REGISTERED, &c->base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- what happens to known premises

static const Ledger__Entry *find_premises(struct lq_decision *d, const char *number)
{
    return lq_find(d->view, &ledger_table_premises, lq_key_text(number));
}

// Two people of one name may be on the roll of different units.
static bool is_same_person(const Ledger__Supervisor *a, const Ledger__Supervisor *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->unit, b->unit) == 0;
}

struct lq_verdict ledger_assign_supervisor(struct lq_decision *d, const void *command)
{
    const Ledger__Supervisor *c = command;
    if (ledger_unfit_number(c->premises))
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "a supervisor is assigned to premises: their number is missing or has "
                         "more than 64 bytes");
    if (c->name[0] == '\0')
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "a supervisor of %s needs a name",
                         c->premises);
    const Ledger__Entry *entry = find_premises(d, c->premises);
    if (entry == NULL)
        return lq_reject(d, LEDGER__REJECT__PREMISES_UNKNOWN, "premises %s are not in the ledger",
                         c->premises);
    for (size_t i = 0; i < entry->n_supervisors; i++)
        if (is_same_person(entry->supervisors[i], c))
            return lq_reject(d, LEDGER__REJECT__SUPERVISOR_ASSIGNED,
                             "%s (%s) supervises %s already", c->name, c->unit, c->premises);
    if (entry->n_supervisors >= 2)
        return lq_reject(d, LEDGER__REJECT__PAIR_COMPLETE,
                         "%s has its two supervisors already: %s and %s", c->premises,
                         entry->supervisors[0]->name, entry->supervisors[1]->name);

    lq_emit(d, LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED, &c->base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}

static struct lq_verdict reject_order(struct lq_decision *d, const Ledger__RecordStep *c,
                                      const Ledger__Entry *entry)
{
    char since[LQ_TIME_TEXT] = "";
    const char *separator = "";
    if (entry->status != LEDGER__STATUS__NO_STATUS) {
        separator = " since ";
        lq_format_local(entry->status_since_ms, since);
    }
    return lq_reject(d, LEDGER__REJECT__STEP_OUT_OF_ORDER,
                     "%s is %s%s%s and cannot become %s; what may follow is %s", c->premises,
                     ledger_status_word(entry->status), separator, since,
                     ledger_status_word(c->step), ledger_what_may_follow(d->arena, entry->status));
}

// Steps that happened within one second are dated alike, so the same instant is in order.
static bool is_before_previous(const struct lq_decision *d, const Ledger__Entry *entry)
{
    return entry->status != LEDGER__STATUS__NO_STATUS &&
           d->facts->occurred_ms < entry->status_since_ms;
}

static struct lq_verdict reject_time(struct lq_decision *d, const Ledger__RecordStep *c,
                                     const Ledger__Entry *entry)
{
    char dated[LQ_TIME_TEXT], previous[LQ_TIME_TEXT];
    return lq_reject(
        d, LEDGER__REJECT__STEP_BEFORE_PREVIOUS,
        "%s cannot have become %s at %s: it became %s at %s, and a step is not dated "
        "before the one it follows",
        c->premises, ledger_status_word(c->step), lq_format_local(d->facts->occurred_ms, dated),
        ledger_status_word(entry->status), lq_format_local(entry->status_since_ms, previous));
}

struct lq_verdict ledger_record_step(struct lq_decision *d, const void *command)
{
    const Ledger__RecordStep *c = command;
    if (ledger_unfit_number(c->premises))
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING,
                         "a step is taken by an enterprise: its number is missing or has more than "
                         "64 bytes");
    if (c->step == LEDGER__STATUS__NO_STATUS)
        return lq_reject(d, LEDGER__REJECT__FIELD_MISSING, "which step did %s take?", c->premises);
    const Ledger__Entry *entry = find_premises(d, c->premises);
    if (entry == NULL)
        return lq_reject(d, LEDGER__REJECT__PREMISES_UNKNOWN, "premises %s are not in the ledger",
                         c->premises);
    if (entry->premises->standing != LEDGER__STANDING__ENTERPRISE)
        return lq_reject(d, LEDGER__REJECT__NOT_AN_ENTERPRISE,
                         "%s is an unlicensed site: it is not rectified, it is closed by an order",
                         c->premises);
    if (!ledger_may_follow(entry->status, c->step))
        return reject_order(d, c, entry);
    if (is_before_previous(d, entry))
        return reject_time(d, c, entry);

    Ledger__StatusChanged changed;
    ledger__status_changed__init(&changed);
    changed.premises = c->premises;
    changed.from = entry->status;
    changed.to = c->step;
    changed.township = entry->premises->township;
    lq_emit(d, LEDGER__EVENT__BODY_STATUS_CHANGED, &changed.base);
    lq_number(d, c->premises);
    return LQ_ACCEPT;
}
