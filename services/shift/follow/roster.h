// The roster as services that follow shift keep it: who people are, which team they belong to and
// which role they hold. A follower lists both tables among its own, has lq_roster_react among what
// it follows, which gives it a note_person command for each person, and calls lq_roster_note when
// it applies the person_noted event.
#pragma once

#include "service/service.h"
#include "shift.pb-c.h"

extern const struct lq_table lq_roster_people; // badge -> Person
extern const struct lq_table lq_roster_teams;  // team, badge -> Person

// The `react` of those that follow shift for its people.
void lq_roster_react(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event);

// In `decide`, for note_person: takes the person over, or rejects with this code what has no key.
struct lq_verdict lq_roster_decide(struct lq_decision *d, int code, const Shift__Person *person);

// In `apply`: keeps the person, in place of what was kept of the badge before.
void lq_roster_note(struct lq_view *tables, const Shift__Person *person);

const Shift__Person *lq_roster_person(struct lq_view *view, const char *badge); // NULL: unknown
const Shift__Person *lq_roster_lead(struct lq_view *view, const char *team);    // NULL: no lead
const char *lq_roster_group(struct lq_view *view, const char *team); // NULL: no such team

// For lq_service.roles_of: LQ_ROLE bits, 0 for an unknown badge.
uint32_t lq_roster_roles(struct lq_view *view, const char *badge);
