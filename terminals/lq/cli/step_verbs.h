// The verbs by which the steps of a thing are typed.
#pragma once

#include "lq/cli/cli.h"
#include "rules/things.h"

// The rows (or NULL), and behind them one for each step that the thing takes, and `next`. In the
// cli's arena.
const struct lq_verb *lq_step_verbs(struct lq_cli *cli, const struct lq_service *service,
                                    const struct lq_thing *thing, const struct lq_verb *rows);

// The step that the verb's noun and verb name, with what was given of NUMBER and the options of an
// act; for a row that does more. And lq KIND next NUMBER.
int lq_step_run(struct lq_cli *cli);
int lq_step_next(struct lq_cli *cli);

// The option by which a field of rules.Act is said: "--paper". NULL: there is none.
const char *lq_step_option(const char *field);
