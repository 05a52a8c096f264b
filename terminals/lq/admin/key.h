// The parts of lq key. Private to admin/.
#pragma once

#include "lq/nouns/people.h"
#include "runtime/system.h"

// Makes, or makes anew, the key of a person: what was done, in one word or two for a table, is
// *what; NULL: nothing, because the person is left out. Gives the exit code.
int lq_key_make(struct lq_cli *cli, const struct lq_system *system, const Shift__Person *person,
                const char **what);

int lq_key_revoke(struct lq_cli *cli);
int lq_key_list(struct lq_cli *cli);
