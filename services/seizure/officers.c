// Who may seize: two officers of the force, whose certificates are valid (Administrative Compulsion
// Law art. 17, 18; Measures for Sealing and Detention art. 12). A certificate that the roster does
// not have is told of, and no hindrance: many rosters have none.
#include "seizure.h"

// The power to seize is not passed on: neither supervisors of a township nor others of the force
// act for the officers (Administrative Compulsion Law art. 17; Measures art. 12).
static struct lq_verdict need_qualified(struct lq_decision *d, const char *badge, int64_t at_ms)
{
    enum { OFFICERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) };
    const uint32_t roles = lq_roster_roles_at(d->view, badge, at_ms);
    const Shift__Person *person = lq_roster_person_at(d->view, badge, at_ms);
    char until[LQ_TIME_TEXT];
    if ((roles & OFFICERS) == 0)
        return lq_reject(d, SEIZURE__REJECT__NOT_QUALIFIED,
                         "%s is %-s: only enforcement officers seal, who are lead or officer of a "
                         "team (Administrative Compulsion Law art. 17; Measures for Sealing and "
                         "Detention art. 12)",
                         badge, lq_roles_text(d->arena, roles));
    if (person->certificate_until_day != 0 && lq_day_of(at_ms) > person->certificate_until_day)
        return lq_reject(d, SEIZURE__REJECT__NOT_QUALIFIED,
                         "the enforcement certificate %s of %s was valid until %s: another officer "
                         "acts, or the roster is brought up to date (Administrative Compulsion Law "
                         "art. 17)",
                         person->certificate, badge,
                         lq_format_day(person->certificate_until_day, until));
    return LQ_ACCEPT;
}

struct lq_verdict seizure_need_two_officers(struct lq_decision *d, const char *number,
                                            const char *officer_1, const char *officer_2,
                                            int64_t at_ms)
{
    if (officer_1[0] == '\0' || officer_2[0] == '\0')
        return lq_reject(d, SEIZURE__REJECT__TWO_OFFICERS_REQUIRED,
                         "item %s names fewer than two officers: two or more must act "
                         "(Administrative Compulsion Law art. 18(2))",
                         number);
    if (strcmp(officer_1, officer_2) == 0)
        return lq_reject(d, SEIZURE__REJECT__TWO_OFFICERS_REQUIRED,
                         "item %s names %s twice: two different officers must act "
                         "(Administrative Compulsion Law art. 18(2))",
                         number, officer_1);
    const char *const badges[] = {officer_1, officer_2};
    char at[LQ_TIME_TEXT];
    for (size_t i = 0; i < 2; i++)
        if (lq_roster_roles_at(d->view, badges[i], at_ms) == 0)
            return lq_reject(d, SEIZURE__REJECT__OFFICER_UNKNOWN,
                             "officer %s is not on the roster of %s", badges[i],
                             lq_format_local(at_ms, at));
    for (size_t i = 0; i < 2; i++)
        LQ_TRY(need_qualified(d, badges[i], at_ms));
    return LQ_ACCEPT;
}

void seizure_tell_uncertified(struct lq_reading *r, const Seizure__Item *item, Seizure__Item *told)
{
    char *const badges[] = {item->officer_1, item->officer_2};
    told->uncertified = LQ_NEW_ARRAY(r->arena, char *, 2);
    told->n_uncertified = 0;
    for (size_t i = 0; i < 2; i++) {
        const Shift__Person *p = lq_roster_person_at(r->view, badges[i], item->at_ms);
        if (p != NULL && p->certificate[0] == '\0')
            told->uncertified[told->n_uncertified++] = badges[i];
    }
}
