// Asking a service for its terms.
#pragma once

#include "lq/show/ask_all.h"
#include "rules.pb-c.h"
#include "service/service.h"

// Adds those that are asked for, page by page, up to `most` and the rest of a page; connected
// already. Gives the exit code.
int lq_due_ask(struct lq_cli *cli, const struct lq_service *service, const Rules__AskClocks *asked,
               size_t most, struct lq_list_rows *rows);

// The same of all services that have terms, at once.
int lq_due_ask_all(struct lq_cli *cli, const Rules__AskClocks *asked, size_t most,
                   struct lq_ask_all *ask);

void lq_due_title(struct lq_output *output, const void *clock); // the cell of a term: what it is

// A rule as the services have it: "sz6", "ＳＺ６" is SZ6. What tells variants apart is small (CR8b).
// In the cli's arena.
char *lq_due_rule_typed(struct lq_cli *cli, const char *typed);

// Says which rules there are if this is none of them. Gives the exit code: LQ_EXIT_DONE if it is one.
int lq_due_rule_check(struct lq_cli *cli, const char *rule);
