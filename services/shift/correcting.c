// The rules for correcting and voiding what is recorded of people.
#include "shift.h"

// Which team and role somebody had when is no slip of the pen: lq shift amend --at.
const void *shift_find_person(struct lq_view *view, const struct lq_thing *thing,
                              const char *number)
{
    return lq_roster_person(view, number);
}

struct lq_verdict shift_check_person_correction(struct lq_decision *d, const char *number,
                                                const void *before, void *after)
{
    if (((const Shift__Person *)after)->name[0] == '\0')
        return lq_reject(d, SHIFT__REJECT__FIELD_MISSING, "%s needs a name", number);
    shift_doubt_cover_from(d, 0); // the unit may be another
    return LQ_ACCEPT;
}

// Registered by mistake: as if he had never been of the force. Who has belonged to it leaves it; a
// lead is one whom orders may wait for.
struct lq_verdict shift_check_person_void(struct lq_decision *d, const char *number,
                                          const void *thing)
{
    const Shift__Person *p = thing;
    if (p->role == LQ__ROLE__LEAD)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "%s %s leads team %s: give the team another lead first, or amend this "
                         "person",
                         number, p->name, p->team);
    shift_doubt_cover_from(d, 0);
    return LQ_ACCEPT;
}

void shift_person_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                          const void *before, const void *after)
{
    if (after == NULL) {
        lq_roster_erase(tables, number);
        return;
    }
    Shift__Person person = *(const Shift__Person *)after;
    person.in_every_row = true;
    lq_roster_keep(tables, NULL, &person);
}
