// The roster as services that follow shift keep it: who people are, which team they belong to and
// which role they hold.
#pragma once

#include "service/service.h"
#include "shift.pb-c.h"

extern const struct lq_table lq_roster_people; // badge -> Person
extern const struct lq_table lq_roster_teams;  // team, badge -> Person

extern const struct lq_replica shift_roster; // kept as person_noted

const Shift__Person *lq_roster_person(struct lq_view *view, const char *badge); // NULL: unknown
const Shift__Person *lq_roster_lead(struct lq_view *view, const char *team);    // NULL: no lead
const char *lq_roster_group(struct lq_view *view, const char *team); // NULL: no such team

// For lq_service.roles_of: LQ_ROLE bits, 0 for an unknown badge.
uint32_t lq_roster_roles(struct lq_view *view, const char *badge);
