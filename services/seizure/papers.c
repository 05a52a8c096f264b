// What papers call people and premises.
#include "seizure.h"

const char *seizure_paper_name(struct lq_view *view, const char *as, const char *value,
                               int64_t at_ms)
{
    if (strcmp(as, "person") == 0) {
        const Shift__Person *person = lq_roster_person_at(view, value, at_ms);
        if (person == NULL)
            person = lq_roster_person(view, value);
        return person != NULL ? person->name : NULL;
    }
    if (strcmp(as, "premises") == 0) {
        const Ledger__PremisesNote *premises = lq_premises_noted(view, value);
        return premises != NULL && premises->name[0] != '\0' ? premises->name : NULL;
    }
    return NULL;
}
