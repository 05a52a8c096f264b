// The files of a thing (rules.AttachedFile), as its service tells of them.
#pragma once

#include "lq/cli/things.h"

// Asks for the thing. Its answer is in the cli's arena; a thing that is not there, or is void, is
// said. Gives the exit code.
int lq_files_ask(struct lq_cli *cli, const struct lq_named_thing *of, const Rules__Thing **thing);

// For people: a table of them under a title, if there are any.
int lq_files_show(struct lq_cli *cli, const struct lq_service *service, const char *kind,
                  const char *number);

// The first digits of a hash, by which people name a file.
enum { LQ_HASH_SHOWN = 12 };
