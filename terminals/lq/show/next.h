// What may be done next with the thing that is shown, as the service told with its answer.
#pragma once

#include <jansson.h>

#include "lq/cli/cli.h"

// "next: extend (commander), release (commander)", a line for each thing or part of it; nothing
// where nothing was told.
void lq_next_show(struct lq_cli *cli);

// The same as the member `next` of the object: of, command, step, who, behalf.
void lq_next_json(struct lq_cli *cli, json_t *object);

// One of these steps as somebody would type it: the verb, with its step where that is an argument:
// "depart", "suspect detained". As the service calls it where no verb sends it. In the cli's arena.
const char *lq_next_verb(struct lq_cli *cli, const char *service, const Lq__NextStep *step);

// Prints what may be done next, and nothing else; gives the exit code.
int lq_next_print(struct lq_cli *cli);
