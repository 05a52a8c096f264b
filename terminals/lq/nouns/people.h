// The people of the roster, for verbs that need to know one.
#pragma once

#include "lq/cli/cli.h"
#include "shift.pb-c.h"

// Asks the roster for the person with this badge; *out is NULL if there is none, else in the cli's
// arena. Gives the exit code.
int lq_person_find(struct lq_cli *cli, const char *badge, const Shift__Person **out);
int lq_person_find_at(struct lq_cli *cli, const char *badge, int64_t at_ms, // 0: now
                      const Shift__Person **out);

// One page of the people behind a badge ("": from the first). Gives the exit code.
int lq_people_page(struct lq_cli *cli, const char *after, const Shift__PeopleAnswer **out);
