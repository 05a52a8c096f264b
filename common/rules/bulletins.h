// Weeks whose bulletin (周报) is signed: what was counted in them is corrected and voided by a
// commander alone. A service whose records are counted keeps this replica of stats' stream (of
// which it reads nothing else: stats follows it in turn), with the member `bulletin_noted` in its
// Event, and its things say when they count (struct lq_thing, `counted`).
#pragma once

#include "rules/things.h"

extern const struct lq_replica lq_bulletins;

// Is one of the thing's days in such a week? Then `week` is the bulletin that it stands in; NULL:
// in none. Any thing and number may be asked for.
const Rules__BulletinNote *lq_bulletin_of(struct lq_view *view, const struct lq_thing *thing,
                                          const char *number, const void *row);
