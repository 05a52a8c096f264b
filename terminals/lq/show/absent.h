// A list that is empty because of what was asked for that there is not: then that is said, with
// what is near or what there is, and not "(none)".
#pragma once

#include "lq/show/list.h"

// The list was asked for with what stands in cli->given, and came back empty. Gives LQ_EXIT_DONE if
// every value that was given for a text is there and the emptiness is the answer; else says which
// is not. Without the bus nothing can be said.
int lq_absent_check(struct lq_cli *cli, const struct lq_list *list);

// The same for one value of the member that rows of this list have.
int lq_absent_value(struct lq_cli *cli, const struct lq_list *list, const char *member,
                    const char *typed);

// Says that none of these is the one that was typed; `what` is what they are called.
int lq_absent_say(struct lq_cli *cli, const char *what, const char *typed, const char *const *names,
                  size_t count);
