// The roster, dated: who people are, which team they belong to and which role they hold, and since
// when. Shift keeps it in its own tables, and services that follow shift keep the same.
//
// Rules ask as of when something happened: who leads a team now says nothing of who did when its
// lead reported without a signal, or of whom a paper of last week names.
#pragma once

#include "service/service.h"
#include "shift.pb-c.h"

extern const struct lq_table lq_roster_people; // badge -> Person, as it is since its last change
extern const struct lq_table lq_roster_dated;  // badge, since when -> Person, until the next row
extern const struct lq_table lq_roster_teams;  // team, badge -> TeamMember: is or was in it

extern const struct lq_replica shift_roster; // kept as person_noted

// In `apply`: what an event says of a person. What was recorded before rows were dated says since
// when by what is known of the event.
void lq_roster_keep(struct lq_view *tables, const struct lq_occurrence *what,
                    const Shift__Person *said);

// In `apply`: nothing is known of him any more.
void lq_roster_erase(struct lq_view *tables, const char *badge);

// Anybody who was ever registered, as he is since the last change; NULL: unknown. For names.
const Shift__Person *lq_roster_person(struct lq_view *view, const char *badge);

// For lq_service.paper_names: the name of then, or that of now; NULL: unknown.
const char *lq_roster_name(struct lq_view *view, const char *badge, int64_t at_ms);

// As of that time. NULL: not registered by then; no lead; nobody in such a team. Whoever has left
// is there, of no role and no team.
const Shift__Person *lq_roster_person_at(struct lq_view *view, const char *badge, int64_t at_ms);
const Shift__Person *lq_roster_lead_at(struct lq_view *view, const char *team, int64_t at_ms);
const char *lq_roster_group_at(struct lq_view *view, const char *team, int64_t at_ms);
bool lq_roster_leads_at(struct lq_view *view, const char *badge, const char *team, int64_t at_ms);

// Walks everybody who is in the team at that time, by badge; any text may be asked for.
struct lq_scan lq_roster_team(struct lq_view *view, const char *team);
const Shift__Person *lq_roster_next_in_team(struct lq_scan *s, int64_t at_ms);

// May the person answer for the team: its lead, or a deputy?
bool lq_roster_answers_at(struct lq_view *view, const char *badge, const char *team, int64_t at_ms);

// The desk chiefs of the group, or of all where it is NULL; gives their number.
unsigned lq_roster_desk_chiefs_at(struct lq_view *view, const char *group, int64_t at_ms,
                                  const char *badges[], unsigned most);

// All that the person holds, as LQ_ROLE bits; 0 for somebody who has left.
uint32_t lq_roster_roles_of(const Shift__Person *person);

// For lq_service.roles_of: LQ_ROLE bits, 0 for a badge that was unknown then or had left.
uint32_t lq_roster_roles_at(struct lq_view *view, const char *badge, int64_t at_ms);
