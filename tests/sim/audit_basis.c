// What is no seizure: dismantling, closing, cutting power. What each must warn of is worked out
// once more, from the words of the law and of docs/decisions/0036.
#include "base/time.h"
#include "sim/audit_parts.h"

typedef unsigned long long number;

// ---------------------------------------------------------------- what is warned of

#define OF_BASIS(e, at)                                                                            \
    (e)->legal_basis, (e)->mode, (e)->demand_day, (e)->remedy_until_day, (e)->urgent, (at)

static uint32_t expected(const char *legal_basis, Seizure__Mode mode, int32_t demand_day,
                         int32_t remedy_until_day, bool urgent, int64_t at_ms)
{
    const int32_t day = lq_day_of(at_ms);
    const int64_t hour = (at_ms - lq_day_start_ms(day)) / 3600000;
    uint32_t set = legal_basis[0] == '\0' ? 1U << SEIZURE__WARNING__BASIS_NOT_RECORDED : 0;
    if (mode != SEIZURE__MODE__COMPULSORY)
        return set;
    if (demand_day == 0)
        set |= 1U << SEIZURE__WARNING__DEMAND_NOT_SERVED;
    if (remedy_until_day == 0)
        set |= 1U << SEIZURE__WARNING__REMEDY_PERIOD_NOT_RECORDED;
    if (remedy_until_day != 0 && day <= remedy_until_day)
        set |= 1U << SEIZURE__WARNING__REMEDY_PERIOD_OPEN;
    if (!urgent && (hour >= 22 || hour <= 5))
        set |= 1U << SEIZURE__WARNING__AT_NIGHT;
    if (!urgent && audit_is_public_holiday(day))
        set |= 1U << SEIZURE__WARNING__ON_PUBLIC_HOLIDAY;
    return set;
}

static void check_warnings(const char *thing, uint32_t expected_set,
                           const Seizure__Warning *warnings, size_t count)
{
    uint32_t told = 0;
    for (size_t i = 0; i < count; i++)
        told |= 1U << warnings[i];
    AUDIT(told == expected_set, "basis", "%s warns of %#x; by what is recorded it is %#x", thing,
          told, expected_set);
}

static void check_demand(const char *thing, int32_t demand_day, int64_t at_ms)
{
    AUDIT(demand_day <= lq_day_of(at_ms), "basis", "%s was enforced before the demand", thing);
}

void audit_dismantled(const Seizure__ItemTaken *item)
{
    check_demand(item->number, item->demand_day, item->at_ms);
    check_warnings(item->number, expected(OF_BASIS(item, item->at_ms)), item->warnings,
                   item->n_warnings);
}

// ---------------------------------------------------------------- sites

void audit_site_closed(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Seizure__SiteClosed *e = body;
    const struct audit_premises *site = audit_find_text(&fact->stream->premises, e->site);
    const int64_t at_ms = fact->r->occurred_at_ms;
    audit_check_order(fact, e->order, e->site);
    AUDIT(site != NULL && site->standing == LEDGER__STANDING__UNLICENSED_SITE, "seizure",
          "%s is closed and no unlicensed site", e->site);
    AUDIT(audit_find_text(&a->closed_sites, e->site) == NULL, "seizure", "%s is closed twice",
          e->site);
    audit_put_text(a, &a->closed_sites, 0, e->site);
    check_demand(e->site, e->demand_day, at_ms);
    check_warnings(e->site, expected(OF_BASIS(e, at_ms)), e->warnings, e->n_warnings);
}

// ---------------------------------------------------------------- power

struct audit_power {
    const char *target;
    int64_t at_ms;
    bool off;
};

bool audit_power_is_off(const struct audit *a, const char *name)
{
    const struct audit_power *power = audit_find_text(&a->power_cuts, name);
    return power != NULL && power->off;
}

void audit_power_cut(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Seizure__PowerWasCut *e = body;
    const int64_t at_ms = fact->r->occurred_at_ms;
    AUDIT(audit_find_text(&fact->stream->premises, e->target) != NULL, "power",
          "the power of %s is cut, which the ledger does not know", e->target);
    if (e->order[0] != '\0')
        audit_check_order(fact, e->order, e->target);
    for (const struct audit_entry *other = a->power_cuts.first; other != NULL;
         other = other->next) {
        const struct audit_power *power = other->value;
        AUDIT(!power->off || strcmp(power->target, e->target) != 0, "power",
              "the power of %s is cut twice", e->target);
    }
    AUDIT(audit_find_text(&a->power_cuts, e->number) == NULL, "power", "%s is there twice",
          e->number);
    struct audit_power *power = audit_put_text(a, &a->power_cuts, sizeof *power, e->number);
    power->target = e->target;
    power->at_ms = at_ms;
    power->off = true;
    check_demand(e->number, e->demand_day, at_ms);
    check_warnings(e->number, expected(OF_BASIS(e, at_ms)), e->warnings, e->n_warnings);
}

void audit_power_back(struct audit *a, const struct audit_fact *fact, const Rules__StepTaken *taken)
{
    struct audit_power *power = audit_find_text(&a->power_cuts, taken->number);
    const uint32_t who = ROLE_BIT(LEAD) | ROLE_BIT(OFFICER) | ROLE_BIT(COMMANDER) | ROLE_BIT(HEAD);
    AUDIT(power != NULL && power->off && taken->verb == RULES__VERB__RESTORE_POWER, "power",
          "record %llu of seizure restores %s, which is not off", (number)fact->r->seq,
          taken->number);
    AUDIT((fact->principal_roles & who) != 0, "power", "%s restores the power of %s",
          fact->principal, taken->number);
    AUDIT(fact->r->occurred_at_ms >= power->at_ms, "power", "%s is restored before it was cut",
          taken->number);
    power->off = false;
}
