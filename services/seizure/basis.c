// On what an act rests that is no seizure and is not undone by a term: dismantling, closing a site,
// cutting power. Nothing is refused for want of it, since it was done; what is missing or unusual
// is told with the record, and again whenever it is asked for (Administrative Compulsion Law art.
// 35, 43, 44).
#include "law/law.h"
#include "seizure.h"

// The law does not say when it is night. From 22:00 to 06:00, as in the Noise Law of 1996, art. 63.
enum { HOUR_MS = 3600 * 1000, NIGHT_BEGINS_MS = 22 * HOUR_MS, NIGHT_ENDS_MS = 6 * HOUR_MS };

static bool is_night(int64_t at_ms)
{
    const int64_t of_day_ms = at_ms - lq_day_start_ms(lq_day_of(at_ms));
    return of_day_ms >= NIGHT_BEGINS_MS || of_day_ms < NIGHT_ENDS_MS;
}

// Of what an authority enforced itself.
static size_t warn_of_enforcement(const struct lq_law *law, const struct seizure_basis *basis,
                                  Seizure__Warning *warnings)
{
    const int32_t day = lq_day_of(basis->at_ms);
    size_t count = 0;
    if (basis->demand_day == 0)
        warnings[count++] = SEIZURE__WARNING__DEMAND_NOT_SERVED;
    if (basis->remedy_until_day == 0)
        warnings[count++] = SEIZURE__WARNING__REMEDY_PERIOD_NOT_RECORDED;
    else if (basis->remedy_until_day >= day)
        warnings[count++] = SEIZURE__WARNING__REMEDY_PERIOD_OPEN;
    if (!basis->urgent && is_night(basis->at_ms))
        warnings[count++] = SEIZURE__WARNING__AT_NIGHT;
    if (!basis->urgent && lq_is_public_holiday(law, day))
        warnings[count++] = SEIZURE__WARNING__ON_PUBLIC_HOLIDAY;
    return count;
}

size_t seizure_warn(struct lq_arena *arena, const struct lq_law *law,
                    const struct seizure_basis *basis, Seizure__Warning **warnings)
{
    enum { WARNINGS_MOST = 8 };
    *warnings = LQ_NEW_ARRAY(arena, Seizure__Warning, WARNINGS_MOST);
    size_t count = 0;
    if (basis->legal_basis[0] == '\0')
        (*warnings)[count++] = SEIZURE__WARNING__BASIS_NOT_RECORDED;
    if (basis->mode == SEIZURE__MODE__COMPULSORY)
        count += warn_of_enforcement(law, basis, *warnings + count);
    return count;
}

static bool is_empty(const struct seizure_basis *basis)
{
    return basis->legal_basis[0] == '\0' && basis->ordering_authority[0] == '\0' &&
           basis->mode == SEIZURE__MODE__MODE_UNSPECIFIED && basis->demand_day == 0 &&
           basis->remedy_until_day == 0 && !basis->urgent;
}

struct lq_verdict seizure_need_basis_fits(struct lq_decision *d, const char *number,
                                          Seizure__Action action, const struct seizure_basis *basis)
{
    char demand[LQ_TIME_TEXT], act[LQ_TIME_TEXT];
    if (action == SEIZURE__ACTION__SEALED && !is_empty(basis))
        return lq_reject(d, SEIZURE__REJECT__BASIS_UNFIT,
                         "item %s was sealed: that rests on its decision and ground, not on a "
                         "demand that is enforced",
                         number);
    if (basis->demand_day <= lq_day_of(basis->at_ms))
        return LQ_ACCEPT;
    return lq_reject(d, SEIZURE__REJECT__BASIS_UNFIT,
                     "the demand is dated %s, but %s was enforced at %s: a demand comes first "
                     "(Administrative Compulsion Law art. 35)",
                     lq_format_day(basis->demand_day, demand), number,
                     lq_format_local(basis->at_ms, act));
}
